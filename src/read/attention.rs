//! A query to the share of articles it finds, by series and period, with what the ledger proves.
//!
//! Gathers counts and joins them. A period without a good look is a gap and has no share, never one of zero.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;

use crate::compare::attention::wilson;
use crate::model::query::Condition;
use crate::model::{Interval, Source};
use crate::query::{self, Context};
use crate::read::search::{self, ReadError};
use crate::store::Reader;

/// Ten years of days: more than a table or a chart can show.
pub const MOST_PERIODS: usize = 3_660;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    Source,
    /// Of the edition, not of the single article.
    Language,
    Country,
    Ownership,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    Day,
    /// ISO 8601: from Monday.
    Week,
    Month,
}

#[derive(Debug, Serialize)]
pub struct Attention {
    pub query: String,
    pub by: By,
    pub per: Per,
    pub zone: String,
    /// What dates and gaps mean here, for the reader of every form.
    pub notes: Vec<String>,
    pub series: Vec<Series>,
}

#[derive(Debug, Serialize)]
pub struct Series {
    pub id: String,
    pub name: String,
    /// Language of a single source, for whoever shows its name.
    pub lang: Option<String>,
    pub sources: usize,
    /// Over the periods that were observed.
    pub matching: u64,
    pub all: u64,
    pub share: Option<Share>,
    pub periods: Vec<Cell>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// `2009-12-14`, `2009-W51`, `2009-12`.
    pub period: String,
    pub start: Timestamp,
    pub matching: u64,
    pub all: u64,
    /// At least one good look at one of the sources.
    pub observed: bool,
    pub sources_observed: usize,
    pub looks_good: u64,
    pub looks_made: u64,
    /// `None` = not observed, or nothing was published.
    pub share: Option<Share>,
}

fn share(matching: u64, all: u64) -> Option<Share> {
    let (low, high) = wilson(matching, all)?;
    #[expect(clippy::cast_precision_loss, reason = "no store holds 2^53 articles")]
    let share = matching as f64 / all as f64;
    Some(Share { share, low, high })
}

/// The first day of the period that holds `date`.
fn first(date: Date, per: Per) -> Option<Date> {
    match per {
        Per::Day => Some(date),
        Per::Week => date
            .checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
            .ok(),
        Per::Month => Some(date.first_of_month()),
    }
}

/// Begins and labels of the periods that touch the window, and the end of the last; `None` = too many.
fn periods(window: Interval, per: Per, zone: &TimeZone) -> Option<Vec<(Timestamp, String)>> {
    let mut date = first(window.min.to_zoned_datetime(zone.clone()).date(), per)?;
    let mut found = Vec::new();
    loop {
        let start = date.to_zoned_datetime(zone.clone()).ok()?.timestamp();
        let label = match per {
            Per::Day => date.to_string(),
            Per::Week => {
                let week = date.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Per::Month => format!("{:04}-{:02}", date.year(), date.month()),
        };
        found.push((start, label));
        if start >= window.max {
            return Some(found);
        }
        if found.len() > MOST_PERIODS {
            return None;
        }
        date = match per {
            Per::Day => date.tomorrow().ok()?,
            Per::Week => date.checked_add(7.days()).ok()?,
            Per::Month => date.last_of_month().tomorrow().ok()?,
        };
    }
}

/// What is asked, beside the words and what narrows them.
pub struct Asked<'a> {
    /// `since` and `until` of it are left out: periods are chosen by `window`.
    pub question: search::Question<'a>,
    pub window: Interval,
    pub by: By,
    pub per: Per,
    pub zone: &'a TimeZone,
    pub sources: &'a [Source],
}

