//! `vigie digest`.

use crate::cli::options::Common;
use crate::cli::{Exit, output, progress};
use crate::crawl::rederive;
use crate::report::clean;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  vigie digest          what a crash left undone\n  vigie digest --all    everything anew, after a change of topics, rules or program\n  vigie digest --all --encoder DIR    with the vectors of an encoder of yours\n\n--no-encoder leaves the vectors of the texts out: quicker, and stories are found by names, numbers and words alone."
)]
pub struct Args {
    /// Forget everything derived and derive it anew from the archive
    #[arg(long)]
    pub all: bool,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let config = common.config()?;
    let bar = progress::Progress::of(common, 0, "pages");
    let digested = rederive::run(&common.data, &config, &common.clock(), args.all, &*bar.events());
    bar.end();
    let digested = digested?;
    if common.json {
        output::json(&digested)?;
    } else {
        output::line(format!(
            "pages read {}, without readable text {}; articles {}, versions {}, reprints {}; {:.1} s",
            digested.pages,
            digested.unreadable,
            digested.articles,
            digested.versions,
            digested.reprints,
            digested.seconds
        ))?;
        for miss in &digested.rule_misses {
            output::line(clean::line(&miss.words()))?;
        }
    }
    Ok(Exit::Done)
}
