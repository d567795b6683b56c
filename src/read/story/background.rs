//! What came before on the same relation, and how often each source covered it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use crate::compare::Rate;
use crate::model::Interval;
use crate::model::comparison::{Background, EarlierArticle, EarlierStory};
use crate::model::query::{Condition, Filter};
use crate::model::source::SourceKind;
use crate::model::{ArticleId, Source};
use crate::query;
use crate::read::search::ReadError;
use crate::store::Reader;

use super::Form;
use super::members::of_sources;

/// What is usual for a source on a relation is judged over this long before the window.
const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);
/// An occasion is a story on the relation that so many other sources ran.
const OTHERS: usize = 2;
/// Earlier articles shown of the reader's own, and of all others.
const SHOWN: u32 = 20;

/// Earlier stories are the caller's to know; earlier articles are found here: the reader's own first, then the others,
/// newest first.
pub fn background(
    reader: &Reader,
    forms: &[Form],
    sources: &[Source],
    before: Timestamp,
    stories: &[EarlierStory],
) -> Result<Background, ReadError> {
    let is_own = |id: &str| {
        sources
            .iter()
            .any(|source| source.id == id && source.kind == SourceKind::Own)
    };
    let mut found: BTreeMap<(bool, std::cmp::Reverse<Timestamp>, ArticleId), EarlierArticle> = BTreeMap::new();
    for form in forms {
        let (own, others): (Vec<String>, Vec<String>) = form.sources.iter().cloned().partition(|id| is_own(id));
        for ids in [own, others] {
            let Some(condition) = earlier(form, &ids, span(Timestamp::MIN, before)) else {
                continue;
            };
            for row in reader.newest(&condition, SHOWN)? {
                let own = is_own(&row.source);
                // Where many sources are asked for together, those of other forms are among them.
                if !ids.contains(&row.source) {
                    continue;
                }
                let key = (!own, std::cmp::Reverse(row.published_span.min), row.id.clone());
                let article = EarlierArticle {
                    article_id: row.id,
                    source_id: row.source,
                    own,
                    title: row.title,
                    url: row.url,
                    published: row.published,
                    first_seen_at: row.first_seen_at,
                };
                found.insert(key, article);
            }
        }
    }
    let (own, others): (Vec<_>, Vec<_>) = found.into_values().partition(|article| article.own);
    let shown = |articles: Vec<EarlierArticle>| articles.into_iter().take(SHOWN as usize);
    Ok(Background {
        stories: stories.to_vec(),
        articles: shown(own).chain(shown(others)).collect(),
    })
}

/// How often each source covered the relation in the year before: of the stories on it that others ran (those that the
/// articles were grouped into, whatever their language), how many it ran, too.
pub fn rates(reader: &Reader, forms: &[Form], before: Timestamp) -> Result<HashMap<String, Rate>, ReadError> {
    let since = before.saturating_sub(YEAR).unwrap_or(Timestamp::MIN);
    let mut stories: BTreeMap<String, (Timestamp, BTreeSet<String>)> = BTreeMap::new();
    for form in forms {
        let Some(condition) = earlier(form, &form.sources, span(since, before)) else {
            continue;
        };
        for told in reader.told(&condition)? {
            if form.sources.contains(&told.source) {
                let (first, sources) = stories.entry(told.story).or_insert((told.published, BTreeSet::new()));
                *first = told.published.min(*first);
                sources.insert(told.source);
            }
        }
    }
    if stories.is_empty() {
        return Ok(HashMap::new());
    }
    let mut rates = HashMap::new();
    for source in forms.iter().flat_map(|form| &form.sources) {
        // Before it was watched, a source could not be seen to cover anything.
        let Some(first) = reader.first_published(source)? else {
            continue;
        };
        let occasions = stories.values().filter(|(at, covered)| {
            let watched = *at >= first || covered.contains(source);
            watched && covered.iter().filter(|other| *other != source).count() >= OTHERS
        });
        let mut rate = Rate { covered: 0, of: 0 };
        for (_, covered) in occasions {
            rate.of += 1;
            rate.covered += u32::from(covered.contains(source));
        }
        rates.insert(source.clone(), rate);
    }
    Ok(rates)
}

fn span(min: Timestamp, max: Timestamp) -> Interval {
    Interval { min, max }
}

/// Articles of these sources on the relation, published then. `None` where no relation is known.
fn earlier(form: &Form, ids: &[String], span: Interval) -> Option<Condition> {
    if ids.is_empty() {
        return None;
    }
    let mut all = vec![
        query::plan(form.relation.as_ref()?),
        Condition::Filter(Filter::Published(span)),
    ];
    all.extend(of_sources(ids));
    Some(Condition::All(all))
}
