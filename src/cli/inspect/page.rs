//! `vigie inspect page`: one article page, or rows of them, as extraction reads it.

use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use crate::cli::Exit;
use crate::cli::crawl::Network;
use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::sources::visitor::Visitor;
use crate::config::{Config, ConfigError};
use crate::extract::{self, Context, document};
use crate::fetch::Request;
use crate::identify::language::{self, Detected};
use crate::model::draft::Alternate;
use crate::model::{CommentState, DateEvidence, Draft, ItemKind, Outcome, Page, Source, TextAccess};
use crate::report::clean;
use crate::text::dates;

use super::text::script_code;
use super::{Batch, batch, fields, input, print, say};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie inspect page saved.html.gz --url https://www.paper.example/2026/a.html
  vigie inspect page https://www.paper.example/2026/a.html --source paper-en --json
  vigie inspect page --batch rows.jsonl > read.jsonl     rows: id, file, url?, content_type?,
                                                         fetched_at?")]
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
    /// When the page was saved: without it, "3 hours ago" has no meaning and gives no date
    #[arg(long, value_name = "TIME", conflicts_with = "batch")]
    pub fetched_at: Option<String>,
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
    /// The claim as a span: a day is a day wide in its zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    published_min: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_max: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_zone: Option<String>,
    /// The page gave no zone: it is the source's or the country's.
    #[serde(skip_serializing_if = "Option::is_none")]
    published_zone_assumed: Option<bool>,
    /// The words it was read off.
    #[serde(skip_serializing_if = "Option::is_none")]
    published_raw: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    authors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<String>,
    /// `Latn`, `Hans`, `Hant`, `Hang`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<String>,
    charset: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    standfirst: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<ItemKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<String>,
    /// Absent where there is neither a title nor a text, and no wall either.
    #[serde(skip_serializing_if = "Option::is_none")]
    text_access: Option<TextAccess>,
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
    /// The words or the element that said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    signal: Option<String>,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let source = args.source.as_deref().map(|id| source(common, id)).transpose()?;
    let source = source.as_ref();
    if let Some(rows) = &args.batch.batch {
        let clock = common.clock();
        return batch::run(rows, |row| {
            let saved = row.text("fetched_at").map(saved_at).transpose()?;
            let at = saved.unwrap_or_else(|| clock.now());
            let mut page = blank(row.text("url"), row.text("content_type"), at)?;
            page.body = row.file().map_err(anyhow::Error::msg)?;
            fields(&read(&page, source, saved)?)
        });
    }
    let named = args.page.as_deref().unwrap_or("-");
    let saved = args.fetched_at.as_deref().map(saved_at).transpose()?;
    let (page, saved) = if named.starts_with("http://") || named.starts_with("https://") {
        match fetched(common, &args.network, named, source)? {
            Ok(page) => {
                let now = page.fetched_at;
                (page, Some(now))
            }
            Err(why) => {
                eprintln!("error: {}", clean::printable(&why.to_string()));
                return Ok(Exit::SourcesFailed);
            }
        }
    } else {
        let at = saved.unwrap_or_else(|| common.clock().now());
        let mut page = blank(args.url.as_deref(), args.content_type.as_deref(), at)?;
        page.body = input::read(Path::new(named)).map_err(mistake)?;
        (page, saved)
    };
    print(
        common,
        &read(&page, source, saved).map_err(|error| mistake(error.to_string()))?,
        human,
    )
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
pub(super) fn blank(url: Option<&str>, content_type: Option<&str>, now: Timestamp) -> anyhow::Result<Page> {
    let url = match url.map(|typed| (typed, completed(typed))) {
        None => "https://page.invalid/".to_owned(),
        Some((_, Some(url))) => url,
        Some((typed, None)) => {
            return Err(mistake(format!(
                "`{typed}` is no address\nhint: the one the page had: https://www.paper.example/a.html"
            )));
        }
    };
    Ok(Page {
        requested: url.clone(),
        url,
        status: 200,
        headers: content_type
            .map(|value| ("content-type".to_owned(), value.to_owned()))
            .into_iter()
            .collect(),
        body: Vec::new(),
        fetched_at: now,
    })
}

/// An address as people write them down: the scheme may have been left out.
pub(super) fn completed(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if Url::parse(typed).is_ok_and(|url| url.has_host()) {
        return Some(typed.to_owned());
    }
    let whole = format!("https://{}", typed.trim_start_matches('/'));
    let host = Url::parse(&whole).ok()?.host_str()?.to_owned();
    host.contains('.').then_some(whole)
}

fn saved_at(text: &str) -> anyhow::Result<Timestamp> {
    text.parse().map_err(|error| {
        mistake(format!(
            "`{text}` is no time: {error}\nhint: RFC 3339, such as 2026-05-04T08:00:00Z"
        ))
    })
}

/// The clock of the country that an address is in; UTC where its host says nothing.
pub(super) fn country_zone(url: &str) -> &'static str {
    let url = Url::parse(url).ok();
    let zone = url.as_ref().and_then(Url::host_str).and_then(dates::zone_of_host);
    zone.unwrap_or("UTC")
}

