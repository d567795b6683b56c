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

/// Beginnings of the titles of pages that stand before a page: challenges and refusals (Cloudflare, Akamai, DataDome,
/// PerimeterX, and Chinese and Korean portals' own).
const CHALLENGES: &[&str] = &[
    "just a moment",
    "attention required! | cloudflare",
    "access denied",
    "access to this page has been denied",
    "403 forbidden",
    "request blocked",
    "are you a robot",
    "are you human",
    "please verify you are",
    "verify you are human",
    "pardon our interruption",
    "security check",
    "robot check",
    "checking your browser",
    "ddos protection",
    "vérification de sécurité",
    "accès refusé",
    "zugriff verweigert",
    "acceso denegado",
    "доступ ограничен",
    "安全验证",
    "访问验证",
    "人机验证",
    "验证码",
    "访问被拒绝",
    "访问受限",
    "驗證",
    "접근이 차단",
    "자동입력 방지",
    "アクセスが拒否",
];

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
    "登录后查看全文",
    "订阅后阅读",
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
    "残り",
];

/// `stub` are the words of a paywall taken out of the text itself; `title` is the page's.
pub fn access(dom: &Dom, meta: &Metadata, title: Option<&str>, text: &str, stub: Option<&str>) -> TextAccess {
    let read = weight(text);
    if read < WHOLE && is_challenge(meta, title) {
        return TextAccess::Blocked;
    }
    if read == 0 {
        return TextAccess::HeadlineOnly;
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
    if stub.is_some() || paid && (read < TEASER || trails || left_out(dom, meta)) || visible_stub(dom) {
        return TextAccess::Teaser;
    }
    TextAccess::Full
}

/// The page stands before the one that was asked for.
fn is_challenge(meta: &Metadata, title: Option<&str>) -> bool {
    let begins = |text: &str| {
        let lower = text.trim().to_lowercase();
        CHALLENGES.iter().any(|words| lower.starts_with(words))
    };
    meta.page_title.as_deref().is_some_and(begins) || title.is_some_and(begins)
}

/// The part that JSON-LD calls paid for (`hasPart.cssSelector`) is in the page, and empty.
fn left_out(dom: &Dom, meta: &Metadata) -> bool {
    let Some(class) = meta.jsonld.paid_part.as_deref().and_then(|css| css.strip_prefix('.')) else {
        return false;
    };
    let mut parts = dom
        .elements()
        .filter(|(_, _, element)| {
            let classes = element.attribute("class").unwrap_or_default();
            classes.split_ascii_whitespace().any(|found| found == class)
        })
        .peekable();
    parts.peek().is_some() && parts.all(|(at, ..)| weight(&dom.text(at)) < EMPTY)
}

/// A stub outside the text, in a box of its own.
fn visible_stub(dom: &Dom) -> bool {
    dom.items.iter().any(|item| match item.what {
        What::Text(text) if (12..400).contains(&text.len()) => {
            !matches!(dom.tag(item.parent), Some(Tag::Script | Tag::TextArea | Tag::Title)) && is_cut(text)
        }
        _ => false,
    })
}

fn is_cut(text: &str) -> bool {
    // Most of a page's texts hold none of the words, and need not be lower-cased to see it.
    static ANY: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let typeset = CUT.iter().map(|words| words.replace('\'', "’"));
        let all: Vec<String> = CUT.iter().map(|words| (*words).to_owned()).chain(typeset).collect();
        AhoCorasick::builder().ascii_case_insensitive(true).build(all).ok()
    });
    // 残り1234文字: what is left, in characters.
    let says = |at: usize| CUT[at % CUT.len()] != "残り" || text.contains("文字");
    let cut = ANY
        .as_ref()
        .is_some_and(|any| any.find_iter(text).any(|found| says(found.pattern().as_usize())));
    cut && (stub_in(text).is_some() || weight(text) < 300)
}
