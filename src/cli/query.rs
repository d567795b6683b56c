//! `vigie query`.

use serde_json::json;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, output};
use crate::config::Config;
use crate::model::query::{Condition, Expr, Filter};
use crate::model::{Lexicon, Source};
use crate::query;
use crate::read::search::{self, Answer, Question, ReadError};
use crate::report;
use crate::store::{Order, Reader};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie query 朝鲜                             two characters are enough
  vigie query 'Corée du Nord culture' --since 7d
  vigie query '\"Jack Lang\" OR 雅克·朗 -lang:en'
  vigie query 'title:accord source:lemonde-fr,lefigaro-fr topic:cultural-exchange'

Words are joined by AND; there are OR, NOT (or -), parentheses, \"phrases\", prefix*, =Exact, distances (NEAR/5,
in order w/5), sent:(one sentence), same:(one paragraph), atleast5:word, and the fields title: lead: body: author:
source: group: country: ownership: type: lang: kind: topic: url: words:>300 chars: is:reprint has:comments-closed
date: since: until: seen:
A name that the lexicon knows stands for all its names, unless --exact is given.")]
pub struct Args {
    /// The query
    #[arg(required = true, value_name = "QUERY")]
    pub query: Vec<String>,
    /// At most this many articles
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub limit: u32,
    #[command(flatten)]
    pub narrow: Narrow,
    /// Take every word as it stands: no names in other languages
    #[arg(long)]
    pub exact: bool,
    /// Which articles come first
    #[arg(long, value_enum, default_value = "newest", value_name = "ORDER")]
    pub sort: Sort,
}

/// What narrows a question beside its text.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Narrow {
    /// Only articles in these languages (fr,zh,zh-Hant)
    #[arg(long, value_delimiter = ',', value_name = "LANG")]
    pub lang: Vec<String>,
    /// Only these sources
    #[arg(long, value_delimiter = ',', value_name = "SOURCE")]
    pub source: Vec<String>,
    /// Only sources of these groups
    #[arg(long, value_delimiter = ',', value_name = "GROUP")]
    pub group: Vec<String>,
    /// Published (or, undated, first seen) from then on: 2009-12-14, 2009-12, 7d, yesterday
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Published before the end of then
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Sort {
    Newest,
    Oldest,
    Seen,
    Relevance,
}

impl Sort {
    fn order(self) -> Order {
        match self {
            Sort::Newest => Order::Newest,
            Sort::Oldest => Order::Oldest,
            Sort::Seen => Order::Seen,
            Sort::Relevance => Order::Relevance,
        }
    }
}

/// The configuration of the folder, or none: a store can be read without it.
pub fn config_or_builtin(common: &Common) -> anyhow::Result<Config> {
    if common.config.join("sources.toml").exists() {
        common.config()
    } else {
        Ok(crate::config::builtin::config()?)
    }
}

/// The sources of the folder's `sources.toml`; without one, those that the store was made with.
pub fn sources(common: &Common, reader: &Reader) -> anyhow::Result<Vec<Source>> {
    if common.config.join("sources.toml").exists() {
        return Ok(common.config()?.sources);
    }
    let known = reader.sources()?;
    Ok(known.into_iter().filter(|source| !source.provisional).collect())
}

/// An id or group that nobody has is a slip of the fingers, never an empty answer.
pub fn check_names(
    common: &Common,
    reader: &Reader,
    config: &Config,
    ids: &[String],
    groups: &[String],
) -> anyhow::Result<()> {
    if ids.is_empty() && groups.is_empty() {
        return Ok(());
    }
    let mut known = sources(common, reader)?;
    known.extend(reader.sources()?);
    known.extend(config.sources.iter().cloned());
    for id in ids {
        if !known.iter().any(|source| source.id == *id) {
            return Err(nobody("source", id, known.iter().map(|source| source.id.as_str())));
        }
    }
    for group in groups {
        let names = || known.iter().flat_map(|source| source.groups.iter().map(String::as_str));
        if !names().any(|name| name == group) {
            return Err(nobody("group", group, names()));
        }
    }
    Ok(())
}

fn nobody<'n>(what: &str, name: &str, names: impl Iterator<Item = &'n str>) -> anyhow::Error {
    let hint = match nearest(name, names) {
        Some(near) => format!("did you mean {near}?"),
        None => "`vigie sources list` shows ids, groups and languages".to_owned(),
    };
    mistake(format!("there is no {what} `{name}`\nhint: {hint}"))
}

/// Names alike beyond this (Jaro–Winkler) are what was probably meant: `Khim Jong Ill` is 0.93 like `Kim Jong Il`.
const ALIKE: f64 = 0.88;

