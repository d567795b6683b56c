//! Pages to digest, in archive order.

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use crate::model::Link;
use crate::model::page::Location;

use super::columns::{At, Json, Word, unsigned};
use super::error::StoreError;
use super::open::{Batch, Reader};

/// What kind of thing lies at a page's place in the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageForm {
    /// An HTTP response.
    Response,
    /// One JSON object of article fields.
    Row,
    /// The body of the listing that said it; `claim` holds the part about this link.
    ListingItem,
}

/// One thing that can be digested.
#[derive(Debug, Clone, PartialEq)]
pub struct PageRow {
    pub id: i64,
    pub form: PageForm,
    pub source: String,
    /// The address asked for.
    pub url: String,
    pub final_url: Option<String>,
    pub at: Timestamp,
    pub status: Option<u16>,
    pub digest: Option<String>,
    pub link: Option<i64>,
    /// First announcement of that link: the earliest that we could know of the article.
    pub first_seen_at: Option<Timestamp>,
    /// Of a listing item: what was claimed.
    pub claim: Option<Link>,
    /// Of a listing item: a page of this link that answered later in the same run, so that this one may be passed over.
    /// One that answered in a later run does not count: by then the item had become an article, and must again.
    pub answered_by: Option<i64>,
    pub location: Location,
}

const COLUMNS: &str =
    "p.id, p.form, p.source, p.url, p.final_url, p.at, p.status, p.digest, p.link, l.first_seen_at, p.claim,
    CASE WHEN p.claim IS NULL THEN NULL ELSE
        (SELECT min(q.id) FROM page q JOIN fetch t ON t.id = q.fetch JOIN look k ON k.id = p.look
            WHERE q.link = p.link AND q.id > p.id AND q.form = 'response' AND t.run IS k.run) END AS answered_by,
    f.name AS file, p.offset, p.length
    FROM page p JOIN archive_file f ON f.id = p.file LEFT JOIN link l ON l.id = p.link";

impl Reader {
    /// Pages that no digest has read yet, oldest first.
    pub fn undigested(&self, limit: u32) -> Result<Vec<PageRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} WHERE p.digested IS NULL ORDER BY p.id LIMIT ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        Ok(statement.query_map([limit], page_row)?.collect::<Result<_, _>>()?)
    }

    /// One page.
    pub fn page(&self, id: i64) -> Result<Option<PageRow>, StoreError> {
        use rusqlite::OptionalExtension;
        let sql = format!("SELECT {COLUMNS} WHERE p.id = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([id], page_row).optional()?)
    }

    /// What was claimed about a link when that page was had, however often the listing has changed its mind since.
    pub fn claim_at(&self, link: i64, page: i64) -> Result<Option<Link>, StoreError> {
        use rusqlite::OptionalExtension;
        let sql = "SELECT claim FROM page WHERE link = ?1 AND claim IS NOT NULL AND id <= ?2 ORDER BY id DESC LIMIT 1";
        let claim = self
            .conn
            .prepare_cached(sql)?
            .query_row([link, page], |row| Ok(row.get::<_, Json<Link>>(0)?.0));
        Ok(claim.optional()?)
    }

    /// Where every look, fetch and import lies in the archive.
    pub fn locations(&self) -> Result<Vec<Location>, StoreError> {
        let sql = "SELECT f.name, r.offset, r.length FROM archive_file f
            JOIN (SELECT file, offset, length FROM look UNION ALL SELECT file, offset, length FROM fetch) r ON r.file = f.id
            ORDER BY f.id, r.offset";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(Location {
                file: row.get(0)?,
                offset: unsigned(row.get(1)?),
                length: unsigned(row.get(2)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many pages wait for a digest.
    pub fn undigested_count(&self) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM page WHERE digested IS NULL";
        Ok(unsigned(
            self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?,
        ))
    }

    /// Was this very body had from this address before? An import asks, so that bringing a file twice adds nothing.
    pub fn has_page(&self, source: &str, url: &str, digest: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM page WHERE source = ?1 AND url = ?2 AND digest = ?3";
        Ok(self.conn.prepare_cached(sql)?.exists([source, url, digest])?)
    }
}

impl Batch<'_> {
    /// Notes that these pages were read by this version of the digest, whatever came of it.
    pub fn mark_digested(&self, pages: &[i64], version: u32) -> Result<(), StoreError> {
        let mut update = self
            .conn
            .prepare_cached("UPDATE page SET digested = ?2 WHERE id = ?1")?;
        for page in pages {
            update.execute(params![page, version])?;
        }
        Ok(())
    }
}

fn page_row(row: &Row<'_>) -> rusqlite::Result<PageRow> {
    Ok(PageRow {
        id: row.get("id")?,
        form: row.get::<_, Word<PageForm>>("form")?.0,
        source: row.get("source")?,
        url: row.get("url")?,
        final_url: row.get("final_url")?,
        at: row.get::<_, At>("at")?.0,
        status: row.get("status")?,
        digest: row.get("digest")?,
        link: row.get("link")?,
        first_seen_at: row.get::<_, Option<At>>("first_seen_at")?.map(|at| at.0),
        claim: row.get::<_, Option<Json<Link>>>("claim")?.map(|claim| claim.0),
        answered_by: row.get("answered_by")?,
        location: Location {
            file: row.get("file")?,
            offset: unsigned(row.get("offset")?),
            length: unsigned(row.get("length")?),
        },
    })
}
