//! Every message, and the files read, edited and cut as a whole.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::date;
use proptest::prelude::*;

use super::edit::{NewSource, append_source};
use super::*;
use crate::model::lexicon::ActorKind;
use crate::model::source::{Ownership, PagePolicy, Schedule, SourceKind};
use crate::model::{ListingKind, Source};

const CRAWLER: &str = "[crawler]\ncontact = \"mailto:desk@lab.example\"\n";

/// One source with every key.
const WHOLE: &str = r##"
# who we are
[crawler]
contact = "https://vigie.example/about"

[defaults]
every = "12h"
delay = "7s"
max_pages = 50

# --- France ---
[[source]]   # the reference
id = "bulletin-fr"
name = "Le Bulletin"
edition = "page en français"
home = "https://www.bulletin.example/"
country = "FR"
lang = "fr"
ownership = "private"
kind = "party-press"
timezone = "Europe/Paris"
groups = ["seed", "dprk-watch"]
hosts = ["bulletin-videos.example", "www.host.example/bulletin"]
feeds = ["https://www.bulletin.example/rss.xml"]
sitemaps = ["https://www.bulletin.example/{YYYY}-{MM}.xml"]
listings = [
    { url = "http://www.bulletin.example/{YYYY}/{MM}/{DD}", links = "div.list a", date = "span.time", note = "politics" },
]
cron = "10 */6 * * *"
delay = "10s"
max_pages = 100
pages = "listing-only"
reservations = "record"
identity_query = ["Seq_Code"]
proxy = "socks5h://127.0.0.1:9050"
enabled = false
reason = "answers only at noon"
obstacles = ["partial paywall: half of the politics pages"]
[[source.rules]]
until = 2026-03-01
body = "div.box_con > p"
[[source.rules]]
from = 2026-03-02
see = "page of 2026-03-02"
title = "h1"
body = "div.rm_txt_con > p"
standfirst = "p.lead"
date = "time"
author = ".by"
section = "nav a"
drop = ["div.edit", "aside"]
comments_open = "form.c"
comments_closed = "p.closed"
comments_count = "li.c"

# --- China ---
[[source]]
id = "gongbao-zh"
name = "公报"
home = "http://www.gongbao.example/"
country = "CN"
lang = "zh-Hans"
ownership = "state"
kind = "press"
timezone = "Asia/Shanghai"
feeds = ["http://www.gongbao.example/rss"]
# the end
"##;

/// A valid source with the lines of `text` put in place of those with the same keys.
fn source_with(text: &str) -> String {
    let mut lines = vec![
        "id = \"bulletin-fr\"",
        "name = \"Le Bulletin\"",
        "home = \"https://bulletin.example/\"",
        "country = \"FR\"",
        "lang = \"fr\"",
        "ownership = \"private\"",
        "kind = \"press\"",
        "timezone = \"Europe/Paris\"",
        "feeds = [\"https://bulletin.example/rss\"]",
    ];
    let key = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
    let given: Vec<String> = text.split("[[").next().unwrap_or_default().lines().map(key).collect();
    lines.retain(|line| !given.contains(&key(line)));
    format!("{CRAWLER}\n[[source]]\n{}\n{text}\n", lines.join("\n"))
}

fn errors(file: &str, text: &str) -> ConfigErrors {
    match file {
        "sources" => sources::parse("sources.toml", text).map(|_| ()),
        "source" => sources::parse("sources.toml", &source_with(text)).map(|_| ()),
        "topics" => topics::parse("topics.toml", text).map(|_| ()),
        "lexicon" => lexicon::parse("lexicon.toml", text).map(|_| ()),
        "story" => stories::parse("stories/a.toml", text).map(|_| ()),
        other => panic!("no parser for {other}"),
    }
    .expect_err("a case of a mistake passed")
}

