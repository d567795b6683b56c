//! A query to the share of articles it finds, by series and period, with what the ledger proves.
//!
//! Gathers counts and joins them. A period of which too few days were observed is a gap and has no share, never one of
//! zero.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::compare::attention::wilson;
use crate::model::query::{Condition, Expr, Filter};
use crate::model::{Interval, Source, Topics};
use crate::query::{self, Context};
use crate::read::ask;
use crate::read::periods::{Calendar, ENOUGH, Per};
use crate::read::search::{self, ReadError};
use crate::read::story::reach;
use crate::store::Reader;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    Source,
    /// Of the edition, not of the single article.
    Language,
    Country,
    Ownership,
    /// Articles that the query finds and that carry the topic, of all articles.
    Topic,
}

#[derive(Debug, Serialize)]
pub struct Attention {
    /// Empty: every article.
    pub query: String,
    pub by: By,
    pub per: Per,
    pub zone: String,
    /// What dates and gaps mean here, for the reader of every form.
    pub notes: Vec<String>,
    /// Series there are; the first of them stand in `series`.
    pub total: usize,
    pub series: Vec<Series>,
}

#[derive(Debug, Serialize)]
pub struct Series {
    pub id: String,
    pub name: String,
    /// Language of the name, where it is known.
    pub lang: Option<String>,
    /// Of them, those that were looked at in the window.
    pub sources: usize,
    /// Over the periods that were observed.
    pub matching: u64,
    pub all: u64,
    pub share: Option<Share>,
    /// Days of the sources in the whole window, and those with a good look.
    pub days: u32,
    pub days_observed: u32,
    pub periods: Vec<Cell>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cell {
    /// `2009-12-14`, `2009-W51`, `2009-12`.
    pub period: String,
    pub start: Timestamp,
    pub matching: u64,
    pub all: u64,
    /// At least half of the days; else it is a gap.
    pub observed: bool,
    pub observed_share: f64,
    /// Days of the period that have begun, once for each source.
    pub days: u32,
    /// Of them, those with a good look at that source.
    pub days_observed: u32,
    pub sources_observed: usize,
    pub looks_good: u64,
    pub looks_made: u64,
    /// `None` = not observed, or nothing was published.
    pub share: Option<Share>,
}

pub(super) fn share(matching: u64, all: u64) -> Option<Share> {
    let (low, high) = wilson(matching, all)?;
    #[expect(clippy::cast_precision_loss, reason = "no store holds 2^53 articles")]
    let share = matching as f64 / all as f64;
    Some(Share { share, low, high })
}

/// What is asked, beside the words and what narrows them.
pub struct Asked<'a> {
    /// Without words: every article. `since` and `until` of it are left out: periods are chosen by `window`.
    pub question: search::Question<'a>,
    pub window: Interval,
    pub by: By,
    pub per: Per,
    pub zone: &'a TimeZone,
    pub sources: &'a [Source],
    pub topics: &'a Topics,
}

