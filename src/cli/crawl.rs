//! `vigie crawl` and `vigie nightly`.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, backup, output, progress, saved};
use crate::clock::Clock;
use crate::config::Config;
use crate::crawl::backfill::{MAX_PAGES, Wanted};
use crate::crawl::run::{self, Order};
use crate::crawl::summary::{SourceSummary, Summary};
use crate::fetch::{Client, Options, ResolveMap, headers};
use crate::model::{Interval, Source};
use crate::report;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  vigie crawl\n  vigie crawl lemonde-fr kcna-en\n  vigie crawl --group seed --json\n  vigie crawl --backfill lemonde-fr --since 2026-05-01 --until 2026-06-01\n\n--no-encoder leaves the vectors of the texts out: quicker, and stories are found by names, numbers and words alone.\n--encoder DIR takes one of yours (docs/encoders.md)."
)]
pub struct Args {
    /// Only these sources
    #[arg(value_name = "SOURCE")]
    pub sources: Vec<String>,
    /// Only sources of this group
    #[arg(long, value_name = "GROUP")]
    pub group: Option<String>,
    /// Say what would be visited, and visit nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Fetch what this source published before it was watched, from older pages of its feeds and its sitemaps
    #[arg(long, value_name = "SOURCE", requires = "since", conflicts_with_all = ["sources", "group"])]
    pub backfill: Vec<String>,
    /// With --backfill: published since (a day, or 30d)
    #[arg(long, value_name = "WHEN", requires = "backfill")]
    pub since: Option<String>,
    /// With --backfill: published until [default: now]
    #[arg(long, value_name = "WHEN", requires = "backfill")]
    pub until: Option<String>,
    /// With --backfill: article pages fetched at most, per source; the same command again goes on from there
    #[arg(long, value_name = "N", requires = "backfill", default_value_t = MAX_PAGES, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_pages: u32,
    #[command(flatten)]
    pub network: Network,
}

/// How hosts are reached; the hidden ones serve tests, demonstrations and benches.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Network {
    /// Wait this long for the network to come up before starting (e.g. 5m)
    #[arg(long, value_name = "TIME")]
    pub wait_online: Option<String>,
    /// Dial this address for that host; the host name stays in the request
    #[arg(long, value_name = "HOST=IP:PORT", hide = true)]
    pub resolve: Vec<String>,
    /// Dial this address for every host
    #[arg(long, value_name = "IP:PORT", hide = true)]
    pub resolve_all: Option<SocketAddr>,
    /// Loopback and private addresses may be dialled, too
    #[arg(long, hide = true)]
    pub allow_private: bool,
    /// Instead of every source's own delay between two requests
    #[arg(long, value_name = "TIME", hide = true)]
    pub delay: Option<String>,
}

impl Network {
    pub fn client(&self, config: &Config) -> anyhow::Result<Client> {
        let mut resolve = ResolveMap::parse(&self.resolve)
            .map_err(|error| mistake(format!("{error}\nhint: --resolve www.paper.example=127.0.0.1:8080")))?;
        if let Some(address) = self.resolve_all {
            if self.resolve.is_empty() {
                resolve = ResolveMap::every(address);
            } else {
                return Err(mistake("--resolve and --resolve-all exclude each other"));
            }
        }
        let options = Options {
            user_agent: headers::user_agent(&config.crawler.contact),
            resolve,
            allow_private: self.allow_private,
            ..Options::default()
        };
        Ok(Client::new(options).map_err(run::RunError::Client)?)
    }

    pub fn delay(&self) -> anyhow::Result<Option<Duration>> {
        self.delay.as_deref().map(|text| duration(text, "--delay")).transpose()
    }

    /// With hosts mapped by hand nobody needs a name server.
    pub fn may_be_offline(&self) -> bool {
        self.resolve.is_empty() && self.resolve_all.is_none()
    }

