//! When the publisher says the piece appeared: an interval with its evidence, or nothing.
//!
//! Takes the page's claims, strongest first; a day-only claim gives way to a finer one of the same day.
//! Never guesses: a date that lies after the page was fetched, or far from the headline, is not one.

mod address;
mod seen;

use std::cell::OnceCell;

use jiff::{SignedDuration, Timestamp};

use self::seen::{Label, PLAIN, SURE, Seen};
use super::dom::{Attributes, Dom, Tag, What};
use super::jsonld;
use super::metadata::Metadata;
use super::words::{fold, squeeze_into, weight};
use crate::model::{DateClaim, DateEvidence, Precision};
use crate::text::dates::{self, Usage, Written};

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
    "publish_time",
    "publicationdate",
    "publication_date",
    "pubdate",
    "pub_date",
    "published_time",
    "published-date",
    "publisheddate",
    "article.published",
    "article:publicationdate",
    "parsely-pub-date",
    "sailthru.date",
    "shareaholic:article_published_time",
    "citation_publication_date",
    "citation_online_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.issued",
    "dc.date.published",
    "dc.date.created",
    "dcterms.created",
    "dc:date.issued",
    "dcterms:issued",
    "dc:date.created",
    "dcterms:created",
    "article:create_at",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "bi3dpubdate",
    "ob:date",
    "vr:published_time",
    "rnews:datepublished",
    "article_date_original",
    "originalpublicationdate",
    "apub:time",
];

/// Meta tags that some systems fill with the day of the last change.
const LOOSE: &[&str] = &[
    "date",
    "dc.date",
    "dcterms.date",
    "dc:date",
    "created",
    "datecreated",
    "article:date",
    "article_date",
    "og:pubdate",
    "og:date",
    "weibo: article:create_at",
];

const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dc.date.modified",
    "dcterms.modified",
    "last-modified",
];

/// So long after the day in its address a piece is a renewed one; a few days are a story that is kept up.
const RENEWED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Before this no newspaper had pages (1994-01-01).
const FIRST: i64 = 757_382_400;

/// What the dates are read against.
pub struct Reading<'a> {
    pub dom: &'a Dom<'a>,
    pub meta: &'a Metadata,
    /// The source's own zone, and its language or the page's.
    pub usage: Usage<'a>,
    /// When the page was as it is: what "yesterday" and a day without its year are counted from.
    pub now: Option<Timestamp>,
    /// When the page was seen: no date is later.
    pub latest: Timestamp,
    pub url: &'a str,
    /// The headline's element.
    pub heading: Option<usize>,
    pub title: Option<&'a str>,
    /// Where the text begins.
    pub body: Option<usize>,
    /// Where its first sentence stands: lines above it may hold the day, an outlet, names.
    pub prose: Option<usize>,
    /// Where its last paragraph begins.
    pub end: Option<usize>,
    pub opening: Option<&'a str>,
}

