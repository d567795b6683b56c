//! The query language: how it is read, what SQLite's FTS5 makes of the plans, and what is shown of the text.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rusqlite::Connection;
use serde::Deserialize;
use vigie::model::article::Field;
use vigie::model::query::{Condition, Expr, Filter};
use vigie::model::{Actor, Lexicon};
use vigie::query::{Context, Query, QueryError, needles, parse, plan, snippets};
use vigie::text::tokens::index_text;

fn actor(id: &str, names: &[(&str, &[&str])], ambiguous: &[&str]) -> Actor {
    Actor {
        id: id.to_owned(),
        names: names
            .iter()
            .map(|(lang, names)| {
                (
                    (*lang).to_owned(),
                    names.iter().map(|name| (*name).to_owned()).collect(),
                )
            })
            .collect::<BTreeMap<_, Vec<String>>>(),
        ambiguous: ambiguous.iter().map(|name| (*name).to_owned()).collect(),
        ..Actor::default()
    }
}

fn lexicon() -> Lexicon {
    let korea: &[(&str, &[&str])] = &[
        ("en", &["North Korea", "DPRK"]),
        ("fr", &["Corée du Nord"]),
        ("zh", &["朝鲜"]),
        ("zh-Hant", &["北韓", "朝鮮", "朝"]),
    ];
    let lang: &[(&str, &[&str])] = &[("fr", &["Jack Lang", "Lang"]), ("zh", &["雅克·朗"])];
    Lexicon {
        actors: vec![actor("north-korea", korea, &[]), actor("jack-lang", lang, &["Lang"])],
        ..Lexicon::default()
    }
}

fn read_as(typed: &str, exact: bool) -> Result<Query, QueryError> {
    let lexicon = lexicon();
    let context = Context {
        lexicon: &lexicon,
        places: vigie::names::gazetteer::none(),
        names: None,
        now: "2009-12-17T11:00:00Z".parse().unwrap(),
        zone: "Europe/Paris",
        exact,
        stories: None,
        relation: None,
        bridge: false,
    };
    parse(typed, &context)
}

fn read(typed: &str) -> Result<Query, QueryError> {
    read_as(typed, false)
}

#[derive(Deserialize)]
struct Cases {
    reads: Vec<Reads>,
    mistake: Vec<Mistake>,
}

#[derive(Deserialize)]
struct Reads {
    name: String,
    typed: String,
    run: String,
    plan: String,
    warns: Option<String>,
}

#[derive(Deserialize)]
struct Mistake {
    typed: String,
    says: String,
}

fn cases() -> Cases {
    toml::from_str(include_str!("cases/query.toml")).unwrap()
}

fn show(condition: &Condition) -> String {
    let list = |parts: &[Condition]| parts.iter().map(show).collect::<Vec<_>>().join(", ");
    match condition {
        Condition::Everything => "Everything".into(),
        Condition::Match(text) => format!("Match({text})"),
        Condition::Matches(texts) => format!("Matches({})", texts.len()),
        Condition::All(parts) => format!("All({})", list(parts)),
        Condition::Any(parts) => format!("Any({})", list(parts)),
        Condition::Not(part) => format!("Not({})", show(part)),
        Condition::Unanswered(part) => format!("Unanswered({part})"),
        Condition::Holds { among, .. } => format!("Holds({})", show(among)),
        Condition::Filter(filter) => match filter {
            Filter::Lang(value) => format!("Lang({value})"),
            Filter::Source(value) => format!("Source({value})"),
            Filter::Group(value) => format!("Group({value})"),
            Filter::Country(value) => format!("Country({value})"),
            Filter::Topic(value) => format!("Topic({value})"),
            Filter::Published(_) => "Published".into(),
            Filter::Seen(_) => "Seen".into(),
            other => format!("{other:?}"),
        },
    }
}

#[test]
fn queries_are_read_as_the_table_says() {
    for case in cases().reads {
        let query = read(&case.typed).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert_eq!(query.run, case.run, "{}", case.name);
        assert_eq!(show(&plan(&query.expr)), case.plan, "{}", case.name);
        let warned = query.warnings.join("\n");
        assert_eq!(case.warns.is_some(), !warned.is_empty(), "{}: {warned}", case.name);
        assert!(
            warned.contains(case.warns.as_deref().unwrap_or_default()),
            "{}: {warned}",
            case.name
        );
    }
}

