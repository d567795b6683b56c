//! The ledger of looks and what it proves: who looked when, what was listed, since when something was not there.
//!
//! Takes windows of time, gives rows for `compare`. Never grades a silence.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Row, params};
use sha2::{Digest, Sha256};

use crate::model::comparison::{LookRow, Snapshot};
use crate::model::look::{Continuity, Verdict};
use crate::model::observation::RunKind;
use crate::model::{CommentState, Interval, LengthUnit, Outcome};

use crate::text::hash::hex;

use super::columns::{At, Json, Word};
use super::error::StoreError;
use super::open::Reader;

/// A run and the sources it meant to visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRun {
    pub run: i64,
    pub kind: RunKind,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub interrupted: bool,
    pub sources: Vec<String>,
}

/// The denominators of one source in a window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListedCounts {
    /// Links announced for the first time.
    pub listed: u32,
    /// Of these, with at least a title to search.
    pub searchable: u32,
    /// Of these, with their full text.
    pub full_text: u32,
}

/// How an article came into sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstSeen {
    pub look: i64,
    pub at: Timestamp,
    /// Its place on the listing then; 1 = top.
    pub position: u32,
    pub last_absent: Option<LastAbsent>,
}

/// The last good look before that at a listing where the article then appeared. One that listed nothing at all is not
/// evidence of anything's absence and is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastAbsent {
    pub look: i64,
    pub at: Timestamp,
    /// Claimed date of the newest item that the look did list: later than the article's own claim = backdated.
    pub newest: Option<Timestamp>,
}

/// Comments at one outlet, so that "closed here" means something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CommentBaseline {
    pub open: u32,
    /// Articles whose comments are known to be open, closed or hidden.
    pub known: u32,
}

/// Articles whose claim touches `[?1, ?2)`: those no wider than a day by where they begin, and the few others.
const PUBLISHED_WITHIN: &str = "(a.published_min > ?1 - 86400 AND a.published_min < ?2 AND a.published_max > ?1
    OR a.published_max - a.published_min > 86400 AND a.published_max > ?1 AND a.published_min < ?2)";

/// More to search than a headline, under which no query of two words would find it.
const SEARCHABLE: &str = "a.title <> '' AND (a.text_access IN ('full', 'teaser') OR coalesce(a.standfirst, '') <> '')";

/// How a source usually publishes, by its own dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    pub items: u32,
    pub oldest: Timestamp,
    pub newest: Timestamp,
}

