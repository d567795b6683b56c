//! A query and a window to a comparison: gathers what the store knows of each source, and hands it over.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use crate::compare::{self, Input, ItemCounts, Matched, SourceInput, Version};
use crate::model::comparison::{Comparison, Instead, LookRow, Story};
use crate::model::query::{Condition, Expr, Filter};
use crate::model::{Article, Interval, LengthUnit, Lexicon, Source};
use crate::query::{self, Context};
use crate::read::search::ReadError;
use crate::store::{ArticleRow, CommentBaseline, Order, Reader};

/// More matching articles than a table of sources can make sense of: the query is too wide.
const MOST_MATCHES: u32 = 5_000;
/// "What else it ran" is a sample that a person reads.
const MOST_CONTROL: u32 = 2_000;
/// What is usual for an outlet is judged over this long.
const USUAL: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What is to be compared.
pub struct Question<'a> {
    pub id: String,
    pub title: String,
    pub typed: &'a str,
    pub window: Interval,
    pub now: Timestamp,
    pub zone: &'a str,
    /// The sources to lay out, in the order of the file; provisional ones join when they have a match.
    pub sources: &'a [Source],
}

/// Gathers and compares.
pub fn compare(
    reader: &Reader,
    lexicon: &Lexicon,
    question: &Question<'_>,
    context: &Context<'_>,
) -> Result<Comparison, ReadError> {
    let parsed = query::parse(question.typed, context)?;
    let inside = Condition::Filter(Filter::Published(question.window));
    let story = query::plan(&parsed.expr);
    let found = reader.search(
        &Condition::All(vec![story.clone(), inside.clone()]),
        Order::Oldest,
        MOST_MATCHES,
    )?;
    let rowids: Vec<i64> = found.rows.iter().map(|row| row.rowid).collect();
    let mut matches = matched(reader, found.rows)?;
    let counts = reader.item_counts(question.window)?;
    let planned = planned_runs(reader, question.window)?;
    let without = Condition::Not(Box::new(story));
    let mut control = Control {
        reader,
        lexicon,
        expr: &parsed.expr,
        around: Condition::All(vec![inside, without]),
        by_actors: HashMap::new(),
    };
    let since = question.window.max.saturating_sub(USUAL).unwrap_or(Timestamp::MIN);
    let mut inputs = Vec::new();
    for source in sources(reader, question.sources, &matches)? {
        let lengths = own_lengths(reader, &source, since)?;
        let CommentBaseline { open, known } = reader.comment_baseline(&source.id, since, &rowids)?;
        let count = counts.get(&source.id).copied().unwrap_or_default();
        inputs.push(SourceInput {
            looks: looks(reader, &source.id, question.window)?,
            planned: planned.get(&source.id).cloned().unwrap_or_default(),
            matches: matches.remove(&source.id).unwrap_or_default(),
            control: control.of(&source)?,
            items: ItemCounts {
                listed: count.listed,
                searchable: count.searchable,
                full_text: count.full_text,
            },
            lengths,
            comments_open: (open, known),
            source,
        });
    }
    Ok(compare::story(&Input {
        story: Story {
            id: question.id.clone(),
            title: question.title.clone(),
            query: Some(question.typed.to_owned()),
            run: Some(parsed.run.clone()),
        },
        window: question.window,
        now: question.now,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        zone: question.zone.to_owned(),
        sources: inputs,
    }))
}

/// The sources asked about, and the provisional ones that have something to say.
fn sources(
    reader: &Reader,
    asked: &[Source],
    matches: &BTreeMap<String, Vec<Matched>>,
) -> Result<Vec<Source>, ReadError> {
    let known: BTreeSet<&str> = asked.iter().map(|source| source.id.as_str()).collect();
    let mut sources = asked.to_vec();
    sources.extend(reader.sources()?.into_iter().filter(|source| {
        source.provisional && !known.contains(source.id.as_str()) && matches.contains_key(&source.id)
    }));
    Ok(sources)
}

fn looks(reader: &Reader, source: &str, window: Interval) -> Result<Vec<LookRow>, ReadError> {
    let mut looks = reader.last_good_of_each_listing(source, window.min)?;
    looks.extend(reader.looks(window, Some(source))?);
    Ok(looks)
}

/// Runs of the window by the sources they meant to visit.
fn planned_runs(reader: &Reader, window: Interval) -> Result<HashMap<String, Vec<i64>>, ReadError> {
    let mut planned: HashMap<String, Vec<i64>> = HashMap::new();
    for run in reader.planned_runs(window)? {
        for source in run.sources {
            planned.entry(source).or_default().push(run.run);
        }
    }
    Ok(planned)
}

fn own_lengths(reader: &Reader, source: &Source, since: Timestamp) -> Result<Vec<u32>, ReadError> {
    let unit = if source.lang.starts_with("zh") || source.lang == "ja" {
        LengthUnit::Han
    } else {
        LengthUnit::Words
    };
    Ok(reader
        .lengths(&source.id, since)?
        .into_iter()
        .filter(|length| length.unit == unit)
        .map(|length| length.n)
        .collect())
}

