//! A site's own rules, applied before anything generic; one that matches nothing is named, never silently empty.
//!
//! Takes the flat page and the source's rules, gives items. A match without words is none: a box that a script would
//! have filled must not keep generic extraction from looking elsewhere.

use jiff::civil::Date;

use super::dom::{Dom, Tag, What};
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
    css.and_then(|css| dom.select(css))
        .is_some_and(|found| found.iter().any(|at| says(dom, *at)))
}

pub fn apply(dom: &Dom, rules: Option<&Rules>) -> Ruled {
    let mut ruled = Ruled::default();
    let Some(rules) = rules else { return ruled };
    let mut parts = Vec::new();
    for (css, at) in rules.drop.iter().zip(0..=u16::MAX) {
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

/// Items that match and say something.
fn with_words(dom: &Dom, css: &str) -> Vec<usize> {
    let mut found = dom.select(css).unwrap_or_default();
    found.retain(|at| says(dom, *at));
    found
}

/// Has it words, or the value that `<time>` and `<meta>` carry?
fn says(dom: &Dom, at: usize) -> bool {
    if dom.attr(at, "datetime").or(dom.attr(at, "content")).is_some() {
        return true;
    }
    let end = dom.items.get(at).map_or(at, |item| item.end);
    let mut i = at;
    while i < end {
        match dom.items[i].what {
            What::Element(Tag::Script, _) => i = dom.items[i].end,
            What::Text(text) if !text.trim().is_empty() => return true,
            _ => i += 1,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::*;

    fn rules(until: Option<&str>, body: &str) -> Rules {
        Rules {
            until: until.map(|day| day.parse().unwrap()),
            body: Some(body.to_owned()),
            ..Rules::default()
        }
    }

    fn chosen(html: &str, rules: &[Rules], day: &str) -> Option<usize> {
        choose(&Dom::new(&Html::parse_document(html)), rules, day.parse().unwrap())
    }

    #[test]
    fn the_day_decides_where_the_page_leaves_it_open() {
        let both = "<div class=a><p class=b>Words.</p></div>";
        let three = [
            rules(Some("2022-11-01"), ".a"),
            rules(Some("2025-01-01"), ".b"),
            rules(None, ".a"),
        ];
        for (day, expected) in [
            ("2022-10-31", 0),
            ("2022-11-01", 1),
            ("2024-12-31", 1),
            ("2025-01-01", 2),
        ] {
            assert_eq!(chosen(both, &three, day), Some(expected), "{day}");
        }
    }

    #[test]
    fn the_page_decides_where_the_day_is_wrong() {
        let two = [rules(Some("2020-07-01"), ".old"), rules(None, ".new")];
        assert_eq!(chosen("<div class=old>Words.</div>", &two, "2026-05-01"), Some(0));
        assert_eq!(chosen("<div class=new>Words.</div>", &two, "2019-05-01"), Some(1));
        // A box that a script would fill, and a page with neither: the day's own rules are the ones that missed.
        assert_eq!(
            chosen("<div class=old>Words.</div><div class=new> </div>", &two, "2026-05-01"),
            Some(0)
        );
        assert_eq!(chosen("<div class=new> </div>", &two, "2026-05-01"), Some(1));
        assert_eq!(chosen("<p>Words.</p>", &two, "2019-05-01"), Some(0));
    }

    #[test]
    fn rules_out_of_their_days_are_taken_only_for_what_they_find() {
        let one = [Rules {
            from: Some("2024-01-01".parse().unwrap()),
            ..rules(None, ".a")
        }];
        assert_eq!(chosen("<p class=a>Words.</p>", &one, "2023-12-31"), Some(0));
        assert_eq!(chosen("<p>Words.</p>", &one, "2023-12-31"), None);
        assert_eq!(chosen("<p>Words.</p>", &one, "2024-01-01"), Some(0));
        assert_eq!(chosen("<p>Words.</p>", &[], "2024-01-01"), None);
    }

    #[test]
    fn a_match_without_words_is_a_miss() {
        let html = Html::parse_document(
            "<h1 class=t></h1><div class=b><script>fill()</script></div><time datetime=2026-05-01></time><aside></aside>",
        );
        let rules = Rules {
            title: Some("h1.t".to_owned()),
            date: Some("time".to_owned()),
            drop: vec!["aside".to_owned(), "nav".to_owned()],
            ..rules(None, "div.b")
        };
        let ruled = apply(&Dom::new(&html), Some(&rules));
        assert_eq!(ruled.misses(), ["title", "body"]);
        let parts = ruled.fit.unwrap().parts;
        assert_eq!(
            parts,
            [
                (RulePart::Drop(0), true),
                (RulePart::Drop(1), false),
                (RulePart::Title, false),
                (RulePart::Body, false),
                (RulePart::Date, true)
            ]
        );
    }
}
