//! Data to stdout. A reader that closed its end (`vigie query … | head`) is an error value here, which
//! `main` takes for the end of the work; `println!` would panic.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

use crate::report;

/// Text that ends with its own line break.
pub fn text(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// One line.
pub fn line(line: impl std::fmt::Display) -> io::Result<()> {
    text(&format!("{line}\n"))
}

/// One JSON document on one line.
pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    Ok(line(report::json::line(value)?)?)
}

/// Bytes into a file, or to stdout.
pub fn into(path: Option<&Path>, bytes: &[u8]) -> anyhow::Result<()> {
    match path {
        Some(path) => std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display())),
        None => Ok(io::stdout().lock().write_all(bytes)?),
    }
}
