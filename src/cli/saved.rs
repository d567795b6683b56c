//! `vigie saved`, and the searches that every crawl ends with.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Context as _;
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, narrow, output, query, typed};
use crate::config::whole;
use crate::config::{Config, SavedFile, saved as toml};
use crate::model::Saved;
use crate::model::saved::SILENCE_ALERT_DAYS;
use crate::query::{self as language, Context};
use crate::read::saved::{self, Asked, Report};
use crate::read::search;
use crate::report;
use crate::store::{ArticleRow, Hits, Lock, Reader, Store, StoreError};

/// Below the data folder: the feeds of the searches, and their digests.
const FOLDER: &str = "saved";
/// Entries of a feed.
const MOST_ENTRIES: u32 = 100;

#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// Keep a search in saved.toml, to be asked at the end of every crawl
    #[command(after_help = "\
Examples:
  vigie saved add office 'bureau NEAR/8 Pyongyang OR 办事处 NEAR/20 平壤' --note 'has the office opened?'
  vigie saved add envoy '@jack-lang' --lang fr,zh --silence-alert-days 14")]
    Add(AddArgs),
    /// Every saved search with what it finds
    #[command(after_help = "Examples:\n  vigie saved list\n  vigie saved list --json")]
    List,
    /// One saved search and its latest hits
    #[command(after_help = "Examples:\n  vigie saved show office")]
    Show {
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Ask them again, and tell what no digest has told yet
    #[command(after_help = "\
Examples:
  vigie saved run
  vigie saved run --digest 'digest/%Y-%m-%d.md'
  vigie saved run office --unseen

Each search has a line even when nothing is new: articles checked and sources ok since the last digest. One that has
found nothing for its `silence_alert_days` (3 unless saved.toml says otherwise, 0 = never) is told once, until it finds
something again. An Atom feed of each is written to saved/ID.atom below the data folder.
Exit codes: 0 asked, whatever was found; 4 with --unseen and nothing unseen; 5 another run holds the lock.")]
    Run(RunArgs),
    /// Take a search out of saved.toml, and forget what it found
    #[command(after_help = "Examples:\n  vigie saved remove office")]
    Remove {
        #[arg(value_name = "ID")]
        id: String,
    },
}

#[derive(Debug, clap::Args)]
pub struct AddArgs {
    /// Lower-case letters, digits and hyphens
    #[arg(value_name = "ID")]
    pub id: String,
    /// The query, as for `vigie query`
    #[arg(required = true, value_name = "QUERY")]
    pub query: Vec<String>,
    /// Why it is asked
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Only articles in these languages
    #[arg(long, value_delimiter = ',', value_name = "LANG")]
    pub lang: Vec<String>,
    /// Only these sources
    #[arg(long, value_delimiter = ',', value_name = "SOURCE")]
    pub source: Vec<String>,
    /// Only sources of these groups
    #[arg(long, value_delimiter = ',', value_name = "GROUP")]
    pub group: Vec<String>,
    /// Take every word as it stands: no names in other languages
    #[arg(long)]
    pub exact: bool,
    /// Days without a hit after which its silence is told; 0 = never
    #[arg(long, default_value_t = SILENCE_ALERT_DAYS, value_name = "N")]
    pub silence_alert_days: u32,
    /// Print the block, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// Only these searches
    #[arg(value_name = "ID")]
    pub id: Vec<String>,
    /// What --unseen has not shown yet, whether a digest told it or not
    #[arg(long)]
    pub unseen: bool,
    /// Add what is told to this Markdown file; %Y, %m and %d are the day's of --tz
    #[arg(long, value_name = "FILE", conflicts_with = "unseen")]
    pub digest: Option<String>,
}

pub fn run(common: &Common, action: Action) -> anyhow::Result<Exit> {
    match action {
        Action::Add(args) => add(common, args),
        Action::List => list(common),
        Action::Show { id } => show(common, &id),
        Action::Run(args) => ask(common, &args),
        Action::Remove { id } => remove(common, &id),
    }
}

/// The searches of the folder with their queries read; a mistake in one is pointed at in the file.
fn read<'f>(common: &Common, file: &'f SavedFile, reader: &Reader, config: &Config) -> anyhow::Result<Vec<Asked<'f>>> {
    let name = file.path.display().to_string();
    let known = query::known(common, reader, config)?;
    let mut all = Vec::new();
    for placed in &file.searches {
        let saved = &placed.saved;
        query::check_names(common, reader, config, &saved.source, &saved.group)
            .map_err(|error| mistake(format!("{name}: search `{}`: {error}", saved.id)))?;
        let context = context(common, config, saved);
        let read = language::parse(&saved.query, &context).and_then(|read| {
            query::check(reader, known.clone(), &read)?;
            Ok(read)
        });
        let query = read.map_err(|error| {
            let message = format!("query of `{}`: {}", saved.id, error.problem);
            toml::mistaken(
                &name,
                &file.text,
                placed,
                error.span.clone(),
                message,
                error.hint.clone(),
            )
        });
        match query {
            Ok(query) => all.push(Asked { saved, query }),
            Err(errors) => return Err(crate::config::ConfigError::Invalid(errors).into()),
        }
    }
    Ok(all)
}

