//! `vigie attention`.

use std::path::PathBuf;

use crate::cli::exit::mistake;
use crate::cli::narrow::langs;
use crate::cli::options::Common;
use crate::cli::{Exit, output, query, typed};
use crate::read::attention::{Asked, By, attention, held};
use crate::read::periods::{MOST_PERIODS, Per};
use crate::read::search::{self, Bridge, Question};
use crate::report;
use crate::store::Order;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie attention 朝鲜 --by language --per week --since 90d
  vigie attention --by topic --per month --since 2026-01-01
  vigie attention 'topic:sanctions' --format csv --wide -o sanctions.csv
  vigie attention 朝鲜 --format html -o attention.html
A period of whose days less than half were looked at is a gap, never a zero: it has the counts of what is held, and no
share. Days are those of --tz.")]
pub struct Args {
    /// The query, as for `vigie query`; with --by topic it may be left out, for every article
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// One series for each of these
    #[arg(long, value_enum, default_value = "source", value_name = "WHAT")]
    pub by: Series,
    #[arg(long, value_enum, default_value = "day", value_name = "PERIOD")]
    pub per: Period,
    /// At most this many series, those with most articles found
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub limit: u32,
    #[command(flatten)]
    pub narrow: query::Narrow,
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub format: Format,
    /// CSV with one row per period and four columns per series: matching, all, share, observed
    #[arg(long)]
    pub wide: bool,
    /// Write there instead of to the terminal
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Series {
    Source,
    /// Of the edition
    Language,
    Country,
    Ownership,
    /// Of topics.toml
    Topic,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Period {
    Day,
    Week,
    Month,
}

impl Period {
    pub fn per(self) -> Per {
        match self {
            Period::Day => Per::Day,
            Period::Week => Per::Week,
            Period::Month => Per::Month,
        }
    }
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Format {
    Table,
    /// One row per series and period, unless --wide
    Csv,
    /// A page with charts and the same numbers as tables
    Html,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let narrow = &args.narrow;
    query::check_names(common, &reader, &config, &narrow.source, &narrow.group)?;
    let langs = langs(&narrow.lang)?;
    let (since, until) = (
        narrow.since.as_deref().unwrap_or("30d"),
        narrow.until.as_deref().unwrap_or("now"),
    );
    let window = common.window(Some(since), Some(until))?.interval();
    let typed = typed::query(&args.query);
    if typed.trim().is_empty() && !matches!(args.by, Series::Topic) {
        return Err(mistake(
            "attention to what? a query is missing\nhint: vigie attention 朝鲜 --by language, or --by topic without a query",
        ));
    }
    if args.wide && matches!(args.format, Format::Html) {
        return Err(mistake("--wide is a form of CSV\nhint: --format csv --wide"));
    }
    let zone = common.zone()?;
    let sources = reader.sources()?;
    let asked = Asked {
        question: Question {
            typed: &typed,
            langs: &langs,
            sources: &narrow.source,
            groups: &narrow.group,
            since: None,
            until: None,
            exact: false,
            bridge: Bridge::Never,
            order: Order::Newest,
            limit: args.limit,
        },
        window,
        by: match args.by {
            Series::Source => By::Source,
            Series::Language => By::Language,
            Series::Country => By::Country,
            Series::Ownership => By::Ownership,
            Series::Topic => By::Topic,
        },
        per: args.per.per(),
        zone: &zone,
        sources: &sources,
        topics: &config.topics,
    };
    let context = search::context(
        &config.lexicon,
        common.clock().now(),
        &common.tz,
        false,
        Some(&common.config),
    );
    query::read(common, &reader, &config, &typed, &context)?;
    let Some(found) = attention(&reader, &asked, &context).map_err(query::misread)? else {
        return Err(mistake(format!(
            "these are more than {MOST_PERIODS} periods\nhint: --per month, or a later --since"
        )));
    };
    let mut bytes = Vec::new();
    if common.json {
        bytes = format!("{}\n", report::json::line(&found)?).into_bytes();
    } else {
        match args.format {
            Format::Csv | Format::Table if args.wide => report::attention::wide(&found, &mut bytes)?,
            Format::Csv => report::attention::long(&found, &mut bytes)?,
            Format::Table => bytes = report::attention::terminal(&found).into_bytes(),
            Format::Html => bytes = report::attention::html(&found).into_bytes(),
        }
    }
    output::into(args.output.as_deref(), &bytes)?;
    // A sheet has no place for it.
    if matches!(args.format, Format::Csv) || args.wide {
        for note in held(&found.series) {
            common.say(format!("note: {note}"));
        }
    }
    let nothing = found
        .series
        .iter()
        .all(|series| series.unwatched.matching == 0 && series.periods.iter().all(|cell| cell.matching == 0));
    Ok(if nothing { Exit::NothingFound } else { Exit::Done })
}
