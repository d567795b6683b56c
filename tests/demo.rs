//! The golden case: the comparison that a scholar once made by hand, on invented newspapers, and every
//! fact that it must get right. The whole of `vigie demo` runs: servers, seventeen crawls, the comparison.

#[path = "common/run.rs"]
mod run;

use std::sync::OnceLock;

use run::{Place, demo};
use serde_json::{Value, json};

/// The comparison as JSON, asked of the store that the demonstration left.
fn comparison() -> &'static Value {
    static COMPARISON: OnceLock<Value> = OnceLock::new();
    COMPARISON.get_or_init(|| demo().0.compare(&["--format", "json"]).exits(0).json())
}

/// The same asked by the story's file, which the demonstration wrote.
fn from_spec() -> &'static Value {
    static COMPARISON: OnceLock<Value> = OnceLock::new();
    COMPARISON.get_or_init(|| {
        let place = &demo().0;
        place
            .run(&["compare", "lang-pyongyang", "--format", "json"])
            .exits(0)
            .json()
    })
}

fn row<'a>(comparison: &'a Value, source: &str) -> &'a Value {
    comparison["sources"]
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["source_id"] == source))
        .unwrap_or_else(|| panic!("no row for {source}"))
}

fn silence<'a>(comparison: &'a Value, source: &str) -> &'a Value {
    comparison["silences"]
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["source_id"] == source))
        .unwrap_or_else(|| panic!("no silence of {source}"))
}

fn table() -> Vec<&'static str> {
    demo().1.out.lines().collect()
}

/// The article of a source, as `vigie show` gives it.
fn shown(source: &str) -> Value {
    let id = row(comparison(), source)["first_item_id"].as_str().expect("an id");
    demo().0.run(&["show", id, "--json"]).exits(0).json()
}

#[test]
fn the_whole_table_is_as_a_person_reads_it() {
    insta::assert_snapshot!("demo", demo().1.out);
}

#[test]
fn rows_stand_in_the_golden_order_with_their_statuses() {
    let rows: Vec<(&str, &str, &Value, &Value)> = comparison()["sources"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            (
                row["source_id"].as_str().expect("an id"),
                row["status"].as_str().expect("a status"),
                &row["silence_grade"],
                &row["rank_overall"],
            )
        })
        .collect();
    let none = &Value::Null;
    assert_eq!(
        rows,
        [
            ("xinhua-zh", "covered", none, &json!(1)),
            ("people-zh", "covered", none, &json!(2)),
            ("huanqiu-zh", "covered", none, &json!(3)),
            ("liberation-fr", "covered", none, &json!(4)),
            ("own-en", "covered", none, &json!(5)),
            ("lemonde-fr", "covered", none, &json!(6)),
            ("kcna-en", "silent", &json!("A"), none),
            ("lefigaro-fr", "silent", &json!("A"), none),
            ("aafc-fr", "silent", &json!("B"), none),
            ("yonhap-en", "unknown", &json!("U"), none),
        ]
    );
}

#[test]
fn first_publications_are_intervals_and_lags_follow_from_them() {
    let expected = [
        ("xinhua-zh", "2009-12-15T13:40:00Z", "2009-12-15T13:40:00Z", 0, 0),
        ("people-zh", "2009-12-15T15:05:00Z", "2009-12-15T15:05:00Z", 85, 85),
        ("huanqiu-zh", "2009-12-16T01:12:00Z", "2009-12-16T01:12:00Z", 692, 692),
        (
            "liberation-fr",
            "2009-12-16T12:10:00Z",
            "2009-12-16T18:10:00Z",
            1350,
            1710,
        ),
        ("own-en", "2009-12-16T22:10:00Z", "2009-12-16T22:10:00Z", 1950, 1950),
        ("lemonde-fr", "2009-12-17T05:30:00Z", "2009-12-17T05:30:00Z", 2390, 2390),
    ];
    for (source, min, max, least, most) in expected {
        let row = row(comparison(), source);
        assert_eq!(row["first_pub"], json!({"min": min, "max": max}), "{source}");
        assert_eq!(row["lag_min_minutes"], json!(least), "{source}");
        assert_eq!(row["lag_max_minutes"], json!(most), "{source}");
    }
}

