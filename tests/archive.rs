//! The archive from outside: what is written comes back, whatever happened to the file in between.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use jiff::Timestamp;
use proptest::prelude::*;
use vigie::archive::read::Why;
use vigie::archive::{
    HttpResponse, Kind, Reader, Record, RefersTo, Truncated, Writer, missing, read_at, recover, replay,
};
use vigie::model::listing::ListingKind;
use vigie::model::look::{Continuity, Look, Outcome, Verdict};
use vigie::model::observation::{Fetch, ImportForm, Imported, RunFinished, RunKind, RunStarted};
use vigie::model::page::Location;
use vigie::model::{Observation, Page};

const URL: &str = "http://journal.example/politique/1";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2009-12-17T03:40:02.5Z")
}

fn fetch(outcome: Outcome, status: Option<u16>) -> Fetch {
    Fetch {
        source: "journal-fr".into(),
        url: "http://journal.example/1".into(),
        final_url: Some(URL.into()),
        at: now(),
        outcome,
        status,
        error: None,
        duration_ms: 12,
        bytes: 40,
        digest: Some("ab".into()),
        etag: None,
        last_modified: None,
        reservations: Vec::new(),
    }
}

fn look(error: Option<&str>) -> Look {
    Look {
        source: "journal-fr".into(),
        listing_url: "http://journal.example/rss".into(),
        listing_kind: ListingKind::Feed,
        at: now(),
        outcome: Outcome::Ok,
        status: Some(200),
        robots: None,
        error: error.map(str::to_owned),
        duration_ms: 5,
        bytes: 10,
        digest: None,
        etag: Some("\"a\"".into()),
        last_modified: None,
        items: 2,
        new: 1,
        known: 1,
        newest: Some(now()),
        oldest: None,
        continuity: Continuity::Overlap,
        repairs: vec!["esperluette « & » réparée 朝鲜".into()],
        verdict: Verdict::Ok,
    }
}

fn imported(form: ImportForm) -> Observation {
    Observation::Imported(Imported {
        source: "essai.example".into(),
        provisional: true,
        host: "paper.example".into(),
        url: "http://essai.example/été".into(),
        at: now(),
        imported_at: now(),
        form,
        status: None,
        digest: None,
        file: "lignes.jsonl".into(),
    })
}

fn started(planned: usize) -> Observation {
    Observation::RunStarted(RunStarted {
        run: 7,
        kind: RunKind::Crawl,
        at: now(),
        version: "0.1.0".into(),
        planned: (0..planned).map(|n| format!("source-{n}-fr")).collect(),
    })
}

fn answer<'a>(headers: &'a [(String, Vec<u8>)], status: u16, body: &'a [u8]) -> HttpResponse<'a> {
    HttpResponse {
        status,
        headers,
        body,
        ip: Some([192, 0, 2, 7].into()),
        truncated: None,
        refers_to: None,
    }
}

fn html() -> Vec<(String, Vec<u8>)> {
    [
        ("Content-Type", "text/html"),
        ("Transfer-Encoding", "chunked"),
        ("X-Nom", "caf\u{e9}"),
    ]
    .map(|(name, value)| (name.to_owned(), value.chars().map(|c| c as u8).collect()))
    .to_vec()
}

