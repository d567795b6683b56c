//! What sort of item it is, where the page gives a sign; no sign is no answer.

use super::credit::is_agency;
use super::dom::{Dom, Tag};
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
    /// The outlet's own name, which may stand as an author.
    pub outlet: Option<&'a str>,
    /// The page, and where its headline stands.
    pub dom: &'a Dom<'a>,
    pub near: (usize, usize),
}

/// Words in the class of a label beside the headline.
const LABELS: &[&str] = &[
    "kicker",
    "overline",
    "topline",
    "dachzeile",
    "surtitre",
    "eyebrow",
    "rubri",
    "category",
    "label",
];

/// What such a label says of an opinion; words that also name a link to readers' comments are none of them.
const OPINIONS: &[&str] = &[
    "éditorial",
    "edito",
    "édito",
    "editorial",
    "opinion",
    "tribune",
    "point de vue",
    "leitartikel",
    "gastkommentar",
    "op-ed",
    "leader",
    "社论",
    "社評",
    "社评",
    "社説",
    "사설",
    "칼럼",
];

/// A label beside the headline calls the piece an opinion.
fn labelled(dom: &Dom, (from, to): (usize, usize)) -> bool {
    (from..to).any(|at| {
        let class = dom.attr(at, "class").unwrap_or_default().to_ascii_lowercase();
        let is_label = LABELS.iter().any(|word| class.contains(word)) && dom.items[at].end - at < 6;
        // Menus and lists of other stories have such labels too.
        let of_a_list = |up| {
            matches!(
                dom.tag(up),
                Some(Tag::Nav | Tag::List | Tag::Item | Tag::Aside | Tag::Footer)
            )
        };
        is_label
            && !dom.ancestors(at).any(of_a_list)
            && OPINIONS.contains(&dom.text(at).to_lowercase().trim_matches(|c: char| !c.is_alphanumeric()))
    })
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
        "社論",
        "社评",
        "社評",
        "评论",
        "時評",
        "时评",
        "社説",
        "사설",
        "칼럼",
        "오피니언",
        "opinión",
        "editoriales",
        "meinung",
        "kommentar",
        "leitartikel",
        "мнения",
        "мнение",
        "colonne",
        "points-de-vue",
        "commentisfree",
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
        let bare = title.trim_start_matches(['[', '【', '［']);
        words.iter().any(|word| {
            let marks = [':', '：', '|', '-', ']', '】', '］', '.', '｜'];
            bare.strip_prefix(word)
                .is_some_and(|rest| rest.trim_start().starts_with(marks))
        })
    };

    if schema == "OpinionNewsArticle"
        || in_path(EDITORIAL)
        || EDITORIAL.contains(&section.as_str())
        || titled(EDITORIAL)
        || labelled(signs.dom, signs.near)
    {
        return Some(ItemKind::Editorial);
    }
    if in_path(RELEASE)
        || titled(&[
            "communiqué",
            "communiqué de presse",
            "press release",
            "pressemitteilung",
            "보도자료",
        ])
        || ["/PRNewswire/", "(BUSINESS WIRE)", "GLOBE NEWSWIRE", "/CNW/"]
            .iter()
            .any(|wire| signs.text.contains(wire))
    {
        return Some(ItemKind::Release);
    }
    if schema == "BlogPosting"
        || host.starts_with("blog")
        || host.contains(".blog")
        || in_path(&["blog", "blogs"])
        || host.ends_with(".wordpress.com")
    {
        return Some(ItemKind::Blog);
    }
    let short = weight(signs.text) < 500;
    let og = signs.meta.get(&["og:type"]).unwrap_or_default();
    let shown = schema.is_empty() && signs.meta.jsonld.video;
    if short && (shown || og.starts_with("video") || in_path(&["video", "videos"])) {
        return Some(ItemKind::Video);
    }
    let pictured = ["组图", "組圖", "高清图集", "[포토]", "[사진]", "【写真】"];
    if short
        && signs
            .title
            .is_some_and(|title| pictured.iter().any(|words| title.contains(words)))
    {
        return Some(ItemKind::Caption);
    }
    if short && in_path(&["photo", "photos", "image", "images", "gallery", "diaporama"]) {
        return Some(ItemKind::Caption);
    }
    // Copy that names an agency and no writer of the outlet's own.
    let own = signs
        .authors
        .iter()
        .any(|author| !is_agency(author) && Some(author.as_str()) != signs.outlet);
    if signs.credit.is_some() && !own {
        return Some(ItemKind::Wire);
    }
    // What the page calls an article and gives as text.
    let called = schema.ends_with("NewsArticle")
        || matches!(schema, "Article" | "LiveBlogPosting")
        || og.eq_ignore_ascii_case("article");
    (called && !signs.text.is_empty()).then_some(ItemKind::Article)
}
