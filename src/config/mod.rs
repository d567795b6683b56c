//! TOML files to checked model values.
//!
//! Takes text, gives `Source`s, `Topics`, `Lexicon`, stories' specs, or errors with file, line, caret and a hint. Never touches the network.

mod address;
pub mod builtin;
pub mod codebook;
pub mod decisions;
pub mod edit;
pub mod encoder;
mod fields;
mod form;
pub mod hosts;
mod lang;
pub mod lexicon;
mod place;
pub mod preset;
mod problem;
pub mod provisional;
pub mod saved;
mod schedule;
mod selector;
pub mod sources;
pub mod stories;
pub mod story_edit;
#[cfg(test)]
mod tests;
pub mod topics;
pub mod whole;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::model::codebook::Codebook;
use crate::model::decision::Decisions;
use crate::model::{Lexicon, Source, Topics};

pub use problem::{ConfigErrors, Problem};
pub use sources::{Crawler, SourcesFile};

/// Everything declared in one folder.
#[derive(Debug, Clone)]
pub struct Config {
    pub crawler: Crawler,
    pub sources: Vec<Source>,
    pub topics: Topics,
    pub lexicon: Lexicon,
    pub decisions: Decisions,
    /// By what texts are measured.
    pub encoder: WhichEncoder,
    hosts: hosts::HostIndex,
}

/// The sentence encoder that texts are measured by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum WhichEncoder {
    #[default]
    None,
    OnBoard,
    /// In a folder of the reader's.
    Supplied(PathBuf),
}

/// Why a folder's configuration cannot be used. Every text is whole, hint included, but for the leading `error: `.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("there is no {}\nhint: `vigie init` writes one to begin with", path.display())]
    Missing { path: PathBuf },
    #[error(
        "there is no {}\nhint: a codebook has a [[variable]] for each thing to judge; docs/config.md has one",
        path.display()
    )]
    NoCodebook { path: PathBuf },
    #[error(
        "there is no {}\nhint: the folder of an encoder has model.onnx, tokenizer.json and encoder.toml; docs/encoders.md has one",
        path.display()
    )]
    NoEncoder { path: PathBuf },
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{}:{line}: this is not UTF-8\nhint: save the file with the encoding UTF-8", path.display())]
    NotUtf8 { path: PathBuf, line: usize },
    #[error(transparent)]
    Invalid(#[from] ConfigErrors),
}

impl Config {
    pub fn new(file: SourcesFile, topics: Topics, lexicon: Lexicon) -> Config {
        Config {
            hosts: hosts::HostIndex::new(&file.sources),
            crawler: file.crawler,
            sources: file.sources,
            topics,
            lexicon,
            decisions: Decisions::default(),
            encoder: WhichEncoder::None,
        }
    }

    /// Nothing declared: an import can do without.
    pub fn empty() -> Config {
        Config::new(SourcesFile::default(), Topics::default(), Lexicon::default())
    }

    /// Reads `sources.toml`, and the other files where they are; the problems of all come together.
    pub fn load(dir: &Path) -> Result<Config, ConfigError> {
        let path = |name: &str| below(dir, name);
        let file = path("sources.toml");
        let sources = match read(&file)? {
            Some(text) => sources::parse(&file.display().to_string(), &text),
            None => return Err(ConfigError::Missing { path: file }),
        };
        let topics = optional(&path("topics.toml"), topics::parse)?;
        let lexicon = optional(&path("lexicon.toml"), lexicon::parse)?;
        let decisions = optional(&decisions::path(dir), decisions::parse)?;
        match (sources, topics, lexicon, decisions) {
            (Ok(sources), Ok(topics), Ok(lexicon), Ok(decisions)) => Ok(Config {
                decisions,
                ..Config::new(sources, topics, lexicon)
            }),
            (sources, topics, lexicon, decisions) => {
                let mut all = ConfigErrors::default();
                let errors = [sources.err(), topics.err(), lexicon.err(), decisions.err()];
                errors.into_iter().flatten().for_each(|errors| all.extend(errors));
                Err(ConfigError::Invalid(all))
            }
        }
    }

