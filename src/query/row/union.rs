//! A *union* walks the articles that hold any of some terms, and knows how often and where they stand.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED, Term};

/// The postings of some terms in a segment, merged.
pub(super) struct Union {
    postings: Vec<SegmentPostings>,
    /// Those that stand at the present article.
    here: Vec<usize>,
    /// The others, by the article they stand at; none that is at its end.
    ahead: BinaryHeap<Reverse<(DocId, usize)>>,
    doc: DocId,
    size: u32,
}

impl Union {
    /// # Errors
    /// Where the index cannot be read.
    pub(super) fn open(
        inverted: &InvertedIndexReader,
        terms: &[Term],
        option: IndexRecordOption,
    ) -> tantivy::Result<Self> {
        let mut postings = Vec::new();
        for term in terms {
            postings.extend(inverted.read_postings(term, option)?);
        }
        let size = postings.iter().map(SegmentPostings::doc_freq).fold(0, u32::saturating_add);
        let mut ahead = BinaryHeap::with_capacity(postings.len());
        for (number, postings) in postings.iter().enumerate() {
            if postings.doc() != TERMINATED {
                ahead.push(Reverse((postings.doc(), number)));
            }
        }
        let mut union = Self { postings, here: Vec::new(), ahead, doc: 0, size };
        union.gather();
        Ok(union)
    }

    pub(super) fn doc(&self) -> DocId {
        self.doc
    }

    /// How many articles hold any of the terms, at most.
    pub(super) fn size_hint(&self) -> u32 {
        self.size
    }

    pub(super) fn advance(&mut self) -> DocId {
        // Mostly one term is common and the others are rare, so that it stays in front.
        if let [one] = *self.here.as_slice() {
            let doc = self.postings[one].advance();
            if self.ahead.peek().is_none_or(|Reverse((next, _))| doc < *next) {
                self.doc = doc;
                return doc;
            }
            self.here.clear();
            self.put_ahead(doc, one);
        }
        while let Some(number) = self.here.pop() {
            let doc = self.postings[number].advance();
            self.put_ahead(doc, number);
        }
        self.gather();
        self.doc
    }

    /// Goes to the first article from `target` on.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        while let Some(number) = self.here.pop() {
            let doc = self.postings[number].seek(target);
            self.put_ahead(doc, number);
        }
        while let Some(Reverse((doc, number))) = self.ahead.peek().copied() {
            if doc >= target {
                break;
            }
            self.ahead.pop();
            let doc = self.postings[number].seek(target);
            self.put_ahead(doc, number);
        }
        self.gather();
        self.doc
    }

    /// How often the terms stand in the present article.
    pub(super) fn frequency(&self) -> u32 {
        self.here.iter().map(|number| self.postings[*number].term_freq()).sum()
    }

    /// The places of the terms in the present article, in order.
    pub(super) fn places(&mut self, places: &mut Vec<u32>) {
        places.clear();
        for number in &self.here {
            self.postings[*number].append_positions_with_offset(0, places);
        }
        if self.here.len() > 1 {
            places.sort_unstable();
        }
    }

    fn put_ahead(&mut self, doc: DocId, number: usize) {
        if doc != TERMINATED {
            self.ahead.push(Reverse((doc, number)));
        }
    }

    /// Takes what stands at the nearest article ahead.
    fn gather(&mut self) {
        self.doc = self.ahead.peek().map_or(TERMINATED, |Reverse((doc, _))| *doc);
        while let Some(Reverse((doc, number))) = self.ahead.peek().copied() {
            if doc != self.doc {
                break;
            }
            self.ahead.pop();
            self.here.push(number);
        }
    }
}
