//! `vigie doctor`.

use std::sync::Arc;

use serde::Serialize;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, output, progress};
use crate::crawl::check::{self, Checkup};
use crate::crawl::rederive;
use crate::crawl::run::{self, Event, RunError};
use crate::digest::measure::Measure;
use crate::report::clean;
use crate::store::DATABASE;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie doctor               integrity of the database, and the archive against it
  vigie doctor --rebuild     the database anew from the archive alone; the old one is kept beside it

With --rebuild, --no-encoder leaves the vectors of the texts out: quicker, and stories are found by names, numbers and words alone.
--encoder DIR takes one of yours (docs/encoders.md).")]
pub struct Args {
    /// Make the database anew from the archive: looks, pages, articles
    #[arg(long)]
    pub rebuild: bool,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    if args.rebuild { rebuild(common) } else { checkup(common) }
}

fn checkup(common: &Common) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let bar = progress::Progress::of(common, 0, "records");
    let found = check::check(&reader, &common.data, &|n| bar.at(n))?;
    bar.end();
    if common.json {
        output::json(&found)?;
    } else {
        output::text(&words(&found))?;
    }
    Ok(if found.healthy() { Exit::Done } else { Exit::Internal })
}

fn words(found: &Checkup) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: String| out.push_str(&format!("{name:22} {value}\n"));
    line("database", found.integrity.clone().unwrap_or_else(|| "ok".to_owned()));
    line("archive", format!("{} files, {} records", found.files, found.records));
    if let Some(encoder) = &found.encoder {
        line("vectors of", encoder.clone());
    }
    line("rows without a record", found.rows_without_record.to_string());
    line("records without a row", found.records_without_row.to_string());
    line("damaged records", found.damage.len().to_string());
    line("pages not yet digested", found.undigested.to_string());
    if found.unsettled > 0 {
        line("articles not settled", found.unsettled.to_string());
    }
    for damage in &found.damage {
        out.push_str(&format!("  {}\n", clean::line(damage)));
    }
    if found.records_without_row > 0 || found.undigested > 0 || found.unsettled > 0 {
        out.push_str("next: `vigie digest` applies what a crash left undone\n");
    }
    // Rebuilding from an archive that lacks something would lose what the database still has of it.
    if !found.damage.is_empty() || found.rows_without_record > 0 {
        out.push_str(
            "next: bring the archive's files back from a copy; the database still has what was read off them\n",
        );
    } else if found.integrity.is_some() {
        out.push_str("next: `vigie doctor --rebuild` makes the database anew from the archive\n");
    }
    out
}

#[derive(Debug, Serialize)]
struct Rebuilt {
    observations: u64,
    articles: u64,
    damage: Vec<String>,
    /// Where the database that was replaced lies now.
    previous: Option<std::path::PathBuf>,
    seconds: f64,
}

fn rebuild(common: &Common) -> anyhow::Result<Exit> {
    let started = std::time::Instant::now();
    if !common.data.join(crate::crawl::run::ARCHIVE).is_dir() {
        return Err(mistake(format!("there is no archive in {}", common.data.display())));
    }
    let config = Arc::new(super::query::config_or_builtin(common)?);
    Measure::check(&config.encoder).map_err(RunError::from)?;
    let bar = progress::Progress::of(common, 0, "observations");
    let lock = run::lock(&common.data)?;
    let (replayed, previous) = check::rebuild(&lock, &common.data, common.clock().now(), &|n| bar.at(n))?;
    let events = |event: Event| drop(event);
    let digested = rederive::of_rebuilt(lock, &common.data, &config, &common.clock(), &events)?;
    bar.end();
    let rebuilt = Rebuilt {
        observations: replayed.observations,
        articles: digested.articles,
        damage: replayed.damage,
        previous,
        seconds: started.elapsed().as_secs_f64(),
    };
    if common.json {
        output::json(&rebuilt)?;
        return Ok(Exit::Done);
    }
    for damage in &rebuilt.damage {
        common.say(damage);
    }
    output::line(format!(
        "{} rebuilt from {} observations: {} articles, {} damaged records, {:.1} s",
        common.data.join(DATABASE).display(),
        rebuilt.observations,
        rebuilt.articles,
        rebuilt.damage.len(),
        rebuilt.seconds
    ))?;
    if let Some(previous) = &rebuilt.previous {
        output::line(format!("the database that was there is kept as {}", previous.display()))?;
    }
    Ok(Exit::Done)
}
