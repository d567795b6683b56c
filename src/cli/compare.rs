//! `vigie compare`.

use std::io::Write;
use std::path::PathBuf;

use jiff::SignedDuration;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, query};
use crate::model::comparison::{Comparison, Status};
use crate::model::{Interval, Source};
use crate::read::{search, story};
use crate::report;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie compare '@north-korea @france \"Jack Lang\"' --since 2009-12-14 --until 2009-12-17
  vigie compare 'Pyongyang' --since 7d --group seed --format csv > sources.csv
  vigie compare 'Pyongyang' --since 7d --format json | jq .silences")]
pub struct Args {
    /// What makes an article part of the story: a query
    #[arg(required = true, value_name = "QUERY")]
    pub query: Vec<String>,
    /// Start of the window
    #[arg(long, default_value = "7d", value_name = "TIME")]
    pub since: String,
    /// End of the window; without it, now
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Only these sources
    #[arg(long, value_delimiter = ',', value_name = "SOURCE")]
    pub source: Vec<String>,
    /// Only sources of these groups
    #[arg(long, value_delimiter = ',', value_name = "GROUP")]
    pub group: Vec<String>,
    /// Only sources in these languages
    #[arg(long, value_delimiter = ',', value_name = "LANG")]
    pub lang: Vec<String>,
    /// A table to read, one row a source, or everything
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Write to this file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Take every word as it stands: no names in other languages
    #[arg(long)]
    pub exact: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Terminal,
    Csv,
    Json,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let comparison = compare(common, &args)?;
    let format = args
        .format
        .unwrap_or(if common.json { Format::Json } else { Format::Terminal });
    let mut out = Vec::new();
    match format {
        Format::Terminal => out.extend(report::comparison::terminal(&comparison).into_bytes()),
        Format::Json => writeln!(out, "{}", report::json::line(&comparison)?)?,
        Format::Csv => report::csv::sources(&comparison, &mut out)?,
    }
    match &args.output {
        Some(path) => {
            std::fs::write(path, &out)?;
            common.say(format!(
                "wrote {} ({} sources, {} articles)",
                path.display(),
                comparison.sources.len(),
                comparison.articles.len()
            ));
        }
        None => std::io::stdout().write_all(&out)?,
    }
    let covered = comparison.sources.iter().any(|row| row.status == Status::Covered);
    Ok(if covered { Exit::Done } else { Exit::NothingFound })
}

fn compare(common: &Common, args: &Args) -> anyhow::Result<Comparison> {
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let now = common.clock().now();
    let min = common.moment(&args.since, false)?;
    // An open window ends now, one second on, so that this very moment's look is in it.
    let max = match &args.until {
        Some(text) => common.moment(text, true)?,
        None => now.saturating_add(SignedDuration::from_secs(1))?,
    };
    if min >= max {
        return Err(mistake(format!(
            "the window is empty: {min} is not before {max}\nhint: --since must lie before --until"
        )));
    }
    query::check_names(common, &reader, &config, &args.source, &args.group)?;
    let mut sources = query::sources(common, &reader)?;
    // An imported source is laid out where it has a match, or when it is asked for by name.
    let known: Vec<String> = sources.iter().map(|source| source.id.clone()).collect();
    sources.extend(
        reader
            .sources()?
            .into_iter()
            .filter(|source| args.source.contains(&source.id) && !known.contains(&source.id)),
    );
    sources.retain(|source| wanted(args, source));
    let narrowed = !(args.source.is_empty() && args.group.is_empty() && args.lang.is_empty());
    if sources.is_empty() && narrowed {
        return Err(mistake(
            "no source is left to compare\nhint: `vigie sources list` shows ids, groups and languages",
        ));
    }
    let typed = args.query.join(" ");
    let context = search::context(&config.lexicon, now, &common.tz, args.exact);
    query::read(common, &reader, &config, &typed, &context)?;
    let question = story::Question {
        id: slug(&typed),
        title: typed.clone(),
        typed: &typed,
        window: Interval { min, max },
        now,
        zone: &common.tz,
        sources: &sources,
    };
    story::compare(&reader, &config.lexicon, &question, &context).map_err(query::misread)
}

fn wanted(args: &Args, source: &Source) -> bool {
    let listed = |values: &[String], value: &str| values.is_empty() || values.iter().any(|v| v == value);
    let lang = args.lang.is_empty()
        || args
            .lang
            .iter()
            .any(|lang| source.lang == *lang || source.lang.split('-').next() == Some(lang));
    let group = args.group.is_empty() || source.groups.iter().any(|group| args.group.contains(group));
    listed(&args.source, &source.id) && group && lang
}

/// An id for a story that has none: letters and digits of the query.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').chars().take(60).collect()
}
