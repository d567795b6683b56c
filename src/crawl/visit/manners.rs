//! How a site is approached: robots.txt first, its slot awaited, redirects re-checked, the answer kept as it came.

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
use crate::crawl::reading;
use crate::crawl::recorder::{Answer, Read, RecordError, Recorder};
use crate::crawl::run::Event;
use crate::fetch::client::{Attempt, Client, Request};
use crate::fetch::headers::{self, PRODUCT};
use crate::fetch::limits;
use crate::fetch::politeness::{self, Ended, Politeness};
use crate::fetch::robots::{Robots, State};
use crate::fetch::tdmrep::Tdmrep;
use crate::model::look::RobotsSay;
use crate::model::observation::Fetch;
use crate::model::{Observation, Outcome, Source};
use crate::store::Reader;
use crate::text::hash::sha256_hex;

/// Connections open at once over all hosts (reliability.md measures memory at 64).
const CONNECTIONS: usize = 64;
/// A resting host is waited for at most this long; beyond it the visit goes on without it.
const PATIENCE: Duration = Duration::from_secs(120);
/// Redirects to other hosts that one attempt follows, each after reading that host's robots.txt.
const HOSTS_ON_THE_WAY: usize = 5;

/// What all visits of one run share. Lives on one thread.
pub(in crate::crawl) struct Shared {
    means: Means,
    politeness: Mutex<Politeness>,
    freed: Notify,
    connections: Semaphore,
    robots: Mutex<HashMap<String, Rc<OnceCell<Option<Robots>>>>>,
    tdmrep: Mutex<HashMap<String, Rc<OnceCell<Rc<Tdmrep>>>>>,
}

/// What a run hands to its visits.
pub(in crate::crawl) struct Means {
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
            tdmrep: Mutex::default(),
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
    pub(super) async fn get(&self, request: &Request<'_>, delay: Duration) -> Option<Attempt> {
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
    pub(super) async fn robots(&self, source: &Source, url: &Url) -> Result<Option<Robots>, RecordError> {
        let origin = url.origin().ascii_serialization();
        let cell = {
            let mut known = self.robots.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            Rc::clone(known.entry(origin.clone()).or_default())
        };
        cell.get_or_try_init(|| self.ask_robots(source, url, &origin))
            .await
            .cloned()
    }

    /// Where the reservations of an origin are kept for the run, by the address of their file.
    pub(super) fn tdmrep_cell(&self, file: &str) -> Rc<OnceCell<Rc<Tdmrep>>> {
        let mut known = self.tdmrep.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Rc::clone(known.entry(file.to_owned()).or_default())
    }

    async fn ask_robots(&self, source: &Source, url: &Url, origin: &str) -> Result<Option<Robots>, RecordError> {
        let now = self.clock.now();
        let known = self.reader.robots(origin)?;
        if let Some(row) = &known
            && now.duration_since(row.at).unsigned_abs() < limits::ROBOTS_FRESH
            && now >= row.at
            // A host that could not be reached is asked again in every run.
            && row.unreachable_since.is_none()
        {
            let body = row.body.as_ref().map_or(&[][..], |(body, _)| body);
            return Ok(Some(Robots::from_fetch(row.outcome, row.status, body)));
        }
        let mut request = Request::robots(url);
        request.proxy = source.proxy.as_deref();
        let started = Timestamp::now();
        let Some(attempt) = self.get(&request, self.delay_of(source, None)).await else {
            return Ok(None);
        };
        let (mut fetch, _) = fetch_fact(source, request.url.as_str(), &attempt, self.clock.now(), started);
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
        let mut robots = Robots::from_fetch(fetch.outcome, fetch.status, &body);
        if let Some(row) = &known
            && let Some(since) = row.unreachable_since
            && robots.state() == State::Unreachable
            // "Too many requests" is an answer, and no leave.
            && fetch.status != Some(429)
        {
            robots = robots.out_of_reach_for(
                now.duration_since(since).unsigned_abs(),
                row.body.as_ref().map(|(body, _)| body.as_slice()),
            );
        }
        self.recorder
            .record(Observation::Robots(fetch), answer(attempt), Read::Body(body))
            .await?;
        Ok(Some(robots))
    }

    pub(super) fn delay_of(&self, source: &Source, crawl_delay: Option<Duration>) -> Duration {
        self.delay
            .unwrap_or_else(|| politeness::delay(source.delay, crawl_delay))
    }
}

pub(super) fn refused(say: RobotsSay) -> Outcome {
    if say == RobotsSay::Unreachable {
        Outcome::RobotsUnreachable
    } else {
        Outcome::RobotsDisallow
    }
}

/// A polite attempt that follows redirects to other hosts only after reading what those hosts allow.
pub(super) async fn follow(
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

/// What there is to write down of an attempt, and its decoded body where it brought one.
pub(super) fn fetch_fact(
    source: &Source,
    url: &str,
    attempt: &Attempt,
    now: Timestamp,
    started: Timestamp,
) -> (Fetch, Vec<u8>) {
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
        reservations: Vec::new(),
    };
    let mut whole = Vec::new();
    if attempt.outcome == Outcome::Ok
        && let Some(response) = response
    {
        match unpack(response, limits::PAGE_BODY) {
            Ok(body) => {
                fetch.digest = Some(sha256_hex(&body));
                whole = body;
            }
            Err(error) => {
                fetch.outcome = Outcome::BadEncoding;
                fetch.error = Some(error.to_string());
            }
        }
    }
    (fetch, whole)
}

pub(super) fn unpack(response: &crate::fetch::client::Response, cap: usize) -> Result<Vec<u8>, decode::DecodeError> {
    decode::decode(&text_headers(&response.headers), &response.body, cap).map(|decoded| decoded.body.into_owned())
}

/// Header values read as latin-1, as HTTP/1.1 defines them (RFC 9110 §5.5).
pub(super) fn text_headers(headers: &[(String, Vec<u8>)]) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.clone(), value.iter().map(|byte| char::from(*byte)).collect()))
        .collect()
}

pub(super) fn answer(attempt: Attempt) -> Option<Answer> {
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
