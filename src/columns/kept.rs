//! What is *kept* of an index between searches: flat columns and the names of values, built when they are asked for the
//! second time, since to build them takes as long as a search or two; and the counts of the whole archive.
//!
//! Segments never change but for what is deleted from them, so that their columns outlive a commit; names and counts
//! belong to one commit. What would take more than [`MAX_BYTES`] is read from the engine's files each time.

use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::index::SegmentId;
use tantivy::{Searcher, SegmentReader};

use crate::columns::days;
use crate::columns::days::{Dated, Days};
use crate::columns::ordinals;
use crate::columns::ordinals::Ordinals;
use crate::columns::values::Values;

/// Memory it may take: three facets and the days of some eight million articles.
const MAX_BYTES: usize = 256 << 20;

/// What is kept of an open index.
#[derive(Default)]
pub(crate) struct Kept {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    /// The newest commit seen, by the number that the engine's reader gives it.
    generation: u64,
    ordinals: FxHashMap<(SegmentId, &'static str), Slot<ordinals::Flat>>,
    days: FxHashMap<SegmentId, Slot<days::Flat>>,
    values: FxHashMap<&'static str, Slot<Values>>,
    archive: FxHashMap<&'static str, Arc<Vec<u32>>>,
    archive_days: Option<Arc<Dated>>,
    bytes: usize,
}

/// Something that may be kept.
enum Slot<T> {
    /// It was asked for once.
    Asked,
    Kept(Arc<T>),
    /// It is too large.
    Refused,
}

/// What to do where something is asked for.
enum Found<T> {
    Kept(Arc<T>),
    Build,
    Absent,
}

fn ask<K: Hash + Eq, T>(slots: &mut FxHashMap<K, Slot<T>>, key: K) -> Found<T> {
    match slots.entry(key) {
        Entry::Vacant(entry) => {
            entry.insert(Slot::Asked);
            Found::Absent
        }
        Entry::Occupied(entry) => match entry.get() {
            Slot::Asked => Found::Build,
            Slot::Kept(kept) => Found::Kept(Arc::clone(kept)),
            Slot::Refused => Found::Absent,
        },
    }
}

impl Held {
    /// Drops what belongs to commits before this one; whether it is the newest.
    fn turn(&mut self, searcher: &Searcher) -> bool {
        let generation = searcher.generation().generation_id();
        if generation > self.generation {
            self.generation = generation;
            let segments: FxHashSet<SegmentId> =
                searcher.segment_readers().iter().map(SegmentReader::segment_id).collect();
            self.ordinals.retain(|(segment, _), _| segments.contains(segment));
            self.days.retain(|segment, _| segments.contains(segment));
            self.values.clear();
            self.archive.clear();
            self.archive_days = None;
            self.bytes = kept(&self.ordinals).map(ordinals::Flat::bytes).sum::<usize>()
                + kept(&self.days).map(days::Flat::bytes).sum::<usize>();
        }
        generation == self.generation
    }

    /// Whether there is room for something, which is taken then.
    fn takes(&mut self, bytes: usize) -> bool {
        let fits = self.bytes + bytes <= MAX_BYTES;
        self.bytes += if fits { bytes } else { 0 };
        fits
    }
}

fn kept<K, T>(slots: &FxHashMap<K, Slot<T>>) -> impl Iterator<Item = &T> {
    slots.values().filter_map(|slot| match slot {
        Slot::Kept(kept) => Some(kept.as_ref()),
        Slot::Asked | Slot::Refused => None,
    })
}

impl Kept {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A facet's ordinals in a segment.
    ///
    /// # Errors
    /// Where the engine's files cannot be read.
    pub(crate) fn ordinals(
        &self,
        segment: &SegmentReader,
        column: &'static str,
    ) -> tantivy::Result<Ordinals> {
        let open = Ordinals::open(segment, column)?;
        let key = (segment.segment_id(), column);
        let found = ask(&mut self.held().ordinals, key);
        Ok(match found {
            Found::Kept(flat) => open.with(flat),
            Found::Absent => open,
            Found::Build => {
                let Some(flat) = open.flatten(segment.max_doc()) else { return Ok(open) };
                let flat = Arc::new(flat);
                let mut held = self.held();
                let slot =
                    if held.takes(flat.bytes()) { Slot::Kept(Arc::clone(&flat)) } else { Slot::Refused };
                held.ordinals.insert(key, slot);
                open.with(flat)
            }
        })
    }

