//! `topics.toml`: the themes people configured.
//!
//! Takes the file's text, gives topics with their terms per language. Does not match anything.

use std::collections::{BTreeMap, HashMap};

use crate::model::lexicon::Terms;
use crate::model::{Topic, Topics};

use super::fields::{Fields, Key, file};
use super::problem::{ConfigErrors, Fault, quoted};
use super::sources::unique;
use super::{form, lang};

const FILE: [Key; 1] = [("topic", "[[topic]]")];
const TOPIC: [Key; 6] = [
    ("id", "id = \"cultural-exchange\""),
    (
        "name",
        "name = { en = \"Cultural exchange\", fr = \"Échanges culturels\" }",
    ),
    ("min_hits", "min_hits = 2"),
    (
        "description",
        "description = \"Orchestras, exhibitions and students go from one country to the other\"",
    ),
    ("any", "any.en = [\"cultural exchange\"]"),
    ("none", "none.en = [\"stock exchange\"]"),
];

/// Every table of `topics.toml` with its keys.
pub fn keys() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![("topic", TOPIC.iter().map(|(key, _)| *key).collect())]
}

/// Reads `text`; `file_name` is what the errors call it.
pub fn parse(file_name: &str, text: &str) -> Result<Topics, ConfigErrors> {
    file(file_name, text, |fields| {
        fields.expect("this file".to_owned(), &FILE);
        let mut seen = HashMap::new();
        let mut topics = Vec::new();
        for mut fields in fields.tables("topic") {
            let topic = topic(&mut fields);
            unique(&fields, &topic.id, &mut seen);
            fields.close();
            topics.push(topic);
        }
        Topics { topics }
    })
}

fn topic(fields: &mut Fields<'_>) -> Topic {
    let label = fields
        .peek("id")
        .map_or("this topic".to_owned(), |id| format!("topic {}", quoted(id)));
    fields.expect(label, &TOPIC);
    let id = fields.required("id", form::id).unwrap_or_default();
    let name = names(fields);
    let any = terms(fields, "any");
    let none = terms(fields, "none");
    for (lang, words) in &none {
        let wanted = any.get(lang).into_iter().flatten();
        if let Some(word) = wanted.into_iter().find(|word| words.contains(word)) {
            let place = fields.place("none").unwrap_or(fields.span());
            let fault = Fault::new(format!(
                "{} stands under both `any.{lang}` and `none.{lang}`",
                quoted(word)
            ));
            fields.report(place, fault.hint("it would forbid what it asks for; keep one"));
        }
    }
    if fields.place("any").is_none() {
        let fault = Fault::new(format!("{} has no terms", fields.label()));
        fields.report(
            fields.span(),
            fault.hint("for example `any.en = [\"cultural exchange\"]`"),
        );
    }
    // More hits than this no article has.
    let min_hits = fields.number("min_hits", 1..=1000).unwrap_or(1);
    Topic {
        id,
        name,
        any,
        none,
        min_hits,
        description: fields.optional("description", form::text),
    }
}

fn names(fields: &mut Fields<'_>) -> BTreeMap<String, String> {
    fields.require("name");
    let mut names = BTreeMap::new();
    let Some(table) = fields.table("name") else {
        return names;
    };
    for (key, place) in table.keys() {
        match lang::terms(key) {
            Ok(lang) => {
                if let Some((text, place)) = table.text(key) {
                    match form::text(text) {
                        Ok(text) => _ = names.insert(lang, text),
                        Err(fault) => table.report(place, fault),
                    }
                }
            }
            Err(fault) => table.report(place, fault),
        }
    }
    if table.keys().is_empty() {
        table.report(table.span(), Fault::new("a name in at least one language is needed"));
    }
    names
}

/// The table of term lists by language under `key`; an empty table, an empty list and an empty term are reported.
pub(super) fn terms(fields: &mut Fields<'_>, key: &'static str) -> Terms {
    let mut terms = Terms::new();
    let Some(table) = fields.table(key) else { return terms };
    if table.keys().is_empty() {
        let fault = Fault::new(format!("`{key}` has no language"));
        table.report(table.span(), fault.hint(format!("for example `{key}.fr = [\"…\"]`")));
    }
    for (language, place) in table.keys() {
        let lang = match lang::terms(language) {
            Ok(lang) => lang,
            Err(fault) => {
                table.report(place, fault);
                continue;
            }
        };
        let listed = table.list(language, form::text).into_iter().map(|(term, _)| term);
        let listed: Vec<String> = listed.collect();
        let empty = table.is_empty_array(language);
        if empty {
            let fault = Fault::new(format!("`{key}.{lang}` has no terms"));
            table.report(place, fault.hint("list at least one, or leave the line out"));
        }
        terms.insert(lang, listed);
    }
    terms
}
