//! *Facets* are counted in one walk over the matches, together with everything else an answer needs: the total, the
//! best hits and the days of publication.
//!
//! Counts are exact and disjunctive (Lucene calls the walk "drill sideways"): the query holds every condition but
//! the OR-ed selections of the facets that are counted. An article that meets all selections counts for every facet;
//! one that misses exactly one of them counts for that facet only, whose own selection its counts ignore. Values are
//! counted by their ordinals in the columns; names are looked up at the end.

use rustc_hash::FxHashMap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

use crate::deadline::Deadline;
use crate::deadline::Paced;
use crate::schema::Facet;

/// Order of the hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Relevance,
    Newest,
    Oldest,
}

/// What a walk selects and counts.
pub(crate) struct Walk {
    /// Facets to count, with their columns.
    pub(crate) counted: Vec<(Facet, &'static str)>,
    /// Selections that their own facet's counts ignore: each index into `counted`, and the values of which one must be
    /// there.
    pub(crate) selected: Vec<(usize, Vec<String>)>,
    /// Whether to count by date of publication.
    pub(crate) days: bool,
    /// The order of the hits.
    pub(crate) order: Order,
    /// How many of the first hits to keep.
    pub(crate) keep: usize,
    /// When to stop; what was found by then is not all.
    pub(crate) deadline: Deadline,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) total: u64,
    /// For every counted facet, its values and how many articles have them; values with none are absent.
    pub(crate) counts: Vec<FxHashMap<String, u64>>,
    /// Articles by first and last day that their date may mean.
    pub(crate) days: FxHashMap<(i64, i64), u64>,
    pub(crate) undated: u64,
    /// The first hits, in order.
    pub(crate) top: Vec<Ranked>,
}

/// A hit with what it is ordered by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranked {
    pub(crate) score: Score,
    pub(crate) address: DocAddress,
    day: i64,
    id: u64,
}

/// The day of an article with no date, which sorts after all others.
const UNDATED: i64 = i64::MIN;

impl Ranked {
    /// Whether this hit stands before another: by the order asked for, then newest, then smallest id.
    fn before(&self, other: &Self, order: Order) -> std::cmp::Ordering {
        let newest = other.day.cmp(&self.day);
        let by = match order {
            Order::Relevance => other.score.total_cmp(&self.score).then(newest),
            Order::Newest => newest,
            Order::Oldest => {
                let undated = (self.day == UNDATED).cmp(&(other.day == UNDATED));
                undated.then(self.day.cmp(&other.day))
            }
        };
        by.then(self.id.cmp(&other.id))
    }
}

