//! The names of actors, by what their tokens are.
//!
//! Takes the lexicon and the gazetteer, finds which actor a word, phrase or run of words is a name of. Never guesses between two.

use std::collections::{HashMap, HashSet};

use crate::model::article;
use crate::model::lexicon::ActorKind;
use crate::model::query::{Expr, Only, Word};
use crate::model::{Actor, Lexicon};
use crate::names::gazetteer::{Gazetteer, PlaceKind, Trust};
use crate::names::han;
use crate::names::join::Join;
use crate::names::pairs::ShortForms;
use crate::text::pieces::{is_unspaced, without_inner_spaces};
use crate::text::plain::plain;
use crate::text::signs::is_short_acronym;
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

/// A lexicon and a gazetteer made ready for the reading of queries: worth keeping where many are read.
#[derive(Debug)]
pub struct Names {
    /// With its concepts among the actors.
    lexicon: Lexicon,
    join: Join,
    pairs: ShortForms,
    /// Tokens joined by spaces → actors named so.
    by_key: HashMap<String, Vec<usize>>,
    /// Names of the lexicon that are written without spaces, as plain text.
    runs: Vec<String>,
    /// The first words of the lexicon's names, or the first characters of runs.
    firsts: HashSet<String>,
}

/// Whose name a text is; actors are numbered as in `names::join`.
pub(super) enum Named {
    Nobody,
    One(usize),
    /// Two countries with a character each: 法朝.
    Both(usize, usize),
    /// Several actors, or one of whose names it is also an ordinary word.
    Unclear(Vec<String>),
}

/// A stretch of characters without spaces, as it is read.
pub(super) enum Part {
    Name(usize),
    Pair(usize, usize, String),
    Text(String),
}

/// Characters of a longer run that is taken apart; longer ones are pasted sentences.
const LONGEST_RUN: usize = 40;
/// Little words between two others.
const PARTICLES: [&str; 6] = ["的", "和", "与", "及", "跟", "在"];

impl Names {
    pub fn of(lexicon: &Lexicon, gazetteer: &'static Gazetteer) -> Names {
        // A concept's words stand for one another just as an actor's names do.
        let lexicon = with_concepts(lexicon);
        let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
        let mut runs = Vec::new();
        let mut firsts = HashSet::new();
        for (index, actor) in lexicon.actors.iter().enumerate() {
            for name in spellings(actor).chain(&actor.ambiguous) {
                if let Some(key) = key(name) {
                    let actors = by_key.entry(key).or_default();
                    if actors.last() != Some(&index) {
                        actors.push(index);
                    }
                    let form = plain(name).text;
                    if let Some(closed) = without_inner_spaces(&form) {
                        let actors = by_key.entry(query_tokens(&closed).tokens.join(" ")).or_default();
                        if actors.last() != Some(&index) {
                            actors.push(index);
                        }
                    }
                    firsts.insert(first_token(&form).to_owned());
                    if form.chars().all(is_unspaced) {
                        runs.push(form);
                    }
                }
            }
        }
        let join = Join::of(&lexicon, gazetteer);
        Names {
            pairs: ShortForms::new(&lexicon, &join),
            lexicon,
            join,
            by_key,
            runs,
            firsts,
        }
    }

