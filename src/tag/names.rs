//! Every name of an actor in a text, with its place.
//!
//! Takes fields that were folded already, gives names and epithets in the order of the text. Never makes a tag.

use std::borrow::Cow;

use super::terms::FieldText;
use super::{Known, Match, Role, Tagger, base, longest, once_per_actor};
use crate::model::Actor;
use crate::model::article::Field;
use crate::model::evidence::{NameAt, NameKind};
use crate::model::lexicon::ActorKind;
use crate::text::fold::fold;
use crate::text::plain::Plain;

pub(super) fn known(actor: &Actor) -> Known {
    let zh = actor.names.iter().filter(|(lang, _)| base(lang) == "zh");
    Known {
        id: actor.id.clone(),
        person: actor.kind == ActorKind::Person,
        concept: actor.kind == ActorKind::Concept,
        initials: zh
            .flat_map(|(_, names)| names)
            .filter_map(|name| fold(name).chars().next())
            .collect(),
    }
}

impl Tagger {
    /// The names in these fields of one article. Ambiguous ones and epithets count only where the article has a sure
    /// name of the same actor; the longest name wins over those inside it, as for tags.
    pub fn names(&self, fields: &[(Field, &str, &Plain)], lang: Option<&str>) -> Vec<NameAt> {
        let lang = lang.map(base);
        let mut found: Vec<(usize, NameAt)> = Vec::new();
        for (field, original, plain) in fields {
            let text = FieldText::of(original, Cow::Borrowed(plain));
            let all = self.find(&text, lang);
            // A concept within an actor's name stands for itself, and the other way round; and "culture" within "cultural
            // exchange" is culture, too.
            let concept = |actor: usize| self.actors.get(actor).is_some_and(|known| known.concept);
            let group = |actor: usize| if concept(actor) { 1 + actor } else { 0 };
            let names = longest(&all, |m| self.named(m).map(|(actor, _)| group(actor)));
            let at = |actor: usize, written: &str, kind: NameKind, start: usize, end: usize| {
                let bytes = plain.original(start, end);
                let known = self.actors.get(actor)?;
                let name = NameAt {
                    actor: known.id.clone(),
                    written: written.to_owned(),
                    kind,
                    person: known.person,
                    concept: known.concept,
                    field: *field,
                    start: bytes.start,
                    end: bytes.end,
                };
                Some((actor, name))
            };
            let mut here: Vec<(usize, NameAt)> = once_per_actor(&names, |m| self.named(m).map(|(actor, _)| actor))
                .iter()
                .filter_map(|m| {
                    let (actor, kind) = self.named(m)?;
                    at(actor, &self.entries[m.entry].term.written, kind, m.start, m.end())
                })
                .collect();
            if lang.is_none_or(|lang| lang == "zh") {
                let actor = |m: &&Match| self.named(m).is_some_and(|(actor, _)| !concept(actor));
                let taken =
                    |start: usize, end: usize| names.iter().filter(actor).any(|m| m.start < end && m.end() > start);
                for pair in self.short_forms.pairs(&plain.text, taken) {
                    let written = plain.text.get(pair.start..pair.end).unwrap_or_default();
                    for actor in [pair.first, pair.second] {
                        here.extend(at(actor, written, NameKind::Name, pair.start, pair.end));
                    }
                }
            }
            // 法朝 names two at one place: first the one whose character comes first.
            let second = |(actor, name): &(usize, NameAt)| {
                let first = original.get(name.start..).and_then(|rest| rest.chars().next());
                let first = first.map(|c| fold(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c));
                let known = self.actors.get(*actor);
                !known.is_some_and(|known| first.is_some_and(|c| known.initials.contains(&c)))
            };
            here.sort_by_key(|name| (name.1.start, std::cmp::Reverse(name.1.end), second(name), name.0));
            found.extend(here);
        }
        let mut sure = vec![false; self.actors.len()];
        for (actor, name) in &found {
            if name.kind == NameKind::Name
                && let Some(slot) = sure.get_mut(*actor)
            {
                *slot = true;
            }
        }
        found.retain(|(actor, _)| sure.get(*actor) == Some(&true));
        found.into_iter().map(|(_, name)| name).collect()
    }

    fn named(&self, m: &Match) -> Option<(usize, NameKind)> {
        match self.role(m) {
            Role::Actor { actor, ambiguous: true } => Some((*actor, NameKind::Ambiguous)),
            Role::Actor { actor, .. } => Some((*actor, NameKind::Name)),
            Role::Epithet(actor) => Some((*actor, NameKind::Epithet)),
            _ => None,
        }
    }
}
