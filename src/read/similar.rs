//! What is near in meaning: the tail of a query, and the likes of an article.
//!
//! Takes a query or an article, gives other articles with their likeness, never among what was found by words: a
//! likeness is a hint where to look, and no proof that a text speaks of the matter.

use std::collections::HashMap;
use std::sync::Arc;

use crate::cluster::Fit;
use crate::cluster::centre::cosine;
use crate::config::WhichEncoder;
use crate::encode::{self, Encoder};
use crate::identify::language;
use crate::model::query::{Condition, Expr, Filter, State};
use crate::model::{Topic, TopicTag, Vector};
use crate::query::{self, Context, Query};
use crate::store::{ArticleRow, Reader, Vectors};

use super::ask;
use super::search::{Question, ReadError, is_filter, narrowed};

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
    let fit = fit_of(reader, encoder)?;
    let least = fit.params.least_similar;
    to_text(reader, encoder, &fit, &words.join(" "), &condition, least, limit).map(Some)
}

/// Articles near in meaning to a topic's description that do not carry the topic. `None`: it has none.
pub fn to_topic(reader: &Reader, encoder: &Encoder, topic: &Topic, limit: usize) -> Result<Option<Near>, ReadError> {
    let Some(description) = &topic.description else {
        return Ok(None);
    };
    let carries = Condition::Filter(Filter::Topic(topic.id.clone()));
    let condition = Condition::All(vec![Condition::Not(Box::new(carries)), original()]);
    let fit = fit_of(reader, encoder)?;
    let least = fit.params.least_of_a_topic;
    to_text(reader, encoder, &fit, description, &condition, least, limit).map(Some)
}

/// What was fitted to the store's vectors, if they are of this encoder: those of two are never compared.
fn fit_of(reader: &Reader, encoder: &Encoder) -> Result<Arc<Fit>, ReadError> {
    match reader.encoder()?.filter(|kept| kept != encoder.name()) {
        Some(kept) => Err(other(&kept, encoder.name())),
        None => Ok(Fit::beside(encoder.folder(), encoder.dim())?),
    }
}

fn other(kept: &str, asked: &str) -> ReadError {
    ReadError::Unanswerable {
        message: format!(
            "the vectors of this store are of the encoder {kept}, which are never compared with those of {asked}"
        ),
        hint: "`--encoder DIR` names the store's, if it is yours; `vigie digest --all` makes all vectors anew"
            .to_owned(),
    }
}

fn to_text(
    reader: &Reader,
    encoder: &Encoder,
    fit: &Fit,
    text: &str,
    condition: &Condition,
    least: f32,
    limit: usize,
) -> Result<Near, ReadError> {
    let lang = language::detect(text, None).lang.unwrap_or_default();
    let vector = encoder.embed(&[text]).pop().transpose()?.unwrap_or_default();
    let sought = fit.space.centred(&Vector::of(&vector), &lang);
    // A sentence is a headline to some articles and a part of others.
    let likeness = |vectors: &Vectors| likelier(alike(&sought, &vectors.title), alike(&sought, &vectors.text));
    nearest(reader, fit, condition, None, likeness, least, limit)
}

/// Articles near in meaning to one, reprints left out. `None`: it has no vector. An encoder of the reader's is only opened
/// to tell whether what was fitted to it holds for the store.
pub fn to_article(
    reader: &Reader,
    which: &WhichEncoder,
    article: &ArticleRow,
    limit: usize,
) -> Result<Option<Near>, ReadError> {
    let fit = match (reader.encoder()?, which) {
        (Some(kept), WhichEncoder::Supplied(_)) if kept != encode::ON_BOARD => {
            fit_of(reader, &Encoder::required(which)?)?
        }
        (Some(kept), _) if kept != encode::ON_BOARD => Arc::new(Fit::without()),
        _ => Arc::clone(Fit::on_board()),
    };
    let lang = article.lang.as_deref().unwrap_or_default();
    let vectors = reader.vectors(article.rowid)?;
    let centred = |vector: Option<Vector>| vector.and_then(|vector| fit.space.centred(&vector, lang));
    let (title, text) = (centred(vectors.title), centred(vectors.text));
    if title.is_none() && text.is_none() {
        return Ok(None);
    }
    let likeness = |vectors: &Vectors| likelier(alike(&title, &vectors.title), alike(&text, &vectors.text));
    let least = fit.params.least_similar;
    nearest(reader, &fit, &original(), Some(article.rowid), likeness, least, limit).map(Some)
}

fn original() -> Condition {
    Condition::Not(Box::new(Condition::Filter(Filter::Is(State::Reprint))))
}

/// `None` where one of the two is missing, which is no likeness of nothing.
fn alike(one: &Option<Vector>, other: &Option<Vector>) -> Option<f32> {
    Some(cosine(one.as_ref()?, other.as_ref()?))
}

fn likelier(one: Option<f32>, other: Option<f32>) -> Option<f32> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    }
}

fn nearest(
    reader: &Reader,
    fit: &Fit,
    condition: &Condition,
    but: Option<i64>,
    likeness: impl Fn(&Vectors) -> Option<f32>,
    least: f32,
    limit: usize,
) -> Result<Near, ReadError> {
    let mut compared = 0;
    let mut found: Vec<(f32, i64)> = Vec::new();
    reader.each_vectors(condition, |rowid, lang, vectors| {
        if but == Some(rowid) {
            return;
        }
        let centred = |vector: Option<Vector>| vector.and_then(|v| fit.space.centred(&v, lang.unwrap_or_default()));
        let Some(likeness) = likeness(&Vectors {
            title: centred(vectors.title),
            text: centred(vectors.text),
        }) else {
            return;
        };
        compared += 1;
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
