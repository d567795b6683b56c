//! `vigie story merge` and `vigie story split`.

use crate::cli::Exit;
use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::model::decision::Decision;

use super::suggested;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  vigie story merge s:1f0a9c33d2 s:77b01e9a54

What you decide is written to decisions.toml, names articles, and holds whatever is grouped later.")]
pub struct MergeArgs {
    /// Ids of suggested stories
    #[arg(required = true, num_args = 2.., value_name = "STORY")]
    pub stories: Vec<String>,
    /// Say what would be decided, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  vigie story split s:1f0a9c33d2 i:35372ccb i:90aa1f02

The articles become a story of their own, if they are linked among themselves.")]
pub struct SplitArgs {
    /// Id of a suggested story
    pub story: String,
    /// Ids of the articles that are of another story, or their beginnings
    #[arg(required = true, value_name = "ARTICLE")]
    pub articles: Vec<String>,
    /// Say what would be decided, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

pub fn run(common: &Common, args: MergeArgs) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let mut together: Vec<String> = Vec::new();
    let mut names = Vec::new();
    for typed in &args.stories {
        let story = suggested::find(&reader, typed, suggested::ever())?;
        names.push(story.id.clone());
        for article in story.articles {
            if !together.contains(&article.id) {
                together.push(article.id);
            }
        }
    }
    names.dedup();
    if names.len() < 2 {
        return Err(mistake(
            "one story is merged with itself\nhint: name two different ones",
        ));
    }
    let remark = format!("merged {}", names.join(", "));
    suggested::decide(common, &Decision::Together(together), &remark, args.dry_run)
}

pub fn split(common: &Common, args: SplitArgs) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let story = suggested::find(&reader, &args.story, suggested::ever())?;
    let named = suggested::ids(&reader, &args.articles)?;
    for id in &named {
        if story.articles.iter().all(|article| article.id != *id) {
            return Err(mistake(format!(
                "{id} is not in {}\nhint: `vigie story show {}` lists its articles",
                story.id, story.id
            )));
        }
    }
    let others: Vec<String> = story
        .articles
        .iter()
        .map(|article| article.id.clone())
        .filter(|id| !named.contains(id))
        .collect();
    if others.is_empty() {
        return Err(mistake(
            "nothing of the story would be left\nhint: name only some of its articles",
        ));
    }
    let remark = format!("split off {}: {}", story.id, story.title);
    suggested::decide(common, &Decision::Apart(named, others), &remark, args.dry_run)
}
