//! The client against every misbehaviour of the site server: the right outcome each time, within its limits.

mod common;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use common::reply::{Act, Framing};
use common::{Reply, SiteServer};
use futures_util::future::join_all;
use url::Url;
use vigie::fetch::limits;
use vigie::fetch::{Attempt, Client, Options, Request, ResolveMap, Robots, Timeouts, Validators};
use vigie::model::Outcome;

const HOST: &str = "outlet.example";

/// Small limits, so that a hung server costs a test tenths of a second.
const LIMITS: Timeouts = Timeouts {
    connect: Duration::from_millis(700),
    first_byte: Duration::from_millis(700),
    idle: Duration::from_millis(600),
    total: Duration::from_millis(2500),
};

struct Bench {
    server: SiteServer,
    client: Client,
    served: AtomicU32,
}

impl Bench {
    fn new() -> Bench {
        let server = SiteServer::start();
        let client = Client::new(Options {
            user_agent: "vigie/0.1 (+https://desk.example/)".to_owned(),
            resolve: ResolveMap::every(server.addr()),
            timeouts: LIMITS,
            ..Options::default()
        })
        .expect("a client");
        Bench {
            server,
            client,
            served: AtomicU32::new(0),
        }
    }

    fn put(&self, path: &str, reply: Reply) -> Url {
        self.server.put(HOST, path, reply);
        Url::parse(&format!("http://{HOST}{path}")).expect("an address")
    }

    async fn get(&self, request: &Request<'_>) -> Attempt {
        let began = Instant::now();
        let attempt = self.client.get(request).await;
        let took = began.elapsed();
        let most = LIMITS.total + Duration::from_secs(1);
        assert!(took < most, "{} took {took:?}", request.url);
        attempt
    }

    /// Serves the reply under a path of its own and fetches it.
    async fn meet(&self, reply: Reply) -> Attempt {
        let served = self.served.fetch_add(1, Ordering::Relaxed);
        let url = self.put(&format!("/served-{served}"), reply);
        self.get(&Request::page(url)).await
    }
}

