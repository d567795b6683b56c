//! `vigie compare`.

use std::path::PathBuf;

use jiff::SignedDuration;
use serde_json::json;

use crate::cli::exit::mistake;
use crate::cli::format::{Format, Output};
use crate::cli::options::Common;
use crate::cli::story::{last, spec};
use crate::cli::{Exit, code, narrow, output, query, typed};
use crate::compare::changes;
use crate::config::stories;
use crate::model::codebook::{By, Table};
use crate::model::comparison::{Comparison, Excluded, Status};
use crate::model::story::{Theme, Window};
use crate::model::{Interval, Source};
use crate::query::{Context, Names};
use crate::read::story::{self, Subject};
use crate::read::{evidence, search};
use crate::report;
use crate::store::keep_story;
use crate::text::durations;
use crate::text::hash::sha256_hex;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie compare lang-pyongyang
  vigie compare lang-pyongyang --explain lefigaro-fr
  vigie compare lang-pyongyang --since last
  vigie compare '@north-korea @france \"Jack Lang\"' --since 2009-12-14 --until 2009-12-17
  vigie compare 'Pyongyang' --since 7d --group seed --format csv > sources.csv
  vigie compare 'Pyongyang' --since 7d --probe 'rights=\"human rights\" OR 人权' --probe 1874
  vigie compare 'Pyongyang' --since 7d --format html -o pyongyang.html
  vigie compare 'Pyongyang' --since 7d --format md --brief > post.md
  vigie compare 'Pyongyang' --since 7d --format csv --output tables/
  vigie compare lang-pyongyang --bundle lang.zip
  vigie compare lang-pyongyang --codebook codebook.toml --sheet ann.csv --sheet ben.csv
  vigie compare 'Pyongyang' --since 7d --format json | jq .silences

Formats: terminal, html, md, csv, json; ris, bib, bibtex and csl cite the articles.
Without --format, the ending of --output decides, else it is terminal.")]
pub struct Args {
    #[command(flatten)]
    pub subject: StoryArgs,
    #[command(flatten)]
    pub output: Output,
    /// One source with the proof of what is said of it: how it was asked, the looks, the control, what came nearest
    #[arg(long, value_name = "SOURCE")]
    pub explain: Option<String>,
    /// What coders judged of the story's articles, by this codebook, with α beside every table
    #[arg(long, value_name = "CODEBOOK", requires = "sheet")]
    pub codebook: Option<PathBuf>,
    /// A coder's filled-in sheet; give one for each coder
    #[arg(long, value_name = "SHEET", requires = "codebook")]
    pub sheet: Vec<PathBuf>,
    /// Print the JSON Schema of --format json, and nothing else
    #[arg(long)]
    pub schema: bool,
}

/// What is compared: a story, a window, and the sources to lay out.
#[derive(Debug, Default, clap::Args)]
pub struct StoryArgs {
    /// The id of a story in stories/, or a query that makes an article part of one
    #[arg(value_name = "STORY")]
    pub story: Vec<String>,
    /// Start of the window: the story's own, for a query 7d unless said. `last`: show what changed since the last export
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// End of the window: the story's own, for a query now unless said
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Only these sources
    #[arg(long, value_delimiter = ',', value_name = "SOURCE")]
    pub source: Vec<String>,
    /// Only sources of these groups
    #[arg(long, value_delimiter = ',', value_name = "GROUP")]
    pub group: Vec<String>,
    /// Only sources in these languages
    #[arg(long, value_delimiter = ',', value_name = "LANG")]
    pub lang: Vec<String>,
    /// A theme to look for in the story's articles, as NAME=QUERY; may be given several times
    #[arg(long, value_name = "NAME=QUERY", value_parser = probe)]
    pub probe: Vec<(String, String)>,
    /// Take every word as it stands: no names in other languages
    #[arg(long)]
    pub exact: bool,
}

impl StoryArgs {
    /// A story with the window of its file and all sources.
    pub fn of(id: &str) -> StoryArgs {
        StoryArgs {
            story: vec![id.to_owned()],
            ..StoryArgs::default()
        }
    }
}

