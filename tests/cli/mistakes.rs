//! What a person gets wrong before any command begins.

use std::fs;

use crate::coding::BOOK;
use crate::run::Place;
use crate::{place, snapshot};

/// With a codebook, so that every command has what it needs but the right words.
fn with_a_codebook() -> Place {
    let copy = place().copy();
    fs::write(copy.path().join("codebook.toml"), BOOK).expect("a write");
    copy
}

#[test]
fn no_store_no_configuration_no_such_command() {
    let empty = Place::empty();
    let mut pages = String::new();
    for args in [
        &["query", "accord"][..],
        &["compare", "accord"],
        &["status"],
        &["show", "i:3f2a"],
        &["export", "articles"],
        &["backup"],
        &["doctor"],
        &["doctor", "--rebuild"],
        &["digest"],
        &["crawl"],
        &["import", "rows.jsonl"],
        &["querry", "accord"],
        &["query"],
        &["query", "accord", "--limit", "many"],
    ] {
        let ran = empty.run(args).exits(2);
        assert_eq!(ran.out, "", "{args:?}");
        pages.push_str(&format!("$ vigie {}\n{}\n", args.join(" "), ran.page()));
    }
    snapshot!("mistakes", pages);
    let nothing = crate::run::vigie(&[]).exits(2);
    assert!(nothing.err.contains("First steps"), "{}", nothing.err);
    assert!(!empty.data().exists(), "a mistake makes no store");
}

#[test]
fn a_configuration_that_cannot_be_read_shows_where() {
    let copy = place().copy();
    fs::write(
        copy.path().join("sources.toml"),
        "[[source]]\nid = \"paper-fr\"\nname = \"Paper\nlang = \"fr\"\n",
    )
    .expect("a write");
    let mut pages = String::new();
    for args in [&["crawl"][..], &["status"], &["query", "accord"]] {
        pages.push_str(&format!(
            "$ vigie {}\n{}\n",
            args.join(" "),
            copy.run(args).exits(2).page()
        ));
    }
    fs::write(
        copy.path().join("sources.toml"),
        "[[source]]\nid = \"paper-fr\"\nname = \"Paper\"\nhome = \"http://www.paper.example/\"\ncountry = \"FR\"\nlang = \"french\"\n\
         timezone = \"Europe/Pariss\"\nfeeds = [\"www.paper.example/feed\"]\n",
    )
    .expect("a write");
    pages.push_str(&format!("$ vigie crawl\n{}\n", copy.run(&["crawl"]).exits(2).page()));
    snapshot!("bad_toml", pages);
}

#[test]
fn a_window_that_holds_no_moment_is_a_slip_everywhere() {
    let backwards = ["--since", "2009-12-18", "--until", "2009-12-14"];
    let place = with_a_codebook();
    let mut pages = String::new();
    for command in [
        &["query", "accord"][..],
        &["attention", "accord"],
        &["blindspots"],
        &["story", "suggest"],
        &["story", "accept", "1", "--id", "port"],
        &["compare", "accord"],
        &["cite", "accord"],
        &["export", "looks"],
        &["export", "topics"],
        &["code", "sheet", "codebook.toml"],
        &["crawl", "--backfill", "lemonde-fr"],
    ] {
        let ran = place.run(&[command, &backwards].concat()).exits(2);
        assert_eq!(ran.out, "", "{command:?}");
        assert!(
            ran.err.contains("the window is empty")
                && ran.err.contains("did you mean --since 2009-12-14 --until 2009-12-18?"),
            "{command:?}: {}",
            ran.err
        );
    }
    for args in [
        &["query", "accord", "--since", "2009-12", "--until", "2009-11"][..],
        &[
            "query",
            "accord",
            "--since",
            "2009-12-14",
            "--until",
            "2009-12-14T00:00Z",
        ],
        &["attention", "accord", "--until", "2009-10"],
        &["status", "--since", "2030"],
    ] {
        let ran = place.run(args).exits(2);
        pages.push_str(&format!("$ vigie {}\n{}\n", args.join(" "), ran.page()));
    }
    snapshot!("mistakes_windows", pages);
    let one_day = ["query", "", "--since", "2009-12-15", "--until", "2009-12-15"];
    place.run(&one_day).exits(0);
}

#[test]
fn a_language_that_is_none_is_a_slip_and_one_without_articles_is_said() {
    let place = with_a_codebook();
    let mut pages = String::new();
    for args in [
        &["query", "accord", "--lang", "klingon"][..],
        &["query", "accord", "--lang", "fr,chinese"],
        &["attention", "accord", "--lang", "frensh"],
        &["compare", "accord", "--since", "2009-12-14", "--lang", "klingon"],
        &["code", "sheet", "codebook.toml", "--lang", "klingon"],
        &["saved", "add", "port", "accord", "--lang", "klingon"],
    ] {
        let ran = place.run(args).exits(2);
        assert_eq!(ran.out, "", "{args:?}");
        pages.push_str(&format!("$ vigie {}\n{}\n", args.join(" "), ran.page()));
    }
    snapshot!("mistakes_languages", pages);
    let none = place.run(&["query", "accord", "--lang", "sv"]).exits(4);
    assert!(
        none.err.contains("no article in the store is of lang:sv"),
        "{}",
        none.err
    );
    // As a field of the query reads them.
    let found = place
        .run(&["query", "文化", "--lang", "ZH_cn", "--json"])
        .exits(0)
        .json();
    let as_field = place.run(&["query", "文化 lang:zh-cn", "--json"]).exits(0).json();
    assert_eq!(found["total"], as_field["total"]);
}
