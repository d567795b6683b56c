//! Topics and actors of invented articles.

use jiff::Timestamp;

use super::*;
use crate::model::{Actor, Comments, ItemKind, Length, LengthUnit, TextAccess, Topic};
use crate::names::gazetteer::none;

fn terms(pairs: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    pairs
        .iter()
        .map(|(lang, terms)| ((*lang).to_owned(), terms.iter().map(|t| (*t).to_owned()).collect()))
        .collect()
}

fn topics() -> Topics {
    let exchange = Topic {
        id: "cultural-exchange".to_owned(),
        any: terms(&[
            ("en", &["cultural exchange", "cultural exchanges"]),
            ("fr", &["échange culturel", "échanges culturels", "coopération cultur*"]),
            ("zh", &["文化交流", "文化"]),
            ("ko", &["문화 교류"]),
        ]),
        ..Topic::default()
    };
    let energy = Topic {
        id: "energy".to_owned(),
        any: terms(&[("en", &["energy"]), ("fr", &["énergie"])]),
        none: terms(&[("en", &["energy drink"])]),
        min_hits: 2,
        ..Topic::default()
    };
    Topics {
        topics: vec![exchange, energy],
    }
}

fn actor(id: &str, country: &str, names: &[(&str, &[&str])], aliases: &[&str], ambiguous: &[&str]) -> Actor {
    let owned = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
    Actor {
        id: id.to_owned(),
        names: terms(names),
        aliases: owned(aliases),
        country: Some(country.to_owned()),
        ambiguous: owned(ambiguous),
        ..Actor::default()
    }
}

fn lexicon() -> Lexicon {
    let actors = vec![
        actor(
            "france",
            "FR",
            &[
                ("fr", &["France"]),
                ("en", &["France"]),
                ("zh", &["法国"]),
                ("ko", &["프랑스"]),
            ],
            &[],
            &[],
        ),
        actor(
            "north-korea",
            "KP",
            &[
                ("en", &["North Korea", "DPRK"]),
                ("fr", &["Corée du Nord", "RPDC"]),
                ("zh", &["朝鲜"]),
                ("zh-Hant", &["北韓", "北朝鮮"]),
                ("ko", &["북한", "조선"]),
            ],
            &["朝"],
            &["조선"],
        ),
        actor(
            "south-korea",
            "KR",
            &[("en", &["South Korea", "Korea"]), ("zh", &["韩国", "大韩民国"])],
            &[],
            &[],
        ),
        actor("china", "CN", &[("en", &["China"]), ("zh", &["中国"])], &[], &[]),
        actor(
            "kcna",
            "KP",
            &[("en", &["KCNA"]), ("zh", &["朝鲜中央通讯社", "朝中社"])],
            &[],
            &[],
        ),
        actor(
            "lang",
            "FR",
            &[("fr", &["Jack Lang", "Lang"]), ("zh", &["雅克·朗", "杰克·朗"])],
            &[],
            &["Lang"],
        ),
        actor(
            "un",
            "",
            &[("en", &["UN", "United Nations"]), ("fr", &["ONU"])],
            &[],
            &[],
        ),
    ];
    Lexicon {
        actors,
        ..Lexicon::default()
    }
}

fn article(lang: Option<&str>, title: &str, lead: &str, text: &str) -> Article {
    Article {
        id: "i:0".to_owned(),
        source: "gazette".to_owned(),
        url: "https://gazette.example/a".to_owned(),
        lang: lang.map(str::to_owned),
        script: None,
        title: title.to_owned(),
        standfirst: (!lead.is_empty()).then(|| lead.to_owned()),
        text: text.to_owned(),
        authors: Vec::new(),
        published: None,
        modified: None,
        section: None,
        kind: ItemKind::Article,
        credit: None,
        text_access: TextAccess::Full,
        comments: Comments::default(),
        length: Length {
            n: 0,
            unit: LengthUnit::Words,
        },
        digest: String::new(),
        simhash: 0,
        seen_at: Timestamp::UNIX_EPOCH,
    }
}

