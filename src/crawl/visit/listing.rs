//! One look at one listing: asked for, read, recorded with its numbers.

use jiff::Timestamp;
use url::Url;

use crate::archive::decode;
use crate::crawl::plan::{self};
use crate::crawl::reading;
use crate::crawl::recorder::{Answer, Read, RecordError};
use crate::crawl::run::Event;
use crate::crawl::summary::SourceSummary;
use crate::discover::Listed;
use crate::fetch::client::{Request, Validators};
use crate::fetch::headers::PRODUCT;
use crate::fetch::limits;
use crate::model::look::Continuity;
use crate::model::{Listing, ListingKind, Look, Observation, Outcome, Page, Source, Verdict};
use crate::store::{Announced, PreviousLook};
use crate::text::hash::sha256_hex;

use super::manners::{Shared, answer, follow, refused, text_headers};

/// Every so many looks without news, one asks without validators: servers that always say "not modified" exist.
const UNCONDITIONAL: u32 = 20;
/// Sitemaps of an index that one look opens: the newest ones.
const CHILDREN: usize = 2;

/// What a look found, for whoever goes on from there.
pub(super) struct Seen {
    pub outcome: Outcome,
    pub error: Option<String>,
    /// Its children and older pages; its own links are in `links`.
    pub listed: Option<Listed>,
    /// Kept for an archive only: what a living listing announces is read back from the store.
    pub links: Vec<Announced>,
}

impl Seen {
    fn nothing(look: &Look) -> Seen {
        Seen {
            outcome: look.outcome,
            error: look.error.clone(),
            listed: None,
            links: Vec::new(),
        }
    }
}

/// Looks at one listing. Gives the children of a sitemap index.
pub(super) async fn look(
    shared: &Shared,
    source: &Source,
    listing: &Listing,
    declared: String,
    summary: &mut SourceSummary,
    changed: &mut Vec<String>,
) -> Result<Vec<String>, RecordError> {
    let seen = see(shared, source, listing, declared, summary, changed).await?;
    let children = seen.listed.into_iter().flat_map(|listed| listed.children);
    Ok(children.take(CHILDREN).map(|child| child.url).collect())
}