#[test]
fn mistakes_are_explained_as_the_table_says() {
    for case in cases().mistake {
        let error = read(&case.typed).expect_err(&case.typed);
        assert_eq!(error.render(), case.says, "{}", case.typed);
    }
}

#[test]
fn exact_takes_names_as_they_are() {
    let query = read_as("Corée du Nord “朝鲜” title:DPRK @jack-lang", true).unwrap();
    assert_eq!(
        query.run,
        "Corée AND du AND Nord AND \"朝鲜\" AND title:DPRK AND @jack-lang"
    );
    assert_eq!(query.expansions.len(), 1);
    let query = read("朝鲜").unwrap();
    let names: Vec<&str> = query.expansions[0]
        .names
        .iter()
        .map(|name| name.text.as_str())
        .collect();
    assert_eq!(names, ["North Korea", "DPRK", "Corée du Nord", "朝鲜", "北韓"]);
}

#[test]
fn a_mistake_in_a_long_query_is_shown_with_its_surroundings() {
    let typed = format!("{} c*t {}", "mot ".repeat(500), "mot ".repeat(500));
    let shown = read(&typed).unwrap_err().render();
    let lines: Vec<&str> = shown.lines().collect();
    assert!(
        lines[1].starts_with("  …") && lines[1].ends_with('…') && lines[1].len() < 200,
        "{shown}"
    );
    assert_eq!(
        lines[1].find("c*t").map(|byte| byte - '…'.len_utf8() + 1),
        lines[2].find('^'),
        "{shown}"
    );
    let shown = read("\u{1b}[31m\u{7}c*t").unwrap_err().render();
    assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
}

#[test]
fn size_and_depth_are_bounded() {
    let deep = |n| format!("{}mot{}", "(".repeat(n), ")".repeat(n));
    assert!(read(&deep(64)).is_ok() && read(&deep(65)).is_err());
    assert!(read(&format!("{}mot", "title:".repeat(10_000))).is_err());
    assert!(read(&format!("{}mot", "NOT ".repeat(10_000))).is_ok());
    assert!(read(&"a ".repeat(40_000)).is_err());
    assert!(read(&format!("lang:{}", "fr,".repeat(600))).is_err());
}

#[test]
fn equal_words_are_asked_once_and_many_one_after_another() {
    let planned = |typed: &str| plan(&read_as(typed, true).unwrap().expr);
    assert_eq!(
        planned(&["mot"; 3000].join(" OR ")),
        Condition::Match("\"mot\"".to_owned())
    );
    assert_eq!(planned("mot Mot MOT"), Condition::Match("\"mot\"".to_owned()));
    let many: Vec<String> = (0..5000).map(|n| format!("mot{}", n % 1000)).collect();
    match planned(&many.join(" OR ")) {
        Condition::Matches(each) => assert_eq!(each.len(), 1000),
        other => panic!("{}", show(&other)),
    }
    let many = many[..1000].join(" OR ");
    let beside = format!("port -({many}) (a OR {many})");
    assert_eq!(
        show(&planned(&beside)),
        "All(Match(\"port\"), Not(Matches(1000)), Matches(1001))"
    );
}

#[test]
fn whatever_is_asked_of_a_text_is_asked_at_one_reading() {
    let parts = |condition: &Condition| match condition {
        Condition::Holds { asked, .. } => (asked.rules.len(), asked.all),
        other => panic!("{}", show(other)),
    };
    let planned = |typed: &str| plan(&read_as(typed, true).unwrap().expr);
    let both = planned("(a NEAR/5 b) (b NEAR/5 c) =D (a NEAR/5 b)");
    assert_eq!(parts(&both), (3, true));
    assert_eq!(show(&both), "Holds(Match(\"a\" AND \"b\" AND \"c\" AND \"d\"))");
    let either = planned("(a NEAR/5 b) OR sent:(b c)");
    assert_eq!(parts(&either), (2, false));
    assert_eq!(show(&either), "Holds(Match((\"a\" AND \"b\") OR (\"b\" AND \"c\")))");
}

