//! One HTTP GET with its redirects.
//!
//! Takes an address, validators and limits, gives an [`Attempt`]: what came over the wire, or the outcome in its place.
//! Never decodes or interprets a body, never waits for politeness, never consults robots.txt by itself.

use std::collections::HashMap;
use std::future::Future;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use reqwest::redirect::Policy;
use thiserror::Error;
use tokio::time::{Instant, timeout};
use url::Url;

use super::fault::{Fault, verdict};
use super::guard::{Guard, ResolveMap};
use super::headers::header_text;
use super::limits;
use crate::model::Outcome;

/// How long each phase of a fetch may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    pub connect: Duration,
    pub first_byte: Duration,
    pub idle: Duration,
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            connect: limits::CONNECT,
            first_byte: limits::FIRST_BYTE,
            idle: limits::IDLE,
            total: limits::TOTAL,
        }
    }
}

/// What all fetches of a run share.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// See [`super::headers::user_agent`].
    pub user_agent: String,
    pub resolve: ResolveMap,
    /// Loopback and private networks, too: tests, the demo, an intranet.
    pub allow_private: bool,
    pub timeouts: Timeouts,
    /// Certificates (DER) that are trusted besides the system's: those of an intranet, of tests.
    pub authorities: Vec<Vec<u8>>,
}

/// Why no client could be made; a fault of this machine or its configuration, not of a site.
#[derive(Debug, Error)]
pub enum ClientError {
    #[error("the HTTP client cannot start")]
    Start(#[source] reqwest::Error),
    #[error("`{0}` is not a proxy address (http://…, https://… or socks5h://…)")]
    Proxy(String),
}

/// Fetches. Cheap to share behind an `Arc`; one for a whole run.
#[derive(Debug)]
pub struct Client {
    guard: Arc<Guard>,
    options: Options,
    direct: reqwest::Client,
    /// One connection pool for each proxy, made when it is first needed.
    proxied: Mutex<HashMap<String, reqwest::Client>>,
}

/// What was sent along with an earlier answer, to be shown to the server again (RFC 9110 §13.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// One thing to fetch.
#[derive(Clone)]
pub struct Request<'a> {
    pub url: Url,
    pub validators: Option<Validators>,
    /// Bytes over the wire; the body is cut there.
    pub max_body: usize,
    pub max_hops: usize,
    pub accept: &'static str,
    pub proxy: Option<&'a str>,
    /// Asked before each redirect is followed. "No" ends the attempt with `RobotsDisallow` and `stopped_at`, so that
    /// the caller may read that host's robots.txt, wait for its slot, and ask anew.
    pub allow: Option<&'a (dyn Fn(&Url) -> bool + Send + Sync)>,
}

impl<'a> Request<'a> {
    /// An article or a listing page.
    pub fn page(url: Url) -> Request<'a> {
        Request {
            url,
            validators: None,
            max_body: limits::PAGE_BODY,
            max_hops: limits::PAGE_HOPS,
            accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
            proxy: None,
            allow: None,
        }
    }

    pub fn feed(url: Url) -> Request<'a> {
        Request {
            max_body: limits::FEED_BODY,
            accept: "application/rss+xml,application/atom+xml,application/feed+json;q=0.9,application/xml;q=0.8,*/*;q=0.5",
            ..Request::page(url)
        }
    }

    pub fn sitemap(url: Url) -> Request<'a> {
        Request {
            max_body: limits::SITEMAP_BODY,
            accept: "application/xml,text/xml;q=0.9,*/*;q=0.5",
            ..Request::page(url)
        }
    }

    /// `/robots.txt` of the origin that `url` belongs to.
    pub fn robots(url: &Url) -> Request<'a> {
        let mut robots = url.clone();
        robots.set_path("/robots.txt");
        robots.set_query(None);
        Request {
            // One byte more than is read, so that "exactly 500 KiB" is told from "longer".
            max_body: limits::ROBOTS_BODY + 1,
            max_hops: limits::ROBOTS_HOPS,
            accept: "text/plain,*/*;q=0.5",
            ..Request::page(robots)
        }
    }
}

