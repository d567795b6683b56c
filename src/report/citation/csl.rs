//! CSL-JSON, as pandoc, Zotero and citeproc read it.

use serde_json::{Map, Value, json};

use super::{ARCHIVE, Citation, Kind, parts};

pub fn csl(citations: &[Citation]) -> String {
    let items: Vec<Value> = citations.iter().map(item).collect();
    // A list of objects of texts and numbers always serialises.
    let mut text = serde_json::to_string_pretty(&items).unwrap_or_else(|_| "[]".to_owned());
    text.push('\n');
    crate::report::json::escaped(text)
}

fn item(citation: &Citation) -> Value {
    let mut item = Map::new();
    let kind = match citation.kind {
        Kind::Newspaper => "article-newspaper",
        Kind::Blog => "post-weblog",
        Kind::Page => "webpage",
    };
    item.insert("id".to_owned(), json!(citation.key));
    item.insert("type".to_owned(), json!(kind));
    item.insert("title".to_owned(), json!(citation.title));
    if !citation.authors.is_empty() {
        let authors: Vec<Value> = citation.authors.iter().map(|name| json!({ "literal": name })).collect();
        item.insert("author".to_owned(), json!(authors));
    }
    item.insert("container-title".to_owned(), json!(citation.publication));
    if let Some(date) = &citation.date {
        item.insert("issued".to_owned(), date_parts(date));
    }
    item.insert("accessed".to_owned(), date_parts(&citation.accessed));
    item.insert("URL".to_owned(), json!(citation.url));
    if let Some(lang) = &citation.lang {
        item.insert("language".to_owned(), json!(lang));
    }
    if let Some(copy) = &citation.copy {
        item.insert("archive".to_owned(), json!(ARCHIVE));
        item.insert("archive_location".to_owned(), json!(copy));
    }
    item.insert("source".to_owned(), json!("vigie"));
    item.insert("note".to_owned(), json!(citation.note));
    Value::Object(item)
}

fn date_parts(date: &str) -> Value {
    let parts: Vec<i64> = parts(date).iter().filter_map(|part| part.parse().ok()).collect();
    json!({ "date-parts": [parts] })
}
