//! Links: what listings announced, who announced it first, and what is claimed about it.
//!
//! Gives what a look needs to know before it is written: validators, and how many links are old acquaintances.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use crate::model::{Link, Verdict};

use super::columns::{At, Json, Word};
use super::error::StoreError;
use super::open::Reader;

/// A link with the canonical form of its address, which is its identity within the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Announced {
    pub link: Link,
    pub url_key: String,
}

/// A link as the store holds it, with its present claim.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkRow {
    pub id: i64,
    pub source: String,
    /// As first announced.
    pub url: String,
    pub url_key: String,
    /// What the listing whose word counts most says of it, gaps filled from the others.
    pub link: Link,
    pub first_look: i64,
    pub first_seen_at: Timestamp,
    /// Attempts to fetch the page, good or bad.
    pub attempts: u32,
    pub last_attempt_at: Option<Timestamp>,
    /// First time that the page was had.
    pub first_fetch_at: Option<Timestamp>,
}

/// The last good look at a listing.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviousLook {
    pub id: i64,
    pub listing: i64,
    pub at: Timestamp,
    /// Validators and digest, also where a 304 did not repeat them.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub digest: Option<String>,
    /// Of the last look that brought a new body.
    pub items: u32,
    pub newest: Option<Timestamp>,
    pub oldest: Option<Timestamp>,
    pub verdict: Verdict,
    /// How often in a row the answer has been 304, counted up to 64: every twentieth look or so should ask without
    /// validators, to catch those that lie.
    pub not_modified_since: u32,
}

/// How many of a listing's links are old acquaintances.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// Distinct links asked about.
    pub distinct: u32,
    /// On this very listing at its last good look.
    pub here: u32,
    /// Announced by this source before, wherever.
    pub ever: u32,
}

/// A link that was listed at the last good look, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stood {
    pub url_key: String,
    pub first_look: i64,
    /// At that look; 1 = top.
    pub position: u32,
}

/// The same, with whose claim counts.
pub(super) struct Standing {
    pub link: i64,
    pub first_look: i64,
    pub claim_listing: i64,
    pub claim_digest: i64,
}

/// More than anybody would let pass without asking for the body again.
const MANY_304: u32 = 64;

pub(super) const LINK_COLUMNS: &str = "l.id, l.source, l.url, l.url_key,
    (SELECT p.claim FROM page p WHERE p.link = l.id AND p.claim IS NOT NULL ORDER BY p.id DESC LIMIT 1) AS claim,
    l.first_look, l.first_seen_at, l.attempts, l.last_attempt_at, l.first_fetch_at";

impl Reader {
    /// The last good look at one listing, by its address as declared.
    pub fn previous(&self, source: &str, listing_url: &str) -> Result<Option<PreviousLook>, StoreError> {
        let sql = "SELECT g.id, l.id AS listing, g.at, g.status, coalesce(g.etag, b.etag) AS etag,
                coalesce(g.last_modified, b.last_modified) AS last_modified, coalesce(g.digest, b.digest) AS digest,
                b.items, b.newest, b.oldest, coalesce(b.verdict, g.verdict) AS verdict
            FROM listing l
            JOIN look g ON g.id = (SELECT max(k.id) FROM look k WHERE k.listing = l.id AND k.good = 1)
            LEFT JOIN look b ON b.id = l.last_ok
            WHERE l.source = ?1 AND l.url = ?2";
        let found = self.conn.prepare_cached(sql)?.query_row([source, listing_url], |row| {
            Ok((previous_look(row)?, row.get::<_, Option<u16>>("status")?))
        });
        let Some((mut previous, status)) = found.optional()? else {
            return Ok(None);
        };
        if status == Some(304) {
            let sql = "SELECT status FROM look WHERE listing = ?1 AND good = 1 ORDER BY id DESC LIMIT ?2";
            let mut statement = self.conn.prepare_cached(sql)?;
            let mut rows = statement.query(params![previous.listing, MANY_304])?;
            while let Some(row) = rows.next()?
                && row.get::<_, Option<u16>>(0)? == Some(304)
            {
                previous.not_modified_since += 1;
            }
        }
        Ok(Some(previous))
    }

