//! When the publisher says the piece appeared: an interval with its evidence, or nothing.
//!
//! Takes the page's claims, strongest first; a day-only claim gives way to a finer one of the same day.
//! Never guesses: a date that lies after the page was fetched, or far from the headline, is not one.

use jiff::{SignedDuration, Timestamp};

use super::dom::{Dom, Tag, What};
use super::metadata::Metadata;
use super::words::{fold, squeeze_into, weight};
use crate::model::{DateClaim, DateEvidence, Precision};
use crate::text::dates::{self, Written};

/// Meta tags that hold the day of publication, most specific first.
const KEYS: &[&str] = &[
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "publishdate",
    "publish_date",
    "publish-date",
    "publishtime",
    "pubdate",
    "published_time",
    "published-date",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "dc.date.created",
    "dcterms.created",
    "article:create_at",
    "cxenseparse:recs:publishtime",
    "rnews:datepublished",
    "article_date_original",
    "date",
];

const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dc.date.modified",
    "dcterms.modified",
    "last-modified",
];

/// Before this no newspaper had pages (1994-01-01).
const FIRST: i64 = 757_382_400;

/// What the dates are read against.
pub struct Reading<'a> {
    pub dom: &'a Dom<'a>,
    pub meta: &'a Metadata,
    /// The source's own zone.
    pub zone: &'a str,
    pub fetched_at: Timestamp,
    pub url: &'a str,
    /// The headline's element.
    pub heading: Option<usize>,
    pub title: Option<&'a str>,
    /// Where the text begins.
    pub body: Option<usize>,
    pub opening: Option<&'a str>,
}

