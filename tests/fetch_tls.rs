//! The client against what goes wrong below HTTP: certificates, HTTP/2 connections that end badly, proxies.

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use common::{Reply, SiteServer};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use url::Url;
use vigie::fetch::{Attempt, Client, Options, Request, ResolveMap, Timeouts};
use vigie::model::Outcome;

const HOST: &str = "outlet.example";
const LIMITS: Timeouts = Timeouts {
    connect: Duration::from_millis(1500),
    first_byte: Duration::from_millis(700),
    idle: Duration::from_millis(600),
    total: Duration::from_millis(2500),
};

/// An authority of these tests alone, made anew for each.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    der: Vec<u8>,
}

impl Authority {
    fn new() -> Authority {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let der = params.self_signed(&key).expect("a certificate").der().to_vec();
        Authority {
            issuer: Issuer::new(params, key),
            der,
        }
    }

    /// What a server needs to show itself as `name`, valid until the end of that year.
    fn vouch(&self, name: &str, until: i32, protocol: &[u8]) -> Arc<ServerConfig> {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        params.not_before = date_time_ymd(2009, 1, 1);
        params.not_after = date_time_ymd(until, 12, 31);
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("protocol versions")
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .expect("a certificate and its key");
        config.alpn_protocols = vec![protocol.to_vec()];
        Arc::new(config)
    }

    async fn get(&self, server: SocketAddr) -> Attempt {
        let client = Client::new(Options {
            resolve: ResolveMap::every(server),
            timeouts: LIMITS,
            authorities: vec![self.der.clone()],
            ..Options::default()
        })
        .expect("a client");
        let began = Instant::now();
        let url = Url::parse(&format!("https://{HOST}/")).expect("an address");
        let attempt = client.get(&Request::page(url)).await;
        assert!(began.elapsed() < LIMITS.total + Duration::from_secs(1));
        attempt
    }
}

type Session = StreamOwned<ServerConnection, TcpStream>;

/// Serves every visitor in the given way, each on a thread of its own.
fn serve(config: Arc<ServerConfig>, way: impl Fn(&mut Session) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("a bound port");
    let way = Arc::new(way);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (config, way) = (Arc::clone(&config), Arc::clone(&way));
            thread::spawn(move || {
                let session = ServerConnection::new(config).expect("a session");
                way(&mut StreamOwned::new(session, stream));
            });
        }
    });
    address
}

/// A page over HTTP/1.1.
fn page(session: &mut Session) {
    let mut request = [0; 4096];
    if session.read(&mut request).is_ok() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\npage";
        session.write_all(answer).and_then(|()| session.flush()).ok();
    }
}

#[tokio::test]
async fn certificates_are_believed_only_where_they_hold() {
    let authority = Authority::new();
    let stranger = Authority::new();
    let cases = [
        ("good", authority.vouch(HOST, 2126, b"http/1.1"), Outcome::Ok, ""),
        (
            "expired",
            authority.vouch(HOST, 2010, b"http/1.1"),
            Outcome::Tls,
            "expired",
        ),
        (
            "another host's",
            authority.vouch("gazette.example", 2126, b"http/1.1"),
            Outcome::Tls,
            "not valid for name",
        ),
        (
            "of an unknown authority",
            stranger.vouch(HOST, 2126, b"http/1.1"),
            Outcome::Tls,
            "certificate",
        ),
    ];
    for (what, config, outcome, why) in cases {
        let attempt = authority.get(serve(config, page)).await;
        let error = attempt.error.unwrap_or_default();
        assert_eq!(attempt.outcome, outcome, "{what}: {error}");
        assert!(error.contains(why), "{what}: {error}");
        assert_eq!(attempt.response.is_some(), outcome == Outcome::Ok);
    }
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("a bound port");
    // Accepted by the system, never answered by anybody.
    let attempt = Authority::new().get(address).await;
    assert_eq!(attempt.outcome, Outcome::Timeout, "{:?}", attempt.error);
    drop(listener);
}

