//! A **Story** as people write it down, in `stories/ID.toml`: a plain file that is edited, compared and cited.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::article::ArticleId;
use super::comparison::Remark;
use super::date::Interval;
use super::source::SourceId;

/// What makes an article part of a story, and what the reader wants to know of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// Also the file's name.
    pub id: String,
    pub title: String,
    /// Ids of the actors between whom it happens. The one at home in a source's country goes without saying there.
    pub relation: Vec<String>,
    pub window: Window,
    /// The query that decides, in which `@relation` and `@relation-other` stand for the actors as each source needs
    /// them. Without one nothing but the pins is in the story, and no source can be silent on it.
    pub matches: Option<String>,
    /// What else an outlet ran is sought by this: the "instead", and the positive control of a silence.
    pub topic: Option<String>,
    /// Sources that the reader would expect to cover it.
    pub expect: Vec<SourceId>,
    /// Themes to look for in each outlet: a name and a query.
    pub probes: Vec<Theme>,
    pub pins: Pins,
    pub questions: Vec<Remark>,
    pub notes: Vec<Remark>,
    /// The reader's own translations of headlines.
    pub gloss: BTreeMap<ArticleId, String>,
    /// SHA-256 of the file's bytes.
    pub sha256: String,
}

/// A theme of a story: `"human rights" = '"human rights" OR 人权'`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theme {
    pub name: String,
    pub query: String,
}

/// Since when and until when; a window without an end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub since: Timestamp,
    pub until: Option<Timestamp>,
}

impl Window {
    /// The window as far as it can be known at `now`: an open one ends a second on, so that this very moment's look is
    /// in it.
    pub fn at(self, now: Timestamp) -> Interval {
        let open = || now.saturating_add(SignedDuration::from_secs(1)).unwrap_or(now);
        Interval {
            min: self.since,
            max: self.until.unwrap_or_else(open).max(self.since),
        }
    }
}

/// Articles that the reader put in or took out, whatever the query says. Ids may be shortened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pins {
    #[serde(rename = "in")]
    pub within: Vec<ArticleId>,
    pub out: Vec<ArticleId>,
}