    /// Sleeps until names can be looked up, or the time is over.
    pub(super) fn wait_online(&self, common: &Common, sources: &[Source]) -> anyhow::Result<()> {
        let Some(text) = &self.wait_online else { return Ok(()) };
        let patience = duration(text, "--wait-online")?;
        let started = std::time::Instant::now();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        while runtime.block_on(crate::crawl::offline::seems(sources)) && started.elapsed() < patience {
            common.say("no network yet; trying again in 10 s");
            std::thread::sleep(Duration::from_secs(10));
        }
        Ok(())
    }
}

/// `0s`, `250ms`, `5m`.
pub fn duration(text: &str, option: &str) -> anyhow::Result<Duration> {
    let wrong = || mistake(format!("{option} {text}: not a time\nhint: for example 0s, 500ms, 5m"));
    let span: SignedDuration = text.parse().map_err(|_| wrong())?;
    Duration::try_from(span).map_err(|_| wrong())
}

/// The enabled sources that were asked for, in the order of the file.
pub fn chosen(config: &Config, named: &[String], group: Option<&str>) -> anyhow::Result<Vec<Source>> {
    for id in named {
        let Some(source) = config.source(id) else {
            return Err(mistake(format!(
                "no source `{id}` in sources.toml\nhint: `vigie sources list` shows them"
            )));
        };
        if !source.enabled {
            let reason = source.reason.as_deref().unwrap_or("no reason given");
            return Err(mistake(format!(
                "{id} is disabled: {reason}\nhint: set `enabled = true` in sources.toml if you may"
            )));
        }
    }
    let named: BTreeSet<&str> = named.iter().map(String::as_str).collect();
    let sources: Vec<Source> = config
        .sources
        .iter()
        .filter(|source| source.enabled && (named.is_empty() || named.contains(source.id.as_str())))
        .filter(|source| group.is_none_or(|group| source.groups.iter().any(|g| g == group)))
        .cloned()
        .collect();
    if sources.is_empty() {
        return Err(mistake(
            "no enabled source was chosen\nhint: `vigie sources list` shows sources and their groups",
        ));
    }
    Ok(sources)
}

pub fn run(common: &Common, mut args: Args) -> anyhow::Result<Exit> {
    let config = Arc::new(common.config()?);
    let named = [args.sources.as_slice(), args.backfill.as_slice()].concat();
    // No id has an `=`: in `--resolve a=IP:PORT b=IP:PORT` the second is one more host.
    let (hosts, named): (Vec<String>, Vec<String>) = named.into_iter().partition(|name| name.contains('='));
    args.network.resolve.extend(hosts);
    let sources = chosen(&config, &named, args.group.as_deref())?;
    if args.dry_run {
        for source in &sources {
            output::line(format!("{}  {} listings", source.id, source.listings.len()))?;
        }
        return Ok(Exit::Done);
    }
    if let Some(since) = &args.since {
        let window = window(common, since, args.until.as_deref())?;
        let wanted = Wanted {
            window,
            max_pages: args.max_pages,
        };
        return backfill(common, &config, sources, &args.network, wanted);
    }
    let summary = once_and_tell(common, &config, sources, &args.network)?;
    Ok(exit(&summary))
}

fn window(common: &Common, since: &str, until: Option<&str>) -> anyhow::Result<Interval> {
    Ok(common.window(Some(since), Some(until.unwrap_or("now")))?.interval())
}

/// The archives of these sources, and a line on each.
fn backfill(
    common: &Common,
    config: &Arc<Config>,
    sources: Vec<Source>,
    network: &Network,
    wanted: Wanted,
) -> anyhow::Result<Exit> {
    network.wait_online(common, &sources)?;
    let progress = progress::Progress::start(common, &sources);
    let order = order(
        common,
        config,
        sources,
        common.clock(),
        network,
        progress::cancel_on_signal(),
    )?;
    let summary = run::backfill(
        Order {
            events: progress.events(),
            ..order
        },
        wanted,
    );
    progress.end();
    let summary = summary?;
    if common.json {
        output::json(&summary)?;
    } else if !common.quiet {
        output::text(&report::crawl::backfill(&summary))?;
    }
    let documents = |source: &SourceSummary| source.backfill.as_ref().map_or(0, |done| done.documents);
    let answered = |source: &SourceSummary| source.backfill.as_ref().is_some_and(|done| done.failed == 0);
    let without: Vec<&SourceSummary> = summary
        .per_source
        .iter()
        .filter(|source| documents(source) == 0)
        .collect();
    for source in &without {
        let why = source.error.as_deref().unwrap_or("no archive");
        common.say(format!(
            "{}: {}\nhint: a sitemap that robots.txt does not name can be added to `sitemaps` in sources.toml; \
             pages collected elsewhere come in by `vigie import FILE`",
            source.id,
            report::clean::line(why)
        ));
    }
    Ok(match without.len() {
        _ if summary.interrupted => Exit::Interrupted,
        0 => Exit::Done,
        // Only who answered can be said to have nothing.
        number if number == summary.per_source.len() && without.iter().all(|source| answered(source)) => {
            Exit::NothingFound
        }
        _ => Exit::SourcesFailed,
    })
}