/// One frame of HTTP/2 (RFC 9113 §4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a small frame").to_be_bytes();
    let mut out = length[1..].to_vec();
    out.extend([kind, flags]);
    out.extend(stream.to_be_bytes());
    out.extend(payload);
    out
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
/// `:status: 200` in HPACK's static table (RFC 7541, appendix A).
const STATUS_200: &[u8] = &[0x88];

/// Reads up to the request's HEADERS, then says these frames and waits until the visitor leaves.
fn say(session: &mut Session, frames: &[Vec<u8>]) -> std::io::Result<()> {
    session.read_exact(&mut [0; 24])?;
    session.write_all(&frame(SETTINGS, 0, 0, &[]))?;
    loop {
        let mut head = [0; 9];
        session.read_exact(&mut head)?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        session.read_exact(&mut vec![0; length as usize])?;
        match head[3] {
            SETTINGS if head[4] == 0 => session.write_all(&frame(SETTINGS, 1, 0, &[]))?,
            HEADERS => break,
            _ => {}
        }
    }
    session.write_all(&frames.concat())?;
    session.flush()?;
    let mut rest = [0; 4096];
    while session.read(&mut rest)? > 0 {}
    Ok(())
}

#[tokio::test]
async fn http_2_ends_badly_in_every_way() {
    let goaway = |last: u32, code: u32| frame(GOAWAY, 0, 0, &[last.to_be_bytes(), code.to_be_bytes()].concat());
    let reset = |code: u32| frame(RST_STREAM, 0, 1, &code.to_be_bytes());
    let head = || frame(HEADERS, END_HEADERS, 1, STATUS_200);
    // A literal header, never indexed, that says the answer is 100 bytes long.
    let long = frame(HEADERS, END_HEADERS, 1, b"\x88\x0f\x0d\x03100");
    let flood: Vec<u8> = (0..20_000).flat_map(|_| frame(PING, 0, 0, &[0; 8])).collect();
    let cases: Vec<(&str, Vec<Vec<u8>>, Outcome, bool)> = vec![
        (
            "a whole answer",
            vec![head(), frame(DATA, END_STREAM, 1, b"page")],
            Outcome::Ok,
            true,
        ),
        (
            "GOAWAY in place of an answer",
            vec![goaway(0, 0)],
            Outcome::Truncated,
            false,
        ),
        ("GOAWAY with an error", vec![goaway(0, 2)], Outcome::Truncated, false),
        // It promises to go on with stream 1, and does not.
        ("calm down", vec![goaway(1, 0xb)], Outcome::Timeout, false),
        (
            "GOAWAY after which the answer still comes",
            vec![goaway(1, 0), head(), frame(DATA, END_STREAM, 1, b"page")],
            Outcome::Ok,
            true,
        ),
        ("the stream reset", vec![reset(2)], Outcome::Truncated, false),
        // Asked a second time, as RFC 9113 §8.7 allows, and then not answered at all.
        ("the stream refused", vec![reset(7)], Outcome::Timeout, false),
        (
            "reset in the body",
            vec![head(), frame(DATA, 0, 1, b"pa"), reset(2)],
            Outcome::Truncated,
            true,
        ),
        (
            "GOAWAY in the body",
            vec![head(), frame(DATA, 0, 1, b"pa"), goaway(1, 1)],
            Outcome::Timeout,
            true,
        ),
        (
            "shorter than it said",
            vec![long, frame(DATA, END_STREAM, 1, b"page")],
            Outcome::Truncated,
            true,
        ),
        (
            "a body that stops",
            vec![head(), frame(DATA, 0, 1, b"pa")],
            Outcome::Timeout,
            true,
        ),
        (
            "a head that is no head",
            vec![frame(HEADERS, END_HEADERS, 1, &[0xff; 40])],
            Outcome::Truncated,
            false,
        ),
        (
            "data before the head",
            vec![frame(DATA, 0, 1, b"pa")],
            Outcome::Truncated,
            false,
        ),
        (
            "a frame beyond the size agreed on",
            vec![frame(DATA, 0, 1, &[0; 20_000])],
            Outcome::Truncated,
            false,
        ),
        ("a flood of pings", vec![flood], Outcome::Timeout, false),
        ("silence", vec![], Outcome::Timeout, false),
    ];
    let authority = Authority::new();
    let config = authority.vouch(HOST, 2126, b"h2");
    for (what, frames, outcome, kept) in cases {
        let server = serve(Arc::clone(&config), move |session| {
            // The visitor may leave at any point.
            say(session, &frames).ok();
        });
        let attempt = authority.get(server).await;
        assert_eq!(attempt.outcome, outcome, "{what}: {:?}", attempt.error);
        assert_eq!(attempt.response.is_some(), kept, "{what}: {:?}", attempt.error);
        if let Some(response) = attempt.response {
            assert_eq!(response.version, "HTTP/2.0", "{what}");
            assert_eq!(response.truncated, outcome != Outcome::Ok, "{what}");
        }
    }
}

