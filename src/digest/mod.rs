//! Kept pages to articles: extract, identify, tag, link up.
//!
//! Takes pages, gives derived rows. Never fetches.
