//! Addresses: one canonical form, and one key for equality.
//!
//! Takes a URL as found, gives the URL to keep and show, or none when it is no web address. Never fetches, never drops
//! a query key that a site declares part of an article's identity.
//!
//! `canonical` agrees with crawler-commons' table of normal forms (docs/decisions/0018-canonical-addresses.md) and is what
//! is shown and linked; what is *fetched* is the address as announced. `url_key` folds further what in practice leads
//! to the same page (http/https, www./m./amp., trailing slash, AMP paths, twin hosts), for equality only, never shown.

use std::borrow::Cow;

use url::Url;

/// RFC 9110 §4.1 asks for at least 8,000 octets; nothing longer is an article.
const LONGEST: usize = 8000;

/// The canonical form of `url`: RFC 3986 §6.2.2 normalisation, no fragment, credentials or tracking parameters.
/// `identity_query` names keys that stay whatever they look like.
pub fn canonical(url: &str, identity_query: &[String]) -> Option<String> {
    /// What one step uncovers another may have to change: a session behind which an AMP cache's address stands, an
    /// escape that hides it. Honest addresses are settled after one; what is not after four is a prank.
    const MOST_STEPS: usize = 4;
    let mut settled = normalised(url, identity_query)?;
    for _ in 0..MOST_STEPS {
        let next = normalised(&settled, identity_query)?;
        if next == settled {
            return Some(settled);
        }
        settled = next;
    }
    None
}

fn normalised(url: &str, identity_query: &[String]) -> Option<String> {
    if url.len() > LONGEST {
        return None;
    }
    let mut parsed = web_url(url)?;
    // An AMP cache's address holds the publisher's. A cache does not cache a cache: more levels than two are a prank.
    for level in 0.. {
        match behind_amp_cache(&parsed) {
            Some(_) if level == 2 => return None,
            Some(publisher) => parsed = publisher,
            None => break,
        }
    }
    leave_amp_host(&mut parsed)?;
    parsed.set_fragment(None);
    let path = normal_escapes(without_session(parsed.path()), is_path_char);
    parsed.set_path(&single_slashes(&path));
    let query = parsed
        .query()
        .map(|query| kept_query(&normal_escapes(query, is_query_char), identity_query));
    parsed.set_query(query.as_deref().filter(|query| !query.is_empty()));
    Some(parsed.into())
}

/// `paper.example.com/a.html`, as people write addresses and careless pages their `rel=canonical`: taken for http where
/// what precedes the path is a name under a public suffix that exists, so that `index.html` is no host.
fn spelled_out(text: &str) -> Option<Url> {
    let host = text.split(['/', '?', '#']).next()?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.') || !byte.is_ascii();
    let is_known = || psl::suffix(host.to_lowercase().as_bytes()).is_some_and(|suffix| suffix.is_known());
    (host.contains('.') && host.bytes().all(is_name) && is_known())
        .then(|| Url::parse(&format!("http://{text}")).ok())
        .flatten()
}

fn web_url(text: &str) -> Option<Url> {
    let text = text.trim();
    let mut url = match Url::parse(text) {
        Err(url::ParseError::RelativeUrlWithoutBase) => spelled_out(text)?,
        parsed => parsed.ok()?,
    };
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let host = url.host_str()?;
    // The root dot is no part of the name as sites use it: example.org. = example.org. More dots than one lead nowhere,
    // but what is stripped once must be stripped for good.
    if host.ends_with('.') {
        let bare = host.trim_end_matches('.').to_owned();
        url.set_host(Some(&bare)).ok()?;
    }
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(url)
}

/// `www.google.com/amp/s/HOST/PATH` (of any country) and `…cdn.ampproject.org/c/s/HOST/PATH`.
fn behind_amp_cache(url: &Url) -> Option<Url> {
    let path = url.path();
    let rest = match url.host_str()? {
        host if host == "google.com" || host.starts_with("www.google.") => path.strip_prefix("/amp/")?,
        host if host.ends_with(".cdn.ampproject.org") => {
            path.strip_prefix("/c/").or_else(|| path.strip_prefix("/v/"))?
        }
        _ => return None,
    };
    let (scheme, address) = match rest.strip_prefix("s/") {
        Some(address) => ("https", address),
        None => ("http", rest),
    };
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    web_url(&format!("{scheme}://{address}{query}"))
}