impl Reading<'_> {
    /// The date of publication. `ruled` are the elements that a site rule points at.
    pub fn published(&self, ruled: &[usize]) -> Option<DateClaim> {
        let mut best: Option<DateClaim> = None;
        let sources: [&dyn Fn() -> Option<DateClaim>; 7] = [
            &|| ruled.iter().find_map(|at| self.element(*at, DateEvidence::Rule)),
            &|| self.claim(self.meta.jsonld.published.as_deref()?, DateEvidence::JsonLd),
            &|| {
                KEYS.iter()
                    .flat_map(|key| self.meta.all(key))
                    .find_map(|raw| self.claim(raw, DateEvidence::Meta))
            },
            &|| self.markup(),
            &|| self.address(),
            &|| self.visible(),
            &|| self.dateline(),
        ];
        for source in sources {
            if best.as_ref().is_some_and(|claim| claim.precision < Precision::Day) {
                break;
            }
            let Some(claim) = source() else { continue };
            match &best {
                None => best = Some(claim),
                Some(day) if within(&claim, day) && claim.precision < day.precision => best = Some(claim),
                Some(_) => {}
            }
        }
        best
    }

    pub fn modified(&self) -> Option<DateClaim> {
        let ld = self
            .meta
            .jsonld
            .modified
            .as_deref()
            .and_then(|raw| self.claim(raw, DateEvidence::JsonLd));
        ld.or_else(|| {
            MODIFIED
                .iter()
                .flat_map(|key| self.meta.all(key))
                .find_map(|raw| self.claim(raw, DateEvidence::Meta))
        })
    }

    fn claim(&self, raw: &str, evidence: DateEvidence) -> Option<DateClaim> {
        let read = dates::parse(raw, self.zone, Some(self.fetched_at))?;
        self.sane(read, raw).map(|read| read.claim(evidence, raw))
    }

    /// Not after the page was seen (a day's grace for zones), not before newspapers had pages; and a time of
    /// midnight to the second is how programs write a day.
    fn sane(&self, mut read: Written, raw: &str) -> Option<Written> {
        let latest = self.fetched_at.checked_add(SignedDuration::from_hours(24)).ok()?;
        if read.interval.min > latest || read.interval.min.as_second() < FIRST {
            return None;
        }
        if read.precision == Precision::Second && raw.contains("00:00:00") {
            read.precision = Precision::Day;
            read.interval.max = read.interval.min.checked_add(SignedDuration::from_hours(24)).ok()?;
        }
        Some(read)
    }

    /// The machine-readable attribute of an element, else its words.
    fn element(&self, at: usize, evidence: DateEvidence) -> Option<DateClaim> {
        let attributes = ["datetime", "content", "title", "data-time", "data-timestamp"];
        attributes
            .iter()
            .filter_map(|name| self.dom.attr(at, name))
            .find_map(|raw| self.claim(raw, evidence))
            .or_else(|| {
                let text = self.dom.text(at);
                if let Some(claim) = self.claim(&text, evidence) {
                    return Some(claim);
                }
                let (range, read) = dates::find(&text, self.zone, Some(self.fetched_at))?;
                let raw = text.get(range)?;
                self.sane(read, raw).map(|read| read.claim(evidence, raw))
            })
    }

    /// Microdata first, then the first `<time>` that stands by the headline or in the article.
    fn markup(&self) -> Option<DateClaim> {
        let mut times = Vec::new();
        for (at, tag, element) in self.dom.elements() {
            let prop = element.attr("itemprop").unwrap_or_default().to_ascii_lowercase();
            if prop
                .split_ascii_whitespace()
                .any(|p| p == "datepublished" || p == "datecreated")
                || element.attr("pubdate").is_some()
                || element
                    .attr("property")
                    .is_some_and(|p| p.to_ascii_lowercase().ends_with("datepublished"))
            {
                if let Some(claim) = self.element(at, DateEvidence::Markup) {
                    return Some(claim);
                }
            } else if tag == Tag::Time {
                times.push(at);
            }
        }
        // A <time> of a related story says nothing: only those near the headline count.
        let (from, to) = self.neighbourhood()?;
        times
            .into_iter()
            .filter(|at| (from..to).contains(at) && !self.modified_label(*at))
            .find_map(|at| self.element(at, DateEvidence::Markup))
    }

    fn modified_label(&self, at: usize) -> bool {
        let names = [self.dom.attr(at, "class"), self.dom.attr(at, "itemprop")];
        names.into_iter().flatten().any(|name| {
            let name = name.to_ascii_lowercase();
            name.contains("modif") || name.contains("updated")
        })
    }

    /// Items around the headline, down to the first lines of the text.
    pub fn neighbourhood(&self) -> Option<(usize, usize)> {
        let heading = self.heading.or_else(|| self.title_item());
        let top = heading.or(self.body)?;
        let end = self.body.map_or(top, |body| body.max(top));
        // Some sixty items are a byline's markup: icons, author cards, share links between headline and text.
        Some((
            top.saturating_sub(60),
            (end + 60).min(top + 400).min(self.dom.items.len()),
        ))
    }

    /// The text that repeats the title, where no heading does.
    fn title_item(&self) -> Option<usize> {
        let title = fold(self.title?);
        self.dom
            .items
            .iter()
            .enumerate()
            .find_map(|(at, item)| match item.what {
                What::Text(text) if text.len() >= 6 && text.len() < 1000 => {
                    let parent = self.dom.tag(item.parent);
                    let hidden = matches!(parent, Some(Tag::Script | Tag::Title | Tag::TextArea));
                    (!hidden && fold(text) == title).then_some(at)
                }
                _ => None,
            })
    }

    /// A date in the address: /2009/12/17/, /20091217/, /2009-12-17-.
    fn address(&self) -> Option<DateClaim> {
        let path = self.url.split_once("://").map_or(self.url, |(_, rest)| rest);
        let bytes = path.as_bytes();
        for at in 1..bytes.len() {
            if !matches!(bytes[at - 1], b'/' | b'-' | b'_' | b't' | b'=') || !bytes[at].is_ascii_digit() {
                continue;
            }
            if let Some((raw, end)) = address_day(bytes, at)
                && let Some(claim) = self.claim(&raw, DateEvidence::Url)
            {
                let raw = path.get(at..end).unwrap_or(&raw).to_owned();
                return Some(DateClaim { raw, ..claim });
            }
        }
        None
    }

    /// The first visible date near the headline, one with a time of day before others.
    fn visible(&self) -> Option<DateClaim> {
        let mut day = None;
        for line in self.lines() {
            let Some((range, read)) = dates::find(&line, self.zone, Some(self.fetched_at)) else {
                continue;
            };
            let Some(raw) = line.get(range) else { continue };
            let Some(read) = self.sane(read, raw) else { continue };
            let evidence = match dates::dateline(&line, self.zone, Some(self.fetched_at)) {
                Some((dateline, _)) if line.get(dateline.clone()) == Some(raw) => DateEvidence::Dateline,
                _ => DateEvidence::PageText,
            };
            let claim = read.claim(evidence, raw);
            if claim.precision < Precision::Day {
                return Some(claim);
            }
            day.get_or_insert(claim);
        }
        day
    }

    /// The short lines around the headline: prose mentions other days and other agencies.
    pub fn lines(&self) -> Vec<String> {
        let Some((from, to)) = self.neighbourhood() else {
            return Vec::new();
        };
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        let mut at = from;
        while at < to {
            match self.dom.items[at].what {
                What::Element(Tag::Script | Tag::TextArea | Tag::Title, _) => {
                    at = self.dom.items[at].end;
                    continue;
                }
                What::Element(tag, _) if tag.is_block() => lines.push(std::mem::take(&mut line)),
                What::Element(..) => squeeze_into(&mut line, " "),
                What::Text(text) => squeeze_into(&mut line, text),
            }
            at += 1;
        }
        lines.push(line);
        lines.retain(|line| !line.is_empty() && weight(line) < 260);
        lines
    }

    fn dateline(&self) -> Option<DateClaim> {
        let opening = self.opening?;
        let (range, read) = dates::dateline(opening, self.zone, Some(self.fetched_at))?;
        let raw = opening.get(range)?;
        self.sane(read, raw).map(|read| read.claim(DateEvidence::Dateline, raw))
    }
}