#[test]
fn every_mistake_is_told() {
    #[derive(serde::Deserialize)]
    struct Case {
        name: String,
        file: String,
        text: String,
        says: String,
    }
    #[derive(serde::Deserialize)]
    struct Cases {
        case: Vec<Case>,
    }
    let cases: Cases = toml::from_str(include_str!("../../tests/cases/config_errors.toml")).unwrap();
    let mut told = String::new();
    for Case { name, file, text, says } in cases.case {
        let shown = errors(&file, &text).to_string();
        assert!(shown.contains(&says), "{name} does not say {says}:\n{shown}");
        told.push_str(&format!("## {name}\nerror: {shown}\n\n"));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_whole_source_is_read() {
    let file = sources::parse("sources.toml", WHOLE).unwrap();
    assert_eq!(file.crawler.contact, "https://vigie.example/about");
    let [fr, zh] = file.sources.as_slice() else {
        panic!("two sources")
    };
    assert_eq!(fr.label(), "Le Bulletin (page en français)");
    assert_eq!((fr.ownership, fr.kind), (Ownership::Private, SourceKind::PartyPress));
    assert_eq!(fr.schedule, Schedule::Cron("10 */6 * * *".to_owned()));
    assert_eq!((fr.delay, fr.max_pages), (Duration::from_secs(10), 100));
    assert_eq!((fr.pages, fr.enabled), (PagePolicy::ListingOnly, false));
    let kinds: Vec<ListingKind> = fr.listings.iter().map(|listing| listing.kind).collect();
    assert_eq!(kinds, [ListingKind::Feed, ListingKind::Sitemap, ListingKind::Page]);
    assert_eq!(fr.listings[2].url, "http://www.bulletin.example/{YYYY}/{MM}/{DD}");
    assert_eq!(
        fr.rules_on(date(2026, 2, 28)).unwrap().body.as_deref(),
        Some("div.box_con > p")
    );
    // `until` is the first day without them, `from` the first with them; between the two nothing holds.
    assert_eq!(fr.rules_on(date(2026, 3, 1)), None);
    let last = fr.rules_on(date(2026, 3, 2)).unwrap();
    assert_eq!(last.drop, ["div.edit", "aside"]);
    assert_eq!(last.see.as_deref(), Some("page of 2026-03-02"));
    // The second takes the defaults of the file.
    assert_eq!(zh.schedule, Schedule::Every(Duration::from_secs(12 * 3600)));
    assert_eq!((zh.delay, zh.max_pages), (Duration::from_secs(7), 50));
    assert!(zh.enabled && !zh.provisional && zh.pages == PagePolicy::Fetch);
}

#[test]
fn every_key_of_a_source_is_tried_above() {
    for (table, keys) in sources::keys() {
        for key in keys {
            // Two keys exclude others in one table, so they have cases of their own.
            let elsewhere = ["comments_none"].contains(&key);
            assert!(
                elsewhere || WHOLE.contains(&format!("{key} = ")) || key == "rules",
                "{table}.{key}"
            );
        }
    }
}

#[test]
fn the_words_are_those_the_model_writes() {
    for (word, ownership) in sources::OWNERSHIPS {
        assert_eq!(serde_json::to_value(ownership).unwrap(), word);
    }
    for (word, kind) in sources::KINDS {
        assert_eq!(serde_json::to_value(kind).unwrap(), word);
    }
}

#[test]
fn topics_and_lexicon_are_read() {
    let text = "
        [[topic]]
        id = 'energy'
        name = { en = 'Energy', zh = '能源' }
        min_hits = 2
        any.en = ['power grid']
        any.zh = ['电网', '核电站']
        none.en = ['energy drink']";
    let topics = topics::parse("topics.toml", text).unwrap();
    let topic = &topics.topics[0];
    assert_eq!((topic.id.as_str(), topic.min_hits), ("energy", 2));
    assert_eq!(topic.any["zh"], ["电网", "核电站"]);
    let names = [("en", "Energy"), ("zh", "能源")].map(|(lang, name)| (lang.to_owned(), name.to_owned()));
    assert_eq!(topic.name, BTreeMap::from(names));

    let text = "
        [[actor]]
        id = 'north-korea'
        kind = 'place'
        country = 'KP'
        names.en = ['North Korea', 'DPRK']
        names.zh = ['朝鲜']
        names.zh-Hant = ['北韓']
        names.ko = ['북한', '조선']
        aliases = ['D.P.R.K.']
        ambiguous = ['조선', 'D.P.R.K.']

        [[concept]]
        id = 'harbour'
        names.en = ['harbour']
        names.fr = ['port de commerce', 'port de pêche']";
    let lexicon = lexicon::parse("lexicon.toml", text).unwrap();
    let actor = &lexicon.actors[0];
    assert_eq!((actor.kind, actor.country.as_deref()), (ActorKind::Place, Some("KP")));
    assert_eq!(actor.names["zh-Hant"], ["北韓"]);
    assert_eq!(actor.ambiguous, ["조선", "D.P.R.K."]);
    let concept = &lexicon.concepts[0];
    assert_eq!((concept.id.as_str(), lexicon.concepts.len()), ("harbour", 1));
    assert_eq!(concept.names["fr"], ["port de commerce", "port de pêche"]);
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    dir
}

/// The error's text with the folder's name taken out.
fn refusal(files: &[(&str, &[u8])]) -> String {
    let dir = folder(files);
    let error = Config::load(dir.path()).unwrap_err();
    error.to_string().replace(&dir.path().display().to_string(), "DIR")
}

#[test]
fn a_folder_needs_sources_only() {
    let dir = folder(&[("sources.toml", WHOLE.as_bytes())]);
    let config = Config::load(dir.path()).unwrap();
    assert!(config.topics.topics.is_empty() && config.lexicon.actors.is_empty());
    let found = |url: &str| config.source_for_url(url).map(|source| source.id.as_str());
    assert_eq!(found("https://bulletin.example/2026/x"), Some("bulletin-fr"));
    assert_eq!(found("https://host.example/bulletin/x"), Some("bulletin-fr"));
    assert_eq!(found("https://host.example/other"), None);
    assert_eq!(config.source("gongbao-zh").unwrap().name, "公报");
}

#[test]
fn a_folder_that_cannot_be_used_is_told() {
    insta::assert_snapshot!(refusal(&[]), @r"
    there is no DIR/sources.toml
    hint: `vigie init` writes one to begin with
    ");
    insta::assert_snapshot!(refusal(&[("sources.toml", b"[crawler]\ncontact = \"\xff\"")]), @r"
    DIR/sources.toml:2: this is not UTF-8
    hint: save the file with the encoding UTF-8
    ");
    let files: [(&str, &[u8]); 3] = [
        ("sources.toml", b"[crawler]"),
        ("topics.toml", b"[[topics]]"),
        ("lexicon.toml", b"actor = 1"),
    ];
    insta::assert_snapshot!(refusal(&files));
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("sources.toml")).unwrap();
    assert!(matches!(Config::load(dir.path()), Err(ConfigError::Unreadable { .. })));
}

#[test]
fn a_file_too_large_is_refused_unparsed() {
    let large = "#".repeat(fields::MAX_BYTES + 1);
    assert!(
        topics::parse("topics.toml", &large)
            .unwrap_err()
            .to_string()
            .contains("larger than 16 MiB")
    );
}

#[test]
fn floods_of_mistakes_are_left_off() {
    let sources = "[[source]]\ntimezone = \"Asia/Pekingg\"\n".repeat(20_000);
    let list = format!("[[source]]\ngroups = [{}]", "\"A\", ".repeat(200_000));
    let keys: String = (0..50_000).map(|number| format!("k{number} = 1\n")).collect();
    for flood in [sources, list, keys] {
        let errors = sources::parse("sources.toml", &flood).unwrap_err();
        assert!(errors.problems.len() + errors.more < 1100, "{}", errors.more);
    }
}

#[test]
fn nesting_bombs_are_defused() {
    let dotted = format!("{}a = 1", "a.".repeat(200_000));
    let header = format!("[{}a]", "a.".repeat(200_000));
    let broken = format!("{}a = ]", "a.".repeat(200_000));
    let arrays = format!("a = {}", "[".repeat(200_000));
    let tables = format!("a = {}", "{a=".repeat(200_000));
    for bomb in [dotted, header, broken, arrays, tables] {
        assert!(sources::parse("sources.toml", &bomb).is_err());
    }
}

fn new_source() -> NewSource {
    NewSource {
        id: "diario-es".to_owned(),
        name: "El \"Diario\"\n朝".to_owned(),
        home: "https://diario.example/".to_owned(),
        country: "ES".to_owned(),
        lang: "es".to_owned(),
        ownership: Ownership::Unknown,
        kind: SourceKind::ThinkTank,
        timezone: "Europe/Madrid".to_owned(),
        feeds: vec![
            "https://diario.example/a".to_owned(),
            "https://diario.example/b".to_owned(),
        ],
        sitemaps: Vec::new(),
        listings: vec![(
            "https://diario.example/todo".to_owned(),
            Some("h2 > a[rel=\"x\"]".to_owned()),
        )],
        comments: vec!["TODO: check `ownership`".to_owned(), "two\nlines".to_owned()],
    }
}

#[test]
fn a_source_is_added_at_the_end() {
    let text = append_source(WHOLE, &new_source()).unwrap();
    let added = text.strip_prefix(WHOLE).expect("what was there stays as it was");
    insta::assert_snapshot!(added, @r#"

    # TODO: check `ownership`
    # two lines
    [[source]]
    id = "diario-es"
    name = """
    El "Diario"
    朝"""
    home = "https://diario.example/"
    country = "ES"
    lang = "es"
    ownership = "unknown"
    kind = "think-tank"
    timezone = "Europe/Madrid"
    feeds = [
        "https://diario.example/a",
        "https://diario.example/b",
    ]
    listings = [{ url = "https://diario.example/todo", links = 'h2 > a[rel="x"]' }]
    "#);
    let file = sources::parse("sources.toml", &text).unwrap();
    let source = file.sources.last().unwrap();
    assert_eq!((source.id.as_str(), source.listings.len()), ("diario-es", 3));
    assert_eq!(source.name, new_source().name);
}

#[test]
fn a_source_is_added_to_any_ending() {
    for before in [
        "",
        "\u{feff}",
        CRAWLER,
        CRAWLER.trim_end(),
        "a = 1\r\n",
        "a = 1 # end\n\n\n",
        "[x]\r\n\r\n",
    ] {
        let text = append_source(before, &new_source()).unwrap();
        assert!(text.starts_with(before));
        let table: toml::Table = text.parse().unwrap();
        assert_eq!(table["source"].as_array().unwrap().len(), 1);
    }
    let windows = append_source("a = 1\r\n", &new_source()).unwrap();
    assert_eq!(windows.matches('\n').count(), windows.matches("\r\n").count());
}

#[test]
fn a_source_is_not_added_to_what_is_no_list() {
    insta::assert_snapshot!(append_source("source = []\n", &new_source()).unwrap_err());
    insta::assert_snapshot!(append_source("x = [\n", &new_source()).unwrap_err());
}

#[test]
fn a_preset_keeps_the_chosen_and_their_comments() {
    let text = preset::select(WHOLE, |source| source.id == "gongbao-zh").unwrap();
    assert!(text.contains("# who we are") && text.contains("# --- China ---") && text.contains("# the end"));
    assert!(!text.contains("bulletin") && !text.contains("rules"));
    let file = sources::parse("sources.toml", &text).unwrap();
    assert_eq!(
        file.sources,
        sources::parse("sources.toml", WHOLE).unwrap().sources[1..]
    );
    assert_eq!(preset::select(WHOLE, |_| true).unwrap(), WHOLE);
    assert!(
        sources::parse("sources.toml", &preset::select(WHOLE, |_| false).unwrap())
            .unwrap()
            .sources
            .is_empty()
    );
    assert!(preset::select("[[source]]", |_| true).is_err());
}

/// Text made of the files' own pieces, so that reading gets further than the syntax.
fn toml_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "[[source]]\n",
        "[[source.rules]]\n",
        "[crawler]\n",
        "[defaults]\n",
        "[[topic]]\n",
        "[[actor]]\n",
        "id",
        "name",
        "lang",
        "country",
        "timezone",
        "feeds",
        "listings",
        "every",
        "cron",
        "until",
        "any.zh",
        "names.ko",
        "ambiguous",
        "max_pages",
        "home",
        "hosts",
        "contact",
        " = ",
        "\n",
        "\"",
        "\"\"",
        "\"fr\"",
        "\"5m\"",
        "\"* * * * *\"",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "2026-02-30",
        "2026-02-28",
        "-1",
        "0x_f",
        "1e400",
        "true",
        "\"http://a.b/{\"",
        "朝鮮",
        "#",
        "\r\n",
        "'''",
        "\\",
        "\t",
        ".",
    ]);
    prop_oneof![
        any::<String>(),
        prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat()),
        ".{0,40}".prop_map(|value| source_with(&format!("name = {value:?}"))),
    ]
}

