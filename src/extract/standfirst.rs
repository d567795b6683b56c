//! The page's own summary below its headline, and the section it stands in.
//!
//! Takes the flat page and its metadata, gives what a reader sees as such; a description written for search engines, or
//! one that was cut, is none.

use super::dom::{Dom, Tag};
use super::metadata::Metadata;
use super::words::{ends_a_sentence, fold, squeeze, weight};

/// Words in the class (or `itemprop`) of a standfirst.
const NAMED: &[&str] = &[
    "standfirst",
    "chapo",
    "chapeau",
    "dek",
    "deck",
    "lede",
    "lead",
    "leadtext",
    "subtitle",
    "sub-title",
    "subheadline",
    "summary",
    "abstract",
    "excerpt",
    "intro",
    "teaser-text",
    "vorspann",
    "bajada",
    "entradilla",
    "copete",
    "sottotitolo",
    "zhaiyao",
    "daodu",
    "daoyu",
];

/// A standfirst weighs between these: a line and a short paragraph.
const SHORTEST: u32 = 30;
const LONGEST: u32 = 700;

/// What the page calls its standfirst, near the headline; or a description that reads as one and does not begin the text.
pub fn standfirst(dom: &Dom, meta: &Metadata, title: Option<&str>, near: (usize, usize), text: &str) -> Option<String> {
    let title = title.map(fold).unwrap_or_default();
    let fits = |found: &str| {
        let line = fold(found);
        (SHORTEST..LONGEST).contains(&weight(found)) && line != title && !line.is_empty()
    };
    visible(dom, near).filter(|found| fits(found)).or_else(|| {
        let found = described(meta, text)?;
        let cut = found.ends_with('…') || found.ends_with("...");
        (fits(&found) && !cut && ends_a_sentence(&found)).then_some(found)
    })
}

fn visible(dom: &Dom, (from, to): (usize, usize)) -> Option<String> {
    (from..to).find_map(|at| {
        let tag = dom.tag(at)?;
        if matches!(
            tag,
            Tag::H1 | Tag::Script | Tag::Time | Tag::Body | Tag::Article | Tag::Main | Tag::Meta | Tag::Nav
        ) {
            return None;
        }
        let is = |value: &str| {
            let mut words = value
                .split(|c: char| c.is_whitespace() || c == '_')
                .filter(|word| !word.is_empty());
            words.any(|word| {
                let word = word.trim_matches('-').to_ascii_lowercase();
                NAMED
                    .iter()
                    .any(|named| word == *named || word.strip_suffix(named).is_some_and(|front| front.ends_with('-')))
            })
        };
        let named = dom.attr(at, "class").is_some_and(is) || dom.attr(at, "itemprop") == Some("alternativeHeadline");
        if !named {
            return None;
        }
        let found = dom.text(at);
        (SHORTEST..LONGEST).contains(&weight(&found)).then_some(found)
    })
}

/// The page's description of itself, where it is not just the text's beginning.
fn described(meta: &Metadata, text: &str) -> Option<String> {
    let description = meta
        .get(&["og:description", "description", "twitter:description"])
        .or(meta.jsonld.description.as_deref())
        .map(squeeze)?;
    let line = fold(description.trim_end_matches(['.', '…']));
    let opening: String = fold(&text.chars().take(description.len() + 200).collect::<String>());
    (line.chars().count() >= 10 && !opening.contains(&line)).then_some(description)
}

/// The section by metadata, or the first step below the front page in the breadcrumb.
pub fn section(meta: &Metadata, title: Option<&str>) -> Option<String> {
    const HOMES: &[&str] = &[
        "home",
        "homepage",
        "accueil",
        "startseite",
        "start",
        "inicio",
        "portada",
        "首页",
        "首頁",
        "主页",
        "홈",
        "главная",
        "ホーム",
        "トップ",
        "الرئيسية",
        "news",
        "正文",
    ];
    let title = title.map(fold).unwrap_or_default();
    let is_section = |name: &&String| {
        let line = fold(name);
        let host = name.contains('.') && !name.contains(' ');
        line.chars().count() >= 2 && line != title && !HOMES.contains(&line.as_str()) && !host
    };
    let site = meta.get(&["og:site_name"]).map(fold);
    let mut steps = meta
        .jsonld
        .trail
        .iter()
        .filter(|name| site.as_deref() != Some(fold(name).as_str()));
    let claimed = meta.jsonld.section.clone();
    let metas = [
        "article:section",
        "og:article:section",
        "section",
        "parsely-section",
        "sailthru.section",
        "channel",
    ];
    claimed
        .or_else(|| meta.get(&metas).map(str::to_owned))
        .or_else(|| steps.find(is_section).cloned())
        .filter(|name| !name.contains("://"))
}