/// The matching articles with their texts, versions and first sight, by source.
fn matched(reader: &Reader, rows: Vec<ArticleRow>) -> Result<BTreeMap<String, Vec<Matched>>, ReadError> {
    let rowids: Vec<i64> = rows.iter().map(|row| row.rowid).collect();
    let mut texts: HashMap<i64, String> = reader
        .texts(&rowids)?
        .into_iter()
        .map(|text| (text.rowid, text.text))
        .collect();
    let first = reader.first_seen(&rowids)?;
    let mut heads = reader.version_heads(&rowids)?;
    let mut by_source: BTreeMap<String, Vec<Matched>> = BTreeMap::new();
    for row in rows {
        let versions = heads
            .remove(&row.rowid)
            .unwrap_or_default()
            .into_iter()
            .map(|version| Version {
                n: version.n,
                seen_at: version.seen_at,
                title: version.title,
                length: version.length,
            })
            .collect();
        let matched = Matched {
            first_seen_at: row.first_seen_at,
            last_absent_at: first
                .get(&row.rowid)
                .and_then(|first| first.last_absent)
                .map(|absent| absent.at),
            gone_at: row.gone_at,
            versions,
            article: article(texts.remove(&row.rowid).unwrap_or_default(), row),
        };
        by_source
            .entry(matched.article.source.clone())
            .or_default()
            .push(matched);
    }
    Ok(by_source)
}

fn article(text: String, row: ArticleRow) -> Article {
    Article {
        id: row.id,
        source: row.source,
        url: row.url,
        lang: row.lang,
        script: row.script,
        title: row.title,
        standfirst: row.standfirst,
        text,
        authors: row.authors,
        published: row.published,
        modified: row.modified,
        section: row.section,
        kind: row.kind,
        credit: row.credit,
        text_access: row.text_access,
        comments: row.comments,
        length: row.length,
        digest: row.digest,
        simhash: row.simhash,
        seen_at: row.last_seen_at,
    }
}

/// What else a source ran on the story's actors: the positive control of its silence.
struct Control<'a> {
    reader: &'a Reader,
    lexicon: &'a Lexicon,
    expr: &'a Expr,
    /// In the window, and not the story.
    around: Condition,
    /// Asked once for each set of actors.
    by_actors: HashMap<Vec<String>, HashMap<String, Vec<Instead>>>,
}

impl Control<'_> {
    fn of(&mut self, source: &Source) -> Result<Vec<Instead>, ReadError> {
        let foreign = self.foreign(source);
        if !self.by_actors.contains_key(&foreign) {
            let found = self.ask(&foreign)?;
            self.by_actors.insert(foreign.clone(), found);
        }
        Ok(self
            .by_actors
            .get(&foreign)
            .and_then(|found| found.get(&source.id))
            .cloned()
            .unwrap_or_default())
    }

    /// The story's actors without those at home at the source: every item of KCNA is about North Korea.
    fn foreign(&self, source: &Source) -> Vec<String> {
        let mut actors = Vec::new();
        collect(self.expr, &mut actors);
        let at_home = |id: &String| {
            let actor = self.lexicon.actors.iter().find(|actor| actor.id == *id);
            actor
                .and_then(|actor| actor.country.as_ref())
                .is_some_and(|country| *country == source.country)
        };
        let foreign: Vec<String> = actors.iter().filter(|id| !at_home(id)).cloned().collect();
        if foreign.is_empty() { actors } else { foreign }
    }

    fn ask(&self, actors: &[String]) -> Result<HashMap<String, Vec<Instead>>, ReadError> {
        let names = any_of(self.expr, actors);
        if names.is_empty() {
            return Ok(HashMap::new());
        }
        let condition = Condition::All(vec![query::plan(&Expr::Or(names)), self.around.clone()]);
        let mut by_source: HashMap<String, Vec<Instead>> = HashMap::new();
        for row in self.reader.search(&condition, Order::Oldest, MOST_CONTROL)?.rows {
            by_source.entry(row.source.clone()).or_default().push(Instead {
                source_id: row.source,
                article_id: row.id,
                title: row.title,
                url: row.url,
                published: row.published,
                first_seen_at: row.first_seen_at,
            });
        }
        Ok(by_source)
    }
}

/// Ids of the actors that an expression asks for.
fn collect(expr: &Expr, into: &mut Vec<String>) {
    match expr {
        Expr::Actor { id, .. } if !into.contains(id) => into.push(id.clone()),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| collect(part, into)),
        Expr::Near { left, right, .. } => {
            collect(left, into);
            collect(right, into);
        }
        Expr::Within { part, .. } | Expr::AtLeast { part, .. } => collect(part, into),
        // What must not occur says nothing of what the story is about.
        _ => {}
    }
}

/// The actors' own parts of the expression; where it names none, all its words.
fn any_of(expr: &Expr, actors: &[String]) -> Vec<Expr> {
    match expr {
        Expr::Actor { id, .. } if actors.is_empty() || actors.contains(id) => vec![expr.clone()],
        Expr::Word(_) if actors.is_empty() => vec![expr.clone()],
        Expr::And(parts) | Expr::Or(parts) => parts.iter().flat_map(|part| any_of(part, actors)).collect(),
        Expr::Near { left, right, .. } => [any_of(left, actors), any_of(right, actors)].concat(),
        Expr::Within { part, .. } | Expr::AtLeast { part, .. } => any_of(part, actors),
        _ => Vec::new(),
    }
}
