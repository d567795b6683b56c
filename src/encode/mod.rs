//! The multilingual sentence encoder: text to a vector that sentences of one meaning share across languages.
//!
//! Takes texts, gives vectors of unit length. Google's Universal Sentence Encoder, multilingual, version 3: pieces of
//! words, what stands two to five pieces around each, and a small network over their sum. The weights are data
//! (`data/reference/encoder.zst`); the way from text to vector is plain arithmetic, so the same text gives the same
//! bits on one machine, alone or among others, in any order.

mod convolution;
mod data;
mod features;
mod forward;
mod network;
mod normalise;
mod pieces;
mod product;
mod table;
mod tree;
mod weights;

use std::sync::{Arc, OnceLock};

use features::Features;
use forward::Stretch;
use normalise::Normaliser;
use pieces::Pieces;
use table::Table;
use weights::Weights;

/// Languages that the encoder was trained on. What it makes of any other is alike for all texts of that language.
const LANGUAGES: [&str; 15] = [
    "ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh",
];

/// Whether vectors of this language tell its texts apart.
pub fn knows(lang: &str) -> bool {
    LANGUAGES.contains(&lang.split('-').next().unwrap_or(lang))
}

/// Numbers in a vector.
pub const DIM: usize = 512;

/// Pieces worked on at once: enough to keep the products efficient, few enough to need some ten megabytes.
const BATCH: usize = 1024;
/// A text is read as far as this many bytes. The longest article is a tenth of it, and its meaning is no sentence's.
const LONGEST_TEXT: usize = 1 << 20;

/// Why there is no encoder.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EncodeError {
    #[error(
        "cannot read the encoder's data, {path}: {error}\nhint: a program built with --release carries them within itself"
    )]
    Unreadable { path: String, error: String },
    #[error("the encoder's data are damaged: {0}")]
    Damaged(String),
}

/// The encoder. Threads may share it: what it keeps between texts makes nothing but speed.
pub struct Encoder {
    normaliser: Normaliser,
    pieces: Pieces,
    table: Table,
    weights: Weights,
    features: Features,
}

impl Encoder {
    /// The encoder whose data come with the program: read at the first call, the same for every later one.
    pub fn on_board() -> Result<Arc<Encoder>, EncodeError> {
        static SHARED: OnceLock<Result<Arc<Encoder>, EncodeError>> = OnceLock::new();
        SHARED
            .get_or_init(|| Encoder::read(data::Frames::on_board()?).map(Arc::new))
            .clone()
    }

    fn read(frames: data::Frames) -> Result<Encoder, EncodeError> {
        let head = frames.unpack(0)?;
        let mut fields = data::Fields::new(&head);
        let scales = table::Scales::read(&mut fields)?;
        let weights = Weights::read(&mut fields)?;
        let normaliser = Normaliser::read(&mut fields)?;
        let pieces = Pieces::read(&mut fields)?;
        fields.end()?;
        Ok(Encoder {
            normaliser,
            table: Table::new(frames, scales, pieces.len())?,
            pieces,
            weights,
            features: Features::default(),
        })
    }

    /// A vector of unit length for each text, in order. A text without letters gives one too, which means nothing.
    pub fn embed(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        let mut vectors = Vec::with_capacity(texts.len());
        let mut waiting: Vec<Vec<u32>> = Vec::new();
        for text in texts {
            let ids = self.pieces_of(text);
            if waiting.iter().map(Vec::len).sum::<usize>() + ids.len() > BATCH {
                self.encode(&std::mem::take(&mut waiting), &mut vectors);
            }
            if ids.len() > BATCH {
                self.encode_long(&ids, &mut vectors);
            } else {
                waiting.push(ids);
            }
        }
        self.encode(&waiting, &mut vectors);
        vectors
    }

    fn pieces_of(&self, text: &str) -> Vec<u32> {
        let end = text.floor_char_boundary(LONGEST_TEXT);
        self.pieces.of(&self.normaliser.normalise(&text[..end]))
    }

    /// A batch of texts that are each worked on whole.
    fn encode(&self, texts: &[Vec<u32>], vectors: &mut Vec<Vec<f32>>) {
        if texts.is_empty() {
            return;
        }
        let stretches: Vec<Stretch> = texts.iter().map(|ids| Stretch::whole(ids)).collect();
        let sums = self.sums(&stretches);
        let lengths: Vec<usize> = texts.iter().map(Vec::len).collect();
        network::vectors(&self.weights, sums, &lengths, vectors);
    }

    /// A text of more pieces than are worked on at once: stretch by stretch, their sums added up.
    fn encode_long(&self, ids: &[u32], vectors: &mut Vec<Vec<f32>>) {
        let mut total = vec![0.0; forward::WIDTH];
        for start in (0..ids.len()).step_by(BATCH) {
            let stretch = Stretch::within(ids, start, (start + BATCH).min(ids.len()));
            for (total, part) in total.iter_mut().zip(self.sums(&[stretch])) {
                *total += part;
            }
        }
        network::vectors(&self.weights, total, &[ids.len()], vectors);
    }

    fn sums(&self, stretches: &[Stretch<'_>]) -> Vec<f32> {
        forward::sums(&self.weights, &self.table, &self.features, stretches)
    }
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("pieces", &self.pieces.len()).finish()
    }
}

#[cfg(test)]
mod tests;
