//! What can go wrong inside the store, and what a caller learns of it.

use crate::sql::{self, Kind};
use meterwire_app::ports::StoreError;

/// Why a piece of work inside the store did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// An answer meant for the caller: no such row, a conflict.
    #[error(transparent)]
    Answer(#[from] StoreError),
    /// The engine of rows refused.
    #[error(transparent)]
    Sql(#[from] sql::Error),
    /// A sum would not fit 64 bits.
    #[error("a total would become larger than can be counted")]
    Overflow,
    /// What is stored makes no sense.
    #[error("damaged data: {0}")]
    Damaged(String),
}

/// The result of a piece of work inside the store.
pub(crate) type Work<T> = Result<T, Fault>;

impl Fault {
    fn kind(&self) -> Option<Kind> {
        match self {
            Self::Sql(error) => Some(error.kind()),
            _ => None,
        }
    }

    /// The disk, the system or a server is at fault, not the command: full, read-only, out of reach.
    pub(crate) fn is_environment(&self) -> bool {
        matches!(self.kind(), Some(Kind::Unavailable | Kind::Io))
    }

    /// Reading or writing the disk failed: after a commit that ends so, nobody knows what is on disk.
    pub(crate) fn is_io(&self) -> bool {
        self.kind() == Some(Kind::Io)
    }

    /// The row stands against a unique or foreign key.
    pub(crate) fn is_constraint(&self) -> bool {
        self.kind() == Some(Kind::Constraint)
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error.into())
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        if fault.is_environment() {
            return Self::Unavailable(Box::new(fault));
        }
        match (fault.kind(), fault) {
            (_, Fault::Answer(error)) => error,
            (Some(Kind::Overflow), _) | (_, Fault::Overflow) => {
                Self::Conflict("a total would become larger than can be counted".to_owned())
            }
            (Some(Kind::Stopped), _) => {
                Self::TooWide("the question takes too long to answer; narrow its range or filters".to_owned())
            }
            (_, other) => Self::Failed(Box::new(other)),
        }
    }
}

/// A failure with a sentence of our own.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Said(pub(crate) String);

/// [`StoreError::Unavailable`] with a sentence for the log.
pub(crate) fn unavailable(sentence: impl Into<String>) -> StoreError {
    StoreError::Unavailable(Box::new(Said(sentence.into())))
}

/// [`StoreError::Failed`] with a sentence for the log.
pub(crate) fn failed(sentence: impl Into<String>) -> StoreError {
    StoreError::Failed(Box::new(Said(sentence.into())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    fn answered(code: i32) -> StoreError {
        Fault::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)).into()
    }

    #[test]
    fn what_a_caller_can_do_about_it_decides_the_answer() {
        for code in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_READONLY, ffi::SQLITE_BUSY] {
            assert!(matches!(answered(code), StoreError::Unavailable(_)), "{code}");
        }
        assert!(matches!(answered(ffi::SQLITE_INTERRUPT), StoreError::TooWide(_)));
        assert!(matches!(answered(ffi::SQLITE_CONSTRAINT_DATATYPE), StoreError::Conflict(_)));
        assert!(matches!(answered(ffi::SQLITE_CORRUPT), StoreError::Failed(_)));
        assert!(matches!(StoreError::from(Fault::Overflow), StoreError::Conflict(_)));
        assert!(matches!(StoreError::from(Fault::Damaged("x".into())), StoreError::Failed(_)));
    }
}
