//! Of which encoder the vectors are; and those of the articles that fulfil a condition, one after another.

use rusqlite::{OptionalExtension, params_from_iter};

use crate::model::query::Condition;

use super::condition::Lowered;
use super::error::StoreError;
use super::open::{Batch, Reader};
use super::stories::{Vectors, vector};

impl Batch<'_> {
    /// Vectors are of this encoder from now on. False, and nothing is changed, where there are some of another.
    pub fn measured_by(&self, encoder: &str) -> Result<bool, StoreError> {
        if let Some(before) = self.encoder()? {
            return Ok(before == encoder);
        }
        // A name without vectors binds nobody.
        self.conn.execute("DELETE FROM encoder", [])?;
        self.conn.execute("INSERT INTO encoder (name) VALUES (?1)", [encoder])?;
        Ok(true)
    }
}

impl Reader {
    /// The encoder that the vectors are of. `None`: there are none.
    pub fn encoder(&self) -> Result<Option<String>, StoreError> {
        let mut read = self
            .conn
            .prepare_cached("SELECT name FROM encoder WHERE EXISTS (SELECT 1 FROM vector)")?;
        Ok(read.query_row([], |row| row.get(0)).optional()?)
    }

    /// Hands over each article's row, language and vectors; those without any are left out.
    pub fn each_vectors(
        &self,
        condition: &Condition,
        mut each: impl FnMut(i64, Option<&str>, Vectors),
    ) -> Result<(), StoreError> {
        let lowered = Lowered::of(condition)?;
        let sql = format!(
            "SELECT a.rowid, a.lang, t.scale, t.steps, x.scale, x.steps FROM article a
            LEFT JOIN vector t ON t.article = a.rowid AND t.part = 'title'
            LEFT JOIN vector x ON x.article = a.rowid AND x.part = 'text'
            WHERE (t.article IS NOT NULL OR x.article IS NOT NULL) AND {}",
            lowered.sql
        );
        let mut statement = self.conn.prepare(&sql)?;
        let mut rows = statement.query(params_from_iter(lowered.values))?;
        while let Some(row) = rows.next()? {
            let vectors = Vectors {
                title: vector(row, 2)?,
                text: vector(row, 4)?,
            };
            each(row.get(0)?, row.get_ref(1)?.as_str().ok(), vectors);
        }
        Ok(())
    }
}