/// The same, giving all that was found.
pub(super) async fn see(
    shared: &Shared,
    source: &Source,
    listing: &Listing,
    declared: String,
    summary: &mut SourceSummary,
    changed: &mut Vec<String>,
) -> Result<Seen, RecordError> {
    let started = Timestamp::now();
    let address = plan::listing_url(&listing.url, &source.timezone, shared.clock.now());
    let mut look = blank(source, listing, declared);
    let Ok(url) = Url::parse(&address) else {
        look.outcome = Outcome::AddressRefused;
        look.error = Some(format!("{address} is no address"));
        let seen = Seen::nothing(&look);
        return finish(shared, look, None, Vec::new(), summary, changed)
            .await
            .map(|()| seen);
    };
    if shared.offline {
        look.error = Some("not attempted: this machine seems to be offline".to_owned());
        let seen = Seen::nothing(&look);
        return finish(shared, look, None, Vec::new(), summary, changed)
            .await
            .map(|()| seen);
    }
    let Some(rules) = shared.robots(source, &url).await? else {
        return not_attempted(shared, look, summary, changed).await;
    };
    let decision = rules.check(PRODUCT, url.as_str());
    look.robots = Some(decision.say());
    // A feed is a subscription that the user asked for; pages and sitemaps are fetched only where robots.txt allows.
    if !decision.allowed && listing.kind != ListingKind::Feed {
        look.at = shared.clock.now();
        look.outcome = refused(decision.say());
        look.error = Some(
            decision
                .rule
                .unwrap_or_else(|| "robots.txt could not be read".to_owned()),
        );
        let seen = Seen::nothing(&look);
        return finish(shared, look, None, Vec::new(), summary, changed)
            .await
            .map(|()| seen);
    }
    let previous = shared.reader.previous(&source.id, &look.listing_url)?;
    let mut request = match listing.kind {
        ListingKind::Feed => Request::feed(url),
        ListingKind::Sitemap | ListingKind::Archive => Request::sitemap(url),
        ListingKind::Page => Request::page(url),
    };
    request.proxy = source.proxy.as_deref();
    // A 304 of an index would say nothing of its children, so a sitemap is always asked for whole.
    request.validators = match listing.kind {
        ListingKind::Sitemap | ListingKind::Archive => None,
        ListingKind::Feed | ListingKind::Page => validators(previous.as_ref()),
    };
    let delay = shared.delay_of(source, decision.crawl_delay);
    let attempt = if listing.kind == ListingKind::Feed {
        follow(shared, source, request, delay, false).await?
    } else {
        follow(shared, source, request, delay, true).await?
    };
    let Some(attempt) = attempt else {
        return not_attempted(shared, look, summary, changed).await;
    };
    look.at = shared.clock.now();
    look.duration_ms = Timestamp::now().duration_since(started).as_millis().unsigned_abs() as u64;
    look.outcome = attempt.outcome;
    look.status = attempt.response.as_ref().map(|response| response.status);
    look.error = attempt.error.clone();
    let mut links = Vec::new();
    let mut listed = None;
    if let Some(response) = &attempt.response {
        look.bytes = response.body.len() as u64;
        look.etag = response.header("etag").map(str::to_owned);
        look.last_modified = response.header("last-modified").map(str::to_owned);
        let broke_off = matches!(attempt.outcome, Outcome::Truncated | Outcome::TooLarge) && response.status == 200;
        if attempt.outcome == Outcome::Ok {
            (links, listed) = read(source, listing, response, previous.as_ref(), &mut look);
        } else if broke_off {
            let mut in_part = Look {
                outcome: Outcome::Ok,
                error: None,
                ..look.clone()
            };
            let found = read(source, listing, response, previous.as_ref(), &mut in_part);
            // What came is kept; where nothing could be read of it, the look failed.
            if in_part.outcome == Outcome::NotModified || in_part.outcome == Outcome::Ok && !found.0.is_empty() {
                let why = attempt.error.as_deref().unwrap_or("the answer broke off");
                in_part.repairs.push(format!("read as far as it came: {why}"));
                in_part.verdict = Verdict::InPart;
                (look, (links, listed)) = (in_part, found);
            }
        }
    }
    look.verdict = verdict(&look);
    let mut answer = answer(attempt);
    if look.outcome == Outcome::NotModified
        && let (Some(answer), Some(previous)) = (&mut answer, &previous)
    {
        answer.same_as = Some(previous.at);
    }
    let seen = Seen {
        listed,
        links: match listing.kind {
            ListingKind::Archive => links.clone(),
            ListingKind::Feed | ListingKind::Sitemap | ListingKind::Page => Vec::new(),
        },
        ..Seen::nothing(&look)
    };
    finish(shared, look, answer, links, summary, changed).await?;
    Ok(seen)
}

/// A look that never left this machine says so, and nothing of the site.
async fn not_attempted(
    shared: &Shared,
    mut look: Look,
    summary: &mut SourceSummary,
    changed: &mut Vec<String>,
) -> Result<Seen, RecordError> {
    look.error = Some("not attempted: the run was stopped or the host is resting".to_owned());
    let seen = Seen::nothing(&look);
    finish(shared, look, None, Vec::new(), summary, changed).await?;
    Ok(seen)
}

fn blank(source: &Source, listing: &Listing, declared: String) -> Look {
    Look {
        source: source.id.clone(),
        listing_url: declared,
        listing_kind: listing.kind,
        at: Timestamp::UNIX_EPOCH,
        outcome: Outcome::Skipped,
        status: None,
        robots: None,
        error: None,
        duration_ms: 0,
        bytes: 0,
        digest: None,
        etag: None,
        last_modified: None,
        items: 0,
        new: 0,
        known: 0,
        newest: None,
        oldest: None,
        continuity: Continuity::Unknown,
        repairs: Vec::new(),
        verdict: Verdict::Down,
    }
}

