//! `vigie show`.

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, output};
use crate::report;
use crate::store::StoreError;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  vigie show i:3f2a          the beginning of an id is enough where it is the only one"
)]
pub struct Args {
    /// Id of an article, or its beginning
    pub article: String,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let shown = match reader.show(&args.article) {
        Ok(shown) => shown,
        Err(error @ StoreError::NoArticle(_)) => {
            common.say(format!(
                "error: {error}\nhint: `vigie query` lists articles with their ids"
            ));
            return Ok(Exit::NothingFound);
        }
        Err(error @ StoreError::Ambiguous(_)) => {
            return Err(mistake(format!(
                "{error}\nhint: `vigie query` lists articles with their whole ids"
            )));
        }
        Err(error) => return Err(error.into()),
    };
    if common.json {
        output::json(&shown)?;
    } else {
        output::text(&report::show::terminal(&shown))?;
    }
    Ok(Exit::Done)
}
