//! What can go wrong between the program and its database, in words a person can act on.

use std::path::PathBuf;

/// How long a writer waits for another one before it gives up.
pub(super) const BUSY_SECONDS: u64 = 10;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{path}: made by a newer vigie (schema {found}; this one knows up to {known})")]
    Newer { path: PathBuf, found: u32, known: u32 },
    #[error(
        "{path}: made by an older vigie (schema {found}, needs {known}); run `vigie crawl` or `vigie digest` once to upgrade it"
    )]
    Older { path: PathBuf, found: u32, known: u32 },
    #[error("{path}: not a vigie database")]
    Foreign { path: PathBuf },
    #[error("{path}: no such store yet; `vigie crawl` or `vigie import` makes one")]
    Missing { path: PathBuf },
    #[error("{path}: already there, not overwritten")]
    Exists { path: PathBuf },
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("no room left on the disk; nothing of the last batch was kept, everything before it was")]
    Full,
    #[error("another program has held the database for more than {BUSY_SECONDS} s")]
    Busy,
    #[error("the database is damaged: {}", .0.join("; "))]
    Damaged(Vec<String>),
    #[error("the query is nested more than {0} levels deep")]
    TooDeep(usize),
    #[error("{0} has to be found out before the store is asked")]
    Unanswered(&'static str),
    #[error("no article's id begins with `{0}`")]
    NoArticle(String),
    #[error("more than one article's id begins with `{0}`")]
    Ambiguous(String),
    #[error("database: {0}")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
            Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged(vec![error.to_string()]),
            _ => StoreError::Sqlite(error),
        }
    }
}