/// What became of a [`Request`].
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    pub requested: Url,
    pub outcome: Outcome,
    /// The last answer, even a bad one or the part of it that arrived.
    pub response: Option<Response>,
    pub redirects: Vec<Hop>,
    /// Where a redirect led that [`Request::allow`] did not let us follow.
    pub stopped_at: Option<Url>,
    /// One plain sentence, when something is to be said.
    pub error: Option<String>,
    pub duration: Duration,
    /// Headers of the last request, for the archive's request record.
    pub sent: Vec<(String, String)>,
}

/// An answer as it came over the wire, transfer coding removed, content coding not.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The address that answered, without fragment.
    pub url: Url,
    pub status: u16,
    /// `HTTP/1.1`, `HTTP/2.0`.
    pub version: String,
    /// Names in lower case, in order of arrival; a repeated name stands with its first occurrence.
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
    /// The body is not whole: too large, too slow, or broken off.
    pub truncated: bool,
    /// The address that was dialled; unknown behind a proxy.
    pub remote: Option<IpAddr>,
}

impl Response {
    /// The first header of that (lower-case) name as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        header_text(&self.headers, name)
    }

    /// What to show the server next time.
    pub fn validators(&self) -> Validators {
        let keep = |name| self.header(name).filter(|value| !value.is_empty()).map(str::to_owned);
        Validators {
            etag: keep("etag"),
            last_modified: keep("last-modified"),
        }
    }
}

/// A redirect that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    pub url: Url,
    pub status: u16,
    /// As sent.
    pub location: String,
}

/// Time left of a fetch.
struct Watch {
    began: Instant,
    limits: Timeouts,
}

impl Watch {
    /// Awaits one phase, for as long as its own limit and the whole fetch's allow.
    async fn phase<T>(&self, what: &str, limit: Duration, work: impl Future<Output = T>) -> Result<T, Fault> {
        let left = self.limits.total.saturating_sub(self.began.elapsed());
        match timeout(limit.min(left), work).await {
            Ok(done) => Ok(done),
            Err(_) if limit <= left => Err(Fault::timeout(what, limit)),
            Err(_) => Err(Fault::timeout("not complete", self.limits.total)),
        }
    }
}

impl Client {
    pub fn new(options: Options) -> Result<Client, ClientError> {
        let guard = Arc::new(Guard {
            resolve: options.resolve.clone(),
            allow_private: options.allow_private,
        });
        let direct = builder(&options)?
            .dns_resolver(guard.resolver(None))
            .build()
            .map_err(ClientError::Start)?;
        Ok(Client {
            guard,
            options,
            direct,
            proxied: Mutex::new(HashMap::new()),
        })
    }

    /// Fetches with redirects. Whatever a server does, this comes back within the total time, with an outcome.
    pub async fn get(&self, request: &Request<'_>) -> Attempt {
        let mut attempt = Attempt {
            requested: request.url.clone(),
            outcome: Outcome::Ok,
            response: None,
            redirects: Vec::new(),
            stopped_at: None,
            error: None,
            duration: Duration::ZERO,
            sent: Vec::new(),
        };
        let watch = Watch {
            began: Instant::now(),
            limits: self.options.timeouts,
        };
        if let Err(fault) = self.follow(request, &watch, &mut attempt).await {
            attempt.outcome = fault.outcome;
            attempt.error = Some(fault.why);
        }
        attempt.duration = watch.began.elapsed();
        attempt
    }

