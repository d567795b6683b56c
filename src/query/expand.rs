//! The names of actors, by what their tokens are.
//!
//! Takes the lexicon, finds which actor a word, phrase or run of words is a name of. Never guesses between two.

use std::collections::HashMap;

use crate::model::article;
use crate::model::lexicon::ActorKind;
use crate::model::query::{Expr, Word};
use crate::model::{Actor, Lexicon};
use crate::text::tokens::query_tokens;

/// Words of the longest name looked for: "Organisation pour l'éducation, la science et la culture".
pub(super) const LONGEST: usize = 10;

/// The lexicon with its concepts among the actors, for the reading of a query or a story. Nothing is tagged with them.
pub fn with_concepts(lexicon: &Lexicon) -> Lexicon {
    let concepts = lexicon.concepts.iter().map(|concept| Actor {
        id: concept.id.clone(),
        kind: ActorKind::Concept,
        names: concept.names.clone(),
        ..Actor::default()
    });
    Lexicon {
        actors: lexicon.actors.iter().cloned().chain(concepts).collect(),
        concepts: Vec::new(),
    }
}

pub(super) struct Names<'a> {
    lexicon: &'a Lexicon,
    /// Tokens joined by spaces → actors named so.
    by_key: HashMap<String, Vec<usize>>,
}

pub(super) enum Named<'a> {
    Nobody,
    One(&'a Actor),
    /// Several actors, or one whose lexicon entry says that the name is also an ordinary word.
    Unclear(Vec<&'a str>),
}

impl<'a> Names<'a> {
    pub(super) fn of(lexicon: &'a Lexicon) -> Names<'a> {
        let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, actor) in lexicon.actors.iter().enumerate() {
            for name in spellings(actor).chain(&actor.ambiguous) {
                if let Some(key) = key(name) {
                    let actors = by_key.entry(key).or_default();
                    if actors.last() != Some(&index) {
                        actors.push(index);
                    }
                }
            }
        }
        Names { lexicon, by_key }
    }

    pub(super) fn find(&self, text: &str) -> Named<'a> {
        let Some(key) = key(text) else { return Named::Nobody };
        let Some(found) = self.by_key.get(&key) else {
            return Named::Nobody;
        };
        let actors: Vec<&'a Actor> = found
            .iter()
            .filter_map(|index| self.lexicon.actors.get(*index))
            .collect();
        match actors.as_slice() {
            [one] if !is_ambiguous(one, &key) => Named::One(one),
            several => Named::Unclear(several.iter().map(|actor| actor.id.as_str()).collect()),
        }
    }

    /// The longest run of words from the first on that is a name: how many words, and whose.
    pub(super) fn longest(&self, words: &[&str]) -> (usize, Named<'a>) {
        for n in (1..=words.len().min(LONGEST)).rev() {
            match self.find(&words[..n].join(" ")) {
                Named::Nobody => {}
                found => return (n, found),
            }
        }
        (1, Named::Nobody)
    }
}

/// The actor as an expression: any of its names, without those that would also find other things.
pub(super) fn expression(actor: &Actor, field: Option<article::Field>) -> Expr {
    let mut seen: Vec<String> = Vec::new();
    let mut names = Vec::new();
    for name in spellings(actor) {
        if let Some(key) = key(name)
            && !is_ambiguous(actor, &key)
            && !seen.contains(&key)
        {
            seen.push(key);
            names.push(word(name, field));
        }
    }
    // An actor with ambiguous names only can be asked for all the same.
    if names.is_empty() {
        names.extend(
            spellings(actor)
                .filter(|name| key(name).is_some())
                .map(|name| word(name, field)),
        );
    }
    Expr::Actor {
        id: actor.id.clone(),
        names,
    }
}

fn word(name: &str, field: Option<article::Field>) -> Word {
    Word {
        text: name.to_owned(),
        phrase: true,
        prefix: false,
        field,
        exact: false,
    }
}

fn spellings(actor: &Actor) -> impl Iterator<Item = &String> {
    actor.names.values().flatten().chain(&actor.aliases)
}

fn is_ambiguous(actor: &Actor, key_of_name: &str) -> bool {
    actor
        .ambiguous
        .iter()
        .any(|name| key(name).is_some_and(|key| key == key_of_name))
}

/// `None` for what has no tokens, and for a single character of a script without spaces: 法 stands in
/// hundreds of words that have nothing to do with France.
fn key(name: &str) -> Option<String> {
    let query = query_tokens(name);
    let single = query.prefix && query.tokens.len() == 1;
    (!single && !query.tokens.is_empty()).then(|| query.tokens.join(" "))
}