/// One run as soon as there is a network, and its lines.
fn once_and_tell(
    common: &Common,
    config: &Arc<Config>,
    sources: Vec<Source>,
    network: &Network,
) -> anyhow::Result<Summary> {
    network.wait_online(common, &sources)?;
    let cancel = progress::cancel_on_signal();
    let summary = once(common, config, sources, common.clock(), network, cancel)?;
    tell(common, config, &summary)?;
    Ok(summary)
}

/// One run over these sources.
pub fn once(
    common: &Common,
    config: &Arc<Config>,
    sources: Vec<Source>,
    clock: Arc<Clock>,
    network: &Network,
    cancel: CancellationToken,
) -> anyhow::Result<Summary> {
    let progress = progress::Progress::start(common, &sources);
    let order = order(common, config, sources, clock, network, cancel)?;
    let summary = run::run(Order {
        events: progress.events(),
        ..order
    });
    progress.end();
    Ok(summary?)
}

/// What a run is asked to do, without anybody watching it yet.
fn order(
    common: &Common,
    config: &Arc<Config>,
    sources: Vec<Source>,
    clock: Arc<Clock>,
    network: &Network,
    cancel: CancellationToken,
) -> anyhow::Result<Order> {
    Ok(Order {
        data: common.data.clone(),
        config: Arc::clone(config),
        client: network.client(config)?,
        delay: network.delay()?,
        may_be_offline: network.may_be_offline(),
        sources,
        clock,
        cancel,
        events: Arc::new(|_| {}),
    })
}

/// What a run did, and what the saved searches found in it.
pub fn tell(common: &Common, config: &Config, summary: &Summary) -> anyhow::Result<()> {
    let asked = match summary.interrupted || summary.offline {
        true => Vec::new(),
        false => saved::after_crawl(common, config),
    };
    if common.json {
        let mut document = serde_json::to_value(summary)?;
        if !asked.is_empty() {
            document["saved"] = saved::brief(&asked);
        }
        output::json(&document)?;
        return Ok(());
    }
    if !common.quiet {
        output::text(&report::crawl::lines(summary))?;
        output::text(&report::saved::lines(&asked))?;
    }
    Ok(())
}

pub fn exit(summary: &Summary) -> Exit {
    match summary {
        Summary { interrupted: true, .. } => Exit::Interrupted,
        Summary { failed: 0, .. } => Exit::Done,
        _ => Exit::SourcesFailed,
    }
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "What a timer should call: crawl, then backup. `vigie schedule --print` writes the timer.\n--no-encoder leaves the vectors of the texts out: quicker, and stories are found by names, numbers and words alone.\n--encoder DIR takes one of yours (docs/encoders.md)."
)]
pub struct NightlyArgs {
    /// Backups to keep
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub keep: usize,
    #[command(flatten)]
    pub network: Network,
}

pub fn nightly(common: &Common, args: NightlyArgs) -> anyhow::Result<Exit> {
    let config = Arc::new(common.config()?);
    let sources = chosen(&config, &[], None)?;
    let summary = once_and_tell(common, &config, sources, &args.network)?;
    if !summary.interrupted {
        let path = backup::keep(common, args.keep)?;
        common.say(format!("backup: {}", path.display()));
    }
    Ok(exit(&summary))
}
