//! The archive of observations: WARC 1.1, one gzip member a record.
//!
//! Takes observations, gives them back in order. Never interprets a body, never knows the database.
//!
//! **One observation is one record.** Its facts travel in the extension header `Vigie-Observation`
//! (JSON on one line), the response itself, where there was one, is the record's block. So a record
//! is there whole or not at all, and the database can be rebuilt from the archive alone.

pub mod decode;
mod form;
pub mod read;
pub mod record;
pub mod recover;
pub mod replay;
mod stream;
pub mod write;

pub use decode::{DecodeError, Decoded, decode};
pub use read::{Damage, Reader, read_at};
pub use record::{HttpParts, Kind, Record};
pub use recover::{Cut, missing, recover};
pub use replay::{Replay, replay};
pub use write::{HttpResponse, RefersTo, Truncated, Writer, warcinfo};

use std::path::Path;

/// The header that carries an observation's facts.
pub const OBSERVATION_HEADER: &str = "Vigie-Observation";

/// Day (`YYYYMMDD`) and number of one of our files: the order in which files were written.
fn parse_name(name: &str) -> Option<(u32, u32)> {
    let (day, number) = name.strip_prefix("vigie-")?.strip_suffix(".warc.gz")?.split_once('-')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (day.len() == 8 && number.len() >= 4 && digits(day) && digits(number))
        .then(|| Some((day.parse().ok()?, number.parse().ok()?)))?
}

/// Our files below `dir`, oldest first. A folder that does not exist yet has none.
fn files(dir: &Path) -> std::io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        if let Ok(name) = entry?.file_name().into_string()
            && let Some(order) = parse_name(&name)
        {
            names.push((order, name));
        }
    }
    names.sort();
    Ok(names.into_iter().map(|(_, name)| name).collect())
}
