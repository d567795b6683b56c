//! Encodings of the days when mail passed seven bits: UTF-7, HZ and ISO-2022-KR.
//!
//! Takes bytes, gives text and whether some of them meant nothing. The WHATWG standard refuses these since markup can
//! hide in them from a filter; here nothing filters before decoding, and what comes out is plain text.

use encoding_rs::{EUC_KR, GBK};

/// RFC 2152: runs of base64 between `+` and `-` are UTF-16BE, all else is ASCII.
pub fn utf_7(body: &[u8]) -> (String, bool) {
    let mut out = String::with_capacity(body.len());
    let mut lossy = false;
    let mut rest = body;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'+' {
            lossy |= !byte.is_ascii();
            out.push(if byte.is_ascii() {
                char::from(byte)
            } else {
                char::REPLACEMENT_CHARACTER
            });
            continue;
        }
        if let Some(after) = rest.strip_prefix(b"-") {
            out.push('+');
            rest = after;
            continue;
        }
        let mut units: Vec<u16> = Vec::new();
        let (mut bits, mut held) = (0_u32, 0_u32);
        while let Some((value, after)) = rest
            .split_first()
            .and_then(|(&letter, after)| Some((sextet(letter)?, after)))
        {
            rest = after;
            bits = (bits << 6 | value) & 0x003F_FFFF;
            held += 6;
            if held >= 16 {
                held -= 16;
                units.push((bits >> held & 0xFFFF) as u16);
            }
        }
        rest = rest.strip_prefix(b"-").unwrap_or(rest);
        for unit in char::decode_utf16(units) {
            lossy |= unit.is_err();
            out.push(unit.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
    }
    (out, lossy)
}

fn sextet(letter: u8) -> Option<u32> {
    Some(u32::from(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// RFC 1843: GB 2312 without its high bits between `~{` and `~}`, `~~` a tilde, `~` and a line's end nothing.
pub fn hz(body: &[u8]) -> (String, bool) {
    let mut eight = Vec::with_capacity(body.len());
    let mut chinese = false;
    let mut rest = body;
    while let Some((&byte, after)) = rest.split_first() {
        let escape = (byte == b'~').then(|| after.first()).flatten();
        let (skip, byte) = match escape {
            Some(b'{') if !chinese => {
                chinese = true;
                (2, None)
            }
            Some(b'}') if chinese => {
                chinese = false;
                (2, None)
            }
            Some(b'~') if !chinese => (2, Some(b'~')),
            Some(b'\n') if !chinese => (2, None),
            _ => {
                // A line's end closes what a line left open.
                chinese &= byte != b'\n';
                (1, Some(if chinese { byte | 0x80 } else { byte }))
            }
        };
        eight.extend(byte);
        rest = rest.get(skip..).unwrap_or_default();
    }
    let (text, lossy) = GBK.decode_without_bom_handling(&eight);
    (text.into_owned(), lossy)
}

/// RFC 1557: KS X 1001 without its high bits between SO and SI, after a header that says so.
pub fn iso_2022_kr(body: &[u8]) -> (String, bool) {
    const HEADER: &[u8] = b"\x1b$)C";
    let mut eight = Vec::with_capacity(body.len());
    let mut korean = false;
    let mut rest = body;
    while let Some((&byte, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(HEADER) {
            rest = after;
            continue;
        }
        match byte {
            0x0E => korean = true,
            0x0F => korean = false,
            0x21..=0x7E if korean => eight.push(byte | 0x80),
            b'\n' => {
                korean = false;
                eight.push(byte);
            }
            _ => eight.push(byte),
        }
        rest = after;
    }
    let (text, lossy) = EUC_KR.decode_without_bom_handling(&eight);
    (text.into_owned(), lossy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standards() {
        assert_eq!(
            utf_7(b"Hi Mom +Jjo--! A+ImIDkQ. +- +2D3cAA-"),
            ("Hi Mom ☺-! A≢Α. + 🐀".into(), false)
        );
        assert_eq!(
            hz(b"This is ~{<:Ky2;S{#,~} ~~ ok"),
            ("This is 己所不欲， ~ ok".into(), false)
        );
        assert_eq!(iso_2022_kr(b"\x1b$)Ca \x0eGQ1[\x0f b"), ("a 한글 b".into(), false));
    }

    #[test]
    fn what_is_broken_is_told() {
        assert!(utf_7(b"caf\xE9 +2D0-").1);
        assert_eq!(hz(b"~{<:\nplain"), ("己\nplain".into(), false));
    }
}
