//! Opening, refusing, upgrading, copying; and the views as other programs see them.

use rusqlite::Connection;

use super::super::migrations::{APPLICATION_ID, NEWEST, upgrade};
use super::super::{DATABASE, Lock, LockError, Store, StoreError};
use super::*;

#[test]
fn a_fresh_store_says_whose_it_is_and_is_sound() {
    let desk = Desk::open();
    let pragma = |name| {
        desk.store
            .conn
            .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!(pragma("application_id"), i64::from(APPLICATION_ID));
    assert_eq!(pragma("user_version"), i64::from(NEWEST));
    assert_eq!(pragma("foreign_keys"), 1);
    desk.store.integrity().unwrap();
}

#[test]
fn opening_again_changes_nothing() {
    let desk = Desk::open();
    let schema = |store: &Store| -> Vec<String> {
        let mut all = store
            .conn
            .prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name")
            .unwrap();
        all.query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    };
    let before = schema(&desk.store);
    let again = Store::open(desk.dir.path()).unwrap();
    assert_eq!(before, schema(&again));
    assert!(before.len() > 20);
}

#[test]
fn a_newer_file_is_refused_in_words() {
    let desk = Desk::open();
    desk.store.conn.pragma_update(None, "user_version", NEWEST + 1).unwrap();
    let refused = [Store::open(desk.dir.path()).err(), Store::reader(desk.dir.path()).err()];
    for error in refused {
        let error = error.unwrap();
        assert!(matches!(error, StoreError::Newer { .. }), "{error}");
        assert!(error.to_string().contains("made by a newer vigie"), "{error}");
    }
}

#[test]
fn a_foreign_file_is_refused_and_left_as_it_was() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join(DATABASE);
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE diary (day)")
        .unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Foreign { .. })));
    assert_eq!(before, std::fs::read(&path).unwrap());

    std::fs::write(&path, "Dear diary, this is no database at all.".repeat(50)).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Foreign { .. })));
}

#[test]
fn a_reader_neither_makes_nor_upgrades_nor_writes() {
    let dir = TempDir::new().unwrap();
    assert!(matches!(Store::reader(dir.path()), Err(StoreError::Missing { .. })));
    assert!(!dir.path().join(DATABASE).exists());

    drop(Store::open(dir.path()).unwrap());
    let reader = Store::reader(dir.path()).unwrap();
    assert!(reader.conn.execute("DELETE FROM look", []).is_err());

    let writer = Store::open(dir.path()).unwrap();
    writer.conn.pragma_update(None, "user_version", 0).unwrap();
    assert!(matches!(Store::reader(dir.path()), Err(StoreError::Older { .. })));
}

#[test]
fn a_step_that_fails_leaves_the_file_as_it_was() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("half.db");
    let mut conn = Connection::open(&path).unwrap();
    // Ours by its number, but something stands in the way of the first step.
    conn.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    conn.execute_batch("CREATE TABLE version (n)").unwrap();
    assert!(upgrade(&mut conn, &path).is_err());
    let tables: i64 = conn
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn an_error_undoes_its_whole_batch() {
    let mut desk = Desk::open();
    let failed: Result<(), StoreError> = desk.store.batch(|tx| {
        tx.insert_article(&derived(&article("a", "A", "words")), hours(0))?;
        Ok(())
    });
    // The gazette has no row yet, so the reference is refused.
    assert!(failed.is_err());
    assert_eq!(desk.one("SELECT count(*) FROM article"), 0);
    desk.lists(0, &["a"]);
    desk.insert(&article("a", "A", "words"), 0);
    let undone: Result<(), StoreError> = desk.store.batch(|tx| {
        tx.forget_derived()?;
        Err(StoreError::Busy)
    });
    assert!(undone.is_err());
    assert_eq!(desk.one("SELECT count(*) FROM article"), 1);
}

#[test]
fn a_backup_is_a_whole_store_and_overwrites_nothing() {
    let mut desk = Desk::open();
    desk.lists(0, &["a", "b"]);
    let elsewhere = TempDir::new().unwrap();
    let copy = elsewhere.path().join(DATABASE);
    desk.store.backup_to(&copy).unwrap();
    let reader = Store::reader(elsewhere.path()).unwrap();
    assert!(reader.link_by_key("gazette", "b").unwrap().is_some());
    reader.integrity().unwrap();
    assert!(matches!(desk.store.backup_to(&copy), Err(StoreError::Exists { .. })));
}

#[test]
fn optimizing_keeps_what_is_found() {
    let mut desk = Desk::open();
    desk.lists(0, &["a"]);
    desk.insert(&article("a", "harbour", "words"), 0);
    desk.store.optimize().unwrap();
    desk.store.integrity().unwrap();
    assert_eq!(
        desk.one("SELECT count(*) FROM search WHERE search MATCH '\"harbour\"'"),
        1
    );
}

#[test]
fn an_article_without_index_is_damage() {
    let mut desk = Desk::open();
    desk.lists(0, &["a"]);
    desk.insert(&article("a", "harbour", "words"), 0);
    desk.store.conn.execute("DELETE FROM search", []).unwrap();
    let Err(StoreError::Damaged(lines)) = desk.store.integrity() else {
        panic!("not noticed")
    };
    assert_eq!(lines, ["articles and index differ by 1; `vigie digest --all` mends it"]);
}

#[test]
fn one_lock_at_a_time() {
    let dir = TempDir::new().unwrap();
    let lock = Lock::take(dir.path()).unwrap();
    match Lock::take(dir.path()) {
        Err(LockError::Held(held)) => assert_eq!(held.pid, Some(std::process::id())),
        other => panic!("{other:?}"),
    }
    drop(lock);
    Lock::take(dir.path()).unwrap();
}

#[test]
fn the_views_keep_their_columns() {
    let desk = Desk::open();
    let mut listing = String::new();
    for view in ["v_articles", "v_looks", "v_topics", "v_story_source"] {
        let mut info = desk.store.conn.prepare(&format!("PRAGMA table_info({view})")).unwrap();
        let names: Vec<String> = info
            .query_map([], |row| row.get(1))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        listing.push_str(&format!("{view}\n  {}\n", names.join("\n  ")));
    }
    insta::assert_snapshot!(listing);
}

#[test]
fn error_texts() {
    let path = std::path::PathBuf::from("data/vigie.db");
    let all = [
        StoreError::Newer {
            path: path.clone(),
            found: 3,
            known: 1,
        },
        StoreError::Older {
            path: path.clone(),
            found: 1,
            known: 2,
        },
        StoreError::Foreign { path: path.clone() },
        StoreError::Missing { path: path.clone() },
        StoreError::Exists { path: path.clone() },
        StoreError::Io {
            path,
            source: std::io::Error::from(std::io::ErrorKind::PermissionDenied),
        },
        StoreError::Full,
        StoreError::Busy,
        StoreError::Damaged(vec!["one thing".into(), "another".into()]),
        StoreError::TooDeep(100),
        StoreError::NoArticle("3f2a".into()),
        StoreError::Ambiguous("3f".into()),
        StoreError::Sqlite(rusqlite::Error::InvalidQuery),
    ];
    insta::assert_snapshot!(all.map(|error| error.to_string()).join("\n"));
}