fn context<'c>(common: &'c Common, config: &'c Config, saved: &Saved) -> Context<'c> {
    search::context(
        &config.lexicon,
        common.clock().now(),
        &common.tz,
        saved.exact,
        Some(&common.config),
    )
}

/// Those that were named, or all; one that is not there is a slip of the fingers.
fn chosen<'f>(all: Vec<Asked<'f>>, named: &[String]) -> anyhow::Result<Vec<Asked<'f>>> {
    for id in named {
        if !all.iter().any(|asked| asked.saved.id == *id) {
            let ids = all.iter().map(|asked| asked.saved.id.as_str());
            return Err(query::nobody("saved search", id, ids, "`vigie saved list` shows them"));
        }
    }
    let wanted = |asked: &Asked<'_>| named.is_empty() || named.contains(&asked.saved.id);
    Ok(all.into_iter().filter(wanted).collect())
}

fn add(common: &Common, args: AddArgs) -> anyhow::Result<Exit> {
    let file = Config::saved(&common.config)?;
    let name = file.path.display().to_string();
    if file.searches.iter().any(|placed| placed.saved.id == args.id) {
        return Err(mistake(format!(
            "the id {} is taken in {name}\nhint: `vigie saved remove {0}` first, or edit the file",
            args.id
        )));
    }
    let saved = Saved {
        id: args.id,
        query: typed::query(&args.query),
        note: args.note,
        lang: narrow::langs(&args.lang)?,
        source: args.source,
        group: args.group,
        exact: args.exact,
        silence_alert_days: args.silence_alert_days,
    };
    let text = toml::append(&file.text, &saved)?;
    // As the file will be: a wrong id, language or number is told before anything is written.
    toml::parse(&name, &text)?;
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    query::check_names(common, &reader, &config, &saved.source, &saved.group)?;
    let read = query::read(
        common,
        &reader,
        &config,
        &saved.query,
        &context(common, &config, &saved),
    )?;
    for warning in &read.warnings {
        common.say(format!("note: {warning}"));
    }
    if args.dry_run {
        output::text(&toml::block(&saved))?;
        common.say("nothing was written (--dry-run)");
        return Ok(Exit::Done);
    }
    whole::replace(&file.path, &text).map_err(|error| mistake(format!("cannot write {name}: {error}")))?;
    let asked = Asked {
        saved: &saved,
        query: read,
    };
    let found = saved::count(&reader, &asked, &context(common, &config, &saved)).map_err(query::misread)?;
    let plural = if found == 1 { "" } else { "s" };
    output::line(format!(
        "wrote {name}: {} finds {found} article{plural} so far",
        saved.id
    ))?;
    common.say("next: `vigie saved run`; every crawl asks it from now on");
    Ok(Exit::Done)
}

fn remove(common: &Common, id: &str) -> anyhow::Result<Exit> {
    let file = Config::saved(&common.config)?;
    let name = file.path.display().to_string();
    let Some(text) = toml::remove(&file.text, id) else {
        let ids = file.searches.iter().map(|placed| placed.saved.id.as_str());
        return Err(query::nobody("saved search", id, ids, "`vigie saved list` shows them"));
    };
    let open = match common.data.join(crate::store::DATABASE).exists() {
        true => Some(open(common)?),
        false => None,
    };
    whole::replace(&file.path, &text).map_err(|error| mistake(format!("cannot write {name}: {error}")))?;
    if let Some((_lock, mut store)) = open {
        store.batch(|batch| batch.forget_search(id))?;
    }
    fs::remove_file(common.data.join(FOLDER).join(format!("{id}.atom"))).ok();
    output::line(format!("took {id} out of {name}"))?;
    Ok(Exit::Done)
}

/// The lock, and the store to write to.
fn open(common: &Common) -> anyhow::Result<(Lock, Store)> {
    common.reader()?;
    let lock = crate::crawl::run::lock(&common.data)?;
    Ok((lock, Store::open(&common.data)?))
}

#[derive(Debug, Serialize)]
struct Line {
    #[serde(flatten)]
    saved: Saved,
    total: u64,
    untold: u64,
    unseen: u64,
    asked: Option<Timestamp>,
    told: Option<Timestamp>,
}

