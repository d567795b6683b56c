//! Reading a spec for a command, and telling its mistakes by file, line and column.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::query;
use crate::config::stories::{self, StoryFile};
use crate::config::story_edit;
use crate::config::{Config, ConfigError};
use crate::model::comparison::EarlierStory;
use crate::query::{self as language, Context, Known};
use crate::read::draft;
use crate::read::search::ReadError;
use crate::read::story::{Subject, forms, in_spec};
use crate::store::{Reader, StoreError};

use super::suggested;

/// The spec of that id, if there is one; of a suggested story, the one that `vigie story accept` would write.
pub fn find(common: &Common, id: &str) -> anyhow::Result<Option<StoryFile>> {
    if suggested::is_one(id) {
        let reader = common.reader()?;
        let story = suggested::find(&reader, id, suggested::ever())?;
        let lexicon = query::config_or_builtin(common)?.lexicon;
        let name = story.id.replace(':', "-");
        let text = story_edit::write(&draft::spec(&reader, &lexicon, &story, &name)?);
        return Ok(Some(stories::parse(id, &text).map_err(ConfigError::from)?));
    }
    Ok(stories::load(&common.config, id)?)
}

/// The spec of that id, which must be there.
pub fn get(common: &Common, id: &str) -> anyhow::Result<StoryFile> {
    if let Some(file) = find(common, id)? {
        return Ok(file);
    }
    let ids = stories::ids(&common.config)?;
    let hint = match query::nearest(id, ids.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near}?"),
        None if ids.is_empty() => "`vigie story new ID --from-query QUERY` writes one".to_owned(),
        None => "`vigie story list` shows them".to_owned(),
    };
    let path = stories::path(&common.config, id);
    Err(mistake(format!("there is no story {}\nhint: {hint}", path.display())))
}

/// Everything that is wrong with a spec once its queries are read: unknown actors, sources and ids included.
pub fn check(
    common: &Common,
    reader: &Reader,
    config: &Config,
    file: &StoryFile,
    context: &Context<'_>,
) -> anyhow::Result<()> {
    let spec = &file.spec;
    let known = query::known(common, reader, config)?;
    let sources = query::sources(common, reader)?;
    forms(Subject::Spec(spec), &sources, &config.lexicon, context).map_err(|error| faulty(file, error))?;
    for (n, id) in spec.expect.iter().enumerate() {
        if !known.sources.contains(id) {
            let hint = query::nearest(id, known.sources.iter().map(String::as_str)).map_or_else(
                || "`vigie sources list` shows their ids".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(located(
                file,
                &format!("expect.{n}"),
                format!("there is no source `{id}`"),
                Some(hint),
            ));
        }
    }
    for (n, id) in spec.pins.within.iter().enumerate() {
        if let Err(error @ (StoreError::NoArticle(_) | StoreError::Ambiguous(_))) = reader.article_by_prefix(id) {
            let hint = "`vigie query` shows the ids of what is in this store".to_owned();
            return Err(located(file, &format!("pins.in.{n}"), error.to_string(), Some(hint)));
        }
    }
    let context = Context {
        relation: Some(&spec.relation),
        ..*context
    };
    let queries = (spec.matches.iter().map(|typed| ("match".to_owned(), typed)))
        .chain(spec.topic.iter().map(|typed| ("topic".to_owned(), typed)))
        .chain(
            spec.probes
                .iter()
                .map(|probe| (format!("probes.{}", probe.name), &probe.query)),
        );
    for (key, typed) in queries {
        filters(reader, &known, typed, &context).map_err(|error| faulty(file, in_spec(&key, error).into()))?;
    }
    Ok(())
}

fn filters(reader: &Reader, known: &Known, typed: &str, context: &Context<'_>) -> Result<(), language::QueryError> {
    query::check(reader, known.clone(), &language::parse(typed, context)?)
}

/// An error of the reading with its place in the spec's file.
pub fn faulty(file: &StoryFile, error: ReadError) -> anyhow::Error {
    match error {
        ReadError::Spec(fault) => {
            ConfigError::from(file.fault(&fault.key, fault.within, fault.message, fault.hint)).into()
        }
        other => query::misread(other),
    }
}

/// The other stories on the same relation that begin earlier. A file that cannot be read is for `story check` to tell.
pub fn earlier(common: &Common, id: &str, relation: &[String], before: Timestamp) -> anyhow::Result<Vec<EarlierStory>> {
    let set = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<String>>();
    let mut earlier = Vec::new();
    if relation.is_empty() {
        return Ok(earlier);
    }
    for other in stories::ids(&common.config)?.into_iter().filter(|other| other != id) {
        let Ok(Some(file)) = stories::load(&common.config, &other) else {
            continue;
        };
        let spec = file.spec;
        if spec.window.since < before && set(&spec.relation) == set(relation) {
            earlier.push(EarlierStory {
                window: spec.window.at(before),
                id: spec.id,
                title: spec.title,
            });
        }
    }
    earlier.sort_by(|a, b| (b.window.min, &a.id).cmp(&(a.window.min, &b.id)));
    Ok(earlier)
}

fn located(file: &StoryFile, key: &str, message: String, hint: Option<String>) -> anyhow::Error {
    ConfigError::from(file.fault(key, None, message, hint)).into()
}
