//! `vigie query`: in each language, with every operator; nothing found; what cannot be read.

use serde_json::Value;

use crate::{keys, place, snapshot};

fn page(args: &[&str]) -> String {
    let mut all = vec!["query"];
    all.extend(args);
    place().run(&all).page()
}

#[test]
fn two_chinese_characters() {
    snapshot!("query_chinese", page(&["朝鲜", "--limit", "3"]));
    snapshot!("query_chinese_traditional", page(&["朝鮮", "--limit", "1"]));
    snapshot!("query_chinese_one_character", page(&["校", "--limit", "1"]));
}

#[test]
fn french_with_and_without_accents() {
    let with = page(&["Corée du Nord", "--limit", "2"]);
    snapshot!("query_french", &with);
    assert_eq!(page(&["coree du nord", "--limit", "2"]), with);
    let spelt = page(&["étrange voyage"]);
    snapshot!("query_french_words", &spelt);
    assert_eq!(
        page(&["ETRANGE voyage"]).lines().skip(1).collect::<Vec<_>>(),
        spelt.lines().skip(1).collect::<Vec<_>>()
    );
    // Elision is no part of the word.
    assert_eq!(
        place().run(&["query", "l’envoyé", "--json"]).json()["total"],
        place().run(&["query", "envoye", "--json"]).json()["total"]
    );
}

#[test]
fn english_and_its_operators() {
    snapshot!("query_english", page(&["cultural office"]));
    snapshot!("query_phrase", page(&["\"cultural office\""]));
    snapshot!("query_or", page(&["bureau OR 办事处"]));
    snapshot!("query_not", page(&["\"Jack Lang\" NOT lang:en"]));
    snapshot!("query_prefix", page(&["bridgeh*"]));
    snapshot!("query_field", page(&["title:voyage"]));
}

#[test]
fn filters() {
    snapshot!("query_filters", page(&["lang:zh 文化 source:xinhua-zh"]));
    snapshot!("query_topic", page(&["topic:cultural-exchange", "--limit", "2"]));
    snapshot!("query_dates", page(&["date:2009-12-15..2009-12-16 @jack-lang"]));
    snapshot!("query_everything", page(&["", "--limit", "2", "--lang", "zh"]));
    let total = |args: &[&str]| place().run(args).json()["total"].clone();
    // The same said in the query and beside it.
    assert_eq!(
        total(&["query", "文化 lang:zh source:xinhua-zh,people-zh", "--json"]),
        total(&[
            "query",
            "文化",
            "--lang",
            "zh",
            "--source",
            "xinhua-zh,people-zh",
            "--json"
        ])
    );
    assert_eq!(
        total(&["query", "@jack-lang date:2009-12-16", "--json"]),
        total(&[
            "query",
            "@jack-lang",
            "--since",
            "2009-12-16",
            "--until",
            "2009-12-16",
            "--json"
        ])
    );
}

/// Days are days of the zone that was asked for.
#[test]
fn a_day_in_another_zone_is_another_day() {
    let found = |zone: &str| {
        let json = place()
            .run(&[
                "query",
                "@jack-lang date:2009-12-16 source:own-en",
                "--json",
                "--tz",
                zone,
            ])
            .json();
        json["total"].clone()
    };
    // 22:10 UTC on the 16th is the 17th in Shanghai.
    assert_eq!(found("UTC"), 1);
    assert_eq!(found("Asia/Shanghai"), 0);
}

#[test]
fn json_has_the_published_keys_and_marks_select_the_words() {
    for (query, words) in [
        ("文化", &["文化", "culturel", "culturelle", "cultural"][..]),
        ("\"Jack Lang\"", &["Jack Lang", "雅克·朗"]),
        (
            "Corée du Nord",
            &[
                "Corée du Nord",
                "North Korea",
                "朝鲜",
                "朝",
                "法朝",
                "nord-coréennes",
                "North Korean",
            ],
        ),
        ("bureau", &["bureau"]),
    ] {
        let answer = place()
            .run(&["query", query, "--json", "--limit", "50"])
            .exits(0)
            .json();
        assert_eq!(keys(&answer), ["articles", "query", "shown", "total"]);
        assert_eq!(
            keys(&answer["query"]),
            ["expanded", "hits", "run", "scope", "typed", "warnings"]
        );
        assert_eq!(answer["query"]["typed"], query);
        let articles = answer["articles"].as_array().expect("articles");
        assert_eq!(answer["shown"], articles.len());
        assert_eq!(answer["total"], articles.len());
        let mut marked = 0;
        for article in articles {
            for key in [
                "id",
                "source",
                "lang",
                "url",
                "title",
                "published",
                "first_seen",
                "topics",
                "length",
                "snippets",
            ] {
                assert!(article.get(key).is_some(), "{query}: {key} of {article}");
            }
            assert_eq!(keys(&article["length"]), ["n", "unit"]);
            for snippet in article["snippets"].as_array().expect("snippets") {
                assert_eq!(keys(snippet), ["byte_start", "char_start", "field", "marks", "text"]);
                for mark in snippet["marks"].as_array().expect("marks") {
                    let word = cut(snippet, mark);
                    let known = words.iter().any(|known| known.to_lowercase() == word.to_lowercase());
                    assert!(known, "{query}: marks {word} in {snippet}");
                    marked += 1;
                }
            }
        }
        assert!(marked > 0, "{query}");
    }
}