fn list(common: &Common) -> anyhow::Result<Exit> {
    let file = Config::saved(&common.config)?;
    if file.searches.is_empty() {
        common.say(format!(
            "no search in {}\nnext: vigie saved add office 'bureau NEAR/8 Pyongyang'",
            file.path.display()
        ));
        return Ok(Exit::NothingFound);
    }
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let mut lines = Vec::new();
    for asked in read(common, &file, &reader, &config)? {
        let id = &asked.saved.id;
        let row = reader.saved_search(id)?;
        lines.push(Line {
            saved: asked.saved.clone(),
            total: saved::count(&reader, &asked, &context(common, &config, asked.saved)).map_err(query::misread)?,
            untold: reader.saved_hits(id, Hits::Untold, 0)?.0,
            unseen: reader.saved_hits(id, Hits::Unseen, 0)?.0,
            asked: row.as_ref().map(|row| row.ran_at),
            told: row.and_then(|row| row.told_at),
        });
    }
    if common.json {
        output::json(&serde_json::json!({ "searches": lines }))?;
        return Ok(Exit::Done);
    }
    let mut table = report::table::Table::new(["search", "finds", "untold", "unseen", "asked", "query"])
        .ruled()
        .numbers([1, 2, 3]);
    for line in &lines {
        table.row([
            line.saved.id.clone(),
            line.total.to_string(),
            line.untold.to_string(),
            line.unseen.to_string(),
            line.asked
                .map_or_else(|| "never".to_owned(), crate::text::durations::minute_utc),
            report::table::fit(&report::clean::line(&line.saved.query), 40),
        ]);
    }
    output::text(&table.render())?;
    Ok(Exit::Done)
}

fn show(common: &Common, id: &str) -> anyhow::Result<Exit> {
    let file = Config::saved(&common.config)?;
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let now = common.clock().now();
    let all = chosen(read(common, &file, &reader, &config)?, &[id.to_owned()])?;
    for asked in &all {
        let context = context(common, &config, asked.saved);
        let report = saved::report(&reader, asked, &config.sources, Hits::All, (false, false), &context)
            .map_err(query::misread)?;
        if common.json {
            output::json(&document(&[report], now))?;
        } else {
            output::text(&format!("read as: {}\n", report::clean::line(&report.run)))?;
            if let Some(note) = &report.note {
                output::text(&format!("note: {}\n", report::clean::line(note)))?;
            }
            output::text(&report::saved::terminal(&[report], "kept"))?;
        }
    }
    Ok(Exit::Done)
}

