//! Kept pages to articles: extract, identify, tag, link up.
//!
//! Takes pages in archive order, gives derived rows. Never fetches, never asks the time.

pub mod decide;
pub mod derive;
mod elsewhere;
pub mod lineage;
pub mod load;
pub mod measure;
pub mod pool;
pub mod stories;
pub mod write;

/// Written beside every page that was read; a page with none, or a lower one, waits for a digest.
pub const VERSION: u32 = 1;
