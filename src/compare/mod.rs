//! A story and its looks to a Comparison: coverage, silence, first-ness, lineage.
//!
//! Takes rows as values, gives a Comparison. Never reads the store.