/// Hosts whose AMP form differs in a way that is known to be safe to undo.
fn leave_amp_host(url: &mut Url) -> Option<()> {
    let host = url.host_str()?.to_owned();
    if host == "amp.theguardian.com" {
        url.set_host(Some("www.theguardian.com")).ok()?;
    } else if matches!(host.as_str(), "www.bbc.com" | "www.bbc.co.uk") {
        let path = url.path().trim_end_matches(".amp").to_owned();
        url.set_path(&path);
    }
    Some(())
}

/// Servlet containers put a session into the path: `/page;jsessionid=1A2B`.
fn without_session(path: &str) -> &str {
    path.split_once(";jsessionid=").map_or(path, |(before, _)| before)
}

/// Empty segments come from careless joining and lead to the same file. Behind a colon they are an address within the
/// address (`/web/2009/http://…`) and stay.
fn single_slashes(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        if !(c == '/' && out.ends_with('/') && !out.ends_with(":/")) {
            out.push(c);
        }
    }
    out
}

/// Escapes of unreserved characters undone, all others in upper-case hex, bare `%` and characters that a URL may not
/// contain escaped (RFC 3986 §6.2.2.1–2).
fn normal_escapes(text: &str, allowed: fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let (value, escaped) = match byte {
            b'%' => match hex_ahead(&bytes) {
                Some(value) => {
                    bytes.nth(1);
                    (value, !is_unreserved(value))
                }
                None => (b'%', true),
            },
            other => (other, !allowed(other)),
        };
        if escaped {
            out.push_str(&format!("%{value:02X}"));
        } else {
            out.push(value as char);
        }
    }
    out
}

/// The byte that the next two hex digits stand for.
fn hex_ahead(bytes: &std::str::Bytes<'_>) -> Option<u8> {
    let mut ahead = bytes.clone();
    let mut digit = || ahead.next().and_then(|byte| (byte as char).to_digit(16));
    let (high, low) = (digit()?, digit()?);
    u8::try_from(high * 16 + low).ok()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn is_path_char(byte: u8) -> bool {
    is_unreserved(byte) || b"!$&'()*+,;=:@/".contains(&byte)
}

fn is_query_char(byte: u8) -> bool {
    is_path_char(byte) || byte == b'?'
}

fn kept_query(query: &str, identity_query: &[String]) -> String {
    let name_of = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
    let mut kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let identity = identity_query.iter().any(|key| key.eq_ignore_ascii_case(name));
            !name.is_empty() && (identity || !is_tracking(name, value))
        })
        .collect();
    // A pair that stands alone may be no pair at all but base64 with its padding: it stays as it is.
    if kept.len() > 1 {
        for pair in &mut kept {
            // `b=` and `b` are the same to every form parser.
            *pair = pair
                .strip_suffix('=')
                .filter(|name| !name.contains('='))
                .unwrap_or(pair);
        }
        // By name alone, since of a name given twice the order may count.
        kept.sort_by_key(|pair| name_of(pair));
    }
    kept.join("&")
}

/// Campaign and click parameters: they say who sent the reader, not what the page is.
fn is_tracking(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    if matches!(name.as_str(), "amp" | "output" | "outputtype") {
        return matches!(value, "" | "1" | "amp" | "true");
    }
    // `partner=rss&emc=rss` of the New York Times' feeds.
    if matches!(name.as_str(), "partner" | "emc") {
        return value.starts_with("rss");
    }
    if name == "from" {
        // WeChat, Weibo and UDN say so where a reader came from; elsewhere `from` may be a date or a place.
        return [
            "timeline",
            "singlemessage",
            "groupmessage",
            "weixin",
            "wechat",
            "weibo",
            "rss",
            "udn",
        ]
        .iter()
        .any(|sender| value.starts_with(sender));
    }
    TRACKING_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || TRACKING.binary_search(&name.as_str()).is_ok()
}

