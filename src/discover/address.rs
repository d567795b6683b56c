//! From what stands in an `href` to an absolute http(s) address.
//!
//! Takes hostile text and bases, gives an address or the reason for none. Never dials anything.

use url::Url;

/// RFC 9110 §4.1 asks for 8,000 octets at least; nobody publishes a longer article address.
const LONGEST: usize = 8_000;

/// Resolves against the first base that gives an http(s) address.
pub fn absolute(href: &str, bases: &[&Url]) -> Option<String> {
    let href = href.trim();
    if href.is_empty() || href.len() > LONGEST {
        return None;
    }
    let url = match Url::parse(href) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => bases.iter().find_map(|base| base.join(href).ok())?,
        Err(_) => return None,
    };
    let http = matches!(url.scheme(), "http" | "https") && url.has_host();
    (http && url.as_str().len() <= LONGEST).then(|| url.to_string())
}

/// The address inside a script call, such as `javascript:article_open('/en/1.html')`: its first quoted argument
/// that looks like one.
pub fn quoted(script: &str) -> Option<&str> {
    let mut rest = script;
    while let Some(open) = rest.find(['\'', '"']) {
        let quote = rest.get(open..=open)?;
        let inside = rest.get(open + 1..)?;
        let (argument, after) = inside.split_once(quote)?;
        let argument_like = argument.contains(['/', '.']) && !argument.contains([' ', '<', '\n', '(']);
        if argument_like && argument.chars().any(char::is_alphanumeric) {
            return Some(argument);
        }
        rest = after;
    }
    None
}

/// `javascript:` in any case and spacing that browsers accept.
pub fn is_script(href: &str) -> bool {
    let letters = href
        .bytes()
        .filter(|b| !b.is_ascii_whitespace() && !b.is_ascii_control());
    letters.map(|b| b.to_ascii_lowercase()).take(11).eq(*b"javascript:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_addresses_come_out() {
        let base = Url::parse("https://gazette.example/une/").unwrap();
        let cases = [
            ("1.html", Some("https://gazette.example/une/1.html")),
            (" //cdn.example/x \n", Some("https://cdn.example/x")),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("mailto:a@b.example", None),
            ("http://", None),
            ("", None),
        ];
        for (href, expected) in cases {
            assert_eq!(absolute(href, &[&base]).as_deref(), expected, "{href}");
        }
    }

    #[test]
    fn the_address_inside_a_script_call() {
        assert_eq!(quoted("javascript:open_it('q', '/en/1.html')"), Some("/en/1.html"));
        assert_eq!(quoted("void(0)"), None);
        assert!(is_script(" Java\tScript:x") && !is_script("/javascript:"));
    }
}
