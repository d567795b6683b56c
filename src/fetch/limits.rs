//! The numbers that bound one fetch, each with its reason.
//!
//! Takes nothing, gives constants. Never decides anything: whoever applies a limit names the outcome.

use std::time::Duration;

/// Name lookup, TCP and TLS together. Ten seconds is three SYN retries (1 + 2 + 4 s) and a slow handshake.
pub const CONNECT: Duration = Duration::from_secs(10);
/// From the request sent to the head of the answer. Pages built on demand by a loaded newsroom CMS take up to ~15 s.
pub const FIRST_BYTE: Duration = Duration::from_secs(20);
/// Between two pieces of a body.
pub const IDLE: Duration = Duration::from_secs(15);
/// One attempt with all its redirects, so that a server that drips one byte a second cannot hold a slot for a night.
pub const TOTAL: Duration = Duration::from_secs(60);

/// A page, over the wire. The largest real news pages (live tickers with inlined data) stay below 10 MiB.
pub const PAGE_BODY: usize = 15 * MIB;
/// A feed, over the wire.
pub const FEED_BODY: usize = 10 * MIB;
/// A sitemap: sitemaps.org allows 50 MB uncompressed.
pub const SITEMAP_BODY: usize = 50 * MIB;
/// A robots.txt: RFC 9309 §2.5 asks for at least 500 KiB.
pub const ROBOTS_BODY: usize = 500 * 1024;

/// The head of an answer, names and values. nginx sends at most 32 KiB; twice that is nobody's honest answer.
pub const HEAD: usize = 64 * 1024;
/// Header lines in one answer; beyond it hyper refuses the head. A thousand lines must be survived, not admired.
pub const HEADER_LINES: usize = 2_000;

/// Redirects followed for a page; browsers follow 20, curl's advice is 10, honest chains have 3.
pub const PAGE_HOPS: usize = 10;
/// RFC 9309 §2.3.1.2: at least five consecutive redirects, also across hosts.
pub const ROBOTS_HOPS: usize = 5;
/// A redirect's body is read to its end (so that the connection can serve the next hop) only when it is this small.
pub const HOP_BODY: u64 = 16 * 1024;

/// Apache closes an idle connection after 5 s by default; using one in that very moment fails, so ours go before.
pub const CONNECTION_IDLE: Duration = Duration::from_secs(4);

/// RFC 9309 §2.4: a cached robots.txt should not be used for longer.
pub const ROBOTS_FRESH: Duration = Duration::from_secs(24 * 3600);
/// RFC 9309 §2.3.1.4: after 30 days out of reach a robots.txt may be taken as unavailable, which allows everything.
pub const ROBOTS_PATIENCE: Duration = Duration::from_secs(30 * 24 * 3600);
/// A line of robots.txt beyond this is cut: eight times the 2,083 bytes that browsers accept as an address.
pub const ROBOTS_LINE: usize = 8 * 2_083;
/// Longer Crawl-delays are honoured as this: at one page in two minutes a night still reads 200.
pub const CRAWL_DELAY: Duration = Duration::from_secs(120);

/// After a 429 that names no time; doubled with each further one, up to [`HOST_REST`].
pub const AFTER_429: Duration = Duration::from_secs(30);
/// A host that is down is left alone for so long.
pub const HOST_REST: Duration = Duration::from_secs(600);
/// So many failures to answer in a row make a host "down": one may be chance, two a restart.
pub const DOWN_AFTER: u32 = 3;
/// A `Retry-After` beyond a day is a mistake or a trap: the next night asks again.
pub const RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);
/// A host gets this many times its own answering time to itself after each answer, so that we take a third of it at most.
pub const LATENCY_FACTOR: u32 = 2;
/// The adaptive wait never exceeds this (Heritrix' `maxDelayMs`).
pub const LATENCY_WAIT: Duration = Duration::from_secs(30);

const MIB: usize = 1024 * 1024;
