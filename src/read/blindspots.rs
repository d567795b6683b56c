//! Blind spots: the stories that one group of outlets ran and another did not, as far as it was looked at.
//!
//! A group is silent on a story only where at least one of its editions was watched since the story began, and none ran
//! it; a group that was not watched is unknown. Watched is what a comparison calls so: most of that time is vouched for by
//! good looks, up to the last of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::compare::evidence::outlets;
use crate::compare::{UNKNOWN_ABOVE, observed};
use crate::model::comparison::LookRow;
use crate::model::suggestion::SuggestionId;
use crate::model::{Interval, Source};
use crate::store::{Reader, StoreError};

use super::suggest::{self, Story, Wanted};

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
    /// Editions, and how many of them had a good look in the window.
    pub sources: usize,
    pub looked_at: usize,
    /// The same of outlets, of which an edition had one.
    pub outlets: usize,
    pub outlets_looked_at: usize,
}

#[derive(Debug, Serialize)]
pub struct Spot {
    pub id: SuggestionId,
    pub title: String,
    pub titles: BTreeMap<String, String>,
    pub first: Timestamp,
    /// From here on a silence counts: when the story began, or the window.
    pub since: Timestamp,
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
    /// Editions that ran it, or were watched since the story began; and all.
    pub looked_at: usize,
    pub sources: usize,
    /// The same of outlets.
    pub outlets_looked_at: usize,
    pub outlets: usize,
    pub editions: Vec<Edition>,
}

/// What one edition's part in one story rests on.
#[derive(Debug, Serialize)]
pub struct Edition {
    pub source: String,
    pub name: String,
    pub outlet: String,
    pub status: Status,
    /// Of the time since the story began.
    pub looks_planned: u32,
    pub looks_ok: u32,
    /// The last good look: what came later is nobody's silence.
    pub last_look: Option<Timestamp>,
    /// Share of the time up to that look that no look vouches for.
    pub unobserved: Option<f32>,
    /// Why nothing can be said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Ran,
    /// Watched, and nothing of the story found among what was linked.
    Silent,
    /// Not watched, or too little.
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
    let ledger = Ledger::read(reader, &members, asked.window)?;
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
        .filter_map(|story| spot(story, &members, &ledger))
        .collect();
    Ok(BlindSpots {
        by: asked.by,
        since: asked.window.min,
        until: asked.window.max,
        stories_seen,
        groups: members
            .iter()
            .map(|(id, sources)| group(id, sources, &ledger))
            .collect(),
        stories,
    })
}

/// What was done to see the editions in the window.
struct Ledger {
    window: Interval,
    /// Looks by source, those at the beginning of the window's first good ones before it.
    looks: HashMap<String, Vec<LookRow>>,
    /// Runs that meant to look, with their beginnings.
    planned: HashMap<String, Vec<(Timestamp, i64)>>,
}

impl Ledger {
    fn read(reader: &Reader, members: &BTreeMap<String, Vec<&Source>>, window: Interval) -> Result<Ledger, StoreError> {
        let mut looks: HashMap<String, Vec<LookRow>> = HashMap::new();
        let sources: BTreeSet<&str> = members.values().flatten().map(|source| source.id.as_str()).collect();
        for source in sources {
            let before = reader.last_good_of_each_listing(source, window.min)?;
            looks.insert(source.to_owned(), before);
        }
        for look in reader.looks(window, None)? {
            looks.entry(look.source.clone()).or_default().push(look);
        }
        let mut planned: HashMap<String, Vec<(Timestamp, i64)>> = HashMap::new();
        for run in reader.planned_runs(window)? {
            for source in run.sources {
                planned.entry(source).or_default().push((run.started_at, run.run));
            }
        }
        Ok(Ledger { window, looks, planned })
    }

