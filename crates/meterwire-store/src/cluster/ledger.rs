//! The ledger's row of a tenant: the lock that every transaction of it begins with, and what the transaction changes of it.

use super::identity::Identities;
use super::outbox::{EventRow, to_body};
use super::questions::Questions;
use crate::error::{Fault, Work};
use crate::sql::postgres::Connection;
use crate::sums::Sums;
use meterwire_app::ports::TenantId;
use std::sync::Arc;
use tokio_postgres::Row;

const LOCK: &str = "SELECT version, catalog_version, labels_version, holds_version, last_seq, cancels, gross, sums FROM ledger \
     WHERE tenant_id = ? FOR UPDATE";
const UPDATE: &str = "UPDATE ledger SET version = ?, catalog_version = ?, labels_version = ?, holds_version = ?, \
     last_seq = ?, cancels = ?, gross = ?, sums = ? WHERE tenant_id = ?";
const SEND: &str = "INSERT INTO outbox (tenant_id, first_seq, events, min_ms, max_ms, made_ms, body) \
     VALUES (?, ?, ?, ?, ?, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, ?)";

/// A row of the ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LedgerRow {
    /// Counts the transactions that wrote.
    pub(crate) version: i64,
    /// Changes when anything of the catalogue does.
    pub(crate) catalog_version: i64,
    /// Changes when the text of a label changes or goes.
    pub(crate) labels_version: i64,
    /// Changes when a reservation is made or ends.
    pub(crate) holds_version: i64,
    /// The number of the newest event.
    pub(crate) last_seq: i64,
    /// How many rows took another back.
    pub(crate) cancels: i64,
    /// Everything that was ever recorded, each sum by its size: while it fits 64 bits, so does the sum of any part.
    pub(crate) gross: Sums,
    /// What is there: what ClickHouse has to add up to.
    pub(crate) sums: Sums,
}

impl LedgerRow {
    /// Begins a transaction and takes the tenant's lock, sent together; waits while another transaction has it. Where
    /// there is no such tenant it is the row of none, and there is no lock: its commands find nobody.
    pub(super) fn lock(connection: &Connection, tenant: i64) -> Work<Self> {
        let lock = connection.prepared(LOCK)?;
        let client = connection.client();
        let begin = client.batch_execute("BEGIN");
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 1] = [&tenant];
        let row = client.query_opt(&lock, &params);
        let ((), row) = connection.wait_for(futures_util::future::try_join(begin, row))?;
        row.as_ref().map_or_else(|| Ok(Self::default()), Self::from_row)
    }

    /// Reads the columns of [`LOCK`].
    pub(super) fn from_row(row: &Row) -> Work<Self> {
        let number = |place: usize| row.try_get::<_, i64>(place).map_err(damaged);
        let sums = |place: usize| {
            let bytes: &[u8] = row.try_get(place).map_err(damaged)?;
            let sums = if bytes.is_empty() { Some(Sums::default()) } else { Sums::from_row(bytes) };
            sums.ok_or_else(|| Fault::Damaged("sums of the ledger".to_owned()))
        };
        Ok(Self {
            version: number(0)?,
            catalog_version: number(1)?,
            labels_version: number(2)?,
            holds_version: number(3)?,
            last_seq: number(4)?,
            cancels: number(5)?,
            gross: sums(6)?,
            sums: sums(7)?,
        })
    }
}

impl LedgerRow {
    /// Adds a row of an event. An error where a sum would be beyond 64 bits.
    pub(super) fn add(&mut self, row: &EventRow) -> Work<()> {
        let sums = row.sums();
        self.sums.add(&sums, row.sign.into())?;
        if row.sign < 0 {
            self.cancels += 1;
            return Ok(());
        }
        let mut size = sums;
        for sum in &mut size.0 {
            *sum = sum.checked_abs().ok_or(Fault::Overflow)?;
        }
        self.gross.add(&size, 1)
    }
}

fn damaged(error: tokio_postgres::Error) -> Fault {
    Fault::Damaged(format!("the ledger: {error}"))
}

/// What a transaction has changed of what servers remember.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Changed {
    /// Anything of the catalogue.
    pub(super) catalog: bool,
    /// Which reservations are open.
    pub(super) holds: bool,
}

