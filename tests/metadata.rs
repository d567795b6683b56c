//! Rules on everything about an article but its text and its date, one named case each: `tests/cases/page_*.toml`.

use std::path::Path;

use serde::Deserialize;
use vigie::extract::{Context, draft};
use vigie::model::{CommentState, Page, TextAccess};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

/// What is named must be read so; an empty string means nothing must be read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    url: Option<String>,
    html: String,
    title: Option<String>,
    authors: Option<Vec<String>>,
    credit: Option<String>,
    /// An empty string = none.
    kind: Option<String>,
    text: Option<String>,
    access: Option<TextAccess>,
    comments: Option<CommentState>,
    count: Option<u32>,
    standfirst: Option<String>,
    section: Option<String>,
    canonical: Option<String>,
    alternates: Option<Vec<String>>,
    see: String,
}

/// Prose that makes a body around which the case's markup is read.
const PROSE: &str = "<p>The ferry crossed the bay again on Sunday, with two hundred people on board and a fair wind. \
    Its company promises four departures a day until the end of summer, and the harbour master agrees with it.</p>\
    <p>Repairs had taken three weeks, because the yard was waiting for a part that nobody makes any more, and which \
    a retired smith of the town has forged in the end, at night, for nothing but a place on board for life.</p>";

#[test]
fn every_rule_reads_as_its_case_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut wrong = Vec::new();
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("page_") {
            continue;
        }
        let table = std::fs::read_to_string(&path).unwrap();
        let cases: Cases = toml::from_str(&table).unwrap_or_else(|error| panic!("{name}: {error}"));
        for case in cases.case {
            read += 1;
            assert!(!case.see.is_empty(), "{name}: {} has no source", case.name);
            wrong.extend(
                check(&case)
                    .into_iter()
                    .map(|what| format!("{name}: {}: {what}", case.name)),
            );
        }
    }
    assert!(read >= 50, "{read} cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(case: &Case) -> Vec<String> {
    let now = "2026-05-04T08:00:00Z".parse().unwrap();
    let url = case
        .url
        .clone()
        .unwrap_or("https://www.paper.example/a/ferry.html".to_owned());
    let page = Page {
        requested: url.clone(),
        url,
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
        body: case.html.replace("{PROSE}", PROSE).into_bytes(),
        fetched_at: now,
    };
    let context = Context {
        zone: "UTC",
        fetched_at: Some(now),
        lang: None,
    };
    let got = draft(&page, None, &context);
    let mut wrong = Vec::new();
    let mut text = |what: &str, wanted: &Option<String>, found: Option<String>| {
        if let Some(wanted) = wanted
            && found.as_deref().unwrap_or_default() != wanted
        {
            wrong.push(format!("{what}: {found:?}"));
        }
    };
    text("title", &case.title, got.title);
    text("text", &case.text, Some(got.text));
    text("kind", &case.kind, got.kind.map(|kind| kind.as_str().to_owned()));
    text("credit", &case.credit, got.credit);
    text("standfirst", &case.standfirst, got.standfirst);
    text("section", &case.section, got.section);
    text("canonical", &case.canonical, got.canonical);
    if case.authors.as_ref().is_some_and(|wanted| *wanted != got.authors) {
        wrong.push(format!("authors: {:?}", got.authors));
    }
    if case.access.is_some_and(|wanted| wanted != got.text_access) {
        wrong.push(format!("access: {:?}", got.text_access));
    }
    if case.comments.is_some_and(|wanted| wanted != got.comments.state)
        || case.count.is_some_and(|n| Some(n) != got.comments.count)
    {
        wrong.push(format!("comments: {:?}", got.comments));
    }
    let alternates: Vec<String> = got
        .alternates
        .iter()
        .map(|other| format!("{} {}", other.lang.as_deref().unwrap_or(other.kind.as_str()), other.url))
        .collect();
    if case.alternates.as_ref().is_some_and(|wanted| *wanted != alternates) {
        wrong.push(format!("alternates: {alternates:?}"));
    }
    wrong
}
