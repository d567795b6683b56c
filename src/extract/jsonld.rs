//! The article as schema.org metadata describe it (JSON-LD: objects, arrays, `@graph`).
//!
//! Takes the sources of `application/ld+json` scripts, gives the fields of the article that is the page's own.
//! Malformed JSON is mended where it is clear what was meant, else nothing, never an error.

mod mend;
pub mod own;

use serde_json::{Map, Value};

use super::dom::Dom;
use super::words::squeeze;

/// Nesting of objects worth looking into; `@graph` → article → author → organisation is five.
const DEEPEST: usize = 10;

/// Most articles looked at on one page.
const MOST: usize = 50;

#[derive(Debug, Default)]
pub struct JsonLd {
    pub headline: Option<String>,
    pub description: Option<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    /// `datePublished` of whatever is no article (the page, a picture), or of JSON that is broken.
    pub dates: Vec<String>,
    pub authors: Vec<String>,
    /// Authors that call themselves organisations.
    pub houses: Vec<String>,
    /// `@id` and name of persons told of elsewhere in the page's graph.
    people: Vec<(String, String)>,
    /// `@id` of authors.
    references: Vec<String>,
    pub section: Option<String>,
    pub publisher: Option<String>,
    pub body: Option<String>,
    pub language: Option<String>,
    pub free: Option<bool>,
    /// CSS selector of the part that is for payers alone.
    pub paid_part: Option<String>,
    /// Names in the breadcrumb, the front page first.
    pub trail: Vec<String>,
    pub comment_count: Option<u32>,
    /// schema.org type: `NewsArticle`, `OpinionNewsArticle`, `LiveBlogPosting`.
    pub kind: Option<String>,
    /// Something calls itself a video, and is no part of an article.
    pub video: bool,
    /// All that call themselves articles, in the page's order, until [`JsonLd::settle`].
    articles: Vec<own::Told>,
}

impl JsonLd {
    /// Reads one script.
    pub fn read(&mut self, source: &str) {
        let source = source
            .trim()
            .trim_start_matches("<!--")
            .trim_start_matches("//<![CDATA[")
            .trim_end_matches("-->")
            .trim_end_matches("//]]>")
            .trim()
            .trim_end_matches(';');
        let values = mend::values(source);
        if values.is_empty() {
            let salvaged = strings(source, "\"datePublished\"").next();
            self.dates.extend(salvaged.map(str::to_owned));
        }
        values.into_iter().for_each(|value| self.walk(value, 0));
    }

    /// Keeps what is said of the page's own article, once every script is read.
    pub fn settle(&mut self, page: &own::Page) {
        for article in own::own(std::mem::take(&mut self.articles), page) {
            self.take(&article.object, &article.kind);
        }
    }

    /// Takes markup and character references out of the strings: many systems write HTML into them.
    pub fn unescape(&mut self) {
        self.resolve();
        let texts = [
            &mut self.headline,
            &mut self.description,
            &mut self.section,
            &mut self.body,
        ];
        for text in texts
            .into_iter()
            .flatten()
            .chain(&mut self.authors)
            .chain(&mut self.houses)
        {
            if text.contains('&') || text.contains('<') {
                *text = plain(text);
            }
        }
    }

    fn walk(&mut self, value: Value, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let mut object = match value {
            Value::Array(values) => {
                values.into_iter().for_each(|value| self.walk(value, depth + 1));
                return;
            }
            Value::Object(object) => object,
            _ => return,
        };
        let kind = object.get("@type").and_then(article_type).map(str::to_owned);
        let of_type = |name: &str| object.get("@type").and_then(Value::as_str) == Some(name);
        if kind.is_none() {
            self.video |= of_type("VideoObject");
            if let Some(Value::String(date)) = object.get("datePublished") {
                self.dates.push(date.clone());
            }
            if let (Some(Value::String(id)), Some(Value::String(name))) = (object.get("@id"), object.get("name"))
                && self.people.len() < 50
            {
                self.people.push((id.clone(), squeeze(name)));
            }
        }
        if of_type("BreadcrumbList") && self.trail.is_empty() {
            self.trail = trail(object.get("itemListElement"));
        }
        let addresses = own::addresses(&object);
        let inner = ["@graph", "breadcrumb", "mainEntity", "mainEntityOfPage"].map(|key| object.remove(key));
        if let Some(kind) = kind.filter(|_| self.articles.len() < MOST) {
            self.articles.push(own::Told {
                kind,
                object,
                addresses,
            });
        }
        for inner in inner.into_iter().flatten() {
            self.walk(inner, depth + 1);
        }
    }

    fn take(&mut self, article: &Map<String, Value>, kind: &str) {
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
        first(&mut self.publisher, "publisher");
        first(&mut self.language, "inLanguage");
        first(&mut self.body, "articleBody");
        self.kind.get_or_insert_with(|| kind.to_owned());
        self.free = self.free.or_else(|| article.get("isAccessibleForFree").and_then(truth));
        let part = article.get("hasPart").map(|part| part.get(0).unwrap_or(part));
        if let Some(part) = part.filter(|part| part.get("isAccessibleForFree").and_then(truth) == Some(false)) {
            self.free = self.free.or(Some(false));
            let css = part.get("cssSelector").and_then(text);
            self.paid_part = self.paid_part.take().or(css);
        }
        self.comment_count = self
            .comment_count
            .or_else(|| article.get("commentCount").and_then(count))
            .or_else(|| article.get("interactionStatistic").and_then(|of| commented(of, 0)));
        for key in ["author", "creator", "byline"] {
            if self.authors.is_empty() && self.references.is_empty() {
                self.names(article.get(key), 0);
            }
        }
    }

