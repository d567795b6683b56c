//! A Comparison, a result or a status as text for people and machines.
//!
//! Takes values, writes terminal tables, CSV, JSON. Never computes what it shows.
