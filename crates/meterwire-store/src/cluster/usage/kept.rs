//! What single events are kept for: questions that need older ones are refused, since an answer is whole or it is none.

use super::{Asking, Which};
use crate::catalog::retention::beyond;
use crate::cluster::click::folds::Folded;
use crate::cluster::click::text::{self, Chosen, Grouping};
use crate::error::Work;
use crate::slot::{DAY, SLOT_MS};
use meterwire_core::dimension::Dimension;
use meterwire_core::period::Range;

const DAY_MS: i64 = DAY * SLOT_MS;
/// Where times of events cannot be.
const LAST_MS: i64 = 1 << 53;

impl Asking<'_> {
    /// Refuses a question that adds up and that rollups cannot answer for all of the time before what is kept.
    pub(super) async fn require_kept_for(
        &self,
        edges_ms: &[i64],
        dimensions: &[Dimension],
        sketches: bool,
    ) -> Work<()> {
        if self.moment.snapshot.events_from_ms.is_none() {
            return Ok(());
        }
        // Whether there are folds yet or not: what is not folded is not dropped.
        let folded = Folded::of(edges_ms, dimensions, sketches);
        if folded
            .as_ref()
            .is_some_and(|folded| folded.kind.property().is_some() && !self.moment.has_folds_of(folded.kind))
        {
            return self.require_nothing_dropped(super::span(edges_ms)).await;
        }
        let stretches = folded.as_ref().map_or(&[][..], |folded| &folded.stretches[..]);
        let Range { from_ms, to_ms } = super::span(edges_ms);
        let mut from_ms = from_ms;
        for stretch in stretches {
            self.require_kept(Range { from_ms, to_ms: stretch.from_ms }).await?;
            from_ms = stretch.to_ms;
        }
        self.require_kept(Range { from_ms, to_ms }).await
    }

    /// Refuses a question that needs single events of a range from before what is kept, if there were any on its days.
    pub(super) async fn require_kept(&self, range: Range) -> Work<()> {
        let Some(events_from_ms) = self.moment.snapshot.events_from_ms else { return Ok(()) };
        let (from_ms, to_ms) = (range.from_ms.clamp(0, LAST_MS), range.to_ms.min(events_from_ms));
        if from_ms >= to_ms {
            return Ok(());
        }
        let (days, folded) = self.days(Range { from_ms, to_ms });
        let calls = self.calls(days, folded.as_ref()).await?;
        if calls > 0 { Err(beyond(events_from_ms).into()) } else { Ok(()) }
    }

    /// Refuses a question about a declared property that no fold has yet, if there are totals without events on its days:
    /// those of before it was moved here. Retention itself waits for the fold.
    async fn require_nothing_dropped(&self, range: Range) -> Work<()> {
        let Some(events_from_ms) = self.moment.snapshot.events_from_ms else { return Ok(()) };
        let (from_ms, to_ms) = (range.from_ms.clamp(0, LAST_MS), range.to_ms.min(events_from_ms));
        if from_ms >= to_ms {
            return Ok(());
        }
        let (days, folded) = self.days(Range { from_ms, to_ms });
        let (totals, events) = (self.calls(days, folded.as_ref()).await?, self.calls(days, None).await?);
        if totals == events { Ok(()) } else { Err(beyond(events_from_ms).into()) }
    }

    /// The days of a range, and what rollups tell of them.
    fn days(&self, Range { from_ms, to_ms }: Range) -> (Range, Option<Folded>) {
        let first_ms = from_ms.div_euclid(DAY_MS) * DAY_MS;
        let edges_ms = [first_ms, ((to_ms - 1).div_euclid(DAY_MS) + 1) * DAY_MS];
        (super::span(&edges_ms), self.folded(&edges_ms, &[], false))
    }

    /// How many events a range has, of rollups and the events that these do not have, or of events alone.
    async fn calls(&self, range: Range, folded: Option<&Folded>) -> Work<i64> {
        let which = Which::new(range, &[]);
        let edges_ms = [range.from_ms, range.to_ms];
        let by = Grouping { edges_ms: &edges_ms, dimensions: &[] };
        let mut calls: i64 = self.tail(which).rows().map(|row| i64::from(row.sign)).sum();
        for scope in self.scopes(which, folded) {
            self.read(text::sums(&scope, by, Chosen::All, &[0], 1), |row| {
                calls += row.cell::<i64>()?;
                Ok(())
            })
            .await?;
        }
        Ok(calls)
    }
}
