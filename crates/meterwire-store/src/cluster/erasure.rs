//! What is cleared of an erased user's events: properties and hashes of requests, wherever copies of them are.
//!
//! The name is gone already when this begins (`catalog/erasure.rs`): ClickHouse has labels by number alone.
//!
//! | Step | Where | A crash behind it leaves | What mends it |
//! |---|---|---|---|
//! | 1 settle: all that the tenant has recorded so far is flushed and folded | [`Settle`] | nothing | - |
//! | 2 rename: reservations that were committed with events of the user, a page after another | [`Page::run`] | an erasure that goes on where it was | the next call |
//! | 3 clear: one order a shard, until nothing is found | [`Cleared::all`] | the order is carried out, or not | looked for again |
//! | 4 forget: kept rows of the outbox, which have copies | [`Cluster::forget_kept`] | some of them | again |
//! | 5 end, under the tenant's lock: no event was voided or rated anew since step 1, so no row came with what step 3 cleared | [`End::run`] | nothing: done | - |
//!
//! What a declared dimension counts by stays, as it does in the embedded store: no total changes. All rows of an event are
//! cleared alike, those that take it back too, so they still add up to nothing.

use super::clean::{is_mutating, numbers};
use super::click::client::Clicks;
use super::click::rowbinary::Reader;
use super::lead::StepError;
use super::outbox::property_hash;
use super::settle::Settle;
use super::store::Cluster;
use crate::error::{Work, failed, unavailable};
use crate::session::{Session, Weight};
use crate::sql::{Connection, OptionalExtension, params};
use meterwire_app::ports::{StoreError, StoreResult, TenantId};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Events of one page. A page costs ClickHouse a look at all events of the tenant, so pages are large.
const PAGE: usize = 50_000;
/// Finding a page, or a count over rows, or the order to clear.
const ASK: Duration = Duration::from_secs(30);
/// An order that takes longer is waited for by the next call.
const CLEARED_WITHIN: Duration = Duration::from_mins(1);
/// It is looked so often whether an order is carried out.
const LOOK: Duration = Duration::from_millis(100);
/// Rows of the outbox that are deleted in one transaction.
const MAX_ROWS: i64 = 1_000;

/// All that the user's events are in was committed before the erasure.
const BEGUN: &str =
    "SELECT coalesce((SELECT max(id) FROM outbox), 0), cancels FROM ledger WHERE tenant_id = ?";
const RENAME: &str = "UPDATE reservation SET \"user\" = ? WHERE tenant_id = ? AND event_seq = ANY(?)";
const FORGET: &str = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE tenant_id = ? AND id <= ? \
       AND batch <= (SELECT folded FROM manifest WHERE only_row = 1) ORDER BY id LIMIT ?)";

/// A user that is being erased.
#[derive(Debug, Clone)]
struct Erased {
    tenant: TenantId,
    /// The number of its label.
    user: u32,
    pseudonym: String,
    /// Reservations of its events up to this number are renamed.
    done_seq: i64,
    /// Its last event can have this number; later ones are another user's.
    to_seq: i64,
    /// The newest row of the outbox when this call began,
    upto_id: i64,
    /// and how many rows of the tenant had taken others back.
    cancels: i64,
    /// [`property_hash`] of the properties that are declared as dimensions.
    declared: Vec<u64>,
}