impl Reading<'_> {
    /// The day of publication and that of the last change. `ruled` are the elements that a site rule points at.
    pub fn both(&self, ruled: &[usize]) -> (Option<DateClaim>, Option<DateClaim>) {
        let seen = OnceCell::new();
        (self.published(ruled, &seen), self.modified(&seen))
    }

    fn published(&self, ruled: &[usize], shown_dates: &OnceCell<Vec<Seen>>) -> Option<DateClaim> {
        let rule = ruled.iter().find_map(|at| self.element(*at, DateEvidence::Rule));
        let mut said = self.said();
        let url = self.address();
        if rule.is_none()
            && let Some(agreed) = agreed(&said).filter(|claim| url.as_ref().is_none_or(|url| !apart(claim, url)))
        {
            return Some(agreed);
        }
        let loose = self.loose();
        let mut seen = shown_dates.get_or_init(|| self.seen()).clone();
        for seen in &mut seen {
            self.settle(&mut seen.claim, said.first().or(url.as_ref()));
        }
        let shown = shown(&seen, url.as_ref(), &loose);
        let meant = |claim: &DateClaim| !is_placeholder(claim) || shown.is_some_and(|seen| !apart(&seen.claim, claim));
        said.retain(meant);
        // "03/04/2009" is read by what else the page says.
        for claim in &mut said {
            let witness = url.as_ref().or(shown.map(|seen| &seen.claim));
            self.settle(claim, witness);
        }
        let mut loose: Vec<DateClaim> = loose.iter().filter(|claim| meant(claim)).cloned().collect();
        for claim in &mut loose {
            self.settle(claim, url.as_ref().or(shown.map(|seen| &seen.claim)));
        }
        let best = rule
            .or_else(|| first_of(&said, url.as_ref(), shown))
            .or_else(|| self.unsaid(&loose, url.as_ref(), shown))?;
        let every: Vec<&DateClaim> = said
            .iter()
            .chain(&loose)
            .chain(
                seen.iter()
                    .filter(|seen| seen.score >= SURE && seen.label != Label::Updated)
                    .map(|seen| &seen.claim),
            )
            .collect();
        let best = finest(best, &every);
        let local = self.in_local_time(best.clone(), &every);
        // A clock that contradicts the address is another's.
        let day = |claim: &DateClaim| claim.to_local().get(..10).map(str::to_owned);
        let contradicted = url
            .as_ref()
            .is_some_and(|url| day(url) == day(&best) && day(url) != day(&local));
        Some(if contradicted { best } else { local })
    }

    /// What the page says of its day in the words of machines, strongest first.
    fn said(&self) -> Vec<DateClaim> {
        let ld = self.meta.jsonld.published.as_deref();
        let mut said: Vec<DateClaim> = ld
            .and_then(|raw| self.claim(raw, DateEvidence::JsonLd))
            .into_iter()
            .collect();
        let keyed = KEYS.iter().flat_map(|key| self.meta.all(key));
        said.extend(keyed.filter_map(|raw| self.claim(raw, DateEvidence::Meta)).take(6));
        said.extend(self.microdata());
        said
    }

    /// Claims that are often the day of something else: the page, its last change, a picture.
    fn loose(&self) -> Vec<DateClaim> {
        let ld = self.meta.jsonld.dates.iter();
        let page = ld.filter_map(|raw| self.claim(raw, DateEvidence::JsonLd));
        let keyed = LOOSE.iter().flat_map(|key| self.meta.all(key));
        page.take(1)
            .chain(keyed.filter_map(|raw| self.claim(raw, DateEvidence::Meta)).take(4))
            .chain(self.in_title())
            .collect()
    }

    /// A day at the end of the page's title: "Headline | Section | 28.04.2023".
    fn in_title(&self) -> Option<DateClaim> {
        let titles = [self.meta.page_title.as_deref(), self.meta.get(&["og:title"])];
        titles.into_iter().flatten().find_map(|title| {
            let (_, tail) = title.rsplit_once(['|', '-', '–', '—'])?;
            self.claim(tail.trim(), DateEvidence::Meta).filter(|_| {
                tail.trim().chars().count() <= 24 && tail.trim().ends_with(|c: char| c.is_ascii_digit() || c == '日')
            })
        })
    }

    /// A claim whose order of day and month is open takes the one that a witness confirms.
    fn settle(&self, claim: &mut DateClaim, witness: Option<&DateClaim>) {
        if let Some(witness) = witness
            && apart(claim, witness)
            && let Some(other) = dates::turned(&claim.raw, self.usage, self.now)
            && let Some(other) = self.sane(other, &claim.raw)
        {
            let raw = claim.raw.clone();
            let other = other.claim(claim.evidence, &raw);
            if !apart(&other, witness) {
                *claim = other;
            }
        }
    }

    /// Where no field says it: the address, the reader's eye, and fields of less weight.
    fn unsaid(&self, loose: &[DateClaim], url: Option<&DateClaim>, shown: Option<&Seen>) -> Option<DateClaim> {
        if let Some(shown) = shown
            && shown.score >= SURE
            && url.is_none_or(|url| shown.label == Label::Published || !apart(url, &shown.claim))
        {
            return Some(shown.claim.clone());
        }
        let weak = || shown.map(|seen| seen.claim.clone());
        url.cloned()
            .or_else(|| loose.first().cloned())
            .or_else(weak)
            .or_else(|| self.dateline())
            .or_else(|| self.in_scripts())
    }

    /// The day that the page's data give its programs, where all of them give one.
    fn in_scripts(&self) -> Option<DateClaim> {
        const FIELDS: [&str; 8] = [
            "\"datePublished\"",
            "\"publishedAt\"",
            "\"published_at\"",
            "\"publishDate\"",
            "\"publish_date\"",
            "\"publishedDate\"",
            "\"publicationDate\"",
            "\"firstPublicationDate\"",
        ];
        let mut found: Option<DateClaim> = None;
        let scripts = self.dom.elements().filter(|(_, tag, _)| *tag == Tag::Script);
        for source in scripts.map(|(at, ..)| self.dom.source(at)) {
            for written in FIELDS.iter().flat_map(|field| jsonld::strings(source, field).take(8)) {
                let Some(claim) = self.claim(written, DateEvidence::Meta) else {
                    continue;
                };
                match &found {
                    Some(other) if apart(other, &claim) => return None,
                    Some(_) => {}
                    None => found = Some(claim),
                }
            }
        }
        found
    }

    /// The claim with the page's own clock, where the page tells the same instant in it: "2009-12-17T04:30:00Z" beside
    /// "05:30", which is one hour ahead.
    fn in_local_time(&self, mut best: DateClaim, every: &[&DateClaim]) -> DateClaim {
        if best.precision > Precision::Minute || best.zone != "UTC" || best.zone_assumed {
            return best;
        }
        let at = best.interval.min.as_second();
        // A minute as written may be any second of it.
        let same = |other: &DateClaim, ahead: i64| {
            other.precision < Precision::Day && (at + ahead - other.interval.min.as_second()).abs() < 60
        };
        if let Some(told) = every
            .iter()
            .find(|other| !other.zone_assumed && other.zone != "UTC" && same(other, 0))
        {
            best.zone = told.zone.clone();
            return best;
        }
        if self.usage.zone != "UTC" {
            best.zone = self.usage.zone.to_owned();
            return best;
        }
        // Read as UTC for want of a zone, a local time is as far off as its zone: whole quarters of an hour, from
        // UTC-12 to UTC+14.
        for other in every
            .iter()
            .filter(|other| other.zone_assumed && other.precision < Precision::Day)
        {
            let ahead = other.interval.min.as_second() - at;
            let quarters = (ahead as f64 / 900.0).round() as i64;
            // Half hours are India's, Iran's and their neighbours'; quarters nearly nobody's.
            let known = quarters % 4 == 0 || matches!(quarters, 14 | 18 | 22 | 23 | 26 | 38 | -14);
            if (-48..=56).contains(&quarters) && quarters != 0 && known && same(other, quarters * 900) {
                let minutes = quarters.abs() * 15;
                let sign = if quarters < 0 { '-' } else { '+' };
                best.zone = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
                return best;
            }
        }
        best
    }

    /// The day of the last change: as the page's fields say, or as it says to the reader.
    fn modified(&self, shown_dates: &OnceCell<Vec<Seen>>) -> Option<DateClaim> {
        let ld = self.meta.jsonld.modified.as_deref();
        ld.and_then(|raw| self.claim(raw, DateEvidence::JsonLd))
            .or_else(|| {
                MODIFIED
                    .iter()
                    .flat_map(|key| self.meta.all(key))
                    .find_map(|raw| self.claim(raw, DateEvidence::Meta))
            })
            .or_else(|| {
                let updated = |seen: &Seen| seen.label == Label::Updated;
                let seen = shown_dates.get_or_init(|| self.seen());
                seen.iter().find(|seen| updated(seen)).map(|seen| seen.claim.clone())
            })
    }

    fn claim(&self, raw: &str, evidence: DateEvidence) -> Option<DateClaim> {
        let read = dates::parse(raw, self.usage, self.now)?;
        self.sane(read, raw).map(|read| read.claim(evidence, raw))
    }

    /// Not after the page was seen (a day's grace for zones), not before newspapers had pages; and a time of
    /// midnight to the second is how programs write a day.
    fn sane(&self, mut read: Written, raw: &str) -> Option<Written> {
        if read.is_after(self.latest) || read.interval.min.as_second() < FIRST {
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
                let (range, read) = dates::find(&text, self.usage, self.now)?;
                let raw = text.get(range)?;
                self.sane(read, raw).map(|read| read.claim(evidence, raw))
            })
    }

    /// Microdata: those by the headline before others; of others the first, where they agree.
    fn microdata(&self) -> Option<DateClaim> {
        let (from, to) = self.neighbourhood().unwrap_or((0, 0));
        let mut first: Option<DateClaim> = None;
        let mut several = false;
        for (at, _, element) in self.dom.elements() {
            let is_date = element.attribute("itemprop").is_some_and(|prop| {
                prop.split_ascii_whitespace()
                    .any(|p| p.eq_ignore_ascii_case("datepublished") || p.eq_ignore_ascii_case("datecreated"))
            }) || element.attribute("pubdate").is_some()
                || element
                    .attribute("property")
                    .is_some_and(|p| p.to_ascii_lowercase().ends_with("datepublished"));
            if !is_date {
                continue;
            }
            let Some(claim) = self.element(at, DateEvidence::Markup) else {
                continue;
            };
            if (from..to).contains(&at) {
                return Some(claim);
            }
            match &first {
                Some(other) => several = several || apart(other, &claim),
                None => first = Some(claim),
            }
        }
        first.filter(|_| !several)
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

    fn address(&self) -> Option<DateClaim> {
        address::days(self.url).find_map(|(raw, day)| {
            let claim = self.claim(&day, DateEvidence::Url)?;
            Some(DateClaim {
                raw: raw.to_owned(),
                ..claim
            })
        })
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
        let (range, read) = dates::dateline(opening, self.usage, self.now)?;
        let raw = opening.get(range)?;
        self.sane(read, raw).map(|read| read.claim(DateEvidence::Dateline, raw))
    }
}

