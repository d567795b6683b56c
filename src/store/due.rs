//! The facts that the planner works from: what is due is computed by `crawl::plan`, never stored.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use crate::model::{ArticleId, Outcome};

use super::columns::{At, Json, Word};
use super::error::StoreError;
use super::links::LinkRow;
use super::open::Reader;

/// When a source was last looked at, and how that went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulse {
    pub source: String,
    pub last_look_at: Option<Timestamp>,
    pub last_good_at: Option<Timestamp>,
    /// Outcomes of the looks since the last good one, oldest first, at most fifty.
    pub failures: Vec<Outcome>,
}

/// A link whose page was never had.
#[derive(Debug, Clone, PartialEq)]
pub struct Unfetched {
    pub link: LinkRow,
    pub last_outcome: Option<Outcome>,
}

/// An article page that was had and may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    pub link: i64,
    pub url: String,
    pub url_key: String,
    /// The article it became, if it has been digested.
    pub article: Option<(i64, ArticleId)>,
    /// How long it has been answering 404 or 410: from the first such attempt since it last answered to the last.
    pub gone_for: Option<SignedDuration>,
    pub first_fetch_at: Timestamp,
    pub last_attempt_at: Timestamp,
    pub last_outcome: Outcome,
    /// Good fetches beyond the first.
    pub rechecks: u32,
    /// Validators and digest of the last body.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub digest: Option<String>,
}

impl Reader {
    /// One row for every source that has ever been looked at, by id.
    pub fn pulses(&self) -> Result<Vec<Pulse>, StoreError> {
        let sql = "WITH state AS (
                SELECT s.id AS source, (SELECT max(k.at) FROM look k WHERE k.source = s.id AND k.outcome <> 'skipped'
                        AND k.listing NOT IN (SELECT id FROM listing WHERE kind = 'archive')) AS last,
                    (SELECT max(k.id) FROM look k WHERE k.source = s.id AND k.good = 1) AS good
                FROM source s)
            SELECT state.source, state.last, g.at,
                (SELECT group_concat(outcome) FROM (SELECT k.outcome FROM look k WHERE k.source = state.source
                    AND k.good = 0 AND k.outcome <> 'skipped' AND k.id > coalesce(g.id, 0)
                    AND k.listing NOT IN (SELECT id FROM listing WHERE kind = 'archive') ORDER BY k.id LIMIT 50))
            FROM state LEFT JOIN look g ON g.id = state.good WHERE state.last IS NOT NULL ORDER BY state.source";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let words: Option<String> = row.get(3)?;
            let mut failures = Vec::new();
            for word in words
                .as_deref()
                .unwrap_or_default()
                .split(',')
                .filter(|word| !word.is_empty())
            {
                let outcome: Word<Outcome> = rusqlite::types::FromSql::column_result(word.into())?;
                failures.push(outcome.0);
            }
            Ok(Pulse {
                source: row.get(0)?,
                last_look_at: row.get::<_, Option<At>>(1)?.map(|at| at.0),
                last_good_at: row.get::<_, Option<At>>(2)?.map(|at| at.0),
                failures,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Links of a source that a living listing announced, first seen since then, whose page was never had, with fewer than `tries` attempts and none
    /// since `tried_before`: newest first, as many as are wanted.
    pub fn unfetched(
        &self,
        source: &str,
        since: Timestamp,
        tries: u32,
        tried_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Unfetched>, StoreError> {
        let sql = format!(
            "SELECT {}, l.last_outcome FROM link l
             WHERE l.source = ?1 AND l.first_seen_at >= ?2 AND l.first_fetch_at IS NULL
                AND l.attempts < ?3 AND l.last_outcome IS NOT 'reserved' AND (l.last_attempt_at IS NULL OR l.last_attempt_at <= ?4)
                AND EXISTS (SELECT 1 FROM sighting s JOIN listing g ON g.id = s.listing
                    WHERE s.link = l.id AND g.kind <> 'archive')
             ORDER BY l.first_seen_at DESC, l.id LIMIT ?5",
            super::links::LINK_COLUMNS
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map(params![source, At(since), tries, At(tried_before), limit], |row| {
            let last_outcome = row.get::<_, Option<Word<Outcome>>>("last_outcome")?.map(|word| word.0);
            Ok(Unfetched {
                link: super::links::link_row(row)?,
                last_outcome,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Of these addresses of a source, by key, those whose page was had already or tried as often as pages are.
    pub fn had_among(&self, source: &str, keys: &[&str], tries: u32) -> Result<HashSet<String>, StoreError> {
        let sql = "SELECT l.url_key FROM json_each(?2) j JOIN link l ON l.source = ?1 AND l.url_key = j.value
            WHERE l.first_fetch_at IS NOT NULL OR l.attempts >= ?3";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map(params![source, Json(keys), tries], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Pages of a source first had since then, oldest attempt first: candidates for another visit.
    pub fn watched(&self, source: &str, since: Timestamp, limit: u32) -> Result<Vec<Watched>, StoreError> {
        let sql = "SELECT l.id, l.url, l.url_key, l.first_fetch_at, l.last_attempt_at, l.last_outcome, l.fetches,
                f.etag, f.last_modified, f.digest, a.rowid, a.id,
                CASE l.last_outcome WHEN 'gone' THEN l.last_attempt_at - (SELECT min(g.at) FROM fetch g WHERE g.link = l.id
                    AND g.outcome = 'gone' AND g.at > coalesce((SELECT max(h.at) FROM fetch h WHERE h.link = l.id AND h.good), 0))
                END
            FROM link l LEFT JOIN fetch f ON f.id = l.last_fetch
            LEFT JOIN article_url u ON u.source = l.source AND u.url_key = l.url_key
            LEFT JOIN article a ON a.rowid = u.article
            WHERE l.source = ?1 AND l.first_fetch_at IS NOT NULL AND l.first_fetch_at >= ?2
            ORDER BY l.last_attempt_at, l.id LIMIT ?3";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map(params![source, At(since), limit], |row| {
            let fetches: u32 = row.get(6)?;
            Ok(Watched {
                link: row.get(0)?,
                url: row.get(1)?,
                url_key: row.get(2)?,
                first_fetch_at: row.get::<_, At>(3)?.0,
                last_attempt_at: row.get::<_, At>(4)?.0,
                last_outcome: row.get::<_, Word<Outcome>>(5)?.0,
                rechecks: fetches.saturating_sub(1),
                etag: row.get(7)?,
                last_modified: row.get(8)?,
                digest: row.get(9)?,
                article: row.get::<_, Option<i64>>(10)?.zip(row.get(11)?),
                gone_for: row.get::<_, Option<i64>>(12)?.map(SignedDuration::from_secs),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
