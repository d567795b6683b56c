//! A directory of feeds collected elsewhere, read without a panic and with the items that stand in them.
//!
//! The collections are not part of the repository: name one in `VIGIE_FEEDS`, a directory of `*.xml` as feedparser's
//! `tests/wellformed`. Without it there is nothing to read, and the test says so.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use vigie::discover;
use vigie::model::{Listing, ListingKind, Page};

/// Share of the files holding an item that must give one. feedparser itself reads 99.1 %.
const FLOOR: f64 = 0.985;

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            found.push(path);
        }
    }
}

/// Does an item's tag stand outside the comments, whatever its prefix and case?
fn holds_item(body: &[u8]) -> bool {
    let raw = String::from_utf8_lossy(body).to_ascii_lowercase();
    let text: String = raw
        .split("<!--")
        .map(|part| part.rsplit("-->").next().unwrap_or(""))
        .collect();
    text.split('<').any(|tag| {
        let name = tag
            .split(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/')
            .next()
            .unwrap_or("");
        matches!(name.rsplit(':').next(), Some("item" | "entry"))
    })
}

#[test]
fn every_collected_feed_gives_its_items() {
    let Some(directory) = std::env::var_os("VIGIE_FEEDS") else {
        eprintln!("skipped: VIGIE_FEEDS names no directory of feeds");
        return;
    };
    let mut paths = Vec::new();
    files(Path::new(&directory), &mut paths);
    paths.sort();
    let url = "https://collected.example/feed".to_owned();
    let listing = Listing {
        kind: ListingKind::Feed,
        url: url.clone(),
        links: None,
        date: None,
        note: None,
    };
    let (mut with_items, mut read, mut feeds) = (0, 0, 0);
    for path in &paths {
        let body = std::fs::read(path).unwrap();
        let expected = holds_item(&body);
        let page = Page {
            requested: url.clone(),
            url: url.clone(),
            status: 200,
            headers: Vec::new(),
            body,
            fetched_at: Timestamp::UNIX_EPOCH,
        };
        let listed = discover::links(&page, &listing, "UTC", Timestamp::UNIX_EPOCH);
        feeds += usize::from(listed.error.is_none());
        with_items += u32::from(expected);
        read += u32::from(expected && listed.items > 0);
        let lost = |repair: &String| repair.contains("item by item") || repair.contains("items could not be read");
        if (expected && listed.items == 0) || listed.repairs.iter().any(lost) {
            eprintln!(
                "{}: {:?} {:?} {:?}",
                path.display(),
                listed.document,
                listed.error,
                listed.repairs
            );
        }
    }
    eprintln!(
        "{} files, {feeds} read as feeds; {read} of {with_items} with items gave items",
        paths.len()
    );
    assert!(!paths.is_empty(), "VIGIE_FEEDS holds no feed");
    assert!(f64::from(read) >= FLOOR * f64::from(with_items));
}
