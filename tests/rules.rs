//! The site rules that are shipped, each on a page with invented text in the skeleton of its outlet
//! (`tests/pages/rules/*.html`), and what must be read off it (`*.toml`): by the rules exactly, without them still sanely.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use scraper::{Html, Selector};
use serde::Deserialize;
use vigie::config::builtin;
use vigie::extract::{Context, draft, draft_of};
use vigie::model::source::{RulePart, Rules};
use vigie::model::{CommentState, DateEvidence, Draft, Page, Source, TextAccess};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// Sources of the shipped `sources.toml` that have just these rules.
    sources: Vec<String>,
    /// Which of their blocks, from 1.
    rule: usize,
    url: String,
    fetched_at: Timestamp,
    title: String,
    /// As far as it is written: a day, or a minute of it. Absent: whatever is found.
    published: Option<String>,
    evidence: Option<DateEvidence>,
    standfirst: Option<String>,
    /// Absent: whatever is found; rules with an `author` must say.
    authors: Option<Vec<String>>,
    section: Option<String>,
    access: TextAccess,
    comments: CommentState,
    comment_count: Option<u32>,
    /// Parts that this page does not have.
    #[serde(default)]
    misses: Vec<String>,
    /// The paragraphs, all of them.
    text: Vec<String>,
    /// How generic extraction does when the rules are taken away; `why` says what keeps it from more.
    #[serde(default)]
    generic: Generic,
    #[serde(default = "most")]
    generic_share: f64,
    #[serde(default = "yes")]
    generic_title: bool,
    why: Option<String>,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Generic {
    #[default]
    Reads,
    /// The text is where only the rules can find it.
    Nothing,
}

/// Share of the text's words that must be had without rules, and of the words had that must be the text's: two
/// paragraphs of three.
fn most() -> f64 {
    0.6
}

fn yes() -> bool {
    true
}

struct Case {
    name: String,
    expected: Expected,
    page: Page,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/rules")
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let table = fs::read_to_string(path.with_extension("toml")).unwrap();
        let expected: Expected = toml::from_str(&table).unwrap_or_else(|error| panic!("{name}: {error}"));
        let page = Page {
            requested: expected.url.clone(),
            url: expected.url.clone(),
            status: 200,
            headers: vec![("content-type".to_owned(), "text/html".to_owned())],
            body: fs::read(&path).unwrap(),
            fetched_at: expected.fetched_at,
        };
        cases.push(Case { name, expected, page });
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn shipped() -> BTreeMap<String, Source> {
    let config = builtin::config().unwrap_or_else(|errors| panic!("{errors}"));
    let sources = config.sources.iter();
    sources.map(|source| (source.id.clone(), source.clone())).collect()
}

fn context<'a>(source: &'a Source, page: &Page) -> Context<'a> {
    Context {
        zone: &source.timezone,
        fetched_at: Some(page.fetched_at),
        lang: Some(&source.lang),
    }
}

/// What tells one block of rules from another: its days and its evidence do not.
fn selectors(rules: &Rules) -> Rules {
    Rules {
        from: None,
        until: None,
        see: None,
        ..rules.clone()
    }
}

fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn differences(expected: &Expected, got: &Draft) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |what: &str, fits: bool, found: String| {
        if !fits {
            wrong.push(format!("{what}: {found}"));
        }
    };
    let fit = got.rule.as_ref();
    check(
        "rule",
        fit.map(|fit| fit.rule + 1) == Some(expected.rule),
        format!("{fit:?}"),
    );
    check(
        "misses",
        got.rule_misses == expected.misses,
        format!("{:?}", got.rule_misses),
    );
    check(
        "title",
        got.title.as_ref() == Some(&expected.title),
        format!("{:?}", got.title),
    );
    let text: Vec<&str> = got.text.split("\n\n").collect();
    check("text", text == expected.text, format!("{text:#?}"));
    let published = got.published.as_ref();
    check(
        "published",
        expected.published.as_ref().is_none_or(|day| {
            let got = published.map(|claim| claim.to_published()).unwrap_or_default();
            got.starts_with(day.as_str())
        }),
        format!("{published:?}"),
    );
    check(
        "evidence",
        expected.evidence.is_none() || published.map(|claim| claim.evidence) == expected.evidence,
        format!("{published:?}"),
    );
    check(
        "standfirst",
        expected.standfirst.is_none() || got.standfirst == expected.standfirst,
        format!("{:?}", got.standfirst),
    );
    check(
        "authors",
        expected.authors.as_ref().is_none_or(|authors| *authors == got.authors),
        format!("{:?}", got.authors),
    );
    check(
        "section",
        expected.section.is_none() || got.section == expected.section,
        format!("{:?}", got.section),
    );
    check(
        "access",
        got.text_access == expected.access,
        format!("{:?}", got.text_access),
    );
    check(
        "comments",
        got.comments.state == expected.comments,
        format!("{:?}", got.comments),
    );
    check(
        "comment count",
        expected.comment_count.is_none() || got.comments.count == expected.comment_count,
        format!("{:?}", got.comments),
    );
    wrong
}

