//! Identities and sums of each tenant, of one moment: what PostgreSQL has, against ClickHouse and the outbox together.

use super::state::State;
use super::{Examination, Found, failed_look, finding};
use crate::cluster::batch::add_round;
use crate::cluster::click::folds::Kind;
use crate::cluster::click::rowbinary::Reader;
use crate::cluster::lead::StepError;
use crate::cluster::outbox::{EventRow, from_body};
use crate::error::{Fault, Work};
use crate::finding::{Part, Progress};
use crate::sums::{SUM_NAMES, Sums, TOKENS};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use tokio_postgres::Client;

/// Numbers of events that are told of one tenant.
const NAMED: usize = 5;
/// Of tenants with more events their numbers are not compared one by one.
const MOST_COMPARED: i64 = 2_000_000;
/// Rows of the outbox that are read together.
const PAGE: i64 = 100;
/// A prime, written as 64 bits in ClickHouse, whose remainders are as narrow as what is divided by: numbers and times modulo this, multiplied, tell which events there are without naming them.
const MODULUS: i64 = 65_521;

const IDENTITIES: &str = "SELECT tenant_id, count(*), count(*) FILTER (WHERE voided_ms IS NULL), \
       coalesce(sum(version), 0)::bigint, coalesce(sum((seq % 65521) * (time_ms % 65521)), 0)::bigint, max(seq) \
     FROM identity GROUP BY tenant_id";
const LEDGERS: &str = "SELECT tenant_id, last_seq, cancels, sums FROM ledger WHERE tenant_id > 0";
const TAIL: &str = "SELECT id, body, events FROM outbox WHERE batch IS NULL AND id > $1 ORDER BY id LIMIT $2";

/// Events as one side has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Events {
    count: i64,
    /// Those that are not voided.
    living: i64,
    /// How often they were rated anew, together.
    versions: i64,
    /// Which they are.
    mixed: i64,
}

/// A tenant as PostgreSQL has it.
struct Ledger {
    last_seq: i64,
    cancels: i64,
    sums: Sums,
}

/// Everything that PostgreSQL says at one moment.
struct Said {
    state: State,
    identities: BTreeMap<i64, (Events, i64)>,
    ledgers: BTreeMap<i64, Ledger>,
    /// What waits in the outbox.
    tail: BTreeMap<i64, (Events, Sums)>,
    waiting: u64,
    found: Found,
}

impl Events {
    fn add(&mut self, row: &EventRow) {
        self.living += i64::from(row.sign);
        if row.sign > 0 && row.version == 0 {
            self.count += 1;
            self.mixed =
                self.mixed.wrapping_add((row.seq % MODULUS).wrapping_mul(row.time_ms.rem_euclid(MODULUS)));
        }
        if row.sign > 0 && row.version > 0 {
            self.versions += 1;
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            living: self.living + other.living,
            versions: self.versions + other.versions,
            mixed: self.mixed.wrapping_add(other.mixed),
        }
    }
}

/// The sums of rows of events, each under a sign.
fn sums_of_events() -> String {
    let mut sums = vec!["sum(sign)".to_owned(), "sum(sign * (status >= 400))".to_owned()];
    sums.push("sum(sign * (rating = 3))".to_owned());
    sums.extend(SUM_NAMES[TOKENS].iter().map(|name| format!("sum(sign * {name})")));
    sums.push("sum(sign * cost_nanos)".to_owned());
    sums.iter().map(|sum| format!("toInt64({sum})")).collect::<Vec<_>>().join(", ")
}

/// The sums of rows of rollups.
fn sums_of_rollups() -> String {
    let mut names = vec!["calls", "errors", "unpriced"];
    names.extend(&SUM_NAMES[TOKENS]);
    names.push("cost_nanos");
    names.iter().map(|name| format!("toInt64(sum({name}))")).collect::<Vec<_>>().join(", ")
}

fn read_sums(row: &mut Reader<'_>) -> Work<Sums> {
    let mut sums = Sums::default();
    for sum in &mut sums.0 {
        *sum = row.cell()?;
    }
    Ok(sums)
}

fn add_wrapping(to: &mut Sums, other: &Sums) {
    to.0.iter_mut().zip(other.0).for_each(|(sum, value)| *sum = sum.wrapping_add(value));
}