#[test]
fn lengths_have_a_unit_and_a_percentile_within_the_outlet() {
    let expected = [
        ("xinhua-zh", 412, "han", 38, "short"),
        ("people-zh", 405, "han", 35, "short"),
        ("huanqiu-zh", 1126, "han", 71, "standard"),
        ("liberation-fr", 188, "words", 12, "brief"),
        ("own-en", 410, "words", 41, "short"),
        ("lemonde-fr", 1184, "words", 88, "long"),
    ];
    for (source, length, unit, percentile, class) in expected {
        let row = row(comparison(), source);
        assert_eq!(row["length"], json!(length), "{source}");
        assert_eq!(row["length_unit"], json!(unit), "{source}");
        assert_eq!(row["length_pctl_outlet"], json!(percentile), "{source}");
        assert_eq!(row["length_class"], json!(class), "{source}");
    }
}

#[test]
fn the_terminal_says_what_the_golden_table_says() {
    let expected = [
        (
            "新华网 Xinhua",
            "1 zh covered 15 Dec 13:40 first 412 字 p38 origin none",
        ),
        (
            "人民网 People's Daily",
            "2 zh covered 15 Dec 15:05 +1h25 405 字 p35 97% of #1 open 0",
        ),
        (
            "环球网 Huanqiu",
            "3 zh covered 16 Dec 01:12 +11h32 1,126 字 p71 31% of #1 closed ⚑",
        ),
        (
            "Libération",
            "4 fr covered 16 Dec 12:10–18:10 +22h30…28h30 188 w p12 credits AFP open 14",
        ),
        ("(own) this blog", "5 en covered 16 Dec 22:10 +32h30 410 w p41 – open 1"),
        ("Le Monde", "6 fr covered 17 Dec 05:30 +39h50 1,184 w p88 – open 61"),
        ("KCNA (English page)", "– en SILENT A looked 17/17, 96 new – – – none"),
        ("Le Figaro", "– fr SILENT A looked 17/17, 611 new – – – –"),
        ("AAFC friendship blog", "– fr SILENT B looked 17/17, 0 new – – – –"),
        ("Yonhap (English)", "– en UNKNOWN looked 8/17, 9 failed – – – –"),
    ];
    let table = table();
    let at = |name: &str| {
        table
            .iter()
            .position(|line| {
                line.starts_with(|c: char| c == '–' || c.is_ascii_digit()) && line.contains(&format!(" {name} "))
            })
            .unwrap_or_else(|| panic!("no line for {name} in:\n{}", demo().1.out))
    };
    let mut before = 0;
    for (name, cells) in expected {
        let here = at(name);
        assert!(here > before, "{name} stands too early");
        before = here;
        let cells_here: Vec<&str> = table[here].split_whitespace().collect();
        let name_words = name.split_whitespace().count();
        let rest = [&cells_here[..1], &cells_here[1 + name_words..]].concat().join(" ");
        assert_eq!(rest, cells);
    }
}

/// (a)
#[test]
fn names_in_three_languages_are_one_actor() {
    let found = demo()
        .0
        .run(&["query", "@france @north-korea", "--json"])
        .exits(0)
        .json();
    let mut langs: Vec<&str> = found["articles"]
        .as_array()
        .expect("articles")
        .iter()
        .filter_map(|article| article["lang"].as_str())
        .collect();
    langs.sort_unstable();
    langs.dedup();
    assert_eq!(langs, ["en", "fr", "zh"]);
    for name in ["朝鲜", "Corée du Nord", "coree du nord", "North Korea"] {
        let same = demo().0.run(&["query", name, "--json"]).exits(0).json();
        assert_eq!(same["query"]["run"], "@north-korea", "{name}");
        assert_eq!(same["total"], 8, "{name}");
    }
    // The compressed pair in Huanqiu's headline names both.
    let mentions = shown("huanqiu-zh")["mentions"].clone();
    for actor in ["france", "north-korea", "jack-lang"] {
        assert!(
            mentions
                .as_array()
                .is_some_and(|all| all.iter().any(|mention| mention["actor"] == actor)),
            "{actor}: {mentions}"
        );
    }
}

