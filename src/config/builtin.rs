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
    #[test]
    fn what_is_shipped_is_valid() {
        let config = super::config().unwrap_or_else(|errors| panic!("{errors}"));
        assert!(config.sources.len() >= 80, "{}", config.sources.len());
        assert!(config.lexicon.actors.iter().any(|actor| actor.id == "jack-lang"));
        assert!(config.topics.topics.iter().any(|topic| topic.id == "cultural-exchange"));
    }
}