/// Of what the page says, the claim that is its day of publication.
fn first_of(said: &[DateClaim], url: Option<&DateClaim>, shown: Option<&Seen>) -> Option<DateClaim> {
    let first = said.first()?;
    // An address is given once, at first publication; a field may be filled again when a piece is moved or renewed.
    if let Some(url) = url
        && let Ok(later) = url.interval.max.checked_add(RENEWED)
        && later < first.interval.min
    {
        return Some(said.iter().find(|claim| !apart(claim, url)).unwrap_or(url).clone());
    }
    // Fields that disagree: the one that the reader sees.
    if let Some(shown) = shown.filter(|seen| seen.score >= SURE)
        && apart(first, &shown.claim)
        && url.is_none_or(|url| apart(first, url))
    {
        let same = said.iter().find(|claim| !apart(claim, &shown.claim));
        let alone = !said[1..].iter().any(|claim| !apart(claim, first));
        if let Some(same) = same.filter(|claim| alone && claim.evidence != DateEvidence::Markup) {
            return Some(same.clone());
        }
        // The first day that a system calls so; an article's own record (JSON-LD) is only corrected by its reader's words.
        let plain = shown.score >= PLAIN && first.evidence != DateEvidence::JsonLd;
        if shown.claim.interval.max < first.interval.min && (shown.label == Label::Published || plain) {
            return Some(shown.claim.clone());
        }
    }
    Some(first.clone())
}

