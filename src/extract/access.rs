//! How much of the text the page let us read.
//!
//! Takes the flat page, its metadata and the text found, gives the access. A page that calls itself paid for but gave its
//! whole text (a metered page) was read in full.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::clean::stub_in;
use super::dom::{Attributes, Dom, Tag, What};
use super::metadata::Metadata;
use super::words::weight;
use crate::model::TextAccess;

/// Below this weight (about 150 Latin words) a text that calls itself paid for is its beginning.
const TEASER: u32 = 900;

/// From this weight a text that calls itself paid for, with no sign of a cut, was given whole (a metered page).
const WHOLE: u32 = 2500;

/// A part that is there for payers alone holds less than this, where it was left out.
const EMPTY: u32 = 200;

/// These say that this very piece is cut; words that also stand in menus ("already a subscriber?") do not.
const CUT: &[&str] = &[
    "article est réservé aux abonnés",
    "contenu est réservé aux abonnés",
    "article réservé aux abonnés",
    "de cet article à lire",
    "de cet article à découvrir",
    "la suite est réservée",
    "la suite de cet article",
    "pour lire la suite",
    "pour lire l'intégralité",
    "lire l'article complet",
    "subscribe to continue",
    "subscribe to read",
    "subscribe to keep reading",
    "to continue reading",
    "to keep reading",
    "to read the full",
    "while we verify access",
    "register to read more",
    "article is for subscribers",
    "article is exclusive to subscribers",
    "content is for subscribers",
    "content is reserved for",
    "weiterlesen mit",
    "jetzt weiterlesen",
    "diesen artikel weiterlesen",
    "nur für abonnenten",
    "exklusiv für abonnenten",
    "para seguir leyendo",
    "sigue leyendo",
    "solo para suscriptores",
    "exclusivo para suscriptores",
    "читать далее по подписке",
    "доступен только подписчикам",
    "登录后阅读全文",
    "登录后可阅读全文",
    "登录后查看全文",
    "登录后可查看全文",
    "订阅后阅读",
    "订阅后可阅读",
    "订阅后继续阅读",
    "订阅后可继续阅读",
    "为付费内容",
    "付费阅读",
    "付费后阅读",
    "剩余内容",
    "訂閱後閱讀",
    "會員專屬文章",
    "付費內容",
    "유료회원",
    "유료 회원",
    "유료기사",
    "전문을 보시려면",
    "この記事は有料",
    "この記事は会員限定",
    "会員限定記事です",
    "有料会員",
];

/// Of stubs that stand in the text, those that say it goes on.
const GOES_ON: &[&str] = &[
    "la suite est réservée",
    "de cet article à lire",
    "订阅后继续阅读",
    "订阅后可继续阅读",
];

/// `stub` are the words of a paywall taken out of the text itself.
pub fn access(dom: &Dom, meta: &Metadata, text: &str, stub: Option<&str>) -> TextAccess {
    let read = weight(text);
    if read == 0 {
        return TextAccess::HeadlineOnly;
    }
    // Proof at any length.
    if stub.is_some_and(|stub| GOES_ON.contains(&stub)) || left_out(dom, meta) || any_line(dom, says_how_much) {
        return TextAccess::Teaser;
    }
    let paid = meta.jsonld.free == Some(false)
        || meta
            .get(&["article:content_tier"])
            .is_some_and(|tier| matches!(tier, "locked" | "metered" | "premium"));
    let trails = text.trim_end().ends_with('…') || text.trim_end().ends_with("...");
    if read >= WHOLE {
        return if stub.is_some() && paid && trails {
            TextAccess::Teaser
        } else {
            TextAccess::Full
        };
    }
    if stub.is_some() || paid && (read < TEASER || trails) || any_line(dom, is_cut) {
        return TextAccess::Teaser;
    }
    TextAccess::Full
}

/// The part that JSON-LD calls paid for (`hasPart.cssSelector`) is in the page, and empty. That there is none says
/// nothing: templates name one on free pages too.
fn left_out(dom: &Dom, meta: &Metadata) -> bool {
    if meta.jsonld.free != Some(false) {
        return false;
    }
    let Some(names) = meta.jsonld.paid_part.as_deref().and_then(simple) else {
        return false;
    };
    let is_part = |element: scraper::ElementRef| {
        let has = |key: &str, name: &str| {
            let value = element.attribute(key).unwrap_or_default();
            value.split_ascii_whitespace().any(|found| found == name)
        };
        names.iter().any(|(key, name)| has(key, name))
    };
    // Some pages name each paragraph so.
    let parts = dom.elements().filter(|(_, _, element)| is_part(*element));
    let weights: Vec<u32> = parts.map(|(at, ..)| weight(&dom.text(at))).collect();
    !weights.is_empty() && weights.iter().sum::<u32>() < EMPTY
}

