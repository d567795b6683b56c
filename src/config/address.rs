//! Web addresses, host patterns, the contact and the proxy.
//!
//! Takes text, gives it back as written if it can be used as such. Resolves nothing.

use url::{Host, Url};

use super::problem::{Fault, quoted};

/// What may stand in a listing's address for the local day of the look, with a day to try it with.
const PLACEHOLDERS: [(&str, &str); 3] = [("{YYYY}", "2026"), ("{MM}", "01"), ("{DD}", "31")];

/// An absolute http or https address.
pub(super) fn web(text: &str) -> Result<String, Fault> {
    let fault = Fault::new(format!("{} is not a web address", quoted(text)));
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(fault.hint("there is a blank in it; write `%20` if one is meant"));
    }
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            return Err(fault.hint(format!("write it whole: {}", quoted(&completed(text)))));
        }
        Err(error) => return Err(fault.hint(error.to_string())),
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Err(fault.hint("it must begin with `https://` or `http://`"));
    }
    // `Url` forgives `https:example.org` and `https:///example.org`; readers and other programs do not.
    let (_, rest) = text.split_at_checked(url.scheme().len()).unwrap_or_default();
    if !rest.starts_with("://") || rest.starts_with(":///") {
        return Err(fault.hint(format!("write it whole: {}", quoted(url.as_str()))));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Fault::new("an address must not carry a user name or password"));
    }
    Ok(text.to_owned())
}

fn completed(text: &str) -> String {
    match text.trim_start_matches('/') {
        "" => "https://www.example.org/".to_owned(),
        rest if text.starts_with("//") || !text.starts_with('/') => format!("https://{rest}"),
        rest => format!("https://www.example.org/{rest}"),
    }
}

/// The address of a feed, sitemap or page of headlines, with `{YYYY}`, `{MM}`, `{DD}` for the day of the look.
pub(super) fn listing(text: &str) -> Result<String, Fault> {
    let mut tried = text.to_owned();
    for (placeholder, day) in PLACEHOLDERS {
        tried = tried.replace(placeholder, day);
    }
    if let Some(at) = tried.find(['{', '}']) {
        let rest = tried.get(at..).unwrap_or_default();
        let end = rest.find('}').map_or(rest.len(), |end| end + 1);
        let part = rest.get(..end).unwrap_or_default();
        let fault = Fault::new(format!("{} is not a placeholder", quoted(part)));
        let upper = part.to_uppercase();
        return Err(match PLACEHOLDERS.iter().find(|(known, _)| *known == upper) {
            Some((known, _)) => fault.hint(format!("write `{known}`")),
            None => {
                fault.hint("`{YYYY}`, `{MM}` and `{DD}` stand for the day; other braces are written `%7B` and `%7D`")
            }
        });
    }
    web(&tried)?;
    Ok(text.to_owned())
}

/// A host, or a host and the beginning of a path, whose pages belong to the source.
pub(super) fn host_pattern(text: &str) -> Result<String, Fault> {
    let fault = Fault::new(format!("{} is not a host or host/path", quoted(text)));
    if let Some((_, rest)) = text.split_once("://") {
        return Err(fault.hint(format!("leave out the scheme: {}", quoted(rest))));
    }
    if let Some(rest) = text.strip_prefix("*.") {
        return Err(fault.hint(format!("subdomains belong to it anyway: {}", quoted(rest))));
    }
    let example = "such as `news.example.org` or `www.example.org/zh`";
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || "?#@\\*{}".contains(c)) {
        return Err(fault.hint(example));
    }
    let Ok(url) = Url::parse(&format!("http://{text}")) else {
        return Err(fault.hint(example));
    };
    if text.split('/').next().is_some_and(|host| host.contains(':')) {
        return Err(fault.hint("a port does not tell sources apart; leave it out"));
    }
    match url.host() {
        Some(Host::Domain(host)) if !host.trim_matches('.').contains('.') => Err(fault.hint(example)),
        Some(Host::Domain(_) | Host::Ipv4(_)) => Ok(text.to_owned()),
        _ => Err(fault.hint(example)),
    }
}

