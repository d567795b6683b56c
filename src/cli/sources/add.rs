//! `vigie sources add URL`: find how a site announces its articles, and write it into sources.toml.

use std::io::Write;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::cli::Exit;
use crate::cli::crawl::Network;
use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::config::edit::NewSource;
use crate::config::sources;
use crate::crawl::reading;
use crate::discover::{self, DocumentKind, FoundFeed, Listed};
use crate::extract::{self, Context};
use crate::fetch::Request;
use crate::model::source::{Ownership, SourceKind};
use crate::model::{ListingKind, Outcome, Page};
use crate::report::clean;

use super::file::{self, SourcesToml};
use super::guess;
use super::visitor::Visitor;

/// Feeds tried: the front page's own come first, the hundredth is a section's.
const FEEDS: usize = 6;
const SITEMAPS: usize = 2;
/// Between two requests, as a person clicks.
const DELAY: Duration = Duration::from_secs(1);
/// Links whose words tell the language.
const SAMPLE: usize = 40;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Looks for feeds on the page and for a news sitemap in robots.txt. Language, country and zone are guessed, and
the file says from what.

Examples:
  vigie sources add https://www.paper.example/
  vigie sources add https://www.paper.example/rss.xml --id paper-en --dry-run")]
pub struct Args {
    /// Home page, or a feed's own address
    #[arg(value_name = "URL")]
    pub url: String,
    /// Instead of one made of host and language
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Instead of the site's own title
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Instead of a guess: fr, en, ko, zh-Hans, zh-Hant, …
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
    /// Print the block, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub network: Network,
}

/// What a site offers to be watched by.
#[derive(Debug, Default)]
struct Found {
    home: String,
    feeds: Vec<String>,
    sitemaps: Vec<String>,
    listings: Vec<String>,
    title: Option<String>,
    declared_lang: Option<String>,
    /// Titles and teasers of what is announced.
    words: String,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let toml = SourcesToml::read(common)?;
    let url = address(&args.url)?;
    if let Some(id) = args.id.as_deref().filter(|id| toml.config.source(id).is_some()) {
        return Err(mistake(format!(
            "the id {id} is taken\nhint: ids are never shared or reused"
        )));
    }
    if let Some(id) = toml.has_listing(url.as_str()) {
        common.say(format!("{id} has {url} already; nothing was changed"));
        return Ok(Exit::Done);
    }
    let visitor = Visitor::new(common, &args.network, &toml.config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let found = match runtime.block_on(find(common, &visitor, url, common.clock().now())) {
        Ok(found) => found,
        Err(why) => {
            eprintln!("error: {}", clean::printable(&why.to_string()));
            return Ok(Exit::SourcesFailed);
        }
    };
    let all = found.feeds.iter().chain(&found.sitemaps).chain(&found.listings);
    let known: Vec<&str> = all.filter_map(|url| toml.has_listing(url)).collect();
    if let Some(id) = known.first() {
        common.say(format!("note: {id} has one of these already"));
    }
    let source = source(&args, &found, &toml)?;
    let block = file::block(&source)?;
    let text = toml.with(std::slice::from_ref(&source))?;
    // The file as it will be: a wrong --id or --lang is told before anything is written.
    sources::parse("sources.toml", &text)?;
    std::io::stdout().lock().write_all(block.as_bytes())?;
    if args.dry_run {
        common.say("nothing was written (--dry-run)");
        return Ok(Exit::Done);
    }
    toml.replace(&text)?;
    common.say(format!(
        "added to {}\nnext: vigie sources check {}",
        toml.path.display(),
        source.id
    ));
    Ok(Exit::Done)
}

/// `www.paper.example` is meant as `https://www.paper.example/`.
fn address(text: &str) -> anyhow::Result<Url> {
    let text = text.trim();
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    match Url::parse(&whole) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty() => Ok(url),
        _ => Err(mistake(format!(
            "{text} is no web address\nhint: for example https://www.paper.example/"
        ))),
    }
}

