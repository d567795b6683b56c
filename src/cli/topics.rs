//! `vigie topics`.

use std::path::PathBuf;

use serde_json::json;

use crate::cli::options::Common;
use crate::cli::query::{MOST_SIMILAR, similar_rows};
use crate::cli::{Exit, output, progress, query};
use crate::config::Config;
use crate::encode::Encoder;
use crate::model::Topic;
use crate::model::query::Condition;
use crate::read::retag;
use crate::read::search::ReadError;
use crate::read::similar::{self, Near};
use crate::read::topics;
use crate::report;
use crate::store::Reader;

#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// Every topic with its terms per language, and how many articles carry it
    #[command(after_help = "Examples:\n  vigie topics list\n  vigie topics list --json")]
    List,
    /// One topic: what each of its terms found, in which languages, and its newest articles; and what is near its
    /// description in meaning
    #[command(after_help = "\
Examples:
  vigie topics show sanctions
Where the topic has a `description` in topics.toml, articles near it in meaning that do not carry the topic are listed
apart. They are suggestions: nothing but terms makes a tag. --no-encoder leaves them out.")]
    Show {
        #[arg(value_name = "TOPIC")]
        id: String,
    },
    /// What a changed topics.toml would tag and untag, before `vigie digest --all` applies it
    #[command(after_help = "\
Examples:
  vigie topics test                          the file of --config, after you edited it
  vigie topics test draft.toml --topic sanctions --limit 20
Nothing is written. Each change stands with the terms that make it and their places, in characters from the beginning of
title, lead or body. For a topic with a `description`, articles near it in meaning that no term would tag are listed
apart, as suggestions; --no-encoder leaves them out.")]
    Test(TestArgs),
}

#[derive(Debug, clap::Args)]
pub struct TestArgs {
    /// The changed file [default: topics.toml of --config]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Only this topic
    #[arg(long, value_name = "TOPIC")]
    pub topic: Vec<String>,
    /// Of each topic, show at most this many articles that gain it and that lose it (--json has all)
    #[arg(long, default_value_t = 5, value_name = "N")]
    pub limit: usize,
}

pub fn run(common: &Common, action: Action) -> anyhow::Result<Exit> {
    match action {
        Action::List => list(common),
        Action::Show { id } => show(common, &id),
        Action::Test(args) => test(common, &args),
    }
}

fn list(common: &Common) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let list = topics::list(&reader, &config.topics)?;
    if common.json {
        output::json(&list)?;
    } else {
        output::text(&report::topics::list(&list))?;
    }
    Ok(if list.topics.is_empty() {
        Exit::NothingFound
    } else {
        Exit::Done
    })
}

fn show(common: &Common, id: &str) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let sources = reader.sources()?;
    let Some(detail) = topics::show(&reader, &config.topics, &sources, id)? else {
        let known = config.topics.topics.iter().map(|topic| topic.id.as_str());
        return Err(query::nobody("topic", id, known, "`vigie topics list` shows them"));
    };
    let topic = config.topics.topics.iter().find(|topic| topic.id == id);
    let near = topic.map(|topic| near(common, &reader, topic)).transpose()?.flatten();
    if common.json {
        let mut document = serde_json::to_value(&detail)?;
        if let Some(near) = &near {
            document["suggested"] = similar_rows(near);
        }
        output::json(&document)?;
    } else {
        output::text(&report::topics::detail(&detail))?;
        if let Some(near) = &near {
            output::text(&format!("\n{}", suggested(&detail.line.id, near)))?;
        }
    }
    Ok(Exit::Done)
}

/// What is near a topic's description; `None` where it has none, or the encoder is declined.
fn near(common: &Common, reader: &Reader, topic: &Topic) -> anyhow::Result<Option<Near>> {
    if topic.description.is_none() {
        return Ok(None);
    }
    let Some(encoder) = Encoder::open(&common.which_encoder())? else {
        return Ok(None);
    };
    match similar::to_topic(reader, &encoder, topic, MOST_SIMILAR) {
        // Nobody asked for it by name.
        Err(ReadError::Unanswerable { message, hint }) => {
            common.say(format!("note: {message}\nhint: {hint}"));
            Ok(None)
        }
        near => near.map_err(query::misread),
    }
}

fn suggested(topic: &str, near: &Near) -> String {
    let heading = format!("suggested for {topic}, not tagged: near its description in meaning");
    report::similar::terminal(near, &heading)
}

fn test(common: &Common, args: &TestArgs) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let file = args.file.clone().unwrap_or_else(|| common.config.join("topics.toml"));
    let tried = Config::topics(&file)?;
    let articles = reader.count(&Condition::Everything)?;
    let bar = progress::Progress::of(common, articles, "articles");
    let mut found = retag::retag(&reader, &tried, &|done| bar.at(done))?;
    bar.end();
    for id in &args.topic {
        if !found.topics.iter().any(|topic| topic.id == *id) {
            let known = found.topics.iter().map(|topic| topic.id.as_str());
            return Err(query::nobody("topic", id, known, "`vigie topics list` shows them"));
        }
    }
    if !args.topic.is_empty() {
        found.topics.retain(|topic| args.topic.contains(&topic.id));
        found.changes.retain(|change| args.topic.contains(&change.topic));
    }
    let mut suggestions: Vec<(&str, Near)> = Vec::new();
    for topic in tried
        .topics
        .iter()
        .filter(|topic| args.topic.is_empty() || args.topic.contains(&topic.id))
    {
        if let Some(mut near) = near(common, &reader, topic)? {
            let tagged = |article: &str| {
                let mut changes = found.changes.iter().filter(|change| change.does == retag::Does::Tag);
                changes.any(|change| change.topic == topic.id && change.article == article)
            };
            near.articles.retain(|similar| !tagged(&similar.article.id));
            suggestions.push((&topic.id, near));
        }
    }
    let name = file.display().to_string();
    if common.json {
        let (tags, untags) = found.topics.iter().fold((0, 0), |(tags, untags), topic| {
            (tags + topic.tags, untags + topic.untags)
        });
        let mut document = serde_json::to_value(&found)?;
        document["file"] = json!(name);
        document["tags"] = json!(tags);
        document["untags"] = json!(untags);
        if !suggestions.is_empty() {
            let rows = suggestions
                .iter()
                .map(|(topic, near)| json!({"topic": topic, "articles": similar_rows(near)}));
            document["suggested"] = rows.collect();
        }
        output::json(&document)?;
        return Ok(Exit::Done);
    }
    output::text(&report::topics::retag(&found, &name, args.limit))?;
    for (topic, near) in &suggestions {
        output::text(&format!("\n{}", suggested(topic, near)))?;
    }
    if !found.changes.is_empty() {
        common.say("nothing was written; `vigie digest --all` applies topics.toml to what is kept");
    }
    Ok(Exit::Done)
}
