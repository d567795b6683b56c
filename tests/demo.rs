//! The golden case: the comparison that a scholar once made by hand, on invented newspapers, and every
//! fact that it must get right. The whole of `vigie demo` runs: servers, seventeen crawls, the comparison.

#[path = "demo/otherwise.rs"]
mod otherwise;
#[path = "common/run.rs"]
mod run;

use std::sync::OnceLock;

use run::demo;
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
