//! Topics as they are configured and as articles carry them: how many, by which terms, what share of all.
//!
//! Takes topics and a reader, gives counts beside what they are counts of. Never tags anything.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::model::lexicon::Terms;
use crate::model::query::{Condition, Filter};
use crate::model::{Interval, Source, Topic, Topics};
use crate::read::attention::{Share, part, share};
use crate::read::periods::{Per, is_observed};
use crate::store::{ArticleRow, Order, Reader, StoreError, TermCount};

/// Articles shown of one topic.
const NEWEST: u32 = 5;

/// Every topic with how many articles carry it.
#[derive(Debug, Serialize)]
pub struct List {
    pub articles: u64,
    /// Those of the configuration in its order, then those that only articles still carry.
    pub topics: Vec<Line>,
}

#[derive(Debug, Serialize)]
pub struct Line {
    pub id: String,
    pub name: BTreeMap<String, String>,
    pub any: Terms,
    pub none: Terms,
    pub min_hits: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub tagged: u64,
    pub share: Option<Share>,
    /// In topics.toml; else its tags are left from an earlier one.
    pub configured: bool,
}

pub fn list(reader: &Reader, topics: &Topics) -> Result<List, StoreError> {
    let articles = reader.count(&Condition::Everything)?;
    let mut counts = reader.topic_counts()?;
    let mut lines: Vec<Line> = Vec::new();
    for topic in &topics.topics {
        let tagged = counts.remove(&topic.id).unwrap_or(0);
        lines.push(line(topic, tagged, articles, true));
    }
    for (id, tagged) in counts {
        let topic = Topic { id, ..Topic::default() };
        lines.push(line(&topic, tagged, articles, false));
    }
    Ok(List {
        articles,
        topics: lines,
    })
}

fn line(topic: &Topic, tagged: u64, articles: u64, configured: bool) -> Line {
    Line {
        id: topic.id.clone(),
        name: topic.name.clone(),
        any: topic.any.clone(),
        none: topic.none.clone(),
        min_hits: topic.min_hits,
        description: topic.description.clone(),
        tagged,
        share: share(tagged, articles),
        configured,
    }
}

/// One topic: what it is made of, and what each term did.
#[derive(Debug, Serialize)]
pub struct Detail {
    #[serde(flatten)]
    pub line: Line,
    /// Every configured term, those without an article too, and terms that tags are left of.
    pub terms: Vec<TermLine>,
    /// Of the edition.
    pub languages: Vec<LanguageLine>,
    pub newest: Vec<ArticleRow>,
}

#[derive(Debug, Serialize)]
pub struct TermLine {
    pub lang: Option<String>,
    #[serde(flatten)]
    pub count: TermCount,
}

#[derive(Debug, Serialize)]
pub struct LanguageLine {
    pub lang: String,
    pub tagged: u64,
    pub articles: u64,
    pub share: Option<Share>,
}

/// `None`: nobody configured it, and no article carries it.
pub fn show(reader: &Reader, topics: &Topics, sources: &[Source], id: &str) -> Result<Option<Detail>, StoreError> {
    let Some(line) = list(reader, topics)?.topics.into_iter().find(|line| line.id == id) else {
        return Ok(None);
    };
    let mut counted = reader.topic_terms(id)?;
    let mut terms = Vec::new();
    for (lang, words) in &line.any {
        for word in words {
            let at = counted.iter().position(|count| count.term == word.trim());
            // A word of two languages (sanctions) was counted once, and stands under both.
            let count = at.map_or_else(|| TermCount::none(word), |at| counted[at].clone());
            terms.push(TermLine {
                lang: Some(lang.clone()),
                count,
            });
        }
    }
    counted.retain(|count| !line.any.values().flatten().any(|word| word.trim() == count.term));
    terms.extend(counted.into_iter().map(|count| TermLine { lang: None, count }));
    let lang_of: BTreeMap<&str, &str> = sources
        .iter()
        .map(|source| (source.id.as_str(), source.lang.split('-').next().unwrap_or_default()))
        .collect();
    let lang = |source: &String| (*lang_of.get(source.as_str()).unwrap_or(&"und")).to_owned();
    let mut languages: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (source, articles) in reader.count_by_source(&Condition::Everything)? {
        languages.entry(lang(&source)).or_default().1 += articles;
    }
    for (source, tagged) in reader.topic_sources(id)? {
        languages.entry(lang(&source)).or_default().0 += tagged;
    }
    let carries = Condition::Filter(Filter::Topic(id.to_owned()));
    Ok(Some(Detail {
        terms,
        languages: languages
            .into_iter()
            .map(|(lang, (tagged, articles))| LanguageLine {
                lang,
                tagged,
                articles,
                share: share(tagged, articles),
            })
            .collect(),
        newest: reader.search(&carries, Order::Newest, NEWEST)?.rows,
        line,
    }))
}