    pub(super) fn find(&self, text: &str) -> Named {
        let Some(key) = key(text) else { return Named::Nobody };
        let form = plain(text).text;
        let own = self.by_key.get(&key).map_or(&[][..], Vec::as_slice);
        let actors: Vec<&Actor> = own.iter().filter_map(|index| self.lexicon.actors.get(*index)).collect();
        if !self.join.gazetteer.is_empty()
            && let Some((first, second)) = self.pairs.pair(&form)
        {
            return Named::Both(first, second);
        }
        match (own, actors.as_slice()) {
            ([one], [actor]) if !is_ambiguous(actor, &key) => return Named::One(*one),
            ([], _) => {}
            _ => return Named::Unclear(actors.iter().map(|actor| actor.id.clone()).collect()),
        }
        let mut places: Vec<(usize, bool)> = Vec::new();
        for name in self
            .join
            .gazetteer
            .spelled(&form)
            .map(|no| self.join.gazetteer.name(no))
        {
            if self.join.gazetteer.place(name.place).kind != PlaceKind::Nowhere {
                places.push((self.join.actor(name.place), name.trust == Trust::Sure));
            }
        }
        places.sort_unstable_by_key(|(actor, sure)| (*actor, !*sure));
        places.dedup_by_key(|(actor, _)| *actor);
        match places.as_slice() {
            [] => Named::Nobody,
            [(actor, true)] => Named::One(*actor),
            several => Named::Unclear(
                several
                    .iter()
                    .take(MOST_MEANT)
                    .map(|(actor, _)| self.id(*actor))
                    .collect(),
            ),
        }
    }

    /// The longest run of words from the first on that is a name: how many words, and whose.
    pub(super) fn longest(&self, words: &[&str]) -> (usize, Named) {
        // Most words begin no name, and a query may hold thousands.
        let first = words.first().map_or(String::new(), |word| plain(word).text);
        let begins =
            first.is_empty() || self.firsts.contains(first_token(&first)) || self.join.gazetteer.begins(&first);
        let most = if begins { words.len().min(LONGEST) } else { 1 };
        for n in (1..=most).rev() {
            match self.find(&words[..n].join(" ")) {
                Named::Nobody => {}
                found => return (n, found),
            }
        }
        (1, Named::Nobody)
    }

