//! Articles to Stories: who tells of the same event, in whatever language.
//!
//! Takes clues as values, gives links with their score, and groups of articles. Nothing depends on the order in which
//! articles came, on how common a word is among them, or on chance: a pair's score follows from the two alone, and a
//! group from its links.

mod bound;
pub mod centre;
pub mod clues;
pub mod decided;
pub mod fit;
pub mod group;
pub mod ids;
pub mod item;
pub mod link;
pub mod params;
mod scan;
pub mod score;
mod sketch;
pub mod why;

pub use fit::Fit;
pub use item::Item;
pub use link::{Link, links};
