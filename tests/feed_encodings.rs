//! One feed in every encoding that feeds declare: `tests/cases/feed_encodings.toml`.

use jiff::Timestamp;
use serde::Deserialize;
use vigie::discover;
use vigie::model::{Listing, ListingKind, Page};

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// The standard that says so, for whoever doubts the case.
    #[serde(rename = "see")]
    _see: Option<String>,
    content_type: Option<String>,
    title: String,
    bytes: String,
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

#[test]
fn every_encoding_gives_its_title() {
    let cases: Cases = toml::from_str(include_str!("cases/feed_encodings.toml")).unwrap();
    let url = "https://paper.example/feed".to_owned();
    let listing = Listing {
        kind: ListingKind::Feed,
        url: url.clone(),
        links: None,
        date: None,
        note: None,
    };
    let mut wrong = Vec::new();
    for case in &cases.case {
        let header = |value: &String| ("content-type".to_owned(), value.clone());
        let page = Page {
            requested: url.clone(),
            url: url.clone(),
            status: 200,
            headers: case.content_type.iter().map(header).collect(),
            body: bytes(&case.bytes),
            fetched_at: Timestamp::UNIX_EPOCH,
        };
        let listed = discover::links(&page, &listing, "UTC", Timestamp::UNIX_EPOCH);
        let title = listed.links.first().and_then(|link| link.title.clone());
        if title.as_deref() != Some(&case.title) {
            wrong.push(format!(
                "{}: {title:?} as {} ({:?})",
                case.name, listed.charset, listed.repairs
            ));
        }
    }
    assert!(cases.case.len() > 50);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
