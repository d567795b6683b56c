//! How a story is asked of each source: the actor at home in the source's country goes without saying there
//! (docs/decisions/0028-actors-at-home.md).
//!
//! Takes what was typed or written down, gives one form for all sources that are asked alike.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::comparison;
use crate::model::lexicon::ActorKind;
use crate::model::query::{Condition, Expr};
use crate::model::story::Spec;
use crate::model::{Lexicon, Source};
use crate::names::gazetteer::{self, Place, PlaceKind};
use crate::query::{self, Context, QueryError};
use crate::read::search::{ReadError, is_filter};

use super::reach;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// A query as typed.
    Query {
        id: &'a str,
        title: &'a str,
        typed: &'a str,
    },
    Spec(&'a Spec),
    /// Articles that something else than a query has put together. Nobody can be silent on them.
    Gathered {
        id: &'a str,
        title: &'a str,
        articles: &'a [String],
    },
}

/// Something in a spec that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SpecFault {
    /// `match`, `topic`, `relation.0`, `probes.office`
    pub key: String,
    /// Which characters of the value; all of them where it is not known.
    pub within: Option<Range<usize>>,
    pub message: String,
    pub hint: Option<String>,
}

/// The sources that are asked alike, and how.
#[derive(Debug, Clone)]
pub struct Form {
    /// Ids, in the order of the rows.
    pub sources: Vec<String>,
    /// Actors that need not be named.
    pub implicit: Vec<String>,
    /// `None`: only what was pinned or gathered is in the story.
    pub query: Option<Expr>,
    /// Of a control that finds nothing, nothing follows.
    pub topic: Option<Expr>,
    /// All actors of the relation that have to be named, whatever else the query says: what came before is sought by it.
    pub relation: Option<Expr>,
    /// The control looks for common words, since the query names nobody: it proves less.
    pub nameless: bool,
}

impl Form {
    pub fn asked(&self) -> comparison::Asked {
        comparison::Asked {
            sources: self.sources.clone(),
            implicit: self.implicit.clone(),
            query: self.query.as_ref().map(query::print),
            topic: self.topic.as_ref().map(query::print),
        }
    }

    /// Why no absence in a text of this language follows from this query, where none does.
    pub fn proves_nothing(&self, lang: &str) -> Option<String> {
        if let Some(why) = self.asks_for_nothing() {
            return Some(why.to_owned());
        }
        let part = reach::unmet(self.query.as_ref()?, lang)?;
        Some(format!("no text in its language can have {}", query::print(part)))
    }

    /// Why no absence in any language follows from this query.
    pub fn asks_for_nothing(&self) -> Option<&'static str> {
        match &self.query {
            None => Some("the story has no query, so nobody can be silent on it"),
            Some(Expr::Everything) => Some("the query asks for everything, so nobody can be silent on it"),
            Some(expr) if is_filter(expr) => Some("the query holds no word or name to look for"),
            Some(_) => None,
        }
    }

    pub fn condition(&self) -> Condition {
        self.query.as_ref().map_or(Condition::Any(Vec::new()), query::plan)
    }
}

/// The forms for these sources; together they hold each of them once.
pub fn forms(
    subject: Subject<'_>,
    sources: &[Source],
    lexicon: &Lexicon,
    context: &Context<'_>,
) -> Result<Vec<Form>, ReadError> {
    match subject {
        Subject::Query { typed, .. } => {
            let parsed = query::parse(typed, context)?;
            Ok(typed_forms(&parsed.expr, sources, lexicon, context))
        }
        Subject::Spec(spec) => spec_forms(spec, sources, lexicon, context),
        Subject::Gathered { .. } => Ok(vec![Form {
            sources: sources.iter().map(|source| source.id.clone()).collect(),
            implicit: Vec::new(),
            query: None,
            topic: None,
            relation: None,
            nameless: false,
        }]),
    }
}

/// A typed query is asked of everybody as it stands; only the control leaves out who is at home.
fn typed_forms(expr: &Expr, sources: &[Source], lexicon: &Lexicon, context: &Context<'_>) -> Vec<Form> {
    let mut actors = Vec::new();
    named(expr, &mut actors);
    // A notion is no name: that a paper wrote “culture” says little of whether its names would have been found.
    let is_notion = |id: &String| {
        let actor = lexicon.actors.iter().find(|actor| actor.id == *id);
        actor.is_some_and(|actor| actor.kind == ActorKind::Concept)
            || lexicon.concepts.iter().any(|concept| concept.id == *id)
    };
    let nameless = actors.iter().all(is_notion);
    if !nameless {
        actors.retain(|id| !is_notion(id));
    }
    let countries = countries(&actors, lexicon);
    let of_country = |source: &Source| -> Vec<String> {
        let foreign = actors.iter().filter(|id| !belongs(lexicon, id, &source.country));
        foreign.cloned().collect()
    };
    alike(sources, |source| {
        let foreign = of_country(source);
        if foreign.is_empty() { actors.clone() } else { foreign }
    })
    .into_iter()
    .map(|(actors, sources)| {
        let topic = any_of(expr, &actors);
        // What came before is no silence, so that here, too, who is at home need not be named.
        let abroad: Vec<String> = countries.iter().filter(|id| actors.contains(id)).cloned().collect();
        Form {
            sources,
            relation: (countries.len() > 1).then(|| together(&abroad, context)).flatten(),
            implicit: Vec::new(),
            nameless,
            query: Some(expr.clone()),
            topic: (!topic.is_empty()).then(|| match topic.len() {
                1 => topic[0].clone(),
                _ => Expr::Or(topic),
            }),
        }
    })
    .collect()
}