    async fn follow(&self, request: &Request<'_>, watch: &Watch, attempt: &mut Attempt) -> Result<(), Fault> {
        let http = self
            .egress(request.proxy)
            .map_err(|error| Fault::new(Outcome::Connect, error.to_string()))?;
        let mut url = request.url.clone();
        url.set_fragment(None);
        let mut seen = vec![url.clone()];
        loop {
            self.guard.check_url(&url).map_err(|refusal| Fault::refused(&refusal))?;
            let answer = self.send(&http, &url, request, watch, attempt).await?;
            let status = answer.status().as_u16();
            let Some(location) = redirect_target(&answer) else {
                return receive(answer, &url, request, watch, attempt).await;
            };
            let next = next_url(&url, &location);
            attempt.redirects.push(Hop {
                url: url.clone(),
                status,
                location,
            });
            drain(answer, watch).await;
            let next = next.ok_or_else(|| Fault::new(Outcome::HttpError, "redirects to what is not an address"))?;
            if seen.contains(&next) {
                return Err(Fault::new(Outcome::RedirectLoop, "redirects in a circle"));
            }
            if attempt.redirects.len() > request.max_hops {
                let why = format!("redirects more than {} times", request.max_hops);
                return Err(Fault::new(Outcome::RedirectLoop, why));
            }
            self.guard.check_url(&next).map_err(|refusal| {
                let Fault { outcome, why } = Fault::refused(&refusal);
                Fault::new(outcome, format!("redirects to where nothing is fetched: {why}"))
            })?;
            if request.allow.is_some_and(|allow| !allow(&next)) {
                let why = format!("redirects to {next}, which was not allowed");
                attempt.stopped_at = Some(next);
                return Err(Fault::new(Outcome::RobotsDisallow, why));
            }
            seen.push(next.clone());
            url = next;
        }
    }

    async fn send(
        &self,
        http: &reqwest::Client,
        url: &Url,
        request: &Request<'_>,
        watch: &Watch,
        attempt: &mut Attempt,
    ) -> Result<reqwest::Response, Fault> {
        let headers = request_headers(request);
        attempt.sent = sent(&self.options.user_agent, &headers);
        let work = http.get(url.clone()).headers(headers).send();
        // Connecting has its own limit inside, and so the head of the answer has at least its own.
        let limit = self
            .options
            .timeouts
            .connect
            .saturating_add(self.options.timeouts.first_byte);
        watch
            .phase("no answer", limit, work)
            .await?
            .map_err(|error| Fault::from_reqwest(&error))
    }

    /// The connections to use: our own, or those through a proxy.
    fn egress(&self, proxy: Option<&str>) -> Result<reqwest::Client, ClientError> {
        let Some(address) = proxy else {
            return Ok(self.direct.clone());
        };
        let mut proxied = self.proxied.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = proxied.get(address) {
            return Ok(client.clone());
        }
        let wrong = || ClientError::Proxy(address.to_owned());
        let url = Url::parse(address).map_err(|_| wrong())?;
        // `socks5` would look names up here, past the proxy and for nothing.
        if !matches!(url.scheme(), "http" | "https" | "socks5h") {
            return Err(wrong());
        }
        let client = builder(&self.options)?
            .proxy(reqwest::Proxy::all(address).map_err(|_| wrong())?)
            .dns_resolver(self.guard.resolver(url.host_str().map(str::to_owned)))
            .build()
            .map_err(ClientError::Start)?;
        proxied.insert(address.to_owned(), client.clone());
        Ok(client)
    }
}

/// What every pool has in common. `no_proxy` keeps the environment's proxies out: behind one, nobody checks addresses.
fn builder(options: &Options) -> Result<reqwest::ClientBuilder, ClientError> {
    let mut builder = reqwest::Client::builder()
        .no_proxy()
        .user_agent(HeaderValue::from_str(&options.user_agent).unwrap_or(HeaderValue::from_static("vigie")))
        .redirect(Policy::none())
        .referer(false)
        .connect_timeout(options.timeouts.connect)
        .pool_idle_timeout(limits::CONNECTION_IDLE)
        .pool_max_idle_per_host(1)
        .http1_max_headers(limits::HEADER_LINES)
        .http2_max_header_list_size(u32::try_from(limits::HEAD).unwrap_or(u32::MAX))
        // One malformed line must not cost us the page; browsers read on, too.
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true);
    if !options.authorities.is_empty() {
        let read = |der: &Vec<u8>| reqwest::Certificate::from_der(der).map_err(ClientError::Start);
        let trusted: Vec<_> = options.authorities.iter().map(read).collect::<Result<_, _>>()?;
        builder = builder.tls_certs_merge(trusted);
    }
    Ok(builder)
}

fn request_headers(request: &Request<'_>) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(4);
    headers.insert(ACCEPT, HeaderValue::from_static(request.accept));
    // Decoded later, from the archive, with caps on size and ratio.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br, zstd"));
    // Validators belong to the address asked for; after a redirect they are those of the page we know, still.
    if let Some(validators) = &request.validators {
        let mut insert = |name: HeaderName, value: &Option<String>| {
            if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
                headers.insert(name, value);
            }
        };
        insert(IF_NONE_MATCH, &validators.etag);
        insert(IF_MODIFIED_SINCE, &validators.last_modified);
    }
    headers
}

