//! `saved.toml`: searches that are asked again after every run.
//!
//! Takes the file's text, gives searches, or the text with one more or one less. Does not read a query: who does says
//! here where a mistake in it stands.

use std::collections::HashMap;
use std::ops::Range;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::model::Saved;
use crate::model::saved::SILENCE_ALERT_DAYS;

use super::edit::append_block;
use super::fields::{Fields, Key, file};
use super::problem::{ConfigErrors, Fault, quoted};
use super::sources::unique;
use super::{form, lang};

/// A year; longer silences are no news.
const MOST_DAYS: u32 = 366;

const FILE: [Key; 1] = [("search", "[[search]]")];
const SEARCH: [Key; 8] = [
    ("id", "id = \"office\""),
    ("query", "query = 'bureau NEAR/8 Pyongyang OR 办事处 NEAR/20 平壤'"),
    ("note", "note = \"has the cultural office opened?\""),
    ("lang", "lang = [\"fr\", \"zh\"]"),
    ("source", "source = [\"lemonde-fr\"]"),
    ("group", "group = [\"seed\"]"),
    ("exact", "exact = true"),
    ("silence_alert_days", "silence_alert_days = 7"),
];

/// Every table of `saved.toml` with its keys.
pub fn keys() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![("search", SEARCH.iter().map(|(key, _)| *key).collect())]
}

/// A search, and where its query stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub saved: Saved,
    pub query: Range<usize>,
}

/// Reads `text`; `file_name` is what the errors call it.
pub fn parse(file_name: &str, text: &str) -> Result<Vec<Placed>, ConfigErrors> {
    file(file_name, text, |fields| {
        fields.expect("this file".to_owned(), &FILE);
        let mut seen = HashMap::new();
        let mut searches = Vec::new();
        for mut fields in fields.tables("search") {
            let saved = search(&mut fields);
            unique(&fields, &saved.id, &mut seen);
            searches.push(Placed {
                saved,
                query: fields.place("query").unwrap_or(fields.span()),
            });
            fields.close();
        }
        searches
    })
}

fn search(fields: &mut Fields<'_>) -> Saved {
    let label = fields
        .peek("id")
        .map_or("this search".to_owned(), |id| format!("search {}", quoted(id)));
    fields.expect(label, &SEARCH);
    let values = |list: Vec<(String, Range<usize>)>| list.into_iter().map(|(value, _)| value).collect();
    Saved {
        id: fields.required("id", form::id).unwrap_or_default(),
        query: fields.required("query", form::text).unwrap_or_default(),
        note: fields.optional("note", form::text),
        lang: values(fields.list("lang", lang::terms)),
        source: values(fields.list("source", form::id)),
        group: values(fields.list("group", form::id)),
        exact: fields.flag("exact").unwrap_or(false),
        silence_alert_days: fields
            .number("silence_alert_days", 0..=MOST_DAYS)
            .unwrap_or(SILENCE_ALERT_DAYS),
    }
}

/// A mistake within a query, at `characters` of it. Where the string is written as it is read, carets stand under the
/// very characters; else under the whole.
pub fn mistaken(
    file_name: &str,
    text: &str,
    search: &Placed,
    characters: Range<usize>,
    message: String,
    hint: Option<String>,
) -> ConfigErrors {
    let written = text.get(search.query.clone()).unwrap_or_default();
    let query = &search.saved.query;
    let byte = |character: usize| query.char_indices().nth(character).map_or(query.len(), |(at, _)| at);
    let place = match written.find(query.as_str()) {
        Some(quote) => {
            let start = search.query.start + quote;
            start + byte(characters.start)..start + byte(characters.end)
        }
        None => search.query.clone(),
    };
    let mut fault = Fault::new(message);
    if let Some(hint) = hint {
        fault = fault.hint(hint);
    }
    ConfigErrors::locate(file_name, text, vec![(place, fault)])
}