/// (b)
#[test]
fn a_day_only_date_is_narrowed_to_six_hours() {
    let row = row(comparison(), "liberation-fr");
    let claim = &row["first_pub_claim"];
    assert_eq!(claim["precision"], "day");
    assert_eq!(claim["min"], "2009-12-15T23:00:00Z", "midnight in Paris");
    assert_eq!(claim["max"], "2009-12-16T23:00:00Z");
    assert_eq!(row["last_absent_at"], "2009-12-16T12:10:00Z");
    assert_eq!(row["first_seen_at"], "2009-12-16T18:10:00Z");
    assert_eq!(
        row["first_pub"],
        json!({"min": "2009-12-16T12:10:00Z", "max": "2009-12-16T18:10:00Z"})
    );
    assert_eq!(row["backdated"], false);
}

/// (c)
#[test]
fn peoples_daily_is_a_reprint_and_huanqiu_is_not() {
    let people = row(comparison(), "people-zh");
    assert_eq!(people["reuse_of"], "xinhua-zh");
    assert_eq!((people["reuse_share"].as_f64().expect("a share") * 100.0).round(), 97.0);
    assert_eq!(people["n_reprint"], 1);
    let huanqiu = row(comparison(), "huanqiu-zh");
    assert_eq!(huanqiu["reuse_of"], "xinhua-zh");
    assert_eq!(
        (huanqiu["reuse_share"].as_f64().expect("a share") * 100.0).round(),
        31.0
    );
    assert_eq!(huanqiu["n_reprint"], 0);
    let origin = row(comparison(), "xinhua-zh");
    assert_eq!(origin["reuse_of"], Value::Null);
}

#[test]
fn liberation_credits_an_agency_that_is_no_source_and_the_limits_say_so() {
    assert_eq!(row(comparison(), "liberation-fr")["credit"], "AFP");
    let limits = comparison()["limits"].to_string();
    assert!(limits.contains("Libération credits AFP"), "{limits}");
}

/// (d)
#[test]
fn le_figaro_is_silent_with_two_instead_items() {
    let row = row(comparison(), "lefigaro-fr");
    assert_eq!(row["items_listed"], 611);
    assert_eq!(row["looks_ok"], 17);
    assert_eq!(row["looks_planned"], 17);
    assert_eq!(row["control_hits"], 2);
    let titles: Vec<&str> = comparison()["instead"]
        .as_array()
        .expect("rows")
        .iter()
        .filter(|item| item["source_id"] == "lefigaro-fr")
        .filter_map(|item| item["title"].as_str())
        .collect();
    assert_eq!(
        titles,
        [
            "Thaïlande : un avion chargé d’armes nord-coréennes",
            "Obama écrit à Kim Jong-il"
        ]
    );
    let at_most = silence(comparison(), "lefigaro-fr")["at_most_share"]
        .as_f64()
        .expect("a share");
    assert!((0.0048..0.0050).contains(&at_most), "0 of 611: {at_most}");
}

/// (e)
#[test]
fn the_friendship_blog_is_silent_because_it_published_nothing_at_all() {
    let aafc = row(comparison(), "aafc-fr");
    assert_eq!(aafc["status"], "silent");
    assert_eq!(aafc["silence_grade"], "B");
    assert_eq!(aafc["items_listed"], 0);
    assert_eq!(aafc["reason"], "published nothing at all");
    assert_ne!(row(comparison(), "lefigaro-fr")["reason"], aafc["reason"]);
    assert!(
        demo().1.out.contains("published nothing at all"),
        "the terminal says so too"
    );
}

/// (f)
#[test]
fn yonhap_is_never_called_silent() {
    let row = row(comparison(), "yonhap-en");
    assert_eq!(row["status"], "unknown");
    assert_eq!(row["silence_grade"], "U");
    assert_eq!(row["looks_ok"], 8);
    assert_eq!(row["looks_failed"], 9);
    assert_eq!(row["last_good_look"], "2009-12-15T18:10:00Z");
    let unobserved = row["unobserved_share"].as_f64().expect("a share");
    assert_eq!((unobserved * 100.0).round(), 59.0);
    assert_eq!(silence(comparison(), "yonhap-en")["at_most_share"], Value::Null);
    for text in [
        &demo().1.out,
        &demo().0.compare(&["--format", "csv"]).out,
        &demo().0.compare(&[]).out,
    ] {
        for line in text.lines().filter(|line| line.to_lowercase().contains("yonhap")) {
            assert!(!line.to_lowercase().contains("silent"), "{line}");
        }
    }
}