    /// Where there is no `sources.toml`: the folder's other files, as far as there are any, in the place of `base`'s.
    pub fn without_sources(dir: &Path, base: Config) -> Result<Config, ConfigError> {
        let mut config = base;
        let file = below(dir, "topics.toml");
        if let Some(text) = read(&file)? {
            config.topics = topics::parse(&file.display().to_string(), &text)?;
        }
        let file = below(dir, "lexicon.toml");
        if let Some(text) = read(&file)? {
            config.lexicon = lexicon::parse(&file.display().to_string(), &text)?;
        }
        config.decisions = decisions::load(dir)?;
        Ok(config)
    }

    /// Reads the saved searches of a folder, and gives the text they stand in; none where there is no such file.
    pub fn saved(dir: &Path) -> Result<SavedFile, ConfigError> {
        let path = below(dir, "saved.toml");
        let text = read(&path)?.unwrap_or_default();
        let searches = saved::parse(&path.display().to_string(), &text)?;
        Ok(SavedFile { path, text, searches })
    }

    /// Reads one codebook.
    pub fn codebook(path: &Path) -> Result<Codebook, ConfigError> {
        let text = read(path)?.ok_or_else(|| ConfigError::NoCodebook { path: path.to_owned() })?;
        Ok(codebook::parse(&path.display().to_string(), &text)?)
    }

    /// Reads one file of topics.
    pub fn topics(path: &Path) -> Result<Topics, ConfigError> {
        let text = read(path)?.ok_or_else(|| ConfigError::Missing { path: path.to_owned() })?;
        Ok(topics::parse(&path.display().to_string(), &text)?)
    }

    /// The source that claims an address, by its host and path.
    pub fn source_for_url(&self, url: &str) -> Option<&Source> {
        self.hosts.find(url).and_then(|at| self.sources.get(at))
    }

    /// The source of that id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }
}

/// Reads how the encoder of a folder is used.
pub fn encoder(dir: &Path) -> Result<encoder::Settings, ConfigError> {
    let path = below(dir, encoder::FILE);
    let text = read(&path)?.ok_or_else(|| ConfigError::NoEncoder { path: path.clone() })?;
    Ok(encoder::parse(&path.display().to_string(), &text)?)
}

/// `saved.toml` as it was found.
#[derive(Debug)]
pub struct SavedFile {
    pub path: PathBuf,
    pub text: String,
    pub searches: Vec<saved::Placed>,
}

/// A file of the folder, as the errors name it.
fn below(dir: &Path, name: &str) -> PathBuf {
    match dir == Path::new(".") {
        true => PathBuf::from(name),
        false => dir.join(name),
    }
}

fn optional<T: Default>(
    path: &Path,
    parse: impl Fn(&str, &str) -> Result<T, ConfigErrors>,
) -> Result<Result<T, ConfigErrors>, ConfigError> {
    let text = read(path)?;
    Ok(text.map_or(Ok(T::default()), |text| parse(&path.display().to_string(), &text)))
}

/// The file's text, `None` if there is no such file. One byte more than is allowed is read, so that the parser refuses it.
fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mut bytes = Vec::new();
    let limit = fields::MAX_BYTES as u64 + 1;
    file.take(limit).read_to_end(&mut bytes).map_err(unreadable)?;
    // The cut may fall inside a character; the text is refused for its length anyway.
    if bytes.len() > fields::MAX_BYTES {
        return Ok(Some(String::from_utf8_lossy(&bytes).into_owned()));
    }
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error
            .as_bytes()
            .iter()
            .take(good)
            .filter(|&&byte| byte == b'\n')
            .count()
            + 1;
        ConfigError::NotUtf8 {
            path: path.to_owned(),
            line,
        }
    })
}
