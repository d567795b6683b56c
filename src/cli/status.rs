//! `vigie status`.

use crate::cli::options::Common;
use crate::cli::{Exit, output, query};
use crate::read;
use crate::report;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  vigie status\n  vigie status --since 24h --json")]
pub struct Args {
    /// From then on
    #[arg(long, default_value = "7d", value_name = "TIME")]
    pub since: String,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let sources = query::sources(common, &reader)?;
    let window = common.window(Some(&args.since), Some("now"))?.interval();
    let status = read::status::status(&reader, &sources, window)?;
    if common.json {
        output::json(&status)?;
    } else {
        output::text(&report::status::terminal(&status))?;
    }
    Ok(Exit::Done)
}
