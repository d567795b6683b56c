//! Pages with invented text in the skeletons that newspapers use (`tests/pages/*.html`), what must be read off each
//! (`*.toml`), and what must hold of any bytes at all.

use std::path::Path;

use jiff::Timestamp;
use proptest::prelude::*;
use serde::Deserialize;
use vigie::extract::{Context, draft};
use vigie::model::source::Rules;
use vigie::model::{CommentState, DateEvidence, Draft, ItemKind, Page, TextAccess};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    url: String,
    zone: String,
    fetched_at: Option<Timestamp>,
    title: Option<String>,
    published: Option<String>,
    evidence: Option<DateEvidence>,
    lang: Option<String>,
    charset: Option<String>,
    authors: Option<Vec<String>>,
    section: Option<String>,
    credit: Option<String>,
    kind: Option<ItemKind>,
    access: Option<TextAccess>,
    comments: CommentState,
    comment_count: Option<u32>,
    canonical: Option<String>,
    reservations: Option<Vec<String>>,
    has: Vec<String>,
    lacks: Vec<String>,
}

fn page(url: &str, body: Vec<u8>, fetched_at: Option<Timestamp>) -> Page {
    Page {
        requested: url.to_owned(),
        url: url.to_owned(),
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body,
        fetched_at: fetched_at.unwrap_or("2009-12-18T00:00:00Z".parse().unwrap()),
    }
}

fn read(page: &Page, zone: &str, rules: Option<&Rules>) -> Draft {
    draft(
        page,
        rules,
        &Context {
            zone,
            fetched_at: Some(page.fetched_at),
            lang: None,
        },
    )
}

fn of(html: &str) -> Draft {
    read(
        &page("https://paper.example/a", html.as_bytes().to_vec(), None),
        "Europe/Paris",
        None,
    )
}

#[test]
fn every_page_is_read_as_its_table_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut wrong = Vec::new();
    let mut pages = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        pages += 1;
        let table = std::fs::read_to_string(path.with_extension("toml")).unwrap();
        let expected: Expected = toml::from_str(&table).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let page = page(&expected.url, std::fs::read(&path).unwrap(), expected.fetched_at);
        let got = read(&page, &expected.zone, None);
        let mut check = |what: &str, fits: bool, found: String| {
            if !fits {
                wrong.push(format!("{}: {what}: {found}", path.file_name().unwrap().display()));
            }
        };
        check(
            "title",
            expected.title.is_none() || got.title == expected.title,
            format!("{:?}", got.title),
        );
        let published = got.published.as_ref();
        check(
            "published",
            published.map(|p| p.to_published()) == expected.published,
            format!("{published:?}"),
        );
        check(
            "evidence",
            published.map(|p| p.evidence) == expected.evidence,
            format!("{published:?}"),
        );
        check(
            "lang",
            expected.lang.is_none() || got.declared_lang == expected.lang,
            format!("{:?}", got.declared_lang),
        );
        check(
            "charset",
            expected.charset.as_ref().is_none_or(|c| *c == got.charset),
            got.charset.clone(),
        );
        check(
            "authors",
            expected.authors.as_ref().is_none_or(|a| *a == got.authors),
            format!("{:?}", got.authors),
        );
        check(
            "section",
            expected.section.is_none() || got.section == expected.section,
            format!("{:?}", got.section),
        );
        check("credit", got.credit == expected.credit, format!("{:?}", got.credit));
        check("kind", got.kind == expected.kind, format!("{:?}", got.kind));
        check(
            "access",
            expected.access.is_none_or(|a| a == got.text_access),
            format!("{:?}", got.text_access),
        );
        check(
            "comments",
            got.comments.state == expected.comments,
            format!("{:?}", got.comments),
        );
        let count = expected.comment_count;
        check(
            "comment count",
            count.is_none() || got.comments.count == count,
            format!("{:?}", got.comments),
        );
        check(
            "canonical",
            expected.canonical.is_none() || got.canonical == expected.canonical,
            format!("{:?}", got.canonical),
        );
        let reservations = expected.reservations.unwrap_or_default();
        check(
            "reservations",
            got.reservations == reservations,
            format!("{:?}", got.reservations),
        );
        for words in &expected.has {
            check(
                "has",
                got.text.contains(words),
                format!("{words:?} is not in\n{}", got.text),
            );
        }
        for words in &expected.lacks {
            check(
                "lacks",
                !got.text.contains(words),
                format!("{words:?} is in\n{}", got.text),
            );
        }
    }
    assert!(pages >= 8);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_site_rule_comes_first_and_one_that_misses_is_named() {
    let html = "<h1>Le titre générique de la page</h1><h2 class=t>Le titre du site</h2>\
        <div class=comments><p class=b>Le texte que la règle désigne, bien qu’il soit dans une boîte mal nommée.</p></div>\
        <p>Un long paragraphe que la lecture générique aurait pris, avec des virgules, des points, et tout le reste.</p>";
    let rules = Rules {
        title: Some("h2.t".to_owned()),
        body: Some("p.b".to_owned()),
        author: Some(".nobody".to_owned()),
        date: Some("[[".to_owned()),
        comments_closed: Some("div.comments".to_owned()),
        ..Rules::default()
    };
    let page = page("https://paper.example/a", html.as_bytes().to_vec(), None);
    let got = read(&page, "Europe/Paris", Some(&rules));
    assert_eq!(got.title.as_deref(), Some("Le titre du site"));
    assert_eq!(
        got.text,
        "Le texte que la règle désigne, bien qu’il soit dans une boîte mal nommée."
    );
    assert_eq!(got.rule_misses, ["date", "author"]);
    assert_eq!(got.comments.state, CommentState::Closed);
}

