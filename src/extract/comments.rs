//! Whether readers may comment, and how many did: only what the page says, with the words that said it.
//!
//! Takes the flat page, metadata and site rules; gives `unknown` where nothing speaks. Never keeps a comment's text.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::dom::{Attributes, Dom, Tag, What};
use super::metadata::Metadata;
use super::words::{squeeze, weight};
use crate::model::source::Rules;
use crate::model::{CommentState, Comments};

/// Said where comments are closed, lower case.
const CLOSED: &[&str] = &[
    "comments are closed",
    "comments closed",
    "commenting is closed",
    "comments are now closed",
    "comments on this article are closed",
    "comments have been closed",
    "comments are disabled",
    "comments off",
    "les commentaires sont fermés",
    "commentaires fermés",
    "les commentaires sont désactivés",
    "les commentaires sont clos",
    "les commentaires sont désormais fermés",
    "les contributions sont closes",
    "kommentare sind geschlossen",
    "kommentarfunktion ist geschlossen",
    "kommentarfunktion ist deaktiviert",
    "comentarios cerrados",
    "comentarios están cerrados",
    "комментарии закрыты",
    "التعليقات مغلقة",
    "コメントは受け付けていません",
    "该文章已关闭评论",
    "暂停评论",
    "關閉評論",
    "댓글 서비스를 제공하지",
    "la discussion est fermée",
    "评论已关闭",
    "评论关闭",
    "評論已關閉",
    "本文暂不开放评论",
    "댓글을 사용할 수 없습니다",
    "댓글이 닫혔습니다",
    "댓글 기능이 중지",
];

/// Said where readers may comment: a whole label, lower case.
const INVITES: &[&str] = &[
    "leave a comment",
    "leave a reply",
    "post a comment",
    "add a comment",
    "join the conversation",
    "join the discussion",
    "write a comment",
    "laisser un commentaire",
    "ajouter un commentaire",
    "écrire un commentaire",
    "poster un commentaire",
    "réagir à cet article",
    "kommentar schreiben",
    "kommentar verfassen",
    "schreibe einen kommentar",
    "deja un comentario",
    "escribe un comentario",
    "оставить комментарий",
    "اترك تعليقا",
    "コメントを書く",
    "コメントを投稿",
    "参与评论",
    "发表评论",
    "我要评论",
    "写评论",
    "我来说两句",
    "網友留言",
    "發表評論",
    "댓글 쓰기",
    "댓글쓰기",
    "댓글 달기",
    "댓글을 입력",
];

/// Ids and classes that a service's thread is loaded into (Disqus, Facebook, Coral, OpenWeb, Viafoura, Hyvor, Livefyre,
/// Changyan, Duoshuo, LiveRe, Naver).
const THREADS: &[&str] = &[
    "disqus_thread",
    "fb-comments",
    "coral_thread",
    "coral-stream",
    "spotim-conversation",
    "vf-comments",
    "hyvor-talk-view",
    "livefyre-comments",
    "sohucs",
    "ds-thread",
    "lv-container",
    "cbox_module",
];

/// One of these stands in everything above and in every count: most of a page's words need no second look.
const STEMS: &[&str] = &[
    "comment",
    "kommentar",
    "comentario",
    "contributions",
    "discussion",
    "conversation",
    "reply",
    "réagir",
    "омментари",
    "التعليقات",
    "تعليق",
    "コメント",
    "评论",
    "評論",
    "我来说两句",
    "留言",
    "跟贴",
    "댓글",
];

fn may_speak_of_comments(text: &str) -> bool {
    static ANY: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(STEMS).ok());
    ANY.as_ref().is_none_or(|any| any.is_match(text))
}

pub fn comments(dom: &Dom, meta: &Metadata, rules: Option<&Rules>) -> Comments {
    let mut found = generic(dom, meta);
    let Some(rules) = rules else { return found };
    let first = |css: &Option<String>| {
        let css = css.as_deref()?;
        let at = dom.select(css)?;
        (!at.is_empty()).then(|| (css.to_owned(), at))
    };
    if rules.comments_none {
        return Comments {
            state: CommentState::None,
            count: None,
            signal: Some("rule: comments_none".to_owned()),
        };
    }
    // Closed is the stronger word: a form may stay in the page behind the notice.
    if let Some((css, _)) = first(&rules.comments_open) {
        found = Comments {
            state: CommentState::Open,
            signal: Some(css),
            ..found
        };
    }
    if let Some((css, _)) = first(&rules.comments_closed) {
        found = Comments {
            state: CommentState::Closed,
            signal: Some(css),
            ..found
        };
    }
    if let Some((css, at)) = first(&rules.comments_count) {
        let number = match at.as_slice() {
            [one] => number_in(&dom.text(*one)).or(Some(1)),
            many => u32::try_from(many.len()).ok(),
        };
        found.count = number.or(found.count);
        found.signal.get_or_insert(css);
    }
    found
}

