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
pub mod document;
mod dom;
mod embedded;
mod features;
mod instead;
mod jsonld;
mod judge;
mod junk;
mod keys;
mod kind;
mod metadata;
mod published;
pub mod reservations;
mod rules;
mod standfirst;
mod title;
mod words;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use scraper::Html;
use url::Url;

use crate::model::source::Rules;
use crate::model::{Draft, Page, TextAccess};
use crate::text::charset;
use crate::text::dates::Usage;
use content::Block;
use dom::{Dom, Tag};
use words::{fold, squeeze};

/// What the source and the moment add to a page.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// IANA zone of dates printed without one.
    pub zone: &'a str,
    /// When the page was as it is here. `None` = nobody knows, as of a file somebody saved: nothing is counted from it.
    pub fetched_at: Option<Timestamp>,
    /// The source's language, where it is declared.
    pub lang: Option<&'a str>,
}

/// Reads a page by these rules, or by none. What cannot be read is absent; nothing here fails.
pub fn draft(page: &Page, rules: Option<&Rules>, context: &Context) -> Draft {
    draft_by(page, context, |_| rules.map(|rules| (0, rules)))
}

/// Reads a page by whichever of a source's rules is for it.
pub fn draft_of(page: &Page, rules: &[Rules], context: &Context) -> Draft {
    let zone = TimeZone::get(context.zone).unwrap_or(TimeZone::UTC);
    let day = context
        .fetched_at
        .unwrap_or(page.fetched_at)
        .to_zoned_datetime(zone)
        .date();
    draft_by(page, context, |dom| {
        let at = rules::choose(dom, rules, day)?;
        Some((at, &rules[at]))
    })
}

fn draft_by<'r>(page: &Page, context: &Context, choose: impl FnOnce(&Dom) -> Option<(usize, &'r Rules)>) -> Draft {
    let base = Url::parse(&page.url).ok();
    let host = base.as_ref().and_then(Url::host_str);
    let decoded = charset::decode(&page.body, page.header("content-type"), host);
    let html = Html::parse_document(bound::bounded(&decoded.text));
    let dom = Dom::new(&html);
    let chosen = choose(&dom);
    let mut draft = read(&dom, page, chosen.map(|(_, rules)| rules), context, base.as_ref());
    if let (Some(fit), Some((at, _))) = (&mut draft.rule, chosen) {
        fit.rule = at;
    }
    draft.charset = decoded.charset;
    draft
}

