//! A page of any bytes to a draft, and on to an article.

use std::sync::OnceLock;

use vigie::extract::{Context, draft};
use vigie::identify::{PageFacts, article};
use vigie::model::source::Rules;
use vigie::model::{Draft, Page, Source};

use super::{knob, now, sound, web_address, zone};

const URLS: [&str; 4] = [
    "https://courrier.example/culture/2009/12/17/phare_1204.html",
    "http://news.dongan.example/s/2009-12-17/0530100.html",
    "https://haean.kr/view/1",
    "nonsense",
];

pub fn page(data: &[u8]) {
    let (body, knob) = knob(data);
    let url = URLS[usize::from(knob) % URLS.len()];
    let content_type = [
        "text/html",
        "text/html; charset=gb2312",
        "text/html; charset=ISO-8859-1",
        "",
        "x/é;charset=\"u",
    ];
    let page = Page {
        requested: url.to_owned(),
        url: url.to_owned(),
        status: 200,
        headers: vec![(
            "content-type".to_owned(),
            content_type[usize::from(knob / 4) % content_type.len()].to_owned(),
        )],
        body: body.to_vec(),
        fetched_at: now(),
    };
    let rules = (knob % 7 == 6).then(rules);
    let context = Context {
        zone: zone(knob / 8),
        fetched_at: Some(now()),
        lang: [None, Some("fr"), Some("zh-Hans")][usize::from(knob) % 3],
    };
    let found = draft(&page, rules, &context);
    check(&found, body.len());
    // Maps are seeded anew each time, so a run of the same bytes shows an order that somebody forgot to fix.
    if knob % 8 == 1 {
        assert_eq!(draft(&page, rules, &context), found, "read twice, found otherwise");
    }
    let facts = PageFacts {
        url: url.to_owned(),
        requested: url.to_owned(),
        seen_at: now(),
    };
    if let Some(article) = article(&found, &facts, source(), None) {
        web_address(&article.url);
        assert!(article.id.starts_with("i:") && article.id.len() == 18, "{}", article.id);
        assert!(
            article.lang.as_deref().is_none_or(|lang| (2..=3).contains(&lang.len())),
            "{:?}",
            article.lang
        );
        assert!(!(article.title.is_empty() && article.text.is_empty()));
    }
}

fn check(found: &Draft, bytes: usize) {
    // A byte of a legacy charset is at most three of UTF-8 (U+FFFD). What stands in a page may be told once more in
    // a field of its own, but nothing is repeated without end.
    let most = bytes * 3 + 64;
    for (what, text) in [
        ("text", Some(&found.text)),
        ("title", found.title.as_ref()),
        ("standfirst", found.standfirst.as_ref()),
        ("section", found.section.as_ref()),
        ("credit", found.credit.as_ref()),
    ] {
        let Some(text) = text else { continue };
        assert!(text.len() <= most, "{what}: {} bytes out of {bytes}", text.len());
        assert_eq!(text.trim(), text, "{what} begins or ends with space");
        assert!(what == "text" || !text.is_empty(), "{what} is there and empty");
        assert!(
            what == "text" || !text.contains('\n'),
            "{what} is more than a line: {text:?}"
        );
    }
    assert!(!found.text.contains("\n\n\n"), "an empty paragraph: {:?}", found.text);
    assert!(found.authors.iter().map(String::len).sum::<usize>() <= most);
    for author in &found.authors {
        assert!(!author.trim().is_empty() && !author.contains('\n'), "{author:?}");
    }
    for claim in found.published.iter().chain(&found.modified) {
        sound(claim);
        // Nothing is published more than a day after it was seen: a day's grace for zones.
        assert!(
            claim.interval.min.as_second() <= now().as_second() + 86_400,
            "{claim:?}"
        );
    }
    for address in found
        .canonical
        .iter()
        .chain(found.alternates.iter().map(|twin| &twin.url))
    {
        web_address(address);
    }
    assert!(!found.charset.is_empty());
}

fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| Rules {
        title: Some("h1, .t".to_owned()),
        body: Some("div, .b p".to_owned()),
        author: Some(".a, a".to_owned()),
        date: Some("time, .d, p".to_owned()),
        comments_closed: Some(".c".to_owned()),
        drop: vec![".x".to_owned(), "b".to_owned()],
        ..Rules::default()
    })
}

fn source() -> &'static Source {
    static SOURCE: OnceLock<Source> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let written = "[crawler]\ncontact = \"https://vigie.example/\"\n[[source]]\nid = \"courrier\"\nname = \"Le Courrier\"\nhome = \"https://courrier.example/\"\n\
            country = \"FR\"\nlang = \"fr\"\nownership = \"private\"\nkind = \"press\"\ntimezone = \"Europe/Paris\"\n\
            feeds = [\"https://courrier.example/une.xml\"]\n";
        let file = vigie::config::sources::parse("sources.toml", written);
        file.unwrap_or_else(|errors| panic!("{errors}")).sources.swap_remove(0)
    })
}
