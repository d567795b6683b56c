//! JSON Feed 1.0 and 1.1, read leniently: numeric ids, missing titles and versions do not matter.
//!
//! Takes decoded text, gives links. feed-rs is not asked, since one number in place of a string loses it the whole feed.

use serde_json::{Map, Value};
use url::Url;

use super::listed::{DocumentKind, FeedKind, Listed};
use super::{Context, address, moment, plain};
use crate::model::{DateClaim, DateEvidence, Link};

/// As for feeds in XML.
const MOST_ITEMS: usize = 10_000;

pub fn read(text: &str, context: &Context, listed: &mut Listed) {
    let trimmed = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let mut feed: Map<String, Value> = match serde_json::from_str(trimmed) {
        Ok(feed) => feed,
        Err(error) => {
            let Some(feed) = salvaged(trimmed) else {
                listed.error = Some(format!("JSON that does not parse: {error}"));
                return;
            };
            listed.cut(format!(
                "JSON that does not parse ({error}); its complete items are kept"
            ));
            feed
        }
    };
    let Some(Value::Array(items)) = feed.remove("items") else {
        listed.error = Some("JSON, but no JSON Feed: it has no `items`".into());
        return;
    };
    listed.document = DocumentKind::Feed(FeedKind::Json);
    listed.title = string(&feed, "title").and_then(|title| plain::line(&title));
    listed.lang = string(&feed, "language");
    listed.older = string(&feed, "next_url").and_then(|next| address::absolute(&next, &[&context.base]));
    listed.items = u32::try_from(items.len()).unwrap_or(u32::MAX);
    if items.len() > MOST_ITEMS {
        listed.cut(format!("stopped at {MOST_ITEMS} items"));
    }
    let home = string(&feed, "home_page_url").and_then(|home| Url::parse(&home).ok());
    let bases: Vec<&Url> = home.iter().chain([&context.base]).collect();
    let (mut refused, mut moments) = (0, moment::Moments::default());
    for item in items.iter().take(MOST_ITEMS) {
        let Some(item) = item.as_object() else {
            refused += 1;
            continue;
        };
        let url = ["url", "external_url", "id"]
            .iter()
            .filter_map(|key| Some((*key, string(item, key)?)))
            .filter(|(key, value)| *key != "id" || value.starts_with("http"))
            .find_map(|(_, value)| address::absolute(&value, &bases))
            .unwrap_or_default();
        refused += usize::from(url.is_empty());
        let mut claim = |key: &str| -> Option<DateClaim> {
            let raw = string(item, key)?;
            let written = moments.read(&raw, context)?;
            Some(written.claim(DateEvidence::Feed, &raw))
        };
        let (published, updated) = (claim("date_published"), claim("date_modified"));
        let html = string(item, "content_html").and_then(|html| plain::text(&html));
        listed.links.push(Link {
            url,
            guid: string(item, "id"),
            title: string(item, "title").and_then(|title| plain::line(&title)),
            teaser: string(item, "summary").and_then(|summary| plain::line(&summary)),
            text: html.or_else(|| string(item, "content_text")),
            published,
            updated,
            authors: authors(item).or_else(|| authors(&feed)).unwrap_or_default(),
            section: item
                .get("tags")
                .and_then(Value::as_array)
                .and_then(|tags| scalar(tags.first()?)),
            lang: string(item, "language").or_else(|| listed.lang.clone()),
            position: 0,
        });
    }
    moments.tell(listed);
    listed.repaired(refused, "items without an http(s) address left out");
}

/// The head and the complete items of a feed that is cut off or broken further on: each item is read by itself, to the
/// first that does not parse.
fn salvaged(text: &str) -> Option<Map<String, Value>> {
    let (at, mut rest) = text.match_indices("\"items\"").find_map(|(at, key)| {
        let after = text.get(at + key.len()..)?.trim_start().strip_prefix(':')?;
        Some((at, after.trim_start().strip_prefix('[')?))
    })?;
    let mut items = Vec::new();
    while items.len() < MOST_ITEMS {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(item @ Value::Object(_))) = values.next() else {
            break;
        };
        let length = values.byte_offset();
        items.push(item);
        rest = rest.get(length..)?;
    }
    let head = text.get(..at)?.trim_end().trim_end_matches(',');
    let mut feed: Map<String, Value> = serde_json::from_str(&format!("{head}}}")).unwrap_or_default();
    feed.insert("items".to_owned(), Value::Array(items));
    Some(feed)
}

/// 1.1 has `authors`, 1.0 had `author`.
fn authors(object: &Map<String, Value>) -> Option<Vec<String>> {
    let list = object.get("authors").and_then(Value::as_array).into_iter().flatten();
    let names: Vec<String> = list
        .chain(object.get("author"))
        .filter_map(|author| {
            author
                .as_object()
                .and_then(|author| string(author, "name"))
                .or_else(|| scalar(author))
        })
        .filter_map(|name| plain::line(&name))
        .collect();
    (!names.is_empty()).then_some(names)
}

fn string(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key).and_then(scalar)
}

/// A string or number that says something.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