    /// Of these keys, how many stood on that listing at its last good look, and how many the source ever announced.
    pub fn known_among(&self, source: &str, listing_url: &str, keys: &[&str]) -> Result<Known, StoreError> {
        let listing = self.listing_id(source, listing_url)?;
        let standing = match listing {
            Some(listing) => self.standing(listing)?,
            None => HashMap::new(),
        };
        let mut ask = self
            .conn
            .prepare_cached("SELECT 1 FROM link WHERE source = ?1 AND url_key = ?2")?;
        let mut known = Known::default();
        let distinct: HashSet<&str> = keys.iter().copied().collect();
        for key in distinct {
            known.distinct += 1;
            if standing.contains_key(key) {
                known.here += 1;
                known.ever += 1;
            } else if ask.exists(params![source, key])? {
                known.ever += 1;
            }
        }
        Ok(known)
    }

    /// One link with its present claim.
    pub fn link(&self, id: i64) -> Result<Option<LinkRow>, StoreError> {
        let sql = format!("SELECT {LINK_COLUMNS} FROM link l WHERE l.id = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([id], link_row).optional()?)
    }

    /// One link by its identity.
    pub fn link_by_key(&self, source: &str, url_key: &str) -> Result<Option<LinkRow>, StoreError> {
        let sql = format!("SELECT {LINK_COLUMNS} FROM link l WHERE l.source = ?1 AND l.url_key = ?2");
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([source, url_key], link_row)
            .optional()?)
    }

    pub(super) fn listing_id(&self, source: &str, url: &str) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT id FROM listing WHERE source = ?1 AND url = ?2";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([source, url], |row| row.get(0))
            .optional()?)
    }

    /// What stood on a listing at its last good look that listed anything.
    pub fn stood_on(&self, listing: i64) -> Result<Vec<Stood>, StoreError> {
        let sql = "SELECT l.url_key, s.first_look, s.position FROM sighting s JOIN link l ON l.id = s.link
            WHERE s.listing = ?1 AND s.left_look IS NULL";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([listing], |row| {
            Ok(Stood {
                url_key: row.get(0)?,
                first_look: row.get(1)?,
                position: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What stood on a listing at its last good look, by key.
    pub(super) fn standing(&self, listing: i64) -> Result<HashMap<String, Standing>, StoreError> {
        let sql = "SELECT l.url_key, s.link, s.first_look, l.claim_listing, l.claim_digest
            FROM sighting s JOIN link l ON l.id = s.link WHERE s.listing = ?1 AND s.left_look IS NULL";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([listing], |row| {
            let standing = Standing {
                link: row.get(1)?,
                first_look: row.get(2)?,
                claim_listing: row.get(3)?,
                claim_digest: row.get(4)?,
            };
            Ok((row.get(0)?, standing))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn previous_look(row: &Row<'_>) -> rusqlite::Result<PreviousLook> {
    Ok(PreviousLook {
        id: row.get("id")?,
        listing: row.get("listing")?,
        at: row.get::<_, At>("at")?.0,
        etag: row.get("etag")?,
        last_modified: row.get("last_modified")?,
        digest: row.get("digest")?,
        items: row.get::<_, Option<u32>>("items")?.unwrap_or(0),
        newest: row.get::<_, Option<At>>("newest")?.map(|at| at.0),
        oldest: row.get::<_, Option<At>>("oldest")?.map(|at| at.0),
        verdict: row.get::<_, Word<Verdict>>("verdict")?.0,
        not_modified_since: 0,
    })
}

pub(super) fn link_row(row: &Row<'_>) -> rusqlite::Result<LinkRow> {
    let url: String = row.get("url")?;
    // The claim is written in the same batch as the link; without one there is still its address.
    let claim = row.get::<_, Option<Json<Link>>>("claim")?;
    Ok(LinkRow {
        id: row.get("id")?,
        source: row.get("source")?,
        url_key: row.get("url_key")?,
        link: claim.map(|claim| claim.0).unwrap_or_else(|| Link {
            url: url.clone(),
            ..Link::default()
        }),
        url,
        first_look: row.get("first_look")?,
        first_seen_at: row.get::<_, At>("first_seen_at")?.0,
        attempts: row.get("attempts")?,
        last_attempt_at: row.get::<_, Option<At>>("last_attempt_at")?.map(|at| at.0),
        first_fetch_at: row.get::<_, Option<At>>("first_fetch_at")?.map(|at| at.0),
    })
}
