//! The data file: where it is, its frames, its fields.
//!
//! Takes the file as `tools/make-encoder.py` writes it, gives unpacked frames and typed fields, or says what is wrong.

use std::borrow::Cow;
use std::io::Read;
use std::ops::Range;

use ruzstd::decoding::StreamingDecoder;

use super::EncodeError;

const SKIPPABLE: u32 = 0x184D_2A5E;
const MAGIC: &[u8; 8] = b"VIGIEENC";

/// A release carries the file within itself, so that whatever installs the program installs all of it.
#[cfg(not(debug_assertions))]
fn bytes() -> Result<Cow<'static, [u8]>, EncodeError> {
    static CARRIED: &[u8] = include_bytes!("../../data/reference/encoder.zst");
    Ok(Cow::Borrowed(CARRIED))
}

/// A development build reads it from the source tree: dozens of test programs need not carry 26 MB each.
#[cfg(debug_assertions)]
fn bytes() -> Result<Cow<'static, [u8]>, EncodeError> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/reference/encoder.zst");
    match std::fs::read(path) {
        Ok(bytes) => Ok(Cow::Owned(bytes)),
        Err(error) => Err(EncodeError::Unreadable {
            path: path.to_owned(),
            error: error.to_string(),
        }),
    }
}

pub fn damaged(what: &str) -> EncodeError {
    EncodeError::Damaged(what.to_owned())
}

/// The file, divided.
pub struct Frames {
    bytes: Cow<'static, [u8]>,
    frames: Vec<Range<usize>>,
}

impl Frames {
    pub fn on_board() -> Result<Frames, EncodeError> {
        Frames::divide(bytes()?)
    }

    pub fn divide(bytes: Cow<'static, [u8]>) -> Result<Frames, EncodeError> {
        let mut fields = Fields::new(&bytes);
        if fields.u32()? != SKIPPABLE {
            return Err(damaged("this is another kind of file"));
        }
        let size = fields.u32()? as usize;
        if fields.bytes(MAGIC.len())? != MAGIC {
            return Err(damaged("this is another kind of file"));
        }
        let count = fields.u32()? as usize;
        let mut at = 8 + size;
        let mut frames = Vec::new();
        for _ in 0..count {
            let start = at;
            at += fields.u32()? as usize;
            frames.push(start..at);
        }
        if at != bytes.len() {
            return Err(EncodeError::Damaged(format!("{} bytes instead of {at}", bytes.len())));
        }
        Ok(Frames { bytes, frames })
    }

    pub fn count(&self) -> usize {
        self.frames.len()
    }

    pub fn unpack(&self, number: usize) -> Result<Vec<u8>, EncodeError> {
        let frame = self.frames.get(number).ok_or_else(|| damaged("a frame is missing"))?;
        let unreadable = |error: String| EncodeError::Damaged(format!("frame {number}: {error}"));
        let mut decoder = StreamingDecoder::new(&self.bytes[frame.clone()]).map_err(|e| unreadable(e.to_string()))?;
        let mut out = Vec::with_capacity(decoder.decoder.content_size().try_into().unwrap_or(0));
        decoder.read_to_end(&mut out).map_err(|e| unreadable(e.to_string()))?;
        Ok(out)
    }
}

/// Reads one field after another, all little-endian.
pub struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Fields { rest: bytes }
    }

    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], EncodeError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or_else(|| damaged("it ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub fn u32(&mut self) -> Result<u32, EncodeError> {
        Ok(self.u32s(1)?[0])
    }

    pub fn u32s(&mut self, count: usize) -> Result<Vec<u32>, EncodeError> {
        let (words, _) = self.bytes(4 * count)?.as_chunks();
        Ok(words.iter().copied().map(u32::from_le_bytes).collect())
    }

    pub fn f32s(&mut self, count: usize) -> Result<Vec<f32>, EncodeError> {
        let (words, _) = self.bytes(4 * count)?.as_chunks();
        Ok(words.iter().copied().map(f32::from_le_bytes).collect())
    }

    /// Nothing may be left over.
    pub fn end(&self) -> Result<(), EncodeError> {
        match self.rest {
            [] => Ok(()),
            _ => Err(damaged("it is longer than it says")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_data_file_says_so() {
        for (bytes, said) in [
            (&b""[..], "ends too early"),
            (b"version https://example.test/pointer", "another kind of file"),
            (
                b"\x5e\x2a\x4d\x18\x10\0\0\0VIGIEENC\x01\0\0\0\x05\0\0\0abc",
                "27 bytes instead of 29",
            ),
        ] {
            let error = Frames::divide(Cow::Borrowed(bytes)).err().unwrap().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn a_frame_that_does_not_unpack_is_an_error() {
        let file = b"\x5e\x2a\x4d\x18\x10\0\0\0VIGIEENC\x01\0\0\0\x03\0\0\0abc";
        let frames = Frames::divide(Cow::Borrowed(file)).unwrap();
        assert!(frames.unpack(0).unwrap_err().to_string().contains("frame 0"));
        assert!(frames.unpack(1).unwrap_err().to_string().contains("missing"));
    }
}
