//! `vigie blindspots`.

use std::path::PathBuf;

use crate::cli::options::Common;
use crate::cli::{Exit, output, query};
use crate::read::blindspots::{self, Asked, By};
use crate::report;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie blindspots --by country
  vigie blindspots --by language --since 7d --format html -o week.html
  vigie blindspots --by ownership --since 7d --format csv > week.csv

A group is silent on a story where at least one of its editions was watched since the story began, as a comparison
counts it, and none has an article that vigie linked to the story: the silence lasts to the look that is named. A group
that was not watched is unknown, never silent.")]
pub struct Args {
    /// What makes a group of outlets
    #[arg(long, value_enum, default_value = "language", value_name = "WHAT")]
    pub by: Series,
    /// Start of the window: a night unless said
    #[arg(long, default_value = "1d", value_name = "TIME")]
    pub since: String,
    /// End of the window; without it, now
    #[arg(long, default_value = "now", value_name = "TIME")]
    pub until: String,
    /// Only stories that at least so many sources ran
    #[arg(long, default_value = "2", value_name = "N")]
    pub least: usize,
    /// To read, as rows, everything, or a page
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Write to this file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Series {
    Country,
    Language,
    Ownership,
    /// The labels of `groups` in sources.toml
    Group,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Format {
    Terminal,
    Csv,
    Json,
    Html,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let window = common.window(Some(&args.since), Some(&args.until))?.interval();
    let mut sources = query::sources(common, &reader)?;
    let known: Vec<String> = sources.iter().map(|source| source.id.clone()).collect();
    sources.extend(
        reader
            .sources()?
            .into_iter()
            .filter(|source| source.provisional && !known.contains(&source.id)),
    );
    let asked = Asked {
        sources: &sources,
        window,
        by: match args.by {
            Series::Country => By::Country,
            Series::Language => By::Language,
            Series::Ownership => By::Ownership,
            Series::Group => By::Group,
        },
        least: args.least.max(1),
    };
    let spots = blindspots::blind_spots(&reader, &asked)?;
    let format = args
        .format
        .unwrap_or(if common.json { Format::Json } else { Format::Terminal });
    let mut bytes = Vec::new();
    match format {
        Format::Terminal => bytes = report::blindspots::terminal(&spots).into_bytes(),
        Format::Csv => report::blindspots::csv(&spots, &mut bytes)?,
        Format::Json => bytes = format!("{}\n", report::json::line(&spots)?).into_bytes(),
        Format::Html => bytes = report::blindspots::html(&spots).into_bytes(),
    }
    output::into(args.output.as_deref(), &bytes)?;
    if let Some(path) = &args.output {
        common.say(format!("wrote {} ({} stories)", path.display(), spots.stories.len()));
    }
    Ok(if spots.stories.is_empty() {
        Exit::NothingFound
    } else {
        Exit::Done
    })
}
