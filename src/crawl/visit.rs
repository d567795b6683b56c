//! One source's part in a run: robots, listings, article pages. A site's failure is a row and a line.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, OnceCell, Semaphore};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::archive::decode;
use crate::clock::Clock;
use crate::crawl::plan::{self, Known};
use crate::crawl::reading;
use crate::crawl::recorder::{Answer, Read, RecordError, Recorder};
use crate::crawl::run::Event;
use crate::crawl::summary::SourceSummary;
use crate::fetch::client::{Attempt, Client, Request, Validators};
use crate::fetch::headers::{self, PRODUCT};
use crate::fetch::limits;
use crate::fetch::politeness::{self, Ended, Politeness};
use crate::fetch::robots::Robots;
use crate::model::look::{Continuity, RobotsSay};
use crate::model::observation::Fetch;
use crate::model::source::PagePolicy;
use crate::model::{Listing, ListingKind, Look, Observation, Outcome, Page, Source, Verdict};
use crate::store::{PreviousLook, Reader};
use crate::text::hash::sha256_hex;

/// Every so many looks without news, one asks without validators: servers that always say "not modified" exist.
const UNCONDITIONAL: u32 = 20;
/// Connections open at once over all hosts (reliability.md measures memory at 64).
const CONNECTIONS: usize = 64;
/// A resting host is waited for at most this long; beyond it the visit goes on without it.
const PATIENCE: Duration = Duration::from_secs(120);
/// robots.txt is read again after a day (RFC 9309 §2.4).
const ROBOTS_FRESH: i64 = 24;
/// Redirects to other hosts that one attempt follows, each after reading that host's robots.txt.
const HOSTS_ON_THE_WAY: usize = 5;
/// Sitemaps of an index that one look opens: the newest ones.
const CHILDREN: usize = 2;
/// Links older than this are no longer tried.
const STALE_LINK: i64 = 14 * 24;
/// A page whose announcement changes at every look (a feed that calls everything updated) is not fetched each time.
const CHANGE_REST: jiff::SignedDuration = jiff::SignedDuration::from_hours(3);
/// Pages of one source that are gone through for those: about two weeks of a lively one.
const WATCHED: u32 = 10_000;
/// Pages looked at again in one run and source, besides the new ones.
const RECHECKS: u32 = 200;

/// What all visits of one run share. Lives on one thread.
pub(super) struct Shared {
    means: Means,
    politeness: Mutex<Politeness>,
    freed: Notify,
    connections: Semaphore,
    robots: Mutex<HashMap<String, Rc<OnceCell<Option<Robots>>>>>,
}

/// What a run hands to its visits.
pub(super) struct Means {
    pub client: Client,
    pub clock: Arc<Clock>,
    pub reader: Reader,
    pub recorder: Recorder,
    pub cancel: CancellationToken,
    /// Instead of every source's own.
    pub delay: Option<Duration>,
    pub events: Arc<dyn Fn(Event) + Send + Sync>,
    /// No name could be looked up: nothing is attempted, and the ledger says so.
    pub offline: bool,
}

impl std::ops::Deref for Shared {
    type Target = Means;

    fn deref(&self) -> &Means {
        &self.means
    }
}

impl Shared {
    pub fn new(means: Means) -> Shared {
        Shared {
            means,
            politeness: Mutex::default(),
            freed: Notify::new(),
            connections: Semaphore::new(CONNECTIONS),
            robots: Mutex::default(),
        }
    }

    fn politeness(&self) -> std::sync::MutexGuard<'_, Politeness> {
        self.politeness
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Waits for the host's slot; `None` when the run is being stopped or the host rests for too long.
    async fn slot(&self, host: &str, delay: Duration) -> Option<()> {
        loop {
            if self.cancel.is_cancelled() {
                return None;
            }
            let freed = self.freed.notified();
            let now = self.clock.now();
            let slot = self.politeness().next_slot(host, now, delay);
            match slot {
                Some(at) if at <= now => {
                    self.politeness().began(host, now);
                    return Some(());
                }
                Some(at) if at.duration_since(now).unsigned_abs() > PATIENCE.max(delay) => return None,
                Some(at) => {
                    tokio::select! {
                        () = self.clock.sleep_until(at) => {}
                        () = self.cancel.cancelled() => return None,
                    }
                }
                None => {
                    tokio::select! {
                        () = freed => {}
                        () = self.cancel.cancelled() => return None,
                    }
                }
            }
        }
    }

