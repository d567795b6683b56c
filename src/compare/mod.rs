//! A story and its looks to a Comparison: coverage, silence, first-ness, lineage.
//!
//! Takes rows as values, gives a Comparison. Never reads the store, never asks the time.

pub mod attention;
pub mod changes;
mod coverage;
pub mod evidence;
mod expectation;
pub mod firstness;
mod gaps;
mod length;
mod lineage;
mod silence;
mod summary;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::comparison::{
    Background, Comparison, DecidedBy, Excluded, Instead, LookRow, NearMiss, Remark, SCHEMA, Snapshot, Story,
    StoryArticle, Thresholds, TimelineEntry, TimelineKind,
};
use crate::model::{Article, ArticleId, Interval, Source};

pub use silence::{UNKNOWN_ABOVE, observed};

/// Everything a comparison rests on.
pub struct Input {
    pub story: Story,
    pub window: Interval,
    pub now: Timestamp,
    /// Version of vigie, for the record.
    pub version: String,
    /// Zone that local times are shown in.
    pub zone: String,
    pub snapshot: Snapshot,
    pub excluded: Vec<Excluded>,
    /// The query finds more than can be laid out.
    pub cut: Option<Cut>,
    /// The reader's own translations of headlines.
    pub glosses: BTreeMap<ArticleId, String>,
    pub notes: Vec<Remark>,
    pub questions: Vec<Remark>,
    pub background: Background,
    pub sources: Vec<SourceInput>,
    /// The actors that the story asks for, in its order.
    pub actors: Vec<StoryActor>,
    pub probes: evidence::Probes,
    /// Of the words of its articles.
    pub vocabulary: evidence::Vocabulary,
}

/// Of so many articles only the first few of each source are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    pub total: u64,
    pub each: u32,
}

/// An actor that a story asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryActor {
    pub id: String,
    /// Where it is at home.
    pub country: Option<String>,
}

/// What the store knows of one source for this story.
pub struct SourceInput {
    pub source: Source,
    /// Looks within the window, and the last good one of each listing before it; in ledger order.
    pub looks: Vec<LookRow>,
    /// Runs of the window that meant to look at it: one that died before is a look that was not made.
    pub planned: Vec<i64>,
    /// Articles that match the story.
    pub matches: Vec<Matched>,
    /// Articles of the window that name the story's actors without being it: the positive control.
    pub control_hits: u32,
    /// Those of them that are shown; none where the source covered the story.
    pub instead: Vec<Instead>,
    /// What came nearest to being the story, best first.
    pub near_misses: Vec<NearMiss>,
    /// Why no absence follows from the way it was asked.
    pub proves_nothing: Option<String>,
    /// Why its absence proves less than it could, by the way it was asked.
    pub weakened: Option<String>,
    /// Articles of the window whose page was had and gave no text.
    pub unread: u32,
    /// How often it covered the relation before; `None` = nothing is known of that.
    pub rate: Option<Rate>,
    /// The reader took an article of it out of the story.
    pub pinned_out: bool,
    /// New articles of the window, and how many of them have more than a title to search, and a full text.
    pub items: ItemCounts,
    /// How it usually publishes; nothing where too little of it is held.
    pub pace: Option<Pace>,
    /// Lengths of this source's articles in the last 90 days, in its own unit.
    pub lengths: Vec<u32>,
    /// Other articles of this source: comments open, of those whose state is known.
    pub comments_open: (u32, u32),
}

/// Earlier stories on the relation that others covered, and those of them that this source did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub covered: u32,
    pub of: u32,
}

/// What a source published in the weeks up to the end of the window, by its own dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    pub items: u32,
    pub oldest: Timestamp,
    pub newest: Timestamp,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct ItemCounts {
    pub listed: u32,
    pub searchable: u32,
    pub full_text: u32,
}

/// An article of the story, with what was seen of it.
pub struct Matched {
    pub article: Article,
    pub first_seen_at: Timestamp,
    /// Last good look at a listing that announced it, before it did.
    pub last_absent_at: Option<Timestamp>,
    /// The newest date that this look did list.
    pub newest_then: Option<Timestamp>,
    /// Its place on the listing when it was first seen; 1 = top.
    pub position: Option<u32>,
    pub decided_by: DecidedBy,
    pub gone_at: Option<Timestamp>,
    /// Oldest first; at least one.
    pub versions: Vec<Version>,
    /// The version that is in the story, where its present words are not.
    pub earlier: Option<u32>,
    /// What its text says.
    pub facts: evidence::Facts,
    /// The copy of its page.
    pub copy: Option<Copied>,
}

/// Where the archive keeps what an article was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Of the body that was answered.
    pub sha256: Option<String>,
    pub file: String,
    pub offset: u64,
    pub url: String,
    pub at: Timestamp,
}

pub struct Version {
    pub n: u32,
    pub seen_at: Timestamp,
    pub title: String,
    pub length: u32,
}

