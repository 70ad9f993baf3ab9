//! What both stores have in tables of the same columns: copied as it is, a table a transaction.

use super::super::lead::{StepError, bounded};
use super::{DONE, Mover};
use crate::error::{Fault, Work};
use crate::sql::ValueRef;
use meterwire_app::ports::StoreError;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::pin::pin;
use tokio::sync::mpsc;
use tokio_postgres::Transaction;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

/// Every table that both stores have, in an order in which each stands behind what it refers to.
pub(super) const TABLES: [&str; 39] = [
    "tenant",
    "api_key",
    "session",
    "user",
    "project",
    "price",
    "audit",
    "setting",
    "label",
    "dimension",
    "erasure",
    "metric",
    "metric_counts",
    "tier",
    "tier_limit",
    "user_limit",
    "counter",
    "level",
    "reservation",
    "idempotency",
    "budget",
    "budget_period",
    "budget_amount",
    "decided_money",
    "provider_connection",
    "provider_stream",
    "provider_bucket",
    "provider_row",
    "channel",
    "alert_rule",
    "alert",
    "alert_snooze",
    "delivery",
    "closing",
    "closing_change",
    "report",
    "report_delivery",
    "rerating",
    "rerated",
];
/// Columns of numbers that are given out and never given out again.
pub(super) const NUMBERED: [(&str, &str); 11] = [
    ("tenant", "id"),
    ("audit", "seq"),
    ("label", "id"),
    ("metric", "id"),
    ("budget", "number"),
    ("alert", "seq"),
    ("delivery", "seq"),
    ("closing", "number"),
    ("closing_change", "n"),
    ("report_delivery", "n"),
    ("rerating", "number"),
];
/// Rows that are read together, unless they are large.
const ROWS: usize = 1_000;
/// About the most bytes of them.
const BYTES: usize = 4 << 20;

/// Columns of a table in the directory, with their types in words of PostgreSQL.
struct Columns {
    names: Vec<String>,
    types: Vec<Type>,
}

/// Rows of a table.
type Rows = Vec<Vec<Value>>;

impl Mover<'_> {
    /// Copies every table that is not there yet.
    pub(super) async fn copy_tables(&mut self) -> Result<(), StepError> {
        let total = TABLES.len() as u64;
        for (place, table) in TABLES.iter().enumerate() {
            let part = format!("table {table}");
            if self.is_done(&part).await?.is_some() {
                continue;
            }
            self.moved.rows += self.copy_table(table, &part).await?;
            self.tell("tables", place as u64 + 1, total)?;
        }
        Ok(())
    }

    async fn copy_table(&mut self, table: &'static str, part: &str) -> Result<u64, StepError> {
        let columns = columns_of(&self.source.connect().map_err(Fault::from)?, table)?;
        let given_out = given_out(&self.source.connect().map_err(Fault::from)?, table)?;
        let select = format!("SELECT {} FROM {}", columns.list(), quoted(table));
        let rows = self.source.read(move |connection, send| read_rows(connection, &select, send));
        let transaction = bounded(self.client.transaction()).await?;
        // First: another move waits here, and then finds it done.
        let key = columns.names.len().to_string();
        bounded(transaction.execute(DONE, &[&part, &key])).await?;
        let copied = self.lead.while_leading(copy(&transaction, table, &columns, rows)).await??;
        if let Some((column, last)) = given_out {
            let sql = format!(
                "SELECT setval(pg_get_serial_sequence('{}', '{column}'), greatest($1, coalesce(max({column}), 0), 1)) \
                 FROM {0}",
                quoted(table)
            );
            let next = self.lead.while_leading(transaction.execute(&sql, &[&last])).await?;
            next?;
        }
        self.lead.while_leading(transaction.commit()).await??;
        Ok(copied)
    }
}