impl Erased {
    /// The one that was erased first; `None` where nobody is being erased.
    fn next(connection: &Connection<'_>) -> Work<Option<Self>> {
        let next: Option<(i64, i64, String, i64, i64)> = connection
            .query_row(include_str!("../../sql/erasure/next.sql"), [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })
            .optional()?;
        let Some((tenant_id, user, pseudonym, done_seq, to_seq)) = next else { return Ok(None) };
        let (upto_id, cancels) =
            connection.query_row(BEGUN, [tenant_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut declared =
            connection.prepare_cached("SELECT property FROM dimension WHERE tenant_id = ? ORDER BY place")?;
        let declared = declared.query_map([tenant_id], |row| row.get::<_, String>(0))?;
        let declared = declared.collect::<crate::sql::Result<Vec<_>>>()?;
        Ok(Some(Self {
            tenant: TenantId(tenant_id),
            user: u32::try_from(user).map_err(|_| failed("a label beyond 32 bits"))?,
            pseudonym,
            done_seq,
            to_seq,
            upto_id,
            cancels,
            declared: declared.iter().map(|property| property_hash(property)).collect(),
        }))
    }

    /// Which rows of ClickHouse are the user's; those of dead batches too, which have copies as well.
    fn condition(&self) -> String {
        let Self { tenant, user, to_seq, .. } = self;
        format!("tenant = {} AND user = {user} AND seq <= {to_seq}", tenant.0)
    }
}

/// Events of the user, for step 2.
struct Page {
    erased: Erased,
    seqs: Vec<i64>,
    /// The page reaches up to this number.
    to_seq: i64,
}

impl Page {
    async fn next(clicks: &Clicks, erased: &Erased) -> Work<Self> {
        let sql = format!(
            "SELECT DISTINCT seq FROM {} WHERE {} AND seq > {} ORDER BY seq LIMIT {PAGE} FORMAT RowBinary",
            clicks.schema().all("event"),
            erased.condition(),
            erased.done_seq
        );
        let answer = clicks.ask(sql, Instant::now() + ASK).await?;
        let (mut reader, mut seqs) = (Reader::new(&answer), Vec::new());
        while !reader.is_empty() {
            seqs.push(reader.cell::<i64>()?);
        }
        let to_seq = seqs.last().copied().filter(|_| seqs.len() == PAGE).unwrap_or(erased.to_seq);
        Ok(Self { erased: erased.clone(), seqs, to_seq })
    }

    fn run(&self, session: &mut Session<'_>) -> Work<()> {
        let Erased { tenant, user, pseudonym, done_seq, .. } = &self.erased;
        let rows = session.connection.postgres()?;
        let rename = rows.prepared(RENAME)?;
        rows.wait_for(rows.client().execute(&rename, &[pseudonym, &tenant.0, &self.seqs]))?;
        let advance = include_str!("../../sql/erasure/advance.sql");
        session.change(advance, params![self.to_seq, tenant.0, i64::from(*user), done_seq])?;
        Ok(())
    }
}

/// Step 3.
struct Cleared<'a> {
    clicks: &'a Clicks,
    condition: String,
    /// What becomes of keys and values of properties.
    kept: [String; 2],
}

impl<'a> Cleared<'a> {
    fn new(clicks: &'a Clicks, erased: &Erased) -> Self {
        let declared: Vec<_> = erased.declared.iter().map(u64::to_string).collect();
        let kept = if declared.is_empty() {
            ["emptyArrayUInt64()".to_owned(), "emptyArrayUInt64()".to_owned()]
        } else {
            let declared = declared.join(", ");
            [
                format!("arrayFilter(k -> k IN ({declared}), property_keys)"),
                format!("arrayFilter((v, k) -> k IN ({declared}), property_values, property_keys)"),
            ]
        };
        Self { clicks, condition: erased.condition(), kept }
    }

    /// Whether nothing is left to be cleared on any shard; orders it where something is, and waits a while.
    async fn all(&self) -> Result<bool, StepError> {
        let until = Instant::now() + CLEARED_WITHIN;
        loop {
            let mut is_clear = true;
            for shard in 0..self.clicks.shards() {
                is_clear &= self.shard(shard).await?;
            }
            if is_clear || Instant::now() >= until {
                return Ok(is_clear);
            }
            sleep(LOOK).await;
        }
    }

