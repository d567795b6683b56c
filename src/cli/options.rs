//! Options that every command shares, and what is opened by them.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tracing_subscriber::EnvFilter;

use crate::cli::exit::mistake;
use crate::clock::Clock;
use crate::config::{Config, WhichEncoder};
use crate::query::when;
use crate::report;
use crate::store::{Reader, Store};

/// Heading of these options in every command's help.
const COMMON: &str = "Common options";

#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Folder of the store and the archive
    #[arg(long, global = true, help_heading = COMMON, value_name = "DIR", default_value = "data", env = "VIGIE_DATA")]
    pub data: PathBuf,
    /// Folder of sources.toml, topics.toml and lexicon.toml
    #[arg(long, global = true, help_heading = COMMON, value_name = "DIR", default_value = ".", env = "VIGIE_CONFIG")]
    pub config: PathBuf,
    /// One JSON document, or one object a line, on stdout
    #[arg(long, global = true, help_heading = COMMON)]
    pub json: bool,
    /// Say nothing but what was asked for
    #[arg(long, short, global = true, help_heading = COMMON)]
    pub quiet: bool,
    /// Zone of the dates you type (times are shown in UTC)
    #[arg(long, global = true, help_heading = COMMON, value_name = "ZONE", default_value = "UTC", env = "VIGIE_TZ")]
    pub tz: String,
    /// Take this for the present moment (RFC 3339)
    #[arg(long, global = true, help_heading = COMMON, value_name = "TIME", hide = true)]
    pub now: Option<Timestamp>,
    /// Work without the sentence encoder: stories by names, numbers, places and words alone
    // Hidden where it means nothing; the commands that use the encoder name it in their help.
    #[arg(long, global = true, help_heading = COMMON, hide = true, env = "VIGIE_NO_ENCODER", value_parser = clap::builder::BoolishValueParser::new())]
    pub no_encoder: bool,
    /// Folder of a sentence encoder of yours, in the place of the one on board
    #[arg(long, global = true, help_heading = COMMON, hide = true, value_name = "DIR", env = "VIGIE_ENCODER")]
    pub encoder: Option<PathBuf>,
}

impl Common {
    /// Warnings to stderr; `VIGIE_LOG=debug` for more.
    pub fn start_log(&self) {
        // html5ever warns of every oddity of every page; what follows from it shows in the article.
        let fallback = if self.quiet { "error" } else { "warn,html5ever=off" };
        // A second start (tests in one process) is not worth a word.
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::try_from_env("VIGIE_LOG").unwrap_or_else(|_| EnvFilter::new(fallback)))
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal())
            .without_time()
            .try_init()
            .ok();
    }

    /// The sentence encoder that was asked for: the one on board, unless another was named or all were declined.
    pub fn which_encoder(&self) -> WhichEncoder {
        match &self.encoder {
            _ if self.no_encoder => WhichEncoder::None,
            Some(folder) if !folder.as_os_str().is_empty() => WhichEncoder::Supplied(folder.clone()),
            _ => WhichEncoder::OnBoard,
        }
    }

    pub fn clock(&self) -> Arc<Clock> {
        Arc::new(self.now.map_or(Clock::System, Clock::manual))
    }

    pub fn config(&self) -> anyhow::Result<Config> {
        Ok(self.encoding(Config::load(&self.config)?))
    }

    /// With the sentence encoder that was asked for.
    pub fn encoding(&self, mut config: Config) -> Config {
        config.encoder = self.which_encoder();
        config
    }

    /// The store for reading; one that was never made is a mistake with a next step.
    pub fn reader(&self) -> anyhow::Result<Reader> {
        if !self.data.join(crate::store::DATABASE).exists() {
            return Err(mistake(format!(
                "there is no store in {}\nhint: `vigie crawl` or `vigie import FILE` makes one; `vigie demo` shows one without a network",
                self.data.display()
            )));
        }
        Ok(Store::reader(&self.data)?)
    }

    pub fn zone(&self) -> anyhow::Result<TimeZone> {
        TimeZone::get(&self.tz).map_err(|_| {
            mistake(format!(
                "`{}` is no time zone\nhint: for example Europe/Paris, Asia/Shanghai, UTC",
                self.tz
            ))
        })
    }

    /// Progress and remarks, unless they were declined.
    pub fn say(&self, text: impl std::fmt::Display) {
        if !self.quiet {
            // Nobody listening is no reason to stop.
            let text = report::clean::printable(&text.to_string());
            writeln!(std::io::stderr(), "{text}").ok();
        }
    }

    /// A moment as people type it: `2009-12-14`, `2009-12-14T06:00Z`, `7d`, `yesterday`, `2009-12`.
    /// A day or month stands for its first moment, or with `end` for its last.
    pub fn moment(&self, text: &str, end: bool) -> anyhow::Result<Timestamp> {
        let zone = self.zone()?;
        let now = self.clock().now();
        when::moment(text, now, &zone, end).ok_or_else(|| {
            mistake(format!(
                "`{text}` is no moment\nhint: for example 2009-12-14, 2009-12-14T06:00Z, 2009-12, 2009, 7d, yesterday"
            ))
        })
    }
}
