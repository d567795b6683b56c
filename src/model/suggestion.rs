//! A **Suggestion** is a Story that vigie made of articles which seem to tell of one event, for a person to judge.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::article::ArticleId;
use super::date::{DateClaim, Interval};

/// `s:` and 10 hex digits.
pub type SuggestionId = String;

/// Why an article is in a story: beside which other one, and what they share.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The article of the story that it is nearest to; absent where it stands alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<ArticleId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest_source: Option<String>,
    /// Its words are those of that article, in this share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reprint: Option<f32>,
    /// It has nearly the words of that article, or that one its: this share. Who had them first is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<f32>,
    /// The user put it there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub decided: bool,
    /// Cosine of the two texts' meanings, each language's mean taken off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f32>,
    /// The same of the titles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub titles: Option<f32>,
    /// Names in both: as written here, as written there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<String>,
    /// Words of both titles that mean the same: as written here, as written there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<(String, String)>,
    /// Hours between the claimed times; 0 where their intervals meet.
    #[serde(default)]
    pub hours: f32,
}

/// A story and the articles in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    pub id: SuggestionId,
    pub members: Vec<Member>,
}

/// An article's part in a suggested story.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub rowid: i64,
    pub article: ArticleId,
    pub source: String,
    pub lang: Option<String>,
    pub url: String,
    pub title: String,
    pub published: Interval,
    /// As it was written; none where no date was found.
    pub claim: Option<DateClaim>,
    pub first_seen_at: Timestamp,
    /// 0 to 1: how likely it is of one story with those it is linked to.
    pub score: f32,
    pub why: Evidence,
}
