//! What can go wrong, as a short closed set. The caller's sentence and our own chain are kept apart.

use crate::RerateAnswer;
use crate::ports::StoreError;
use meterwire_core::invalid::Invalid;

/// A use case that did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A value that a rule refuses.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// No such thing, or none that this caller may know of.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// It stands against something that is there already.
    #[error("{0}")]
    Conflict(String),
    /// No token, or one that is not known.
    #[error("authentication is needed: {0}")]
    Unauthenticated(&'static str),
    /// The role does not allow it.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The key is bound to another project than the one that is named.
    #[error("this key is bound to the project {0}: name that project, or none")]
    OtherProject(String),
    /// A declared dimension does not know every older event yet.
    #[error(
        "the dimension {name} is being filled: {filled_events} of {events_to_fill} older events are counted; ask again later"
    )]
    DimensionFilling {
        /// Its name.
        name: String,
        /// Events from before the declaration that are counted.
        filled_events: i64,
        /// Of so many.
        events_to_fill: i64,
    },
    /// Prices or events have changed: something else would change by now than what was shown.
    #[error(
        "prices or events have changed since, so that something else would change now; look at it and begin again"
    )]
    RerateChanged(Box<RerateAnswer>),
    /// The answer would need single events that were dropped for their age.
    #[error("{0}")]
    BeyondRetention(String),
    /// The store did not do it; the source is for our log only.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(what) => Self::NotFound(what),
            StoreError::Conflict(sentence) => Self::Conflict(sentence),
            StoreError::Invalid(invalid) => Self::Invalid(invalid),
            StoreError::TooWide(sentence) => Self::Invalid(Invalid::new("range", sentence)),
            StoreError::Filling { name, filled_events, events_to_fill } => {
                Self::DimensionFilling { name, filled_events, events_to_fill }
            }
            StoreError::BeyondRetention(sentence) => Self::BeyondRetention(sentence),
            other => Self::Store(other),
        }
    }
}
