//! Archives and packed bodies.

use std::io::Cursor;

use vigie::archive::{Reader, decode};
use vigie::model::Page;

/// What DEFLATE can blow a byte up to, and so the most records that a byte can hold.
const INFLATED: usize = 1032;
const CAP: usize = 1 << 20;

pub fn warc(data: &[u8]) {
    let reader = Reader::new(Cursor::new(data)).expect("a file in memory can be read");
    let mut last = 0;
    let mut found = 0usize;
    for record in reader {
        found += 1;
        assert!(found <= data.len() * INFLATED + 16, "records without end");
        let Ok(record) = record else { continue };
        assert!(record.offset >= last, "records out of order");
        assert!(
            record.offset + record.length <= data.len() as u64,
            "a record beyond the file"
        );
        last = record.offset;
        assert!(record.block.len() <= data.len() * INFLATED);
        record.target_uri();
        record.date();
        record.truncated();
        record.observation();
        record.http();
        let page: Result<Page, _> = record.page(CAP);
        assert!(page.is_ok_and(|page| page.body.len() <= CAP) || record.page(CAP).is_err());
    }
}

/// A `Content-Encoding` by the knob, and a body.
pub fn packed(data: &[u8]) {
    let (body, knob) = super::knob(data);
    let coding = [
        "gzip",
        "deflate",
        "br",
        "zstd",
        "gzip, br",
        "deflate, gzip",
        "gzip, gzip, gzip",
        "utf-8",
        "x-gzip",
    ];
    let label = coding[usize::from(knob) % coding.len()];
    let headers = vec![("content-encoding".to_owned(), label.to_owned())];
    for cap in [100, CAP] {
        if let Ok(decoded) = decode(&headers, body, cap) {
            assert!(decoded.body.len() <= cap, "{label}: {} of {cap}", decoded.body.len());
        }
    }
}