async fn find(common: &Common, visitor: &Visitor, url: Url, now: Timestamp) -> Result<Found, String> {
    // Somebody who names a feed subscribes to it; of any other page robots.txt is asked.
    let is_feed = looks_like_feed(&url);
    let got = visitor.get(Request::page(url.clone()), DELAY, !is_feed).await;
    let fault = visitor.fault(&got);
    let page = match got.page {
        Some(Ok(page)) if got.attempt.outcome == Outcome::Ok => page,
        Some(Err(error)) if got.attempt.outcome == Outcome::Ok => return Err(format!("{url}: {error}")),
        _ => return Err(format!("{url}: {fault}")),
    };
    let mut found = Found::default();
    let listed = read(&page, ListingKind::Feed, now);
    if take(&mut found, &page.url, &listed) {
        found.home = Url::parse(&page.url)
            .and_then(|url| url.join("/"))
            .map_or_else(|_| page.url.clone(), Into::into);
        return Ok(found);
    }
    found.home = page.url.clone();
    for candidate in candidates(discover::feeds(&page)) {
        common.say(format!("trying {}", clean::line(&candidate)));
        let Ok(candidate) = Url::parse(&candidate) else {
            continue;
        };
        listing(visitor, &mut found, Request::feed(candidate), ListingKind::Feed, now).await;
    }
    let robots = visitor.rules(&Request::page(url.clone()), &url, DELAY).await.robots;
    let robots_url = url.join("/robots.txt").unwrap_or_else(|_| url.clone());
    let news = |sitemap: &Url| sitemap.path().to_ascii_lowercase().contains("news");
    for sitemap in robots.sitemaps(&robots_url).into_iter().filter(news).take(SITEMAPS) {
        common.say(format!("trying {}", clean::line(sitemap.as_str())));
        listing(
            visitor,
            &mut found,
            Request::sitemap(sitemap),
            ListingKind::Sitemap,
            now,
        )
        .await;
    }
    if found.feeds.is_empty() && found.sitemaps.is_empty() {
        let listed = read(&page, ListingKind::Page, now);
        if listed.links.is_empty() {
            return Err(format!(
                "{url}: no feed, news sitemap or headlines were found\nhint: give the feed's own address"
            ));
        }
        found.listings.push(page.url.clone());
        found.words = words(&listed);
    }
    let context = Context {
        zone: "UTC",
        fetched_at: Some(now),
        lang: None,
    };
    let draft = extract::draft(&page, None, &context);
    // A feed is named after its paper; a front page, often enough, after what it wants to be found for.
    found.title = found.title.or(draft.title);
    found.declared_lang = draft.declared_lang.or(found.declared_lang);
    Ok(found)
}

/// The paths under which feeds lie.
fn looks_like_feed(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    ["rss", "feed", "atom", ".xml", ".rdf"]
        .iter()
        .any(|sign| path.contains(sign))
}

/// Declared ones before mere links, without the feeds of comments.
fn candidates(feeds: Vec<FoundFeed>) -> Vec<String> {
    let comments = |feed: &FoundFeed| {
        let title = feed.title.as_deref().unwrap_or_default().to_lowercase();
        ["comments", "commentaires", "评论", "댓글"]
            .iter()
            .any(|word| title.contains(word))
            || feed.url.contains("/comments/")
    };
    let (declared, linked): (Vec<_>, Vec<_>) = feeds
        .into_iter()
        .filter(|feed| !comments(feed))
        .partition(|feed| feed.kind.is_some());
    let chosen = if declared.is_empty() { linked } else { declared };
    chosen.into_iter().take(FEEDS).map(|feed| feed.url).collect()
}

/// Fetches what is said to be a listing, and takes it if it is one.
async fn listing(visitor: &Visitor, found: &mut Found, request: Request<'_>, kind: ListingKind, now: Timestamp) {
    let asked = request.url.to_string();
    let got = visitor.get(request, DELAY, kind != ListingKind::Feed).await;
    if let Some(Ok(page)) = got.page
        && got.attempt.outcome == Outcome::Ok
    {
        take(found, &asked, &read(&page, kind, now));
    }
}