/// Each misbehaviour with the outcome it must come to, and whether an answer (or part of it) is kept.
fn misbehaviours() -> Vec<(&'static str, Reply, Outcome, bool)> {
    let page = || Reply::html("<p>The lookout saw nothing today.</p>".repeat(50));
    vec![
        ("plain", page(), Outcome::Ok, true),
        ("chunked", page().framing(Framing::Chunked(100)), Outcome::Ok, true),
        (
            "no length, closed at the end",
            page().framing(Framing::UntilClose),
            Outcome::Ok,
            true,
        ),
        ("empty 200", Reply::html(""), Outcome::Ok, true),
        ("204", Reply::status(204), Outcome::Ok, true),
        (
            "slow head within the limit",
            page().head_delay(Duration::from_millis(200)),
            Outcome::Ok,
            true,
        ),
        (
            "slow head",
            page().head_delay(Duration::from_secs(30)),
            Outcome::Timeout,
            false,
        ),
        ("never answers", Reply::act(Act::Silence), Outcome::Timeout, false),
        ("one byte in two seconds", page().pace(1), Outcome::Timeout, true),
        ("drips within the pause limit", page().pace(400), Outcome::Timeout, true),
        (
            "closes without a word",
            Reply::act(Act::Close),
            Outcome::Truncated,
            false,
        ),
        (
            "resets without a word",
            Reply::act(Act::Reset),
            Outcome::Truncated,
            false,
        ),
        ("reset in the body", page().cut_after(300), Outcome::Truncated, true),
        (
            "reset in a chunk",
            page().framing(Framing::Chunked(100)).cut_after(250),
            Outcome::Truncated,
            true,
        ),
        (
            "length too large",
            page().framing(Framing::WrongLength(99_999)),
            Outcome::Truncated,
            true,
        ),
        (
            "length too small",
            page().framing(Framing::WrongLength(40)),
            Outcome::Ok,
            true,
        ),
        (
            "length of 2^63",
            page().framing(Framing::WrongLength(1 << 63)),
            Outcome::Truncated,
            true,
        ),
        (
            "broken chunks",
            page().framing(Framing::BrokenChunks),
            Outcome::Truncated,
            true,
        ),
        (
            "gzip label on plain text",
            page().header("content-encoding", "gzip"),
            Outcome::Ok,
            true,
        ),
        ("truncated gzip", page().gzip().shortened(20), Outcome::Ok, true),
        ("gzip bomb", Reply::gzip_bomb(64), Outcome::Ok, true),
        ("interim answers", page().interim(Some(20)), Outcome::Ok, true),
        (
            "head of 100 KB",
            page().header("x-large", vec![b'a'; 100_000]),
            Outcome::TooLarge,
            false,
        ),
        (
            "NUL in a header",
            page().header("x-nul", b"a\0b"),
            Outcome::Unreadable,
            false,
        ),
        ("blank in a header name", page().header("x y z", "?"), Outcome::Ok, true),
        (
            "line without a colon",
            page().header("x-folded", "a\r\n b\r\nno colon here"),
            Outcome::Ok,
            true,
        ),
        (
            "latin-1 in a header",
            page().header("x-place", b"Besan\xe7on"),
            Outcome::Ok,
            true,
        ),
        (
            "not HTTP",
            Reply::raw("SSH-2.0-OpenSSH_9.2\r\n"),
            Outcome::Unreadable,
            false,
        ),
        (
            "half a head",
            Reply::raw("HTTP/1.1 200 OK\r\ncontent-ty"),
            Outcome::Truncated,
            false,
        ),
        ("status 999", Reply::status(999), Outcome::HttpError, true),
        ("304 never asked for", Reply::status(304), Outcome::HttpError, true),
        ("206 never asked for", Reply::new(206, "part"), Outcome::Truncated, true),
        ("401", Reply::status(401), Outcome::Blocked, true),
        ("403", Reply::new(403, "no"), Outcome::Blocked, true),
        ("429", Reply::too_many("120"), Outcome::Blocked, true),
        ("451", Reply::status(451), Outcome::Blocked, true),
        (
            "challenge with 200",
            page().header("cf-mitigated", "challenge"),
            Outcome::Blocked,
            true,
        ),
        ("404", Reply::status(404), Outcome::Gone, true),
        ("410", Reply::status(410), Outcome::Gone, true),
        (
            "500 that breaks off",
            Reply::new(500, "oops").framing(Framing::WrongLength(900)),
            Outcome::HttpError,
            true,
        ),
        ("503", Reply::status(503), Outcome::HttpError, true),
        (
            "redirect without an address",
            Reply::status(302),
            Outcome::HttpError,
            true,
        ),
        (
            "redirect to no address",
            Reply::redirect(302, "http://[oops"),
            Outcome::HttpError,
            false,
        ),
    ]
}

#[tokio::test]
async fn every_misbehaviour_comes_to_its_outcome() {
    let bench = Bench::new();
    // All at once, since most of them wait; a hung server delays nobody else.
    let attempts = misbehaviours().into_iter().map(async |(name, reply, outcome, kept)| {
        let attempt = bench.meet(reply).await;
        let is_told = attempt.error.is_some() || matches!(attempt.outcome, Outcome::Ok);
        let is_right = attempt.outcome == outcome && attempt.response.is_some() == kept && is_told;
        (!is_right).then(|| format!("{name}: {:?} {:?}", attempt.outcome, attempt.error))
    });
    let wrong: Vec<String> = join_all(attempts).await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Servers that never stop talking, one at a time: they would crowd out the others.
#[tokio::test]
async fn floods_end_at_their_limits() {
    let bench = Bench::new();
    let block = Reply::html(vec![b'x'; 65_536]);
    for (reply, outcome, kept) in [
        (
            block.clone().framing(Framing::Endless),
            Outcome::TooLarge,
            Some(limits::PAGE_BODY),
        ),
        (block.interim(None), Outcome::Timeout, None),
        (Reply::act(Act::EndlessHead), Outcome::TooLarge, None),
    ] {
        let attempt = bench.meet(reply).await;
        assert_eq!(attempt.outcome, outcome, "{:?}", attempt.error);
        assert_eq!(attempt.response.map(|response| response.body.len()), kept);
    }
}

/// Interim answers as fast as memory gives them: hyper reads on while there is anything to read, which tokio stops after
/// 128 reads in a row. On a thread of its own that delays nobody; the flood ends by itself, so that the test does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn interim_answers_without_a_pause_end_in_bounded_time() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("a bound port");
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a visitor");
        std::io::Read::read(&mut stream, &mut [0; 4096]).expect("a request");
        let block = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(10_000);
        let began = Instant::now();
        while began.elapsed() < LIMITS.total && std::io::Write::write_all(&mut stream, &block).is_ok() {}
        std::thread::sleep(LIMITS.total);
    });
    let client = Client::new(Options {
        resolve: ResolveMap::every(address),
        timeouts: LIMITS,
        ..Options::default()
    })
    .expect("a client");
    let began = Instant::now();
    let url = Url::parse(&format!("http://{HOST}/")).expect("an address");
    let attempt = client.get(&Request::page(url)).await;
    assert_eq!(attempt.outcome, Outcome::Timeout, "{:?}", attempt.error);
    // The flood's own length and a slow machine's share.
    assert!(began.elapsed() < LIMITS.total * 4);
}

