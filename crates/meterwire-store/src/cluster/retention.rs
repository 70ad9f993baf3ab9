//! Retention: single events of a tenant are dropped when they are old enough; their totals stay in the folds.
//!
//! | Step | Where | A crash behind it leaves | What mends it |
//! |---|---|---|---|
//! | 1 settle: everything from before what is kept is flushed and folded, by declared dimensions too | [`Settle`] | nothing | - |
//! | 2 find: number, time, source and id of the next events, in the order of time | [`Round::find`] | nothing | - |
//! | 3 drop, under the tenant's lock: nothing came or was declared that is not folded; their identities go and `event_drop` moves on, in one transaction | [`Step::run`] | a round that goes on where it was | the next step |
//! | 4 delete, by the leader, when a whole round is dropped and no question of before it is left | [`Dropper::delete`] | rows that no question reads | again |
//!
//! Questions leave out what `event_drop` has passed. So what is hidden is exactly what has no identity any more: what is
//! still there can be voided and rated anew, which is folded before the next step. The tenant's newest event is never
//! dropped. A round has the bounds it began with; the next one begins when step 4 is done.

use super::clean::{milliseconds, numbers};
use super::click::client::Clicks;
use super::click::rowbinary::Reader;
use super::connect::away;
use super::identity;
use super::lead::{Lead, StepError, bounded};
use super::settle::Settle;
use super::snapshot::Snapshot;
use super::store::Cluster;
use crate::catalog::retention::events_from;
use crate::error::{Fault, Work, unavailable};
use crate::session::{Session, Weight};
use crate::sql::{Connection, OptionalExtension, params};
use meterwire_app::ports::{StoreResult, TenantId};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::time::Duration;
use tokio::time::Instant;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// A step is tried so often while rows from before what is kept still arrive.
const TRIES: usize = 5;
/// The most events of one step, whatever is asked for.
const MAX_STEP: usize = 10_000;
/// Finding the events of a step.
const FIND: Duration = Duration::from_secs(30);
/// Where times of events cannot be.
const LAST_MS: i64 = 1 << 53;
/// Rounds whose rows are deleted together.
const MAX_ROUNDS: i64 = 100;
/// A count over rows, or the order to delete.
const DELETE: Duration = Duration::from_secs(30);

const READ: &str =
    "SELECT before_ms, upto_seq, received_before_ms, at_time_ms, at_seq FROM event_drop WHERE tenant_id = ?";
const IS_ERASING: &str = "SELECT EXISTS (SELECT 1 FROM erasure WHERE tenant_id = ?)";
const BEGIN: &str = "INSERT INTO event_drop (tenant_id, before_ms, upto_seq, received_before_ms, at_time_ms, at_seq) \
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id) DO NOTHING";
const MOVE: &str =
    "UPDATE event_drop SET at_time_ms = ?, at_seq = ? WHERE tenant_id = ? AND at_time_ms = ? AND at_seq = ?";
const DROPPED: &str = "SELECT tenant_id, before_ms, upto_seq, received_before_ms FROM event_drop \
     WHERE at_time_ms >= before_ms ORDER BY tenant_id LIMIT $1";
const TEXTS: &str = "SELECT id, value FROM label WHERE tenant_id = $1 AND id = ANY($2)";

/// What is being dropped of a tenant: events before a time, up to a number, received before a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Round {
    tenant: TenantId,
    before_ms: i64,
    upto_seq: i64,
    received_before_ms: i64,
    /// How far it has come, by time and number; `None`: it is not begun.
    at: Option<(i64, i64)>,
}

/// An event to be dropped.
#[derive(Debug, Clone)]
struct Old {
    time_ms: i64,
    seq: i64,
    hash: Uuid,
}

impl Round {
    /// The tenant's round, begun or not; `None` where nothing may be dropped, or what was is still being deleted, or a user
    /// is being erased: that is waited for by folds, and by people.
    fn next(connection: &Connection<'_>, tenant: TenantId, received_before_ms: i64) -> Work<Option<Self>> {
        let begun = connection
            .query_row(READ, [tenant.0], |row| {
                let at = Some((row.get(3)?, row.get(4)?));
                let (before_ms, upto_seq, received_before_ms) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(Self { tenant, before_ms, upto_seq, received_before_ms, at })
            })
            .optional()?;
        if connection.query_row(IS_ERASING, [tenant.0], |row| row.get(0))? {
            return Ok(None);
        }
        if let Some(round) = begun {
            return Ok(Some(round).filter(|round| !round.is_over()));
        }
        let Some(before_ms) = events_from(connection, tenant)? else { return Ok(None) };
        let last = "SELECT last_seq FROM ledger WHERE tenant_id = ?";
        let last: Option<i64> = connection.query_row(last, [tenant.0], |row| row.get(0)).optional()?;
        let Some(upto_seq) = last.map(|last| last - 1).filter(|upto| *upto > 0) else { return Ok(None) };
        let before_ms = before_ms.clamp(0, LAST_MS);
        let received_before_ms = received_before_ms.clamp(0, LAST_MS);
        Ok(Some(Self { tenant, before_ms, upto_seq, received_before_ms, at: None }))
    }