/// One observation of every kind, with the kind of record it must become.
fn write_all(dir: &Path) -> Vec<(Observation, Location, Kind)> {
    let mut writer = Writer::open(dir, None, now()).unwrap();
    let headers = html();
    let body = "<p>Le pont est ouvert depuis mardi.</p>".as_bytes();
    let whole = answer(&headers, 200, body);
    let cut = HttpResponse {
        truncated: Some(Truncated::Length),
        ..whole
    };
    let same = HttpResponse {
        refers_to: Some(RefersTo {
            uri: URL,
            at: at("2009-12-16T00:00:00Z"),
        }),
        ..whole
    };
    let unmodified = answer(&headers, 304, b"");
    let missing = answer(&headers, 404, b"");
    let row = answer(&[], 0, br#"{"url":"http://essai.example/","title":"Essai"}"#);
    let failed = Fetch {
        error: Some("connection reset\r\nWARC-Type: response".into()),
        ..fetch(Outcome::Connect, None)
    };
    let finished = RunFinished {
        run: 7,
        at: now(),
        interrupted: true,
    };
    let cases = [
        (started(3), None, Kind::Metadata),
        (started(5000), None, Kind::Metadata),
        (
            Observation::Robots(fetch(Outcome::Gone, Some(404))),
            Some(&missing),
            Kind::Response,
        ),
        (Observation::Look(look(None)), Some(&whole), Kind::Response),
        (
            Observation::Fetch(fetch(Outcome::Ok, Some(200))),
            Some(&whole),
            Kind::Response,
        ),
        (
            Observation::Fetch(fetch(Outcome::TooLarge, Some(200))),
            Some(&cut),
            Kind::Response,
        ),
        (
            Observation::Fetch(fetch(Outcome::NotModified, Some(200))),
            Some(&same),
            Kind::Revisit,
        ),
        (Observation::Look(look(None)), Some(&unmodified), Kind::Revisit),
        (Observation::Fetch(failed), None, Kind::Metadata),
        (imported(ImportForm::Row), Some(&row), Kind::Resource),
        (imported(ImportForm::Response), Some(&whole), Kind::Response),
        (Observation::RunFinished(finished), None, Kind::Metadata),
    ];
    cases
        .into_iter()
        .map(|(observation, response, kind)| {
            let location = writer.append(&observation, response, URL, now()).unwrap();
            (observation, location, kind)
        })
        .collect()
}

#[test]
fn every_observation_comes_back_in_order_and_alone() {
    let dir = tempfile::tempdir().unwrap();
    let written = write_all(dir.path());
    let replayed: Vec<_> = replay(dir.path(), None).unwrap().map(Result::unwrap).collect();
    assert_eq!(replayed.len(), written.len());
    for ((observation, location, kind), (seen, place, record)) in written.iter().zip(&replayed) {
        assert_eq!((observation, location, kind), (seen, place, &record.kind));
        assert_eq!(&read_at(dir.path(), location).unwrap(), record);
    }
    let behind: Vec<_> = replay(dir.path(), Some(&written[9].1)).unwrap().collect();
    assert_eq!(behind.len(), 2);
}

#[test]
fn a_response_is_kept_as_it_came() {
    let dir = tempfile::tempdir().unwrap();
    let written = write_all(dir.path());
    let record = read_at(dir.path(), &written[4].1).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&record.block),
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Nom: caf\u{FFFD}\r\n\r\n<p>Le pont est ouvert depuis mardi.</p>"
    );
    assert_eq!(record.date(), Some(now()));
    assert_eq!(record.header("warc-ip-address"), Some("192.0.2.7"));
    assert_eq!(
        record.page(1000).unwrap(),
        Page {
            requested: "http://journal.example/1".into(),
            url: URL.into(),
            status: 200,
            headers: vec![
                ("content-type".into(), "text/html".into()),
                ("x-nom".into(), "café".into())
            ],
            body: b"<p>Le pont est ouvert depuis mardi.</p>".to_vec(),
            fetched_at: now(),
        }
    );
    assert!(record.page(10).is_err());
    assert_eq!(read_at(dir.path(), &written[5].1).unwrap().truncated(), Some("length"));
    let revisit = read_at(dir.path(), &written[6].1).unwrap();
    assert_eq!(revisit.header("warc-refers-to-date"), Some("2009-12-16T00:00:00Z"));
    assert_eq!(
        revisit.header("warc-payload-digest"),
        record.header("warc-payload-digest")
    );
    assert!(revisit.page(1000).is_err());
}

#[test]
fn the_same_observations_make_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (written, _) = (write_all(one.path()), write_all(two.path()));
    let name = &written[0].1.file;
    assert_eq!(
        fs::read(one.path().join(name)).unwrap(),
        fs::read(two.path().join(name)).unwrap()
    );
}

#[test]
fn a_location_cannot_lead_out_of_the_archive() {
    let dir = tempfile::tempdir().unwrap();
    for file in ["../vigie.db", "/etc/passwd", "a/b", "..", "", "missing.warc.gz"] {
        let location = Location {
            file: file.into(),
            offset: 0,
            length: 10,
        };
        assert!(read_at(dir.path(), &location).is_err(), "{file}");
    }
}

