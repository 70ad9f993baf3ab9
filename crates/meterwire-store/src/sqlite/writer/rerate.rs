//! Rating events anew, some at a time: the event and its rollups, and what [`Stepping`] does beside them.

use super::Recording;
use super::recorded::Recorded;
use crate::error::Work;
use crate::rerating::{Stepping, StoredRating};
use crate::session::{Session, Weight};
use crate::sqlite::segment::hour_of;
use meterwire_app::ports::{RerateStep, Rerated, TenantId};
use std::collections::HashSet;

/// A step of a re-rating.
pub(crate) struct RerateBatch {
    pub(crate) tenant: TenantId,
    pub(crate) step: RerateStep,
}

impl RerateBatch {
    pub(crate) fn weight(&self) -> Weight {
        let events = self.step.rerated.len().max(1);
        Weight { commands: 1, events, bytes: events * 200 }
    }

    /// Takes the step; `false` where the re-rating is not there any more and nothing was done.
    pub(crate) fn run(&self, session: &mut Session) -> Work<bool> {
        let Some(mut stepping) = Stepping::begin(session, self.tenant, &self.step)? else { return Ok(false) };
        // Hours whose events have another cost.
        let mut hours = HashSet::new();
        for rerated in &self.step.rerated {
            hours.extend(self.rerate(session, rerated, &mut stepping)?);
        }
        stepping.end(session)?;
        if !hours.is_empty() {
            session.changed_in_place(self.tenant, &hours)?;
        }
        Ok(true)
    }

    /// Rates one event anew, where it still counts and is rated as it was; answers its hour where sums have changed.
    fn rerate(
        &self,
        session: &mut Session,
        rerated: &Rerated,
        stepping: &mut Stepping<'_>,
    ) -> Work<Option<i64>> {
        let Rerated { seq, before, after } = rerated;
        let Session { connection, labels, declared, counters, closed, events, .. } = session;
        let Recording { deltas, .. } = events.recording()?;
        let places = declared.places_of(connection, self.tenant, *seq)?;
        let Some(mut recorded) = Recorded::read(connection.sqlite()?, *seq, places)? else { return Ok(None) };
        let was = StoredRating::of(connection, labels, self.tenant, before)?;
        let is = StoredRating {
            cost_nanos: recorded.facts.sums.cost_nanos(),
            code: recorded.rating,
            price: recorded.price,
        };
        if recorded.voided || is != was {
            return Ok(None);
        }
        let new = StoredRating::of(connection, labels, self.tenant, after)?;
        connection.prepare_cached(include_str!("../../../sql/sqlite/event/rerate.sql"))?.execute([
            *seq,
            new.cost_nanos,
            new.code.0,
            new.price,
        ])?;
        let closed = closed.of(connection, self.tenant)?;
        let Some(change) = stepping.note(closed, &recorded.facts, *seq, was, new)? else { return Ok(None) };
        recorded.facts.sums.add(&change.sums, 1)?;
        let event = recorded.counted(self.step.at_ms);
        counters.recost_event(connection, self.tenant, &event, before.cost(), *seq)?;
        deltas.add(self.tenant.0, &change, 1)?;
        Ok(Some(hour_of(change.time_ms)))
    }
}
