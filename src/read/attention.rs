//! A query to the share of articles it finds, by series and period, with what the ledger proves.
//!
//! Gathers counts and joins them. A period of which too few days were observed is a gap: it has the counts of what is held
//! and no share, never one of zero. Sources that nobody looked at are a series of gaps; where others of their series were
//! looked at, they are counted beside it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::compare::attention::wilson;
use crate::model::query::{Condition, Expr, Filter};
use crate::model::{Interval, Source, Topics};
use crate::query::{self, Context};
use crate::read::ask;
use crate::read::periods::{Calendar, Per, is_observed};
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
    /// Of them, those that were looked at in the window; where none was, those of which articles are held.
    pub sources: usize,
    /// Over the periods that were observed; where none was, over all of them.
    pub matching: u64,
    pub all: u64,
    pub share: Option<Share>,
    /// Articles in periods that were not observed.
    pub in_gaps: Held,
    /// Articles of the series' sources that nobody looked at in the window, where others of them were; counted nowhere
    /// else.
    pub unwatched: Held,
    /// Days of the sources in the whole window, and those with a good look.
    pub days: u32,
    pub days_observed: u32,
    pub periods: Vec<Cell>,
}

/// Articles that are held, and are in no share.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Held {
    pub matching: u64,
    pub all: u64,
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
    let counts = reader.published_by_quarter(window, &matching, &among, asked.per.longest())?;
    let holding: BTreeSet<&str> = counts.iter().map(|count| count.source.as_str()).collect();
    let chosen = asked
        .sources
        .iter()
        .filter(|source| search::is_chosen(source, &asked.question));
    let (watched, unwatched): (Vec<&Source>, Vec<&Source>) =
        chosen.partition(|source| asked.by == By::Source || looks.made.contains(&source.id));
    let (unwatched, empty): (Vec<&Source>, Vec<&Source>) = unwatched
        .into_iter()
        .partition(|source| holding.contains(source.id.as_str()));
    let mut grid = Grid::new(reader, asked, &calendar, &watched, &unwatched)?;
    let mut coarse = 0;
    for count in counts {
        let Some((_, at)) = calendar.place(count.at) else {
            continue;
        };
        let of_query = if asked.by == By::Topic { 0 } else { count.matching };
        grid.each(&count.source, at, |cell| {
            cell.all += count.all;
            cell.matching += of_query;
        });
        grid.beside(&count.source, |held| {
            held.all += count.all;
            held.matching += of_query;
        });
        coarse += count.wide;
    }
    if asked.by == By::Topic {
        let both = Condition::All(vec![matching, among]);
        for count in reader.topics_by_quarter(window, &both)? {
            let Some((_, at)) = calendar.place(count.at) else {
                continue;
            };
            let Some(series) = grid.series.get_mut(&count.topic) else {
                continue;
            };
            if grid.beside.contains_key(count.source.as_str()) {
                series.unwatched.matching += count.articles;
            } else if grid.of.contains_key(count.source.as_str())
                && let Some(cell) = series.periods.get_mut(at)
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
        notes: notes(asked, context.zone, coarse, empty.len())
            .into_iter()
            .chain(held(&series))
            .chain(unmet(&expr, watched.iter().chain(&unwatched)))
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
    /// The same of sources that nobody looked at, while others of their series were.
    beside: BTreeMap<&'a str, Vec<String>>,
}

impl<'a> Grid<'a> {
    fn new(
        reader: &Reader,
        asked: &Asked<'_>,
        calendar: &Calendar,
        watched: &[&'a Source],
        unwatched: &[&'a Source],
    ) -> Result<Grid<'a>, ReadError> {
        let mut grid = Grid {
            series: BTreeMap::new(),
            of: BTreeMap::new(),
            beside: BTreeMap::new(),
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
                in_gaps: Held::default(),
                unwatched: Held::default(),
                days: 0,
                days_observed: 0,
                periods: empty(calendar),
            });
            entry.sources += 1;
        };
        let ids = |source: &Source| match asked.by {
            By::Topic => topics.keys().cloned().collect(),
            by => vec![key(source, by)],
        };
        let looked_at: BTreeSet<String> = watched.iter().flat_map(|source| ids(source)).collect();
        let watched = watched.iter().map(|source| (source, true));
        for (source, is_watched) in watched.chain(unwatched.iter().map(|source| (source, false))) {
            let ids = ids(source);
            if !is_watched && ids.iter().any(|id| looked_at.contains(id)) {
                grid.beside.insert(&source.id, ids);
                continue;
            }
            for id in &ids {
                let (name, lang) = match asked.by {
                    By::Topic => (topics.get(id).copied().flatten().unwrap_or(id), None),
                    By::Source => (source.name.as_str(), Some(source.lang.as_str())),
                    _ => (id.as_str(), None),
                };
                add(id, name, lang);
            }
            grid.of.insert(&source.id, ids);
        }
        Ok(grid)
    }

    /// Changes what every series of a source has beside it.
    fn beside(&mut self, source: &str, mut change: impl FnMut(&mut Held)) {
        for id in self.beside.get(source).into_iter().flatten() {
            if let Some(series) = self.series.get_mut(id) {
                change(&mut series.unwatched);
            }
        }
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
                cell.observed = is_observed(cell.days_observed, cell.days);
                series.days += cell.days;
                series.days_observed += cell.days_observed;
                if cell.observed {
                    cell.share = share(cell.matching, cell.all);
                    series.matching += cell.matching;
                    series.all += cell.all;
                } else {
                    series.in_gaps.matching += cell.matching;
                    series.in_gaps.all += cell.all;
                }
            }
            series.share = share(series.matching, series.all);
            // What is held and was never looked at is shown as that, not as nothing found.
            if series.periods.iter().all(|cell| !cell.observed) {
                Held {
                    matching: series.matching,
                    all: series.all,
                } = series.in_gaps;
            }
        }
    }
}

