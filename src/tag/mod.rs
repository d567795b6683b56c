//! Article × Topics × Lexicon to matches.
//!
//! Takes an Article and compiled terms, gives tags with the terms that made them. Never decides what an article is about without a term.
