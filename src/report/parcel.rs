//! The bundle: one ZIP with which a stranger can check a comparison without having vigie.

use std::io::{self, Cursor, Write};

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::model::comparison::Comparison;
use crate::report::clean;
use crate::text::durations;

/// A file of the bundle. The same comparison gives the same bytes.
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The files, the digests of all of them, and the README, packed.
pub fn pack(comparison: &Comparison, mut files: Vec<File>, pages: bool) -> io::Result<Vec<u8>> {
    files.push(File {
        name: "README.txt".to_owned(),
        bytes: readme(comparison, pages).into_bytes(),
    });
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let sums: String = files
        .iter()
        .map(|file| format!("{}  {}\n", hex(&Sha256::digest(&file.bytes)), file.name))
        .collect();
    files.push(File {
        name: "SHA256SUMS".to_owned(),
        bytes: sums.into_bytes(),
    });
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for file in &files {
        let packed = file.name.ends_with(".gz");
        let options = SimpleFileOptions::default()
            // A ZIP's least time: when it was packed is no part of what it says.
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644)
            .compression_method(if packed {
                CompressionMethod::Stored
            } else {
                CompressionMethod::Deflated
            });
        zip.start_file(file.name.as_str(), options)?;
        zip.write_all(&file.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn readme(comparison: &Comparison, pages: bool) -> String {
    let mut lines = vec![
        clean::line(&comparison.story.title),
        format!(
            "{} to {}",
            durations::minute_utc(comparison.window.min),
            durations::minute_utc(comparison.window.max)
        ),
        String::new(),
        clean::line(&comparison.summary),
        String::new(),
        format!(
            "Made {} by vigie {} from a store whose ledger ends with look {}",
            durations::minute_utc(comparison.generated_at),
            comparison.version,
            comparison.snapshot.look
        ),
        format!("(sha256 of the ledger: {}).", comparison.snapshot.sha256),
    ];
    let mut add = |text: &str| lines.extend(text.lines().map(str::to_owned));
    add(CONTENTS);
    if pages {
        add(RECORDS);
    }
    add(CHECK);
    if pages {
        add(CHECK_RECORDS);
    }
    lines.join("\n") + "\n"
}

const CONTENTS: &str = "
What is in here
  comparison.html          to read and print
  comparison.md            the same as text
  comparison.json          the whole comparison
  vigie.compare.schema.json  the form of that (JSON Schema)
  csv/                     every table as CSV (UTF-8, RFC 4180)
  csv/looks.csv            the ledger: every look at these sources in the window, good or bad
  citations.*              the articles as RIS, BibLaTeX and CSL-JSON
  story.toml               what was asked, where it was written down as a file
  SHA256SUMS               digests of all of these";

const RECORDS: &str =
    "  records.warc.gz          the pages of the articles, and every answer to a look at an outlet without an article,
                           byte for byte as the servers sent them (WARC 1.1)
  records.csv              which record belongs to what";

const CHECK: &str = "
How to check it
  sha256sum -c SHA256SUMS          nothing was changed after packing";

const CHECK_RECORDS: &str = "  warcio check records.warc.gz     every record still has the digest that it was recorded with
  warcio index records.warc.gz     what was fetched, and when
  vigie import --data check records.warc.gz     reads the articles anew

A silence rests on csv/looks.csv: every look at that source in the window, and in records.warc.gz what each was answered.
Search those answers for the story's words: they must not be there.

The records hold whole pages, whose rights are their publishers'. They are here to check a claim with, not to be published.";
