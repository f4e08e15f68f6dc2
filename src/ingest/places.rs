//! The *places* of an article are the files and records it stands in; the first by name is the one it is told to be at.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::ArticleId;
use crate::article::Location;

/// A file's name and the number of a record in it.
type Place = (Arc<str>, u32);

/// Where every article stands.
#[derive(Default)]
pub(crate) struct Places {
    names: FxHashSet<Arc<str>>,
    of: FxHashMap<ArticleId, Held>,
}

/// The places of one article, kept in order: most have one, a few have very many.
enum Held {
    One(Place),
    Several(BTreeSet<Place>),
}

/// What a new place is to an article.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Added {
    /// It was there.
    Known,
    /// The only one.
    First,
    /// It comes before all others by name.
    Before,
    /// Others come before it.
    After,
}

/// What a place was to an article.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Removed {
    /// The only one.
    Last,
    /// The one the article was told to be at.
    First,
    /// Neither.
    Other,
}

impl Places {
    /// How many articles there are.
    pub(crate) fn articles(&self) -> u64 {
        self.of.len() as u64
    }

    /// Where an article is told to be.
    pub(crate) fn first(&self, id: ArticleId) -> Option<Location> {
        let place = match self.of.get(&id)? {
            Held::One(place) => place,
            Held::Several(places) => places.first()?,
        };
        Some(location(place))
    }

    /// Notes that an article stands in a place.
    pub(crate) fn add(&mut self, id: ArticleId, name: &str, record: u32) -> Added {
        let place = (self.name(name), record);
        let mut held = match self.of.entry(id) {
            Entry::Vacant(vacant) => {
                vacant.insert(Held::One(place));
                return Added::First;
            }
            Entry::Occupied(held) => held,
        };
        match held.get_mut() {
            Held::One(one) if *one == place => Added::Known,
            Held::One(one) => {
                let added = if place < *one { Added::Before } else { Added::After };
                let several = BTreeSet::from([one.clone(), place]);
                held.insert(Held::Several(several));
                added
            }
            Held::Several(places) => {
                let added = if places.first() > Some(&place) { Added::Before } else { Added::After };
                if places.insert(place) { added } else { Added::Known }
            }
        }
    }

    /// Notes that an article does not stand in a place any more.
    pub(crate) fn remove(&mut self, id: ArticleId, name: &str, record: u32) -> Removed {
        let place = (self.name(name), record);
        match self.of.get_mut(&id) {
            Some(Held::One(one)) if *one == place => {
                self.of.remove(&id);
                Removed::Last
            }
            Some(held @ Held::Several(_)) => held.remove(&place),
            Some(Held::One(_)) | None => Removed::Other,
        }
    }

    /// Articles that stand in several places, those in order.
    pub(crate) fn duplicates(&self) -> BTreeMap<ArticleId, Vec<Location>> {
        let several = self.of.iter().filter_map(|(id, held)| match held {
            Held::One(_) => None,
            Held::Several(places) => Some((*id, places.iter().map(location).collect())),
        });
        several.collect()
    }

    /// A name that all its records share.
    fn name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.names.insert(Arc::clone(&name));
        name
    }
}

impl Held {
    /// Takes one of several places away.
    fn remove(&mut self, place: &Place) -> Removed {
        let Self::Several(places) = self else { return Removed::Other };
        let was_first = places.first() == Some(place);
        places.remove(place);
        if places.len() == 1
            && let Some(one) = places.pop_first()
        {
            *self = Self::One(one);
        }
        if was_first { Removed::First } else { Removed::Other }
    }
}

fn location((name, record): &Place) -> Location {
    Location { path: (**name).to_owned(), record: *record }
}

#[cfg(test)]
mod tests {
    use super::{Added, Places, Removed};
    use crate::article::ArticleId;

    const ID: ArticleId = ArticleId(7);

    #[test]
    fn the_first_place_is_the_first_by_name() {
        let mut places = Places::default();
        assert_eq!(places.add(ID, "m", 1), Added::First);
        assert_eq!(places.add(ID, "m", 1), Added::Known);
        assert!(places.duplicates().is_empty());
        assert_eq!(places.add(ID, "z", 0), Added::After);
        assert_eq!(places.add(ID, "a", 5), Added::Before);
        assert_eq!(places.add(ID, "m", 1), Added::Known);
        let told: Vec<String> = places.duplicates()[&ID].iter().map(|place| place.path.clone()).collect();
        assert_eq!(told, ["a", "m", "z"]);
        assert_eq!(places.remove(ID, "m", 1), Removed::Other);
        assert_eq!(places.remove(ID, "a", 5), Removed::First);
        assert_eq!(places.first(ID).unwrap().path, "z");
        assert_eq!(places.remove(ID, "a", 5), Removed::Other);
        assert_eq!(places.remove(ID, "z", 0), Removed::Last);
        assert_eq!((places.articles(), places.first(ID)), (0, None));
    }

    #[test]
    fn very_many_places_cost_no_more_each() {
        let (mut places, many) = (Places::default(), 200_000);
        for record in (0..many).rev() {
            places.add(ID, "wire.jsonl", record);
        }
        for record in 0..many - 1 {
            assert_eq!(places.remove(ID, "wire.jsonl", record), Removed::First);
        }
        assert_eq!(places.remove(ID, "wire.jsonl", many - 1), Removed::Last);
    }
}
