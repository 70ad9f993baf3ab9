//! Numbers in ClickHouse that stand for something in PostgreSQL, and where events are.

use super::state::State;
use super::{Examination, Found, failed_look, finding};
use crate::cluster::click::folds::Kind;
use crate::cluster::lead::StepError;
use crate::finding::{Part, Progress};
use crate::label::LabelKind;
use meterwire_core::dimension::Dimension;

/// Labels that are looked up together.
const PAGE: usize = 50_000;
const NAMED: usize = 5;

const MISSING: &str = "SELECT used.tenant, used.number FROM unnest($1::bigint[], $2::bigint[]) AS used (tenant, number) \
     LEFT JOIN label ON label.id = used.number AND label.tenant_id = used.tenant AND label.kind = $3 \
     WHERE label.id IS NULL ORDER BY 1, 2";

impl<P: FnMut(Progress) + Send> Examination<P> {
    /// Every number of a label is that of a label of the same tenant and kind.
    pub(super) async fn check_labels(&mut self) -> Result<Found, StepError> {
        let state = State::take(&self.client).await?;
        let schema = self.clicks.schema();
        let (event, rollup) = (schema.all("event"), schema.all("rollup"));
        let mut columns: Vec<(LabelKind, String)> = Vec::new();
        let mut of_events = |kind, column: &str| {
            let sql = format!(
                "SELECT DISTINCT tenant, toUInt64({column}) FROM {event} WHERE {column} != 0 AND {} FORMAT RowBinary",
                state.visible()
            );
            columns.push((kind, sql));
        };
        of_events(LabelKind::Source, "source");
        of_events(LabelKind::Price, "price");
        Dimension::TEXTS.into_iter().for_each(|one| of_events(LabelKind::Dimension(one), one.name()));
        for kind in Kind::every().filter(|_| !state.folds.is_empty()) {
            for (place, dimension) in kind.set.dimensions.iter().enumerate() {
                let key = format!("k{}", place + 1);
                let sql = format!(
                    "SELECT DISTINCT tenant, {key} FROM {rollup} WHERE {key} != 0 AND kind = {} AND fold IN ({}) \
                     FORMAT RowBinary",
                    kind.number, state.folds
                );
                columns.push((LabelKind::Dimension(*dimension), sql));
            }
        }
        let mut found = Found::new();
        for (kind, sql) in columns {
            // The status is a number, not a label.
            let Some(code) = kind.code() else { continue };
            found.extend(self.check_column(kind, code.into(), sql).await?);
        }
        Ok(found)
    }

    async fn check_column(&self, kind: LabelKind, code: i64, sql: String) -> Result<Found, StepError> {
        let (mut tenants, mut numbers): (Vec<i64>, Vec<i64>) = (Vec::new(), Vec::new());
        self.ask(sql, |row| {
            let (tenant, number): (u32, u64) = (row.cell()?, row.cell()?);
            tenants.push(tenant.into());
            numbers.push(number.cast_signed());
            Ok(())
        })
        .await?;
        let mut missing = Vec::new();
        for (tenants, numbers) in tenants.chunks(PAGE).zip(numbers.chunks(PAGE)) {
            let rows = self.client.query(MISSING, &[&tenants, &numbers, &code]).await;
            let rows = rows.map_err(|error| failed_look(&error))?;
            missing.extend(rows.iter().map(|row| (row.get::<_, i64>(0), row.get::<_, i64>(1))));
        }
        let told = missing.iter().take(NAMED).map(|(tenant, number)| {
            let what = match kind {
                LabelKind::Dimension(dimension) => dimension.name(),
                LabelKind::Source => "source",
                LabelKind::Price => "price",
            };
            finding(
                Part::Labels,
                format!("events of tenant {tenant} have the {what} {number}, which has no text"),
            )
        });
        let mut found: Found = told.collect();
        if missing.len() > NAMED {
            found.push(finding(Part::Labels, format!("and {} more of the same", missing.len() - NAMED)));
        }
        Ok(found)
    }

    /// Every event is where it is looked for: on the shard of its number.
    pub(super) async fn check_shards(&mut self) -> Result<Found, StepError> {
        let state = State::take(&self.client).await?;
        let (mut found, shards) = (Found::new(), self.clicks.shards());
        for shard in 0..shards {
            let sql = format!(
                "SELECT count() FROM {} WHERE seq % toInt64({shards}) != {shard} AND {} FORMAT RowBinary",
                self.clicks.schema().local("event"),
                state.counted()
            );
            let mut astray = 0_u64;
            self.ask_shard(shard, sql, |row| {
                astray = row.cell()?;
                Ok(())
            })
            .await?;
            if astray > 0 {
                let what = format!("{astray} rows on shard {} belong to another of {shards}", shard + 1);
                found.push(finding(Part::Shards, what));
            }
        }
        Ok(found)
    }
}
