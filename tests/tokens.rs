//! Tokens against their cases, and against what FTS5 makes of them.

use rusqlite::Connection;
use serde::Deserialize;
use vigie::text::tokens::{index_text, query_tokens, tokens};

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    text: String,
    index: String,
    query: Option<String>,
}

#[test]
fn every_case() {
    let cases: Cases = toml::from_str(include_str!("cases/tokens.toml")).unwrap();
    for case in cases.case {
        assert_eq!(index_text(&case.text), case.index, "{}", case.name);
        let query = query_tokens(&case.text);
        let looked_for = query.tokens.join(" ") + if query.prefix { "*" } else { "" };
        assert_eq!(looked_for, case.query.unwrap_or(case.index), "{}", case.name);
    }
}

/// An index as the store makes it; `vocabulary` shows every token it read, in order.
fn index() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(
        "CREATE VIRTUAL TABLE body USING fts5(text, tokenize = 'unicode61 remove_diacritics 0', content = '');
         CREATE VIRTUAL TABLE vocabulary USING fts5vocab(body, instance);",
    )
    .unwrap();
    db
}

fn read_back(db: &Connection, row: i64, text: &str) -> Vec<String> {
    db.execute("INSERT INTO body(rowid, text) VALUES (?1, ?2)", (row, text))
        .unwrap();
    let mut statement = db
        .prepare_cached("SELECT term FROM vocabulary WHERE doc = ?1 ORDER BY \"offset\"")
        .unwrap();
    statement
        .query_map([row], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// For every character there is: the index reads as many tokens as were written, each where it was written.
#[test]
fn fts5_reads_what_is_written() {
    // Planes 4 to 13 are empty, 15 and 16 private.
    let characters: Vec<char> = ('\u{1}'..='\u{3FFFF}').chain('\u{E0000}'..='\u{E0FFF}').collect();
    let mut strange = Vec::new();
    for block in characters.chunks(4096) {
        let db = index();
        let text: String = block.iter().map(|c| format!("a{c}b {c} 法{c}\n")).collect();
        let written: Vec<String> = tokens(&text).into_iter().map(|token| token.text).collect();
        let read = read_back(&db, 1, &index_text(&text));
        if written != read {
            let known: std::collections::HashSet<&String> = read.iter().collect();
            strange.extend(written.iter().filter(|token| !known.contains(token)).cloned());
        }
    }
    assert!(
        strange.is_empty(),
        "{} tokens read otherwise: {}",
        strange.len(),
        strange.join(" ")
    );
}

#[test]
fn a_query_finds_what_was_indexed() {
    let db = index();
    let texts = [
        "北韓與法國擴大文化交流",
        "L’accord de l'Élysée, U.N.",
        "조선중앙통신은 파리에서",
        "雅克·朗在平壤",
        "AFP报道",
    ];
    for (row, text) in texts.iter().enumerate() {
        db.execute(
            "INSERT INTO body(rowid, text) VALUES (?1, ?2)",
            (row as i64, index_text(text)),
        )
        .unwrap();
    }
    let find = |typed: &str| -> Vec<i64> {
        let query = query_tokens(typed);
        let phrase = format!("\"{}\"{}", query.tokens.join(" "), if query.prefix { " *" } else { "" });
        let mut statement = db
            .prepare("SELECT rowid FROM body WHERE body MATCH ?1 ORDER BY rowid")
            .unwrap();
        statement
            .query_map([phrase], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    assert_eq!(find("法国"), [0]);
    assert_eq!(find("文化交流"), [0]);
    assert_eq!(find("文"), [0]);
    assert_eq!(find("流"), [0]);
    assert_eq!(find("北韩"), [0]);
    assert_eq!(find("国交"), [0i64; 0]);
    assert_eq!(find("accord"), [1]);
    assert_eq!(find("l'élysée"), [1]);
    assert_eq!(find("UN"), [1]);
    assert_eq!(find("중앙통신"), [2]);
    assert_eq!(find("雅克朗"), [3]);
    assert_eq!(find("AFP报"), [4]);
}
