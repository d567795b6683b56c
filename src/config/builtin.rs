//! The three files as the repository ships them: what `vigie init` writes from, and what is used where a
//! folder has none.

use super::{Config, ConfigErrors, lexicon, sources, topics};

pub const SOURCES: &str = include_str!("../../sources.toml");
pub const TOPICS: &str = include_str!("../../topics.toml");
pub const LEXICON: &str = include_str!("../../lexicon.toml");

/// The shipped configuration, checked like anybody's.
pub fn config() -> Result<Config, ConfigErrors> {
    Ok(Config::new(
        sources::parse("sources.toml", SOURCES)?,
        topics::parse("topics.toml", TOPICS)?,
        lexicon::parse("lexicon.toml", LEXICON)?,
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use crate::text::fold::fold;

    #[test]
    fn what_is_shipped_is_valid() {
        let config = super::config().unwrap_or_else(|errors| panic!("{errors}"));
        assert!(config.sources.len() >= 80, "{}", config.sources.len());
        assert!(config.lexicon.actors.iter().any(|actor| actor.id == "jack-lang"));
        assert!(config.topics.topics.iter().any(|topic| topic.id == "cultural-exchange"));
    }

    /// A word of two concepts, or of a concept and an actor, would stand for either: it names neither.
    #[test]
    fn a_concepts_words_are_its_own_and_in_four_languages() {
        let lexicon = super::config().unwrap_or_else(|errors| panic!("{errors}")).lexicon;
        assert!(lexicon.concepts.len() >= 80, "{}", lexicon.concepts.len());
        let mut wrong = Vec::new();
        let mut owners: HashMap<String, &str> = HashMap::new();
        for actor in &lexicon.actors {
            for name in actor.names.values().flatten().chain(&actor.aliases) {
                owners.insert(fold(name).into_owned(), &actor.id);
            }
        }
        for concept in &lexicon.concepts {
            if !["en", "fr", "ko", "zh"].iter().eq(concept.names.keys()) {
                wrong.push(format!("{} is in {:?}", concept.id, concept.names.keys()));
            }
            for name in concept.names.values().flatten() {
                match owners.insert(fold(name).into_owned(), &concept.id) {
                    Some(owner) if owner != concept.id => wrong.push(format!("{name}: {owner} and {}", concept.id)),
                    _ => {}
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