    /// One polite attempt.
    async fn get(&self, request: &Request<'_>, delay: Duration) -> Option<Attempt> {
        let host = request.url.host_str().unwrap_or_default().to_owned();
        self.slot(&host, delay).await?;
        let permit = self.connections.acquire().await;
        let attempt = tokio::select! {
            attempt = self.client.get(request) => Some(attempt),
            () = self.cancel.cancelled() => None,
        };
        drop(permit);
        let now = self.clock.now();
        let response = attempt.as_ref().and_then(|attempt| attempt.response.as_ref());
        self.politeness().ended(
            &host,
            &Ended {
                at: now,
                outcome: attempt.as_ref().map_or(Outcome::Skipped, |attempt| attempt.outcome),
                status: response.map(|response| response.status),
                retry_after: response.and_then(|response| headers::retry_after(&response.headers, now)),
            },
        );
        self.freed.notify_waiters();
        attempt
    }

    /// The rules of an origin: from memory, from the store while fresh, else asked for and recorded. `None`: they could
    /// not be asked for, as the run is being stopped or the host rests, and that says nothing of the site.
    async fn robots(&self, source: &Source, url: &Url) -> Result<Option<Robots>, RecordError> {
        let origin = url.origin().ascii_serialization();
        let cell = {
            let mut known = self.robots.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            Rc::clone(known.entry(origin.clone()).or_default())
        };
        cell.get_or_try_init(|| self.ask_robots(source, url, &origin))
            .await
            .cloned()
    }

    async fn ask_robots(&self, source: &Source, url: &Url, origin: &str) -> Result<Option<Robots>, RecordError> {
        let now = self.clock.now();
        if let Some(row) = self.reader.robots(origin)?
            && now.duration_since(row.at).as_hours() < ROBOTS_FRESH
            && now >= row.at
            // A host that could not be reached is asked again in every run.
            && row.unreachable_since.is_none()
        {
            let body = row.body.map(|(body, _)| body).unwrap_or_default();
            return Ok(Some(Robots::from_fetch(row.outcome, row.status, &body)));
        }
        let mut request = Request::robots(url);
        request.proxy = source.proxy.as_deref();
        let started = Timestamp::now();
        let Some(attempt) = self.get(&request, self.delay_of(source, None)).await else {
            return Ok(None);
        };
        let mut fetch = fetch_fact(source, request.url.as_str(), &attempt, self.clock.now(), started);
        let body = match attempt
            .response
            .as_ref()
            .map(|response| unpack(response, limits::PAGE_BODY))
        {
            Some(Ok(body)) => reading::rules(body),
            // What does not unpack is no leave to do as one likes.
            Some(Err(_)) => {
                fetch.outcome = Outcome::BadEncoding;
                Vec::new()
            }
            None => Vec::new(),
        };
        let robots = Robots::from_fetch(fetch.outcome, fetch.status, &body);
        self.recorder
            .record(Observation::Robots(fetch), answer(attempt), Read::Body(body))
            .await?;
        Ok(Some(robots))
    }

    fn delay_of(&self, source: &Source, crawl_delay: Option<Duration>) -> Duration {
        self.delay
            .unwrap_or_else(|| politeness::delay(source.delay, crawl_delay))
    }
}

/// Visits one source. An error here is the machine's, never the site's.
pub(super) async fn visit(shared: &Shared, source: &Source) -> Result<SourceSummary, RecordError> {
    let mut summary = SourceSummary::new(&source.id);
    let began = shared.clock.now();
    let mut changed = Vec::new();
    for listing in &source.listings {
        if shared.cancel.is_cancelled() {
            break;
        }
        let children = look(shared, source, listing, listing.url.clone(), &mut summary, &mut changed).await?;
        for child in children {
            let listing = reading::remembered(&child, ListingKind::Sitemap);
            look(shared, source, &listing, child, &mut summary, &mut changed).await?;
        }
    }
    if source.pages == PagePolicy::Fetch && !shared.offline {
        pages(shared, source, &changed, &mut summary).await?;
    }
    summary.seconds = shared.clock.now().duration_since(began).as_secs_f64();
    (shared.events)(Event::Visited {
        summary: summary.clone(),
    });
    Ok(summary)
}

