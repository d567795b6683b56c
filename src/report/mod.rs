//! A comparison, a result or a status as text for people and machines.
//!
//! Takes values, writes terminal tables, HTML, Markdown, CSV, JSON, citations. Never computes what it shows, never reads the store.

pub mod atom;
pub mod attention;
pub mod blindspots;
pub mod cells;
pub mod changes;
pub mod citation;
pub mod clean;
pub mod code;
pub mod comparison;
pub mod corpus;
pub mod crawl;
pub mod csv;
pub mod diff;
pub mod evidence;
pub mod explain;
pub mod html;
pub mod json;
pub mod lexicon;
pub mod markdown;
pub mod parcel;
pub mod query;
pub mod saved;
pub mod schema;
pub mod sheets;
pub mod show;
pub mod similar;
pub mod status;
pub mod suggest;
pub mod table;
pub mod topics;