/// `existing` with a `[[search]]` at its end; no byte that was there is changed.
pub fn append(existing: &str, saved: &Saved) -> Result<String, ConfigErrors> {
    append_block("saved.toml", existing, &block(saved))
}

/// The `[[search]]` of one search.
pub fn block(saved: &Saved) -> String {
    let mut table = Table::new();
    table.insert("id", value(saved.id.as_str()));
    table.insert("query", value(saved.query.as_str()));
    if let Some(note) = &saved.note {
        table.insert("note", value(note.as_str()));
    }
    for (key, list) in [
        ("lang", &saved.lang),
        ("source", &saved.source),
        ("group", &saved.group),
    ] {
        if !list.is_empty() {
            table.insert(
                key,
                value(list.iter().map(String::as_str).collect::<toml_edit::Array>()),
            );
        }
    }
    if saved.exact {
        table.insert("exact", value(true));
    }
    if saved.silence_alert_days != SILENCE_ALERT_DAYS {
        table.insert("silence_alert_days", value(i64::from(saved.silence_alert_days)));
    }
    let mut tables = ArrayOfTables::new();
    tables.push(table);
    let mut document = DocumentMut::new();
    document.insert("search", Item::ArrayOfTables(tables));
    document.to_string()
}

/// `existing` without that search, the rest as it was; `None` if there is none of that id, or the file is no TOML.
pub fn remove(existing: &str, id: &str) -> Option<String> {
    let mut document: DocumentMut = existing.parse().ok()?;
    let searches = document.get_mut("search")?.as_array_of_tables_mut()?;
    let at = searches
        .iter()
        .position(|search| search.get("id").and_then(Item::as_str) == Some(id))?;
    searches.remove(at);
    if searches.is_empty() {
        document.remove("search");
    }
    Some(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office() -> Saved {
        Saved {
            id: "office".to_owned(),
            query: "bureau NEAR/8 \"Pyongyang\" OR 办事处".to_owned(),
            note: Some("opened?".to_owned()),
            lang: vec!["fr".to_owned()],
            silence_alert_days: 7,
            ..Saved::default()
        }
    }

    #[test]
    fn what_is_appended_reads_back_and_goes_without_a_trace() {
        let before = "# mine\n[[search]]\nid = \"a\" # first\nquery = 'x'\n";
        let text = append(before, &office()).unwrap();
        assert!(text.starts_with(before), "{text}");
        let read = parse("saved.toml", &text).unwrap();
        assert_eq!(read[1].saved, office());
        assert_eq!(read[0].saved.silence_alert_days, SILENCE_ALERT_DAYS);
        assert_eq!(remove(&text, "office").unwrap().trim_end(), before.trim_end());
        assert_eq!(remove(&text, "b"), None);
        let last = append("", &office()).unwrap();
        assert_eq!(parse("saved.toml", &remove(&last, "office").unwrap()).unwrap(), []);
    }

    #[test]
    fn a_mistake_in_a_query_is_pointed_at() {
        let text = "[[search]]\nid = \"a\"\nquery = '文化 NEAR'\n";
        let read = parse("saved.toml", text).unwrap();
        let error = mistaken("saved.toml", text, &read[0], 3..7, "NEAR alone".to_owned(), None);
        insta::assert_snapshot!(error, @r"
        saved.toml:3:13: NEAR alone
           │ query = '文化 NEAR'
           │               ^^^^
        ");
    }

    #[test]
    fn a_wrong_key_is_named() {
        let error = parse("saved.toml", "[[search]]\nid = \"a\"\nqury = 'x'\n")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("did you mean `query`?") && error.contains("lacks `query`"),
            "{error}"
        );
        let error = parse(
            "saved.toml",
            "[[search]]\nid = \"a\"\nquery = 'x'\nsilence_alert_days = 1000\n",
        )
        .unwrap_err();
        assert!(error.to_string().contains("from 0 to 366"), "{error}");
    }
}
