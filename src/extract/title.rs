//! The headline: the `<h1>` that the page's titles agree with, less the site's suffix.

use super::dom::{Dom, Tag};
use super::metadata::Metadata;
use super::words::{fold, weight};

/// Longest headline, in characters; longer ones are paragraphs set as headings.
const LONGEST: usize = 250;

/// Marks between a headline and the site's name.
const SEPARATORS: &[&str] = &[
    " - ", " | ", " – ", " — ", " _ ", " » ", " · ", " • ", " : ", "_", "|", "--", "－", "｜",
];

/// The headline, and the heading element it was read from.
pub fn title(dom: &Dom, meta: &Metadata) -> (Option<String>, Option<usize>) {
    let page = meta.page_title.as_deref().unwrap_or_default();
    let og = meta
        .get(&["og:title", "twitter:title", "title", "dc.title"])
        .unwrap_or_default();
    let ld = meta.jsonld.headline.as_deref().unwrap_or_default();
    let site = meta.get(&["og:site_name"]).map(fold).unwrap_or_default();
    let claims: Vec<String> = [page, og, ld]
        .iter()
        .map(|claim| fold(claim))
        .filter(|claim| !claim.is_empty())
        .collect();

    let headings = headings(dom);
    let fits = |text: &str| (4..=LONGEST).contains(&text.chars().count()) && fold(text) != site;
    for (at, tag, text) in &headings {
        let line = fold(text);
        let agrees = claims.iter().any(|claim| {
            line.chars().count() >= 4 && claim.starts_with(&line) || weight(&line) >= 15 && claim.contains(&line)
        });
        if fits(text) && agrees && (*tag == Tag::H1 || weight(&line) >= 15) {
            return (Some(text.clone()), Some(*at));
        }
    }
    // The only <h1>, if it is no logo.
    let mut firsts = headings.iter().filter(|(_, tag, _)| *tag == Tag::H1);
    if let (Some((at, _, text)), None) = (firsts.next(), firsts.next())
        && weight(text) >= 12
        && fits(text)
    {
        return (Some(text.clone()), Some(*at));
    }
    let claim = [ld, og, page].into_iter().find(|claim| !claim.is_empty());
    (
        claim
            .map(|claim| without_site(claim, &site))
            .filter(|title| !title.is_empty()),
        None,
    )
}

/// Headings in order: every `<h1>`, and the first few of the others after them.
fn headings(dom: &Dom) -> Vec<(usize, Tag, String)> {
    let mut found: Vec<(usize, Tag, String)> = Vec::new();
    for wanted in [Tag::H1, Tag::Heading] {
        let of = dom.elements().filter(|(_, tag, _)| *tag == wanted).take(8);
        found.extend(
            of.map(|(at, tag, _)| (at, tag, dom.text(at)))
                .filter(|(.., text)| !text.is_empty()),
        );
    }
    found
}

/// A title without the site's name after or before it.
fn without_site(claim: &str, site: &str) -> String {
    let mut parts: Vec<&str> = vec![claim];
    for separator in SEPARATORS {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    let parts: Vec<&str> = parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty() && fold(part) != site)
        .collect();
    let Some(first) = parts.first() else {
        return claim.trim().to_owned();
    };
    // The first part is the headline unless it is as short as a section's name.
    let longest = parts.iter().max_by_key(|part| weight(part)).unwrap_or(first);
    let chosen = if weight(first) >= 18 { first } else { longest };
    (*chosen).to_owned()
}
