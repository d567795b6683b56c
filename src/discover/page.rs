//! An HTML page of headlines.
//!
//! Takes decoded HTML and the listing's selectors, gives links with the date printed beside each. Without a selector,
//! links of the same site whose text is long enough to be a headline. Never follows a link.

use std::collections::HashMap;

use scraper::{ElementRef, Html, Selector};
use unicode_width::UnicodeWidthStr;
use url::Url;

use super::listed::Listed;
use super::{Context, address, dom};
use crate::model::{DateClaim, DateEvidence, Link, Listing};
use crate::text::dates;

/// Archive pages list some hundreds of headlines.
const MOST_LINKS: usize = 2_000;
/// How far up from a link its block is looked for: `a < h3 < div < div < article < li` is six.
const FARTHEST_BLOCK: usize = 8;
/// Nodes of the largest block that is looked at: a card with picture, teaser and tags measured under 100. What is
/// larger is a column with a single article in it, whose dates may be anything's.
const LARGEST_BLOCK: usize = 400;
/// How deep in a link its text is looked for.
const DEEPEST_TEXT: usize = 32;
/// Text nodes of one block that are tried as a date.
const MOST_TEXTS: usize = 40;
/// The longest written date, "mercredi 16 décembre 2009 à 10 h 15 (heure de Paris)", is 53 characters.
const LONGEST_DATE: usize = 60;
/// Columns a headline takes at least, a Chinese character taking two: menu entries measured under 20.
const SHORTEST_HEADLINE: usize = 20;

/// One link of the page before its date is known.
struct Found<'a> {
    element: ElementRef<'a>,
    /// Index into the links that will be listed.
    index: usize,
}

pub fn read(text: &str, listing: &Listing, context: &Context, listed: &mut Listed) {
    let document = match dom::document(text) {
        Ok(document) => document,
        Err(reason) => {
            listed.error = Some(reason);
            return;
        }
    };
    let base = base(&document, &context.base);
    listed.title = first_text(&document, "title");
    listed.lang = document
        .root_element()
        .attr("lang")
        .map(str::to_owned)
        .filter(|lang| !lang.is_empty());
    let Some(elements) = candidates(&document, listing, &base, listed) else {
        return;
    };
    let date_selector = match listing.date.as_deref().map(Selector::parse).transpose() {
        Ok(selector) => selector,
        Err(error) => {
            listed.error = Some(format!("the date selector does not parse: {error}"));
            None
        }
    };

    let mut by_address: HashMap<String, usize> = HashMap::new();
    let mut found = Vec::new();
    let mut refused = 0;
    for element in elements {
        listed.items += 1;
        let Some(mut url) = target(element, &base) else {
            refused += 1;
            continue;
        };
        // A part of the page is the page, except where a script makes pages of parts (`#!`).
        if let Some((page, part)) = url.split_once('#')
            && !part.starts_with('!')
        {
            url = page.to_owned();
        }
        let index = *by_address.entry(url.clone()).or_insert_with(|| {
            listed.links.push(Link { url, ..Link::default() });
            listed.links.len() - 1
        });
        found.push(Found { element, index });
    }
    listed.repaired(refused, "links that are not http(s) left out");

    let blocks = blocks(&found);
    for (link, block) in found.iter().zip(blocks) {
        let (date, date_text) =
            match block.and_then(|block| date_in(block, link.element, date_selector.as_ref(), context)) {
                Some((date, text)) => (Some(date), text),
                None => (None, String::new()),
            };
        let Some(known) = listed.links.get_mut(link.index) else {
            continue;
        };
        let title = headline(link.element, &date_text);
        // The same article is often linked from its picture first: the longest text is the headline.
        if title.as_ref().map_or(0, String::len) > known.title.as_ref().map_or(0, String::len) {
            known.title = title;
        }
        known.published = known.published.take().or(date);
    }
}

/// `<base href>`, against which everything else is relative.
pub(super) fn base(document: &Html, page: &Url) -> Url {
    let selector = Selector::parse("base[href]").ok();
    let href = selector.and_then(|selector| document.select(&selector).next()?.attr("href"));
    let joined = href.and_then(|href| page.join(href).ok());
    joined
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .unwrap_or_else(|| page.clone())
}

fn first_text(document: &Html, selector: &str) -> Option<String> {
    let selector = Selector::parse(selector).ok()?;
    collapsed(document.select(&selector).next()?.text())
}

fn collapsed<'a>(pieces: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut out = String::new();
    for piece in pieces {
        for word in piece.split_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    (!out.is_empty()).then_some(out)
}

/// The `<a>` elements to list. `None` when there is nothing to go by; the reason is then recorded.
fn candidates<'a>(
    document: &'a Html,
    listing: &Listing,
    base: &Url,
    listed: &mut Listed,
) -> Option<Vec<ElementRef<'a>>> {
    let anchors = Selector::parse("a").ok()?;
    let Some(written) = listing.links.as_deref() else {
        let headlines = document.select(&anchors).filter(|anchor| is_headline(*anchor, base));
        return Some(headlines.take(MOST_LINKS).collect());
    };
    let selector = match Selector::parse(written) {
        Ok(selector) => selector,
        Err(error) => {
            listed.error = Some(format!("the links selector `{written}` does not parse: {error}"));
            return None;
        }
    };
    let elements: Vec<_> = document
        .select(&selector)
        .filter_map(|element| match element.value().name() {
            "a" => Some(element),
            _ => element.select(&anchors).next(),
        })
        .take(MOST_LINKS)
        .collect();
    if elements.is_empty() {
        listed.error = Some(format!("the links selector `{written}` matches nothing on this page"));
        return None;
    }
    Some(elements)
}

