//! Gives back what was observed, in the order it was written.
//!
//! Takes the archive's folder, gives observations with their place and record. Never stops at damage,
//! never takes for an observation what only looks like one.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use super::files;
use super::form::is_ours;
use super::read::{Damage, Reader, Why};
use super::record::{Kind, Record};
use crate::model::Observation;
use crate::model::page::Location;

/// Damage, and the file it is in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {damage}")]
pub struct Damaged {
    pub file: String,
    pub damage: Damage,
}

/// Every observation behind `from` (which is itself left out), over all our files below `dir`.
pub fn replay(dir: &Path, from: Option<&Location>) -> io::Result<Replay> {
    let mut files = VecDeque::from(files(dir)?);
    let mut start = 0;
    if let Some(from) = from {
        // Compared as days and numbers: the names alone stop sorting at file 10,000 of a day.
        let known = super::parse_name(&from.file);
        files.retain(|file| super::parse_name(file) >= known);
        if files.front() == Some(&from.file) {
            start = from.offset + from.length;
        }
    }
    Ok(Replay {
        dir: dir.to_owned(),
        files,
        start,
        open: None,
    })
}

pub struct Replay {
    dir: PathBuf,
    files: VecDeque<String>,
    /// Where to begin in the first file.
    start: u64,
    open: Option<Open>,
}

struct Open {
    file: String,
    /// The name the file was written under.
    written_as: String,
    reader: Reader,
    damaged: bool,
}

impl Replay {
    fn open_next(&mut self) -> Option<Result<(), Damaged>> {
        let file = self.files.pop_front()?;
        let start = std::mem::take(&mut self.start);
        match Reader::open_at(&self.dir.join(&file), start) {
            Ok(reader) => {
                self.open = Some(Open {
                    written_as: file.clone(),
                    file,
                    reader,
                    damaged: false,
                });
                Some(Ok(()))
            }
            Err(error) => Some(Err(Damaged {
                file,
                damage: Damage {
                    offset: start,
                    why: Why::Io(error.to_string()),
                },
            })),
        }
    }
}

impl Iterator for Replay {
    type Item = Result<(Observation, Location, Record), Damaged>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(open) = &mut self.open else {
                match self.open_next()? {
                    Ok(()) => continue,
                    Err(damaged) => return Some(Err(damaged)),
                }
            };
            match open.reader.next() {
                None => self.open = None,
                Some(Err(damage)) => {
                    open.damaged = true;
                    let file = open.file.clone();
                    return Some(Err(Damaged { file, damage }));
                }
                Some(Ok(record)) => {
                    if record.kind == Kind::Warcinfo
                        && let Some(name) = record.header("warc-filename")
                    {
                        open.written_as = name.to_owned();
                    }
                    // Behind damage the reader may have landed inside a page.
                    if open.damaged && !is_ours(&record, &open.written_as) {
                        continue;
                    }
                    let Some(observation) = record.observation() else {
                        continue;
                    };
                    let location = Location {
                        file: open.file.clone(),
                        offset: record.offset,
                        length: record.length,
                    };
                    return Some(Ok((observation, location, record)));
                }
            }
        }
    }
}
