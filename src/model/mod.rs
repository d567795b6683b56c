//! The nouns of vigie, as plain values: what is declared, what was observed, what was derived.
//!
//! Takes nothing, gives types that serialise. Never does I/O, never holds SQL, never reads a clock.

pub mod article;
pub mod clues;
pub mod codebook;
pub mod comparison;
pub mod date;
pub mod decision;
pub mod draft;
pub mod evidence;
pub mod export;
pub mod lexicon;
pub mod link;
pub mod listing;
pub mod look;
pub mod narrowed;
pub mod observation;
pub mod page;
pub mod query;
pub mod reservation;
pub mod saved;
pub mod source;
pub mod story;
pub mod suggestion;
pub mod vector;

pub use article::{
    Article, ArticleId, CommentState, Comments, ItemKind, Length, LengthUnit, Mention, TextAccess, TopicTag,
};
pub use clues::{Clues, Name};
pub use date::{DateClaim, DateEvidence, Interval, Precision};
pub use draft::{Draft, RuleFit};
pub use lexicon::{Actor, Lexicon, Topic, Topics};
pub use link::Link;
pub use listing::{Listing, ListingKind};
pub use look::{Look, Outcome, Verdict};
pub use observation::Observation;
pub use page::Page;
pub use saved::Saved;
pub use source::{Source, SourceId};
pub use vector::Vector;
