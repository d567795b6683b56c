//! Exit codes, once (machine-interface: they are public).

use std::process::{ExitCode, Termination};

use crate::config::{ConfigError, ConfigErrors};
use crate::crawl::run::RunError;
use crate::digest::measure::MeasureError;
use crate::encode::EncodeError;
use crate::store::{LockError, StoreError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done,
    Internal,
    /// Usage or configuration.
    Usage,
    /// Done, but some sources failed.
    SourcesFailed,
    NothingFound,
    /// Another run holds the lock.
    Locked,
    Interrupted,
}

impl Exit {
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Internal => 1,
            Exit::Usage => 2,
            Exit::SourcesFailed => 3,
            Exit::NothingFound => 4,
            Exit::Locked => 5,
            Exit::Interrupted => 130,
        }
    }

    /// The code for an error that ended a command.
    pub fn of(error: &anyhow::Error) -> Exit {
        let declared = error.is::<ConfigError>() || error.is::<ConfigErrors>();
        let measure = match error.downcast_ref() {
            Some(RunError::Measure(measure)) => Some(measure),
            _ => None,
        };
        let encoder = error.downcast_ref::<EncodeError>().or(match measure {
            Some(MeasureError::Encode(encode)) => Some(encode),
            _ => None,
        });
        let supplied = encoder.is_some_and(EncodeError::is_mistake) || matches!(measure, Some(MeasureError::Fit(_)));
        if error.is::<Mistake>() || declared || supplied {
            return Exit::Usage;
        }
        let store = error.downcast_ref::<StoreError>().or(match error.downcast_ref() {
            Some(RunError::Store(store)) => Some(store),
            Some(RunError::Measure(MeasureError::Store(store))) => Some(store),
            _ => None,
        });
        // A file that is not ours to open was named by somebody.
        if let Some(
            StoreError::Newer { .. }
            | StoreError::Older { .. }
            | StoreError::Foreign { .. }
            | StoreError::Missing { .. }
            | StoreError::Exists { .. },
        ) = store
        {
            return Exit::Usage;
        }
        match error.downcast_ref::<RunError>() {
            Some(RunError::Lock(LockError::Held(_))) => Exit::Locked,
            Some(RunError::Client(_)) => Exit::Usage,
            _ => Exit::Internal,
        }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self.code())
    }
}

/// Something the user typed or wrote cannot be right. The text is whole, hint included.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Mistake(pub String);

/// A mistake as an error.
pub fn mistake(text: impl Into<String>) -> anyhow::Error {
    Mistake(text.into()).into()
}