    /// The days of a segment's articles.
    ///
    /// # Errors
    /// Where the engine's files cannot be read.
    pub(crate) fn days(&self, segment: &SegmentReader) -> tantivy::Result<Days> {
        let open = Days::open(segment)?;
        let found = ask(&mut self.held().days, segment.segment_id());
        Ok(match found {
            Found::Kept(flat) => open.with(flat),
            Found::Absent => open,
            Found::Build => {
                let flat = Arc::new(open.flatten(segment.max_doc()));
                let mut held = self.held();
                let slot =
                    if held.takes(flat.bytes()) { Slot::Kept(Arc::clone(&flat)) } else { Slot::Refused };
                held.days.insert(segment.segment_id(), slot);
                open.with(flat)
            }
        })
    }

    /// All values of a facet, where they were asked for before.
    ///
    /// # Errors
    /// Where the engine's files cannot be read.
    pub(crate) fn values(
        &self,
        searcher: &Searcher,
        column: &'static str,
    ) -> tantivy::Result<Option<Arc<Values>>> {
        let found = {
            let mut held = self.held();
            if held.turn(searcher) { ask(&mut held.values, column) } else { Found::Absent }
        };
        match found {
            Found::Kept(values) => Ok(Some(values)),
            Found::Absent => Ok(None),
            Found::Build => self.all_values(searcher, column).map(Some),
        }
    }

    /// All values of a facet, and of how many articles of the archive each is one.
    ///
    /// # Errors
    /// Where the engine's files cannot be read.
    pub(crate) fn archive(
        &self,
        searcher: &Searcher,
        column: &'static str,
    ) -> tantivy::Result<(Arc<Values>, Arc<Vec<u32>>)> {
        let values = match self.values(searcher, column)? {
            Some(values) => values,
            None => self.all_values(searcher, column)?,
        };
        if let Some(counts) = self.current(searcher).and_then(|held| held.archive.get(column).cloned()) {
            return Ok((values, counts));
        }
        let mut counts = Vec::new();
        for segment in searcher.segment_readers() {
            counts.push(self.ordinals(segment, column)?.count_all(segment));
        }
        let counts = Arc::new(values.sum(counts.iter().map(Vec::as_slice).enumerate()));
        if let Some(mut held) = self.current(searcher)
            && held.takes(counts.len() * size_of::<u32>())
        {
            held.archive.insert(column, Arc::clone(&counts));
        }
        Ok((values, counts))
    }

    /// The days of all articles of the archive.
    ///
    /// # Errors
    /// Where the engine's files cannot be read.
    pub(crate) fn archive_days(&self, searcher: &Searcher) -> tantivy::Result<Arc<Dated>> {
        if let Some(dated) = self.current(searcher).and_then(|held| held.archive_days.clone()) {
            return Ok(dated);
        }
        let mut counted = Vec::new();
        for segment in searcher.segment_readers() {
            let days = self.days(segment)?;
            let mut counts = days.counts();
            days.count(&segment.doc_ids_alive().collect::<Vec<_>>(), &mut counts);
            counted.push(counts);
        }
        let dated = Arc::new(Dated::of(&counted));
        if let Some(mut held) = self.current(searcher) {
            held.archive_days = Some(Arc::clone(&dated));
        }
        Ok(dated)
    }

    /// What is held, where the searcher sees the newest commit.
    fn current(&self, searcher: &Searcher) -> Option<MutexGuard<'_, Held>> {
        let mut held = self.held();
        held.turn(searcher).then_some(held)
    }

    fn all_values(&self, searcher: &Searcher, column: &'static str) -> tantivy::Result<Arc<Values>> {
        let segments = searcher.segment_readers().iter().map(|segment| Ordinals::open(segment, column));
        let values = Arc::new(Values::all(&segments.collect::<tantivy::Result<Vec<_>>>()?)?);
        if let Some(mut held) = self.current(searcher) {
            let slot =
                if held.takes(values.bytes()) { Slot::Kept(Arc::clone(&values)) } else { Slot::Refused };
            held.values.insert(column, slot);
        }
        Ok(values)
    }
}