    /// Every event is dropped.
    fn is_over(&self) -> bool {
        self.at.is_some_and(|(at_ms, _)| at_ms >= self.before_ms)
    }

    /// Which rows of ClickHouse are of this round.
    fn condition(&self) -> String {
        let Self { tenant, before_ms, upto_seq, received_before_ms, .. } = self;
        format!(
            "(tenant = {} AND time_ms < {before_ms} AND seq <= {upto_seq} AND received_ms < {received_before_ms})",
            tenant.0
        )
    }

    /// Step 2: the next events, voided ones too, in the order of time. Each has one row of the first version.
    async fn find(&self, cluster: &Cluster, most: usize) -> Work<Vec<Old>> {
        let reader = cluster.readers.reader().await?;
        let client = reader.client()?;
        let Snapshot { applied, dead, .. } =
            Snapshot::take(client, &cluster.questions.bodies, self.tenant).await?;
        let mut rows = Vec::new();
        if applied > 0 {
            let clicks = &cluster.questions.clicks;
            let answer =
                clicks.ask(self.statement(clicks, applied, &dead, most), Instant::now() + FIND).await?;
            let mut reader = Reader::new(&answer);
            while !reader.is_empty() {
                let row: (i64, i64) = (reader.cell()?, reader.cell()?);
                rows.push((row, reader.cell::<u32>()?, reader.cell::<String>()?));
            }
        }
        let mut sources: Vec<i64> = rows.iter().map(|(_, source, _)| i64::from(*source)).collect();
        sources.sort_unstable();
        sources.dedup();
        let types = [(&self.tenant.0 as _, Type::INT8), (&sources as _, Type::INT8_ARRAY)];
        let texts = client.query_typed(TEXTS, &types).await.map_err(|error| away(&error))?;
        let texts: HashMap<i64, &str> = texts.iter().map(|row| (row.get(0), row.get(1))).collect();
        let old = |((time_ms, seq), source, id): ((i64, i64), u32, String)| {
            let source = texts.get(&i64::from(source));
            let source =
                source.ok_or_else(|| Fault::Damaged(format!("the source of event {seq} has no label")))?;
            Ok(Old { time_ms, seq, hash: identity::hash(self.tenant, source, &id) })
        };
        rows.into_iter().map(old).collect()
    }

    fn statement(&self, clicks: &Clicks, applied: u32, dead: &[u32], most: usize) -> String {
        let mut sql = format!(
            "SELECT time_ms, seq, source, id FROM {} WHERE {} AND sign = 1 AND version = 0 AND batch <= {applied}",
            clicks.schema().all("event"),
            self.condition()
        );
        if !dead.is_empty() {
            let dead: Vec<_> = dead.iter().map(u32::to_string).collect();
            let _ = write!(sql, " AND batch NOT IN ({})", dead.join(", "));
        }
        if let Some((at_ms, at_seq)) = self.at {
            let _ = write!(sql, " AND time_ms >= {at_ms} AND (time_ms > {at_ms} OR seq > {at_seq})");
        }
        let _ = write!(sql, " ORDER BY time_ms, seq LIMIT {most} FORMAT RowBinary");
        sql
    }
}

/// Step 3.
struct Step {
    round: Round,
    old: Vec<Old>,
    /// Where the round is behind it.
    to: (i64, i64),
}

impl Step {
    /// Drops them; answers how many, or `None` where something has come meanwhile that is not folded, so that it has to be
    /// begun again. Nothing where another server was quicker.
    fn run(&self, session: &mut Session<'_>) -> Work<Option<usize>> {
        let Round { tenant, before_ms, .. } = self.round;
        if !(Settle { tenant, before_ms, upto_id: i64::MAX, by_declared: true })
            .is_done(&session.connection)?
        {
            return Ok(None);
        }
        if self.advance(session)? == 0 {
            return Ok(Some(0));
        }
        let hashes: Vec<Uuid> = self.old.iter().map(|old| old.hash).collect();
        let seqs: Vec<i64> = self.old.iter().map(|old| old.seq).collect();
        let rows = session.connection.postgres()?;
        let drop = rows.prepared("DELETE FROM identity WHERE hash = ANY(?) AND tenant_id = ?")?;
        rows.wait_for(rows.client().execute(&drop, &[&hashes, &tenant.0]))?;
        for sql in [
            // They were kept to know what voiding the event would take back.
            "DELETE FROM reservation WHERE event_seq = ANY(?) AND tenant_id = ?",
            "DELETE FROM rerated WHERE event_seq = ANY(?) AND rerating IN (SELECT number FROM rerating WHERE tenant_id = ?)",
        ] {
            let drop = rows.prepared(sql)?;
            rows.wait_for(rows.client().execute(&drop, &[&seqs, &tenant.0]))?;
        }
        Ok(Some(self.old.len()))
    }

