//! Conditions: full text, filters, and what NOT means.

use super::super::search::Way;
use super::super::{Cell, Export, Order};
use super::*;
use crate::model::TopicTag;
use crate::model::query::{Condition, Filter, Needle, Rule, State, Test};

use Condition::{All, Any, Everything, Filter as Where, Match, Not};

/// Five articles of three sources; Chinese and Korean as overlapping bigrams with the last character alone.
fn shelf() -> Desk {
    let mut desk = Desk::open();
    let mut sources = ["gazette", "courier", "ribao"].map(super::observed::source);
    sources[1].country = "GB".into();
    sources[1].groups.clear();
    sources[2].country = "CN".into();
    desk.batch(|tx| tx.mirror_sources(&sources));
    let rows = [
        (
            "a1",
            "gazette",
            "en",
            None,
            "harbour closed",
            "the harbour of the town is closed",
            Some(0),
            5,
        ),
        (
            "a2",
            "courier",
            "en",
            None,
            "a town council",
            "nothing about ships",
            Some(24),
            30,
        ),
        (
            "a3",
            "courier",
            "fr",
            None,
            "le port ferme",
            "le harbour anglais",
            None,
            50,
        ),
        (
            "a4",
            "ribao",
            "zh",
            Some("Hans"),
            "法国 国与 与朝 朝鲜 鲜",
            "同意 意加 加深 深文 文化 化合 合作 作",
            Some(48),
            49,
        ),
        (
            "a5",
            "ribao",
            "zh",
            Some("Hant"),
            "港口 口关 关闭 闭",
            "文化 化",
            Some(72),
            73,
        ),
    ];
    for (key, source, lang, script, title, text, published, seen) in rows {
        let mut article = article(key, title, text);
        article.source = source.into();
        article.lang = Some(lang.into());
        article.script = script.map(str::to_owned);
        article.published = published.map(day_claim);
        let topics = [TopicTag {
            topic: "harbours".into(),
            hits: vec![],
        }];
        let topics = if key == "a1" || key == "a5" { &topics[..] } else { &[] };
        desk.batch(|tx| {
            tx.insert_article(
                &Derived {
                    topics,
                    ..derived(&article)
                },
                hours(seen),
            )
        });
    }
    desk
}

fn ids(desk: &Desk, condition: Condition) -> String {
    let found = desk.store.search(&condition, Order::Oldest, 100).unwrap();
    assert_eq!(found.total, desk.store.count(&condition).unwrap());
    let mut ids: Vec<&str> = found.rows.iter().map(|row| &row.id[2..]).collect();
    ids.sort_unstable();
    ids.join(" ")
}

fn word(text: &str) -> Condition {
    Match(format!("\"{text}\""))
}

#[test]
fn words_phrases_prefixes_and_fields() {
    let desk = shelf();
    for (condition, expected) in [
        (Everything, "a1 a2 a3 a4 a5"),
        (word("harbour"), "a1 a3"),
        (word("town is closed"), "a1"),
        (Match("title : \"harbour\"".into()), "a1"),
        (Match("\"harb\" *".into()), "a1 a3"),
        // 朝鲜 is one bigram; 文化合作 is a phrase of three; a single character is the prefix of its bigrams.
        (word("朝鲜"), "a4"),
        (word("文化 化合 合作"), "a4"),
        (word("文化"), "a4 a5"),
        (Match("\"鲜\" *".into()), "a4"),
        (word("鲜法"), ""),
    ] {
        assert_eq!(ids(&desk, condition.clone()), expected, "{condition:?}");
    }
}

/// Both words, so many words apart at most.
fn near(left: &str, right: &str, within: u32) -> Condition {
    let needle = |text: &str| Needle {
        tokens: vec![text.to_owned()],
        prefix: false,
        field: None,
        exact: None,
    };
    Condition::Holds {
        among: Box::new(Match(format!("\"{left}\" AND \"{right}\""))),
        test: Test {
            needles: vec![needle(left), needle(right)],
            rules: vec![
                Rule::Seek(vec![0]),
                Rule::Seek(vec![1]),
                Rule::Near {
                    left: 0,
                    right: 1,
                    within,
                    ordered: false,
                },
            ],
        },
    }
}

