//! `vigie compare`: the three formats, and what cannot be compared.

use crate::run::{STORY, WINDOW};
use crate::{keys, place, snapshot};

#[test]
fn on_a_terminal() {
    snapshot!("compare", place().compare(&[]).exits(0).page());
    snapshot!(
        "compare_some",
        place()
            .compare(&["--lang", "fr", "--tz", "Europe/Paris"])
            .exits(0)
            .page()
    );
}

#[test]
fn a_window_that_is_still_open_says_not_yet() {
    let args = ["compare", STORY, "--since", "2009-12-14", "--until", "2009-12-20"];
    snapshot!("compare_not_yet", place().run(&args).exits(0).page());
}

#[test]
fn what_nobody_covered_is_exit_4_with_the_looks_all_the_same() {
    let mut args = vec!["compare", "zzzqqq"];
    args.extend(WINDOW);
    snapshot!("compare_nobody", place().run(&args).exits(4).page());
}

#[test]
fn json_has_the_published_keys() {
    let json = place().compare(&["--format", "json"]).exits(0).json();
    assert_eq!(
        json,
        place().compare(&["--json"]).exits(0).json(),
        "--json is --format json"
    );
    assert_eq!(json["schema"], "vigie.compare/1");
    assert_eq!(
        keys(&json),
        [
            "articles",
            "background",
            "cites",
            "deletions",
            "evidence",
            "excluded",
            "generated_at",
            "headlines",
            "instead",
            "keyness",
            "limits",
            "lineage",
            "naming",
            "notes",
            "probes",
            "questions",
            "quotes",
            "reuse",
            "schema",
            "silences",
            "snapshot",
            "sources",
            "story",
            "summary",
            "thresholds",
            "timeline",
            "tone",
            "version",
            "versions",
            "window",
            "zone"
        ]
    );
    assert_eq!(
        keys(&json["story"]),
        ["asked", "expect", "id", "query", "relation", "run", "title"]
    );
    assert_eq!(keys(&json["window"]), ["max", "min"]);
    for key in [
        "source_id",
        "status",
        "rank_overall",
        "first_pub",
        "length",
        "looks_planned",
        "looks_ok",
        "items_listed",
    ] {
        assert!(json["sources"][0].get(key).is_some(), "{key}");
    }
    let first_sight = json["timeline"]
        .as_array()
        .expect("entries")
        .iter()
        .filter(|entry| entry["what"] == "look_ok");
    // Nine sources with seventeen good looks, one with eight.
    assert_eq!(first_sight.count(), 9 * 17 + 8);
}

#[test]
fn csv_has_one_row_a_source_and_reads_back() {
    let csv = place().compare(&["--format", "csv"]).exits(0).out;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().expect("a header").clone();
    snapshot!("compare_csv_columns", header.iter().collect::<Vec<_>>().join("\n"));
    let column = |name: &str| {
        header
            .iter()
            .position(|column| column == name)
            .unwrap_or_else(|| panic!("no column {name}"))
    };
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!(rows.len(), 10);
    let people = &rows[1];
    assert_eq!(&people[column("source_name")], "人民网 People's Daily");
    assert_eq!(&people[column("first_pub_min")], "2009-12-15T15:05:00Z");
    assert_eq!(&people[column("rank_overall")], "2");
    assert_eq!(&rows[9][column("status")], "unknown");
    assert_eq!(&rows[9][column("rank_overall")], "", "not applicable is empty");
    assert!(!csv.contains('\r'));
}

#[test]
fn output_into_a_file_says_what_was_written() {
    let copy = place().copy();
    let ran = copy.compare(&["--format", "csv", "-o", "sources.csv"]).exits(0);
    assert_eq!(ran.out, "");
    assert!(
        ran.err.starts_with("wrote sources.csv (") && ran.err.ends_with(" kB, 10 sources, 6 articles)\n"),
        "{}",
        ran.err
    );
    assert!(copy.path().join("sources.csv").exists());
}

#[test]
fn what_cannot_be_compared() {
    let mut pages = String::new();
    for args in [
        &["compare", "accord", "--since", "2009-12-18", "--until", "2009-12-14"][..],
        &["compare", "accord", "--source", "lefigaro"],
        &["compare", "accord", "--source", "lefigaro-fr,nosuch"],
        &["compare", "accord", "--group", "nosuch"],
        &["compare", "accord", "--lang", "de"],
        &["compare", "accord", "--tz", "Mars"],
        &["compare", "accord", "--since", "whenever"],
        &["compare", "accord AND"],
        &["compare"],
        &["compare", "accord", "--format", "xlsx"],
    ] {
        let ran = place().run(args).exits(2);
        assert_eq!(ran.out, "", "{args:?}");
        pages.push_str(&format!("$ vigie {}\n{}\n", args.join(" "), ran.page()));
    }
    snapshot!("compare_errors", pages);
}

/// A store can be read without the folder it was made in.
#[test]
fn without_a_configuration_the_store_knows_its_sources() {
    let elsewhere = crate::run::Place::empty();
    let data = place().data();
    let data = data.to_str().expect("a path in UTF-8");
    let mut args = vec!["compare", STORY, "--data", data];
    args.extend(WINDOW);
    let ran = elsewhere.run(&args).exits(0);
    assert!(ran.out.contains("10 sources looked at; 6 covered"), "{}", ran.out);
    let status = elsewhere.run(&["status", "--json", "--data", data]).exits(0).json();
    assert_eq!(status["sources"].as_array().map(Vec::len), Some(10));
}

/// A minute within another outlet's whole day leaves the order open, without an overlap that could be measured.
#[test]
fn an_undetermined_order_is_not_an_overlap_of_nothing() {
    let json = place()
        .run(&[
            "compare",
            "lang:fr OR lang:en",
            "--since",
            "2009-12-14",
            "--until",
            "2009-12-18T06:00Z",
            "--json",
        ])
        .exits(0)
        .json();
    let notes: Vec<&str> = json["sources"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["rank_note"].as_str())
        .collect();
    assert!(!notes.is_empty());
    assert!(notes.iter().all(|note| !note.contains("overlap 0m")), "{notes:?}");
}