#[test]
fn questions_of_their_own_are_few() {
    for part in ["speaker:Lang", "pctl:>90", "story:a", "is:formula"] {
        let several = |n: usize| format!("mot {}", vec![part; n].join(" "));
        assert!(read(&several(10)).is_ok());
        let error = read(&several(11)).unwrap_err();
        assert!(
            error.render().starts_with("error: more than 10 of"),
            "{}",
            error.render()
        );
        assert!(error.column > 4 + 10 * part.len(), "{}", error.column);
    }
}

/// The index as the store keeps it.
fn index(texts: &[&str]) -> Connection {
    let db = Connection::open_in_memory().unwrap();
    let schema = "CREATE VIRTUAL TABLE search USING fts5 (title, lead, body, content = '', contentless_delete = 1,
        tokenize = 'unicode61 remove_diacritics 0')";
    db.execute_batch(schema).unwrap();
    for (n, text) in texts.iter().enumerate() {
        let row = (n as i64, index_text(text));
        db.execute(
            "INSERT INTO search (rowid, title, lead, body) VALUES (?1, '', '', ?2)",
            row,
        )
        .unwrap();
    }
    db
}

fn matching(db: &Connection, expression: &str) -> Vec<usize> {
    let mut statement = db
        .prepare("SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid")
        .unwrap();
    let rows = statement.query_map([expression], |row| row.get::<_, i64>(0));
    let rows: rusqlite::Result<Vec<i64>> = rows.and_then(|rows| rows.collect());
    rows.unwrap_or_else(|error| panic!("{error}: {expression:.300}"))
        .into_iter()
        .map(|row| row as usize)
        .collect()
}

/// Evaluates a plan of text conditions only.
fn run(db: &Connection, condition: &Condition, of: usize) -> Vec<usize> {
    let keep = |wanted: &dyn Fn(usize) -> bool| (0..of).filter(|row| wanted(*row)).collect();
    match condition {
        Condition::Match(expression) => matching(db, expression),
        Condition::Matches(each) => each.iter().flat_map(|expression| matching(db, expression)).collect(),
        Condition::All(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| run(db, part, of)).collect();
            keep(&|row| parts.iter().all(|part| part.contains(&row)))
        }
        Condition::Any(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| run(db, part, of)).collect();
            keep(&|row| parts.iter().any(|part| part.contains(&row)))
        }
        Condition::Not(part) => {
            let part = run(db, part, of);
            keep(&|row| !part.contains(&row))
        }
        Condition::Everything | Condition::Filter(_) | Condition::Unanswered(_) => keep(&|_| true),
        // No text is kept beside this index.
        Condition::Holds { among, .. } => run(db, among, of),
    }
}

#[test]
fn the_battery_finds_what_it_must() {
    let texts = [
        "法国与朝鲜同意加深文化合作。",
        "北韩官员访问巴黎。",
        "L’Élysée confirme l’accord ; le cœur du projet est la coopération culturelle.",
        "Jack Lang à Pyongyang, dit la ＫＣＮＡ. The U.N. and Kim Jong-il.",
        "法朝关系，朝法关系：雅克・朗访平壤。",
        "The co-operation of UN agencies, KCNA said. Accord in C++.",
    ];
    let db = index(&texts);
    let expected: [(&str, &[usize]); 22] = [
        ("法国", &[0]),
        ("文化", &[0]),
        ("文", &[0]),
        ("国", &[0]),
        ("作", &[0]),
        ("法朝", &[4]),
        ("朝法", &[4]),
        ("北韓", &[0, 1]),
        ("“Jack Lang”", &[3, 4]),
        ("雅克朗", &[3, 4]),
        ("élysée", &[2]),
        ("ELYSEE", &[2]),
        ("coeur", &[2]),
        ("l'accord", &[2, 5]),
        ("accord", &[2, 5]),
        ("KCNA", &[3, 5]),
        ("UN", &[3, 5]),
        ("U.N.", &[3, 5]),
        ("Kim Jong il", &[3]),
        ("co-operation", &[5]),
        ("cultur* OR C++", &[2, 5]),
        ("accord -(cœur | 平壤)", &[5]),
    ];
    for (typed, rows) in expected {
        let query = read(typed).unwrap();
        assert_eq!(run(&db, &plan(&query.expr), texts.len()), rows, "{typed}");
        // What was found can be shown.
        let needles = needles(&query.expr);
        for row in rows {
            let shown = snippets(&[(Field::Body, texts[*row])], &needles, 3);
            assert!(
                shown.iter().any(|snippet| !snippet.marks.is_empty()),
                "{typed}: {}",
                texts[*row]
            );
        }
    }
}

