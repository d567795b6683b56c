//! Article × Topics × Lexicon to matches.
//!
//! Takes an Article and compiled terms, gives tags with the terms that made them. Never decides what an article is about without a term.
//!
//! Words match whole, whatever their case, accents, hyphens and elisions; Hangul matches anywhere, Han names between
//! words, Han topics anywhere, and the longest name wins over those inside it. The lexicon's names come first, then the
//! places of the gazetteer. A topic's terms count in their own language only (all, where the article's could not be
//! told); an actor's names count in every language, because names are quoted across them.

pub mod explain;
mod names;
mod terms;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aho_corasick::AhoCorasick;

use crate::model::article::{Field, TermHit};
use crate::model::{Article, Lexicon, Mention, TopicTag, Topics};
use crate::names::gazetteer::{Gazetteer, NameNo, Trust};
use crate::names::join::Join;
use crate::names::pairs::{self, Pair, ShortForms};
use crate::names::sightings::{Sighting, is_acronym, sightings};
use crate::names::{gazetteer, han};
use crate::text::fold::fold;
use crate::text::plain::plain;

use terms::{FieldText, Term};

/// Places of one term kept of one field: enough to read it there, few enough for an article that says nothing else.
const MOST_PLACES: usize = 16;

/// The words that are tagged, of an article or of what is kept of one.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    pub lang: Option<&'a str>,
    pub title: &'a str,
    pub lead: &'a str,
    pub body: &'a str,
}

impl<'a> From<&'a Article> for Words<'a> {
    fn from(article: &'a Article) -> Words<'a> {
        Words {
            lang: article.lang.as_deref(),
            title: &article.title,
            lead: article.standfirst.as_deref().unwrap_or_default(),
            body: &article.text,
        }
    }
}

/// What an article is tagged with, in the order of the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    pub topics: Vec<TopicTag>,
    pub mentions: Vec<Mention>,
    /// Topics that had hits enough and were forbidden, with the terms of `none` that did it.
    pub forbidden: Vec<TopicTag>,
    /// The pairs of countries that made mentions, each once a field.
    pub pairs: BTreeSet<(Field, String)>,
}

/// Topics and lexicon, compiled once for any number of articles.
#[derive(Debug)]
pub struct Tagger {
    /// `None` when nothing is configured.
    automaton: Option<AhoCorasick>,
    /// For every pattern of the automaton, the entries it belongs to.
    owners: Vec<Vec<usize>>,
    /// In the order of the configuration.
    entries: Vec<Entry>,
    topics: Vec<(String, u32)>,
    actors: Vec<Known>,
    /// Of the lexicon's actors, for the names that count beside their country.
    countries: Vec<Option<String>>,
    join: Join,
    short_forms: ShortForms,
}

/// An actor of the lexicon, as far as tags need it.
#[derive(Debug)]
struct Known {
    id: String,
    person: bool,
    concept: bool,
    /// Characters that its Chinese names begin with.
    initials: Vec<char>,
}

/// One term and what it stands for.
#[derive(Debug)]
struct Entry {
    term: Term,
    role: Role,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Role {
    /// Of this topic, in this language.
    Any(usize, String),
    None(usize, String),
    /// Of this actor; an ambiguous one counts only beside one that is not.
    Actor {
        actor: usize,
        ambiguous: bool,
    },
    /// A word for this actor that makes no tag.
    Epithet(usize),
}

/// One occurrence of an entry in one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    start: usize,
    /// Ranked so that the longer of two that start together comes first.
    shorter: std::cmp::Reverse<usize>,
    entry: usize,
}

impl Match {
    fn end(&self) -> usize {
        self.shorter.0
    }
}

/// Hits by (topic or actor), then field, then place in the configuration.
type Hits = BTreeMap<(usize, Field, usize), Found>;

/// One term in one field.
#[derive(Debug)]
struct Found {
    term: String,
    count: u32,
    at: Vec<(u32, u32)>,
}

/// More different pairs than one field can hold.
const MOST_PAIRS: usize = 1 << 20;

