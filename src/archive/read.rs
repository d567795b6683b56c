//! A lenient reader of any WARC 1.0/1.1 file: a gzip member a record, one member for all, or unpacked.
//!
//! Takes a file of any origin, gives its records in order and, between them, what was damaged. Never
//! panics, never stops at damage that something readable follows, never holds more than one block.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use super::record::{Kind, Record, parse_fields, split_head};
use super::stream::{Fault, Stream};
use crate::model::page::Location;

/// Most bytes of one record's header.
pub const HEADER_CAP: usize = 64 << 10;
/// Most bytes of one record's block; a larger one is skipped.
pub const BLOCK_CAP: u64 = 64 << 20;
/// Most decoded bytes passed over within one segment in search of a record: beyond, a packed one is a bomb.
const SKIP_CAP: u64 = 4 << 30;

/// Something that could not be read. The reader goes on behind it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("damage at byte {offset}: {why}")]
pub struct Damage {
    /// Where in the file the unreadable part begins.
    pub offset: u64,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("the file ends within a record")]
    Cut,
    #[error("packed bytes that do not unpack")]
    Packing,
    #[error("unpacked bytes do not match their checksum")]
    Checksum,
    #[error("bytes that are no record")]
    Junk,
    #[error("a record header of more than {HEADER_CAP} bytes, or without an end")]
    Header,
    #[error("no usable Content-Length")]
    NoLength,
    #[error("Content-Length does not fit the record")]
    WrongLength,
    #[error("a block of {0} bytes, more than {BLOCK_CAP}")]
    TooLarge(u64),
    #[error("cannot be read: {0}")]
    Io(String),
}

/// Where the reader stands.
enum Next {
    /// At a record, or between two.
    Record,
    /// Behind damage: at the first byte after which a member may begin again.
    Member(u64),
    Done,
}

pub struct Reader<R = File> {
    stream: Stream<R>,
    next: Next,
}

impl Reader<File> {
    pub fn open(path: &Path) -> io::Result<Reader<File>> {
        Reader::new(File::open(path)?)
    }

    /// Starts at the record that begins at `offset`.
    pub fn open_at(path: &Path, offset: u64) -> io::Result<Reader<File>> {
        let mut reader = Reader::open(path)?;
        reader.stream.seek(offset)?;
        Ok(reader)
    }
}

impl<R: Read + Seek> Reader<R> {
    pub fn new(inner: R) -> io::Result<Reader<R>> {
        Ok(Reader {
            stream: Stream::new(inner)?,
            next: Next::Record,
        })
    }

    fn advance(&mut self) -> Result<Option<Record>, Damage> {
        match self.next {
            Next::Done => return Ok(None),
            Next::Member(from) => {
                self.next = Next::Record;
                match self.stream.resync(from) {
                    Ok(true) => {}
                    Ok(false) => {
                        self.next = Next::Done;
                        return Ok(None);
                    }
                    Err(fault) => return Err(self.damage(from, fault)),
                }
            }
            Next::Record => {}
        }
        loop {
            if self.stream.window().is_empty() && !self.stream.is_open() {
                match self.stream.open_next() {
                    Ok(true) => {}
                    Ok(false) => {
                        self.next = Next::Done;
                        return Ok(None);
                    }
                    Err(fault) => return Err(self.damage(self.stream.offset(), fault)),
                }
            }
            let at = self.stream.offset();
            match self.skip_blank() {
                Ok(true) => break,
                Ok(false) => {}
                Err(fault) => return Err(self.damage(at, fault)),
            }
        }
        let at = self.stream.offset();
        self.record(at).map_err(|stop| match stop {
            Stop::Fault(fault) => self.damage(at, fault),
            Stop::Why(why) => self.skip_to_record(at, why),
        })
    }

    /// Passes over line ends and padding; `false` at the end of the segment.
    fn skip_blank(&mut self) -> Result<bool, Fault> {
        let mut skipped = 0;
        while self.stream.fill(1)? > 0 {
            let window = self.stream.window();
            let blank = window
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n' | b' ' | b'\t' | 0))
                .count();
            let more = blank < window.len();
            self.stream.consume(blank);
            if more {
                return Ok(true);
            }
            skipped += blank as u64;
            if self.stream.packed() && skipped > SKIP_CAP {
                return Err(Fault::Inflate);
            }
        }
        Ok(false)
    }

