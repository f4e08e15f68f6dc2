//! *Facets* are counted in one walk over the matches, together with everything else an answer needs: the total, the
//! best hits and the days of publication.
//!
//! Counts are exact and disjunctive (Lucene calls the walk "drill sideways"): the query holds every condition but
//! the OR-ed selections of the facets that are counted. An article that meets all selections counts for every facet;
//! one that misses exactly one of them counts for that facet only, whose own selection its counts ignore. Values are
//! counted by their ordinals in the columns, a block of articles at a time; names are looked up at the end.

pub(crate) mod surprise;
mod top;

use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::columns::days::{Dated, DayCounts, Days};
use crate::columns::kept::Kept;
use crate::columns::ordinals::{Ordinals, Scratch};
use crate::columns::values::Values;
use crate::deadline::Deadline;
use crate::deadline::Paced;
use crate::facets::top::Top;
use crate::schema::Facet;

pub(crate) use crate::facets::top::Order;
pub(crate) use crate::facets::top::Ranked;
pub(crate) use crate::facets::top::Recency;

/// Articles that are counted at once.
const BLOCK: usize = 256;

/// What a walk selects and counts.
pub(crate) struct Walk {
    /// What is kept between walks over the same index.
    pub(crate) kept: Arc<Kept>,
    /// Facets to count.
    pub(crate) counted: Vec<CountedFacet>,
    /// Selections that their own facet's counts ignore: each index into `counted`, and the values of which one must be
    /// there.
    pub(crate) selected: Vec<(usize, Vec<String>)>,
    /// Whether to count by date of publication.
    pub(crate) days: bool,
    /// The order of the hits.
    pub(crate) order: Order,
    /// Whether newer articles come before older ones that match as well.
    pub(crate) recency: Option<Recency>,
    /// How many of the first hits to keep.
    pub(crate) keep: usize,
    /// When to stop; what was found by then is not all.
    pub(crate) deadline: Deadline,
}

/// A facet to count.
pub(crate) struct CountedFacet {
    pub(crate) facet: Facet,
    /// Its column.
    pub(crate) column: &'static str,
    /// All its values, where they are kept; otherwise those counted are gathered at the end.
    pub(crate) values: Option<Arc<Values>>,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) total: u64,
    /// The counted facets.
    pub(crate) facets: Vec<Counts>,
    /// Articles by their days.
    pub(crate) dated: Dated,
    /// The first hits, in order.
    pub(crate) top: Vec<Ranked>,
}

/// The counts of one facet.
#[derive(Debug)]
pub(crate) struct Counts {
    /// Values of the facet, among them all that are counted.
    pub(crate) values: Arc<Values>,
    /// For every value, how many articles have it.
    pub(crate) counts: Vec<u32>,
    /// How many articles were looked at: those that meet everything but the facet's own selection.
    pub(crate) found: u64,
}

