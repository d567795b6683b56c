//! By what texts and vectors are measured in a run: the encoder of new vectors, and what was fitted to those there are.
//!
//! Vectors of two encoders are never in one store. Where another is wanted than the store has vectors of, nothing new is
//! measured: looks are not lost for it, and articles without vectors are linked by names and words.

use std::sync::Arc;

use crate::cluster::Fit;
use crate::cluster::fit::FitError;
use crate::config::WhichEncoder;
use crate::encode::{self, EncodeError, Encoder};
use crate::store::{Reader, Store, StoreError};

/// Why texts cannot be measured as was wanted.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    #[error(transparent)]
    Encode(#[from] EncodeError),
    #[error(transparent)]
    Fit(#[from] FitError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug, Clone)]
pub struct Measure {
    pub encoder: Option<Encoder>,
    pub fit: Arc<Fit>,
}

impl Default for Measure {
    fn default() -> Measure {
        Measure {
            encoder: None,
            fit: Arc::clone(Fit::on_board()),
        }
    }
}

impl Measure {
    /// For new articles: the store's vectors are of this encoder from now on, or it is left out.
    pub fn of_new(store: &mut Store, which: &WhichEncoder) -> Result<Measure, MeasureError> {
        let encoder = Encoder::open(which)?;
        if let Some(encoder) = &encoder
            && !store.batch(|batch| batch.measured_by(encoder.name()))?
        {
            let before = store.encoder()?.unwrap_or_default();
            tracing::warn!(
                "the vectors of this store are of the encoder {before}, not of {}: new articles get none\n\
                 hint: `vigie digest --all` makes all of them anew; `--encoder DIR` names the one of before, if it was yours",
                encoder.name()
            );
            return Measure::of_kept(store, None);
        }
        Measure::of_kept(store, encoder)
    }

    /// The same for a run that looks at the world: an encoder that cannot be used costs vectors and no look, since a look
    /// that is not made tonight can never be made again.
    pub fn of_night(store: &mut Store, which: &WhichEncoder) -> Result<Measure, MeasureError> {
        match Measure::of_new(store, which) {
            Err(error @ (MeasureError::Encode(_) | MeasureError::Fit(_))) => {
                tracing::warn!(
                    "new articles get no vectors: {error}\nhint: `vigie digest --all` makes them, once that is mended"
                );
                Ok(Measure::of_kept(store, None)?)
            }
            other => other,
        }
    }

    /// Whether the encoder can be used at all: asked before anything is forgotten that it has to make anew.
    pub fn check(which: &WhichEncoder) -> Result<(), MeasureError> {
        if let Some(encoder) = Encoder::open(which)? {
            Fit::beside(encoder.folder(), encoder.dim())?;
        }
        Ok(())
    }

    /// For what is there: an encoder is needed only to tell what was fitted to it.
    pub fn of_kept(store: &Reader, encoder: Option<Encoder>) -> Result<Measure, MeasureError> {
        let fit = match (store.encoder()?, &encoder) {
            (Some(kept), Some(encoder)) if kept == encoder.name() => Fit::beside(encoder.folder(), encoder.dim())?,
            (Some(kept), _) if kept != encode::ON_BOARD => Arc::new(Fit::without()),
            // No vectors yet: the first will be of this one.
            (None, Some(encoder)) => Fit::beside(encoder.folder(), encoder.dim())?,
            _ => Arc::clone(Fit::on_board()),
        };
        Ok(Measure { encoder, fit })
    }
}
