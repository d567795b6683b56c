//! TOML files to checked model values.
//!
//! Takes text, gives `Source`s, `Topics`, `Lexicon`, or errors with file, line, caret and a hint. Never touches the network.