/// Who runs this crawler: a page or a mail address, fit for the User-Agent header.
pub(super) fn contact(text: &str) -> Result<String, Fault> {
    let fault = Fault::new(format!("{} is not a contact", quoted(text)));
    let mail = |address: &str| {
        let (name, host) = address.split_once('@')?;
        (!name.is_empty() && host.contains('.') && !host.contains('@')).then_some(())
    };
    // RFC 9110 §5.6.5: a header's comment holds no bare parentheses; and blanks or other scripts would not survive there.
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"()\\".contains(&byte))
    {
        return Err(fault.hint("it travels in the User-Agent header: letters, digits and signs of ASCII, no blanks"));
    }
    match text.strip_prefix("mailto:") {
        Some(address) if mail(address).is_some() => return Ok(text.to_owned()),
        None if mail(text).is_some() && !text.contains("://") => {
            return Err(fault.hint(format!("write {}", quoted(&format!("mailto:{text}")))));
        }
        _ => {}
    }
    web(text).map_err(|_| fault.hint("a page about you (`https://…`) or `mailto:` and an address"))
}

/// `http://…`, `https://…` or `socks5h://…`.
pub(super) fn proxy(text: &str) -> Result<String, Fault> {
    let fault = Fault::new(format!("{} is not a proxy address", quoted(text)));
    let example = "such as `socks5h://127.0.0.1:9050` or `http://proxy.example:3128`";
    let Ok(url) = Url::parse(text) else {
        return Err(fault.hint(example));
    };
    match url.scheme() {
        "socks5" => Err(fault.hint("write `socks5h`, so that names are looked up by the proxy and not here")),
        "http" | "https" | "socks5h" if url.host_str().is_some_and(|host| !host.is_empty()) => Ok(text.to_owned()),
        _ => Err(fault.hint(example)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_absolute_and_plain() {
        for good in [
            "https://a.example/",
            "http://a.example:8080/x?y=1#z",
            "https://报.example/新闻",
        ] {
            assert_eq!(web(good), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "a.example",
            "//a.example/",
            "/feed",
            "ftp://a.example/",
            "https:a.example",
            "https:///a.example",
        ] {
            assert!(web(bad).is_err(), "{bad}");
        }
        assert!(web("https://u:p@a.example/").is_err());
        assert!(web("https://a.example/a b").is_err());
        assert_eq!(
            web("www.a.example").unwrap_err().hint.unwrap(),
            "write it whole: `https://www.a.example`"
        );
    }

    #[test]
    fn placeholders_are_these_three() {
        assert!(listing("https://a.example/{YYYY}/{MM}-{DD}.xml").is_ok());
        assert_eq!(
            listing("https://a.example/{yyyy}").unwrap_err().hint.unwrap(),
            "write `{YYYY}`"
        );
        for bad in [
            "https://a.example/{",
            "https://a.example/}",
            "https://a.example/{page}",
            "{YYYY}",
        ] {
            assert!(listing(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn host_patterns_are_hosts_with_paths() {
        for good in ["a.example", "www.bbc.example/zhongwen", "报.example", "192.0.2.7"] {
            assert_eq!(host_pattern(good), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "/",
            "example",
            "a.example:80",
            "https://a.example",
            "*.a.example",
            "a.example?x",
            "[::1]",
            "a b.example",
        ] {
            assert!(host_pattern(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn contacts_fit_a_header() {
        assert!(contact("https://vigie.example/about").is_ok());
        assert!(contact("mailto:me@lab.example").is_ok());
        assert_eq!(
            contact("me@lab.example").unwrap_err().hint.unwrap(),
            "write `mailto:me@lab.example`"
        );
        for bad in [
            "",
            "mailto:",
            "mailto:me",
            "https://a.example/(x)",
            "https://a.example/\r\nX: y",
            "https://é.example/",
        ] {
            assert!(contact(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn proxies_resolve_names_themselves() {
        assert!(proxy("socks5h://127.0.0.1:9050").is_ok());
        assert!(proxy("http://proxy.example:3128").is_ok());
        for bad in [
            "",
            "socks5://127.0.0.1:9050",
            "socks5h:",
            "127.0.0.1:9050",
            "ftp://a.example",
        ] {
            assert!(proxy(bad).is_err(), "{bad}");
        }
    }
}
