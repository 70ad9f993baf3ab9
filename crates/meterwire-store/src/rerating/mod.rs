//! Re-rating: jobs that rate recorded events anew. How events are found and rated is each store's own.

mod row;
mod step;

pub(crate) use row::past_ratings;
pub(crate) use step::{Stepping, StoredRating};

use crate::error::{Fault, Work};
use crate::session::{Session, Weight};
use crate::sql::params;
use crate::store::{Backend, SqlStore};
use async_trait::async_trait;
use meterwire_app::ports::{
    Audit, NewRerating, Page, PageRequest, RatedEvents, RerateLook, RerateStep, Rerating, Reratings,
    RunningRerating, StoreError, StoreResult, TenantId,
};

#[async_trait]
impl<B: Backend> Reratings for SqlStore<B> {
    async fn rated_events(&self, tenant: TenantId, look: RerateLook) -> StoreResult<RatedEvents> {
        self.backend.rated_events(tenant, look).await
    }

    async fn begin_rerating(
        &self,
        tenant: TenantId,
        new: NewRerating,
        audit: Audit,
    ) -> StoreResult<Rerating> {
        self.write(tenant, move |session| begin(session, tenant, &new, &audit)).await
    }

    async fn reratings(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<Rerating>> {
        let after = page.after_number()?.unwrap_or(i64::MAX);
        self.read(move |connection| row::list(connection, tenant, after, page.limit)).await
    }

    async fn rerating(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Rerating>> {
        let id = id.to_owned();
        self.read(move |connection| row::one(connection, tenant, &id)).await
    }

    async fn next_rerating(&self) -> StoreResult<Option<RunningRerating>> {
        let last = self.backend.swap_rerating(None);
        let found = self.read(move |connection| row::next(connection, last)).await?;
        let Some((number, running)) = found else { return Ok(None) };
        self.backend.swap_rerating(Some(number));
        Ok(Some(running))
    }

    async fn rerate(&self, tenant: TenantId, step: RerateStep) -> StoreResult<bool> {
        self.backend.rerate(tenant, step).await
    }

    async fn end_rerating(
        &self,
        tenant: TenantId,
        id: &str,
        error: Option<String>,
        audit: Audit,
    ) -> StoreResult<()> {
        let id = id.to_owned();
        self.write_unguarded(tenant, Weight::SMALL, move |session| {
            let state = if error.is_some() { row::FAILED } else { row::DONE };
            let sql = include_str!("../../sql/rerating/end.sql");
            if session.change(sql, params![tenant.0, id, state, audit.at_ms, error])? > 0 {
                session.audit(Some(tenant), &audit)?;
            }
            Ok(())
        })
        .await
    }
}

fn begin(session: &mut Session<'_>, tenant: TenantId, new: &NewRerating, audit: &Audit) -> Work<Rerating> {
    session.require_tenant(tenant)?;
    let expected = serde_json::to_string(&new.expected)
        .map_err(|error| Fault::Damaged(format!("a difference cannot be written: {error}")))?;
    let scope = &new.scope;
    let columns = params![
        tenant.0,
        new.id,
        new.by,
        new.at_ms,
        scope.range.from_ms,
        scope.range.to_ms,
        scope.provider,
        scope.model,
        scope.only_unpriced,
        new.last_seq,
        expected,
        new.prices
    ];
    let taken = "a re-rating of this tenant goes on already; wait for its end";
    session.insert(include_str!("../../sql/rerating/insert.sql"), columns, taken)?;
    session.audit(Some(tenant), audit)?;
    row::one(&session.connection, tenant, &new.id)?.ok_or_else(|| StoreError::NotFound("re-rating").into())
}
