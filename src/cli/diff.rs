//! `vigie diff`.

use std::io::IsTerminal;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, output, query};
use crate::read::evidence::{DiffError, difference};
use crate::report;
use crate::store::StoreError;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie diff i:3f2a                  what the newest version changed
  vigie diff i:3f2a 1                from the first one to the newest
  vigie diff i:3f2a 1 2 --json

[-words-] went, {+words+} came; on a terminal they are coloured, too, unless NO_COLOR is set.")]
pub struct Args {
    /// Id of an article, or its beginning
    pub article: String,
    /// The older version: the last but one unless said
    #[arg(value_name = "N")]
    pub from: Option<u32>,
    /// The newer version: the newest unless said
    #[arg(value_name = "M")]
    pub to: Option<u32>,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let found = match difference(&reader, &config.lexicon, &args.article, args.from, args.to) {
        Ok(found) => found,
        Err(DiffError::Store(error @ StoreError::NoArticle(_))) => {
            common.say(format!(
                "error: {error}\nhint: `vigie query is:edited` lists articles with several versions"
            ));
            return Ok(Exit::NothingFound);
        }
        Err(error @ DiffError::OneVersion(_)) => {
            common.say(format!(
                "{error}\nhint: `vigie query is:edited` lists articles with several versions"
            ));
            return Ok(Exit::NothingFound);
        }
        Err(DiffError::Store(error @ StoreError::Ambiguous(_))) => {
            return Err(mistake(format!(
                "{error}\nhint: `vigie query` lists articles with their whole ids"
            )));
        }
        Err(error @ DiffError::NoVersion { .. }) => {
            return Err(mistake(format!(
                "{error}\nhint: `vigie show {}` lists them",
                args.article
            )));
        }
        Err(DiffError::Store(error)) => return Err(error.into()),
    };
    if common.json {
        output::json(&found)?;
    } else {
        let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
        output::text(&report::diff::terminal(&found, colours))?;
    }
    Ok(Exit::Done)
}
