//! `vigie topics` and shares of them: what is tagged, and what other topics would tag.

use std::fs;

use crate::run::demo;
use crate::{place, snapshot};

#[test]
fn listed_and_shown() {
    snapshot!("topics_list", place().run(&["topics", "list"]).page());
    snapshot!(
        "topics_show",
        place().run(&["topics", "show", "cultural-exchange"]).page()
    );
    snapshot!(
        "topics_show_unknown",
        place().run(&["topics", "show", "cultural-exchanges"]).page()
    );
    let list = place().run(&["topics", "list", "--json"]).exits(0).json();
    let tagged = |id: &str| {
        let topics = list["topics"].as_array().expect("topics");
        topics.iter().find(|topic| topic["id"] == id).expect("the topic")["tagged"].as_u64()
    };
    let carried = place().count("SELECT count(*) FROM article_topic WHERE topic = 'cultural-exchange'");
    assert_eq!(tagged("cultural-exchange"), Some(carried as u64));
    assert_eq!(list["articles"], place().count("SELECT count(*) FROM article"));
}

#[test]
fn what_is_in_force_would_change_nothing() {
    let ran = place().run(&["topics", "test"]).exits(0);
    assert!(ran.out.ends_with("nothing would change\n"), "{}", ran.out);
    let found = place().run(&["topics", "test", "--json"]).exits(0).json();
    assert_eq!(found["changes"], serde_json::json!([]));
}

#[test]
fn a_changed_file_says_what_it_would_tag_and_untag() {
    let place = demo().0.copy();
    let file = place.path().join("topics.toml");
    let before = fs::read_to_string(&file).expect("topics.toml");
    let after = before
        .replacen(
            "any.zh = [\"文化交流\", \"文化合作\", \"文化协定\"]",
            "any.zh = [\"文化协定\"]",
            1,
        )
        .replacen(
            "any.en = [\"cultural exchange\", ",
            "any.en = [\"cultural office\", \"cultural exchange\", ",
            1,
        )
        .replacen("id = \"human-rights\"", "id = \"rights\"", 1);
    assert_ne!(before, after);
    fs::write(&file, &after).expect("written");
    let tags = "SELECT group_concat(article || topic || hits) FROM article_topic";
    let kept: String = place.sql().query_row(tags, [], |row| row.get(0)).expect("tags");
    let found = place.run(&["topics", "test", "--json"]).exits(0).json();
    let changes = found["changes"].as_array().expect("changes");
    let lost: Vec<_> = changes
        .iter()
        .filter(|c| c["topic"] == "cultural-exchange" && c["does"] == "untag")
        .collect();
    assert!(!lost.is_empty());
    // Every place is where the term stands.
    for change in changes {
        for hit in change["hits"].as_array().expect("hits") {
            let column = match hit["field"].as_str() {
                Some("title") => "title",
                Some("lead") => "standfirst",
                _ => "text",
            };
            let sql = format!(
                "SELECT v.{column} FROM article a JOIN version v ON v.article = a.rowid AND v.n = a.versions WHERE a.id = ?1"
            );
            let id = change["article"].as_str();
            let text: String = place.sql().query_row(&sql, [id], |row| row.get(0)).expect("a text");
            let text: Vec<char> = text.chars().collect();
            for at in hit["at"].as_array().expect("places") {
                let (from, to) = (
                    at[0].as_u64().expect("from") as usize,
                    at[1].as_u64().expect("to") as usize,
                );
                let there: String = text[from..to].iter().collect();
                let term = hit["term"]
                    .as_str()
                    .expect("a term")
                    .trim_end_matches('*')
                    .to_lowercase();
                assert!(
                    there.replace('’', "'").to_lowercase().starts_with(&term),
                    "{term}: {there}"
                );
            }
        }
    }
    let line = |id: &str| {
        let topics = found["topics"].as_array().expect("topics");
        topics
            .iter()
            .find(|topic| topic["id"] == id)
            .expect("the topic")
            .clone()
    };
    assert_eq!(line("human-rights")["configured"], false);
    assert_eq!(line("human-rights")["untags"], line("rights")["tags"]);
    snapshot!(
        "topics_test",
        place
            .run(&["topics", "test", "--topic", "cultural-exchange", "--limit", "2"])
            .page()
    );
    // Nothing was written; what is said is what comes.
    let unchanged: String = place.sql().query_row(tags, [], |row| row.get(0)).expect("tags");
    assert_eq!(kept, unchanged);
    place.run(&["digest", "--all"]).exits(0);
    let again = place.run(&["topics", "test", "--json"]).exits(0).json();
    assert_eq!(again["changes"], serde_json::json!([]));
    let then = place.count("SELECT count(*) FROM article_topic WHERE topic = 'cultural-exchange'");
    assert_eq!(line("cultural-exchange")["then"], then);
}

