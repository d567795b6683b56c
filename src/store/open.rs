//! Opening, and the three handles: [`Store`] writes, [`Batch`] is one transaction of it, [`Reader`] reads.
//!
//! Takes the data folder. Never creates anything for a reader, never touches a file that is not vigie's.

use std::cell::RefCell;
use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::error::{BUSY_SECONDS, StoreError};
use super::functions;
use super::migrations;
use super::observed::Memo;

/// Name of the database below the data folder.
pub const DATABASE: &str = "vigie.db";

/// More statements than the program has, so that each is prepared once a connection.
const STATEMENTS: usize = 256;
/// KiB of page cache; with the map below it stays well under the 80 MB that a night may take.
const CACHE_KIB: i64 = 16 * 1024;
/// Bytes of the file that may be read through the page cache of the operating system without copying.
const MMAP_BYTES: i64 = 64 * 1024 * 1024;

/// What a large import leaves of its write-ahead log once that has been copied back.
const WAL_BYTES: i64 = 64 * 1024 * 1024;

/// The one writer.
#[derive(Debug)]
pub struct Store {
    reader: Reader,
}

/// A connection for reading. It sees the last committed batch, and a running writer does not disturb it.
#[derive(Debug)]
pub struct Reader {
    pub(super) conn: Connection,
    path: PathBuf,
}

/// One transaction: everything done through it becomes visible at once, or never happened.
#[derive(Debug)]
pub struct Batch<'s> {
    reader: &'s Reader,
    pub(super) memo: RefCell<Memo>,
}

impl Store {
    /// Opens the store below `dir`, making or upgrading it where needed.
    pub fn open(dir: &Path) -> Result<Store, StoreError> {
        fs::create_dir_all(dir).map_err(|source| StoreError::Io {
            path: dir.to_owned(),
            source,
        })?;
        let path = dir.join(DATABASE);
        let mut conn = Connection::open(&path)?;
        conn.busy_timeout(Duration::from_secs(BUSY_SECONDS))?;
        // Before anything is written to it: whose file is this?
        migrations::version(&conn, &path)?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
        // WAL + NORMAL: a power cut may lose the last batches, never the file; the archive has their records, which
        // are on the disk before their rows are committed.
        conn.pragma_update(None, "synchronous", "NORMAL")?;
        conn.pragma_update(None, "journal_size_limit", WAL_BYTES)?;
        tune(&conn)?;
        migrations::upgrade(&mut conn, &path)?;
        conn.pragma_update(None, "foreign_keys", true)?;
        Ok(Store {
            reader: Reader { conn, path },
        })
    }

    /// Opens an existing store for reading only.
    pub fn reader(dir: &Path) -> Result<Reader, StoreError> {
        Reader::open(&dir.join(DATABASE))
    }

    /// One transaction. Whatever `work` returns as an error undoes all of it.
    pub fn batch<T, E: From<StoreError>>(&mut self, work: impl FnOnce(&Batch<'_>) -> Result<T, E>) -> Result<T, E> {
        let store_error = |error: rusqlite::Error| E::from(StoreError::from(error));
        let transaction =
            Transaction::new_unchecked(&self.reader.conn, TransactionBehavior::Immediate).map_err(store_error)?;
        let batch = Batch {
            reader: &self.reader,
            memo: RefCell::default(),
        };
        let value = work(&batch)?;
        batch.settle_index()?;
        batch.settle_archive()?;
        transaction.commit().map_err(store_error)?;
        Ok(value)
    }

    /// Merges the index and refreshes the planner's statistics; worth doing once a night, after the last batch.
    pub fn optimize(&mut self) -> Result<(), StoreError> {
        let conn = &self.reader.conn;
        // 0x10000: of all tables, not only of those that this connection has asked; a plan made for a few rows is slow
        // over a million.
        conn.execute_batch("INSERT INTO search(search) VALUES('optimize'); PRAGMA optimize = 0x10002;")?;
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

impl Reader {
    /// Opens a database file, such as a backup, for reading only.
    pub fn open(path: &Path) -> Result<Reader, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing { path: path.to_owned() });
        }
        let conn =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        conn.busy_timeout(Duration::from_secs(BUSY_SECONDS))?;
        let found = migrations::version(&conn, path)?;
        if found < migrations::NEWEST {
            return Err(StoreError::Older {
                path: path.to_owned(),
                found,
                known: migrations::NEWEST,
            });
        }
        tune(&conn)?;
        Ok(Reader {
            conn,
            path: path.to_owned(),
        })
    }

    /// Where the database lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything SQLite and the schema can check of themselves; `Damaged` lists what is wrong.
    pub fn integrity(&self) -> Result<(), StoreError> {
        let mut check = self.conn.prepare("PRAGMA integrity_check(10)")?;
        let mut wrong: Vec<String> = check.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        wrong.retain(|line| line != "ok");
        wrong.extend(migrations::broken_references(&self.conn)?);
        let unindexed: i64 = self.conn.query_row(
            "SELECT (SELECT count(*) FROM article) - (SELECT count(*) FROM search_docsize)",
            [],
            |row| row.get(0),
        )?;
        if unindexed != 0 {
            wrong.push(format!(
                "articles and index differ by {unindexed}; `vigie digest --all` mends it"
            ));
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(StoreError::Damaged(wrong))
        }
    }

    /// A consistent copy in one new file, while others go on reading and writing.
    pub fn backup_to(&self, path: &Path) -> Result<(), StoreError> {
        if path.exists() {
            return Err(StoreError::Exists { path: path.to_owned() });
        }
        let mut copy = Connection::open(path)?;
        // 1,024 pages (4 MB) a step, no pause: the source is only locked while a step runs.
        Backup::new(&self.conn, &mut copy)?.run_to_completion(1024, Duration::ZERO, None)?;
        // One file that opens anywhere, also from read-only media.
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        Ok(())
    }
}

fn tune(conn: &Connection) -> Result<(), StoreError> {
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    conn.pragma_update(None, "mmap_size", MMAP_BYTES)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    functions::register(conn)?;
    Ok(())
}

impl Deref for Store {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl Deref for Batch<'_> {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        self.reader
    }
}
