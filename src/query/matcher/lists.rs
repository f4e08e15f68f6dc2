//! *Lists* are many short lists in one: what belongs to each number, without a place of its own in memory for each.

/// Lists by number.
#[derive(Debug)]
pub(super) struct Lists<T> {
    /// Where each list ends.
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self { ends: Vec::new(), items: Vec::new() }
    }
}

impl<T> FromIterator<Vec<T>> for Lists<T> {
    fn from_iter<I: IntoIterator<Item = Vec<T>>>(lists: I) -> Self {
        let mut all = Self::default();
        for list in lists {
            all.items.extend(list);
            all.ends.push(u32::try_from(all.items.len()).unwrap_or(u32::MAX));
        }
        all
    }
}

impl<T> Lists<T> {
    /// The list of a number; empty for one that has none.
    pub(super) fn of(&self, number: u32) -> &[T] {
        let number = number as usize;
        let start =
            number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(number).copied().unwrap_or_default();
        self.items.get(start as usize..end as usize).unwrap_or_default()
    }
}
