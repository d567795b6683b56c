//! What is near in meaning: the tail of a query, and the likes of an article.
//!
//! Takes a query or an article, gives other articles with their likeness, never among what was found by words: a
//! likeness is a hint where to look, and no proof that a text speaks of the matter.

use std::collections::HashMap;

use crate::cluster::centre;
use crate::encode::Encoder;
use crate::identify::language;
use crate::model::query::{Condition, Expr, Filter, State};
use crate::model::{Topic, TopicTag, Vector};
use crate::query::{self, Context, Query};
use crate::store::{ArticleRow, Reader, StoreError, Vectors};

use super::ask;
use super::search::{Question, ReadError, is_filter, narrowed};

/// Cosine of centred vectors from which on an article is shown. Of pairs of articles on one event 99 of 100 are above, of
/// pairs of different events 1 of 250; see docs/benchmarks.md.
const LEAST: f32 = 0.35;
/// The same for a topic's description, which is wider than an event.
const LEAST_OF_A_TOPIC: f32 = 0.3;

/// What was found.
#[derive(Debug, Default)]
pub struct Near {
    /// How many articles were compared.
    pub compared: u64,
    /// The most alike first.
    pub articles: Vec<Similar>,
}

#[derive(Debug)]
pub struct Similar {
    pub article: ArticleRow,
    pub topics: Vec<TopicTag>,
    pub likeness: f32,
}

impl Similar {
    /// Three digits: more would only tell processors apart.
    pub fn rounded(&self) -> f64 {
        (f64::from(self.likeness) * 1000.0).round() / 1000.0
    }
}

/// Articles near in meaning to the words of a query, within its filters and options, that it does not find itself.
/// `None`: the query has no words.
pub fn to_query(
    reader: &Reader,
    encoder: &Encoder,
    query: &Query,
    question: &Question<'_>,
    context: &Context<'_>,
    limit: usize,
) -> Result<Option<Near>, ReadError> {
    let mut words = Vec::new();
    meant(&query.expr, &query.typed.to_lowercase(), &mut words);
    if words.is_empty() {
        return Ok(None);
    }
    let beside = narrowed(Condition::Everything, question);
    let expr = ask::answered(reader, &query.expr, &beside, context)?.expr;
    let filters = expr.parts().iter().filter(|part| is_filter(part)).map(query::plan);
    let unfound = Condition::Not(Box::new(query::plan(&expr)));
    let all = [unfound, original()].into_iter().chain(filters).collect();
    let condition = narrowed(Condition::All(all), question);
    Ok(Some(to_text(
        reader,
        encoder,
        &words.join(" "),
        &condition,
        LEAST,
        limit,
    )?))
}

/// Articles near in meaning to a topic's description that do not carry the topic. `None`: it has none.
pub fn to_topic(reader: &Reader, encoder: &Encoder, topic: &Topic, limit: usize) -> Result<Option<Near>, StoreError> {
    let Some(description) = &topic.description else {
        return Ok(None);
    };
    let carries = Condition::Filter(Filter::Topic(topic.id.clone()));
    let condition = Condition::All(vec![Condition::Not(Box::new(carries)), original()]);
    to_text(reader, encoder, description, &condition, LEAST_OF_A_TOPIC, limit).map(Some)
}

fn to_text(
    reader: &Reader,
    encoder: &Encoder,
    text: &str,
    condition: &Condition,
    least: f32,
    limit: usize,
) -> Result<Near, StoreError> {
    let lang = language::detect(text, None).lang.unwrap_or_default();
    let vector = encoder.embed(&[text]).pop().unwrap_or_default();
    let sought = centre::centred(&Vector::of(&vector), &lang);
    // A sentence is a headline to some articles and a part of others.
    let likeness = |vectors: &Vectors| alike(&sought, &vectors.title).max(alike(&sought, &vectors.text));
    nearest(reader, condition, None, likeness, least, limit)
}