fn spec_forms(
    spec: &Spec,
    sources: &[Source],
    lexicon: &Lexicon,
    context: &Context<'_>,
) -> Result<Vec<Form>, ReadError> {
    for (n, id) in spec.relation.iter().enumerate() {
        let known = lexicon.actors.iter().any(|actor| actor.id == *id);
        if !known && gazetteer::builtin().with_id(id).is_none() {
            return Err(unknown_actor(n, id, lexicon).into());
        }
    }
    let mut forms = Vec::new();
    for (named, sources) in alike(sources, |source| to_be_named(&spec.relation, &source.country, lexicon)) {
        let context = Context {
            relation: Some(&named),
            ..*context
        };
        let read = |key: &str, typed: &str| {
            query::parse(typed, &context)
                .map(|query| query.expr)
                .map_err(|error| in_spec(key, error))
        };
        let matches = spec.matches.as_deref().map(|typed| read("match", typed)).transpose()?;
        let topic = match (&spec.topic, spec.relation.is_empty()) {
            (Some(typed), _) => Some(read("topic", typed)?),
            (None, false) => Some(read("topic", "@relation-other")?),
            (None, true) => matches.as_ref().and_then(|expr| {
                let words = any_of(expr, &[]);
                (!words.is_empty()).then_some(Expr::Or(words))
            }),
        };
        forms.push(Form {
            nameless: false,
            sources,
            relation: together(&named, &context),
            implicit: spec.relation.iter().filter(|id| !named.contains(id)).cloned().collect(),
            query: matches,
            topic,
        });
    }
    Ok(forms)
}

/// The countries among these actors.
pub fn countries(actors: &[String], lexicon: &Lexicon) -> Vec<String> {
    let is_country = |id: &&String| {
        let actor = lexicon.actors.iter().find(|actor| actor.id == **id);
        actor.is_some_and(|actor| actor.kind == ActorKind::Place && actor.country.is_some())
    };
    actors.iter().filter(is_country).cloned().collect()
}

/// All of these actors at once; nothing where there are none.
fn together(actors: &[String], context: &Context<'_>) -> Option<Expr> {
    let context = Context {
        relation: Some(actors),
        ..*context
    };
    Some(query::parse("@relation", &context).ok()?.expr)
}

/// A mistake in one of a spec's queries.
pub fn in_spec(key: &str, error: QueryError) -> SpecFault {
    SpecFault {
        key: key.to_owned(),
        message: format!("this query cannot be read: {}", error.problem),
        within: Some(error.span),
        hint: error.hint,
    }
}

fn unknown_actor(n: usize, id: &str, lexicon: &Lexicon) -> SpecFault {
    let near = lexicon
        .actors
        .iter()
        .map(|actor| (strsim::jaro_winkler(id, &actor.id), actor.id.as_str()))
        .filter(|(alike, _)| *alike >= 0.85)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    SpecFault {
        key: format!("relation.{n}"),
        within: None,
        message: format!("there is no actor `{id}` in the lexicon"),
        hint: Some(match near {
            Some((_, near)) => format!("did you mean `{near}`?"),
            None => "actors are declared in lexicon.toml".to_owned(),
        }),
    }
}

/// The actors of a relation that an article of this country's press has to name: all but the country itself, and all
/// where none would be left.
pub fn to_be_named(relation: &[String], country: &str, lexicon: &Lexicon) -> Vec<String> {
    let named: Vec<String> = relation
        .iter()
        .filter(|id| !is_home(lexicon, id, country))
        .cloned()
        .collect();
    if named.is_empty() { relation.to_vec() } else { named }
}

/// The actor is that country. A person or an organisation of the country is named like any other.
fn is_home(lexicon: &Lexicon, id: &str, country: &str) -> bool {
    match lexicon.actors.iter().find(|actor| actor.id == *id) {
        Some(actor) => actor.kind == ActorKind::Place && actor.country.as_deref() == Some(country),
        None => place(id).is_some_and(|place| place.kind == PlaceKind::Country && place.country == country),
    }
}

fn belongs(lexicon: &Lexicon, id: &str, country: &str) -> bool {
    match lexicon.actors.iter().find(|actor| actor.id == *id) {
        Some(actor) => actor.country.as_deref() == Some(country),
        None => place(id).is_some_and(|place| place.country == country),
    }
}

/// A place that the lexicon has not.
fn place(id: &str) -> Option<Place<'static>> {
    let all = gazetteer::builtin();
    all.with_id(id).map(|no| all.place(no))
}

/// Sources by what they share, in the order of their first.
fn alike(sources: &[Source], of: impl Fn(&Source) -> Vec<String>) -> Vec<(Vec<String>, Vec<String>)> {
    let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    let mut known: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for source in sources {
        let shared = of(source);
        let at = *known.entry(shared.clone()).or_insert_with(|| {
            groups.push((shared, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, ids)) = groups.get_mut(at) {
            ids.push(source.id.clone());
        }
    }
    groups
}

/// Ids of the actors that an expression asks for.
pub fn named(expr: &Expr, into: &mut Vec<String>) {
    match expr {
        Expr::Actor { id, .. } if !into.contains(id) => into.push(id.clone()),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| named(part, into)),
        Expr::Near { left, right, .. } => {
            named(left, into);
            named(right, into);
        }
        Expr::Within { part, .. } | Expr::AtLeast { part, .. } | Expr::Speaker(part) => named(part, into),
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
        Expr::Within { part, .. } | Expr::AtLeast { part, .. } | Expr::Speaker(part) => any_of(part, actors),
        _ => Vec::new(),
    }
}
