//! What a page says about itself outside its text: meta tags, JSON-LD, links.
//!
//! Takes the flat page, gives claims as written. Never decides which claim is right.

use url::Url;

use super::dom::{Attributes, Dom, Tag};
use super::jsonld::{JsonLd, own};
use super::words::{fold, squeeze};
use crate::model::draft::{Alternate, AlternateKind};

/// Most meta tags read; pages with more repeat themselves.
const MOST: usize = 400;

/// Most twins kept: a site in all languages of the Union has two dozen.
const MOST_ALTERNATES: usize = 60;

#[derive(Debug, Default)]
pub struct Metadata {
    /// Key (property, name, itemprop or http-equiv; lower case) and content, in order.
    meta: Vec<(String, String)>,
    pub jsonld: JsonLd,
    /// `<title>`.
    pub page_title: Option<String>,
    pub canonical: Option<String>,
    pub alternates: Vec<Alternate>,
    pub html_lang: Option<String>,
}

impl Metadata {
    /// The first non-empty content under any of the keys, in the keys' order.
    pub fn get(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.all(key).next())
    }

    pub fn all<'a>(&'a self, key: &str) -> impl Iterator<Item = &'a str> {
        self.meta
            .iter()
            .filter(move |(k, v)| k == key && !v.is_empty())
            .map(|(_, v)| v.as_str())
    }
}

pub fn read(dom: &Dom, base: Option<&Url>) -> Metadata {
    let mut found = Metadata::default();
    let mut canonical = None;
    for (at, tag, element) in dom.elements() {
        match tag {
            Tag::Meta if found.meta.len() < MOST => {
                let key = ["property", "name", "itemprop", "http-equiv"]
                    .iter()
                    .find_map(|name| element.attribute(name));
                if let (Some(key), Some(content)) = (key, element.attribute("content")) {
                    found.meta.push((key.trim().to_lowercase(), squeeze(content)));
                }
            }
            Tag::MetaLink => link(&mut found, &mut canonical, element, base),
            // An SVG's title is not the page's.
            Tag::Title
                if found.page_title.is_none() && !dom.ancestors(at).any(|up| dom.tag(up) == Some(Tag::Thing)) =>
            {
                found.page_title = Some(dom.text(at)).filter(|title| !title.is_empty());
            }
            Tag::Html => found.html_lang = element.attribute("lang").or(element.attribute("xml:lang")).map(squeeze),
            Tag::Script if is_jsonld(element) => found.jsonld.read(dom.source(at)),
            _ => {}
        }
    }
    found.canonical = canonical
        .or_else(|| absolute(found.get(&["og:url"])?, base))
        .filter(|canonical| !is_front(canonical, base));
    let page = called(&found, base);
    found.jsonld.settle(&page);
    found
}

/// What the page is called by, for its article to be told from others.
fn called<'a>(found: &Metadata, base: Option<&'a Url>) -> own::Page<'a> {
    let twins = found
        .alternates
        .iter()
        .filter(|twin| twin.kind != AlternateKind::Language);
    let claimed = [found.canonical.as_deref(), found.get(&["og:url"])];
    let others = claimed.into_iter().flatten().chain(twins.map(|twin| twin.url.as_str()));
    let titles = [
        found.get(&["og:title"]),
        found.get(&["twitter:title"]),
        found.page_title.as_deref(),
    ];
    own::Page {
        base,
        addresses: base
            .cloned()
            .into_iter()
            .chain(others.filter_map(|url| Url::parse(url).ok()))
            .collect(),
        titles: titles.into_iter().flatten().map(fold).collect(),
    }
}

fn is_jsonld(element: scraper::ElementRef) -> bool {
    let kind = element
        .attribute("type")
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    element.value().name() == "script" && kind.starts_with("application/ld+json")
}

fn link(found: &mut Metadata, canonical: &mut Option<String>, element: scraper::ElementRef, base: Option<&Url>) {
    let (Some(rel), Some(href)) = (element.attribute("rel"), element.attribute("href")) else {
        return;
    };
    let rel = rel.to_ascii_lowercase();
    let has = |word: &str| rel.split_ascii_whitespace().any(|r| r == word);
    if has("canonical") && canonical.is_none() {
        *canonical = absolute(href, base);
    } else if has("amphtml") || has("alternate") && (element.attribute("hreflang").is_some() || is_mobile(element)) {
        let kind = if has("amphtml") {
            AlternateKind::Amp
        } else if is_mobile(element) {
            AlternateKind::Mobile
        } else {
            AlternateKind::Language
        };
        let lang = element.attribute("hreflang").map(|lang| lang.trim().to_owned());
        let lang = lang.filter(|lang| !lang.is_empty() && kind == AlternateKind::Language);
        if let Some(url) = absolute(href, base)
            && found.alternates.len() < MOST_ALTERNATES
        {
            let twin = Alternate { kind, lang, url };
            if !found.alternates.contains(&twin) {
                found.alternates.push(twin);
            }
        }
    }
}

/// The twin for small screens: `media="only screen and (max-width: 640px)"`.
fn is_mobile(element: scraper::ElementRef) -> bool {
    element
        .attribute("media")
        .is_some_and(|media| media.contains("max-width") || media.contains("handheld"))
}

/// A page other than the front page that names the front page as its canonical address is set up wrongly.
fn is_front(canonical: &str, base: Option<&Url>) -> bool {
    let deep = base.is_some_and(|base| base.path().len() > 1 || base.query().is_some());
    deep && Url::parse(canonical).is_ok_and(|url| url.path().len() <= 1 && url.query().is_none())
}

/// An http(s) address, resolved against the page's.
fn absolute(href: &str, base: Option<&Url>) -> Option<String> {
    let url = match base {
        Some(base) => base.join(href.trim()).ok()?,
        None => Url::parse(href.trim()).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}
