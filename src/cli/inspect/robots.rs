//! `vigie inspect robots`: what a robots.txt says of one address to one crawler.

use std::path::PathBuf;

use serde::Serialize;

use crate::cli::Exit;
use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::fetch::Robots;
use crate::fetch::headers::PRODUCT;

use super::{Batch, batch, fields, input, page, print, say};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie inspect robots robots.txt --agent vigie --url https://www.paper.example/archive/
  vigie inspect robots --batch rows.jsonl     rows: id, robots (the text) or file, agent, url")]
pub struct Args {
    /// A robots.txt, or `-` for standard input
    #[arg(value_name = "FILE|-", required_unless_present = "batch", conflicts_with = "batch")]
    pub robots: Option<PathBuf>,
    /// Product token of the crawler that asks
    #[arg(long, value_name = "NAME", default_value = PRODUCT)]
    pub agent: String,
    /// The address it asks for, or its path
    #[arg(long, value_name = "URL", required_unless_present = "batch")]
    pub url: Option<String>,
    #[command(flatten)]
    pub batch: Batch,
}

#[derive(Debug, Serialize)]
struct Answer {
    allowed: bool,
    /// The line that decided; absent when none speaks of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    crawl_delay: Option<f64>,
    /// `Content-Signal` and `Content-Usage` lines that this crawler is addressed by, as written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signals: Vec<String>,
    /// What the lines of a file cannot say.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

/// A crawl keeps to RFC 9309 §2.2.2 here; this command tells what the file's lines say of it.
const ITSELF: &str = "/robots.txt itself may always be fetched, whatever the lines say (RFC 9309 §2.2.2)";

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    if let Some(rows) = &args.batch.batch {
        return batch::run(rows, |row| {
            let bytes = match row.text("robots") {
                Some(text) => text.as_bytes().to_vec(),
                None if row.text("file").is_some() => row.file().map_err(anyhow::Error::msg)?,
                None => anyhow::bail!("the row has neither `robots` nor `file`"),
            };
            let url = row.required("url").map_err(anyhow::Error::msg)?;
            fields(&read(&bytes, row.text("agent").unwrap_or(PRODUCT), &asked(url)?))
        });
    }
    let (Some(file), Some(url)) = (&args.robots, &args.url) else {
        return Err(mistake("a robots.txt and --url are needed"));
    };
    let bytes = input::read(file).map_err(mistake)?;
    print(common, &read(&bytes, &args.agent, &asked(url)?), human)
}

/// An address, whole or its path alone; a scheme may have been left out.
fn asked(url: &str) -> anyhow::Result<String> {
    if url.starts_with('/') && !url.starts_with("//") {
        return Ok(url.to_owned());
    }
    page::completed(url).ok_or_else(|| {
        mistake(format!(
            "`{url}` is no address\nhint: https://www.paper.example/a.html, or its path: /a.html"
        ))
    })
}

fn read(robots: &[u8], agent: &str, url: &str) -> Answer {
    let robots = Robots::parse(robots);
    let decision = robots.rules_say(agent, url);
    Answer {
        signals: robots.signals(agent).into_iter().map(str::to_owned).collect(),
        note: (robots.check(agent, url).allowed != decision.allowed).then_some(ITSELF),
        allowed: decision.allowed,
        rule: decision.rule,
        crawl_delay: decision.crawl_delay.map(|delay| delay.as_secs_f64()),
    }
}

fn human(answer: &Answer) -> String {
    let mut out = String::new();
    say(&mut out, "allowed", Some(if answer.allowed { "yes" } else { "no" }));
    say(
        &mut out,
        "rule",
        Some(answer.rule.as_deref().unwrap_or("none speaks of it")),
    );
    say(
        &mut out,
        "delay",
        answer.crawl_delay.map(|seconds| format!("{seconds} s")).as_deref(),
    );
    for signal in &answer.signals {
        say(&mut out, "signal", Some(signal));
    }
    say(&mut out, "note", answer.note);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crawler_is_known_by_its_name_without_version() {
        let robots = b"User-agent: newsbot\nDisallow: /x\n";
        for agent in ["newsbot", "NewsBot/1.0 (+https://paper.example)", "newsbot/2"] {
            assert!(!read(robots, agent, "/x").allowed, "{agent}");
        }
        assert!(asked("not a url").is_err());
    }

    #[test]
    fn the_deciding_line_is_named() {
        let robots = b"User-agent: *\nDisallow: /archive/\nAllow: /archive/2026\nCrawl-delay: 2.5\n";
        let no = read(robots, "vigie", "https://www.paper.example/archive/1999");
        assert_eq!((no.allowed, no.rule.as_deref()), (false, Some("Disallow: /archive/")));
        assert_eq!(no.crawl_delay, Some(2.5));
        let yes = read(robots, "vigie", "/news");
        assert_eq!(
            serde_json::to_string(&yes).unwrap(),
            r#"{"allowed":true,"crawl_delay":2.5}"#
        );
    }

    #[test]
    fn the_lines_are_told_even_of_robots_txt_itself() {
        let robots = b"User-agent: *\nContent-Signal: ai-train=no\nDisallow: /\n";
        let itself = read(robots, "vigie", "https://www.paper.example/robots.txt");
        assert_eq!((itself.allowed, itself.note), (false, Some(ITSELF)));
        assert_eq!(itself.signals, ["Content-Signal: ai-train=no"]);
        assert_eq!(read(robots, "vigie", "/robots.txt?x").note, None);
    }
}
