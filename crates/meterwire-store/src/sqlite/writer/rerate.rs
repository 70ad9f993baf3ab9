//! Rating events anew, some at a time: the event, the rollups, counters, budgets and closed periods, and what it cost before.
//!
//! How far it has come is written in the transaction that rates, so each event is rated anew once whatever happens.

use super::Recording;
use super::recorded::Recorded;
use crate::error::Work;
use crate::label::LabelKind;
use crate::row::{Facts, RatingCode};
use crate::session::{LabelCache, Session, Weight};
use crate::sql::{Connection, OptionalExtension, params};
use crate::sqlite::segment::hour_of;
use crate::statement::ReratedChanges;
use crate::sums::{COST, Sums, UNPRICED};
use meterwire_app::ports::{RerateStep, Rerated, ScanPlace, TenantId};
use meterwire_core::event::Rating;
use std::collections::HashSet;

/// A step of a re-rating.
pub(crate) struct RerateBatch {
    pub(crate) tenant: TenantId,
    pub(crate) step: RerateStep,
}

/// What a step has changed.
#[derive(Default)]
struct Changes {
    /// Hours whose events have another cost.
    hours: HashSet<i64>,
    closings: ReratedChanges,
    changed: i64,
    sums: Sums,
}

impl RerateBatch {
    pub(crate) fn weight(&self) -> Weight {
        let events = self.step.rerated.len().max(1);
        Weight { commands: 1, events, bytes: events * 200 }
    }

    /// Takes the step; `false` where the re-rating is not there any more and nothing was done.
    pub(crate) fn run(&self, session: &mut Session) -> Work<bool> {
        let step = &self.step;
        let place: Option<(i64, Option<i64>, Option<i64>)> = session
            .connection
            .prepare_cached(include_str!("../../../sql/rerating/place.sql"))?
            .query_row(params![self.tenant.0, step.id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((number, after_ms, after_seq)) = place else { return Ok(false) };
        let after = after_ms.zip(after_seq).map(|(time_ms, seq)| ScanPlace { time_ms, seq });
        if after != step.after {
            return Ok(false);
        }
        let mut changes = Changes::default();
        for rerated in &step.rerated {
            self.rerate(session, number, rerated, &mut changes)?;
        }
        changes.closings.insert(&session.connection, step.at_ms)?;
        let last = step.next.or(step.after);
        session.change(
            include_str!("../../../sql/rerating/advance.sql"),
            params![
                number,
                last.map(|place| place.time_ms),
                last.map(|place| place.seq),
                step.next.is_none(),
                step.events,
                changes.changed,
                changes.sums.0[COST],
                changes.sums.0[UNPRICED]
            ],
        )?;
        if !changes.hours.is_empty() {
            session.changed_in_place(self.tenant, &changes.hours)?;
        }
        Ok(true)
    }

    /// Rates one event anew, where it still counts and is rated as it was.
    fn rerate(
        &self,
        session: &mut Session,
        rerating: i64,
        rerated: &Rerated,
        changes: &mut Changes,
    ) -> Work<()> {
        let Rerated { seq, before, after } = rerated;
        let Session { connection, labels, declared, counters, closed, events, .. } = session;
        let Recording { deltas, .. } = events.recording()?;
        let places = declared.places_of(connection, self.tenant, *seq)?;
        let Some(mut recorded) = Recorded::read(connection.sqlite()?, *seq, places)? else { return Ok(()) };
        let was = Stored::of(connection, labels, self.tenant, before)?;
        let is = Stored {
            cost_nanos: recorded.facts.sums.cost_nanos(),
            code: recorded.rating,
            price: recorded.price,
        };
        if recorded.voided || is != was {
            return Ok(());
        }
        let new = Stored::of(connection, labels, self.tenant, after)?;
        connection.prepare_cached(include_str!("../../../sql/sqlite/event/rerate.sql"))?.execute([
            *seq,
            new.cost_nanos,
            new.code.0,
            new.price,
        ])?;
        connection.prepare_cached(include_str!("../../../sql/rerated/insert.sql"))?.execute([
            *seq,
            rerating,
            was.cost_nanos,
            was.code.0,
            was.price,
        ])?;
        changes.changed += 1;
        let change = change_of(&recorded.facts, was, new)?;
        if change.sums.is_zero() {
            return Ok(());
        }
        changes.sums.add(&change.sums, 1)?;
        changes.hours.insert(hour_of(change.time_ms));
        changes.closings.add(closed.of(connection, self.tenant)?, &change)?;
        recorded.facts.sums.add(&change.sums, 1)?;
        let event = recorded.counted(self.step.at_ms);
        counters.recost_event(connection, self.tenant, &event, before.cost(), *seq)?;
        deltas.add(self.tenant.0, &change, 1)
    }
}

/// A rating as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stored {
    cost_nanos: i64,
    code: RatingCode,
    /// The label of the price, 0 where there is none.
    price: i64,
}

impl Stored {
    fn of(connection: &Connection, labels: &mut LabelCache, tenant: TenantId, rating: &Rating) -> Work<Self> {
        let price = match rating {
            Rating::Priced { price_id, .. } => Some(price_id.as_str()),
            _ => None,
        };
        let price = labels.number(connection, tenant, LabelKind::Price, price, 0)?;
        Ok(Self { cost_nanos: rating.cost().0, code: RatingCode::of(rating), price })
    }

    fn unpriced(self) -> i64 {
        i64::from(self.code == RatingCode::UNPRICED)
    }
}

/// What another rating adds to the sums of an event; no call, no token and no duration.
fn change_of(facts: &Facts, was: Stored, new: Stored) -> Work<Facts> {
    let mut sums = Sums::default();
    sums.0[UNPRICED] = new.unpriced() - was.unpriced();
    sums.0[COST] = new.cost_nanos;
    let mut old = Sums::default();
    old.0[COST] = was.cost_nanos;
    sums.add(&old, -1)?;
    Ok(Facts { sums, latency_ms: None, time_to_first_token_ms: None, ..facts.clone() })
}