    /// A run of Chinese that is no name as names and words, where it holds a name: 法国文化 is 法国 and 文化.
    pub(super) fn cut(&self, text: &str) -> Option<Vec<Part>> {
        let form = plain(text).text;
        let n = form.chars().count();
        if !(3..=LONGEST_RUN).contains(&n) || !form.chars().all(|c| matches!(c, '\u{3400}'..='\u{9FFF}')) {
            return None;
        }
        // As typed, where every character stands for one.
        let typed: Vec<char> = text.chars().collect();
        let typed_or = |from: usize, to: usize, folded: &str| match typed.len() == n {
            true => typed[from..to].iter().collect(),
            false => folded.to_owned(),
        };
        let own = |rest: &str| -> Vec<usize> {
            let names = self.runs.iter().filter(|name| rest.starts_with(name.as_str()));
            let pair = rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at);
            let pair = self.pairs.pair(&rest[..pair]).map(|_| 2);
            names.map(|name| name.chars().count()).chain(pair).collect()
        };
        let mut parts: Vec<Part> = Vec::new();
        let mut at = 0;
        let mut joined = false;
        for (start, end) in han::segments(&form, self.join.gazetteer, &own) {
            let folded = &form[start..end];
            let length = folded.chars().count();
            let written: String = typed_or(at, at + length, folded);
            at += length;
            let part = match self.find(folded) {
                Named::One(actor) => Part::Name(actor),
                Named::Both(first, second) => Part::Pair(first, second, written),
                Named::Nobody | Named::Unclear(_) if PARTICLES.contains(&folded) => {
                    joined = false;
                    continue;
                }
                Named::Nobody | Named::Unclear(_) => Part::Text(written),
            };
            match (parts.last_mut(), part) {
                (Some(Part::Text(before)), Part::Text(more)) if joined => before.push_str(&more),
                (_, part) => parts.push(part),
            }
            joined = true;
        }
        let named = parts.iter().any(|part| !matches!(part, Part::Text(_)));
        let whole = parts
            .iter()
            .all(|part| !matches!(part, Part::Text(text) if text.chars().count() < 2));
        (named && whole && parts.len() > 1).then_some(parts)
    }

    /// What an actor is called by `@`.
    pub(super) fn id(&self, actor: usize) -> String {
        match (self.lexicon.actors.get(actor), self.join.place(actor)) {
            (Some(actor), _) => actor.id.clone(),
            (None, Some(place)) => self.join.id(place),
            (None, None) => String::new(),
        }
    }

    /// The actor with that id.
    pub(super) fn with_id(&self, id: &str) -> Option<usize> {
        let own = self
            .lexicon
            .actors
            .iter()
            .position(|actor| actor.id.eq_ignore_ascii_case(id));
        own.or_else(|| self.join.with_id(id).map(|place| self.join.actor(place)))
    }

    /// The actor as an expression: any of its names, without those that would also find other things. The names that
    /// somebody wrote into the lexicon come first, and are counted.
    pub(super) fn expression(&self, actor: usize, field: Option<article::Field>) -> (Expr, usize) {
        let mut seen: Vec<String> = Vec::new();
        let mut names = Vec::new();
        let pairs = self.pairs.of(actor);
        let mut add = |name: &str, names: &mut Vec<Word>| {
            if let Some(key) = key(name)
                && !seen.contains(&key)
                // A pair that somebody wrote down as a name is one of two actors all the same.
                && !pairs.contains(&key)
            {
                seen.push(key);
                names.push(word(name, field));
            }
        };
        let own = self.lexicon.actors.get(actor);
        for name in own.into_iter().flat_map(spellings) {
            let doubted = || own.is_some_and(|own| key(name).is_some_and(|key| is_ambiguous(own, &key)));
            // Only the small word is marked: in capitals UN is no French article. Marked in capitals it is somebody else's too.
            let small = is_short_acronym(name) && own.is_some_and(|own| !own.ambiguous.contains(name));
            if small || !doubted() {
                add(name, &mut names);
            }
        }
        // An actor with ambiguous names only can be asked for all the same.
        if names.is_empty() {
            own.into_iter()
                .flat_map(spellings)
                .for_each(|name| add(name, &mut names));
        }
        let written = names.len();
        let closed: Vec<String> = (names.iter())
            .filter_map(|name| without_inner_spaces(&plain(&name.text).text))
            .collect();
        closed.iter().for_each(|name| add(name, &mut names));
        if let Some(place) = self.join.place(actor) {
            let all = self.join.gazetteer.names_of(place).filter(|name| !name.french);
            let doubted = |name: &str| own.is_some_and(|own| key(name).is_some_and(|key| is_ambiguous(own, &key)));
            for name in all.filter(|name| name.trust == Trust::Sure && !doubted(name.written)) {
                add(name.written, &mut names);
            }
            if names.is_empty() {
                let all = self.join.gazetteer.names_of(place).filter(|name| !name.french);
                all.filter(|name| name.trust != Trust::Demonym)
                    .for_each(|name| add(name.written, &mut names));
            }
        }
        names.extend(pairs.iter().map(|pair| Word {
            only: Some(Only::Pair),
            ..word(pair, field)
        }));
        let id = self.id(actor);
        (Expr::Actor { id, names }, written)
    }

    /// Ids that are like a misspelt one.
    pub(super) fn ids(&self) -> impl Iterator<Item = String> {
        let own = self.lexicon.actors.iter().map(|actor| actor.id.clone());
        own.chain(self.join.gazetteer.places().map(|place| self.join.id(place)))
    }
}

/// What a plain text begins with: its first word, or the first character of a run.
fn first_token(plain: &str) -> &str {
    match plain.chars().next() {
        Some(c) if is_unspaced(c) => &plain[..c.len_utf8()],
        _ => plain.split(' ').next().unwrap_or_default(),
    }
}

/// Places of one name that a note lists.
const MOST_MEANT: usize = 6;

fn word(name: &str, field: Option<article::Field>) -> Word {
    Word {
        text: name.to_owned(),
        phrase: true,
        prefix: false,
        field,
        exact: false,
        only: is_short_acronym(name).then_some(Only::Capitals),
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
