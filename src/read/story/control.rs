//! What else a source ran: on the same actors, which proves that it could have been found, and nearly the story, for a
//! person to overrule the query.

use std::collections::{HashMap, HashSet};

use crate::model::comparison::{Genre, Instead, NearMiss};
use crate::model::query::{Condition, Expr};
use crate::query;
use crate::read::search::ReadError;
use crate::store::{ArticleRow, Order, Reader};

use super::Form;
use super::members::of_sources;

/// "What else it ran" is a sample that a person reads.
const MOST_CONTROL: u32 = 2_000;
/// What came nearest is looked for among so many.
const MOST_NEAR: u32 = 500;
/// … and so many are shown of a source.
const SHOWN_NEAR: usize = 3;

/// What surrounds the story at one source.
#[derive(Debug, Default)]
pub struct Around {
    /// All articles of the window on the story's actors that are not the story.
    pub hits: u32,
    /// Those of them that are shown, oldest first; none where the source covered the story.
    pub instead: Vec<Instead>,
    pub near_misses: Vec<NearMiss>,
}

/// For the sources of one form. `silent`: those among them without an article; only of these something is shown.
pub fn around(
    reader: &Reader,
    form: &Form,
    inside: &Condition,
    silent: &[String],
) -> Result<HashMap<String, Around>, ReadError> {
    let mut found: HashMap<String, Around> = HashMap::new();
    let besides = vec![inside.clone(), Condition::Not(Box::new(form.condition()))];
    let control = form.topic.as_ref().map(|topic| {
        let mut all = vec![query::plan(topic)];
        all.extend(besides.clone());
        all
    });
    if let Some(control) = &control {
        for (source, hits) in reader.count_by_source(&Condition::All(control.clone()))? {
            found.entry(source).or_default().hits = u32::try_from(hits).unwrap_or(u32::MAX);
        }
    }
    if silent.is_empty() {
        return Ok(found);
    }
    let of_silent = |mut all: Vec<Condition>, limit| -> Result<Vec<ArticleRow>, ReadError> {
        all.extend(of_sources(silent));
        let rows = reader.search(&Condition::All(all), Order::Oldest, limit)?.rows;
        Ok(rows.into_iter().filter(|row| silent.contains(&row.source)).collect())
    };
    let control = match control {
        Some(control) => of_silent(control, MOST_CONTROL)?,
        None => Vec::new(),
    };
    let mut near = Vec::new();
    if let Some(expr) = form.query.as_ref() {
        let one_short = Condition::Any(one_short(expr).iter().map(query::plan).collect());
        near = of_silent([vec![one_short], besides].concat(), MOST_NEAR)?;
    }
    let shown: HashSet<i64> = control.iter().map(|row| row.rowid).collect();
    near.retain(|row| !shown.contains(&row.rowid));
    let rowids: Vec<i64> = control.iter().chain(&near).map(|row| row.rowid).collect();
    let parts: Vec<(&Expr, HashMap<i64, f32>)> = match &form.query {
        Some(expr) => (expr.parts().iter())
            .map(|part| Ok((part, degrees(reader, part, &rowids)?)))
            .collect::<Result<_, ReadError>>()?,
        None => Vec::new(),
    };
    let topics: Vec<HashMap<i64, f32>> = match &form.topic {
        Some(topic) => (alternatives(topic).iter())
            .map(|part| degrees(reader, part, &control.iter().map(|row| row.rowid).collect::<Vec<_>>()))
            .collect::<Result<_, ReadError>>()?,
        None => Vec::new(),
    };
    let topic_score = |rowid: i64| {
        let sum: f32 = topics.iter().filter_map(|degrees| degrees.get(&rowid)).sum();
        (!topics.is_empty()).then(|| (sum / topics.len() as f32 * 100.0).round() / 100.0)
    };
    let score = |rowid: i64| {
        let sum: f32 = parts.iter().filter_map(|(_, degrees)| degrees.get(&rowid)).sum();
        (!parts.is_empty()).then(|| (sum / parts.len() as f32 * 100.0).round() / 100.0)
    };
    for row in control.iter().chain(&near) {
        let Some(score) = score(row.rowid).filter(|score| *score > 0.0) else {
            continue;
        };
        let lacks = parts
            .iter()
            .filter(|(_, degrees)| degrees.get(&row.rowid).is_none_or(|degree| *degree < 1.0));
        let miss = NearMiss {
            article_id: row.id.clone(),
            title: row.title.clone(),
            url: row.url.clone(),
            score,
            lacks: lacks.map(|(part, _)| query::print(part)).collect(),
        };
        found.entry(row.source.clone()).or_default().near_misses.push(miss);
    }
    for around in found.values_mut() {
        let order = |a: &NearMiss, b: &NearMiss| {
            b.score
                .total_cmp(&a.score)
                .then_with(|| a.article_id.cmp(&b.article_id))
        };
        around.near_misses.sort_by(order);
        around.near_misses.truncate(SHOWN_NEAR);
    }
    let first_seen = reader.first_seen(&control.iter().map(|row| row.rowid).collect::<Vec<_>>())?;
    for row in control {
        let instead = Instead {
            topic_score: topic_score(row.rowid),
            story_score: score(row.rowid),
            feed_rank_first: first_seen.get(&row.rowid).map(|seen| seen.position),
            source_id: row.source.clone(),
            article_id: row.id,
            title: row.title,
            url: row.url,
            published: row.published,
            first_seen_at: row.first_seen_at,
            length: row.length.n,
            length_unit: row.length.unit,
            length_pctl_outlet: None,
            kind: row.kind,
            formula_id: None,
            formula_count_365d: None,
            genre: Genre::News,
        };
        found.entry(row.source).or_default().instead.push(instead);
    }
    Ok(found)
}