/// Reads a good answer: its links, and what the look has to say of it.
fn read(
    source: &Source,
    listing: &Listing,
    response: &crate::fetch::client::Response,
    previous: Option<&PreviousLook>,
    look: &mut Look,
) -> (Vec<Announced>, Option<Listed>) {
    let headers = text_headers(&response.headers);
    let decoded = match decode::in_part(&headers, &response.body, limits::SITEMAP_BODY) {
        Ok(decoded) => decoded,
        Err(error) => {
            look.outcome = Outcome::BadEncoding;
            look.error = Some(error.to_string());
            return Default::default();
        }
    };
    let (note, broken) = (decoded.note, decoded.cut);
    let body = decoded.body.into_owned();
    let digest = sha256_hex(&body);
    // The very bytes of last time say what a 304 would have said; but an unchanged index may have children that grew.
    let unchanged =
        listing.kind != ListingKind::Archive && previous.and_then(|previous| previous.digest.as_ref()) == Some(&digest);
    look.digest = Some(digest);
    if unchanged {
        look.outcome = Outcome::NotModified;
        if listing.kind != ListingKind::Sitemap {
            return Default::default();
        }
    }
    let page = Page {
        requested: look.listing_url.clone(),
        url: response.url.to_string(),
        status: response.status,
        headers,
        body,
        fetched_at: look.at,
    };
    let (listed, links) = reading::listing(&page, source, listing, look.at);
    if unchanged {
        return (Vec::new(), Some(listed));
    }
    look.repairs = note
        .map(str::to_owned)
        .into_iter()
        .chain(listed.repairs.iter().cloned())
        .collect();
    look.newest = links
        .iter()
        .filter_map(|link| link.link.published.as_ref())
        .map(|claim| claim.interval.min)
        .max();
    look.oldest = links
        .iter()
        .filter_map(|link| link.link.published.as_ref())
        .map(|claim| claim.interval.min)
        .min();
    if let Some(error) = &listed.error {
        look.outcome = Outcome::Unreadable;
        look.error = Some(error.clone());
    }
    let unless_told = match (&listed.error, listed.cut || broken) {
        (Some(_), _) => Verdict::Empty,
        (None, true) => Verdict::InPart,
        (None, false) => Verdict::Ok,
    };
    look.verdict = listed.hint.unwrap_or(unless_told);
    (links, Some(listed))
}

fn verdict(look: &Look) -> Verdict {
    match look.outcome {
        Outcome::Ok | Outcome::NotModified if look.verdict == Verdict::Down => Verdict::Ok,
        Outcome::Ok | Outcome::NotModified => look.verdict,
        Outcome::Unreadable if look.verdict != Verdict::Down => look.verdict,
        Outcome::Blocked | Outcome::RobotsDisallow => Verdict::Blocked,
        // Nothing left this machine, so nothing is said of the site.
        Outcome::Skipped => Verdict::NeverLooked,
        _ => Verdict::Down,
    }
}

/// Records the look and adds it to the source's line.
async fn finish(
    shared: &Shared,
    mut look: Look,
    answer: Option<Answer>,
    links: Vec<crate::store::Announced>,
    summary: &mut SourceSummary,
    changed: &mut Vec<String>,
) -> Result<(), RecordError> {
    if look.at == Timestamp::UNIX_EPOCH {
        look.at = shared.clock.now();
    }
    look.verdict = verdict(&look);
    let listing = look.listing_url.clone();
    let error = look.error.clone();
    let reply = shared
        .recorder
        .record(Observation::Look(look), answer, Read::Links(links))
        .await?;
    changed.extend(reply.changed.into_iter().map(|link| link.url_key));
    let Some(look) = reply.look else { return Ok(()) };
    summary.looks += 1;
    summary.listed += look.items;
    summary.bytes += look.bytes;
    summary.gaps += u32::from(look.continuity == Continuity::Gap);
    // The source's line shows its best listing's outcome and its worst listing's trouble.
    if look.outcome.is_good() && !summary.is_ok() {
        summary.outcome = look.outcome;
        summary.verdict = look.verdict;
    } else if !look.outcome.is_good() {
        if !summary.is_ok() {
            summary.outcome = look.outcome;
            summary.verdict = look.verdict;
        }
        let status = look.status.map_or(String::new(), |status| format!(" (HTTP {status})"));
        let why = error.unwrap_or_else(|| format!("{:?}{status}", look.outcome));
        summary.error.get_or_insert(format!("{listing}: {why}"));
    } else if look.verdict != Verdict::Ok && summary.verdict == Verdict::Ok {
        summary.verdict = look.verdict;
    }
    (shared.events)(Event::Looked);
    Ok(())
}

fn validators(previous: Option<&PreviousLook>) -> Option<Validators> {
    let previous = previous.filter(|previous| previous.not_modified_since % UNCONDITIONAL != UNCONDITIONAL - 1)?;
    let validators = Validators {
        etag: previous.etag.clone(),
        last_modified: previous.last_modified.clone(),
    };
    (validators.etag.is_some() || validators.last_modified.is_some()).then_some(validators)
}
