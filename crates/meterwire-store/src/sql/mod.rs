//! One way to speak to both engines of rows: SQLite in the process, or PostgreSQL.
//!
//! It has the names and the manner of rusqlite, over values of four types (null, whole number, text, bytes). What only
//! one engine can do asks for that engine by [`Connection::sqlite`] or [`Connection::postgres`].
//!
//! SQLite costs nothing more through it: values are borrowed both ways, and its own cache of statements is used.

pub(crate) mod error;
pub(crate) mod postgres;
mod sqlite;
pub(crate) mod value;

pub(crate) use error::{Error, Kind, Result};
pub(crate) use value::{FromSql, Params, ToSql, ValueRef};

use std::fmt;

/// A connection that somebody else owns. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) enum Connection<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c postgres::Connection),
}

impl<'c> Connection<'c> {
    /// Prepares a statement, or takes it from those that are remembered.
    pub(crate) fn prepare_cached(&self, sql: &str) -> Result<Statement<'c>> {
        Ok(match *self {
            Self::Sqlite(connection) => Statement::Sqlite(connection.prepare_cached(sql)?),
            Self::Postgres(connection) => Statement::Postgres(connection.prepare_cached(sql)?),
        })
    }

    /// The first row; [`Error::NoRow`] where there is none (see [`OptionalExtension`]).
    pub(crate) fn query_row<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.prepare_cached(sql)?.query_row(params, read)
    }

    /// Runs a statement; answers how many rows it changed.
    pub(crate) fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.prepare_cached(sql)?.execute(params)
    }

    /// Runs a statement once for each set of values, in their order; answers how many rows all of them changed. PostgreSQL is
    /// sent all of them before its first answer is waited for; behind one that failed the others fail as well.
    pub(crate) fn execute_many<P: Params>(
        &self,
        sql: &str,
        sets: impl IntoIterator<Item = P>,
    ) -> Result<usize> {
        let mut sets = sets.into_iter().peekable();
        if sets.peek().is_none() {
            return Ok(0);
        }
        match self.prepare_cached(sql)? {
            Statement::Sqlite(mut statement) => {
                let mut changed = 0;
                for params in sets {
                    changed += sqlite::execute(&mut statement, &params)?;
                }
                Ok(changed)
            }
            Statement::Postgres(statement) => {
                let sets: Vec<P> = sets.collect();
                let sets: Vec<_> = sets.iter().map(value::all).collect();
                Ok(statement.execute_many(&sets)?.into_iter().sum())
            }
        }
    }

    /// Runs several statements without values.
    pub(crate) fn execute_batch(&self, sql: &str) -> Result<()> {
        match *self {
            Self::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            Self::Postgres(connection) => connection.execute_batch(sql),
        }
    }

    /// SQLite's own connection, for the embedded store's hot paths.
    pub(crate) fn sqlite(&self) -> Result<&'c rusqlite::Connection> {
        match *self {
            Self::Sqlite(connection) => Ok(connection),
            Self::Postgres(_) => Err(Error::WrongEngine("SQLite")),
        }
    }

    /// PostgreSQL's own connection, for what the cluster store alone does.
    pub(crate) fn postgres(&self) -> Result<&'c postgres::Connection> {
        match *self {
            Self::Postgres(connection) => Ok(connection),
            Self::Sqlite(_) => Err(Error::WrongEngine("PostgreSQL")),
        }
    }
}

impl<'c> From<&'c rusqlite::Connection> for Connection<'c> {
    fn from(connection: &'c rusqlite::Connection) -> Self {
        Self::Sqlite(connection)
    }
}

impl<'c> From<&Connection<'c>> for Connection<'c> {
    fn from(connection: &Connection<'c>) -> Self {
        *connection
    }
}

impl<'c> From<&'c postgres::Connection> for Connection<'c> {
    fn from(connection: &'c postgres::Connection) -> Self {
        Self::Postgres(connection)
    }
}

impl fmt::Debug for Connection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Sqlite",
            Self::Postgres(_) => "Postgres",
        })
    }
}

