//! How a source's site rules fared over many pages.
//!
//! Takes one page's fit at a time, gives a line for each part with its numbers. Never decides what to do about it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::RuleFit;
use crate::model::source::{RulePart, Rules};

/// Pages from which "never" is more than an odd page or two: picture series and films have layouts of their own.
const ENOUGH: u32 = 3;

/// Pages by rule and part: how many were tried, on how many it matched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleTally(BTreeMap<(usize, RulePart), (u32, u32)>);

/// One part of one block of rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleLine {
    /// Which of the source's `[[source.rules]]`, from 1.
    pub rule: usize,
    /// The key, as `body`.
    pub field: &'static str,
    pub selector: String,
    /// Pages on which it matched nothing.
    pub pages: u32,
    /// Pages that were read by these rules.
    pub of: u32,
}

impl RuleTally {
    pub fn count(&mut self, fit: Option<&RuleFit>) {
        let Some(fit) = fit else { return };
        for (part, matched) in &fit.parts {
            let (of, with) = self.0.entry((fit.rule, *part)).or_default();
            *of += 1;
            *with += u32::from(*matched);
        }
    }

    /// Every part that was tried, in the order of the file.
    pub fn lines(&self, rules: &[Rules]) -> Vec<RuleLine> {
        let line = |(&(rule, part), &(of, with)): (&(usize, RulePart), &(u32, u32))| {
            Some(RuleLine {
                rule: rule + 1,
                field: part.as_str(),
                selector: rules.get(rule)?.selector(part)?.to_owned(),
                pages: of - with,
                of,
            })
        };
        self.0.iter().filter_map(line).collect()
    }

    /// The parts that matched nothing on some page. A `drop` with nothing to take out is in order.
    pub fn misses(&self, rules: &[Rules]) -> Vec<RuleLine> {
        let mut lines = self.lines(rules);
        lines.retain(|line| line.pages > 0 && line.field != "drop");
        lines
    }
}

impl RuleLine {
    /// On no page at all, and not for want of pages.
    pub fn never(&self) -> bool {
        self.pages == self.of && self.of >= ENOUGH
    }

    /// Pieces have a title, a text and a date; not each has a standfirst, a section or an author.
    pub fn is_essential(&self) -> bool {
        matches!(self.field, "title" | "body" | "date")
    }

    /// `body matched on none of 12 pages`, `date missed on 2 of 30 pages`
    pub fn words(&self) -> String {
        let pages = if self.of == 1 { "page" } else { "pages" };
        match self.never() {
            true => format!("{} matched on none of {} {pages}", self.field, self.of),
            false => format!("{} missed on {} of {} {pages}", self.field, self.pages, self.of),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(rule: usize, parts: &[(RulePart, bool)]) -> RuleFit {
        RuleFit {
            rule,
            parts: parts.to_vec(),
        }
    }

    #[test]
    fn never_is_told_from_now_and_then() {
        let rules = [
            Rules::default(),
            Rules {
                body: Some("div.a > p".to_owned()),
                date: Some(".day".to_owned()),
                drop: vec!["aside".to_owned()],
                ..Rules::default()
            },
        ];
        let mut tally = RuleTally::default();
        tally.count(None);
        for body in [false, true, true] {
            let parts = [
                (RulePart::Body, body),
                (RulePart::Date, false),
                (RulePart::Drop(0), false),
            ];
            tally.count(Some(&fit(1, &parts)));
        }
        let words: Vec<String> = tally.misses(&rules).iter().map(RuleLine::words).collect();
        assert_eq!(
            words,
            ["body missed on 1 of 3 pages", "date matched on none of 3 pages"]
        );
        let lines = tally.lines(&rules);
        assert_eq!(
            lines
                .iter()
                .map(|line| (line.rule, line.selector.as_str(), line.pages))
                .collect::<Vec<_>>(),
            [(2, "div.a > p", 1), (2, ".day", 3), (2, "aside", 3)]
        );
        assert_eq!(tally.lines(&[]), []);
    }

    #[test]
    fn two_pages_are_too_few_for_never() {
        let rules = [Rules {
            title: Some("h1".to_owned()),
            ..Rules::default()
        }];
        let mut tally = RuleTally::default();
        tally.count(Some(&fit(0, &[(RulePart::Title, false)])));
        assert_eq!(tally.misses(&rules)[0].words(), "title missed on 1 of 1 page");
        tally.count(Some(&fit(0, &[(RulePart::Title, false)])));
        assert!(!tally.misses(&rules)[0].never());
        tally.count(Some(&fit(0, &[(RulePart::Title, false)])));
        assert!(tally.misses(&rules)[0].never());
    }
}