fn tags(lang: Option<&str>, title: &str, lead: &str, text: &str) -> Tags {
    Tagger::over(&topics(), &lexicon(), none()).matches(&article(lang, title, lead, text))
}

/// `topic: term×count@field, …`
fn shown(hits: &[TermHit]) -> Vec<String> {
    hits.iter()
        .map(|hit| format!("{}×{} {}", hit.term, hit.count, hit.field.as_str()))
        .collect()
}

fn topic(tags: &Tags, id: &str) -> Vec<String> {
    tags.topics
        .iter()
        .filter(|tag| tag.topic == id)
        .flat_map(|tag| shown(&tag.hits))
        .collect()
}

fn mention(tags: &Tags, id: &str) -> Vec<String> {
    tags.mentions
        .iter()
        .filter(|mention| mention.actor == id)
        .flat_map(|mention| shown(&mention.hits))
        .collect()
}

fn actors(tags: &Tags) -> Vec<&str> {
    tags.mentions.iter().map(|mention| mention.actor.as_str()).collect()
}

#[test]
fn terms_fields_and_counts() {
    let found = tags(
        Some("fr"),
        "Des ÉCHANGES CULTURELS avec la Corée-du-Nord",
        "Une coopération culturelle s’ouvre.",
        "Les échanges culturels… L'échange culturel, et la coopération culturelle de la RPDC. Échanges culturels !",
    );
    let expected = [
        "échanges culturels×1 title",
        "coopération cultur*×1 lead",
        "échange culturel×1 body",
        "échanges culturels×2 body",
        "coopération cultur*×1 body",
    ];
    assert_eq!(topic(&found, "cultural-exchange"), expected);
    assert_eq!(mention(&found, "north-korea"), ["Corée du Nord×1 title", "RPDC×1 body"]);
    assert_eq!(actors(&found), ["north-korea"]);
}

#[test]
fn a_topic_counts_in_its_own_language() {
    assert!(tags(Some("de"), "A cultural exchange", "", "").topics.is_empty());
    assert_eq!(tags(None, "A cultural exchange", "", "").topics.len(), 1);
    assert_eq!(tags(Some("en"), "A cultural exchange", "", "").topics.len(), 1);
    assert_eq!(
        topic(&tags(Some("ko"), "문화교류 확대", "", ""), "cultural-exchange"),
        ["문화 교류×1 title"]
    );
}

#[test]
fn both_scripts_of_chinese_and_the_longest_term() {
    for title in ["扩大文化交流", "擴大文化交流"] {
        assert_eq!(
            topic(&tags(Some("zh"), title, "", ""), "cultural-exchange"),
            ["文化交流×1 title"],
            "{title}"
        );
    }
}

#[test]
fn least_hits_and_forbidding_terms() {
    assert!(tags(Some("en"), "Energy", "", "").topics.is_empty());
    assert_eq!(
        topic(&tags(Some("en"), "Energy", "", "on energy"), "energy"),
        ["energy×1 title", "energy×1 body"]
    );
    assert!(
        tags(Some("en"), "Energy", "", "on energy, by an energy drink")
            .topics
            .is_empty()
    );
    // The forbidding term is English.
    assert_eq!(
        tags(Some("fr"), "L’énergie", "", "énergie, energy drink").topics.len(),
        1
    );
}

#[test]
fn the_longer_name_wins() {
    let found = tags(
        Some("zh"),
        "朝鲜中央通讯社报道",
        "",
        "据朝中社报道，朝鲜代表团抵达。北韓、大韓民國",
    );
    assert_eq!(mention(&found, "kcna"), ["朝鲜中央通讯社×1 title", "朝中社×1 body"]);
    assert_eq!(mention(&found, "north-korea"), ["朝鲜×1 body", "北韓×1 body"]);
    assert_eq!(mention(&found, "south-korea"), ["大韩民国×1 body"]);
    assert_eq!(actors(&found), ["north-korea", "south-korea", "kcna"]);

    let found = tags(Some("en"), "North Korea and South Korea, Korea", "", "");
    assert_eq!(mention(&found, "south-korea"), ["South Korea×1 title", "Korea×1 title"]);
}