fn within(fine: &DateClaim, coarse: &DateClaim) -> bool {
    // A claim in another zone may start some hours before the day does.
    let slack = SignedDuration::from_hours(14);
    coarse
        .interval
        .min
        .checked_sub(slack)
        .is_ok_and(|min| fine.interval.min >= min)
        && coarse
            .interval
            .max
            .checked_add(slack)
            .is_ok_and(|max| fine.interval.min < max)
}

/// Eight digits, or four-two-two with one kind of separator, that a digit does not follow.
fn address_day(bytes: &[u8], at: usize) -> Option<(String, usize)> {
    let digits = |from: usize| {
        bytes
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let text = |from: usize, to: usize| std::str::from_utf8(bytes.get(from..to)?).ok();
    match digits(at) {
        8 => Some((text(at, at + 8)?.to_owned(), at + 8)),
        4 => {
            let mark = *bytes.get(at + 4)?;
            if !matches!(mark, b'/' | b'-' | b'_') {
                return None;
            }
            // /2009/1217/ and /2009-12/17/ are portals' ways.
            if digits(at + 5) == 4 {
                return Some((text(at, at + 4)?.to_owned() + text(at + 5, at + 9)?, at + 9));
            }
            let month = digits(at + 5);
            let second = at + 5 + month;
            let day = digits(second + 1);
            let joined = matches!(*bytes.get(second)?, b'/' | b'-' | b'_');
            if !(1..=2).contains(&month) || !(1..=2).contains(&day) || !joined {
                return None;
            }
            let end = second + 1 + day;
            Some((
                format!(
                    "{}-{:0>2}-{:0>2}",
                    text(at, at + 4)?,
                    text(at + 5, second)?,
                    text(second + 1, end)?
                ),
                end,
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::address_day;

    #[test]
    fn days_in_addresses() {
        let read = |path: &str| address_day(path.as_bytes(), 1).map(|(day, _)| day);
        assert_eq!(read("/2009/12/17/page").as_deref(), Some("2009-12-17"));
        assert_eq!(read("/20091217/c1.html").as_deref(), Some("20091217"));
        assert_eq!(read("/2009/1217/c1.html").as_deref(), Some("20091217"));
        assert_eq!(read("/2009-12/17/c_1.htm").as_deref(), Some("2009-12-17"));
        assert_eq!(read("/2009/12/a"), None);
        assert_eq!(read("/200912171/"), None);
    }
}