#[test]
fn what_the_index_cannot_tell_is_read_in_the_text() {
    let desk = shelf();
    for (condition, expected) in [
        (near("harbour", "town", 3), "a1"),
        (near("harbour", "town", 2), ""),
        // The title's words are not near the text's.
        (near("nothing", "town", 50), ""),
        (Any(vec![near("harbour", "town", 3), word("anglais")]), "a1 a3"),
        (
            All(vec![word("harbour"), Not(Box::new(near("harbour", "town", 3)))]),
            "a3",
        ),
        (
            All(vec![near("harbour", "town", 3), Where(Filter::Lang("fr".into()))]),
            "",
        ),
    ] {
        assert_eq!(ids(&desk, condition.clone()), expected, "{condition:?}");
    }
    let by_source = desk.store.count_by_source(&near("harbour", "town", 3)).unwrap();
    assert_eq!(by_source.get("gazette"), Some(&1));
    assert_eq!(by_source.len(), 1);
    let ranked = desk
        .store
        .search(&near("harbour", "town", 3), Order::Relevance, 1)
        .unwrap();
    assert_eq!((ranked.total, ranked.rows.len()), (1, 1));
}

#[test]
fn near_words_of_the_index() {
    let desk = shelf();
    let near = |word: &str| desk.store.near_words(word, 3).unwrap();
    assert_eq!(near("harbuor"), [("harbour".to_owned(), 2)]);
    assert!(near("harbour").is_empty() && near("abc").is_empty() && near("").is_empty());
    assert_eq!(desk.store.reach().unwrap().map(|(sources, _, _)| sources), Some(3));
    assert!(Desk::open().store.reach().unwrap().is_none());
}

#[test]
fn filters() {
    let desk = shelf();
    for (filter, expected) in [
        (Filter::Lang("fr".into()), "a3"),
        (Filter::Lang("zh".into()), "a4 a5"),
        (Filter::Lang("zh-Hant".into()), "a5"),
        (Filter::Source("courier".into()), "a2 a3"),
        (Filter::Group("harbour-watch".into()), "a1 a4 a5"),
        (Filter::Country("gb".into()), "a2 a3"),
        (Filter::Topic("harbours".into()), "a1 a5"),
        // Half-open: the claim [24 h, 48 h) does not reach 48 h. a3 claims nothing and counts as first seen, at 50 h.
        (Filter::Published(span(48, 51)), "a3 a4"),
        (Filter::Published(span(47, 48)), "a2"),
        (Filter::Published(span(51, 52)), "a4"),
        (Filter::Seen(span(30, 50)), "a2 a4"),
        (Filter::Ownership("private".into()), "a1 a2 a3 a4 a5"),
        (Filter::Ownership("state".into()), ""),
        (Filter::SourceKind("party-press".into()), "a1 a2 a3 a4 a5"),
        (Filter::Kind(ItemKind::Article), "a1 a2 a3 a4 a5"),
        (Filter::Kind(ItemKind::Wire), ""),
        (Filter::Author("WRITER".into()), "a1 a2 a3 a4 a5"),
        (Filter::Author("writ".into()), ""),
        (Filter::Url("example/a3".into()), "a3"),
        (
            Filter::Length {
                unit: LengthUnit::Words,
                min: 5,
                max: 7,
            },
            "a1",
        ),
        (Filter::Is(State::Original), "a1 a2 a3 a4 a5"),
        (Filter::Is(State::Edited), ""),
        (Filter::Is(State::Full), "a1 a2 a3 a4 a5"),
        (Filter::Is(State::CommentsClosed), ""),
    ] {
        assert_eq!(ids(&desk, Where(filter.clone())), expected, "{filter:?}");
    }
}

#[test]
fn combinations() {
    let desk = shelf();
    let lang = |tag: &str| Where(Filter::Lang(tag.into()));
    for (condition, expected) in [
        (Not(Box::new(word("harbour"))), "a2 a4 a5"),
        (Not(Box::new(lang("zh-Hans"))), "a1 a2 a3 a5"),
        (All(vec![word("harbour"), lang("en")]), "a1"),
        (Any(vec![word("council"), word("文化")]), "a2 a4 a5"),
        (
            All(vec![
                Any(vec![word("harbour"), word("文化")]),
                Not(Box::new(lang("zh"))),
            ]),
            "a1 a3",
        ),
        (
            All(vec![word("harbour"), word("anglais"), Not(Box::new(word("town")))]),
            "a3",
        ),
        (All(vec![]), "a1 a2 a3 a4 a5"),
        (Any(vec![]), ""),
    ] {
        assert_eq!(ids(&desk, condition.clone()), expected, "{condition:?}");
    }
}

#[test]
fn the_total_counts_what_the_limit_cuts() {
    let desk = shelf();
    let found = desk.store.search(&Everything, Order::Newest, 2).unwrap();
    let ids: Vec<&str> = found.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!((found.total, ids), (5, vec!["i:a5", "i:a3"]));
    assert_eq!(
        desk.store.search(&Everything, Order::Seen, 1).unwrap().rows[0].id,
        "i:a5"
    );
    let by_source = desk.store.count_by_source(&word("文化")).unwrap();
    assert_eq!(by_source, [("ribao".to_owned(), 2)].into());
}