/// `UNSCR 1874=1874`; without a name, the query is the name.
fn probe(typed: &str) -> Result<(String, String), String> {
    let (name, query) = typed.split_once('=').unwrap_or((typed, typed));
    let (name, query) = (name.trim(), query.trim());
    match name.is_empty() || query.is_empty() {
        true => Err("a probe has a name and a query, as in --probe 'rights=\"human rights\" OR 人权'".to_owned()),
        false => Ok((name.to_owned(), query.to_owned())),
    }
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    if args.schema {
        crate::cli::output::text(report::schema::COMPARE)?;
        return Ok(Exit::Done);
    }
    if args.subject.story.is_empty() {
        return Err(mistake(
            "no story to compare\nhint: `vigie compare ID`, or `vigie compare QUERY --since 7d`; `vigie story list` shows ids",
        ));
    }
    args.output.format(common)?;
    let mut comparison = compare(common, &args.subject)?;
    if let Some(codebook) = args.codebook.clone() {
        comparison.codes = codes(common, codebook, args.sheet.clone(), &comparison)?;
    }
    keep(common, &comparison);
    if let Some(source) = &args.explain {
        return explain(common, &comparison, source);
    }
    // Read before this one goes out and takes its place.
    let last = match args.subject.is_since_last() {
        true => Some(last::read(common, &comparison.story.id)?),
        false => None,
    };
    if args.output.output.is_some() || last.is_none() {
        args.output.write(common, &common.reader()?, &comparison)?;
    }
    if args.output.output.is_some() {
        // A store that one may only read is exported all the same.
        if let Err(error) = last::keep(common, &comparison) {
            common.say(format!("note: {error:#}; --since last will not know of it"));
        }
    }
    if let Some(last) = last {
        let changes = changes::changes(&last, &comparison);
        match common.json || args.output.format == Some(Format::Json) {
            true => output::json(&json!({ "since": last.at, "changes": changes }))?,
            false => output::text(&report::changes::terminal(&last, &changes))?,
        }
    }
    unlooked(common, &comparison)?;
    let covered = comparison.sources.iter().any(|row| row.status == Status::Covered);
    Ok(if covered { Exit::Done } else { Exit::NothingFound })
}

/// What people coded of these articles, by source.
fn codes(
    common: &Common,
    codebook: PathBuf,
    sheets: Vec<PathBuf>,
    comparison: &Comparison,
) -> anyhow::Result<Vec<Table>> {
    let (book, codes) = code::read(common, &code::SheetsArgs { codebook, sheets })?;
    let all = codes.articles();
    let codes = codes.only(|id| comparison.articles.iter().any(|article| article.id == id));
    let inside = codes.articles();
    if inside == 0 {
        return Err(mistake(format!(
            "none of the {all} coded articles is in this story\nhint: `vigie code sheet CODEBOOK --query …` writes a sheet of articles to code"
        )));
    }
    if inside < all {
        common.say(format!(
            "note: {} of the {all} coded articles are not in this story",
            all - inside
        ));
    }
    Ok(crate::code::tables(&book, &codes, By::Source))
}

/// Keeps the rows where SQL finds them. What only a part of the sources was asked for stays out, and a store that cannot be
/// written to is compared all the same.
fn keep(common: &Common, comparison: &Comparison) {
    let (story, rows) = (&comparison.story.id, &comparison.sources);
    if comparison.excluded.is_empty()
        && let Err(error) = keep_story(&common.data, story, comparison.window, comparison.generated_at, rows)
    {
        common.say(format!("note: v_story_source keeps what it had of {story}: {error}"));
    }
}

/// One row with its proof.
fn explain(common: &Common, comparison: &Comparison, source: &str) -> anyhow::Result<Exit> {
    let rows = || comparison.sources.iter().map(|row| row.source_id.as_str());
    let Some(text) = report::explain::terminal(comparison, source) else {
        let hint = query::nearest(source, rows()).map_or_else(
            || "`vigie sources list` shows their ids".to_owned(),
            |near| format!("did you mean {near}?"),
        );
        return Err(mistake(format!(
            "there is no source `{source}` in this comparison\nhint: {hint}"
        )));
    };
    if common.json {
        output::json(&json!({
            "story": comparison.story.id,
            "window": comparison.window,
            "snapshot": comparison.snapshot,
            "asked": comparison.story.asked.iter().find(|form| form.sources.iter().any(|id| id == source)),
            "source": comparison.sources.iter().find(|row| row.source_id == source),
            "silence": comparison.silences.iter().find(|silence| silence.source_id == source),
        }))?;
    } else {
        output::text(&text)?;
    }
    Ok(Exit::Done)
}

impl StoryArgs {
    fn is_since_last(&self) -> bool {
        self.since.as_deref() == Some("last")
    }
}

/// Gathers and compares.
pub fn compare(common: &Common, args: &StoryArgs) -> anyhow::Result<Comparison> {
    common.zone()?;
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let now = common.clock().now();
    let typed = typed::query(&args.story);
    let file = match args.story.as_slice() {
        [id] => spec::find(common, id)?,
        _ => None,
    };
    let window = window(common, args, file.as_ref().map(|file| file.spec.window))?;
    query::check_names(common, &reader, &config, &args.source, &args.group)?;
    let langs = narrow::langs(&args.lang)?;
    let mut sources = query::sources(common, &reader)?;
    // An imported source is laid out where it has a match, or when it is asked for by name.
    let known: Vec<String> = sources.iter().map(|source| source.id.clone()).collect();
    sources.extend(
        reader
            .sources()?
            .into_iter()
            .filter(|source| args.source.contains(&source.id) && !known.contains(&source.id)),
    );
    let left_out = sources.extract_if(.., |source| !wanted(args, &langs, source));
    let excluded = left_out
        .map(|source| Excluded {
            source_id: source.id,
            reason: "left out by --source, --group or --lang".to_owned(),
        })
        .collect();
    let narrowed = !(args.source.is_empty() && args.group.is_empty() && args.lang.is_empty());
    if sources.is_empty() && narrowed {
        return Err(mistake(
            "no source is left to compare\nhint: `vigie sources list` shows ids, groups and languages",
        ));
    }
    let mut context = search::context(&config.lexicon, now, &common.tz, args.exact, Some(&common.config));
    let names = Names::of(&config.lexicon, context.places);
    context.names = Some(&names);
    let id = slug(&typed);
    let subject = match &file {
        Some(file) => {
            spec::check(common, &reader, &config, file, &context)?;
            Subject::Spec(&file.spec)
        }
        None => {
            query::read(common, &reader, &config, &typed, &context)?;
            meant(common, &args.story)?;
            Subject::Query {
                id: &id,
                title: &typed,
                typed: &typed,
            }
        }
    };
    let relation = match &file {
        Some(file) => file.spec.relation.clone(),
        None => Vec::new(),
    };
    let earlier = spec::earlier(common, &id, &relation, window.min)?;
    let question = story::Question {
        subject,
        window,
        now,
        zone: &common.tz,
        sources: &sources,
        excluded,
        probes: themes(&args.probe, &context)?,
        earlier,
    };
    story::compare(&reader, &config.lexicon, &question, &context).map_err(|error| match &file {
        Some(file) => spec::faulty(file, error),
        None => query::misread(error),
    })
}

