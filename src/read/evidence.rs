//! The articles of a story read for what they say: names from the lexicon, probes, the states of those that changed.

use std::collections::{BTreeMap, HashMap};

use crate::compare::evidence::editions::{self, Mentioned};
use crate::compare::evidence::{self, Changed, Facts, Folded, Probes, Vocabulary};
use crate::model::article::Field;
use crate::model::evidence::{Difference, OnlyKind, Place, Quote, VersionHead};
use crate::model::lexicon::ActorKind;
use crate::model::query::Expr;
use crate::model::story::Theme;
use crate::model::{Article, ArticleId, Lexicon, Mention, Topics};
use crate::query::{self, Context, with_concepts};
use crate::read::story::{SpecFault, in_spec};
use crate::store::{Reader, StoreError, VersionRow};
use crate::tag::Tagger;

/// Reads the themes of a story, each a name and a query; `relation` are the actors that `@relation` stands for.
pub fn probes(themes: &[Theme], relation: &[String], context: &Context<'_>) -> Result<Probes, SpecFault> {
    let context = Context {
        relation: (!relation.is_empty()).then_some(relation),
        ..*context
    };
    let mut exprs = Vec::new();
    for theme in themes {
        let key = format!("probes.{}", theme.name);
        let parsed = query::parse(&theme.query, &context).map_err(|error| in_spec(&key, error))?;
        if let Some(part) = not_words(&parsed.expr) {
            return Err(SpecFault {
                message: format!(
                    "a probe asks the texts of the story, and `{}` is no word of them",
                    query::print(part)
                ),
                within: None,
                hint: Some("a probe holds words, phrases, names, NEAR/5 and sent:(…)".to_owned()),
                key,
            });
        }
        exprs.push(parsed.expr);
    }
    let (test, roots) = query::tests(&exprs);
    Ok(Probes {
        names: themes
            .iter()
            .map(|theme| (theme.name.clone(), theme.query.clone()))
            .collect(),
        test,
        roots,
    })
}

/// The first part of an expression that no words of a text can answer.
fn not_words(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Everything | Expr::Filter(_) | Expr::Not(_) | Expr::Speaker(_) => Some(expr),
        Expr::Word(_) | Expr::Actor { .. } => None,
        Expr::And(parts) | Expr::Or(parts) => parts.iter().find_map(not_words),
        Expr::Near { left, right, .. } => not_words(left).or_else(|| not_words(right)),
        Expr::Within { part, .. } | Expr::AtLeast { part, .. } => not_words(part),
    }
}

/// Reads the articles of one story, one after another.
pub struct Reading<'a> {
    tagger: Tagger,
    /// What the lexicon's names are names of; any other is a place of the gazetteer.
    kinds: HashMap<&'a str, OnlyKind>,
    probes: &'a Probes,
    pub vocabulary: Vocabulary,
}

