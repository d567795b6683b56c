//! One writer at a time: `vigie.lock` in the data folder, held by the operating system, signed with a pid.
//!
//! Takes the data folder, gives a guard. Never decides what to do when somebody else holds it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The lock lives as long as this value, and dies with the process whatever ends it.
#[derive(Debug)]
pub struct Lock {
    /// The open file *is* the lock.
    _file: File,
}

/// Another process holds the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// `None` where its signature could not be read.
    pub pid: Option<u32>,
}

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another run holds the store{}", .0.pid.map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    Held(Held),
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
}

impl Lock {
    /// Takes the lock of that data folder, or says who has it.
    pub fn take(dir: &Path) -> Result<Lock, LockError> {
        let path = dir.join("vigie.lock");
        let failed = |source| LockError::Io {
            path: path.clone(),
            source,
        };
        fs::create_dir_all(dir).map_err(failed)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::Held(Held {
                    pid: signature(&mut file),
                }));
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0).map_err(failed)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        writeln!(file, "{}", std::process::id()).map_err(failed)?;
        Ok(Lock { _file: file })
    }
}

fn signature(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    // A pid has at most ten digits; the file might have been written by anybody.
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
