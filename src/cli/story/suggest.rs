//! `vigie story suggest`.

use crate::cli::options::Common;
use crate::cli::{Exit, output};
use crate::model::Interval;
use crate::read::suggest::{self, Wanted};
use crate::report;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie story suggest --since 2d
  vigie story suggest --since 2009-12-14 --until 2009-12-17 --json | jq '.stories[].titles'
  vigie story suggest --all --limit 0      single articles and stories of one language, too

Each article says why it is in: the article it is nearest to, the names and numbers that both have as each
writes them, how alike their texts and titles are (1 = the same), and the hours between them.")]
pub struct Args {
    /// Only stories with an article published after this
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Only stories with an article published before this
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Also single articles, and stories of one language and one group of outlets
    #[arg(long)]
    pub all: bool,
    /// At most so many stories, 0 for all; without it 20, and all with --json
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let window = window(common, args.since.as_deref(), args.until.as_deref())?;
    let sources = reader.sources()?;
    let wanted = Wanted { window, all: args.all };
    let mut suggestions = suggest::suggest(&reader, &sources, wanted)?;
    let limit = args.limit.unwrap_or(if common.json { 0 } else { 20 });
    if limit > 0 {
        suggestions.stories.truncate(limit);
    }
    if common.json {
        output::json(&suggestions)?;
    } else {
        output::text(&report::suggest::terminal(&suggestions))?;
    }
    if suggestions.stories.is_empty() {
        common.say("no story in two languages or two groups of outlets\nhint: --all shows single articles, too");
        return Ok(Exit::NothingFound);
    }
    Ok(Exit::Done)
}

/// From the beginning of time to its end, unless it was said otherwise.
pub(super) fn window(common: &Common, since: Option<&str>, until: Option<&str>) -> anyhow::Result<Interval> {
    Ok(common.window(since, until)?.interval())
}