/// What stands at /robots.txt, over the wire, and what follows for a page.
#[tokio::test]
async fn whatever_is_served_as_robots_txt() {
    let bench = Bench::new();
    let utf_16 = |text: &str| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let no = "User-agent: *\nDisallow: /news/\n";
    let long = format!("{no}{}", "# a remark\n".repeat(60_000));
    let hidden = format!("{}{no}", "# a remark\n".repeat(60_000));
    let cases = [
        ("a file", Reply::text(no), false),
        ("with a BOM", Reply::text(format!("\u{feff}{no}")), false),
        ("UTF-16", Reply::text(utf_16(no)), false),
        (
            "a page of HTML",
            Reply::html("<!DOCTYPE html><title>Home</title>"),
            true,
        ),
        (
            "rules in a page of HTML",
            Reply::html(format!("<pre>\n{no}</pre>")),
            false,
        ),
        ("nothing", Reply::text(""), true),
        ("404", Reply::status(404), true),
        ("403", Reply::status(403), true),
        ("429", Reply::status(429), false),
        ("500", Reply::status(500), false),
        ("503", Reply::status(503), false),
        ("a redirect in a circle", Reply::redirect(302, "/robots.txt"), true),
        (
            "a redirect within",
            Reply::redirect(302, "http://10.0.0.1/robots.txt"),
            true,
        ),
        ("a redirect to nowhere", Reply::redirect(302, ""), true),
        ("silence", Reply::act(Act::Silence), false),
        ("a reset", Reply::act(Act::Reset), false),
        ("cut short", Reply::text(no).cut_after(10), false),
        ("longer than 500 KiB", Reply::text(long), false),
        ("rules behind 500 KiB", Reply::text(hidden), true),
    ];
    let page = Url::parse(&format!("http://{HOST}/news/1")).expect("an address");
    for (what, reply, allowed) in cases {
        bench.put("/robots.txt", reply);
        let attempt = bench.get(&Request::robots(&page)).await;
        let (status, body) = attempt
            .response
            .map_or((None, Vec::new()), |r| (Some(r.status), r.body));
        let decision = Robots::from_fetch(attempt.outcome, status, &body).check("vigie", page.as_str());
        assert_eq!(decision.allowed, allowed, "{what}: {:?} {decision:?}", attempt.outcome);
    }
    // Five redirects are followed, of which the last leads to the file (RFC 9309 §2.3.1.2); the sixth is not.
    for (hops, allowed) in [(5, false), (6, true)] {
        for hop in 0..hops {
            let from = if hop == 0 {
                "/robots.txt".to_owned()
            } else {
                format!("/r{hop}")
            };
            let to = if hop + 1 == hops {
                "/real.txt".to_owned()
            } else {
                format!("/r{}", hop + 1)
            };
            bench.put(&from, Reply::redirect(301, &to));
        }
        bench.put("/real.txt", Reply::text(no));
        let attempt = bench.get(&Request::robots(&page)).await;
        let (status, body) = attempt
            .response
            .map_or((None, Vec::new()), |r| (Some(r.status), r.body));
        let decision = Robots::from_fetch(attempt.outcome, status, &body).check("vigie", page.as_str());
        assert_eq!(decision.allowed, allowed, "{hops} redirects: {:?}", attempt.outcome);
    }
}

