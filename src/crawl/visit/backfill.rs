//! One source's archives, opened: older pages of its feeds, its sitemaps, then the articles of the window.
//!
//! Takes what a run shares, one source and a window, gives the source's line. The same manners as every visit; the
//! looks are of kind `archive`, so that no silence and no first sight is read off them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use jiff::Timestamp;
use url::Url;

use crate::crawl::backfill::{Backfilled, MOST_DOCUMENTS, Wanted, all_before, published};
use crate::crawl::plan;
use crate::crawl::reading;
use crate::crawl::recorder::RecordError;
use crate::crawl::run::Event;
use crate::crawl::summary::SourceSummary;
use crate::discover::DocumentKind;
use crate::fetch::robots::State;
use crate::identify::canonical;
use crate::model::source::PagePolicy;
use crate::model::{ListingKind, Outcome, Source};

use super::manners::Shared;
use super::{article, listing};

/// Sitemap indexes of indexes; the protocol allows one level, some publishers make two.
const DEEPEST: u32 = 3;

/// An archive document to open.
struct Step {
    url: String,
    /// How many indexes lead to it.
    depth: u32,
    /// Its absence is no news: a place where an archive may be, named by nobody.
    guessed: bool,
}

/// What is known of the archives so far.
#[derive(Default)]
struct Walk {
    queue: VecDeque<Step>,
    asked: HashSet<String>,
    /// By identity: address, and when it was published.
    found: BTreeMap<String, (String, Option<Timestamp>, bool)>,
    /// Older pages or sitemaps that were read; without one, the source has no archive.
    archives: u32,
    /// Sites whose pages are the source's.
    own: BTreeSet<String>,
    done: Backfilled,
}

impl Walk {
    fn open(&mut self, url: String, depth: u32, guessed: bool) {
        if self.asked.insert(url.clone()) {
            self.queue.push_back(Step { url, depth, guessed });
        }
    }
}

pub(in crate::crawl) async fn backfill(
    shared: &Shared,
    source: &Source,
    wanted: Wanted,
) -> Result<SourceSummary, RecordError> {
    let mut summary = SourceSummary::new(&source.id);
    let began = shared.clock.now();
    let mut walk = Walk {
        own: own_sites(source),
        ..Walk::default()
    };
    for listing in source
        .listings
        .iter()
        .filter(|listing| listing.kind == ListingKind::Feed)
    {
        walk.open(listing.url.clone(), 0, false);
    }
    go(shared, source, wanted, &mut walk, &mut summary).await?;
    for url in sitemaps(shared, source, &mut walk).await? {
        walk.open(url, 0, false);
    }
    go(shared, source, wanted, &mut walk, &mut summary).await?;
    if walk.archives == 0
        && let Some(url) = Url::parse(&source.home)
            .ok()
            .and_then(|home| home.join("/sitemap.xml").ok())
    {
        walk.open(url.into(), 0, true);
        go(shared, source, wanted, &mut walk, &mut summary).await?;
    }
    if walk.archives == 0 {
        let what = if walk.done.failed > 0 {
            "no archive in reach"
        } else {
            "no archive"
        };
        summary.error = Some(format!("{what}: {}", walk.done.tried.join("; ")));
    }
    if source.pages == PagePolicy::Fetch && !shared.offline {
        articles(shared, source, wanted, &mut walk, &mut summary).await?;
    }
    walk.done.documents = walk.archives;
    summary.backfill = Some(walk.done);
    summary.seconds = shared.clock.now().duration_since(began).as_secs_f64();
    (shared.events)(Event::Visited {
        summary: summary.clone(),
    });
    Ok(summary)
}

/// Those of the configuration and those that robots.txt names.
async fn sitemaps(shared: &Shared, source: &Source, walk: &mut Walk) -> Result<Vec<String>, RecordError> {
    let declared = source
        .listings
        .iter()
        .filter(|listing| listing.kind == ListingKind::Sitemap);
    let mut found: Vec<String> = declared
        .map(|listing| plan::listing_url(&listing.url, &source.timezone, shared.clock.now()))
        .collect();
    let Some(robots) = Url::parse(&source.home)
        .ok()
        .and_then(|home| home.join("/robots.txt").ok())
    else {
        return Ok(found);
    };
    if shared.offline {
        return Ok(found);
    }
    let named = shared.robots(source, &robots).await?;
    if named.as_ref().is_none_or(|rules| rules.state() == State::Unreachable) {
        walk.done.failed += 1;
        walk.done.tried.push("robots.txt is out of reach".to_owned());
        return Ok(found);
    }
    let named = named.map_or_else(Vec::new, |rules| rules.sitemaps(&robots));
    if named.is_empty() {
        walk.done.tried.push("robots.txt names no sitemap".to_owned());
    }
    found.extend(named.into_iter().map(String::from));
    Ok(found)
}

