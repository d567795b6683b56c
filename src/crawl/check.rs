//! The store against the archive, and the store anew from the archive.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use crate::archive;
use crate::crawl::replay::{self, Replayed};
use crate::crawl::run::{ARCHIVE, RunError};
use crate::store::{DATABASE, Lock, Reader, Store, StoreError};

/// What a check found.
#[derive(Debug, Default, Serialize)]
pub struct Checkup {
    /// The sentence encoder that the vectors are of; absent = there are none.
    pub encoder: Option<String>,
    /// What SQLite finds wrong; absent = nothing.
    pub integrity: Option<String>,
    pub files: u64,
    pub records: u64,
    /// Rows whose record is not where they say.
    pub rows_without_record: u64,
    /// Observations that no row speaks of.
    pub records_without_row: u64,
    pub damage: Vec<String>,
    pub undigested: u64,
    /// Articles whose reprints and stories a run that was cut off left open.
    pub unsettled: u64,
}

impl Checkup {
    pub fn healthy(&self) -> bool {
        self.integrity.is_none()
            && self.rows_without_record == 0
            && self.records_without_row == 0
            && self.damage.is_empty()
    }
}

/// Reads the whole archive beside the rows.
pub fn check(reader: &Reader, data: &Path, progress: &dyn Fn(u64)) -> Result<Checkup, RunError> {
    let mut found = Checkup {
        integrity: match reader.integrity() {
            Ok(()) => None,
            Err(error @ StoreError::Damaged(_)) => Some(error.to_string()),
            Err(error) => return Err(error.into()),
        },
        encoder: reader.encoder()?,
        undigested: reader.undigested_count()?,
        unsettled: reader.unsettled()?.len() as u64,
        ..Checkup::default()
    };
    let mut rows: HashMap<(String, u64), u64> = reader
        .locations()?
        .into_iter()
        .map(|at| ((at.file, at.offset), at.length))
        .collect();
    let mut files = HashSet::new();
    for step in archive::replay(&data.join(ARCHIVE), None).map_err(RunError::Archive)? {
        match step {
            Ok((observation, location, _)) => {
                found.records += 1;
                files.insert(location.file.clone());
                let place = (location.file, location.offset);
                // Another record where a row's own once lay is not the row's.
                if rows.get(&place) == Some(&location.length) {
                    rows.remove(&place);
                } else if observation.is_placed() {
                    found.records_without_row += 1;
                }
            }
            Err(damaged) => found.damage.push(damaged.to_string()),
        }
        if found.records.is_multiple_of(256) {
            progress(found.records);
        }
    }
    found.files = files.len() as u64;
    found.rows_without_record = rows.len() as u64;
    Ok(found)
}

/// A new database from the archive alone. The old one, if any, is kept beside it under a dated name.
///
/// The lock is the caller's, who keeps it until the new database is derived from as well: a crawl that slipped in
/// between would find half a store.
pub fn rebuild(
    _lock: &Lock,
    data: &Path,
    now: Timestamp,
    progress: &dyn Fn(u64),
) -> Result<(Replayed, Option<PathBuf>), RunError> {
    let database = data.join(DATABASE);
    let previous = database
        .exists()
        .then(|| data.join(format!("{DATABASE}.before-{}", now.strftime("%Y%m%dT%H%M%SZ"))));
    if let Some(previous) = &previous {
        std::fs::rename(&database, previous).map_err(RunError::Archive)?;
        for suffix in ["-wal", "-shm"] {
            let beside = data.join(format!("{DATABASE}{suffix}"));
            let kept = PathBuf::from(format!("{}{suffix}", previous.display()));
            match std::fs::rename(&beside, &kept) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(RunError::Archive(error)),
            }
        }
    }
    let mut store = Store::open(data)?;
    let replayed = replay::rebuild(&mut store, &data.join(ARCHIVE), progress)?;
    Ok((replayed, previous))
}