    /// Authors named only by reference get their names, once everything is read.
    fn resolve(&mut self) {
        if self.authors.is_empty() {
            let known = |id: &String| self.people.iter().find(|(person, _)| person == id);
            self.authors = self
                .references
                .iter()
                .filter_map(known)
                .map(|(_, name)| name.clone())
                .collect();
        }
    }

    /// Names of persons; organisations are kept apart.
    fn names(&mut self, value: Option<&Value>, depth: usize) {
        match value {
            Some(Value::String(name)) if !name.contains("://") => self.authors.push(squeeze(name)),
            Some(Value::Array(values)) if depth < 3 => {
                values
                    .iter()
                    .take(20)
                    .for_each(|value| self.names(Some(value), depth + 1));
            }
            Some(Value::Object(object)) => {
                let kind = object.get("@type").and_then(Value::as_str).unwrap_or_default();
                match object.get("name") {
                    Some(Value::String(name)) if kind.ends_with("Organization") => self.houses.push(squeeze(name)),
                    Some(inner @ (Value::String(_) | Value::Array(_))) => self.names(Some(inner), depth + 1),
                    _ => {
                        let id = object.get("@id").and_then(Value::as_str);
                        self.references.extend(id.map(str::to_owned));
                    }
                }
            }
            _ => {}
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
    let lines = super::content::lines(&dom, &vec![false; dom.items.len()], 0..dom.items.len());
    lines
        .iter()
        .map(|line| line.text.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The names in a breadcrumb list, in order.
fn trail(value: Option<&Value>) -> Vec<String> {
    let steps = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let name = |step: &Value| text(step.get("name").or_else(|| step.get("item")?.get("name"))?);
    steps
        .iter()
        .take(10)
        .filter_map(name)
        .map(|name| squeeze(&name))
        .collect()
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

/// The count of an `InteractionCounter` whose action is commenting.
fn commented(value: &Value, depth: usize) -> Option<u32> {
    match value {
        Value::Array(counters) if depth == 0 => counters.iter().take(20).find_map(|counter| commented(counter, 1)),
        Value::Object(counter) => {
            let kind = counter.get("interactionType")?;
            let name = kind.as_str().or_else(|| kind.get("@type").and_then(Value::as_str))?;
            name.ends_with("CommentAction")
                .then(|| counter.get("userInteractionCount").and_then(count))?
        }
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
        found.settle(&page(&[], &[]));
        assert_eq!(found.headline.as_deref(), Some("Un deux"));
        assert_eq!(found.authors, ["Ève Lançon"]);
        assert_eq!((found.free, found.comment_count), (Some(false), Some(12)));
    }

    #[test]
    fn nonsense_is_nothing() {
        let mut found = JsonLd::default();
        found.read("{\"@type\" \"NewsArticle\"");
        found.read(&"[".repeat(100_000));
        found.settle(&page(&[], &[]));
        assert!(found.kind.is_none());
    }

    fn page<'a>(addresses: &[&str], titles: &[&str]) -> own::Page<'a> {
        own::Page {
            base: None,
            addresses: addresses.iter().map(|url| url.parse().unwrap()).collect(),
            titles: titles.iter().map(|title| super::super::words::fold(title)).collect(),
        }
    }

    #[test]
    fn a_neighbour_says_nothing_of_the_page() {
        let of = |scripts: &[&str], addresses: &[&str], titles: &[&str]| {
            let mut found = JsonLd::default();
            scripts.iter().for_each(|script| found.read(script));
            found.settle(&page(addresses, titles));
            (found.headline.unwrap_or_default(), found.section.unwrap_or_default())
        };
        let other =
            r#"{"@type":"NewsArticle","headline":"La halle","url":"https://a.example/halle","articleSection":"Ville"}"#;
        let bare = r#"{"@type":"NewsArticle","headline":"Le bac","articleSection":"Mer"}"#;
        let named =
            r#"{"@type":"NewsArticle","headline":"Un bac","mainEntityOfPage":{"@id":"http://www.a.example/bac/#x"}}"#;
        let is = |headline: &str, section: &str| (headline.to_owned(), section.to_owned());
        let here = ["https://a.example/bac?from=feed"];
        assert_eq!(of(&[other, named], &here, &["Le bac"]), is("Un bac", ""));
        assert_eq!(of(&[other, bare], &here, &["Le bac - Journal"]), is("Le bac", "Mer"));
        assert_eq!(
            of(&[other, bare], &here, &["Autre"]),
            is("Le bac", "Mer"),
            "it names no other page"
        );
        assert_eq!(
            of(&[other], &here, &["Le bac"]),
            is("La halle", "Ville"),
            "nothing better is there"
        );
        assert_eq!(
            of(&[bare, named], &here, &["Le bac"]),
            is("Un bac", "Mer"),
            "the page's title fills a gap"
        );
        let numbered = ["https://a.example/item?id=1"];
        let second = r#"{"@type":"NewsArticle","headline":"Deux","url":"https://a.example/item?id=2"}"#;
        let first = r#"{"@type":"NewsArticle","headline":"Un","url":"https://a.example/item?id=1"}"#;
        assert_eq!(of(&[second, first], &numbered, &[]), is("Un", ""));
    }
}
