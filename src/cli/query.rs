//! `vigie query`.

use jiff::Timestamp;
use serde_json::json;

use crate::cli::exit::mistake;
use crate::cli::narrow::{self, Window};
use crate::cli::options::Common;
use crate::cli::{Exit, output, typed};
use crate::config::{Config, stories};
use crate::encode::Encoder;
use crate::model::query::{Condition, Expr};
use crate::model::{Lexicon, Source};
use crate::query::{self, Context, Known};
use crate::read::ask;
use crate::read::search::{self, Answer, Bridge, Question, ReadError, Scope};
use crate::read::similar::{self, Near};
use crate::report;
use crate::report::table::fit;
use crate::store::{Order, Reader, StoreError};
use crate::text::fold::fold;
use crate::text::pieces::is_unspaced;
use crate::text::plain::plain;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie query 朝鲜                             two characters are enough
  vigie query 'Corée du Nord culture' --since 7d
  vigie query '\"Jack Lang\" OR 雅克·朗 -lang:en'
  vigie query '文化交流 法国' --similar          and what is near in meaning, apart
  vigie query 'title:accord source:lemonde-fr,lefigaro-fr topic:cultural-exchange'
  vigie query 'speaker:@jack-lang pctl:>50'    who is quoted, in articles long for their source
  vigie query 'story:lang-pyongyang lang:zh'   of a written story, or s:… of a suggested one

Words are joined by AND; there are OR, NOT (or -), parentheses, \"phrases\", prefix*, =Exact, distances (NEAR/5, in \
order w/5), sent:(one sentence), same:(one paragraph), quote:(between quotation marks), atleast5:word, and the fields \
title: lead: body: author: speaker: source: group: country: ownership: type: lang: kind: topic: story: url: words:>300 \
chars: pctl:>90 is:reprint is:formula has:comments-closed date: since: until: seen:
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
    /// Search each word that is no name also under what dictionaries call it in Chinese, English or French; done by
    /// itself only when nothing is found without
    #[arg(long, conflicts_with = "exact")]
    pub bridge: bool,
    /// Add articles near in meaning that the words do not find: ten at most, apart from the rest
    #[arg(long, conflicts_with_all = ["explain", "why"])]
    pub similar: bool,
    /// Show how the query is read, as a tree with what each part finds
    #[arg(long)]
    pub explain: bool,
    /// Show which words and names of the query stand in this article
    #[arg(long, value_name = "ARTICLE", conflicts_with = "explain")]
    pub why: Option<String>,
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
        Ok(Config::without_sources(
            &common.config,
            crate::config::builtin::config()?,
        )?)
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
            let ids = known.iter().map(|source| source.id.as_str());
            return Err(nobody("source", id, ids, SOURCES));
        }
    }
    for group in groups {
        let names = || known.iter().flat_map(|source| source.groups.iter().map(String::as_str));
        if !names().any(|name| name == group) {
            return Err(nobody("group", group, names(), SOURCES));
        }
    }
    Ok(())
}

const SOURCES: &str = "`vigie sources list` shows ids, groups and languages";

/// A name that nobody has: with the nearest that somebody has, or where they stand.
pub fn nobody<'n>(what: &str, name: &str, names: impl Iterator<Item = &'n str>, shown: &str) -> anyhow::Error {
    let hint = match nearest(name, names) {
        Some(near) => format!("did you mean {near}?"),
        None => shown.to_owned(),
    };
    mistake(format!("there is no {what} `{name}`\nhint: {hint}"))
}

/// Names alike beyond this (Jaro–Winkler) are what was probably meant: `Khim Jong Ill` is 0.93 like `Kim Jong Il`.
const ALIKE: f64 = 0.88;

pub fn nearest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let typed = typed.to_lowercase();
    names
        .map(|name| (strsim::jaro_winkler(&typed, &name.to_lowercase()), name))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

