//! What the publisher reserves on a page and in its headers: robots directives, text-and-data-mining reservations, usage
//! preferences, as found. Never decides what follows from them (`model::reservation` does).

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use scraper::Html;
use url::Url;

use super::bound;
use super::dom::Dom;
use super::metadata::{self, Metadata};
use crate::model::{Page, reservation};
use crate::text::charset;

/// Robots that these directives name us by (the product token of our User-Agent), besides "robots" for all.
const OURSELVES: &str = "vigie";

/// Directives that bear on keeping and showing a page.
const DIRECTIVES: &[&str] = &[
    "noindex",
    "noarchive",
    "nosnippet",
    "nocache",
    "none",
    "noai",
    "noimageai",
    "notranslate",
];

/// Directives that carry a value behind a colon, so that their names are not taken for those of robots.
const VALUED: &[&str] = &[
    "unavailable_after",
    "max-snippet",
    "max-image-preview",
    "max-video-preview",
];

pub fn reservations(page: &Page, meta: &Metadata) -> Vec<String> {
    let mut found = Found::default();
    for content in meta.all("robots").chain(meta.all(OURSELVES)) {
        found.directives(content);
    }
    found.headers(page);
    // W3C TDM Reservation Protocol: 1 = reserved, 0 = not; what the page says overrides its headers.
    let header = |name: &'static str| headers(page, name).next();
    let tdm = |name: &'static str| meta.all(name).next().or_else(|| header(name));
    if tdm("tdm-reservation").is_some_and(|value| value.trim() == "1") {
        found.add("tdm-reservation".to_owned());
    }
    if let Some(policy) = tdm("tdm-policy").filter(|policy| !policy.trim().is_empty()) {
        found.add(format!(
            "tdm-policy: {}",
            policy.trim().chars().take(200).collect::<String>()
        ));
    }
    found.words
}

/// The same of a page whose text nobody asked for yet: its markup is parsed only where one of the words stands in it.
pub fn of_page(page: &Page) -> Vec<String> {
    let speaks = page.headers.iter().any(|(name, _)| {
        matches!(
            name.as_str(),
            "x-robots-tag" | "tdm-reservation" | "tdm-policy" | "content-signal" | "content-usage"
        )
    });
    let is_spoken = || SPEAKING.as_ref().is_none_or(|words| words.is_match(&page.body));
    if !speaks && !is_spoken() {
        return Vec::new();
    }
    let base = Url::parse(&page.url).ok();
    let decoded = charset::decode(
        &page.body,
        page.header("content-type"),
        base.as_ref().and_then(Url::host_str),
    );
    let html = Html::parse_document(bound::bounded(&decoded.text));
    reservations(page, &metadata::read(&Dom::new(&html), base.as_ref()))
}

/// What a page must contain to reserve anything by its markup. `none` alone is on every page (`display:none`).
const WORDS: [&str; 11] = [
    "noindex",
    "noarchive",
    "nosnippet",
    "nocache",
    "noai",
    "noimageai",
    "unavailable_after",
    "tdm-reservation",
    "tdm-policy",
    "content=\"none\"",
    "content='none'",
];

/// Absent only if [`WORDS`] were no words; then every page is parsed.
static SPEAKING: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).build(WORDS).ok()
});

fn headers<'a>(page: &'a Page, name: &'static str) -> impl Iterator<Item = &'a str> {
    page.headers
        .iter()
        .filter(move |(n, _)| n == name)
        .map(|(_, value)| value.as_str())
}

#[derive(Default)]
struct Found {
    words: Vec<String>,
}

impl Found {
    fn add(&mut self, word: String) {
        if !self.words.contains(&word) {
            self.words.push(word);
        }
    }

    fn headers(&mut self, page: &Page) {
        for line in headers(page, "x-robots-tag") {
            self.addressed(line);
        }
        for line in headers(page, "content-signal") {
            reservation::signals(line).into_iter().for_each(|word| self.add(word));
        }
        for line in headers(page, "content-usage") {
            reservation::usage(line).into_iter().for_each(|word| self.add(word));
        }
    }

