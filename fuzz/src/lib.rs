//! What must hold of any bytes at all, one function a target.
//!
//! Takes hostile bytes, gives nothing, panics when a property is broken. The same functions are driven by libFuzzer
//! (`fuzz_targets/`) and, in stable Rust, by `tests/robustness.rs`: the two cannot drift apart. Knows nothing of either.
//!
//! The last byte of most inputs is a knob that turns the surroundings (zone, host, header); a file that ends in a
//! newline therefore reads as what it is, in the usual surroundings.

mod addresses;
mod archive;
mod listing;
mod page;
mod query;
mod text;

/// One target: its name, its function, and the longest input that is worth the time.
pub struct Target {
    pub name: &'static str,
    pub holds: fn(&[u8]),
    /// Bytes; longer inputs cost time and find nothing that shorter ones do not.
    pub longest: usize,
}

pub const TARGETS: &[Target] = &[
    target("page", page::page, 2048),
    target("feed", listing::feed, 4096),
    target("sitemap", listing::sitemap, 4096),
    target("headlines", listing::headlines, 4096),
    target("robots", addresses::robots, 2048),
    target("charset", text::charset, 1024),
    target("date", text::date, 256),
    target("url", addresses::url, 512),
    target("query", query::query, 512),
    target("warc", archive::warc, 4096),
    target("packed", archive::packed, 4096),
    target("text", text::text, 1024),
    target("config", query::config, 2048),
];

const fn target(name: &'static str, holds: fn(&[u8]), longest: usize) -> Target {
    Target { name, holds, longest }
}

/// Runs one target by name.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.unwrap_or_else(|| panic!("no target is called {name}")).holds)(data);
}

/// The input without its knob, and the knob.
fn knob(data: &[u8]) -> (&[u8], u8) {
    match data.split_last() {
        Some((knob, rest)) if *knob != b'\n' => (rest, *knob),
        _ => (data, 0),
    }
}

/// Zones with something odd about each: none, half hours, a change of mind, no such zone.
fn zone(knob: u8) -> &'static str {
    [
        "Europe/Paris",
        "Asia/Pyongyang",
        "UTC",
        "Pacific/Apia",
        "Asia/Kolkata",
        "No/Where",
    ][usize::from(knob) % 6]
}

/// When the invented pages were fetched.
fn now() -> jiff::Timestamp {
    jiff::Timestamp::constant(1_261_137_600, 0)
}

/// A claim that can be stored, compared and shown.
fn sound(claim: &vigie::model::DateClaim) {
    assert!(
        claim.interval.min < claim.interval.max,
        "an interval without width: {claim:?}"
    );
    let width = claim.interval.max.as_second() - claim.interval.min.as_second();
    // 366 days and a change of clocks.
    assert!(width <= 366 * 86_400 + 7200, "wider than a year: {claim:?}");
    assert!(claim.raw.chars().count() <= 80, "{claim:?}");
    assert!(!claim.to_published().is_empty());
}

/// An absolute http(s) address that reads back as itself.
fn web_address(address: &str) {
    let url = url::Url::parse(address).unwrap_or_else(|error| panic!("{address:?}: {error}"));
    assert!(matches!(url.scheme(), "http" | "https"), "{address:?}");
    assert!(url.has_host(), "{address:?}");
}