#[test]
fn long_and_deep_queries_are_no_trouble_for_sqlite() {
    let db = index(&["a1 mot"]);
    let words: Vec<String> = (0..1500).map(|n| format!("mot{n}")).collect();
    let nested = (0..60).fold("a1".to_owned(), |inner, n| {
        let operator = if n % 2 == 0 { "OR" } else { "AND" };
        format!("(x{n} {operator} {inner})")
    });
    let taken = (0..60).fold("a1".to_owned(), |inner, n| format!("(x{n} NOT {inner})"));
    let names = "Corée du Nord OR ".repeat(500) + "a1";
    for typed in [
        words.join(" "),
        words.join(" OR "),
        nested,
        taken,
        names,
        "文".repeat(3000),
    ] {
        let query = read(&typed).unwrap();
        run(&db, &plan(&query.expr), 1);
    }
}

fn mark(typed: &str, text: &str, max: usize) -> Vec<String> {
    let query = read(typed).unwrap();
    let found = snippets(&[(Field::Body, text)], &needles(&query.expr), max);
    found
        .iter()
        .map(|snippet| {
            assert_eq!(
                &text[snippet.byte_start..snippet.byte_start + snippet.text.len()],
                snippet.text
            );
            assert_eq!(text[..snippet.byte_start].chars().count(), snippet.char_start);
            let mut out = String::new();
            for (n, c) in snippet.text.chars().enumerate() {
                let ends = snippet.marks.iter().any(|(_, end)| *end == n);
                out.push_str(if ends { "]" } else { "" });
                out.push_str(if snippet.marks.iter().any(|(start, _)| *start == n) {
                    "["
                } else {
                    ""
                });
                out.push(c);
            }
            let length = snippet.text.chars().count();
            out + if snippet.marks.iter().any(|(_, end)| *end == length) {
                "]"
            } else {
                ""
            }
        })
        .collect()
}

#[test]
fn marks_stand_where_the_words_were_written() {
    for (typed, text, expected) in [
        ("elysee coeur", "À l’É́lysée, le cœur.", "À l’[É́lysée], le [cœur]."),
        ("北韓 文化", "北韩\u{3000}的文化。", "[北韩]\u{3000}的[文化]。"),
        ("文", "文化与作文。", "[文]化与作[文]。"),
        ("法国文化 OR 文化合作", "加深法国文化合作。", "加深[法国文化合作]。"),
        ("cultur*", "Une culture, culturelle.", "Une [culture], [culturelle]."),
        ("“kim jong il”", "Dit Kim Jong-il hier.", "Dit [Kim Jong-il] hier."),
        ("accord -hier", "Un accord hier.", "Un [accord] hier."),
        ("un", "The U.N. today.", "The [U.N]. today."),
    ] {
        assert_eq!(mark(typed, text, 3), [expected], "{typed}");
    }
    assert_eq!(mark("title:accord", "Un accord.", 3), [""; 0]);
}

#[test]
fn passages_are_short_and_the_best_are_kept() {
    let filler = "mot ".repeat(40);
    let text = format!("Un accord ici. Puis {filler}accord {filler}accord et culture {filler}. Fin accord.");
    let words = |count: usize| "mot ".repeat(count).trim_end().to_owned();
    assert_eq!(
        mark("accord OR culture", &text, 2),
        [
            "Un [accord] ici.".to_owned(),
            format!("{} [accord] et [culture] {}", words(12), words(10))
        ]
    );
    assert_eq!(mark("accord", &text, 10).len(), 4);
    let han = "字".repeat(100);
    assert_eq!(
        mark("合作", &format!("{han}合作{han}。"), 3),
        [format!("{}[合作]{}", "字".repeat(30), "字".repeat(30))]
    );
    let endless = format!("accord{}mot", "-".repeat(100_000));
    assert!(mark("accord", &endless, 3)[0].len() < 1100);
    let glued = format!("accord{}", "é".repeat(100_000));
    assert!(mark("accordé*", &glued, 3)[0].len() < 1100);
}

