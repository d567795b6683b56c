//! `vigie sources check`: a look at sources before trusting them, without storing anything.

use std::cell::Cell;
use std::io::Write;

use futures_util::stream::{self, StreamExt};

use crate::cli::Exit;
use crate::cli::crawl::Network;
use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::config::Config;
use crate::crawl::offline;
use crate::model::look::RobotsSay;
use crate::model::{Length, LengthUnit, ListingKind, Outcome, Source, TextAccess};
use crate::report::table::{Table, fit};
use crate::report::{clean, json};

use super::look::{ListingSeen, PageSeen, Seen, look};
use super::visitor::Visitor;
use super::word;

/// Sources looked at side by side; hosts are asked one thing at a time all the same.
const ABREAST: usize = 16;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Fetches robots.txt, every listing and one article page of each source, politely, and stores nothing.
With --pages it reads more of them, and says of each site rule on how many it matched.
Exit code 3 when a listing or page failed.

Examples:
  vigie sources check
  vigie sources check lemonde-fr kcna-en
  vigie sources check kcna-en --pages 5
  vigie sources check --group seed --json")]
pub struct Args {
    /// Only these, disabled ones too
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Only sources of this group
    #[arg(long, value_name = "GROUP")]
    pub group: Option<String>,
    /// Disabled sources, too
    #[arg(long)]
    pub all: bool,
    /// Article pages to read of each source
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20))]
    pub pages: u8,
    #[command(flatten)]
    pub network: Network,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let config = common.config()?;
    let sources = chosen(&config, &args)?;
    let visitor = Visitor::new(common, &args.network, &config)?;
    let now = common.clock().now();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if args.network.may_be_offline() && runtime.block_on(offline::seems(&sources)) {
        eprintln!("error: no name could be looked up: this machine seems to be offline. Nothing was checked.");
        return Ok(Exit::SourcesFailed);
    }
    let done = Cell::new(0usize);
    let looks = stream::iter(&sources).map(|source| async {
        let seen = look(&visitor, source, usize::from(args.pages), now).await;
        done.set(done.get() + 1);
        let items: usize = seen.listings.iter().map(|listing| listing.items).sum();
        let state = if seen.ok { "ok" } else { "✗" };
        common.say(format!(
            "{}/{} {} {state}, {items} items",
            done.get(),
            sources.len(),
            seen.source
        ));
        seen
    });
    let seen: Vec<Seen> = runtime.block_on(looks.buffered(ABREAST).collect());
    let mut out = std::io::stdout().lock();
    if common.json {
        for seen in &seen {
            writeln!(out, "{}", json::escaped(serde_json::to_string(seen)?))?;
        }
    } else {
        out.write_all(table(&seen, &config).as_bytes())?;
        out.write_all(rules(&seen).as_bytes())?;
        writeln!(out, "{}", verdict(&seen))?;
    }
    Ok(if seen.iter().all(|seen| seen.ok) {
        Exit::Done
    } else {
        Exit::SourcesFailed
    })
}

fn chosen(config: &Config, args: &Args) -> anyhow::Result<Vec<Source>> {
    for id in &args.ids {
        if config.source(id).is_none() {
            return Err(mistake(format!(
                "no source `{id}` in sources.toml\nhint: `vigie sources list` shows them"
            )));
        }
    }
    let sources: Vec<Source> = config
        .sources
        .iter()
        .filter(|source| args.ids.is_empty() || args.ids.contains(&source.id))
        // Whoever names a disabled source wants to know whether it came back.
        .filter(|source| source.enabled || args.all || !args.ids.is_empty())
        .filter(|source| args.group.as_ref().is_none_or(|group| source.groups.contains(group)))
        .cloned()
        .collect();
    if sources.is_empty() {
        return Err(mistake(
            "no source was chosen\nhint: `vigie sources list` shows sources; --all takes the disabled ones, too",
        ));
    }
    Ok(sources)
}

fn verdict(seen: &[Seen]) -> String {
    let ok = seen.iter().filter(|seen| seen.ok).count();
    let failed = seen
        .iter()
        .filter(|seen| seen.listings.iter().all(|listing| listing.error.is_some()))
        .count();
    let partly = match seen.len() - ok - failed {
        0 => String::new(),
        n => format!("{n} in part, "),
    };
    format!("{ok} ok, {partly}{failed} failed. ⚠ = usable, stated in every comparison.")
}

