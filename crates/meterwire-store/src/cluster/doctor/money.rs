//! Budgets and closed periods, by the code of the embedded store's doctor: what is written of them against what usage adds
//! up to.

use super::state::State;
use super::{Examination, Found};
use crate::budget;
use crate::cluster::lead::StepError;
use crate::error::{Fault, Work};
use crate::finding::Progress;
use crate::slot::SLOT_MS;
use crate::sql::Connection;
use crate::statement;
use meterwire_app::ports::AggregateRequest;
use std::collections::HashMap;

/// When a tenant's first and last events were, by its number.
type Bounds = HashMap<i64, (i64, i64)>;

impl<P: FnMut(Progress) + Send> Examination<P> {
    /// Budgets, then closed periods, each in a transaction of its own.
    pub(super) async fn check_money(&mut self) -> Result<(), StepError> {
        let bounds = self.bounds().await?;
        let questions = self.questions.clone();
        let check = move |rows: Connection<'_>| -> Work<Found> {
            let mut ask =
                |tenant, request: &AggregateRequest| questions.sums(rows.postgres()?, tenant, request);
            budget::check(&rows, &mut ask, &mut |tenant| Ok(bounds.get(&tenant).copied()))
        };
        let found = self.readers.read(check).await.map_err(Fault::from)?;
        self.add(found);
        self.step();
        let questions = self.questions.clone();
        let check = move |rows: Connection<'_>| -> Work<Found> {
            let mut ask =
                |tenant, request: &AggregateRequest| questions.sums(rows.postgres()?, tenant, request);
            let mut found = Found::new();
            statement::check::check(&rows, &mut ask, |finding| found.push(finding))?;
            Ok(found)
        };
        let found = self.readers.read(check).await.map_err(Fault::from)?;
        self.add(found);
        self.step();
        Ok(())
    }

    /// What waits in the outbox lies within what budgets have written of it, so it need not be looked at.
    async fn bounds(&self) -> Result<Bounds, StepError> {
        let state = State::take(&self.client).await?;
        let schema = self.clicks.schema();
        let mut statements = vec![format!(
            "SELECT tenant, min(time_ms), max(time_ms) FROM {} WHERE {} GROUP BY tenant FORMAT RowBinary",
            schema.all("event"),
            state.counted()
        )];
        if !state.folds.is_empty() {
            statements.push(format!(
                "SELECT tenant, toInt64(min(slot)) * {SLOT_MS}, toInt64(max(slot)) * {SLOT_MS} FROM {} WHERE kind = 1 \
                 AND fold IN ({}) GROUP BY tenant FORMAT RowBinary",
                schema.all("rollup"),
                state.folds
            ));
        }
        let mut bounds = Bounds::new();
        for sql in statements {
            self.ask(sql, |row| {
                let (tenant, first, last): (u32, i64, i64) = (row.cell()?, row.cell()?, row.cell()?);
                let known = bounds.entry(i64::from(tenant)).or_insert((first, last));
                *known = (known.0.min(first), known.1.max(last));
                Ok(())
            })
            .await?;
        }
        Ok(bounds)
    }
}
