//! *Columns* are what articles are counted by: the values of their facets, as ordinals, and their days.
//!
//! One search reads them from the engine's files, which are packed. Where an index stays open and is searched again,
//! they are kept flat in memory, in [`kept::Kept`], with what is the same for every search of one commit: the names of
//! all values and the counts of the whole archive.

pub(crate) mod days;
pub(crate) mod kept;
pub(crate) mod ordinals;
pub(crate) mod values;
