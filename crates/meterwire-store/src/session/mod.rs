//! What a command works with while it writes: a connection inside of a transaction, and what is remembered between
//! commands. Both stores lend it to the code that they share; what each alone knows of events is behind [`Events`].

mod command;
mod declared;
mod events;
mod labels;

pub(crate) use command::{Command, Job, Wanted, Wanting, Wants, Weight};
pub(crate) use declared::{DeclaredCache, DeclaredPlace};
pub(crate) use events::Events;
pub(crate) use labels::{LabelCache, find as find_label};

use crate::alert::UnpricedSeen;
use crate::error::Work;
use crate::limits::Counters;
use crate::revision::Revisions;
use crate::sql::{Connection, Params, params};
use crate::statement::ClosedPeriods;
use meterwire_app::ports::{Audit, StoreError, TenantId};
use std::collections::HashSet;

/// What is remembered between commands. Except for what waits to be written, forgetting it costs time and nothing else.
///
/// `default()` is of all tenants, for the embedded store; the cluster store has one [`Remembered::of_tenant`] for each, so
/// that a command of one tenant reaches for nothing of another.
#[derive(Default)]
pub(crate) struct Remembered {
    pub(crate) labels: LabelCache,
    pub(crate) declared: DeclaredCache,
    pub(crate) counters: Counters,
    pub(crate) revisions: Revisions,
    /// Models without a price that were told of.
    pub(crate) unpriced: UnpricedSeen,
    pub(crate) closed: ClosedPeriods,
    known_tenants: HashSet<TenantId>,
}

impl Remembered {
    /// What is remembered of one tenant, by the cluster store.
    pub(crate) fn of_tenant(tenant: TenantId) -> Self {
        Self { counters: Counters::of_tenant(tenant), ..Self::default() }
    }

    /// A session that lasts as long as these are lent to it.
    pub(crate) fn session<'s>(&'s mut self, connection: Connection<'s>, events: Events<'s>) -> Session<'s> {
        let Self { labels, declared, counters, revisions, unpriced, closed, known_tenants } = self;
        Session { connection, labels, declared, counters, revisions, unpriced, closed, known_tenants, events }
    }

    /// Forgets what may have been learned in a transaction that is not there any more, and what waited to be written.
    pub(crate) fn roll_back(&mut self) {
        self.unpriced.clear();
        self.labels.clear();
        self.declared.clear();
        self.counters.clear();
        self.revisions.clear();
        self.closed.clear();
        self.known_tenants.clear();
    }

    /// Forgets what may have been learned behind a savepoint; what waits to be written must have been written before it.
    pub(crate) fn roll_back_to_savepoint(&mut self) {
        self.unpriced.clear();
        self.closed.clear();
    }

    /// Forgets what somebody else may have changed in the catalogue. Labels stay: a number never changes its text.
    pub(crate) fn somebody_changed_the_catalog(&mut self) {
        self.counters.clear();
        self.declared.clear();
        self.closed.clear();
        self.unpriced.clear();
    }

    /// Forgets what somebody else may have counted: recorded, decided, and where `holds` reserved or settled.
    pub(crate) fn somebody_counted(&mut self, holds: bool) {
        self.counters.forget_counts(holds);
        // New events bring new values, which are bounded in number.
        self.declared.forget_values();
    }
}

/// What a command works with.
pub(crate) struct Session<'s> {
    pub(crate) connection: Connection<'s>,
    pub(crate) labels: &'s mut LabelCache,
    pub(crate) declared: &'s mut DeclaredCache,
    pub(crate) counters: &'s mut Counters,
    pub(crate) revisions: &'s mut Revisions,
    pub(crate) unpriced: &'s mut UnpricedSeen,
    pub(crate) closed: &'s mut ClosedPeriods,
    known_tenants: &'s mut HashSet<TenantId>,
    pub(crate) events: Events<'s>,
}