    /// `otherbot: noindex, nofollow` is addressed to one robot up to the end or the next robot's name; what is addressed
    /// to nobody is for all.
    fn addressed(&mut self, line: &str) {
        let mut ours = true;
        for part in line.split(',') {
            let directive = match part.split_once(':') {
                Some((name, rest)) if !VALUED.contains(&name.trim().to_ascii_lowercase().as_str()) => {
                    let name = name.trim();
                    ours = name.eq_ignore_ascii_case(OURSELVES) || name.eq_ignore_ascii_case("robots") || name == "*";
                    rest
                }
                _ => part,
            };
            if ours {
                self.directive(directive);
            }
        }
    }

    fn directives(&mut self, content: &str) {
        content.split(',').for_each(|directive| self.directive(directive));
    }

    fn directive(&mut self, directive: &str) {
        let directive = directive.trim().to_ascii_lowercase();
        if DIRECTIVES.contains(&directive.as_str()) {
            self.add(directive);
        } else if let Some(when) = directive.strip_prefix("unavailable_after:") {
            self.add(format!(
                "unavailable_after: {}",
                when.trim().chars().take(40).collect::<String>()
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(headers: &[(&str, &str)], head: &str) -> Page {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Page {
            requested: "https://a.example/".to_owned(),
            url: "https://a.example/".to_owned(),
            status: 200,
            headers: headers.iter().map(own).collect(),
            body: format!("<!DOCTYPE html><html><head>{head}</head><body><p style='display:none'>x</body></html>")
                .into_bytes(),
            fetched_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn directives_for_others_are_not_ours() {
        let said = |line: &str| of_page(&page(&[("x-robots-tag", line)], ""));
        assert_eq!(said("noarchive"), ["noarchive"]);
        assert_eq!(said("otherbot: noindex, noarchive"), Vec::<String>::new());
        assert_eq!(said("otherbot: noindex, vigie: noarchive"), ["noarchive"]);
        assert_eq!(said("noindex, otherbot: noarchive"), ["noindex"]);
        assert_eq!(said("max-snippet: 5, NoArchive"), ["noarchive"]);
        assert_eq!(
            said("unavailable_after: 30 Nov 2009 15:00:00 GMT"),
            ["unavailable_after: 30 nov 2009 15:00:00 gmt"]
        );
    }

    #[test]
    fn the_page_overrides_its_headers() {
        let meta = |value: u8| format!("<META NAME=tdm-reservation CONTENT={value}>");
        let headers = |value| [("tdm-reservation", value)];
        assert_eq!(of_page(&page(&headers("1"), "")), ["tdm-reservation"]);
        assert_eq!(of_page(&page(&headers("1"), &meta(0))), Vec::<String>::new());
        assert_eq!(of_page(&page(&headers("0"), &meta(1))), ["tdm-reservation"]);
        assert_eq!(of_page(&page(&[], &meta(1))), ["tdm-reservation"]);
        assert_eq!(of_page(&page(&[], "")), Vec::<String>::new());
    }

    #[test]
    fn markup_is_read_where_it_speaks() {
        let meta = |name: &str, content: &str| format!("<meta name=\"{name}\" content=\"{content}\">");
        let said = |head: &str| of_page(&page(&[], head));
        assert_eq!(said(&meta("robots", "none")), ["none"]);
        assert_eq!(said(&meta("vigie", "index, NOARCHIVE")), ["noarchive"]);
        assert_eq!(said(&meta("otherbot", "noarchive")), Vec::<String>::new());
        assert_eq!(said("<!-- noarchive -->"), Vec::<String>::new());
        let usage = [("content-usage", "train-ai=n"), ("content-signal", "search=no")];
        assert_eq!(
            of_page(&page(&usage, "")),
            ["content-signal: search=no", "content-usage: train-ai=n"]
        );
    }
}
