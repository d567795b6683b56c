//! A polite visitor that stores nothing: what `sources check`, `sources add` and `inspect page URL` fetch with.
//!
//! Takes requests, gives attempts and readable pages. Asks each host one thing at a time, waits between two, and reads
//! its robots.txt first, on every host that a redirect leads to.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OnceCell};
use tokio::time::Instant;
use url::{Origin, Url};

use crate::archive::decode::{self, DecodeError};
use crate::cli::crawl::Network;
use crate::cli::options::Common;
use crate::clock::Clock;
use crate::config::Config;
use crate::fetch::Tdmrep;
use crate::fetch::headers::PRODUCT;
use crate::fetch::robots::{Decision, Robots};
use crate::fetch::{Attempt, Client, Request, Response, limits, politeness};
use crate::model::look::RobotsSay;
use crate::model::{Outcome, Page};

/// Redirects to other hosts that one visit follows.
const HOSTS_ON_THE_WAY: usize = 5;

pub struct Visitor {
    client: Client,
    clock: Arc<Clock>,
    /// Instead of every source's own.
    delay: Option<Duration>,
    may_be_offline: bool,
    /// When each host last answered; held while it is being asked.
    hosts: RefCell<HashMap<String, Rc<Mutex<Option<Instant>>>>>,
    robots: RefCell<HashMap<Origin, Rc<OnceCell<Rules>>>>,
}

/// What an origin allows, and how it was to be learned.
#[derive(Clone)]
pub struct Rules {
    pub robots: Robots,
    /// How the attempt to read its robots.txt ended, where it was not read.
    unread: Option<(Outcome, Option<String>)>,
}

/// What a visit brought.
pub struct Got {
    pub attempt: Attempt,
    /// What robots.txt says of the address that was asked for.
    pub robots: Decision,
    /// How the attempt at robots.txt ended, where it was not read.
    pub unread: Option<Outcome>,
    /// The answer, unpacked, whatever its status.
    pub page: Option<Result<Page, DecodeError>>,
}

impl Visitor {
    pub fn new(common: &Common, network: &Network, config: &Config) -> anyhow::Result<Visitor> {
        network.wait_online(common, &config.sources)?;
        Ok(Visitor {
            client: network.client(config)?,
            clock: common.clock(),
            delay: network.delay()?,
            may_be_offline: network.may_be_offline(),
            hosts: RefCell::default(),
            robots: RefCell::default(),
        })
    }

    /// Fetches once. Where robots.txt binds and says no, nothing is fetched and the outcome says so; of a feed, which is
    /// a subscription, it is only reported.
    pub async fn get(&self, request: Request<'_>, delay: Duration, robots_bind: bool) -> Got {
        let asked = request.url.clone();
        let rules = self.rules(&request, &asked, delay).await;
        let robots = rules.robots.check(PRODUCT, asked.as_str());
        let attempt = match robots.allowed || !robots_bind {
            true => self.follow(request, delay, robots_bind).await,
            false => refused(asked.clone(), &robots, &rules),
        };
        let page = attempt
            .response
            .as_ref()
            .map(|response| page(&asked, response, self.clock.now()));
        let unread = rules.unread.map(|(outcome, _)| outcome);
        Got {
            attempt,
            robots,
            unread,
            page,
        }
    }

    /// The rules of the origin of `url`, asked for once.
    pub async fn rules(&self, request: &Request<'_>, url: &Url, delay: Duration) -> Rules {
        let cell = Rc::clone(self.robots.borrow_mut().entry(url.origin()).or_default());
        cell.get_or_init(|| async {
            let request = Request {
                proxy: request.proxy,
                ..Request::robots(url)
            };
            let attempt = self.polite(&request, delay).await;
            let (status, body) = match &attempt.response {
                Some(response) => (
                    Some(response.status),
                    decode::decode(&text_headers(response), &response.body, limits::ROBOTS_BODY)
                        .map(|decoded| decoded.body.into_owned())
                        .unwrap_or_default(),
                ),
                None => (None, Vec::new()),
            };
            Rules {
                robots: Robots::from_fetch(attempt.outcome, status, &body),
                unread: (!attempt.outcome.is_good()).then_some((attempt.outcome, attempt.error)),
            }
        })
        .await
        .clone()
    }

    /// What the files of an origin reserve of an address: tdmrep.json, and the usage lines of robots.txt.
    pub async fn reserved(&self, proxy: Option<&str>, url: &Url, delay: Duration) -> Vec<String> {
        let mut file = url.clone();
        file.set_path(Tdmrep::PATH);
        file.set_query(None);
        let request = Request {
            proxy,
            url: file,
            ..Request::robots(url)
        };
        let rules = self.rules(&request, url, delay).await;
        let mut words = rules.robots.reserves(PRODUCT, url.as_str());
        let got = self.get(request, delay, true).await;
        if let (Outcome::Ok, Some(Ok(page))) = (got.attempt.outcome, &got.page) {
            words.extend(Tdmrep::parse(&page.body).reserves(url.as_str()));
        }
        words
    }