/// Google, Matomo, AT Internet, HubSpot ads, Mailchimp, Piwik, Comscore, Vero, Yahoo, Google's reader sign-in,
/// Cloudflare's challenges, share buttons, Le Monde, Google's AMP viewer.
const TRACKING_PREFIXES: [&str; 17] = [
    "utm_",
    "mtm_",
    "matomo_",
    "at_",
    "hsa_",
    "mc_",
    "pk_",
    "piwik_",
    "ns_",
    "vero_",
    "fb_",
    "guce_",
    "gaa_",
    "__cf_chl_",
    "share_",
    "lmd_",
    "amp_js_",
];

/// Sorted. Advertising clicks, social shares, newsletters and the outlets' own labels (NYT smid, Guardian CMP, Reuters
/// taid, BBC ocid, French press xtor).
const TRACKING: [&str; 82] = [
    "__s",
    "__twitter_impression",
    "_branch_match_id",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsfp",
    "_hsmi",
    "_hssc",
    "_hstc",
    "_openstat",
    "action_object_map",
    "aspsessionid",
    "cfid",
    "cftoken",
    "cmp",
    "cmpid",
    "dclid",
    "dicbo",
    "echobox",
    "epik",
    "fbclid",
    "ftag",
    "gad_campaignid",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "hootpostid",
    "icid",
    "igsh",
    "igshid",
    "isappinstalled",
    "ito",
    "jsessionid",
    "li_fat_id",
    "mibextid",
    "mkcid",
    "mkt_tok",
    "msclkid",
    "ncid",
    "nsukey",
    "oborigurl",
    "obref",
    "ocid",
    "oly_enc_id",
    "phpsessid",
    "rb_clickid",
    "ref_src",
    "ref_url",
    "s_cid",
    "s_kwcid",
    "sfmc_id",
    "sharefrom",
    "sharetoken",
    "sharetype",
    "smid",
    "smtyp",
    "spm",
    "srsltid",
    "taid",
    "tdsourcetag",
    "ttclid",
    "twclid",
    "usqp",
    "wbraid",
    "wickedid",
    "wprov",
    "wt.mc_id",
    "wt_mc",
    "wt_zmc",
    "xtatc",
    "xtcr",
    "xtdt",
    "xtloc",
    "xtmc",
    "xtnp",
    "xtor",
    "xtref",
    "yclid",
    "yptr",
];

/// What makes two canonical URLs the same page: for equality only.
pub fn url_key(canonical: &str) -> String {
    let Some(url) = web_url(canonical) else {
        return canonical.to_owned();
    };
    let host = folded_host(url.host_str().unwrap_or_default());
    let mut key = host.to_string();
    if let Some(port) = url.port() {
        key.push_str(&format!(":{port}"));
    }
    let path = twin_path(&host, url.path());
    for segment in without_amp(&path) {
        key.push('/');
        key.push_str(&segment);
    }
    if let Some(query) = url.query() {
        // `b=` and `b` are the same to every form parser.
        let bare = query.split('&').map(|pair| pair.strip_suffix('=').unwrap_or(pair));
        let mut pairs: Vec<&str> = bare.filter(|pair| !pair.is_empty()).collect();
        pairs.sort_unstable();
        if !pairs.is_empty() {
            key.push('?');
            key.push_str(&pairs.join("&"));
        }
    }
    key
}

/// The segments of a path without the one that asks for the AMP form, which stands first or last: `/amp/a`, `/a/amp`,
/// `/a.amp`, `/a.amp.html`.
fn without_amp(path: &str) -> Vec<Cow<'_, str>> {
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    if segments.len() > 1 && segments.first() == Some(&"amp") {
        segments.remove(0);
    }
    if segments.len() > 1 && segments.last() == Some(&"amp") {
        segments.pop();
    }
    let mut segments: Vec<Cow<'_, str>> = segments.into_iter().map(Cow::Borrowed).collect();
    if let Some(last) = segments.last_mut() {
        if let Some(file) = last.strip_suffix(".amp.html").filter(|file| !file.is_empty()) {
            *last = Cow::Owned(format!("{file}.html"));
        } else if let Some(file) = last.strip_suffix(".amp").filter(|file| !file.is_empty()) {
            *last = Cow::Owned(file.to_owned());
        }
    }
    segments
}

/// The registrable domain behind a host, twins folded: what an address must share with the page that names it.
pub fn site(host: &str) -> String {
    let folded = folded_host(host);
    if folded.starts_with('[') || folded.parse::<std::net::Ipv4Addr>().is_ok() {
        return folded.into_owned();
    }
    psl::domain_str(&folded).map_or_else(|| folded.to_string(), str::to_owned)
}

