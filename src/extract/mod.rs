//! Page to Draft: text, title, dates, authors, with their evidence.
//!
//! Takes bytes and rules, gives a Draft. Never knows the store, the clock or the network.
