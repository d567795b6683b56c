//! Folding, tokens, sentences, charsets, dates: the one copy used by index, query, tags and clusters.
//!
//! Takes bytes or text, gives text. Never knows what an article is.

mod abbreviations;
pub mod chars;
pub mod charset;
pub mod dates;
pub mod durations;
pub mod fold;
pub mod hash;
pub mod holds;
pub mod numbers;
pub mod pieces;
pub mod places;
pub mod plain;
pub mod quotations;
pub mod script;
pub mod sentences;
pub mod shingles;
pub mod signs;
pub mod simplify;
pub mod tokens;