/// Suffixes (`.news.cn`) under which one outlet answers twice, and whole hosts that moved.
const TWIN_SUFFIXES: [(&str, &str); 8] = [
    ("xinhuanet.com", "news.cn"),
    ("people.cn", "people.com.cn"),
    ("peopledaily.com.cn", "people.com.cn"),
    ("chinanews.com.cn", "chinanews.com"),
    ("mfa.gov.cn", "fmprc.gov.cn"),
    ("francetvinfo.fr", "franceinfo.fr"),
    ("presstv.co.uk", "presstv.ir"),
    ("zaobao.com.sg", "zaobao.com"),
];

const TWIN_HOSTS: [(&str, &str); 2] = [
    ("sputniknews.com", "sputnikglobe.com"),
    ("fr.sputniknews.com", "fr.sputniknews.africa"),
];

fn folded_host(host: &str) -> Cow<'_, str> {
    // The desktop's, the telephone's and the AMP form of one site; `m.co.uk` is somebody's own name.
    let bare = ["www.", "m.", "mobile.", "wap.", "amp."]
        .iter()
        .find_map(|prefix| host.strip_prefix(prefix).filter(|rest| psl::domain_str(rest).is_some()))
        .unwrap_or(host);
    if let Some((_, twin)) = TWIN_HOSTS.iter().find(|(name, _)| *name == bare) {
        return Cow::Borrowed(twin);
    }
    for (suffix, twin) in TWIN_SUFFIXES {
        if let Some(before) = bare.strip_suffix(suffix)
            && (before.is_empty() || before.ends_with('.'))
        {
            return Cow::Owned(format!("{before}{twin}"));
        }
    }
    Cow::Borrowed(bare)
}

/// The same article under two paths.
fn twin_path<'a>(host: &str, path: &'a str) -> Cow<'a, str> {
    match host {
        // The mobile page of The Paper.
        "thepaper.cn" => match path.strip_prefix("/detail/") {
            Some(id) => Cow::Owned(format!("/newsDetail_forward_{id}")),
            None => Cow::Borrowed(path),
        },
        // Guancha's "read the whole article on one page".
        "guancha.cn" => match path.strip_suffix("_s.shtml") {
            Some(before) => Cow::Owned(format!("{before}.shtml")),
            None => Cow::Borrowed(path),
        },
        _ => Cow::Borrowed(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(TRACKING.is_sorted());
    }

    #[test]
    fn a_site_is_the_registrable_domain() {
        assert_eq!(site("www.lagazette.example"), "lagazette.example");
        assert_eq!(site("a.b.co.uk"), "b.co.uk");
        assert_eq!(site("m.co.uk"), "m.co.uk");
        assert_eq!(site("m.b.co.uk"), "b.co.uk");
        assert_eq!(site("french.xinhuanet.com"), site("www.news.cn"));
        assert_ne!(site("one.github.io"), site("two.github.io"));
        assert_eq!(site("127.0.0.1"), "127.0.0.1");
    }

    #[test]
    fn a_page_of_text_is_no_address() {
        assert_eq!(
            canonical(&format!("https://a.example/{}", "x".repeat(LONGEST)), &[]),
            None
        );
    }

    proptest! {
        #[test]
        fn twice_is_once(path in "[a-zA-Z0-9%./:;é|^ {}法\\[\\]\"'<>\\\\~-]{0,40}", query in "[a-z0-9%&=+?/#é{}utm_ ]{0,40}",
                         host in "(www\\.|m\\.|amp\\.)?[a-z]{1,8}\\.(example|com|co\\.uk)\\.?", port in "(:80|:443|:8080)?",
                         scheme in "(http|HTTPS|https)") {
            if let Some(once) = canonical(&format!("{scheme}://{host}{port}/{path}?{query}"), &[]) {
                let twice = canonical(&once, &[]);
                prop_assert_eq!(twice.as_deref(), Some(once.as_str()));
                prop_assert_eq!(url_key(&once), url_key(&twice.unwrap_or_default()));
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,80}") {
            url_key(&canonical(&text, &[]).unwrap_or(text));
        }
    }
}
