//! What the code that both stores share asks of recorded events, which each store keeps in its own way.

use super::Session;
use crate::cluster::{append, ledger};
use crate::error::{Fault, Work};
use crate::sql::{self, Connection};
use crate::sqlite::writer::{Batch, Recording};
use crate::sqlite::{dimensions, usage};
use meterwire_app::ports::{AggregateRequest, AggregateRow, TenantId, Verdict};
use meterwire_core::dimension::Place;
use meterwire_core::event::Event;
use meterwire_core::limit::MetricName;
use std::collections::HashSet;

/// A store's own part of a session.
pub(crate) enum Events<'s> {
    /// The embedded store's.
    Sqlite(&'s mut Recording),
    /// The cluster store's.
    Cluster(&'s mut ledger::Recording),
}

impl Events<'_> {
    /// The embedded store's part, for its own commands.
    pub(crate) fn recording(&mut self) -> Work<&mut Recording> {
        match self {
            Self::Sqlite(recording) => Ok(recording),
            Self::Cluster(_) => Err(sql::Error::WrongEngine("SQLite").into()),
        }
    }

    /// The cluster store's part, for its own commands.
    pub(crate) fn ledger(&mut self) -> Work<&mut ledger::Recording> {
        match self {
            Self::Cluster(recording) => Ok(recording),
            Self::Sqlite(_) => Err(sql::Error::WrongEngine("PostgreSQL").into()),
        }
    }

    /// The text of a label was changed or has gone: other servers have to forget it too.
    pub(super) fn labels_changed(&mut self) {
        if let Self::Cluster(recording) = self {
            recording.labels_changed();
        }
    }

    /// What is remembered of the catalogue was changed: other servers have to forget it too.
    pub(super) fn catalog_changed(&mut self) {
        if let Self::Cluster(recording) = self {
            recording.catalog_changed();
        }
    }

    /// Writes what is added up before it is written.
    pub(super) fn flush(&mut self, connection: &Connection<'_>) -> Work<()> {
        match self {
            Self::Sqlite(recording) => recording.flush(connection.sqlite()?),
            Self::Cluster(recording) => recording.flush(connection.postgres()?),
        }
    }
}

impl Session<'_> {
    /// The embedded store's part, for its own commands.
    pub(crate) fn recording(&mut self) -> Work<&mut Recording> {
        self.events.recording()
    }

    /// Notes that events of these hours (starts in quarters of an hour) were changed or taken away where they stand. Only the
    /// embedded store does that.
    pub(crate) fn changed_in_place(&mut self, tenant: TenantId, hours: &HashSet<i64>) -> Work<()> {
        let connection = self.connection.sqlite()?;
        self.events.recording()?.changed_in_place(connection, self.revisions, tenant, hours)
    }

    /// Adds up usage as the running transaction sees it. Whatever waits must have been flushed before.
    pub(crate) fn sums(&mut self, tenant: TenantId, request: &AggregateRequest) -> Work<Vec<AggregateRow>> {
        match &mut self.events {
            Events::Sqlite(_) => {
                let texts = usage::LabelTexts::default();
                usage::sums(self.connection.sqlite()?, &texts, tenant, request)
            }
            Events::Cluster(recording) => {
                recording.questions.sums(self.connection.postgres()?, tenant, request)
            }
        }
    }

    /// Records an event that a reservation counts into this metric, instead of the event itself.
    pub(crate) fn append_settled(
        &mut self,
        tenant: TenantId,
        event: &Event,
        metric: &MetricName,
    ) -> Work<Option<Verdict>> {
        match &mut self.events {
            Events::Sqlite(_) => {
                let verdicts = Batch::new(tenant, vec![event.clone()]).append_settled(self, metric)?;
                Ok(verdicts.first().copied())
            }
            Events::Cluster(_) => {
                let batch = append::Batch::new(tenant, vec![event.clone()]);
                Ok(batch.append_settled(self, metric)?.first().copied())
            }
        }
    }

    /// The number of an event, where it was recorded before with the same content.
    pub(crate) fn recorded_seq(&mut self, tenant: TenantId, event: &Event) -> Work<Option<i64>> {
        match &mut self.events {
            Events::Sqlite(_) => Batch::new(tenant, vec![event.clone()]).recorded_seq(self),
            Events::Cluster(_) => append::Batch::new(tenant, vec![event.clone()]).recorded_seq(self),
        }
    }

    /// The number of the last event so far, 0 where there is none; events to come have higher ones.
    pub(crate) fn last_seq(&mut self) -> Work<i64> {
        match &mut self.events {
            Events::Sqlite(_) => {
                let sql = include_str!("../../sql/sqlite/event/last.sql");
                Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
            }
            Events::Cluster(recording) => Ok(recording.last_seq()),
        }
    }

    /// Of free places for a dimension the one that is to be taken; nothing is left there of an earlier one.
    pub(crate) fn clean_place(&mut self, tenant: TenantId, free: &[Place]) -> Work<Place> {
        match &mut self.events {
            Events::Sqlite(_) => dimensions::clean_place(self.connection.sqlite()?, tenant, free),
            // A declaration has a number of its own there, so nothing of an earlier one is ever taken for it.
            Events::Cluster(_) => {
                free.first().copied().ok_or_else(|| Fault::Damaged("no place is free".to_owned()))
            }
        }
    }

    /// About how many events a tenant has that are not voided.
    pub(crate) fn count_events(&mut self, tenant: TenantId) -> Work<i64> {
        match &mut self.events {
            Events::Sqlite(_) => dimensions::count_events(self.connection.sqlite()?, tenant),
            Events::Cluster(recording) => Ok(recording.count()),
        }
    }

    /// Makes sure that nothing tells an erased user's name any more behind this transaction: neither what is remembered of
    /// labels nor a copy of what was written.
    pub(crate) fn forget_erased(&mut self, label: Option<i64>) {
        match &mut self.events {
            Events::Sqlite(recording) => recording.forget_erased(label),
            Events::Cluster(recording) => recording.labels_changed(),
        }
    }
}
