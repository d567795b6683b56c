//! `vigie story accept`.

use anyhow::Context as _;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, output, query};
use crate::config::{ConfigError, stories, story_edit};
use crate::read::{draft, search};

use super::suggest::window;
use super::{pin, spec, suggested};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie story accept s:1f0a9c33d2 --id harbour-treaty
  vigie story accept 2 --id harbour-treaty --since 2d      the second of `vigie story suggest --since 2d`

Its articles become pins. Where at least two names are in most of them, in each language, they become the query by
which other sources are asked; without one no source can be silent on the story. Edit the file as you see fit.")]
pub struct Args {
    /// Id of a suggested story, or its number in `vigie story suggest`
    pub story: String,
    /// Id of the new story and name of its file: lower-case letters, digits, hyphens
    #[arg(long)]
    pub id: String,
    /// The window that the number was listed for
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Its end
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Print the file, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let listed = window(common, args.since.as_deref(), args.until.as_deref())?;
    let story = suggested::find(&reader, &args.story, listed)?;
    let path = stories::path(&common.config, &args.id);
    let text = story_edit::write(&draft::spec(&reader, &config.lexicon, &story, &args.id)?);
    let file = stories::parse(&path.display().to_string(), &text).map_err(ConfigError::from)?;
    let context = search::context(
        &config.lexicon,
        common.clock().now(),
        &common.tz,
        false,
        Some(&common.config),
    );
    spec::check(common, &reader, &config, &file, &context)?;
    if args.dry_run {
        output::text(&text)?;
        common.say(format!("would write {}", path.display()));
        return Ok(Exit::Done);
    }
    if path.exists() {
        return Err(mistake(format!(
            "{} is there already\nhint: edit it, or choose another id",
            path.display()
        )));
    }
    let folder = common.config.join(stories::FOLDER);
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    pin::replace(&path, &text)?;
    common.say(format!(
        "wrote {}   {} articles of {} sources{}",
        path.display(),
        story.articles.len(),
        story.sources.len(),
        match &file.spec.matches {
            Some(matches) => format!("; others are asked for {matches}"),
            None => "; no two names are in most of them, so it has no query and nobody is silent on it".to_owned(),
        }
    ));
    common.say(format!("edit the file, then: vigie compare {}", args.id));
    Ok(Exit::Done)
}