/// Pieces that queries are made of, and some that none is.
fn typed() -> impl Strategy<Value = String> {
    let pieces = [
        "accord",
        "Corée",
        "du",
        "Nord",
        "朝鲜",
        "文",
        "Lang",
        " ",
        " ",
        " ",
        "AND",
        "OR",
        "NOT",
        "-",
        "!",
        "(",
        ")",
        "\"",
        "“",
        "”",
        "«",
        "»",
        "title:",
        "lang:",
        "date:",
        "fr",
        "2009-12",
        "..",
        "@",
        "jack-lang",
        "*",
        "|",
        "&",
        ":",
        "NEAR/5",
        "é",
        "\u{301}",
        "🎉",
        "\u{200f}",
        "،",
        "U.N.",
        "l'",
        ",",
        "topic:",
        "seen:",
        "7d",
        " NEAR/5 ",
        " w/3 ",
        " NEAR ",
        "adj2",
        "same:(",
        "sent:",
        "atleast2:",
        "=",
        "author:",
        "words:>3",
        "chars:1..2",
        "is:reprint",
        "url:",
        "speaker:",
        "story:s:",
        "is:formula",
        "pctl:>9",
    ];
    proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..14).prop_map(|pieces| pieces.concat())
}

fn without_phrase_marks(expr: &Expr) -> Expr {
    match expr {
        Expr::Word(word) => {
            let mut word = word.clone();
            word.phrase = false;
            Expr::Word(word)
        }
        Expr::And(parts) => Expr::And(parts.iter().map(without_phrase_marks).collect()),
        Expr::Or(parts) => Expr::Or(parts.iter().map(without_phrase_marks).collect()),
        Expr::Not(part) => Expr::Not(Box::new(without_phrase_marks(part))),
        Expr::Near {
            left,
            right,
            within,
            ordered,
        } => Expr::Near {
            left: Box::new(without_phrase_marks(left)),
            right: Box::new(without_phrase_marks(right)),
            within: *within,
            ordered: *ordered,
        },
        Expr::Within { stretch, part } => Expr::Within {
            stretch: *stretch,
            part: Box::new(without_phrase_marks(part)),
        },
        Expr::AtLeast { times, part } => Expr::AtLeast {
            times: *times,
            part: Box::new(without_phrase_marks(part)),
        },
        Expr::Speaker(part) => Expr::Speaker(Box::new(without_phrase_marks(part))),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn whatever_is_typed_is_read_or_explained(typed in prop_oneof![typed(), "\\PC{0,40}", ".{0,20}"]) {
        match read(&typed) {
            Err(error) => prop_assert!(error.span.end <= typed.chars().count().max(1) && !error.render().is_empty()),
            Ok(query) => {
                let db = index(&["accord", "文化"]);
                run(&db, &plan(&query.expr), 2);
                // The canonical text means the same, and is its own canonical text.
                let again = read_as(&query.run, true).map_err(|error| TestCaseError::fail(error.render()))?;
                prop_assert_eq!(&again.run, &query.run);
                prop_assert_eq!(without_phrase_marks(&again.expr), without_phrase_marks(&query.expr));
            }
        }
    }

    #[test]
    fn snippets_are_pieces_of_the_text(
        text in prop_oneof!["\\PC{0,80}", "(accord|文化|法国|\\. |。|\n| |é|x){0,60}"],
        which in 0..5usize,
    ) {
        let typed = ["accord", "文化 OR 法", "acc*", "“accord 文化” OR x", "法国文化"][which];
        let expr = read(typed).unwrap().expr;
        let needles = needles(&expr);
        for snippet in snippets(&[(Field::Title, &text), (Field::Body, &text)], &needles, 3) {
            let end = snippet.byte_start + snippet.text.len();
            prop_assert_eq!(text.get(snippet.byte_start..end), Some(snippet.text.as_str()));
            let length = snippet.text.chars().count();
            let mut last = 0;
            for (start, end) in snippet.marks {
                prop_assert!(start >= last && start < end && end <= length);
                last = end;
            }
        }
    }
}