#[test]
fn each_page_is_read_exactly_by_the_rules_of_its_source() {
    let sources = shipped();
    let mut wrong = Vec::new();
    for case in cases() {
        for id in &case.expected.sources {
            let source = sources
                .get(id)
                .unwrap_or_else(|| panic!("{}: no source {id}", case.name));
            let got = draft_of(&case.page, &source.rules, &context(source, &case.page));
            let found = differences(&case.expected, &got);
            wrong.extend(found.iter().map(|line| format!("{} ({id}): {line}", case.name)));
        }
    }
    none(&wrong);
}

/// Words, and each Han character or Hangul syllable, with their number.
fn words(text: &str) -> BTreeMap<String, usize> {
    let mut words = BTreeMap::new();
    let wide = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c) || ('\u{ac00}'..='\u{d7af}').contains(&c);
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if word.chars().any(wide) {
            word.chars().for_each(|c| *words.entry(c.to_string()).or_default() += 1);
        } else {
            *words.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    words
}

/// How much of `of` is in `among`.
fn share(of: &str, among: &str) -> f64 {
    let (of, among) = (words(of), words(among));
    let all: usize = of.values().sum();
    let had: usize = of.iter().map(|(word, n)| *n.min(among.get(word).unwrap_or(&0))).sum();
    had as f64 / all.max(1) as f64
}

#[test]
fn without_its_rules_a_page_is_still_read() {
    let sources = shipped();
    let mut wrong = Vec::new();
    let (mut read, mut nothing) = (0, 0);
    for case in cases() {
        let source = &sources[&case.expected.sources[0]];
        let got = draft(&case.page, None, &context(source, &case.page));
        let expected = &case.expected;
        let whole = expected.text.join("\n");
        let (recall, precision) = (share(&whole, &got.text), share(&got.text, &whole));
        if expected.generic == Generic::Nothing || !expected.generic_title || expected.generic_share < most() {
            // An exception must be one, and say why.
            if expected.why.is_none() {
                wrong.push(format!("{}: no `why`", case.name));
            }
        }
        if expected.generic == Generic::Nothing {
            nothing += 1;
            continue;
        }
        read += 1;
        if recall < expected.generic_share || precision < expected.generic_share {
            wrong.push(format!(
                "{}: recall {recall:.2}, precision {precision:.2}:\n{}",
                case.name, got.text
            ));
        }
        if expected.generic_title && got.title.as_ref() != Some(&expected.title) {
            wrong.push(format!("{}: title {:?}", case.name, got.title));
        }
    }
    assert!(
        read > 10 * nothing,
        "{read} pages are read without rules, {nothing} are not"
    );
    none(&wrong);
}

/// Is this page one for that block of that source?
fn tests(case: &Case, source: &str, n: usize) -> bool {
    case.expected.rule == n + 1 && case.expected.sources.iter().any(|id| id == source)
}

