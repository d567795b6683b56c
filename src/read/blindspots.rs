//! Blind spots: the stories that one group of outlets ran and another did not, as far as it was looked at.
//!
//! A group is silent on a story only where at least one of its sources was looked at and none ran it; a group that was
//! not looked at is unknown.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use crate::model::suggestion::SuggestionId;
use crate::model::{Interval, Source};
use crate::store::{Reader, SourceStatus, StoreError};

use super::suggest::{self, Story, Wanted};

/// Of the runs that meant to look at a source, this share must have looked for its silence to count (comparison: more
/// than a quarter unobserved is unknown).
const LOOKED_SHARE: f64 = 0.75;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Country,
    Language,
    Ownership,
    /// The labels of `groups` in sources.toml; a source is in each of its own.
    Group,
}

/// The stories of a window on which some group is silent that another ran.
#[derive(Debug, Serialize)]
pub struct BlindSpots {
    pub by: By,
    pub since: Timestamp,
    pub until: Timestamp,
    /// Stories of the window that were held against the groups.
    pub stories_seen: usize,
    pub groups: Vec<Group>,
    pub stories: Vec<Spot>,
}

/// A group of outlets in the window.
#[derive(Debug, Serialize)]
pub struct Group {
    pub id: String,
    pub sources: usize,
    pub looked_at: usize,
}

#[derive(Debug, Serialize)]
pub struct Spot {
    pub id: SuggestionId,
    pub title: String,
    pub titles: BTreeMap<String, String>,
    pub first: Timestamp,
    pub articles: usize,
    pub groups: Vec<Part>,
}

/// One group's part in one story.
#[derive(Debug, Serialize)]
pub struct Part {
    pub group: String,
    pub status: Status,
    /// Sources that ran it.
    pub ran: Vec<String>,
    /// Sources that were looked at, those that ran it among them.
    pub looked_at: usize,
    pub sources: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Ran,
    /// Looked at, and nothing of the story found among what was linked.
    Silent,
    /// Not looked at, or too little.
    Unknown,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Ran => "ran",
            Status::Silent => "silent",
            Status::Unknown => "unknown",
        }
    }
}

/// What is asked for.
pub struct Asked<'a> {
    pub sources: &'a [Source],
    pub window: Interval,
    pub by: By,
    /// Only stories that at least so many sources ran.
    pub least: usize,
}

pub fn blind_spots(reader: &Reader, asked: &Asked<'_>) -> Result<BlindSpots, StoreError> {
    let status: BTreeMap<String, SourceStatus> = reader
        .status(asked.window)?
        .into_iter()
        .map(|status| (status.id.clone(), status))
        .collect();
    let looked = |source: &Source| {
        status.get(&source.id).is_some_and(|status| {
            status.looks_ok > 0 && f64::from(status.looks_ok) >= LOOKED_SHARE * f64::from(status.looks_planned)
        })
    };
    let mut members: BTreeMap<String, Vec<&Source>> = BTreeMap::new();
    for source in asked
        .sources
        .iter()
        .filter(|source| source.enabled || source.provisional)
    {
        for group in groups(source, asked.by) {
            members.entry(group).or_default().push(source);
        }
    }
    let wanted = Wanted {
        window: asked.window,
        all: true,
    };
    let all = suggest::suggest(reader, asked.sources, wanted)?.stories;
    let seen: Vec<Story> = all
        .into_iter()
        .filter(|story| story.sources.len() >= asked.least)
        .collect();
    let stories_seen = seen.len();
    let stories = seen
        .into_iter()
        .filter_map(|story| spot(story, &members, looked))
        .collect();
    Ok(BlindSpots {
        by: asked.by,
        since: asked.window.min,
        until: asked.window.max,
        stories_seen,
        groups: members
            .iter()
            .map(|(id, sources)| Group {
                id: id.clone(),
                sources: sources.len(),
                looked_at: sources.iter().filter(|source| looked(source)).count(),
            })
            .collect(),
        stories,
    })
}

fn spot(story: Story, members: &BTreeMap<String, Vec<&Source>>, looked: impl Fn(&Source) -> bool) -> Option<Spot> {
    let ran: BTreeSet<&str> = story.sources.iter().map(String::as_str).collect();
    let parts: Vec<Part> = members
        .iter()
        .map(|(group, sources)| {
            let own: Vec<String> = sources
                .iter()
                .filter(|source| ran.contains(source.id.as_str()))
                .map(|source| source.id.clone())
                .collect();
            // What ran it was seen, whatever the ledger says.
            let seen = |source: &&&Source| ran.contains(source.id.as_str()) || looked(source);
            let looked_at = sources.iter().filter(seen).count();
            Part {
                group: group.clone(),
                status: match (own.is_empty(), looked_at) {
                    (false, _) => Status::Ran,
                    (true, 0) => Status::Unknown,
                    (true, _) => Status::Silent,
                },
                ran: own,
                looked_at,
                sources: sources.len(),
            }
        })
        .collect();
    let has = |status| parts.iter().any(|part| part.status == status);
    (has(Status::Ran) && has(Status::Silent)).then_some(Spot {
        id: story.id,
        title: story.title,
        titles: story.titles,
        first: story.first,
        articles: story.articles.len(),
        groups: parts,
    })
}

/// The groups that a source is in; none where that is not known of it.
fn groups(source: &Source, by: By) -> Vec<String> {
    let known = |value: &str, unknown: &str| {
        if value == unknown {
            Vec::new()
        } else {
            vec![value.to_owned()]
        }
    };
    match by {
        By::Country => known(&source.country, "ZZ"),
        By::Language => known(source.lang.split('-').next().unwrap_or_default(), "und"),
        By::Ownership => {
            let word = serde_json::to_value(source.ownership).unwrap_or_default();
            known(word.as_str().unwrap_or("unknown"), "unknown")
        }
        By::Group => source.groups.clone(),
    }
}
