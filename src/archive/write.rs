//! Writes observations as WARC 1.1 records.
//!
//! Takes an observation and, where there was one, the response; gives the place it was written to.
//! Never overwrites, never leaves part of a record behind, never interprets a body.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;

use super::form::{Draft, Head};
use super::{files, parse_name, recover};
use crate::model::Observation;
use crate::model::page::Location;

/// A file larger than this is followed by a new one (ISO 28500 annex B recommends 1 GB).
const ROTATE_AT: u64 = 1 << 30;

/// What the network answered, as it came.
#[derive(Debug, Clone, Copy)]
pub struct HttpResponse<'a> {
    pub status: u16,
    pub headers: &'a [(String, Vec<u8>)],
    /// Content codings and all, but taken out of its chunks.
    pub body: &'a [u8],
    pub ip: Option<IpAddr>,
    pub truncated: Option<Truncated>,
    /// The body is byte for byte that of an earlier record: it is not stored again.
    pub refers_to: Option<RefersTo<'a>>,
}

/// The earlier record that a 304 or an unchanged body stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefersTo<'a> {
    pub uri: &'a str,
    pub at: Timestamp,
}

/// Why a body is not all there was (ISO 28500 §5.13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truncated {
    Length,
    Time,
    Disconnect,
    Unspecified,
}

impl Truncated {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Truncated::Length => "length",
            Truncated::Time => "time",
            Truncated::Disconnect => "disconnect",
            Truncated::Unspecified => "unspecified",
        }
    }
}

/// Appends records to the newest file. One writer at a time: the crawl's lock sees to that.
pub struct Writer {
    dir: PathBuf,
    file: File,
    name: String,
    offset: u64,
    rotate_at: u64,
    /// A failed write could not be taken back: nothing may follow it in this file.
    spoilt: bool,
}

impl Writer {
    /// Continues today's newest file, or begins a new one. Run [`super::recover()`] before it:
    /// a file that ends within a record is left as it is and a new one begun. So is one that is shorter than
    /// `applied`, the place up to which the database has rows: what was written there would pass for what is lost.
    pub fn open(dir: &Path, applied: Option<&Location>, now: Timestamp) -> io::Result<Writer> {
        Writer::open_rotating(dir, applied, now, ROTATE_AT)
    }

    fn open_rotating(dir: &Path, applied: Option<&Location>, now: Timestamp, rotate_at: u64) -> io::Result<Writer> {
        fs::create_dir_all(dir)?;
        let today = day(now);
        let there = files(dir)?.pop();
        if let Some(applied) = applied
            && let Some((day, number)) = parse_name(&applied.file)
            && there.as_deref().and_then(parse_name) <= Some((day, number))
            && recover::missing(dir, applied)? > 0
        {
            return Writer::begin(dir, day, number.saturating_add(1), rotate_at, now);
        }
        let Some(newest) = there else {
            return Writer::begin(dir, today, 1, rotate_at, now);
        };
        let (newest_day, number) = parse_name(&newest).unwrap_or((today, 0));
        if today > newest_day {
            return Writer::begin(dir, today, 1, rotate_at, now);
        }
        // A clock that was set back must not put new records before old ones: the newest day goes on.
        let path = dir.join(&newest);
        let length = fs::metadata(&path)?.len();
        if length >= rotate_at || !recover::ends_whole(&path)? {
            return Writer::begin(dir, newest_day, number.saturating_add(1), rotate_at, now);
        }
        let mut writer = Writer {
            dir: dir.to_owned(),
            file: OpenOptions::new().append(true).open(&path)?,
            name: newest,
            offset: length,
            rotate_at,
            spoilt: false,
        };
        if length == 0 {
            writer.warcinfo(now)?;
        }
        Ok(writer)
    }

    fn begin(dir: &Path, day: u32, number: u32, rotate_at: u64, now: Timestamp) -> io::Result<Writer> {
        let name = format!("vigie-{day:08}-{number:04}.warc.gz");
        let file = OpenOptions::new().append(true).create_new(true).open(dir.join(&name))?;
        // The new name itself must outlive a power cut before any row points to it.
        File::open(dir)?.sync_all()?;
        let mut writer = Writer {
            dir: dir.to_owned(),
            file,
            name,
            offset: 0,
            rotate_at,
            spoilt: false,
        };
        writer.warcinfo(now)?;
        Ok(writer)
    }

    /// Writes one observation. `target_uri` is the address that answered, empty where there is none.
    pub fn append(
        &mut self,
        observation: &Observation,
        response: Option<&HttpResponse<'_>>,
        target_uri: &str,
        at: Timestamp,
    ) -> io::Result<Location> {
        if self.offset >= self.rotate_at || self.spoilt {
            self.rotate(at)?;
        }
        let draft = Draft::new(observation, response, target_uri, at)?;
        self.put(draft)
    }

    /// Returns when everything written is on the disk itself.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn rotate(&mut self, now: Timestamp) -> io::Result<()> {
        self.sync()?;
        let (newest_day, number) = parse_name(&self.name).unwrap_or((day(now), 0));
        *self = if day(now) > newest_day {
            Writer::begin(&self.dir, day(now), 1, self.rotate_at, now)?
        } else {
            Writer::begin(&self.dir, newest_day, number.saturating_add(1), self.rotate_at, now)?
        };
        Ok(())
    }

    fn warcinfo(&mut self, now: Timestamp) -> io::Result<()> {
        self.put(info(&self.name, now, "")).map(|_| ())
    }

    fn put(&mut self, draft: Draft) -> io::Result<Location> {
        let member = member(draft, &self.name, self.offset)?;
        if let Err(error) = put_whole(&mut self.file, &member, self.offset) {
            self.spoilt = error.spoilt;
            return Err(error.describe(&self.name));
        }
        let location = Location {
            file: self.name.clone(),
            offset: self.offset,
            length: member.len() as u64,
        };
        self.offset += location.length;
        Ok(location)
    }
}

