//! PostgreSQL's arm: one connection, used by one thread at a time, on which each statement waits for its answer.
//!
//! The thread must not be one of the runtime's own: waiting there would stop the runtime.

mod dialect;
mod numeric;
#[cfg(test)]
mod tests;

use super::error::{self, Kind, Result};
use super::value::ValueRef;
use bytes::BytesMut;
use numeric::Refused;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};

/// The server ends a statement after ten seconds by itself. One that has not said a word by then hangs.
const ANSWERED_WITHIN: Duration = Duration::from_secs(12);
/// Statements that are remembered; there are a few hundred, unless somebody makes them up as they go.
const MAX_STATEMENTS: usize = 1_000;
/// Statements that are sent before the first answer is waited for.
const SENT_TOGETHER: usize = 64;

/// PostgreSQL has no NUL in a text, and nothing that is stored has a control character in it: whoever looks for a text with
/// the one looks for one with the other, and finds nothing.
const NO_NUL: u8 = 1;

/// One row; values are lent from what the server sent.
pub(crate) type Row = tokio_postgres::Row;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What PostgreSQL or the way to it gave instead of an answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// PostgreSQL's own.
    #[error("PostgreSQL: {}", with_causes(.0))]
    Refused(#[from] tokio_postgres::Error),
    /// It said nothing at all.
    #[error("PostgreSQL did not answer within {} seconds", ANSWERED_WITHIN.as_secs())]
    Silent,
}

impl Error {
    /// What this means.
    pub(crate) fn kind(&self) -> Kind {
        let Self::Refused(error) = self else { return Kind::Unavailable };
        let Some(state) = error.code() else {
            // Without a code it is the way to the server that failed, or a value that could not be written down.
            let is_value =
                std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<Unwritable>);
            return if is_value { Kind::Other } else { Kind::Unavailable };
        };
        match *state {
            SqlState::NUMERIC_VALUE_OUT_OF_RANGE => Kind::Overflow,
            SqlState::QUERY_CANCELED => Kind::Stopped,
            SqlState::LOCK_NOT_AVAILABLE
            | SqlState::T_R_DEADLOCK_DETECTED
            | SqlState::T_R_SERIALIZATION_FAILURE
            // A server that has become a replica.
            | SqlState::READ_ONLY_SQL_TRANSACTION => Kind::Unavailable,
            _ => match &state.code()[..2] {
                "23" => Kind::Constraint,
                "08" | "53" | "57" | "58" => Kind::Unavailable,
                _ => Kind::Other,
            },
        }
    }
}

/// The sentence of an error with those beneath it: PostgreSQL's own stands there.
pub(crate) fn with_causes(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(beneath) = cause {
        text = format!("{text}: {beneath}");
        cause = beneath.source();
    }
    text
}

/// A connection to PostgreSQL.
pub(crate) struct Connection {
    client: tokio_postgres::Client,
    runtime: tokio::runtime::Handle,
    statements: RefCell<HashMap<Box<str>, tokio_postgres::Statement>>,
    /// It hung; nobody knows what it is still doing.
    silent: Cell<bool>,
    /// How often an answer was waited for.
    waits: Cell<u64>,
}

impl Connection {
    /// A connection whose traffic somebody drives on this runtime.
    pub(crate) fn new(client: tokio_postgres::Client, runtime: tokio::runtime::Handle) -> Self {
        Self {
            client,
            runtime,
            statements: RefCell::default(),
            silent: Cell::new(false),
            waits: Cell::new(0),
        }
    }

