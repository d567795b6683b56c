//! Counts by source and quarter of an hour, from which any day of any zone is made up.
//!
//! Takes conditions, gives counts in one pass over the articles and one over the looks. Never divides.

use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use crate::model::Interval;
use crate::model::query::Condition;

use super::columns::{At, unsigned};
use super::condition::Lowered;
use super::error::StoreError;
use super::open::Reader;

/// Every zone in use differs from UTC by a multiple of this many seconds.
pub(super) const QUARTER: i64 = 900;

/// Articles of one source whose (earliest) publication lies in one quarter of an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub source: String,
    /// Unix seconds at which the quarter begins.
    pub at: i64,
    pub all: u64,
    pub matching: u64,
    /// Of all, dated no closer than `wide` seconds.
    pub wide: u64,
}

/// Looks at one source in one quarter of an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    pub source: String,
    pub at: i64,
    pub made: u64,
    pub good: u64,
}

impl Reader {
    /// Articles within the window (by the lower bound of their dates) that fulfil `among`, and those of them that
    /// fulfil `matching`, too.
    pub fn published_by_quarter(
        &self,
        window: Interval,
        matching: &Condition,
        among: &Condition,
        wide: i64,
    ) -> Result<Vec<Published>, StoreError> {
        // Each part is a condition of its own, in one numbering.
        let both = Lowered::pair(matching, among)?;
        let (matching, among, mut values) = both;
        let n = values.len();
        values.extend([window.min.as_second(), window.max.as_second(), wide].map(Value::Integer));
        let sql = format!(
            "SELECT a.source, a.published_min - ((a.published_min % {QUARTER}) + {QUARTER}) % {QUARTER} AS quarter,
                count(*), sum({matching}), sum(a.published_max - a.published_min > ?{})
            FROM article a WHERE a.published_min >= ?{} AND a.published_min < ?{} AND {among} GROUP BY 1, 2",
            n + 3,
            n + 1,
            n + 2
        );
        let mut statement = self.conn.prepare(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| {
            Ok(Published {
                source: row.get(0)?,
                at: row.get(1)?,
                all: unsigned(row.get(2)?),
                matching: unsigned(row.get(3)?),
                wide: unsigned(row.get(4)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Looks within the window. Archived copies are no looks at their night.
    pub fn looked_by_quarter(&self, window: Interval) -> Result<Vec<Looked>, StoreError> {
        let sql = format!(
            "SELECT source, at - ((at % {QUARTER}) + {QUARTER}) % {QUARTER}, count(*), sum(good) FROM look
            WHERE at >= ?1 AND at < ?2 AND listing NOT IN (SELECT id FROM listing WHERE kind = 'archive')
            GROUP BY 1, 2"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map(params![At(window.min), At(window.max)], |row| {
            Ok(Looked {
                source: row.get(0)?,
                at: row.get(1)?,
                made: unsigned(row.get(2)?),
                good: unsigned(row.get(3)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