    fn record(&mut self, at: u64) -> Result<Option<Record>, Stop> {
        let head = self.head()?;
        let headers = parse_fields(&head, |bytes| String::from_utf8_lossy(bytes).into_owned());
        let value = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
        let length = value("content-length").and_then(|text| text.parse::<u64>().ok());
        let length = length.ok_or(Stop::Why(Why::NoLength))?;
        let kind = Kind::parse(value("warc-type").unwrap_or_default());
        if length > BLOCK_CAP {
            // A length beyond all reason is not believed: the search goes on right here.
            if length <= SKIP_CAP {
                self.pass_over(length)?;
            }
            return Err(Stop::Why(Why::TooLarge(length)));
        }
        let block = self.block(length)?;
        let (end, alone) = self.end(&block)?;
        Ok(Some(Record {
            kind,
            headers,
            block,
            offset: at,
            length: if alone { end.saturating_sub(at) } else { 0 },
        }))
    }

    fn head(&mut self) -> Result<Vec<u8>, Stop> {
        self.reach(b"WARC/".len())?;
        if !self.stream.window().starts_with(b"WARC/") {
            return Err(Stop::Why(Why::Junk));
        }
        let mut want = 4 << 10;
        loop {
            let have = self.stream.fill(want)?;
            let window = self.stream.window();
            let visible = &window[..window.len().min(HEADER_CAP)];
            if let Some((head, rest)) = split_head(visible) {
                let head = head.to_vec();
                let used = visible.len() - rest.len();
                self.stream.consume(used);
                return Ok(head);
            }
            if have >= HEADER_CAP || (have < want && self.reach(have + 1)? == have) {
                // Steps off this record's first byte, or the search would find it again.
                self.stream.consume(1);
                return Err(Stop::Why(Why::Header));
            }
            want = (want * 4).min(HEADER_CAP);
        }
    }

    /// As `fill`, within a record: packed in pieces that are no records, it goes on in the next member.
    fn reach(&mut self, want: usize) -> Result<usize, Stop> {
        loop {
            let have = self.stream.fill(want)?;
            if have >= want || !self.stream.packed() || !self.stream.open_next()? {
                return Ok(have);
            }
            self.stream.fill(have + b"WARC/".len())?;
            if self.stream.window()[have..].starts_with(b"WARC/") {
                self.stream.consume(have);
                return Err(Stop::Why(Why::WrongLength));
            }
        }
    }

