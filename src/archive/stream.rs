//! The bytes of a WARC file, unpacked where they are packed.
//!
//! Takes anything that reads and seeks; gives a window over the decoded bytes, one *segment* (gzip
//! member, or the whole of an unpacked file) at a time. Never holds more than its window, never
//! rereads without end, never looks into a record.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::{Crc, Decompress, FlushDecompress, Status};

/// Decoded bytes asked of the inflater at a time.
const STEP: usize = 32 << 10;
/// Raw bytes read at a time.
const BUFFER: usize = 64 << 10;
/// How far into a file that begins with neither a member nor a record its kind is looked for.
const SNIFF: usize = 64 << 10;
/// How many times over a file may be reread while looking for the next whole record: keeps the work on
/// a file made to be reread (members within members) linear in its size.
const REREAD: u64 = 4;
/// What may be reread of even the smallest file.
const REREAD_LEAST: u64 = 64 << 20;

/// Why a segment yields no more.
#[derive(Debug)]
pub(super) enum Fault {
    Io(io::Error),
    /// The file ends within the segment.
    Cut,
    Inflate,
    Checksum,
    /// What stands here is no gzip member.
    NoMember,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Packed,
    Plain,
}

pub(super) struct Stream<R> {
    raw: BufReader<R>,
    /// Raw bytes consumed.
    pos: u64,
    furthest: u64,
    reread: u64,
    form: Form,
    /// Within a segment.
    open: bool,
    /// Raw offset at which the open segment begins.
    at: u64,
    inflate: Decompress,
    crc: Crc,
    window: Vec<u8>,
    head: usize,
}

impl<R: Read + Seek> Stream<R> {
    pub(super) fn new(inner: R) -> io::Result<Stream<R>> {
        let mut raw = BufReader::with_capacity(BUFFER, inner);
        let form = sniff(&mut raw)?;
        Ok(Stream {
            raw,
            pos: 0,
            furthest: 0,
            reread: 0,
            form,
            open: false,
            at: 0,
            inflate: Decompress::new(false),
            crc: Crc::new(),
            window: Vec::new(),
            head: 0,
        })
    }

    pub(super) fn packed(&self) -> bool {
        self.form == Form::Packed
    }

    /// Where the segment began (packed), or where the window begins (plain).
    pub(super) fn offset(&self) -> u64 {
        match self.form {
            Form::Packed => self.at,
            Form::Plain => self.pos.saturating_sub(self.window().len() as u64),
        }
    }

    /// Raw bytes consumed so far.
    pub(super) fn pos(&self) -> u64 {
        self.pos
    }

    pub(super) fn window(&self) -> &[u8] {
        &self.window[self.head..]
    }

    pub(super) fn consume(&mut self, n: usize) {
        self.head = (self.head + n).min(self.window.len());
        if self.head == self.window.len() {
            self.window.clear();
            self.head = 0;
        } else if self.head > 2 * STEP {
            self.window.drain(..self.head);
            self.head = 0;
        }
    }

    /// Moves the whole window out.
    pub(super) fn take(&mut self, limit: usize, into: &mut Vec<u8>) -> usize {
        let n = self.window().len().min(limit);
        into.extend_from_slice(&self.window[self.head..self.head + n]);
        self.consume(n);
        n
    }

    /// Puts bytes back in front of the window; `false` when too much has been reread already.
    pub(super) fn put_back(&mut self, bytes: &[u8]) -> bool {
        if !self.may_reread(bytes.len() as u64) {
            return false;
        }
        self.window.splice(..self.head, bytes.iter().copied());
        self.head = 0;
        true
    }

    /// Starts reading at a raw offset, between segments.
    pub(super) fn seek(&mut self, to: u64) -> io::Result<()> {
        self.window.clear();
        self.head = 0;
        self.open = false;
        self.move_to(to)
    }

    /// Enters the next segment; `false` at the end of the file.
    pub(super) fn open_next(&mut self) -> Result<bool, Fault> {
        // Padding between members belongs to none.
        let packed = self.form == Form::Packed;
        while let Some(byte) = self.raw.fill_buf().map_err(Fault::Io)?.first()
            && packed
            && matches!(byte, b'\r' | b'\n' | 0)
        {
            self.advance(1);
        }
        self.at = self.pos;
        if self.raw.fill_buf().map_err(Fault::Io)?.is_empty() {
            return Ok(false);
        }
        if self.form == Form::Packed {
            self.gzip_header(false)?;
            self.inflate.reset(false);
            self.crc.reset();
        }
        self.open = true;
        Ok(true)
    }

    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Makes sure that the window holds `want` bytes, unless the segment ends before.
    pub(super) fn fill(&mut self, want: usize) -> Result<usize, Fault> {
        while self.window().len() < want && self.more()? {}
        Ok(self.window().len())
    }

    /// Adds decoded bytes to the window; `false` at the end of the segment.
    pub(super) fn more(&mut self) -> Result<bool, Fault> {
        if !self.open {
            return Ok(false);
        }
        match self.form {
            Form::Plain => self.more_plain(),
            Form::Packed => self.more_packed(),
        }
    }

    fn more_plain(&mut self) -> Result<bool, Fault> {
        let bytes = self.raw.fill_buf().map_err(Fault::Io)?;
        let n = bytes.len();
        self.window.extend_from_slice(bytes);
        self.advance(n);
        self.open = n > 0;
        Ok(n > 0)
    }