fn read(dom: &Dom, page: &Page, rules: Option<&Rules>, context: &Context, base: Option<&Url>) -> Draft {
    let mut meta = metadata::read(dom, base);
    meta.jsonld.unescape();
    let ruled = rules::apply(dom, rules);
    let (title, heading) = match ruled.title.first() {
        Some(at) => (Some(dom.text(*at)).filter(|text| !text.is_empty()), Some(*at)),
        None => title::title(dom, &meta, base),
    };
    let standfirst = ruled
        .standfirst
        .first()
        .map(|at| dom.text(*at))
        .filter(|text| !text.is_empty());

    let headline = Headline {
        title: title.as_deref(),
        standfirst: standfirst.as_deref(),
        heading,
    };
    let (cleaned, body_at) = body(dom, &meta, &ruled, &headline);
    let body_end = cleaned.paragraphs.last().map(|block| block.first);
    let lines: Vec<&str> = cleaned.paragraphs.iter().map(|block| block.text.as_str()).collect();
    let text = lines.join("\n\n");
    if let Some(instead) = instead::instead(dom, &meta, title.as_deref(), &text) {
        return absent(page, &meta, &ruled, instead);
    }

    let reading = published::Reading {
        dom,
        meta: &meta,
        usage: Usage {
            zone: context.zone,
            lang: context
                .lang
                .or(meta.html_lang.as_deref())
                .filter(|lang| !lang.is_empty()),
        },
        now: context.fetched_at,
        latest: page.fetched_at,
        url: &page.url,
        heading,
        title: title.as_deref(),
        body: body_at,
        prose: first_prose(&cleaned.paragraphs)
            .filter(|prose| body_at.is_some_and(|at| *prose >= at))
            .or(body_at),
        end: body_end.filter(|end| body_at.is_some_and(|at| *end >= at)),
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
        dom,
        near,
    });
    let (published, modified) = reading.both(&ruled.date);
    Draft {
        published,
        modified,
        standfirst: standfirst.or_else(|| standfirst::standfirst(dom, &meta, title.as_deref(), near, &text)),
        text_access: access::access(dom, &meta, &text, cleaned.stub.as_deref()),
        comments: comments::comments(dom, &meta, rules, &lines),
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
        rule_misses: ruled.misses(),
        rule: ruled.fit,
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

/// A draft of a page that stands in the article's place: nothing on it is the article's, so that the headline and the
/// version known from elsewhere stay.
fn absent(page: &Page, meta: &metadata::Metadata, ruled: &rules::Ruled, instead: instead::Instead) -> Draft {
    Draft {
        text_access: match instead {
            instead::Instead::Wall => TextAccess::Blocked,
            instead::Instead::Gone => TextAccess::HeadlineOnly,
        },
        reservations: reservations::reservations(page, meta),
        rule_misses: ruled.misses(),
        rule: ruled.fit.clone(),
        ..Draft::default()
    }
}

/// Where the first of the opening lines that is prose, and no line of a headline, begins.
fn first_prose(lines: &[Block]) -> Option<usize> {
    /// Twelve Latin words, twenty Han characters.
    const PROSE: u32 = 60;
    /// So many lines of names, days and outlets may stand above it.
    const OPENING: usize = 6;
    let mut opening = lines.iter().take(OPENING);
    opening
        .find(|line| line.is_sentence() && line.weight >= PROSE)
        .map(|line| line.first)
}

/// What stands above the text and is not repeated in it.
struct Headline<'a> {
    title: Option<&'a str>,
    standfirst: Option<&'a str>,
    heading: Option<usize>,
}

/// The paragraphs of the article, and the item where they begin.
fn body(
    dom: &Dom,
    meta: &metadata::Metadata,
    ruled: &rules::Ruled,
    headline: &Headline,
) -> (clean::Cleaned, Option<usize>) {
    let clean = |found| clean::clean(found, headline.title, headline.standfirst);
    // A rule that points at a `<textarea>` means the markup written inside it.
    let area = ruled.body.iter().find(|at| dom.tag(**at) == Some(Tag::TextArea));
    if let Some(at) = area
        && let Some(blocks) = unpacked(dom.source(*at))
    {
        return (clean(blocks), Some(*at));
    }
    let sight = content::sight(dom, &ruled.dropped, &ruled.body);
    if !ruled.body.is_empty() {
        let found = content::paragraphs(&sight, &content::outermost(dom, &ruled.body));
        let at = found.first().map(|block| block.first);
        return (clean(found), at);
    }
    let seen = seen(dom, meta, &sight, headline);
    let at = seen.found.first().map(|block| block.first);
    if let Some(other) = elsewhere(dom, meta, prose(&seen.found)) {
        return (clean(other), at);
    }
    let rows = measure(dom, meta, &sight, headline, &seen);
    let mut judged = judge::judged(&sight.lines, &rows);
    // A headline is above its text, whatever stands around it.
    if let Some(at) = headline.heading {
        judged.retain(|line| !(at..dom.items[at].end).contains(&line.first));
    }
    // None at all: a page of a kind that the trees never saw.
    if !judged.is_empty() {
        let at = judged.first().map(|block| block.first).or(at);
        let paragraphs = clean::finished(judged);
        let stub = seen.cleaned.stub;
        return (clean::Cleaned { paragraphs, stub }, at);
    }
    (seen.cleaned, at)
}