#[test]
fn a_date_after_the_page_was_fetched_is_not_believed() {
    let head = "<meta property='article:published_time' content='2011-01-01T08:00:00Z'>";
    assert_eq!(of(head).published, None);
    let both = format!("{head}<h1>Un titre assez long</h1><time datetime='2009-12-17T08:00:00Z'></time>");
    assert_eq!(of(&both).published.unwrap().evidence, DateEvidence::Markup);
}

#[test]
fn a_day_gives_way_to_the_minute_within_it() {
    let html = "<meta property='article:published_time' content=2009-12-17><h1>Le phare de Kerlaz rouvre</h1>\
        <p>Publié le 17 décembre 2009 à 7h30</p>";
    let published = of(html).published.unwrap();
    assert_eq!(
        (published.evidence, published.to_published().as_str()),
        (DateEvidence::PageText, "2009-12-17T06:30:00Z")
    );
    let other = html.replace("17 décembre", "18 décembre");
    assert_eq!(of(&other).published.unwrap().evidence, DateEvidence::Meta);
}

#[test]
fn hostile_nesting_ends_soon() {
    for part in [
        "<div>",
        "<b>",
        "<table><tr><td>",
        "<a x=1>",
        "<div></p>",
        "<p><b x=1><i>",
        "<svg><g>",
    ] {
        of(&part.repeat(200_000));
    }
    of(&format!("<p {}>", "a".repeat(3_000_000)));
    of(&format!(
        "<script type=application/ld+json>{}</script>",
        "{\"@graph\":[".repeat(200_000)
    ));
}

/// Everything that stands in the page as text once markup is read, and in its scripts: nothing else may come out.
fn words_of(html: &str) -> std::collections::HashSet<String> {
    let parsed = scraper::Html::parse_document(html);
    let mut all = String::new();
    for node in parsed.tree.nodes() {
        match node.value() {
            scraper::Node::Text(text) => all.push_str(text),
            scraper::Node::Element(element) => all.extend(element.attrs().map(|(_, value)| format!(" {value} "))),
            _ => continue,
        }
        // Words may be cut by inline tags; both readings are the page's.
        all.push('\u{1}');
    }
    let joined = all.replace('\u{1}', "");
    let apart = all.replace('\u{1}', " ");
    [joined, apart]
        .iter()
        .flat_map(|text| text.split_whitespace())
        .map(str::to_owned)
        .collect()
}

fn fragment() -> impl Strategy<Value = String> {
    let word = "[a-zéè]{2,9}|[一-三]{2,6}|[.,。，]";
    let text = proptest::collection::vec(word, 1..30).prop_map(|words| format!(" {} ", words.join(" ")));
    let tag = prop_oneof![
        Just("p"),
        Just("div"),
        Just("h1"),
        Just("li"),
        Just("a"),
        Just("article"),
        Just("b"),
        Just("table"),
        Just("td"),
        Just("blockquote"),
        Just("aside"),
        Just("textarea"),
        Just("br"),
        Just("span"),
        Just("form"),
        Just("title"),
    ];
    let class = prop_oneof![
        Just(""),
        Just(" class=comments"),
        Just(" class=article-content"),
        Just(" class=related")
    ];
    (tag, class, text, any::<bool>()).prop_map(|(tag, class, text, close)| {
        format!(
            "<{tag}{class}>{text}{}",
            if close { format!("</{tag}>") } else { String::new() }
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        read(&page("https://paper.example/2009/12/é", bytes, None), "Europe/Paris", None);
    }

    #[test]
    fn no_word_is_made_up(parts in proptest::collection::vec(fragment(), 1..30)) {
        let html = parts.concat();
        let got = of(&html);
        let words = words_of(&html);
        for word in got.text.split_whitespace().chain(got.title.iter().flat_map(|title| title.split_whitespace())) {
            prop_assert!(words.contains(word), "{word:?} is not in {html}");
        }
        prop_assert_eq!(of(&html), got);
    }
}