/// 0 where there is nothing to be a part of.
pub(super) fn part(of: u32, all: u32) -> f64 {
    if all == 0 { 0.0 } else { f64::from(of) / f64::from(all) }
}

fn notes(asked: &Asked<'_>, zone: &str, coarse: u64, empty: usize) -> Vec<String> {
    let mut notes = vec![
        format!("Dates: claimed publication, or first seen where none was claimed; days of {zone}, weeks from Monday."),
        "Observed: days with a good look at the source. Less than half of a period's days: a gap, which has no share."
            .to_owned(),
        match asked.by {
            By::Topic => "Share: matching articles with that topic, of all articles, with Wilson's 95 % interval.",
            _ => "Share: matching of all articles, with Wilson's 95 % interval.",
        }
        .to_owned(),
    ];
    if empty > 0 {
        let plural = if empty == 1 { " was" } else { "s were" };
        notes.push(format!(
            "{empty} source{plural} not looked at in that time, and no article is held of it: left out."
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

/// What is held and is in no share: of gaps beside what was observed, and of sources beside those that were looked at.
pub fn held(series: &[Series]) -> Vec<String> {
    let list = |of: fn(&Series) -> Held| {
        let (found, rest): (Vec<&Series>, Vec<&Series>) = series
            .iter()
            .filter(|series| of(series).all > 0)
            .partition(|series| of(series).matching > 0);
        let mut parts: Vec<String> = found
            .iter()
            .map(|series| format!("{} {} of {}", series.id, of(series).matching, of(series).all))
            .collect();
        match (rest.len(), parts.is_empty()) {
            (0, _) => {}
            (n, true) => parts.push(format!("none in {n} series")),
            (n, false) => parts.push(format!("none in {n} other{}", if n == 1 { "" } else { "s" })),
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    };
    let gaps = list(|series| match series.periods.iter().any(|cell| cell.observed) {
        true => series.in_gaps,
        false => Held::default(),
    });
    let never = list(|series| match series.periods.iter().any(|cell| cell.observed) {
        true => Held::default(),
        false => series.in_gaps,
    });
    let beside = list(|series| series.unwatched);
    let said = [
        (
            never,
            "Never observed, so that nothing is known of shares; articles found, of those held",
        ),
        (
            gaps,
            "Articles found in gaps, of those held there, which count in no total",
        ),
        (
            beside,
            "Articles found, of those held, of sources that were not looked at and count in no total",
        ),
    ];
    said.into_iter()
        .filter_map(|(list, words)| Some(format!("{words}: {}.", list?)))
        .collect()
}

/// Languages of which no text can have some part of the query, by their script: a share of zero is no silence there.
fn unmet<'s>(expr: &Expr, sources: impl Iterator<Item = &'s &'s Source>) -> Vec<String> {
    let langs: BTreeSet<&str> = sources.map(|source| search::base(&source.lang)).collect();
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
