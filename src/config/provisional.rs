//! A source for a host that nobody configured, so that imported pages have one.
//!
//! Takes a host, gives a source that is never crawled: no listings, nothing known.

use crate::model::Source;
use crate::model::source::{Ownership, PagePolicy, ReservationPolicy, Schedule, SourceKind};

use super::form::slug;
use super::hosts::plain;

/// `www.lemonde.example` → `lemonde-example`. The id may equal a configured one; the caller looks.
pub fn source(host: &str) -> Source {
    let lower = host.trim().to_lowercase();
    let host = plain(&lower);
    let id = match slug(host) {
        id if id.is_empty() => "unknown-host".to_owned(),
        id => id,
    };
    Source {
        id,
        name: host.to_owned(),
        edition: None,
        home: format!("https://{host}/"),
        // CLDR: unknown or none.
        country: "ZZ".to_owned(),
        // BCP 47: undetermined.
        lang: "und".to_owned(),
        ownership: Ownership::Unknown,
        kind: SourceKind::Press,
        groups: Vec::new(),
        timezone: "UTC".to_owned(),
        hosts: Vec::new(),
        listings: Vec::new(),
        rules: Vec::new(),
        identity_query: Vec::new(),
        schedule: Schedule::Every(super::sources::DEFAULT_EVERY),
        delay: super::sources::DEFAULT_DELAY,
        max_pages: super::sources::DEFAULT_MAX_PAGES,
        pages: PagePolicy::Fetch,
        reservations: ReservationPolicy::Honour,
        proxy: None,
        enabled: true,
        reason: None,
        obstacles: Vec::new(),
        provisional: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::form::id;

    #[test]
    fn any_host_makes_a_well_formed_source() {
        assert_eq!(source("www.Daily.example").id, "daily-example");
        assert_eq!(source("news.co.uk.example").home, "https://news.co.uk.example/");
        assert_eq!(source("xn--fiq228c.example").id, "xn-fiq228c-example");
        for odd in [
            "",
            "...",
            "[2001:db8::1]",
            "a:80",
            "新闻.example",
            &"x.".repeat(200),
            "www.",
        ] {
            let made = source(odd);
            assert!(id(&made.id).is_ok(), "{odd} → {}", made.id);
            assert!(made.provisional && made.listings.is_empty());
        }
    }
}
