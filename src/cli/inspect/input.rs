//! Bytes to inspect: a file or standard input, unpacked, within bounds.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::archive::decode::{self, DecodeError, Decoded};
use crate::fetch::limits;

/// Most bytes read from one file: the largest document that a crawl would take (a sitemap).
const MOST: usize = limits::SITEMAP_BODY;

/// A file's bytes, `-` for standard input; a `.gz` is unpacked, told by its first bytes. The error is for the reader of a row.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    unpacked(packed(path)?)
}

/// The same of a feed or a sitemap: of a `.gz` that breaks off, what comes before.
pub fn listing(path: &Path) -> Result<Vec<u8>, String> {
    inflated(packed(path)?, decode::in_part)
}

fn packed(path: &Path) -> Result<Vec<u8>, String> {
    if path == Path::new("-") {
        capped(std::io::stdin().lock(), "standard input")
    } else {
        let shown = path.display().to_string();
        let file = File::open(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
        capped(file, &shown)
    }
}

/// Bytes that begin as gzip does, inflated; others as they are.
pub fn unpacked(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    inflated(bytes, decode::decode)
}

type Decode = for<'b> fn(&[(String, String)], &'b [u8], usize) -> Result<Decoded<'b>, DecodeError>;

fn inflated(bytes: Vec<u8>, decode: Decode) -> Result<Vec<u8>, String> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let headers = [("content-encoding".to_owned(), "gzip".to_owned())];
    match decode(&headers, &bytes, MOST) {
        Ok(decoded) => Ok(decoded.body.into_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn capped(source: impl Read, name: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    // One byte more tells a file of just that size from a longer one.
    source
        .take(MOST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("cannot read {name}: {error}"))?;
    if bytes.len() > MOST {
        return Err(format!("{name} is larger than {} MiB", MOST >> 20));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn gzip_is_told_by_its_bytes_and_a_broken_one_is_an_error() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"<p>Le bac passe.</p>").unwrap();
        let packed = encoder.finish().unwrap();
        assert_eq!(unpacked(packed.clone()).unwrap(), b"<p>Le bac passe.</p>");
        assert_eq!(unpacked(b"plain".to_vec()).unwrap(), b"plain");
        let half = packed[..packed.len() - 12].to_vec();
        assert!(unpacked(half.clone()).is_err());
        let kept = inflated(half, decode::in_part).unwrap();
        assert!(
            !kept.is_empty() && b"<p>Le bac passe.</p>".starts_with(&kept),
            "{kept:?}"
        );
    }

    #[test]
    fn a_missing_file_is_an_error_that_names_it() {
        let error = read(Path::new("no/such/file.html")).unwrap_err();
        assert!(error.contains("no/such/file.html"), "{error}");
    }
}