/// A SOCKS5 proxy (RFC 1928) for one visitor, which leads to `target` and keeps the address that it was asked for.
fn socks(target: SocketAddr, asked: Arc<Mutex<Vec<u8>>>, verdict: u8) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("a bound port");
    let pass = move || -> std::io::Result<()> {
        let (mut visitor, _) = listener.accept()?;
        let mut greeting = [0; 2];
        visitor.read_exact(&mut greeting)?;
        visitor.read_exact(&mut vec![0; usize::from(greeting[1])])?;
        visitor.write_all(&[5, 0])?;
        let mut head = [0; 5];
        visitor.read_exact(&mut head)?;
        // Version, CONNECT, reserved, type of address: 3 is a name and its length.
        let mut rest = vec![0; if head[3] == 3 { usize::from(head[4]) + 2 } else { 5 }];
        visitor.read_exact(&mut rest)?;
        asked.lock().expect("a lock").extend([&head[..4], &rest].concat());
        visitor.write_all(&[5, verdict, 0, 1, 0, 0, 0, 0, 0, 0])?;
        let mut onward = TcpStream::connect(target)?;
        let (mut from, mut to) = (visitor.try_clone()?, onward.try_clone()?);
        thread::spawn(move || std::io::copy(&mut from, &mut to).ok());
        std::io::copy(&mut onward, &mut visitor)?;
        Ok(())
    };
    thread::spawn(move || pass().ok());
    address
}

#[tokio::test]
async fn a_socks_proxy_looks_names_up_on_its_side() {
    let server = SiteServer::start();
    server.put("far.example", "/", Reply::html("far away"));
    let client = Client::new(Options {
        timeouts: LIMITS,
        ..Options::default()
    })
    .expect("a client");
    for (verdict, outcome) in [(0, Outcome::Ok), (5, Outcome::Connect)] {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let proxy = format!("socks5h://{}", socks(server.addr(), Arc::clone(&asked), verdict));
        let attempt = client
            .get(&Request {
                proxy: Some(&proxy),
                ..Request::page(Url::parse("http://far.example/").expect("an address"))
            })
            .await;
        assert_eq!(attempt.outcome, outcome, "{:?}", attempt.error);
        let asked = asked.lock().expect("a lock");
        assert_eq!(asked.as_slice(), b"\x05\x01\x00\x03far.example\x00\x50");
        if let Some(response) = attempt.response {
            assert_eq!((response.body.as_slice(), response.remote), (&b"far away"[..], None));
        }
    }
    // What is not public is refused before the proxy hears of it.
    let proxy = "socks5h://127.0.0.1:9".to_owned();
    for url in ["http://10.0.0.1/", "http://localhost/", "http://router.lan/"] {
        let request = Request {
            proxy: Some(&proxy),
            ..Request::page(Url::parse(url).expect("an address"))
        };
        assert_eq!(client.get(&request).await.outcome, Outcome::AddressRefused, "{url}");
    }
}