fn sent(user_agent: &str, headers: &HeaderMap) -> Vec<(String, String)> {
    let own = std::iter::once(("user-agent".to_owned(), user_agent.to_owned()));
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    own.chain(headers.iter().map(|(name, value)| (name.to_string(), text(value))))
        .collect()
}

/// Where a redirect points, as sent; `None` for everything that is no redirect or names no place.
fn redirect_target(answer: &reqwest::Response) -> Option<String> {
    if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = answer.headers().get("location")?;
    // Raw UTF-8 and latin-1 occur; both are read as the characters they stand for.
    let bytes = location.as_bytes();
    let text =
        std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|&b| char::from(b)).collect(), str::to_owned);
    Some(text).filter(|text| !text.trim().is_empty())
}

/// RFC 9110 §15.4: relative references are resolved; credentials go no further than the origin they were meant for.
fn next_url(from: &Url, location: &str) -> Option<Url> {
    let mut next = from.join(location.trim()).ok()?;
    next.set_fragment(None);
    let same_origin = next.origin() == from.origin();
    let (user, password) = if same_origin {
        (from.username(), from.password())
    } else {
        ("", None)
    };
    // Both fail only for addresses without a host, which the guard refuses next.
    let _ = next.set_username(user);
    let _ = next.set_password(password);
    Some(next)
}

/// Reads a small redirect body to its end, since only then can the connection carry the next request.
async fn drain(answer: reqwest::Response, watch: &Watch) {
    if answer.content_length().is_some_and(|length| length <= limits::HOP_BODY) {
        // Failing here costs a connection, nothing else.
        let _ = watch.phase("redirect", watch.limits.idle, answer.bytes()).await;
    }
}

async fn receive(
    mut answer: reqwest::Response,
    url: &Url,
    request: &Request<'_>,
    watch: &Watch,
    attempt: &mut Attempt,
) -> Result<(), Fault> {
    let status = answer.status().as_u16();
    let headers: Vec<(String, Vec<u8>)> = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    let head: usize = headers
        .iter()
        .map(|(name, value)| name.len() + value.len() + ": \r\n".len())
        .sum();
    if head > limits::HEAD {
        return Err(Fault::new(
            Outcome::TooLarge,
            format!("the head of the answer is {head} bytes long"),
        ));
    }
    let (outcome, why) = verdict(status, &headers, request.validators.is_some());
    attempt.outcome = outcome;
    attempt.error = why;
    let response = attempt.response.insert(Response {
        url: url.clone(),
        status,
        version: format!("{:?}", answer.version()),
        headers,
        body: Vec::new(),
        truncated: false,
        remote: answer
            .remote_addr()
            .map(|socket| socket.ip())
            .filter(|_| request.proxy.is_none()),
    });
    let ended = body(&mut answer, request.max_body, watch, &mut response.body).await;
    response.truncated = ended.is_err();
    match ended {
        // What the status says of an error page outweighs that the page broke off.
        Err(fault) if outcome == Outcome::Ok => Err(fault),
        _ => Ok(()),
    }
}

async fn body(answer: &mut reqwest::Response, max: usize, watch: &Watch, body: &mut Vec<u8>) -> Result<(), Fault> {
    // The declared length is a hint, and a hostile one at worst: no more than 64 KiB are set aside on its word.
    let declared = answer
        .content_length()
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or(0);
    body.reserve(declared.min(64 * 1024));
    loop {
        let chunk = watch
            .phase("the body paused, nothing more", watch.limits.idle, answer.chunk())
            .await?
            .map_err(|error| Fault::from_reqwest(&error))?;
        let Some(chunk) = chunk else {
            // Lets the connection's own task put it back, so that the next request to the host finds it.
            tokio::task::yield_now().await;
            return Ok(());
        };
        let room = max.saturating_sub(body.len());
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if chunk.len() > room {
            return Err(Fault::new(Outcome::TooLarge, format!("longer than {max} bytes")));
        }
    }
}