/// (g)
#[test]
fn kcna_is_silent_on_its_english_page_only() {
    let row = row(comparison(), "kcna-en");
    assert_eq!(row["edition"], "English page");
    assert_eq!(row["items_listed"], 96);
    let sentence = silence(comparison(), "kcna-en")["sentence"]
        .as_str()
        .expect("a sentence");
    assert!(
        sentence.starts_with(
            "KCNA (English page): nothing found in 96 new items, 17 of 17 looks, last 18 Dec 2009 00:10 UTC"
        ),
        "{sentence}"
    );
    let limits = comparison()["limits"].to_string();
    assert!(
        limits.contains("KCNA (English page): no other edition was looked at"),
        "{limits}"
    );
    let instead = comparison()["instead"].to_string();
    assert!(
        instead.contains("Kim Jong Il's Works Praised by French Figure"),
        "{instead}"
    );
}

/// (h)
#[test]
fn the_blog_is_fifth_overall_and_first_in_english() {
    let row = row(comparison(), "own-en");
    assert_eq!(row["rank_overall"], 5);
    assert_eq!(row["rank_in_lang"], 1);
    let summary = comparison()["summary"].as_str().expect("a summary");
    assert!(
        summary.ends_with("Your post: 5th overall, first in English; 32h30 after 新华网 Xinhua, 7h20 before Le Monde."),
        "{summary}"
    );
}

/// (i)
#[test]
fn closed_comments_are_flagged_against_the_outlets_own_habit() {
    let huanqiu = row(comparison(), "huanqiu-zh");
    assert_eq!(huanqiu["comments_state"], "closed");
    assert_eq!(huanqiu["comments_open_base"], "31/34");
    assert_eq!(huanqiu["comments_flag"], true);
    for row in comparison()["sources"].as_array().expect("rows") {
        assert_eq!(
            row["comments_flag"],
            row["source_id"] == "huanqiu-zh",
            "{}",
            row["source_id"]
        );
    }
    assert!(
        demo().1.out.contains("open on 31 of its 34 other articles"),
        "the terminal gives the baseline"
    );
}

/// (j)
#[test]
fn wordpress_form_text_is_not_in_the_body() {
    let shown = shown("own-en");
    let text = shown["versions"]
        .as_array()
        .and_then(|versions| versions.last())
        .and_then(|version| version["text"].as_str())
        .expect("a text");
    assert!(text.contains("bridgehead"), "{text}");
    for debris in [
        "Leave a Reply",
        "Fill in your details",
        "Connecting to",
        "Facebook",
        "Post Comment",
        "says:",
    ] {
        assert!(!text.contains(debris), "{debris} in:\n{text}");
    }
    let row = row(comparison(), "own-en");
    assert_eq!(row["comments_state"], "open");
    assert_eq!(row["comments_count"], 1);
}

/// (k)
#[test]
fn the_post_has_two_versions() {
    assert_eq!(row(comparison(), "own-en")["n_versions"], 2);
    let versions: Vec<(&Value, &Value)> = comparison()["versions"]
        .as_array()
        .expect("rows")
        .iter()
        .filter(|version| version["source_id"] == "own-en")
        .map(|version| (&version["n"], &version["seen_at"]))
        .collect();
    assert_eq!(
        versions,
        [
            (&json!(1), &json!("2009-12-17T00:10:00Z")),
            (&json!(2), &json!("2009-12-17T12:10:00Z"))
        ]
    );
    let shown = shown("own-en");
    let texts: Vec<&str> = shown["versions"]
        .as_array()
        .expect("versions")
        .iter()
        .filter_map(|version| version["text"].as_str())
        .collect();
    assert!(!texts[0].contains("UPDATE"), "{}", texts[0]);
    assert!(texts[1].contains("UPDATE"), "{}", texts[1]);
}

