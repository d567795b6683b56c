//! The reader's own archive: a feed's file, or the export of a WordPress blog (WXR), as rows of articles.
//!
//! Takes the file's bytes and the source that it belongs to, gives rows for the import's door. Never fetches: what the
//! file does not hold is not had.

use std::collections::HashMap;

use jiff::Timestamp;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::json;

use crate::digest::derive::Row;
use crate::discover;
use crate::model::{DateClaim, Link, Listing, ListingKind, Page, Source};

/// What a file came to.
#[derive(Debug, Default)]
pub struct Rows {
    /// Each as it will be archived, and as it is read.
    pub rows: Vec<(String, Row)>,
    /// Drafts, private posts, pictures, menus.
    pub skipped: u64,
}

/// Reads the file; an error where it is no feed.
pub fn rows(body: Vec<u8>, source: &Source, now: Timestamp) -> Result<Rows, String> {
    let notes = notes(&body);
    let page = Page {
        requested: source.home.clone(),
        url: source.home.clone(),
        status: 200,
        headers: Vec::new(),
        body,
        fetched_at: now,
    };
    let listing = Listing {
        url: source.home.clone(),
        kind: ListingKind::Feed,
        links: None,
        date: None,
        note: None,
    };
    let listed = discover::links(&page, &listing, &source.timezone, now);
    if let Some(error) = listed.error {
        return Err(error);
    }
    let mut read = Rows::default();
    for link in listed.links {
        let note = notes.get(&link.url);
        if note.is_some_and(|note| !note.is_public()) {
            read.skipped += 1;
            continue;
        }
        let json = row(&link, note, source, listed.lang.as_deref()).to_string();
        match serde_json::from_str(&json) {
            Ok(row) => read.rows.push((json, row)),
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(read)
}

fn row(link: &Link, note: Option<&Note>, source: &Source, lang: Option<&str>) -> serde_json::Value {
    let mut row = json!({
        "url": link.url,
        "source": source.id,
        "title": link.title,
        "text": link.text,
        "standfirst": link.teaser,
        "published": link.published.as_ref().map(DateClaim::to_published),
        "lang": link.lang.as_deref().or(lang),
        "authors": link.authors,
        "section": link.section,
    });
    if let Some(note) = note
        && let Some(fields) = row.as_object_mut()
    {
        fields.insert(
            "comments".to_owned(),
            json!({ "open": note.comments_open(), "count": note.comments }),
        );
    }
    row
}

/// What WordPress notes of a post beside what every feed says.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Note {
    link: String,
    status: String,
    post_type: String,
    comment_status: String,
    /// Approved ones that are no trackbacks.
    comments: u32,
}

impl Note {
    fn is_public(&self) -> bool {
        self.status == "publish" && matches!(self.post_type.as_str(), "post" | "page" | "")
    }

    fn comments_open(&self) -> bool {
        self.comment_status == "open"
    }
}

/// The notes of a WordPress export by the post's address; empty for every other feed. A file that breaks off keeps what
/// stood before.
fn notes(body: &[u8]) -> HashMap<String, Note> {
    let text = String::from_utf8_lossy(body);
    let mut notes = HashMap::new();
    if !text.contains("<wp:") {
        return notes;
    }
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let mut note = Note::default();
    let (mut approved, mut kind) = (String::new(), String::new());
    let mut value = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                value.clear();
                match tag.name().as_ref() {
                    "item" => note = Note::default(),
                    "wp:comment" => {
                        approved.clear();
                        kind.clear();
                    }
                    _ => {}
                }
            }
            Ok(Event::Text(text)) => value.push_str(&text),
            Ok(Event::CData(text)) => value.push_str(&text),
            Ok(Event::GeneralRef(name)) if &*name == "amp" => value.push('&'),
            Ok(Event::End(tag)) => {
                let text = value.trim().to_owned();
                match tag.name().as_ref() {
                    "link" if note.link.is_empty() => note.link = text,
                    "wp:status" => note.status = text,
                    "wp:post_type" => note.post_type = text,
                    "wp:comment_status" => note.comment_status = text,
                    "wp:comment_approved" => approved = text,
                    "wp:comment_type" => kind = text,
                    "wp:comment" => {
                        let counts = approved == "1" && matches!(kind.as_str(), "" | "comment");
                        note.comments += u32::from(counts);
                    }
                    "item" => _ = notes.insert(note.link.clone(), note.clone()),
                    _ => {}
                }
                value.clear();
            }
            Ok(Event::Eof) | Err(_) => return notes,
            Ok(_) => {}
        }
    }
}