impl Collector for Walk {
    type Fruit = Found;
    type Child = SegmentWalk;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentWalk> {
        let fast = segment.fast_fields();
        let mut facets = Vec::with_capacity(self.counted.len());
        for &(_, column) in &self.counted {
            facets.push(FacetColumn::open(fast.str(column)?));
        }
        let mut selected = Vec::with_capacity(self.selected.len());
        for (facet, values) in &self.selected {
            selected.push((*facet, facets[*facet].ordinals(values)?));
        }
        let dated = self.days || self.order != Order::Relevance || self.keep > 0;
        Ok(SegmentWalk {
            ordinal,
            facets,
            selected,
            first: if dated { Some(fast.i64("published_first")?) } else { None },
            last: if self.days { Some(fast.i64("published_last")?) } else { None },
            ids: fast.u64("id")?,
            order: self.order,
            top: Top { keep: self.keep, order: self.order, hits: Vec::new(), sorted: 0 },
            found: Found::default(),
            paced: Paced::new(&self.deadline),
            stopped: false,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.order == Order::Relevance && self.keep > 0
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Found>>) -> tantivy::Result<Found> {
        let mut whole = Found { counts: vec![FxHashMap::default(); self.counted.len()], ..Found::default() };
        for segment in segments {
            let segment = segment?;
            whole.total += segment.total;
            whole.undated += segment.undated;
            whole.top.extend(segment.top);
            for (days, count) in segment.days {
                *whole.days.entry(days).or_default() += count;
            }
            for (into, from) in whole.counts.iter_mut().zip(segment.counts) {
                for (value, count) in from {
                    *into.entry(value).or_default() += count;
                }
            }
        }
        whole.top.sort_unstable_by(|a, b| a.before(b, self.order));
        whole.top.truncate(self.keep);
        Ok(whole)
    }
}

/// One facet's column in a segment, and its counts.
struct FacetColumn {
    column: Option<StrColumn>,
    counts: Vec<u32>,
}

impl FacetColumn {
    fn open(column: Option<StrColumn>) -> Self {
        let values = column.as_ref().map_or(0, |column| column.num_terms());
        Self { column, counts: vec![0; values] }
    }

    /// The ordinals of values, sorted; a value that no article of the segment has is left out.
    fn ordinals(&self, values: &[String]) -> tantivy::Result<Vec<u64>> {
        let Some(column) = &self.column else { return Ok(Vec::new()) };
        let mut ordinals = Vec::new();
        for value in values {
            ordinals.extend(column.dictionary().term_ord(value)?);
        }
        ordinals.sort_unstable();
        Ok(ordinals)
    }

    fn has_any(&self, doc: DocId, ordinals: &[u64]) -> bool {
        self.column.as_ref().is_some_and(|column| column.term_ords(doc).any(|ord| ordinals.contains(&ord)))
    }

    fn count(&mut self, doc: DocId) {
        if let Some(column) = &self.column {
            for ordinal in column.term_ords(doc) {
                self.counts[ordinal as usize] += 1;
            }
        }
    }

    /// The names of the values that were counted.
    fn named(&self) -> tantivy::Result<FxHashMap<String, u64>> {
        let mut named = FxHashMap::default();
        let Some(column) = &self.column else { return Ok(named) };
        let counted: Vec<u64> =
            (0u64..).zip(&self.counts).filter(|(_, n)| **n > 0).map(|(ord, _)| ord).collect();
        let mut at = counted.iter();
        let mut failed = None;
        column.dictionary().sorted_ords_to_term_cb(&counted, |bytes| {
            let count = at.next().map_or(0, |ord| u64::from(self.counts[*ord as usize]));
            match std::str::from_utf8(bytes) {
                Ok(name) => drop(named.insert(name.to_owned(), count)),
                Err(error) => failed = Some(error),
            }
        })?;
        match failed {
            Some(error) => Err(TantivyError::InternalError(format!("a facet value is no text: {error}"))),
            None => Ok(named),
        }
    }
}

/// The walk over one segment.
pub(crate) struct SegmentWalk {
    ordinal: SegmentOrdinal,
    facets: Vec<FacetColumn>,
    selected: Vec<(usize, Vec<u64>)>,
    first: Option<Column<i64>>,
    last: Option<Column<i64>>,
    ids: Column<u64>,
    order: Order,
    top: Top,
    found: Found,
    paced: Paced,
    stopped: bool,
}

impl SegmentWalk {
    /// The facet whose selection an article misses, where it misses just that one; `Err` where it misses more.
    fn missed(&self, doc: DocId) -> Result<Option<usize>, ()> {
        let mut missed = None;
        for (facet, ordinals) in &self.selected {
            if !self.facets[*facet].has_any(doc, ordinals) && missed.replace(*facet).is_some() {
                return Err(());
            }
        }
        Ok(missed)
    }

    fn count_days(&mut self, doc: DocId, day: Option<i64>) {
        let Some(last) = &self.last else { return };
        match (day, last.first(doc)) {
            (Some(first), Some(last)) => *self.found.days.entry((first, last)).or_default() += 1,
            _ => self.found.undated += 1,
        }
    }
}

impl SegmentCollector for SegmentWalk {
    type Fruit = tantivy::Result<Found>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.stopped = self.stopped || self.paced.step(1);
        if self.stopped {
            return;
        }
        match self.missed(doc) {
            Err(()) => {}
            Ok(Some(facet)) => self.facets[facet].count(doc),
            Ok(None) => {
                self.found.total += 1;
                for facet in &mut self.facets {
                    facet.count(doc);
                }
                let day = self.first.as_ref().and_then(|first| first.first(doc));
                self.count_days(doc, day);
                if self.top.keep > 0 {
                    let score = if self.order == Order::Relevance { score } else { 0.0 };
                    let address = DocAddress::new(self.ordinal, doc);
                    let day = day.unwrap_or(UNDATED);
                    if self.top.admits(score, day) {
                        let id = self.ids.first(doc).unwrap_or(0);
                        self.top.push(Ranked { score, address, day, id });
                    }
                }
            }
        }
    }

    fn harvest(mut self) -> tantivy::Result<Found> {
        self.found.counts = self.facets.iter().map(FacetColumn::named).collect::<tantivy::Result<_>>()?;
        self.found.top = self.top.into_hits();
        Ok(self.found)
    }
}

/// The first hits seen so far: at most twice as many as asked for, cut back when full.
struct Top {
    keep: usize,
    order: Order,
    hits: Vec<Ranked>,
    /// How many at the front are in order, none standing after any that was cut off.
    sorted: usize,
}

impl Top {
    /// Whether a hit may still be among the first: a cheap test before its id is read.
    fn admits(&self, score: Score, day: i64) -> bool {
        let worst =
            self.sorted.checked_sub(1).and_then(|at| self.hits.get(at)).filter(|_| self.sorted == self.keep);
        worst.is_none_or(|worst| match self.order {
            Order::Relevance => score >= worst.score,
            Order::Newest => day >= worst.day,
            Order::Oldest => worst.day == UNDATED || (day != UNDATED && day <= worst.day),
        })
    }

    fn push(&mut self, hit: Ranked) {
        self.hits.push(hit);
        if self.hits.len() >= 2 * self.keep {
            self.cut();
        }
    }

    fn cut(&mut self) {
        let order = self.order;
        self.hits.sort_unstable_by(|a, b| a.before(b, order));
        self.hits.truncate(self.keep);
        self.sorted = self.hits.len();
    }

    fn into_hits(mut self) -> Vec<Ranked> {
        self.cut();
        self.hits
    }
}