impl Reader {
    /// What a source published within `[min, max)` and was seen of it there; nothing where there was nothing.
    pub fn published(&self, source: &str, window: Interval) -> Result<Option<Published>, StoreError> {
        let sql = "SELECT count(*), min(published_min), max(published_min) FROM article
            WHERE source = ?1 AND first_seen_at >= ?2 AND first_seen_at < ?3
                AND published_min >= ?2 AND published_min < ?3";
        let values = params![source, At(window.min), At(window.max)];
        let row = |row: &Row<'_>| -> rusqlite::Result<Option<Published>> {
            let dates = (row.get::<_, Option<At>>(1)?, row.get::<_, Option<At>>(2)?);
            let (Some(oldest), Some(newest)) = dates else {
                return Ok(None);
            };
            Ok(Some(Published {
                items: row.get(0)?,
                oldest: oldest.0,
                newest: newest.0,
            }))
        };
        Ok(self.conn.prepare_cached(sql)?.query_row(values, row)?)
    }

    /// Looks within `[min, max)` of one source or of all, in order of time.
    pub fn looks(&self, window: Interval, source: Option<&str>) -> Result<Vec<LookRow>, StoreError> {
        let sql =
            "SELECT id, source, listing, run, at, outcome, continuity, verdict, items, new, known, error FROM look
            WHERE at >= ?1 AND at < ?2 AND (?3 IS NULL OR source = ?3)
                AND listing NOT IN (SELECT id FROM listing WHERE kind = 'archive') ORDER BY at, id";
        let by_source =
            "SELECT id, source, listing, run, at, outcome, continuity, verdict, items, new, known, error FROM look
            WHERE source = ?3 AND at >= ?1 AND at < ?2
                AND listing NOT IN (SELECT id FROM listing WHERE kind = 'archive') ORDER BY at, id";
        let mut statement = self
            .conn
            .prepare_cached(if source.is_some() { by_source } else { sql })?;
        let rows = statement.query_map(params![At(window.min), At(window.max), source], look_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The last good look at each listing of a source strictly before `t`.
    pub fn last_good_of_each_listing(&self, source: &str, t: Timestamp) -> Result<Vec<LookRow>, StoreError> {
        let sql = "SELECT id, source, listing, run, at, outcome, continuity, verdict, items, new, known, error FROM look
            WHERE id IN (SELECT max(k.id) FROM look k
                WHERE k.source = ?1 AND k.at < ?2 AND k.good = 1 AND k.verdict <> 'empty' GROUP BY k.listing) ORDER BY at, id";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map(params![source, At(t)], look_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What each source published within `[min, max)` by its own dates (first seen where it gives none): the
    /// denominators of a silence. A first look lists old items, too, and their dates keep them out.
    pub fn item_counts(&self, window: Interval) -> Result<HashMap<String, ListedCounts>, StoreError> {
        // The plus keeps SQLite from walking all articles in the order of their sources.
        let sql = format!(
            "SELECT source, count(*), count(CASE WHEN {SEARCHABLE} THEN 1 END),
                count(CASE WHEN text_access = 'full' THEN 1 END)
            FROM article a WHERE {PUBLISHED_WITHIN} GROUP BY +source"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map(params![At(window.min), At(window.max)], |row| {
            let counts = ListedCounts {
                listed: row.get(1)?,
                searchable: row.get(2)?,
                full_text: row.get(3)?,
            };
            Ok((row.get(0)?, counts))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Articles of the window, by source, whose page was had and gave no text: what an extractor that fails leaves.
    pub fn unread_pages(&self, window: Interval) -> Result<HashMap<String, u32>, StoreError> {
        let sql = format!(
            "SELECT a.source, count(*) FROM article a
            WHERE {PUBLISHED_WITHIN} AND a.text_access = 'headline_only'
                AND EXISTS (SELECT 1 FROM article_url u JOIN link l ON l.source = u.source AND l.url_key = u.url_key
                    JOIN fetch f ON f.link = l.id AND f.kind = 'page' AND f.outcome = 'ok' AND f.status = 200
                    WHERE u.article = a.rowid)
            GROUP BY +a.source"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map(params![At(window.min), At(window.max)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Runs that started within `[min, max)`, in order.
    pub fn planned_runs(&self, window: Interval) -> Result<Vec<PlannedRun>, StoreError> {
        let sql = "SELECT id, kind, started_at, finished_at, interrupted, planned FROM run
            WHERE started_at >= ?1 AND started_at < ?2 ORDER BY started_at, id";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map(params![At(window.min), At(window.max)], planned_run)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The first and the last look of all; nothing where nobody ever looked.
    pub fn ledger_span(&self) -> Result<Option<Interval>, StoreError> {
        let sql = "SELECT (SELECT min(at) FROM look), (SELECT max(at) FROM look)";
        Ok(self.conn.prepare_cached(sql)?.query_row([], |row| {
            let (first, last) = (row.get::<_, Option<At>>(0)?, row.get::<_, Option<At>>(1)?);
            Ok(first.zip(last).map(|(first, last)| Interval {
                min: first.0,
                max: last.0,
            }))
        })?)
    }

    /// The ledger's highest id, and the SHA-256 of its rows up to there: one line a look, of `id`, `source_id`, `at` (in
    /// seconds since 1970), `outcome`, `items` and the body's SHA-256 as in the view, separated by tabs.
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let sql = "SELECT id, source, at, outcome, items, coalesce(digest, '') FROM look ORDER BY id";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut hash = Sha256::new();
        let mut last = 0;
        while let Some(row) = rows.next()? {
            last = row.get(0)?;
            let (at, items): (i64, i64) = (row.get(2)?, row.get(4)?);
            let text = |n| row.get_ref(n).and_then(|value| Ok(value.as_str()?));
            let line = format!("{last}\t{}\t{at}\t{}\t{items}\t{}\n", text(1)?, text(3)?, text(5)?);
            hash.update(line.as_bytes());
        }
        Ok(Snapshot {
            look: last,
            sha256: hex(&hash.finalize()),
        })
    }

    /// How each of these articles came into sight, by row; those that no listing announced are left out.
    pub fn first_seen(&self, rowids: &[i64]) -> Result<HashMap<i64, FirstSeen>, StoreError> {
        let sql = "SELECT u.article, l.first_look, l.first_seen_at, min(s.position), n.id, n.at, n.newest
            FROM json_each(?1) j
            JOIN article_url u ON u.article = j.value
            JOIN link l ON l.source = u.source AND l.url_key = u.url_key
            JOIN sighting s ON s.link = l.id AND s.listing NOT IN (SELECT id FROM listing WHERE kind = 'archive')
            LEFT JOIN look n ON n.id = (SELECT max(p.id) FROM look p
                WHERE p.listing = s.listing AND p.good = 1 AND p.id < l.first_look
                    AND (p.items > 0 OR p.outcome = 'not_modified') AND p.verdict <> 'empty')
            GROUP BY u.article, l.id, s.listing
            ORDER BY u.article, l.first_look, n.id DESC";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([Json(rowids)])?;
        let mut first: HashMap<i64, FirstSeen> = HashMap::new();
        while let Some(row) = rows.next()? {
            let absent = match (row.get::<_, Option<i64>>(4)?, row.get::<_, Option<At>>(5)?) {
                (Some(look), Some(at)) => Some(LastAbsent {
                    look,
                    at: at.0,
                    newest: row.get::<_, Option<At>>(6)?.map(|at| at.0),
                }),
                _ => None,
            };
            // Rows come earliest announcement first, latest absence first.
            first.entry(row.get(0)?).or_insert(FirstSeen {
                look: row.get(1)?,
                at: row.get::<_, At>(2)?.0,
                position: row.get(3)?,
                last_absent: absent,
            });
        }
        Ok(first)
    }

    /// Lengths in this unit of the articles of a source that were first seen since then and are held in full.
    pub fn lengths(&self, source: &str, since: Timestamp, unit: LengthUnit) -> Result<Vec<u32>, StoreError> {
        let sql = "SELECT length_n FROM article
            WHERE source = ?1 AND first_seen_at >= ?2 AND text_access = 'full' AND length_unit = ?3";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map(params![source, At(since), Word(unit)], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How often comments are open at a source, over the articles first seen since then, without those of the story.
    pub fn comment_baseline(
        &self,
        source: &str,
        since: Timestamp,
        without: &[i64],
    ) -> Result<CommentBaseline, StoreError> {
        let sql = "SELECT count(CASE WHEN comments_state = ?4 THEN 1 END), count(*) FROM article
            WHERE source = ?1 AND first_seen_at >= ?2 AND comments_state IN (?4, ?5, ?6)
                AND rowid NOT IN (SELECT value FROM json_each(?3))";
        let mut statement = self.conn.prepare_cached(sql)?;
        let values = params![
            source,
            At(since),
            Json(without),
            Word(CommentState::Open),
            Word(CommentState::Closed),
            Word(CommentState::Hidden)
        ];
        Ok(statement.query_row(values, |row| {
            Ok(CommentBaseline {
                open: row.get(0)?,
                known: row.get(1)?,
            })
        })?)
    }
}

fn look_row(row: &Row<'_>) -> rusqlite::Result<LookRow> {
    Ok(LookRow {
        id: row.get("id")?,
        source: row.get("source")?,
        listing: row.get("listing")?,
        // 0: the archive has no run for it.
        run: row.get::<_, Option<i64>>("run")?.unwrap_or(0),
        at: row.get::<_, At>("at")?.0,
        outcome: row.get::<_, Word<Outcome>>("outcome")?.0,
        continuity: row.get::<_, Word<Continuity>>("continuity")?.0,
        verdict: row.get::<_, Word<Verdict>>("verdict")?.0,
        items: row.get("items")?,
        new: row.get("new")?,
        known: row.get("known")?,
        error: row.get("error")?,
    })
}

fn planned_run(row: &Row<'_>) -> rusqlite::Result<PlannedRun> {
    Ok(PlannedRun {
        run: row.get("id")?,
        kind: row.get::<_, Word<RunKind>>("kind")?.0,
        started_at: row.get::<_, At>("started_at")?.0,
        finished_at: row.get::<_, Option<At>>("finished_at")?.map(|at| at.0),
        interrupted: row.get("interrupted")?,
        sources: row.get::<_, Json<_>>("planned")?.0,
    })
}
