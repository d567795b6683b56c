//! One file per command: parse, open, call, print.
//!
//! Never holds logic of its own.