#[tokio::test]
async fn a_body_is_cut_at_its_limit_and_kept() {
    let bench = Bench::new();
    let url = bench.put("/long", Reply::html(vec![b'x'; 5000]));
    for (limit, outcome, kept) in [(4999, Outcome::TooLarge, 4999), (5000, Outcome::Ok, 5000)] {
        let attempt = bench
            .get(&Request {
                max_body: limit,
                ..Request::page(url.clone())
            })
            .await;
        assert_eq!(attempt.outcome, outcome);
        let response = attempt.response.expect("an answer");
        assert_eq!(response.body.len(), kept);
        assert_eq!(response.truncated, outcome == Outcome::TooLarge);
    }
}

#[tokio::test]
async fn bytes_arrive_as_they_were_sent() {
    let bench = Bench::new();
    let reply = Reply::html("여러 나라의 신문".repeat(20)).gzip();
    let packed = reply.body.to_vec();
    let attempt = bench.meet(reply).await;
    let response = attempt.response.expect("an answer");
    assert_eq!(response.body, packed, "content coding is left as it is");
    assert_eq!(response.header("content-encoding"), Some("gzip"));
    assert_eq!(response.version, "HTTP/1.1");
    assert_eq!(response.remote, Some(bench.server.addr().ip()));
    let hit = &bench.server.hits()[0];
    assert_eq!(hit.host, HOST, "the Host header is the outlet's, whatever was dialled");
    assert_eq!(hit.header("user-agent"), Some("vigie/0.1 (+https://desk.example/)"));
    assert_eq!(hit.header("accept-encoding"), Some("gzip, deflate, br, zstd"));
    for (name, value) in &attempt.sent {
        assert_eq!(hit.header(name), Some(value.as_str()), "recorded as sent");
    }
}

#[tokio::test]
async fn a_thousand_header_lines_are_survived() {
    let bench = Bench::new();
    let reply = (0..1000).fold(Reply::html("x"), |reply, n| reply.header(&format!("x-{n}"), "y"));
    let attempt = bench.meet(reply).await;
    assert_eq!(attempt.outcome, Outcome::Ok);
    assert!(attempt.response.expect("an answer").headers.len() > 1000);
}

#[tokio::test]
async fn validators_are_shown_again_and_a_match_is_not_modified() {
    let bench = Bench::new();
    let date = "Mon, 30 Nov 2009 00:00:00 GMT";
    let url = bench.put("/feed", Reply::xml("<rss/>").etag("\"one\"").last_modified(date));
    let first = bench.get(&Request::feed(url.clone())).await;
    let known = first.response.expect("an answer").validators();
    assert_eq!(known.etag.as_deref(), Some("\"one\""));
    assert_eq!(known.last_modified.as_deref(), Some(date));
    let again = Request {
        validators: Some(known),
        ..Request::feed(url.clone())
    };
    let second = bench.get(&again).await;
    assert_eq!(second.outcome, Outcome::NotModified);
    assert_eq!(second.error, None);

    bench.put("/feed", Reply::xml("<rss>new</rss>").etag("\"two\""));
    assert_eq!(bench.get(&again).await.outcome, Outcome::Ok);

    // A lying server: the body changed, the tag did not. Its 304 is what is reported; finding out is the crawl's part.
    bench.put("/feed", Reply::xml("<rss>newer</rss>").etag("\"one\""));
    assert_eq!(bench.get(&again).await.outcome, Outcome::NotModified);

    let broken = Request {
        validators: Some(Validators {
            etag: Some("\"a\r\nx: y\"".to_owned()),
            last_modified: None,
        }),
        ..Request::feed(url)
    };
    assert_eq!(
        bench.get(&broken).await.outcome,
        Outcome::Ok,
        "a validator that is no header value is left out"
    );
}

#[tokio::test]
async fn redirects_are_followed_and_recorded() {
    let bench = Bench::new();
    for status in [301, 302, 303, 307, 308] {
        let from = bench.put(&format!("/from-{status}"), Reply::redirect(status, "to?x=1#part"));
        bench.put("/to?x=1", Reply::html("there"));
        let attempt = bench.get(&Request::page(from.clone())).await;
        assert_eq!(attempt.outcome, Outcome::Ok);
        assert_eq!(
            attempt.response.expect("an answer").url.as_str(),
            "http://outlet.example/to?x=1"
        );
        assert_eq!(attempt.redirects.len(), 1);
        assert_eq!(attempt.redirects[0].url, from);
        assert_eq!(attempt.redirects[0].status, status);
        assert_eq!(attempt.redirects[0].location, "to?x=1#part");
    }
    assert_eq!(
        bench.server.connections(),
        1,
        "small redirect bodies leave the connection usable"
    );
}

