//! Data to stdout. A reader that closed its end (`vigie query … | head`) is an error value here, which
//! `main` takes for the end of the work; `println!` would panic.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::cli::exit::mistake;
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
        Some(path) => fs::write(path, bytes).map_err(|error| not_written(path, &error)),
        None => {
            let mut out = io::stdout().lock();
            out.write_all(bytes)?;
            Ok(out.flush()?)
        }
    }
}

/// A file to write to.
pub fn create(path: &Path) -> anyhow::Result<File> {
    File::create(path).map_err(|error| not_written(path, &error))
}

/// A folder that an output was asked into.
pub fn folder(path: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(path).map_err(|error| mistake(format!("cannot make {}: {error}", path.display())))
}

/// The place was the user's to choose.
fn not_written(path: &Path, error: &io::Error) -> anyhow::Error {
    let parent = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match parent.filter(|folder| !folder.exists()) {
        Some(folder) => mistake(format!(
            "cannot write {}: there is no folder {}\nhint: make it first, or write elsewhere",
            path.display(),
            folder.display()
        )),
        None => mistake(format!("cannot write {}: {error}", path.display())),
    }
}
