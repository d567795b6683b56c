//! What robots.txt (and tdmrep.json) of each origin last said.
//!
//! Keeps the last body that was had even when later attempts failed. Never says what the rules allow.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use crate::model::Outcome;
use crate::model::observation::Fetch;
use crate::model::page::Location;

use super::columns::{At, Word};
use super::error::StoreError;
use super::observed::{Applied, Attempt, Reading};
use super::open::{Batch, Reader};

/// What robots.txt of an origin last said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobotsRow {
    pub origin: String,
    pub at: Timestamp,
    pub outcome: Outcome,
    pub status: Option<u16>,
    /// The last body that was had, and when.
    pub body: Option<(Vec<u8>, Timestamp)>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// First of the present row of failures.
    pub unreachable_since: Option<Timestamp>,
}

impl Batch<'_> {
    pub(super) fn apply_robots(
        &self,
        fetch: &Fetch,
        file: i64,
        at: &Location,
        read: Reading<'_>,
    ) -> Result<Applied, StoreError> {
        self.know_source(&fetch.source, false)?;
        let asked = url::Url::parse(&fetch.url);
        let is_robots = asked.as_ref().map_or(true, |file| file.path() == "/robots.txt");
        let attempt = Attempt {
            kind: if is_robots { "robots" } else { "tdmrep" },
            link: None,
            imported: None,
            fetch,
        };
        if self.write_fetch(&attempt, file, at)?.is_none() {
            return Ok(Applied::Already);
        }
        // An address that cannot be read has no origin whose rules could change.
        let Ok(asked) = asked else {
            return Ok(Applied::Robots);
        };
        let body = match read {
            Reading::Body(body) if fetch.outcome == Outcome::Ok => Some(body),
            _ => None,
        };
        // RFC 9309 §2.3.1.4: 5xx and network failures are "unreachable"; 4xx (§2.3.1.3) is an answer, but for 429, which
        // answers nothing of what was asked.
        let is_answer = |status| (400..500).contains(&status) && status != 429;
        let answered = fetch.outcome.is_good() || fetch.status.is_some_and(is_answer);
        let sql = "INSERT INTO robots (origin, at, outcome, status, body, body_at, etag, last_modified, unreachable_since)
            VALUES (?1, ?2, ?3, ?4, ?5, CASE WHEN ?5 IS NULL THEN NULL ELSE ?2 END, ?6, ?7, CASE WHEN ?8 THEN NULL ELSE ?2 END)
            ON CONFLICT (origin) DO UPDATE SET at = excluded.at, outcome = excluded.outcome, status = excluded.status,
                body = coalesce(excluded.body, body), body_at = coalesce(excluded.body_at, body_at),
                etag = CASE WHEN excluded.body IS NULL THEN etag ELSE excluded.etag END,
                last_modified = CASE WHEN excluded.body IS NULL THEN last_modified ELSE excluded.last_modified END,
                unreachable_since = CASE WHEN ?8 THEN NULL ELSE coalesce(unreachable_since, ?2) END";
        self.conn.prepare_cached(sql)?.execute(params![
            // Another file in which an origin tells crawlers what it wants goes by its whole address.
            if is_robots {
                asked.origin().ascii_serialization()
            } else {
                asked.into()
            },
            At(fetch.at),
            Word(fetch.outcome),
            fetch.status,
            body,
            fetch.etag,
            fetch.last_modified,
            answered,
        ])?;
        Ok(Applied::Robots)
    }
}

impl Reader {
    /// The rules of one origin, `scheme://host[:port]`; of another well-known file, by its whole address.
    pub fn robots(&self, origin: &str) -> Result<Option<RobotsRow>, StoreError> {
        let sql = "SELECT origin, at, outcome, status, body, body_at, etag, last_modified, unreachable_since
            FROM robots WHERE origin = ?1";
        let row = self.conn.prepare_cached(sql)?.query_row([origin], |row| {
            let body: Option<Vec<u8>> = row.get(4)?;
            Ok(RobotsRow {
                origin: row.get(0)?,
                at: row.get::<_, At>(1)?.0,
                outcome: row.get::<_, Word<Outcome>>(2)?.0,
                status: row.get(3)?,
                body: body.zip(row.get::<_, Option<At>>(5)?.map(|at| at.0)),
                etag: row.get(6)?,
                last_modified: row.get(7)?,
                unreachable_since: row.get::<_, Option<At>>(8)?.map(|at| at.0),
            })
        });
        Ok(row.optional()?)
    }
}