/// Why nothing was found, as far as the store can tell: what stands nowhere, what it may have meant, what was
/// searched, and what there would be with one condition less.
fn nothing(
    common: &Common,
    reader: &Reader,
    lexicon: &Lexicon,
    answer: &Answer,
    question: &Question<'_>,
    context: &Context<'_>,
) -> anyhow::Result<()> {
    let expr = &answer.query.expr;
    let barren = search::barren(reader, expr, context).map_err(misread)?;
    let (filters, words): (Vec<&Expr>, Vec<&Expr>) = barren.iter().partition(|part| search::is_filter(part));
    if !words.is_empty() {
        let parts: Vec<String> = words.iter().map(|part| fit(&query::print(part), LONGEST)).collect();
        common.say(format!("No text contains {}.", parts.join(", nor ")));
    }
    if !filters.is_empty() {
        let parts: Vec<String> = filters.iter().map(|part| query::print(part)).collect();
        common.say(format!("No article at all fulfils {}.", parts.join(", nor ")));
    }
    let mut near: Vec<String> = Vec::new();
    let actors = lexicon.actors.iter().map(|actor| &actor.names);
    let concepts = lexicon.concepts.iter().map(|concept| &concept.names);
    let names: Vec<&str> = actors
        .chain(concepts)
        .flat_map(|names| names.values().flatten())
        .map(String::as_str)
        .collect();
    let alike = nearest(&answer.query.typed, names.iter().copied());
    let mut meant: Vec<&str> = alike
        .filter(|name| !name.eq_ignore_ascii_case(&answer.query.typed))
        .into_iter()
        .collect();
    for word in words.iter().filter_map(|part| match part {
        Expr::Word(word) => Some(&word.text),
        _ => None,
    }) {
        meant.extend(one_character_off(word, &names));
    }
    let apart: Vec<String> = words.iter().filter_map(|part| with_gaps(part)).collect();
    meant.extend(apart.iter().map(String::as_str));
    for name in meant {
        let word = query::parse(
            &format!("\"{name}\""),
            &search::context(lexicon, common.clock().now(), "UTC", true, Some(&common.config)),
        );
        let count = match word {
            Ok(word) => reader.count(&query::plan(&word.expr))?,
            Err(_) => 0,
        };
        // What nothing is found by either is no help.
        if count > 0 {
            near.push(format!("{name} ({count})"));
        }
    }
    for part in &words {
        for needle in query::needles(part) {
            for token in needle.tokens.iter().take(MOST_TOKENS) {
                for (word, count) in reader.near_words(token, NEAR_WORDS)? {
                    near.push(format!("{word} ({count})"));
                }
            }
        }
    }
    // A word may be near to two that were typed.
    let mut told = std::collections::BTreeSet::new();
    near.retain(|one| told.insert(plain(one).text));
    near.truncate(MOST_NEAR);
    if !near.is_empty() {
        common.say(format!("Nearest in lexicon and store: {}.", near.join(", ")));
    }
    let held = reader.count(&Condition::Everything)?;
    let plural = |n: u64, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    common.say(match reader.reach()? {
        Some((sources, first, last)) => format!(
            "Looked at {} of {}, seen {} to {}.",
            plural(held, "article"),
            plural(sources, "source"),
            first.strftime("%Y-%m-%d"),
            last.strftime("%Y-%m-%d")
        ),
        None => "The store holds no article yet; `vigie crawl` or `vigie import FILE` brings some.".to_owned(),
    });
    for (part, count) in search::without_one(reader, expr, question, context).map_err(misread)? {
        common.say(format!("Without {part}: {}.", plural(count, "article")));
    }
    Ok(())
}

/// Names written without spaces that differ from what was typed by one character of two or more: 金正目 is 金正日.
fn one_character_off<'n>(typed: &str, names: &[&'n str]) -> Vec<&'n str> {
    let typed: Vec<char> = fold(typed).chars().collect();
    if typed.len() < 2 || !typed.iter().all(|c| is_unspaced(*c)) {
        return Vec::new();
    }
    let off = |name: &&&str| {
        let name: Vec<char> = fold(name).chars().collect();
        name.len() == typed.len() && name.iter().zip(&typed).filter(|(a, b)| a != b).count() == 1
    };
    names.iter().filter(off).copied().collect()
}

