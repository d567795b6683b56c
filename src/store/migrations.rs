//! Numbered, append-only steps from an empty file to today's schema.
//!
//! Takes a connection, leaves it at the newest version or exactly as it was. Never edits a step that was released.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::StoreError;

/// "vigi" in ASCII, so that `file(1)` and other programs can tell whose database it is.
pub(super) const APPLICATION_ID: i32 = 0x7669_6769;

/// Step n (counted from 1) brings a file from `user_version` n − 1 to n.
const STEPS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
    include_str!("migrations/0007.sql"),
];

/// The `user_version` that this program writes.
pub(super) const NEWEST: u32 = STEPS.len() as u32;

/// Whose file it is and how old: an error unless it is ours (or empty) and not newer than this program.
pub(super) fn version(conn: &Connection, path: &Path) -> Result<u32, StoreError> {
    let foreign = || StoreError::Foreign { path: path.to_owned() };
    let pragma = |name: &str| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let application = match pragma("application_id") {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => return Err(foreign()),
        other => other?,
    };
    let found = u32::try_from(pragma("user_version")?).map_err(|_| foreign())?;
    let objects: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let empty = application == 0 && found == 0 && objects == 0;
    if !empty && application != i64::from(APPLICATION_ID) {
        return Err(foreign());
    }
    if found > NEWEST {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known: NEWEST,
        });
    }
    Ok(found)
}

/// Each step in one transaction of its own, with a check that no reference was broken.
pub(super) fn upgrade(conn: &mut Connection, path: &Path) -> Result<(), StoreError> {
    if version(conn, path)? == NEWEST {
        return Ok(());
    }
    // A step may rebuild a table that others refer to; SQLite's own recipe (lang_altertable.html §7) is to
    // switch enforcement off outside the transaction and to check before committing.
    conn.pragma_update(None, "foreign_keys", false)?;
    let outcome = run_steps(conn, path);
    conn.pragma_update(None, "foreign_keys", true)?;
    outcome
}

fn run_steps(conn: &mut Connection, path: &Path) -> Result<(), StoreError> {
    loop {
        let step = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Asked again under the write lock: another process may have upgraded meanwhile.
        let at = version(&step, path)?;
        let Some(sql) = STEPS.get(at as usize) else {
            return Ok(());
        };
        step.execute_batch(sql)?;
        let broken = broken_references(&step)?;
        if !broken.is_empty() {
            return Err(StoreError::Damaged(broken));
        }
        step.pragma_update(None, "application_id", APPLICATION_ID)?;
        step.pragma_update(None, "user_version", at + 1)?;
        step.commit()?;
    }
}

/// `PRAGMA foreign_key_check`, one line a broken reference, at most ten.
pub(super) fn broken_references(conn: &Connection) -> Result<Vec<String>, StoreError> {
    let mut check = conn.prepare("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 10")?;
    let lines = check.query_map([], |row| {
        let (table, rowid, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(match rowid {
            Some(rowid) => format!("row {rowid} of {table} refers to a missing row of {parent}"),
            None => format!("a row of {table} refers to a missing row of {parent}"),
        })
    })?;
    Ok(lines.collect::<Result<_, _>>()?)
}
