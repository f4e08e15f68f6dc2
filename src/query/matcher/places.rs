//! *Places* are where in an article the slots stand that rows of words are looked for by.

/// A place in an article: the field's number and the word's.
pub(super) type Spot = (u8, u32);

/// Where slots stand; what it takes in memory serves one article after another.
#[derive(Default)]
pub(super) struct Places {
    /// As they were met: by field, then by place.
    met: Vec<(u32, Spot)>,
    /// Those of one slot in a row, in the order they were met.
    spots: Vec<Spot>,
    /// By slot, its part of the spots.
    of_slot: Vec<(u32, u32)>,
    /// The slots that stand somewhere.
    filled: Vec<u32>,
}

impl Places {
    /// Forgets the article before; there are so many slots.
    pub(super) fn clear(&mut self, slots: usize) {
        // Only what was touched: there may be a hundred thousand slots.
        for slot in self.filled.drain(..) {
            self.of_slot[slot as usize] = (0, 0);
        }
        self.of_slot.resize(slots, (0, 0));
        self.met.clear();
    }

    /// Notes that slots stand at a place, which follows those noted before.
    pub(super) fn note(&mut self, slots: &[u32], spot: Spot) {
        self.met.extend(slots.iter().map(|slot| (*slot, spot)));
    }

    /// Sorts what was noted by slot: counts first, then lays each part where it belongs.
    pub(super) fn settle(&mut self) {
        for (slot, _) in &self.met {
            let part = &mut self.of_slot[*slot as usize];
            if part.1 == 0 {
                self.filled.push(*slot);
            }
            part.1 += 1;
        }
        let mut next = 0;
        for slot in &self.filled {
            let part = &mut self.of_slot[*slot as usize];
            let count = part.1;
            *part = (next, next);
            next += count;
        }
        self.spots.clear();
        self.spots.resize(self.met.len(), Spot::default());
        for (slot, spot) in &self.met {
            let part = &mut self.of_slot[*slot as usize];
            self.spots[part.1 as usize] = *spot;
            part.1 += 1;
        }
    }

    /// The slots that stand somewhere, with their places in order.
    pub(super) fn each(&self) -> impl Iterator<Item = (u32, &[Spot])> {
        self.filled.iter().map(|slot| (*slot, self.of(*slot)))
    }

    /// Where a slot stands, in order.
    pub(super) fn of(&self, slot: u32) -> &[Spot] {
        let (start, end) = self.of_slot.get(slot as usize).copied().unwrap_or_default();
        self.spots.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The places of a slot that are of a field.
    pub(super) fn within(&self, slot: u32, field: u8) -> &[Spot] {
        let all = self.of(slot);
        let from = all.partition_point(|spot| spot.0 < field);
        let to = all.partition_point(|spot| spot.0 <= field);
        &all[from..to]
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn places_stand_by_slot_and_are_forgotten() {
        let mut places = Places::default();
        places.clear(9);
        for (slots, spot) in [(&[7, 2][..], (0, 4)), (&[2], (1, 0)), (&[], (1, 1)), (&[7], (1, 5))] {
            places.note(slots, spot);
        }
        places.settle();
        assert_eq!(places.of(7), [(0, 4), (1, 5)]);
        assert_eq!(places.within(2, 1), [(1, 0)]);
        assert_eq!(places.within(2, 3), []);
        assert_eq!(
            places.each().map(|(slot, spots)| (slot, spots.len())).collect::<Vec<_>>(),
            [(7, 2), (2, 2)]
        );
        places.clear(9);
        places.settle();
        assert_eq!((places.of(7), places.each().count()), (&[][..], 0));
    }
}
