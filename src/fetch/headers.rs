//! What a few response headers mean to a crawler, and how it names itself.
//!
//! Takes header lists and a clock reading, gives times and verdicts. Never looks at a body.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use super::limits;

/// Names in lower case, values as sent, in the order of arrival (repeated names stand together).
pub type Headers = [(String, Vec<u8>)];

/// The product token that robots.txt files can name; no digits, since a group's name ends at the first (RFC 9309 §2.2.1).
pub const PRODUCT: &str = "vigie";

/// `vigie/0.1 (+https://…)`: who we are and where to complain.
pub fn user_agent(contact: &str) -> String {
    let version = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    // The contact stands inside a comment (RFC 9110 §5.6.5): no parentheses, nothing but printable ASCII.
    let contact: String = contact
        .chars()
        .filter(|c| c.is_ascii_graphic() && !matches!(c, '(' | ')' | '\\'))
        .collect();
    if contact.is_empty() {
        format!("{PRODUCT}/{version}")
    } else {
        format!("{PRODUCT}/{version} (+{contact})")
    }
}

/// The first header of that (lower-case) name.
pub fn header<'a>(headers: &'a Headers, name: &str) -> Option<&'a [u8]> {
    headers
        .iter()
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.as_slice())
}

/// The first header of that name as trimmed text, if it is UTF-8.
pub fn header_text<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    std::str::from_utf8(header(headers, name)?).ok().map(str::trim)
}

/// How long a `Retry-After` asks us to stay away: seconds or an HTTP date (RFC 9110 §10.2.3). A negative or past
/// one is "now", a huge one a day.
pub fn retry_after(headers: &Headers, now: Timestamp) -> Option<Duration> {
    let value = header_text(headers, "retry-after")?;
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        if value.starts_with('-') {
            return Some(Duration::ZERO);
        }
        // More digits than a u64 holds is more than a day, too.
        let seconds = digits.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(limits::RETRY_AFTER));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let now = SystemTime::try_from(now).ok()?;
    let wait = date.duration_since(now).unwrap_or(Duration::ZERO);
    Some(wait.min(limits::RETRY_AFTER))
}

/// The name of the gatekeeper that answered in the site's stead, read off its own header.
pub fn challenged_by(headers: &Headers) -> Option<&'static str> {
    const MARKS: [(&str, &str); 3] = [
        // Cloudflare, "Detect a challenge page response"; only on challenges.
        ("cf-mitigated", "Cloudflare"),
        // AWS WAF sends 202 with `challenge` or 405 with `captcha`.
        ("x-amzn-waf-action", "AWS WAF"),
        ("x-vercel-mitigated", "Vercel"),
    ];
    MARKS
        .iter()
        .find(|(name, _)| header(headers, name).is_some())
        .map(|(_, who)| *who)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(value: &str) -> Option<Duration> {
        // 2009-11-30T00:00:00Z, the day of the currency reform.
        let now = Timestamp::from_second(1_259_539_200).unwrap();
        retry_after(&[("retry-after".to_owned(), value.as_bytes().to_vec())], now)
    }

    #[test]
    fn retry_after_in_every_spelling() {
        assert_eq!(after("120"), Some(Duration::from_secs(120)));
        assert_eq!(after(" 7 "), Some(Duration::from_secs(7)));
        assert_eq!(after("-5"), Some(Duration::ZERO));
        assert_eq!(after("99999999999999999999999"), Some(limits::RETRY_AFTER));
        assert_eq!(after("Mon, 30 Nov 2009 00:01:00 GMT"), Some(Duration::from_secs(60)));
        assert_eq!(after("Monday, 30-Nov-09 00:01:00 GMT"), Some(Duration::from_secs(60)));
        assert_eq!(after("Sun, 29 Nov 2009 00:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(after("Sat, 30 Nov 2109 00:00:00 GMT"), Some(limits::RETRY_AFTER));
        assert_eq!(after("soon"), None);
        assert_eq!(after(""), None);
    }

    #[test]
    fn the_contact_cannot_break_out_of_its_comment() {
        assert_eq!(
            user_agent("https://desk.example/bot"),
            "vigie/0.1 (+https://desk.example/bot)"
        );
        assert_eq!(user_agent("a)\r\nx: y("), "vigie/0.1 (+ax:y)");
        assert_eq!(user_agent(""), "vigie/0.1");
    }

    #[test]
    fn a_gatekeeper_is_known_by_its_header() {
        let head = |name: &str| [(name.to_owned(), b"challenge".to_vec())];
        assert_eq!(challenged_by(&head("cf-mitigated")), Some("Cloudflare"));
        assert_eq!(challenged_by(&head("server")), None);
    }
}