impl<P: FnMut(Progress) + Send> Examination<P> {
    /// One look at all tenants.
    pub(super) async fn check_ledgers(&mut self) -> Result<Found, StepError> {
        let told = |error: tokio_postgres::Error| failed_look(&error);
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        self.client.batch_execute(begin).await.map_err(told)?;
        let said = said(&self.client).await;
        self.client.batch_execute("ROLLBACK").await.map_err(told)?;
        let Said { state, identities, ledgers, tail, waiting, mut found } = said?;
        self.report.waiting = waiting;
        let events = self.events_there(&state).await?;
        let (folded, rest) = self.sums_there(&state).await?;
        self.report.events = events.values().map(|events| events.count.cast_unsigned()).sum();
        let tenants: BTreeSet<i64> = [
            identities.keys().copied().collect::<Vec<_>>(),
            ledgers.keys().copied().collect(),
            tail.keys().copied().collect(),
            events.keys().copied().collect(),
            folded.keys().map(|(tenant, _)| *tenant).collect(),
        ]
        .concat()
        .into_iter()
        .collect();
        for tenant in tenants {
            let Some(ledger) = ledgers.get(&tenant) else {
                let what = format!("tenant {tenant} is not there, and something of it is");
                found.push(finding(Part::Ledger, what));
                continue;
            };
            let (identities, max_seq) = identities.get(&tenant).copied().unwrap_or_default();
            let (waiting, waiting_sums) = tail.get(&tenant).copied().unwrap_or_default();
            let there = events.get(&tenant).copied().unwrap_or_default().plus(waiting);
            if there != identities {
                found.push(self.differing_identities(tenant, &state, identities, there).await?);
            }
            found.extend(ledger.complaints(tenant, &state, identities, max_seq));
            for kind in Kind::every() {
                let mut sums = folded.get(&(tenant, kind.number)).copied().unwrap_or_default();
                add_wrapping(&mut sums, &rest.get(&tenant).copied().unwrap_or_default());
                add_wrapping(&mut sums, &waiting_sums);
                let which = if kind.set.dimensions.is_empty() { "" } else { kind.set.name };
                found.extend(differing_sums(tenant, which, &ledger.sums, &sums));
            }
        }
        Ok(found)
    }

    /// Events in ClickHouse, by tenant.
    async fn events_there(&self, state: &State) -> Result<BTreeMap<i64, Events>, StepError> {
        let first = "(sign = 1 AND version = 0)";
        let sql = format!(
            "SELECT tenant, toInt64(sum({first})), toInt64(sum(sign)), toInt64(sum(sign = 1 AND version > 0)), \
             toInt64(sum({first} * (seq % toInt64({MODULUS})) * (time_ms % toInt64({MODULUS})))) FROM {} WHERE {} \
             GROUP BY tenant FORMAT RowBinary",
            self.clicks.schema().all("event"),
            state.visible()
        );
        let mut found = BTreeMap::new();
        self.ask(sql, |row| {
            let tenant: u32 = row.cell()?;
            let (count, living, versions, mixed) = (row.cell()?, row.cell()?, row.cell()?, row.cell()?);
            found.insert(i64::from(tenant), Events { count, living, versions, mixed });
            Ok(())
        })
        .await?;
        Ok(found)
    }

    /// Sums of folds by tenant and kind, and of what is not folded by tenant.
    async fn sums_there(
        &self,
        state: &State,
    ) -> Result<(BTreeMap<(i64, u8), Sums>, BTreeMap<i64, Sums>), StepError> {
        let schema = self.clicks.schema();
        let (mut folded, mut rest) = (BTreeMap::new(), BTreeMap::new());
        if !state.folds.is_empty() {
            let sql = format!(
                "SELECT tenant, kind, {} FROM {} WHERE fold IN ({}) GROUP BY tenant, kind FORMAT RowBinary",
                sums_of_rollups(),
                schema.all("rollup"),
                state.folds
            );
            self.ask(sql, |row| {
                let (tenant, kind): (u32, u8) = (row.cell()?, row.cell()?);
                folded.insert((i64::from(tenant), kind), read_sums(row)?);
                Ok(())
            })
            .await?;
        }
        let sql = format!(
            "SELECT tenant, {} FROM {} WHERE {} AND batch > {} GROUP BY tenant FORMAT RowBinary",
            sums_of_events(),
            schema.all("event"),
            state.counted(),
            state.folded
        );
        self.ask(sql, |row| {
            let tenant: u32 = row.cell()?;
            rest.insert(i64::from(tenant), read_sums(row)?);
            Ok(())
        })
        .await?;
        Ok((folded, rest))
    }

