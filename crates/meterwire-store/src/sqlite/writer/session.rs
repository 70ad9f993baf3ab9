//! What the writer works with: its connection and what it remembers between commands.

use super::declared::DeclaredCache;
use super::labels::LabelCache;
use crate::alert::UnpricedSeen;
use crate::error::{Fault, Work};
use crate::limits::Counters;
use crate::revision::Revisions;
use crate::sqlite::connection::BUSY_TIMEOUT;
use crate::sqlite::identity::IdentityIndex;
use crate::sqlite::rollup::Deltas;
use crate::sqlite::segment::SealedTime;
use crate::statement::ClosedPeriods;
use meterwire_app::ports::{Audit, StoreError, TenantId};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// The largest database that is written anew behind an erasure: 64 MiB, a matter of a second at most.
const MAX_COMPACTED_PAGES: i64 = 16_384;

/// The writer's connection, label numbers, and rollup changes of the running transaction.
pub(crate) struct Session {
    pub(crate) connection: Connection,
    pub(super) labels: LabelCache,
    pub(super) declared: DeclaredCache,
    pub(super) deltas: Deltas,
    pub(crate) counters: Counters,
    pub(crate) identities: IdentityIndex,
    pub(crate) revisions: Revisions,
    pub(crate) sealed: SealedTime,
    /// Models without a price that were told of.
    pub(crate) unpriced: UnpricedSeen,
    pub(crate) closed: ClosedPeriods,
    /// Changes when another program has changed the database.
    data_version: i64,
    known_tenants: HashSet<TenantId>,
    /// Whether the write-ahead log may hold what was erased; after a crash nobody knows.
    must_empty_log: bool,
    /// Whether unused parts of pages may hold it.
    must_compact: bool,
    /// Grows when events are changed where they stand: in the transaction, and once more after it.
    in_place_changes: Arc<AtomicU64>,
    changed_in_place: bool,
}

impl Session {
    pub(crate) fn new(connection: Connection, recent_identities: usize) -> Self {
        Self {
            connection,
            labels: LabelCache::default(),
            declared: DeclaredCache::default(),
            deltas: Deltas::default(),
            counters: Counters::default(),
            identities: IdentityIndex::new(recent_identities),
            revisions: Revisions::default(),
            sealed: SealedTime::default(),
            unpriced: UnpricedSeen::default(),
            closed: ClosedPeriods::default(),
            data_version: 0,
            known_tenants: HashSet::new(),
            must_empty_log: true,
            must_compact: false,
            in_place_changes: Arc::default(),
            changed_in_place: false,
        }
    }

    /// Counts the pages of the write-ahead log after each commit.
    pub(super) fn count_wal_pages(&mut self) -> Arc<AtomicI64> {
        let pages = Arc::new(AtomicI64::new(0));
        let counted = pages.clone();
        let hook = move |_: &mut rusqlite::hooks::Wal, count| {
            counted.store(i64::from(count), Ordering::Relaxed);
            Ok(())
        };
        if let Err(error) = self.connection.wal_hook(Some(hook)) {
            // Without the count the log is still emptied whenever the store is idle.
            tracing::warn!(%error, "the write-ahead log is not watched");
        }
        pages
    }

    pub(super) fn begin(&mut self) -> Work<()> {
        self.execute("BEGIN IMMEDIATE")?;
        self.counters.shrink();
        self.notice_changes()?;
        self.identities.ready(&self.connection)
    }

    /// Forgets counters and tiers where another program has changed the database since this was last asked.
    pub(super) fn notice_changes(&mut self) -> Work<()> {
        let version =
            self.connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if version != self.data_version {
            self.data_version = version;
            self.counters.clear();
            self.declared.clear();
            self.identities.invalidate();
            self.sealed.clear();
            self.closed.clear();
        }
        Ok(())
    }

    pub(super) fn commit(&self) -> Work<()> {
        self.execute("COMMIT")
    }

    /// What waits is written before, so that a savepoint undoes nothing of others.
    pub(super) fn savepoint(&mut self) -> Work<()> {
        self.counters.flush(&self.connection)?;
        self.identities.begin_savepoint();
        self.execute("SAVEPOINT command")
    }

