//! A *union* walks the articles that hold any of some terms, and knows how often and where they stand.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::columnar::StrColumn;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use crate::query::places::Filling;
use crate::schema::tongue::Tongue;

/// The tongues of the articles of a segment.
pub(super) struct Tongues {
    column: Option<StrColumn>,
    /// By the ordinal of a language, the bit of its tongue.
    bits: Vec<u32>,
}

impl Tongues {
    /// # Errors
    /// Where the index cannot be read.
    pub(super) fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let column = segment.fast_fields().str("language")?;
        let mut bits = Vec::new();
        if let Some(column) = &column {
            let mut language = String::new();
            for ordinal in 0..column.num_terms() as u64 {
                language.clear();
                column.ord_to_str(ordinal, &mut language)?;
                bits.push(Tongue::of(Some(&language)).bit());
            }
        }
        Ok(Self { column, bits })
    }

    fn of(&self, doc: DocId) -> u32 {
        let ordinal = self.column.as_ref().and_then(|column| column.term_ords(doc).next());
        let known = ordinal.and_then(|ordinal| self.bits.get(usize::try_from(ordinal).ok()?));
        known.copied().unwrap_or_else(|| Tongue::of(None).bit())
    }
}

/// The postings of a term, of the articles in some tongues.
struct Held {
    postings: SegmentPostings,
    /// `None` where the term counts in every article.
    only: Option<(u32, Arc<Tongues>)>,
}

impl Held {
    fn doc(&self) -> DocId {
        self.postings.doc()
    }

    fn advance(&mut self) -> DocId {
        let doc = self.postings.advance();
        self.settle(doc)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let doc = self.postings.seek(target);
        self.settle(doc)
    }

    /// Goes on to an article in one of the tongues.
    fn settle(&mut self, mut doc: DocId) -> DocId {
        if let Some((mask, tongues)) = &self.only {
            while doc != TERMINATED && tongues.of(doc) & mask == 0 {
                doc = self.postings.advance();
            }
        }
        doc
    }
}

/// The postings of some terms in a segment, merged.
pub(super) struct Union {
    postings: Vec<Held>,
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
        terms: &[Filling],
        tongues: Option<&Arc<Tongues>>,
        option: IndexRecordOption,
    ) -> tantivy::Result<Self> {
        let mut postings = Vec::new();
        for Filling { term, only } in terms {
            if let Some(found) = inverted.read_postings(term, option)? {
                let only = only.zip(tongues.cloned());
                let mut held = Held { postings: found, only };
                held.settle(held.doc());
                postings.push(held);
            }
        }
        let size = postings.iter().map(|held| held.postings.doc_freq()).fold(0, u32::saturating_add);
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
        self.here.iter().map(|number| self.postings[*number].postings.term_freq()).sum()
    }

    /// The places of the terms in the present article, in order.
    pub(super) fn places(&mut self, places: &mut Vec<u32>) {
        places.clear();
        for number in &self.here {
            self.postings[*number].postings.append_positions_with_offset(0, places);
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