/// Two records behind the warcinfo.
fn two_records(dir: &Path) -> (Vec<u8>, [Location; 2]) {
    let mut writer = Writer::open(dir, None, now()).unwrap();
    let response = answer(&[], 200, b"<p>Le pont est ouvert depuis mardi.</p>");
    let one = writer.append(&started(1), None, "", now()).unwrap();
    let ok = Observation::Fetch(fetch(Outcome::Ok, Some(200)));
    let two = writer.append(&ok, Some(&response), URL, now()).unwrap();
    (fs::read(dir.join(&one.file)).unwrap(), [one, two])
}

fn plain_record(kind: &str, block: &str) -> Vec<u8> {
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <{URL}>\r\nWARC-Date: 2009-12-17T00:00:00Z\r\n\
         Vigie-Observation: {}\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
        serde_json::to_string(&started(1)).unwrap(),
        block.len()
    )
    .into_bytes()
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_file_cut_at_any_byte_gives_back_what_was_whole() {
    let made = tempfile::tempdir().unwrap();
    let (bytes, [one, two]) = two_records(made.path());
    let first_end = (one.offset + one.length) as usize;
    for cut in 0..bytes.len() {
        let ends = [0, one.offset as usize, first_end, bytes.len()];
        let whole = ends[1..3].iter().filter(|end| **end <= cut).count();
        assert_eq!(read(&bytes[..cut]).0.len(), whole, "cut at {cut}");
        // Recovery waits for the disk every time, so it is tried near the ends of records and here and there.
        if cut % 16 != 0 && ends.iter().all(|end| end.abs_diff(cut) > 10) {
            continue;
        }
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(&one.file);
        fs::write(&path, &bytes[..cut]).unwrap();
        for committed in [None, Some(&one)].into_iter().take(1 + usize::from(cut >= first_end)) {
            let (_, pending) = recover(dir.path(), committed).unwrap();
            let expected = usize::from(committed.is_none() && cut >= first_end);
            assert_eq!(pending.map(Result::unwrap).count(), expected, "cut at {cut}");
        }
        let whole = [0, one.offset, first_end as u64]
            .into_iter()
            .rfind(|end| *end <= cut as u64)
            .unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), whole, "cut at {cut}");
        // And the writer goes on behind it.
        let mut writer = Writer::open(dir.path(), None, now()).unwrap();
        let place = writer.append(&started(2), None, "", now()).unwrap();
        assert_eq!(place.file, one.file);
        assert_eq!(read_at(dir.path(), &place).unwrap().observation(), Some(started(2)));
    }
    fs::write(made.path().join(&one.file), &bytes).unwrap();
    let (cut, pending) = recover(made.path(), Some(&one)).unwrap();
    assert_eq!(cut, None);
    let found: Vec<_> = pending.map(|step| step.unwrap().1).collect();
    assert_eq!(found, [two]);
}

#[test]
fn nothing_is_written_where_rows_of_the_database_point_to_what_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let (bytes, [one, two]) = two_records(dir.path());
    let path = dir.path().join(&one.file);
    // Whole records, but fewer than the database has rows of; and no file at all.
    for there in [&bytes[..(one.offset + one.length) as usize], &[][..]] {
        if there.is_empty() {
            fs::remove_file(&path).unwrap();
        } else {
            fs::write(&path, there).unwrap();
        }
        let lost = bytes.len() - there.len();
        assert_eq!(missing(dir.path(), &two).unwrap(), lost as u64);
        let (cut, pending) = recover(dir.path(), Some(&two)).unwrap();
        assert_eq!((cut, pending.count()), (None, 0));
        let mut writer = Writer::open(dir.path(), Some(&two), now()).unwrap();
        let place = writer.append(&started(3), None, "", now()).unwrap();
        assert_eq!(place.file, "vigie-20091217-0002.warc.gz");
        // A crash before its row: the record lies behind what the database has.
        let (_, pending) = recover(dir.path(), Some(&two)).unwrap();
        let found: Vec<_> = pending.map(|step| step.unwrap().0).collect();
        assert_eq!(found, [started(3)]);
        fs::remove_file(dir.path().join(&place.file)).unwrap();
    }
    fs::write(&path, &bytes).unwrap();
    assert_eq!(missing(dir.path(), &two).unwrap(), 0);
    let mut writer = Writer::open(dir.path(), Some(&two), now()).unwrap();
    assert_eq!(writer.append(&started(3), None, "", now()).unwrap().file, one.file);
}

