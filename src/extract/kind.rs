//! What sort of item it is, where the page gives a sign; no sign is no answer.

use super::metadata::Metadata;
use super::words::weight;
use crate::model::ItemKind;

/// What the sort is read from.
pub struct Signs<'a> {
    pub meta: &'a Metadata,
    pub url: &'a str,
    pub title: Option<&'a str>,
    pub section: Option<&'a str>,
    pub text: &'a str,
    pub credit: Option<&'a str>,
    pub authors: &'a [String],
}

pub fn kind(signs: &Signs) -> Option<ItemKind> {
    const EDITORIAL: &[&str] = &[
        "opinion",
        "opinions",
        "editorial",
        "editorials",
        "edito",
        "éditorial",
        "editoriaux",
        "tribune",
        "tribunes",
        "oped",
        "op-ed",
        "idees",
        "社论",
        "社評",
        "评论",
        "사설",
    ];
    const RELEASE: &[&str] = &[
        "press-release",
        "press-releases",
        "communique",
        "communiques",
        "pressrelease",
        "보도자료",
    ];
    let (host, path) = signs
        .url
        .split_once("://")
        .map_or(signs.url, |(_, rest)| rest)
        .split_once('/')
        .unwrap_or((signs.url, ""));
    let path = path.to_lowercase();
    // The last segment is the headline's own words.
    let segments: Vec<&str> = path.split('/').rev().skip(1).collect();
    let in_path = |words: &[&str]| segments.iter().any(|segment| words.contains(segment));
    let section = signs.section.unwrap_or_default().to_lowercase();
    let title = signs.title.unwrap_or_default().to_lowercase();
    let schema = signs.meta.jsonld.kind.as_deref().unwrap_or_default();
    let titled = |words: &[&str]| {
        words
            .iter()
            .any(|word| title.starts_with(word) && title[word.len()..].trim_start().starts_with([':', '：', '|', '-']))
    };

    if schema == "OpinionNewsArticle"
        || in_path(EDITORIAL)
        || EDITORIAL.contains(&section.as_str())
        || titled(EDITORIAL)
    {
        return Some(ItemKind::Editorial);
    }
    if in_path(RELEASE) || titled(&["communiqué", "press release"]) || signs.text.contains("/PRNewswire/") {
        return Some(ItemKind::Release);
    }
    if host.starts_with("blog")
        || host.contains(".blog")
        || in_path(&["blog", "blogs"])
        || host.ends_with(".wordpress.com")
    {
        return Some(ItemKind::Blog);
    }
    let short = weight(signs.text) < 500;
    let og = signs.meta.get(&["og:type"]).unwrap_or_default();
    if short && (og.starts_with("video") || in_path(&["video", "videos"])) {
        return Some(ItemKind::Video);
    }
    if short && in_path(&["photo", "photos", "image", "images", "gallery", "diaporama"]) {
        return Some(ItemKind::Caption);
    }
    // Copy that names an agency and no writer of the outlet's own.
    let credit = signs.credit?;
    let own = signs
        .authors
        .iter()
        .any(|author| !author.eq_ignore_ascii_case(credit) && !author.contains(credit));
    (!own).then_some(ItemKind::Wire)
}
