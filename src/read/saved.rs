//! A saved search asked again: what is new, what was looked at meanwhile, and whether it has been silent for too long.
//!
//! Takes a search whose query was read, a reader and the time; gives a value to print, and what is to be remembered.
//! Never writes.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::model::query::{Condition, Expr};
use crate::model::{Interval, Saved, Source};
use crate::query::{Context, Query};
use crate::read::ask;
use crate::read::search::{self, Bridge, Hit, Question, ReadError};
use crate::store::{ArticleRow, Hits, Order, Reader, StoreError};

/// A search and its query as it was understood.
#[derive(Debug)]
pub struct Asked<'a> {
    pub saved: &'a Saved,
    pub query: Query,
}

/// What asking found.
#[derive(Debug)]
pub struct Found {
    /// The search in one text: when it differs from the one remembered, the search begins anew.
    pub asked: String,
    /// Never asked before.
    pub first: bool,
    /// Asked before in another form.
    pub changed: bool,
    /// Ids of what it had not found before.
    pub articles: Vec<String>,
}

/// Asks.
pub fn ask(reader: &Reader, asked: &Asked<'_>, context: &Context<'_>) -> Result<Found, ReadError> {
    let saved = asked.saved;
    // What it is missed after changes nothing about what it finds, nor does its note.
    let form = Saved {
        note: None,
        silence_alert_days: 0,
        ..saved.clone()
    };
    let form = serde_json::to_string(&form).unwrap_or_default();
    let before = reader.saved_search(&saved.id)?;
    let condition = condition(reader, asked, context)?;
    Ok(Found {
        articles: reader.not_yet_found(&saved.id, &condition)?,
        first: before.is_none(),
        changed: before.is_some_and(|before| before.asked != form),
        asked: form,
    })
}

/// The options beside the query.
fn question(saved: &Saved) -> Question<'_> {
    Question {
        typed: &saved.query,
        langs: &saved.lang,
        sources: &saved.source,
        groups: &saved.group,
        since: None,
        until: None,
        exact: saved.exact,
        bridge: Bridge::Never,
        order: Order::Newest,
        limit: 1,
    }
}

/// How many articles it finds.
pub fn count(reader: &Reader, asked: &Asked<'_>, context: &Context<'_>) -> Result<u64, ReadError> {
    Ok(reader.count(&condition(reader, asked, context)?)?)
}

fn condition(reader: &Reader, asked: &Asked<'_>, context: &Context<'_>) -> Result<Condition, ReadError> {
    let question = question(asked.saved);
    let beside = search::narrowed(Condition::Everything, &question);
    let found_out = ask::condition(reader, &asked.query.expr, &beside, context)?;
    Ok(search::narrowed(found_out, &question))
}

/// What there is to say of one search.
#[derive(Debug, Serialize)]
pub struct Report {
    pub id: String,
    pub query: String,
    /// As it was read.
    pub run: String,
    pub note: Option<String>,
    /// Asked for the first time, in this form at least: what it finds was there already.
    pub first: bool,
    pub changed: bool,
    /// Articles that it finds, old and new.
    pub total: u64,
    /// Of them, those that are told now.
    pub new: u64,
    /// The first of these.
    pub articles: Vec<Hit>,
    /// The last digest, from which on is counted; `None`: there was none.
    pub since: Option<Timestamp>,
    /// Articles first seen since then, in the sources that it asks.
    pub checked: u64,
    /// Sources that were to be looked at since then, and those that answered.
    pub sources: usize,
    pub sources_ok: usize,
    /// The newest article that it finds.
    pub last_hit: Option<ArticleRow>,
    pub silence: Option<Silence>,
}

/// It has found nothing for as long as it was told to wait.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Silence {
    pub since: Timestamp,
    pub days: i64,
    pub checked: u64,
    pub sources: usize,
    pub sources_ok: usize,
    /// Told before, in this same episode.
    pub told: bool,
}

/// Articles of one search that are shown with their passages.
pub const MOST_SHOWN: u32 = 50;

