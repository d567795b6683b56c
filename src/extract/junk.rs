//! What an element's class and id say about it: navigation, sharing, comments, related stories.
//!
//! Takes attributes, gives a verdict on the element alone; `content` weighs it against how much text is inside.

use super::dom::Tag;
use super::keys::Table;

/// What the names say, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Junk {
    /// Readers' words or the form for them: never the article's.
    Comments,
    /// Named as something else than an article's text.
    Hard,
    /// Often something else, where little text is inside.
    Soft,
}

/// Verdicts on the names of one page, which has few and repeats them.
#[derive(Default)]
pub struct Names<'a> {
    known: Table<&'a str, Option<Junk>>,
}

impl<'a> Names<'a> {
    /// The verdict on an element by its names.
    pub fn of(&mut self, tag: Tag, class: Option<&'a str>, id: Option<&'a str>) -> Option<Junk> {
        if matches!(tag, Tag::Html | Tag::Body | Tag::Article | Tag::Main) {
            return None;
        }
        let names = [class, id].into_iter().flatten();
        names
            .filter_map(|names| *self.known.entry(names).or_insert_with(|| by_names(names)))
            .min()
    }
}

/// One attribute's names.
fn by_names(names: &str) -> Option<Junk> {
    names.split_ascii_whitespace().take(40).filter_map(by_name).min()
}

/// One class or id: `article__related-links`, `commentList`, `xgxw`.
fn by_name(name: &str) -> Option<Junk> {
    let mut worst: Option<Junk> = None;
    let mut before = String::new();
    let mut token = String::new();
    let mut upper = true;
    let mut judge = |token: &mut String, before: &mut String| {
        if token.is_empty() {
            return;
        }
        // "no-comments", "has-sidebar", "hide-nav" describe a page, not this element.
        let negated = matches!(
            before.as_str(),
            "no" | "has" | "with" | "without" | "hide" | "is" | "not"
        );
        if !negated && let Some(junk) = by_token(token).or_else(|| by_pair(before, token)) {
            worst = Some(worst.map_or(junk, |worst: Junk| worst.min(junk)));
        }
        std::mem::swap(before, token);
        token.clear();
    };
    for c in name.chars().take(120) {
        if !c.is_ascii_alphabetic() {
            judge(&mut token, &mut before);
            upper = true;
            continue;
        }
        if c.is_ascii_uppercase() && !upper {
            judge(&mut token, &mut before);
        }
        upper = c.is_ascii_uppercase();
        token.push(c.to_ascii_lowercase());
    }
    judge(&mut token, &mut before);
    worst
}

fn by_token(token: &str) -> Option<Junk> {
    Some(match token {
        "comment" | "comments" | "commentlist" | "commentform" | "commentaire" | "commentaires" | "commenting"
        | "commentbox" | "respond" | "disqus" | "pinglun" | "viafoura" | "kommentare" | "kommentar" | "comentarios"
        | "comentários" | "commentarea" | "guestbook" | "gentie" | "spotim" | "livefyre" | "commentwrap" => {
            Junk::Comments
        }
        "share" | "shares" | "sharing" | "sharebar" | "sharebox" | "sharedaddy" | "sharelinks" | "bdshare"
        | "bdsharebuttonbox" | "social" | "socials" | "socialbar" | "jiathis" | "related" | "relateds"
        | "relatedposts" | "relatedarticles" | "relatedlinks" | "relatedcontent" | "recommend" | "recommended"
        | "recommendation" | "recommendations" | "recommends" | "recirc" | "recirculation" | "promo" | "promos"
        | "promotion" | "newsletter" | "newsletters" | "footer" | "foot" | "sidebar" | "breadcrumb" | "breadcrumbs"
        | "copyright" | "disclaimer" | "nav" | "navbar" | "navigation" | "subnav" | "menu" | "menus" | "submenu"
        | "hotnews" | "rank" | "ranking" | "ranklist" | "toolbar" | "advert" | "adverts" | "advertisement"
        | "advertising" | "advertorial" | "ad" | "ads" | "adv" | "publicite" | "pub" | "gpt" | "dfp"
        | "adsbygoogle" | "outbrain" | "taboola" | "plista" | "readmore" | "subscribe" | "subscription" | "paywall"
        | "caption" | "byline" | "pagination" | "pager" | "login" | "signin" | "signup" | "cookie" | "cookies"
        | "consent" | "gdpr" | "modal" | "popup" | "yarpp" | "authorbox" | "authorbio" | "tuijian" | "xiangguan"
        | "xgxw" | "xgyd" | "yuedu" | "yueduo" | "tags" | "taglist" | "trending" | "mostread" | "mostpopular"
        | "lightbox" | "sponsored" | "sponsor" | "donate" | "donation" | "teasers" | "pullquote" | "infobox"
        | "qrcode" | "erweima" | "weixin" | "editor_tips" | "lireaussi" | "legende" | "werbung" | "anzeige"
        | "wpcnt" | "onetrust" | "didomi" | "piano" | "tinypass" => Junk::Hard,
        "banner" | "widget" | "widgets" | "meta" | "metadata" | "tag" | "tools" | "print" | "hidden" | "teaser"
        | "carousel" | "slideshow" | "slider" | "gallery" | "latest" | "popular" | "tooltip" | "cta" | "survey"
        | "poll" | "bio" | "author" | "authors" | "credit" | "credits" | "header" | "headline" | "date"
        | "dateline" | "timestamp" | "rail" | "aside" | "bottom" | "embed" | "search" | "toc" | "index"
        | "keywords" | "editor" | "source" | "icon" | "label" | "more" | "player" | "video" | "photo" | "image"
        | "img" | "figure" | "dek" | "skip" | "button" | "btn" | "kicker" | "category" | "topic" | "topics"
        | "profile" | "follow" | "rating" | "vote" | "likes" | "correction" => Junk::Soft,
        _ => return None,
    })
}

fn by_pair(before: &str, token: &str) -> Option<Junk> {
    let hard = matches!(
        (before, token),
        ("read", "more" | "also" | "next")
            | ("lire", "aussi")
            | ("see", "also")
            | ("most", "read" | "viewed" | "shared" | "commented")
            | ("more", "on" | "from" | "stories" | "news" | "articles" | "info")
            | ("hot", "news" | "list")
            | ("sign", "up" | "in")
            | ("log", "in")
            | ("author", "info" | "box" | "bio" | "card" | "details" | "description")
            | ("about", "author" | "the")
            | ("pull", "quote")
            | ("sr" | "screen", "only" | "reader")
            | ("visually", "hidden")
            | ("next" | "prev" | "previous", "article" | "post" | "story")
            | ("post", "tags" | "navigation" | "nav")
            | ("jp", "relatedposts")
            | ("top", "stories" | "news")
            | ("you", "may")
            | ("up", "next")
            | ("en", "lien")
            | ("sur", "le")
    );
    if hard {
        return Some(Junk::Hard);
    }
    matches!(
        (before, token),
        ("tie", "area") | ("reader", "responses") | ("reply", "form")
    )
    .then_some(Junk::Comments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_word_by_word() {
        let of = |class| Names::default().of(Tag::Box, Some(class), None);
        assert_eq!(of("article__related-links"), Some(Junk::Hard));
        assert_eq!(of("commentList"), Some(Junk::Comments));
        assert_eq!(of("post no-comments has-sidebar"), None);
        assert_eq!(of("articleBody"), None);
        assert_eq!(of("shared-values"), None);
        assert_eq!(Names::default().of(Tag::Body, Some("comments"), None), None);
    }
}
