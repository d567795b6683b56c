//! What `article` makes of a page and its listing.

use std::time::Duration;

use super::*;
use crate::model::source::{Ownership, PagePolicy, Schedule};
use crate::model::{DateEvidence, Interval, Length, LengthUnit};

fn source() -> Source {
    Source {
        id: "gazette-fr".to_owned(),
        name: "La Gazette du port".to_owned(),
        edition: None,
        home: "https://www.gazette.example/".to_owned(),
        country: "FR".to_owned(),
        lang: "fr".to_owned(),
        ownership: Ownership::Private,
        kind: SourceKind::Press,
        groups: Vec::new(),
        timezone: "Europe/Paris".to_owned(),
        hosts: Vec::new(),
        listings: Vec::new(),
        rules: Vec::new(),
        identity_query: vec!["Seq_Code".to_owned()],
        schedule: Schedule::Every(Duration::from_secs(86_400)),
        delay: Duration::from_secs(5),
        max_pages: 200,
        pages: PagePolicy::Fetch,
        reservations: Default::default(),
        proxy: None,
        enabled: true,
        reason: None,
        obstacles: Vec::new(),
        provisional: false,
    }
}

fn facts(url: &str) -> PageFacts {
    PageFacts {
        url: url.to_owned(),
        requested: url.to_owned(),
        seen_at: Timestamp::UNIX_EPOCH,
    }
}

fn claim(min: &str, max: &str, precision: Precision, evidence: DateEvidence) -> DateClaim {
    DateClaim {
        interval: Interval {
            min: min.parse().unwrap(),
            max: max.parse().unwrap(),
        },
        precision,
        evidence,
        zone: "UTC".to_owned(),
        zone_assumed: false,
        raw: String::new(),
    }
}

const PAGE: &str = "https://www.gazette.example/port/rouvert.html";

fn draft() -> Draft {
    Draft {
        title: Some(" Le port rouvre ".to_owned()),
        text: "Le maire a rouvert le port lundi.\n\nLa délégation a visité les quais.".to_owned(),
        text_access: TextAccess::Full,
        ..Draft::default()
    }
}

#[test]
fn a_page_alone() {
    let article = article(&draft(), &facts(PAGE), &source(), None).unwrap();
    assert_eq!(article.id, article_id("gazette-fr", PAGE));
    assert_eq!(article.id.len(), 18);
    assert_eq!(article.title, "Le port rouvre");
    assert_eq!(article.lang.as_deref(), Some("fr"));
    assert_eq!(
        article.length,
        Length {
            n: 13,
            unit: LengthUnit::Words
        }
    );
    assert_eq!(
        (article.kind, article.text_access),
        (ItemKind::Article, TextAccess::Full)
    );
    assert_eq!(
        (article.published, article.standfirst, article.script),
        (None, None, None)
    );
}

#[test]
fn one_article_under_either_scheme_and_host() {
    let plain = "http://gazette.example/port/rouvert.html/";
    assert_eq!(article_id("gazette-fr", PAGE), article_id("gazette-fr", plain));
    assert_ne!(article_id("gazette-fr", PAGE), article_id("gazette-en", PAGE));
}

#[test]
fn the_listing_fills_what_the_page_lacks() {
    let link = Link {
        url: PAGE.to_owned(),
        title: Some("Le port a rouvert".to_owned()),
        teaser: Some("Après des travaux, les quais accueillent de nouveau des bateaux.".to_owned()),
        text: Some("Le texte entier du flux, que la page ne montre qu'en partie.".to_owned()),
        authors: vec!["Anne Onyme".to_owned()],
        section: Some("Port".to_owned()),
        ..Link::default()
    };
    let shown = article(&draft(), &facts(PAGE), &source(), Some(&link)).unwrap();
    assert_eq!(shown.title, "Le port rouvre");
    assert_eq!(shown.standfirst, link.teaser);
    assert_eq!(shown.authors, link.authors);
    assert_eq!(shown.section, link.section);
    assert!(shown.text.starts_with("Le maire"));

    let walled = Draft {
        text: "Le maire…".to_owned(),
        text_access: TextAccess::Teaser,
        ..draft()
    };
    let shown = article(&walled, &facts(PAGE), &source(), Some(&link)).unwrap();
    assert_eq!(
        (Some(shown.text), shown.text_access),
        (link.text.clone(), TextAccess::Full)
    );
}

#[test]
fn how_much_of_the_text_we_hold() {
    let empty = Draft {
        title: Some("Le port rouvre".to_owned()),
        ..Draft::default()
    };
    let with_teaser = Link {
        teaser: Some("Les quais sont ouverts.".to_owned()),
        ..Link::default()
    };
    let echo = Link {
        teaser: Some("LE PORT ROUVRE".to_owned()),
        ..Link::default()
    };
    let blocked = Draft {
        text_access: TextAccess::Blocked,
        ..empty.clone()
    };
    let access = |draft: &Draft, link: &Link| article(draft, &facts(PAGE), &source(), Some(link)).unwrap().text_access;
    assert_eq!(access(&empty, &with_teaser), TextAccess::Teaser);
    assert_eq!(access(&empty, &echo), TextAccess::HeadlineOnly);
    assert_eq!(access(&blocked, &echo), TextAccess::Blocked);
    assert_eq!(access(&blocked, &with_teaser), TextAccess::Teaser);
    let unsaid = Draft {
        text_access: TextAccess::HeadlineOnly,
        ..draft()
    };
    assert_eq!(access(&unsaid, &echo), TextAccess::Full);
}

