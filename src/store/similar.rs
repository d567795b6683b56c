//! The vectors of the articles that fulfil a condition, one after another.

use rusqlite::params_from_iter;

use crate::model::query::Condition;

use super::condition::Lowered;
use super::error::StoreError;
use super::open::Reader;
use super::stories::{Vectors, vector};

impl Reader {
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