    /// Whether it is of no use any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.silent.get() || self.client.is_closed()
    }

    /// How often an answer was waited for so far.
    pub(crate) fn waits(&self) -> u64 {
        self.waits.get()
    }

    /// The client beneath, for what is sent together; see [`Self::wait_for`].
    pub(crate) fn client(&self) -> &tokio_postgres::Client {
        &self.client
    }

    /// Waits for what was asked of [`Self::client`], at most [`ANSWERED_WITHIN`].
    pub(crate) fn wait_for<T>(
        &self,
        answer: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
    ) -> Result<T> {
        if self.silent.get() {
            return Err(Error::Silent.into());
        }
        self.waits.set(self.waits.get() + 1);
        // The timer is the runtime's, so it has to be made inside of it.
        let bounded = async { tokio::time::timeout(ANSWERED_WITHIN, answer).await };
        match self.runtime.block_on(bounded) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                self.forget_stale_statements(&error);
                Err(Error::Refused(error).into())
            }
            Err(_) => {
                self.silent.set(true);
                Err(Error::Silent.into())
            }
        }
    }

    /// Waits for something that bounds itself, and may ask [`Self::client`] several times.
    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Prepares a statement in SQLite's manner of speaking, or takes it from those that are remembered.
    pub(crate) fn prepare_cached(&self, sql: &str) -> Result<Statement<'_>> {
        Ok(Statement { connection: self, prepared: self.prepared(sql)? })
    }

    /// The same for [`Self::client`]'s own way to run it, with values of any type.
    pub(crate) fn prepared(&self, sql: &str) -> Result<tokio_postgres::Statement> {
        if let Some(prepared) = self.statements.borrow().get(sql) {
            return Ok(prepared.clone());
        }
        let prepared = self.wait_for(self.client.prepare(&dialect::translate(sql)))?;
        let mut statements = self.statements.borrow_mut();
        if statements.len() >= MAX_STATEMENTS {
            statements.clear();
        }
        statements.insert(sql.into(), prepared.clone());
        Ok(prepared)
    }

    /// Runs several statements without values.
    pub(crate) fn execute_batch(&self, sql: &str) -> Result<()> {
        self.wait_for(self.client.batch_execute(sql))
    }

    /// A migration beside us changed a table: statements are prepared anew at the next try.
    fn forget_stale_statements(&self, error: &tokio_postgres::Error) {
        let stale = [SqlState::FEATURE_NOT_SUPPORTED, SqlState::INVALID_SQL_STATEMENT_NAME];
        if error.code().is_some_and(|state| stale.contains(state)) {
            self.statements.borrow_mut().clear();
        }
    }
}

/// A prepared statement.
pub(crate) struct Statement<'c> {
    connection: &'c Connection,
    prepared: tokio_postgres::Statement,
}

