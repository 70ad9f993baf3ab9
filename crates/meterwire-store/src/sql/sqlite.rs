//! SQLite's arm: values are lent to it and taken from it without a copy.

use super::error::{Error, Result};
use super::value::{Params, ValueRef};
use rusqlite::types::{ToSqlOutput, ValueRef as Native};

/// A value as rusqlite binds it.
struct Bound<'v>(ValueRef<'v>);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            ValueRef::Null => Native::Null,
            ValueRef::Integer(number) => Native::Integer(number),
            ValueRef::Text(text) => Native::Text(text),
            ValueRef::Blob(bytes) => Native::Blob(bytes),
        }))
    }
}

fn bound<P: Params>(params: &P) -> impl rusqlite::Params + '_ {
    rusqlite::params_from_iter((0..params.count()).map(|place| Bound(params.value(place))))
}

pub(super) fn query<'s, P: Params>(
    statement: &'s mut rusqlite::Statement<'_>,
    params: &P,
) -> Result<rusqlite::Rows<'s>> {
    Ok(statement.query(bound(params))?)
}

pub(super) fn execute<P: Params>(statement: &mut rusqlite::Statement<'_>, params: &P) -> Result<usize> {
    Ok(statement.execute(bound(params))?)
}

pub(super) fn value<'r>(row: &'r rusqlite::Row<'r>, place: usize) -> Result<ValueRef<'r>> {
    Ok(match row.get_ref(place).map_err(|_| Error::NoColumn(place.to_string()))? {
        Native::Null => ValueRef::Null,
        Native::Integer(number) => ValueRef::Integer(number),
        Native::Text(text) => ValueRef::Text(text),
        Native::Blob(bytes) => ValueRef::Blob(bytes),
        Native::Real(_) => return Err(Error::unreadable(place, "a number with a fraction")),
    })
}