/// Lays a story out by source.
pub fn story(input: &Input) -> Comparison {
    let reuse = lineage::trace(input);
    let mut sources: Vec<_> = input
        .sources
        .iter()
        .map(|source| coverage::row(input, source, &reuse))
        .collect();
    firstness::rank(&mut sources);
    let silences = input
        .sources
        .iter()
        .filter_map(|source| silence::evidence(input, source))
        .collect();
    let mut limits = coverage::limits(input, &sources);
    let (evidence, unsaid) = evidence::gather(input, &sources, lineage::edges(&reuse));
    limits.extend(unsaid);
    if !sources.iter().any(|row| row.first_pub.is_some()) {
        limits.push("No source covered this story, so there is no first and no lag.".to_owned());
    }
    Comparison {
        schema: SCHEMA.to_owned(),
        story: input.story.clone(),
        window: input.window,
        generated_at: input.now,
        version: input.version.clone(),
        zone: input.zone.clone(),
        snapshot: input.snapshot.clone(),
        thresholds: thresholds(),
        summary: summary::sentence(&sources),
        articles: articles(input, &reuse),
        silences,
        instead: instead(input),
        evidence,
        timeline: timeline(input),
        background: input.background.clone(),
        codes: Vec::new(),
        excluded: input.excluded.clone(),
        notes: input.notes.clone(),
        questions: input.questions.clone(),
        limits,
        sources,
    }
}

fn thresholds() -> Thresholds {
    Thresholds {
        unknown_above: silence::UNKNOWN_ABOVE,
        searchable_share: silence::SEARCHABLE,
        reprint_share: lineage::REPRINT,
        reuse_shown: lineage::SHOWN,
        lengths_needed: length::ENOUGH as u32,
        comments_needed: coverage::BASELINE,
        occasions_needed: expectation::ENOUGH,
    }
}

fn articles(input: &Input, reuse: &lineage::Reuse) -> Vec<StoryArticle> {
    let mut rows: Vec<StoryArticle> = matches(input)
        .map(|matched| {
            let article = &matched.article;
            let span = firstness::narrow(matched);
            let earlier = reuse.get(&article.id).filter(|edge| edge.is_directed());
            StoryArticle {
                id: article.id.clone(),
                source_id: article.source.clone(),
                url: article.url.clone(),
                lang: article.lang.clone(),
                script: article.script.clone(),
                title: article.title.clone(),
                published: article.published.clone(),
                pub_min: span.interval.min,
                pub_max: span.interval.max,
                first_seen_at: matched.first_seen_at,
                last_absent_at: matched.last_absent_at,
                read_at: article.seen_at,
                length: article.length.n,
                length_unit: article.length.unit,
                text_access: article.text_access,
                kind: article.kind,
                credit: article.credit.clone(),
                authors: article.authors.clone(),
                reuse_of: earlier.map(|edge| edge.from.clone()),
                reuse_share: earlier.map(|edge| edge.share),
                n_versions: matched.versions.len() as u32,
                gone_at: matched.gone_at,
                sha256: article.digest.clone(),
                archive_sha256: matched.copy.as_ref().and_then(|copy| copy.sha256.clone()),
                archive_path: matched.copy.as_ref().map(|copy| copy.file.clone()),
                archive_offset: matched.copy.as_ref().map(|copy| copy.offset),
                snapshot_url: matched.copy.as_ref().map(|copy| copy.url.clone()),
                snapshot_at: matched.copy.as_ref().map(|copy| copy.at),
                gloss: input.glosses.get(&article.id).cloned(),
                decided_by: matched.decided_by,
            }
        })
        .collect();
    rows.sort_by(|a, b| (a.pub_min, a.first_seen_at, &a.id).cmp(&(b.pub_min, b.first_seen_at, &b.id)));
    rows
}

/// What the outlets without the story ran on its actors; outlets that covered it have no "instead".
fn instead(input: &Input) -> Vec<Instead> {
    input
        .sources
        .iter()
        .filter(|source| source.matches.is_empty())
        .flat_map(|source| {
            source.instead.iter().map(|item| Instead {
                length_pctl_outlet: length::percentile(item.length, &source.lengths),
                ..item.clone()
            })
        })
        .collect()
}

fn timeline(input: &Input) -> Vec<TimelineEntry> {
    let mut entries = Vec::new();
    for source in &input.sources {
        let entry = |at, until, what, article_id| TimelineEntry {
            source_id: source.source.id.clone(),
            at,
            until,
            what,
            article_id,
        };
        for look in source
            .looks
            .iter()
            .filter(|look| look.at >= input.window.min && look.at < input.window.max)
        {
            let what = if look.is_good() {
                TimelineKind::LookOk
            } else {
                TimelineKind::LookFailed
            };
            entries.push(entry(look.at, None, what, None));
        }
        for gap in gaps::spans(&source.looks, input.window) {
            entries.push(entry(gap.min, Some(gap.max), TimelineKind::Gap, None));
        }
        for matched in &source.matches {
            let id = Some(matched.article.id.clone());
            let span = firstness::narrow(matched).interval;
            entries.push(entry(span.min, Some(span.max), TimelineKind::Published, id.clone()));
            entries.push(entry(matched.first_seen_at, None, TimelineKind::FirstSeen, id.clone()));
            for version in matched.versions.iter().skip(1) {
                entries.push(entry(version.seen_at, None, TimelineKind::Edited, id.clone()));
            }
            if let Some(gone_at) = matched.gone_at {
                entries.push(entry(gone_at, None, TimelineKind::Gone, id));
            }
        }
    }
    entries.sort_by(|a, b| (a.at, &a.source_id).cmp(&(b.at, &b.source_id)));
    entries
}

fn matches(input: &Input) -> impl Iterator<Item = &Matched> {
    input.sources.iter().flat_map(|source| &source.matches)
}

#[cfg(test)]
mod tests;
