//! The tables of `data/reference` that are packed with zstd.

use std::io::Read;

use ruzstd::decoding::StreamingDecoder;

/// Unpacked; empty if it cannot be, which the tests of every table would show.
pub(super) fn unpack(packed: &[u8]) -> String {
    let mut text = String::new();
    let Ok(mut decoder) = StreamingDecoder::new(packed) else {
        return text;
    };
    match decoder.read_to_string(&mut text) {
        Ok(_) => text,
        Err(_) => String::new(),
    }
}