impl Session<'_> {
    /// Writes what waits: counters, and of events whatever is added up before it is written.
    pub(crate) fn flush(&mut self) -> Work<()> {
        self.counters.flush(&self.connection)?;
        self.events.flush(&self.connection)
    }

    /// Refuses a tenant that does not exist.
    pub(crate) fn require_tenant(&mut self, tenant: TenantId) -> Work<()> {
        if self.known_tenants.contains(&tenant) {
            return Ok(());
        }
        let mut find = self.connection.prepare_cached("SELECT id FROM tenant WHERE id = ?")?;
        if !find.exists([tenant.0])? {
            return Err(StoreError::NotFound("tenant").into());
        }
        self.known_tenants.insert(tenant);
        Ok(())
    }

    /// Forgets what is remembered of a tenant.
    pub(crate) fn forget_tenant(&mut self, tenant: TenantId) {
        self.known_tenants.remove(&tenant);
        self.declared.forget(tenant);
        self.labels.clear();
        self.events.labels_changed();
        self.events.catalog_changed();
        self.counters.forget(tenant);
        self.closed.forget(tenant);
    }

    /// Forgets the tier, limits and counters of one user, after a change of them.
    pub(crate) fn forget_limits_of(&mut self, tenant: TenantId, user: &str) {
        self.events.catalog_changed();
        self.counters.forget_user(tenant, user);
    }

    /// Forgets the metrics, tiers and counters of a tenant, after a change of them.
    pub(crate) fn forget_limits(&mut self, tenant: TenantId) {
        self.events.catalog_changed();
        self.counters.forget(tenant);
    }

    /// Forgets the budgets of a tenant, after a change of them.
    pub(crate) fn forget_budgets(&mut self, tenant: TenantId) {
        self.events.catalog_changed();
        self.counters.forget_budgets(tenant);
    }

    /// Forgets the budgets of every tenant, after their sums were mended.
    pub(crate) fn forget_all_budgets(&mut self) {
        self.events.catalog_changed();
        self.counters.forget_all_budgets();
    }

    /// Forgets what a tenant has declared as dimensions, and the values, after a change of them.
    pub(crate) fn forget_dimensions(&mut self, tenant: TenantId) {
        self.events.catalog_changed();
        self.declared.forget(tenant);
        self.labels.clear();
        self.events.labels_changed();
    }

    /// Forgets the closed periods of a tenant, after a change of them.
    pub(crate) fn forget_closed(&mut self, tenant: TenantId) {
        self.events.catalog_changed();
        self.closed.forget(tenant);
    }

    /// Forgets the labels, so that users and projects are made again at their next sight.
    pub(crate) fn forget_labels(&mut self) {
        self.labels.clear();
        self.events.labels_changed();
    }

    /// Runs one static statement; answers how many rows it changed.
    pub(crate) fn change(&self, sql: &str, params: impl Params) -> Work<usize> {
        Ok(self.connection.prepare_cached(sql)?.execute(params)?)
    }

    /// Like [`Self::change`], where a taken key is a conflict with this sentence. Behind a taken key PostgreSQL does nothing
    /// more in the transaction, so the command must be an isolated one.
    pub(crate) fn insert(&self, sql: &str, params: impl Params, taken: &str) -> Work<()> {
        match self.change(sql, params) {
            Ok(_) => Ok(()),
            Err(fault) if fault.is_constraint() => Err(StoreError::Conflict(taken.to_owned()).into()),
            Err(fault) => Err(fault),
        }
    }

    /// Like [`Self::change`], where no changed row means that there is no such thing.
    pub(crate) fn change_one(&self, sql: &str, params: impl Params, what: &'static str) -> Work<()> {
        match self.change(sql, params)? {
            0 => Err(StoreError::NotFound(what).into()),
            _ => Ok(()),
        }
    }

    /// Writes an entry of the audit log, `None` for the instance's.
    pub(crate) fn audit(&self, tenant: Option<TenantId>, audit: &Audit) -> Work<()> {
        let sql = include_str!("../../sql/audit/insert.sql");
        let tenant_id = tenant.map(|tenant| tenant.0);
        self.change(sql, params![tenant_id, audit.at_ms, audit.actor, audit.action, audit.target])?;
        Ok(())
    }
}
