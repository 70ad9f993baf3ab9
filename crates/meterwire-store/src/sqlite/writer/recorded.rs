//! A recorded event, as far as it has to be known to take back or change what it counts.

use crate::budget::SpentBy;
use crate::error::Work;
use crate::limits::CountedEvent;
use crate::row::{FACT_COLUMNS, Facts, Places, RatingCode, metrics_from_row};
use meterwire_core::amount::Amount;
use meterwire_core::limit::Counted;
use meterwire_core::money::CostNanos;
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;

/// What of an event is needed.
pub(super) struct Recorded {
    pub(super) facts: Facts,
    pub(super) rating: RatingCode,
    /// The label of its price, 0 where there is none.
    pub(super) price: i64,
    pub(super) voided: bool,
    user: Option<String>,
    project: Option<String>,
    model: Option<String>,
    api_key: Option<String>,
    department: Option<String>,
    metrics: BTreeMap<String, Amount>,
}

impl Recorded {
    /// Reads an event that counts by these places; `None` where it is gone.
    pub(super) fn read(connection: &Connection, seq: i64, places: Places) -> Work<Option<Self>> {
        let sql = format!(
            "SELECT {FACT_COLUMNS}, price, voided_ms IS NOT NULL AS voided, metrics, {} AS user_text, \
             {} AS project_text, {} AS model_text, {} AS api_key_text, {} AS department_text FROM event WHERE seq = ?",
            text_of("user"),
            text_of("project"),
            text_of("model"),
            text_of("api_key"),
            text_of("department")
        );
        let read = |row: &rusqlite::Row<'_>| {
            let metrics = metrics_from_row(row.get("metrics")?);
            let (rating, price, voided) = (row.get("rating")?, row.get("price")?, row.get("voided")?);
            let (user, project) = (row.get("user_text")?, row.get("project_text")?);
            let (model, api_key) = (row.get("model_text")?, row.get("api_key_text")?);
            let department = row.get("department_text")?;
            Ok(Facts::from_row(row, 0, places).and_then(|facts| {
                Ok(Self {
                    facts,
                    rating: RatingCode(rating),
                    price,
                    voided,
                    user,
                    project,
                    model,
                    api_key,
                    department,
                    metrics: metrics?,
                })
            }))
        };
        connection.prepare_cached(&sql)?.query_row([seq], read).optional()?.transpose()
    }

    /// What of it is counted, and that it is counted now.
    pub(super) fn counted(&self, now_ms: i64) -> CountedEvent<'_> {
        let tokens = self.facts.sums.tokens().iter().sum::<i64>();
        CountedEvent {
            user: self.user.as_deref().unwrap_or_default(),
            by: SpentBy {
                user: self.user.as_deref(),
                project: self.project.as_deref(),
                model: self.model.as_deref(),
                api_key: self.api_key.as_deref(),
                department: self.department.as_deref(),
            },
            time_ms: self.facts.time_ms,
            received_ms: now_ms,
            metrics: &self.metrics,
            counted: Counted {
                named: None,
                tokens: u64::try_from(tokens).unwrap_or(0),
                cost: CostNanos(self.facts.sums.cost_nanos()),
            },
        }
    }
}

/// The text of a label of the event.
fn text_of(column: &str) -> String {
    format!("(SELECT value FROM label WHERE label.id = event.{column})")
}
