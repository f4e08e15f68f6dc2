//! A *word* is any of some terms in some fields, walked over a segment in *windows*: the postings of all its terms are added
//! up for some thousand articles at once, each list read block by block, before the first of these articles is looked at.
//!
//! The engine walks its own unions so; but one of scorers a field, a term, a word calls three functions for each posting,
//! and cannot add up places before they say less (see [`Similarity`]).

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::Scorer;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use crate::deadline::Paced;
use crate::query::places::Filled;
use crate::query::places::Part;
use crate::query::places::similarity::Similarity;

/// Articles of a window, where all are wanted.
const WINDOW: usize = 4_096;
/// Words of a window's set of articles.
const BITS: usize = WINDOW / 64;
/// How many lists are looked at one by one for an article that is sought; more cost less as a window.
const FEW: usize = 12;

/// The postings of one term.
struct List {
    postings: BlockSegmentPostings,
    /// Where it stands in the present block.
    at: usize,
    field: usize,
}

impl List {
    fn doc(&self) -> DocId {
        self.postings.docs().get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn seek(&mut self, target: DocId) {
        if self.doc() < target {
            self.at = self.postings.seek(target);
        }
    }

    /// Calls `each` with all articles before `end` and how often the term stands there; gives how many they are.
    fn until(&mut self, end: DocId, mut each: impl FnMut(DocId, u32)) -> usize {
        let mut taken = 0;
        loop {
            let docs = self.postings.docs().get(self.at..).unwrap_or_default();
            let here = match docs.last() {
                None => return taken,
                Some(last) if *last < end => docs.len(),
                Some(_) => docs.partition_point(|doc| *doc < end),
            };
            for (at, doc) in (self.at..).zip(&docs[..here]) {
                each(*doc, self.postings.freq(at));
            }
            taken += here;
            if here < docs.len() {
                self.at += here;
                return taken;
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}

/// How places count in a field.
struct Counting {
    /// By the engine's one-byte length of the field, what one place counts.
    norms: Arc<[Score; 256]>,
    lengths: FieldNormReader,
    /// The lengths of the field this one is a part of. A part that is the whole tells nothing more.
    whole: Option<FieldNormReader>,
}

impl Counting {
    fn of(&self, doc: DocId, freq: u32) -> Score {
        let length = self.lengths.fieldnorm_id(doc);
        match &self.whole {
            Some(whole) if length >= whole.fieldnorm_id(doc) => 0.0,
            _ => freq as Score * self.norms[usize::from(length)],
        }
    }
}

/// A word at the articles that hold it.
pub(super) struct WordScorer {
    leading: Vec<List>,
    /// The lists of fields that are part of others: they add no article.
    within: Vec<List>,
    /// Per field; none where nothing is scored.
    counting: Vec<Counting>,
    rarity: Score,
    paced: Paced,
    doc: DocId,
    /// The first article of the window.
    start: DocId,
    /// The articles of the window, a bit each.
    window: Box<[u64; BITS]>,
    /// How many words of it are in use: none while articles are looked at one by one, the lists standing there.
    words: usize,
    /// What the places count, by article of the window; empty where nothing is scored.
    counted: Vec<Score>,
    size: u32,
}

/// The terms of a part that is one word.
fn terms(part: &Part) -> Option<&[tantivy::Term]> {
    match &part.filled {
        Filled::Row(slots, _) => match slots.as_slice() {
            [Some(terms)] => Some(terms),
            _ => None,
        },
        _ => None,
    }
}

/// Whether parts are one word each.
pub(super) fn are_words(parts: &[Part]) -> bool {
    parts.iter().all(|part| terms(part).is_some())
}

impl WordScorer {
    /// The word of parts that are one word each, at its first article.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub(super) fn open(
        segment: &SegmentReader,
        parts: &[Part],
        similarity: Option<&Similarity>,
        (boost, paced): (Score, Paced),
    ) -> tantivy::Result<Self> {
        let (mut leading, mut within, mut counting) = (Vec::new(), Vec::new(), Vec::new());
        let option =
            if similarity.is_some() { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
        for (field, part) in parts.iter().enumerate() {
            if let Some(similarity) = similarity {
                counting.push(Counting {
                    norms: similarity.of_part(field),
                    lengths: segment.get_fieldnorms_reader(part.field)?,
                    whole: part.within.map(|whole| segment.get_fieldnorms_reader(whole)).transpose()?,
                });
            } else if part.within.is_some() {
                continue;
            }
            let inverted = segment.inverted_index(part.field)?;
            for term in terms(part).unwrap_or_default() {
                let lists = if part.within.is_some() { &mut within } else { &mut leading };
                let postings = inverted.read_block_postings(term, option)?;
                lists.extend(postings.map(|postings| List { postings, at: 0, field }));
            }
        }
        let size = leading.iter().map(|list| list.postings.doc_freq()).fold(0, u32::saturating_add);
        let counted = if similarity.is_some() { vec![0.0; WINDOW] } else { Vec::new() };
        let rarity = similarity.map_or(0.0, |similarity| similarity.rarity * boost);
        let window = Box::new([0; BITS]);
        let (doc, start, words) = (0, 0, 0);
        let mut word =
            Self { leading, within, counting, rarity, paced, doc, start, window, words, counted, size };
        word.settle(true);
        Ok(word)
    }

    /// Goes to the first article the lists stand at, and fills a window from there on.
    fn settle(&mut self, windowed: bool) -> DocId {
        let first = self.leading.iter().map(List::doc).min().unwrap_or(TERMINATED);
        self.doc = if first != TERMINATED && self.paced.step(1) { TERMINATED } else { first };
        self.start = self.doc;
        self.words = 0;
        if windowed && self.doc != TERMINATED {
            self.fill();
        }
        self.doc
    }

    fn fill(&mut self) {
        let start = self.start;
        let end = start.saturating_add(WINDOW as u32).min(TERMINATED);
        self.words = BITS;
        self.window.fill(0);
        let place = |doc: DocId| (doc - start) as usize;
        let mut taken = 0;
        if self.counting.is_empty() {
            for list in &mut self.leading {
                taken += list.until(end, |doc, _| set(&mut self.window, place(doc)));
            }
        } else {
            self.counted.fill(0.0);
            for list in &mut self.leading {
                let counting = &self.counting[list.field];
                taken += list.until(end, |doc, freq| {
                    set(&mut self.window, place(doc));
                    self.counted[place(doc)] += counting.of(doc, freq);
                });
            }
            for list in &mut self.within {
                list.seek(start);
                let counting = &self.counting[list.field];
                taken += list.until(end, |doc, freq| self.counted[place(doc)] += counting.of(doc, freq));
            }
        }
        self.paced.step(u32::try_from(taken / 8).unwrap_or(u32::MAX));
    }

    /// What the places count in an article without a window.
    fn count(&mut self) -> Score {
        let doc = self.doc;
        self.within.iter_mut().for_each(|list| list.seek(doc));
        let here = self.leading.iter().chain(&self.within).filter(|list| list.doc() == doc);
        here.filter_map(|list| Some(self.counting.get(list.field)?.of(doc, list.postings.freq(list.at))))
            .sum()
    }

    /// Goes to the next article of the window, from a place on; `false` where there is none.
    fn next_from(&mut self, place: usize) -> bool {
        let mut word = place / 64;
        if word >= self.words {
            return false;
        }
        let mut bits = self.window[word] & (!0 << (place % 64));
        while bits == 0 {
            word += 1;
            if word >= self.words {
                return false;
            }
            bits = self.window[word];
        }
        self.doc = self.start + (word * 64) as u32 + bits.trailing_zeros();
        true
    }
}

fn set(bits: &mut [u64; BITS], place: usize) {
    bits[place / 64] |= 1 << (place % 64);
}

impl DocSet for WordScorer {
    #[inline]
    fn advance(&mut self) -> DocId {
        let next = (self.doc - self.start) as usize + 1;
        if self.doc == TERMINATED || self.next_from(next) {
            return self.doc;
        }
        if self.words == 0 {
            let next = self.doc + 1;
            self.leading.iter_mut().for_each(|list| list.seek(next));
        }
        self.settle(true)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        let place = (target - self.start) as usize;
        if self.next_from(place) {
            return self.doc;
        }
        self.leading.iter_mut().for_each(|list| list.seek(target));
        // Who seeks wants few of the articles: they are looked at one by one.
        self.settle(self.leading.len() > FEW)
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.size
    }

    fn cost(&self) -> u64 {
        u64::from(self.size)
    }
}

impl Scorer for WordScorer {
    #[inline]
    fn score(&mut self) -> Score {
        let counted = if self.words == 0 {
            self.count()
        } else {
            self.counted.get((self.doc - self.start) as usize).copied().unwrap_or(0.0)
        };
        Similarity::score(self.rarity, counted)
    }
}

#[cfg(test)]
mod tests {
    use tantivy::query::Scorer;
    use tantivy::schema::{Field, STORED, Schema, TEXT};
    use tantivy::{DocId, DocSet, Index, Searcher, TERMINATED, TantivyDocument, Term};

    use super::WordScorer;
    use crate::deadline::{Deadline, Paced};
    use crate::query::places::similarity::Similarity;
    use crate::query::places::{Filled, Part};

    /// More than two windows.
    const ARTICLES: u32 = 10_000;

    /// One segment; an article has the word `wN` where N divides its number, and in its lead where it does for half of it.
    fn archive() -> (Searcher, [Field; 2]) {
        let mut schema = Schema::builder();
        let fields = ["body", "lead"].map(|name| schema.add_text_field(name, TEXT | STORED));
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 50_000_000).unwrap();
        for number in 0..ARTICLES {
            let words = |of: u32| -> String {
                (3..40).filter(|n| of.is_multiple_of(*n)).map(|n| format!("w{n} ")).collect()
            };
            let mut article = TantivyDocument::default();
            article.add_text(fields[0], format!("{} {} and more", words(number), words(number / 2)));
            article.add_text(fields[1], words(number / 2));
            writer.add_document(article).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        assert_eq!(searcher.segment_readers().len(), 1);
        (searcher, fields)
    }

    fn check(searcher: &Searcher, fields: [Field; 2], words: &[u32], steps: &[u32]) {
        let part = |field: Field, within| {
            let terms = words.iter().map(|n| Term::from_field_text(field, &format!("w{n}"))).collect();
            Part { field, filled: Filled::Row(vec![Some(terms)], 0), weight: 1.0, within }
        };
        let parts = [part(fields[0], None), part(fields[1], Some(fields[0]))];
        let similarity = Similarity::of(searcher, &parts).unwrap();
        let open = |similarity| {
            let paced = Paced::new(&Deadline::default());
            WordScorer::open(searcher.segment_reader(0), &parts, similarity, (1.0, paced)).unwrap()
        };
        let holds = |doc: DocId| words.iter().any(|n| doc.is_multiple_of(*n) || (doc / 2).is_multiple_of(*n));
        let expected: Vec<DocId> = (0..ARTICLES).filter(|doc| holds(*doc)).collect();
        // Walked through, with scores and without.
        let mut walked = Vec::new();
        let mut word = open(Some(&similarity));
        while word.doc() != TERMINATED {
            walked.push((word.doc(), word.score()));
            word.advance();
        }
        assert_eq!(walked.iter().map(|(doc, _)| *doc).collect::<Vec<_>>(), expected, "{words:?}");
        let mut bare = open(None);
        for doc in expected.iter().chain([&TERMINATED]) {
            assert_eq!(bare.doc(), *doc);
            bare.advance();
        }
        // Sought in steps, with an advance now and then: the same articles, the same scores.
        for step in steps {
            let mut word = open(Some(&similarity));
            let mut target = 0;
            while word.doc() != TERMINATED {
                let at = walked.partition_point(|(doc, _)| *doc < target);
                let (doc, score) = walked[at];
                assert_eq!(word.doc(), doc, "{words:?} from {target} by {step}");
                assert!((word.score() - score).abs() < 1e-5, "{} for {score}", word.score());
                target = if doc % 5 == 0 { doc + 1 } else { doc + step };
                let found = if doc % 5 == 0 { word.advance() } else { word.seek(target) };
                assert_eq!(found, word.doc());
            }
            assert!(walked.iter().all(|(doc, _)| *doc < target));
        }
    }

    #[test]
    fn a_word_is_walked_and_sought_alike() {
        let (searcher, fields) = archive();
        let steps = [1, 2, 63, 64, 65, 1_000, 4_095, 4_096, 5_000];
        check(&searcher, fields, &[7], &steps);
        check(&searcher, fields, &[3, 4, 5], &steps);
        check(&searcher, fields, &[37, 31], &steps);
        // More lists than are looked at one by one.
        check(&searcher, fields, &(20..40).collect::<Vec<u32>>(), &steps);
    }
}
