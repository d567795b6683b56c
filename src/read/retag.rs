//! What other topics would tag and untag, before anything is tagged anew.
//!
//! Takes a reader and topics that are not in force, gives the differences to the tags that articles carry, each with the
//! terms that made or unmade it. Never writes.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use serde::Serialize;

use crate::model::{ArticleId, Lexicon, TopicTag, Topics, article::TermHit};
use crate::names::gazetteer;
use crate::store::{Reader, StoreError, Tagged};
use crate::tag::{Tagger, Words};

/// Articles read at once: their texts are held.
const BATCH: u32 = 2_000;

/// The difference that topics would make.
#[derive(Debug, Serialize)]
pub struct Retag {
    pub articles: u64,
    /// Every topic that is configured or carried, by id.
    pub topics: Vec<TopicChange>,
    /// By topic, then in the order in which articles were first had.
    pub changes: Vec<Change>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct TopicChange {
    pub id: String,
    pub now: u64,
    pub then: u64,
    pub tags: u64,
    pub untags: u64,
    /// Articles that keep the topic for other terms than before.
    pub otherwise: u64,
    /// In the topics that were tried; else it would go with all its tags.
    pub configured: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Does {
    Tag,
    Untag,
}

#[derive(Debug, Serialize)]
pub struct Change {
    pub topic: String,
    pub does: Does,
    pub article: ArticleId,
    pub source: String,
    pub title: String,
    /// The terms that make the tag, or that made the one that goes.
    pub hits: Vec<TermHit>,
    /// Terms of `none` for which it goes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forbidden: Vec<TermHit>,
}

/// Tags every article with `topics` and compares. `progress` hears how many are done.
pub fn retag(reader: &Reader, topics: &Topics, progress: &dyn Fn(u64)) -> Result<Retag, StoreError> {
    let tagger = Tagger::over(topics, &Lexicon::default(), gazetteer::none());
    let mut table: BTreeMap<String, TopicChange> = BTreeMap::new();
    for topic in &topics.topics {
        entry(&mut table, &topic.id).configured = true;
    }
    let (mut changes, mut articles, mut after) = (Vec::new(), 0, 0);
    loop {
        let batch = reader.tagged(after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = last.rowid;
        articles += batch.len() as u64;
        for (tagged, then) in batch.iter().zip(tags(&tagger, &batch)) {
            compare(tagged, then, &mut table, &mut changes);
        }
        progress(articles);
    }
    // Stable: within a topic the articles stay in their order.
    changes.sort_by(|a, b| (&a.topic, a.does).cmp(&(&b.topic, b.does)));
    Ok(Retag {
        articles,
        topics: table.into_values().collect(),
        changes,
    })
}

/// What each article would carry, on every processor core, in the order of the batch.
fn tags(tagger: &Tagger, batch: &[Tagged]) -> Vec<crate::tag::Tags> {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let share = batch.len().div_ceil(cores).max(1);
    let of = |tagged: &Tagged| {
        tagger.matches(Words {
            lang: tagged.lang.as_deref(),
            title: &tagged.title,
            lead: tagged.standfirst.as_deref().unwrap_or_default(),
            body: &tagged.text,
        })
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = batch
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(of).collect::<Vec<_>>()))
            .collect();
        let done = workers.into_iter().map(|worker| match worker.join() {
            Ok(tags) => tags,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.flatten().collect()
    })
}

fn entry<'t>(table: &'t mut BTreeMap<String, TopicChange>, id: &str) -> &'t mut TopicChange {
    table.entry(id.to_owned()).or_insert_with(|| TopicChange {
        id: id.to_owned(),
        ..TopicChange::default()
    })
}

fn compare(
    tagged: &Tagged,
    mut then: crate::tag::Tags,
    table: &mut BTreeMap<String, TopicChange>,
    changes: &mut Vec<Change>,
) {
    let change = |does: Does, tag: TopicTag, forbidden: Vec<TermHit>| Change {
        topic: tag.topic,
        does,
        article: tagged.id.clone(),
        source: tagged.source.clone(),
        title: tagged.title.clone(),
        hits: tag.hits,
        forbidden,
    };
    for now in &tagged.topics {
        let line = entry(table, &now.topic);
        line.now += 1;
        match then.topics.iter().position(|tag| tag.topic == now.topic) {
            Some(at) => {
                line.then += 1;
                line.otherwise += u64::from(terms(&then.topics.swap_remove(at)) != terms(now));
            }
            None => {
                line.untags += 1;
                let forbidding = then.forbidden.iter_mut().find(|tag| tag.topic == now.topic);
                let forbidding = forbidding.map(|tag| std::mem::take(&mut tag.hits));
                changes.push(change(Does::Untag, now.clone(), forbidding.unwrap_or_default()));
            }
        }
    }
    for tag in then.topics {
        let line = entry(table, &tag.topic);
        line.then += 1;
        line.tags += 1;
        changes.push(change(Does::Tag, tag, Vec::new()));
    }
}

/// Which terms made a tag, without their places: rows of older stores have none.
fn terms(tag: &TopicTag) -> Vec<(&str, u32)> {
    let mut terms: Vec<(&str, u32)> = tag.hits.iter().map(|hit| (hit.term.as_str(), hit.count)).collect();
    terms.sort_unstable();
    terms
}