    pub(super) fn release(&self) -> Work<()> {
        self.execute("RELEASE command")
    }

    pub(super) fn roll_back_to_savepoint(&mut self) -> Work<()> {
        self.unpriced.clear();
        self.identities.roll_back_to_savepoint();
        self.sealed.clear();
        self.closed.clear();
        self.execute("ROLLBACK TO command")?;
        self.release()
    }

    /// Undoes the transaction and forgets what was learned in it.
    pub(super) fn roll_back(&mut self) {
        self.unpriced.clear();
        self.deltas.clear();
        self.labels.clear();
        self.declared.clear();
        self.counters.clear();
        self.identities.roll_back();
        self.revisions.clear();
        self.sealed.clear();
        self.closed.clear();
        self.changed_in_place = false;
        self.known_tenants.clear();
        // Some errors roll back by themselves.
        if !self.connection.is_autocommit()
            && let Err(fault) = self.execute("ROLLBACK")
        {
            tracing::error!(error = %fault, "a transaction could not be rolled back");
        }
    }

    /// Writes the rollup changes and counters of the transaction.
    pub(crate) fn flush(&mut self) -> Work<()> {
        self.counters.flush(&self.connection)?;
        self.deltas.flush(&self.connection)
    }

    pub(super) fn checkpoint(&self, mode: &str) -> Work<()> {
        let pragma = format!("PRAGMA wal_checkpoint({mode})");
        self.connection.query_row(&pragma, [], |_| Ok(()))?;
        Ok(())
    }

    /// Has what was erased removed from the write-ahead log behind this transaction, and when nothing else is asked for
    /// from unused parts of pages too.
    pub(crate) fn forget_copies(&mut self) {
        self.must_empty_log = true;
        self.must_compact = true;
    }

    /// Writes a small database anew: where a page was split, an unused part of it can hold what has moved away. A large one
    /// would keep everybody waiting. Never inside of a transaction.
    pub(super) fn compact(&mut self) -> Work<()> {
        if !std::mem::take(&mut self.must_compact) {
            return Ok(());
        }
        let pages: i64 = self.connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        if pages > MAX_COMPACTED_PAGES {
            tracing::info!(pages, "the database is too large to be written anew behind an erasure");
            return Ok(());
        }
        self.connection.execute_batch("VACUUM")?;
        self.must_empty_log = true;
        Ok(())
    }

    pub(super) fn must_empty_log(&self) -> bool {
        self.must_empty_log
    }

    /// Empties the write-ahead log unless a reader needs it; `true` where it is empty now. Never inside of a transaction.
    pub(super) fn try_empty_log(&mut self) -> Work<bool> {
        // Whoever wants to write must not wait for readers.
        self.connection.busy_timeout(Duration::from_millis(10))?;
        let busy =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
        self.connection.busy_timeout(BUSY_TIMEOUT)?;
        self.must_empty_log = busy?;
        Ok(!self.must_empty_log)
    }

    /// Gives memory back: the pages that are remembered, and the room that the largest group so far took.
    pub(super) fn shrink(&mut self) {
        self.labels.shrink();
        self.deltas = Deltas::default();
        self.identities.shrink();
        if let Err(error) = self.connection.execute_batch("PRAGMA shrink_memory") {
            tracing::debug!(%error, "memory could not be given back");
        }
    }

    /// Refuses a tenant that does not exist.
    pub(crate) fn require_tenant(&mut self, tenant: TenantId) -> Work<()> {
        if self.known_tenants.contains(&tenant) {
            return Ok(());
        }
        let found: Option<i64> = self
            .connection
            .prepare_cached("SELECT id FROM tenant WHERE id = ?")?
            .query_row([tenant.0], |row| row.get(0))
            .optional()?;
        if found.is_none() {
            return Err(StoreError::NotFound("tenant").into());
        }
        self.known_tenants.insert(tenant);
        Ok(())
    }

