//! The one place where `Content-Encoding` is undone (RFC 9110 §8.4): gzip, deflate, br, zstd.
//!
//! Takes headers and a body as it came over the wire, gives the body as it was meant. Never gives more
//! than the cap, never inflates a bomb, never looks at what the body says.

use std::borrow::Cow;
use std::io::Read;

use flate2::{Decompress, FlushDecompress, Status};
use jiff::Timestamp;
use ruzstd::decoding::StreamingDecoder;

use super::record::HttpParts;
use crate::model::Page;

/// Real pages pack 1:3 to 1:20, generated ones (empty tables) up to 1:100; DEFLATE can reach 1:1,032.
const RATIO_CAP: usize = 200;
/// Below this the ratio says nothing and the bytes cost nothing.
const RATIO_FROM: usize = 1 << 20;
/// More codings on top of each other are only ever stacked to hide a bomb.
const MOST_CODINGS: usize = 2;
/// RFC 9659: a zstd window of more than 8 MiB must not be used as content coding.
const ZSTD_WINDOW: u64 = 8 << 20;
const STEP: usize = 32 << 10;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    pub body: Cow<'a, [u8]>,
    /// What was wrong with the label or the packing although the body could be read.
    pub note: Option<&'static str>,
    /// The packing breaks off; the body is what came before ([`in_part`] only).
    pub cut: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("unpacks to more than {cap} bytes")]
    TooLarge { cap: usize },
    #[error("unpacks to more than {RATIO_CAP} times its size")]
    Ratio,
    #[error("{0} content codings on top of each other")]
    Nested(usize),
    #[error("does not unpack as {coding}")]
    Damaged { coding: &'static str },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    fn name(self) -> &'static str {
        match self {
            Coding::Gzip => "gzip",
            Coding::Deflate => "deflate",
            Coding::Brotli => "br",
            Coding::Zstd => "zstd",
        }
    }
}

/// Undoes the codings that the headers (lower-case names) name, last one first.
pub fn decode<'a>(headers: &[(String, String)], body: &'a [u8], cap: usize) -> Result<Decoded<'a>, DecodeError> {
    undo(headers, body, cap, false)
}

/// The same; of a body that breaks off, what comes before. A listing's complete items are worth having, half a page is
/// not.
pub fn in_part<'a>(headers: &[(String, String)], body: &'a [u8], cap: usize) -> Result<Decoded<'a>, DecodeError> {
    undo(headers, body, cap, true)
}

fn undo<'a>(
    headers: &[(String, String)],
    body: &'a [u8],
    cap: usize,
    in_part: bool,
) -> Result<Decoded<'a>, DecodeError> {
    let (mut note, mut cut) = (None, false);
    let mut codings = Vec::new();
    let labels = headers.iter().filter(|(name, _)| name == "content-encoding");
    for label in labels.flat_map(|(_, value)| value.split(',')) {
        match label.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => codings.push(Coding::Gzip),
            "deflate" => codings.push(Coding::Deflate),
            "br" => codings.push(Coding::Brotli),
            "zstd" => codings.push(Coding::Zstd),
            "" | "identity" | "none" => {}
            // Servers write charsets and the like here ("utf-8"): no coding that anything was packed with.
            _ => note = Some("unknown content coding, read as plain"),
        }
    }
    if codings.len() > MOST_CODINGS {
        return Err(DecodeError::Nested(codings.len()));
    }
    let mut out = Out {
        bytes: Vec::new(),
        cap,
        packed: body.len(),
    };
    let mut body = Cow::Borrowed(body);
    for coding in codings.into_iter().rev() {
        if body.is_empty() {
            break;
        }
        if !may_be(coding, &body) {
            note = Some("labelled as packed, but plain");
            continue;
        }
        let unpacked = match coding {
            Coding::Gzip => gunzip(&body, &mut out),
            Coding::Deflate => undeflate(&body, &mut out),
            Coding::Brotli => {
                let mut source = brotli_decompressor::Decompressor::new(body.as_ref(), STEP);
                out.read_all(&mut source, "br").map(|()| None)
            }
            Coding::Zstd => unzstd(&body, &mut out),
        };
        match unpacked {
            Ok(said) => note = said.or(note),
            // Brotli and raw DEFLATE bear no mark, so a plain text under their label only shows here.
            Err(DecodeError::Damaged { .. })
                if matches!(coding, Coding::Brotli | Coding::Deflate) && is_text(&body) =>
            {
                note = Some("labelled as packed, but plain");
                out.bytes.clear();
                continue;
            }
            // Of raw DEFLATE without its end nothing tells whether it was DEFLATE.
            Err(DecodeError::Damaged { .. }) if in_part && coding != Coding::Deflate && !out.bytes.is_empty() => {
                (note, cut) = (Some("the packing breaks off"), true);
            }
            Err(error) => return Err(error),
        }
        body = Cow::Owned(std::mem::take(&mut out.bytes));
    }
    if body.len() > cap {
        return Err(DecodeError::TooLarge { cap });
    }
    Ok(Decoded { body, note, cut })
}

