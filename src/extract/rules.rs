//! A site's own rules, applied before anything generic; one that matches nothing is named, never silently empty.
//!
//! Takes the flat page and the source's rules, gives items. A match without words is none: a box that a script would
//! have filled must not keep generic extraction from looking elsewhere.

use jiff::civil::Date;

use super::dom::{Dom, Tag};
use crate::model::RuleFit;
use crate::model::source::{RulePart, Rules};

/// Items that each part of the rules points at.
#[derive(Debug, Default)]
pub struct Ruled {
    pub title: Vec<usize>,
    pub body: Vec<usize>,
    pub standfirst: Vec<usize>,
    pub date: Vec<usize>,
    pub author: Vec<usize>,
    pub section: Vec<usize>,
    pub dropped: Vec<usize>,
    pub fit: Option<RuleFit>,
}

impl Ruled {
    /// The parts that matched nothing. A `drop` that found nothing to take out is no miss.
    pub fn misses(&self) -> Vec<String> {
        let parts = self.fit.iter().flat_map(|fit| &fit.parts);
        parts
            .filter(|(part, matched)| !matched && !matches!(part, RulePart::Drop(_)))
            .map(|(part, _)| part.as_str().to_owned())
            .collect()
    }
}

/// Which of a source's rules read this page: those in force on the day when it was seen; if their text is not there,
/// the newest others whose text is. Sites keep old pages in their old dress, the day of a change is seldom known, and
/// the page itself shows which layout it has.
pub fn choose(dom: &Dom, rules: &[Rules], day: Date) -> Option<usize> {
    let in_force = rules.iter().position(|rules| rules.holds_on(day));
    if rules.len() < 2 && in_force.is_some() || in_force.is_some_and(|at| fits(dom, &rules[at])) {
        return in_force;
    }
    let other = (0..rules.len())
        .rev()
        .find(|at| Some(*at) != in_force && fits(dom, &rules[*at]));
    other.or(in_force)
}

/// Does the page have what these rules call its text (or, where they do not say, its title)?
fn fits(dom: &Dom, rules: &Rules) -> bool {
    let css = rules.body.as_deref().or(rules.title.as_deref());
    css.is_some_and(|css| !with_words(dom, css).is_empty())
}

pub fn apply(dom: &Dom, rules: Option<&Rules>) -> Ruled {
    let mut ruled = Ruled::default();
    let Some(rules) = rules else { return ruled };
    let mut parts = Vec::new();
    for (css, at) in rules.drop.iter().zip(0..) {
        let found = dom.select(css).unwrap_or_default();
        parts.push((RulePart::Drop(at), !found.is_empty()));
        ruled.dropped.extend(found);
    }
    let places = [
        (RulePart::Title, &mut ruled.title),
        (RulePart::Body, &mut ruled.body),
        (RulePart::Standfirst, &mut ruled.standfirst),
        (RulePart::Date, &mut ruled.date),
        (RulePart::Author, &mut ruled.author),
        (RulePart::Section, &mut ruled.section),
    ];
    for (part, found) in places {
        let Some(css) = rules.selector(part) else { continue };
        *found = with_words(dom, css);
        parts.push((part, !found.is_empty()));
    }
    ruled.fit = Some(RuleFit { rule: 0, parts });
    ruled
}

/// Items that match and say something: words, or the value that `<time>` and `<meta>` carry.
fn with_words(dom: &Dom, css: &str) -> Vec<usize> {
    let says = |at: &usize| {
        dom.attr(*at, "datetime").or(dom.attr(*at, "content")).is_some()
            || dom.tag(*at) == Some(Tag::TextArea) && !dom.source(*at).trim().is_empty()
            || !dom.text(*at).is_empty()
    };
    let mut found = dom.select(css).unwrap_or_default();
    found.retain(says);
    found
}