#[tokio::test]
async fn redirect_loops_end() {
    let bench = Bench::new();
    let own = bench.put("/own", Reply::redirect(301, "/own"));
    let pair = bench.put("/a", Reply::redirect(302, "/b"));
    bench.put("/b", Reply::redirect(302, "/a"));
    let endless = bench.put("/0", Reply::redirect(302, "/1"));
    for n in 1..40 {
        bench.put(&format!("/{n}"), Reply::redirect(302, &format!("/{}", n + 1)));
    }
    for (url, hops) in [(own, 1), (pair, 2), (endless.clone(), 11)] {
        let attempt = bench.get(&Request::page(url)).await;
        assert_eq!(attempt.outcome, Outcome::RedirectLoop);
        assert_eq!(attempt.redirects.len(), hops);
    }
    // RFC 9309 §2.3.1.2: five redirects are followed, the sixth need not be.
    let six = Request {
        url: endless,
        ..Request::robots(&Url::parse("http://outlet.example/x?y#z").expect("an address"))
    };
    assert_eq!(bench.get(&six).await.redirects.len(), 6);
    bench.put("/5", Reply::text("User-agent: *"));
    assert_eq!(bench.get(&six).await.outcome, Outcome::Ok);
}

#[tokio::test]
async fn a_redirect_to_a_place_within_is_refused() {
    let bench = Bench::new();
    let places = [
        "file:///etc/passwd",
        "data:text/html,hello",
        "javascript:alert(1)",
        "ftp://outlet.example/",
        "http://127.1/",
        "http://2130706433/",
        "http://017700000001/",
        "http://[::ffff:7f00:1]/",
        "http://169.254.169.254/latest/meta-data/",
        "//10.0.0.1/",
        "http://outlet.example:22/",
    ];
    for place in places {
        let attempt = bench.meet(Reply::redirect(302, place)).await;
        assert_eq!(attempt.outcome, Outcome::AddressRefused, "{place}");
        assert_eq!(attempt.redirects[0].location, place);
    }
    assert_eq!(
        bench.server.hits().len(),
        places.len(),
        "nothing was dialled after the redirects"
    );
}

#[tokio::test]
async fn credentials_stay_with_their_origin() {
    let bench = Bench::new();
    bench.put("/in", Reply::redirect(302, "/further"));
    bench.put(
        "/further",
        Reply::redirect(302, "http://user:stolen@elsewhere.example/out"),
    );
    bench.server.put("elsewhere.example", "/out", Reply::html("out"));
    let url = Url::parse("http://reader:secret@outlet.example/in").expect("an address");
    let attempt = bench.get(&Request::page(url)).await;
    assert_eq!(
        attempt.response.expect("an answer").url.as_str(),
        "http://elsewhere.example/out"
    );
    let sent: Vec<bool> = bench
        .server
        .hits()
        .iter()
        .map(|hit| hit.header("authorization").is_some())
        .collect();
    assert_eq!(sent, [true, true, false]);
}

#[tokio::test]
async fn a_redirect_that_may_not_be_followed_says_where_it_led() {
    let bench = Bench::new();
    let url = bench.put("/moved", Reply::redirect(301, "http://elsewhere.example/private/x"));
    let allow = |url: &Url| url.host_str() == Some(HOST);
    let attempt = bench
        .get(&Request {
            allow: Some(&allow),
            ..Request::page(url)
        })
        .await;
    assert_eq!(attempt.outcome, Outcome::RobotsDisallow);
    assert_eq!(
        attempt.stopped_at.expect("where").as_str(),
        "http://elsewhere.example/private/x"
    );
    assert_eq!(bench.server.hits().len(), 1);
}