/// A word of letters and digits, cut where they meet: covid19 is also written COVID-19.
fn with_gaps(part: &Expr) -> Option<String> {
    let Expr::Word(word) = part else { return None };
    let mut apart = String::new();
    for c in word.text.chars().filter(char::is_ascii_alphanumeric) {
        let meets = |last: char| last.is_ascii_digit() != c.is_ascii_digit();
        if apart.chars().next_back().is_some_and(meets) {
            apart.push(' ');
        }
        apart.push(c);
    }
    let whole = word.text.chars().all(|c| c.is_ascii_alphanumeric());
    (whole && apart.contains(' ')).then_some(apart)
}

/// Tokens of a phrase that are looked up, words shown for each, and names and words shown in all.
const MOST_TOKENS: usize = 6;
const NEAR_WORDS: usize = 2;
const MOST_NEAR: usize = 6;
/// Columns of a part of the query that is repeated.
const LONGEST: usize = 200;

/// Reads a query and refuses ids that nobody has.
pub fn read(
    common: &Common,
    reader: &Reader,
    config: &Config,
    typed: &str,
    context: &Context<'_>,
) -> anyhow::Result<query::Query> {
    let read = query::parse(typed, context).map_err(|error| misread(error.into()))?;
    check(reader, known(common, reader, config)?, &read).map_err(|error| misread(error.into()))?;
    Ok(read)
}

/// Refuses ids that nobody has. Suggested stories are many, so that only those are looked up that are asked for.
pub fn check(reader: &Reader, known: Known, read: &query::Query) -> Result<(), query::QueryError> {
    let mut known = known;
    let stories = read.values.iter().filter(|value| value.field == "story");
    let there = stories.filter(|value| reader.has_story(&value.value).unwrap_or(false));
    known.stories.extend(there.map(|value| value.value.clone()));
    query::check(read, &known)
}

/// Every id that a filter may name: of the folder's files, and of the store.
pub fn known(common: &Common, reader: &Reader, config: &Config) -> anyhow::Result<Known> {
    let mut all = sources(common, reader)?;
    all.extend(reader.sources()?);
    all.extend(config.sources.iter().cloned());
    let mut topics: Vec<String> = config.topics.topics.iter().map(|topic| topic.id.clone()).collect();
    topics.extend(reader.topic_ids()?);
    Ok(Known {
        groups: all.iter().flat_map(|source| source.groups.iter().cloned()).collect(),
        sources: all.into_iter().map(|source| source.id).collect(),
        topics,
        stories: stories::ids(&common.config)?,
    })
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let config = config_or_builtin(common)?;
    let Window { since, until } = common.window(args.narrow.since.as_deref(), args.narrow.until.as_deref())?;
    let langs = narrow::langs(&args.narrow.lang)?;
    let typed = typed::query(&args.query);
    let question = Question {
        typed: &typed,
        langs: &langs,
        sources: &args.narrow.source,
        groups: &args.narrow.group,
        since,
        until,
        exact: args.exact,
        bridge: match (args.bridge, args.exact) {
            (true, _) => Bridge::Always,
            (_, true) => Bridge::Never,
            (false, false) => Bridge::WhenNothing,
        },
        order: args.sort.order(),
        limit: args.limit,
    };
    common.zone()?;
    check_names(common, &reader, &config, question.sources, question.groups)?;
    let mut context = search::context(
        &config.lexicon,
        common.clock().now(),
        &common.tz,
        args.exact,
        Some(&common.config),
    );
    context.bridge = args.bridge;
    let names = query::Names::of(&config.lexicon, context.places);
    context.names = Some(&names);
    let read = read(common, &reader, &config, &typed, &context)?;
    if args.explain {
        return explain(common, &reader, &read, &context);
    }
    if let Some(article) = &args.why {
        return because(common, &reader, &read, article, &context);
    }
    let mut answer = search::find(&reader, &question, &context).map_err(misread)?;
    let tags = read.values.iter().map(|value| (value.field, value.value.as_str()));
    let tags = tags.filter(|(field, _)| matches!(*field, "lang" | "country"));
    for (field, value) in tags.chain(langs.iter().map(|lang| ("lang", lang.as_str()))) {
        // A tag may be right and yet nothing be kept in it: said, never refused.
        let one = query::parse(&format!("{field}:{value}"), &context);
        if let Ok(one) = one
            && reader.count(&query::plan(&one.expr))? == 0
        {
            let warning = format!("no article in the store is of {field}:{value}");
            answer.query.warnings.push(warning);
        }
    }
    let near = if args.similar {
        Some(near(common, &reader, &answer, &question, &context)?)
    } else {
        None
    };
    if common.json {
        let mut document = document(&answer);
        if let Some(near) = &near {
            document["similar"] = similar_rows(near);
        }
        output::json(&document)?;
    } else {
        for warning in &answer.query.warnings {
            common.say(format!("note: {warning}"));
        }
        output::text(&report::query::terminal(&answer))?;
        if answer.total == 0 {
            nothing(common, &reader, &config.lexicon, &answer, &question, &context)?;
        }
        if let Some(near) = &near {
            output::text(&report::similar::terminal(near, report::similar::OF_A_QUERY))?;
        }
    }
    let also = near.is_some_and(|near| !near.articles.is_empty());
    Ok(if answer.total == 0 && !also {
        Exit::NothingFound
    } else {
        Exit::Done
    })
}

