//! Readers that go away, and titles that try to drive the terminal.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use crate::place;
use crate::run::Place;

/// `vigie … | head -c 10`: the reader takes ten bytes and closes its end.
fn cut_short(args: &[&str]) {
    let mut child = place()
        .command(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut head = [0; 10];
    {
        let mut out = child.stdout.take().expect("a pipe");
        out.read_exact(&mut head).expect("ten bytes");
    }
    let mut err = String::new();
    child
        .stderr
        .take()
        .expect("a pipe")
        .read_to_string(&mut err)
        .expect("words");
    let status = child.wait().expect("an end");
    assert_eq!(status.code(), Some(0), "{args:?}: {err}");
    assert!(!err.contains("panicked") && !err.contains("error"), "{args:?}: {err}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    // More than a pipe holds (64 KiB on Linux), so that the writing fails.
    cut_short(&["query", "", "--limit", "1000"]);
    cut_short(&["query", "", "--limit", "1000", "--json"]);
    cut_short(&["export", "articles"]);
    cut_short(&["export", "articles", "--format", "jsonl"]);
    cut_short(&["export", "looks"]);
    cut_short(&["compare", "date:2009-12", "--since", "2009-12-14", "--format", "json"]);
}

#[test]
fn nobody_listening_to_the_remarks_is_no_failure() {
    let mut child = place()
        .command(&["export", "topics"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stderr.take());
    let mut out = String::new();
    child
        .stdout
        .take()
        .expect("a pipe")
        .read_to_string(&mut out)
        .expect("rows");
    assert_eq!(child.wait().expect("an end").code(), Some(0));
    assert!(out.starts_with("topic,"), "{out}");
}

/// A title that recolours, moves the cursor, rings, turns the line around, and is a formula.
const TITLE: &str =
    "=HYPERLINK(\"http://evil.example\")\u{1b}[31m\u{1b}]0;owned\u{7} red\u{202e}live\u{2066} \r\u{9b}2J\u{8}accord";

fn with_a_hostile_row() -> Place {
    let place = Place::empty();
    let text = "Un accord de coopération a été signé au port.\u{1b}[2J\u{202e} Le maire en a parlé longuement au conseil, qui a voté.";
    let row = serde_json::json!({
        "url": "http://www.hostile.example/2009/12/15/a.html",
        "title": TITLE,
        "text": text,
        "published": "2009-12-15T10:00:00Z",
        "lang": "fr",
        "authors": ["A\u{1b}[1m B", "@SUM(1)"],
        "section": "-1+1\u{202e}",
    });
    fs::write(place.path().join("rows.jsonl"), format!("{row}\n")).expect("a write");
    let ran = place.run(&["import", "rows.jsonl", "--json"]).exits(0);
    assert_eq!(ran.json()["new"], 1, "{}", ran.err);
    place
}

#[track_caller]
fn is_harmless(text: &str) {
    for c in text.chars() {
        let control = c.is_control() && c != '\n';
        let bidi =
            matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        assert!(!control && !bidi, "{:?} in {text}", c);
    }
}

#[test]
fn a_title_cannot_drive_the_terminal() {
    let place = with_a_hostile_row();
    let id = place.run(&["query", "accord", "--json"]).exits(0).json()["articles"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    for args in [
        &["query", "accord"][..],
        &["show", &id],
        &["compare", "accord", "--since", "2009-12-14"],
        &["status"],
        &["export", "articles"],
        &["export", "articles", "--format", "jsonl"],
        &["query", "\u{1b}[31m\u{202e}accord OR"],
        &["query", "\u{1b}[31mzzz"],
        &["show", "\u{1b}[31m"],
        &["compare", "accord", "--source", "\u{1b}[31m"],
        &["query", "accord", "--since", "\u{1b}[31m"],
        &["import", "\u{1b}[31m.jsonl"],
    ] {
        let ran = place.run(args);
        is_harmless(&ran.out);
        is_harmless(&ran.err);
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
    }
    // JSON escapes them itself, and keeps what was said.
    let json = place.run(&["query", "accord", "--json"]).exits(0).out;
    is_harmless(&json);
    is_harmless(&place.run(&["export", "articles", "--format", "jsonl"]).exits(0).out);
}

#[test]
fn a_formula_in_a_title_is_disarmed() {
    let place = with_a_hostile_row();
    let ran = place.run(&["export", "articles"]).exits(0);
    let mut reader = csv::Reader::from_reader(ran.out.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let row = reader.records().next().expect("a row").expect("a readable row");
    for (name, cell) in header.iter().zip(&row) {
        let armed =
            cell.starts_with(['=', '@', '\t', '\r']) || (cell.starts_with(['+', '-']) && cell.parse::<f64>().is_err());
        assert!(!armed, "{name}: {cell}");
    }
    let title = header.iter().position(|name| name == "title").expect("a column");
    assert!(row[title].starts_with("'=HYPERLINK("), "{}", &row[title]);
}
