//! The published form of a comparison's JSON.

/// JSON Schema (2020-12) of `vigie.compare/1`.
pub const COMPARE: &str = include_str!("../../docs/vigie.compare.schema.json");