#[test]
fn a_forbidden_topic_says_by_what() {
    let place = demo().0.copy();
    let draft = place.path().join("draft.toml");
    fs::write(
        &draft,
        "[[topic]]\nid = \"cultural-exchange\"\nname = { en = \"x\" }\nany.zh = [\"文化合作\"]\nnone.zh = [\"平壤\"]\n",
    )
    .expect("written");
    let found = place.run(&["topics", "test", "draft.toml", "--json"]).exits(0).json();
    let changes = found["changes"].as_array().expect("changes");
    assert!(
        changes.iter().any(|change| change["forbidden"][0]["term"] == "平壤"),
        "{found}"
    );
    fs::write(&draft, "[[topic]]\nid = \"a\"\nnme = 1\n").expect("written");
    let ran = place.run(&["topics", "test", "draft.toml"]).exits(2);
    assert!(
        ran.err.contains("draft.toml:3:1") && ran.err.contains("did you mean `name`?"),
        "{}",
        ran.err
    );
    assert!(
        place
            .run(&["topics", "test", "nowhere.toml"])
            .exits(2)
            .err
            .contains("there is no nowhere.toml")
    );
}

#[test]
fn shares_have_what_they_are_shares_of() {
    let ran = place().run(&["export", "topics"]).exits(0);
    let mut reader = csv::Reader::from_reader(ran.out.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|column| column == name).expect("a column");
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    let number = |row: &csv::StringRecord, name: &str| row[column(name)].parse::<f64>().ok();
    let sum = |topic: &str, name: &str| -> f64 {
        let rows = rows.iter().filter(|row| &row[column("topic")] == topic);
        rows.filter_map(|row| number(row, name)).sum()
    };
    assert_eq!(
        sum("sanctions", "all") as usize,
        place().count("SELECT count(*) FROM article")
    );
    let tagged = place().count("SELECT count(*) FROM article_topic WHERE topic = 'cultural-exchange'");
    assert_eq!(sum("cultural-exchange", "matching") as usize, tagged);
    for row in &rows {
        let (matching, all) = (number(row, "matching"), number(row, "all"));
        match (
            number(row, "share"),
            number(row, "share_low"),
            number(row, "share_high"),
        ) {
            (Some(share), Some(low), Some(high)) => {
                assert!((share - matching.unwrap() / all.unwrap()).abs() < 1e-6, "{row:?}");
                assert!(low <= share && share <= high, "{row:?}");
            }
            _ => assert!(all == Some(0.0) || &row[column("observed")] == "false", "{row:?}"),
        }
    }
    // Yonhap answered in the first days only: a day without a good look says so.
    let unseen = rows
        .iter()
        .any(|row| &row[column("source_id")] == "yonhap-en" && &row[column("days_observed")] == "0");
    assert!(unseen, "{}", ran.out);
    // What is held of a day that nobody looked at is no share of that day.
    let unobserved = |row: &&csv::StringRecord| &row[column("observed")] == "false";
    let gaps: Vec<&csv::StringRecord> = rows.iter().filter(unobserved).collect();
    assert!(gaps.iter().any(|row| number(row, "all") > Some(0.0)), "{}", ran.out);
    assert!(gaps.iter().all(|row| number(row, "share").is_none()), "{gaps:?}");
    // A query leaves the others out.
    let one = place().run(&[
        "export",
        "topics",
        "--query",
        "source:lemonde-fr",
        "--per",
        "month",
        "--format",
        "jsonl",
    ]);
    for line in one.exits(0).out.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(
            (&row["source_id"], row["period"].as_str().map(str::len)),
            (&"lemonde-fr".into(), Some(7))
        );
    }
}
