//! A site's own rules, applied before anything generic; one that matches nothing is named, never silently empty.

use super::dom::Dom;
use crate::model::source::Rules;

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
    pub misses: Vec<String>,
}

pub fn apply(dom: &Dom, rules: Option<&Rules>) -> Ruled {
    let mut ruled = Ruled::default();
    let Some(rules) = rules else { return ruled };
    for css in &rules.drop {
        match dom.select(css) {
            Some(found) => ruled.dropped.extend(found),
            None => ruled.misses.push(format!("drop: {css}")),
        }
    }
    let parts = [
        ("title", &rules.title, &mut ruled.title),
        ("body", &rules.body, &mut ruled.body),
        ("standfirst", &rules.standfirst, &mut ruled.standfirst),
        ("date", &rules.date, &mut ruled.date),
        ("author", &rules.author, &mut ruled.author),
        ("section", &rules.section, &mut ruled.section),
    ];
    for (name, css, found) in parts {
        let Some(css) = css else { continue };
        *found = dom.select(css).unwrap_or_default();
        if found.is_empty() {
            ruled.misses.push(name.to_owned());
        }
    }
    ruled
}
