//! One article with everything known of it: versions, topics, actors, and the looks that saw it.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};
use serde::{Deserialize, Serialize};

use crate::model::page::Location;
use crate::model::query::{Asked, Condition, Test};
use crate::model::{ListingKind, Mention, TextAccess, TopicTag};

use super::columns::{At, Json, Word, unsigned};
use super::condition::Lowered;
use super::error::StoreError;
use super::open::Reader;
use super::search::ArticleRow;

/// What `show` shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    pub article: ArticleRow,
    /// Oldest first; the last is the present one.
    pub versions: Vec<VersionRow>,
    pub topics: Vec<TopicTag>,
    pub mentions: Vec<Mention>,
    /// Its stays on listings, in order.
    pub stays: Vec<Stay>,
    /// What the publisher reserved of it when its page was last asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reservations: Vec<String>,
}

/// One state of an article's words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VersionRow {
    pub n: u32,
    pub seen_at: Timestamp,
    pub title: String,
    pub standfirst: Option<String>,
    pub text: String,
    pub text_access: TextAccess,
    pub digest: String,
    pub length: u32,
    /// Where the page that showed it lies.
    pub location: Option<Location>,
}

/// A version without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionHead {
    pub n: u32,
    pub seen_at: Timestamp,
    pub title: String,
    pub length: u32,
    pub digest: String,
}

/// One unbroken stay on a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    pub listing_url: String,
    pub listing_kind: ListingKind,
    pub first_look: i64,
    pub first_at: Timestamp,
    pub position: u32,
    /// The last look that had it: the listing's last good one while it is still there.
    pub last_look: Option<i64>,
    pub last_at: Option<Timestamp>,
    /// It has left the listing since.
    pub left: bool,
}

impl Reader {
    /// The article whose id is, or alone begins with, what was typed (`i:3f2a`, `3f2a`).
    pub fn show(&self, typed: &str) -> Result<Shown, StoreError> {
        let rowid = self.article_by_prefix(typed)?;
        let article = self
            .articles(&[rowid])?
            .pop()
            .ok_or_else(|| StoreError::NoArticle(typed.to_owned()))?;
        Ok(Shown {
            versions: self.versions(rowid)?,
            topics: self.topics(&[rowid])?.remove(&rowid).unwrap_or_default(),
            mentions: self.mentions(&[rowid])?.remove(&rowid).unwrap_or_default(),
            stays: self.stays(rowid)?,
            reservations: self.reservations(rowid)?,
            article,
        })
    }

    /// The row of the one article whose id begins so.
    pub fn article_by_prefix(&self, typed: &str) -> Result<i64, StoreError> {
        let prefix = if typed.starts_with("i:") {
            typed.to_owned()
        } else {
            format!("i:{typed}")
        };
        // Ids are hexadecimal, so `g` lies after every one that begins so.
        let sql = "SELECT id = ?1, rowid FROM article WHERE id >= ?1 AND id < ?1 || 'g' ORDER BY id LIMIT 2";
        let mut statement = self.conn.prepare_cached(sql)?;
        let found: Vec<(bool, i64)> = statement
            .query_map([&prefix], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        match found.as_slice() {
            [] => Err(StoreError::NoArticle(typed.to_owned())),
            [(_, rowid)] | [(true, rowid), _] => Ok(*rowid),
            _ => Err(StoreError::Ambiguous(typed.to_owned())),
        }
    }

    /// Every version of an article, oldest first.
    pub fn versions(&self, rowid: i64) -> Result<Vec<VersionRow>, StoreError> {
        let sql = "SELECT v.n, v.seen_at, v.title, v.standfirst, v.text, v.text_access, v.digest, v.length_n,
                f.name, p.offset, p.length
            FROM version v LEFT JOIN page p ON p.id = v.page LEFT JOIN archive_file f ON f.id = p.file
            WHERE v.article = ?1 ORDER BY v.n";
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement.query_map([rowid], version_row)?.collect::<Result<_, _>>()?)
    }