impl Tagger {
    /// Over the gazetteer that comes with vigie.
    pub fn new(topics: &Topics, lexicon: &Lexicon) -> Tagger {
        Tagger::over(topics, lexicon, gazetteer::builtin())
    }

    pub fn over(topics: &Topics, lexicon: &Lexicon, gazetteer: &'static Gazetteer) -> Tagger {
        let join = Join::of(lexicon, gazetteer);
        let short_forms = ShortForms::new(lexicon, &join);
        let mut entries = Vec::new();
        for (index, topic) in topics.topics.iter().enumerate() {
            for (lang, terms) in &topic.any {
                add(&mut entries, terms, |_| Role::Any(index, base(lang).to_owned()));
            }
            for (lang, terms) in &topic.none {
                add(&mut entries, terms, |_| Role::None(index, base(lang).to_owned()));
            }
        }
        for (index, actor) in lexicon.actors.iter().enumerate() {
            let doubtful: Vec<String> = actor.ambiguous.iter().map(|name| plain(name).text).collect();
            let role = |term: &Term| Role::Actor {
                actor: index,
                ambiguous: term.forms.iter().any(|form| doubtful.contains(form)),
            };
            // A single Han character names a country beside another one only, and then both (`pairs`).
            let names = actor.names.values().flatten().chain(&actor.aliases);
            let names: Vec<String> = names
                .filter(|name| pairs::single(&fold(name)).is_none() && short_forms.pair(&fold(name)).is_none())
                .cloned()
                .collect();
            add(&mut entries, &names, role);
            add(&mut entries, &actor.epithets, |_| Role::Epithet(index));
        }
        let (patterns, owners) = patterns(&entries);
        Tagger {
            // Fails on more than two billion patterns only, which no file that was read could hold.
            automaton: AhoCorasick::new(&patterns).ok().filter(|_| !patterns.is_empty()),
            owners,
            entries,
            topics: topics
                .topics
                .iter()
                .map(|topic| (topic.id.clone(), topic.min_hits.max(1)))
                .collect(),
            actors: lexicon.actors.iter().map(names::known).collect(),
            countries: lexicon.actors.iter().map(|actor| actor.country.clone()).collect(),
            short_forms,
            join,
        }
    }