    async fn shard(&self, shard: usize) -> Result<bool, StepError> {
        // An order that is being carried out may be this one.
        if is_mutating(self.clicks, shard).await? {
            return Ok(false);
        }
        let table = self.clicks.schema().local("event");
        let (condition, [keys, values]) = (&self.condition, &self.kept);
        let has_more = format!(
            "{condition} AND (notEmpty(properties) OR notEmpty(request_hash) OR \
             length(property_keys) != length({keys}))"
        );
        let count = format!("SELECT count() > 0 FROM {table} WHERE {has_more} FORMAT TabSeparated");
        if numbers(&self.clicks.ask_shard(shard, count, ASK).await?)? == [0] {
            return Ok(true);
        }
        let clear = format!(
            "ALTER TABLE {table} UPDATE properties = '', request_hash = '', property_keys = {keys}, \
             property_values = {values} WHERE {has_more}"
        );
        self.clicks.command(shard, clear, ASK).await?;
        Ok(false)
    }
}

/// Step 5.
struct End {
    erased: Erased,
}

impl End {
    /// Ends the erasure; `false` where a row that takes another back came since it began, which may be one of the user's:
    /// it has to be cleared as well.
    fn run(&self, session: &mut Session<'_>) -> Work<bool> {
        let Erased { tenant, user, pseudonym, cancels, .. } = &self.erased;
        if session.events.ledger()?.cancels() != *cancels {
            return Ok(false);
        }
        tracing::info!(%pseudonym, "a user is erased");
        session.change(include_str!("../../sql/erasure/delete.sql"), params![tenant.0, i64::from(*user)])?;
        // Whoever read one of the events before has to read it again before it is voided or rated anew.
        session.forget_erased(None);
        Ok(true)
    }
}

impl Cluster {
    /// Goes on with the user that was erased first; `false` where nobody is left, and on a server that does not lead. An
    /// error where ClickHouse is away or busy: the next call goes on. A tenant that voids or rates anew all the time keeps
    /// it from ending until it pauses for as long as a flush and a fold take.
    pub(super) async fn clear_next_erased(&self) -> StoreResult<bool> {
        if !self.leads.decided().await? {
            return Ok(false);
        }
        let next = self.readers.read(|rows: Connection<'_>| Erased::next(&rows)).await?;
        let Some(erased) = next else { return Ok(false) };
        let Erased { tenant, upto_id, .. } = erased;
        Settle { tenant, before_ms: i64::MAX, upto_id, by_declared: false }.wait(self).await?;
        let clicks = &self.questions.clicks;
        let weight = Weight { commands: 1, events: 1, bytes: 8 * PAGE };
        if erased.done_seq < erased.to_seq {
            let page = Page::next(clicks, &erased).await?;
            self.writer.write(Some(tenant), weight, false, move |session| page.run(session)).await?;
            return Ok(true);
        }
        if !Cleared::new(clicks, &erased).all().await.map_err(refused)? {
            return Err(unavailable("ClickHouse is still clearing what an erased user left"));
        }
        self.forget_kept(tenant, upto_id).await?;
        let end = End { erased };
        self.writer.write(Some(tenant), weight, false, move |session| end.run(session)).await?;
        Ok(true)
    }

    /// Step 4. Rows that are not folded are none of these: they came later.
    async fn forget_kept(&self, tenant: TenantId, upto_id: i64) -> StoreResult<()> {
        let forget =
            move |session: &mut Session<'_>| session.change(FORGET, params![tenant.0, upto_id, MAX_ROWS]);
        let weight = Weight { commands: 1, events: 1, bytes: 1_000 };
        while self.writer.write(Some(tenant), weight, false, forget).await? > 0 {}
        Ok(())
    }
}

/// Of ClickHouse alone: this is not done on the leader's connection.
fn refused(error: StepError) -> StoreError {
    match error {
        StepError::Click(error) => error.into(),
        StepError::Fault(fault) => fault.into(),
        error => unavailable(error.to_string()),
    }
}