/// A prepared statement.
pub(crate) enum Statement<'c> {
    Sqlite(rusqlite::CachedStatement<'c>),
    Postgres(postgres::Statement<'c>),
}

impl Statement<'_> {
    /// The rows, one after another.
    pub(crate) fn query(&mut self, params: impl Params) -> Result<Rows<'_>> {
        Ok(match self {
            Self::Sqlite(statement) => Rows::Sqlite(sqlite::query(statement, &params)?),
            Self::Postgres(statement) => Rows::Postgres(statement.query(&value::all(&params))?),
        })
    }

    /// What `read` makes of each row.
    pub(crate) fn query_map<T, F>(&mut self, params: impl Params, read: F) -> Result<MappedRows<'_, F>>
    where
        F: FnMut(&Row<'_>) -> Result<T>,
    {
        Ok(MappedRows { rows: self.query(params)?, read })
    }

    /// What `read` makes of the first row; [`Error::NoRow`] where there is none (see [`OptionalExtension`]).
    pub(crate) fn query_row<T>(
        &mut self,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut rows = self.query(params)?;
        let row = rows.next()?.ok_or(Error::NoRow)?;
        read(&row)
    }

    /// Whether there is a row.
    pub(crate) fn exists(&mut self, params: impl Params) -> Result<bool> {
        Ok(self.query(params)?.next()?.is_some())
    }

    /// Runs the statement; answers how many rows it changed.
    pub(crate) fn execute(&mut self, params: impl Params) -> Result<usize> {
        match self {
            Self::Sqlite(statement) => sqlite::execute(statement, &params),
            Self::Postgres(statement) => statement.execute(&value::all(&params)),
        }
    }
}

/// Rows that are read one after another.
pub(crate) enum Rows<'s> {
    Sqlite(rusqlite::Rows<'s>),
    Postgres(postgres::Rows),
}

impl Rows<'_> {
    /// The next row; `None` behind the last one.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>> {
        Ok(match self {
            Self::Sqlite(rows) => rows.next()?.map(Row::Sqlite),
            Self::Postgres(rows) => rows.next().map(Row::Postgres),
        })
    }
}

/// Rows of which something is made, see [`Statement::query_map`].
pub(crate) struct MappedRows<'s, F> {
    rows: Rows<'s>,
    read: F,
}

impl<T, F: FnMut(&Row<'_>) -> Result<T>> Iterator for MappedRows<'_, F> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.rows.next() {
            Ok(row) => row.map(|row| (self.read)(&row)),
            Err(error) => Some(Err(error)),
        }
    }
}

/// One row. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r postgres::Row),
}

impl<'r> Row<'r> {
    /// A value by its place (from 0) or by its name.
    pub(crate) fn get<P: Place, T: FromSql>(&self, place: P) -> Result<T> {
        let place = place.find(self)?;
        T::read(self.get_ref(place)?).map_err(|why| Error::unreadable(place, why))
    }

    /// A value as the engine has it.
    pub(crate) fn get_ref(&self, place: usize) -> Result<ValueRef<'r>> {
        match *self {
            Self::Sqlite(row) => sqlite::value(row, place),
            Self::Postgres(row) => postgres::value(row, place),
        }
    }

    /// A text without a copy.
    pub(crate) fn text(&self, place: usize) -> Result<&'r str> {
        self.get_ref(place)?.as_text().map_err(|why| Error::unreadable(place, why))
    }

    /// A text without a copy, where there is one.
    pub(crate) fn text_or_null(&self, place: usize) -> Result<Option<&'r str>> {
        match self.get_ref(place)? {
            ValueRef::Null => Ok(None),
            value => value.as_text().map(Some).map_err(|why| Error::unreadable(place, why)),
        }
    }
}

/// Where a value stands in a row.
pub(crate) trait Place {
    /// The place, from 0.
    fn find(self, row: &Row<'_>) -> Result<usize>;
}

impl Place for usize {
    fn find(self, _: &Row<'_>) -> Result<usize> {
        Ok(self)
    }
}

impl Place for &str {
    fn find(self, row: &Row<'_>) -> Result<usize> {
        let found = match *row {
            Row::Sqlite(row) => row.as_ref().column_index(self).ok(),
            Row::Postgres(row) => postgres::place_of(row, self),
        };
        found.ok_or_else(|| Error::NoColumn(self.to_owned()))
    }
}

/// Makes `None` of [`Error::NoRow`].
pub(crate) trait OptionalExtension<T> {
    fn optional(self) -> Result<Option<T>>;
}

impl<T> OptionalExtension<T> for Result<T> {
    fn optional(self) -> Result<Option<T>> {
        match self {
            Ok(found) => Ok(Some(found)),
            Err(Error::NoRow) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Values of several types for a statement.
macro_rules! params {
    () => { &[] as &[&dyn $crate::sql::ToSql] };
    ($($value:expr),+ $(,)?) => { &[$(&$value as &dyn $crate::sql::ToSql),+] as &[&dyn $crate::sql::ToSql] };
}
pub(crate) use params;

#[cfg(test)]
mod tests;
