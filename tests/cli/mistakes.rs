//! What a person gets wrong before any command begins.

use std::fs;

use crate::run::Place;
use crate::{place, snapshot};

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