/// `Ok(None)` = more periods than [`super::periods::MOST_PERIODS`].
pub fn attention(reader: &Reader, asked: &Asked<'_>, context: &Context<'_>) -> Result<Option<Attention>, ReadError> {
    let typed = asked.question.typed.trim();
    let among = search::narrowed(Condition::Everything, &asked.question);
    let Some(calendar) = Calendar::new(asked.window, asked.per, asked.zone) else {
        return Ok(None);
    };
    // Whole periods: a share of half a day would look like one of a day.
    let window = calendar.span();
    let expr = match typed {
        "" => Expr::Everything,
        typed => query::parse(typed, context)?.expr,
    };
    let matching = match &expr {
        Expr::Everything => Condition::Everything,
        expr => {
            let inside = Condition::All(vec![Condition::Filter(Filter::Published(window)), among.clone()]);
            ask::condition(reader, expr, &inside, context)?
        }
    };
    let looks = Looks::gather(reader, &calendar, window)?;
    let chosen = asked
        .sources
        .iter()
        .filter(|source| search::is_chosen(source, &asked.question));
    let (watched, unwatched): (Vec<&Source>, Vec<&Source>) =
        chosen.partition(|source| asked.by == By::Source || looks.made.contains(&source.id));
    let mut grid = Grid::new(reader, asked, &calendar, &watched)?;
    let mut coarse = 0;
    for count in reader.published_by_quarter(window, &matching, &among, asked.per.longest())? {
        let Some((_, at)) = calendar.place(count.at) else {
            continue;
        };
        grid.each(&count.source, at, |cell| {
            cell.all += count.all;
            if asked.by != By::Topic {
                cell.matching += count.matching;
            }
        });
        coarse += count.wide;
    }
    if asked.by == By::Topic {
        let both = Condition::All(vec![matching, among]);
        for count in reader.topics_by_quarter(window, &both)? {
            if let Some((_, at)) = calendar.place(count.at)
                && grid.of.contains_key(count.source.as_str())
                && let Some(cell) = grid.cell(&count.topic, at)
            {
                cell.matching += count.articles;
            }
        }
    }
    grid.observe(&calendar, &looks, context.now);
    let mut series: Vec<Series> = grid.series.into_values().collect();
    series.sort_by(|a, b| {
        b.matching
            .cmp(&a.matching)
            .then_with(|| b.all.cmp(&a.all))
            .then_with(|| a.id.cmp(&b.id))
    });
    let total = series.len();
    series.truncate(asked.question.limit as usize);
    Ok(Some(Attention {
        query: typed.to_owned(),
        by: asked.by,
        per: asked.per,
        zone: context.zone.to_owned(),
        notes: notes(asked, context.zone, coarse, unwatched.len())
            .into_iter()
            .chain(unmet(&expr, &watched))
            .collect(),
        total,
        series,
    }))
}

/// What the ledger has of the window.
struct Looks {
    /// Sources that somebody looked at, or tried to.
    made: BTreeSet<String>,
    /// By source and period: looks made and good, and the days with a good one.
    counts: BTreeMap<(String, usize), Looked>,
}

#[derive(Default)]
struct Looked {
    made: u64,
    good: u64,
    days: BTreeSet<usize>,
}

impl Looks {
    fn gather(reader: &Reader, calendar: &Calendar, window: Interval) -> Result<Looks, ReadError> {
        let mut looks = Looks {
            made: BTreeSet::new(),
            counts: BTreeMap::new(),
        };
        for look in reader.looked_by_quarter(window)? {
            let Some((day, period)) = calendar.place(look.at) else {
                continue;
            };
            looks.made.insert(look.source.clone());
            let counts = looks.counts.entry((look.source, period)).or_default();
            counts.made += look.made;
            counts.good += look.good;
            if look.good > 0 {
                counts.days.insert(day);
            }
        }
        Ok(looks)
    }
}

/// Series by id, and which of them a source is counted in.
struct Grid<'a> {
    series: BTreeMap<String, Series>,
    of: BTreeMap<&'a str, Vec<String>>,
}

impl<'a> Grid<'a> {
    fn new(
        reader: &Reader,
        asked: &Asked<'_>,
        calendar: &Calendar,
        sources: &[&'a Source],
    ) -> Result<Grid<'a>, ReadError> {
        let mut grid = Grid {
            series: BTreeMap::new(),
            of: BTreeMap::new(),
        };
        let mut topics: BTreeMap<String, Option<&str>> = BTreeMap::new();
        if asked.by == By::Topic {
            // What is configured and what articles still carry.
            topics.extend(reader.topic_ids()?.into_iter().map(|id| (id, None)));
            topics.extend(asked.topics.topics.iter().map(|topic| {
                let name = topic.name.get("en").or_else(|| topic.name.values().next());
                (topic.id.clone(), name.map(String::as_str))
            }));
        }
        let mut add = |id: &str, name: &str, lang: Option<&str>| {
            let entry = grid.series.entry(id.to_owned()).or_insert_with(|| Series {
                id: id.to_owned(),
                name: name.to_owned(),
                lang: lang.map(str::to_owned),
                sources: 0,
                matching: 0,
                all: 0,
                share: None,
                days: 0,
                days_observed: 0,
                periods: empty(calendar),
            });
            entry.sources += 1;
        };
        for source in sources {
            let ids = match asked.by {
                By::Topic => {
                    for (id, name) in &topics {
                        add(id, name.unwrap_or(id), None);
                    }
                    topics.keys().cloned().collect()
                }
                By::Source => {
                    add(&source.id, &source.name, Some(&source.lang));
                    vec![source.id.clone()]
                }
                by => {
                    let key = key(source, by);
                    add(&key, &key, None);
                    vec![key]
                }
            };
            grid.of.insert(&source.id, ids);
        }
        Ok(grid)
    }

