//! What people type: queries, and the three files.

use std::sync::OnceLock;

use vigie::model::article::Field;
use vigie::model::{Actor, Lexicon};
use vigie::names::gazetteer;
use vigie::query::{Context, Names, needles, parse, plan, print, snippets};

use super::{knob, now, zone};

/// A query, and after a NUL the text to show passages of.
pub fn query(data: &[u8]) {
    let (data, knob) = knob(data);
    let at = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let (typed, text) = data.split_at(at);
    let (typed, text) = (String::from_utf8_lossy(typed), String::from_utf8_lossy(text));
    static NAMES: OnceLock<Names> = OnceLock::new();
    let context = Context {
        lexicon: lexicon(),
        places: gazetteer::builtin(),
        names: Some(NAMES.get_or_init(|| Names::of(lexicon(), gazetteer::builtin()))),
        now: now(),
        zone: zone(knob),
        exact: knob % 2 == 1,
        bridge: knob % 4 == 2,
        stories: None,
        relation: None,
    };
    let query = match parse(&typed, &context) {
        Ok(query) => query,
        Err(error) => {
            assert!(!error.render().is_empty());
            return;
        }
    };
    assert_eq!(print(&query.expr), query.run);
    plan(&query.expr);
    // Operators and quotation marks spelled out can make a query longer than queries may be.
    if query.run.len() <= 60_000 {
        // What the dictionary added stands in it and is not asked for again.
        let plainly = Context {
            exact: context.exact || context.bridge,
            bridge: false,
            ..context
        };
        let again = parse(&query.run, &plainly);
        let again = again.unwrap_or_else(|error| panic!("{:?}: {}", query.run, error.render()));
        assert_eq!(again.run, query.run, "{typed:?}: read again, it is another query");
    }
    let needles = needles(&query.expr);
    // The query itself as a text: what it names stands there.
    for text in [&text, &typed] {
        let fields = [(Field::Title, &*typed), (Field::Body, &**text)];
        let shown = snippets(&fields, &needles, 3);
        assert!(shown.len() <= 3);
        for snippet in &shown {
            let whole = fields
                .iter()
                .find(|(field, _)| *field == snippet.field)
                .map_or("", |(_, text)| text);
            let from = whole
                .get(snippet.byte_start..)
                .unwrap_or_else(|| panic!("{snippet:?} begins within a character"));
            assert!(
                from.starts_with(&snippet.text),
                "{snippet:?} does not stand in {whole:?}"
            );
            assert_eq!(whole[..snippet.byte_start].chars().count(), snippet.char_start);
            let length = snippet.text.chars().count();
            let mut last = 0;
            for (start, end) in &snippet.marks {
                assert!(last <= *start && start < end && *end <= length, "{snippet:?}");
                last = *end;
            }
        }
    }
}

/// The three files: any text is a configuration or a list of mistakes with their places.
pub fn config(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let errors = [
        vigie::config::sources::parse("sources.toml", &text).err(),
        vigie::config::topics::parse("topics.toml", &text).err(),
        vigie::config::lexicon::parse("lexicon.toml", &text).err(),
    ];
    for error in errors.into_iter().flatten() {
        assert!(
            error.to_string().contains(".toml:"),
            "a mistake without its place: {error}"
        );
    }
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        let names = |tags: &[(&str, &[&str])]| {
            let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            tags.iter()
                .map(|(tag, names)| ((*tag).to_owned(), list(names)))
                .collect()
        };
        let actor = |id: &str, tags: &[(&str, &[&str])], ambiguous: &[&str]| Actor {
            id: id.to_owned(),
            names: names(tags),
            ambiguous: ambiguous.iter().map(|name| (*name).to_owned()).collect(),
            ..Actor::default()
        };
        Lexicon {
            actors: vec![
                actor(
                    "north-korea",
                    &[
                        ("en", &["North Korea", "DPRK"]),
                        ("zh", &["朝鲜"]),
                        ("zh-Hant", &["北韓"]),
                    ],
                    &[],
                ),
                actor(
                    "jack-lang",
                    &[("fr", &["Jack Lang", "Lang"]), ("zh", &["雅克·朗"])],
                    &["Lang"],
                ),
                actor(
                    "culture",
                    &[("en", &["culture", "cultural"]), ("fr", &["culture", "culturel"])],
                    &[],
                ),
            ],
            ..Lexicon::default()
        }
    })
}
