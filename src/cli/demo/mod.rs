//! `vigie demo`: the story that a scholar once compared by hand, on ten invented newspapers.

mod pages;
mod prose;
mod server;
mod story;
mod world;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use crate::cli::Exit;
use crate::cli::exit::mistake;
use crate::cli::format::{self, Format};
use crate::cli::options::Common;
use crate::clock::Clock;
use crate::config::{Config, builtin, sources, stories};
use crate::crawl::run::{self, Order};
use crate::fetch::{Client, Options, ResolveMap, headers};
use crate::model::comparison::Comparison;
use crate::read::{kept, search, story as asked};
use crate::store::{DATABASE, Store, keep_story};

/// The configuration that the demonstration writes.
const SOURCES: &str = include_str!("sources.toml");
/// The story as it is written down: the two countries, and the man who travelled or what was agreed.
const STORY: &str = include_str!("lang-pyongyang.toml");

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The newspapers are invented and served on this machine; the crawl of them is real: seventeen looks,
six hours apart, on a clock of its own. What it leaves behind is an ordinary store, to try every
command on. It is made without the sentence encoder; `vigie digest --all` on it adds the vectors.")]
pub struct Args {
    /// Folder for the demonstration's configuration and store
    #[arg(long, default_value = "data/demo", value_name = "DIR")]
    pub dir: PathBuf,
    /// In which form the comparison is printed, as of `vigie compare`
    #[arg(long, value_enum, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<Format>,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let data = args.dir.join("data");
    if !may_be_emptied(&args.dir, &data)? {
        return Err(mistake(format!(
            "{} holds more than a demonstration; nothing was touched\nhint: --dir another folder, or remove this one yourself",
            args.dir.display()
        )));
    }
    if data.exists() {
        std::fs::remove_dir_all(&data).with_context(|| format!("cannot empty {}", data.display()))?;
    }
    let config = Arc::new(configure(&args)?);
    let started = std::time::Instant::now();
    let (looks, pages) = crawl(common, &config, &data)?;
    common.say(format!(
        "{looks} looks, {pages} articles, {:.1} s",
        started.elapsed().as_secs_f64()
    ));
    let comparison = compare(&config, &data)?;
    let (story, rows) = (&comparison.story.id, &comparison.sources);
    keep_story(&data, story, comparison.window, comparison.generated_at, rows)?;
    let format = args
        .format
        .unwrap_or(if common.json { Format::Json } else { Format::Terminal });
    let copies = kept::copies(&Store::reader(&data)?, &comparison)?;
    std::io::stdout().write_all(&format::render(format, false, false, &comparison, &copies)?)?;
    let dir = args.dir.display();
    common.say(format!(
        "\ntry on it:\n  vigie query 文化 --data {dir}/data --config {dir}\n  \
         vigie compare lang-pyongyang --explain lefigaro-fr --data {dir}/data --config {dir}"
    ));
    Ok(Exit::Done)
}

/// Nothing of the reader's own may be emptied or overwritten: a store with any source but the demonstration's,
/// a folder without a database, sources without a store.
fn may_be_emptied(dir: &Path, data: &Path) -> anyhow::Result<bool> {
    let as_declared = std::fs::read_to_string(dir.join("sources.toml")).map_or(true, |text| text == SOURCES);
    if !data.exists() {
        return Ok(as_declared);
    }
    if !data.join(DATABASE).exists() {
        return Ok(false);
    }
    let ours = sources::parse("sources.toml", SOURCES)?.sources;
    // A store that this version cannot read is not known to be a demonstration's.
    let Ok(found) = Store::reader(data).and_then(|store| store.sources()) else {
        return Ok(false);
    };
    // An earlier version's demonstration declared the same sources in other words.
    let only_ours = found
        .iter()
        .all(|found| ours.iter().any(|source| source.id == found.id));
    Ok(only_ours && (as_declared || !found.is_empty()))
}

fn configure(args: &Args) -> anyhow::Result<Config> {
    std::fs::create_dir_all(&args.dir).with_context(|| format!("cannot make {}", args.dir.display()))?;
    let stories = args.dir.join(stories::FOLDER);
    std::fs::create_dir_all(&stories).with_context(|| format!("cannot make {}", stories.display()))?;
    for (name, text) in [
        ("stories/lang-pyongyang.toml", STORY),
        ("sources.toml", SOURCES),
        ("topics.toml", builtin::TOPICS),
        ("lexicon.toml", builtin::LEXICON),
    ] {
        let path = args.dir.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let file = sources::parse("sources.toml", SOURCES)?;
    let built_in = builtin::config()?;
    Ok(Config::new(file, built_in.topics, built_in.lexicon))
}

/// Seventeen runs through the real network code. Gives looks and articles.
fn crawl(common: &Common, config: &Arc<Config>, data: &Path) -> anyhow::Result<(u64, u64)> {
    let clock = Arc::new(Clock::manual(world::start()));
    let address = server::start(world::outlets(), Arc::clone(&clock))?;
    let bar = super::progress::Progress::of(common, world::looks().count() as u64, "nights' looks");
    let (mut looks, mut articles) = (0, 0);
    for (at, moment) in world::looks().enumerate() {
        bar.at(at as u64);
        if let Clock::Manual(hand) = &*clock {
            hand.store(moment.as_millisecond(), std::sync::atomic::Ordering::SeqCst);
        }
        let client = Client::new(Options {
            user_agent: headers::user_agent(&config.crawler.contact),
            resolve: ResolveMap::every(address),
            allow_private: true,
            ..Options::default()
        })
        .map_err(run::RunError::Client)?;
        let summary = run::run(Order {
            data: data.to_owned(),
            config: Arc::clone(config),
            sources: config.sources.clone(),
            client,
            clock: Arc::clone(&clock),
            delay: Some(Duration::ZERO),
            may_be_offline: false,
            cancel: CancellationToken::new(),
            events: Arc::new(|_| {}),
        })?;
        looks += u64::from(summary.looks);
        articles += u64::from(summary.new);
    }
    bar.end();
    Ok((looks, articles))
}

fn compare(config: &Config, data: &Path) -> anyhow::Result<Comparison> {
    let reader = Store::reader(data)?;
    let context = search::context(&config.lexicon, world::end(), "UTC", false, None);
    let file = stories::parse("lang-pyongyang.toml", STORY)?;
    let question = asked::Question {
        subject: asked::Subject::Spec(&file.spec),
        window: file.spec.window.at(world::end()),
        now: world::end(),
        zone: "UTC",
        sources: &config.sources,
        excluded: Vec::new(),
        probes: Vec::new(),
        earlier: Vec::new(),
    };
    Ok(asked::compare(&reader, &config.lexicon, &question, &context)?)
}
