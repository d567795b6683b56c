//! vigie keeps watch over the press of several languages, remembers when it looked and what it saw,
//! and lays the coverage of one story side by side.
//!
//! Two halves meet at the archive of pages: `crawl` only observes, `digest` only derives.
//! The modules stand in pipeline order; imports run one way (see `docs/architecture.md`, kept so by
//! `tests/layering.rs`).

pub mod clock;
pub mod model;

pub mod config;
pub mod text;

pub mod names;

pub mod fetch;

pub mod discover;

pub mod extract;

pub mod identify;

pub mod tag;

pub mod encode;

pub mod cluster;

pub mod archive;

pub mod store;

pub mod query;

pub mod compare;

pub mod code;

pub mod read;

pub mod report;

pub mod crawl;

pub mod digest;

pub mod cli;
