//! Addresses and robots.txt.

use jiff::SignedDuration;
use url::{Host, Url};
use vigie::fetch::guard::{is_public, public_verdict};
use vigie::fetch::robots::{Robots, State};
use vigie::identify::article_id;
use vigie::identify::canonical::{canonical, site, url_key};
use vigie::model::Outcome;

use super::web_address;

pub fn url(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (text, kept) = text.split_once('\n').unwrap_or((&text, ""));
    let kept: Vec<String> = kept.split_whitespace().map(str::to_owned).collect();
    url_key(text);
    site(text);
    if let Some(once) = canonical(text, &kept) {
        web_address(&once);
        let parsed = Url::parse(&once).expect("a web address");
        assert_eq!(parsed.fragment(), None, "{once}");
        assert!(parsed.username().is_empty() && parsed.password().is_none(), "{once}");
        assert_eq!(
            canonical(&once, &kept).as_deref(),
            Some(once.as_str()),
            "{text:?}: twice is not once"
        );
        assert!(!url_key(&once).is_empty());
        let host = parsed.host_str().unwrap_or_default();
        assert_eq!(site(&site(host)), site(host), "{host}");
        assert_eq!(article_id("courrier", &once), article_id("courrier", &once));
    }
    // No spelling of an address that is not public gets past the guard.
    let (passes, why) = public_verdict(text);
    assert!(!why.is_empty());
    match Url::parse(text).ok().as_ref().and_then(Url::host) {
        Some(Host::Ipv4(address)) => {
            let inner =
                address.is_private() || address.is_loopback() || address.is_link_local() || address.is_unspecified();
            assert!(!(inner && passes), "{text:?} leads to {address}");
            assert!(is_public(address.into()) || !passes, "{text:?}");
        }
        Some(Host::Ipv6(address)) => {
            let mapped = address.to_ipv4_mapped();
            let inner = address.is_loopback() || mapped.is_some_and(|inner| inner.is_private() || inner.is_loopback());
            assert!(!(inner && passes), "{text:?} leads to {address}");
        }
        _ => {}
    }
}

/// The file, and after a NUL the paths to ask for.
pub fn robots(data: &[u8]) {
    let at = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let (file, asked) = data.split_at(at);
    let asked = String::from_utf8_lossy(asked);
    let paths = asked.split('\0').filter(|path| !path.is_empty()).take(8);
    let robots = Robots::parse(file);
    assert_eq!(robots.state(), State::Parsed);
    let commented = [file, b"\n# the end\n"].concat();
    let commented = Robots::parse(&commented);
    let wide = file.starts_with(&[0xFE, 0xFF]) || file.starts_with(&[0xFF, 0xFE]);
    for path in ["/", "/robots.txt", "/a/b.html?c=%C3%A9", "https://outlet.example/法"]
        .into_iter()
        .chain(paths)
    {
        for agent in ["vigie", "*", ""] {
            let decision = robots.check(agent, path);
            assert!(
                decision.crawl_delay.is_none_or(|delay| delay.as_secs() <= 120),
                "{decision:?}"
            );
            assert!(
                decision.allowed || decision.rule.is_some(),
                "refused, and no rule says why: {decision:?}"
            );
            assert!(decision.allowed || path != "/robots.txt", "RFC 9309 §2.2.2");
            assert!(
                wide || commented.check(agent, path) == decision,
                "a comment changed {decision:?}"
            );
        }
        robots.rules_say("vigie", path);
    }
    robots.signals("vigie");
    let home = Url::parse("https://outlet.example/robots.txt").expect("an address");
    let sitemaps = robots.sitemaps(&home);
    sitemaps.iter().for_each(|sitemap| web_address(sitemap.as_str()));
    for status in [None, Some(200), Some(301), Some(404), Some(503)] {
        Robots::from_fetch(Outcome::Ok, status, file);
    }
    retry_after(file);
}

/// A header that decides how long nobody asks: any bytes, and never longer than a day.
fn retry_after(value: &[u8]) {
    let value: String = value.iter().take(64).map(|byte| char::from(*byte)).collect();
    let headers = vec![("retry-after".to_owned(), value.into_bytes())];
    let wait = vigie::fetch::headers::retry_after(&headers, super::now());
    assert!(wait.is_none_or(|wait| SignedDuration::try_from(wait).is_ok_and(|wait| wait.as_hours() <= 24)));
}