    fn cell(&mut self, series: &str, at: usize) -> Option<&mut Cell> {
        self.series.get_mut(series)?.periods.get_mut(at)
    }

    /// Changes a period of every series that the source is counted in.
    fn each(&mut self, source: &str, at: usize, mut change: impl FnMut(&mut Cell)) {
        for id in self.of.get(source).into_iter().flatten() {
            if let Some(cell) = self.series.get_mut(id).and_then(|series| series.periods.get_mut(at)) {
                change(cell);
            }
        }
    }

    /// Says of every period how much of it was observed, and gives those that were a share.
    fn observe(&mut self, calendar: &Calendar, looks: &Looks, now: Timestamp) {
        let begun = calendar.days_begun(now);
        let sources: Vec<&str> = self.of.keys().copied().collect();
        for source in sources {
            for (at, days) in begun.iter().enumerate() {
                self.each(source, at, |cell| cell.days += days);
            }
        }
        for ((source, at), looked) in &looks.counts {
            self.each(source, *at, |cell| {
                cell.looks_made += looked.made;
                cell.looks_good += looked.good;
                cell.days_observed += u32::try_from(looked.days.len()).unwrap_or(u32::MAX);
                cell.sources_observed += usize::from(looked.good > 0);
            });
        }
        for series in self.series.values_mut() {
            for cell in &mut series.periods {
                cell.observed_share = part(cell.days_observed, cell.days);
                cell.observed = cell.days_observed > 0 && cell.observed_share >= ENOUGH;
                series.days += cell.days;
                series.days_observed += cell.days_observed;
                if cell.observed {
                    cell.share = share(cell.matching, cell.all);
                    series.matching += cell.matching;
                    series.all += cell.all;
                }
            }
            series.share = share(series.matching, series.all);
        }
    }
}

/// 0 where there is nothing to be a part of.
pub(super) fn part(of: u32, all: u32) -> f64 {
    if all == 0 { 0.0 } else { f64::from(of) / f64::from(all) }
}

fn notes(asked: &Asked<'_>, zone: &str, coarse: u64, unwatched: usize) -> Vec<String> {
    let mut notes = vec![
        format!("Dates: claimed publication, or first seen where none was claimed; days of {zone}, weeks from Monday."),
        "Observed: days with a good look at the source. Less than half of a period's days: a gap, which counts in no total."
            .to_owned(),
        match asked.by {
            By::Topic => "Share: matching articles with that topic, of all articles, with Wilson's 95 % interval.",
            _ => "Share: matching of all articles, with Wilson's 95 % interval.",
        }
        .to_owned(),
    ];
    if unwatched > 0 {
        let plural = if unwatched == 1 { " was" } else { "s were" };
        notes.push(format!(
            "{unwatched} source{plural} not looked at in that time and left out."
        ));
    }
    if coarse > 0 {
        let plural = if coarse == 1 { " is" } else { "s are" };
        notes.push(format!(
            "{coarse} article{plural} dated less closely than one period; they count where their span begins."
        ));
    }
    notes
}

/// Languages of which no text can have some part of the query, by their script: a share of zero is no silence there.
fn unmet(expr: &Expr, watched: &[&Source]) -> Vec<String> {
    let langs: BTreeSet<&str> = watched.iter().map(|source| search::base(&source.lang)).collect();
    let note = |lang: &str| {
        let part = query::print(reach::unmet(expr, lang)?);
        Some(format!(
            "Sources in {lang}: no text of theirs can have {part}; none found is no silence there."
        ))
    };
    langs.into_iter().filter_map(note).collect()
}

fn empty(calendar: &Calendar) -> Vec<Cell> {
    let empty = |period: &super::periods::Period| Cell {
        period: period.label.clone(),
        start: period.start,
        ..Cell::default()
    };
    calendar.periods.iter().map(empty).collect()
}

fn key(source: &Source, by: By) -> String {
    match by {
        By::Source | By::Topic => source.id.clone(),
        By::Language => search::base(&source.lang).to_owned(),
        By::Country => source.country.clone(),
        By::Ownership => serde_json::to_value(source.ownership)
            .ok()
            .and_then(|word| word.as_str().map(str::to_owned))
            .unwrap_or_default(),
    }
}