    fn block(&mut self, length: u64) -> Result<Vec<u8>, Stop> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        // A length is only a claim: room is made as bytes arrive.
        let mut block = Vec::with_capacity(length.min(1 << 20));
        while block.len() < length {
            let missing = length - block.len();
            if self.stream.take(missing, &mut block) > 0 {
                continue;
            }
            if self.reach(1)? == 0 {
                // The last record claims more than the file has, or swallowed those that follow it.
                let swallowed = self.recover_from(&block);
                return Err(if swallowed {
                    Stop::Why(Why::WrongLength)
                } else {
                    Stop::Fault(Fault::Cut)
                });
            }
        }
        Ok(block)
    }

    /// Behind a block comes an empty line, or at least another record or the end; else its length was
    /// wrong. Gives the record's end, and whether it can be read alone.
    fn end(&mut self, block: &[u8]) -> Result<(u64, bool), Stop> {
        self.stream.fill(4)?;
        let closed = self.stream.window().starts_with(b"\r\n\r\n");
        let is_mark = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        let marks = self.stream.window().iter().take(4).take_while(is_mark).count();
        self.stream.consume(marks);
        let end = self.stream.offset();
        if self.skip_blank()? && !closed {
            self.stream.fill(b"WARC/".len())?;
            if !self.stream.window().starts_with(b"WARC/") {
                self.recover_from(block);
                return Err(Stop::Why(Why::WrongLength));
            }
        }
        if !self.stream.packed() {
            return Ok((end, true));
        }
        let alone = self.stream.window().is_empty() && !self.stream.is_open();
        Ok((self.stream.pos(), alone))
    }

    /// A length that ran past its record swallowed the next one: reading goes on there.
    fn recover_from(&mut self, block: &[u8]) -> bool {
        let mark = b"\nWARC/1.";
        // It may have stopped within the next record's first line.
        let ahead = self.stream.window().iter().take(mark.len() - 1);
        let edge: Vec<u8> = block[block.len().saturating_sub(mark.len() - 1)..]
            .iter()
            .chain(ahead)
            .copied()
            .collect();
        let inside = block.windows(mark.len()).position(|bytes| bytes == mark);
        let across = || {
            let found = edge.windows(mark.len()).position(|bytes| bytes == mark)?;
            Some(block.len().saturating_sub(mark.len() - 1) + found)
        };
        inside
            .or_else(across)
            .is_some_and(|found| self.stream.put_back(&block[found..]))
    }

    fn pass_over(&mut self, length: u64) -> Result<(), Stop> {
        let mut left = length;
        while left > 0 {
            let n = usize::try_from(left).unwrap_or(usize::MAX).min(self.stream.fill(1)?);
            if n == 0 {
                break;
            }
            self.stream.consume(n);
            left -= n as u64;
        }
        Ok(())
    }

    /// Goes on to the next line that begins a record within this segment, or to its end.
    fn skip_to_record(&mut self, at: u64, why: Why) -> Damage {
        let mark = b"\nWARC/1.";
        let mut skipped = 0u64;
        let found = loop {
            let have = self.stream.window().len();
            if self.stream.window().starts_with(&mark[1..]) && !matches!(why, Why::Header | Why::Junk) {
                break Ok(());
            }
            if let Some(place) = self.stream.window().windows(mark.len()).position(|bytes| bytes == mark) {
                self.stream.consume(place + 1);
                break Ok(());
            }
            // What may be the first part of a mark stays.
            let pass = have.saturating_sub(mark.len() - 1);
            self.stream.consume(pass);
            skipped += pass as u64;
            if self.stream.packed() && skipped > SKIP_CAP {
                break Err(Fault::Inflate);
            }
            match self.stream.more() {
                Ok(true) => {}
                Ok(false) => {
                    let rest = self.stream.window().len();
                    self.stream.consume(rest);
                    break Ok(());
                }
                Err(fault) => break Err(fault),
            }
        };
        match found {
            Ok(()) => Damage { offset: at, why },
            Err(fault) => self.damage(at, fault),
        }
    }

    fn damage(&mut self, offset: u64, fault: Fault) -> Damage {
        self.next = match &fault {
            Fault::Io(_) => Next::Done,
            _ if self.stream.packed() => Next::Member(offset + 1),
            _ => Next::Done,
        };
        let why = match fault {
            Fault::Io(error) => Why::Io(error.to_string()),
            Fault::Cut => Why::Cut,
            Fault::Inflate => Why::Packing,
            Fault::Checksum => Why::Checksum,
            Fault::NoMember => Why::Junk,
        };
        Damage { offset, why }
    }
}

enum Stop {
    Fault(Fault),
    Why(Why),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Fault(fault)
    }
}

impl<R: Read + Seek> Iterator for Reader<R> {
    type Item = Result<Record, Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("`{0}` is no archive file name")]
    Name(String),
    #[error("{file}: {source}")]
    Io { file: String, source: io::Error },
    #[error("{file}, byte {offset}: {why}")]
    Damaged { file: String, offset: u64, why: Why },
}

/// One record below `dir`, with one seek and one read.
pub fn read_at(dir: &Path, location: &Location) -> Result<Record, ReadError> {
    let file = location.file.clone();
    // The name comes out of a database that somebody may have handed around: it must not leave the folder.
    if Path::new(&file).file_name().is_none_or(|name| name != file.as_str()) {
        return Err(ReadError::Name(file));
    }
    let damaged = |why| ReadError::Damaged {
        file: file.clone(),
        offset: location.offset,
        why,
    };
    let io = |source| ReadError::Io {
        file: file.clone(),
        source,
    };
    if location.length > BLOCK_CAP + HEADER_CAP as u64 {
        return Err(damaged(Why::TooLarge(location.length)));
    }
    let mut source = File::open(dir.join(&file)).map_err(io)?;
    source.seek(SeekFrom::Start(location.offset)).map_err(io)?;
    let mut bytes = Vec::new();
    source.take(location.length).read_to_end(&mut bytes).map_err(io)?;
    let mut record = match Reader::new(Cursor::new(bytes)).map_err(io)?.next() {
        Some(Ok(record)) => record,
        Some(Err(damage)) => return Err(damaged(damage.why)),
        None => return Err(damaged(Why::Cut)),
    };
    record.offset = location.offset;
    Ok(record)
}
