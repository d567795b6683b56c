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

/// Finding nothing proves something only where something could have been found.
#[test]
fn nobody_is_silent_on_what_could_not_have_been_found() {
    let compare = |query: &str| {
        let mut args = vec!["compare", query, "--json"];
        args.extend(WINDOW);
        place().run(&args).json()
    };
    let row = |json: &serde_json::Value, id: &str| {
        let rows = json["sources"].as_array().expect("rows").clone();
        rows.into_iter().find(|row| row["source_id"] == id)
    };
    // Two parts must hold, and no Chinese text has the second.
    let json = compare("Pyongyang voyage");
    let xinhua = row(&json, "xinhua-zh").expect("a row");
    assert_eq!(
        (&xinhua["status"], &xinhua["silence_grade"]),
        (&"unknown".into(), &"U".into()),
        "{xinhua}"
    );
    assert_eq!(xinhua["reason"], "no text in its language can have voyage");
    // What the query says of sources is who is compared.
    for (query, id, fields) in [
        ("source:lemonde-fr culture", "xinhua-zh", "source:lemonde-fr"),
        ("lang:zh 文化", "lemonde-fr", "lang:zh"),
        ("country:FR culture", "xinhua-zh", "country:FR"),
        ("culture -lang:en", "own-en", "lang:en"),
    ] {
        let json = compare(query);
        assert_eq!(row(&json, id), None, "{query}");
        let left_out = json["excluded"].as_array().expect("excluded");
        let reason = left_out.iter().find(|row| row["source_id"] == id).expect(query)["reason"].clone();
        assert!(
            reason.as_str().is_some_and(|reason| reason.contains(fields)),
            "{query}: {reason}"
        );
        let limits = json["limits"].to_string();
        assert!(limits.contains("Sources that are not compared"), "{query}: {limits}");
    }
    // What it says of articles may leave out those that tell of it.
    for query in [
        "words:>5000 culture",
        "author:dupont culture",
        "seen:2009-12-16.. culture",
        "is:edited culture",
    ] {
        let json = compare(query);
        for row in json["sources"].as_array().expect("rows") {
            assert_ne!(row["silence_grade"], "A", "{query}: {row}");
        }
    }
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
            "codes",
            "deletions",
            "editions",
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

/// Each mistake in a story is shown in its file, with its line.
#[test]
fn what_is_wrong_with_a_story_is_told_where_it_stands() {
    let place = place().copy();
    let folder = place.path().join("stories");
    let head = "title = \"A\"\nwindow = [\"2009-12-14\", \"2009-12-18\"]\n";
    let query = "match = '''@relation AND\n  (@jack-lag OR accord)'''\n";
    for (id, rest) in [
        (
            "bad-actor",
            "relation = [\"frence\", \"north-korea\"]\nmatch = 'accord'\n".to_owned(),
        ),
        (
            "bad-query",
            format!("relation = [\"france\", \"north-korea\"]\n{query}"),
        ),
        ("bad-relation", "match = '@relation AND accord'\n".to_owned()),
        (
            "bad-probe",
            "match = 'accord'\n[probes]\noffice = 'bureau NEAR Pyongyang OR'\n".to_owned(),
        ),
        ("bad-expect", "match = 'accord'\nexpect = [\"kcna\"]\n".to_owned()),
        ("bad-filter", "match = 'accord source:lemond-fr'\n".to_owned()),
        ("bad-pin", "match = 'accord'\n[pins]\nin = [\"i:0000\"]\n".to_owned()),
        ("bad-window", "match = 'accord'\n".to_owned()),
    ] {
        let window = head.replace(
            "2009-12-14",
            if id == "bad-window" { "2009-12-20" } else { "2009-12-14" },
        );
        std::fs::write(
            folder.join(format!("{id}.toml")),
            format!("id = \"{id}\"\n{window}{rest}"),
        )
        .expect("a story");
    }
    std::fs::write(
        folder.join("renamed.toml"),
        format!("id = \"old\"\n{head}match = 'accord'\n"),
    )
    .expect("a story");
    snapshot!("story_check", place.run(&["story", "check"]).exits(2).page());
    let mut told = String::new();
    for args in [
        &["compare", "bad-pin"][..],
        &["compare", "lang-pyongyang", "--since", "2009-12-19"],
        &["compare", "lang-pyongyang", "--explain", "figaro-fr"],
        &["compare", "lang-pyongyang", "--source", "figaro"],
        &["story", "show", "lang-pyonyang"],
        &[
            "story",
            "new",
            "lang-pyongyang",
            "--from-query",
            "accord",
            "--window",
            "2009-12-14..2009-12-18",
        ],
        &[
            "story",
            "new",
            "x",
            "--from-query",
            "accord",
            "--window",
            "2009-12-18..2009-12-14",
        ],
        &["story", "new", "Not An Id", "--from-query", "accord"],
        &["story", "pin", "lang-pyongyang", "i:0000"],
    ] {
        let ran = place.run(args);
        told.push_str(&format!("$ vigie {}\n{}\n", args.join(" "), ran.exits(2).page()));
    }
    snapshot!("story_mistakes", told);
}

#[test]
fn a_story_is_made_from_a_query() {
    let place = place().copy();
    let made = place.run(&[
        "story",
        "new",
        "trip",
        "--from-query",
        "@france @north-korea \"Jack Lang\"",
        "--window",
        "2009-12-14..2009-12-17",
        "--title",
        "A journey",
    ]);
    let mut page = made.exits(0).page();
    page.push_str(&std::fs::read_to_string(place.path().join("stories/trip.toml")).expect("the story"));
    page.push_str(&place.run(&["story", "list"]).exits(0).page());
    snapshot!("story_new", page);
}

#[test]
fn what_was_probably_meant_is_said() {
    let place = place();
    for (args, code, says) in [
        (&["compare", "lang-pyongyng"][..], 2, "did you mean lang-pyongyang?"),
        (
            &[
                "compare",
                "lang-pyongyang",
                "--since",
                "2011-01-01",
                "--until",
                "2011-01-05",
            ],
            4,
            "nobody looked in this window; the ledger has looks from 14 Dec 2009 00:10 UTC to 18 Dec 2009 00:10 UTC",
        ),
        (
            &["compare", "lang-pyongyang", "--output", "nowhere/x.html"],
            2,
            "there is no folder nowhere\nhint:",
        ),
        (
            &["compare", "lang-pyongyang", "--output", "x.pdf"],
            2,
            "vigie writes no PDF\nhint:",
        ),
        (&["compare", "lang-pyongyang", "--output", "x.zip"], 2, "hint: --bundle"),
        (
            &["compare", "lang-pyongyang", "--tz", "Mars/Olympus"],
            2,
            "`Mars/Olympus` is no time zone\nhint:",
        ),
        (&["compare", "lang-pyongyang", "--codebook", "c.toml"], 2, "--sheet"),
    ] {
        let ran = place.run(args).exits(code);
        assert!(ran.err.contains(says), "{args:?}\n{}", ran.err);
    }
}