/// Two fields of one day, one of them with a time and a zone: there is nothing to ask the rest of the page.
fn agreed(said: &[DateClaim]) -> Option<DateClaim> {
    let [first, others @ ..] = said else { return None };
    let all = !others.is_empty() && others.iter().all(|other| !apart(first, other));
    let zoned = |claim: &&DateClaim| claim.interval == first.interval && claim.zone != "UTC" && !claim.zone_assumed;
    let told = said
        .iter()
        .find(zoned)
        .filter(|_| all && first.precision < Precision::Day)?;
    Some(DateClaim {
        zone: told.zone.clone(),
        ..first.clone()
    })
}

/// The date shown that is the article's: the best one, if no other is as good or a witness confirms it.
fn shown<'a>(seen: &'a [Seen], url: Option<&DateClaim>, loose: &[DateClaim]) -> Option<&'a Seen> {
    let own: Vec<&Seen> = seen.iter().filter(|seen| seen.label != Label::Updated).collect();
    let best = own.first()?;
    let rivals = own.iter().take_while(|seen| seen.score == best.score);
    if !rivals.clone().any(|seen| apart(&seen.claim, &best.claim)) {
        return Some(best);
    }
    let witnessed = |seen: &&&Seen| url.into_iter().chain(loose).any(|claim| !apart(claim, &seen.claim));
    rivals.clone().find(witnessed).copied().or(Some(best))
}

/// The first of January without a time is what programs fill in for a year, or for nothing.
fn is_placeholder(claim: &DateClaim) -> bool {
    claim.precision >= Precision::Day && claim.to_local().get(4..10) == Some("-01-01")
}

/// The same day told more finely, if another claim does.
fn finest(best: DateClaim, every: &[&DateClaim]) -> DateClaim {
    if best.precision < Precision::Day {
        return best;
    }
    let fine = every
        .iter()
        .find(|claim| claim.precision < Precision::Day && !apart(claim, &best) && same_local_day(claim, &best));
    fine.map_or(best, |fine| (*fine).clone())
}

/// Both as days of their own zones.
fn same_local_day(a: &DateClaim, b: &DateClaim) -> bool {
    a.to_local().get(..10) == b.to_local().get(..10) || !a.zone_assumed
}

/// Two claims that cannot be of one day. A claim in another zone may begin some hours before the day does.
fn apart(a: &DateClaim, b: &DateClaim) -> bool {
    let (fine, coarse) = if a.precision <= b.precision { (a, b) } else { (b, a) };
    let slack = SignedDuration::from_hours(14);
    let inside = coarse
        .interval
        .min
        .checked_sub(slack)
        .is_ok_and(|min| fine.interval.min >= min)
        && coarse
            .interval
            .max
            .checked_add(slack)
            .is_ok_and(|max| fine.interval.min < max);
    // Two days are one or they are not; two times of one day are within its length.
    let days = a.precision >= Precision::Day && b.precision >= Precision::Day;
    if days { a.to_local() != b.to_local() } else { !inside }
}