/// A valid source with one string value replaced by anything.
fn one_value_odd() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "id",
        "name",
        "home",
        "country",
        "lang",
        "ownership",
        "kind",
        "timezone",
        "every",
        "cron",
        "delay",
        "proxy",
        "pages",
        "reason",
    ]);
    (
        key,
        prop_oneof![any::<String>(), "[a-zA-Z0-9:/.*,@#? ()\\[\\]{}>~+-]{0,40}"],
    )
        .prop_map(|(key, value)| {
            let mut table = toml::Table::new();
            table.insert(key.to_owned(), toml::Value::String(value.clone()));
            for list in ["hosts", "sitemaps", "groups", "identity_query"] {
                table.insert(
                    list.to_owned(),
                    toml::Value::Array(vec![toml::Value::String(value.clone())]),
                );
            }
            source_with(&format!(
                "{table}\n[[source.rules]]\nbody = {}",
                toml::Value::String(value)
            ))
        })
}

proptest! {
    #[test]
    fn no_text_makes_parsing_panic(text in prop_oneof![toml_like(), one_value_odd()]) {
        let shown = |errors: ConfigErrors| errors.to_string().contains("│");
        if let Err(errors) = sources::parse("f", &text) { prop_assert!(shown(errors)); }
        if let Err(errors) = topics::parse("f", &text) { prop_assert!(shown(errors)); }
        if let Err(errors) = lexicon::parse("f", &text) { prop_assert!(shown(errors)); }
        if let Ok(kept) = preset::select(&text, |_| true) { prop_assert_eq!(&kept, &text); }
        if let Ok(added) = append_source(&text, &new_source()) { prop_assert!(added.starts_with(&text)); }
    }

    #[test]
    fn no_address_makes_the_index_panic(
        home in any::<String>(), pattern in any::<String>(), url in prop_oneof![any::<String>(), "https?://[a-z.%:@/-]{0,30}"],
    ) {
        let source = Source { home, hosts: vec![pattern], ..provisional::source(&url) };
        let own = hosts::HostIndex::new(&[provisional::source("own.example"), source]);
        own.find(&url);
        prop_assert_eq!(own.find("https://m.own.example/x"), Some(0));
    }
}