    /// Articles that fulfil the condition and whose words passed the test before they were replaced, with the newest such
    /// version. The index holds present words only.
    pub fn in_earlier_words(&self, condition: &Condition, test: &Test) -> Result<Vec<(i64, u32)>, StoreError> {
        let mut lowered = Lowered::of(condition)?;
        let asked = serde_json::to_string(&Asked::whole(test.clone()))
            .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
        lowered.values.push(asked.into());
        let sql = format!(
            "SELECT a.rowid, max(v.n) FROM article a JOIN version v ON v.article = a.rowid AND v.n < a.versions
            WHERE a.versions > 1 AND {} AND vigie_holds(?{}, v.title, v.standfirst, v.text) GROUP BY a.rowid",
            lowered.sql,
            lowered.values.len()
        );
        let mut statement = self.conn.prepare(&sql)?;
        let rows = statement.query_map(params_from_iter(lowered.values), |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The versions of many articles without their texts, oldest first, by row.
    pub fn version_heads(&self, rowids: &[i64]) -> Result<HashMap<i64, Vec<VersionHead>>, StoreError> {
        let sql = "SELECT v.article, v.n, v.seen_at, v.title, v.length_n, v.digest
            FROM json_each(?1) j JOIN version v ON v.article = j.value ORDER BY v.article, v.n";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([Json(rowids)])?;
        let mut heads: HashMap<i64, Vec<VersionHead>> = HashMap::new();
        while let Some(row) = rows.next()? {
            heads.entry(row.get(0)?).or_default().push(VersionHead {
                n: row.get(1)?,
                seen_at: row.get::<_, At>(2)?.0,
                title: row.get(3)?,
                length: row.get(4)?,
                digest: row.get(5)?,
            });
        }
        Ok(heads)
    }

    fn reservations(&self, rowid: i64) -> Result<Vec<String>, StoreError> {
        let sql =
            "SELECT f.reservations FROM article_url u JOIN link l ON l.source = u.source AND l.url_key = u.url_key
            JOIN fetch f ON f.link = l.id WHERE u.article = ?1 AND f.outcome IN ('ok', 'reserved')
            ORDER BY f.id DESC LIMIT 1";
        let row = self.conn.prepare_cached(sql)?.query_row([rowid], |row| {
            Ok(row.get::<_, Option<Json<Vec<String>>>>(0)?.map(|words| words.0))
        });
        Ok(row.optional()?.flatten().unwrap_or_default())
    }

    fn stays(&self, rowid: i64) -> Result<Vec<Stay>, StoreError> {
        let sql = "SELECT g.url, g.kind, s.first_look, b.at, s.position, e.id, e.at, s.left_look IS NOT NULL
            FROM article_url u JOIN link l ON l.source = u.source AND l.url_key = u.url_key
            JOIN sighting s ON s.link = l.id
            JOIN listing g ON g.id = s.listing
            JOIN look b ON b.id = s.first_look
            LEFT JOIN look e ON e.id = coalesce(s.last_look,
                (SELECT max(k.id) FROM look k WHERE k.listing = s.listing AND k.good = 1))
            WHERE u.article = ?1 ORDER BY s.first_look, g.url";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map(params![rowid], |row| {
            Ok(Stay {
                listing_url: row.get(0)?,
                listing_kind: row.get::<_, Word<ListingKind>>(1)?.0,
                first_look: row.get(2)?,
                first_at: row.get::<_, At>(3)?.0,
                position: row.get(4)?,
                last_look: row.get(5)?,
                last_at: row.get::<_, Option<At>>(6)?.map(|at| at.0),
                left: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn version_row(row: &Row<'_>) -> rusqlite::Result<VersionRow> {
    let file: Option<String> = row.get(8)?;
    let location = match file {
        Some(file) => Some(Location {
            file,
            offset: unsigned(row.get(9)?),
            length: unsigned(row.get(10)?),
        }),
        None => None,
    };
    Ok(VersionRow {
        n: row.get(0)?,
        seen_at: row.get::<_, At>(1)?.0,
        title: row.get(2)?,
        standfirst: row.get(3)?,
        text: row.get(4)?,
        text_access: row.get::<_, Word<TextAccess>>(5)?.0,
        digest: row.get(6)?,
        length: row.get(7)?,
        location,
    })
}
