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
    "comments are not available",
    "comments are turned off",
    "comments on this article are now closed",
    "comments on this article have been closed",
    "comments on this story are closed",
    "commenting on this article is disabled",
    "commenting on this article is closed",
    "commenting on this story is disabled",
    "commenting on this story is closed",
    "commenting is disabled",
    "commenting has been disabled",
    "commenting has been turned off",
    "commenting is turned off",
    "espace de commentaires est fermé",
    "espace commentaires est fermé",
    "les commentaires sont maintenant fermés",
    "commentaires sont fermés",
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
    "评论功能已关闭",
    "评论功能关闭",
    "关闭了评论功能",
    "評論功能已關閉",
    "留言功能已關閉",
    "留言已關閉",
    "留言功能已关闭",
    "댓글을 작성할 수 없",
    "댓글을 달 수 없",
    "댓글 작성이 제한",
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

/// Said where nobody commented so far, lower case, at the beginning of a line.
const NONE_YET: &[&str] = &[
    "aucun commentaire",
    "pas encore de commentaire",
    "no comments yet",
    "there are no comments yet",
    "be the first to comment",
    "soyez le premier à commenter",
    "soyez la première personne à commenter",
    "noch keine kommentare",
    "sé el primero en comentar",
    "aún no hay comentarios",
    "комментариев пока нет",
    "暂无评论",
    "还没有评论",
    "尚無留言",
    "目前沒有留言",
    "등록된 댓글이 없습니다",
    "아직 댓글이 없습니다",
];

/// Said to those who may be the first to comment.
const FIRST: &[&str] = &["be the first", "soyez le premier", "soyez la première", "sé el primero"];

/// Words for what readers write, which name other things too, away from a box for comments.
const RESPONSES: &[&str] = &[
    "contributions",
    "contribution",
    "responses",
    "réponses",
    "réactions",
    "replies",
    "reactions",
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
    "comentar",
    "contribution",
    "réponses",
    "responses",
    "réactions",
    "reactions",
    "replies",
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

/// `prose` are the article's own lines, which may speak of comments as of anything else.
pub fn comments(dom: &Dom, meta: &Metadata, rules: Option<&Rules>, prose: &[&str]) -> Comments {
    let mut found = generic(dom, meta, prose);
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

fn generic(dom: &Dom, meta: &Metadata, prose: &[&str]) -> Comments {
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
                        && (matches!(id, "comment" | "comment-body")
                            || matches!(name, "comment" | "comment[body]")
                            || in_box(dom, at));
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
                let lower = squeeze(text).to_lowercase().replace('’', "'");
                if state != CommentState::Closed && says_closed(&lower, text, prose) {
                    state = CommentState::Closed;
                    signal = Some(squeeze(text).chars().take(80).collect());
                }
                let label = lower.trim_matches(|c: char| !c.is_alphanumeric());
                let none = weight(&lower) < 120 && NONE_YET.iter().any(|words| label.starts_with(words));
                let invited = label.len() < 60 && INVITES.contains(&label)
                    || none && FIRST.iter().any(|words| lower.contains(words));
                if state == CommentState::Unknown && invited {
                    state = CommentState::Open;
                    signal = Some(squeeze(text).chars().take(80).collect());
                }
                let count = (none.then_some(0))
                    .or_else(|| count_in(&lower))
                    .or_else(|| split_count(dom, at, &lower))
                    .or_else(|| responses(&lower).filter(|_| lower.ends_with(')') || in_box(dom, at)));
                if let Some(count) = count {
                    counts.push((count, squeeze(text).chars().take(80).collect()));
                }
            }
            What::Text(_) => {}
        }
    }
    if counts.is_empty()
        && let Some(listed) = listed(dom)
    {
        counts.push(listed);
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

/// A line says that comments are closed: all of it where it is one of the article's, else in a few words more.
fn says_closed(lower: &str, text: &str, prose: &[&str]) -> bool {
    /// What a notice says besides: "for this article", "after two weeks".
    const BESIDES: u32 = 20;
    let Some(words) = CLOSED.iter().find(|words| lower.contains(**words)) else {
        return false;
    };
    let line = squeeze(text);
    let of_prose = || prose.iter().any(|paragraph| paragraph.contains(&line));
    weight(lower) < 240 && (weight(lower) <= weight(words) + BESIDES || !of_prose())
}

/// Inside an element that is named for readers' comments.
fn in_box(dom: &Dom, at: usize) -> bool {
    let boxes = dom
        .ancestors(at)
        .take(8)
        .take_while(|up| !matches!(dom.tag(*up), Some(Tag::Body | Tag::Html | Tag::Article | Tag::Main)));
    let names: Vec<String> = boxes
        .flat_map(|up| [dom.attr(up, "id"), dom.attr(up, "class")])
        .flatten()
        .map(str::to_ascii_lowercase)
        .collect();
    let any = |word: &&str| names.iter().any(|name| name.contains(word));
    // A form that writes to the newsroom is named for comments too (Jetpack).
    ["comment", "kommentar", "respond", "pinglun", "reply"].iter().any(any) && !any(&"contact")
}

/// "3 réponses", "3 Responses to “…”", "Contributions (61)".
fn responses(lower: &str) -> Option<u32> {
    let (first, rest) = lower.split_once(' ')?;
    let (number, word) = if first.chars().all(|c| c.is_ascii_digit()) {
        (first, rest.split(' ').next()?)
    } else {
        (rest.strip_prefix('(')?.strip_suffix(')')?, first)
    };
    (RESPONSES.contains(&word) && number.len() < 7).then(|| number.parse().ok())?
}

/// The comments of a list that is named so, counted: WordPress's `ol.commentlist`.
fn listed(dom: &Dom) -> Option<(u32, String)> {
    let has = |at: usize, wanted: &[&str]| {
        let class = dom.attr(at, "class").unwrap_or_default();
        class.split_ascii_whitespace().any(|class| wanted.contains(&class))
    };
    let list = (0..dom.items.len()).find(|at| has(*at, &["commentlist", "comment-list", "comments-list"]))?;
    let inside = list + 1..dom.items[list].end;
    let comments = inside
        .filter(|at| dom.tag(*at) == Some(Tag::Item) && has(*at, &["comment"]))
        .count();
    let count = u32::try_from(comments).ok().filter(|count| *count > 0)?;
    Some((count, ".comment".to_owned()))
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
    use super::{CLOSED, INVITES, NONE_YET, RESPONSES, count_in, may_speak_of_comments, responses};

    #[test]
    fn every_phrase_has_a_stem() {
        for phrase in CLOSED.iter().chain(INVITES).chain(NONE_YET).chain(RESPONSES) {
            assert!(may_speak_of_comments(phrase), "{phrase}");
        }
    }

    #[test]
    fn responses_are_counted_by_their_label() {
        assert_eq!(responses("3 réponses"), Some(3));
        assert_eq!(responses("3 responses to “the ferry sails again”"), Some(3));
        assert_eq!(responses("contributions (61)"), Some(61));
        assert_eq!(responses("contributions (many)"), None);
        assert_eq!(responses("3 ferries"), None);
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
