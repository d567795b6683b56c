//! The lines of pages with what is measured of each, for training the judge of lines (`bench/blocks/`).
//!
//! `cargo run --example blocks -- rows.jsonl > lines.jsonl`: takes rows of `id`, `file` (gzip or plain) and `url`, gives
//! a row a page: `id`, `lines` (their text), `rows` (their measures) and `ruled_from` (the first measure that knows the rules'
//! verdicts; the second of those is what they keep).

use std::io::{BufRead, Read, Write};

use serde_json::{Value, json};
use vigie::extract::{RULED_FROM, measured};
use vigie::model::Page;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: blocks rows.jsonl")?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::BufReader::new(std::fs::File::open(path)?).lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let field = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let page = Page {
            requested: field("url"),
            url: field("url"),
            status: 200,
            headers: vec![("content-type".to_owned(), "text/html".to_owned())],
            body: bytes(&field("file"))?,
            fetched_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let (lines, rows): (Vec<String>, Vec<Vec<f32>>) = measured(&page).into_iter().unzip();
        serde_json::to_writer(
            &mut out,
            &json!({"id": row["id"], "lines": lines, "rows": rows, "ruled_from": RULED_FROM}),
        )?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn bytes(path: &str) -> std::io::Result<Vec<u8>> {
    let packed = std::fs::read(path)?;
    if !packed.starts_with(&[0x1f, 0x8b]) {
        return Ok(packed);
    }
    let mut body = Vec::new();
    flate2::read::MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut body)?;
    Ok(body)
}