    fn more_packed(&mut self) -> Result<bool, Fault> {
        loop {
            let input = self.raw.fill_buf().map_err(Fault::Io)?;
            if input.is_empty() {
                return Err(Fault::Cut);
            }
            let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
            let start = self.window.len();
            self.window.resize(start + STEP, 0);
            let result = self
                .inflate
                .decompress(input, &mut self.window[start..], FlushDecompress::None);
            let used = (self.inflate.total_in() - before_in) as usize;
            let made = (self.inflate.total_out() - before_out) as usize;
            self.window.truncate(start + made);
            self.crc.update(&self.window[start..]);
            self.advance(used);
            match result {
                Ok(Status::StreamEnd) => {
                    self.open = false;
                    self.gzip_trailer()?;
                    return Ok(made > 0);
                }
                Ok(_) if made > 0 => return Ok(true),
                Ok(_) if used > 0 => {}
                // No progress on input that is there: the stream can only be broken.
                Ok(_) | Err(_) => return Err(Fault::Inflate),
            }
        }
    }

    /// RFC 1952 §2.3. `strict` refuses what only chance would write: used where members are searched for.
    fn gzip_header(&mut self, strict: bool) -> Result<(), Fault> {
        let mut fixed = [0u8; 10];
        for (i, slot) in fixed.iter_mut().enumerate() {
            *slot = self.byte()?;
            if [0x1f, 0x8b, 8].get(i).is_some_and(|magic| magic != slot) {
                return Err(Fault::NoMember);
            }
        }
        let flags = fixed[3];
        // Of the optional fields only the extra one (FEXTRA) is written by WARC tools, with their skip lengths.
        if flags & 0xe0 != 0 || (strict && flags & !0x05 != 0) {
            return Err(Fault::NoMember);
        }
        if flags & 0x04 != 0 {
            let length = u16::from_le_bytes([self.byte()?, self.byte()?]);
            if strict && length > 64 {
                return Err(Fault::NoMember);
            }
            for _ in 0..length {
                self.byte()?;
            }
        }
        for flag in [0x08, 0x10] {
            while flags & flag != 0 && self.byte()? != 0 {}
        }
        if flags & 0x02 != 0 {
            self.byte()?;
            self.byte()?;
        }
        Ok(())
    }

    fn gzip_trailer(&mut self) -> Result<(), Fault> {
        let mut trailer = [0u8; 8];
        for slot in &mut trailer {
            *slot = self.byte()?;
        }
        let expected = [self.crc.sum().to_le_bytes(), self.crc.amount().to_le_bytes()].concat();
        if trailer[..] == expected[..] {
            Ok(())
        } else {
            Err(Fault::Checksum)
        }
    }

    /// After damage in the member at `from`: finds the next member that begins with a record and enters it.
    pub(super) fn resync(&mut self, from: u64) -> Result<bool, Fault> {
        let reread = self.pos.saturating_sub(from);
        let start = if self.may_reread(reread) { from } else { self.pos };
        self.seek(start).map_err(Fault::Io)?;
        loop {
            let bytes = self.raw.fill_buf().map_err(Fault::Io)?;
            if bytes.is_empty() {
                return Ok(false);
            }
            let n = bytes.len();
            let found = bytes.iter().enumerate().find_map(|(i, byte)| {
                (*byte == 0x1f && bytes.get(i + 1).is_none_or(|next| *next == 0x8b)).then_some(i)
            });
            self.advance(found.unwrap_or(n));
            if found.is_some() {
                let candidate = self.pos;
                if self.is_record_at(candidate)? {
                    return Ok(true);
                }
                self.seek(candidate + 1).map_err(Fault::Io)?;
            }
        }
    }

    fn is_record_at(&mut self, candidate: u64) -> Result<bool, Fault> {
        let attempt = self.gzip_header(true).and_then(|()| {
            self.at = candidate;
            self.inflate.reset(false);
            self.crc.reset();
            self.open = true;
            self.fill(5)
        });
        match attempt {
            Ok(_) => Ok(self.window().starts_with(b"WARC/")),
            Err(Fault::Io(error)) => Err(Fault::Io(error)),
            Err(_) => Ok(false),
        }
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        let byte = *self.raw.fill_buf().map_err(Fault::Io)?.first().ok_or(Fault::Cut)?;
        self.advance(1);
        Ok(byte)
    }

    fn advance(&mut self, n: usize) {
        self.raw.consume(n);
        self.pos += n as u64;
        self.furthest = self.furthest.max(self.pos);
    }

    fn move_to(&mut self, to: u64) -> io::Result<()> {
        // Within the buffer where it can be: candidates stand close together in packed bytes.
        let by = i64::try_from(to).unwrap_or(i64::MAX) - i64::try_from(self.pos).unwrap_or(i64::MAX);
        self.raw.seek_relative(by)?;
        self.pos = to;
        Ok(())
    }

    fn may_reread(&mut self, n: u64) -> bool {
        let allowed = self.furthest.saturating_mul(REREAD).saturating_add(REREAD_LEAST);
        let fits = self.reread.saturating_add(n) <= allowed;
        if fits {
            self.reread += n;
        }
        fits
    }
}

/// Packed if a gzip member comes before any record; a file of anything else is read as plain.
fn sniff<R: Read + Seek>(raw: &mut BufReader<R>) -> io::Result<Form> {
    let mut start = Vec::new();
    raw.by_ref().take(SNIFF as u64).read_to_end(&mut start)?;
    raw.seek(SeekFrom::Start(0))?;
    let packed = start.windows(3).position(|bytes| bytes == [0x1f, 0x8b, 8]);
    let plain = start.windows(7).position(|bytes| bytes == b"WARC/1.");
    Ok(match (packed, plain) {
        (Some(packed), Some(plain)) if plain < packed => Form::Plain,
        (Some(_), _) => Form::Packed,
        (None, _) => Form::Plain,
    })
}