impl Collector for Walk {
    type Fruit = Found;
    type Child = SegmentWalk;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentWalk> {
        let mut facets = Vec::with_capacity(self.counted.len());
        for counted in &self.counted {
            let ordinals = self.kept.ordinals(segment, counted.column)?;
            let counts = vec![0; ordinals.len()];
            facets.push(SegmentFacet { ordinals, counts, missing: Vec::new(), missed: 0 });
        }
        let mut selected = Vec::with_capacity(self.selected.len());
        for (facet, values) in &self.selected {
            selected.push((*facet, facets[*facet].ordinals.wanted(values)?));
        }
        let days = if self.days || self.keep > 0 { Some(self.kept.days(segment)?) } else { None };
        Ok(SegmentWalk {
            ordinal,
            facets,
            selected,
            day_counts: days.as_ref().filter(|_| self.days).map(Days::counts),
            days,
            ids: self.kept.ids(segment)?,
            scored: self.requires_scoring(),
            recency: self.recency,
            top: Top::new(self.keep, self.order),
            total: 0,
            block: Vec::with_capacity(BLOCK),
            scratch: Scratch::default(),
            paced: Paced::new(&self.deadline),
            stopped: false,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.order == Order::Relevance && self.keep > 0
    }

    fn merge_fruits(&self, mut segments: Vec<SegmentWalk>) -> tantivy::Result<Found> {
        segments.sort_unstable_by_key(|segment| segment.ordinal);
        let total = segments.iter().map(|segment| segment.total).sum();
        let facets = (0..self.counted.len()).map(|facet| self.counts_of(facet, total, &segments));
        let facets = facets.collect::<tantivy::Result<_>>()?;
        let mut top = Vec::new();
        let mut days = Vec::new();
        for segment in segments {
            top.extend(segment.top.into_hits());
            days.extend(segment.day_counts);
        }
        top.sort_unstable_by(|a, b| a.before(b, self.order));
        top.truncate(self.keep);
        Ok(Found { total, facets, dated: Dated::of(&days), top })
    }
}

impl Walk {
    /// What all segments have counted of one facet.
    fn counts_of(&self, facet: usize, total: u64, segments: &[SegmentWalk]) -> tantivy::Result<Counts> {
        let of = || segments.iter().map(|segment| &segment.facets[facet]);
        let found = total + of().map(|facet| facet.missed).sum::<u64>();
        if let Some(values) = &self.counted[facet].values {
            let counts = segments.iter().map(|s| (s.ordinal as usize, s.facets[facet].counts.as_slice()));
            return Ok(Counts { counts: values.sum(counts), values: Arc::clone(values), found });
        }
        let counted: Vec<(&Ordinals, Vec<u64>)> = of().map(|f| (&f.ordinals, f.counted())).collect();
        let values = Values::some(&counted)?;
        let nonzero = of().map(|f| f.counts.iter().copied().filter(|n| *n > 0).collect::<Vec<u32>>());
        let nonzero: Vec<Vec<u32>> = nonzero.collect();
        let counts = values.sum(nonzero.iter().map(Vec::as_slice).enumerate());
        Ok(Counts { counts, values: Arc::new(values), found })
    }
}

/// One facet in a segment, and its counts.
struct SegmentFacet {
    ordinals: Ordinals,
    counts: Vec<u32>,
    /// Articles that miss this facet's selection only and are not counted yet.
    missing: Vec<DocId>,
    /// How many articles miss this facet's selection only.
    missed: u64,
}

impl SegmentFacet {
    /// The ordinals of the values that were counted.
    fn counted(&self) -> Vec<u64> {
        (0u64..).zip(&self.counts).filter(|(_, n)| **n > 0).map(|(ordinal, _)| ordinal).collect()
    }

    fn count(&mut self, docs: &[DocId], scratch: &mut Scratch) {
        self.ordinals.count(docs, &mut self.counts, scratch);
    }

    fn count_missing(&mut self, scratch: &mut Scratch) {
        let docs = std::mem::take(&mut self.missing);
        self.missed += docs.len() as u64;
        self.count(&docs, scratch);
        self.missing = docs;
        self.missing.clear();
    }
}

/// The walk over one segment.
pub(crate) struct SegmentWalk {
    ordinal: SegmentOrdinal,
    facets: Vec<SegmentFacet>,
    selected: Vec<(usize, Vec<bool>)>,
    days: Option<Days>,
    day_counts: Option<DayCounts>,
    ids: Column<u64>,
    /// Whether hits are ordered by their scores.
    scored: bool,
    recency: Option<Recency>,
    top: Top,
    total: u64,
    /// Articles that meet all selections and are not counted yet.
    block: Vec<DocId>,
    scratch: Scratch,
    paced: Paced,
    stopped: bool,
}

/// Which selections an article misses.
enum Missed {
    None,
    One(usize),
    Several,
}

impl SegmentWalk {
    fn missed(&self, doc: DocId) -> Missed {
        let mut missed = Missed::None;
        for (facet, wanted) in &self.selected {
            if !self.facets[*facet].ordinals.has_any(doc, wanted) {
                match missed {
                    Missed::None => missed = Missed::One(*facet),
                    Missed::One(_) | Missed::Several => return Missed::Several,
                }
            }
        }
        missed
    }

    fn take(&mut self, doc: DocId, score: Score) {
        if !self.selected.is_empty() {
            match self.missed(doc) {
                Missed::None => {}
                Missed::Several => return,
                Missed::One(facet) => {
                    let facet = &mut self.facets[facet];
                    facet.missing.push(doc);
                    if facet.missing.len() >= BLOCK {
                        facet.count_missing(&mut self.scratch);
                    }
                    return;
                }
            }
        }
        self.rank(doc, score);
        if self.facets.is_empty() && self.day_counts.is_none() {
            self.total += 1;
            return;
        }
        self.block.push(doc);
        if self.block.len() >= BLOCK {
            self.count_block();
        }
    }

    fn count_block(&mut self) {
        let block = std::mem::take(&mut self.block);
        self.count(&block);
        self.block = block;
        self.block.clear();
    }

    fn count(&mut self, docs: &[DocId]) {
        self.total += docs.len() as u64;
        for facet in &mut self.facets {
            facet.count(docs, &mut self.scratch);
        }
        if let (Some(days), Some(counts)) = (&self.days, &mut self.day_counts) {
            days.count(docs, counts);
        }
    }

    fn rank(&mut self, doc: DocId, score: Score) {
        let Some(days) = self.days.as_ref().filter(|_| self.top.is_kept()) else { return };
        let score = self.recency.map_or(score, |recency| score * recency.factor(days.first(doc)));
        if self.top.admits(score, || days.first(doc)) {
            let address = DocAddress::new(self.ordinal, doc);
            let id = self.ids.first(doc).unwrap_or(0);
            self.top.push(Ranked { score, address, day: days.first(doc), id });
        }
    }
}

impl SegmentCollector for SegmentWalk {
    type Fruit = Self;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.stopped = self.stopped || self.paced.step(1);
        if !self.stopped {
            self.take(doc, if self.scored { score } else { 0.0 });
        }
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        self.stopped = self.stopped || self.paced.step(u32::try_from(docs.len()).unwrap_or(u32::MAX));
        if self.stopped {
            return;
        }
        if self.selected.is_empty() {
            docs.iter().for_each(|doc| self.rank(*doc, 0.0));
            self.count(docs);
        } else {
            docs.iter().for_each(|doc| self.take(*doc, 0.0));
        }
    }

    fn harvest(mut self) -> Self {
        self.count_block();
        for facet in &mut self.facets {
            facet.count_missing(&mut self.scratch);
        }
        self
    }
}
