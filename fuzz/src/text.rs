//! Bytes to text, text to dates, tokens and sentences.

use vigie::identify::{fingerprint, language};
use vigie::model::{DateEvidence, Precision};
use vigie::text::charset::{charset_parameter, decode};
use vigie::text::shingles::Shingles;
use vigie::text::tokens::{index_text, query_tokens, tokens};
use vigie::text::{dates, fold::fold, plain::plain, script, sentences};

use super::{knob, now, sound, zone};

/// A `Content-Type` up to the first newline where the knob is odd, then a body.
pub fn charset(data: &[u8]) {
    let (data, knob) = knob(data);
    let host = [
        None,
        Some("news.example.cn"),
        Some("example.kr"),
        Some(""),
        Some("é."),
        Some("www.example.tw"),
    ];
    let host = host[usize::from(knob / 2) % host.len()];
    let (label, body) = match data.iter().position(|byte| *byte == b'\n') {
        Some(at) if knob % 2 == 1 => (Some(String::from_utf8_lossy(&data[..at]).into_owned()), &data[at + 1..]),
        _ => (None, data),
    };
    label.as_deref().map(charset_parameter);
    let decoded = decode(body, label.as_deref(), host);
    assert!(
        decoded.text.len() <= body.len() * 3 + 3,
        "{} bytes out of {}",
        decoded.text.len(),
        body.len()
    );
    assert!(!decoded.charset.is_empty());
    assert!(
        !decoded.lossy || decoded.text.contains('\u{FFFD}'),
        "lossy, and nothing is lost"
    );
    assert_ne!(
        decoded.mislabelled.as_ref(),
        Some(&decoded.charset),
        "mislabelled as what it is"
    );
    let bom = [&[0xEF, 0xBB, 0xBF][..], &[0xFE, 0xFF], &[0xFF, 0xFE]]
        .iter()
        .any(|bom| body.starts_with(bom));
    if let Ok(text) = std::str::from_utf8(body)
        && !bom
        && text.chars().filter(|c| !c.is_ascii()).count() >= 4
    {
        assert_eq!(decoded.text, text, "text that is UTF-8 was read as {}", decoded.charset);
    }
}

pub fn date(data: &[u8]) {
    let (data, knob) = knob(data);
    let text = String::from_utf8_lossy(data);
    let zone = zone(knob);
    for now in [Some(now()), None] {
        if let Some(read) = dates::parse(&text, zone, now) {
            let claim = read.claim(DateEvidence::PageText, &text);
            sound(&claim);
            let published = claim.to_published();
            // What is printed says the same when it is read again. Written years are those of 1900 to 2100; a zone can
            // carry their first and last hours over the edge.
            if !["1899", "2101"].iter().any(|year| published.starts_with(year)) {
                let again = dates::parse(&published, &claim.zone, None);
                let again = again.unwrap_or_else(|| panic!("{text:?} was printed as {published}, which is no date"));
                let zone_is_known = jiff::tz::TimeZone::get(&claim.zone).is_ok();
                assert!(
                    again.interval.min == claim.interval.min || (claim.precision > Precision::Minute && !zone_is_known),
                    "{text:?} was printed as {published}"
                );
            }
        }
        for found in [dates::find(&text, zone, now), dates::dateline(&text, zone, now)] {
            let Some((range, read)) = found else { continue };
            let words = text
                .get(range.clone())
                .unwrap_or_else(|| panic!("{range:?} cuts a character of {text:?}"));
            assert!(!words.trim().is_empty(), "a date where nothing stands");
            sound(&read.claim(DateEvidence::PageText, words));
        }
    }
}

pub fn text(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    let folded = fold(text);
    assert_eq!(fold(&folded), folded, "folded twice is not folded once");
    let tokens = tokens(text);
    let mut last = 0;
    for token in &tokens {
        assert!(
            token.start < token.end && text.get(token.start..token.end).is_some(),
            "{token:?}"
        );
        assert!(last <= token.start, "tokens out of order");
        assert!(
            !token.text.is_empty() && !token.text.contains(char::is_whitespace),
            "{token:?}"
        );
        last = token.start;
    }
    let indexed = index_text(text);
    assert_eq!(indexed.split(' ').filter(|word| !word.is_empty()).count(), tokens.len());
    query_tokens(text);
    for (what, ranges) in [
        ("sentence", sentences::sentences(text)),
        ("paragraph", sentences::paragraphs(text)),
    ] {
        let mut last = 0;
        for range in ranges {
            let words = text
                .get(range.clone())
                .unwrap_or_else(|| panic!("a {what} cuts a character"));
            assert!(
                !words.is_empty() && words.trim() == words,
                "a {what} begins or ends with space: {words:?}"
            );
            assert!(last <= range.start, "{what}s overlap");
            last = range.end;
        }
    }
    let plain = plain(text);
    if !plain.text.is_empty() {
        let range = plain.original(0, plain.text.len());
        assert!(text.get(range.clone()).is_some(), "{range:?} of {text:?}");
    }
    let shingles = Shingles::of(text);
    assert!(shingles.is_empty() || (shingles.contained_in(&shingles) - 1.0).abs() < 1e-6);
    assert_eq!(
        fingerprint::distance(fingerprint::simhash(text), fingerprint::simhash(text)),
        0
    );
    fingerprint::digest(text, text);
    script::letters(text).dominant();
    script::length(text, Some("zh"));
    for prior in [None, Some("fr"), Some("zh-Hant")] {
        let detected = language::detect(text, prior);
        assert!(
            detected.lang.as_deref().is_none_or(|lang| !lang.is_empty()),
            "{detected:?}"
        );
    }
}
