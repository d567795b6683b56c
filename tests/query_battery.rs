//! Every operator of the query language over a small invented corpus, from what is typed to what is found.

#[path = "common/run.rs"]
mod run;

use std::collections::BTreeMap;
use std::fs;
use std::sync::OnceLock;

use run::Place;
use serde::Deserialize;

#[derive(Deserialize)]
struct Battery {
    article: Vec<BTreeMap<String, toml::Value>>,
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    typed: String,
    /// Options beside the query.
    #[serde(default)]
    with: Vec<String>,
    /// The articles found, by the end of their address, in order of the alphabet.
    finds: Option<String>,
    /// Words of the refusal.
    refused: Option<String>,
    /// Words of a warning.
    warns: Option<String>,
    /// What the snippets of the first article mark.
    marks: Option<Vec<String>>,
}

fn battery() -> Battery {
    toml::from_str(include_str!("cases/query_battery.toml")).unwrap()
}

const LEXICON: &str = r#"
[[actor]]
id = "north-korea"
kind = "place"
names = { en = ["North Korea", "DPRK"], fr = ["Corée du Nord"], zh = ["朝鲜"], zh-Hant = ["北韓"] }
aliases = ["法朝", "朝法"]

[[actor]]
id = "jack-lang"
kind = "person"
names = { fr = ["Jack Lang", "Lang"], zh = ["雅克·朗"] }
ambiguous = ["Lang"]
"#;

const SOURCES: &str = r#"
[crawler]
contact = "https://vigie.example/tests"

[[source]]
id = "the-paper"
name = "The Paper"
home = "https://paper.example/"
country = "FR"
lang = "fr"
ownership = "state"
kind = "press"
timezone = "Europe/Paris"
groups = ["dailies"]
feeds = ["https://paper.example/feed.xml"]
"#;

fn store() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        let place = Place::empty();
        let rows: Vec<String> = battery()
            .article
            .iter()
            .map(|row| {
                let mut row = serde_json::to_value(row).unwrap();
                let key = row["key"].as_str().unwrap().to_owned();
                let host = row
                    .get("host")
                    .and_then(|host| host.as_str())
                    .unwrap_or("paper.example")
                    .to_owned();
                if host == "paper.example" {
                    row["source"] = "the-paper".into();
                }
                row["url"] = format!("https://{host}/{key}").into();
                row.to_string()
            })
            .collect();
        fs::write(place.path().join("rows.jsonl"), rows.join("\n")).unwrap();
        fs::write(place.path().join("lexicon.toml"), LEXICON).unwrap();
        fs::write(place.path().join("sources.toml"), SOURCES).unwrap();
        place.run(&["import", "rows.jsonl"]).exits(0);
        place
    })
}

/// What a snippet marks.
fn marked(snippet: &serde_json::Value) -> Vec<String> {
    let text: Vec<char> = snippet["text"].as_str().unwrap().chars().collect();
    let end = |end: &serde_json::Value| usize::try_from(end.as_u64().unwrap()).unwrap();
    let spans = snippet["marks"].as_array().unwrap().iter();
    spans
        .map(|span| text[end(&span[0])..end(&span[1])].iter().collect())
        .collect()
}

#[test]
fn the_battery() {
    let mut wrong = Vec::new();
    for case in battery().case {
        let mut args = vec!["query", "--json", "--limit", "100"];
        args.extend(case.with.iter().map(String::as_str));
        args.extend(["--", case.typed.as_str()]);
        let ran = store().run(&args);
        let mut complain = |what: String| wrong.push(format!("{} — {}\n  {what}", case.name, case.typed));
        if let Some(refused) = &case.refused {
            if ran.code != 2 || !ran.err.contains(refused) || !ran.err.contains("error: ") {
                complain(format!("not refused so: exit {}\n{}{}", ran.code, ran.out, ran.err));
            }
            continue;
        }
        if !matches!(ran.code, 0 | 4) {
            complain(format!("exit {}: {}", ran.code, ran.err));
            continue;
        }
        let answer = ran.json();
        let articles = answer["articles"].as_array().unwrap();
        let mut keys: Vec<&str> = articles
            .iter()
            .filter_map(|article| article["url"].as_str()?.rsplit('/').next())
            .collect();
        keys.sort_unstable();
        let expected = case.finds.as_deref().expect("finds or refused");
        if keys.join(" ") != expected {
            complain(format!("found {keys:?}, read as {}", answer["query"]["run"]));
        }
        let warnings = answer["query"]["warnings"].to_string();
        if !warnings.contains(case.warns.as_deref().unwrap_or_default()) {
            complain(format!("warned {warnings}"));
        }
        if let Some(marks) = &case.marks {
            let snippets = articles.first().and_then(|article| article["snippets"].as_array());
            let marked: Vec<String> = snippets.into_iter().flatten().flat_map(marked).collect();
            if marked != *marks {
                complain(format!("marked {marked:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn ten_kilobytes_of_anything_are_answered() {
    for piece in [
        "文化 ",
        "(accord OR 合作) ",
        "accord NEAR/3 文化 OR ",
        "\u{202e}سلام ",
        "=Lang ",
        "🎉 ",
    ] {
        let mut typed = piece.repeat(10_000 / piece.len());
        typed.push_str("accord");
        let ran = store().run(&["query", "--json", "--", &typed]);
        assert!(
            matches!(ran.code, 0 | 2 | 4),
            "{piece}: exit {}\n{:.500}",
            ran.code,
            ran.err
        );
    }
}

#[test]
fn the_lexicon_says_what_it_found_and_what_it_lacks() {
    let ran = store().run(&[
        "lexicon",
        "check",
        "--json",
        "法朝關係：賈克等人在巴黎。The mayor of Nice; a nice day",
    ]);
    let answer = ran.exits(0).json();
    let shown: Vec<String> = answer["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
            format!(
                "{} {} {} {}",
                text("spelled"),
                text("actor"),
                text("known_from"),
                one["counts"]
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "法朝 france pair true",
            "法朝 north-korea pair true",
            "巴黎 paris gazetteer true",
            "Nice nice gazetteer true",
        ]
    );
    let ran = store().run(&["lexicon", "suggest", "--json"]);
    let answer = ran.exits(0).json();
    assert_eq!(answer["total"], 1);
    assert_eq!(answer["suggestions"][0]["han"], "米歇尔·普拉松");
    assert_eq!(answer["suggestions"][0]["latin"], "Michel Plasson");
    store().run(&["lexicon", "check", "nothing of note"]).exits(4);
}