impl<'a> Reading<'a> {
    pub fn new(lexicon: &'a Lexicon, probes: &'a Probes) -> Reading<'a> {
        let actors = lexicon.actors.iter().map(|actor| {
            let kind = match actor.kind {
                ActorKind::Place => OnlyKind::Place,
                ActorKind::Concept => OnlyKind::Concept,
                _ => OnlyKind::Actor,
            };
            (actor.id.as_str(), kind)
        });
        let concepts = lexicon
            .concepts
            .iter()
            .map(|concept| (concept.id.as_str(), OnlyKind::Concept));
        Reading {
            kinds: actors.chain(concepts).collect(),
            tagger: Tagger::new(&Topics::default(), &with_concepts(lexicon)),
            probes,
            vocabulary: Vocabulary::default(),
        }
    }

    /// What one article says. `versions` are all its states, oldest first, where there are several.
    pub fn facts(&mut self, article: &Article, outlet: Option<&str>, n: u32, versions: &[VersionRow]) -> Facts {
        let folded = Folded::of(article);
        let names = self.tagger.names(&folded.texts(), article.lang.as_deref());
        let mut facts = evidence::facts(article, outlet, n, &folded, names, self.probes, &mut self.vocabulary);
        let first = versions.first().filter(|first| first.title != article.title);
        facts.first_signs = first.and_then(|first| {
            let folded = Folded::of_texts(&first.title, first.standfirst.as_deref(), &first.text);
            let names = self.tagger.names(&folded.texts(), article.lang.as_deref());
            evidence::title_signs(article.lang.as_deref(), &folded, names)
        });
        facts.changes = self.changes(article.lang.as_deref(), versions);
        facts
    }

    /// Who says what in one article.
    pub fn quotes(&self, article: &Article) -> Vec<Quote> {
        let folded = Folded::of(article);
        let names = self.tagger.names(&folded.texts(), article.lang.as_deref());
        evidence::quotes(article, &folded, names)
    }

    /// What has no language in an article, for the other editions of its outlet.
    pub fn across(&self, article: &Article, n: u32, mentions: &[Mention], facts: &mut Facts) {
        let body = article.text.chars().count().max(1);
        let mentioned = |mention: &Mention| {
            let at: Vec<(Field, u32, u32)> = (mention.hits.iter())
                .flat_map(|hit| hit.at.iter().map(|(start, end)| (hit.field, *start, *end)))
                .collect();
            let first = mention.hits.first()?;
            let (start, end) = first.at.first().copied().unwrap_or_default();
            let position = match first.field {
                Field::Body => u8::try_from(start as usize * 100 / body).unwrap_or(100),
                Field::Title | Field::Lead => 0,
            };
            Some(Mentioned {
                kind: self
                    .kinds
                    .get(mention.actor.as_str())
                    .copied()
                    .unwrap_or(OnlyKind::Place),
                id: mention.actor.clone(),
                written: first.term.clone(),
                count: mention.hits.iter().map(|hit| hit.count).sum(),
                first: Place {
                    article_id: article.id.clone(),
                    version: n,
                    field: first.field,
                    start: start as usize,
                    end: end as usize,
                    position,
                },
                at,
            })
        };
        facts.mentioned = mentions.iter().filter_map(mentioned).collect();
        let lead = article.standfirst.as_deref().unwrap_or_default();
        let fields = [
            (Field::Title, article.title.as_str()),
            (Field::Lead, lead),
            (Field::Body, &article.text),
        ];
        facts.figures = editions::figures(article, n, &fields);
    }

    /// By the number of the version that each change made.
    pub fn changes(&self, lang: Option<&str>, versions: &[VersionRow]) -> BTreeMap<u32, Changed> {
        let mut changes = BTreeMap::new();
        for pair in versions.windows(2) {
            if let [before, after] = pair {
                changes.insert(after.n, self.change(lang, before, after));
            }
        }
        changes
    }

    pub fn change(&self, lang: Option<&str>, before: &VersionRow, after: &VersionRow) -> Changed {
        let old = Folded::of_texts(&before.title, before.standfirst.as_deref(), &before.text);
        let new = Folded::of_texts(&after.title, after.standfirst.as_deref(), &after.text);
        let (old_names, new_names) = (
            self.tagger.names(&old.texts(), lang),
            self.tagger.names(&new.texts(), lang),
        );
        evidence::change(lang, (&old, &old_names), (&new, &new_names))
    }
}

/// Why two versions cannot be laid side by side.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    #[error("only one version of {0} was ever seen")]
    OneVersion(ArticleId),
    #[error("{article} has no version {n}, only 1 to {most}")]
    NoVersion { article: ArticleId, n: u32, most: u32 },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What changed from one version of an article to another: from the last but one to the newest unless said.
pub fn difference(
    reader: &Reader,
    lexicon: &Lexicon,
    article: &str,
    from: Option<u32>,
    to: Option<u32>,
) -> Result<Difference, DiffError> {
    let rowid = reader.article_by_prefix(article)?;
    let row = reader
        .articles(&[rowid])?
        .pop()
        .ok_or_else(|| StoreError::NoArticle(article.to_owned()))?;
    let versions = reader.versions(rowid)?;
    let most = versions.last().map_or(0, |version| version.n);
    if versions.len() < 2 {
        return Err(DiffError::OneVersion(row.id));
    }
    let to = to.unwrap_or(most);
    let from = from.unwrap_or(to.saturating_sub(1));
    let version = |n: u32| {
        let found = versions.iter().find(|version| version.n == n);
        found.ok_or_else(|| DiffError::NoVersion {
            article: row.id.clone(),
            n,
            most,
        })
    };
    let (before, after) = (version(from)?, version(to)?);
    let probes = Probes::default();
    let changed = Reading::new(lexicon, &probes).change(row.lang.as_deref(), before, after);
    let head = |version: &VersionRow| VersionHead {
        n: version.n,
        seen_at: version.seen_at,
    };
    let folded = Folded::of_texts(&after.title, after.standfirst.as_deref(), &after.text);
    let text = |field: Field| {
        folded
            .fields
            .iter()
            .find(|known| known.0 == field)
            .map_or("", |known| known.1)
    };
    Ok(Difference {
        article_id: row.id.clone(),
        source_id: row.source.clone(),
        url: row.url.clone(),
        from: head(before),
        to: head(after),
        class: changed.class,
        why: changed.why,
        title_changed: changed.title_changed,
        added: changed.added,
        removed: changed.removed,
        title: text(Field::Title).to_owned(),
        lead: text(Field::Lead).to_owned(),
        body: text(Field::Body).to_owned(),
        changes: changed.changes,
    })
}
