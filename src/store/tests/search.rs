//! Conditions: full text, filters, and what NOT means.

use super::super::search::{Way, Words};
use super::super::{Cell, Export, Order};
use super::*;
use crate::model::TopicTag;
use crate::model::query::{Asked, Condition, Filter, Needle, Rule, State, Test};

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
        only: None,
    };
    Condition::Holds {
        among: Box::new(Match(format!("\"{left}\" AND \"{right}\""))),
        asked: Asked::whole(Test {
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
        }),
    }
}

#[test]
fn many_words_are_found_as_one_expression_finds_them() {
    let desk = shelf();
    let words = ["\"harbour\"", "\"文化\"", "\"closed\"", "\"nowhere\""];
    let each = words.map(str::to_owned).to_vec();
    let (many, one) = (Condition::Matches(each), Match(words.join(" OR ")));
    let days = span(0, 60);
    for order in [Order::Newest, Order::Oldest, Order::Seen, Order::Relevance] {
        for (many, one) in [
            (many.clone(), one.clone()),
            (Not(Box::new(many.clone())), Not(Box::new(one.clone()))),
            (
                All(vec![many.clone(), Where(Filter::Published(days))]),
                All(vec![one.clone(), Where(Filter::Published(days))]),
            ),
        ] {
            let (many, one) = [many, one]
                .map(|condition| desk.store.search(&condition, order, 10).unwrap())
                .into();
            assert!(one.total > 0, "{order:?}");
            assert_eq!(many, one, "{order:?}");
        }
    }
}

/// Two things asked of one article may hold in two of its fields.
#[test]
fn what_is_asked_at_one_reading_holds_wherever_it_does() {
    let desk = shelf();
    let one = |rules: Vec<usize>, all: bool| {
        let needle = |text: &str| Needle {
            tokens: vec![text.to_owned()],
            prefix: false,
            field: None,
            exact: None,
            only: None,
        };
        let test = Test {
            needles: vec![needle("town"), needle("ships"), needle("nowhere")],
            rules: (0..3).map(|n| Rule::Seek(vec![n])).collect(),
        };
        ids(
            &desk,
            Condition::Holds {
                among: Box::new(word("town")),
                asked: Asked { test, rules, all },
            },
        )
    };
    assert_eq!(one(vec![0], true), "a1 a2");
    assert_eq!(one(vec![0, 1], true), "a2");
    assert_eq!(one(vec![0, 2], true), "");
    assert_eq!(one(vec![1, 2], false), "a2");
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

/// However many articles a batch has, their words are written at its end, and what replaces them as well.
#[test]
fn the_words_of_a_batch_are_one_segment() {
    let mut desk = shelf();
    let segments = "SELECT count(DISTINCT segid) FROM search_idx";
    let before = desk.one(segments);
    let (first, second) = (
        article("b1", "whale", "seen from the pier"),
        article("b2", "whales", "gone"),
    );
    let changed = article("b1", "whale", "seen from the lighthouse");
    let row = desk.batch(|tx| {
        let row = tx.insert_article(&derived(&first), hours(80))?;
        tx.insert_article(&derived(&second), hours(80))?;
        tx.add_version(row, &derived(&changed))?;
        Ok(row)
    });
    assert_eq!(desk.one(segments), before + 1);
    assert_eq!(ids(&desk, word("lighthouse")), "b1");
    assert_eq!(ids(&desk, word("pier")), "");
    assert_eq!(ids(&desk, Match("\"whale\" *".into())), "b1 b2");
    desk.batch(|tx| tx.add_version(row, &derived(&first)));
    assert_eq!(ids(&desk, word("pier")), "b1");
    assert_eq!(ids(&desk, word("lighthouse")), "");
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
        let first = |words, way| {
            let rows = desk.store.first_with_words(words, order, 2, way).unwrap();
            rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        let one = Words::One("\"harbour\" OR \"town\"");
        let looked_up = first(one, Way::LookUp);
        assert_eq!(looked_up.len(), 2);
        assert_eq!(
            (first(one, Way::Gather), first(one, Way::Ask)),
            (looked_up.clone(), looked_up.clone())
        );
        let each = ["\"harbour\"", "\"town\"", "\"harbour\""].map(str::to_owned);
        let each = Words::Each(&each);
        assert_eq!(
            (first(each, Way::Gather), first(each, Way::LookUp)),
            (looked_up.clone(), looked_up)
        );
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
