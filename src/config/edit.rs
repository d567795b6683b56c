//! Adding to a file that a person keeps.
//!
//! Takes the file's text and a new source, gives the text with one block more. Changes no byte that was there.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use crate::model::source::{Ownership, SourceKind};

use super::fields::syntax;
use super::problem::ConfigErrors;
use super::sources::{KINDS, OWNERSHIPS};

/// What is known of a source when it is added.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSource {
    pub id: String,
    pub name: String,
    pub home: String,
    pub country: String,
    pub lang: String,
    pub ownership: Ownership,
    pub kind: SourceKind,
    pub timezone: String,
    pub feeds: Vec<String>,
    pub sitemaps: Vec<String>,
    /// Pages of headlines: address and, if found, the selector of their links.
    pub listings: Vec<(String, Option<String>)>,
    /// Comment lines above the block, such as what was guessed and wants a look.
    pub comments: Vec<String>,
}

/// `existing` with a `[[source]]` block for `source` at its end. An error if the result would not be TOML, because
/// `existing` is not or has a `source` that is no array of tables; the values themselves are for `sources::parse` to check.
pub fn append_source(existing: &str, source: &NewSource) -> Result<String, ConfigErrors> {
    append_block("sources.toml", existing, &block(source))
}

/// `existing`, a blank line, and the block; an error if the result would not be TOML.
pub(super) fn append_block(file_name: &str, existing: &str, block: &str) -> Result<String, ConfigErrors> {
    let newline = if existing.contains("\r\n") { "\r\n" } else { "\n" };
    let mut text = existing.to_owned();
    let bare = existing.trim_start_matches('\u{feff}').trim().is_empty();
    if !bare && !existing.ends_with('\n') {
        text.push_str(newline);
    }
    if !bare && !text.ends_with("\n\n") && !text.ends_with("\n\r\n") {
        text.push_str(newline);
    }
    text.push_str(&block.replace('\n', newline));
    match syntax(&text) {
        Ok(_) => Ok(text),
        // A fault that the existing file has by itself is shown as such.
        Err(fault) => {
            let fault = syntax(existing).err().unwrap_or(fault);
            Err(ConfigErrors::locate(file_name, &text, vec![fault]))
        }
    }
}

fn block(source: &NewSource) -> String {
    let word = |ownership: Ownership| {
        OWNERSHIPS
            .iter()
            .find(|(_, one)| *one == ownership)
            .map(|(word, _)| *word)
    };
    let kind = KINDS.iter().find(|(_, one)| *one == source.kind).map(|(word, _)| *word);
    let mut table = Table::new();
    let plain = [
        ("id", source.id.as_str()),
        ("name", &source.name),
        ("home", &source.home),
        ("country", &source.country),
        ("lang", &source.lang),
        ("ownership", word(source.ownership).unwrap_or("unknown")),
        ("kind", kind.unwrap_or("press")),
        ("timezone", &source.timezone),
    ];
    for (key, text) in plain {
        table.insert(key, value(text));
    }
    for (key, addresses) in [("feeds", &source.feeds), ("sitemaps", &source.sitemaps)] {
        if !addresses.is_empty() {
            table.insert(key, value(one_a_line(addresses.iter().map(Value::from))));
        }
    }
    if !source.listings.is_empty() {
        let pages = source.listings.iter().map(|(url, links)| {
            let mut page = InlineTable::new();
            page.insert("url", url.into());
            if let Some(links) = links {
                page.insert("links", links.into());
            }
            Value::from(page)
        });
        table.insert("listings", value(one_a_line(pages)));
    }
    // A comment line ends where the line does, so a name with a line break must not end it early.
    let comments = source.comments.iter().map(|line| {
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        format!("# {line}\n")
    });
    table.decor_mut().set_prefix(comments.collect::<String>());
    let mut tables = ArrayOfTables::new();
    tables.push(table);
    let mut document = DocumentMut::new();
    document.insert("source", Item::ArrayOfTables(tables));
    document.to_string()
}

/// One address stays on the key's line, several get a line each.
fn one_a_line(values: impl Iterator<Item = Value>) -> Array {
    let mut array: Array = values.collect();
    if array.len() > 1 {
        for item in array.iter_mut() {
            item.decor_mut().set_prefix("\n    ");
        }
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    array
}