/// Articles shown that are near in meaning.
pub const MOST_SIMILAR: usize = 10;

fn near(
    common: &Common,
    reader: &Reader,
    answer: &Answer,
    question: &Question<'_>,
    context: &Context<'_>,
) -> anyhow::Result<Near> {
    let Some(encoder) = Encoder::open(&common.which_encoder())? else {
        return Err(mistake(
            "--similar needs the sentence encoder\nhint: leave out --no-encoder",
        ));
    };
    let near = similar::to_query(reader, &encoder, &answer.query, question, context, MOST_SIMILAR).map_err(misread)?;
    near.ok_or_else(|| {
        mistake("--similar needs words: this query has only filters\nhint: vigie query '文化 lang:zh' --similar")
    })
}

pub fn similar_rows(near: &Near) -> serde_json::Value {
    let rows = near.articles.iter().map(|similar| {
        let article = &similar.article;
        json!({
            "id": article.id,
            "source": article.source,
            "lang": article.lang,
            "script": article.script,
            "url": article.url,
            "title": article.title,
            "published": article.published.as_ref().map(|claim| claim.to_published()),
            "first_seen": article.first_seen_at,
            "topics": similar.topics.iter().map(|tag| &tag.topic).collect::<Vec<_>>(),
            "likeness": similar.rounded(),
        })
    });
    rows.collect()
}

/// The tree of a query, and what each part of it finds.
fn explain(common: &Common, reader: &Reader, read: &query::Query, context: &Context<'_>) -> anyhow::Result<Exit> {
    let mut lines = Vec::new();
    for (depth, label, part) in query::tree(&read.expr) {
        let condition = ask::condition(reader, part, &Condition::Everything, context).map_err(misread)?;
        lines.push((depth, label, reader.count(&condition)?));
    }
    if common.json {
        let rows: Vec<_> = lines
            .iter()
            .map(|(depth, label, count)| json!({"depth": depth, "part": label, "articles": count}))
            .collect();
        output::json(&json!({"query": {"typed": read.typed, "run": read.run}, "tree": rows}))?;
    } else {
        output::text(&report::query::tree(&lines))?;
    }
    Ok(Exit::Done)
}

