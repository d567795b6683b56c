//! An encoder that the reader supplies: a folder with `model.onnx`, `tokenizer.json` and `encoder.toml`.
//!
//! The files are the reader's, and may be anything: what is wrong with them is an error in words. Texts are worked on one
//! by one, so that a text gives the same vector alone and among others.

mod model;
mod tokens;

use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use xxhash_rust::xxh3::Xxh3;

use super::{EncodeError, LONGEST_TEXT};
use crate::config;
use model::Model;
use tokens::Tokens;

const MODEL: &str = "model.onnx";
const TOKENIZER: &str = "tokenizer.json";
const FILES: &str =
    "the folder of an encoder has model.onnx, tokenizer.json and encoder.toml; docs/encoders.md has one";
const EXPORT: &str =
    "it must be a sentence transformer exported to ONNX in one file; docs/encoders.md says what vigie reads";

pub struct Supplied {
    folder: PathBuf,
    /// The name it was given, and a hash of all that its vectors depend on.
    name: String,
    normalise: bool,
    languages: Vec<String>,
    tokens: Tokens,
    model: Model,
}

impl Supplied {
    /// Read at the first call, the same for every later one that names the same folder.
    pub fn shared(folder: &Path) -> Result<Arc<Supplied>, EncodeError> {
        static SHARED: Mutex<Option<Arc<Supplied>>> = Mutex::new(None);
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = shared.as_ref().filter(|known| known.folder == folder) {
            return Ok(Arc::clone(known));
        }
        let read = Arc::new(Supplied::read(folder)?);
        *shared = Some(Arc::clone(&read));
        Ok(read)
    }

    fn read(folder: &Path) -> Result<Supplied, EncodeError> {
        let settings = config::encoder(folder).map_err(|error| EncodeError::Supplied(error.to_string()))?;
        let unreadable = |path: &Path, error| {
            let path = path.display();
            EncodeError::Supplied(format!("cannot read {path}: {error}\nhint: {FILES}"))
        };
        let (model, tokenizer) = (folder.join(MODEL), folder.join(TOKENIZER));
        let mut hash = Xxh3::new();
        hash_file(&model, &mut hash).map_err(|error| unreadable(&model, error))?;
        let json = std::fs::read(&tokenizer).map_err(|error| unreadable(&tokenizer, error))?;
        hash.update(&json);
        // Not the languages, nor the name: no vector is another for them.
        let uses = (
            &settings.pooling,
            settings.most_tokens,
            settings.normalise,
            &settings.prefix,
        );
        hash.update(format!("{uses:?}").as_bytes());
        let damaged = |path: &Path, hint: &str, what: String| {
            EncodeError::Supplied(format!("{}: {what}\nhint: {hint}", path.display()))
        };
        let tokens = guarded(|| Tokens::read(&json, settings.most_tokens, &settings.prefix)).map_err(|what| {
            damaged(
                &tokenizer,
                "it must be the `tokenizer.json` that comes with the model",
                what,
            )
        })?;
        let of_model = |what| damaged(&model, EXPORT, what);
        let mut read = guarded(|| Model::read(&model, &settings.pooling)).map_err(of_model)?;
        let some = guarded(|| read.vector(&tokens.of("vigie")?));
        read.dim = some.map_err(of_model)?.len();
        Ok(Supplied {
            folder: folder.to_owned(),
            name: format!("{}@{:016x}", settings.name, hash.digest()),
            normalise: settings.normalise,
            languages: settings.languages,
            tokens,
            model: read,
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn dim(&self) -> usize {
        self.model.dim
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn knows(&self, base: &str) -> bool {
        self.languages.is_empty() || self.languages.iter().any(|lang| lang.split('-').next() == Some(base))
    }

    pub fn embed(&self, texts: &[&str]) -> Vec<Result<Vec<f32>, EncodeError>> {
        texts
            .iter()
            .map(|text| {
                guarded(|| self.vector(text)).map_err(|what| {
                    EncodeError::Supplied(format!(
                        "the encoder in {} gave no vector: {what}\nhint: `most_tokens` of encoder.toml must be no more than the model can read",
                        self.folder.display()
                    ))
                })
            })
            .collect()
    }

    fn vector(&self, text: &str) -> Result<Vec<f32>, String> {
        let end = text.floor_char_boundary(LONGEST_TEXT);
        let mut vector = self.model.vector(&self.tokens.of(&text[..end])?)?;
        if vector.len() != self.dim() {
            return Err(format!("{} numbers, not {}", vector.len(), self.dim()));
        }
        let norm = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
        if !norm.is_finite() {
            return Err("numbers that are none".to_owned());
        }
        if self.normalise && norm > 0.0 {
            vector.iter_mut().for_each(|value| *value /= norm);
        }
        Ok(vector)
    }
}

/// Its bytes, and how many there are. A model is hundreds of megabytes.
fn hash_file(path: &Path, hash: &mut Xxh3) -> std::io::Result<()> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    let mut length = 0_u64;
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => {
                hash.update(&buffer[..n]);
                length += n as u64;
            }
        }
    }
    hash.update(&length.to_le_bytes());
    Ok(())
}

/// What reads the files is other people's code, and some of it panics at what it does not expect.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("reading it failed altogether".to_owned()))
}

impl std::fmt::Debug for Supplied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Supplied").field("name", &self.name).finish()
    }
}
