//! What saved searches have found, and what of it a person has been told.
//!
//! Takes ids and conditions, gives rows. Never decides what is news.

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params, params_from_iter};

use crate::model::query::Condition;

use super::columns::{At, unsigned};
use super::condition::Lowered;
use super::error::StoreError;
use super::open::{Batch, Reader};
use super::search::{ARTICLE_COLUMNS, ArticleRow, article_row};

/// A saved search as it was last asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedRow {
    pub asked: String,
    pub added_at: Timestamp,
    pub ran_at: Timestamp,
    pub told_at: Option<Timestamp>,
    pub alarmed_at: Option<Timestamp>,
}

/// Which of its hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hits {
    /// In no digest yet.
    Untold,
    /// Not shown to a person yet.
    Unseen,
    All,
}

impl Hits {
    fn test(self) -> &'static str {
        match self {
            Hits::Untold => "h.told_at IS NULL",
            Hits::Unseen => "h.seen_at IS NULL",
            Hits::All => "1",
        }
    }
}

impl Reader {
    pub fn saved_search(&self, id: &str) -> Result<Option<SavedRow>, StoreError> {
        let sql = "SELECT asked, added_at, ran_at, told_at, alarmed_at FROM saved_search WHERE id = ?1";
        let row = self.conn.prepare_cached(sql)?.query_row([id], |row| {
            Ok(SavedRow {
                asked: row.get(0)?,
                added_at: row.get::<_, At>(1)?.0,
                ran_at: row.get::<_, At>(2)?.0,
                told_at: row.get::<_, Option<At>>(3)?.map(|at| at.0),
                alarmed_at: row.get::<_, Option<At>>(4)?.map(|at| at.0),
            })
        });
        Ok(row.optional()?)
    }

    /// Ids of the articles that fulfil the condition and that the search has not found before.
    pub fn not_yet_found(&self, search: &str, condition: &Condition) -> Result<Vec<String>, StoreError> {
        let Lowered { sql, mut values, .. } = Lowered::of(condition)?;
        values.push(Value::Text(search.to_owned()));
        let sql = format!(
            "SELECT a.id FROM article a WHERE {sql}
                AND NOT EXISTS (SELECT 1 FROM saved_hit h WHERE h.search = ?{} AND h.article = a.id) ORDER BY a.id",
            values.len()
        );
        let mut statement = self.conn.prepare(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Its hits with the time each was found, the newest found first; at most `most`, and how many there are.
    pub fn saved_hits(
        &self,
        search: &str,
        which: Hits,
        most: u32,
    ) -> Result<(u64, Vec<(Timestamp, ArticleRow)>), StoreError> {
        let test = which.test();
        // Hits whose article is no more, since what was derived differs, are neither shown nor counted.
        let from = format!("FROM saved_hit h JOIN article a ON a.id = h.article WHERE h.search = ?1 AND {test}");
        let total: i64 = self
            .conn
            .prepare_cached(&format!("SELECT count(*) {from}"))?
            .query_row([search], |row| row.get(0))?;
        let sql = format!(
            "SELECT {ARTICLE_COLUMNS}, h.found_at {from} ORDER BY h.found_at DESC, a.published_min DESC, a.id LIMIT ?2"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map(params![search, most], |row| {
            Ok((row.get::<_, At>("found_at")?.0, article_row(row)?))
        })?;
        Ok((unsigned(total), rows.collect::<Result<_, _>>()?))
    }
}

impl Batch<'_> {
    /// Asked in this form for the first time (or in another form than before): everything it finds was there already.
    pub fn begin_search(&self, id: &str, asked: &str, now: Timestamp, found: &[String]) -> Result<(), StoreError> {
        let sql = "INSERT INTO saved_search (id, asked, added_at, ran_at) VALUES (?1, ?2, ?3, ?3)
            ON CONFLICT (id) DO UPDATE SET asked = ?2, added_at = ?3, ran_at = ?3, alarmed_at = NULL";
        self.conn.prepare_cached(sql)?.execute(params![id, asked, At(now)])?;
        let sql = "INSERT INTO saved_hit (search, article, found_at, told_at, seen_at) VALUES (?1, ?2, ?3, ?3, ?3)
            ON CONFLICT DO NOTHING";
        let mut insert = self.conn.prepare_cached(sql)?;
        for article in found {
            insert.execute(params![id, article, At(now)])?;
        }
        Ok(())
    }

    /// Asked again, and this was new.
    pub fn ran_search(&self, id: &str, now: Timestamp, found: &[String]) -> Result<(), StoreError> {
        let sql = "UPDATE saved_search SET ran_at = ?2 WHERE id = ?1";
        self.conn.prepare_cached(sql)?.execute(params![id, At(now)])?;
        let sql = "INSERT INTO saved_hit (search, article, found_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        let mut insert = self.conn.prepare_cached(sql)?;
        for article in found {
            insert.execute(params![id, article, At(now)])?;
        }
        Ok(())
    }

    /// Its hits stood in a digest.
    pub fn told_search(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE saved_search SET told_at = ?2 WHERE id = ?1";
        self.conn.prepare_cached(sql)?.execute(params![id, At(now)])?;
        let sql = "UPDATE saved_hit SET told_at = ?2 WHERE search = ?1 AND told_at IS NULL";
        self.conn.prepare_cached(sql)?.execute(params![id, At(now)])?;
        Ok(())
    }

    /// Its hits were shown to a person.
    pub fn seen_search(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE saved_hit SET seen_at = ?2 WHERE search = ?1 AND seen_at IS NULL";
        self.conn.prepare_cached(sql)?.execute(params![id, At(now)])?;
        Ok(())
    }

    /// Its silence was told.
    pub fn alarmed_search(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE saved_search SET alarmed_at = ?2 WHERE id = ?1";
        self.conn.prepare_cached(sql)?.execute(params![id, At(now)])?;
        Ok(())
    }

    /// Nobody asks it any more.
    pub fn forget_search(&self, id: &str) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM saved_hit WHERE search = ?1",
            "DELETE FROM saved_search WHERE id = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([id])?;
        }
        Ok(())
    }
}
