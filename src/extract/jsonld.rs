//! The article as schema.org metadata describe it (JSON-LD: objects, arrays, `@graph`).
//!
//! Takes the sources of `application/ld+json` scripts, gives the fields they agree to call the article's.
//! Malformed JSON is nothing, never an error.

use serde_json::Value;

use super::dom::Dom;
use super::words::squeeze;

/// Nesting of objects worth looking into; `@graph` → article → author → organisation is five.
const DEEPEST: usize = 10;

#[derive(Debug, Default)]
pub struct JsonLd {
    pub headline: Option<String>,
    pub description: Option<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    /// `datePublished` of whatever is no article (the page, a picture), or of JSON that is broken.
    pub dates: Vec<String>,
    pub authors: Vec<String>,
    pub section: Option<String>,
    pub body: Option<String>,
    pub language: Option<String>,
    pub free: Option<bool>,
    pub comment_count: Option<u32>,
    /// schema.org type: `NewsArticle`, `OpinionNewsArticle`, `LiveBlogPosting`.
    pub kind: Option<String>,
}

impl JsonLd {
    /// Reads one script; what an earlier one said stays.
    pub fn read(&mut self, source: &str) {
        let source = source
            .trim()
            .trim_start_matches("<!--")
            .trim_start_matches("//<![CDATA[")
            .trim_end_matches("-->")
            .trim_end_matches("//]]>")
            .trim()
            .trim_end_matches(';');
        let value = serde_json::from_str(source).or_else(|_| {
            // Raw line breaks and tabs inside strings are the usual mistake.
            let mended: String = source.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            serde_json::from_str::<Value>(&mended)
        });
        if let Ok(value) = value {
            self.walk(&value, 0);
        } else {
            let salvaged = strings(source, "\"datePublished\"").next();
            self.dates.extend(salvaged.map(str::to_owned));
        }
    }

    /// Takes markup and character references out of the strings: many systems write HTML into them.
    pub fn unescape(&mut self) {
        let texts = [
            &mut self.headline,
            &mut self.description,
            &mut self.section,
            &mut self.body,
        ];
        for text in texts.into_iter().flatten().chain(&mut self.authors) {
            if text.contains('&') || text.contains('<') {
                *text = plain(text);
            }
        }
    }

    fn walk(&mut self, value: &Value, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.walk(value, depth + 1)),
            Value::Object(object) => {
                if let Some(kind) = object.get("@type").and_then(article_type) {
                    self.take(value, kind);
                } else if let Some(Value::String(date)) = object.get("datePublished") {
                    self.dates.push(date.clone());
                }
                for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                    if let Some(inner) = object.get(key) {
                        self.walk(inner, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn take(&mut self, article: &Value, kind: &str) {
        let first = |keep: &mut Option<String>, key: &str| {
            if keep.is_none() {
                *keep = article.get(key).and_then(text).filter(|text| !text.is_empty());
            }
        };
        first(&mut self.headline, "headline");
        first(&mut self.description, "description");
        first(&mut self.published, "datePublished");
        first(&mut self.modified, "dateModified");
        first(&mut self.section, "articleSection");
        first(&mut self.language, "inLanguage");
        first(&mut self.body, "articleBody");
        self.kind.get_or_insert_with(|| kind.to_owned());
        self.free = self.free.or_else(|| article.get("isAccessibleForFree").and_then(truth));
        self.comment_count = self
            .comment_count
            .or_else(|| article.get("commentCount").and_then(count));
        if self.authors.is_empty() {
            names(
                article.get("author").or_else(|| article.get("creator")),
                &mut self.authors,
                0,
            );
        }
    }
}

/// The short strings under `key` (with its quotes) in JSON that need not parse.
pub fn strings<'a>(source: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    source.split(key).skip(1).filter_map(|rest| {
        let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        let (value, _) = rest.split_once('"')?;
        (value.len() <= 60).then_some(value)
    })
}

fn article_type(value: &Value) -> Option<&str> {
    let of = |value: &'_ Value| -> bool {
        value.as_str().is_some_and(|kind| {
            kind.ends_with("Article") || kind.ends_with("Posting") || matches!(kind, "Report" | "Review" | "NewsItem")
        })
    };
    match value {
        Value::Array(kinds) => kinds.iter().find(|kind| of(kind)).and_then(Value::as_str),
        kind => Some(kind).filter(|kind| of(kind)).and_then(Value::as_str),
    }
}

fn plain(markup: &str) -> String {
    let html = scraper::Html::parse_fragment(super::bound::bounded(markup));
    let dom = Dom::new(&html);
    let lines = super::content::blocks(&dom, &vec![false; dom.items.len()], 0..dom.items.len());
    lines
        .iter()
        .map(|line| line.text.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

/// A string, the first of several, or an object's name.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.first().filter(|value| value.is_string()).and_then(text),
        Value::Object(object) => object
            .get("name")
            .or_else(|| object.get("@value"))
            .and_then(Value::as_str)
            .map(str::to_owned),
        _ => None,
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(free) => Some(*free),
        Value::String(text) => match text.to_ascii_lowercase().rsplit('/').next() {
            Some("true" | "yes" | "1") => Some(true),
            Some("false" | "no" | "0") => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn count(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => number.as_u64().and_then(|n| u32::try_from(n).ok()),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Names of persons; an organisation counts where nobody is named.
fn names(value: Option<&Value>, out: &mut Vec<String>, depth: usize) {
    match value {
        Some(Value::String(name)) => out.push(squeeze(name)),
        Some(Value::Array(values)) if depth < 3 => values
            .iter()
            .take(20)
            .for_each(|value| names(Some(value), out, depth + 1)),
        Some(Value::Object(object)) => match object.get("name") {
            Some(Value::String(name)) => out.push(squeeze(name)),
            Some(inner @ Value::Array(_)) if depth < 3 => names(Some(inner), out, depth + 1),
            _ => {}
        },
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graph_with_a_broken_string_is_read() {
        let mut found = JsonLd::default();
        found.read(
            "{\"@graph\":[{\"@type\":\"WebPage\"},{\"@type\":[\"NewsArticle\"],\"headline\":\"Un\ndeux\",\
            \"author\":[{\"name\":\"Ève Lançon\"}],\"isAccessibleForFree\":\"False\",\"commentCount\":\"12\"}]}",
        );
        assert_eq!(found.headline.as_deref(), Some("Un deux"));
        assert_eq!(found.authors, ["Ève Lançon"]);
        assert_eq!((found.free, found.comment_count), (Some(false), Some(12)));
    }

    #[test]
    fn nonsense_is_nothing() {
        let mut found = JsonLd::default();
        found.read("{\"@type\":\"NewsArticle\"");
        found.read(&"[".repeat(100_000));
        assert!(found.kind.is_none());
    }
}