fn read(page: &Page, kind: ListingKind, now: Timestamp) -> Listed {
    discover::links(page, &reading::remembered(&page.url, kind), "UTC", now)
}

/// Whether this was a feed or a sitemap of articles, which is then kept.
fn take(found: &mut Found, url: &str, listed: &Listed) -> bool {
    let place = match listed.document {
        DocumentKind::Feed(_) => &mut found.feeds,
        DocumentKind::Sitemap | DocumentKind::NewsSitemap => &mut found.sitemaps,
        DocumentKind::SitemapIndex if !listed.children.is_empty() => &mut found.sitemaps,
        _ => return false,
    };
    if listed.links.is_empty() && listed.children.is_empty() {
        return false;
    }
    if !place.iter().any(|known| known == url) {
        place.push(url.to_owned());
    }
    found.words.push_str(&words(listed));
    found.title = found.title.take().or_else(|| listed.title.clone());
    found.declared_lang = found.declared_lang.take().or_else(|| listed.lang.clone());
    true
}

fn words(listed: &Listed) -> String {
    let mut words = String::new();
    for link in listed.links.iter().take(SAMPLE) {
        for part in [&link.title, &link.teaser].into_iter().flatten() {
            words.push_str(part);
            words.push('\n');
        }
    }
    words
}

fn source(args: &Args, found: &Found, toml: &SourcesToml) -> anyhow::Result<NewSource> {
    let host = guess::host(&found.home);
    let mut guessed = Vec::new();
    let lang = match &args.lang {
        Some(lang) => lang.clone(),
        None => {
            let lang = guess::lang(&found.words, found.declared_lang.as_deref(), &host)
                .ok_or_else(|| mistake("the language could not be told\nhint: name it with --lang"))?;
            guessed.push(format!("lang from {}", lang.from));
            lang.value
        }
    };
    let country = guess::country(&host, &lang);
    let timezone = guess::timezone(&country.value);
    guessed.push(format!("country from {}", country.from));
    guessed.push(format!("timezone from {}", timezone.from));
    let mut comments = vec![
        format!("Added by `vigie sources add`. Guessed: {}.", guessed.join(", ")),
        "Not guessed: ownership and kind. Look at these, and at `vigie sources check`, before relying on it."
            .to_owned(),
    ];
    if !found.listings.is_empty() {
        comments.push(
            "No feed was found, so the page's own headlines are read; a `links` selector would be surer.".to_owned(),
        );
    }
    Ok(NewSource {
        id: args
            .id
            .clone()
            .unwrap_or_else(|| guess::id(&found.home, &lang, &toml.ids())),
        name: args
            .name
            .clone()
            .unwrap_or_else(|| guess::name(found.title.as_deref(), &found.home)),
        home: found.home.clone(),
        country: country.value,
        lang,
        ownership: Ownership::Unknown,
        kind: SourceKind::Press,
        timezone: timezone.value,
        feeds: found.feeds.clone(),
        sitemaps: found.sitemaps.clone(),
        listings: found.listings.iter().map(|url| (url.clone(), None)).collect(),
        comments,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_type_them() {
        assert_eq!(
            address(" www.paper.example ").unwrap().as_str(),
            "https://www.paper.example/"
        );
        assert_eq!(
            address("http://paper.example/a").unwrap().as_str(),
            "http://paper.example/a"
        );
        for bad in ["ftp://paper.example/", "", "not an address", "mailto:a@paper.example"] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_feeds_of_comments_are_left_out() {
        let feed = |url: &str, title: &str, kind| FoundFeed {
            url: url.to_owned(),
            title: Some(title.to_owned()),
            kind,
        };
        let rss = Some(discover::FeedKind::Rss);
        let feeds = vec![
            feed("https://p.example/comments/feed", "P » Comments", rss),
            feed("https://p.example/feed", "P", rss),
            feed("https://p.example/other.rss", "other", None),
        ];
        assert_eq!(candidates(feeds), ["https://p.example/feed"]);
    }
}
