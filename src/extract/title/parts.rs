//! A heading's own parts: the kicker above it, the line below it, and the headline between them.

use super::claims::Claims;
use crate::extract::dom::{Attributes, Dom, Tag, What};
use crate::extract::words::{fold, squeeze};

/// Words in the class of what stands above a headline, or below it, inside its heading.
const BESIDE: &[&str] = &[
    "kicker",
    "overline",
    "topline",
    "roofline",
    "dachzeile",
    "toptitle",
    "supertitle",
    "surtitre",
    "subtitle",
    "subtitre",
    "sub-heading",
    "subheading",
    "subline",
    "eyebrow",
    "pretitle",
    "topic",
    "rubrik",
    "rubrique",
    "category",
    "section",
    "label",
    "antetitulo",
    "invisible",
    "h1small",
    "author",
    "date",
];

/// What a badge inside a heading says to whom the piece is sold, folded.
const BADGES: &[&str] = &[
    "abonnés",
    "abonné",
    "réservéauxabonnés",
    "articleréservéauxabonnés",
    "premium",
    "subscribers",
    "subscriber",
    "subscribersonly",
    "subscriberonly",
    "exclusive",
    "abo",
    "plus",
    "付费",
    "付費",
    "유료",
    "会員限定",
    "有料",
];

struct Part {
    text: String,
    class: String,
    /// `<small>` and headings inside a heading are never the headline.
    lesser: bool,
}

/// The headline in a heading; `None` when the heading is empty.
pub fn headline(dom: &Dom, at: usize, claims: &Claims) -> Option<String> {
    let whole = dom.text(at);
    if fold(&whole).is_empty() {
        return None;
    }
    let parts: Vec<Part> = parts(dom, at)
        .into_iter()
        .filter(|part| !fold(&part.text).is_empty())
        .collect();
    // A badge has a name of its own, so that no headline loses its last word.
    let is_badge = |part: &Part| !part.class.is_empty() && BADGES.contains(&fold(&part.text).as_str());
    match parts.as_slice() {
        [only, badge] | [badge, only] if is_badge(badge) => return Some(only.text.clone()),
        _ => {}
    }
    if parts.len() != 2 && !(parts.len() == 3 && parts.iter().any(|part| part.lesser)) {
        return Some(whole);
    }
    let said: Vec<(&Part, usize)> = parts
        .iter()
        .filter_map(|part| Some((part, claims.said_by(&fold(&part.text))?)))
        .collect();
    let whole_said = claims.said_by(&fold(&whole));
    // A `<title>` often keeps the kicker that the page's card, which is of more worth, leaves out.
    if let [(only, by)] = said.as_slice()
        && whole_said.is_none_or(|whole| *by < whole)
    {
        return Some(only.text.clone());
    }
    if whole_said.is_some() {
        return Some(whole);
    }
    let beside = |part: &Part| part.lesser || BESIDE.iter().any(|word| part.class.contains(word));
    let mut kept = parts.iter().filter(|part| !beside(part));
    match (kept.next(), kept.next()) {
        (Some(headline), None) => Some(headline.text.clone()),
        _ => Some(whole),
    }
}

/// The runs of text and elements directly inside, past wrappers that hold everything.
fn parts(dom: &Dom, at: usize) -> Vec<Part> {
    let mut at = at;
    // Wrappers nest a few deep.
    for _ in 0..6 {
        let mut found: Vec<(usize, Part)> = Vec::new();
        let mut i = at + 1;
        while i < dom.items[at].end {
            let (text, class, lesser) = match dom.items[i].what {
                What::Text(text) => (squeeze(text), String::new(), false),
                What::Element(Tag::Script | Tag::Thing, _) => (String::new(), String::new(), false),
                What::Element(tag, element) => (
                    dom.text(i),
                    element.attribute("class").unwrap_or_default().to_ascii_lowercase(),
                    tag == Tag::Heading || element.value().name() == "small",
                ),
            };
            if !text.is_empty() {
                found.push((i, Part { text, class, lesser }));
            }
            i = dom.items[i].end.max(i + 1);
        }
        match found.as_slice() {
            [(only, _)] if dom.element(*only).is_some() => at = *only,
            _ => return found.into_iter().map(|(_, part)| part).collect(),
        }
    }
    Vec::new()
}
