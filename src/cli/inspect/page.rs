//! `vigie inspect page`: one article page, or rows of them, as extraction reads it.

use std::path::Path;
use std::time::Instant;

use serde::Serialize;
use url::Url;

use crate::cli::Exit;
use crate::cli::crawl::Network;
use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::sources::visitor::Visitor;
use crate::config::{Config, ConfigError};
use crate::extract::{self, Context};
use crate::fetch::Request;
use crate::identify::language;
use crate::model::draft::Alternate;
use crate::model::{CommentState, DateEvidence, Draft, ItemKind, Outcome, Page, Source, TextAccess};
use crate::report::clean;
use crate::text::dates;

use super::{Batch, batch, fields, input, print, say};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie inspect page saved.html.gz --url https://www.paper.example/2026/a.html
  vigie inspect page https://www.paper.example/2026/a.html --source paper-en --json
  vigie inspect page --batch rows.jsonl > read.jsonl     rows: id, file, url?, content_type?")]
pub struct Args {
    /// A file, `-` for standard input, or an address
    #[arg(
        value_name = "FILE|-|URL",
        required_unless_present = "batch",
        conflicts_with = "batch"
    )]
    pub page: Option<String>,
    /// The address the page had: for its links, its date and its charset
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The Content-Type it was sent with
    #[arg(long, value_name = "TYPE")]
    pub content_type: Option<String>,
    /// Apply the rules, zone and language of this source
    #[arg(long, value_name = "ID")]
    pub source: Option<String>,
    #[command(flatten)]
    pub batch: Batch,
    #[command(flatten)]
    pub network: Network,
}

/// What was read; what is unknown is left out.
#[derive(Debug, Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Paragraphs joined by a blank line; empty when none was found.
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_evidence: Option<DateEvidence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    authors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<String>,
    charset: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    standfirst: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<ItemKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<String>,
    text_access: TextAccess,
    comments: CommentsRead,
    #[serde(skip_serializing_if = "Option::is_none")]
    canonical: Option<String>,
    alternates: Vec<Alternate>,
    /// What the publisher reserves: `noarchive`, `tdm-reservation`, `content-usage: train-ai=n`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reservations: Vec<String>,
    /// Milliseconds that extraction took.
    ms: f64,
    /// Which of the source's rules read it, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<usize>,
    /// Parts of the source's rules that matched nothing here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rule_misses: Vec<String>,
}

#[derive(Debug, Serialize)]
struct CommentsRead {
    state: CommentState,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let source = args.source.as_deref().map(|id| source(common, id)).transpose()?;
    let source = source.as_ref();
    if let Some(rows) = &args.batch.batch {
        let clock = common.clock();
        return batch::run(rows, |row| {
            let mut page = blank(row.text("url"), row.text("content_type"), clock.now());
            page.body = row.file().map_err(anyhow::Error::msg)?;
            fields(&read(&page, source))
        });
    }
    let named = args.page.as_deref().unwrap_or("-");
    let page = if named.starts_with("http://") || named.starts_with("https://") {
        match fetched(common, &args.network, named, source)? {
            Ok(page) => page,
            Err(why) => {
                eprintln!("error: {why}");
                return Ok(Exit::SourcesFailed);
            }
        }
    } else {
        let mut page = blank(args.url.as_deref(), args.content_type.as_deref(), common.clock().now());
        page.body = input::read(Path::new(named)).map_err(mistake)?;
        page
    };
    print(common, &read(&page, source), human)
}

/// The configured source of that id.
pub(super) fn source(common: &Common, id: &str) -> anyhow::Result<Source> {
    let config = common.config()?;
    config.source(id).cloned().ok_or_else(|| {
        mistake(format!(
            "no source `{id}` in sources.toml\nhint: `vigie sources list` shows them"
        ))
    })
}

