//! The encoder that vigie comes with: Google's Universal Sentence Encoder, multilingual, version 3.
//!
//! Takes texts, gives vectors of unit length. Pieces of words, what stands two to five pieces around each, and a small
//! network over their sum. The weights are data (`data/reference/encoder.zst`); the way from text to vector is plain
//! arithmetic, so the same text gives the same bits on one machine, alone or among others, in any order.

use std::sync::{Arc, OnceLock};

use super::features::Features;
use super::forward::{self, Stretch};
use super::normalise::Normaliser;
use super::pieces::Pieces;
use super::table::{self, Table};
use super::weights::Weights;
use super::{EncodeError, LONGEST_TEXT, data, network};

/// Its name, and the hash of its data, as a store keeps it beside its vectors.
pub const NAME: &str = "use-multilingual-3@e73f88d5338600da";

/// Languages that it was trained on. What it makes of any other is alike for all texts of that language.
pub const LANGUAGES: [&str; 15] = [
    "ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh",
];

/// Numbers in a vector.
pub const DIM: usize = 512;

/// Pieces worked on at once: enough to keep the products efficient, few enough to need some ten megabytes.
const BATCH: usize = 1024;

/// Threads may share it: what it keeps between texts makes nothing but speed.
pub struct OnBoard {
    normaliser: Normaliser,
    pieces: Pieces,
    table: Table,
    weights: Weights,
    features: Features,
}

impl OnBoard {
    /// Read at the first call, the same for every later one.
    pub fn shared() -> Result<Arc<OnBoard>, EncodeError> {
        static SHARED: OnceLock<Result<Arc<OnBoard>, EncodeError>> = OnceLock::new();
        SHARED
            .get_or_init(|| OnBoard::read(data::Frames::on_board()?).map(Arc::new))
            .clone()
    }

    fn read(frames: data::Frames) -> Result<OnBoard, EncodeError> {
        let head = frames.unpack(0)?;
        let mut fields = data::Fields::new(&head);
        let scales = table::Scales::read(&mut fields)?;
        let weights = Weights::read(&mut fields)?;
        let normaliser = Normaliser::read(&mut fields)?;
        let pieces = Pieces::read(&mut fields)?;
        fields.end()?;
        Ok(OnBoard {
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

impl std::fmt::Debug for OnBoard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OnBoard").field("pieces", &self.pieces.len()).finish()
    }
}

#[cfg(test)]
mod tests;