/// The record that a file begins with: who wrote it, and what it is.
pub fn warcinfo(name: &str, now: Timestamp, description: &str) -> io::Result<Vec<u8>> {
    member(info(name, now, description), name, 0)
}

fn info(name: &str, now: Timestamp, description: &str) -> Draft {
    let mut fields = format!(
        "software: vigie/{}\r\nformat: WARC File Format 1.1\r\n\
         conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
        env!("CARGO_PKG_VERSION")
    );
    if !description.is_empty() {
        fields.push_str(&format!("description: {}\r\n", description.replace(['\r', '\n'], " ")));
    }
    let mut head = Head::new("warcinfo", now);
    head.field("WARC-Filename", name);
    head.field("Content-Type", "application/warc-fields");
    Draft {
        head,
        facts: String::new(),
        block: fields.into_bytes(),
    }
}

/// A record as one gzip member.
fn member(draft: Draft, file: &str, offset: u64) -> io::Result<Vec<u8>> {
    let (head, block) = draft.at(file, offset);
    // Level 6: level 9 gains 1 % on news pages for twice the time.
    let mut packer = GzEncoder::new(Vec::with_capacity(block.len() / 2 + 1024), Compression::new(6));
    packer.write_all(head.as_bytes())?;
    packer.write_all(&block)?;
    packer.write_all(b"\r\n\r\n")?;
    packer.finish()
}

/// Where a record's bytes go: the file, or in tests a disk that fills up.
trait Sink: Write {
    fn cut(&mut self, at: u64) -> io::Result<()>;
}

impl Sink for File {
    fn cut(&mut self, at: u64) -> io::Result<()> {
        self.set_len(at)
    }
}

#[derive(Debug)]
struct PutError {
    source: io::Error,
    spoilt: bool,
}

impl PutError {
    fn describe(self, name: &str) -> io::Error {
        let kind = self.source.kind();
        let full = matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
        let what = if full { "the disk is full" } else { "writing failed" };
        let rest = if self.spoilt {
            "; part of a record stays at its end"
        } else {
            ""
        };
        io::Error::new(kind, format!("archive {name}: {what} ({}){rest}", self.source))
    }
}

/// All of a record or nothing of it.
fn put_whole(sink: &mut impl Sink, member: &[u8], at: u64) -> Result<(), PutError> {
    sink.write_all(member).map_err(|source| PutError {
        source,
        spoilt: sink.cut(at).is_err(),
    })
}

/// The day in UTC as `YYYYMMDD`.
fn day(at: Timestamp) -> u32 {
    let date = at.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    u32::try_from(i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day())).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes and is then full.
    struct Small {
        bytes: Vec<u8>,
        room: usize,
    }

    impl Write for Small {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let n = bytes.len().min(self.room - self.bytes.len());
            if n == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.bytes.extend_from_slice(&bytes[..n]);
            Ok(n)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Sink for Small {
        fn cut(&mut self, at: u64) -> io::Result<()> {
            self.bytes.truncate(at as usize);
            Ok(())
        }
    }

    #[test]
    fn a_short_write_is_taken_back_and_says_that_the_disk_is_full() {
        let mut disk = Small {
            bytes: Vec::new(),
            room: 10,
        };
        put_whole(&mut disk, b"1234567", 0).unwrap();
        let error = put_whole(&mut disk, b"1234567", 7).unwrap_err();
        assert!(!error.spoilt);
        let error = error.describe("vigie-20091217-0001.warc.gz");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(error.to_string().contains("the disk is full"), "{error}");
        assert_eq!(disk.bytes, b"1234567");
        put_whole(&mut disk, b"890", 7).unwrap();
    }

    #[test]
    fn files_follow_each_other_by_day_and_size_and_never_go_back() {
        let dir = tempfile::tempdir().unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let finished = |at| {
            Observation::RunFinished(crate::model::observation::RunFinished {
                run: 1,
                at,
                interrupted: false,
            })
        };
        let noon = at("2009-12-17T12:00:00Z");
        let mut writer = Writer::open_rotating(dir.path(), None, noon, 1200).unwrap();
        let mut names = Vec::new();
        for _ in 0..4 {
            names.push(writer.append(&finished(noon), None, "", noon).unwrap().file);
        }
        assert_eq!(names[0], "vigie-20091217-0001.warc.gz");
        assert_eq!(names[3], "vigie-20091217-0002.warc.gz");
        let back = at("2009-12-16T12:00:00Z");
        let earlier = Writer::open_rotating(dir.path(), None, back, 1 << 20).unwrap();
        assert_eq!(earlier.name, "vigie-20091217-0002.warc.gz");
        let next = Writer::open_rotating(dir.path(), None, at("2009-12-18T00:00:00Z"), 1 << 20).unwrap();
        assert_eq!(next.name, "vigie-20091218-0001.warc.gz");
    }
}
