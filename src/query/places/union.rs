//! A *union* walks the articles that hold any of some terms, and knows where they stand.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED, Term};

/// Postings that are looked through one by one for the next article; with more, a heap is quicker.
const FEW: usize = 12;

/// The postings of some terms in a segment, merged.
pub(super) struct Union {
    postings: Vec<SegmentPostings>,
    /// Where there are many, those that do not stand at the present article, by the article they stand at.
    ahead: Option<BinaryHeap<Reverse<(DocId, usize)>>>,
    /// Where there are many, those that do.
    here: Vec<usize>,
    doc: DocId,
    size: u32,
}

impl Union {
    /// # Errors
    /// Where the index cannot be read.
    pub(super) fn open(inverted: &InvertedIndexReader, terms: &[Term]) -> tantivy::Result<Self> {
        let mut postings = Vec::new();
        for term in terms {
            postings.extend(inverted.read_postings(term, IndexRecordOption::WithFreqsAndPositions)?);
        }
        let size = postings.iter().map(SegmentPostings::doc_freq).fold(0, u32::saturating_add);
        let ahead = (postings.len() > FEW).then(|| {
            let docs =
                postings.iter().enumerate().map(|(number, postings)| Reverse((postings.doc(), number)));
            docs.filter(|Reverse((doc, _))| *doc != TERMINATED).collect()
        });
        let mut union = Self { postings, ahead, here: Vec::new(), doc: 0, size };
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
        match &mut self.ahead {
            None => {
                let mut next = TERMINATED;
                for postings in &mut self.postings {
                    let at = if postings.doc() == self.doc { postings.advance() } else { postings.doc() };
                    next = next.min(at);
                }
                self.doc = next;
            }
            Some(ahead) => {
                while let Some(number) = self.here.pop() {
                    put(ahead, self.postings[number].advance(), number);
                }
                self.gather();
            }
        }
        self.doc
    }

    /// Goes to the first article from `target` on.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        match &mut self.ahead {
            None => {
                let mut next = TERMINATED;
                for postings in &mut self.postings {
                    let at = if postings.doc() < target { postings.seek(target) } else { postings.doc() };
                    next = next.min(at);
                }
                self.doc = next;
            }
            Some(ahead) => {
                while let Some(number) = self.here.pop() {
                    put(ahead, self.postings[number].seek(target), number);
                }
                while let Some(Reverse((doc, number))) =
                    ahead.peek().copied().filter(|next| next.0.0 < target)
                {
                    debug_assert!(doc < target);
                    ahead.pop();
                    put(ahead, self.postings[number].seek(target), number);
                }
                self.gather();
            }
        }
        self.doc
    }

    /// The places of the terms in the present article, in order.
    pub(super) fn places(&mut self, places: &mut Vec<u32>) {
        places.clear();
        let mut several = false;
        for postings in self.postings.iter_mut().filter(|postings| postings.doc() == self.doc) {
            several = !places.is_empty();
            postings.append_positions_with_offset(0, places);
        }
        if several {
            places.sort_unstable();
        }
    }

    /// Takes what stands at the nearest article ahead.
    fn gather(&mut self) {
        let Some(ahead) = &mut self.ahead else {
            self.doc = self.postings.iter().map(SegmentPostings::doc).min().unwrap_or(TERMINATED);
            return;
        };
        self.doc = ahead.peek().map_or(TERMINATED, |Reverse((doc, _))| *doc);
        while let Some(Reverse((_, number))) = ahead.peek().copied().filter(|next| next.0.0 == self.doc) {
            ahead.pop();
            self.here.push(number);
        }
    }
}

fn put(ahead: &mut BinaryHeap<Reverse<(DocId, usize)>>, doc: DocId, number: usize) {
    if doc != TERMINATED {
        ahead.push(Reverse((doc, number)));
    }
}