/// A page of which only the address and the label are known yet. Without an address, one that leads nowhere: RFC 2606.
pub(super) fn blank(url: Option<&str>, content_type: Option<&str>, now: jiff::Timestamp) -> Page {
    let url = url.unwrap_or("https://page.invalid/").to_owned();
    Page {
        requested: url.clone(),
        url,
        status: 200,
        headers: content_type
            .map(|value| ("content-type".to_owned(), value.to_owned()))
            .into_iter()
            .collect(),
        body: Vec::new(),
        fetched_at: now,
    }
}

fn read(page: &Page, source: Option<&Source>) -> Answer {
    let host = Url::parse(&page.url).ok();
    let country = host.as_ref().and_then(Url::host_str).and_then(dates::zone_of_host);
    let context = Context {
        zone: source.map_or(country.unwrap_or("UTC"), |source| &source.timezone),
        fetched_at: page.fetched_at,
        lang: source.map(|source| source.lang.as_str()),
    };
    let started = Instant::now();
    let rules = source.map_or(&[][..], |source| &source.rules);
    let draft = extract::draft_of(page, rules, &context);
    // Microseconds are all that a clock read twice can tell.
    let ms = (started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    let lang = lang_of(&draft, source);
    Answer {
        lang,
        ms,
        title: draft.title,
        text: draft.text,
        published: draft.published.as_ref().map(|claim| claim.to_local()),
        published_evidence: draft.published.as_ref().map(|claim| claim.evidence),
        modified: draft.modified.as_ref().map(|claim| claim.to_local()),
        authors: draft.authors,
        charset: draft.charset,
        standfirst: draft.standfirst,
        section: draft.section,
        kind: draft.kind,
        credit: draft.credit,
        text_access: draft.text_access,
        comments: CommentsRead {
            state: draft.comments.state,
            count: draft.comments.count,
        },
        canonical: draft.canonical,
        alternates: draft.alternates,
        rule: draft.rule.map(|fit| fit.rule + 1),
        reservations: draft.reservations,
        rule_misses: draft.rule_misses,
    }
}

/// By title and text; what the page declares of itself only breaks a tie.
pub(super) fn lang_of(draft: &Draft, source: Option<&Source>) -> Option<String> {
    let sample = format!("{}\n{}", draft.title.as_deref().unwrap_or_default(), draft.text);
    let detected = language::detect(&sample, source.map(|source| source.lang.as_str()));
    detected
        .lang
        .or_else(|| language::detect(&sample, draft.declared_lang.as_deref()).lang)
}

/// The page behind an address, fetched as a crawl would; the inner error says why not.
fn fetched(
    common: &Common,
    network: &Network,
    address: &str,
    source: Option<&Source>,
) -> anyhow::Result<Result<Page, String>> {
    let url = Url::parse(address).map_err(|error| mistake(format!("{address} is no address: {error}")))?;
    let config = match common.config() {
        Ok(config) => config,
        Err(error) if matches!(error.downcast_ref(), Some(ConfigError::Missing { .. })) => Config::empty(),
        Err(error) => return Err(error),
    };
    let visitor = Visitor::new(common, network, &config)?;
    let mut request = Request::page(url);
    request.proxy = source.and_then(|source| source.proxy.as_deref());
    let delay = source.map(|source| source.delay).unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let got = runtime.block_on(visitor.get(request, delay, true));
    let fault = visitor.fault(&got);
    Ok(match got.page {
        Some(Ok(page)) if got.attempt.outcome == Outcome::Ok => Ok(page),
        Some(Err(error)) if got.attempt.outcome == Outcome::Ok => Err(format!("{address}: {error}")),
        _ => Err(format!("{address}: {fault}")),
    })
}

fn human(answer: &Answer) -> String {
    let mut out = String::new();
    say(&mut out, "title", Some(answer.title.as_deref().unwrap_or("–")));
    say(&mut out, "standfirst", answer.standfirst.as_deref());
    let evidence = answer
        .published_evidence
        .map(|evidence| match serde_json::to_value(evidence) {
            Ok(serde_json::Value::String(word)) => word.replace('_', " "),
            _ => String::new(),
        });
    let published = answer
        .published
        .as_ref()
        .zip(evidence)
        .map(|(date, by)| format!("{date} ({by})"));
    say(&mut out, "published", Some(published.as_deref().unwrap_or("–")));
    say(&mut out, "modified", answer.modified.as_deref());
    say(&mut out, "authors", Some(answer.authors.join(", ").as_str()));
    say(&mut out, "section", answer.section.as_deref());
    say(&mut out, "kind", answer.kind.map(ItemKind::as_str));
    say(&mut out, "credit", answer.credit.as_deref());
    say(&mut out, "language", Some(answer.lang.as_deref().unwrap_or("–")));
    say(&mut out, "charset", Some(&answer.charset));
    say(&mut out, "access", Some(&answer.text_access.as_str().replace('_', " ")));
    let count = answer
        .comments
        .count
        .map_or(String::new(), |count| format!(" ({count})"));
    say(
        &mut out,
        "comments",
        Some(&format!("{}{count}", answer.comments.state.as_str())),
    );
    say(&mut out, "canonical", answer.canonical.as_deref());
    for other in &answer.alternates {
        say(&mut out, "alternate", Some(&format!("{} {}", other.lang, other.url)));
    }
    if !answer.reservations.is_empty() {
        say(&mut out, "reserved", Some(&answer.reservations.join(", ")));
    }
    let rule = answer.rule.map(|rule| match answer.rule_misses.join(", ") {
        missed if missed.is_empty() => format!("{rule}"),
        missed => format!("{rule} ⚠ matched nothing: {missed}"),
    });
    say(&mut out, "rules", rule.as_deref());
    say(&mut out, "took", Some(&format!("{} ms", answer.ms)));
    if answer.text.is_empty() {
        out.push_str("\nno readable text\n");
    } else {
        out.push_str(&format!("\n{}\n", clean::text(&answer.text)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        let now = "2026-05-04T08:00:00Z".parse().unwrap();
        let mut page = blank(
            Some("https://www.paper.example/2026/bac.html"),
            Some("text/html; charset=utf-8"),
            now,
        );
        page.body = "<html lang=fr><head><title>Le bac reprend la mer</title>\
            <meta property='article:published_time' content='2026-05-03T09:30:00+02:00'></head><body><article>\
            <h1>Le bac reprend la mer\u{1b}[31m</h1><p>Après trois semaines de réparations, le bac de la baie a repris \
            ses traversées dimanche matin, avec deux cents passagers à bord et un vent favorable.</p>\
            <p>La compagnie promet quatre départs par jour jusqu’à la fin de l’été.</p></article></body></html>"
            .as_bytes()
            .to_vec();
        page
    }

    #[test]
    fn what_is_unknown_is_left_out() {
        let fields = fields(&read(&page(), None)).unwrap();
        assert_eq!(fields["published"], "2026-05-03T09:30:00+02:00");
        assert_eq!(fields["published_evidence"], "meta");
        assert_eq!(fields["lang"], "fr");
        assert_eq!(fields["charset"], "utf-8");
        assert!(fields["text"].as_str().unwrap().contains("\n\nLa compagnie"));
        assert_eq!(fields["comments"]["state"], "unknown");
        assert!(fields["ms"].as_f64().unwrap() > 0.0);
        for unknown in ["modified", "section", "credit", "canonical", "rule", "rule_misses"] {
            assert!(!fields.contains_key(unknown), "{unknown}");
        }
    }

    #[test]
    fn what_is_printed_cannot_drive_the_terminal() {
        let shown = human(&read(&page(), None));
        assert!(shown.starts_with("title       Le bac reprend la mer"), "{shown}");
        assert!(!shown.contains('\u{1b}'));
        assert!(
            shown.contains("published   2026-05-03T09:30:00+02:00 (meta)\n"),
            "{shown}"
        );
    }
}