/// Opens what is waiting, and what it leads to.
async fn go(
    shared: &Shared,
    source: &Source,
    wanted: Wanted,
    walk: &mut Walk,
    summary: &mut SourceSummary,
) -> Result<(), RecordError> {
    while let Some(step) = walk.queue.pop_front() {
        if shared.cancel.is_cancelled() {
            break;
        }
        if walk.asked.len() > MOST_DOCUMENTS as usize {
            walk.done
                .tried
                .push(format!("stopped at {MOST_DOCUMENTS} archive documents"));
            walk.queue.clear();
            break;
        }
        document(shared, source, wanted, (walk, step), summary).await?;
    }
    Ok(())
}

async fn document(
    shared: &Shared,
    source: &Source,
    wanted: Wanted,
    (walk, step): (&mut Walk, Step),
    summary: &mut SourceSummary,
) -> Result<(), RecordError> {
    let archive = reading::remembered(&step.url, ListingKind::Archive);
    // The ledger knows listings by their address as declared; the fragment keeps an archive apart from a living
    // listing at the same address, and no server ever sees it.
    let declared = format!("{}#backfill", step.url);
    let seen = listing::see(shared, source, &archive, declared, summary, &mut Vec::new()).await?;
    let Some(listed) = seen.listed.filter(|_| seen.outcome.is_good()) else {
        walk.done.failed += u32::from(!matches!(seen.outcome, Outcome::Gone | Outcome::Unreadable));
        let why = seen.error.unwrap_or_else(|| format!("{:?}", seen.outcome));
        walk.done.tried.push(format!("{}: {why}", step.url));
        return Ok(());
    };
    let before = walk.found.len();
    let feed = matches!(listed.document, DocumentKind::Feed(_));
    let (mut dates, mut elsewhere) = (Vec::new(), 0_u32);
    for announced in seen.links {
        // A sitemap speaks for its own site (sitemaps.org, "Sitemap file location"); a feed's links may go through a
        // counting house.
        if !feed && !walk.own.contains(&site_of(&announced.link.url)) {
            elsewhere += 1;
            continue;
        }
        let span = published(&announced.link);
        dates.extend(span);
        let within = span.is_some_and(|span| wanted.touches(span));
        let found = (announced.link.url, span.map(|span| span.min), within);
        match walk.found.entry(announced.url_key) {
            Entry::Vacant(entry) => _ = entry.insert(found),
            // One listing may date what another merely names.
            Entry::Occupied(mut entry) if entry.get().1.is_none() => _ = entry.insert(found),
            Entry::Occupied(_) => {}
        }
    }
    if elsewhere > 0 {
        let plural = if elsewhere == 1 { "address" } else { "addresses" };
        walk.done
            .tried
            .push(format!("{}: {elsewhere} {plural} of other sites left out", step.url));
    }
    // The feed as it stands is no archive; a page that it or a sitemap leads to is.
    walk.archives += u32::from(!feed || step.depth > 0);
    if feed {
        match listed.older {
            // A server that gives the first page for every number would be asked for ever.
            Some(older) if walk.found.len() > before && !all_before(wanted.window, &dates) => {
                walk.open(older, step.depth + 1, step.guessed);
            }
            Some(_) => {}
            None if step.depth == 0 => walk
                .done
                .tried
                .push(format!("{} names no older page (RFC 5005)", step.url)),
            None => {}
        }
    }
    if step.depth < DEEPEST {
        for child in listed.children.iter().filter(|child| wanted.may_list(child)) {
            walk.open(child.url.clone(), step.depth + 1, step.guessed);
        }
    }
    Ok(())
}

/// Of its front page, its hosts and its listings.
fn own_sites(source: &Source) -> BTreeSet<String> {
    let hosts = source.hosts.iter().map(|pattern| {
        let host = pattern.split('/').next().unwrap_or(pattern);
        canonical::site(host)
    });
    let listings = source.listings.iter().map(|listing| site_of(&listing.url));
    hosts.chain(listings).chain([site_of(&source.home)]).collect()
}

fn site_of(url: &str) -> String {
    let url = Url::parse(url).ok();
    canonical::site(url.as_ref().and_then(Url::host_str).unwrap_or_default())
}

/// The articles of the window that were never had, oldest first.
async fn articles(
    shared: &Shared,
    source: &Source,
    wanted: Wanted,
    walk: &mut Walk,
    summary: &mut SourceSummary,
) -> Result<(), RecordError> {
    let found = std::mem::take(&mut walk.found);
    walk.done.listed = count(found.len());
    walk.done.undated = count(found.values().filter(|(_, date, _)| date.is_none()).count());
    let mut pages: Vec<(Timestamp, String, String)> = found
        .into_iter()
        .filter_map(|(key, (url, date, within))| within.then_some((date?, key, url)))
        .collect();
    pages.sort();
    walk.done.wanted = count(pages.len());
    let keys: Vec<&str> = pages.iter().map(|(_, key, _)| key.as_str()).collect();
    let had = shared.reader.had_among(&source.id, &keys, plan::TRIES)?;
    walk.done.known = count(had.len());
    pages.retain(|(_, key, _)| !had.contains(key));
    walk.done.left = count(pages.len());
    for (_, key, url) in pages.into_iter().take(wanted.max_pages as usize) {
        if shared.cancel.is_cancelled() {
            break;
        }
        article::first(shared, source, (key, url), summary).await?;
        walk.done.fetched += 1;
        walk.done.left -= 1;
    }
    Ok(())
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