fn nearest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let typed = typed.to_lowercase();
    names
        .map(|name| (strsim::jaro_winkler(&typed, &name.to_lowercase()), name))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

/// Why nothing was found, as far as the store can tell.
fn nothing(common: &Common, reader: &Reader, lexicon: &Lexicon, answer: &Answer) -> anyhow::Result<()> {
    let held = reader.count(&Condition::Everything)?;
    common.say(format!("searched title, lead and body of {held} articles"));
    let barren = search::barren(reader, &answer.query.expr)?;
    // With a single part the answer above has said it.
    if !barren.is_empty() && matches!(answer.query.expr, Expr::And(_)) {
        let parts: Vec<String> = barren.iter().map(|part| query::print(part)).collect();
        common.say(format!("found nowhere, even alone: {}", parts.join(", ")));
    }
    let ids: Vec<String> = reader.sources()?.into_iter().map(|source| source.id).collect();
    for part in barren {
        if let Expr::Filter(Filter::Source(id)) = part
            && !ids.contains(id)
        {
            let near = nearest(id, ids.iter().map(String::as_str));
            let hint = near.map_or(String::new(), |near| format!("; did you mean source:{near}?"));
            common.say(format!("the store has no source `{id}`{hint}"));
        }
    }
    let names = lexicon.actors.iter().flat_map(|actor| actor.names.values().flatten());
    if let Some(near) = nearest(&answer.query.typed, names.map(String::as_str))
        && !near.eq_ignore_ascii_case(&answer.query.typed)
    {
        common.say(format!("nearest name in the lexicon: {near}"));
    }
    Ok(())
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let config = config_or_builtin(common)?;
    let since = args
        .narrow
        .since
        .as_deref()
        .map(|text| common.moment(text, false))
        .transpose()?;
    let until = args
        .narrow
        .until
        .as_deref()
        .map(|text| common.moment(text, true))
        .transpose()?;
    let typed = args.query.join(" ");
    let question = Question {
        typed: &typed,
        langs: &args.narrow.lang,
        sources: &args.narrow.source,
        groups: &args.narrow.group,
        since,
        until,
        exact: args.exact,
        order: args.sort.order(),
        limit: args.limit,
    };
    common.zone()?;
    check_names(common, &reader, &config, question.sources, question.groups)?;
    let context = search::context(&config.lexicon, common.clock().now(), &common.tz, args.exact);
    let answer = search::find(&reader, &question, &context).map_err(misread)?;
    if common.json {
        output::json(&document(&answer))?;
    } else {
        for warning in &answer.query.warnings {
            common.say(format!("note: {warning}"));
        }
        output::text(&report::query::terminal(&answer))?;
        if answer.total == 0 {
            nothing(common, &reader, &config.lexicon, &answer)?;
        }
    }
    Ok(if answer.total == 0 {
        Exit::NothingFound
    } else {
        Exit::Done
    })
}

/// A query that cannot be read is the typist's mistake: shown with a caret where it went wrong.
pub fn misread(error: ReadError) -> anyhow::Error {
    match error {
        ReadError::Query(error) => mistake(error.render().trim_start_matches("error: ").trim_end()),
        ReadError::Store(error) => error.into(),
    }
}

/// The shape of machine-interface.md.
fn document(answer: &Answer) -> serde_json::Value {
    let articles: Vec<_> = answer
        .hits
        .iter()
        .map(|hit| {
            let article = &hit.article;
            json!({
                "id": article.id,
                "source": article.source,
                "lang": article.lang,
                "script": article.script,
                "url": article.url,
                "title": article.title,
                "published": article.published.as_ref().map(|claim| claim.to_published()),
                "published_evidence": article.published.as_ref().map(|claim| claim.evidence),
                "first_seen": article.first_seen_at,
                "topics": hit.topics.iter().map(|tag| &tag.topic).collect::<Vec<_>>(),
                "length": article.length,
                "text_access": article.text_access,
                "reprint_of": article.reprint_of,
                "versions": article.versions,
                "gone": article.gone_at,
                "snippets": hit.snippets,
            })
        })
        .collect();
    let expanded: serde_json::Map<String, serde_json::Value> = answer
        .query
        .expansions
        .iter()
        .map(|expansion| (expansion.actor.clone(), json!(expansion.names)))
        .collect();
    json!({
        "query": {
            "typed": answer.query.typed,
            "run": answer.query.run,
            "expanded": expanded,
            "warnings": answer.query.warnings,
        },
        "total": answer.total,
        "shown": articles.len(),
        "articles": articles,
    })
}
