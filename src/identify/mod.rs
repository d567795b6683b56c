//! Draft to Article: language, canonical URL, fingerprint.
//!
//! Takes a Draft and what is declared of its source, gives an Article. Never looks at other articles in the store.

pub mod canonical;
pub mod fingerprint;
pub mod language;
pub mod profiles;

use jiff::Timestamp;

use crate::model::source::SourceKind;
use crate::model::{Article, ArticleId, DateClaim, Draft, ItemKind, Link, Precision, Source, TextAccess};
use crate::text::fold::fold;
use crate::text::hash::sha256_hex;
use crate::text::script::length;

use canonical::{canonical, site, url_key};

/// What is known of the page besides its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFacts {
    /// The address that answered.
    pub url: String,
    /// The address that was asked for.
    pub requested: String,
    pub seen_at: Timestamp,
}

/// The article that a page shows, with what its listing claimed where the page itself is silent.
/// `None` when there is neither title nor text, or no web address.
pub fn article(draft: &Draft, facts: &PageFacts, source: &Source, link: Option<&Link>) -> Option<Article> {
    let title = filled(draft.title.as_deref())
        .or_else(|| filled(link?.title.as_deref()))
        .unwrap_or_default();
    let (text, from_listing) = fuller_text(draft, link);
    if title.is_empty() && text.is_empty() {
        return None;
    }
    let standfirst = filled(draft.standfirst.as_deref())
        .or_else(|| filled(link?.teaser.as_deref()))
        .filter(|lead| fold(lead) != fold(title));
    let url = address(draft, facts, source)?;
    let sample = format!("{title}\n{}\n{text}", standfirst.unwrap_or_default());
    let mut detected = language::detect(&sample, Some(&source.lang));
    if detected.lang.is_none() {
        let declared = draft
            .declared_lang
            .as_deref()
            .or(link.and_then(|link| link.lang.as_deref()));
        detected = language::detect(&sample, declared);
    }
    let authors = match link {
        Some(link) if draft.authors.is_empty() => link.authors.clone(),
        _ => draft.authors.clone(),
    };
    let section = filled(draft.section.as_deref()).or_else(|| filled(link?.section.as_deref()));
    let listed = |claim: fn(&Link) -> &Option<DateClaim>| link.and_then(|link| claim(link).as_ref());
    Some(Article {
        id: article_id(&source.id, &url),
        source: source.id.clone(),
        title: title.to_owned(),
        standfirst: standfirst.map(str::to_owned),
        authors,
        published: better_claim(draft.published.as_ref(), listed(|link| &link.published)),
        modified: better_claim(draft.modified.as_ref(), listed(|link| &link.updated)),
        section: section.map(str::to_owned),
        kind: draft.kind.unwrap_or_else(|| usual_kind(source.kind)),
        credit: draft.credit.clone(),
        text_access: access(draft, from_listing, text, standfirst),
        comments: draft.comments.clone(),
        length: length(text, detected.lang.as_deref()),
        digest: fingerprint::digest(title, text),
        simhash: fingerprint::simhash(text),
        lang: detected.lang,
        script: detected.script,
        text: text.to_owned(),
        seen_at: facts.seen_at,
        url,
    })
}

/// The article as its listing alone shows it, where the page may not be fetched.
pub fn from_link(link: &Link, source: &Source, seen_at: Timestamp) -> Option<Article> {
    let facts = PageFacts {
        url: link.url.clone(),
        requested: link.url.clone(),
        seen_at,
    };
    article(&Draft::default(), &facts, source, Some(link))
}

/// `i:` and 16 hex digits of the source and the address's key.
pub fn article_id(source: &str, canonical_url: &str) -> ArticleId {
    let digest = sha256_hex(format!("{source}\n{}", url_key(canonical_url)).as_bytes());
    format!("i:{}", digest.get(..16).unwrap_or(&digest))
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// The page's own canonical address where it can be believed, else the one that answered, else the one asked for.
fn address(draft: &Draft, facts: &PageFacts, source: &Source) -> Option<String> {
    let keep = &source.identity_query;
    let answered = canonical(&facts.url, keep).or_else(|| canonical(&facts.requested, keep))?;
    let claimed = draft.canonical.as_deref().and_then(|url| canonical(url, keep));
    Some(
        claimed
            .filter(|claimed| is_believable(claimed, &answered, source))
            .unwrap_or(answered),
    )
}

/// Templates put the home page, another site or an address without its id into `rel=canonical`; any of these would make
/// one article of many.
fn is_believable(claimed: &str, answered: &str, source: &Source) -> bool {
    let (Ok(claim), Ok(answer)) = (url::Url::parse(claimed), url::Url::parse(answered)) else {
        return false;
    };
    let (Some(claimed_host), Some(answered_host)) = (claim.host_str(), answer.host_str()) else {
        return false;
    };
    let home_page = claim.path() == "/" && claim.query().is_none() || url_key(claimed) == url_key(&source.home);
    let has_key = |url: &url::Url, key: &str| url.query_pairs().any(|(name, _)| name.eq_ignore_ascii_case(key));
    let lost_identity = source
        .identity_query
        .iter()
        .any(|key| has_key(&answer, key) && !has_key(&claim, key));
    site(claimed_host) == site(answered_host) && !home_page && !lost_identity
}

/// The claim with the stronger evidence; but a day is given up for the hour that lies within it.
fn better_claim(page: Option<&DateClaim>, listing: Option<&DateClaim>) -> Option<DateClaim> {
    let (Some(page), Some(listing)) = (page, listing) else {
        return page.or(listing).cloned();
    };
    let (strong, weak) = if listing.evidence < page.evidence {
        (listing, page)
    } else {
        (page, listing)
    };
    let within = strong.interval.min <= weak.interval.min && weak.interval.max <= strong.interval.max;
    let finer = strong.precision >= Precision::Day && weak.precision < strong.precision;
    Some(if finer && within { weak } else { strong }.clone())
}

/// A feed may carry the whole text where the page shows less; also says whether it came from there.
fn fuller_text<'a>(draft: &'a Draft, link: Option<&'a Link>) -> (&'a str, bool) {
    let read = filled(Some(&draft.text)).unwrap_or_default();
    let listed = link.and_then(|link| filled(link.text.as_deref())).unwrap_or_default();
    let withheld = matches!(draft.text_access, TextAccess::Teaser | TextAccess::Blocked);
    match read.is_empty() || withheld && listed.len() > read.len() {
        true if !listed.is_empty() => (listed, true),
        _ => (read, false),
    }
}

fn access(draft: &Draft, from_listing: bool, text: &str, lead: Option<&str>) -> TextAccess {
    match draft.text_access {
        _ if from_listing => TextAccess::Full,
        // There is text and extraction did not say otherwise.
        TextAccess::HeadlineOnly if !text.is_empty() => TextAccess::Full,
        told if !text.is_empty() => told,
        _ if lead.is_some() => TextAccess::Teaser,
        TextAccess::Blocked => TextAccess::Blocked,
        _ => TextAccess::HeadlineOnly,
    }
}

/// What a source of this kind publishes when the page does not say.
fn usual_kind(kind: SourceKind) -> ItemKind {
    match kind {
        SourceKind::Wire => ItemKind::Wire,
        SourceKind::Government => ItemKind::Release,
        SourceKind::Blog | SourceKind::Own => ItemKind::Blog,
        SourceKind::Press
        | SourceKind::Broadcaster
        | SourceKind::PartyPress
        | SourceKind::ThinkTank
        | SourceKind::Association => ItemKind::Article,
    }
}

#[cfg(test)]
mod tests;
