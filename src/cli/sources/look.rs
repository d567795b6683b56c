//! One source looked at: each listing, then one article page. What `sources check` prints is this.

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use crate::crawl::rule_tally::{RuleLine, RuleTally};
use crate::crawl::{plan, reading};
use crate::discover::{self, Listed};
use crate::extract::{self, Context};
use crate::fetch::Request;
use crate::identify::language;
use crate::model::look::RobotsSay;
use crate::model::source::PagePolicy;
use crate::model::{
    CommentState, DateClaim, DateEvidence, Draft, Length, Link, Listing, ListingKind, Outcome, Page, Precision,
    RuleFit, Source, TextAccess, reservation,
};
use crate::text::script::length;

use super::visitor::{Got, Visitor, why};

/// Article pages tried before the source is said to have none that can be read.
const TRIES: usize = 2;

/// What a look at one source showed.
#[derive(Debug, Serialize)]
pub struct Seen {
    pub source: String,
    pub ok: bool,
    pub listings: Vec<ListingSeen>,
    /// Absent where no article page is fetched, or none was announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<PageSeen>,
    /// How each part of the site rules fared on the pages that were read; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleLine>,
    /// `pages = "listing-only"`
    pub listing_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct ListingSeen {
    pub url: String,
    pub kind: ListingKind,
    pub outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    pub robots: RobotsSay,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub robots_rule: Option<String>,
    /// What the answer is, whatever it was declared to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<&'static str>,
    pub items: usize,
    pub dates: Dates,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Timestamp>,
    /// Text that the listing itself carries for its first item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teaser: Option<Length>,
    pub repairs: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rule_misses: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    pub ms: u64,
}

/// How good the dates are that a listing gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Dates {
    pub dated: usize,
    /// Of these, with an hour.
    pub timed: usize,
    /// Of these, without a zone, so that the source's own was taken.
    pub zone_assumed: usize,
}