#[test]
fn relevance_puts_a_title_before_a_body() {
    let desk = shelf();
    let wanted = All(vec![word("harbour"), Not(Box::new(word("council")))]);
    let found = desk.store.search(&wanted, Order::Relevance, 9).unwrap();
    let ids: Vec<&str> = found.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["i:a1", "i:a3"]);
}

#[test]
fn a_query_may_not_be_nested_without_end() {
    let desk = shelf();
    let mut condition = word("harbour");
    for _ in 0..500 {
        condition = Not(Box::new(condition));
    }
    assert!(matches!(desk.store.count(&condition), Err(StoreError::TooDeep(_))));
}

#[test]
fn hostile_text_is_a_value_and_never_sql() {
    let desk = shelf();
    let nasty = "x' OR 1=1; DROP TABLE article; --";
    assert_eq!(ids(&desk, Where(Filter::Source(nasty.into()))), "");
    assert!(desk.store.count(&Match("\"unbalanced".into())).is_err());
    assert_eq!(ids(&desk, Everything), "a1 a2 a3 a4 a5");
}

#[test]
fn every_exported_row_says_whose_it_is() {
    let desk = shelf();
    let rows = |export: Export| {
        let columns = desk.store.export_columns(&export).unwrap();
        for needed in [
            "source_id",
            "source_name",
            "source_language",
            "source_country",
            "source_ownership",
        ] {
            assert!(columns.iter().any(|column| column == needed), "{needed}");
        }
        let mut rows = Vec::new();
        let count = desk
            .store
            .export(&export, |cells| {
                assert_eq!(cells.len(), columns.len());
                rows.push(
                    columns
                        .iter()
                        .cloned()
                        .zip(cells.to_vec())
                        .collect::<std::collections::HashMap<_, _>>(),
                );
                Ok::<_, StoreError>(std::ops::ControlFlow::Continue(()))
            })
            .unwrap();
        assert_eq!(count, rows.len() as u64);
        rows
    };
    let articles = rows(Export::Articles(word("文化")));
    assert_eq!(articles.len(), 2);
    assert_eq!(articles[0]["id"], Cell::Text("i:a4".into()));
    assert_eq!(articles[0]["published"], Cell::Text("2009-12-16".into()));
    assert_eq!(articles[0]["published_min"], Cell::Text("2009-12-16T00:00:00Z".into()));
    assert_eq!(articles[0]["language"], Cell::Text("zh-Hans".into()));
    assert_eq!(articles[0]["authors"], Cell::List(vec!["A. Writer".into()]));
    assert_eq!(articles[0]["gone"], Cell::Unknown);
    assert_eq!(articles[1]["topics"], Cell::List(vec!["harbours".into()]));
    assert_eq!(rows(Export::Topics(Everything)).len(), 2);
    assert_eq!(rows(Export::Looks(None)).len(), 0);
}

/// Whichever way the first hits are come by, they are the same, in the same order.
#[test]
fn every_way_to_the_first_hits_gives_the_same() {
    let desk = shelf();
    for order in [
        "a.published_min DESC, a.id",
        "a.first_seen_at DESC, a.id",
        "a.published_min, a.id",
    ] {
        let first = |way| {
            let rows = desk
                .store
                .first_with_words("\"harbour\" OR \"town\"", order, 2, way)
                .unwrap();
            rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        let looked_up = first(Way::LookUp);
        assert_eq!(looked_up.len(), 2);
        assert_eq!((first(Way::Gather), first(Way::Ask)), (looked_up.clone(), looked_up));
    }
}

/// In a window only its own rows are looked up in the index: a claim as wide as a year is among them, wherever it stands.
#[test]
fn words_in_a_window_are_found_by_their_rows() {
    let mut desk = shelf();
    let mut dated = |key: &str, from: i64, to: i64| {
        let mut late = article(key, "harbour dredged", "harbour");
        late.published = Some(DateClaim {
            interval: span(from, to),
            ..day_claim(0)
        });
        desk.insert(&late, 60);
    };
    dated("year", -100, 8_600);
    dated("day", 30, 54);
    dated("later", 400, 424);
    let within = |from, to| {
        let parts = vec![word("harbour"), Where(Filter::Published(span(from, to)))];
        ids(&desk, All(parts))
    };
    assert_eq!(within(53, 58), "day year");
    assert_eq!(within(410, 420), "later year");
    assert_eq!(within(9_000, 9_001), "");
    let neither = vec![Not(Box::new(word("harbour"))), Where(Filter::Published(span(410, 420)))];
    assert_eq!(ids(&desk, All(neither)), "");
    let counted = desk
        .store
        .count_by_source(&All(vec![word("harbour"), Where(Filter::Published(span(410, 420)))]));
    assert_eq!(counted.unwrap().values().sum::<u64>(), 2);
}
