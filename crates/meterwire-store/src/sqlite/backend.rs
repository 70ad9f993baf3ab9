//! What the embedded store does in its own way, for the ports that it shares with the cluster store.

use super::store::Sqlite;
use super::usage::{self, LabelTexts};
use super::writer::{self, RerateBatch};
use super::{dimensions, erasure, rated_events, retention};
use crate::budget;
use crate::error::Work;
use crate::limits::{self, reset};
use crate::revision;
use crate::session::{Session, Weight};
use crate::sql;
use crate::statement::{changes, closing};
use crate::store::Backend;
use meterwire_app::ports::{
    AggregateRequest, AggregateRow, ChangeMark, ClosingChange, FillStep, Page, RatedEvents, RerateLook,
    RerateStep, StoreResult, TenantId,
};
use meterwire_core::budget::Scope;
use rusqlite::OptionalExtension;
use std::sync::atomic::Ordering;

impl Backend for Sqlite {
    async fn write<T, F>(&self, _: Option<TenantId>, weight: Weight, isolated: bool, run: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Session<'_>) -> Work<T> + Send + 'static,
    {
        // One thread writes for all tenants.
        writer::write(&self.queue, weight, isolated, run).await
    }

    async fn read<T, F>(&self, run: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&sql::Connection<'_>) -> Work<T> + Send + 'static,
    {
        self.readers.read(move |connection| run(&connection.into())).await
    }

    fn counters(&self) -> Option<&limits::Shared> {
        Some(&self.counters)
    }

    fn revisions(&self) -> &revision::Shared {
        &self.revisions
    }

    fn texts(&self) -> LabelTexts {
        self.texts.clone()
    }

    async fn sweep(&self, now_ms: i64) -> StoreResult<usize> {
        if !self.counters.may_sweep(now_ms) {
            return Ok(0);
        }
        let sweep = move |session: &mut Session<'_>| {
            let expired = reset::expire(session, now_ms)?;
            if session.counters.shared().take_forget_turn(now_ms) {
                reset::forget_old(&session.connection, now_ms)?;
            }
            Ok(expired)
        };
        self.write(None, Weight::SMALL, false, sweep).await
    }

    async fn spent_between(
        &self,
        tenant: TenantId,
        scope: Scope,
        edges_ms: Vec<i64>,
    ) -> StoreResult<Vec<i64>> {
        let count = move |connection: &rusqlite::Connection| {
            let mut ask = usage::asking(connection);
            budget::spent_between(&connection.into(), tenant, &scope, &edges_ms, &mut ask)
        };
        self.readers.read(count).await
    }

    async fn sums_to_freeze(
        &self,
        tenant: TenantId,
        id: String,
        request: AggregateRequest,
    ) -> StoreResult<(Vec<AggregateRow>, ChangeMark)> {
        let texts = self.texts.clone();
        let add_up = move |connection: &rusqlite::Connection| {
            let number = closing::number(&connection.into(), tenant, &id, false)?;
            let mark = changes::last(&connection.into(), number)?;
            Ok((usage::sums(connection, &texts, tenant, &request)?, mark))
        };
        self.readers.read(add_up).await
    }

    async fn closing_changes(
        &self,
        tenant: TenantId,
        id: String,
        after: i64,
        limit: usize,
    ) -> StoreResult<Page<ClosingChange>> {
        let texts = self.texts.clone();
        let list = move |connection: &rusqlite::Connection| {
            let rows = connection.into();
            let number = closing::number(&rows, tenant, &id, true)?;
            let (mut page, seqs) = changes::list(&rows, &texts, number, after, limit)?;
            let name = include_str!("../../sql/sqlite/event/name.sql");
            let mut name = connection.prepare_cached(name)?;
            for (change, seq) in page.items.iter_mut().zip(seqs) {
                let named = name.query_row([seq], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
                change.event = named.and_then(|(source, id): (Option<String>, String)| Some((source?, id)));
            }
            Ok(page)
        };
        self.readers.read(list).await
    }

    async fn drop_events(
        &self,
        tenant: TenantId,
        received_before_ms: i64,
        most_events: usize,
    ) -> StoreResult<usize> {
        let find = move |connection: &rusqlite::Connection| {
            retention::to_drop(connection, tenant, received_before_ms, most_events)
        };
        let events = self.readers.read(find).await?;
        if events.is_empty() {
            return Ok(0);
        }
        let weight = Weight { commands: 1, events: events.len(), bytes: events.len() * 16 };
        let drop = move |session: &mut Session<'_>| retention::drop_events(session, tenant, &events);
        self.write(Some(tenant), weight, false, drop).await
    }

    async fn clear_erased(&self, most_events: usize) -> StoreResult<bool> {
        let next = self.readers.read(move |connection| erasure::next_batch(connection, most_events)).await?;
        let Some(batch) = next else { return Ok(false) };
        let weight = Weight { commands: 1, events: batch.len(), bytes: batch.len() * 8 };
        self.write(None, weight, false, move |session| batch.run(session)).await?;
        Ok(true)
    }

    async fn fill_dimensions(&self, most_events: usize) -> StoreResult<Option<FillStep>> {
        let next =
            self.readers.read(move |connection| dimensions::next_batch(connection, most_events)).await?;
        if let Some(batch) = next {
            let (tenant, ready) = (batch.tenant, batch.is_last());
            let weight = batch.weight();
            let done = self.write(Some(tenant), weight, false, move |session| batch.run(session)).await?;
            return Ok(Some(FillStep { tenant, ready: ready && done }));
        }
        if !self.may_clear.swap(false, Ordering::Relaxed) {
            return Ok(None);
        }
        let Some((tenant, place)) = self.readers.read(dimensions::next_to_clear).await? else {
            return Ok(None);
        };
        self.may_clear.store(true, Ordering::Relaxed);
        let clear = move |session: &mut Session<'_>| dimensions::clear(session, tenant, place);
        self.write(Some(tenant), Weight::SMALL, true, clear).await?;
        Ok(Some(FillStep { tenant, ready: false }))
    }

    fn dimension_removed(&self) {
        self.may_clear.store(true, Ordering::Relaxed);
    }

    async fn rated_events(&self, tenant: TenantId, look: RerateLook) -> StoreResult<RatedEvents> {
        let texts = self.texts.clone();
        self.readers.read(move |connection| rated_events::look(connection, &texts, tenant, &look)).await
    }

    async fn rerate(&self, tenant: TenantId, step: RerateStep) -> StoreResult<bool> {
        let batch = RerateBatch { tenant, step };
        self.write(Some(tenant), batch.weight(), false, move |session| batch.run(session)).await
    }

    fn swap_rerating(&self, number: Option<i64>) -> i64 {
        match number {
            Some(number) => self.last_rerating.swap(number, Ordering::Relaxed),
            None => self.last_rerating.load(Ordering::Relaxed),
        }
    }
}