/// Articles near in meaning to one, reprints left out. `None`: it has no vector.
pub fn to_article(reader: &Reader, article: &ArticleRow, limit: usize) -> Result<Option<Near>, StoreError> {
    let lang = article.lang.as_deref().unwrap_or_default();
    let vectors = reader.vectors(article.rowid)?;
    let centred = |vector: Option<Vector>| vector.and_then(|vector| centre::centred(&vector, lang));
    let (title, text) = (centred(vectors.title), centred(vectors.text));
    if title.is_none() && text.is_none() {
        return Ok(None);
    }
    let likeness = |vectors: &Vectors| alike(&title, &vectors.title).max(alike(&text, &vectors.text));
    nearest(reader, &original(), Some(article.rowid), likeness, LEAST, limit).map(Some)
}

fn original() -> Condition {
    Condition::Not(Box::new(Condition::Filter(Filter::Is(State::Reprint))))
}

fn alike(one: &Option<Vector>, other: &Option<Vector>) -> f32 {
    match (one, other) {
        (Some(one), Some(other)) => centre::cosine(one, other),
        _ => 0.0,
    }
}

fn nearest(
    reader: &Reader,
    condition: &Condition,
    but: Option<i64>,
    likeness: impl Fn(&Vectors) -> f32,
    least: f32,
    limit: usize,
) -> Result<Near, StoreError> {
    let mut compared = 0;
    let mut found: Vec<(f32, i64)> = Vec::new();
    reader.each_vectors(condition, |rowid, lang, vectors| {
        if but == Some(rowid) {
            return;
        }
        compared += 1;
        let centred = |vector: Option<Vector>| vector.and_then(|v| centre::centred(&v, lang.unwrap_or_default()));
        let likeness = likeness(&Vectors {
            title: centred(vectors.title),
            text: centred(vectors.text),
        });
        if likeness >= least {
            found.push((likeness, rowid));
        }
    })?;
    found.sort_by(|(one, row), (other, row_of_other)| other.total_cmp(one).then(row.cmp(row_of_other)));
    found.truncate(limit);
    let rowids: Vec<i64> = found.iter().map(|(_, rowid)| *rowid).collect();
    let likeness: HashMap<i64, f32> = found.into_iter().map(|(likeness, rowid)| (rowid, likeness)).collect();
    let mut topics = reader.topics(&rowids)?;
    let articles = reader.articles(&rowids)?.into_iter().map(|article| Similar {
        topics: topics.remove(&article.rowid).unwrap_or_default(),
        likeness: likeness.get(&article.rowid).copied().unwrap_or_default(),
        article,
    });
    Ok(Near {
        compared,
        articles: articles.collect(),
    })
}

/// The words that are asked for, as far as they are not asked to be absent; of the names of an actor the one that was
/// typed, in lower case in `typed`.
fn meant(expr: &Expr, typed: &str, words: &mut Vec<String>) {
    match expr {
        Expr::Word(word) => words.push(word.text.clone()),
        Expr::Actor { names, .. } => {
            let as_typed = names.iter().find(|name| typed.contains(&name.text.to_lowercase()));
            words.extend(as_typed.or(names.first()).map(|name| name.text.clone()));
        }
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| meant(part, typed, words)),
        Expr::Near { left, right, .. } => {
            meant(left, typed, words);
            meant(right, typed, words);
        }
        Expr::Within { part, .. } | Expr::AtLeast { part, .. } => meant(part, typed, words),
        // Who is quoted is not what is spoken of.
        Expr::Everything | Expr::Filter(_) | Expr::Not(_) | Expr::Speaker(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::search::context;

    #[test]
    fn what_is_meant_is_what_is_asked_for() {
        let config = crate::config::builtin::config().unwrap();
        let context = context(&config.lexicon, jiff::Timestamp::UNIX_EPOCH, "UTC", false, None);
        for (typed, expected) in [
            ("雅克·朗 orchestra -football lang:fr", "雅克·朗 orchestra"),
            ("(ferry OR bac) NEAR/3 \"two words\"", "ferry bac two words"),
            ("lang:fr source:lemonde-fr", ""),
            ("lang:fr -ferry", ""),
        ] {
            let query = query::parse(typed, &context).unwrap();
            let mut words = Vec::new();
            meant(&query.expr, &typed.to_lowercase(), &mut words);
            assert_eq!(words.join(" "), expected, "{typed}");
        }
    }
}
