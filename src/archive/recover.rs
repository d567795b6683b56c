//! Makes the archive whole again after a crash.
//!
//! Takes the place up to which the database has everything, cuts what was half written, gives what was
//! written behind it. Never cuts a whole record, never touches any file but the newest.

use std::fs::{File, OpenOptions};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use super::files;
use super::form::is_ours;
use super::read::{BLOCK_CAP, Reader};
use super::replay::{Replay, replay};
use crate::model::page::Location;

/// A partial record that was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    pub file: String,
    /// The file's length now.
    pub at: u64,
    pub bytes: u64,
}

/// Cuts a partial last record, and gives every whole record behind `committed` for replay.
pub fn recover(dir: &Path, committed: Option<&Location>) -> io::Result<(Option<Cut>, Replay)> {
    let cut = match files(dir)?.pop() {
        Some(newest) => cut_tail(dir, &newest, committed)?,
        None => None,
    };
    Ok((cut, replay(dir, committed)?))
}

/// How many bytes the file of `applied` lacks of what the database has rows of: none in any ordinary life, many
/// where the archive was brought back from an older copy than the database, or a disk lost what it had promised.
pub fn missing(dir: &Path, applied: &Location) -> io::Result<u64> {
    let length = match std::fs::metadata(dir.join(&applied.file)) {
        Ok(meta) => meta.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(error),
    };
    Ok((applied.offset + applied.length).saturating_sub(length))
}

fn cut_tail(dir: &Path, newest: &str, committed: Option<&Location>) -> io::Result<Option<Cut>> {
    let path = dir.join(newest);
    let length = std::fs::metadata(&path)?.len();
    let known = match committed {
        Some(location) if location.file == newest => location.offset + location.length,
        _ => 0,
    };
    if length <= known || ends_whole(&path)? {
        return Ok(None);
    }
    let mut whole = known;
    let mut damaged = false;
    for step in Reader::open_at(&path, known)? {
        match step {
            Ok(record) if !damaged || is_ours(&record, newest) => whole = record.offset + record.length,
            Ok(_) => {}
            Err(_) => damaged = true,
        }
    }
    if whole >= length {
        return Ok(None);
    }
    let file = OpenOptions::new().write(true).open(&path)?;
    file.set_len(whole)?;
    file.sync_all()?;
    Ok(Some(Cut {
        file: newest.to_owned(),
        at: whole,
        bytes: length - whole,
    }))
}

/// Does the file end where a record ends? Found from behind, so that a gigabyte need not be read: some
/// member that begins near the end must unpack to exactly the end. An empty file ends whole.
pub(super) fn ends_whole(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if length == 0 {
        return Ok(true);
    }
    let mut reach = 64 << 10;
    loop {
        let start = length.saturating_sub(reach);
        file.seek(SeekFrom::Start(start))?;
        let mut tail = Vec::new();
        file.by_ref().take(reach).read_to_end(&mut tail)?;
        // As our own writer heads a member: no flags, no time (RFC 1952 §2.3).
        let magic = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0];
        let mut begins = tail
            .windows(magic.len())
            .enumerate()
            .filter(|(_, bytes)| *bytes == magic);
        if let Some((first, _)) = begins.next() {
            return ends_with_record(&tail[first..]);
        }
        if start == 0 || reach > BLOCK_CAP {
            return Ok(false);
        }
        reach *= 16;
    }
}

fn ends_with_record(tail: &[u8]) -> io::Result<bool> {
    let mut end = None;
    for step in Reader::new(Cursor::new(tail))? {
        end = step.ok().map(|record| record.offset + record.length);
    }
    Ok(end == Some(tail.len() as u64))
}
