//! `vigie story pin` and `vigie story unpin`.

use std::path::Path;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, output};
use crate::config::story_edit::{self, Pin};
use crate::config::whole;
use crate::config::{ConfigError, ConfigErrors};
use crate::report::clean;
use crate::store::StoreError;

use super::{spec, suggested};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie story pin lang-pyongyang i:3f2a
  vigie story pin lang-pyongyang i:9c01 --out

The file is edited in place; its comments stay. Of a suggested story (s:…) it is written to decisions.toml instead.")]
pub struct Args {
    /// Id of a story in stories/, or of a suggested one
    pub story: String,
    /// Ids of articles, or their beginnings
    #[arg(required = true, value_name = "ARTICLE")]
    pub articles: Vec<String>,
    /// Keep them out of the story
    #[arg(long)]
    pub out: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub struct UnpinArgs {
    /// Id of a story in stories/, or of a suggested one
    pub story: String,
    /// Ids of articles, or their beginnings
    #[arg(required = true, value_name = "ARTICLE")]
    pub articles: Vec<String>,
    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    if suggested::is_one(&args.story) {
        return suggested::pin(common, &args.story, &args.articles, args.out, args.dry_run);
    }
    let reader = common.reader()?;
    let pin = if args.out { Pin::Out } else { Pin::In };
    let mut articles = Vec::new();
    for typed in &args.articles {
        let rowid = reader.article_by_prefix(typed).map_err(|error| match error {
            StoreError::NoArticle(_) | StoreError::Ambiguous(_) => {
                mistake(format!("{error}\nhint: `vigie query` lists articles with their ids"))
            }
            other => other.into(),
        })?;
        articles.extend(reader.articles(&[rowid])?);
    }
    let said = |one: &crate::store::ArticleRow| {
        let sign = if args.out { "out" } else { "in" };
        format!("{sign:3}  {}  {}  {}", one.id, one.source, clean::line(&one.title))
    };
    let lines = articles.iter().map(said).collect();
    let ids: Vec<String> = articles.into_iter().map(|article| article.id).collect();
    edit(common, &args.story, lines, args.dry_run, |name, text| {
        apply(text, &ids, |text, id| story_edit::pin(name, text, id, pin))
    })
}

pub fn unpin(common: &Common, args: UnpinArgs) -> anyhow::Result<Exit> {
    if suggested::is_one(&args.story) {
        return suggested::unpin(common, &args.articles, args.dry_run);
    }
    let ids: Vec<String> = args
        .articles
        .iter()
        .map(|id| {
            if id.starts_with("i:") {
                id.clone()
            } else {
                format!("i:{id}")
            }
        })
        .collect();
    let lines = ids.iter().map(|id| format!("left to the query: {id}")).collect();
    edit(common, &args.story, lines, args.dry_run, |name, text| {
        apply(text, &ids, |text, id| story_edit::unpin(name, text, id))
    })
}

/// Every edit after the other; `None` when none changed anything.
fn apply(
    text: &str,
    ids: &[String],
    edit: impl Fn(&str, &str) -> Result<Option<String>, ConfigErrors>,
) -> Result<Option<String>, ConfigErrors> {
    let mut changed = None;
    for id in ids {
        if let Some(new) = edit(changed.as_deref().unwrap_or(text), id)? {
            changed = Some(new);
        }
    }
    Ok(changed)
}

fn edit(
    common: &Common,
    story: &str,
    lines: Vec<String>,
    dry_run: bool,
    change: impl FnOnce(&str, &str) -> Result<Option<String>, ConfigErrors>,
) -> anyhow::Result<Exit> {
    let file = spec::get(common, story)?;
    let Some(text) = change(&file.name, &file.text).map_err(ConfigError::from)? else {
        common.say(format!("{} says so already", file.name));
        return Ok(Exit::Done);
    };
    // What is written must be read again tomorrow.
    crate::config::stories::parse(&file.name, &text).map_err(ConfigError::from)?;
    if !dry_run {
        replace(Path::new(&file.name), &text)?;
    }
    output::text(&lines.iter().map(|line| format!("{line}\n")).collect::<String>())?;
    common.say(format!(
        "{} {}",
        if dry_run { "would change" } else { "changed" },
        file.name
    ));
    Ok(Exit::Done)
}

/// The whole file or the old one, whatever happens in between.
pub fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    whole::replace(path, text).map_err(|error| mistake(format!("cannot write {}: {error}", path.display())))
}