/// Attributes and names that a selector asks for: the last step of each of its paths, a class or an id.
fn simple(css: &str) -> Option<Vec<(&'static str, &str)>> {
    let mut names = css.split(',').map(|path| {
        let step = path.split_whitespace().next_back()?;
        let at = step.rfind(['.', '#'])?;
        let (mark, name) = (step.get(at..=at)?, step.get(at + 1..)?);
        let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        (plain && !name.is_empty()).then_some((if mark == "." { "class" } else { "id" }, name))
    });
    names.by_ref().take(20).collect()
}

/// Of a stub outside the text, in a box of its own.
fn any_line(dom: &Dom, says: impl Fn(&str) -> bool) -> bool {
    dom.items.iter().any(|item| match item.what {
        What::Text(text) if (12..400).contains(&text.len()) => {
            !matches!(dom.tag(item.parent), Some(Tag::Script | Tag::TextArea | Tag::Title)) && says(text)
        }
        _ => false,
    })
}

/// How much of the piece is left, in hundredths or characters: "Il vous reste 74.84% de cet article à lire",
/// 本文共计3201字，订阅后继续阅读, 残り1234文字.
fn says_how_much(text: &str) -> bool {
    const OF_THE_PIECE: &[&str] = &[
        "de cet article",
        "à lire",
        "à découvrir",
        "of this article",
        "of this story",
        "of the article",
        "left to read",
        "dieses artikels",
        "de este artículo",
        "del artículo",
    ];
    const LEFT: &[&str] = &["reste", "restant", "left", "remain", "noch", "übrig", "queda", "resta"];
    let number = |unit: &str| {
        text.match_indices(unit)
            .any(|(at, _)| text[..at].trim_end().ends_with(|c: char| c.is_ascii_digit()))
    };
    if number("%") || number("％") {
        let lower = text.to_lowercase();
        let holds = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        return holds(OF_THE_PIECE) && holds(LEFT);
    }
    let rest = || {
        ["订阅", "訂閱", "付费", "付費", "登录", "登入"]
            .iter()
            .any(|word| text.contains(word))
    };
    text.contains("残り") && number("文字")
        || number("字") && ["阅读", "閱讀"].iter().any(|word| text.contains(word)) && rest()
}

fn is_cut(text: &str) -> bool {
    // Most of a page's texts hold none of the words, and need not be lower-cased to see it.
    static ANY: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let typeset = CUT.iter().map(|words| words.replace('\'', "’"));
        let all: Vec<String> = CUT.iter().map(|words| (*words).to_owned()).chain(typeset).collect();
        AhoCorasick::builder().ascii_case_insensitive(true).build(all).ok()
    });
    let cut = ANY.as_ref().is_some_and(|any| any.is_match(text));
    cut && (stub_in(text).is_some() || weight(text) < 300)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_told_from_other_numbers() {
        for text in [
            "Il vous reste 74.84% de cet article à lire. La suite est réservée aux abonnés.",
            "Il vous reste 85 % à découvrir.",
            "You have 60% of this article left to read.",
            "本文共计3201字，订阅后继续阅读",
            "残り1234文字",
        ] {
            assert!(says_how_much(text), "{text}");
        }
        for text in [
            "Il reste 20 % des places sur le bac.",
            "Soixante pour cent de cet article est gratuit.",
            "本文共3201字，阅读需要8分钟",
        ] {
            assert!(!says_how_much(text), "{text}");
        }
    }

    #[test]
    fn selectors_are_read_by_their_last_step() {
        assert_eq!(simple(".paid"), Some(vec![("class", "paid")]));
        assert_eq!(
            simple("main div.paid, #rest"),
            Some(vec![("class", "paid"), ("id", "rest")])
        );
        assert_eq!(simple("p:nth-child(2)"), None);
        assert_eq!(simple("article > p"), None);
    }
}