/// Asks each and remembers what is new; gives what there is to tell.
fn renew(
    common: &Common,
    store: &mut Store,
    all: &[Asked<'_>],
    config: &Config,
    which: Hits,
    now: Timestamp,
) -> anyhow::Result<Vec<Report>> {
    let mut reports = Vec::new();
    for asked in all {
        let context = Context {
            now,
            ..context(common, config, asked.saved)
        };
        let found = saved::ask(store, asked, &context).map_err(query::misread)?;
        let id = &asked.saved.id;
        store.batch(|batch| match found.first || found.changed {
            true => batch.begin_search(id, &found.asked, now, &found.articles),
            false => batch.ran_search(id, now, &found.articles),
        })?;
        let report = saved::report(
            store,
            asked,
            &config.sources,
            which,
            (found.first, found.changed),
            &context,
        );
        reports.push(report.map_err(query::misread)?);
    }
    Ok(reports)
}

fn ask(common: &Common, args: &RunArgs) -> anyhow::Result<Exit> {
    let file = Config::saved(&common.config)?;
    let config = query::config_or_builtin(common)?;
    let zone = common.zone()?;
    let (_lock, mut store) = open(common)?;
    let all = chosen(read(common, &file, &store, &config)?, &args.id)?;
    if all.is_empty() {
        return Err(mistake(format!(
            "there is no search in {}\nhint: vigie saved add office 'bureau NEAR/8 Pyongyang'",
            file.path.display()
        )));
    }
    let now = common.clock().now();
    let which = if args.unseen { Hits::Unseen } else { Hits::Untold };
    let reports = renew(common, &mut store, &all, &config, which, now)?;
    feeds(common, &store, &all, &reports, &config, now)?;
    if let Some(pattern) = &args.digest {
        let day = now.to_zoned_datetime(zone);
        let path = jiff::fmt::strtime::format(pattern, &day).map_err(|error| {
            mistake(format!(
                "--digest {pattern}: {error}\nhint: for example 'digest/%Y-%m-%d.md'"
            ))
        })?;
        append(Path::new(&path), &report::saved::markdown(&reports, now))?;
        common.say(format!("digest: {path}"));
    }
    if common.json {
        output::json(&document(&reports, now))?;
    } else {
        let what = if args.unseen { "unseen" } else { "new" };
        output::text(&report::saved::terminal(&reports, what))?;
    }
    // Only what was printed has been told.
    store.batch(|batch| {
        for report in &reports {
            if args.unseen {
                batch.seen_search(&report.id, now)?;
            } else {
                batch.told_search(&report.id, now)?;
            }
            alarmed(batch, report, now)?;
        }
        Ok::<(), StoreError>(())
    })?;
    let nothing = args.unseen && reports.iter().all(|report| report.new == 0);
    Ok(if nothing { Exit::NothingFound } else { Exit::Done })
}

fn alarmed(batch: &crate::store::Batch<'_>, report: &Report, now: Timestamp) -> Result<(), StoreError> {
    match report.silence {
        Some(silence) if !silence.told => batch.alarmed_search(&report.id, now),
        _ => Ok(()),
    }
}

/// What a crawl ends with: every search is asked, its feed written, and its silence told; the articles wait for
/// `vigie saved run`. A mistake in saved.toml is said and spoils no crawl.
pub fn after_crawl(common: &Common, config: &Config) -> Vec<Report> {
    match after(common, config) {
        Ok(reports) => reports,
        Err(error) => {
            common.say(format!("saved searches were not asked: {error:#}"));
            Vec::new()
        }
    }
}

fn after(common: &Common, config: &Config) -> anyhow::Result<Vec<Report>> {
    let file = Config::saved(&common.config)?;
    if file.searches.is_empty() {
        return Ok(Vec::new());
    }
    let (_lock, mut store) = open(common)?;
    let all = read(common, &file, &store, config)?;
    let now = common.clock().now();
    let reports = renew(common, &mut store, &all, config, Hits::Untold, now)?;
    feeds(common, &store, &all, &reports, config, now)?;
    store.batch(|batch| reports.iter().try_for_each(|report| alarmed(batch, report, now)))?;
    Ok(reports)
}

fn feeds(
    common: &Common,
    reader: &Reader,
    all: &[Asked<'_>],
    reports: &[Report],
    config: &Config,
    now: Timestamp,
) -> anyhow::Result<()> {
    let name_of = |id: &str| {
        config
            .source(id)
            .map_or_else(|| id.to_owned(), |source| source.name.clone())
    };
    for (asked, report) in all.iter().zip(reports) {
        let hits = saved::found_hits(reader, &report.id, &asked.query.expr, MOST_ENTRIES)?;
        let path = common.data.join(FOLDER).join(format!("{}.atom", report.id));
        whole::replace(&path, &report::atom::feed(report, &hits, &name_of, now))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// A digest grows by a section; a day's second one does not take the first one's place.
fn append(path: &Path, section: &str) -> anyhow::Result<()> {
    let failed = || format!("cannot write {}", path.display());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(failed)?;
    }
    let mut file = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .with_context(failed)?;
    let apart = if file.metadata().with_context(failed)?.len() > 0 {
        "\n"
    } else {
        ""
    };
    file.write_all(format!("{apart}{section}").as_bytes())
        .with_context(failed)
}

/// `--json` of a run.
fn document(reports: &[Report], now: Timestamp) -> serde_json::Value {
    let searches: Vec<serde_json::Value> = reports.iter().map(search_document).collect();
    serde_json::json!({ "at": now, "searches": searches })
}

/// What a crawl's summary says of them.
pub fn brief(reports: &[Report]) -> serde_json::Value {
    let one = |report: &Report| {
        serde_json::json!({
            "id": report.id,
            "total": report.total,
            "untold": report.new,
            "checked": report.checked,
            "sources": report.sources,
            "sources_ok": report.sources_ok,
            "alarm": report.silence.is_some_and(|silence| !silence.told),
        })
    };
    reports.iter().map(one).collect()
}

fn search_document(report: &Report) -> serde_json::Value {
    let article = |row: &ArticleRow| {
        serde_json::json!({
            "id": row.id,
            "source": row.source,
            "lang": row.lang,
            "url": row.url,
            "title": row.title,
            "published": row.published.as_ref().map(|claim| claim.to_published()),
            "first_seen": row.first_seen_at,
        })
    };
    let articles: Vec<serde_json::Value> = report
        .articles
        .iter()
        .map(|hit| {
            let mut row = article(&hit.article);
            row["snippets"] = serde_json::json!(hit.snippets);
            row
        })
        .collect();
    serde_json::json!({
        "id": report.id,
        "query": { "typed": report.query, "run": report.run },
        "note": report.note,
        "first": report.first,
        "changed": report.changed,
        "total": report.total,
        "new": report.new,
        "since": report.since,
        "checked": report.checked,
        "sources": report.sources,
        "sources_ok": report.sources_ok,
        "last_hit": report.last_hit.as_ref().map(article),
        "silence": report.silence,
        "alarm": report.silence.is_some_and(|silence| !silence.told),
        "articles": articles,
    })
}