/// Which words and names of a query stand in one article.
fn because(
    common: &Common,
    reader: &Reader,
    read: &query::Query,
    article: &str,
    context: &Context<'_>,
) -> anyhow::Result<Exit> {
    let why = match search::why(reader, &read.expr, article, context) {
        Ok(why) => why,
        Err(ReadError::Store(error @ (StoreError::NoArticle(_) | StoreError::Ambiguous(_)))) => {
            return Err(mistake(format!(
                "{error}\nhint: `vigie query` lists articles with their whole ids"
            )));
        }
        Err(error) => return Err(misread(error)),
    };
    if common.json {
        output::json(&why)?;
    } else {
        output::text(&report::query::why(&why))?;
    }
    Ok(if why.fulfils { Exit::Done } else { Exit::NothingFound })
}

/// A query that cannot be read is the typist's mistake: shown with a caret where it went wrong.
pub fn misread(error: ReadError) -> anyhow::Error {
    match error {
        ReadError::Query(error) => mistake(error.render().trim_start_matches("error: ").trim_end()),
        ReadError::Spec(fault) => mistake(match fault.hint {
            Some(hint) => format!("{}\nhint: {hint}", fault.message),
            None => fault.message,
        }),
        ReadError::Unanswerable { message, hint } => mistake(format!("{message}\nhint: {hint}")),
        ReadError::Config(error) => error.into(),
        ReadError::Store(error) => error.into(),
        ReadError::Encode(error) => error.into(),
        ReadError::Fit(error) => mistake(error.to_string()),
    }
}

/// Where was searched; an end of time that nobody set is left out.
fn scope(scope: &Scope) -> serde_json::Value {
    let mut dates = serde_json::Map::new();
    if let Some(span) = scope.dates {
        for (name, at) in [("since", span.min), ("until", span.max)] {
            if at != Timestamp::MIN && at != Timestamp::MAX {
                dates.insert(name.to_owned(), json!(at));
            }
        }
    }
    json!({
        "fields": scope.fields,
        "dates": dates,
        "zone": scope.zone,
        "languages": scope.languages,
        "sources": scope.sources,
        "groups": scope.groups,
    })
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
        .map(|expansion| {
            let names: Vec<&str> = expansion.names.iter().map(|name| name.text.as_str()).collect();
            (expansion.actor.clone(), json!(names))
        })
        .collect();
    let hits: serde_json::Map<String, serde_json::Value> = answer
        .names
        .iter()
        .map(|names| {
            let counts: serde_json::Map<_, _> = names
                .hits
                .iter()
                .map(|(name, count)| (name.clone(), json!(count)))
                .collect();
            (names.actor.clone(), json!(counts))
        })
        .collect();
    json!({
        "query": {
            "typed": answer.query.typed,
            "run": answer.query.run,
            "expanded": expanded,
            "hits": hits,
            "scope": scope(&answer.scope),
            "warnings": answer.query.warnings,
        },
        "total": answer.total,
        "shown": articles.len(),
        "articles": articles,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::query::Word;

    #[test]
    fn what_may_have_been_meant() {
        let names = ["金正日", "金日成", "平壤", "文化", "Kim"];
        assert_eq!(one_character_off("金正目", &names), ["金正日"]);
        assert_eq!(one_character_off("文華", &names), ["文化"]);
        assert_eq!(one_character_off("文化", &names), [""; 0]);
        assert_eq!(one_character_off("Kin", &names), [""; 0]);
        let apart = |text: &str| {
            let word = Word {
                text: text.to_owned(),
                phrase: false,
                prefix: false,
                field: None,
                exact: false,
                only: None,
            };
            with_gaps(&Expr::Word(word))
        };
        assert_eq!(apart("covid19").as_deref(), Some("covid 19"));
        assert_eq!(apart("F16B").as_deref(), Some("F 16 B"));
        assert_eq!((apart("accord"), apart("12500"), apart("文化2")), (None, None, None));
    }
}