impl Statement<'_> {
    /// All rows.
    pub(crate) fn query(&self, values: &[ValueRef<'_>]) -> Result<Rows> {
        let values = bound(values);
        let rows = self.connection.wait_for(self.connection.client.query(&self.prepared, &values))?;
        Ok(Rows { rows: rows.into_iter(), present: None })
    }

    /// Runs it; answers how many rows it changed.
    pub(crate) fn execute(&self, values: &[ValueRef<'_>]) -> Result<usize> {
        let values = bound(values);
        let changed = self.connection.wait_for(self.connection.client.execute(&self.prepared, &values))?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    /// Runs it once for each set of values, in their order; answers how many rows each changed. [`SENT_TOGETHER`] of them
    /// are on the way at once.
    pub(crate) fn execute_many(&self, sets: &[Vec<ValueRef<'_>>]) -> Result<Vec<usize>> {
        let mut changed = Vec::with_capacity(sets.len());
        for together in sets.chunks(SENT_TOGETHER) {
            let sets: Vec<_> = together.iter().map(|values| bound(values)).collect();
            let run = |values| self.connection.client.execute(&self.prepared, values);
            let answers =
                self.connection.wait_for(in_order(sets.iter().map(|values| run(values.as_slice()))))?;
            changed.extend(answers.into_iter().map(|rows| usize::try_from(rows).unwrap_or(usize::MAX)));
        }
        Ok(changed)
    }
}

fn bound<'v>(values: &'v [ValueRef<'v>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|value| value as _).collect()
}

/// Sends all of these in their order, since the first look at each sends it, and then waits for all; the first error in
/// their order is the one that is told.
pub(crate) async fn in_order<T, E, F: Future<Output = std::result::Result<T, E>>>(
    sent: impl Iterator<Item = F>,
) -> std::result::Result<Vec<T>, E> {
    let mut waiting: Vec<(Pin<Box<F>>, Option<_>)> = sent.map(|sent| (Box::pin(sent), None)).collect();
    poll_fn(|context| {
        for (sent, answer) in waiting.iter_mut().filter(|(_, answer)| answer.is_none()) {
            if let Poll::Ready(ready) = sent.as_mut().poll(context) {
                *answer = Some(ready);
            }
        }
        if waiting.iter().all(|(_, answer)| answer.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, answer)| answer).collect()
}

/// Rows that are all here.
pub(crate) struct Rows {
    rows: std::vec::IntoIter<Row>,
    present: Option<Row>,
}

impl Rows {
    /// The next one.
    pub(super) fn next(&mut self) -> Option<&Row> {
        self.present = self.rows.next();
        self.present.as_ref()
    }
}

/// A value of a row, by its place from 0.
pub(super) fn value(row: &Row, place: usize) -> Result<ValueRef<'_>> {
    let column = row.columns().get(place).ok_or_else(|| error::Error::NoColumn(place.to_string()))?;
    let Read(read) = row.try_get(place).map_err(Error::Refused)?;
    read.map_err(|refused| match refused {
        Some(Refused::Overflow) => error::Error::Overflow,
        Some(Refused::NotWhole) => error::Error::unreadable(place, "no whole number"),
        None => error::Error::unreadable(place, format!("values of type {} are not read", column.type_())),
    })
}

/// The place of a column.
pub(super) fn place_of(row: &Row, name: &str) -> Option<usize> {
    row.columns().iter().position(|column| column.name() == name)
}

/// A value of one of the four types, or why it is none; `None` for a type that is never one.
struct Read<'v>(std::result::Result<ValueRef<'v>, Option<Refused>>);

impl<'v> FromSql<'v> for Read<'v> {
    fn from_sql(ty: &Type, raw: &'v [u8]) -> std::result::Result<Self, Cause> {
        Ok(Self(match *ty {
            Type::INT8 => Ok(ValueRef::Integer(i64::from_sql(ty, raw)?)),
            Type::INT4 => Ok(ValueRef::Integer(i32::from_sql(ty, raw)?.into())),
            Type::INT2 => Ok(ValueRef::Integer(i16::from_sql(ty, raw)?.into())),
            Type::BOOL => Ok(ValueRef::Integer(bool::from_sql(ty, raw)?.into())),
            Type::NUMERIC => numeric::decode(raw).map(ValueRef::Integer).map_err(Some),
            Type::BYTEA | Type::UUID => Ok(ValueRef::Blob(raw)),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => Ok(ValueRef::Text(raw)),
            _ => Err(None),
        }))
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, Cause> {
        Ok(Self(Ok(ValueRef::Null)))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A value that a statement does not take; our fault, not the server's.
#[derive(Debug, thiserror::Error)]
#[error("{found} given where the statement takes {wanted}")]
struct Unwritable {
    found: String,
    wanted: Type,
}

impl ToSql for ValueRef<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Cause> {
        let unwritable = || Unwritable { found: self.to_string(), wanted: ty.clone() };
        match (*self, ty) {
            (Self::Null, _) => return Ok(IsNull::Yes),
            (Self::Integer(number), &Type::INT8) => return number.to_sql(ty, out),
            (Self::Integer(number), &Type::INT4) => {
                return i32::try_from(number).map_err(|_| unwritable())?.to_sql(ty, out);
            }
            (Self::Integer(number), &Type::INT2) => {
                return i16::try_from(number).map_err(|_| unwritable())?.to_sql(ty, out);
            }
            (Self::Integer(number), &Type::BOOL) => return (number != 0).to_sql(ty, out),
            (Self::Integer(number), &Type::NUMERIC) => numeric::encode(number, out),
            (
                Self::Text(bytes),
                &(Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN),
            ) if bytes.contains(&0) => {
                out.extend(bytes.iter().map(|byte| if *byte == 0 { NO_NUL } else { *byte }));
            }
            (
                Self::Text(bytes),
                &(Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN),
            )
            | (Self::Blob(bytes), &(Type::BYTEA | Type::UUID)) => out.extend_from_slice(bytes),
            _ => return Err(unwritable().into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}
