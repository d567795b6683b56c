//! **Topics**, **Actors** and **Concepts**: what people configured, with terms and names per language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Terms by language tag (`fr`, `en`, `zh`, `ko`); Chinese is written simplified, traditional is folded.
pub type Terms = BTreeMap<String, Vec<String>>;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Topics {
    pub topics: Vec<Topic>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    pub id: String,
    pub name: BTreeMap<String, String>,
    /// One of these makes the tag.
    pub any: Terms,
    /// One of these forbids it.
    pub none: Terms,
    /// How many hits (of `any`, all fields) are needed; 1 unless said.
    pub min_hits: u32,
    /// A sentence on what it is about. It tags nothing: articles near it in meaning are suggested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Lexicon {
    pub actors: Vec<Actor>,
    #[serde(default)]
    pub concepts: Vec<Concept>,
}

/// An ordinary word of the beat with what other languages call it: `treaty`, `embassy`. Nothing is tagged with it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Concept {
    /// Never that of an actor, so that one id names one thing.
    pub id: String,
    /// Words that mean this and nothing else, by language, the usual one first.
    pub names: Terms,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Actor {
    /// `north-korea`, `jack-lang`: what `@…` in a query names.
    pub id: String,
    pub kind: ActorKind,
    /// Names by language, the first of each the usual one. `zh` and `zh-Hant` may both be given where the words differ (朝鲜 / 北韓).
    pub names: Terms,
    /// Other spellings in any script.
    pub aliases: Vec<String>,
    /// Country (ISO 3166-1 alpha-2) the actor stands for or belongs to.
    pub country: Option<String>,
    /// Spellings that are also ordinary words or other people, so that a bare word never expands to this actor.
    pub ambiguous: Vec<String>,
    /// Words for it that judge or veil (`régime`, `Dear Leader`): counted beside a name, never searched, never a tag.
    #[serde(default)]
    pub epithets: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    Person,
    #[default]
    Place,
    Organisation,
    /// A resolution, a treaty, a work.
    Concept,
}