#[test]
fn a_look_that_is_missing_costs_the_grade() {
    let place = demo().0.copy();
    let sql = place.sql();
    // Links that this look announced first keep pointing at it: a hole in the ledger, made by hand.
    sql.pragma_update(None, "foreign_keys", false).expect("a switch");
    let gone = sql
        .execute(
            "DELETE FROM look WHERE source = 'kcna-en' AND at = (SELECT at FROM look WHERE source = 'kcna-en' ORDER BY at LIMIT 1 OFFSET 8)",
            [],
        )
        .expect("a look to delete");
    assert_eq!(gone, 1);
    let comparison = place.compare(&["--format", "json"]).exits(0).json();
    let row = row(&comparison, "kcna-en");
    assert_eq!(row["looks_ok"], 16);
    assert_eq!(row["looks_planned"], 17);
    assert_eq!(row["silence_grade"], "C");
    let terminal = place.compare(&[]).exits(0).out;
    let line = terminal
        .lines()
        .find(|line| line.contains("looked 16/17"))
        .expect("a line");
    assert!(line.contains("KCNA") && line.contains("SILENT C"), "{terminal}");
}

#[test]
fn a_demonstration_does_not_empty_a_folder_that_is_not_its_own() {
    // A folder without a database.
    let place = Place::empty();
    std::fs::create_dir(place.data()).expect("a folder");
    std::fs::write(place.data().join("letters.txt"), "keep me").expect("a file");
    let ran = place.run(&["demo", "--dir", "."]).exits(2);
    assert!(
        ran.err.contains("holds more than a demonstration; nothing was touched"),
        "{}",
        ran.err
    );
    assert!(place.data().join("letters.txt").exists());
    // Sources of the reader's own, before and after the store has them.
    let place = Place::empty();
    place.run(&["init", "--preset", "seed"]).exits(0);
    let sources = std::fs::read_to_string(place.path().join("sources.toml")).expect("sources");
    place.run(&["demo", "--dir", "."]).exits(2);
    std::fs::remove_dir_all(place.data()).expect("an empty store");
    place.run(&["demo", "--dir", "."]).exits(2);
    assert_eq!(
        std::fs::read_to_string(place.path().join("sources.toml")).expect("sources"),
        sources
    );
}

/// Points (a) to (k) hold of the story's file as of the query: the rows, the silences and what ran instead are the same,
/// but for what the question itself decides.
#[test]
fn the_story_as_it_is_written_down_gives_the_same_comparison() {
    let (typed, written) = (comparison(), from_spec());
    assert_eq!(written["story"]["id"], "lang-pyongyang");
    let cut = |value: &Value, keys: &[&str]| -> Vec<Value> {
        let rows = value.as_array().expect("rows").iter().cloned();
        let without = |mut row: Value| {
            let fields = row.as_object_mut().expect("a row");
            fields.retain(|key, _| !keys.contains(&key.as_str()));
            row
        };
        rows.map(without).collect()
    };
    // Who is expected is said in the file; a near miss is near to the query, and the control goes by its topic.
    let of_rows = [
        "expected_by_user",
        "best_near_miss_score",
        "best_near_miss_title",
        "control_hits",
    ];
    assert_eq!(cut(&written["sources"], &of_rows), cut(&typed["sources"], &of_rows));
    assert_eq!(
        cut(&written["silences"], &["near_misses"]),
        cut(&typed["silences"], &["near_misses"])
    );
    let of_instead = ["story_score", "topic_score"];
    assert_eq!(
        cut(&written["instead"], &of_instead),
        cut(&typed["instead"], &of_instead)
    );
    for key in [
        "articles",
        "headlines",
        "lineage",
        "versions",
        "timeline",
        "summary",
        "limits",
        "window",
    ] {
        assert_eq!(written[key], typed[key], "{key}");
    }
    for (source, expected) in [("aafc-fr", true), ("kcna-en", true), ("lefigaro-fr", false)] {
        assert_eq!(row(written, source)["expected_by_user"], expected, "{source}");
    }
}

