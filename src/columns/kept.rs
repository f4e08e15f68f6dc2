//! What is *kept* of an index between searches: columns, open and then flat, and the names of values; and the counts of
//! the whole archive.
//!
//! To lay a column flat or to gather all names takes as long as a search or two, so that it is done when they are asked
//! for the second time. Segments never change but for what is deleted from them, so that their columns outlive a
//! commit; names and counts belong to one commit. What would take more than [`MAX_BYTES`] is read from the engine's
//! files each time.

use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::{Searcher, SegmentReader};

use crate::columns::days::{Dated, Days};
use crate::columns::ordinals::Ordinals;
use crate::columns::values::Values;

/// Memory that it may take: three facets and the days of some six million articles.
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
    ordinals: Slots<(SegmentId, &'static str), Ordinals>,
    days: Slots<SegmentId, Days>,
    ids: FxHashMap<SegmentId, Column<u64>>,
    values: Slots<&'static str, Option<Arc<Values>>>,
    archive: FxHashMap<&'static str, Arc<Vec<u32>>>,
    archive_days: Option<Arc<Dated>>,
    /// Memory taken.
    bytes: usize,
}

type Slots<K, T> = FxHashMap<K, Slot<T>>;

/// Something as it was asked for the first time, or as it stays.
struct Slot<T> {
    item: T,
    stays: bool,
    bytes: usize,
}

impl<T> Slot<T> {
    fn first(item: T) -> Self {
        Self { item, stays: false, bytes: 0 }
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
            self.ids.retain(|segment, _| segments.contains(segment));
            self.values.clear();
            self.archive.clear();
            self.archive_days = None;
            let ordinals = self.ordinals.values().map(|slot| slot.bytes);
            self.bytes = ordinals.chain(self.days.values().map(|slot| slot.bytes)).sum();
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

impl Kept {
    /// Lets go of what belongs to commits before the one that is searched.
    pub(crate) fn follow(&self, searcher: &Searcher) {
        self.held().turn(searcher);
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
        self.twice(
            |held| &mut held.ordinals,
            (segment.segment_id(), column),
            || Ordinals::open(segment, column),
            |open| open.flat(segment.max_doc()),
        )
    }

    /// The days of a segment's articles.
    ///
    /// # Errors
    /// Where the engine's files cannot be read.
    pub(crate) fn days(&self, segment: &SegmentReader) -> tantivy::Result<Days> {
        self.twice(
            |held| &mut held.days,
            segment.segment_id(),
            || Days::open(segment),
            |open| open.flat(segment.max_doc()),
        )
    }

    /// The ids of a segment's articles.
    ///
    /// # Errors
    /// Where the engine's files cannot be read.
    pub(crate) fn ids(&self, segment: &SegmentReader) -> tantivy::Result<Column<u64>> {
        if let Some(ids) = self.held().ids.get(&segment.segment_id()) {
            return Ok(ids.clone());
        }
        let ids = segment.fast_fields().u64("id")?;
        self.held().ids.insert(segment.segment_id(), ids.clone());
        Ok(ids)
    }

    /// Opens something the first time, and lays it flat the second time, with the memory that takes; after that it stays.
    fn twice<K: Copy + Hash + Eq, T: Clone>(
        &self,
        slots: impl Fn(&mut Held) -> &mut Slots<K, T>,
        key: K,
        open: impl FnOnce() -> tantivy::Result<T>,
        flat: impl FnOnce(&T) -> (T, usize),
    ) -> tantivy::Result<T> {
        let found = slots(&mut self.held()).get(&key).map(|slot| (slot.item.clone(), slot.stays));
        let slot = match found {
            Some((item, true)) => return Ok(item),
            Some((item, false)) => {
                let (flat, bytes) = flat(&item);
                let fits = self.held().takes(bytes);
                let (item, bytes) = if fits { (flat, bytes) } else { (item, 0) };
                Slot { item, stays: true, bytes }
            }
            None => Slot::first(open()?),
        };
        let item = slot.item.clone();
        slots(&mut self.held()).insert(key, slot);
        Ok(item)
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
        let Some(mut held) = self.current(searcher) else { return Ok(None) };
        if let Some(slot) = held.values.get(column) {
            let (values, stays) = (slot.item.clone(), slot.stays);
            drop(held);
            return if stays { Ok(values) } else { self.all_values(searcher, column).map(Some) };
        }
        held.values.insert(column, Slot::first(None));
        Ok(None)
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

    fn all_values(&self, searcher: &Searcher, column: &'static str) -> tantivy::Result<Arc<Values>> {
        let segments = searcher.segment_readers().iter().map(|segment| Ordinals::open(segment, column));
        let values = Arc::new(Values::all(&segments.collect::<tantivy::Result<Vec<_>>>()?)?);
        if let Some(mut held) = self.current(searcher) {
            let bytes = values.bytes();
            let item = held.takes(bytes).then(|| Arc::clone(&values));
            held.values.insert(column, Slot { item, stays: true, bytes });
        }
        Ok(values)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is held, where the searcher sees the newest commit.
    fn current(&self, searcher: &Searcher) -> Option<MutexGuard<'_, Held>> {
        let mut held = self.held();
        held.turn(searcher).then_some(held)
    }
}
