//! Elements that call themselves author or byline.
//!
//! Takes the flat page and where the headline stands, gives their words. Those near the headline go before all others;
//! of the others only the first counts, for lists of stories name their writers too.

use crate::extract::dom::{Attributes, Dom, Tag};
use crate::extract::words::weight;

/// Parts of the class of an element that names the writer.
const NAMED: &[&str] = &[
    "byline",
    "author",
    "autor",
    "auteur",
    "writer",
    "signature",
    "journalist",
    "redacteur",
    "contributor",
    "vcard",
];

/// Parts of a class that say it is something else about the writer, or another writer.
const NOT: &[&str] = &[
    "comment",
    "avatar",
    "bio",
    "related",
    "descr",
    "img",
    "image",
    "photo",
    "picture",
    "social",
    "follow",
    "count",
    "date",
    "time",
    "share",
    "teaser",
    "authority",
    "role",
    "title-",
    "subscribe",
    "more",
    "widget",
    "newsletter",
];

/// Longest byline, by weight: four names with their labels.
const LONGEST: u32 = 120;

pub fn bylines(dom: &Dom, (from, to): (usize, usize)) -> Vec<String> {
    let mut near: Vec<String> = Vec::new();
    let mut after: Vec<String> = Vec::new();
    let mut skip_to = 0;
    for (at, tag, element) in dom.elements() {
        if at < skip_to {
            continue;
        }
        if matches!(tag, Tag::Script | Tag::Nav | Tag::Form | Tag::TextArea) {
            skip_to = dom.items[at].end;
            continue;
        }
        if matches!(
            tag,
            Tag::Body | Tag::Html | Tag::Article | Tag::Main | Tag::Meta | Tag::MetaLink
        ) {
            continue;
        }
        let class = element.attribute("class").unwrap_or_default().to_ascii_lowercase();
        let is = |attr: &str| {
            element
                .attribute(attr)
                .is_some_and(|value| value.split_ascii_whitespace().any(|v| v == "author"))
        };
        let marked = is("itemprop") || is("rel");
        let named = NAMED.iter().any(|word| class.contains(word));
        if !marked && !named {
            continue;
        }
        if NOT.iter().any(|word| class.contains(word)) && !marked {
            continue;
        }
        let found = words(dom, at);
        if found.is_empty() {
            continue;
        }
        skip_to = dom.items[at].end;
        if (from..to).contains(&at) {
            near.extend(found);
        } else if after.is_empty() && at >= from && (marked || named) && !of_others(dom, at) {
            after.extend(found);
        }
        if near.len() >= 8 {
            break;
        }
    }
    if near.is_empty() { after } else { near }
}

/// The names in a byline's element: its links to the writers, or all its words.
fn words(dom: &Dom, at: usize) -> Vec<String> {
    let end = dom.items[at].end;
    if let Some(content) = dom.attr(at, "content").filter(|content| !content.trim().is_empty()) {
        return vec![content.to_owned()];
    }
    let links = (at + 1..end.min(at + 60)).filter(|inner| {
        let class = dom.attr(*inner, "class").unwrap_or_default();
        dom.attr(*inner, "rel").is_some_and(|rel| rel.contains("author"))
            || dom.attr(*inner, "itemprop") == Some("name")
            || class.split_ascii_whitespace().any(|class| class == "fn")
            || dom.attr(*inner, "href").is_some_and(is_writers)
    });
    let mut found: Vec<String> = Vec::new();
    let mut past = 0;
    for link in links {
        if link < past {
            continue;
        }
        past = dom.items[link].end;
        let text = dom.text(link);
        if !text.is_empty() && weight(&text) < LONGEST {
            found.push(text);
        }
    }
    let text = dom.text(at);
    if !found.is_empty() {
        found.extend(beside(&text, &found));
        return found;
    }
    if text.is_empty() || weight(&text) >= LONGEST {
        Vec::new()
    } else {
        vec![text]
    }
}

/// Who stands beside the writers that have links, joined to them by a word: "Par <a>…</a> et Paul Tissier".
fn beside(text: &str, linked: &[String]) -> Option<String> {
    const JOINS: &[&str] = &["et ", "and ", "und ", "& ", "y ", "e ", "и "];
    let (_, after) = text.rsplit_once(linked.last()?.as_str())?;
    let after = after.trim_start();
    let name = JOINS.iter().find_map(|join| after.strip_prefix(join))?;
    let end = name.find(['|', '•', '·', '–', '(']).unwrap_or(name.len());
    (weight(&name[..end]) < LONGEST).then(|| name[..end].to_owned())
}

/// An address of a writer's own page.
fn is_writers(href: &str) -> bool {
    [
        "/author/",
        "/autor/",
        "/auteur/",
        "/authors/",
        "/autoren/",
        "/auteurs/",
        "/autores/",
        "/profile/",
        "/by/",
        "/people/",
    ]
    .iter()
    .any(|part| href.contains(part))
}

/// Inside a comment, a list of stories or a bar at the side.
fn of_others(dom: &Dom, at: usize) -> bool {
    dom.ancestors(at).take(10).any(|up| {
        let class = dom.attr(up, "class").unwrap_or_default().to_ascii_lowercase();
        let id = dom.attr(up, "id").unwrap_or_default().to_ascii_lowercase();
        dom.tag(up) == Some(Tag::Aside)
            || ["comment", "related", "teaser", "widget", "sidebar", "card"]
                .iter()
                .any(|word| class.contains(word) || id.contains(word))
    })
}
