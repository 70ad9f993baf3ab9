//! The job behind a re-rating: goes on from its last step, by the prices that were pinned when it was begun.

use crate::ports::{
    Audit, RatedEvents, RerateLook, RerateStep, Rerated, RunningRerating, StoreError, TenantId,
};
use crate::rerate::{rating_of, told};
use crate::{AppError, Meterwire, long_work};
use meterwire_core::price::PinnedPrices;
use meterwire_core::rerate::RerateSums;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Steps of one round, so that others get their turn.
const MAX_STEPS: usize = 10;
/// Events of one step: one transaction, so that writes do not wait.
const EVENTS_A_STEP: usize = 500;

/// So many are remembered.
const MAX_REMEMBERED: usize = 16;

/// The prices of the re-ratings that go on, read once.
#[derive(Default)]
pub(crate) struct PinnedBooks(Mutex<HashMap<String, Arc<PinnedPrices>>>);

impl PinnedBooks {
    fn of(&self, running: &RunningRerating) -> Result<Arc<PinnedPrices>, String> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = &running.rerating.id;
        if let Some(prices) = known.get(id) {
            return Ok(prices.clone());
        }
        let read = PinnedPrices::from_json(&running.prices).map_err(|error| error.to_string())?;
        let prices = Arc::new(read);
        if known.len() >= MAX_REMEMBERED {
            known.clear();
        }
        known.insert(id.clone(), prices.clone());
        Ok(prices)
    }

    fn forget(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

impl Meterwire {
    /// One round of the job; `true` where there is more to do.
    pub async fn run_rerating_jobs(&self) -> Result<bool, AppError> {
        for _ in 0..MAX_STEPS {
            let Some(running) = self.reratings.next_rerating().await? else { return Ok(false) };
            let tenant = running.tenant;
            match self.rerate_step(&running).await {
                Ok(()) => {}
                // Trying again would end the same way.
                Err(
                    error @ (AppError::Conflict(_) | AppError::Invalid(_) | AppError::BeyondRetention(_)),
                ) => {
                    self.end_rerating(tenant, &running, Some(error.to_string())).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    async fn rerate_step(&self, running: &RunningRerating) -> Result<(), AppError> {
        let tenant = running.tenant;
        if running.is_over {
            return self.end_rerating(tenant, running, None).await;
        }
        let prices = self.pinned.of(running).map_err(AppError::Conflict)?;
        let look = RerateLook {
            scope: running.rerating.scope.clone(),
            last_seq: running.last_seq,
            after: running.after,
            limit: EVENTS_A_STEP,
        };
        let RatedEvents { events, next, .. } = self.reratings.rated_events(tenant, look).await?;
        let mut rerated = Vec::new();
        long_work(events.len(), || -> Result<(), AppError> {
            for event in &events {
                let after = rating_of(&prices, event)?;
                if after != event.rating {
                    rerated.push(Rerated { seq: event.place.seq, before: event.rating.clone(), after });
                }
            }
            Ok(())
        })?;
        let step = RerateStep {
            id: running.rerating.id.clone(),
            after: running.after,
            next,
            events: events.len() as i64,
            rerated,
            at_ms: self.now_ms(),
        };
        if self.reratings.rerate(tenant, step).await? && next.is_none() {
            self.end_rerating(tenant, running, None).await?;
        }
        Ok(())
    }

    /// Ends a re-rating and tells what it did.
    async fn end_rerating(
        &self,
        tenant: TenantId,
        running: &RunningRerating,
        error: Option<String>,
    ) -> Result<(), AppError> {
        let id = &running.rerating.id;
        self.pinned.forget(id);
        let Some(rerating) = self.reratings.rerating(tenant, id).await? else { return Ok(()) };
        let done = rerating.done;
        let sums = RerateSums {
            events: done.events,
            changed: done.changed,
            cost_after: done.cost_change,
            ..RerateSums::default()
        };
        let action = if error.is_some() { "prices.rerate.failed" } else { "prices.rerate.done" };
        let target = told(id, &rerating.scope, sums);
        let audit = Audit { actor: rerating.by, action, target, at_ms: self.now_ms() };
        match self.reratings.end_rerating(tenant, id, error, audit).await {
            Ok(()) | Err(StoreError::NotFound(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