    /// Which events are on one side alone.
    async fn differing_identities(
        &self,
        tenant: i64,
        state: &State,
        identities: Events,
        there: Events,
    ) -> Result<crate::finding::Finding, StepError> {
        let mut what = format!(
            "tenant {tenant} has {} identities ({} not voided, {} ratings anew), ClickHouse and the outbox have {} events ({}, {})",
            identities.count,
            identities.living,
            identities.versions,
            there.count,
            there.living,
            there.versions
        );
        if identities.count.max(there.count) <= MOST_COMPARED {
            let sql = format!(
                "SELECT seq FROM {} WHERE tenant = {tenant} AND {} AND sign = 1 AND version = 0 FORMAT RowBinary",
                self.clicks.schema().all("event"),
                state.visible()
            );
            let mut seqs: BTreeSet<i64> = BTreeSet::new();
            self.ask(sql, |row| {
                seqs.insert(row.cell()?);
                Ok(())
            })
            .await?;
            let told = |error: tokio_postgres::Error| failed_look(&error);
            let known = "SELECT seq FROM identity WHERE tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM outbox \
                 WHERE outbox.tenant_id = $1 AND batch IS NULL AND seq BETWEEN first_seq AND first_seq + events)";
            let rows = self.client.query(known, &[&tenant]).await.map_err(told)?;
            let known: BTreeSet<i64> = rows.iter().map(|row| row.get(0)).collect();
            let named = |seqs: Vec<&i64>| {
                let named: Vec<_> = seqs.iter().take(NAMED).map(ToString::to_string).collect();
                format!(
                    "{} ({}{})",
                    seqs.len(),
                    named.join(", "),
                    if seqs.len() > NAMED { ", .." } else { "" }
                )
            };
            let (lost, unknown): (Vec<_>, Vec<_>) =
                (known.difference(&seqs).collect(), seqs.difference(&known).collect());
            if !lost.is_empty() {
                let _ = write!(what, "; not in ClickHouse: {}", named(lost));
            }
            if !unknown.is_empty() {
                let _ = write!(what, "; without identity: {}", named(unknown));
            }
        }
        Ok(finding(Part::Identities, what))
    }
}

impl Ledger {
    /// What the ledger says of the identities.
    fn complaints(&self, tenant: i64, state: &State, identities: Events, max_seq: i64) -> Found {
        let mut found = Found::new();
        if max_seq > self.last_seq {
            let what = format!(
                "tenant {tenant}: an event has the number {max_seq}, the last should be {}",
                self.last_seq
            );
            found.push(finding(Part::Ledger, what));
        }
        // What was dropped for its age took its own with it.
        let is_whole = state.kept_from.get(&tenant).copied().flatten().is_none();
        let cancels = identities.versions + identities.count - identities.living;
        if is_whole && cancels != self.cancels {
            let what = format!(
                "tenant {tenant}: {} rows took others back by the ledger, {cancels} by the identities",
                self.cancels
            );
            found.push(finding(Part::Ledger, what));
        }
        found
    }
}

/// Where sums of one kind of rollups are not the ledger's.
fn differing_sums(tenant: i64, kind: &str, ledger: &Sums, there: &Sums) -> Option<crate::finding::Finding> {
    let place = (0..SUM_NAMES.len()).find(|place| ledger.0[*place] != there.0[*place])?;
    let kind = if kind.is_empty() { String::new() } else { format!(" by {kind}") };
    let what = format!(
        "tenant {tenant}: {} is {} by the ledger, ClickHouse{kind} and the outbox add up to {}",
        SUM_NAMES[place], ledger.0[place], there.0[place]
    );
    Some(finding(Part::Ledger, what))
}

/// Reads everything in one transaction.
async fn said(client: &Client) -> Result<Said, StepError> {
    let told = |error: tokio_postgres::Error| failed_look(&error);
    let state = State::take(client).await?;
    let mut identities = BTreeMap::new();
    for row in client.query(IDENTITIES, &[]).await.map_err(told)? {
        let events =
            Events { count: row.get(1), living: row.get(2), versions: row.get(3), mixed: row.get(4) };
        identities.insert(row.get(0), (events, row.get(5)));
    }
    let mut ledgers = BTreeMap::new();
    for row in client.query(LEDGERS, &[]).await.map_err(told)? {
        let bytes: &[u8] = row.get(3);
        let sums = if bytes.is_empty() { Some(Sums::default()) } else { Sums::from_row(bytes) };
        let sums = sums.ok_or_else(|| Fault::Damaged("sums of the ledger".to_owned()))?;
        ledgers.insert(row.get(0), Ledger { last_seq: row.get(1), cancels: row.get(2), sums });
    }
    let mut said =
        Said { state, identities, ledgers, tail: BTreeMap::new(), waiting: 0, found: Found::new() };
    let mut after = 0_i64;
    loop {
        let rows = client.query(TAIL, &[&after, &PAGE]).await.map_err(told)?;
        for row in &rows {
            after = row.get(0);
            said.wait(after, row.get(1), row.get(2));
        }
        if rows.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) {
            return Ok(said);
        }
    }
}

impl Said {
    /// Adds a row of the outbox that waits.
    fn wait(&mut self, id: i64, body: &[u8], events: i64) {
        let Ok(rows) = from_body(body) else {
            self.found.push(finding(Part::Outbox, format!("row {id} cannot be read")));
            return;
        };
        if i64::try_from(rows.len()) != Ok(events) {
            let what = format!("row {id} should have {events} rows of events and has {}", rows.len());
            self.found.push(finding(Part::Outbox, what));
        }
        self.waiting += rows.len() as u64;
        for row in &rows {
            let (seen, sums) = self.tail.entry(row.tenant.into()).or_default();
            seen.add(row);
            add_round(sums, row);
        }
    }
}