/// Looks at one listing. Gives the children of a sitemap index.
async fn look(
    shared: &Shared,
    source: &Source,
    listing: &Listing,
    declared: String,
    summary: &mut SourceSummary,
    changed: &mut Vec<String>,
) -> Result<Vec<String>, RecordError> {
    let started = Timestamp::now();
    let address = plan::listing_url(&listing.url, &source.timezone, shared.clock.now());
    let mut look = blank(source, listing, declared);
    let Ok(url) = Url::parse(&address) else {
        look.outcome = Outcome::AddressRefused;
        look.error = Some(format!("{address} is no address"));
        return finish(shared, look, None, Vec::new(), summary, changed)
            .await
            .map(|()| Vec::new());
    };
    if shared.offline {
        look.error = Some("not attempted: this machine seems to be offline".to_owned());
        return finish(shared, look, None, Vec::new(), summary, changed)
            .await
            .map(|()| Vec::new());
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
        return finish(shared, look, None, Vec::new(), summary, changed)
            .await
            .map(|()| Vec::new());
    }
    let previous = shared.reader.previous(&source.id, &look.listing_url)?;
    let mut request = match listing.kind {
        ListingKind::Feed => Request::feed(url),
        ListingKind::Sitemap => Request::sitemap(url),
        ListingKind::Page => Request::page(url),
    };
    request.proxy = source.proxy.as_deref();
    // A 304 of an index would say nothing of its children, so a sitemap is always asked for whole.
    request.validators = match listing.kind {
        ListingKind::Sitemap => None,
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
    let mut children = Vec::new();
    if let Some(response) = &attempt.response {
        look.bytes = response.body.len() as u64;
        look.etag = response.header("etag").map(str::to_owned);
        look.last_modified = response.header("last-modified").map(str::to_owned);
        if attempt.outcome == Outcome::Ok {
            (links, children) = read(source, listing, response, previous.as_ref(), &mut look);
        }
    }
    look.verdict = verdict(&look);
    let mut answer = answer(attempt);
    if look.outcome == Outcome::NotModified
        && let (Some(answer), Some(previous)) = (&mut answer, &previous)
    {
        answer.same_as = Some(previous.at);
    }
    finish(shared, look, answer, links, summary, changed).await?;
    Ok(children)
}

/// A look that never left this machine says so, and nothing of the site.
async fn not_attempted(
    shared: &Shared,
    mut look: Look,
    summary: &mut SourceSummary,
    changed: &mut Vec<String>,
) -> Result<Vec<String>, RecordError> {
    look.error = Some("not attempted: the run was stopped or the host is resting".to_owned());
    finish(shared, look, None, Vec::new(), summary, changed).await?;
    Ok(Vec::new())
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
) -> (Vec<crate::store::Announced>, Vec<String>) {
    let body = match unpack(response, limits::SITEMAP_BODY) {
        Ok(body) => body,
        Err(error) => {
            look.outcome = Outcome::BadEncoding;
            look.error = Some(error.to_string());
            return Default::default();
        }
    };
    let digest = sha256_hex(&body);
    // The very bytes of last time say what a 304 would have said; but an unchanged index may have children that grew.
    let unchanged = previous.and_then(|previous| previous.digest.as_ref()) == Some(&digest);
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
        headers: text_headers(&response.headers),
        body,
        fetched_at: look.at,
    };
    let (listed, links) = reading::listing(&page, source, listing, look.at);
    let children = listed
        .children
        .iter()
        .take(CHILDREN)
        .map(|child| child.url.clone())
        .collect();
    if unchanged {
        return (Vec::new(), children);
    }
    look.repairs = listed.repairs.clone();
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
    let unless_told = if listed.error.is_some() {
        Verdict::Empty
    } else {
        Verdict::Ok
    };
    look.verdict = listed.hint.unwrap_or(unless_told);
    (links, children)
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

fn refused(say: RobotsSay) -> Outcome {
    if say == RobotsSay::Unreachable {
        Outcome::RobotsUnreachable
    } else {
        Outcome::RobotsDisallow
    }
}

fn validators(previous: Option<&PreviousLook>) -> Option<Validators> {
    let previous = previous.filter(|previous| previous.not_modified_since % UNCONDITIONAL != UNCONDITIONAL - 1)?;
    let validators = Validators {
        etag: previous.etag.clone(),
        last_modified: previous.last_modified.clone(),
    };
    (validators.etag.is_some() || validators.last_modified.is_some()).then_some(validators)
}

/// A polite attempt that follows redirects to other hosts only after reading what those hosts allow.
async fn follow(
    shared: &Shared,
    source: &Source,
    mut request: Request<'_>,
    delay: Duration,
    robots_bind: bool,
) -> Result<Option<Attempt>, RecordError> {
    let asked = request.url.clone();
    let mut redirects = Vec::new();
    for _ in 0..HOSTS_ON_THE_WAY {
        let origin = request.url.origin();
        let Some(rules) = shared.robots(source, &request.url).await? else {
            return Ok(None);
        };
        // Validators belong to one address (RFC 9110 §13.1): shown to another, they would call a front page "not modified".
        let conditional = request.validators.is_some();
        let allow = move |url: &Url| {
            !conditional && url.origin() == origin && (!robots_bind || rules.check(PRODUCT, url.as_str()).allowed)
        };
        let attempt = shared
            .get(
                &Request {
                    allow: Some(&allow),
                    ..request.clone()
                },
                delay,
            )
            .await;
        let Some(mut attempt) = attempt else { return Ok(None) };
        redirects.append(&mut attempt.redirects);
        let next = attempt
            .stopped_at
            .clone()
            .filter(|next| conditional || next.origin() != request.url.origin());
        let Some(next) = next else {
            attempt.requested = asked;
            attempt.redirects = redirects;
            return Ok(Some(attempt));
        };
        let Some(rules) = shared.robots(source, &next).await? else {
            return Ok(None);
        };
        let decision = rules.check(PRODUCT, next.as_str());
        if robots_bind && !decision.allowed {
            attempt.outcome = refused(decision.say());
            attempt.error = decision.rule.or(attempt.error);
            attempt.requested = asked;
            return Ok(Some(attempt));
        }
        request.url = next;
        request.validators = None;
    }
    Ok(Some(Attempt {
        requested: asked,
        outcome: Outcome::RedirectLoop,
        response: None,
        redirects,
        stopped_at: None,
        error: Some(format!("redirected over more than {HOSTS_ON_THE_WAY} hosts")),
        duration: Duration::ZERO,
        sent: Vec::new(),
    }))
}

/// A page to fetch, and what to show the server.
struct Wanted {
    url: String,
    url_key: String,
    validators: Option<Validators>,
    digest: Option<String>,
}

/// Article pages: new ones, those whose announcement changed, those due for another look.
async fn pages(
    shared: &Shared,
    source: &Source,
    changed: &[String],
    summary: &mut SourceSummary,
) -> Result<(), RecordError> {
    for wanted in wanted(shared, source, changed)? {
        if shared.cancel.is_cancelled() {
            break;
        }
        page(shared, source, wanted, summary).await?;
        (shared.events)(Event::Fetched);
    }
    Ok(())
}

fn wanted(shared: &Shared, source: &Source, changed: &[String]) -> Result<Vec<Wanted>, RecordError> {
    let now = shared.clock.now();
    let since = now
        .saturating_sub(jiff::SignedDuration::from_hours(STALE_LINK))
        .unwrap_or(now);
    let tried_before = now.saturating_sub(plan::RETRY_AFTER).unwrap_or(now);
    let mut wanted: Vec<Wanted> = shared
        .reader
        .unfetched(&source.id, since, plan::TRIES, tried_before, source.max_pages)?
        .into_iter()
        .map(|row| Wanted {
            url: row.link.url,
            url_key: row.link.url_key,
            validators: None,
            digest: None,
        })
        .collect();
    // Oldest announcement first, as a reader of the listing would go.
    wanted.reverse();
    let again = shared
        .reader
        .watched(&source.id, since, WATCHED)?
        .into_iter()
        .filter(|page| {
            (changed.contains(&page.url_key) && now.duration_since(page.last_attempt_at) >= CHANGE_REST)
                || plan::recheck_due(
                    Known {
                        first_fetched: page.first_fetch_at,
                        last_fetched: page.last_attempt_at,
                        once_gone: page.gone_for.is_some_and(|time| time < plan::GONE_AFTER),
                    },
                    now,
                )
        });
    wanted.extend(again.take(RECHECKS as usize).map(|page| Wanted {
        url: page.url,
        url_key: page.url_key,
        validators: Some(Validators {
            etag: page.etag,
            last_modified: page.last_modified,
        }),
        digest: page.digest,
    }));
    Ok(wanted)
}

async fn page(
    shared: &Shared,
    source: &Source,
    wanted: Wanted,
    summary: &mut SourceSummary,
) -> Result<(), RecordError> {
    let started = Timestamp::now();
    let Ok(url) = Url::parse(&wanted.url) else {
        return Ok(());
    };
    // Stopped, or the host rests: nothing was attempted, so nothing is recorded and it stays wanted.
    let Some(rules) = shared.robots(source, &url).await? else {
        return Ok(());
    };
    let decision = rules.check(PRODUCT, url.as_str());
    let read = Read::Address(wanted.url_key);
    let attempt = if decision.allowed {
        let mut request = Request::page(url);
        request.proxy = source.proxy.as_deref();
        request.validators = wanted
            .validators
            .filter(|v| v.etag.is_some() || v.last_modified.is_some());
        match follow(
            shared,
            source,
            request,
            shared.delay_of(source, decision.crawl_delay),
            true,
        )
        .await?
        {
            Some(attempt) => attempt,
            None => return Ok(()),
        }
    } else {
        Attempt {
            requested: url,
            outcome: refused(decision.say()),
            response: None,
            redirects: Vec::new(),
            stopped_at: None,
            error: decision.rule,
            duration: Duration::ZERO,
            sent: Vec::new(),
        }
    };
    let mut fact = fetch_fact(source, &wanted.url, &attempt, shared.clock.now(), started);
    if fact.outcome == Outcome::Ok && fact.digest.is_some() && fact.digest == wanted.digest {
        fact.outcome = Outcome::NotModified;
    }
    summary.bytes += fact.bytes;
    summary.pages_failed += u32::from(!fact.outcome.is_good() && fact.outcome != Outcome::RobotsDisallow);
    shared
        .recorder
        .record(Observation::Fetch(fact), answer(attempt), read)
        .await?;
    Ok(())
}

fn fetch_fact(source: &Source, url: &str, attempt: &Attempt, now: Timestamp, started: Timestamp) -> Fetch {
    let response = attempt.response.as_ref();
    let mut fetch = Fetch {
        source: source.id.clone(),
        url: url.to_owned(),
        final_url: response
            .map(|response| response.url.to_string())
            .filter(|answered| answered != url),
        at: now,
        outcome: attempt.outcome,
        status: response.map(|response| response.status),
        error: attempt.error.clone(),
        duration_ms: Timestamp::now().duration_since(started).as_millis().unsigned_abs() as u64,
        bytes: response.map_or(0, |response| response.body.len() as u64),
        digest: None,
        etag: response.and_then(|response| response.header("etag")).map(str::to_owned),
        last_modified: response
            .and_then(|response| response.header("last-modified"))
            .map(str::to_owned),
    };
    if attempt.outcome == Outcome::Ok
        && let Some(response) = response
    {
        match unpack(response, limits::PAGE_BODY) {
            Ok(body) => fetch.digest = Some(sha256_hex(&body)),
            Err(error) => {
                fetch.outcome = Outcome::BadEncoding;
                fetch.error = Some(error.to_string());
            }
        }
    }
    fetch
}

fn unpack(response: &crate::fetch::client::Response, cap: usize) -> Result<Vec<u8>, decode::DecodeError> {
    decode::decode(&text_headers(&response.headers), &response.body, cap).map(|decoded| decoded.body.into_owned())
}

/// Header values read as latin-1, as HTTP/1.1 defines them (RFC 9110 §5.5).
fn text_headers(headers: &[(String, Vec<u8>)]) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.clone(), value.iter().map(|byte| char::from(*byte)).collect()))
        .collect()
}

fn answer(attempt: Attempt) -> Option<Answer> {
    attempt.response.map(|response| Answer {
        url: response.url.to_string(),
        status: response.status,
        headers: response.headers,
        body: response.body,
        remote: response.remote,
        truncated: response.truncated,
        same_as: None,
    })
}