/// What the running transaction does to the ledger of its tenant.
pub(crate) struct Recording {
    /// What the shared code may ask of usage.
    pub(crate) questions: Arc<Questions>,
    pub(super) tenant: i64,
    pub(super) ledger: LedgerRow,
    /// The identities of events.
    pub(super) identities: Identities,
    /// Rows that are not in the outbox yet.
    rows: Vec<EventRow>,
    /// A label's text was changed or has gone.
    labels_changed: bool,
    /// Something of the catalogue was changed by a command that is not known for that.
    catalog_changed: bool,
    /// What the ledger was at the savepoint. The rows were written before it.
    at_savepoint: Option<(LedgerRow, bool)>,
}

impl Recording {
    pub(super) fn new(questions: Arc<Questions>, tenant: i64, ledger: &LedgerRow) -> Self {
        Self {
            questions,
            tenant,
            ledger: *ledger,
            identities: Identities::default(),
            rows: Vec::new(),
            labels_changed: false,
            catalog_changed: false,
            at_savepoint: None,
        }
    }

    /// Takes the next number for an event.
    pub(super) fn next_seq(&mut self) -> Work<i64> {
        self.ledger.last_seq = self.ledger.last_seq.checked_add(1).ok_or(Fault::Overflow)?;
        Ok(self.ledger.last_seq)
    }

    /// The number of the newest event.
    pub(crate) fn last_seq(&self) -> i64 {
        self.ledger.last_seq
    }

    /// How many events there are that are not voided.
    pub(crate) fn count(&self) -> i64 {
        self.ledger.sums.calls()
    }

    /// How many rows took another back so far.
    pub(crate) fn cancels(&self) -> i64 {
        self.ledger.cancels
    }

    /// Changes when the text of a label changes or goes.
    pub(crate) fn labels_version(&self) -> i64 {
        self.ledger.labels_version
    }

    /// Notes a row for ClickHouse. An error where a sum would be beyond 64 bits.
    pub(super) fn add(&mut self, row: EventRow) -> Work<()> {
        self.ledger.add(&row)?;
        self.rows.push(row);
        Ok(())
    }

    /// The texts of labels are not what they were; whoever remembers them has to forget them.
    pub(crate) fn labels_changed(&mut self) {
        self.labels_changed = true;
    }

    /// What is remembered of the catalogue is not what it was; whoever remembers it has to forget it.
    pub(crate) fn catalog_changed(&mut self) {
        self.catalog_changed = true;
    }

    /// Writes the rows that wait into the outbox, and the identities that do.
    pub(crate) fn flush(&mut self, connection: &Connection) -> Work<()> {
        self.identities.flush(connection, TenantId(self.tenant))?;
        let Some(first_seq) = self.rows.first().map(|row| row.seq) else { return Ok(()) };
        let times = self.rows.iter().map(|row| row.time_ms);
        let (min_ms, max_ms) = (times.clone().min().unwrap_or(0), times.max().unwrap_or(0));
        let events = i64::try_from(self.rows.len()).map_err(|_| Fault::Overflow)?;
        let body = to_body(&self.rows)?;
        let send = connection.prepared(SEND)?;
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
            [&self.tenant, &first_seq, &events, &min_ms, &max_ms, &body];
        connection.wait_for(connection.client().execute(&send, &params))?;
        self.rows.clear();
        Ok(())
    }

    /// What waits must have been written.
    pub(super) fn begin_savepoint(&mut self) {
        self.at_savepoint = Some((self.ledger, self.labels_changed));
    }

    pub(super) fn roll_back_to_savepoint(&mut self) {
        self.rows.clear();
        self.identities.clear();
        if let Some((ledger, labels_changed)) = self.at_savepoint.take() {
            (self.ledger, self.labels_changed) = (ledger, labels_changed);
        }
    }

    /// Writes the ledger's row and commits, sent together; answers the row as it is now.
    pub(super) fn commit(&mut self, connection: &Connection, changed: Changed) -> Work<LedgerRow> {
        let mut row = self.ledger;
        row.version += 1;
        row.catalog_version += i64::from(changed.catalog || self.catalog_changed);
        row.holds_version += i64::from(changed.holds);
        row.labels_version += i64::from(self.labels_changed);
        let (gross, sums) = (row.gross.to_row(), row.sums.to_row());
        let update = connection.prepared(UPDATE)?;
        let client = connection.client();
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 9] = [
            &row.version,
            &row.catalog_version,
            &row.labels_version,
            &row.holds_version,
            &row.last_seq,
            &row.cancels,
            &gross,
            &sums,
            &self.tenant,
        ];
        let updated = client.execute(&update, &params);
        let committed = client.batch_execute("COMMIT");
        connection.wait_for(futures_util::future::try_join(updated, committed))?;
        Ok(row)
    }
}