#[test]
fn nothing_readable_is_no_article() {
    assert_eq!(article(&Draft::default(), &facts(PAGE), &source(), None), None);
    let blank = Draft {
        title: Some(" \n".to_owned()),
        text: "\t".to_owned(),
        ..Draft::default()
    };
    assert_eq!(article(&blank, &facts(PAGE), &source(), Some(&Link::default())), None);
    assert_eq!(
        article(&draft(), &facts("mailto:desk@gazette.example"), &source(), None),
        None
    );
}

#[test]
fn a_claimed_address_is_believed_only_where_it_can_be_this_article() {
    let address = |claimed: &str, answered: &str| {
        let draft = Draft {
            canonical: Some(claimed.to_owned()),
            ..draft()
        };
        article(&draft, &facts(answered), &source(), None).unwrap().url
    };
    let tracked = "https://m.gazette.example/port/rouvert.html?id=7&utm_source=flux";
    assert_eq!(address(PAGE, tracked), PAGE);
    let answered = "https://m.gazette.example/port/rouvert.html?id=7";
    assert_eq!(
        address("https://www.gazette.example/", tracked),
        answered,
        "the home page"
    );
    assert_eq!(
        address("https://www.gazette.example", tracked),
        answered,
        "the home page"
    );
    assert_eq!(
        address("https://agency.example/wire/1", tracked),
        answered,
        "another site"
    );
    assert_eq!(address("not an address", tracked), answered);
    let with_id = "https://www.gazette.example/view.htm?Seq_Code=12";
    assert_eq!(
        address("https://www.gazette.example/view.htm", with_id),
        with_id,
        "the id is lost"
    );
}

#[test]
fn the_stronger_date_unless_the_finer_one_lies_within_it() {
    let day = |evidence| claim("2009-12-15T00:00:00Z", "2009-12-16T00:00:00Z", Precision::Day, evidence);
    let hour = |evidence| {
        claim(
            "2009-12-15T09:30:00Z",
            "2009-12-15T09:31:00Z",
            Precision::Minute,
            evidence,
        )
    };
    let next_day = claim(
        "2009-12-16T09:30:00Z",
        "2009-12-16T09:31:00Z",
        Precision::Minute,
        DateEvidence::Feed,
    );
    use DateEvidence::{Feed, JsonLd, Url};
    let cases = [
        (Some(hour(JsonLd)), Some(hour(Feed)), hour(JsonLd)),
        (Some(day(Url)), Some(hour(Feed)), hour(Feed)),
        (Some(day(JsonLd)), Some(hour(Feed)), hour(Feed)),
        (Some(day(JsonLd)), Some(next_day.clone()), day(JsonLd)),
        (Some(hour(Url)), Some(day(Feed)), hour(Url)),
        (None, Some(day(Feed)), day(Feed)),
        (Some(day(Url)), None, day(Url)),
    ];
    for (page, listing, better) in cases {
        assert_eq!(better_claim(page.as_ref(), listing.as_ref()), Some(better));
    }
    assert_eq!(better_claim(None, None), None);
}

#[test]
fn a_link_alone() {
    let link = Link {
        url: "https://www.gazette.example/a?utm_medium=rss#top".to_owned(),
        title: Some("Le port rouvre".to_owned()),
        teaser: Some("Les quais sont ouverts depuis lundi matin.".to_owned()),
        published: Some(claim(
            "2009-12-15T09:30:00Z",
            "2009-12-15T09:31:00Z",
            Precision::Minute,
            DateEvidence::Feed,
        )),
        ..Link::default()
    };
    let article = from_link(&link, &source(), Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(article.url, "https://www.gazette.example/a");
    assert_eq!(
        (article.text_access, article.simhash, article.text.as_str()),
        (TextAccess::Teaser, 0, "")
    );
    assert_eq!(
        (article.published, article.lang.as_deref()),
        (link.published.clone(), Some("fr"))
    );
    assert_eq!(
        from_link(&Link { title: None, ..link }, &source(), Timestamp::UNIX_EPOCH),
        None
    );
}

#[test]
fn the_page_is_asked_where_the_source_cannot_say() {
    let draft = Draft {
        title: Some("Vivre".to_owned()),
        declared_lang: Some("fr".to_owned()),
        ..Draft::default()
    };
    let korean = Source {
        lang: "ko".to_owned(),
        ..source()
    };
    assert_eq!(
        article(&draft, &facts(PAGE), &korean, None).unwrap().lang.as_deref(),
        Some("fr")
    );
}