/// What is known of a search after it was asked. `first` and `changed` are those of [`Found`].
pub fn report(
    reader: &Reader,
    asked: &Asked<'_>,
    sources: &[Source],
    which: Hits,
    (first, changed): (bool, bool),
    context: &Context<'_>,
) -> Result<Report, ReadError> {
    let (saved, now) = (asked.saved, context.now);
    let question = question(saved);
    let condition = condition(reader, asked, context)?;
    let newest = reader.search(&condition, Order::Newest, 1)?;
    let latest = reader.search(&condition, Order::Seen, 1)?;
    let row = reader.saved_search(&saved.id)?;
    let (new, hits) = reader.saved_hits(&saved.id, which, MOST_SHOWN)?;
    let rows = hits.into_iter().map(|(_, row)| row).collect();
    let own = |source: &&Source| search::is_chosen(source, &question);
    let own: Vec<&Source> = sources.iter().filter(own).collect();
    let since = row.as_ref().and_then(|row| row.told_at);
    let added = row.as_ref().map_or(now, |row| row.added_at);
    let looked = looked(reader, &own, since.unwrap_or(added), now)?;
    let last_seen = latest.rows.first().map(|row| row.first_seen_at);
    let silence = silence(
        reader,
        saved,
        &own,
        last_seen.map_or(added, |seen| seen.max(added)),
        row.and_then(|row| row.alarmed_at),
        now,
    )?;
    Ok(Report {
        id: saved.id.clone(),
        query: asked.query.typed.clone(),
        run: asked.query.run.clone(),
        note: saved.note.clone(),
        first,
        changed,
        total: newest.total,
        new,
        articles: search::hits(reader, rows, &asked.query.expr)?,
        since,
        checked: looked.checked,
        sources: looked.sources,
        sources_ok: looked.ok,
        last_hit: newest.rows.into_iter().next(),
        silence,
    })
}

/// Hits of a search with the time each was found, for a feed.
pub fn found_hits(reader: &Reader, id: &str, expr: &Expr, most: u32) -> Result<Vec<(Timestamp, Hit)>, StoreError> {
    let (_, hits) = reader.saved_hits(id, Hits::All, most)?;
    let (times, rows): (Vec<Timestamp>, Vec<ArticleRow>) = hits.into_iter().unzip();
    Ok(times.into_iter().zip(search::hits(reader, rows, expr)?).collect())
}

struct Looked {
    checked: u64,
    sources: usize,
    ok: usize,
}

fn looked(reader: &Reader, own: &[&Source], since: Timestamp, now: Timestamp) -> Result<Looked, StoreError> {
    let window = Interval {
        min: since,
        // The look of this very second counts.
        max: now.saturating_add(SignedDuration::from_secs(1)).unwrap_or(now),
    };
    let rows = reader.status(window)?;
    let rows: Vec<_> = rows
        .iter()
        .filter(|row| own.iter().any(|source| source.id == row.id))
        .collect();
    Ok(Looked {
        checked: rows.iter().map(|row| u64::from(row.articles)).sum(),
        sources: rows.iter().filter(|row| row.looks_planned > 0).count(),
        ok: rows.iter().filter(|row| row.looks_ok > 0).count(),
    })
}

fn silence(
    reader: &Reader,
    saved: &Saved,
    own: &[&Source],
    since: Timestamp,
    alarmed: Option<Timestamp>,
    now: Timestamp,
) -> Result<Option<Silence>, StoreError> {
    let days = now.duration_since(since).as_hours() / 24;
    if saved.silence_alert_days == 0 || days < i64::from(saved.silence_alert_days) {
        return Ok(None);
    }
    let looked = looked(reader, own, since, now)?;
    Ok(Some(Silence {
        since,
        days,
        checked: looked.checked,
        sources: looked.sources,
        sources_ok: looked.ok,
        told: alarmed.is_some_and(|alarmed| alarmed >= since),
    }))
}
