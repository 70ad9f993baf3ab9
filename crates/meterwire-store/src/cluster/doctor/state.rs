//! What counts at the moment of a look: the manifest, and what retention has taken away.

use super::failed_look;
use crate::cluster::lead::StepError;
use crate::error::Fault;
use crate::slot::{DAY, SLOT_MS};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tokio_postgres::{Client, Row};

const MANIFEST: &str = "SELECT applied, dead, folded, folds FROM manifest WHERE only_row = 1";
const KEPT: &str = "SELECT id, events_from_ms FROM tenant";
const DROPS: &str = "SELECT tenant_id, upto_seq, received_before_ms, at_time_ms, at_seq FROM event_drop \
     WHERE at_time_ms IS NOT NULL AND at_seq IS NOT NULL";

pub(super) struct State {
    pub(super) applied: i64,
    pub(super) dead: String,
    pub(super) folded: i64,
    pub(super) folds: String,
    /// Every tenant; since when (Unix milliseconds, the start of a UTC day) all of its events are there, `None`: always.
    pub(super) kept_from: BTreeMap<i64, Option<i64>>,
    /// Conditions of rows that are dropped and may be there still.
    hidden: Vec<String>,
}

impl State {
    /// Reads it, within the transaction that the connection is in, if it is in one.
    pub(super) async fn take(client: &Client) -> Result<Self, StepError> {
        let told = |error: tokio_postgres::Error| failed_look(&error);
        let row = client.query_one(MANIFEST, &[]).await.map_err(told)?;
        let kept = client.query(KEPT, &[]).await.map_err(told)?;
        let drops = client.query(DROPS, &[]).await.map_err(told)?;
        let state = Self {
            applied: row.get(0),
            dead: numbers(row.get(1))?,
            folded: row.get(2),
            folds: numbers(row.get(3))?,
            kept_from: kept
                .iter()
                .map(|row| (row.get(0), row.get::<_, Option<i64>>(1).map(day_after)))
                .collect(),
            hidden: drops.iter().map(hidden).collect(),
        };
        Ok(state)
    }

    /// That a row of events counts.
    pub(super) fn counted(&self) -> String {
        let mut sql = format!("batch <= {}", self.applied);
        if !self.dead.is_empty() {
            let _ = write!(sql, " AND batch NOT IN ({})", self.dead);
        }
        sql
    }

    /// That it counts as a single event too: it was not dropped for its age.
    pub(super) fn visible(&self) -> String {
        let mut sql = self.counted();
        self.hidden.iter().for_each(|hidden| {
            let _ = write!(sql, " AND NOT {hidden}");
        });
        sql
    }

    /// That a time (an expression, Unix milliseconds) is one of which all events of the tenant are there.
    pub(super) fn kept(&self, time_ms: &str) -> String {
        let with = self.kept_from.iter().filter_map(|(tenant, from)| Some((tenant, (*from)?)));
        let (tenants, times): (Vec<String>, Vec<String>) =
            with.map(|(tenant, from)| (tenant.to_string(), format!("toInt64({from})"))).unzip();
        if tenants.is_empty() {
            return "1".to_owned();
        }
        format!(
            "{time_ms} >= transform(toUInt64(tenant), [{}], [{}], toInt64(0))",
            tenants.iter().map(|tenant| format!("toUInt64({tenant})")).collect::<Vec<_>>().join(", "),
            times.join(", ")
        )
    }

    /// Whether all events of this time are there.
    pub(super) fn is_kept(&self, tenant: i64, time_ms: i64) -> bool {
        self.kept_from.get(&tenant).copied().flatten().is_none_or(|from| time_ms >= from)
    }
}

/// The start of the first UTC day that is whole behind this instant.
fn day_after(from_ms: i64) -> i64 {
    let day_ms = DAY * SLOT_MS;
    from_ms.saturating_add(day_ms - 1).div_euclid(day_ms) * day_ms
}

/// As questions leave them out.
fn hidden(row: &Row) -> String {
    let number = |place: usize| row.get::<_, Option<i64>>(place).unwrap_or(0);
    let (tenant, upto, received) = (row.get::<_, i64>(0), number(1), number(2));
    let (at, seq) = (number(3), number(4));
    format!(
        "(tenant = {tenant} AND (time_ms < {at} OR (time_ms = {at} AND seq <= {seq})) AND seq <= {upto} \
         AND received_ms < {received})"
    )
}

/// A list of numbers as the manifest has it, which goes into statements: nothing else may.
fn numbers(list: String) -> Result<String, StepError> {
    if list.bytes().all(|byte| byte.is_ascii_digit() || byte == b',') {
        return Ok(list);
    }
    Err(Fault::Damaged("the manifest is no list of numbers".to_owned()).into())
}
