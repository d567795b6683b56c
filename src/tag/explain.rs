//! What was found of the lexicon and the gazetteer in an article, one by one, and what was not counted and why.
//!
//! Takes an article, gives findings with their place in the original. Counts nothing by itself: it asks what `matches`
//! asks, so that it cannot say otherwise.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Serialize;

use crate::model::article::Field;
use crate::names::gazetteer::Trust;
use crate::names::sightings::sightings;

use super::terms::FieldText;
use super::{Role, Tagger, Words, base, longest, once_per_actor};

/// One name in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub field: Field,
    /// As it stands there.
    pub spelled: String,
    /// Bytes and characters of the field.
    pub bytes: (usize, usize),
    pub chars: (usize, usize),
    pub actor: String,
    /// The spelling of the lexicon or the gazetteer that it is.
    pub name: String,
    pub known_from: KnownFrom,
    pub counts: bool,
    pub why: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownFrom {
    Lexicon,
    Gazetteer,
    /// Two countries with a character each.
    Pair,
}

impl Tagger {
    pub fn explain<'w>(&self, words: impl Into<Words<'w>>) -> Vec<Finding> {
        let words = words.into();
        let counted: BTreeSet<String> = self
            .matches(words)
            .mentions
            .into_iter()
            .flat_map(|mention| {
                let actor = mention.actor;
                mention
                    .hits
                    .into_iter()
                    .map(move |hit| format!("{actor}\t{}", hit.term))
            })
            .collect();
        let lang = words.lang.map(base);
        let mut findings = Vec::new();
        for (field, original) in words.fields() {
            let text = FieldText::new(original);
            let found = self.find(&text, lang);
            let places = sightings(self.join.gazetteer, original, &text.plain, lang);
            let (names, places) = self.apart(&text, longest(&found, |m| self.role(m).actor().map(|_| 0)), places);
            let mut add = |range: Range<usize>, actor: usize, name: String, known_from, doubt: Option<&'static str>| {
                let Some(actor) = self.id(actor) else { return };
                let bytes = text.plain.original(range.start, range.end);
                let counts = counted.contains(&format!("{actor}\t{name}"));
                let chars = |to: usize| original.get(..to).map_or(0, |before| before.chars().count());
                findings.push(Finding {
                    field,
                    spelled: original.get(bytes.clone()).unwrap_or_default().to_owned(),
                    chars: (chars(bytes.start), chars(bytes.end)),
                    bytes: (bytes.start, bytes.end),
                    actor,
                    name,
                    known_from,
                    counts,
                    why: match (doubt, counts) {
                        (None, _) => "a name of its own",
                        (Some("demonym"), true) => "of its people and things",
                        (Some(_), true) => "ambiguous, and supported by a sure name elsewhere in the text",
                        (Some(_), false) => "ambiguous, and nothing sure in the text supports it",
                    },
                });
            };
            for m in once_per_actor(&names, |m| self.role(m).actor()) {
                if let Role::Actor { actor, ambiguous } = *self.role(&m) {
                    let name = self.entries[m.entry].term.written.clone();
                    add(
                        m.start..m.end(),
                        actor,
                        name,
                        KnownFrom::Lexicon,
                        ambiguous.then_some("doubt"),
                    );
                }
            }
            for place in &places {
                let name = self.join.gazetteer.name(place.name);
                let doubt = match name.trust {
                    Trust::Demonym => Some("demonym"),
                    _ => (!place.sure).then_some("doubt"),
                };
                let actor = self.join.actor(place.place);
                add(
                    place.start..place.end,
                    actor,
                    name.written.to_owned(),
                    KnownFrom::Gazetteer,
                    doubt,
                );
            }
            if lang.is_none_or(|lang| lang == "zh") {
                for pair in self.pairs(&text, &names) {
                    let written = text.plain.text.get(pair.start..pair.end).unwrap_or_default().to_owned();
                    for actor in [pair.first, pair.second] {
                        add(pair.start..pair.end, actor, written.clone(), KnownFrom::Pair, None);
                    }
                }
            }
        }
        findings.sort_by(|a, b| (a.field, a.bytes, &a.actor).cmp(&(b.field, b.bytes, &b.actor)));
        findings
    }
}