/// A story with every key.
const STORY: &str = r#"
# as first written
id = "lang-pyongyang"
title = "France–DPRK cultural agreement"
relation = ["france", "north-korea"]
window = ["2009-12-14", "2009-12-18T07:00:00+01:00"]
match = '''@relation AND
  (@jack-lang OR 文化)'''
topic = '@relation-other'
expect = ["kcna-en"]
[probes]
"human rights" = '"human rights" OR 人权'
[pins]
in = ["i:3f2a"]
out = ["i:9c01"]
[questions]
q1 = "Why now?"
[notes]
lead = "A Chinese paper"
[gloss]
"i:3f2a" = "An agreement"
"#;

#[test]
fn a_whole_story_is_read_and_knows_where_its_parts_stand() {
    let file = stories::parse("stories/lang-pyongyang.toml", STORY).unwrap();
    let spec = &file.spec;
    assert_eq!(spec.window.since.to_string(), "2009-12-14T00:00:00Z");
    assert_eq!(spec.window.until.unwrap().to_string(), "2009-12-18T06:00:00Z");
    assert_eq!(spec.relation, ["france", "north-korea"]);
    assert_eq!((spec.pins.within.len(), spec.pins.out.len()), (1, 1));
    assert_eq!((spec.probes.len(), spec.questions.len(), spec.notes.len()), (1, 1, 1));
    assert_eq!(spec.gloss["i:3f2a"], "An agreement");
    assert_eq!(spec.sha256, crate::text::hash::sha256_hex(STORY.as_bytes()));
    // Characters 18 to 28 of the query stand on its second line.
    let told = file.fault("match", Some(18..28), "nobody".to_owned(), None).to_string();
    insta::assert_snapshot!(told);
    for (table, keys) in stories::keys() {
        for key in keys {
            let there = STORY.contains(&format!("{key} = ")) || STORY.contains(&format!("[{key}]"));
            assert!(there, "{table}.{key}");
        }
    }
}

#[test]
fn moments_of_a_window_are_whole_days_and_months_in_utc() {
    let at = |text: &str, end| form::moment(text, end).map(|at| at.to_string());
    assert_eq!(at("2009-12-14", false).unwrap(), "2009-12-14T00:00:00Z");
    assert_eq!(at("2009-12-14", true).unwrap(), "2009-12-15T00:00:00Z");
    assert_eq!(at("2009-12", true).unwrap(), "2010-01-01T00:00:00Z");
    assert_eq!(at("2009-12-14T06:00Z", true).unwrap(), "2009-12-14T06:00:00Z");
    for wrong in [
        "",
        "7d",
        "2009",
        "2009-13",
        "2009-12-32",
        "2009-12-14T06:00",
        "yesterday",
    ] {
        assert!(at(wrong, false).is_err(), "{wrong}");
    }
}
