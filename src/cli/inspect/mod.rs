//! `vigie inspect`: what vigie reads off one page, feed, robots.txt, address or text, or off many.
//!
//! Nothing is stored, and only an address given to `inspect page` is asked of the network.

mod address;
pub(super) mod batch;
mod feed;
pub(super) mod input;
mod page;
mod robots;
mod text;

use std::io::Write;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::cli::Exit;
use crate::cli::options::Common;
use crate::report::json;

pub(super) use text::alone as text_article;

#[derive(Debug, clap::Subcommand)]
pub enum What {
    /// Title, text, dates, authors and the rest of one article page
    Page(page::Args),
    /// The entries of one feed or sitemap
    Feed(feed::Args),
    /// What a robots.txt says of one address
    Robots(robots::Args),
    /// The canonical form of one address, and whether it may be dialled
    Url(address::Args),
    /// Language, tokens, actors and topics of one text
    Text(text::Args),
}

/// Every kind can be asked of many at once.
#[derive(Debug, Clone, clap::Args)]
pub struct Batch {
    /// Rows of JSON, one a line, each with an `id`; answers come as JSONL in the same order (`-` = stdin)
    #[arg(long, value_name = "ROWS.jsonl")]
    pub batch: Option<PathBuf>,
}

pub fn run(common: &Common, what: What) -> anyhow::Result<Exit> {
    match what {
        What::Page(args) => page::run(common, args),
        What::Feed(args) => feed::run(common, args),
        What::Robots(args) => robots::run(common, args),
        What::Url(args) => address::run(common, args),
        What::Text(args) => text::run(common, args),
    }
}

/// The fields of one answer, in the order in which they are printed.
pub type Fields = Map<String, Value>;

/// A value as its fields; what is unknown is left out by the value's own serialisation.
fn fields<T: serde::Serialize>(value: &T) -> anyhow::Result<Fields> {
    match serde_json::to_value(value)? {
        Value::Object(fields) => Ok(fields),
        other => anyhow::bail!("{other} is no object"),
    }
}

/// One answer: as JSON, or in the lines that `human` makes of it.
fn print<T: serde::Serialize>(common: &Common, answer: &T, human: impl Fn(&T) -> String) -> anyhow::Result<Exit> {
    let mut out = std::io::stdout().lock();
    if common.json {
        writeln!(out, "{}", json::escaped(serde_json::to_string(answer)?))?;
    } else {
        out.write_all(human(answer).as_bytes())?;
    }
    Ok(Exit::Done)
}

/// `title       …`, nothing when there is nothing.
fn say(out: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        out.push_str(&format!("{name:<11} {}\n", crate::report::clean::line(value)));
    }
}
