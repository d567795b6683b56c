//! The headline: of all headings and claims, the one that the page itself agrees on.
//!
//! Takes the flat page and its metadata, gives the headline and the heading it was read from. A heading that is a
//! logo, a breadcrumb or a teaser is none; a kicker set inside the heading is dropped unless the page's own titles
//! keep it.

mod claims;
mod parts;

use url::Url;

use super::dom::{Attributes, Dom, Tag};
use super::metadata::Metadata;
use super::words::{fold, squeeze};
use claims::Claims;

/// Longest headline, in characters; longer ones are paragraphs set as headings.
const LONGEST: usize = 250;

/// Headings looked at, of each level; the headline is among the first.
const MOST: usize = 12;

/// What a heading needs to be taken: an `<h1>` by itself has it, an `<h2>` needs one claim that agrees.
const ENOUGH: i32 = 10;

/// What a lower heading has that `<title>` alone repeats, and nothing speaks against.
const SAID: i32 = 6;

/// Classes of the piece's own headline (WordPress, Drupal, and what newsrooms write by hand).
const NAMED: &[&str] = &[
    "entry-title",
    "post-title",
    "article-title",
    "article__title",
    "articletitle",
    "story-title",
    "headline",
    "article-headline",
    "article__headline",
    "news-title",
    "page-title",
    "aka-h1",
];

/// Beginnings of a class or an id whose box holds no headline of this piece.
const ELSEWHERE: &[&str] = &[
    "widget",
    "sidebar",
    "related",
    "site-title",
    "sitetitle",
    "site-branding",
    "logo",
    "cookie",
    "newsletter",
    "menu-toggle",
    "comment-reply",
];

/// Classes of what only a screen reader says.
const HIDDEN: &[&str] = &[
    "aural",
    "sr-only",
    "visuallyhidden",
    "visually-hidden",
    "screen-reader-text",
    "h-offscreen",
];

/// The headline, and the heading element it was read from.
pub fn title(dom: &Dom, meta: &Metadata, base: Option<&Url>) -> (Option<String>, Option<usize>) {
    let claims = Claims::new(meta, base.and_then(Url::host_str));
    let mut best: Option<(i32, usize, String)> = None;
    // A lower heading that is word for word what the page calls itself.
    let mut lower: Option<(usize, String)> = None;
    for (at, tag) in headings(dom) {
        let Some(text) = parts::headline(dom, at, &claims) else {
            continue;
        };
        if !(2..=LONGEST).contains(&text.chars().count()) {
            continue;
        }
        let score = worth(dom, at, tag, &text, &claims) - if leads_up(dom, at, base) { 20 } else { 0 };
        if lower.is_none() && tag != Tag::H1 && score >= SAID && claims.is_headline(&fold(&text)) {
            lower = Some((at, text.clone()));
        }
        if score >= ENOUGH && best.as_ref().is_none_or(|(had, ..)| score > *had) {
            best = Some((score, at, text));
        }
    }
    // A masthead set as the first heading: no claim speaks for it, and one does for the other.
    if let Some((_, at, text)) = &best
        && dom.tag(*at) == Some(Tag::H1)
        && claims.support(&fold(text)) <= 0
        && let Some((at, text)) = lower
    {
        best = Some((ENOUGH, at, text));
    }
    let (title, at) = match best {
        Some((_, at, text)) => {
            let agreed = claims.agreed_against(&text).map(str::to_owned);
            (Some(agreed.unwrap_or(text)), Some(at))
        }
        None => (claims.own_title(), None),
    };
    // A claim may hold markup of its own, and that a break.
    (title.map(|title| squeeze(&title)), at)
}

/// Headings in order: the first `<h1>`s, and the first of the others.
fn headings(dom: &Dom) -> Vec<(usize, Tag)> {
    let (mut firsts, mut others) = (0, 0);
    let mut found = Vec::new();
    for (at, tag, element) in dom.elements() {
        let count = match tag {
            Tag::H1 => &mut firsts,
            Tag::Heading => &mut others,
            _ if element.attribute("itemprop") == Some("headline") && tag != Tag::Meta => &mut others,
            _ => continue,
        };
        if *count < MOST {
            *count += 1;
            found.push((at, tag));
        }
    }
    found
}

/// How much speaks for a heading: its place, its name, and the claims that say the same.
fn worth(dom: &Dom, at: usize, tag: Tag, text: &str, claims: &Claims) -> i32 {
    let line = fold(text);
    if claims.is_site(&line) {
        return 0;
    }
    let level = dom.element(at).map(|element| element.value().name());
    let mut score = match (tag, level) {
        (Tag::H1, _) => 15,
        (_, Some("h2")) => 3,
        _ => 1,
    };
    let attr = |at: usize, name: &str| dom.attr(at, name).unwrap_or_default().to_ascii_lowercase();
    let class = attr(at, "class");
    let named =
        class.split_ascii_whitespace().any(|class| NAMED.contains(&class)) || attr(at, "itemprop") == "headline";
    let support = claims.support(&line);
    score += support + if named { 5 } else { 0 };
    if class.split_ascii_whitespace().any(|class| HIDDEN.contains(&class)) {
        score -= 5;
    }
    for up in std::iter::once(at).chain(dom.ancestors(at).take(12)) {
        match dom.tag(up) {
            Some(Tag::Nav | Tag::Footer) => score -= 24,
            Some(Tag::Aside) => score -= 6,
            Some(Tag::Body | Tag::Html) => break,
            // A heading that leads elsewhere is a teaser or a logo.
            Some(Tag::Link) => score -= if is_home(&attr(up, "href")) { 20 } else { 2 },
            _ => {}
        }
        let (class, id) = (attr(up, "class"), attr(up, "id"));
        // Search engines' titles stand in breadcrumbs as `<h1>` (German newsrooms), the headline below them.
        if class.contains("breadcrumb") || id.contains("breadcrumb") {
            score -= 24;
            break;
        }
        let words = class.split_ascii_whitespace().chain([id.as_str()]);
        if words
            .into_iter()
            .any(|class| ELSEWHERE.iter().any(|word| class.starts_with(word)))
        {
            score -= 12;
            break;
        }
    }
    if links_home(dom, at) {
        score -= 20;
    }
    score
}

/// The heading's words stand in a link to the front page.
fn links_home(dom: &Dom, at: usize) -> bool {
    let end = dom.items[at].end.min(at + 6);
    (at + 1..end).any(|inner| dom.tag(inner) == Some(Tag::Link) && dom.attr(inner, "href").is_some_and(is_home))
}

/// The heading's words stand in a link to a folder that this page lies in: the name of a blog, above its piece.
fn leads_up(dom: &Dom, at: usize, base: Option<&Url>) -> bool {
    let end = dom.items[at].end.min(at + 6);
    let href = (at + 1..end).find_map(|inner| dom.attr(inner, "href").filter(|_| dom.tag(inner) == Some(Tag::Link)));
    let Some((base, to)) = base.and_then(|base| Some((base, base.join(href?.trim()).ok()?))) else {
        return false;
    };
    let (here, there) = (base.path().trim_end_matches('/'), to.path().trim_end_matches('/'));
    let inside = here.strip_prefix(there).is_some_and(|rest| rest.starts_with('/'));
    to.host_str() == base.host_str() && to.query().is_none() && inside
}

fn is_home(href: &str) -> bool {
    let href = href.trim();
    let path = match href.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => href
            .strip_prefix('/')
            .unwrap_or(if href == "./" { href } else { "page" }),
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    matches!(path, "" | "index.html" | "index.php" | "index.htm" | "./")
}
