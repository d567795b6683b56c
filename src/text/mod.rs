//! Folding, tokens, sentences, charsets, scripts: the one copy used by index, query, tags and clusters.
//!
//! Takes bytes or text, gives text. Never knows what an article is.
