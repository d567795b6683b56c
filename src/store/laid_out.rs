//! Stories as they were last laid out, for whoever reads the store with SQL (`v_story_source`).
//!
//! Takes the rows of a comparison, keeps them in place of those that the story had. Never computes one.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};

use crate::model::Interval;
use crate::model::comparison::Coverage;

use super::columns::{At, Word};
use super::error::StoreError;
use super::open::DATABASE;

/// A crawl that is writing at this moment is waited for so long. Its own batches take less.
const PATIENCE: Duration = Duration::from_secs(5);

/// Keeps what a comparison says of each source that the store knows. Its own short transaction, beside a crawl if need be:
/// nothing else is derived from these rows, so they need no lock, and a crawl must not be refused for them.
pub fn keep_story(
    dir: &Path,
    story: &str,
    window: Interval,
    at: Timestamp,
    rows: &[Coverage],
) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(dir.join(DATABASE), flags)?;
    conn.busy_timeout(PATIENCE)?;
    // What a power cut takes of these rows, the next comparison brings back.
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("DELETE FROM story_source WHERE story = ?1", [story])?;
    {
        let mut insert = transaction.prepare(
            "INSERT INTO story_source (story, source, computed_at, window_min, window_max, status, silence_grade,
                rank_overall, rank_in_lang, n_items, n_reprint, first_article, first_pub_min, first_pub_max,
                first_seen_at, last_absent_at, looks_planned, looks_ok, listing_gaps, items_listed, reason)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21
             WHERE EXISTS (SELECT 1 FROM source WHERE id = ?2)",
        )?;
        for row in rows {
            insert.execute(params![
                story,
                row.source_id,
                At(at),
                At(window.min),
                At(window.max),
                Word(row.status),
                row.silence_grade.map(Word),
                row.rank_overall,
                row.rank_in_lang,
                row.n_items,
                row.n_reprint,
                row.first_item_id,
                row.first_pub.map(|span| At(span.min)),
                row.first_pub.map(|span| At(span.max)),
                row.first_seen_at.map(At),
                row.last_absent_at.map(At),
                row.looks_planned,
                row.looks_ok,
                row.listing_gaps,
                row.items_listed,
                row.reason,
            ])?;
        }
    }
    transaction.commit()?;
    Ok(())
}
