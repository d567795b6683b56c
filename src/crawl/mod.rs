//! What is due, and the run that visits it.
//!
//! The only async code outside `fetch`; the only code that sleeps. Never interprets a page beyond its links.

pub mod alarm;
pub mod backfill;
pub mod check;
mod continuity;
pub mod import;
pub mod offline;
pub mod plan;
pub mod reading;
pub mod recorder;
pub mod rederive;
pub mod regroup;
pub mod replay;
pub mod rule_tally;
pub mod run;
pub mod summary;
mod visit;
