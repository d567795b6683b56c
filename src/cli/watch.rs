//! `vigie watch`.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::cli::options::Common;
use crate::cli::{Exit, crawl, progress};
use crate::config::Config;
use crate::crawl::plan;
use crate::model::Source;
use crate::store::{DATABASE, Store};
use crate::text::durations;

/// Sources due within this time of each other are visited in one run.
const TOGETHER: SignedDuration = SignedDuration::from_mins(5);
/// Looked at the clock at least this often, so that a machine that slept wakes to its duties.
const LONGEST_NAP: SignedDuration = SignedDuration::from_mins(1);

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Each source follows its own `every` or `cron` of sources.toml.\nCtrl-C ends it after what is under way.\n--no-encoder leaves the vectors of the texts out: quicker, and stories are found by names, numbers and words alone.\n--encoder DIR takes one of yours (docs/encoders.md)."
)]
pub struct Args {
    /// Stop after this many runs
    #[arg(long, value_name = "N")]
    pub runs: Option<u32>,
    #[command(flatten)]
    pub network: crawl::Network,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let clock = common.clock();
    let cancel = progress::cancel_on_signal();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut done = 0;
    let mut known: Option<Arc<Config>> = None;
    while args.runs.is_none_or(|runs| done < runs) && !cancel.is_cancelled() {
        // Read anew each time, so that an edit of sources.toml counts without a restart.
        let config = match common.config() {
            Ok(config) => Arc::new(config),
            // A slip of the pen in sources.toml must not end weeks of watching; at the start it must.
            Err(error) => match &known {
                Some(config) => {
                    common.say(format!("error: {error:#}\nthe configuration of before goes on"));
                    Arc::clone(config)
                }
                None => return Err(error),
            },
        };
        known = Some(Arc::clone(&config));
        let sources = crawl::chosen(&config, &[], None)?;
        let last = last_looks(common)?;
        let now = clock.now();
        let due_at = |source: &Source| plan::due_at(source, last.get(&source.id).copied(), now);
        let Some(next) = sources.iter().map(due_at).min() else {
            break;
        };
        if next > now {
            let nap = now.saturating_add(LONGEST_NAP)?.min(next);
            common.say(format!("next look {}", durations::minute_utc(next)));
            while clock.now() < next && !cancel.is_cancelled() {
                runtime.block_on(async {
                    tokio::select! {
                        () = clock.sleep_until(nap.max(clock.now().saturating_add(LONGEST_NAP).unwrap_or(next)).min(next)) => {}
                        () = cancel.cancelled() => {}
                    }
                });
            }
            continue;
        }
        let together = now.saturating_add(TOGETHER)?;
        let due: Vec<Source> = sources
            .iter()
            .filter(|source| due_at(source) <= together)
            .cloned()
            .collect();
        let summary = match crawl::once(common, &config, due, Arc::clone(&clock), &args.network, cancel.clone()) {
            Ok(summary) => summary,
            // Somebody crawls or imports by hand: their turn, then ours.
            Err(error) if Exit::of(&error) == Exit::Locked => {
                common.say(format!("{error:#}; trying again in a minute"));
                let again = clock.now().saturating_add(LONGEST_NAP)?;
                runtime.block_on(async {
                    tokio::select! {
                        () = clock.sleep_until(again) => {}
                        () = cancel.cancelled() => {}
                    }
                });
                continue;
            }
            Err(error) => return Err(error),
        };
        done += 1;
        crawl::tell(common, &config, &summary)?;
    }
    Ok(if cancel.is_cancelled() {
        Exit::Interrupted
    } else {
        Exit::Done
    })
}

fn last_looks(common: &Common) -> anyhow::Result<HashMap<String, Timestamp>> {
    if !common.data.join(DATABASE).exists() {
        return Ok(HashMap::new());
    }
    let pulses = Store::reader(&common.data)?.pulses()?;
    Ok(pulses
        .into_iter()
        .filter_map(|pulse| Some((pulse.source, pulse.last_look_at?)))
        .collect())
}