/// The response as a page, with the body that decoding made of it.
pub fn page(parts: &HttpParts<'_>, requested: &str, url: &str, fetched_at: Timestamp, decoded: Decoded<'_>) -> Page {
    Page {
        requested: requested.to_owned(),
        url: url.to_owned(),
        status: parts.status,
        headers: parts.headers.clone(),
        body: decoded.body.into_owned(),
        fetched_at,
    }
}

/// Does the body bear the coding's magic number, where it has one?
fn may_be(coding: Coding, body: &[u8]) -> bool {
    match coding {
        Coding::Gzip => body.starts_with(&[0x1f, 0x8b]),
        Coding::Zstd => body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) || (body.get(1..4) == Some(&[0x2a, 0x4d, 0x18])),
        Coding::Deflate | Coding::Brotli => true,
    }
}

/// The first bytes hold no control characters but white space: packed bytes nearly always do.
fn is_text(body: &[u8]) -> bool {
    let start = &body[..body.len().min(512)];
    !start
        .iter()
        .any(|byte| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f))
}

/// What has been unpacked, under its caps.
struct Out {
    bytes: Vec<u8>,
    cap: usize,
    /// Length of the body over the wire, which the ratio is taken of, whatever the nesting.
    packed: usize,
}

impl Out {
    fn check(&self) -> Result<(), DecodeError> {
        if self.bytes.len() > self.cap {
            return Err(DecodeError::TooLarge { cap: self.cap });
        }
        if self.bytes.len() > RATIO_FROM && self.bytes.len() / RATIO_CAP > self.packed {
            return Err(DecodeError::Ratio);
        }
        Ok(())
    }

    fn read_all(&mut self, source: &mut impl Read, coding: &'static str) -> Result<(), DecodeError> {
        loop {
            let start = self.bytes.len();
            self.bytes.resize(start + STEP, 0);
            let made = source.read(&mut self.bytes[start..]);
            self.bytes.truncate(start + made.as_ref().map_or(0, |n| *n));
            self.check()?;
            match made {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(_) => return Err(DecodeError::Damaged { coding }),
            }
        }
    }

    /// One DEFLATE or zlib stream; gives the bytes it took.
    fn inflate(&mut self, packed: &[u8], zlib: bool, coding: Coding) -> Result<usize, DecodeError> {
        let damaged = DecodeError::Damaged { coding: coding.name() };
        let mut inflate = Decompress::new(zlib);
        loop {
            let (used, made) = (inflate.total_in(), inflate.total_out());
            let start = self.bytes.len();
            self.bytes.resize(start + STEP, 0);
            let rest = packed.get(used as usize..).unwrap_or_default();
            let status = inflate.decompress(rest, &mut self.bytes[start..], FlushDecompress::None);
            self.bytes.truncate(start + (inflate.total_out() - made) as usize);
            self.check()?;
            match status {
                Ok(Status::StreamEnd) => return Ok(inflate.total_in() as usize),
                Ok(_) if inflate.total_out() > made || inflate.total_in() > used => {}
                Ok(_) | Err(_) => return Err(damaged),
            }
        }
    }
}

type Note = Option<&'static str>;

