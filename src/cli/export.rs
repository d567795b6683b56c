//! `vigie export`.

use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, query};
use crate::model::Interval;
use crate::model::query::Condition;
use crate::query as language;
use crate::read::periods::Per;
use crate::read::search;
use crate::read::topics::{self, Shares};
use crate::report;
use crate::report::csv::Sheet;
use crate::store::{Cell, Export, Reader};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie export articles --format csv > articles.csv
  vigie export articles --query 'lang:zh 文化' --format jsonl
  vigie export looks --since 7d --format csv > ledger.csv
  vigie export topics --per week > topics.csv        shares of all articles, by topic, source and week
  vigie export topics --per article > tags.csv       one row a topic on an article, with the terms that made it
Every row carries source id, name, language, country and ownership; the row count goes to stderr.")]
pub struct Args {
    #[arg(value_enum)]
    pub what: What,
    #[arg(long, value_enum, default_value = "csv", value_name = "FORMAT")]
    pub format: Format,
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

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Format {
    Csv,
    Jsonl,
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
    if let (true, Some(per)) = (topics, per) {
        return shares(common, &reader, &args, per);
    }
    let export = what(common, &args)?;
    let columns = reader.export_columns(&export)?;
    let out = BufWriter::new(std::io::stdout().lock());
    let format = if common.json { Format::Jsonl } else { args.format };
    let rows = match format {
        Format::Csv => {
            let names: Vec<&str> = columns.iter().map(String::as_str).collect();
            let mut sheet = Sheet::new(out, &names)?;
            let rows = reader.export(&export, |cells| -> anyhow::Result<ControlFlow<()>> {
                sheet.row(cells.iter().map(text))?;
                Ok(ControlFlow::Continue(()))
            })?;
            sheet.finish()?;
            rows
        }
        Format::Jsonl => {
            let mut out = out;
            let rows = reader.export(&export, |cells| -> anyhow::Result<ControlFlow<()>> {
                let object: serde_json::Map<String, serde_json::Value> = columns
                    .iter()
                    .zip(cells)
                    .filter_map(|(name, cell)| Some((name.clone(), json(cell)?)))
                    .collect();
                writeln!(out, "{}", report::json::escaped(serde_json::to_string(&object)?))?;
                Ok(ControlFlow::Continue(()))
            })?;
            out.flush()?;
            rows
        }
    };
    common.say(format!("{rows} rows"));
    Ok(if rows == 0 { Exit::NothingFound } else { Exit::Done })
}

fn what(common: &Common, args: &Args) -> anyhow::Result<Export> {
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
    let condition = condition(common, args)?;
    Ok(match args.what {
        What::Topics => Export::Topics(condition),
        _ => Export::Articles(condition),
    })
}

/// `None`: all times.
fn window(common: &Common, args: &Args) -> anyhow::Result<Option<Interval>> {
    let moment = |text: &Option<String>, end| text.as_deref().map(|text| common.moment(text, end)).transpose();
    let (min, max) = (moment(&args.since, false)?, moment(&args.until, true)?);
    Ok((min.is_some() || max.is_some()).then(|| Interval {
        min: min.unwrap_or(jiff::Timestamp::MIN),
        max: max.unwrap_or(jiff::Timestamp::MAX),
    }))
}

fn condition(common: &Common, args: &Args) -> anyhow::Result<Condition> {
    let Some(typed) = &args.query else {
        return Ok(Condition::Everything);
    };
    let config = query::config_or_builtin(common)?;
    let context = search::context(&config.lexicon, common.clock().now(), &common.tz, false);
    let parsed = language::parse(typed, &context).map_err(|error| query::misread(error.into()))?;
    Ok(language::plan(&parsed.expr))
}

/// Shares of all articles by topic, source and period.
fn shares(common: &Common, reader: &Reader, args: &Args, per: Per) -> anyhow::Result<Exit> {
    let config = query::config_or_builtin(common)?;
    let (among, zone, sources) = (condition(common, args)?, common.zone()?, reader.sources()?);
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
    let mut out = BufWriter::new(std::io::stdout().lock());
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
fn text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Unknown => Cow::from(""),
        Cell::Text(text) => Cow::from(text.as_str()),
        Cell::Integer(n) => Cow::from(n.to_string()),
        Cell::Real(n) => Cow::from(n.to_string()),
        Cell::List(items) => Cow::from(items.join(";")),
    }
}

/// Absent = unknown.
fn json(cell: &Cell) -> Option<serde_json::Value> {
    match cell {
        Cell::Unknown => None,
        Cell::Text(text) => Some(text.as_str().into()),
        Cell::Integer(n) => Some((*n).into()),
        Cell::Real(n) => Some((*n).into()),
        Cell::List(items) => Some(items.clone().into()),
    }
}
