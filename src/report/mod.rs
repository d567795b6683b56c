//! A comparison, a result or a status as text for people and machines.
//!
//! Takes values, writes terminal tables, CSV, JSON. Never computes what it shows, never reads the store.

pub mod atom;
pub mod attention;
pub mod clean;
pub mod comparison;
pub mod crawl;
pub mod csv;
pub mod json;
pub mod query;
pub mod saved;
pub mod show;
pub mod status;
pub mod table;
pub mod topics;