#[test]
fn an_unrecovered_tail_is_left_and_a_new_file_begun() {
    let dir = tempfile::tempdir().unwrap();
    let (bytes, [one, _]) = two_records(dir.path());
    fs::write(dir.path().join(&one.file), &bytes[..bytes.len() - 3]).unwrap();
    let mut writer = Writer::open(dir.path(), None, now()).unwrap();
    let place = writer.append(&started(2), None, "", now()).unwrap();
    assert_eq!(place.file, "vigie-20091217-0002.warc.gz");
    let (seen, damaged): (Vec<_>, Vec<_>) = replay(dir.path(), None).unwrap().partition(Result::is_ok);
    let seen: Vec<_> = seen.into_iter().map(|step| step.unwrap().0).collect();
    assert_eq!(seen, [started(1), started(2)]);
    assert!(!damaged.is_empty());
}

#[test]
fn a_record_forged_within_a_page_is_no_observation_even_behind_damage() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = Writer::open(dir.path(), None, now()).unwrap();
    // Bytes that do not pack are stored as they are, and with them a whole member that holds a record.
    let mut state = 1u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(200_000)
    .collect();
    let body = [&noise, &pack(&plain_record("metadata", "forged"))[..], &noise].concat();
    let ok = Observation::Fetch(fetch(Outcome::Ok, Some(200)));
    let place = writer.append(&ok, Some(&answer(&[], 200, &body)), URL, now()).unwrap();
    writer.append(&started(2), None, "", now()).unwrap();
    let path = dir.path().join(&place.file);
    let mut bytes = fs::read(&path).unwrap();
    bytes[(place.offset + place.length - 6) as usize] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let lenient = Reader::open(&path).unwrap().flatten();
    assert_eq!(lenient.filter(|record| record.block == b"forged").count(), 1);
    let seen: Vec<_> = replay(dir.path(), None).unwrap().flatten().map(|step| step.0).collect();
    assert_eq!(seen, [started(2)]);
    // Nor does recovery take it for the end of what is whole.
    fs::write(&path, &bytes[..(place.offset + place.length - 100) as usize]).unwrap();
    let (cut, _) = recover(dir.path(), None).unwrap();
    assert_eq!(cut.map(|cut| cut.at), Some(place.offset));
}

#[test]
fn one_flipped_bit_costs_one_record() {
    let made = tempfile::tempdir().unwrap();
    let written = write_all(made.path());
    let file = &written[0].1.file;
    let bytes = fs::read(made.path().join(file)).unwrap();
    let victim = &written[4].1;
    for place in (victim.offset..victim.offset + victim.length).step_by(7) {
        let mut broken = bytes.clone();
        broken[place as usize] ^= 0x10;
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(file), &broken).unwrap();
        let seen = replay(dir.path(), None).unwrap().filter_map(Result::ok).count();
        // Bits that gzip does not check (its time stamp) cost nothing.
        let lost = written.len() - seen;
        assert!(lost <= 1, "byte {place}: {lost} lost");
    }
}

fn read(bytes: &[u8]) -> (Vec<Record>, Vec<Why>) {
    let mut records = Vec::new();
    let mut damage = Vec::new();
    for step in Reader::new(Cursor::new(bytes)).unwrap() {
        match step {
            Ok(record) => records.push(record),
            Err(error) => damage.push(error.why),
        }
    }
    (records, damage)
}

fn blocks(bytes: &[u8]) -> (Vec<String>, usize) {
    let (records, damage) = read(bytes);
    let text = |record: &Record| String::from_utf8_lossy(&record.block).into_owned();
    (records.iter().map(text).collect(), damage.len())
}

