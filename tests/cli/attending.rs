//! `vigie attention`: shares, what they are shares of, and what was not observed.

use serde_json::Value;

use crate::{place, snapshot};

const WINDOW: [&str; 4] = ["--since", "2009-12-12", "--until", "2009-12-18"];

fn asked(args: &[&str]) -> Vec<String> {
    let all = ["attention"].iter().chain(args).chain(&WINDOW);
    all.map(|arg| (*arg).to_owned()).collect()
}

fn json(args: &[&str]) -> Value {
    let mut all = asked(args);
    all.push("--json".to_owned());
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    place().run(&all).exits(0).json()
}

fn page(args: &[&str]) -> String {
    let all = asked(args);
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    place().run(&all).page()
}

#[test]
fn by_source_language_and_topic() {
    snapshot!("attention_by_source", page(&["@jack-lang"]));
    snapshot!("attention_by_language", page(&["@north-korea", "--by", "language"]));
    snapshot!("attention_by_topic", page(&["--by", "topic", "--limit", "4"]));
    let ran = place().run(&["attention"]).exits(2);
    assert!(ran.err.contains("attention to what?"), "{}", ran.err);
}

#[test]
fn one_good_look_is_no_observed_month() {
    // Five of the eighteen days of December that have begun were looked at.
    let month = json(&["@jack-lang", "--per", "month", "--source", "lemonde-fr"]);
    let cell = &month["series"][0]["periods"][0];
    assert_eq!(
        (&cell["days"], &cell["days_observed"]),
        (&18.into(), &5.into()),
        "{month}"
    );
    assert_eq!((&cell["observed"], &cell["share"]), (&false.into(), &Value::Null));
    assert!(
        cell["looks_good"].as_u64() > Some(10) && cell["all"].as_u64() > Some(0),
        "{cell}"
    );
    // All five days of the week that have begun were.
    let week = json(&["@jack-lang", "--per", "week", "--source", "lemonde-fr"]);
    let cells = week["series"][0]["periods"].as_array().expect("periods");
    let shares: Vec<&Value> = cells.iter().map(|cell| &cell["observed_share"]).collect();
    assert_eq!(shares, [&Value::from(0.0), &Value::from(1.0)], "{week}");
    assert!(cells[1]["share"]["share"].as_f64() > Some(0.0));
}

#[test]
fn a_language_that_cannot_have_the_word_is_named() {
    let about = |words: &str| {
        let found = json(&[words, "--by", "language"]);
        let notes = found["notes"].as_array().expect("notes").clone();
        let notes = notes
            .into_iter()
            .filter(|note| note.to_string().contains("no text of theirs"));
        notes
            .map(|note| note.as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        about("voyage"),
        ["Sources in zh: no text of theirs can have voyage; none found is no silence there."]
    );
    let latin = about("=文化");
    assert!(
        latin.iter().any(|note| note.starts_with("Sources in fr: ")),
        "{latin:?}"
    );
    assert!(
        !latin.iter().any(|note| note.starts_with("Sources in zh: ")),
        "{latin:?}"
    );
}

#[test]
fn a_topic_is_a_share_of_all_articles() {
    let topics = json(&["--by", "topic", "--source", "lemonde-fr,kcna-en"]);
    let all: Vec<&Value> = topics["series"]
        .as_array()
        .expect("series")
        .iter()
        .map(|one| &one["all"])
        .collect();
    assert!(all.iter().all(|one| *one == all[0]), "{all:?}");
    let narrowed = json(&["@jack-lang", "--by", "topic", "--source", "lemonde-fr,kcna-en"]);
    let matching = |found: &Value, id: &str| {
        let series = found["series"].as_array().expect("series");
        series.iter().find(|one| one["id"] == id).expect("the topic")["matching"].as_u64()
    };
    assert!(matching(&narrowed, "human-rights") <= matching(&topics, "human-rights"));
}

#[test]
fn wide_tells_a_gap_from_nothing_found() {
    let ran = place().run(&[
        "attention",
        "zzzqqq",
        "--source",
        "yonhap-en",
        "--wide",
        "--since",
        "2009-12-14",
        "--until",
        "2009-12-17",
    ]);
    let ran = ran.exits(4);
    let mut reader = csv::Reader::from_reader(ran.out.as_bytes());
    assert_eq!(
        reader.headers().expect("a header").iter().collect::<Vec<_>>(),
        [
            "period",
            "yonhap-en_matching",
            "yonhap-en_all",
            "yonhap-en_share",
            "yonhap-en_observed"
        ]
    );
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!((&rows[0][1], &rows[0][4]), ("0", "1.000000"), "{}", ran.out);
    assert_eq!(
        (&rows[3][1], &rows[3][2], &rows[3][3], &rows[3][4]),
        ("", "", "", "0.000000"),
        "{}",
        ran.out
    );
}

#[test]
fn the_page_has_the_numbers_of_the_sheet() {
    let page = page(&["@jack-lang", "--by", "source", "--format", "html"]);
    let long = place().run(
        &asked(&["@jack-lang", "--format", "csv"])
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
    let mut reader = csv::Reader::from_reader(long.out.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!(page.matches("<tr><th scope=\"row\">").count(), rows.len());
    assert!(page.contains("<svg") && page.contains("lang=\"zh-Hans\"") && page.contains("@page"));
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("<script"));
}

#[test]
fn what_was_only_imported_is_counted_beside_what_was_looked_at() {
    let place = place().copy();
    let asked = asked(&["--by", "topic", "--limit", "1", "--json"]);
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let before = place.run(&asked).exits(0).json();
    let row = serde_json::json!({
        "url": "https://imported.example/1",
        "title": "Fouilles au port",
        "text": "Les fouilles archéologiques du port ont repris ; les archéologues y dégagent un quai.",
        "published": "2009-12-15",
        "lang": "fr",
    });
    std::fs::write(place.path().join("rows.jsonl"), row.to_string()).expect("a write");
    place.run(&["import", "rows.jsonl"]).exits(0);
    let after = place.run(&asked).exits(0).json();
    let of = |found: &Value, key: &str| found["series"][0][key].clone();
    for key in ["matching", "all", "share", "sources"] {
        assert_eq!(of(&before, key), of(&after, key), "{key}");
    }
    assert_eq!(of(&before, "unwatched"), serde_json::json!({ "matching": 0, "all": 0 }));
    assert_eq!(of(&after, "unwatched")["all"], 1);
    let notes = after["notes"].as_array().expect("notes");
    assert!(
        notes
            .iter()
            .any(|note| note.to_string().contains("sources that were not looked at")),
        "{notes:?}"
    );
}