/// The selectors of a list: `a, b > c` has two. Commas within brackets and quotation marks do not count.
fn alternatives(list: &str) -> Vec<String> {
    let (mut depth, mut quote, mut parts) = (0i32, None, vec![String::new()]);
    for c in list.chars() {
        match (quote, c) {
            (Some(mark), _) if c == mark => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

#[test]
fn lists_are_taken_apart_at_their_own_commas() {
    assert_eq!(alternatives("a, b > c"), ["a", "b > c"]);
    assert_eq!(alternatives("p:is(a, b)[x=\",\"],q"), ["p:is(a, b)[x=\",\"]", "q"]);
}

/// Every selector of some rules, with its key.
fn all(rules: &Rules) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let mut add = |key: &'static str, list: Option<&str>| {
        let parts = list.into_iter().flat_map(alternatives);
        all.extend(parts.map(|part| (key, part)));
    };
    for part in [
        RulePart::Title,
        RulePart::Body,
        RulePart::Standfirst,
        RulePart::Date,
        RulePart::Author,
        RulePart::Section,
    ] {
        add(part.as_str(), rules.selector(part));
    }
    rules.drop.iter().for_each(|css| add("drop", Some(css)));
    add("comments_open", rules.comments_open.as_deref());
    add("comments_closed", rules.comments_closed.as_deref());
    add("comments_count", rules.comments_count.as_deref());
    all
}

#[test]
fn every_selector_that_is_shipped_matches_on_some_page() {
    let sources = shipped();
    let parsed: Vec<(Case, Html)> = cases()
        .into_iter()
        .map(|case| {
            let text = String::from_utf8_lossy(&case.page.body).into_owned();
            (case, Html::parse_document(&text))
        })
        .collect();
    let mut missing = Vec::new();
    let mut selectors_tried = HashSet::new();
    let mut said = BTreeSet::new();
    for (id, source) in &sources {
        for (n, rules) in source.rules.iter().enumerate() {
            let pages: Vec<&Html> = parsed
                .iter()
                .filter(|(case, _)| {
                    let tested = &sources[&case.expected.sources[0]].rules[case.expected.rule - 1];
                    selectors(tested) == selectors(rules)
                })
                .map(|(_, html)| html)
                .collect();
            if pages.is_empty() {
                missing.push(format!("{id}, rules {}: no page in tests/pages/rules", n + 1));
                continue;
            }
            let unsigned = |case: &Case| case.expected.authors.is_none();
            if rules.author.is_some() && parsed.iter().any(|(case, _)| unsigned(case) && tests(case, id, n)) {
                missing.push(format!("{id}, rules {}: a page without `authors`", n + 1));
            }
            for (key, css) in all(rules) {
                let selector = Selector::parse(&css).unwrap_or_else(|error| panic!("{id}: {css}: {error}"));
                selectors_tried.insert(css.clone());
                if pages.iter().all(|html| html.select(&selector).next().is_none()) {
                    missing.push(format!("{id}, rules {}: {key} `{css}` matches on no page", n + 1));
                }
            }
            if rules.see.is_none() {
                said.insert(format!("{id}, rules {}: no `see`", n + 1));
            }
        }
    }
    assert!(selectors_tried.len() > 100, "{}", selectors_tried.len());
    missing.extend(said);
    none(&missing);
}

#[test]
fn sources_named_by_a_page_have_the_same_rules() {
    let sources = shipped();
    let mut wrong = Vec::new();
    for case in cases() {
        let rules = |id: &String| sources[id].rules.get(case.expected.rule - 1).map(selectors);
        let first = rules(&case.expected.sources[0]);
        for id in &case.expected.sources {
            if rules(id).is_none() || rules(id) != first {
                wrong.push(format!("{}: {id}", case.name));
            }
        }
    }
    none(&wrong);
}

/// The text of the one fenced block of that kind that has `word` in it.
fn sample(page: &str, kind: &str, word: &str) -> String {
    let opening = format!("\n```{kind}\n");
    let found: Vec<&str> = page
        .split(&opening)
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next())
        .filter(|text| text.contains(word))
        .collect();
    assert_eq!(found.len(), 1, "{kind}");
    found[0].to_owned()
}

#[test]
fn the_samples_of_the_page_on_adding_a_source_hold() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/adding-a-source.md")).unwrap();
    let declared = format!(
        "[crawler]\ncontact = \"https://vigie.example/tests\"\n{}",
        sample(&page, "toml", "[[source.rules]]")
    );
    let file = vigie::config::sources::parse("sources.toml", &declared).unwrap_or_else(|errors| panic!("{errors}"));
    let expected: Expected = toml::from_str(&sample(&page, "toml tests/pages/rules", "rule = ")).unwrap();
    let saved = Page {
        requested: expected.url.clone(),
        url: expected.url.clone(),
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
        body: sample(&page, "html tests/pages/rules", "<body>").into_bytes(),
        fetched_at: expected.fetched_at,
    };
    let source = &file.sources[0];
    assert!(expected.sources.iter().eq([&source.id]));
    let got = draft_of(&saved, &source.rules, &context(source, &saved));
    none(&differences(&expected, &got));
}
