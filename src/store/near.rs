//! Articles that may have the same words: by digest, and by slices of their SimHash.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Row, params};

use crate::model::{ArticleId, DateClaim, TextAccess};

use super::columns::{At, Json, Word};
use super::error::StoreError;
use super::open::Reader;

/// An article as duplicate detection needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    pub rowid: i64,
    pub id: ArticleId,
    pub source: String,
    pub lang: Option<String>,
    pub title: String,
    pub digest: String,
    pub simhash: u64,
    pub text_access: TextAccess,
    pub first_seen_at: Timestamp,
    pub published_min: Timestamp,
    pub published_max: Timestamp,
    pub reprint_of: Option<i64>,
    pub versions: u32,
}

/// What an article says of its own time and of where it is from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Nothing where no date was given.
    pub published: Option<DateClaim>,
    pub credit: Option<String>,
}

const COLUMNS: &str = "a.rowid, a.id, a.source, a.lang, a.title, a.digest, a.simhash, a.text_access, a.first_seen_at,
    a.published_min, a.published_max, a.reprint_of, a.versions";

impl Reader {
    /// The same facts of one article.
    pub fn near(&self, rowid: i64) -> Result<Option<Near>, StoreError> {
        use rusqlite::OptionalExtension;
        let sql = format!("SELECT {COLUMNS} FROM article a WHERE a.rowid = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([rowid], near).optional()?)
    }

    /// Articles whose present words are exactly these, in order of row.
    pub fn article_by_digest(&self, digest: &str) -> Result<Vec<Near>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM article a WHERE a.digest = ?1 ORDER BY a.rowid");
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_map([digest], near)?
            .collect::<Result<_, _>>()?)
    }

    /// Articles first seen in `[since, until)` that share at least one band, each once, in order of row.
    pub fn near_candidates(&self, bands: &[u64], since: Timestamp, until: Timestamp) -> Result<Vec<Near>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM band b JOIN article a ON a.rowid = b.article
             WHERE b.band = ?1 AND b.value = ?2 AND a.first_seen_at >= ?3 AND a.first_seen_at < ?4"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut found = BTreeMap::new();
        for (band, value) in (0_i64..).zip(bands) {
            let rows = statement.query_map(params![band, value.cast_signed(), At(since), At(until)], near)?;
            for row in rows {
                let row = row?;
                found.insert(row.rowid, row);
            }
        }
        Ok(found.into_values().collect())
    }

    /// The claimed dates and credit lines of these articles, by row.
    pub fn said(&self, rowids: &[i64]) -> Result<BTreeMap<i64, Said>, StoreError> {
        let sql =
            "SELECT a.rowid, a.published_claim, a.credit FROM json_each(?1) j JOIN article a ON a.rowid = j.value";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([Json(rowids)], |row| {
            let said = Said {
                published: row.get::<_, Option<Json<_>>>(1)?.map(|claim| claim.0),
                credit: row.get(2)?,
            };
            Ok((row.get(0)?, said))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn near(row: &Row<'_>) -> rusqlite::Result<Near> {
    Ok(Near {
        rowid: row.get("rowid")?,
        id: row.get("id")?,
        source: row.get("source")?,
        lang: row.get("lang")?,
        title: row.get("title")?,
        digest: row.get("digest")?,
        simhash: row.get::<_, i64>("simhash")?.cast_unsigned(),
        text_access: row.get::<_, Word<TextAccess>>("text_access")?.0,
        first_seen_at: row.get::<_, At>("first_seen_at")?.0,
        published_min: row.get::<_, At>("published_min")?.0,
        published_max: row.get::<_, At>("published_max")?.0,
        reprint_of: row.get("reprint_of")?,
        versions: row.get("versions")?,
    })
}
