//! When a host may be asked again.
//!
//! Takes what was asked when and how it ended, gives the next allowed moment. A plain value: it never sleeps, never
//! reads a clock, and knows nothing of HTTP but outcomes.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;

use super::limits;
use crate::model::Outcome;

/// The courtesy owed to every host and to every registrable domain: one request at a time, a delay between two starts,
/// and rest for those that ask for it or are down.
#[derive(Debug, Clone, Default)]
pub struct Politeness {
    hosts: HashMap<String, Lane>,
    domains: HashMap<String, Lane>,
}

/// What is remembered of one host, or of all hosts of one registrable domain together.
#[derive(Debug, Clone, Default)]
struct Lane {
    under_way: bool,
    began: Option<Timestamp>,
    ended: Option<Timestamp>,
    latency: Duration,
    rest: Option<Rest>,
    /// Attempts in a row that got no answer at all.
    silences: u32,
    /// 429 answers in a row.
    refusals: u32,
}

/// A host is left alone until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    pub until: Timestamp,
    pub why: RestReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestReason {
    /// It answered 429, or named a time with `Retry-After`.
    Asked,
    /// It did not answer several times in a row.
    Down,
}

/// How a request ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    pub at: Timestamp,
    pub outcome: Outcome,
    pub status: Option<u16>,
    /// What the host asked for, see [`super::headers::retry_after`].
    pub retry_after: Option<Duration>,
}

/// The delay for a host: what the source is configured to, or more where robots.txt asks for more.
pub fn delay(configured: Duration, crawl_delay: Option<Duration>) -> Duration {
    configured.max(crawl_delay.unwrap_or_default().min(limits::CRAWL_DELAY))
}

impl Politeness {
    /// The earliest moment, not before `now`, at which a request to the host may start; `None` while one is under way
    /// to it or to a neighbour under the same registrable domain.
    ///
    /// A delay of zero (tests, the demo) means no waiting, but rests are kept even so.
    pub fn next_slot(&self, host: &str, now: Timestamp, delay: Duration) -> Option<Timestamp> {
        let lanes = [self.hosts.get(host), self.domains.get(registrable(host))];
        lanes
            .into_iter()
            .flatten()
            .try_fold(now, |slot, lane| Some(slot.max(lane.next_slot(delay)?)))
    }

    /// The rest that a host is taking at `now`, if it does.
    pub fn rest(&self, host: &str, now: Timestamp) -> Option<Rest> {
        let lanes = [self.hosts.get(host), self.domains.get(registrable(host))];
        lanes
            .into_iter()
            .flatten()
            .filter_map(|lane| lane.rest)
            .filter(|rest| rest.until > now)
            .max_by_key(|rest| rest.until)
    }

    pub fn began(&mut self, host: &str, at: Timestamp) {
        for lane in self.lanes(host) {
            lane.under_way = true;
            // A clock that was set back must not shorten the distance to a start already made.
            lane.began = lane.began.max(Some(at));
        }
    }

    pub fn ended(&mut self, host: &str, ended: &Ended) {
        let [own, domain] = self.lanes(host);
        for lane in [&mut *own, &mut *domain] {
            lane.under_way = false;
            lane.latency = lane
                .began
                .and_then(|began| Duration::try_from(ended.at.duration_since(began)).ok())
                .unwrap_or_default();
            lane.ended = lane.ended.max(Some(ended.at));
            // Limits on visitors are mostly kept for a site as a whole, so its other hosts rest, too.
            lane.heed_refusal(ended);
        }
        own.count_silence(ended);
    }

    fn lanes(&mut self, host: &str) -> [&mut Lane; 2] {
        [
            self.hosts.entry(host.to_owned()).or_default(),
            self.domains.entry(registrable(host).to_owned()).or_default(),
        ]
    }
}

impl Lane {
    fn next_slot(&self, delay: Duration) -> Option<Timestamp> {
        if self.under_way {
            return None;
        }
        let rested = self.rest.map_or(Timestamp::MIN, |rest| rest.until);
        if delay.is_zero() {
            return Some(rested);
        }
        let spaced = self.began.map_or(Timestamp::MIN, |began| later(began, delay));
        let breath = (self.latency * limits::LATENCY_FACTOR).min(limits::LATENCY_WAIT);
        let recovered = self.ended.map_or(Timestamp::MIN, |ended| later(ended, breath));
        Some(rested.max(spaced).max(recovered))
    }

    fn heed_refusal(&mut self, ended: &Ended) {
        let too_many = ended.status == Some(429);
        self.refusals = if too_many { self.refusals.saturating_add(1) } else { 0 };
        // A refusal without a time: 30 s, then 60, 120 … while it goes on.
        let doubled = limits::AFTER_429 * 2u32.saturating_pow(self.refusals.saturating_sub(1).min(8));
        let wait = match ended.retry_after {
            Some(asked) => Some(asked),
            None => too_many.then(|| doubled.min(limits::HOST_REST)),
        };
        if let Some(wait) = wait {
            self.rest_until(later(ended.at, wait), RestReason::Asked);
        }
    }

    fn count_silence(&mut self, ended: &Ended) {
        let silent = matches!(
            ended.outcome,
            Outcome::Dns | Outcome::Connect | Outcome::Tls | Outcome::Timeout | Outcome::Truncated
        );
        self.silences = if silent { self.silences.saturating_add(1) } else { 0 };
        // After the rest one attempt decides: still silent, and it rests again.
        if self.silences >= limits::DOWN_AFTER {
            self.rest_until(later(ended.at, limits::HOST_REST), RestReason::Down);
        }
    }

    fn rest_until(&mut self, until: Timestamp, why: RestReason) {
        if self.rest.is_none_or(|rest| rest.until < until) {
            self.rest = Some(Rest { until, why });
        }
    }
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// `news.outlet.example` and `outlet.example` are one neighbourhood; an address in digits is its own.
fn registrable(host: &str) -> &str {
    let host = host.trim_end_matches('.');
    if host.starts_with('[') || host.parse::<IpAddr>().is_ok() {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}
