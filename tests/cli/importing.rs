//! `vigie import`: what a row says is kept as it is said, and what cannot be read is counted.

use std::fs;

use serde_json::{Value, json};

use crate::run::{Place, Ran, command};

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

/// A paper that was imported and never looked at, and what `vigie` says of it.
fn never_looked_at(args: &[&str]) -> Ran {
    let place = Place::empty();
    let row = |n: u32, lang: &str, title: &str, day: &str| {
        json!({ "url": format!("https://{lang}.bac.example/{n}"), "title": title, "lang": lang, "published": day,
            "text": format!("{title}. 渡船第{n}次出海。 Le bac a traversé {n} fois le chenal par temps calme.") })
        .to_string()
    };
    let rows = [
        row(1, "fr", "Le phare de Pyongyang éclaire le port", "2009-12-03"),
        row(2, "fr", "Le port attend ses grues", "2009-12-04"),
        row(3, "zh", "灯塔照亮港口", "2009-12-05"),
    ];
    let sources = [("fr", "fr"), ("zh", "zh-Hans")].map(|(id, lang)| {
        format!(
            "[[source]]\nid = \"bac-{id}\"\nname = \"Bac {id}\"\nhome = \"https://{id}.bac.example/\"\ncountry = \"FR\"\n\
            lang = \"{lang}\"\nownership = \"private\"\nkind = \"press\"\ntimezone = \"UTC\"\n\
            feeds = [\"https://{id}.bac.example/feed\"]\n"
        )
    });
    let topic = "[[topic]]\nid = \"lights\"\nname = { en = \"Lights\" }\nany = { fr = [\"phare\"], zh = [\"灯塔\"] }\n";
    fs::write(place.path().join("topics.toml"), topic).expect("a write");
    let crawler = "[crawler]\ncontact = \"https://reader.example/about\"\n";
    fs::write(
        place.path().join("sources.toml"),
        format!("{crawler}\n{}", sources.join("\n")),
    )
    .expect("a write");
    fs::write(place.path().join("rows.jsonl"), rows.join("\n")).expect("a write");
    let now = ["--now", "2010-03-01T12:00:00Z"];
    let run = |args: &[&str]| {
        let ran = command()
            .current_dir(place.path())
            .args(now)
            .args(args)
            .output()
            .expect("the program starts");
        Ran {
            code: ran.status.code().expect("ended by itself"),
            out: String::from_utf8(ran.stdout).expect("UTF-8"),
            err: String::from_utf8(ran.stderr).expect("UTF-8"),
        }
    };
    run(&["import", "rows.jsonl"]).exits(0);
    run(args)
}

const DECEMBER: [&str; 6] = ["--per", "month", "--since", "2009-12", "--until", "2009-12"];

#[test]
fn what_was_never_looked_at_is_a_gap_with_its_counts() {
    let asked = [&["attention", "phare", "--by", "language"][..], &DECEMBER].concat();
    let found = never_looked_at(&[&asked[..], &["--json"]].concat()).exits(0).json();
    let series = found["series"].as_array().expect("series");
    let told: Vec<String> = series
        .iter()
        .map(|one| format!("{} {} of {}, {}", one["id"], one["matching"], one["all"], one["share"]))
        .collect();
    assert_eq!(told, ["\"fr\" 1 of 2, null", "\"zh\" 0 of 1, null"], "{found}");
    let cell = &series[0]["periods"][0];
    assert_eq!(
        (&cell["matching"], &cell["all"], &cell["observed"], &cell["share"]),
        (&json!(1), &json!(2), &json!(false), &Value::Null)
    );
    // In every form it is held, and in none a share.
    let table = never_looked_at(&asked).exits(0).out;
    assert!(
        table.contains("those held: fr 1 of 2") && table.contains('×'),
        "{table}"
    );
    let long = never_looked_at(&[&asked[..], &["--format", "csv"]].concat()).exits(0);
    assert!(
        long.out.contains("fr,fr,2009-12,2009-12-01T00:00:00Z,1,2,,,,false,0"),
        "{}",
        long.out
    );
    assert!(long.err.contains("Never observed"), "{}", long.err);
    let wide = never_looked_at(&[&asked[..], &["--wide"]].concat()).exits(0);
    assert!(
        wide.out.contains("\n2009-12,1,2,,0.000000,0,1,,0.000000\n"),
        "{}",
        wide.out
    );
    let page = never_looked_at(&[&asked[..], &["--format", "html"]].concat())
        .exits(0)
        .out;
    assert!(
        page.contains("class=\"gap\"") && page.contains("<td>1</td><td>2</td><td>not observed</td>"),
        "{page}"
    );
    let topics = never_looked_at(&["export", "topics", "--per", "month", "--format", "jsonl"])
        .exits(0)
        .out;
    assert_eq!(topics.lines().count(), 2, "{topics}");
    for line in topics.lines() {
        let row: Value = serde_json::from_str(line).expect("JSON");
        assert!(
            row["all"].as_u64() > Some(0) && row["observed"] == false && row["share"].is_null(),
            "{row}"
        );
    }
    // What nobody wrote of is nothing found, though there are gaps.
    let none = [&["attention", "zeppelin", "--by", "language"][..], &DECEMBER].concat();
    never_looked_at(&none).exits(4);
}