    fn edition(&self, source: &Source, ran: bool, since: Timestamp) -> Edition {
        let looks = self.looks.get(&source.id).map_or(&[][..], Vec::as_slice);
        let runs = self.planned.get(&source.id).into_iter().flatten();
        let planned: Vec<i64> = runs.filter(|(at, _)| *at >= since).map(|(_, run)| *run).collect();
        let span = Interval {
            min: since,
            max: self.window.max.max(since),
        };
        let seen = observed(looks, &planned, span);
        let unobserved = seen.last_good.map(|last| {
            let max = last.saturating_add(SignedDuration::from_secs(1)).unwrap_or(last);
            observed(looks, &planned, Interval { max, ..span }).unobserved
        });
        let unknown = match (seen.planned, unobserved) {
            _ if ran => None,
            (0, _) => Some("not looked at since the story began"),
            (_, None) => Some("no look succeeded since the story began"),
            (_, Some(share)) if share > UNKNOWN_ABOVE => Some("too much of the time unobserved"),
            // What a comparison calls weak is not told from what is sure here.
            _ if seen.in_part > 0 => Some("a look saw its listing in part"),
            _ => None,
        };
        Edition {
            source: source.id.clone(),
            name: source.label(),
            outlet: outlets::key(source),
            status: match (ran, unknown) {
                (true, _) => Status::Ran,
                (false, None) => Status::Silent,
                (false, Some(_)) => Status::Unknown,
            },
            looks_planned: seen.planned,
            looks_ok: seen.ok,
            last_look: seen.last_good,
            unobserved: unobserved.map(|share| (share * 100.0).round() / 100.0),
            unknown,
        }
    }
}

fn group(id: &str, sources: &[&Source], ledger: &Ledger) -> Group {
    let good = |source: &&&Source| {
        let looks = ledger.looks.get(&source.id);
        looks.is_some_and(|looks| looks.iter().any(|look| look.is_good() && look.at >= ledger.window.min))
    };
    let outlets_of = |sources: &mut dyn Iterator<Item = &&Source>| {
        let keys: BTreeSet<String> = sources.map(|source| outlets::key(source)).collect();
        keys.len()
    };
    Group {
        id: id.to_owned(),
        sources: sources.len(),
        looked_at: sources.iter().filter(good).count(),
        outlets: outlets_of(&mut sources.iter()),
        outlets_looked_at: outlets_of(&mut sources.iter().filter(good)),
    }
}

fn spot(story: Story, members: &BTreeMap<String, Vec<&Source>>, ledger: &Ledger) -> Option<Spot> {
    let ran: BTreeSet<&str> = story.sources.iter().map(String::as_str).collect();
    let since = story.first.max(ledger.window.min);
    let parts: Vec<Part> = members
        .iter()
        .map(|(group, sources)| {
            let editions = sources.iter();
            let editions = editions.map(|source| ledger.edition(source, ran.contains(source.id.as_str()), since));
            part(group, editions.collect())
        })
        .collect();
    let has = |status| parts.iter().any(|part| part.status == status);
    (has(Status::Ran) && has(Status::Silent)).then_some(Spot {
        id: story.id,
        title: story.title,
        titles: story.titles,
        first: story.first,
        since,
        articles: story.articles.len(),
        groups: parts,
    })
}

