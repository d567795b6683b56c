//! What each outlet calls the same actor: the cheapest sign of a frame.
//!
//! Takes the names found in each article, gives counts by source. Never compares counts across languages: each source is
//! set beside the names that outlets of its own language use.

use std::collections::{BTreeMap, BTreeSet};

use super::reading::primary;
use super::story_sources;
use crate::compare::{Input, SourceInput};
use crate::model::evidence::{NameAt, NameCount, NameKind, Naming, Place};

/// Actors that are laid out beside those that the story asks for.
const MORE: usize = 6;

/// A name in one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    pub actor: String,
    pub name: String,
    pub kind: NameKind,
    pub n: u32,
    pub first: Place,
}

/// Adds one more place of a name; places come in the order of the text.
pub fn count(counted: &mut Vec<Named>, name: &NameAt, place: impl FnOnce() -> Place) {
    let known = counted
        .iter_mut()
        .find(|known| known.actor == name.actor && known.name == name.written);
    match known {
        Some(known) => known.n += 1,
        None => counted.push(Named {
            actor: name.actor.clone(),
            name: name.written.clone(),
            kind: name.kind,
            n: 1,
            first: place(),
        }),
    }
}

pub fn rows(input: &Input) -> Vec<Naming> {
    let mut rows = Vec::new();
    for actor in actors(input) {
        for source in story_sources(input) {
            let own = counts(source, &actor);
            if own.is_empty() {
                continue;
            }
            let mut names: Vec<NameCount> = own.into_values().collect();
            // What others of this language call it, and this one does not.
            for other in
                story_sources(input).filter(|other| primary(&other.source.lang) == primary(&source.source.lang))
            {
                for ((kind, name), _) in counts(other, &actor) {
                    if !names.iter().any(|known| known.name == name) {
                        names.push(NameCount {
                            name,
                            kind,
                            count: 0,
                            articles: 0,
                            first: None,
                        });
                    }
                }
            }
            names.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
            rows.push(Naming {
                source_id: source.source.id.clone(),
                actor: actor.clone(),
                names,
                n_items: source.matches.len() as u32,
            });
        }
    }
    rows
}

/// Those that the story asks for, then those that most outlets name.
fn actors(input: &Input) -> Vec<String> {
    let mut by_actor: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for source in story_sources(input) {
        for named in source.matches.iter().flat_map(|m| &m.facts.names) {
            by_actor.entry(&named.actor).or_default().insert(&source.source.id);
        }
    }
    let mut rest: Vec<(&str, usize)> = by_actor
        .iter()
        .filter(|(actor, outlets)| outlets.len() > 1 && !input.actors.iter().any(|known| known.id == **actor))
        .map(|(actor, outlets)| (*actor, outlets.len()))
        .collect();
    rest.sort_by_key(|(actor, outlets)| (std::cmp::Reverse(*outlets), *actor));
    let asked = input.actors.iter().map(|actor| actor.id.clone());
    asked
        .chain(rest.into_iter().take(MORE).map(|(actor, _)| actor.to_owned()))
        .collect()
}

fn counts(source: &SourceInput, actor: &str) -> BTreeMap<(NameKind, String), NameCount> {
    let mut counts: BTreeMap<(NameKind, String), NameCount> = BTreeMap::new();
    for named in source
        .matches
        .iter()
        .flat_map(|m| &m.facts.names)
        .filter(|named| named.actor == actor)
    {
        let count = counts
            .entry((named.kind, named.name.clone()))
            .or_insert_with(|| NameCount {
                name: named.name.clone(),
                kind: named.kind,
                count: 0,
                articles: 0,
                first: Some(named.first.clone()),
            });
        count.count += named.n;
        count.articles += 1;
    }
    counts
}

/// What a source calls the first actor of the story that is not at home there.
pub fn foreign<'r>(input: &Input, source: &SourceInput, rows: &'r [Naming]) -> Option<&'r Naming> {
    let own = || rows.iter().filter(|row| row.source_id == source.source.id);
    let country = |row: &&Naming| {
        let actor = input.actors.iter().find(|actor| actor.id == row.actor);
        actor.and_then(|actor| actor.country.as_ref()) == Some(&source.source.country)
    };
    own().find(|row| !country(row)).or_else(|| own().next())
}

/// `DPRK:0;North Korea:6;régime:2`
pub fn cell(row: &Naming) -> String {
    let names = row
        .names
        .iter()
        .map(|name| format!("{}:{}", name.name.replace([';', ':'], " "), name.count));
    names.collect::<Vec<_>>().join(";")
}
