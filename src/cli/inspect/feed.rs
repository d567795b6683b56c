//! `vigie inspect feed`: the entries of one feed or sitemap, or of rows of them.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::cli::Exit;
use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::crawl::reading;
use crate::discover::{self, DocumentKind, Listed};
use crate::model::{Link, ListingKind, Page, Source};
use crate::report::clean;
use crate::report::table::{Table, fit};
use crate::text::hash::sha256_hex;

use super::{Batch, batch, fields, input, page, print, say};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie inspect feed rss.xml --url https://www.paper.example/rss.xml
  vigie inspect feed --batch rows.jsonl     rows: id, file, url?, content_type?")]
pub struct Args {
    /// A file, or `-` for standard input
    #[arg(value_name = "FILE|-", required_unless_present = "batch", conflicts_with = "batch")]
    pub feed: Option<PathBuf>,
    /// The address it had: relative links are resolved against it
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The Content-Type it was sent with
    #[arg(long, value_name = "TYPE")]
    pub content_type: Option<String>,
    /// Read zoneless dates by the clock of this source; without it, by that of its address's country
    #[arg(long, value_name = "ID")]
    pub source: Option<String>,
    #[command(flatten)]
    pub batch: Batch,
}

#[derive(Debug, Serialize)]
struct Answer {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    charset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<String>,
    entries: Vec<Entry>,
    /// What a sitemap index names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    children: Vec<String>,
    repairs: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct Entry {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Absent where the item names no address that can be fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    /// The full text, where the feed carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<String>,
    authors: Vec<String>,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let source = args.source.as_deref().map(|id| page::source(common, id)).transpose()?;
    let source = source.as_ref();
    if let Some(rows) = &args.batch.batch {
        let clock = common.clock();
        return batch::run(rows, |row| {
            let mut page = page::blank(row.text("url"), row.text("content_type"), clock.now())?;
            page.body = row.listing().map_err(anyhow::Error::msg)?;
            fields(&read(&page, source))
        });
    }
    let mut page = page::blank(args.url.as_deref(), args.content_type.as_deref(), common.clock().now())?;
    page.body = input::listing(args.feed.as_deref().unwrap_or(Path::new("-"))).map_err(mistake)?;
    print(common, &read(&page, source), human)
}

fn read(page: &Page, source: Option<&Source>) -> Answer {
    let zone = source.map_or_else(|| page::country_zone(&page.url), |source| &source.timezone);
    let as_a = |kind| discover::links(page, &reading::remembered(&page.url, kind), zone, page.fetched_at);
    let mut listed = as_a(ListingKind::Feed);
    // A sitemap may be a bare list of addresses, which nothing but its place says; a feed never is.
    if listed.document == DocumentKind::Unreadable {
        let other = as_a(ListingKind::Sitemap);
        if !other.links.is_empty() {
            listed = other;
        }
    }
    answer(listed)
}

fn answer(mut listed: Listed) -> Answer {
    // In the document's order; the sort is stable, so what has no address stands before the link it stood before.
    let mut items = std::mem::take(&mut listed.unaddressed);
    items.append(&mut listed.links);
    items.sort_by_key(|link| link.position);
    Answer {
        kind: listed.document.as_str(),
        charset: Some(listed.charset).filter(|charset| !charset.is_empty()),
        title: listed.title,
        lang: listed.lang,
        entries: items.into_iter().map(entry).collect(),
        children: listed.children.into_iter().map(|child| child.url).collect(),
        repairs: listed.repairs,
        error: listed.error,
    }
}

fn entry(link: Link) -> Entry {
    let url = Some(link.url).filter(|url| !url.is_empty());
    let id = link.guid.or_else(|| url.clone());
    // What has neither an id nor an address is known by its words.
    let words = || {
        let words: Vec<&str> = [&link.title, &link.teaser, &link.text]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let digest = (!words.is_empty()).then(|| sha256_hex(words.join("\n").as_bytes()))?;
        Some(format!("words:{}", digest.get(..16)?))
    };
    Entry {
        id: id.or_else(words),
        url,
        title: link.title,
        // Many feeds carry the text and no teaser; then the text is what sums the entry up.
        summary: link.teaser.or_else(|| link.text.clone()),
        text: link.text,
        published: link.published.map(|claim| claim.to_published()),
        updated: link.updated.map(|claim| claim.to_published()),
        authors: link.authors,
    }
}

fn human(answer: &Answer) -> String {
    let mut out = String::new();
    say(&mut out, "kind", Some(answer.kind));
    say(&mut out, "title", answer.title.as_deref());
    say(&mut out, "language", answer.lang.as_deref());
    say(&mut out, "charset", answer.charset.as_deref());
    for repair in &answer.repairs {
        say(&mut out, "repaired", Some(repair));
    }
    say(&mut out, "error", answer.error.as_deref());
    for child in &answer.children {
        say(&mut out, "sitemap", Some(child));
    }
    out.push_str(&format!("{} entries\n", answer.entries.len()));
    let mut table = Table::new(["published", "title", "address"]);
    for entry in &answer.entries {
        table.row([
            entry.published.clone().unwrap_or_else(|| "–".to_owned()),
            fit(&clean::line(entry.title.as_deref().unwrap_or("–")), 60),
            clean::line(entry.url.as_deref().unwrap_or("–")),
        ]);
    }
    if !table.is_empty() {
        out.push_str(&table.render());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Answer {
        let now = "2026-05-04T08:00:00Z".parse().unwrap();
        let mut page = page::blank(Some("https://www.paper.example/rss.xml"), None, now).unwrap();
        page.body = body.as_bytes().to_vec();
        read(&page, None)
    }

    #[test]
    fn a_feed_a_list_of_addresses_and_nonsense() {
        let feed = of(
            "<rss version='2.0'><channel><title>The Paper</title><item><guid>n1</guid><link>/a.html</link>\
            <title>Ferry back</title><description>It sails &lt;b&gt;again&lt;/b&gt;.</description>\
            <pubDate>Sun, 03 May 2026 09:30:00 +0200</pubDate></item></channel></rss>",
        );
        let fields = serde_json::to_value(&feed).unwrap();
        assert_eq!(fields["kind"], "rss");
        assert_eq!(
            fields["entries"],
            serde_json::json!([{"id": "n1", "url": "https://www.paper.example/a.html", "title": "Ferry back",
                "summary": "It sails again.", "published": "2026-05-03T07:30:00Z", "authors": []}])
        );
        assert!(fields.get("error").is_none());

        let bare = of(
            "<rss><channel><item><title>Ferry back</title></item><item><title>No ferry</title></item></channel></rss>",
        );
        let ids: Vec<_> = bare.entries.iter().filter_map(|entry| entry.id.as_deref()).collect();
        assert!(ids.len() == 2 && ids[0] != ids[1], "known by their words: {ids:?}");

        let dated =
            of("<rss><channel><item><pubDate>Sun, 03 May 2026 09:30:00 GMT</pubDate></item><item/></channel></rss>");
        let dates: Vec<_> = dated.entries.iter().map(|entry| entry.published.as_deref()).collect();
        assert_eq!(
            dates,
            [Some("2026-05-03T09:30:00Z"), None],
            "an item is an entry, whatever it says"
        );

        let list = of("https://www.paper.example/a.html\nhttps://www.paper.example/b.html\n");
        assert_eq!((list.kind, list.entries.len()), ("sitemap", 2));

        let nonsense = of("good morning");
        assert!(nonsense.error.is_some() && nonsense.entries.is_empty());
    }
}