/// One member or several in a row (RFC 1952 §2.2). A checksum that is missing or wrong behind a whole
/// stream is a note and no loss, as browsers see it.
fn gunzip(packed: &[u8], out: &mut Out) -> Result<Note, DecodeError> {
    let damaged = DecodeError::Damaged { coding: "gzip" };
    let mut rest = packed;
    let mut note = None;
    while rest.starts_with(&[0x1f, 0x8b]) {
        let head = gzip_head(rest).ok_or(damaged.clone())?;
        let start = out.bytes.len();
        let used = out.inflate(&rest[head..], false, Coding::Gzip)?;
        rest = &rest[head + used..];
        let mut crc = flate2::Crc::new();
        crc.update(&out.bytes[start..]);
        if rest.get(..4) != Some(&crc.sum().to_le_bytes()) {
            note = Some("gzip checksum missing or wrong");
        }
        rest = rest.get(8..).unwrap_or_default();
    }
    Ok(note)
}

fn gzip_head(bytes: &[u8]) -> Option<usize> {
    let flags = *bytes.get(3)?;
    let mut at = 10;
    if flags & 0x04 != 0 {
        at += 2 + usize::from(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    }
    for flag in [0x08, 0x10] {
        if flags & flag != 0 {
            at += 1 + bytes.get(at..)?.iter().position(|byte| *byte == 0)?;
        }
    }
    at += usize::from(flags & 0x02 != 0) * 2;
    (at <= bytes.len()).then_some(at)
}

/// `deflate` means zlib (RFC 9110 §8.4.1.2), but some servers send the raw stream.
fn undeflate(packed: &[u8], out: &mut Out) -> Result<Note, DecodeError> {
    let zlib = matches!(packed, [first, second, ..]
        if first & 15 == 8 && u16::from_be_bytes([*first, *second]) % 31 == 0);
    if zlib {
        match out.inflate(packed, true, Coding::Deflate) {
            Err(DecodeError::Damaged { .. }) => out.bytes.clear(),
            other => return other.map(|_| None),
        }
    }
    out.inflate(packed, false, Coding::Deflate)
        .map(|_| Some("deflate without its zlib head"))
}

/// One frame or several in a row, skippable ones passed over (RFC 8878 §3.1).
fn unzstd(packed: &[u8], out: &mut Out) -> Result<Note, DecodeError> {
    let damaged = DecodeError::Damaged { coding: "zstd" };
    let mut rest = packed;
    while !rest.is_empty() {
        if rest.get(1..4) == Some(&[0x2a, 0x4d, 0x18]) && rest[0] >> 4 == 5 {
            let length = rest.get(4..8).ok_or(damaged.clone())?;
            let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
            rest = rest
                .get(8..)
                .and_then(|after| after.get(length..))
                .ok_or(damaged.clone())?;
            continue;
        }
        if zstd_window(rest).is_none_or(|window| window > ZSTD_WINDOW.max(out.cap as u64)) {
            return Err(damaged);
        }
        let mut decoder = StreamingDecoder::new(&mut rest).map_err(|_| damaged.clone())?;
        out.read_all(&mut decoder, "zstd")?;
    }
    Ok(None)
}

/// The memory a frame asks for (RFC 8878 §3.1.1.1): its window, or its whole content in a single segment.
fn zstd_window(frame: &[u8]) -> Option<u64> {
    let descriptor = *frame.get(4)?;
    if descriptor & 0x20 == 0 {
        let window = *frame.get(5)?;
        let base = 1u64 << (10 + (window >> 3));
        return Some(base + base / 8 * u64::from(window & 7));
    }
    let at = 5 + [0, 1, 2, 4][usize::from(descriptor & 3)];
    let width = [1, 2, 4, 8][usize::from(descriptor >> 6)];
    let mut size = [0u8; 8];
    size.get_mut(..width)?.copy_from_slice(frame.get(at..at + width)?);
    Some(u64::from_le_bytes(size) + if width == 2 { 256 } else { 0 })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    const TEXT: &[u8] = b"<p>Le pont est ouvert depuis mardi.</p>";
    /// `TEXT` as the reference encoder packs it (quality 11).
    const BROTLI: &[u8] = b"\x0b\x13\x80<p>Le pont est ouvert depuis mardi.</p>\x03";

    fn headers(coding: &str) -> Vec<(String, String)> {
        vec![("content-encoding".to_owned(), coding.to_owned())]
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn plain(coding: &str, body: &[u8]) -> Result<(Vec<u8>, Note), DecodeError> {
        decode(&headers(coding), body, 15 << 20).map(|decoded| (decoded.body.into_owned(), decoded.note))
    }

    #[test]
    fn every_coding_and_two_nested() {
        let skippable = [b"\x50\x2a\x4d\x18\x02\0\0\0ab".to_vec(), zstd(TEXT)].concat();
        let cases = [
            ("gzip", gzip(TEXT)),
            ("X-Gzip", gzip(TEXT)),
            ("deflate", zlib(TEXT)),
            ("br", BROTLI.to_vec()),
            ("zstd", zstd(TEXT)),
            ("zstd", skippable),
            ("zstd, gzip", gzip(&zstd(TEXT))),
            ("identity", TEXT.to_vec()),
        ];
        for (coding, packed) in cases {
            assert_eq!(plain(coding, &packed), Ok((TEXT.to_vec(), None)), "{coding}");
        }
        assert_eq!(
            plain("gzip", &[gzip(TEXT), gzip(TEXT)].concat()).unwrap().0,
            TEXT.repeat(2)
        );
    }

    #[test]
    fn what_servers_get_wrong_is_read_with_a_note() {
        let raw_deflate = zlib(TEXT)[2..].to_vec();
        let mut no_trailer = gzip(TEXT);
        no_trailer.truncate(no_trailer.len() - 8);
        for (coding, body) in [
            ("gzip", TEXT.to_vec()),
            ("br", TEXT.to_vec()),
            ("deflate", TEXT.to_vec()),
            ("zstd", TEXT.to_vec()),
            ("utf-8", TEXT.to_vec()),
            ("deflate", raw_deflate),
            ("gzip", no_trailer),
        ] {
            let (body, note) = plain(coding, &body).unwrap();
            assert!(body == TEXT && note.is_some(), "{coding} {note:?}");
        }
    }

    #[test]
    fn cut_and_stacked_bodies_are_refused() {
        for (coding, packed) in [("gzip", gzip(TEXT)), ("zstd", zstd(TEXT)), ("br", BROTLI.to_vec())] {
            let cut = &packed[..packed.len() * 2 / 3];
            assert!(
                matches!(plain(coding, cut), Err(DecodeError::Damaged { .. })),
                "{coding}"
            );
        }
        assert_eq!(plain("gzip, gzip, gzip", &gzip(TEXT)), Err(DecodeError::Nested(3)));
        assert_eq!(plain("", b""), Ok((Vec::new(), None)));
        assert_eq!(plain("gzip", b""), Ok((Vec::new(), None)));
    }

    #[test]
    fn bombs_stop_at_a_cap() {
        let zeros = vec![0u8; 8 << 20];
        for (coding, packed) in [
            ("gzip", gzip(&zeros)),
            ("deflate", zlib(&zeros)),
            ("zstd", zstd(&zeros)),
            ("gzip, gzip", gzip(&gzip(&zeros))),
        ] {
            assert_eq!(plain(coding, &packed), Err(DecodeError::Ratio), "{coding}");
            let small = decode(&headers(coding), &packed, 1 << 16);
            assert_eq!(small, Err(DecodeError::TooLarge { cap: 1 << 16 }), "{coding}");
        }
        // A window of 2 GiB is refused before anything is set aside for it.
        let wide = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00];
        assert_eq!(plain("zstd", &wide), Err(DecodeError::Damaged { coding: "zstd" }));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..300), which in 0..5usize) {
            let coding = ["gzip", "deflate", "br", "zstd", "br, gzip"][which];
            let magic: &[u8] = [&b"\x1f\x8b\x08\0\0\0\0\0\0\0"[..], b"\x78\x9c", b"", b"\x28\xb5\x2f\xfd", b""][which];
            let _ = plain(coding, &body);
            let _ = plain(coding, &[magic, &body].concat());
        }
    }
}
