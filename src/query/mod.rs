//! The query language: text to expression to condition; snippets.
//!
//! Takes what was typed, gives values for the store to evaluate. Never runs SQL.
