//! What can go wrong between the store and an engine of rows, told alike for both.

use super::postgres;
use rusqlite::ErrorCode;

pub(crate) type Result<T> = std::result::Result<T, Error>;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a statement gave nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// One row was asked for and there is none.
    #[error("there is no such row")]
    NoRow,
    /// A row has no column of this name or place.
    #[error("there is no column {0}")]
    NoColumn(String),
    /// A value is not what it should be.
    #[error("column {place} cannot be read: {why}")]
    Unreadable { place: usize, why: Cause },
    /// A sum would not fit 64 bits.
    #[error("a total would become larger than can be counted")]
    Overflow,
    /// What only the other engine can do was asked for.
    #[error("this can only be asked of {0}")]
    WrongEngine(&'static str),
    /// SQLite refused.
    #[error(transparent)]
    Sqlite(rusqlite::Error),
    /// PostgreSQL refused, or is away.
    #[error(transparent)]
    Postgres(postgres::Error),
}

/// What an error means to who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One row was asked for and there is none.
    NoRow,
    /// The row stands against a unique key, a foreign key or a check.
    Constraint,
    /// A sum would not fit 64 bits.
    Overflow,
    /// The question was stopped: it took too long, or nobody waits for it.
    Stopped,
    /// The disk cannot be read or written: after a commit that ends so, nobody knows what is stored.
    Io,
    /// The disk, the system or the server is at fault and not the statement: full, locked, out of reach.
    Unavailable,
    /// Everything else: a fault of ours.
    Other,
}

impl Error {
    /// What this means.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::NoRow => Kind::NoRow,
            Self::Overflow => Kind::Overflow,
            Self::NoColumn(_) | Self::Unreadable { .. } | Self::WrongEngine(_) => Kind::Other,
            Self::Sqlite(error) => sqlite_kind(error),
            Self::Postgres(error) => error.kind(),
        }
    }

    /// A value at this place (from 0) that makes no sense.
    pub(crate) fn unreadable(place: usize, why: impl Into<Cause>) -> Self {
        Self::Unreadable { place, why: why.into() }
    }
}

fn sqlite_kind(error: &rusqlite::Error) -> Kind {
    // STRICT tables refuse a sum that SQLite would have turned into a float.
    if let rusqlite::Error::SqliteFailure(failure, _) = error
        && failure.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_DATATYPE
    {
        return Kind::Overflow;
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => Kind::Constraint,
        Some(ErrorCode::OperationInterrupted) => Kind::Stopped,
        Some(ErrorCode::SystemIoFailure) => Kind::Io,
        Some(
            ErrorCode::DiskFull
            | ErrorCode::ReadOnly
            | ErrorCode::CannotOpen
            | ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::OutOfMemory
            | ErrorCode::PermissionDenied,
        ) => Kind::Unavailable,
        _ if matches!(error, rusqlite::Error::QueryReturnedNoRows) => Kind::NoRow,
        _ => Kind::Other,
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::QueryReturnedNoRows => Self::NoRow,
            error => Self::Sqlite(error),
        }
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        Self::Postgres(error)
    }
}
