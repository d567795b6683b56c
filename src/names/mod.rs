//! Who and what a name may mean: the lexicon that people edit, on top of the places that come with vigie.
//!
//! Takes a lexicon and text that was made plain, gives the places named in it, pairs of countries, and whose name a
//! spelling is. The one copy for tags and queries, so that both know the same names. Never reads an article or a store.

pub mod bilingual;
pub mod bridge;
mod data;
pub mod gazetteer;
pub mod han;
pub mod join;
pub mod pairs;
pub mod sightings;

pub use gazetteer::Gazetteer;
pub use join::Join;