fn table(seen: &[Seen], config: &Config) -> String {
    let mut table = Table::new([
        "source",
        "listing",
        "robots",
        "items",
        "dates",
        "body sample",
        "comments",
        "",
    ]);
    for seen in seen {
        let zone = config.source(&seen.source).map_or("UTC", |source| &source.timezone);
        for (index, listing) in seen.listings.iter().enumerate() {
            let first = index == 0;
            let failed = listing.error.is_some();
            let page = seen.page.as_ref().filter(|_| first);
            let of_page = |cell: String| if first { cell } else { String::new() };
            table.row([
                of_page(seen.source.clone()),
                format!(
                    "{:<7} {}",
                    listing.kind.as_str(),
                    status(listing.status, listing.outcome)
                ),
                robots(listing),
                if failed {
                    "–".to_owned()
                } else {
                    listing.items.to_string()
                },
                if failed {
                    "–".to_owned()
                } else {
                    dates(listing, page, zone)
                },
                of_page(sample(seen, listing)),
                of_page(page.map_or("–".to_owned(), comments)),
                remark(seen, listing, first),
            ]);
        }
    }
    table.render()
}

/// The rules that missed on some page, each with its numbers and what to do about it.
fn rules(seen: &[Seen]) -> String {
    let mut table = Table::new(["source", "rules", "field", "matched", "selector", ""]).numbers(1..=1);
    let mut any = false;
    for seen in seen {
        for line in seen.rules.iter().filter(|line| line.pages > 0) {
            any = true;
            let matched = line.of - line.pages;
            let advice = match (line.field, matched) {
                ("drop", 0) => "nothing to take out: fine, unless it is always so",
                ("title" | "body" | "date", 0) if line.never() => {
                    "✗ never: if the layout changed, end this block with `until` and write a new one"
                }
                ("title" | "body" | "date", 0) => "⚠ look at more with --pages 5",
                (_, 0) => "not every piece has it",
                _ => "",
            };
            table.row([
                seen.source.clone(),
                line.rule.to_string(),
                line.field.to_owned(),
                format!("{matched} of {}", line.of),
                fit(&clean::line(&line.selector), 60),
                advice.to_owned(),
            ]);
        }
    }
    if any {
        format!("\n{}\n", table.render())
    } else {
        String::new()
    }
}

fn status(status: Option<u16>, outcome: Outcome) -> String {
    status.map_or_else(|| word(outcome).replace('_', " "), |status| status.to_string())
}

fn robots(listing: &ListingSeen) -> String {
    match (listing.robots, listing.kind) {
        (RobotsSay::Allow, _) => "ok",
        // A feed is a subscription; what robots.txt says of it is on record and does not bind.
        (_, ListingKind::Feed) => "no ⚠",
        (RobotsSay::Disallow, _) => "no",
        (RobotsSay::Unreachable, _) => "no answer",
    }
    .to_owned()
}

/// `feed+tz`, `page, tz assumed Asia/Shanghai`, `day only ⚠`; the article's own date where the listing has none.
fn dates(listing: &ListingSeen, page: Option<&PageSeen>, zone: &str) -> String {
    let dates = &listing.dates;
    if dates.dated == 0 {
        let by = page.and_then(|page| page.published_evidence);
        return match (by, page) {
            (Some(by), Some(page)) => quality(&word(by).replace('_', " "), page.day_only, page.zone_assumed, zone),
            _ => "none ⚠".to_owned(),
        };
    }
    let day_only = dates.timed * 2 < dates.dated;
    let written = quality(
        listing.kind.as_str(),
        day_only,
        dates.zone_assumed * 2 > dates.timed,
        zone,
    );
    match listing.items - dates.dated.min(listing.items) {
        0 => written,
        undated => format!("{written}, {undated} without ⚠"),
    }
}

fn quality(by: &str, day_only: bool, assumed: bool, zone: &str) -> String {
    match (day_only, assumed) {
        (true, _) => format!("{by}, day only ⚠"),
        (false, true) => format!("{by}, tz assumed {zone} ⚠"),
        (false, false) => format!("{by}+tz"),
    }
}

fn sample(seen: &Seen, listing: &ListingSeen) -> String {
    if seen.listing_only {
        return listing.teaser.map_or("headline only".to_owned(), |teaser| {
            format!("listing only, {}", size(teaser))
        });
    }
    let Some(page) = &seen.page else {
        return "–".to_owned();
    };
    match (page.length, page.text_access) {
        (Some(length), Some(TextAccess::Full)) if length.n > 0 => format!("{} full", size(length)),
        (Some(length), Some(TextAccess::Teaser)) => format!("teaser {} ⚠", size(length)),
        (Some(length), Some(access)) => format!("{} {} ⚠", access.as_str().replace('_', " "), size(length)),
        _ => format!("{} ⚠", status(page.status, page.outcome)),
    }
}