#[tokio::test]
async fn names_and_ports_that_lead_nowhere() {
    let bench = Bench::new();
    let refused = {
        // Bound and let go: nobody listens there.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("a bound port")
    };
    let mut resolve = ResolveMap::default();
    resolve.insert("closed.example", refused);
    resolve.insert("plain.example", bench.server.addr());
    let client = Client::new(Options {
        resolve,
        timeouts: LIMITS,
        ..Options::default()
    })
    .expect("a client");
    for (url, outcome) in [
        ("http://closed.example/", Outcome::Connect),
        ("https://plain.example/", Outcome::Tls),
        ("http://nowhere.invalid/", Outcome::Dns),
        ("http://localhost/", Outcome::AddressRefused),
        ("http://127.0.0.1/", Outcome::AddressRefused),
        ("ftp://plain.example/", Outcome::AddressRefused),
    ] {
        let attempt = client.get(&Request::page(Url::parse(url).expect("an address"))).await;
        let is_expected = attempt.outcome == outcome
            // A resolver that is itself out of reach may answer after the limit.
            || (outcome == Outcome::Dns && attempt.outcome == Outcome::Timeout);
        assert!(is_expected, "{url}: {:?} {:?}", attempt.outcome, attempt.error);
        assert!(attempt.response.is_none());
        assert!(attempt.error.is_some());
    }
}

#[tokio::test]
async fn loopback_must_be_asked_for() {
    let server = SiteServer::start();
    server.put("localhost", "/", Reply::html("home"));
    let url = Url::parse(&format!("http://localhost:{}/", server.addr().port())).expect("an address");
    for (allow_private, outcome) in [(false, Outcome::AddressRefused), (true, Outcome::Ok)] {
        let client = Client::new(Options {
            allow_private,
            timeouts: LIMITS,
            ..Options::default()
        })
        .expect("a client");
        assert_eq!(client.get(&Request::page(url.clone())).await.outcome, outcome);
    }
    assert_eq!(server.hits().len(), 1);
}

/// A certificate that nobody vouches for (made for these tests, valid until 2126), shown to one visitor.
fn self_signed() -> std::net::SocketAddr {
    use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
    let certificate = CertificateDer::from(&include_bytes!("common/tls/self-signed.cert.der")[..]);
    let key = PrivatePkcs8KeyDer::from(&include_bytes!("common/tls/self-signed.key.der")[..]);
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.into())
        .expect("a certificate and its key");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("a bound port");
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a visitor");
        let mut session = rustls::ServerConnection::new(std::sync::Arc::new(config)).expect("a session");
        // Ends when the visitor turns away.
        while session
            .complete_io(&mut stream)
            .is_ok_and(|(read, written)| read + written > 0)
        {}
    });
    address
}

#[tokio::test]
async fn a_self_signed_certificate_is_not_accepted() {
    let client = Client::new(Options {
        resolve: ResolveMap::every(self_signed()),
        timeouts: LIMITS,
        ..Options::default()
    })
    .expect("a client");
    let url = Url::parse("https://outlet.example/").expect("an address");
    let attempt = client.get(&Request::page(url)).await;
    assert_eq!(attempt.outcome, Outcome::Tls, "{:?}", attempt.error);
    assert!(attempt.error.is_some_and(|why| why.contains("certificate")));
}

#[tokio::test]
async fn through_a_proxy_the_checks_stay() {
    let bench = Bench::new();
    let proxy = format!("http://{}", bench.server.addr());
    let url = bench.put("/far", Reply::html("far away"));
    let client = Client::new(Options {
        timeouts: LIMITS,
        ..Options::default()
    })
    .expect("a client");
    let through = |url: &str| Request {
        proxy: Some(&proxy),
        ..Request::page(Url::parse(url).expect("an address"))
    };
    let attempt = client.get(&through(url.as_str())).await;
    assert_eq!(attempt.outcome, Outcome::Ok, "{:?}", attempt.error);
    assert_eq!(attempt.response.expect("an answer").remote, None);
    for url in ["http://10.0.0.1/", "http://router.lan/", "http://localhost/"] {
        assert_eq!(
            client.get(&through(url)).await.outcome,
            Outcome::AddressRefused,
            "{url}"
        );
    }
    assert_eq!(bench.server.hits().len(), 1);
    let wrong = Request {
        proxy: Some("socks5://desk.example:1080"),
        ..Request::page(url)
    };
    assert_eq!(client.get(&wrong).await.outcome, Outcome::Connect);
}