#[test]
fn each_source_is_asked_without_the_country_it_is_at_home_in() {
    let asked = |source: &str| {
        let forms = from_spec()["story"]["asked"].as_array().expect("forms");
        let mine = |form: &&Value| {
            form["sources"]
                .as_array()
                .is_some_and(|ids| ids.contains(&json!(source)))
        };
        let form = forms
            .iter()
            .find(mine)
            .unwrap_or_else(|| panic!("{source} was not asked"));
        (
            form["implicit"].clone(),
            form["query"]
                .as_str()
                .expect("a query")
                .split(" AND (")
                .next()
                .unwrap_or_default()
                .to_owned(),
            form["topic"].clone(),
        )
    };
    for (source, implicit, query, topic) in [
        ("lefigaro-fr", json!(["france"]), "@north-korea", "@north-korea"),
        ("kcna-en", json!(["north-korea"]), "@france", "@france"),
        (
            "xinhua-zh",
            json!([]),
            "@france AND @north-korea",
            "@france OR @north-korea",
        ),
    ] {
        assert_eq!(asked(source), (implicit, query.to_owned(), json!(topic)), "{source}");
    }
}

#[test]
fn a_silence_is_proved_line_by_line() {
    let explain = |source: &str| {
        demo()
            .0
            .run(&["compare", "lang-pyongyang", "--explain", source])
            .exits(0)
            .out
    };
    // Sources are visited side by side, so the ledger's order within a run differs from run to run.
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"ledger ids \d+–\d+", "ledger ids [first]–[last]");
    let _bound = settings.bind_to_scope();
    insta::assert_snapshot!("explain_lefigaro", explain("lefigaro-fr"));
    insta::assert_snapshot!("explain_kcna", explain("kcna-en"));
    insta::assert_snapshot!("explain_yonhap", explain("yonhap-en"));
    insta::assert_snapshot!("explain_own", explain("own-en"));
}

/// A headline made by a formula is counted with its kind, and is no news.
#[test]
fn kcna_ran_a_formula_instead() {
    for comparison in [comparison(), from_spec()] {
        let instead = comparison["instead"].as_array().expect("rows");
        let of = |title: &str| {
            let found = instead.iter().find(|row| row["title"] == title);
            found.unwrap_or_else(|| panic!("{title} did not run instead"))
        };
        let routine = of("Kim Jong Il's Works Praised by French Figure");
        assert_eq!(routine["genre"], "ritual");
        assert_eq!(routine["formula_count_365d"], 6);
        assert!(routine["formula_id"].as_str().is_some_and(|id| id.starts_with("f:")));
        let letter = of("Obama écrit à Kim Jong-il");
        assert_eq!(
            (&letter["genre"], &letter["formula_id"]),
            (&json!("news"), &Value::Null)
        );
    }
}

