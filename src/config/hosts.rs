//! Which source a page belongs to, by its address.
//!
//! Takes the sources once and addresses many times, gives the source's place in the list. Looks only at host and path.

use std::cmp::Reverse;
use std::collections::HashMap;

use url::{Host, Url};

use crate::model::Source;

/// Hosts, each with the sources that claim it or a part of it.
#[derive(Debug, Clone, Default)]
pub struct HostIndex {
    claims: HashMap<String, Vec<Claim>>,
}

#[derive(Debug, Clone)]
struct Claim {
    source: usize,
    /// Beginning of the path, without a slash at its end; empty = the whole host.
    path: String,
    /// A home page's path only prefers, a pattern's path limits.
    limits: bool,
}

impl HostIndex {
    pub fn new(sources: &[Source]) -> HostIndex {
        let mut index = HostIndex::default();
        for (source, declared) in sources.iter().enumerate() {
            index.claim(&declared.home, source, false);
            for pattern in &declared.hosts {
                index.claim(&format!("http://{pattern}"), source, true);
            }
        }
        index
    }

    fn claim(&mut self, url: &str, source: usize, limits: bool) {
        let Some((host, path)) = parts(url) else { return };
        let mut path = path.trim_end_matches('/');
        // `/zh/index.html` stands for what lies under `/zh`.
        if let Some((folder, file)) = path.rsplit_once('/')
            && !limits
            && file.contains('.')
        {
            path = folder;
        }
        let path = path.trim_end_matches('/').to_owned();
        self.claims
            .entry(host)
            .or_default()
            .push(Claim { source, path, limits });
    }

    /// The source that claims `url`: on the most specific claimed host the longest path, then the earliest source.
    pub fn find(&self, url: &str) -> Option<usize> {
        let (host, path) = parts(url)?;
        let mut level = host.as_str();
        let registrable = registrable(level);
        loop {
            if let Some(source) = self.on_host(level, &path) {
                return Some(source);
            }
            if level.len() <= registrable.len() {
                return None;
            }
            level = level.split_once('.')?.1;
        }
    }

    fn on_host(&self, host: &str, path: &str) -> Option<usize> {
        let ranked = self.claims.get(host)?.iter().filter_map(|claim| {
            let covers = claim.path.is_empty()
                || path
                    .strip_prefix(claim.path.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            match (covers, claim.limits) {
                (true, _) => Some((claim.path.len(), Reverse(claim.source))),
                (false, true) => None,
                (false, false) => Some((0, Reverse(claim.source))),
            }
        });
        ranked.max().map(|(_, Reverse(source))| source)
    }
}

/// Host in lower case and ASCII, `www.` and a final dot taken off, and path.
fn parts(url: &str) -> Option<(String, String)> {
    let url = Url::parse(url).ok()?;
    let host = match url.host()? {
        Host::Domain(domain) => plain(domain).to_owned(),
        other => other.to_string(),
    };
    Some((host, url.path().to_owned()))
}

/// A host without its final dot and leading `www.`.
pub(super) fn plain(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.strip_prefix("www.")
        .filter(|rest| rest.contains('.'))
        .unwrap_or(host)
}

/// The part below which one owner rules (`people.com.cn` of `en.people.com.cn`); the whole where there is none.
fn registrable(host: &str) -> &str {
    // An address of numbers has no parents.
    if host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok() {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::provisional;

    fn source(id: &str, home: &str, hosts: &[&str]) -> Source {
        Source {
            id: id.to_owned(),
            home: home.to_owned(),
            hosts: hosts.iter().map(ToString::to_string).collect(),
            ..provisional::source("unused.example")
        }
    }

    fn sources() -> Vec<Source> {
        vec![
            source("people", "http://www.people.com.cn/", &["people.cn"]),
            source("people-fr", "http://french.people.com.cn/", &["fr.people.cn"]),
            source("wire-en", "https://www.wire.example/en/", &[]),
            source(
                "wire-fr",
                "https://www.wire.example/fr/index.html",
                &["old.wire.example/fr/news"],
            ),
            source("wire-sport", "https://sport.test/", &["wire.example/en/sport"]),
            source("number", "http://192.0.2.7:8080/", &[]),
            source("blog", "https://lee.blogspot.com/", &[]),
        ]
    }

    #[test]
    fn addresses_find_their_source() {
        let sources = sources();
        let index = HostIndex::new(&sources);
        let table = [
            ("https://people.com.cn/n1/1.html", Some("people")),
            ("http://WWW.People.com.cn./n1", Some("people")),
            ("http://politics.people.com.cn/x", Some("people")),
            ("http://m.politics.people.com.cn/x", Some("people")),
            ("http://french.people.com.cn/x", Some("people-fr")),
            ("http://m.french.people.com.cn/x", Some("people-fr")),
            ("http://fr.people.cn/x", Some("people-fr")),
            ("http://en.people.cn/x", Some("people")),
            ("http://other.com.cn/", None),
            ("http://com.cn/", None),
            ("https://wire.example/en/1", Some("wire-en")),
            ("https://wire.example/fr/1", Some("wire-fr")),
            ("https://wire.example/en/sport/1", Some("wire-sport")),
            ("https://wire.example/en/sports", Some("wire-en")),
            // No home's path fits: the first in the file.
            ("https://wire.example/english", Some("wire-en")),
            ("https://old.wire.example/fr/news/1", Some("wire-fr")),
            // The pattern limits, so the parent host decides.
            ("https://old.wire.example/xx", Some("wire-en")),
            ("http://192.0.2.7/x", Some("number")),
            ("http://1.192.0.2.7/", None),
            ("https://kim.blogspot.com/", None),
            ("mailto:x@people.com.cn", None),
            ("not an address", None),
        ];
        for (url, wanted) in table {
            let found = index.find(url).map(|at| sources[at].id.as_str());
            assert_eq!(found, wanted, "{url}");
        }
    }
}
