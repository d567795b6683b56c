//! What was fitted to the vectors of one encoder; of no use for those of another.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::centre::Space;
use super::params::{Params, Weights};

/// Written by bench/linking, for the encoder on board.
const LINKING: &str = include_str!("linking.toml");
const MEANS: &str = include_str!("means.toml");
const DAMPED: &str = include_str!("damped.toml");

#[derive(Debug, Clone, Default)]
pub struct Fit {
    pub params: Params,
    pub space: Space,
}

/// A fit beside the reader's encoder that cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{path}: {what}\nhint: bench/linking/README.md says how it is made")]
pub struct FitError {
    path: String,
    what: String,
}

impl Fit {
    /// That of the encoder on board.
    pub fn on_board() -> &'static Arc<Fit> {
        static FIT: OnceLock<Arc<Fit>> = OnceLock::new();
        // The files are part of the program, and tests read them.
        FIT.get_or_init(|| {
            Arc::new(Fit {
                params: toml::from_str(LINKING).unwrap_or_default(),
                space: Space::read(MEANS, DAMPED).unwrap_or_default(),
            })
        })
    }

    /// Of vectors that nothing was fitted to: articles are linked by everything else, and vectors compared as they are.
    pub fn without() -> Fit {
        Fit {
            params: Params {
                without_vectors: Fit::on_board().params.without_vectors,
                ..Params::default()
            },
            space: Space::default(),
        }
    }

    /// Of the encoder in a folder, whose vectors have so many numbers, as far as there is one; `None`: on board.
    pub fn beside(folder: Option<&Path>, dim: usize) -> Result<Arc<Fit>, FitError> {
        let Some(folder) = folder else {
            return Ok(Arc::clone(Fit::on_board()));
        };
        let error = |name: &str, what: String| FitError {
            path: folder.join(name).display().to_string(),
            what,
        };
        let read = |name: &str| match std::fs::read_to_string(folder.join(name)) {
            Ok(text) => Ok(Some(text)),
            Err(missing) if missing.kind() == ErrorKind::NotFound => Ok(None),
            Err(other) => Err(error(name, format!("cannot be read: {other}"))),
        };
        let mut fit = Fit::without();
        for (name, part) in [
            ("means.toml", Fit::means as fn(&mut Fit, &str) -> Result<(), String>),
            ("damped.toml", Fit::damped),
            ("linking.toml", Fit::linking_of),
        ] {
            if let Some(text) = read(name)? {
                part(&mut fit, &text).map_err(|what| error(name, what))?;
            }
        }
        let other = fit.space.sizes().find(|size| *size != dim);
        match other {
            Some(other) => Err(error(
                "means.toml",
                format!("this, or damped.toml, is of vectors of {other} numbers, not of {dim}"),
            )),
            None => Ok(Arc::new(fit)),
        }
    }

    fn means(&mut self, text: &str) -> Result<(), String> {
        self.space.means(text)
    }

    fn damped(&mut self, text: &str) -> Result<(), String> {
        self.space.damped(text)
    }

    fn linking_of(&mut self, text: &str) -> Result<(), String> {
        let without_vectors = self.params.without_vectors;
        self.params = toml::from_str(text).map_err(|error| format!("not as it must be\n{error}"))?;
        // Those that vigie comes with will do.
        if self.params.without_vectors == Weights::default() {
            self.params.without_vectors = without_vectors;
        }
        Ok(())
    }

    /// Where vectors are compared for links. `None`: they have no part in them.
    pub fn linking(&self) -> Option<&Space> {
        self.params.with_vectors.as_ref().map(|_| &self.space)
    }
}