#[test]
fn foreign_layouts_read_alike() {
    // As CC-NEWS lays it out: request, response, metadata, the body decoded and its old label renamed.
    let response = "HTTP/1.1 200 OK\r\nX-Crawl-Content-Encoding: gzip\r\nContent-Type: text/html\r\n\r\n<p>朝鲜</p>";
    let records = [
        plain_record("warcinfo", "software: essai\r\n"),
        plain_record("request", "GET / HTTP/1.1\r\n\r\n"),
        plain_record("response", response),
        plain_record("metadata", "fetchTimeMs: 3\r\n"),
    ];
    let per_record = records.iter().map(|record| pack(record)).collect::<Vec<_>>().concat();
    let whole = pack(&records.concat());
    let torn: Vec<u8> = records.concat().chunks(97).flat_map(pack).collect();
    let padded = records
        .iter()
        .flat_map(|record| [pack(record), b"\r\n".to_vec()].concat())
        .collect();
    let layouts: [(&str, Vec<u8>, bool); 5] = [
        ("plain", records.concat(), true),
        ("a member a record", per_record, true),
        ("one member", whole, false),
        ("members anywhere", torn, false),
        ("padding between members", padded, true),
    ];
    for (name, bytes, alone) in layouts {
        let (found, damage) = read(&bytes);
        assert_eq!(found.len(), 4, "{name}: {damage:?}");
        assert_eq!(damage, [], "{name}");
        let page = found[2].page(1000).unwrap();
        assert_eq!(page.body, "<p>朝鲜</p>".as_bytes());
        assert_eq!(page.url, "http://journal.example/politique/1");
        if alone {
            let (from, to) = (found[2].offset as usize, (found[2].offset + found[2].length) as usize);
            assert_eq!(read(&bytes[from..to]).0[0].block, found[2].block, "{name}");
        }
    }
}

#[test]
fn damage_is_passed_over_and_counted() {
    let record = |text: &str| plain_record("resource", text);
    let lying = |length: &str| {
        let text = String::from_utf8(record("deux")).unwrap();
        text.replace("Content-Length: 4", &format!("Content-Length: {length}"))
            .into_bytes()
    };
    let (one, three) = (record("un"), record("trois"));
    let expected = |bytes: &[u8], name: &str| {
        let (found, damage) = blocks(bytes);
        assert_eq!(found, ["un", "trois"], "{name}");
        assert!(damage > 0, "{name}");
    };
    for length in [
        "2",
        "9",
        "70",
        "99999",
        "99999999999999999999",
        "-4",
        "x",
        "68719476736",
    ] {
        let bad = lying(length);
        expected(&[&one[..], &bad, &three].concat(), &format!("plain {length}"));
        expected(
            &pack(&[&one[..], &bad, &three].concat()),
            &format!("one member {length}"),
        );
        expected(
            &[pack(&one), pack(&bad), pack(&three)].concat(),
            &format!("members {length}"),
        );
    }
    let endless = format!("WARC/1.0\r\nWARC-Type: {}", "x".repeat(100_000));
    for junk in [
        "junk\r\n",
        "\u{1f}\u{1f}",
        "WARC",
        "WARC/1.0\r\n\r\n",
        "WARC/9.9\r\n",
        &endless,
    ] {
        let plain = [&one[..], junk.as_bytes(), b"\r\n", &three].concat();
        expected(&plain, &format!("plain {:.10}", junk));
        expected(&pack(&plain), &format!("one member {:.10}", junk));
        expected(
            &[&pack(&one), junk.as_bytes(), &pack(&three)].concat(),
            &format!("members {:.10}", junk),
        );
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        cut in 0..400usize,
    ) {
        let record = plain_record("response", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n");
        let at = cut.min(record.len());
        let mixed = [&record[..at], &bytes[..], &record[at..]].concat();
        for file in [bytes.clone(), mixed.clone(), pack(&mixed), [b"\x1f\x8b\x08\0", &bytes[..]].concat()] {
            for record in read(&file).0 {
                let _ = (record.http().is_some(), record.page(1000), record.observation());
            }
        }
    }

    #[test]
    fn a_flipped_byte_never_makes_the_reader_panic_or_lose_the_rest(place in 0..10_000usize, value in any::<u8>()) {
        let records = ["un", "deux", "trois"].map(|text| pack(&plain_record("resource", text)));
        let mut bytes = records.concat();
        let place = place % (records[0].len() + records[1].len());
        bytes[place] = value;
        let (found, _) = blocks(&bytes);
        prop_assert_eq!(found.last().map(String::as_str), Some("trois"));
    }
}
