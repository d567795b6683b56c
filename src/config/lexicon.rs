//! `lexicon.toml`: people, places, organisations and concepts with their names in every language.
//!
//! Takes the file's text, gives actors and concepts. Folding and matching happen elsewhere, from the names as written here.

use std::collections::HashMap;

use crate::model::lexicon::{ActorKind, Concept, Terms};
use crate::model::{Actor, Lexicon};

use super::fields::{Fields, Key, file};
use super::form::nearest;
use super::problem::{ConfigErrors, Fault, quoted};
use super::sources::unique;
use super::topics::terms;
use super::{form, place};

const FILE: [Key; 2] = [("actor", "[[actor]]"), ("concept", "[[concept]]")];
const ACTOR: [Key; 7] = [
    ("id", "id = \"north-korea\""),
    ("kind", "kind = \"place\""),
    ("country", "country = \"KP\""),
    ("names", "names.en = [\"North Korea\", \"DPRK\"]"),
    ("aliases", "aliases = [\"Democratic People's Republic of Korea\"]"),
    ("ambiguous", "ambiguous = [\"조선\"]"),
    ("epithets", "epithets = [\"hermit kingdom\"]"),
];

const CONCEPT: [Key; 2] = [
    ("id", "id = \"treaty\""),
    ("names", "names.en = [\"treaty\", \"treaties\"]"),
];

const KINDS: [(&str, ActorKind); 4] = [
    ("person", ActorKind::Person),
    ("place", ActorKind::Place),
    ("organisation", ActorKind::Organisation),
    ("concept", ActorKind::Concept),
];

/// Every table of `lexicon.toml` with its keys.
pub fn keys() -> Vec<(&'static str, Vec<&'static str>)> {
    let of = |keys: &[Key]| keys.iter().map(|(key, _)| *key).collect();
    vec![("actor", of(&ACTOR)), ("concept", of(&CONCEPT))]
}

/// Reads `text`; `file_name` is what the errors call it.
pub fn parse(file_name: &str, text: &str) -> Result<Lexicon, ConfigErrors> {
    file(file_name, text, |fields| {
        fields.expect("this file".to_owned(), &FILE);
        let mut seen = HashMap::new();
        let mut actors = Vec::new();
        for mut fields in fields.tables("actor") {
            let actor = actor(&mut fields);
            unique(&fields, &actor.id, &mut seen);
            fields.close();
            actors.push(actor);
        }
        // One set of ids for both: a query that names an id must mean one thing.
        let mut concepts = Vec::new();
        for mut fields in fields.tables("concept") {
            let concept = concept(&mut fields);
            unique(&fields, &concept.id, &mut seen);
            fields.close();
            concepts.push(concept);
        }
        Lexicon { actors, concepts }
    })
}

fn actor(fields: &mut Fields<'_>) -> Actor {
    let label = fields
        .peek("id")
        .map_or("this actor".to_owned(), |id| format!("actor {}", quoted(id)));
    fields.expect(label, &ACTOR);
    let kind = |text: &str| form::choice(text, "a kind of actor", &KINDS);
    let id = fields.required("id", form::id).unwrap_or_default();
    let kind = fields.required("kind", kind).unwrap_or_default();
    let names = names(fields, &ACTOR);
    let aliases: Vec<String> = fields
        .list("aliases", form::text)
        .into_iter()
        .map(|(alias, _)| alias)
        .collect();
    let mut ambiguous = Vec::new();
    for (spelling, place) in fields.list("ambiguous", form::text) {
        let known = || names.values().flatten().chain(&aliases).map(String::as_str);
        // `un` marks the word that UN is when written small.
        if !known().any(|name| name == spelling || name.to_lowercase() == spelling) {
            let fault = Fault::new(format!("{} is not among the names and aliases", quoted(&spelling)));
            let hint = match nearest(&spelling, known()) {
                Some(close) => format!("did you mean {}?", quoted(close)),
                None => "`ambiguous` singles out spellings that are listed above it".to_owned(),
            };
            fields.report(place, fault.hint(hint));
        }
        ambiguous.push(spelling);
    }
    Actor {
        id,
        kind,
        names,
        aliases,
        country: fields.optional("country", place::country),
        ambiguous,
        epithets: fields
            .list("epithets", form::text)
            .into_iter()
            .map(|(epithet, _)| epithet)
            .collect(),
    }
}

fn concept(fields: &mut Fields<'_>) -> Concept {
    let label = fields
        .peek("id")
        .map_or("this concept".to_owned(), |id| format!("concept {}", quoted(id)));
    fields.expect(label, &CONCEPT);
    Concept {
        id: fields.required("id", form::id).unwrap_or_default(),
        names: names(fields, &CONCEPT),
    }
}

/// The names, which must be there; `keys` has the example for who forgot them.
fn names(fields: &mut Fields<'_>, keys: &[Key]) -> Terms {
    if fields.place("names").is_none() {
        let fault = Fault::new(format!("{} has no names", fields.label()));
        let example = keys
            .iter()
            .find(|(key, _)| *key == "names")
            .map(|(_, example)| *example);
        let fault = match example {
            Some(example) => fault.hint(format!("for example `{example}`")),
            None => fault,
        };
        fields.report(fields.span(), fault);
    }
    terms(fields, "names")
}
