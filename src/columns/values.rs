//! The *values* of a facet over all segments: their names in order, each once, and where each segment's ordinals stand
//! among them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::TantivyError;

use crate::columns::ordinals::Ordinals;

/// The values of a facet.
#[derive(Debug, Default)]
pub(crate) struct Values {
    names: Names,
    /// For every segment, the places of the values taken from it.
    places: Vec<Vec<u32>>,
}

impl Values {
    /// Merges the dictionaries of segments: all their values.
    pub(crate) fn all(segments: &[Ordinals]) -> tantivy::Result<Self> {
        let whole = |ordinals: &Ordinals| (0..ordinals.len() as u64).collect::<Vec<u64>>();
        Self::some(&segments.iter().map(|ordinals| (ordinals, whole(ordinals))).collect::<Vec<_>>())
    }

    /// Merges some values of the dictionaries of segments, given by their sorted ordinals.
    pub(crate) fn some(segments: &[(&Ordinals, Vec<u64>)]) -> tantivy::Result<Self> {
        let names = segments.iter().map(|(ordinals, some)| Names::of(ordinals, some));
        Ok(merge(names.collect::<tantivy::Result<_>>()?))
    }

    /// The names, in order.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// Adds up what segments have counted of the values taken from them.
    pub(crate) fn sum<'a>(&self, segments: impl Iterator<Item = (usize, &'a [u32])>) -> Vec<u32> {
        let mut sums = vec![0; self.names.len()];
        for (segment, counts) in segments {
            for (place, count) in self.places.get(segment).into_iter().flatten().zip(counts) {
                sums[*place as usize] += count;
            }
        }
        sums
    }

    /// Memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        let places: usize = self.places.iter().map(Vec::len).sum();
        self.names.text.len() + self.names.ends.len() * size_of::<usize>() + places * size_of::<u32>()
    }
}

/// Names one after the other in one piece of memory.
#[derive(Debug, Default)]
pub(crate) struct Names {
    text: String,
    ends: Vec<usize>,
}

impl Names {
    fn of(ordinals: &Ordinals, some: &[u64]) -> tantivy::Result<Self> {
        let mut names = Self::default();
        let Some(column) = ordinals.column() else { return Ok(names) };
        let mut failed = None;
        column.dictionary().sorted_ords_to_term_cb(some, |bytes| match std::str::from_utf8(bytes) {
            Ok(name) => names.push(name),
            Err(error) => failed = Some(error),
        })?;
        match failed {
            Some(error) => Err(TantivyError::InternalError(format!("a facet value is no text: {error}"))),
            None => Ok(names),
        }
    }

    fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The name at a place; empty beyond the last.
    pub(crate) fn get(&self, place: usize) -> &str {
        let start =
            place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.ends.get(place).map_or("", |end| &self.text[start..*end])
    }

    /// The place of a name.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            match self.get(middle).cmp(name) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        None
    }
}

/// Merges the sorted names of segments.
fn merge(mut segments: Vec<Names>) -> Values {
    let numbered = |count: usize| (0..).take(count).collect::<Vec<u32>>();
    if segments.len() == 1 {
        let names = segments.remove(0);
        return Values { places: vec![numbered(names.len())], names };
    }
    let mut values = Values { places: vec![Vec::new(); segments.len()], ..Values::default() };
    let first = segments.iter().enumerate().filter(|(_, names)| names.len() > 0);
    let mut heads: BinaryHeap<Reverse<(&str, usize)>> =
        first.map(|(segment, names)| Reverse((names.get(0), segment))).collect();
    let mut last = None;
    let mut count = 0;
    while let Some(Reverse((name, segment))) = heads.pop() {
        if last != Some(name) {
            values.names.push(name);
            count += 1;
        }
        last = Some(name);
        let places = &mut values.places[segment];
        places.push(count - 1);
        if places.len() < segments[segment].len() {
            heads.push(Reverse((segments[segment].get(places.len()), segment)));
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(segments: &[&[&str]], names: &[&str], places: &[&[u32]]) {
        let names_of = |list: &&[&str]| {
            let mut names = Names::default();
            list.iter().for_each(|name| names.push(name));
            names
        };
        let values = merge(segments.iter().map(names_of).collect());
        let found: Vec<&str> = (0..values.names.len()).map(|place| values.names.get(place)).collect();
        assert_eq!(found, names, "{segments:?}");
        assert_eq!(values.places, places, "{segments:?}");
        for (place, name) in names.iter().enumerate() {
            assert_eq!(values.names.place(name), Some(place), "{name}");
        }
        assert_eq!(values.names.place("nobody"), None);
    }

    #[test]
    fn names_are_merged_in_order_and_each_stands_once() {
        check(&[], &[], &[]);
        check(&[&["a", "é"]], &["a", "é"], &[&[0, 1]]);
        check(&[&["a", "c"], &["b", "c", "d"]], &["a", "b", "c", "d"], &[&[0, 2], &[1, 2, 3]]);
        check(&[&[], &["x"], &["x"]], &["x"], &[&[], &[0], &[0]]);
    }

    #[test]
    fn counts_of_segments_are_added_by_name() {
        let names = |list: [&str; 2]| {
            let mut names = Names::default();
            list.iter().for_each(|name| names.push(name));
            names
        };
        let values = merge(vec![names(["a", "c"]), names(["b", "c"])]);
        assert_eq!(values.sum([(1, [5, 6].as_slice()), (0, &[1, 2])].into_iter()), [1, 5, 8]);
        assert_eq!(values.sum([(0, [1, 2].as_slice()), (7, &[9])].into_iter()), [1, 0, 2]);
    }
}
