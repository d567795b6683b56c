//! Sentence encoders: text to a vector that sentences of one meaning share across languages.
//!
//! Takes texts, gives vectors. One comes with vigie; with the feature `onnx` the reader may supply another. Vectors of two
//! are of two worlds, and never compared: each encoder has a name, which a store keeps beside its vectors.

mod convolution;
mod data;
mod features;
mod forward;
mod network;
mod normalise;
mod on_board;
mod pieces;
mod product;
#[cfg(feature = "onnx")]
mod supplied;
mod table;
mod tree;
mod weights;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::WhichEncoder;

pub use on_board::{DIM, NAME as ON_BOARD, OnBoard};

/// A text is read as far as this many bytes. The longest article is a tenth of it, and its meaning is no sentence's.
const LONGEST_TEXT: usize = 1 << 20;

/// Why there is no encoder, or no vector.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EncodeError {
    #[error(
        "cannot read the encoder's data, {path}: {error}\nhint: a program built with --release carries them within itself"
    )]
    Unreadable { path: String, error: String },
    #[error("the encoder's data are damaged: {0}")]
    Damaged(String),
    #[error(
        "this vigie was built without the feature `onnx`, and cannot read the encoder in {}\nhint: cargo install --path . --features onnx",
        .0.display()
    )]
    NotBuilt(PathBuf),
    /// Of the encoder that the reader named. The text is whole.
    #[error("{0}")]
    Supplied(String),
}

impl EncodeError {
    /// Whether the reader can set it right.
    pub fn is_mistake(&self) -> bool {
        matches!(self, EncodeError::NotBuilt(_) | EncodeError::Supplied(_))
    }
}

/// An encoder. Threads may share it; a copy is the same one.
#[derive(Debug, Clone)]
pub enum Encoder {
    OnBoard(Arc<OnBoard>),
    #[cfg(feature = "onnx")]
    Supplied(Arc<supplied::Supplied>),
}

impl Encoder {
    /// The one that is wanted. That on board is done without where it cannot be read, which is said; one that the reader
    /// named is not.
    pub fn open(which: &WhichEncoder) -> Result<Option<Encoder>, EncodeError> {
        match which {
            WhichEncoder::None => Ok(None),
            WhichEncoder::OnBoard => Ok(Encoder::required(which)
                .inspect_err(|error| tracing::warn!("working without the sentence encoder: {error}"))
                .ok()),
            WhichEncoder::Supplied(_) => Encoder::required(which).map(Some),
        }
    }

    /// The same for what is nothing without one.
    pub fn required(which: &WhichEncoder) -> Result<Encoder, EncodeError> {
        match which {
            WhichEncoder::None | WhichEncoder::OnBoard => OnBoard::shared().map(Encoder::OnBoard),
            #[cfg(feature = "onnx")]
            WhichEncoder::Supplied(folder) => supplied::Supplied::shared(folder).map(Encoder::Supplied),
            #[cfg(not(feature = "onnx"))]
            WhichEncoder::Supplied(folder) => Err(EncodeError::NotBuilt(folder.clone())),
        }
    }

    /// What tells its vectors from those of every other: its name and a hash of what it is made of.
    pub fn name(&self) -> &str {
        match self {
            Encoder::OnBoard(_) => ON_BOARD,
            #[cfg(feature = "onnx")]
            Encoder::Supplied(supplied) => supplied.name(),
        }
    }

    /// Numbers in a vector.
    pub fn dim(&self) -> usize {
        match self {
            Encoder::OnBoard(_) => DIM,
            #[cfg(feature = "onnx")]
            Encoder::Supplied(supplied) => supplied.dim(),
        }
    }

    /// Where the reader's own lies, and what was fitted to it; `None`: on board.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Encoder::OnBoard(_) => None,
            #[cfg(feature = "onnx")]
            Encoder::Supplied(supplied) => Some(supplied.folder()),
        }
    }

    /// Whether vectors of this language tell its texts apart.
    pub fn knows(&self, lang: &str) -> bool {
        let base = lang.split('-').next().unwrap_or(lang);
        match self {
            Encoder::OnBoard(_) => on_board::LANGUAGES.contains(&base),
            #[cfg(feature = "onnx")]
            Encoder::Supplied(supplied) => supplied.knows(base),
        }
    }

    /// For each text, in order, its vector, or why it has none. That on board never fails.
    pub fn embed(&self, texts: &[&str]) -> Vec<Result<Vec<f32>, EncodeError>> {
        match self {
            Encoder::OnBoard(encoder) => encoder.embed(texts).into_iter().map(Ok).collect(),
            #[cfg(feature = "onnx")]
            Encoder::Supplied(supplied) => supplied.embed(texts),
        }
    }
}
