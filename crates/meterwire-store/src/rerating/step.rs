//! What a step of a re-rating does in every store beside the events themselves: it takes its turn, keeps what each event
//! cost before, and changes counters, budgets and closed periods.
//!
//! How far a re-rating has come is written in the transaction that rates: a crash before its commit leaves nothing of the
//! step, one behind it all of it, and who takes the same step once more is told that it was taken. So each event is rated
//! anew once whatever happens.

use crate::error::Work;
use crate::label::LabelKind;
use crate::row::{Facts, RatingCode};
use crate::session::{LabelCache, Session};
use crate::sql::{Connection, OptionalExtension, params};
use crate::statement::ReratedChanges;
use crate::sums::{COST, Sums, UNPRICED};
use meterwire_app::ports::{RerateStep, ScanPlace, TenantId};
use meterwire_core::event::Rating;
use meterwire_core::period::Range;

/// A step that is being taken.
pub(crate) struct Stepping<'s> {
    step: &'s RerateStep,
    /// Of the re-rating.
    number: i64,
    closings: ReratedChanges,
    /// Rows of what was rated anew: event, re-rating, and the former cost (nano-dollars), rating and price.
    rerated: Vec<(i64, i64, i64, i64, i64)>,
    sums: Sums,
}

impl<'s> Stepping<'s> {
    /// Begins a step; `None` where it was taken before or the re-rating does not go on.
    pub(crate) fn begin(session: &Session<'_>, tenant: TenantId, step: &'s RerateStep) -> Work<Option<Self>> {
        let place: Option<(i64, Option<i64>, Option<i64>)> = session
            .connection
            .prepare_cached(include_str!("../../sql/rerating/place.sql"))?
            .query_row(params![tenant.0, step.id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((number, after_ms, after_seq)) = place else { return Ok(None) };
        let after = after_ms.zip(after_seq).map(|(time_ms, seq)| ScanPlace { time_ms, seq });
        if after != step.after {
            return Ok(None);
        }
        let (closings, sums) = (ReratedChanges::default(), Sums::default());
        Ok(Some(Self { step, number, closings, rerated: Vec::new(), sums }))
    }

    /// Notes that an event is rated anew. Answers what that adds to sums, `None` where it is nothing: then there is nothing
    /// to be counted differently either.
    pub(crate) fn note(
        &mut self,
        closed: &[(i64, Range)],
        facts: &Facts,
        seq: i64,
        was: StoredRating,
        new: StoredRating,
    ) -> Work<Option<Facts>> {
        self.rerated.push((seq, self.number, was.cost_nanos, was.code.0, was.price));
        let change = change_of(facts, was, new)?;
        if change.sums.is_zero() {
            return Ok(None);
        }
        self.sums.add(&change.sums, 1)?;
        self.closings.add(closed, &change)?;
        Ok(Some(change))
    }

    /// Writes what was noted and moves the re-rating on.
    pub(crate) fn end(self, session: &Session<'_>) -> Work<()> {
        let Self { step, number, closings, rerated, sums } = self;
        let changed = rerated.len();
        session.connection.execute_many(include_str!("../../sql/rerated/insert.sql"), rerated)?;
        closings.insert(&session.connection, step.at_ms)?;
        let last = step.next.or(step.after);
        session.change(
            include_str!("../../sql/rerating/advance.sql"),
            params![
                number,
                last.map(|place| place.time_ms),
                last.map(|place| place.seq),
                step.next.is_none(),
                step.events,
                i64::try_from(changed).unwrap_or(i64::MAX),
                sums.0[COST],
                sums.0[UNPRICED]
            ],
        )?;
        Ok(())
    }
}

/// A rating as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StoredRating {
    /// Nano-dollars.
    pub(crate) cost_nanos: i64,
    pub(crate) code: RatingCode,
    /// The label of the price, 0 where there is none.
    pub(crate) price: i64,
}

impl StoredRating {
    /// As this rating is to be stored; the label of its price is made where there is none yet.
    pub(crate) fn of(
        connection: &Connection<'_>,
        labels: &mut LabelCache,
        tenant: TenantId,
        rating: &Rating,
    ) -> Work<Self> {
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
fn change_of(facts: &Facts, was: StoredRating, new: StoredRating) -> Work<Facts> {
    let mut sums = Sums::default();
    sums.0[UNPRICED] = new.unpriced() - was.unpriced();
    sums.0[COST] = new.cost_nanos;
    let mut old = Sums::default();
    old.0[COST] = was.cost_nanos;
    sums.add(&old, -1)?;
    Ok(Facts { sums, latency_ms: None, time_to_first_token_ms: None, ..facts.clone() })
}