/// What a topic asks for, each by itself: one article may name all of its actors, another one of them.
fn alternatives(topic: &Expr) -> &[Expr] {
    match topic {
        Expr::And(parts) | Expr::Or(parts) => parts,
        one => std::slice::from_ref(one),
    }
}

/// The query with each of its parts left out in turn; what takes away stays.
fn one_short(expr: &Expr) -> Vec<Expr> {
    let all = expr.parts();
    let asks: Vec<usize> = (0..all.len()).filter(|n| !matches!(all[*n], Expr::Not(_))).collect();
    if asks.len() < 2 {
        return Vec::new();
    }
    let without = |n: &usize| {
        let rest = all
            .iter()
            .enumerate()
            .filter(|(at, _)| at != n)
            .map(|(_, part)| part.clone());
        Expr::And(rest.collect())
    };
    asks.iter().map(without).collect()
}

/// How far each of these articles fulfils an expression: all parts of an AND count alike, of an OR the best; a distance
/// or a stretch that is not kept halves what stands on its sides.
fn degrees(reader: &Reader, expr: &Expr, rows: &[i64]) -> Result<HashMap<i64, f32>, ReadError> {
    let many = |parts: &[Expr]| -> Result<Vec<HashMap<i64, f32>>, ReadError> {
        parts.iter().map(|part| degrees(reader, part, rows)).collect()
    };
    let joined = |parts: Vec<HashMap<i64, f32>>, join: &dyn Fn(&mut dyn Iterator<Item = f32>) -> f32| {
        let of = |row: &i64| {
            let mut each = parts.iter().map(|part| part.get(row).copied().unwrap_or(0.0));
            (*row, join(&mut each))
        };
        rows.iter().map(of).collect()
    };
    let mean = |n: usize| move |each: &mut dyn Iterator<Item = f32>| each.sum::<f32>() / n.max(1) as f32;
    let halved = |inner: HashMap<i64, f32>| -> Result<HashMap<i64, f32>, ReadError> {
        let whole = reader.which(&query::plan(expr), rows)?;
        let of = |(row, degree): (i64, f32)| (row, if whole.contains(&row) { 1.0 } else { degree / 2.0 });
        Ok(inner.into_iter().map(of).collect())
    };
    match expr {
        Expr::And(parts) => Ok(joined(many(parts)?, &mean(parts.len()))),
        Expr::Or(parts) => Ok(joined(many(parts)?, &|each| each.fold(0.0, f32::max))),
        Expr::Near { left, right, .. } => {
            let sides = vec![degrees(reader, left, rows)?, degrees(reader, right, rows)?];
            halved(joined(sides, &mean(2)))
        }
        Expr::Within { part, .. } | Expr::AtLeast { part, .. } => halved(degrees(reader, part, rows)?),
        Expr::Everything | Expr::Word(_) | Expr::Actor { .. } | Expr::Filter(_) | Expr::Not(_) | Expr::Speaker(_) => {
            let holds = reader.which(&query::plan(expr), rows)?;
            Ok(rows
                .iter()
                .map(|row| (*row, f32::from(u8::from(holds.contains(row)))))
                .collect())
        }
    }
}
