//! Which of the articles told of in a page's metadata is the page's own: pages describe their neighbours too.
//!
//! Takes the articles and what the page is called by, gives those that speak of it, the surest first.

use serde_json::{Map, Value};
use url::Url;

use super::{plain, text};
use crate::extract::words::fold;

/// One object that calls itself an article.
#[derive(Debug)]
pub struct Told {
    /// schema.org type.
    pub kind: String,
    pub object: Map<String, Value>,
    /// Addresses that it gives itself.
    pub addresses: Vec<String>,
}

/// What the page is called by, outside these objects.
pub struct Page<'a> {
    pub base: Option<&'a Url>,
    /// Its own address, canonical and others.
    pub addresses: Vec<Url>,
    /// Its titles, folded.
    pub titles: Vec<String>,
}

/// What an article says about being the page's, the better the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Standing {
    /// It names the page's address.
    named: bool,
    /// Its headline is the page's title.
    titled: bool,
    /// It names no other page of the site.
    free: bool,
}

pub fn addresses(object: &Map<String, Value>) -> Vec<String> {
    let of = |value: &Value| match value {
        Value::String(address) => vec![address.clone()],
        Value::Object(inner) => ["@id", "url"]
            .iter()
            .filter_map(|key| inner.get(*key)?.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    };
    let keys = ["url", "@id", "mainEntityOfPage"];
    let found = keys.iter().filter_map(|key| object.get(*key)).flat_map(of);
    found
        .filter(|address| address.starts_with('/') || address.starts_with("http"))
        .collect()
}

/// The page's own article first, then what may fill its gaps: never one that names another address, nor one under
/// another headline where the first is known by its own.
pub fn own(mut articles: Vec<Told>, page: &Page) -> Vec<Told> {
    if articles.len() < 2 {
        return articles;
    }
    let standings: Vec<Standing> = articles.iter().map(|article| page.standing(article)).collect();
    let headlines: Vec<String> = articles.iter().map(|article| headline(&article.object)).collect();
    let Some(best) = (0..articles.len()).rev().max_by_key(|at| standings[*at]) else {
        return articles;
    };
    let known = standings[best].named || standings[best].titled;
    let may_fill = |at: usize| {
        let (standing, headline) = (standings[at], &headlines[at]);
        let same = standing.titled || headline.is_empty() || *headline == headlines[best];
        standing.named || standing.free && (same || !known)
    };
    let fillers: Vec<bool> = (0..articles.len()).map(may_fill).collect();
    let first = articles.remove(best);
    let mut fills = fillers
        .into_iter()
        .enumerate()
        .filter(|(at, _)| *at != best)
        .map(|(_, fills)| fills);
    articles.retain(|_| fills.next() == Some(true));
    articles.insert(0, first);
    articles
}

/// The article's headline, folded.
fn headline(object: &Map<String, Value>) -> String {
    let headline = object.get("headline").or_else(|| object.get("name")).and_then(text);
    let headline = headline.unwrap_or_default();
    if headline.contains('&') || headline.contains('<') {
        return fold(&plain(&headline));
    }
    fold(&headline)
}

impl Page<'_> {
    fn standing(&self, article: &Told) -> Standing {
        let resolve = |address: &String| match self.base {
            Some(base) => base.join(address).ok(),
            None => Url::parse(address).ok(),
        };
        // The front page is the site's, not an article's.
        let addresses: Vec<Url> = article
            .addresses
            .iter()
            .filter_map(resolve)
            .filter(|url| url.path().len() > 1 || url.query().is_some())
            .collect();
        let named = addresses
            .iter()
            .any(|url| self.addresses.iter().any(|own| is(own, url)));
        let here = |url: &Url| self.addresses.iter().any(|own| host(own) == host(url));
        let headline = headline(&article.object);
        let titled = !headline.is_empty() && self.titles.iter().any(|title| title.starts_with(&headline));
        Standing {
            named,
            titled,
            free: named || !addresses.iter().any(here),
        }
    }
}

fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    ["www.", "m.", "amp."]
        .iter()
        .find_map(|label| host.strip_prefix(label))
        .unwrap_or(host)
}

/// The same page: scheme, fragment and what the page's own address has in its query besides are no matter.
fn is(own: &Url, other: &Url) -> bool {
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    let carried = || own.query_pairs().collect::<Vec<_>>();
    host(own) == host(other) && path(own) == path(other) && other.query_pairs().all(|pair| carried().contains(&pair))
}
