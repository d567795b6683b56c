//! `vigie export`: as many rows as the store has, that read back as what was written.

use crate::{place, snapshot};

/// Header and rows of a CSV export.
fn csv(args: &[&str]) -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let mut all = vec!["export"];
    all.extend(args);
    let ran = place().run(&all).exits(0);
    let mut reader = csv::Reader::from_reader(ran.out.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert!(ran.err.contains(&format!("{} rows", rows.len())), "{}", ran.err);
    (header, rows)
}

fn jsonl(args: &[&str]) -> Vec<serde_json::Value> {
    let mut all = vec!["export"];
    all.extend(args);
    all.extend(["--format", "jsonl"]);
    let ran = place().run(&all).exits(0);
    ran.out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

#[test]
fn as_many_rows_as_the_store_has() {
    for (what, per, sql) in [
        ("articles", &[][..], "SELECT count(*) FROM article"),
        ("looks", &[], "SELECT count(*) FROM look"),
        ("topics", &["--per", "article"], "SELECT count(*) FROM article_topic"),
    ] {
        let expected = place().count(sql);
        assert!(expected > 0, "{what}");
        let args = [&[what][..], per].concat();
        let (header, rows) = csv(&args);
        assert_eq!(rows.len(), expected, "{what}");
        assert_eq!(jsonl(&args).len(), expected, "{what}");
        for column in [
            "source_id",
            "source_name",
            "source_language",
            "source_country",
            "source_ownership",
        ] {
            assert!(header.iter().any(|name| name == column), "{what}: {column}");
        }
        snapshot!(
            format!("export_{what}_columns"),
            header.iter().collect::<Vec<_>>().join("\n")
        );
    }
}

#[test]
fn both_formats_say_the_same() {
    let (header, rows) = csv(&["articles", "--query", "@jack-lang"]);
    let objects = jsonl(&["articles", "--query", "@jack-lang"]);
    assert_eq!((rows.len(), objects.len()), (6, 6));
    for (row, object) in rows.iter().zip(&objects) {
        for (name, cell) in header.iter().zip(row) {
            let there = match &object[name] {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
                serde_json::Value::Array(items) => items
                    .iter()
                    .filter_map(|item| item.as_str())
                    .collect::<Vec<_>>()
                    .join(";"),
                other => other.to_string(),
            };
            assert_eq!(cell, there, "{name}");
        }
    }
    // An offset is no formula, and stays as it was.
    let zone = header
        .iter()
        .position(|name| name == "published_zone")
        .expect("a column");
    assert!(rows.iter().any(|row| &row[zone] == "+08:00"), "{:?}", rows[0]);
}

#[test]
fn a_window_of_the_ledger() {
    let (header, rows) = csv(&["looks", "--since", "2009-12-15", "--until", "2009-12-15"]);
    // Four looks a day at ten sources.
    assert_eq!(rows.len(), 40);
    let at = header.iter().position(|name| name == "at").expect("a column");
    assert!(
        rows.iter().all(|row| row[at].starts_with("2009-12-15T")),
        "{:?}",
        rows[0]
    );
}

#[test]
fn json_is_asked_for_as_everywhere() {
    let short = place().run(&["export", "topics", "--json"]).exits(0).out;
    assert_eq!(
        short,
        place().run(&["export", "topics", "--format", "jsonl"]).exits(0).out
    );
}

#[test]
fn nothing_to_export_is_exit_4_and_still_a_header() {
    let ran = place().run(&["export", "articles", "--query", "zzzqqq"]).exits(4);
    assert_eq!(ran.out.lines().count(), 1);
    assert_eq!(ran.err, "0 rows\n");
    let ran = place().run(&["export", "articles", "--query", "a OR"]).exits(2);
    assert!(ran.err.contains("ends after OR"), "{}", ran.err);
}

#[test]
fn topics_are_written_to_a_file_and_have_no_texts() {
    let file = place().path().join("topics.csv");
    let shown = place().run(&["export", "topics", "--per", "week"]).exits(0);
    let ran = place()
        .run(&[
            "export",
            "topics",
            "--per",
            "week",
            "-o",
            file.to_str().expect("a path"),
        ])
        .exits(0);
    assert_eq!(ran.out, "");
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), shown.out);
    for more in [
        &["--with-text"][..],
        &["--story", "lang-pyongyang"],
        &["--format", "iramuteq"],
        &["--profile", "r"],
    ] {
        let refused = place().run(&[&["export", "topics"], more].concat()).exits(2);
        assert!(refused.err.contains("are of articles only"), "{}", refused.err);
    }
}