#[derive(Debug, Serialize)]
pub struct PageSeen {
    pub url: String,
    pub outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    pub robots: RobotsSay,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<Length>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_access: Option<TextAccess>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_evidence: Option<DateEvidence>,
    pub zone_assumed: bool,
    pub day_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments: Option<CommentState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment_count: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rule_misses: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reservations: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Looks at a source; `sample` article pages are read, or as many as are announced.
pub async fn look(visitor: &Visitor, source: &Source, sample: usize, now: Timestamp) -> Seen {
    let tries = sample.max(TRIES);
    let mut listings = Vec::new();
    let mut candidates: Vec<String> = Vec::new();
    for listing in &source.listings {
        let (seen, listed) = self::listing(visitor, source, listing, now).await;
        candidates.extend(listed.links.iter().take(tries).map(|link| link.url.clone()));
        listings.push(seen);
        // An index names sitemaps and no articles: its newest child shows what it leads to.
        if let Some(child) = listed.children.first().filter(|_| listed.links.is_empty()) {
            let child = reading::remembered(&child.url, ListingKind::Sitemap);
            let (seen, listed) = self::listing(visitor, source, &child, now).await;
            candidates.extend(listed.links.iter().take(tries).map(|link| link.url.clone()));
            listings.push(seen);
        }
    }
    let listing_only = source.pages == PagePolicy::ListingOnly;
    let mut page: Option<PageSeen> = None;
    let mut tally = RuleTally::default();
    if !listing_only {
        let mut read = 0;
        for url in apart(&candidates, tries) {
            let (seen, fit) = article(visitor, source, url).await;
            tally.count(fit.as_ref());
            let readable = seen.length.is_some_and(|length| length.n > 0);
            // The first that can be read stands for the source; one that cannot, only where there is no other.
            if readable && read == 0 || page.is_none() {
                page = Some(seen);
            }
            read += usize::from(readable);
            if read >= sample {
                break;
            }
        }
    }
    let ok = !listings.is_empty()
        && listings.iter().all(|seen| seen.error.is_none())
        && page.as_ref().is_none_or(|page| page.error.is_none());
    let disabled = (!source.enabled).then(|| source.reason.clone().unwrap_or_default());
    Seen {
        source: source.id.clone(),
        ok,
        listings,
        page,
        rules: tally.lines(&source.rules),
        listing_only,
        disabled,
    }
}

async fn listing(visitor: &Visitor, source: &Source, listing: &Listing, now: Timestamp) -> (ListingSeen, Listed) {
    let address = plan::listing_url(&listing.url, &source.timezone, now);
    let mut seen = ListingSeen {
        url: address.clone(),
        kind: listing.kind,
        outcome: Outcome::AddressRefused,
        status: None,
        robots: RobotsSay::Allow,
        robots_rule: None,
        document: None,
        items: 0,
        dates: Dates::default(),
        newest: None,
        oldest: None,
        teaser: None,
        repairs: Vec::new(),
        rule_misses: Vec::new(),
        error: None,
        ms: 0,
    };
    let Ok(url) = Url::parse(&address) else {
        seen.error = Some(format!("{address} is no address"));
        return (seen, empty());
    };
    let mut request = match listing.kind {
        ListingKind::Feed => Request::feed(url),
        ListingKind::Sitemap => Request::sitemap(url),
        ListingKind::Page | ListingKind::Archive => Request::page(url),
    };
    request.proxy = source.proxy.as_deref();
    let got = visitor
        .get(request, source.delay, listing.kind != ListingKind::Feed)
        .await;
    seen.outcome = got.attempt.outcome;
    seen.status = got.attempt.response.as_ref().map(|response| response.status);
    seen.robots = got.robots.say();
    seen.robots_rule = got.robots.rule.clone();
    seen.ms = u64::try_from(got.attempt.duration.as_millis()).unwrap_or(u64::MAX);
    match body(got) {
        Ok(page) => {
            let listed = discover::links(&page, listing, &source.timezone, now);
            describe(&mut seen, listing, &listed, source);
            (seen, listed)
        }
        Err((outcome, why)) => {
            seen.outcome = outcome;
            seen.error = Some(why);
            (seen, empty())
        }
    }
}

/// The page of a good answer, or how it failed.
fn body(got: Got) -> Result<Page, (Outcome, String)> {
    match got.page {
        Some(Ok(page)) if got.attempt.outcome == Outcome::Ok => Ok(page),
        Some(Err(error)) if got.attempt.outcome == Outcome::Ok => Err((Outcome::BadEncoding, error.to_string())),
        _ => Err((got.attempt.outcome, why(&got.attempt))),
    }
}

fn empty() -> Listed {
    Listed {
        document: discover::DocumentKind::Unreadable,
        title: None,
        lang: None,
        charset: String::new(),
        ttl_minutes: None,
        items: 0,
        links: Vec::new(),
        unaddressed: Vec::new(),
        older: None,
        children: Vec::new(),
        repairs: Vec::new(),
        cut: false,
        error: None,
        hint: None,
    }
}

fn describe(seen: &mut ListingSeen, listing: &Listing, listed: &Listed, source: &Source) {
    seen.document = Some(listed.document.as_str());
    seen.items = listed.links.len() + listed.children.len();
    seen.dates = dates(&listed.links);
    seen.newest = listed.newest();
    seen.oldest = listed.oldest();
    seen.repairs = listed.repairs.clone();
    seen.error = listed.error.clone();
    seen.teaser = listed
        .links
        .first()
        .and_then(|link| link.text.as_deref().or(link.teaser.as_deref()))
        .map(|text| length(text, Some(&source.lang)));
    if seen.error.is_some() {
        seen.outcome = Outcome::Unreadable;
    } else if seen.items == 0 {
        seen.error = Some("answers, but lists nothing".to_owned());
    }
    if listing.date.is_some() && seen.items > 0 && seen.dates.dated == 0 {
        seen.rule_misses.push("date".to_owned());
    }
}

fn dates(links: &[Link]) -> Dates {
    let claims: Vec<&DateClaim> = links
        .iter()
        .filter_map(|link| link.published.as_ref().or(link.updated.as_ref()))
        .collect();
    let timed = |claim: &&&DateClaim| claim.precision < Precision::Day;
    Dates {
        dated: claims.len(),
        timed: claims.iter().filter(timed).count(),
        zone_assumed: claims.iter().filter(timed).filter(|claim| claim.zone_assumed).count(),
    }
}

async fn article(visitor: &Visitor, source: &Source, url: &str) -> (PageSeen, Option<RuleFit>) {
    let mut seen = PageSeen {
        url: url.to_owned(),
        outcome: Outcome::AddressRefused,
        status: None,
        robots: RobotsSay::Allow,
        title: None,
        length: None,
        text_access: None,
        published: None,
        published_evidence: None,
        zone_assumed: false,
        day_only: false,
        lang: None,
        charset: None,
        comments: None,
        comment_count: None,
        rule_misses: Vec::new(),
        reservations: Vec::new(),
        error: None,
    };
    let Ok(address) = Url::parse(url) else {
        seen.error = Some(format!("{url} is no address"));
        return (seen, None);
    };
    let by_origin = visitor.reserved(source.proxy.as_deref(), &address, source.delay).await;
    // As a crawl would: what is known to be reserved is not asked for.
    if let Some(why) = reservation::withheld(source.reservations, &by_origin) {
        seen.outcome = Outcome::Reserved;
        seen.error = Some(why);
        seen.reservations = by_origin;
        return (seen, None);
    }
    let mut request = Request::page(address);
    request.proxy = source.proxy.as_deref();
    let got = visitor.get(request, source.delay, true).await;
    seen.outcome = got.attempt.outcome;
    seen.status = got.attempt.response.as_ref().map(|response| response.status);
    seen.robots = got.robots.say();
    let mut fit = None;
    match body(got) {
        Ok(page) => {
            let context = Context {
                zone: &source.timezone,
                fetched_at: Some(page.fetched_at),
                lang: Some(&source.lang),
            };
            let mut draft = extract::draft_of(&page, &source.rules, &context);
            fit = draft.rule.take();
            fill(&mut seen, draft, source);
        }
        Err((outcome, why)) => {
            seen.outcome = outcome;
            seen.error = Some(why);
        }
    }
    seen.reservations.extend(by_origin);
    seen.reservations.sort_unstable();
    seen.reservations.dedup();
    (seen, fit)
}

/// The first `count` different ones.
fn apart(urls: &[String], count: usize) -> Vec<&String> {
    let mut chosen: Vec<&String> = Vec::new();
    for url in urls {
        if chosen.len() < count && !chosen.contains(&url) {
            chosen.push(url);
        }
    }
    chosen
}

fn fill(seen: &mut PageSeen, draft: Draft, source: &Source) {
    let sample = format!("{}\n{}", draft.title.as_deref().unwrap_or_default(), draft.text);
    let lang = language::detect(&sample, Some(&source.lang)).lang;
    let read = length(&draft.text, lang.as_deref().or(Some(&source.lang)));
    if read.n == 0 {
        seen.error = Some("no readable text on it".to_owned());
    }
    seen.length = Some(read);
    seen.lang = lang;
    seen.title = draft.title;
    seen.text_access = Some(draft.text_access);
    seen.charset = Some(draft.charset);
    seen.comments = Some(draft.comments.state);
    seen.comment_count = draft.comments.count;
    seen.rule_misses = draft.rule_misses;
    seen.reservations = draft.reservations;
    if let Some(claim) = &draft.published {
        seen.published = Some(claim.to_published());
        seen.published_evidence = Some(claim.evidence);
        seen.zone_assumed = claim.zone_assumed;
        seen.day_only = claim.precision >= Precision::Day;
    }
}