fn part(group: &str, editions: Vec<Edition>) -> Part {
    let count = |status| editions.iter().filter(|edition| edition.status == status).count();
    let outlets = |known: bool| {
        let counted = editions
            .iter()
            .filter(|edition| !known || edition.status != Status::Unknown);
        counted
            .map(|edition| edition.outlet.as_str())
            .collect::<BTreeSet<&str>>()
            .len()
    };
    let ran = editions.iter().filter(|edition| edition.status == Status::Ran);
    Part {
        group: group.to_owned(),
        status: match (count(Status::Ran), count(Status::Silent)) {
            (0, 0) => Status::Unknown,
            (0, _) => Status::Silent,
            _ => Status::Ran,
        },
        ran: ran.map(|edition| edition.source.clone()).collect(),
        looked_at: editions.len() - count(Status::Unknown),
        sources: editions.len(),
        outlets_looked_at: outlets(true),
        outlets: outlets(false),
        editions,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::look::{Continuity, Outcome, Verdict};

    fn at(hour: i64) -> Timestamp {
        let start: Timestamp = "2026-03-02T00:00:00Z".parse().unwrap();
        start.checked_add(SignedDuration::from_hours(hour)).unwrap()
    }

    fn source(id: &str, lang: &str) -> Source {
        Source {
            id: id.to_owned(),
            name: id.to_owned(),
            lang: lang.to_owned(),
            provisional: false,
            enabled: true,
            ..crate::config::provisional::source("paper.example")
        }
    }

    /// Looks at these hours, each tied to the one before, in runs that meant to look every four hours.
    fn ledger(looks: &[(&str, &[i64])]) -> Ledger {
        let row = |source: &str, hour: i64, n: usize| LookRow {
            id: hour,
            source: source.to_owned(),
            listing: 1,
            run: hour,
            at: at(hour),
            outcome: Outcome::Ok,
            continuity: if n == 0 { Continuity::First } else { Continuity::Overlap },
            verdict: Verdict::Ok,
            items: 20,
            new: 2,
            known: 18,
            error: None,
        };
        let rows = |source: &str, hours: &[i64]| (0..).zip(hours).map(|(n, hour)| row(source, *hour, n)).collect();
        Ledger {
            window: Interval {
                min: at(0),
                max: at(24),
            },
            looks: looks
                .iter()
                .map(|(source, hours)| (source.to_string(), rows(source, hours)))
                .collect(),
            planned: looks
                .iter()
                .map(|(source, _)| (source.to_string(), (0..6).map(|n| (at(n * 4), n * 4)).collect()))
                .collect(),
        }
    }

    fn story(sources: &[&str], first: i64) -> Story {
        Story {
            id: "s:0123456789".to_owned(),
            title: "Ferry aground".to_owned(),
            score: 0.9,
            titles: BTreeMap::new(),
            languages: Vec::new(),
            sources: sources.iter().map(|source| (*source).to_owned()).collect(),
            countries: Vec::new(),
            first: at(first),
            last: at(first),
            spread_hours: 0.0,
            articles: Vec::new(),
        }
    }

    #[test]
    fn who_was_not_watched_since_the_story_began_is_not_silent() {
        let sources = [
            source("ran", "en"),
            source("watched-fr", "fr"),
            source("watched-en", "en"),
            source("before", "fr"),
            source("never", "fr"),
            source("once", "fr"),
        ];
        let every: &[i64] = &[0, 4, 8, 12, 16, 20];
        let ledger = ledger(&[
            ("ran", every),
            ("watched-fr", every),
            ("watched-en", every),
            ("before", &[0, 4]),
            ("once", &[20]),
        ]);
        let members = BTreeMap::from([
            ("en".to_owned(), vec![&sources[0]]),
            ("fr".to_owned(), sources[1..].iter().collect()),
        ]);
        let spot = spot(story(&["ran"], 10), &members, &ledger).unwrap();
        assert_eq!((spot.since, spot.groups[0].status), (at(10), Status::Ran));
        let silent = &spot.groups[1];
        assert_eq!(silent.status, Status::Silent);
        assert_eq!((silent.looked_at, silent.sources), (2, 5));
        assert_eq!((silent.outlets_looked_at, silent.outlets), (1, 4));
        let told: Vec<(&str, Status, u32, Option<Timestamp>)> = silent
            .editions
            .iter()
            .map(|edition| {
                (
                    edition.source.as_str(),
                    edition.status,
                    edition.looks_ok,
                    edition.last_look,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("watched-fr", Status::Silent, 3, Some(at(20))),
                ("watched-en", Status::Silent, 3, Some(at(20))),
                ("before", Status::Unknown, 0, None),
                ("never", Status::Unknown, 0, None),
                ("once", Status::Unknown, 1, Some(at(20))),
            ]
        );
        assert!(silent.editions[2..].iter().all(|edition| edition.unknown.is_some()));
        // In the window, if not since the story began, two more were looked at.
        let group = group("fr", &members["fr"], &ledger);
        assert_eq!((group.sources, group.looked_at, group.outlets_looked_at), (5, 4, 3));
    }

    #[test]
    fn a_story_after_the_last_look_is_nobodys_blind_spot() {
        let sources = [source("ran", "en"), source("watched", "fr")];
        let ledger = ledger(&[("watched", &[0, 4, 8, 12, 16, 20])]);
        let members = BTreeMap::from([
            ("en".to_owned(), vec![&sources[0]]),
            ("fr".to_owned(), vec![&sources[1]]),
        ]);
        assert!(spot(story(&["ran"], 21), &members, &ledger).is_none());
        assert!(spot(story(&["ran"], 10), &members, &ledger).is_some());
        // Nor what was seen of a listing that broke off.
        let mut cut = ledger;
        for look in cut.looks.values_mut().flatten().filter(|look| look.at == at(16)) {
            look.verdict = Verdict::InPart;
        }
        assert!(spot(story(&["ran"], 10), &members, &cut).is_none());
        assert!(spot(story(&["ran"], 17), &members, &cut).is_some());
    }
}