/// What the rules find on a page that no site rule describes.
struct Seen {
    regions: Vec<std::ops::Range<usize>>,
    found: Vec<Block>,
    cleaned: clean::Cleaned,
}

fn seen(dom: &Dom, meta: &metadata::Metadata, sight: &content::Sight, headline: &Headline) -> Seen {
    let vote: Option<Vec<String>> = meta
        .jsonld
        .body
        .as_deref()
        .map(|body| vec![fold(body)])
        .filter(|lines| lines[0].len() > 300);
    let regions = content::regions(dom, sight, headline.heading, vote.as_deref());
    let found = content::paragraphs(sight, &regions);
    let cleaned = clean::clean(found.clone(), headline.title, headline.standfirst);
    Seen {
        regions,
        found,
        cleaned,
    }
}

/// Where in a row what depends on the rules begins; the second cell there is their verdict.
#[doc(hidden)]
pub const RULED_FROM: usize = features::FREE;

/// The lines of a page and what is measured of each, for training the judge: `examples/blocks.rs`.
#[doc(hidden)]
pub fn measured(page: &Page) -> Vec<(String, Vec<f32>)> {
    let base = Url::parse(&page.url).ok();
    let decoded = charset::decode(
        &page.body,
        page.header("content-type"),
        base.as_ref().and_then(Url::host_str),
    );
    let html = Html::parse_document(bound::bounded(&decoded.text));
    let dom = Dom::new(&html);
    let mut meta = metadata::read(&dom, base.as_ref());
    meta.jsonld.unescape();
    let (title, heading) = title::title(&dom, &meta, base.as_ref());
    let sight = content::sight(&dom, &[], &[]);
    let headline = Headline {
        title: title.as_deref(),
        standfirst: None,
        heading,
    };
    let seen = seen(&dom, &meta, &sight, &headline);
    let rows = measure(&dom, &meta, &sight, &headline, &seen);
    let rows = rows.into_iter().map(|row| row.to_vec());
    sight.lines.into_iter().map(|line| line.text).zip(rows).collect()
}

fn measure(
    dom: &Dom,
    meta: &metadata::Metadata,
    sight: &content::Sight,
    headline: &Headline,
    seen: &Seen,
) -> Vec<features::Row> {
    let claims = features::Claims {
        title: headline.title,
        heading: headline.heading,
        description: meta
            .get(&["og:description", "description", "twitter:description"])
            .or(meta.jsonld.description.as_deref()),
        body: meta.jsonld.body.as_deref(),
    };
    let verdicts = features::Verdicts {
        regions: &seen.regions,
        found: &seen.found,
        cleaned: &seen.cleaned.paragraphs,
    };
    features::rows(dom, sight, &claims, &verdicts)
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
    /// Weight of a short news item: fifty Latin words.
    const AN_ARTICLE: u32 = 300;
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
    let told = meta.jsonld.body.as_deref().unwrap_or_default();
    let lines: Vec<Block> = told.split('\n').filter_map(Block::plain).collect();
    let enough = |lines: &[Block]| prose(lines) > had * CLEARLY_MORE && prose(lines) > AN_ARTICLE;
    if enough(&lines) {
        return Some(lines);
    }
    (had < AN_ARTICLE)
        .then(|| embedded::paragraphs(dom))?
        .filter(|lines| enough(lines))
}

/// The lines of markup that stands in a page as text; some sites escape it once more.
fn unpacked(source: &str) -> Option<Vec<Block>> {
    let blocks = |source: &str| {
        let inner = Html::parse_fragment(bound::bounded(source));
        let sight = content::sight(&Dom::new(&inner), &[], &[]);
        sight.shown().cloned().collect::<Vec<Block>>()
    };
    let once = blocks(source);
    let found = match once.as_slice() {
        [only] if only.text.contains("</p>") || only.text.contains("<br") => blocks(&only.text),
        _ => once,
    };
    (!found.is_empty()).then_some(found)
}