/// The characters that a mark selects.
fn cut(snippet: &Value, mark: &Value) -> String {
    let end = |n: usize| {
        mark[n]
            .as_u64()
            .and_then(|end| usize::try_from(end).ok())
            .expect("an end")
    };
    let text = snippet["text"].as_str().expect("a text");
    text.chars().skip(end(0)).take(end(1) - end(0)).collect()
}

#[test]
fn the_tree_and_the_reasons() {
    snapshot!(
        "query_explain",
        page(&["accord OR 合作 NEAR/5 文化 -lang:en", "--explain"])
    );
    let found = place().run(&["query", "朝鲜 lang:fr", "--limit", "1", "--json"]).json();
    let id = found["articles"][0]["id"].as_str().expect("an id");
    snapshot!("query_why", page(&["朝鲜 lang:fr", "--why", id]));
    snapshot!("query_why_not", page(&["朝鲜 lang:en", "--why", id]));
    place().run(&["query", "朝鲜", "--why", "i:zzzz"]).exits(2);
}

#[test]
fn near_marks_both_sides() {
    snapshot!("query_near", page(&["@france NEAR/5 朝鲜", "--limit", "3"]));
    snapshot!(
        "query_sentence",
        page(&["sent:(\"Jack Lang\" culture) words:>20", "--limit", "2"])
    );
}

#[test]
fn nothing_found_is_explained() {
    let nothing = |args: &[&str]| place().run(args).exits(4).page();
    snapshot!("query_nothing", nothing(&["query", "zzzqqq"]));
    snapshot!("query_nothing_names", nothing(&["query", "Khim Jong Ill"]));
    snapshot!(
        "query_nothing_dropped",
        nothing(&["query", "accord lang:ko topic:sanctions"])
    );
    // One character off.
    let meant = place().run(&["query", "朝藓"]).exits(4);
    assert!(
        meant.err.contains("Nearest in lexicon and store: 朝鲜 (3)"),
        "{}",
        meant.err
    );
    // An id that nobody has is a mistake, not an empty answer.
    let mistaken = |args: &[&str]| place().run(args).exits(2).page();
    snapshot!("query_nothing_source", mistaken(&["query", "accord source:lemonde"]));
    snapshot!("query_nothing_topic", mistaken(&["query", "文化 -topic:sanction"]));
    let json = place().run(&["query", "zzzqqq", "--json"]).exits(4).json();
    assert_eq!(json["total"], 0);
    assert_eq!(json["articles"], serde_json::json!([]));
}

#[test]
fn a_query_may_begin_with_a_minus() {
    let found = |args: &[&str]| place().run(args).exits(0).json()["total"].as_u64().unwrap();
    let least = found(&["query", "--json", "NOT lang:fr 文化"]);
    assert!(least > 0);
    assert_eq!(found(&["query", "-lang:fr 文化", "--json"]), least);
    assert_eq!(found(&["query", "--json", "-lang:fr", "文化"]), least);
    let alone = place().run(&["query", "-lang:fr"]).exits(2);
    assert!(alone.err.contains("NOT takes something away"), "{}", alone.err);
    // What looks like an option is one still.
    let option = place().run(&["query", "文化", "--jsn"]).exits(2);
    assert!(option.err.contains("--json"), "{}", option.err);
}

#[test]
fn each_error_shows_where() {
    let mut pages = String::new();
    for query in [
        "culture OR",
        "(((",
        ")",
        "\"Jack Lang",
        "NOT x",
        "-x",
        "culture NEAR accord",
        "foo:bar",
        "@nobody",
        "@jack-lnag",
        "date:soon",
        "date:2009-13",
        "lang:",
        "a*",
        "文化 AND AND 合作",
    ] {
        let ran = place().run(&["query", "--", query]);
        pages.push_str(&format!("$ vigie query -- '{query}'\n{}\n", ran.page()));
    }
    snapshot!("query_errors", pages);
    let many = format!("culture {}", "(".repeat(5_000));
    let ran = place().run(&["query", &many]).exits(2);
    assert!(
        ran.err.len() < 2_000,
        "an error is not as long as what it is about: {}",
        ran.err.len()
    );
}

/// Whatever is typed is an answer or an error in words, never SQL's own complaint.
#[test]
fn odd_input_is_an_answer_or_an_error_in_words() {
    for query in [
        "C++",
        "co-operation",
        "U.N.",
        "ＫＣＮＡ",
        "'; DROP TABLE article; --",
        "%",
        "*",
        "🎭",
        "שלום",
        "a:b:c",
        "\u{202e}x",
    ] {
        let ran = place().run(&["query", "--limit", "1", "--", query]);
        assert!([0, 2, 4].contains(&ran.code), "{query}: {}", ran.page());
        for leak in ["fts5", "SQL", "syntax error", "no such column", "panicked"] {
            assert!(!ran.err.contains(leak), "{query}: {}", ran.err);
        }
        assert!(!ran.page().contains('\u{202e}'), "{query}");
    }
    assert_eq!(place().count("SELECT count(*) FROM article"), 1661);
}
