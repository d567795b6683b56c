//! `vigie show`.

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::query::{MOST_SIMILAR, misread, similar_rows};
use crate::cli::{Exit, output};
use crate::read::similar;
use crate::report;
use crate::store::StoreError;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  vigie show i:3f2a          the beginning of an id is enough where it is the only one\n  vigie show i:3f2a --similar"
)]
pub struct Args {
    /// Id of an article, or its beginning
    pub article: String,
    /// Add other articles near in meaning, in any language: ten at most
    #[arg(long)]
    pub similar: bool,
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
    let near = if args.similar {
        similar::to_article(&reader, &common.which_encoder(), &shown.article, MOST_SIMILAR).map_err(misread)?
    } else {
        None
    };
    if args.similar && near.is_none() {
        common.say(
            "note: the article has no vector to compare\nhint: `vigie digest --all`, without --no-encoder, makes them",
        );
    }
    if common.json {
        let mut document = serde_json::to_value(&shown)?;
        if let Some(near) = &near {
            document["similar"] = similar_rows(near);
        }
        output::json(&document)?;
    } else {
        output::text(&report::show::terminal(&shown))?;
        if let Some(near) = &near {
            output::text(&format!(
                "\n{}",
                report::similar::terminal(near, report::similar::OF_AN_ARTICLE)
            ))?;
        }
    }
    Ok(Exit::Done)
}