fn size(length: Length) -> String {
    match length.unit {
        LengthUnit::Words => format!("{} w", length.n),
        LengthUnit::Han => format!("{} 字", length.n),
    }
}

fn comments(page: &PageSeen) -> String {
    let Some(state) = page.comments else {
        return "–".to_owned();
    };
    match page.comment_count {
        Some(count) => format!("{} ({count})", state.as_str()),
        None => state.as_str().to_owned(),
    }
}

fn remark(seen: &Seen, listing: &ListingSeen, first: bool) -> String {
    let mut remarks = Vec::new();
    if let Some(error) = &listing.error {
        let consequence = match listing.outcome {
            Outcome::Blocked => ": will be UNKNOWN, never silent",
            _ => "",
        };
        remarks.push(format!("✗ {error}{consequence}"));
    }
    if !listing.rule_misses.is_empty() {
        remarks.push(format!(
            "the listing's `{}` matched nothing",
            listing.rule_misses.join("`, `")
        ));
    }
    let page = seen.page.as_ref().filter(|_| first);
    if let Some(error) = page.and_then(|page| page.error.as_ref()) {
        remarks.push(format!("✗ article: {error}"));
    }
    if let Some(page) = page.filter(|page| !page.reservations.is_empty()) {
        remarks.push(format!("reserves: {}", page.reservations.join(", ")));
    }
    if let Some(reason) = seen.disabled.as_ref().filter(|_| first) {
        remarks.push(format!("disabled: {reason}"));
    }
    // Long enough for a sentence; --json has the whole.
    fit(&clean::line(&remarks.join("; ")), 100)
}

#[cfg(test)]
mod tests {
    use super::super::look::Dates;
    use super::*;

    fn listing(kind: ListingKind, dates: Dates) -> ListingSeen {
        ListingSeen {
            url: "https://www.paper.example/rss".to_owned(),
            kind,
            outcome: Outcome::Ok,
            status: Some(200),
            robots: RobotsSay::Allow,
            robots_rule: None,
            document: Some("rss"),
            items: 40,
            dates,
            newest: None,
            oldest: None,
            teaser: None,
            repairs: Vec::new(),
            rule_misses: Vec::new(),
            error: None,
            ms: 1,
        }
    }

    #[test]
    fn the_quality_of_dates_in_words() {
        let of = |dated, timed, zone_assumed| Dates {
            dated,
            timed,
            zone_assumed,
        };
        let cases = [
            (ListingKind::Feed, of(40, 40, 0), "feed+tz"),
            (ListingKind::Feed, of(38, 38, 0), "feed+tz, 2 without ⚠"),
            (ListingKind::Sitemap, of(40, 1, 0), "sitemap, day only ⚠"),
            (ListingKind::Page, of(40, 40, 40), "page, tz assumed Asia/Seoul ⚠"),
            (ListingKind::Page, of(0, 0, 0), "none ⚠"),
        ];
        for (kind, quality, expected) in cases {
            assert_eq!(dates(&listing(kind, quality), None, "Asia/Seoul"), expected);
        }
    }

    #[test]
    fn a_failed_listing_is_said_and_cleaned() {
        let mut bad = listing(ListingKind::Feed, Dates::default());
        bad.outcome = Outcome::Blocked;
        bad.status = Some(403);
        bad.robots = RobotsSay::Disallow;
        bad.error = Some("answered 403,\u{1b}[2J access refused".to_owned());
        let seen = Seen {
            source: "paper-en".to_owned(),
            ok: false,
            listings: vec![bad],
            page: None,
            rules: Vec::new(),
            listing_only: false,
            disabled: None,
        };
        let shown = table(std::slice::from_ref(&seen), &Config::empty());
        assert!(!shown.contains('\u{1b}'));
        let row = shown.lines().nth(1).unwrap();
        assert!(row.starts_with("paper-en feed    403 no ⚠"), "{row}");
        assert!(
            row.ends_with("✗ answered 403,[2J access refused: will be UNKNOWN, never silent"),
            "{row}"
        );
        assert_eq!(
            verdict(&[seen]),
            "0 ok, 1 failed. ⚠ = usable, stated in every comparison."
        );
    }
}
