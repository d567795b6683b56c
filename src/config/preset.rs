//! A part of a `sources.toml`, for who starts with some of its sources only.
//!
//! Takes a whole file's text and a choice, gives the text with the chosen `[[source]]` tables and their comments.

use toml_edit::DocumentMut;

use crate::model::Source;

use super::problem::{ConfigErrors, Fault};
use super::sources;

/// `sources_toml` without the sources that `keep` refuses. An error if it is not a checked `sources.toml`.
pub fn select(sources_toml: &str, keep: impl Fn(&Source) -> bool) -> Result<String, ConfigErrors> {
    const NAME: &str = "sources.toml";
    let file = sources::parse(NAME, sources_toml)?;
    let mut document: DocumentMut = sources_toml.parse().map_err(|error: toml_edit::TomlError| {
        let span = error.span().unwrap_or(0..0);
        ConfigErrors::locate(NAME, sources_toml, vec![(span, Fault::new(error.message()))])
    })?;
    if let Some(tables) = document
        .get_mut("source")
        .and_then(|item| item.as_array_of_tables_mut())
    {
        // Both readings are in the order of the file.
        let mut kept = file.sources.iter().map(keep);
        tables.retain(|_| kept.next().unwrap_or(false));
    }
    Ok(document.to_string())
}
