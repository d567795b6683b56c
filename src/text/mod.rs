//! Folding, tokens, sentences, charsets, dates: the one copy used by index, query, tags and clusters.
//!
//! Takes bytes or text, gives text. Never knows what an article is.

pub mod charset;
pub mod dates;
pub mod hash;
