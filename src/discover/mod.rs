//! Listings to links: feeds, sitemaps, pages of headlines.
//!
//! Takes a page and its listing, gives links and what had to be repaired. Never fetches.
