//! The *ordinals* of a facet: for every article of a segment, its values as numbers of the segment's dictionary.

use std::sync::Arc;

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader};

/// Articles that are read at once.
const BLOCK: usize = 128;

/// One facet of one segment.
#[derive(Clone)]
pub(crate) struct Ordinals {
    column: Option<StrColumn>,
    flat: Option<Arc<Flat>>,
}

/// The ordinals of all articles one after the other, and where each article's begin.
struct Flat {
    starts: Vec<u32>,
    ordinals: Vec<u32>,
}

/// Room for a block of articles, used again and again.
#[derive(Default)]
pub(crate) struct Scratch {
    docs: Vec<DocId>,
    rows: Vec<u32>,
    values: Vec<u64>,
}

impl Ordinals {
    /// As the engine's files hold them.
    pub(crate) fn open(segment: &SegmentReader, column: &str) -> tantivy::Result<Self> {
        Ok(Self { column: segment.fast_fields().str(column)?, flat: None })
    }

    /// The same, flat in memory, and how much of that it takes.
    pub(crate) fn flat(&self, articles: u32) -> (Self, usize) {
        let Some(column) = &self.column else { return (self.clone(), 0) };
        let mut flat = Flat { starts: Vec::with_capacity(articles as usize + 1), ordinals: Vec::new() };
        flat.starts.push(0);
        for doc in 0..articles {
            flat.ordinals.extend(column.term_ords(doc).map(narrow));
            flat.starts.push(narrow(flat.ordinals.len() as u64));
        }
        flat.ordinals.shrink_to_fit();
        let bytes = (flat.starts.len() + flat.ordinals.len()) * size_of::<u32>();
        (Self { flat: Some(Arc::new(flat)), ..self.clone() }, bytes)
    }

    /// The column, where any article of the segment has a value.
    pub(crate) fn column(&self) -> Option<&StrColumn> {
        self.column.as_ref()
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.column.as_ref().map_or(0, |column| column.num_terms())
    }

    /// Which values are among those wanted, by ordinal.
    pub(crate) fn wanted(&self, values: &[String]) -> tantivy::Result<Vec<bool>> {
        let mut wanted = vec![false; self.len()];
        for value in values {
            let ordinal = match &self.column {
                Some(column) => column.dictionary().term_ord(value)?,
                None => None,
            };
            if let Some(wanted) = ordinal.and_then(|ordinal| wanted.get_mut(narrow(ordinal) as usize)) {
                *wanted = true;
            }
        }
        Ok(wanted)
    }

    /// Whether an article has any of the values wanted.
    pub(crate) fn has_any(&self, doc: DocId, wanted: &[bool]) -> bool {
        let is_wanted = |ordinal: u32| wanted.get(ordinal as usize).is_some_and(|wanted| *wanted);
        match (&self.flat, &self.column) {
            (Some(flat), _) => flat.of(doc).iter().any(|ordinal| is_wanted(*ordinal)),
            (None, Some(column)) => column.term_ords(doc).any(|ordinal| is_wanted(narrow(ordinal))),
            (None, None) => false,
        }
    }

    /// Counts the values of some articles.
    pub(crate) fn count(&self, docs: &[DocId], counts: &mut [u32], scratch: &mut Scratch) {
        match (&self.flat, &self.column) {
            (Some(flat), _) => flat.count(docs, counts),
            (None, Some(column)) => {
                docs.chunks(BLOCK).for_each(|block| scratch.count(column.ords(), block, counts));
            }
            (None, None) => {}
        }
    }

    /// Counts the values of all articles that are not deleted.
    pub(crate) fn count_all(&self, segment: &SegmentReader) -> Vec<u32> {
        let mut counts = vec![0; self.len()];
        match &self.flat {
            Some(flat) if !segment.has_deletes() => flat.ordinals.iter().for_each(|o| add(&mut counts, *o)),
            _ => {
                let mut scratch = Scratch::default();
                let docs: Vec<DocId> = segment.doc_ids_alive().collect();
                self.count(&docs, &mut counts, &mut scratch);
            }
        }
        counts
    }
}

impl Flat {
    fn of(&self, doc: DocId) -> &[u32] {
        let doc = doc as usize;
        match self.starts.get(doc..doc + 2) {
            Some(&[start, end]) => self.ordinals.get(start as usize..end as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    fn count(&self, docs: &[DocId], counts: &mut [u32]) {
        for doc in docs {
            for ordinal in self.of(*doc) {
                add(counts, *ordinal);
            }
        }
    }
}

impl Scratch {
    fn count(&mut self, column: &Column<u64>, docs: &[DocId], counts: &mut [u32]) {
        self.docs.clear();
        self.rows.clear();
        column.row_ids_for_docs(docs, &mut self.docs, &mut self.rows);
        self.values.resize(self.rows.len(), 0);
        column.values.get_vals(&self.rows, &mut self.values);
        for ordinal in &self.values {
            add(counts, narrow(*ordinal));
        }
    }
}

fn add(counts: &mut [u32], ordinal: u32) {
    if let Some(count) = counts.get_mut(ordinal as usize) {
        *count += 1;
    }
}

/// An ordinal or a place among them: a segment has less than 2³² of both, or else the engine could not number its rows.
fn narrow(ordinal: u64) -> u32 {
    u32::try_from(ordinal).unwrap_or(u32::MAX)
}