/// `Ok(None)` = more periods than [`MOST_PERIODS`].
pub fn attention(reader: &Reader, asked: &Asked<'_>, context: &Context<'_>) -> Result<Option<Attention>, ReadError> {
    let query = query::parse(asked.question.typed, context)?;
    let among = search::narrowed(Condition::Everything, &asked.question);
    let Some(mut starts) = periods(asked.window, asked.per, asked.zone) else {
        return Ok(None);
    };
    let Some((end, _)) = starts.pop() else { return Ok(None) };
    let Some((begin, _)) = starts.first() else {
        return Ok(None);
    };
    // Whole periods: a share of half a day would look like one of a day.
    let window = Interval { min: *begin, max: end };
    // A day lasts up to 25 hours where the clocks go back.
    let wide = match asked.per {
        Per::Day => 25 * 3600,
        Per::Week => 7 * 86_400 + 3600,
        Per::Month => 31 * 86_400 + 3600,
    };
    let place = |at: i64| {
        let after = starts.partition_point(|(start, _)| start.as_second() <= at);
        after.checked_sub(1)
    };
    let chosen = |source: &&Source| {
        let question = &asked.question;
        (question.sources.is_empty() || question.sources.contains(&source.id))
            && (question.groups.is_empty() || source.groups.iter().any(|group| question.groups.contains(group)))
            && (question.langs.is_empty() || question.langs.iter().any(|lang| base(lang) == base(&source.lang)))
    };
    let mut series: BTreeMap<String, Series> = BTreeMap::new();
    let mut of: BTreeMap<&str, String> = BTreeMap::new();
    for source in asked.sources.iter().filter(chosen) {
        let key = key(source, asked.by);
        of.insert(&source.id, key.clone());
        let one = asked.by == By::Source;
        let entry = series.entry(key.clone()).or_insert_with(|| Series {
            name: if one { source.name.clone() } else { key.clone() },
            id: key,
            lang: one.then(|| source.lang.clone()),
            sources: 0,
            matching: 0,
            all: 0,
            share: None,
            periods: starts.iter().map(|(start, label)| empty(*start, label)).collect(),
        });
        entry.sources += 1;
    }
    let mut cells = |source: &str, at: i64, add: &mut dyn FnMut(&mut Cell)| {
        let cell = of.get(source).and_then(|key| series.get_mut(key));
        if let (Some(series), Some(place)) = (cell, place(at))
            && let Some(cell) = series.periods.get_mut(place)
        {
            add(cell);
        }
    };
    let mut coarse = 0;
    for count in reader.published_by_quarter(window, &query::plan(&query.expr), &among, wide)? {
        cells(&count.source, count.at, &mut |cell| {
            cell.matching += count.matching;
            cell.all += count.all;
            coarse += count.wide;
        });
    }
    let mut seen: BTreeMap<(String, usize), ()> = BTreeMap::new();
    for look in reader.looked_by_quarter(window)? {
        let fresh =
            look.good > 0 && place(look.at).is_some_and(|at| seen.insert((look.source.clone(), at), ()).is_none());
        cells(&look.source, look.at, &mut |cell| {
            cell.looks_made += look.made;
            cell.looks_good += look.good;
            cell.sources_observed += usize::from(fresh);
        });
    }
    let mut series: Vec<Series> = series.into_values().collect();
    for one in &mut series {
        for cell in &mut one.periods {
            cell.observed = cell.looks_good > 0;
            if cell.observed {
                cell.share = share(cell.matching, cell.all);
                one.matching += cell.matching;
                one.all += cell.all;
            }
        }
        one.share = share(one.matching, one.all);
    }
    series.sort_by(|a, b| {
        b.matching
            .cmp(&a.matching)
            .then_with(|| b.all.cmp(&a.all))
            .then_with(|| a.id.cmp(&b.id))
    });
    series.truncate(asked.question.limit as usize);
    Ok(Some(Attention {
        query: query.typed,
        by: asked.by,
        per: asked.per,
        zone: context.zone.to_owned(),
        notes: notes(context.zone, coarse),
        series,
    }))
}

fn notes(zone: &str, coarse: u64) -> Vec<String> {
    let mut notes = vec![
        format!("Dates: claimed publication, or first seen where none was claimed; days of {zone}, weeks from Monday."),
        "Not observed: no good look at the sources in that period; it is a gap and counts in no total.".to_owned(),
        "Share: matching of all articles, with Wilson's 95 % interval.".to_owned(),
    ];
    if coarse > 0 {
        notes.push(format!(
            "{coarse} articles are dated less closely than one period; they count where their span begins."
        ));
    }
    notes
}

fn empty(start: Timestamp, label: &str) -> Cell {
    Cell {
        period: label.to_owned(),
        start,
        matching: 0,
        all: 0,
        observed: false,
        sources_observed: 0,
        looks_good: 0,
        looks_made: 0,
        share: None,
    }
}

fn key(source: &Source, by: By) -> String {
    match by {
        By::Source => source.id.clone(),
        By::Language => base(&source.lang).to_owned(),
        By::Country => source.country.clone(),
        By::Ownership => serde_json::to_value(source.ownership)
            .ok()
            .and_then(|word| word.as_str().map(str::to_owned))
            .unwrap_or_default(),
    }
}

fn base(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_clocks_and_weeks_begin_on_monday() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let window = Interval {
            min: "2009-10-24T23:00:00Z".parse().unwrap(),
            max: "2009-10-26T23:00:00Z".parse().unwrap(),
        };
        let days = periods(window, Per::Day, &paris).unwrap();
        let begins: Vec<String> = days.iter().map(|(start, label)| format!("{label} {start}")).collect();
        assert_eq!(
            begins,
            [
                "2009-10-25 2009-10-24T22:00:00Z",
                "2009-10-26 2009-10-25T23:00:00Z",
                "2009-10-27 2009-10-26T23:00:00Z"
            ]
        );
        let weeks = periods(window, Per::Week, &paris).unwrap();
        assert_eq!(weeks[0].1, "2009-W43");
        let endless = Interval {
            min: Timestamp::UNIX_EPOCH,
            max: window.max,
        };
        assert_eq!(periods(endless, Per::Day, &paris), None);
    }
}