impl Columns {
    fn list(&self) -> String {
        self.names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn columns_of(connection: &Connection, table: &str) -> Work<Columns> {
    let mut columns = Columns { names: Vec::new(), types: Vec::new() };
    let mut statement = connection.prepare("SELECT name, type FROM pragma_table_info(?)")?;
    let mut rows = statement.query([table])?;
    while let Some(row) = rows.next()? {
        let (name, kind): (String, String) = (row.get(0)?, row.get(1)?);
        columns.types.push(match kind.as_str() {
            "INTEGER" => Type::INT8,
            "TEXT" => Type::TEXT,
            "BLOB" => Type::BYTEA,
            _ => return Err(Fault::Damaged(format!("{table}.{name} has the type {kind}"))),
        });
        columns.names.push(name);
    }
    if columns.names.is_empty() {
        return Err(Fault::Damaged(format!("there is no table {table}")));
    }
    Ok(columns)
}

/// The column of a table's numbers, and the last that was given out; `None` where there was none.
fn given_out(connection: &Connection, table: &str) -> Work<Option<(&'static str, i64)>> {
    let Some((_, column)) = NUMBERED.iter().find(|(numbered, _)| *numbered == table) else {
        return Ok(None);
    };
    let sql = format!(
        "SELECT max(coalesce((SELECT max({column}) FROM {}), 0), \
         coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = ?), 0))",
        quoted(table)
    );
    let last: i64 = connection.query_row(&sql, [table], |row| row.get(0))?;
    Ok((last > 0).then_some((*column, last)))
}

/// Hands over the rows of a statement, some at a time.
fn read_rows(connection: &Connection, sql: &str, send: &mut dyn FnMut(Rows) -> bool) -> Work<()> {
    let mut statement = connection.prepare(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let (mut piece, mut bytes) = (Rows::new(), 0);
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(columns);
        for place in 0..columns {
            let value: Value = row.get(place)?;
            bytes += match &value {
                Value::Text(text) => text.len(),
                Value::Blob(blob) => blob.len(),
                _ => 8,
            };
            values.push(value);
        }
        piece.push(values);
        if (piece.len() >= ROWS || bytes >= BYTES) && !send(std::mem::take(&mut piece)) {
            return Ok(());
        }
        if piece.is_empty() {
            bytes = 0;
        }
    }
    send(piece);
    Ok(())
}

/// Writes rows into a table; answers how many.
async fn copy(
    transaction: &Transaction<'_>,
    table: &str,
    columns: &Columns,
    mut rows: mpsc::Receiver<Work<Rows>>,
) -> Result<u64, StepError> {
    let sql = format!("COPY {} ({}) FROM STDIN (FORMAT binary)", quoted(table), columns.list());
    let sink = transaction.copy_in(&sql).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &columns.types));
    while let Some(piece) = rows.recv().await {
        for row in piece? {
            let values = row.iter().map(lent).collect::<Work<Vec<_>>>()?;
            let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
            writer.as_mut().write(&values).await.map_err(|error| refused(table, error))?;
        }
    }
    writer.finish().await.map_err(|error| refused(table, error))
}

/// A value as PostgreSQL takes it.
fn lent(value: &Value) -> Work<ValueRef<'_>> {
    Ok(match value {
        Value::Null => ValueRef::Null,
        Value::Integer(number) => ValueRef::Integer(*number),
        Value::Text(text) => ValueRef::Text(text.as_bytes()),
        Value::Blob(bytes) => ValueRef::Blob(bytes),
        Value::Real(_) => return Err(Fault::Damaged("a number that is not whole".to_owned())),
    })
}

/// What PostgreSQL does not take stays as it is: somebody has to look.
fn refused(table: &str, error: tokio_postgres::Error) -> StepError {
    let Some(told) = error.as_db_error() else { return error.into() };
    let place = told.where_().unwrap_or_default();
    let sentence =
        format!("PostgreSQL does not take the table {table} of the directory: {} ({place})", told.message());
    Fault::from(StoreError::Conflict(sentence)).into()
}