/// The ledger is hashed as the documentation says, so that anybody can do it again.
#[test]
fn the_snapshot_can_be_made_again_from_the_view() {
    use sha2::{Digest, Sha256};
    let sql = demo().0.sql();
    let mut statement = sql
        .prepare("SELECT id, source_id, unixepoch(at), outcome, items, coalesce(sha256, '') FROM v_looks ORDER BY id")
        .expect("the view");
    let lines: Vec<String> = statement
        .query_map([], |row| {
            let (id, source, at): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (outcome, items, digest): (String, i64, String) = (row.get(3)?, row.get(4)?, row.get(5)?);
            Ok(format!("{id}\t{source}\t{at}\t{outcome}\t{items}\t{digest}\n"))
        })
        .expect("looks")
        .collect::<Result<_, _>>()
        .expect("rows");
    let digest = Sha256::digest(lines.concat().as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(from_spec()["snapshot"], json!({"look": lines.len(), "sha256": hex}));
}

#[test]
fn since_the_last_export_only_what_changed_is_told() {
    let place = demo().0.copy();
    let none = place.run(&["compare", "lang-pyongyang", "--since", "last"]).exits(2);
    assert!(
        none.err.contains("nothing was exported of lang-pyongyang yet"),
        "{}",
        none.err
    );
    // As it was on the morning of the 17th, before Le Monde was looked at.
    let then = ["--now", "2009-12-17T03:00:00Z", "compare", "lang-pyongyang"];
    let mut export = run::command();
    export
        .current_dir(place.path())
        .args(then)
        .args(["--output", "story.txt", "--until", "2009-12-17T03:00Z"]);
    assert!(export.output().expect("the program starts").status.success());
    let told = place
        .run(&["compare", "lang-pyongyang", "--since", "last"])
        .exits(0)
        .out;
    insta::assert_snapshot!("since_last", told);
    // Told is not exported: the next question has the same answer.
    assert_eq!(
        place
            .run(&["compare", "lang-pyongyang", "--since", "last"])
            .exits(0)
            .out,
        told
    );
    place
        .run(&["compare", "lang-pyongyang", "--output", "story.txt"])
        .exits(0);
    let quiet = place
        .run(&["compare", "lang-pyongyang", "--since", "last"])
        .exits(0)
        .out;
    assert!(quiet.contains("nothing else has changed"), "{quiet}");
}

#[test]
fn pins_decide_and_say_that_a_person_did() {
    let place = demo().0.copy();
    let story = place.path().join("stories/lang-pyongyang.toml");
    let before = std::fs::read_to_string(&story).expect("the story");
    let id = |source: &str| {
        row(from_spec(), source)["first_item_id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let obama = from_spec()["instead"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["title"] == "Obama écrit à Kim Jong-il");
    let obama = obama
        .and_then(|row| row["article_id"].as_str())
        .expect("an id")
        .to_owned();
    place.run(&["story", "pin", "lang-pyongyang", &obama]).exits(0);
    place
        .run(&["story", "pin", "lang-pyongyang", &id("lemonde-fr"), "--out"])
        .exits(0);
    let edited = std::fs::read_to_string(&story).expect("the story");
    assert!(
        edited.starts_with(&before),
        "nothing but the pins was touched:\n{edited}"
    );
    let comparison = place
        .run(&["compare", "lang-pyongyang", "--format", "json"])
        .exits(0)
        .json();
    let figaro = row(&comparison, "lefigaro-fr");
    assert_eq!(
        (&figaro["status"], &figaro["decided_by"]),
        (&json!("covered"), &json!("user"))
    );
    let monde = row(&comparison, "lemonde-fr");
    assert_eq!(
        (&monde["status"], &monde["decided_by"]),
        (&json!("silent"), &json!("user"))
    );
    assert_ne!(comparison["story"]["spec_sha256"], from_spec()["story"]["spec_sha256"]);
    insta::assert_snapshot!(
        "story_show",
        place.run(&["story", "show", "lang-pyongyang"]).exits(0).page()
    );
    place
        .run(&["story", "unpin", "lang-pyongyang", &obama, &id("lemonde-fr")])
        .exits(0);
    let again = place
        .run(&["compare", "lang-pyongyang", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(again["sources"], from_spec()["sources"]);
}

/// A story that only a person or a cluster put together proves nobody's silence.
#[test]
fn without_a_query_nobody_is_silent() {
    let place = demo().0.copy();
    let id = row(from_spec(), "xinhua-zh")["first_item_id"].as_str().expect("an id");
    let text = format!(
        "id = \"picked\"\ntitle = \"Picked\"\nwindow = [\"2009-12-14\", \"2009-12-18T06:00Z\"]\n[pins]\nin = [\"{id}\"]\n"
    );
    std::fs::write(place.path().join("stories/picked.toml"), text).expect("a story");
    let wide = "id = \"wide\"\ntitle = \"Wide\"\nwindow = [\"2009-12-14\", \"2009-12-18T06:00Z\"]\nmatch = 'source:xinhua-zh'\n";
    std::fs::write(place.path().join("stories/wide.toml"), wide).expect("a story");
    for story in ["picked", "wide"] {
        let comparison = place.run(&["compare", story, "--format", "json"]).exits(0).json();
        for row in comparison["sources"].as_array().expect("rows") {
            assert!(
                ["covered", "unknown"].contains(&row["status"].as_str().expect("a status")),
                "{story}: {row}"
            );
        }
    }
}

/// The reader's own posts, brought as the file of a feed or as WordPress exports them, have a row and a rank.
#[test]
fn a_blogs_own_archive_is_a_source() {
    let place = demo().0.copy();
    let sources = place.path().join("sources.toml");
    let mut text = std::fs::read_to_string(&sources).expect("the sources");
    for (id, host) in [("mine-en", "mine.example"), ("yours-en", "yours.example")] {
        text.push_str(&format!(
            "\n[[source]]\nid = \"{id}\"\nname = \"{host}\"\nhome = \"https://{host}/\"\ncountry = \"US\"\nlang = \"en\"\n\
             ownership = \"private\"\nkind = \"own\"\ntimezone = \"America/New_York\"\nfeeds = [\"https://{host}/feed\"]\n"
        ));
    }
    std::fs::write(&sources, text).expect("the sources");
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Mine</title><id>urn:mine</id><updated>2009-12-17T00:00:00Z</updated>
        <entry><title>Jack Lang in Pyongyang</title><id>urn:mine:1</id><link href="https://mine.example/lang"/>
        <published>2009-12-17T01:00:00Z</published><updated>2009-12-17T01:00:00Z</updated>
        <content type="html">&lt;p&gt;France and North Korea agree, says Jack Lang, and nobody here has printed a line of it so far.&lt;/p&gt;</content></entry></feed>"#;
    std::fs::write(place.path().join("mine.xml"), atom).expect("a feed");
    let export = r#"<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
        xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Yours</title><link>https://yours.example</link><wp:wxr_version>1.2</wp:wxr_version>
        <item><title>Lang's agreement</title><link>https://yours.example/2009/12/15/lang/</link><pubDate>Tue, 15 Dec 2009 14:00:00 +0000</pubDate>
        <content:encoded><![CDATA[<p>Jack Lang says that France and North Korea are to exchange books and teachers.</p>]]></content:encoded>
        <wp:status><![CDATA[publish]]></wp:status><wp:post_type><![CDATA[post]]></wp:post_type><wp:comment_status><![CDATA[closed]]></wp:comment_status>
        <wp:comment><wp:comment_approved><![CDATA[1]]></wp:comment_approved><wp:comment_type><![CDATA[comment]]></wp:comment_type></wp:comment>
        <wp:comment><wp:comment_approved><![CDATA[0]]></wp:comment_approved><wp:comment_type><![CDATA[comment]]></wp:comment_type></wp:comment></item>
        <item><title>A draft on Jack Lang</title><link>https://yours.example/?p=12</link><pubDate>Mon, 30 Nov -0001 00:00:00 +0000</pubDate>
        <content:encoded><![CDATA[<p>Not finished.</p>]]></content:encoded>
        <wp:status><![CDATA[draft]]></wp:status><wp:post_type><![CDATA[post]]></wp:post_type></item></channel></rss>"#;
    std::fs::write(place.path().join("yours.xml"), export).expect("an export");
    let whose = place.run(&["import", "mine.xml"]).exits(2);
    assert!(whose.err.contains("does not say whose"), "{}", whose.err);
    let nobody = place.run(&["import", "mine.xml", "--source", "mine"]).exits(2);
    assert!(nobody.err.contains("did you mean mine-en?"), "{}", nobody.err);
    let mine = place
        .run(&["import", "mine.xml", "--source", "mine-en", "--json"])
        .exits(0)
        .json();
    assert_eq!((&mine["new"], &mine["failed"]), (&json!(1), &json!(0)));
    let yours = place
        .run(&["import", "yours.xml", "--source", "yours-en", "--json"])
        .exits(0)
        .json();
    assert_eq!(
        (&yours["new"], &yours["skipped"]),
        (&json!(1), &json!(1)),
        "the draft stays private"
    );
    assert_eq!(
        place
            .run(&["import", "yours.xml", "--source", "yours-en", "--json"])
            .exits(0)
            .json()["duplicates"],
        1
    );
    let comparison = place
        .run(&["compare", "lang-pyongyang", "--format", "json"])
        .exits(0)
        .json();
    let yours = row(&comparison, "yours-en");
    assert_eq!((&yours["rank_overall"], &yours["rank_in_lang"]), (&json!(2), &json!(1)));
    assert_eq!(
        (&yours["comments_state"], &yours["comments_count"]),
        (&json!("closed"), &json!(1))
    );
    assert_eq!(yours["first_local"], "15 Dec 09:00 America/New_York");
    assert_eq!(row(&comparison, "mine-en")["rank_overall"], 7);
    let summary = comparison["summary"].as_str().expect("a summary");
    assert!(
        summary.contains("Your post: 2nd overall, first in English"),
        "{summary}"
    );
}
