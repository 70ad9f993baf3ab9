//! The ledger's rows of all tenants, while a move writes them. Nobody else does: no server is there.

use super::super::lead::{StepError, bounded};
use super::super::ledger::LedgerRow;
use crate::error::{Fault, Work};
use crate::sums::Sums;
use hashbrown::HashMap;
use tokio_postgres::{Client, Transaction};

const ALL: &str = "SELECT version, catalog_version, labels_version, holds_version, last_seq, cancels, gross, sums, tenant_id \
     FROM ledger WHERE tenant_id > 0";
const WRITE: &str = "UPDATE ledger SET version = version + 1, last_seq = $2, cancels = $3, gross = $4, sums = $5 \
     WHERE tenant_id = $1";

/// By the tenants' numbers.
pub(super) type Ledgers = HashMap<i64, LedgerRow>;

pub(super) async fn all(client: &Client) -> Result<Ledgers, StepError> {
    let rows = bounded(client.query(ALL, &[])).await?;
    Ok(rows.iter().map(|row| Ok((row.get(8), LedgerRow::from_row(row)?))).collect::<Work<_>>()?)
}

/// Adds totals whose events are gone. An error beyond 64 bits.
pub(super) fn add_totals(ledger: &mut LedgerRow, sums: &Sums) -> Work<()> {
    let mut size = *sums;
    for sum in &mut size.0 {
        *sum = sum.checked_abs().ok_or(Fault::Overflow)?;
    }
    ledger.gross.add(&size, 1)?;
    ledger.sums.add(sums, 1)
}

/// Writes what the ledgers add up to now, with the number of the newest event that was brought.
pub(super) async fn write(
    transaction: &Transaction<'_>,
    changed: &Ledgers,
    last_seq: i64,
) -> Result<(), StepError> {
    for (tenant, ledger) in changed {
        let (gross, sums) = (ledger.gross.to_row(), ledger.sums.to_row());
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [tenant, &last_seq, &ledger.cancels, &gross, &sums];
        if bounded(transaction.execute(WRITE, &values)).await? != 1 {
            return Err(Fault::Damaged(format!("tenant {tenant} has no ledger")).into());
        }
    }
    Ok(())
}