fn is_headline(anchor: ElementRef, base: &Url) -> bool {
    let wide = collapsed(anchor.text()).is_some_and(|text| text.width() >= SHORTEST_HEADLINE);
    let furniture = || {
        let mut ancestors = anchor.ancestors().filter_map(ElementRef::wrap);
        ancestors.any(|element| matches!(element.value().name(), "nav" | "footer" | "aside" | "form"))
    };
    wide && target(anchor, base).is_some_and(|url| same_site(&url, base)) && !furniture()
}

/// Under one registrable domain, and not the page itself.
fn same_site(url: &str, base: &Url) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let domain = |url: &Url| {
        let host = url.host_str()?;
        Some(psl::domain_str(host).unwrap_or(host).to_owned())
    };
    domain(&url) == domain(base) && url.path() != "/" && (url.path(), url.query()) != (base.path(), base.query())
}

/// The address a link leads to, also where a script call stands in its place.
fn target(anchor: ElementRef, base: &Url) -> Option<String> {
    let href = anchor.attr("href").unwrap_or_default().trim();
    if !address::is_script(href) && !href.is_empty() && href != "#" {
        return address::absolute(href, &[base]);
    }
    let script = address::quoted(href).or_else(|| address::quoted(anchor.attr("onclick")?))?;
    address::absolute(script, &[base])
}

/// For each link the largest element around it that holds no other article's link.
fn blocks<'a>(found: &[Found<'a>]) -> Vec<Option<ElementRef<'a>>> {
    // For each element near a link: the one article it holds, or `None` for several.
    let mut holds: HashMap<_, Option<usize>> = HashMap::new();
    let near = |element: ElementRef<'a>| {
        std::iter::once(*element)
            .chain(element.ancestors())
            .take(FARTHEST_BLOCK)
            .filter_map(ElementRef::wrap)
    };
    for link in found {
        for element in near(link.element) {
            holds
                .entry(element.id())
                .and_modify(|index| {
                    if *index != Some(link.index) {
                        *index = None;
                    }
                })
                .or_insert(Some(link.index));
        }
    }
    let small = |element: &ElementRef| element.descendants().nth(LARGEST_BLOCK).is_none();
    let alone = |element: &ElementRef| holds.get(&element.id()).copied().flatten().is_some() && small(element);
    found
        .iter()
        .map(|link| near(link.element).take_while(alone).last())
        .collect()
}

/// The date printed in a block around a link, and the text it was read from.
fn date_in(
    block: ElementRef,
    anchor: ElementRef,
    selector: Option<&Selector>,
    context: &Context,
) -> Option<(DateClaim, String)> {
    if let Some(selector) = selector {
        return block.select(selector).find_map(|element| {
            let text = collapsed(element.text()).unwrap_or_default();
            let mut written = ["datetime", "content", "title"]
                .iter()
                .filter_map(|name| element.attr(name));
            let claim = written
                .find_map(|raw| claim(raw, context))
                .or_else(|| claim(&text, context));
            Some((claim?, text))
        });
    }
    let time = Selector::parse("time").ok()?;
    let marked = block.select(&time).find_map(|element| {
        let text = collapsed(element.text()).unwrap_or_default();
        let read = element.attr("datetime").and_then(|raw| claim(raw, context));
        Some((read.or_else(|| claim(&text, context))?, text))
    });
    marked.or_else(|| {
        let beside = texts(block, anchor, false)
            .iter()
            .find_map(|text| read_date(text, context));
        beside.or_else(|| {
            // A link that is all date is a headline; only one that holds more may have the date inside.
            let own = texts(block, anchor, true);
            let several = own.len() > 1;
            own.iter().filter(|_| several).find_map(|text| read_date(text, context))
        })
    })
}

/// The texts of a block within its link or beside it, whitespace collapsed, none empty.
fn texts(block: ElementRef, anchor: ElementRef, within: bool) -> Vec<String> {
    let texts = block.descendants().filter_map(|node| {
        let text = collapsed(std::iter::once(&**node.value().as_text()?))?;
        let inside = node
            .ancestors()
            .take(DEEPEST_TEXT)
            .any(|ancestor| ancestor.id() == anchor.id());
        (inside == within).then_some(text)
    });
    texts.take(MOST_TEXTS).collect()
}

fn read_date(text: &str, context: &Context) -> Option<(DateClaim, String)> {
    Some((claim(text, context)?, text.to_owned()))
}

/// Reads a short text as a date, if it has a figure: "hier" beside a link may be a word of its teaser.
fn claim(raw: &str, context: &Context) -> Option<DateClaim> {
    let raw = raw.trim();
    if raw.chars().count() > LONGEST_DATE || !raw.chars().any(|c| c.is_numeric() || c == '年') {
        return None;
    }
    let written = dates::parse(raw, context.zone, Some(context.now)).filter(|read| !read.is_after(context.now))?;
    Some(written.claim(DateEvidence::Listing, raw))
}

/// The link's text without the date that stands inside it, or its `title` attribute, or its picture's description.
fn headline(anchor: ElementRef, date: &str) -> Option<String> {
    let pieces = anchor
        .text()
        .filter(|piece| date.is_empty() || piece.split_whitespace().ne(date.split_whitespace()));
    let text = collapsed(pieces);
    let attribute = || collapsed(anchor.attr("title").into_iter());
    let picture = || {
        let images = Selector::parse("img[alt]").ok()?;
        collapsed(anchor.select(&images).filter_map(|image| image.attr("alt")))
    };
    text.or_else(attribute)
        .or_else(picture)
        .or_else(|| collapsed(anchor.text()))
}