#[test]
fn a_name_listed_twice_counts_once() {
    assert_eq!(
        mention(&tags(Some("fr"), "La France", "", ""), "france"),
        ["France×1 title"]
    );
}

#[test]
fn names_of_every_language_count() {
    let found = tags(Some("en"), "Paris (프랑스) and 朝鲜", "", "");
    assert_eq!(actors(&found), ["france", "north-korea"]);
}

#[test]
fn a_doubtful_name_counts_beside_a_sure_one() {
    assert!(tags(Some("ko"), "조선 산업 회복", "", "").mentions.is_empty());
    let found = tags(Some("ko"), "조선", "", "북한은");
    assert_eq!(mention(&found, "north-korea"), ["조선×1 title", "북한×1 body"]);
    assert!(tags(Some("de"), "Ein lang ersehnter Hafen", "", "").mentions.is_empty());
    let found = tags(Some("fr"), "Lang au port", "", "Jack Lang est venu. M. Lang repart.");
    assert_eq!(
        mention(&found, "lang"),
        ["Lang×1 title", "Jack Lang×1 body", "Lang×1 body"]
    );
}

#[test]
fn short_acronyms_are_read_in_capitals() {
    assert!(tags(Some("fr"), "Un accord", "", "un port").mentions.is_empty());
    assert_eq!(actors(&tags(Some("en"), "The U.N. said", "", "")), ["un"]);
    assert_eq!(actors(&tags(Some("fr"), "L’Onu s’exprime", "", "")), [""; 0]);
    assert_eq!(actors(&tags(Some("fr"), "L’ONU s’exprime", "", "")), ["un"]);
}

#[test]
fn pairs_name_both() {
    let found = tags(Some("zh"), "法朝扩大文化交流", "", "朝法双方签署协议。法朝关系");
    assert_eq!(
        mention(&found, "france"),
        ["法朝×1 title", "朝法×1 body", "法朝×1 body"].map(str::to_owned)
    );
    assert_eq!(mention(&found, "north-korea").len(), 3);
    assert_eq!(actors(&tags(Some("zh"), "中法兩國", "", "")), ["france", "china"]);
    assert!(tags(Some("zh"), "方法中朝着目标", "", "").mentions.is_empty());
    assert!(tags(Some("ja"), "法朝", "", "").mentions.is_empty());
    assert_eq!(actors(&tags(None, "法朝", "", "")), ["france", "north-korea"]);
}

#[test]
fn a_pair_inside_a_name_is_none() {
    assert_eq!(actors(&tags(Some("zh"), "其中法国代表", "", "")), ["france"]);
    assert_eq!(actors(&tags(Some("zh"), "朝中社消息", "", "")), ["kcna"]);
}

#[test]
fn nothing_configured_tags_nothing() {
    let tagger = Tagger::over(&Topics::default(), &Lexicon::default(), none());
    assert_eq!(
        tagger.matches(&article(Some("zh"), "法朝文化交流", "", "France")),
        Tags::default()
    );
}

#[test]
fn a_tagger_is_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Tagger::over(&topics(), &lexicon(), none()));
}

#[test]
fn the_order_is_that_of_the_configuration() {
    let found = tags(
        Some("en"),
        "China, France, North Korea: energy, energy, cultural exchange",
        "",
        "",
    );
    assert_eq!(actors(&found), ["france", "north-korea", "china"]);
    let ids: Vec<&str> = found.topics.iter().map(|tag| tag.topic.as_str()).collect();
    assert_eq!(ids, ["cultural-exchange", "energy"]);
}
