//! Which records of the archive hold the versions of articles, and the looks that found none.
//!
//! Takes ids, gives places in the archive. Never opens the archive.

use jiff::Timestamp;
use rusqlite::Row;

use crate::model::ArticleId;
use crate::model::page::Location;

use super::columns::{At, Json, unsigned};
use super::error::StoreError;
use super::open::Reader;

/// One version of an article, and the record of the page that showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptVersion {
    pub article: ArticleId,
    pub n: u32,
    /// Digest of the version's words.
    pub sha256: String,
    pub location: Location,
    /// Of the body that was answered; `None` where a listing's words are all there is.
    pub body_sha256: Option<String>,
    /// The address that answered.
    pub url: String,
    pub at: Timestamp,
}

impl Reader {
    /// The records of these articles' versions, each article's oldest first. A version whose page is not kept has none.
    pub fn kept_versions(&self, ids: &[&str]) -> Result<Vec<KeptVersion>, StoreError> {
        let sql = "SELECT f.name, p.offset, p.length, a.id, v.n, v.digest, p.digest, coalesce(p.final_url, p.url), p.at
            FROM json_each(?1) j JOIN article a ON a.id = j.value JOIN version v ON v.article = a.rowid
            JOIN page p ON p.id = v.page JOIN archive_file f ON f.id = p.file ORDER BY j.key, v.n";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([Json(ids)], |row| {
            Ok(KeptVersion {
                location: location(row)?,
                article: row.get(3)?,
                n: row.get(4)?,
                sha256: row.get(5)?,
                body_sha256: row.get(6)?,
                url: row.get(7)?,
                at: row.get::<_, At>(8)?.0,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The records of these looks, in the order of the ledger, each with its number.
    pub fn kept_looks(&self, ids: &[i64]) -> Result<Vec<(i64, Location)>, StoreError> {
        let sql = "SELECT f.name, k.offset, k.length, k.id FROM look k JOIN archive_file f ON f.id = k.file
            WHERE k.id IN (SELECT value FROM json_each(?1)) ORDER BY k.id";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([Json(ids)], |row| Ok((row.get(3)?, location(row)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn location(row: &Row<'_>) -> rusqlite::Result<Location> {
    Ok(Location {
        file: row.get(0)?,
        offset: unsigned(row.get(1)?),
        length: unsigned(row.get(2)?),
    })
}
