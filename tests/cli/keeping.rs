//! `vigie backup`, `vigie doctor`, `vigie digest`: what keeps a store for years.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;

use crate::run::Place;
use crate::{keys, place, snapshot};

/// The archive's files, oldest first.
fn archive(place: &Place) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(place.data().join("archive"))
        .expect("an archive")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "gz"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

#[test]
fn a_backup_opens_and_is_whole() {
    let copy = place().copy();
    let ran = copy.run(&["backup", "--verify"]).exits(0);
    snapshot!("backup", ran.page());
    let path = copy.data().join("backups/vigie-20091218T060000Z.db");
    let backup = Connection::open(&path).expect("the backup opens");
    let count = |conn: &Connection| -> i64 {
        conn.query_row("SELECT count(*) FROM article", [], |row| row.get(0))
            .expect("a count")
    };
    assert_eq!(count(&backup), count(&copy.sql()));
    // The same second again is another copy; a file that was named is never overwritten.
    copy.run(&["backup"]).exits(0);
    assert!(copy.data().join("backups/vigie-20091218T060000Z-2.db").is_file());
    let json = copy
        .run(&["backup", "--to", "copy.db", "--verify", "--json"])
        .exits(0)
        .json();
    assert_eq!(keys(&json), ["bytes", "path", "verified"]);
    let again = copy.run(&["backup", "--to", "copy.db"]).exits(2);
    assert!(again.err.contains("already there, not overwritten"), "{}", again.err);
    // What was backed up answers like the store itself.
    let elsewhere = Place::empty();
    fs::create_dir(elsewhere.data()).expect("a folder");
    fs::copy(&path, elsewhere.database()).expect("a copy");
    assert_eq!(
        elsewhere.run(&["query", "@jack-lang", "--json"]).exits(0).out,
        copy.run(&["query", "@jack-lang", "--json"]).exits(0).out
    );
}

#[test]
fn only_so_many_backups_are_kept() {
    let copy = place().copy();
    for now in ["2009-12-18T06:00:01Z", "2009-12-18T06:00:02Z", "2009-12-18T06:00:03Z"] {
        let ran = crate::run::command()
            .current_dir(copy.path())
            .args(["backup", "--keep", "2", "--now", now])
            .output()
            .expect("the program starts");
        assert!(ran.status.success());
    }
    let mut names: Vec<_> = fs::read_dir(copy.data().join("backups"))
        .expect("backups")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    names.sort();
    assert_eq!(names, ["vigie-20091218T060002Z.db", "vigie-20091218T060003Z.db"]);
}

#[test]
fn a_healthy_store() {
    snapshot!("doctor", place().run(&["doctor"]).exits(0).page());
    let json = place().run(&["doctor", "--json"]).exits(0).json();
    assert_eq!(json["damage"], serde_json::json!([]));
    assert_eq!(json["rows_without_record"], 0);
}

#[test]
fn one_byte_of_the_archive_flipped() {
    let copy = place().copy();
    // In the middle of a page's record.
    let found = copy
        .run(&["query", "@jack-lang source:xinhua-zh", "--json"])
        .exits(0)
        .json();
    let id = found["articles"][0]["id"].as_str().expect("an id");
    let shown = copy.run(&["show", id, "--json"]).exits(0).json();
    let at = &shown["versions"][0]["location"];
    let number = |key: &str| {
        at[key]
            .as_u64()
            .and_then(|n| usize::try_from(n).ok())
            .expect("a number")
    };
    let file = copy.data().join("archive").join(at["file"].as_str().expect("a file"));
    let mut bytes = fs::read(&file).expect("an archive file");
    bytes[number("offset") + number("length") / 2] ^= 0x55;
    fs::write(&file, bytes).expect("a write");
    let ran = copy.run(&["doctor"]);
    assert_ne!(ran.code, 0, "{}", ran.out);
    snapshot!("doctor_flipped", ran.page());
    // The words are in the database still.
    copy.run(&["query", "@jack-lang"]).exits(0);
}

#[test]
fn the_last_record_cut_short() {
    let copy = place().copy();
    let file = archive(&copy).pop().expect("a file");
    let bytes = fs::read(&file).expect("an archive file");
    fs::write(&file, &bytes[..bytes.len() - 40]).expect("a write");
    let ran = copy.run(&["doctor"]);
    snapshot!("doctor_truncated", ran.page());
    assert_ne!(ran.code, 0, "{}", ran.out);
}

#[test]
fn the_database_lost_and_made_anew_from_the_archive() {
    let copy = place().copy();
    let before = copy.compare(&["--format", "csv"]).exits(0).out;
    for file in ["vigie.db", "vigie.db-wal", "vigie.db-shm"] {
        fs::remove_file(copy.data().join(file)).ok();
    }
    snapshot!("doctor_lost", copy.run(&["doctor"]).exits(2).page());
    snapshot!("doctor_rebuilt", copy.run(&["doctor", "--rebuild"]).exits(0).page());
    assert_eq!(copy.compare(&["--format", "csv"]).exits(0).out, before);
    copy.run(&["doctor"]).exits(0);
}

#[test]
fn deriving_again_changes_nothing() {
    let copy = place().copy();
    let before = copy.compare(&["--json"]).exits(0).out;
    snapshot!("digest_all", copy.run(&["digest", "--all"]).exits(0).page());
    assert_eq!(copy.compare(&["--json"]).exits(0).out, before);
}
