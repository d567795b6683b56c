//! `vigie import`.

use std::path::PathBuf;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, output, progress, query, sources};
use crate::config::{Config, ConfigError};
use crate::crawl::import;
use crate::report::clean;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie import night.warc.gz CC-NEWS-20260101-00001.warc.gz
  vigie import articles.jsonl
  vigie import feeds.opml            adds the feeds to sources.toml
  vigie import blog-feed.xml wordpress-export.xml --source my-blog
                                     your own posts, which then have a row and a rank in comparisons

A row of articles.jsonl has url and text, and may have source, title, published, lang, authors, section.
--no-encoder leaves the vectors of the texts out: quicker, and stories are found by names, numbers and words alone.
--encoder DIR takes one of yours (docs/encoders.md).")]
pub struct Args {
    /// *.warc, *.warc.gz, *.jsonl, *.opml, or the file of a feed (RSS, Atom) or of a WordPress export
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The source whose all of it is; the file of a feed needs it
    #[arg(long, value_name = "SOURCE")]
    pub source: Option<String>,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let (opml, files): (Vec<_>, Vec<_>) = args
        .files
        .into_iter()
        .partition(|file| file.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("opml")));
    for file in opml.iter().chain(&files) {
        if !file.is_file() {
            return Err(mistake(format!("there is no file {}", file.display())));
        }
    }
    for file in &opml {
        sources::import_opml(common, file)?;
    }
    if files.is_empty() {
        return Ok(Exit::Done);
    }
    // An import needs no sources: hosts that nobody claims become provisional ones.
    let config = match common.config() {
        Ok(config) => config,
        Err(error) if matches!(error.downcast_ref(), Some(ConfigError::Missing { .. })) => {
            common.encoding(Config::without_sources(&common.config, Config::empty())?)
        }
        Err(error) => return Err(error),
    };
    if let Some(id) = &args.source
        && config.source(id).is_none()
    {
        let near = query::nearest(id, config.sources.iter().map(|source| source.id.as_str()));
        let hint = match near {
            Some(near) => format!("did you mean {near}?"),
            None => "declare it in sources.toml; for your own blog with `kind = \"own\"`".to_owned(),
        };
        return Err(mistake(format!("there is no source `{id}`\nhint: {hint}")));
    }
    for file in &files {
        if args.source.is_none() && import::is_feed(file)? {
            return Err(mistake(format!(
                "{} is a feed, and does not say whose\nhint: --source ID, with an id of sources.toml",
                file.display()
            )));
        }
    }
    let bar = progress::Progress::of(common, 0, "records");
    let imports = import::run(
        &common.data,
        &config,
        &common.clock(),
        &files,
        args.source.as_deref(),
        &*bar.events(),
    );
    bar.end();
    let imports = imports?;
    if common.json {
        output::json(&imports)?;
    } else {
        for line in &imports.damage {
            common.say(line);
        }
        output::line(format!(
            "{} read: {} articles, {} new, {} changed, {} duplicates, {} skipped, {} failed, {:.1} s",
            imports.read,
            imports.articles,
            imports.new,
            imports.changed,
            imports.duplicates,
            imports.skipped,
            imports.failed,
            imports.seconds
        ))?;
        if imports.dates_unread > 0 {
            let (one, stand) = match imports.dates_unread {
                1 => (" has", "it stands where it was"),
                _ => ("s have", "they stand where they were"),
            };
            common.say(format!(
                "{} row{one} a date that could not be read: {stand} first seen\n\
                 hint: `published` is 2009-12-16T10:30:00+01:00, 2009-12-16, 2009-12 or 2009",
                imports.dates_unread
            ));
        }
        for miss in &imports.rule_misses {
            common.say(clean::line(&miss.words()));
        }
        if !imports.provisional.is_empty() {
            common.say(format!(
                "{} provisional sources, named after hosts that no source in sources.toml claims",
                imports.provisional.len()
            ));
        }
    }
    if imports.articles == 0 {
        common.say(
            "nothing in it could be read as an article\nhint: *.warc, *.warc.gz, *.jsonl, *.opml and feeds are understood",
        );
        return Ok(Exit::NothingFound);
    }
    Ok(Exit::Done)
}