/// A word that is the id of a story but for a letter or two is meant as one.
fn meant(common: &Common, typed: &[String]) -> anyhow::Result<()> {
    let [id] = typed else { return Ok(()) };
    let ids = stories::ids(&common.config)?;
    let near = ids.iter().map(|known| (strsim::osa_distance(id, known), known)).min();
    match near.filter(|(apart, known)| *apart <= MISTYPED && known.chars().count() > 3 * MISTYPED) {
        Some((_, near)) => Err(mistake(format!(
            "there is no story `{id}`\nhint: did you mean {near}? A word to search for stands in quotation marks: '\"{id}\"'"
        ))),
        None => Ok(()),
    }
}

/// So many letters are wrong at most.
const MISTYPED: usize = 2;

/// Nobody looked at any of the sources then: when anybody did.
fn unlooked(common: &Common, comparison: &Comparison) -> anyhow::Result<()> {
    if comparison.sources.iter().any(|row| row.status != Status::NotLooked) {
        return Ok(());
    }
    common.say(match common.reader()?.ledger_span()? {
        Some(span) => format!(
            "note: nobody looked in this window; the ledger has looks from {} to {}",
            durations::minute_utc(span.min),
            durations::minute_utc(span.max)
        ),
        None => "note: nobody has looked at any source yet, so nobody can be silent; `vigie crawl` looks".to_owned(),
    });
    Ok(())
}

/// The themes that were typed beside the story's own.
fn themes(typed: &[(String, String)], context: &Context<'_>) -> anyhow::Result<Vec<Theme>> {
    let themes: Vec<Theme> = typed
        .iter()
        .map(|(name, query)| Theme {
            name: name.clone(),
            query: query.clone(),
        })
        .collect();
    match evidence::probes(&themes, &[], context) {
        Ok(_) => Ok(themes),
        Err(fault) => Err(mistake(format!(
            "--probe {}: {}\nhint: {}",
            fault.key.trim_start_matches("probes."),
            fault.message,
            fault
                .hint
                .as_deref()
                .unwrap_or("a probe is a query of words, phrases and names")
        ))),
    }
}

/// The story's own window, with its ends as typed where they were.
fn window(common: &Common, args: &StoryArgs, own: Option<Window>) -> anyhow::Result<Interval> {
    let typed = args.since.as_deref().filter(|_| !args.is_since_last());
    let typed = common.window(typed, args.until.as_deref())?;
    let since = match (typed.since, own) {
        (Some(since), _) => since,
        (None, Some(own)) => own.since,
        (None, None) => common.moment("7d", false)?,
    };
    let until = typed.until.or(own.and_then(|own| own.until));
    let now = common.clock().now();
    if until.unwrap_or(now.saturating_add(SignedDuration::from_secs(1))?) <= since {
        return Err(narrow::empty(since, until.unwrap_or(now)));
    }
    Ok(Window { since, until }.at(now))
}

fn wanted(args: &StoryArgs, langs: &[String], source: &Source) -> bool {
    let listed = |values: &[String], value: &str| values.is_empty() || values.iter().any(|v| v == value);
    let lang = langs.is_empty()
        || langs
            .iter()
            .any(|lang| source.lang == *lang || source.lang.split('-').next() == Some(lang));
    let group = args.group.is_empty() || source.groups.iter().any(|group| args.group.contains(group));
    listed(&args.source, &source.id) && group && lang
}

/// Characters of the id of a story that has none.
const LONGEST: usize = 60;

/// An id for a story that has none: letters and digits of the query.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.chars().count() <= LONGEST {
        return slug.to_owned();
    }
    // Two long queries that begin alike are two stories.
    let digest = sha256_hex(text.as_bytes());
    let begin: String = slug.chars().take(LONGEST - 9).collect();
    format!("{begin}-{}", digest.get(..8).unwrap_or(&digest))
}
