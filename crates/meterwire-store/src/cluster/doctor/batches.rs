//! Batches: whether the manifest names them rightly, and whether ClickHouse still has what it took.

use super::state::State;
use super::{Examination, Found, failed_look, finding};
use crate::cluster::lead::StepError;
use crate::cluster::outbox::from_body;
use crate::finding::{Part, Progress};
use std::collections::{BTreeMap, BTreeSet};

/// The newest batches whose kept rows are compared.
const MOST_BATCHES: i64 = 5_000;
/// Unknown batches that are told of.
const MOST_UNKNOWN: usize = 20;
const NAMED: usize = 5;

/// The manifest beside what it is made of.
const MANIFEST: &str = "SELECT applied, coalesce((SELECT max(id) FROM batch WHERE state = 'applied'), 0), folded, dead, \
       (SELECT coalesce(string_agg(id::text, ',' ORDER BY id), '') FROM batch WHERE state = 'dead'), folds, \
       (SELECT coalesce(string_agg(id::text, ',' ORDER BY id), '') FROM fold WHERE state = 'live'), \
       (SELECT count(*) FROM batch WHERE state = 'applied') \
     FROM manifest WHERE only_row = 1";
const KEPT: &str = "SELECT DISTINCT batch FROM outbox WHERE batch IS NOT NULL ORDER BY batch DESC LIMIT $1";
const BODIES: &str = "SELECT id, tenant_id, body FROM outbox WHERE batch = $1 ORDER BY id";
const KNOWN: &str = "SELECT id FROM batch WHERE id = ANY($1)";

/// A row of an event: number, version, sign, of a tenant.
type RowKey = (i64, i64, u8, i8);

/// What tells rows of a batch from others without naming them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Digest {
    rows: i64,
    mixed: i64,
}

impl Digest {
    fn add(&mut self, (tenant, seq, version, sign): RowKey) {
        self.rows += 1;
        let number = seq.wrapping_mul(1_000_003).wrapping_add(tenant.wrapping_mul(7_919));
        let number = number.wrapping_add(i64::from(version) * 10_007).wrapping_add(i64::from(sign) * 31);
        self.mixed = self.mixed.wrapping_add(number.wrapping_mul(number));
    }

    /// The same in words of ClickHouse, of its rows.
    fn sql() -> String {
        let number =
            "(seq * 1000003 + toInt64(tenant) * 7919 + toInt64(version) * 10007 + toInt64(sign) * 31)";
        format!("toInt64(count()), toInt64(sum({number} * {number}))")
    }
}

impl<P: FnMut(Progress) + Send> Examination<P> {
    /// One look at the manifest and the batches that the outbox keeps.
    pub(super) async fn check_batches(&mut self) -> Result<Found, StepError> {
        let told = |error: tokio_postgres::Error| failed_look(&error);
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        self.client.batch_execute(begin).await.map_err(told)?;
        let looked = self.look_at_batches().await;
        self.client.batch_execute("ROLLBACK").await.map_err(told)?;
        let (mut found, kept, state) = looked?;
        found.extend(self.unknown_batches(&state).await?);
        found.extend(self.compare_batches(&kept, &state).await?);
        Ok(found)
    }

    /// What PostgreSQL says: the manifest, and what each kept batch should have, of time whose events are all there.
    async fn look_at_batches(&self) -> Result<(Found, BTreeMap<i64, Digest>, State), StepError> {
        let told = |error: tokio_postgres::Error| failed_look(&error);
        let state = State::take(&self.client).await?;
        let mut found = self.check_manifest().await?;
        let mut kept = BTreeMap::new();
        for row in self.client.query(KEPT, &[&MOST_BATCHES]).await.map_err(told)? {
            let batch: i64 = row.get(0);
            let mut digest = Digest::default();
            for row in self.client.query(BODIES, &[&batch]).await.map_err(told)? {
                let Ok(rows) = from_body(row.get(2)) else {
                    let what = format!("row {} cannot be read", row.get::<_, i64>(0));
                    found.push(finding(Part::Outbox, what));
                    continue;
                };
                let rows = rows.iter().filter(|row| state.is_kept(row.tenant.into(), row.time_ms));
                rows.for_each(|row| digest.add((row.tenant.into(), row.seq, row.version, row.sign)));
            }
            kept.insert(batch, digest);
        }
        Ok((found, kept, state))
    }