    /// Notes that events of these hours (starts in quarters of an hour) were changed or taken away where they stand:
    /// what was made of them besides the rollups is made again.
    pub(crate) fn changed_in_place(&mut self, tenant: TenantId, hours: &HashSet<i64>) -> Work<()> {
        self.in_place_changes.fetch_add(1, Ordering::SeqCst);
        self.changed_in_place = true;
        self.revisions.note(tenant);
        for hour in hours {
            self.sealed.drop_hour(&self.connection, tenant, *hour)?;
        }
        Ok(())
    }

    /// How often events were changed where they stand; whoever read a snapshot in between reads it again.
    pub(crate) fn in_place_changes(&self) -> u64 {
        self.in_place_changes.load(Ordering::SeqCst)
    }

    /// The same number for those outside of the writer.
    pub(crate) fn shared_in_place_changes(&self) -> Arc<AtomicU64> {
        self.in_place_changes.clone()
    }

    /// What others may learn only when it is on disk.
    pub(super) fn after_commit(&mut self) {
        self.revisions.publish();
        self.identities.committed();
        if std::mem::take(&mut self.changed_in_place) {
            self.in_place_changes.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Forgets what is remembered of a tenant.
    pub(crate) fn forget_tenant(&mut self, tenant: TenantId) {
        self.known_tenants.remove(&tenant);
        self.declared.forget(tenant);
        self.labels.clear();
        self.counters.forget(tenant);
        self.closed.forget(tenant);
    }

    /// Forgets the tier, limits and counters of one user, after a change of them.
    pub(crate) fn forget_limits_of(&mut self, tenant: TenantId, user: &str) {
        self.counters.forget_user(tenant, user);
    }

    /// Forgets the metrics, tiers and counters of a tenant, after a change of them.
    pub(crate) fn forget_limits(&mut self, tenant: TenantId) {
        self.counters.forget(tenant);
    }

    /// Forgets the budgets of a tenant, after a change of them.
    pub(crate) fn forget_budgets(&mut self, tenant: TenantId) {
        self.counters.forget_budgets(tenant);
    }

    /// Forgets the budgets of every tenant, after their sums were mended.
    pub(crate) fn forget_all_budgets(&mut self) {
        self.counters.forget_all_budgets();
    }

    /// Forgets what a tenant has declared as dimensions, and the values, after a change of them.
    pub(crate) fn forget_dimensions(&mut self, tenant: TenantId) {
        self.declared.forget(tenant);
        self.labels.clear();
    }

    /// Forgets the labels, so that users and projects are made again at their next sight.
    pub(crate) fn forget_labels(&mut self) {
        self.labels.clear();
    }

    /// Runs one static statement; answers how many rows it changed.
    pub(crate) fn change(&self, sql: &str, params: impl rusqlite::Params) -> Work<usize> {
        Ok(self.connection.prepare_cached(sql)?.execute(params)?)
    }

    /// Like [`Self::change`], where a taken key is a conflict with this sentence.
    pub(crate) fn insert(&self, sql: &str, params: impl rusqlite::Params, taken: &str) -> Work<()> {
        match self.change(sql, params) {
            Ok(_) => Ok(()),
            Err(fault) if fault.is_constraint() => Err(StoreError::Conflict(taken.to_owned()).into()),
            Err(fault) => Err(fault),
        }
    }

    /// Like [`Self::change`], where no changed row means that there is no such thing.
    pub(crate) fn change_one(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        what: &'static str,
    ) -> Work<()> {
        match self.change(sql, params)? {
            0 => Err(StoreError::NotFound(what).into()),
            _ => Ok(()),
        }
    }

    /// Writes an entry of the audit log, `None` for the instance's.
    pub(crate) fn audit(&self, tenant: Option<TenantId>, audit: &Audit) -> Work<()> {
        let sql = include_str!("../../../sql/audit/insert.sql");
        let tenant_id = tenant.map(|tenant| tenant.0);
        self.change(sql, params![tenant_id, audit.at_ms, audit.actor, audit.action, audit.target])?;
        Ok(())
    }

    fn execute(&self, sql: &str) -> Work<()> {
        self.connection.prepare_cached(sql)?.execute([]).map(drop).map_err(Fault::from)
    }
}
