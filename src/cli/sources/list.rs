//! `vigie sources list`.

use std::io::Write;

use serde::Serialize;

use crate::cli::Exit;
use crate::cli::options::Common;
use crate::model::source::{Ownership, SourceKind};
use crate::model::{ListingKind, Source};
use crate::report::clean;
use crate::report::table::{Table, fit};

use super::word;

#[derive(Debug, Serialize)]
struct Row<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    edition: Option<&'a str>,
    lang: &'a str,
    country: &'a str,
    ownership: Ownership,
    kind: SourceKind,
    groups: &'a [String],
    home: &'a str,
    feeds: usize,
    sitemaps: usize,
    pages: usize,
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    obstacles: &'a [String],
}

pub fn run(common: &Common) -> anyhow::Result<Exit> {
    let config = common.config()?;
    let mut out = std::io::stdout().lock();
    if common.json {
        for source in &config.sources {
            writeln!(out, "{}", crate::report::json::line(&row(source))?)?;
        }
        return Ok(Exit::Done);
    }
    out.write_all(table(&config.sources).as_bytes())?;
    let disabled = config.sources.iter().filter(|source| !source.enabled).count();
    common.say(format!("{} sources, {disabled} of them disabled", config.sources.len()));
    Ok(Exit::Done)
}

fn row(source: &Source) -> Row<'_> {
    let count = |kind| source.listings.iter().filter(|listing| listing.kind == kind).count();
    Row {
        id: &source.id,
        name: &source.name,
        edition: source.edition.as_deref(),
        lang: &source.lang,
        country: &source.country,
        ownership: source.ownership,
        kind: source.kind,
        groups: &source.groups,
        home: &source.home,
        feeds: count(ListingKind::Feed),
        sitemaps: count(ListingKind::Sitemap),
        pages: count(ListingKind::Page),
        enabled: source.enabled,
        reason: source.reason.as_deref(),
        obstacles: &source.obstacles,
    }
}

fn table(sources: &[Source]) -> String {
    let mut table = Table::new(["source", "name", "lang", "in", "owner", "kind", "listings", ""]);
    for source in sources {
        let row = row(source);
        let listings: Vec<String> = [("feed", row.feeds), ("sitemap", row.sitemaps), ("page", row.pages)]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        let state = match (source.enabled, row.reason) {
            (true, _) => String::new(),
            (false, reason) => format!("disabled: {}", clean::line(reason.unwrap_or("no reason given"))),
        };
        table.row([
            source.id.clone(),
            fit(&clean::line(&source.label()), 34),
            source.lang.clone(),
            source.country.clone(),
            word(source.ownership),
            word(source.kind),
            listings.join(", "),
            state,
        ]);
    }
    table.render()
}