    /// Why nothing came, and what to do about it, for a person who asked for one address.
    pub fn fault(&self, got: &Got) -> String {
        let why = why(&got.attempt);
        let no_name = got.unread == Some(Outcome::Dns) || got.attempt.outcome == Outcome::Dns;
        match got.attempt.outcome {
            _ if no_name && self.may_be_offline => {
                format!("{why}\nhint: is the address right, and this machine online?")
            }
            Outcome::RobotsDisallow => format!("{why}\nhint: the site asks crawlers to stay away from this address"),
            _ => why,
        }
    }

    /// Follows redirects, to other origins only after reading what they allow.
    async fn follow(&self, mut request: Request<'_>, delay: Duration, robots_bind: bool) -> Attempt {
        let asked = request.url.clone();
        let mut redirects = Vec::new();
        for _ in 0..HOSTS_ON_THE_WAY {
            let origin = request.url.origin();
            let rules = self.rules(&request, &request.url, delay).await.robots;
            let pause = politeness::delay(delay, rules.check(PRODUCT, request.url.as_str()).crawl_delay);
            let allow =
                |url: &Url| url.origin() == origin && (!robots_bind || rules.check(PRODUCT, url.as_str()).allowed);
            let mut attempt = self
                .polite(
                    &Request {
                        allow: Some(&allow),
                        ..request.clone()
                    },
                    pause,
                )
                .await;
            redirects.append(&mut attempt.redirects);
            attempt.redirects = redirects.clone();
            attempt.requested = asked.clone();
            let Some(next) = attempt.stopped_at.clone().filter(|next| next.origin() != origin) else {
                return attempt;
            };
            let rules = self.rules(&request, &next, delay).await;
            let decision = rules.robots.check(PRODUCT, next.as_str());
            if robots_bind && !decision.allowed {
                return Attempt {
                    redirects,
                    ..refused(asked, &decision, &rules)
                };
            }
            request.url = next;
        }
        Attempt {
            outcome: Outcome::RedirectLoop,
            error: Some(format!("redirected over more than {HOSTS_ON_THE_WAY} hosts")),
            redirects,
            ..nothing(asked)
        }
    }

    /// One request at a time to a host, and `delay` between two.
    async fn polite(&self, request: &Request<'_>, delay: Duration) -> Attempt {
        let host = request.url.host_str().unwrap_or_default().to_owned();
        let slot = Rc::clone(self.hosts.borrow_mut().entry(host).or_default());
        let mut last = slot.lock().await;
        if let Some(last) = *last {
            tokio::time::sleep_until(last + self.delay.unwrap_or(delay)).await;
        }
        let attempt = self.client.get(request).await;
        *last = Some(Instant::now());
        attempt
    }
}

fn nothing(asked: Url) -> Attempt {
    Attempt {
        requested: asked,
        outcome: Outcome::Skipped,
        response: None,
        redirects: Vec::new(),
        stopped_at: None,
        error: None,
        duration: Duration::ZERO,
        sent: Vec::new(),
    }
}

fn refused(asked: Url, decision: &Decision, rules: &Rules) -> Attempt {
    let unreachable = decision.say() == RobotsSay::Unreachable;
    let error = match (unreachable, &rules.unread, &decision.rule) {
        (true, Some((outcome, error)), _) => {
            let why = error.clone().unwrap_or_else(|| words(*outcome));
            format!("robots.txt is out of reach ({why}), which means no")
        }
        (true, None, _) => "robots.txt is out of reach, which means no".to_owned(),
        (false, _, Some(rule)) => format!("robots.txt says no: {rule}"),
        (false, _, None) => "robots.txt says no".to_owned(),
    };
    let outcome = match unreachable {
        true => Outcome::RobotsUnreachable,
        false => Outcome::RobotsDisallow,
    };
    Attempt {
        outcome,
        error: Some(error),
        ..nothing(asked)
    }
}

/// Why an attempt brought nothing.
pub fn why(attempt: &Attempt) -> String {
    attempt.error.clone().unwrap_or_else(|| words(attempt.outcome))
}

fn words(outcome: Outcome) -> String {
    super::word(outcome).replace('_', " ")
}

fn page(asked: &Url, response: &Response, now: jiff::Timestamp) -> Result<Page, DecodeError> {
    let headers = text_headers(response);
    let body = decode::decode(&headers, &response.body, limits::SITEMAP_BODY)?
        .body
        .into_owned();
    Ok(Page {
        requested: asked.to_string(),
        url: response.url.to_string(),
        status: response.status,
        headers,
        body,
        fetched_at: now,
    })
}

/// Header values read as latin-1, as HTTP/1.1 defines them (RFC 9110 §5.5).
fn text_headers(response: &Response) -> Vec<(String, String)> {
    let latin1 = |value: &[u8]| value.iter().map(|byte| char::from(*byte)).collect();
    response
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), latin1(value)))
        .collect()
}
