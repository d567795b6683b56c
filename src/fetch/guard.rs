//! Which addresses may be dialled (server-side request forgery).
//!
//! Takes an address or a name, gives "yes" or the reason why not. Every hop of every fetch asks here, and the
//! resolver asks again with what the name resolved to, so that the checked address is the dialled one.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;
use url::{Host, Url};

/// Why an address is not dialled.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("`{0}:` addresses are not fetched, only http and https")]
    Scheme(String),
    #[error("the address names no host")]
    NoHost,
    #[error("port {0} belongs to another service than the web")]
    Port(u16),
    #[error("{0} is not a public internet address ({1})")]
    Address(IpAddr, &'static str),
    #[error("`{0}` is a name of the local network")]
    LocalName(String),
    #[error("`{0}` resolves to {1}, which is not a public internet address ({2})")]
    Resolved(String, IpAddr, &'static str),
}

/// Why a `--resolve` value is not understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not HOST=IP:PORT, nor IP:PORT for every host")]
pub struct ResolveError(String);

/// Hosts whose address somebody gave by hand (`--resolve`): tests, the demo, an intranet.
///
/// The port is dialled instead of the scheme's own; an address that spells a port out keeps that one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResolveMap {
    hosts: HashMap<String, SocketAddr>,
    every: Option<SocketAddr>,
}

impl ResolveMap {
    /// Every name leads to this one socket.
    pub fn every(address: SocketAddr) -> ResolveMap {
        ResolveMap {
            hosts: HashMap::new(),
            every: Some(address),
        }
    }

    /// Reads `HOST=IP:PORT` and `IP:PORT` values.
    pub fn parse<S: AsRef<str>>(values: &[S]) -> Result<ResolveMap, ResolveError> {
        let mut map = ResolveMap::default();
        for value in values.iter().map(AsRef::as_ref) {
            let wrong = || ResolveError(value.to_owned());
            match value.split_once('=') {
                Some((host, address)) if !host.is_empty() => {
                    map.insert(host, address.parse().map_err(|_| wrong())?);
                }
                Some(_) => return Err(wrong()),
                None => map.every = Some(value.parse().map_err(|_| wrong())?),
            }
        }
        Ok(map)
    }

    pub fn insert(&mut self, host: &str, address: SocketAddr) {
        self.hosts.insert(plain(host), address);
    }

    pub fn lookup(&self, host: &str) -> Option<SocketAddr> {
        self.hosts.get(&plain(host)).copied().or(self.every)
    }
}

/// Lower case, no trailing dot: `Outlet.example.` is `outlet.example`.
fn plain(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// What may be dialled: public addresses, those given by hand, and private ones where that was asked for.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    pub resolve: ResolveMap,
    pub allow_private: bool,
}

impl Guard {
    /// The check that needs no lookup. Names are checked again, as addresses, by [`Guard::resolver`].
    pub fn check_url(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme(url.scheme().to_owned()));
        }
        if let Some(port) = url.port()
            && is_foreign_port(port)
        {
            return Err(Refusal::Port(port));
        }
        match url.host() {
            None => Err(Refusal::NoHost),
            Some(Host::Ipv4(address)) => self.check_literal(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => self.check_literal(IpAddr::V6(address)),
            Some(Host::Domain(name)) => {
                if self.allow_private || self.resolve.lookup(name).is_some() || !is_local_name(name) {
                    Ok(())
                } else {
                    Err(Refusal::LocalName(name.to_owned()))
                }
            }
        }
    }

    fn check_literal(&self, address: IpAddr) -> Result<(), Refusal> {
        match special_use(address) {
            Some(_) if self.allow_private => Ok(()),
            Some(why) => Err(Refusal::Address(address, why)),
            None => Ok(()),
        }
    }

    /// The resolver through which every connection is made. `trusted` is the host of a configured proxy.
    pub fn resolver(self: &Arc<Guard>, trusted: Option<String>) -> Arc<Resolver> {
        Arc::new(Resolver {
            guard: Arc::clone(self),
            trusted: trusted.map(|host| plain(&host)),
        })
    }
}

