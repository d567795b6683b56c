//! `vigie export`.

use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::cli::exit::mistake;
use crate::cli::format::Profile;
use crate::cli::narrow::Window;
use crate::cli::options::Common;
use crate::cli::story::spec;
use crate::cli::{Exit, compare, corpus, output, query};
use crate::model::Interval;
use crate::model::query::Condition;
use crate::read::ask;
use crate::read::periods::Per;
use crate::read::search;
use crate::read::topics::{self, Shares};
use crate::report;
use crate::report::csv::Sheet;
use crate::store::{Cell, Export, Order, Reader};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie export articles --format csv > articles.csv
  vigie export articles --query 'lang:zh 文化' --format jsonl
  vigie export looks --since 7d --format csv > ledger.csv
  vigie export topics --per week > topics.csv        shares of all articles, by topic, source and week
  vigie export articles --story lang-pyongyang --profile r --with-text -o articles.csv     R: readtext, quanteda
  vigie export articles --query 'lang:fr nucléaire' --format europresse --with-text -o corpus.html
  vigie export articles --query 'lang:fr nucléaire' --format iramuteq --with-text -o corpus.txt
  vigie export topics --per article > tags.csv       one row a topic on an article, with the terms that made it
Every row carries source id, name, language, country and ownership; the row count goes to stderr.")]
pub struct Args {
    #[arg(value_enum)]
    pub what: What,
    #[arg(long, value_enum, default_value = "csv", value_name = "FORMAT")]
    pub format: Format,
    /// Write to this file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Only the articles of this story: the id of a spec in stories/
    #[arg(long, value_name = "ID", conflicts_with = "query")]
    pub story: Option<String>,
    /// Columns as a program wants them: `r` has `text` and `doc_id` first (articles as CSV)
    #[arg(long, value_enum, value_name = "PROGRAM")]
    pub profile: Option<Profile>,
    /// With the articles' full texts, which are their publishers': for your own use
    #[arg(long)]
    pub with_text: bool,
    /// Only articles that this query finds (articles and topics)
    #[arg(long, value_name = "QUERY")]
    pub query: Option<String>,
    /// From then on (looks, and topics by period)
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Until the end of then (looks, and topics by period)
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Of topics: a row for each topic, source and period, or for each tag on an article [default: day]
    #[arg(long, value_enum, value_name = "PERIOD")]
    pub per: Option<Rows>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Rows {
    Day,
    Week,
    Month,
    Article,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum What {
    Articles,
    Looks,
    Topics,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Csv,
    Jsonl,
    /// The HTML of Europresse, as tm.plugin.europresse and R.temis read it (articles)
    Europresse,
    /// A corpus for IRaMuTeQ or Alceste (articles)
    Iramuteq,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let topics = matches!(args.what, What::Topics);
    if args.per.is_some() && !topics {
        return Err(mistake("--per is of topics only\nhint: vigie export topics --per week"));
    }
    let per = match args.per {
        None | Some(Rows::Day) => Some(Per::Day),
        Some(Rows::Week) => Some(Per::Week),
        Some(Rows::Month) => Some(Per::Month),
        Some(Rows::Article) => None,
    };
    if is_of_articles(&args) && !matches!(args.what, What::Articles) {
        return Err(mistake(
            "--story, --profile, --with-text and the formats of text programs are of articles only\nhint: vigie export articles",
        ));
    }
    if let (true, Some(per)) = (topics, per) {
        return shares(common, &reader, &args, per);
    }
    if let Some(exit) = articles(common, &reader, &args)? {
        return Ok(exit);
    }
    let export = what(common, &reader, &args)?;
    let mut out = sink(&args)?;
    let rows = print(&reader, &export, common.json || args.format == Format::Jsonl, &mut out)?;
    out.flush()?;
    common.say(format!("{rows} rows"));
    Ok(if rows == 0 { Exit::NothingFound } else { Exit::Done })
}

/// A file or stdout.
fn sink(args: &Args) -> anyhow::Result<Box<dyn Write>> {
    Ok(match &args.output {
        Some(path) => Box::new(BufWriter::new(output::create(path)?)),
        None => Box::new(BufWriter::new(std::io::stdout().lock())),
    })
}

/// Something was asked for that only articles have.
fn is_of_articles(args: &Args) -> bool {
    let program = matches!(args.format, Format::Europresse | Format::Iramuteq) || args.profile.is_some();
    program || args.with_text || args.story.is_some()
}

/// Articles in the form of a program for texts, or of a story, or with their texts; `None` = none of these was asked for.
fn articles(common: &Common, reader: &Reader, args: &Args) -> anyhow::Result<Option<Exit>> {
    if !is_of_articles(args) {
        return Ok(None);
    }
    if args.profile.is_some() && args.format != Format::Csv {
        return Err(mistake("--profile shapes CSV only\nhint: leave --format out"));
    }
    if args.since.is_some() || args.until.is_some() {
        return Err(mistake(
            "--since and --until narrow looks, and topics by period\nhint: --query 'since:7d' narrows articles",
        ));
    }
    let rows = match &args.story {
        Some(id) => {
            spec::get(common, id)?;
            let comparison = compare::compare(common, &compare::StoryArgs::of(id))?;
            let ids: Vec<&str> = comparison.articles.iter().map(|article| article.id.as_str()).collect();
            corpus::rows_of(reader, &ids)?
        }
        None => {
            reader
                .search(&condition(common, reader, args)?, Order::Oldest, u32::MAX)?
                .rows
        }
    };
    let mut out = sink(args)?;
    match (args.format, args.profile) {
        (Format::Europresse, _) => corpus::europresse(reader, &rows, args.with_text, &mut out)?,
        (Format::Iramuteq, _) => corpus::iramuteq(reader, &rows, args.with_text, &mut out)?,
        (Format::Csv, Some(Profile::R)) => corpus::r_table(reader, &rows, args.with_text, &mut out)?,
        (format, _) => {
            let export = Export::These {
                rowids: rows.iter().map(|row| row.rowid).collect(),
                with_text: args.with_text,
            };
            print(reader, &export, format == Format::Jsonl || common.json, &mut out)?;
        }
    }
    out.flush()?;
    common.say(match &args.output {
        Some(path) => format!("wrote {} ({} rows)", path.display(), rows.len()),
        None => format!("{} rows", rows.len()),
    });
    Ok(Some(if rows.is_empty() {
        Exit::NothingFound
    } else {
        Exit::Done
    }))
}

/// The rows of a view, as JSONL or CSV. Gives how many there were.
fn print(reader: &Reader, export: &Export, jsonl: bool, out: &mut dyn Write) -> anyhow::Result<u64> {
    let columns = reader.export_columns(export)?;
    if jsonl {
        return reader.export(export, |cells| -> anyhow::Result<ControlFlow<()>> {
            let object: serde_json::Map<String, serde_json::Value> = columns
                .iter()
                .zip(cells)
                .filter_map(|(name, cell)| Some((name.clone(), json(cell)?)))
                .collect();
            writeln!(out, "{}", report::json::escaped(serde_json::to_string(&object)?))?;
            Ok(ControlFlow::Continue(()))
        });
    }
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut sheet = Sheet::new(out, &names)?;
    let rows = reader.export(export, |cells| -> anyhow::Result<ControlFlow<()>> {
        sheet.row(cells.iter().map(text))?;
        Ok(ControlFlow::Continue(()))
    })?;
    sheet.finish()?;
    Ok(rows)
}

fn what(common: &Common, reader: &Reader, args: &Args) -> anyhow::Result<Export> {
    let looks = matches!(args.what, What::Looks);
    if looks && args.query.is_some() {
        return Err(mistake(
            "looks have no words to query\nhint: --since and --until narrow them",
        ));
    }
    if !looks && (args.since.is_some() || args.until.is_some()) {
        return Err(mistake(
            "--since and --until narrow looks, and topics by period\nhint: --query 'since:7d' narrows articles",
        ));
    }
    if looks {
        return Ok(Export::Looks(window(common, args)?));
    }
    let condition = condition(common, reader, args)?;
    Ok(match args.what {
        What::Topics => Export::Topics(condition),
        _ => Export::Articles(condition),
    })
}

/// `None`: all times.
fn window(common: &Common, args: &Args) -> anyhow::Result<Option<Interval>> {
    let window = common.window(args.since.as_deref(), args.until.as_deref())?;
    Ok((window != Window::default()).then(|| window.interval()))
}

fn condition(common: &Common, reader: &Reader, args: &Args) -> anyhow::Result<Condition> {
    let Some(typed) = &args.query else {
        return Ok(Condition::Everything);
    };
    let config = query::config_or_builtin(common)?;
    let context = search::context(
        &config.lexicon,
        common.clock().now(),
        &common.tz,
        false,
        Some(&common.config),
    );
    let read = query::read(common, reader, &config, typed, &context)?;
    ask::condition(reader, &read.expr, &Condition::Everything, &context).map_err(query::misread)
}

/// Shares of all articles by topic, source and period.
fn shares(common: &Common, reader: &Reader, args: &Args, per: Per) -> anyhow::Result<Exit> {
    let config = query::config_or_builtin(common)?;
    let (among, zone) = (condition(common, reader, args)?, common.zone()?);
    let sources = reader.sources()?;
    let asked = Shares {
        among: &among,
        window: window(common, args)?.unwrap_or(Interval {
            min: jiff::Timestamp::MIN,
            max: jiff::Timestamp::MAX,
        }),
        per,
        zone: &zone,
        now: common.clock().now(),
        sources: &sources,
        topics: &config.topics,
    };
    let mut out = sink(args)?;
    let rows = if common.json || matches!(args.format, Format::Jsonl) {
        let rows = topics::shares(reader, &asked, |row| -> anyhow::Result<()> {
            writeln!(out, "{}", report::topics::share_object(row)?)?;
            Ok(())
        })?;
        out.flush()?;
        rows
    } else {
        let mut sheet = Sheet::new(out, &report::topics::SHARE_COLUMNS)?;
        let rows = topics::shares(reader, &asked, |row| -> anyhow::Result<()> {
            Ok(report::topics::share_cells(&mut sheet, row)?)
        })?;
        sheet.finish()?;
        rows
    };
    common.say(format!("{rows} rows"));
    Ok(if rows == 0 { Exit::NothingFound } else { Exit::Done })
}

/// A list in one cell is joined by `;`.
pub fn text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Unknown => Cow::from(""),
        Cell::Text(text) => Cow::from(text.as_str()),
        Cell::Integer(n) => Cow::from(n.to_string()),
        Cell::Real(n) => Cow::from(report::json::short(*n).to_string()),
        Cell::List(items) => Cow::from(items.join(";")),
    }
}

/// Absent = unknown.
fn json(cell: &Cell) -> Option<serde_json::Value> {
    match cell {
        Cell::Unknown => None,
        Cell::Text(text) => Some(text.as_str().into()),
        Cell::Integer(n) => Some((*n).into()),
        Cell::Real(n) => Some(report::json::short(*n).into()),
        Cell::List(items) => Some(items.clone().into()),
    }
}