fn generic(dom: &Dom, meta: &Metadata) -> Comments {
    let mut state = CommentState::Unknown;
    let mut signal = None;
    let mut counts: Vec<(u32, String)> = Vec::new();
    for (at, item) in dom.items.iter().enumerate() {
        match item.what {
            What::Element(tag, element) => {
                let id = element.attribute("id").unwrap_or_default();
                let name = element.attribute("name").unwrap_or_default();
                let form = tag == Tag::Form && matches!(id, "commentform" | "comment-form" | "comment_form")
                    || tag == Tag::TextArea
                        && (matches!(id, "comment" | "comment-body") || matches!(name, "comment" | "comment[body]"));
                let class = element.attribute("class").unwrap_or_default();
                let thread = (!id.is_empty() || !class.is_empty())
                    && THREADS.iter().any(|thread| {
                        id.eq_ignore_ascii_case(thread)
                            || class
                                .split_ascii_whitespace()
                                .any(|class| class.eq_ignore_ascii_case(thread))
                    });
                if (form || thread) && state == CommentState::Unknown {
                    state = CommentState::Open;
                    let name = if id.is_empty() {
                        format!(".{class}")
                    } else {
                        format!("#{id}")
                    };
                    signal = Some(format!("{}{name}", element.value().name()).chars().take(80).collect());
                }
            }
            What::Text(text) if text.len() < 400 && may_speak_of_comments(text) => {
                if matches!(dom.tag(item.parent), Some(Tag::Script | Tag::TextArea | Tag::Title)) {
                    continue;
                }
                let lower = squeeze(text).to_lowercase();
                if state != CommentState::Closed
                    && CLOSED.iter().any(|words| lower.contains(words))
                    && weight(&lower) < 240
                {
                    state = CommentState::Closed;
                    signal = Some(squeeze(text).chars().take(80).collect());
                }
                let label = lower.trim_matches(|c: char| !c.is_alphanumeric());
                if state == CommentState::Unknown && label.len() < 60 && INVITES.contains(&label) {
                    state = CommentState::Open;
                    signal = Some(squeeze(text));
                }
                if let Some(count) = count_in(&lower).or_else(|| split_count(dom, at, &lower)) {
                    counts.push((count, squeeze(text)));
                }
            }
            What::Text(_) => {}
        }
    }
    let mut count = meta.jsonld.comment_count;
    // Lists of other stories have their own counts: only one that nothing contradicts is this piece's.
    if count.is_none()
        && let Some((first, words)) = counts.first()
        && counts.iter().all(|(n, _)| n == first)
    {
        count = Some(*first);
        signal.get_or_insert_with(|| words.clone());
    } else if count.is_some() {
        signal.get_or_insert_with(|| "json-ld: commentCount".to_owned());
    }
    Comments { state, count, signal }
}

/// "12 comments", "comments (12)", "12 commentaires", "评论 12 条", "12条评论", "댓글 12".
fn count_in(lower: &str) -> Option<u32> {
    const WORDS: &[&str] = &[
        "commentaires",
        "commentaire",
        "comments",
        "comment",
        "kommentare",
        "kommentar",
        "comentarios",
        "comentario",
        "комментариев",
        "комментария",
        "комментарий",
        "コメント",
        "条评论",
        "條評論",
        "人评论",
        "網友評論",
        "网友评论",
        "評論",
        "跟贴",
        "评论",
        "条",
        "댓글",
        "개",
    ];
    if weight(lower) > 30 || !lower.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let mut rest = lower.to_owned();
    let mut named = false;
    for word in WORDS {
        if rest.contains(*word) {
            named |= !matches!(*word, "条" | "개");
            rest = rest.replacen(*word, " ", 1);
        }
    }
    let plain: String = rest
        .chars()
        .filter(|c| !matches!(c, '(' | ')' | '（' | '）' | ' ' | ':' | '：' | ',' | '\u{A0}'))
        .collect();
    if !named || plain.is_empty() || plain.len() > 6 || !plain.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    plain.parse().ok()
}

/// A label whose number stands in an element of its own: `评论<em>12</em>条`.
fn split_count(dom: &Dom, at: usize, lower: &str) -> Option<u32> {
    let label = lower.trim_matches(|c: char| !c.is_alphanumeric());
    if !matches!(label, "comments" | "commentaires" | "评论" | "댓글") {
        return None;
    }
    let parent = dom.items[at].parent;
    let block = if matches!(dom.tag(parent), Some(Tag::Inline | Tag::Link)) {
        dom.items[parent].parent
    } else {
        parent
    };
    // The element around label and number holds nothing else.
    if dom.items[block].end - block > 12 {
        return None;
    }
    count_in(&dom.text(block).to_lowercase())
}

fn number_in(text: &str) -> Option<u32> {
    let digits: String = text
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(|c| c.is_ascii_digit())
        .take(7)
        .collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{CLOSED, INVITES, count_in, may_speak_of_comments};

    #[test]
    fn every_phrase_has_a_stem() {
        for phrase in CLOSED.iter().chain(INVITES) {
            assert!(may_speak_of_comments(phrase), "{phrase}");
        }
    }

    #[test]
    fn counts_are_told_from_prose() {
        for (text, count) in [
            ("12 comments", 12),
            ("comments (3)", 3),
            ("评论 25 条", 25),
            ("7条评论", 7),
            ("댓글 4", 4),
            ("1 commentaire", 1),
        ] {
            assert_eq!(count_in(text), Some(count), "{text}");
        }
        for text in [
            "he made 12 comments on it",
            "12",
            "comments",
            "12 条",
            "2009-12-17 comments",
        ] {
            assert_eq!(count_in(text), None, "{text}");
        }
    }
}
