//! What a backfill is asked for and what it did: pure, so that the choice of documents can be tested without a network.
//!
//! Takes addresses and claims, gives which of them may hold articles of a window. Never fetches, never guesses a date
//! that nothing states.

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use url::Url;

use crate::discover::Child;
use crate::model::{Interval, Link};

/// Article pages of one backfill unless it is told otherwise: about an hour and a half at five seconds a page.
pub const MAX_PAGES: u32 = 1_000;
/// Archive documents of one source that one backfill opens: three years of daily sitemaps.
pub const MOST_DOCUMENTS: u32 = 1_000;

/// What a backfill is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Articles published within.
    pub window: Interval,
    /// Article pages fetched at most, per source.
    pub max_pages: u32,
}

/// What a backfill did at one source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Backfilled {
    /// Archive documents that could be read: older pages of a feed, sitemaps.
    pub documents: u32,
    /// Documents that did not answer, robots.txt among them: whether there is an archive is not known.
    pub failed: u32,
    /// Addresses they list, each once.
    pub listed: u32,
    /// Of these, published within the window as far as anything says.
    pub wanted: u32,
    /// Without any date, left alone.
    pub undated: u32,
    /// Had before, or tried as often as pages are: skipped.
    pub known: u32,
    /// Pages gone for; those that robots.txt keeps from being asked for count, too.
    pub fetched: u32,
    /// Left for the next backfill.
    pub left: u32,
    /// What was opened or looked for in vain, in words.
    pub tried: Vec<String>,
}

impl Wanted {
    /// Can an article of the window be within this span?
    pub fn touches(&self, span: Interval) -> bool {
        span.max > self.window.min && span.min < self.window.max
    }

    /// May this sitemap of an index list articles of the window? One that was last modified before it cannot; neither
    /// can one named after another month.
    pub fn may_list(&self, child: &Child) -> bool {
        let modified = child.modified.as_ref();
        modified.is_none_or(|claim| claim.interval.max > self.window.min)
            && period(&child.url).is_none_or(|span| self.touches(widened(span)))
    }
}

/// When a link was published, as far as its listing or its address says.
pub fn published(link: &Link) -> Option<Interval> {
    let claim = link.published.as_ref().map(|claim| claim.interval);
    claim
        .or_else(|| period(&link.url).map(widened))
        .or_else(|| link.updated.as_ref().map(|claim| claim.interval))
}

/// Days of an address are the outlet's own, which begin up to 14 hours before and end up to 12 after those of UTC.
fn widened(span: Interval) -> Interval {
    Interval {
        min: span
            .min
            .saturating_sub(SignedDuration::from_hours(14))
            .unwrap_or(span.min),
        max: span
            .max
            .saturating_add(SignedDuration::from_hours(12))
            .unwrap_or(span.max),
    }
}

/// The day or month that a path names: `/2026/05/04/`, `/20260504-x`, `sitemap-2026-05.xml`.
pub fn period(url: &str) -> Option<Interval> {
    let url = Url::parse(url).ok()?;
    // Each run of digits, and whether one mark alone parts it from the next.
    let mut runs: Vec<(&str, bool)> = Vec::new();
    let path = url.path();
    let mut rest = path;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = rest.get(start..)?;
        let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let (run, after) = tail.split_at(end);
        let mut following = after.chars();
        let parted = matches!(following.next(), Some('/' | '-' | '_' | '.'));
        runs.push((run, parted && following.next().is_some_and(|c| c.is_ascii_digit())));
        rest = after;
    }
    let joined = |at: usize| matches!(runs.get(at), Some((_, true)));
    (0..runs.len()).find_map(|at| {
        let (run, _) = runs.get(at)?;
        let number = |text: &str| text.parse::<i16>().ok();
        let (year, month, day) = match run.len() {
            8 => (
                number(run.get(..4)?)?,
                number(run.get(4..6)?)?,
                Some(number(run.get(6..)?)?),
            ),
            6 => (number(run.get(..4)?)?, number(run.get(4..)?)?, None),
            4 if joined(at) => {
                let (month, _) = runs.get(at + 1).filter(|(run, _)| run.len() <= 2)?;
                let day = runs.get(at + 2).filter(|(run, _)| run.len() <= 2 && joined(at + 1));
                (number(run)?, number(month)?, day.and_then(|(day, _)| number(day)))
            }
            _ => return None,
        };
        span(year, month, day).or_else(|| span(year, month, None))
    })
}

fn span(year: i16, month: i16, day: Option<i16>) -> Option<Interval> {
    let narrow = |number: i16| i8::try_from(number).ok();
    // The first newspapers came to the web in 1994.
    let first = Some(year).filter(|year| (1994..=2100).contains(year));
    let first = Date::new(first?, narrow(month)?, narrow(day.unwrap_or(1))?).ok()?;
    let last = if day.is_some() { first } else { first.last_of_month() };
    let start = |date: Date| Some(date.at(0, 0, 0, 0).to_zoned_datetime(TimeZone::UTC).ok()?.timestamp());
    Some(Interval {
        min: start(first)?,
        max: start(last.tomorrow().ok()?)?,
    })
}

/// Is everything that a page lists older than the window? Then the pages after it are, too.
pub fn all_before(window: Interval, dates: &[Interval]) -> bool {
    !dates.is_empty() && dates.iter().all(|date| date.max <= window.min)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Option<String> {
        period(text).map(|span| format!("{} {}", span.min.strftime("%F"), span.max.strftime("%F")))
    }

    #[test]
    fn the_day_or_month_that_an_address_names() {
        for (path, expected) in [
            ("/2026/05/04/ferry.html", Some("2026-05-04 2026-05-05")),
            ("/news/20260504-ferry", Some("2026-05-04 2026-05-05")),
            ("/sitemap-2026-05.xml", Some("2026-05-01 2026-06-01")),
            ("/sitemap_202612.xml.gz", Some("2026-12-01 2027-01-01")),
            ("/2026-05/04/content_31.htm", Some("2026-05-04 2026-05-05")),
            ("/article/123456789.html", None),
            ("/2026/99/x", None),
            ("/sitemap-posts-3.xml", None),
            ("/id/4711/12", None),
            ("/2026/issue-04/x", None),
            ("/2026/05/ferry-04.html", Some("2026-05-01 2026-06-01")),
        ] {
            let url = format!("https://paper.example{path}");
            assert_eq!(month(&url).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn a_sitemap_of_another_month_is_left_alone() {
        let at = |text: &str| text.parse().unwrap();
        let window = Interval {
            min: at("2026-05-01T00:00:00Z"),
            max: at("2026-06-01T00:00:00Z"),
        };
        let wanted = Wanted { window, max_pages: 1 };
        let named = |name: &str| Child {
            url: format!("https://paper.example/{name}"),
            modified: None,
        };
        assert!(wanted.may_list(&named("2026-05.xml")) && wanted.may_list(&named("posts.xml")));
        assert!(!wanted.may_list(&named("2026-03.xml")) && !wanted.may_list(&named("2026-07.xml")));
    }
}