/// Asks the system and lets only public addresses through.
pub struct Resolver {
    guard: Arc<Guard>,
    trusted: Option<String>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = plain(name.as_str());
        if let Some(address) = self.guard.resolve.lookup(&host) {
            return Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) });
        }
        let open = self.guard.allow_private || self.trusted.as_deref() == Some(host.as_str());
        Box::pin(async move {
            // Port 0 stands for the port of the address that is being fetched.
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let kept = if open { found } else { keep_public(&host, found)? };
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

/// A name with public and private addresses keeps the public ones; one with private ones only is refused.
fn keep_public(host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refusal> {
    let refused = found
        .iter()
        .find_map(|socket| Some((socket.ip(), special_use(socket.ip())?)));
    let kept: Vec<SocketAddr> = found.into_iter().filter(|socket| is_public(socket.ip())).collect();
    match refused {
        Some((address, why)) if kept.is_empty() => Err(Refusal::Resolved(host.to_owned(), address, why)),
        _ => Ok(kept),
    }
}

/// Is this an address of the public internet?
pub fn is_public(address: IpAddr) -> bool {
    special_use(address).is_none()
}

/// What `vigie inspect url` says of an address before anything is asked of the network.
pub fn public_verdict(url: &str) -> (bool, String) {
    match Url::parse(url) {
        Err(error) => (false, format!("not an address: {error}")),
        Ok(url) => match Guard::default().check_url(&url) {
            Ok(()) if matches!(url.host(), Some(Host::Domain(_))) => (
                true,
                "public by its name; what it resolves to is checked when it is dialled".to_owned(),
            ),
            Ok(()) => (true, "a public internet address".to_owned()),
            Err(refusal) => (false, refusal.to_string()),
        },
    }
}

/// What an address is reserved for (IANA special-purpose registries), or `None` for a public one.
pub fn special_use(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_use_v4(address),
        IpAddr::V6(address) => special_use_v6(address),
    }
}

fn special_use_v4(address: Ipv4Addr) -> Option<&'static str> {
    match address.octets() {
        [0, ..] => Some("this network, RFC 791"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some("private, RFC 1918"),
        [100, 64..=127, ..] => Some("carrier-grade NAT, RFC 6598"),
        [127, ..] => Some("loopback, RFC 1122"),
        [169, 254, ..] => Some("link-local, RFC 3927"),
        [192, 0, 0, _] => Some("protocol assignments, RFC 6890"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Some("documentation, RFC 5737"),
        [192, 88, 99, _] => Some("6to4 relay, RFC 7526"),
        [198, 18..=19, ..] => Some("benchmarking, RFC 2544"),
        [224..=239, ..] => Some("multicast, RFC 5771"),
        [240..=255, ..] => Some("reserved, RFC 1112"),
        _ => None,
    }
}

fn special_use_v6(address: Ipv6Addr) -> Option<&'static str> {
    if let Some(inner) = embedded_v4(address) {
        return special_use_v4(inner);
    }
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("loopback, RFC 4291"),
        [0, 0, 0, 0, 0, 0, ..] => Some("unspecified or IPv4-compatible, RFC 4291"),
        [0x64, 0xff9b, 1, ..] => Some("local-use NAT64, RFC 8215"),
        [0x2001, 0..=0x1ff, ..] => Some("protocol assignments with Teredo, RFC 2928"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("documentation, RFC 3849 and RFC 9637"),
        // A 6to4 address carries an IPv4 one that a relay would dial; the mechanism is retired, no outlet lives there.
        [0x2002, ..] => Some("6to4, RFC 7526"),
        [0xfc00..=0xfdff, ..] => Some("unique local, RFC 4193"),
        [0xfe80..=0xfebf, ..] => Some("link-local, RFC 4291"),
        [0xfec0..=0xfeff, ..] => Some("site-local, RFC 3879"),
        [0xff00..=0xffff, ..] => Some("multicast, RFC 4291"),
        // Global unicast is 2000::/3 and nothing else is routed.
        [0x2000..=0x3fff, ..] => None,
        _ => Some("outside global unicast, RFC 4291"),
    }
}

/// The IPv4 address that a v4-mapped or well-known NAT64 address leads to. NAT64 stays open for public ones,
/// since on an IPv6-only network every IPv4 site resolves to it (RFC 6052).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
        }
        _ => None,
    }
}

/// Names that lead into the machine or its network: RFC 6761, RFC 6762, ICANN's `.internal`, what routers hand out.
fn is_local_name(name: &str) -> bool {
    const ENDINGS: [&str; 10] = [
        "localhost",
        "localdomain",
        "local",
        "internal",
        "intranet",
        "private",
        "corp",
        "home",
        "lan",
        "home.arpa",
    ];
    let name = plain(name);
    if !name.contains('.') {
        return true;
    }
    ENDINGS
        .iter()
        .any(|ending| name.strip_suffix(ending).is_some_and(|rest| rest.ends_with('.')))
}

/// The Fetch Standard's "bad ports", and the databases and control sockets that a forged request is aimed at.
fn is_foreign_port(port: u16) -> bool {
    const BAD: [u16; 83] = [
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
        109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526,
        530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045,
        4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    ];
    const STORES: [u16; 12] = [2375, 2376, 2379, 3306, 5432, 5984, 6379, 6443, 9200, 9300, 11211, 27017];
    BAD.contains(&port) || STORES.contains(&port)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::fault::Fault;
    use crate::model::Outcome;

    #[tokio::test]
    async fn what_a_name_resolves_to_is_checked_when_it_is_dialled() {
        let guard = Arc::new(Guard::default());
        let looked_up = |trusted: Option<&str>| {
            let name = "localhost".parse().expect("a name");
            guard.resolver(trusted.map(str::to_owned)).resolve(name)
        };
        let refusal = looked_up(None).await.err().expect("loopback is refused");
        assert!(
            matches!(refusal.downcast_ref(), Some(Refusal::Resolved(..))),
            "{refusal}"
        );
        assert!(
            looked_up(Some("localhost")).await.is_ok(),
            "a configured proxy may live there"
        );

        // Past the textual check, through the whole client, it is still told apart from a name that does not exist.
        let http = reqwest::Client::builder()
            .no_proxy()
            .dns_resolver(guard.resolver(None))
            .build();
        let error = http
            .expect("a client")
            .get("http://localhost:9/")
            .send()
            .await
            .expect_err("refused");
        let fault = Fault::from_reqwest(&error);
        assert_eq!(fault.outcome, Outcome::AddressRefused);
        assert!(fault.why.contains("`localhost` resolves to"), "{}", fault.why);
    }

    #[test]
    fn of_several_addresses_the_public_ones_are_kept() {
        let sockets = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| text.parse().expect("a socket"))
                .collect::<Vec<_>>()
        };
        let mixed = sockets(&["10.0.0.1:0", "8.8.8.8:0", "[::1]:0"]);
        assert_eq!(keep_public("a.example", mixed), Ok(sockets(&["8.8.8.8:0"])));
        let private = sockets(&["[fd00::1]:0", "192.168.0.1:0"]);
        assert!(keep_public("a.example", private).is_err());
    }
}
