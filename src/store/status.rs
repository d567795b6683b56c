//! Is it alive, is it complete: one row a source over a window of time.
//!
//! Takes the ledger, gives counts. Never says whether a count is alarming.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;

use crate::model::look::Verdict;
use crate::model::{Interval, Outcome};

use super::columns::{At, Word};
use super::error::StoreError;
use super::open::Reader;

/// A rate per day is not told from less than an hour.
const SHORTEST_SECONDS: i64 = 3_600;

/// What the ledger knows of one source.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SourceStatus {
    pub id: String,
    /// Crawl runs in the window that meant to visit it, all listings together being one planned look.
    pub looks_planned: u32,
    /// Of these, with at least one good look.
    pub looks_ok: u32,
    /// Looks in the window after which items may have scrolled away unseen.
    pub gaps: u32,
    /// Links announced for the first time in the window.
    pub new: u32,
    /// Of these, per day that it was watched: what the very first look found was there before and is no rate.
    pub new_per_day: f64,
    /// Articles first seen in the window, and how many of them are held in full.
    pub articles: u32,
    pub full_text: u32,
    /// Last good look, ever.
    pub last_ok: Option<Timestamp>,
    /// Last new link, ever.
    pub last_new: Option<Timestamp>,
    /// Runs since the last good look, in which every look failed.
    pub failing_runs: u32,
    /// The last look, ever.
    pub last_outcome: Option<Outcome>,
    pub last_verdict: Option<Verdict>,
    pub last_error: Option<String>,
}

impl Reader {
    /// One row for every source that is known, by id.
    pub fn status(&self, window: Interval) -> Result<Vec<SourceStatus>, StoreError> {
        let mut rows = self.last_states()?;
        let span = params![At(window.min), At(window.max)];

        let sql = "WITH good AS (SELECT DISTINCT run, source FROM look WHERE at >= ?1 AND good = 1 AND run IS NOT NULL)
            SELECT p.value, count(*), count(good.run)
            FROM run r JOIN json_each(r.planned) p LEFT JOIN good ON good.run = r.id AND good.source = p.value
            WHERE r.kind = 'crawl' AND r.started_at >= ?1 AND r.started_at < ?2 GROUP BY p.value";
        self.fold(sql, span, &mut rows, |status, row| {
            status.looks_planned = row.get(1)?;
            status.looks_ok = row.get(2)?;
            Ok(())
        })?;

        let sql = "SELECT source, count(*) FROM look WHERE at >= ?1 AND at < ?2 AND continuity = 'gap' GROUP BY source";
        self.fold(sql, span, &mut rows, |status, row| {
            status.gaps = row.get(1)?;
            Ok(())
        })?;

        let sql = "WITH first AS (SELECT source, min(at) AS at FROM look WHERE good = 1 GROUP BY source)
            SELECT s.id, count(*), count(CASE WHEN l.first_seen_at > first.at THEN 1 END), first.at
            FROM source s JOIN link l ON l.source = s.id LEFT JOIN first ON first.source = s.id
            WHERE l.first_seen_at >= ?1 AND l.first_seen_at < ?2
                AND l.first_look NOT IN (SELECT k.id FROM listing a JOIN look k ON k.listing = a.id WHERE a.kind = 'archive')
            GROUP BY s.id";
        self.fold(sql, span, &mut rows, |status, row| {
            status.new = row.get(1)?;
            let arrived: u32 = row.get(2)?;
            let from = row
                .get::<_, Option<At>>(3)?
                .map_or(window.min, |first| first.0.max(window.min));
            let days = (window.max.as_second() - from.as_second()).max(SHORTEST_SECONDS) as f64 / 86_400.0;
            status.new_per_day = f64::from(arrived) / days;
            Ok(())
        })?;

        let sql = "SELECT source, count(*), count(CASE WHEN text_access = 'full' THEN 1 END) FROM article
            WHERE first_seen_at >= ?1 AND first_seen_at < ?2 GROUP BY source";
        self.fold(sql, span, &mut rows, |status, row| {
            status.articles = row.get(1)?;
            status.full_text = row.get(2)?;
            Ok(())
        })?;
        Ok(rows.into_values().collect())
    }

    /// What does not depend on the window; ids are in archive order, so the highest is the last.
    fn last_states(&self) -> Result<BTreeMap<String, SourceStatus>, StoreError> {
        let sql = "WITH last AS (
                SELECT s.id AS source,
                    (SELECT max(k.at) FROM look k WHERE k.source = s.id AND k.outcome <> 'skipped'
                        AND k.listing NOT IN (SELECT id FROM listing WHERE kind = 'archive')) AS at,
                    (SELECT max(k.id) FROM look k WHERE k.source = s.id AND k.good = 1) AS good
                FROM source s)
            SELECT last.source,
                (SELECT k.at FROM look k WHERE k.id = last.good) AS last_ok,
                (SELECT max(l.first_seen_at) FROM link l WHERE l.source = last.source
                    AND l.first_look NOT IN (SELECT k.id FROM listing a JOIN look k ON k.listing = a.id WHERE a.kind = 'archive')) AS last_new,
                (SELECT count(DISTINCT coalesce(k.run, -k.id)) FROM look k WHERE k.source = last.source
                    AND k.good = 0 AND k.outcome <> 'skipped' AND k.id > coalesce(last.good, 0)
                    AND k.listing NOT IN (SELECT id FROM listing WHERE kind = 'archive')
                    AND k.run IS NOT (SELECT g.run FROM look g WHERE g.id = last.good)) AS failing_runs,
                k.outcome, k.verdict, k.error
            FROM last LEFT JOIN look k
                ON k.id = (SELECT max(n.id) FROM look n WHERE n.source = last.source AND n.at = last.at AND n.outcome <> 'skipped'
                    AND n.listing NOT IN (SELECT id FROM listing WHERE kind = 'archive'))";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut states = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let status = SourceStatus {
                id: id.clone(),
                last_ok: row.get::<_, Option<At>>(1)?.map(|at| at.0),
                last_new: row.get::<_, Option<At>>(2)?.map(|at| at.0),
                failing_runs: row.get(3)?,
                last_outcome: row.get::<_, Option<Word<Outcome>>>(4)?.map(|word| word.0),
                last_verdict: row.get::<_, Option<Word<Verdict>>>(5)?.map(|word| word.0),
                last_error: row.get(6)?,
                ..SourceStatus::default()
            };
            states.insert(id, status);
        }
        Ok(states)
    }

    /// Runs a query whose first column is a source id, and enters each row where it belongs.
    fn fold(
        &self,
        sql: &str,
        values: &[&dyn rusqlite::ToSql],
        into: &mut BTreeMap<String, SourceStatus>,
        mut enter: impl FnMut(&mut SourceStatus, &rusqlite::Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let status = into.entry(id.clone()).or_insert_with(|| SourceStatus {
                id,
                ..SourceStatus::default()
            });
            enter(status, row)?;
        }
        Ok(())
    }
}