    async fn check_manifest(&self) -> Result<Found, StepError> {
        let told = |error: tokio_postgres::Error| failed_look(&error);
        let row = self.client.query_one(MANIFEST, &[]).await.map_err(told)?;
        let (applied, newest, folded): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
        let (dead, are_dead): (&str, &str) = (row.get(3), row.get(4));
        let (folds, are_live): (&str, &str) = (row.get(5), row.get(6));
        let mut found = Found::new();
        // Rows of old batches are not kept for ever.
        if row.get::<_, i64>(7) > 0 && applied != newest {
            let what = format!("it names batches up to {applied}, the newest that was applied is {newest}");
            found.push(finding(Part::Manifest, what));
        }
        if folded > applied {
            let what =
                format!("batches up to {folded} are folded, and only those up to {applied} are applied");
            found.push(finding(Part::Manifest, what));
        }
        if dead != are_dead {
            let what = format!("it leaves out the batches ({dead}), dead are ({are_dead})");
            found.push(finding(Part::Manifest, what));
        }
        if folds != are_live {
            found.push(finding(
                Part::Manifest,
                format!("it names the folds ({folds}), live are ({are_live})"),
            ));
        }
        Ok(found)
    }

    /// Batches beyond the manifest that PostgreSQL has never given a number.
    async fn unknown_batches(&self, state: &State) -> Result<Found, StepError> {
        let sql = format!(
            "SELECT DISTINCT batch FROM {} WHERE batch > {} LIMIT 10000 FORMAT RowBinary",
            self.clicks.schema().all("event"),
            state.applied
        );
        let mut there = BTreeSet::new();
        self.ask(sql, |row| {
            there.insert(i64::from(row.cell::<u32>()?));
            Ok(())
        })
        .await?;
        let numbers: Vec<i64> = there.iter().copied().collect();
        let known = self.client.query(KNOWN, &[&numbers]).await.map_err(|error| failed_look(&error))?;
        for row in known {
            there.remove(&row.get::<_, i64>(0));
        }
        let unknown = there.iter().take(MOST_UNKNOWN).map(|batch| {
            let what = format!("ClickHouse has rows of batch {batch}, a number that was never given out");
            finding(Part::Manifest, what)
        });
        Ok(unknown.collect())
    }

    async fn compare_batches(&self, kept: &BTreeMap<i64, Digest>, state: &State) -> Result<Found, StepError> {
        let mut found = Found::new();
        if kept.is_empty() {
            return Ok(found);
        }
        let numbers: Vec<_> = kept.keys().map(ToString::to_string).collect();
        let sql = format!(
            "SELECT batch, {} FROM {} WHERE batch IN ({}) AND {} GROUP BY batch FORMAT RowBinary",
            Digest::sql(),
            self.clicks.schema().all("event"),
            numbers.join(", "),
            state.kept("time_ms")
        );
        let mut there: BTreeMap<i64, Digest> = BTreeMap::new();
        self.ask(sql, |row| {
            let batch = i64::from(row.cell::<u32>()?);
            there.insert(batch, Digest { rows: row.cell()?, mixed: row.cell()? });
            Ok(())
        })
        .await?;
        for (batch, digest) in kept {
            let is = there.get(batch).copied().unwrap_or_default();
            // A transaction of the batch may not be kept any more; what is kept must be there.
            if is != *digest && is.rows <= digest.rows {
                found.extend(self.missing_of(*batch, state).await?);
            }
        }
        Ok(found)
    }

    /// Which kept rows of a batch ClickHouse has not.
    async fn missing_of(
        &self,
        batch: i64,
        state: &State,
    ) -> Result<Option<crate::finding::Finding>, StepError> {
        let told = |error: tokio_postgres::Error| failed_look(&error);
        let mut missing: BTreeSet<RowKey> = BTreeSet::new();
        for row in self.client.query(BODIES, &[&batch]).await.map_err(told)? {
            let rows = from_body(row.get(2)).unwrap_or_default();
            let rows = rows.iter().filter(|row| state.is_kept(row.tenant.into(), row.time_ms));
            missing.extend(rows.map(|row| (row.tenant.into(), row.seq, row.version, row.sign)));
        }
        let all = missing.len();
        let sql = format!(
            "SELECT tenant, seq, version, sign FROM {} WHERE batch = {batch} FORMAT RowBinary",
            self.clicks.schema().all("event")
        );
        self.ask(sql, |row| {
            let tenant: u32 = row.cell()?;
            missing.remove(&(tenant.into(), row.cell()?, row.cell()?, row.cell()?));
            Ok(())
        })
        .await?;
        if missing.is_empty() {
            return Ok(None);
        }
        let named: Vec<_> =
            missing.iter().take(NAMED).map(|(tenant, seq, ..)| format!("{seq} of tenant {tenant}")).collect();
        let what = format!(
            "of {all} rows of batch {batch}, ClickHouse has lost {}: {}",
            missing.len(),
            named.join(", ")
        );
        Ok(Some(finding(Part::Batch, what)))
    }
}