    fn advance(&self, session: &Session<'_>) -> Work<usize> {
        let Round { tenant, before_ms, upto_seq, received_before_ms, at } = self.round;
        let (to_ms, to_seq) = self.to;
        if let Some((at_ms, at_seq)) = at {
            return session.change(MOVE, params![to_ms, to_seq, tenant.0, at_ms, at_seq]);
        }
        session.change(BEGIN, params![tenant.0, before_ms, upto_seq, received_before_ms, to_ms, to_seq])
    }
}

impl Cluster {
    /// Drops at most so many events from before what is kept, of those received before an instant; answers how many. 0
    /// where none is left, on a server that does not lead, and while what was dropped last is still being deleted. An
    /// error where ClickHouse is away or behind; nothing was changed then.
    pub(super) async fn drop_old_events(
        &self,
        tenant: TenantId,
        received_before_ms: i64,
        most_events: usize,
    ) -> StoreResult<usize> {
        let most = most_events.clamp(1, MAX_STEP);
        for _ in 0..TRIES {
            if !self.leads.decided().await? {
                return Ok(0);
            }
            let next = move |rows: Connection<'_>| Round::next(&rows, tenant, received_before_ms);
            let Some(round) = self.readers.read(next).await? else { return Ok(0) };
            let Round { before_ms, .. } = round;
            let settle = Settle { tenant, before_ms, upto_id: i64::MAX, by_declared: true };
            settle.wait(self).await?;
            let old = self.readers.heard(round.find(self, most)).await?;
            let to = match old.last() {
                None if round.at.is_none() => return Ok(0),
                Some(last) if old.len() == most => (last.time_ms, last.seq),
                // None is left, so the round is over.
                _ => (round.before_ms, 0),
            };
            // Not of weight nothing: it changes nothing that others remember of the catalogue.
            let weight = Weight { commands: 1, events: old.len().max(1), bytes: old.len() * 48 };
            let step = Step { round, old, to };
            let dropped = self.writer.write(Some(tenant), weight, false, move |session| step.run(session));
            if let Some(dropped) = dropped.await? {
                return Ok(dropped);
            }
        }
        Err(unavailable("events from before what is kept are recorded all the time"))
    }
}

/// Step 4, for one that leads. What it remembers may be lost: then it takes longer.
pub(crate) struct Dropper {
    /// A question of before takes no longer than this.
    wait: Duration,
    /// When a round was first seen to be over.
    over_since_ms: BTreeMap<i64, i64>,
}

impl Dropper {
    pub(crate) fn new(wait: Duration) -> Self {
        Self { wait, over_since_ms: BTreeMap::new() }
    }

    /// Has rows of rounds that are over deleted, and ends those rounds of which nothing is left; answers how many ended.
    pub(crate) async fn delete(
        &mut self,
        lead: &Lead,
        clicks: &Clicks,
        now_ms: i64,
    ) -> Result<usize, StepError> {
        let rows = bounded(lead.client().query(DROPPED, &[&MAX_ROUNDS])).await?;
        let rounds = rows.iter().map(|row| Round {
            tenant: TenantId(row.get(0)),
            before_ms: row.get(1),
            upto_seq: row.get(2),
            received_before_ms: row.get(3),
            at: None,
        });
        let mut rounds: Vec<Round> = rounds.collect();
        self.over_since_ms.retain(|tenant, _| rounds.iter().any(|round| round.tenant.0 == *tenant));
        let wait_ms = milliseconds(self.wait);
        rounds.retain(|round| {
            let since_ms = *self.over_since_ms.entry(round.tenant.0).or_insert(now_ms);
            now_ms - since_ms >= wait_ms
        });
        if rounds.is_empty() || !lead.while_leading(are_gone(clicks, &rounds)).await?? {
            return Ok(0);
        }
        let ended: Vec<i64> = rounds.iter().map(|round| round.tenant.0).collect();
        // A round that is over does not change, and no other begins beside it.
        let end = "DELETE FROM event_drop WHERE tenant_id = ANY($1) AND at_time_ms >= before_ms \
             AND (SELECT epoch FROM manifest WHERE only_row = 1) = $2";
        bounded(lead.client().execute(end, &[&ended, &lead.epoch()])).await?;
        Ok(ended.len())
    }
}

/// Whether no row of these rounds is left. Orders them to be deleted where there are any, and no earlier order is still
/// being carried out: one order a shard for all of them, since each writes whole parts anew.
async fn are_gone(clicks: &Clicks, rounds: &[Round]) -> Result<bool, StepError> {
    let conditions: Vec<_> = rounds.iter().map(Round::condition).collect();
    let condition = conditions.join(" OR ");
    let table = clicks.schema().local("event");
    let mut are_gone = true;
    for shard in 0..clicks.shards() {
        let count = format!("SELECT count() > 0 FROM {table} WHERE {condition} FORMAT TabSeparated");
        if numbers(&clicks.ask_shard(shard, count, DELETE).await?)? == [0] {
            continue;
        }
        are_gone = false;
        if !super::clean::is_mutating(clicks, shard).await? {
            let delete = format!("ALTER TABLE {table} DELETE WHERE {condition}");
            clicks.command(shard, delete, DELETE).await?;
        }
    }
    Ok(are_gone)
}