/// `saved` is when the page was as it is, where somebody knows.
fn read(page: &Page, source: Option<&Source>, saved: Option<Timestamp>) -> anyhow::Result<Answer> {
    if let Some(other) = document::other(page) {
        anyhow::bail!("this is no page: {other}");
    }
    let context = Context {
        zone: source.map_or_else(|| country_zone(&page.url), |source| &source.timezone),
        fetched_at: saved,
        lang: source.map(|source| source.lang.as_str()),
    };
    let started = Instant::now();
    let rules = source.map_or(&[][..], |source| &source.rules);
    let draft = extract::draft_of(page, rules, &context);
    // Microseconds are all that a clock read twice can tell.
    let ms = (started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    let sample = sample(&draft);
    let detected = detected(&draft, &sample, source);
    let script = script_code(&sample, &detected).map(str::to_owned);
    let published = draft.published.as_ref();
    Ok(Answer {
        lang: detected.lang,
        script,
        ms,
        published_min: published.map(|claim| claim.interval.min),
        published_max: published.map(|claim| claim.interval.max),
        published_zone: published.map(|claim| claim.zone.clone()),
        published_zone_assumed: published.map(|claim| claim.zone_assumed),
        published_raw: published.map(|claim| claim.raw.clone()),
        text_access: (draft.title.is_some() || !draft.text.is_empty() || draft.text_access == TextAccess::Blocked)
            .then_some(draft.text_access),
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
        comments: CommentsRead {
            state: draft.comments.state,
            count: draft.comments.count,
            signal: draft.comments.signal,
        },
        canonical: draft.canonical,
        alternates: draft.alternates,
        rule: draft.rule.map(|fit| fit.rule + 1),
        reservations: draft.reservations,
        rule_misses: draft.rule_misses,
    })
}

/// By title and text; what the page declares of itself only breaks a tie.
fn detected(draft: &Draft, sample: &str, source: Option<&Source>) -> Detected {
    let detected = language::detect(sample, source.map(|source| source.lang.as_str()));
    match detected.lang {
        Some(_) => detected,
        None => language::detect(sample, draft.declared_lang.as_deref()),
    }
}

fn sample(draft: &Draft) -> String {
    format!("{}\n{}", draft.title.as_deref().unwrap_or_default(), draft.text)
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
    let access = answer.text_access.map(|access| access.as_str().replace('_', " "));
    say(&mut out, "access", access.as_deref());
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
        say(
            &mut out,
            "alternate",
            Some(&format!(
                "{} {}",
                other.lang.as_deref().unwrap_or(other.kind.as_str()),
                other.url
            )),
        );
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
        )
        .unwrap();
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
        let fields = fields(&read(&page(), None, None).unwrap()).unwrap();
        assert_eq!(fields["published"], "2026-05-03T09:30:00+02:00");
        assert_eq!(fields["published_evidence"], "meta");
        assert_eq!(fields["lang"], "fr");
        assert_eq!(fields["charset"], "utf-8");
        assert!(fields["text"].as_str().unwrap().contains("\n\nLa compagnie"));
        assert_eq!(fields["comments"]["state"], "unknown");
        assert!(fields["ms"].as_f64().unwrap() > 0.0);
        assert_eq!(fields["published_zone"], "+02:00");
        assert_eq!(fields["script"], "Latn");
        for unknown in ["modified", "section", "credit", "canonical", "rule", "rule_misses"] {
            assert!(!fields.contains_key(unknown), "{unknown}");
        }
    }

    #[test]
    fn what_is_printed_cannot_drive_the_terminal() {
        let shown = human(&read(&page(), None, None).unwrap());
        assert!(shown.starts_with("title       Le bac reprend la mer"), "{shown}");
        assert!(!shown.contains('\u{1b}'));
        assert!(
            shown.contains("published   2026-05-03T09:30:00+02:00 (meta)\n"),
            "{shown}"
        );
    }

    #[test]
    fn a_saved_page_counts_from_when_it_was_saved_or_not_at_all() {
        let mut page = page();
        page.body = "<html><head><title>Ferry back at sea</title></head><body><article><h1>Ferry back at sea</h1>\
            <p class=date>3 hours ago</p><p>After three weeks of repairs the ferry crossed the bay again on Sunday \
            morning, with two hundred passengers on board.</p></article></body></html>"
            .into();
        let date = |saved| read(&page, None, saved).unwrap().published;
        assert_eq!(date(None), None);
        let told = date(Some("2026-05-04T08:00:00Z".parse().unwrap())).unwrap();
        assert!(told.starts_with("2026-05-04T0"), "{told}");
    }

    #[test]
    fn what_is_no_page_is_an_error() {
        let mut page = page();
        page.headers.clear();
        page.body = b"%PDF-1.4 <html>".to_vec();
        assert_eq!(
            read(&page, None, None).unwrap_err().to_string(),
            "this is no page: a PDF"
        );
        let named = |url| blank(Some(url), None, page.fetched_at).map(|page| page.url).ok();
        assert_eq!(named("not a url"), None);
        assert_eq!(named("//paper.example/a").as_deref(), Some("https://paper.example/a"));
        assert_eq!(
            named("www.paper.example/a?b=1").as_deref(),
            Some("https://www.paper.example/a?b=1")
        );
    }
}
