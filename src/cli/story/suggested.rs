//! Suggested stories by their id, and what the reader decides of them.

use jiff::Timestamp;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, output};
use crate::config::{ConfigErrors, decisions};
use crate::crawl::regroup::{self, DecideError};
use crate::model::Interval;
use crate::model::decision::Decision;
use crate::read::suggest::{self, Story, Wanted};
use crate::report;
use crate::store::{Reader, StoreError};

/// Whether this is the id of a suggested story.
pub fn is_one(typed: &str) -> bool {
    typed.starts_with("s:")
}

/// The suggested story of that id, or of that number in what `vigie story suggest` lists for the same window.
pub fn find(reader: &Reader, typed: &str, listed: Interval) -> anyhow::Result<Story> {
    let sources = reader.sources()?;
    if let Ok(number) = typed.parse::<usize>() {
        let wanted = Wanted {
            window: listed,
            all: false,
        };
        let stories = suggest::suggest(reader, &sources, wanted)?.stories;
        let count = stories.len();
        return stories.into_iter().nth(number.wrapping_sub(1)).ok_or_else(|| {
            mistake(format!(
                "there is no story {number}: {count} are suggested\nhint: `vigie story suggest` numbers them"
            ))
        });
    }
    suggest::one(reader, &sources, typed)?.ok_or_else(|| {
        mistake(format!(
            "there is no suggested story `{typed}`\nhint: `vigie story suggest` lists them; their ids begin with s:"
        ))
    })
}

/// All of time.
pub fn ever() -> Interval {
    Interval {
        min: Timestamp::MIN,
        max: Timestamp::MAX,
    }
}

pub fn show(common: &Common, typed: &str) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let story = find(&reader, typed, ever())?;
    if common.json {
        output::json(&story)?;
    } else {
        output::text(&report::suggest::story(&story))?;
    }
    Ok(Exit::Done)
}

/// Puts articles into a suggested story, or keeps them out of it.
pub fn pin(common: &Common, typed: &str, articles: &[String], out: bool, dry_run: bool) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let story = find(&reader, typed, ever())?;
    let named = ids(&reader, articles)?;
    let members: Vec<String> = story.articles.iter().map(|article| article.id.clone()).collect();
    let others: Vec<String> = members.iter().filter(|id| !named.contains(id)).cloned().collect();
    if out {
        if others.is_empty() {
            return Err(mistake(
                "these are all the articles of the story\nhint: a story that is none needs no decision",
            ));
        }
        let remark = format!("taken out of {}: {}", story.id, story.title);
        return decide(common, &Decision::Apart(named, others), &remark, dry_run);
    }
    let remark = format!("put into {}: {}", story.id, story.title);
    if others.is_empty() {
        return Err(mistake(
            "these are all the articles of the story\nhint: name articles that are not in it; `vigie query` lists their ids",
        ));
    }
    decide(common, &Decision::Into(named, others), &remark, dry_run)
}

/// Whole ids of articles that were typed whole or in part.
pub fn ids(reader: &Reader, typed: &[String]) -> anyhow::Result<Vec<String>> {
    let mut ids = Vec::new();
    for typed in typed {
        let row = reader.article_by_prefix(typed).map_err(|error| match error {
            StoreError::NoArticle(_) | StoreError::Ambiguous(_) => {
                mistake(format!("{error}\nhint: `vigie query` lists articles with their ids"))
            }
            other => other.into(),
        })?;
        ids.extend(reader.articles(&[row])?.into_iter().map(|article| article.id));
    }
    Ok(ids)
}

/// Takes back what was decided of articles.
pub fn unpin(common: &Common, articles: &[String], dry_run: bool) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let ids = ids(&reader, articles)?;
    let path = decisions::path(&common.config);
    if dry_run {
        common.say(format!("would take {} out of {}", ids.join(", "), path.display()));
        return Ok(Exit::Done);
    }
    let first = ids.first().cloned();
    if !carry_out(common, |name, text| decisions::without(name, text, &ids))? {
        common.say(format!("{} says nothing of it", path.display()));
        return Ok(Exit::Done);
    }
    told(common, first.as_deref())
}

/// Writes the decision down and groups anew; then shows where its first article is now.
pub fn decide(common: &Common, decision: &Decision, remark: &str, dry_run: bool) -> anyhow::Result<Exit> {
    let dated = format!("{}: {remark}", common.clock().now().strftime("%Y-%m-%d"));
    if dry_run {
        output::text(&decisions::added("", decision, &dated))?;
        let path = decisions::path(&common.config);
        common.say(format!("would add this to {}", path.display()));
        return Ok(Exit::Done);
    }
    carry_out(common, |name, text| {
        decisions::parse(name, text)?;
        Ok(Some(decisions::added(text, decision, &dated)))
    })?;
    told(common, decision.articles().next())
}

fn carry_out(
    common: &Common,
    edit: impl FnOnce(&str, &str) -> Result<Option<String>, ConfigErrors>,
) -> anyhow::Result<bool> {
    let done = regroup::decide(
        &common.data,
        &common.config,
        &common.which_encoder(),
        &common.clock(),
        edit,
        &|_| {},
    );
    done.map_err(|error| match error {
        DecideError::Config(error) => error.into(),
        DecideError::Run(error) => error.into(),
        other @ DecideError::Write { .. } => other.into(),
    })
}

fn told(common: &Common, article: Option<&str>) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let row = article.map(|id| reader.article_by_id(id)).transpose()?.flatten();
    let story = row
        .map(|row| reader.stories_of(&[row]))
        .transpose()?
        .unwrap_or_default();
    if let Some(id) = story.into_values().next()
        && let Some(story) = suggest::one(&reader, &reader.sources()?, &id)?
    {
        match common.json {
            true => output::json(&story)?,
            false => output::text(&report::suggest::story(&story))?,
        }
    }
    common.say(format!("changed {}", decisions::path(&common.config).display()));
    Ok(Exit::Done)
}
