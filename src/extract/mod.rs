//! Page to Draft: text, title, dates, authors, with their evidence.
//!
//! Takes bytes and rules, gives a Draft. Never knows the store, the clock or the network.
//! The document is parsed once; everything else is a pass over its flat form.

mod access;
mod authors;
mod bound;
mod clean;
mod comments;
mod content;
mod credit;
mod dom;
mod jsonld;
mod junk;
mod kind;
mod metadata;
mod published;
mod reservations;
mod rules;
mod standfirst;
mod title;
mod words;

use jiff::Timestamp;
use scraper::Html;
use url::Url;

use crate::model::source::Rules;
use crate::model::{Draft, Page};
use crate::text::charset;
use content::Block;
use dom::{Dom, Tag};
use words::{fold, squeeze, weight};

/// What the source and the moment add to a page.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// IANA zone of dates printed without one.
    pub zone: &'a str,
    pub fetched_at: Timestamp,
    /// The source's language, where it is declared.
    pub lang: Option<&'a str>,
}

/// Reads a page. What cannot be read is absent; nothing here fails.
pub fn draft(page: &Page, rules: Option<&Rules>, context: &Context) -> Draft {
    let base = Url::parse(&page.url).ok();
    let host = base.as_ref().and_then(Url::host_str);
    let decoded = charset::decode(&page.body, page.header("content-type"), host);
    let html = Html::parse_document(bound::bounded(&decoded.text));
    let dom = Dom::new(&html);
    let mut draft = read(&dom, page, rules, context, base.as_ref());
    draft.charset = decoded.charset;
    draft
}

fn read(dom: &Dom, page: &Page, rules: Option<&Rules>, context: &Context, base: Option<&Url>) -> Draft {
    let mut meta = metadata::read(dom, base);
    meta.jsonld.unescape();
    let ruled = rules::apply(dom, rules);
    let (title, heading) = match ruled.title.first() {
        Some(at) => (Some(dom.text(*at)).filter(|text| !text.is_empty()), Some(*at)),
        None => title::title(dom, &meta, base.and_then(Url::host_str)),
    };
    let standfirst = ruled
        .standfirst
        .first()
        .map(|at| dom.text(*at))
        .filter(|text| !text.is_empty());

    let (found, body_at) = body(dom, &meta, &ruled, heading);
    let cleaned = clean::clean(found, title.as_deref(), standfirst.as_deref());
    let lines: Vec<&str> = cleaned.paragraphs.iter().map(|block| block.text.as_str()).collect();
    let text = lines.join("\n\n");

    let reading = published::Reading {
        dom,
        meta: &meta,
        zone: context.zone,
        fetched_at: context.fetched_at,
        url: &page.url,
        heading,
        title: title.as_deref(),
        body: body_at,
        opening: lines.first().copied(),
    };
    let near = reading.neighbourhood().unwrap_or((0, 0));
    let header = reading.lines();
    let authors = authors::authors(dom, &meta, &ruled.author, near, &header, &lines);
    let credit = credit::credit(&header, &lines, &authors);
    let section = ruled
        .section
        .first()
        .map(|at| dom.text(*at))
        .or_else(|| standfirst::section(&meta, title.as_deref()))
        .map(|section| squeeze(&section))
        .filter(|section| !section.is_empty() && section.chars().count() <= 80);
    let kind = kind::kind(&kind::Signs {
        meta: &meta,
        url: &page.url,
        title: title.as_deref(),
        section: section.as_deref(),
        text: &text,
        credit: credit.as_deref(),
        authors: &authors,
        outlet: meta.get(&["og:site_name"]).or(meta.jsonld.publisher.as_deref()),
    });
    Draft {
        published: reading.published(&ruled.date),
        modified: reading.modified(),
        standfirst: standfirst.or_else(|| standfirst::standfirst(dom, &meta, title.as_deref(), near, &text)),
        text_access: access::access(dom, &meta, title.as_deref(), &text, cleaned.stub.as_deref()),
        comments: comments::comments(dom, &meta, rules),
        declared_lang: meta
            .html_lang
            .clone()
            .or_else(|| {
                meta.get(&["content-language", "og:locale", "language"])
                    .map(str::to_owned)
            })
            .or_else(|| meta.jsonld.language.clone())
            .filter(|lang| !lang.is_empty() && lang.len() < 40),
        reservations: reservations::reservations(page, &meta),
        rule_misses: ruled.misses,
        canonical: meta.canonical,
        alternates: meta.alternates,
        charset: String::new(),
        title,
        text,
        authors,
        section,
        kind,
        credit,
    }
}

/// The paragraphs of the article before cleaning, and the item where they begin.
fn body(
    dom: &Dom,
    meta: &metadata::Metadata,
    ruled: &rules::Ruled,
    heading: Option<usize>,
) -> (Vec<Block>, Option<usize>) {
    // A rule that points at a `<textarea>` means the markup written inside it.
    let area = ruled.body.iter().find(|at| dom.tag(**at) == Some(Tag::TextArea));
    if let Some(at) = area
        && let Some(blocks) = unpacked(dom.source(*at))
    {
        return (blocks, Some(*at));
    }
    let sight = content::sight(dom, &ruled.dropped, &ruled.body);
    let vote: Option<Vec<String>> = meta
        .jsonld
        .body
        .as_deref()
        .map(|body| vec![fold(body)])
        .filter(|lines| lines[0].len() > 300);
    let regions = if ruled.body.is_empty() {
        content::regions(dom, &sight, heading, vote.as_deref())
    } else {
        content::outermost(dom, &ruled.body)
    };
    let found = content::paragraphs(&sight, &regions);
    let at = found.first().map(|block| block.first);
    if ruled.body.is_empty()
        && let Some(other) = elsewhere(dom, meta, prose(&found))
    {
        return (other, at);
    }
    (found, at)
}

fn prose(blocks: &[Block]) -> u32 {
    blocks
        .iter()
        .filter(|block| block.is_sentence())
        .map(|block| block.weight)
        .sum()
}

/// Text that the page holds but does not set: escaped in a `<textarea>`, or only in its metadata.
fn elsewhere(dom: &Dom, meta: &metadata::Metadata, had: u32) -> Option<Vec<Block>> {
    /// Text elsewhere is taken when it is this many times what the page itself shows.
    const CLEARLY_MORE: u32 = 2;
    let area = dom
        .elements()
        .filter(|(_, tag, _)| *tag == Tag::TextArea)
        .map(|(at, ..)| dom.source(at));
    if let Some(source) = area
        .filter(|source| source.contains("</p>") || source.contains("<br"))
        .max_by_key(|s| s.len())
        && let Some(blocks) = unpacked(source)
        && prose(&blocks) > had * CLEARLY_MORE
    {
        return Some(blocks);
    }
    let body = meta.jsonld.body.as_deref()?;
    let lines: Vec<Block> = body.split('\n').filter_map(Block::plain).collect();
    (prose(&lines) > had * CLEARLY_MORE && weight(body) > 300).then_some(lines)
}

/// The lines of markup that stands in a page as text; some sites escape it once more.
fn unpacked(source: &str) -> Option<Vec<Block>> {
    let blocks = |source: &str| {
        let inner = Html::parse_fragment(bound::bounded(source));
        content::sight(&Dom::new(&inner), &[], &[]).blocks
    };
    let once = blocks(source);
    let found = match once.as_slice() {
        [only] if only.text.contains("</p>") || only.text.contains("<br") => blocks(&only.text),
        _ => once,
    };
    (!found.is_empty()).then_some(found)
}
