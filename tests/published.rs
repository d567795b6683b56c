//! Which date of a page wins, and where none does (`tests/cases/published.toml`); what must hold of any page.

use jiff::Timestamp;
use proptest::prelude::*;
use serde::Deserialize;
use vigie::extract::{self, Context};
use vigie::model::{DateEvidence, Draft, Page};

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    html: String,
    url: Option<String>,
    lang: Option<String>,
    zone: Option<String>,
    day: Option<String>,
    by: Option<DateEvidence>,
    modified: Option<String>,
    #[serde(rename = "see")]
    _see: Option<String>,
}

/// Long enough to be an article's text, and without a date.
const BODY: &str = "After three weeks of repairs the ferry has taken up its crossings again, with two hundred people \
    on board and a fair wind, and the company promises four departures a day until the end of the summer, when the \
    new boat, which is being built further down the coast, is expected to take over from the old one for good.";

fn read(html: &str, url: &str, zone: &str, lang: Option<&str>) -> Draft {
    let now: Timestamp = "2026-05-04T08:00:00Z".parse().unwrap();
    let page = Page {
        requested: url.to_owned(),
        url: url.to_owned(),
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
        body: format!("<html><body>{html}</body></html>").into_bytes(),
        fetched_at: now,
    };
    let context = Context {
        zone,
        fetched_at: Some(now),
        lang,
    };
    extract::draft(&page, None, &context)
}

#[test]
fn every_named_case() {
    let cases: Cases = toml::from_str(include_str!("cases/published.toml")).unwrap();
    let mut wrong = Vec::new();
    for case in &cases.case {
        let url = case.url.as_deref().unwrap_or("https://www.paper.example/ferry");
        let zone = case.zone.as_deref().unwrap_or("UTC");
        let draft = read(&case.html.replace("BODY", BODY), url, zone, case.lang.as_deref());
        let day = draft.published.as_ref().map(|claim| claim.to_local());
        let by = draft.published.as_ref().map(|claim| claim.evidence);
        if day != case.day || by != case.by {
            wrong.push(format!("{}: {:?}", case.name, draft.published));
        }
        let modified = draft.modified.as_ref().map(|claim| claim.to_local());
        if case.modified.is_some() && modified != case.modified {
            wrong.push(format!("{}: modified {:?}", case.name, draft.modified));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_page_gives_an_interval_or_nothing(
        meta in "[0-9T:+Z/. -]{0,30}",
        shown in "(Posted |Updated |发布时间：|)[0-9年月日 :./-]{0,24}",
        name in "(date|pubdate|article:published_time|dc.date)",
        path in "[0-9/_t-]{0,16}",
    ) {
        let html = format!(
            "<meta name='{name}' content='{meta}'><h1>The ferry is back on the bay</h1>\
             <div class=date>{shown}</div><p>{BODY}</p><time datetime='{meta}'>{shown}</time>"
        );
        let url = format!("https://www.paper.example/{path}");
        let once = read(&html, &url, "UTC", None);
        for claim in [&once.published, &once.modified].into_iter().flatten() {
            prop_assert!(claim.interval.min < claim.interval.max);
            prop_assert!(claim.interval.min.as_second() > 757_382_400 - 86_400);
            // What is printed is a day, or an instant that is the claim's own.
            let told = claim.to_local();
            if told.len() > 10 {
                prop_assert_eq!(told.parse::<Timestamp>().unwrap().as_second(), claim.interval.min.as_second());
            }
        }
        prop_assert_eq!(once.published, read(&html, &url, "UTC", None).published);
    }
}
