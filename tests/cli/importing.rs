//! `vigie import`: what a row says is kept as it is said, and what cannot be read is counted.

use std::fs;

use serde_json::{Value, json};

use crate::run::{Place, command};

/// These dates, one a row, in the order of the rows; what the import says; and what it says on stderr.
fn brought(dates: &[&str]) -> (Vec<Value>, Value, String) {
    let place = Place::empty();
    let rows: Vec<String> = dates
        .iter()
        .enumerate()
        .map(|(n, published)| {
            let text = format!("Le bac numéro {n} passe le chenal par temps calme, et le passeur salue le phare.");
            json!({ "url": format!("https://bac.example/{n}"), "title": format!("Le bac {n}"), "text": text,
                "lang": "fr", "published": published })
            .to_string()
        })
        .collect();
    fs::write(place.path().join("rows.jsonl"), rows.join("\n")).expect("a write");
    let run = |args: &[&str]| {
        let ran = command()
            .current_dir(place.path())
            .args(args)
            .output()
            .expect("the program starts");
        assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
        (
            String::from_utf8(ran.stdout).expect("UTF-8"),
            String::from_utf8(ran.stderr).expect("UTF-8"),
        )
    };
    let now = ["--now", "2010-03-01T12:00:00Z"];
    let imports = run(&[&now[..], &["import", "rows.jsonl", "--json"]].concat()).0;
    // Brought once more, everything is known; the dates are as unreadable as they were.
    let told = run(&[&now[..], &["import", "rows.jsonl"]].concat()).1;
    let found = run(&[&now[..], &["query", "bac", "--json", "--sort", "oldest"]].concat()).0;
    let found: Value = serde_json::from_str(&found).expect("JSON");
    let imports = serde_json::from_str(&imports).expect("JSON");
    (found["articles"].as_array().expect("articles").clone(), imports, told)
}

#[test]
fn a_month_or_a_year_is_a_date_as_wide_as_it_was_written() {
    let (articles, imports, _) = brought(&["2009-12-16 10:30", "2009", "2009-12", "16 décembre 2009"]);
    let dates: Vec<(&str, &str)> = articles
        .iter()
        .map(|article| {
            let said = |key: &str| article[key].as_str().unwrap_or_default();
            (said("title"), said("published"))
        })
        .collect();
    assert_eq!(
        dates,
        [
            ("Le bac 1", "2009"),
            ("Le bac 2", "2009-12"),
            ("Le bac 3", "2009-12-16"),
            ("Le bac 0", "2009-12-16T10:30:00Z"),
        ]
    );
    assert_eq!((&imports["dates_unread"], &imports["damage"]), (&json!(0), &json!([])));
}

#[test]
fn a_date_that_cannot_be_read_costs_the_date_and_is_counted() {
    let (articles, imports, told) = brought(&["2009-12-16", "au temps des phares", "2019-12-16", "2009-13", ""]);
    assert_eq!(
        (articles.len(), &imports["new"], &imports["failed"]),
        (5, &json!(5), &json!(0))
    );
    assert_eq!(imports["dates_unread"], 3, "{imports}");
    assert_eq!(
        imports["damage"][0],
        "rows.jsonl: https://bac.example/1: `published` is no date that has come: \"au temps des phares\""
    );
    assert!(told.contains("3 rows have a date that could not be read"), "{told}");
    assert!(articles[1].get("published").is_none(), "{}", articles[1]);
}