    /// The topics and actors of one article, with what made them.
    pub fn matches<'w>(&self, words: impl Into<Words<'w>>) -> Tags {
        let words = words.into();
        let lang = words.lang.map(base);
        let (mut topic_hits, mut actor_hits, mut doubtful_hits) = (Hits::new(), Hits::new(), Hits::new());
        let mut forbidding = Hits::new();
        let mut pairs = BTreeSet::new();
        for (field, text) in words.fields() {
            let text = FieldText::new(text);
            let found = self.find(&text, lang);
            for m in longest(&found, |m| self.role(m).topic_any()) {
                if let Some(topic) = self.role(&m).topic_any() {
                    self.count(&mut topic_hits, topic, field, &m, &text);
                }
            }
            for m in &found {
                if let Role::None(topic, _) = self.role(m) {
                    self.count(&mut forbidding, *topic, field, m, &text);
                }
            }
            let places = sightings(self.join.gazetteer, text.original, &text.plain, lang);
            let (names, places) = self.apart(&text, longest(&found, |m| self.role(m).actor().map(|_| 0)), places);
            for m in once_per_actor(&names, |m| self.role(m).actor()) {
                if let Role::Actor { actor, ambiguous } = *self.role(&m) {
                    let hits = if ambiguous { &mut doubtful_hits } else { &mut actor_hits };
                    self.count(hits, actor, field, &m, &text);
                }
            }
            for place in &places {
                let hits = if place.sure {
                    &mut actor_hits
                } else {
                    &mut doubtful_hits
                };
                self.count_place(hits, field, place, &text);
            }
            if lang.is_none_or(|lang| lang == "zh") {
                let found = self.pairs(&text, &names);
                let written = |pair: &Pair| text.plain.text.get(pair.start..pair.end).map(str::to_owned);
                pairs.extend(found.iter().filter_map(written).map(|pair| (field, pair)));
                self.count_pairs(&text, field, found, &mut actor_hits);
            }
        }
        self.settle(&mut actor_hits, doubtful_hits);
        let (forbidden, carried): (Vec<_>, Vec<_>) = self
            .topic_tags(&topic_hits)
            .partition(|(index, _)| has_hits(&forbidding, *index));
        Tags {
            topics: carried.into_iter().map(|(_, tag)| tag).collect(),
            mentions: self.mentions(&actor_hits),
            forbidden: forbidden
                .into_iter()
                .map(|(index, tag)| TopicTag {
                    topic: tag.topic,
                    hits: of(&forbidding, index),
                })
                .collect(),
            pairs,
        }
    }

    /// Names of the lexicon and places of the gazetteer, where they overlap: the longer one, then the lexicon's. What the
    /// lexicon finds ambiguous and the gazetteer knows as a demonym of the same place (French), or as its initials in
    /// capitals (U.S.), is believed.
    fn apart(&self, text: &FieldText<'_>, names: Vec<Match>, places: Vec<Sighting>) -> (Vec<Match>, Vec<Sighting>) {
        if places.is_empty() {
            return (names, places);
        }
        let whole = text.plain.text.as_str();
        let covers = |name: &Match, place: &Sighting| name.start <= place.start && name.end() >= place.end;
        let believed = |name: &Match, place: &Sighting| {
            let Role::Actor { actor, ambiguous } = *self.role(name) else {
                return false;
            };
            let known = self.join.gazetteer.name(place.name);
            ambiguous
                && (name.start, name.end()) == (place.start, place.end)
                && self.join.actor(place.place) == actor
                && (known.trust == Trust::Demonym || place.sure && is_acronym(known.written))
        };
        let near = |at: usize, end: usize| {
            // Both are in order; names do not lie within one another, so those that touch a stretch stand together.
            let first = names.partition_point(|name| name.end() <= at);
            names[first..].iter().take_while(move |name| name.start < end)
        };
        let kept: Vec<Sighting> = places
            .iter()
            .filter(|place| {
                near(place.start, place.end).all(|name| !covers(name, place) || believed(name, place))
                    && whole.get(place.start..place.end).is_some()
            })
            .copied()
            .collect();
        let hidden = |name: &Match| {
            let first = kept.partition_point(|place| place.end <= name.start);
            kept[first..]
                .iter()
                .take_while(|place| place.start < name.end())
                .any(|place| place.start <= name.start && place.end >= name.end())
        };
        let names = names.iter().filter(|name| !hidden(name)).copied().collect();
        (names, kept)
    }

    /// Places are counted behind every entry of the configuration and every pair, so that keys never meet.
    fn count_place(&self, hits: &mut Hits, field: Field, place: &Sighting, text: &FieldText<'_>) {
        let NameNo(name) = place.name;
        let key = self.entries.len() + MOST_PAIRS + name as usize;
        let written = || Found::new(self.join.gazetteer.name(place.name).written);
        hits.entry((self.join.actor(place.place), field, key))
            .or_insert_with(written)
            .add(|| text.place(place.start, place.end));
    }

    /// A doubtful name counts beside a sure one of the same actor, a doubtful place beside anything sure of its country.
    fn settle(&self, sure: &mut Hits, doubtful: Hits) {
        let mut named: Vec<usize> = sure.keys().map(|(actor, ..)| *actor).collect();
        named.dedup();
        let countries: Vec<&str> = named.iter().filter_map(|actor| self.country(*actor)).collect();
        for (key, hit) in doubtful {
            let (actor, _, entry) = key;
            let is_place = entry >= self.entries.len() + MOST_PAIRS;
            let country = is_place.then(|| self.country(actor)).flatten();
            if named.contains(&actor) || country.is_some_and(|own| countries.contains(&own)) {
                sure.insert(key, hit);
            }
        }
    }

    /// What `@` calls an actor, by its number.
    fn id(&self, actor: usize) -> Option<String> {
        match self.actors.get(actor) {
            Some(known) => Some(known.id.clone()),
            None => self.join.place(actor).map(|place| self.join.id(place)),
        }
    }

    fn country(&self, actor: usize) -> Option<&str> {
        match self.countries.get(actor) {
            Some(own) => own.as_deref(),
            None => self.join.place(actor).map(|no| self.join.gazetteer.place(no).country),
        }
    }

    /// Every occurrence that stands where its term may stand and is of the article's language.
    fn find(&self, text: &FieldText<'_>, lang: Option<&str>) -> Vec<Match> {
        let mut found = Vec::new();
        let Some(automaton) = &self.automaton else { return found };
        for hit in automaton.find_overlapping_iter(&text.plain.text) {
            for &entry in self.owners.get(hit.pattern().as_usize()).into_iter().flatten() {
                let Entry { term, role } = &self.entries[entry];
                if role.is_for(lang) && term.fits(text, hit.start(), hit.end()) && self.stands(role, text, &hit) {
                    found.push(Match {
                        start: hit.start(),
                        shorter: std::cmp::Reverse(hit.end()),
                        entry,
                    });
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// A Han name of two characters stands between words; longer ones seldom lie across them.
    fn stands(&self, role: &Role, text: &FieldText<'_>, hit: &aho_corasick::Match) -> bool {
        let whole = text.plain.text.as_str();
        let short = matches!(role, Role::Actor { .. })
            && whole.get(hit.range()).is_some_and(|name| {
                name.chars().count() == 2 && name.chars().all(|c| matches!(c, '\u{3400}'..='\u{9FFF}'))
            });
        !short || han::stands(whole, hit.start(), hit.end(), false, self.join.gazetteer)
    }

    fn role(&self, m: &Match) -> &Role {
        &self.entries[m.entry].role
    }

    fn count(&self, hits: &mut Hits, whose: usize, field: Field, m: &Match, text: &FieldText<'_>) {
        let written = || Found::new(&self.entries[m.entry].term.written);
        let found = hits.entry((whose, field, m.entry)).or_insert_with(written);
        found.add(|| text.place(m.start, m.end()));
    }

    /// The pairs of countries that are no part of a longer name.
    fn pairs(&self, text: &FieldText<'_>, names: &[Match]) -> Vec<Pair> {
        // Names that lie in no longer one end in the order they begin, so the last one to begin before the pair's end decides.
        let taken = |start: usize, end: usize| {
            let before = names.partition_point(|name| name.start < end);
            before
                .checked_sub(1)
                .and_then(|last| names.get(last))
                .is_some_and(|name| name.end() > start)
        };
        self.short_forms.pairs(text.plain.text.as_str(), taken)
    }

    fn count_pairs(&self, text: &FieldText<'_>, field: Field, found: Vec<Pair>, hits: &mut Hits) {
        let plain = text.plain.text.as_str();
        // Behind every entry of the configuration, so that keys never meet: the text of the pair orders them.
        let mut after_entries: BTreeMap<String, usize> = BTreeMap::new();
        for pair in &found {
            after_entries.insert(plain.get(pair.start..pair.end).unwrap_or_default().to_owned(), 0);
        }
        for (rank, slot) in after_entries.values_mut().enumerate() {
            *slot = self.entries.len() + rank;
        }
        // In 中日韩 the middle one stands in two pairs and is named once.
        let mut counted_to = 0;
        for pair in found {
            let written = plain.get(pair.start..pair.end).unwrap_or_default();
            let Some(&place) = after_entries.get(written) else {
                continue;
            };
            for (at, actor) in [(pair.start, pair.first), (pair.middle, pair.second)] {
                if at >= counted_to {
                    hits.entry((actor, field, place))
                        .or_insert_with(|| Found::new(written))
                        .add(|| text.place(pair.start, pair.end));
                }
            }
            counted_to = pair.end;
        }
    }

    /// The topics with hits enough, by their place in the configuration.
    fn topic_tags(&self, hits: &Hits) -> impl Iterator<Item = (usize, TopicTag)> {
        self.topics.iter().enumerate().filter_map(|(index, (id, least))| {
            let hits = of(hits, index);
            let total: u32 = hits.iter().map(|hit| hit.count).sum();
            let topic = id.clone();
            (total >= *least).then_some((index, TopicTag { topic, hits }))
        })
    }

    fn mentions(&self, hits: &Hits) -> Vec<Mention> {
        let mut named: Vec<usize> = hits.keys().map(|(actor, ..)| *actor).collect();
        named.dedup();
        let mentions = named.into_iter().filter_map(|index| {
            Some(Mention {
                actor: self.id(index)?,
                hits: of(hits, index),
            })
        });
        mentions.collect()
    }
}

impl<'a> Words<'a> {
    fn fields(&self) -> [(Field, &'a str); 3] {
        [
            (Field::Title, self.title),
            (Field::Lead, self.lead),
            (Field::Body, self.body),
        ]
    }
}

impl Found {
    fn new(term: &str) -> Found {
        Found {
            term: term.to_owned(),
            count: 0,
            at: Vec::new(),
        }
    }

    fn add(&mut self, place: impl FnOnce() -> (u32, u32)) {
        self.count += 1;
        if self.at.len() < MOST_PLACES {
            self.at.push(place());
        }
    }
}

impl Role {
    fn topic_any(&self) -> Option<usize> {
        match self {
            Role::Any(topic, _) => Some(*topic),
            _ => None,
        }
    }

    fn actor(&self) -> Option<usize> {
        match self {
            Role::Actor { actor, .. } => Some(*actor),
            _ => None,
        }
    }

    fn is_for(&self, lang: Option<&str>) -> bool {
        match self {
            Role::Any(_, own) | Role::None(_, own) => lang.is_none_or(|lang| lang == own),
            Role::Actor { .. } | Role::Epithet(_) => true,
        }
    }
}

fn add(entries: &mut Vec<Entry>, terms: &[String], role: impl Fn(&Term) -> Role) {
    for term in terms.iter().filter_map(|written| Term::new(written)) {
        entries.push(Entry {
            role: role(&term),
            term,
        });
    }
}

/// Every form once, with the entries that share it.
fn patterns(entries: &[Entry]) -> (Vec<&str>, Vec<Vec<usize>>) {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let (mut patterns, mut owners): (Vec<&str>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
    for (index, entry) in entries.iter().enumerate() {
        for form in &entry.term.forms {
            let place = *places.entry(form).or_insert_with(|| {
                patterns.push(form);
                owners.push(Vec::new());
                patterns.len() - 1
            });
            owners[place].push(index);
        }
    }
    (patterns, owners)
}

fn base(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

/// The matches that lie in no longer one of the same group; `group` leaves out what it gives `None` for. Of several that
/// cover the same stretch all stay, in the order of the configuration. `found` is sorted.
fn longest(found: &[Match], group: impl Fn(&Match) -> Option<usize>) -> Vec<Match> {
    // By group, the furthest end so far and the match that reaches it.
    let mut reach: HashMap<usize, Match> = HashMap::new();
    let mut kept = Vec::new();
    for m in found {
        let Some(group) = group(m) else { continue };
        match reach.get(&group) {
            Some(longer) if longer.end() >= m.end() && (longer.start, longer.end()) != (m.start, m.end()) => continue,
            _ => {}
        }
        reach.insert(group, *m);
        kept.push(*m);
    }
    kept
}

/// One stretch of text names an actor once, however many of its entries are spelled so.
fn once_per_actor(names: &[Match], actor: impl Fn(&Match) -> Option<usize>) -> Vec<Match> {
    let mut kept: Vec<Match> = Vec::with_capacity(names.len());
    for name in names {
        let same = |m: &&Match| (m.start, m.end()) == (name.start, name.end());
        let known = kept.iter().rev().take_while(same).any(|m| actor(m) == actor(name));
        if !known {
            kept.push(*name);
        }
    }
    kept
}

fn of(hits: &Hits, whose: usize) -> Vec<TermHit> {
    hits.range((whose, Field::Title, 0)..(whose + 1, Field::Title, 0))
        .map(|((_, field, _), found)| TermHit {
            term: found.term.clone(),
            field: *field,
            count: found.count,
            at: found.at.clone(),
        })
        .collect()
}

fn has_hits(hits: &Hits, whose: usize) -> bool {
    hits.range((whose, Field::Title, 0)..(whose + 1, Field::Title, 0))
        .next()
        .is_some()
}

#[cfg(test)]
mod tests;
