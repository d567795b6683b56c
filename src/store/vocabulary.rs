//! The words that the index holds, to find what a misspelt one may have meant.
//!
//! Takes a folded word, gives near ones with the number of articles that hold them. Never looks further than the words
//! that begin alike, so that a slip costs no walk through the whole vocabulary.

use std::cmp::Reverse;

use super::columns::unsigned;
use super::error::StoreError;
use super::open::Reader;
use crate::text::signs::is_sign;

/// Shorter words are near to too many.
const SHORTEST: usize = 4;

impl Reader {
    /// Up to `most` words of the index that differ from `word` by a letter (in long words by two), nearest first.
    pub fn near_words(&self, word: &str, most: usize) -> Result<Vec<(String, u64)>, StoreError> {
        let length = word.chars().count();
        let Some(first) = word.chars().next().filter(|_| length >= SHORTEST) else {
            return Ok(Vec::new());
        };
        // A view of the index that lives with the connection; nothing is written to the file.
        self.conn.execute_batch(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab('main', 'search', 'row')",
        )?;
        let allowed = if length < 6 { 1 } else { 2 };
        let mut statement = self.conn.prepare_cached(
            "SELECT term, doc FROM temp.vocabulary WHERE term >= ?1 AND term < ?2
             AND length(term) BETWEEN ?3 AND ?4",
        )?;
        let after = char::from_u32(u32::from(first) + 1).unwrap_or(char::MAX);
        let bounds = (
            first.to_string(),
            after.to_string(),
            length.saturating_sub(allowed) as i64,
            (length + allowed) as i64,
        );
        let mut rows = statement.query(bounds)?;
        let mut near: Vec<(usize, Reverse<u64>, String)> = Vec::new();
        while let Some(row) = rows.next()? {
            let term: String = row.get(0)?;
            let distance = strsim::osa_distance(word, &term);
            if distance > 0 && distance <= allowed && !is_sign(&term) {
                near.push((distance, Reverse(unsigned(row.get(1)?)), term));
            }
        }
        near.sort();
        near.truncate(most);
        Ok(near
            .into_iter()
            .map(|(_, Reverse(count), term)| (term, count))
            .collect())
    }

    /// From the first to the last article seen, as (sources, first, last); `None` in an empty store.
    pub fn reach(&self) -> Result<Option<(u64, jiff::Timestamp, jiff::Timestamp)>, StoreError> {
        use super::columns::At;
        let sql = "SELECT count(DISTINCT source), min(first_seen_at), max(first_seen_at) FROM article";
        let row = self.conn.query_row(sql, [], |row| {
            let span = (row.get::<_, Option<At>>(1)?, row.get::<_, Option<At>>(2)?);
            Ok((unsigned(row.get(0)?), span))
        })?;
        Ok(match row {
            (sources, (Some(first), Some(last))) => Some((sources, first.0, last.0)),
            _ => None,
        })
    }
}
