//! The schema as other programs meet it, and the files that are none of ours.
//!
//! A change of the schema is a new step under `src/store/migrations/`, never an edit of a step that was released.

#[path = "common/run.rs"]
mod run;

use std::fs;
use std::path::Path;

use run::Place;
use rusqlite::Connection;
use tempfile::TempDir;
use vigie::store::{DATABASE, Store, StoreError};

/// Everything that the file declares, by kind and name.
fn schema(path: &Path) -> String {
    let conn = Connection::open(path).expect("the file opens");
    let mut all = conn
        .prepare("SELECT type, name, coalesce(sql, '(made by SQLite)') FROM sqlite_master ORDER BY type, name")
        .expect("a statement");
    let rows = all
        .query_map([], |row| {
            let (kind, name, sql): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!("── {kind} {name}\n{sql}\n"))
        })
        .expect("rows");
    rows.collect::<Result<Vec<_>, _>>().expect("rows").join("\n")
}

fn fresh() -> TempDir {
    let dir = TempDir::new().expect("a folder");
    drop(Store::open(dir.path()).expect("a store"));
    dir
}

#[test]
fn a_fresh_store_has_the_schema_of_the_snapshot() {
    let dir = fresh();
    insta::assert_snapshot!("schema", schema(&dir.path().join(DATABASE)));
}

#[test]
fn opening_again_changes_not_a_byte_of_it() {
    let dir = fresh();
    let path = dir.path().join(DATABASE);
    let (before, bytes) = (schema(&path), fs::read(&path).expect("the file"));
    for _ in 0..2 {
        drop(Store::open(dir.path()).expect("a store"));
        drop(Store::reader(dir.path()).expect("a reader"));
    }
    assert_eq!(schema(&path), before);
    assert_eq!(fs::read(&path).expect("the file"), bytes);
}

#[test]
fn a_row_survives_opening_again() {
    let dir = fresh();
    let path = dir.path().join(DATABASE);
    let insert = "INSERT INTO source VALUES
        ('gazette-fr', 'Gazette', NULL, 'http://www.gazette.example/', 'FR', 'fr', 'private', 'press', '[]', 'Europe/Paris', 1, 0, 1, NULL)";
    let conn = Connection::open(&path).expect("the file opens");
    conn.execute(insert, []).expect("a row");
    drop(conn);
    drop(Store::open(dir.path()).expect("a store"));
    let n: i64 = Connection::open(&path)
        .expect("the file opens")
        .query_row("SELECT count(*) FROM source WHERE id = 'gazette-fr'", [], |row| {
            row.get(0)
        })
        .expect("a count");
    assert_eq!(n, 1);
}

/// What vectors there were before the store kept their encoder's name are of the only one there was.
#[test]
fn vectors_of_before_are_of_the_encoder_on_board() {
    for (vectors, expected) in [(0, None), (1, Some(vigie::encode::ON_BOARD.to_owned()))] {
        let dir = fresh();
        let path = dir.path().join(DATABASE);
        let conn = Connection::open(&path).expect("the file opens");
        conn.execute_batch("PRAGMA foreign_keys = 0; DROP TABLE encoder; PRAGMA user_version = 6")
            .expect("a store of before");
        if vectors > 0 {
            let rows = "INSERT INTO source VALUES
                    ('g', 'G', NULL, 'http://g.example/', 'FR', 'fr', 'private', 'press', '[]', 'UTC', 1, 0, 1, NULL);
                INSERT INTO article (rowid, id, source, url, title, authors, published_min, published_max, kind, text_access,
                    comments_state, length_n, length_unit, digest, simhash, first_seen_at, last_seen_at)
                    VALUES (1, 'i:0', 'g', '', '', '[]', 0, 1, 'news', 'full', 'unknown', 0, 'words', '', 0, 0, 0);
                INSERT INTO vector VALUES (1, 'text', 0.1, x'01')";
            conn.execute_batch(rows).expect("rows");
        }
        drop(conn);
        let store = Store::open(dir.path()).expect("a store");
        assert_eq!(store.encoder().expect("a name"), expected);
    }
}

/// Runs the commands that read, and one that writes; all must refuse in these words, and leave the file alone.
fn is_refused(place: &Place, words: &str) {
    let before = fs::read(place.database()).expect("the file");
    fs::write(
        place.path().join("rows.jsonl"),
        "{\"url\":\"http://a.example/1\",\"text\":\"one\"}\n",
    )
    .expect("rows");
    for args in [
        &["query", "accord"][..],
        &["status"],
        &["doctor"],
        &["export", "articles"],
        &["import", "rows.jsonl"],
    ] {
        let ran = place.run(args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.page());
        assert!(ran.err.contains(words), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(DATABASE), "names the file: {}", ran.err);
        assert_eq!(ran.out, "", "{args:?}");
    }
    assert_eq!(fs::read(place.database()).expect("the file"), before, "left as it was");
}

#[test]
fn a_newer_store_is_refused_in_words() {
    let place = Place::empty();
    drop(Store::open(&place.data()).expect("a store"));
    let known: i64 = place
        .sql()
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .expect("a version");
    place
        .sql()
        .pragma_update(None, "user_version", known + 1)
        .expect("a newer version");
    is_refused(
        &place,
        &format!(
            "made by a newer vigie (schema {}; this one knows up to {known})",
            known + 1
        ),
    );
    assert!(matches!(Store::open(&place.data()), Err(StoreError::Newer { .. })));
}

#[test]
fn a_database_of_another_program_is_refused() {
    let place = Place::empty();
    fs::create_dir(place.data()).expect("a folder");
    place
        .sql()
        .execute_batch("CREATE TABLE recipe (name); INSERT INTO recipe VALUES ('soup')")
        .expect("a table");
    is_refused(&place, "not a vigie database");
}

#[test]
fn a_text_file_of_that_name_is_refused() {
    let place = Place::empty();
    fs::create_dir(place.data()).expect("a folder");
    fs::write(
        place.database(),
        "Notes on the press, and no database at all.\n".repeat(40),
    )
    .expect("a file");
    is_refused(&place, "not a vigie database");
}