/// What share of a source's articles in one period carry a topic.
#[derive(Debug)]
pub struct ShareRow<'a> {
    pub topic: &'a str,
    pub period: &'a str,
    pub source: &'a Source,
    pub matching: u64,
    pub all: u64,
    /// `None` = a gap, or nothing was published.
    pub share: Option<Share>,
    /// At least half of the days; else it is a gap, and what is held may be a part.
    pub observed: bool,
    pub days: u32,
    pub days_observed: u32,
    pub observed_share: f64,
    pub looks_good: u64,
    pub looks_made: u64,
}

/// What is known of one source in one period.
#[derive(Debug, Default)]
struct Known {
    all: u64,
    days: u32,
    observed: BTreeSet<Date>,
    looks_good: u64,
    looks_made: u64,
    topics: BTreeMap<String, u64>,
}

/// For whom and when shares are asked.
#[derive(Debug)]
pub struct Shares<'a> {
    pub among: &'a Condition,
    pub window: Interval,
    pub per: Per,
    pub zone: &'a TimeZone,
    pub now: Timestamp,
    pub sources: &'a [Source],
    pub topics: &'a Topics,
}

/// Hands over a row for each topic, period and source that published or was looked at then; rows of a topic come
/// together, in order. Gives how many there were.
pub fn shares<E: From<StoreError>>(
    reader: &Reader,
    asked: &Shares<'_>,
    mut each: impl FnMut(&ShareRow<'_>) -> Result<(), E>,
) -> Result<u64, E> {
    let mut topics: BTreeSet<String> = reader.topic_ids()?.into_iter().collect();
    topics.extend(asked.topics.topics.iter().map(|topic| topic.id.clone()));
    let mut known = known(reader, asked)?;
    if *asked.among != Condition::Everything {
        // Who has no such article at all was not asked about.
        let published: BTreeSet<String> = known
            .iter()
            .filter(|(_, known)| known.all > 0)
            .map(|((_, source), _)| source.clone())
            .collect();
        known.retain(|(_, source), _| published.contains(source));
    }
    let by_id: BTreeMap<&str, &Source> = asked
        .sources
        .iter()
        .map(|source| (source.id.as_str(), source))
        .collect();
    let mut rows = 0;
    for topic in &topics {
        for ((first, id), known) in &known {
            let Some(source) = by_id.get(id.as_str()) else { continue };
            let matching = known.topics.get(topic).copied().unwrap_or(0);
            let days_observed = u32::try_from(known.observed.len()).unwrap_or(u32::MAX);
            let observed = is_observed(days_observed, known.days);
            let row = ShareRow {
                topic,
                period: &asked.per.label(*first),
                source,
                matching,
                all: known.all,
                share: observed.then(|| share(matching, known.all)).flatten(),
                observed,
                days: known.days,
                days_observed,
                observed_share: part(days_observed, known.days),
                looks_good: known.looks_good,
                looks_made: known.looks_made,
            };
            rows += 1;
            each(&row)?;
        }
    }
    Ok(rows)
}

fn known(reader: &Reader, asked: &Shares<'_>) -> Result<BTreeMap<(Date, String), Known>, StoreError> {
    let today = asked.now.to_zoned_datetime(asked.zone.clone()).date();
    let day = |at: i64| {
        let at = Timestamp::from_second(at).ok()?;
        Some(at.to_zoned_datetime(asked.zone.clone()).date())
    };
    let mut known: BTreeMap<(Date, String), Known> = BTreeMap::new();
    let mut at = |seconds: i64, source: String, change: &mut dyn FnMut(&mut Known, Date)| {
        let Some(day) = day(seconds) else { return };
        let Some(first) = asked.per.first(day) else { return };
        let entry = known.entry((first, source)).or_insert_with(|| Known {
            days: days_until(first, asked.per, today),
            ..Known::default()
        });
        change(entry, day);
    };
    for count in reader.published_by_quarter(asked.window, &Condition::Any(Vec::new()), asked.among, i64::MAX)? {
        at(count.at, count.source, &mut |known, _| known.all += count.all);
    }
    for count in reader.topics_by_quarter(asked.window, asked.among)? {
        at(count.at, count.source, &mut |known, _| {
            *known.topics.entry(count.topic.clone()).or_default() += count.articles;
        });
    }
    for look in reader.looked_by_quarter(asked.window)? {
        at(look.at, look.source, &mut |known, day| {
            known.looks_made += look.made;
            known.looks_good += look.good;
            if look.good > 0 {
                known.observed.insert(day);
            }
        });
    }
    Ok(known)
}

/// Days of the period that have begun; a period that lies ahead (a date that was claimed) has none.
fn days_until(first: Date, per: Per, today: Date) -> u32 {
    let mut days = 0;
    let (mut day, next) = (first, per.next(first));
    while day <= today && Some(day) != next {
        days += 1;
        match day.tomorrow() {
            Ok(tomorrow) => day = tomorrow,
            Err(_) => break,
        }
    }
    days
}
