//! Which questions about declared dimensions are refused: half an answer is none.

use super::Asking;
use crate::catalog::retention::beyond;
use crate::cluster::click::text::Chosen;
use crate::error::Work;
use crate::slot::{DAY, SLOT_MS};
use meterwire_app::ports::{AggregateRequest, Measures, StoreError};
use meterwire_core::dimension::Dimension;

const DAY_MS: i64 = DAY * SLOT_MS;

impl Asking<'_> {
    /// Refuses a question that uses a dimension which is not there, is being filled, or knows nothing of so early a time.
    pub(super) async fn require_ready(&self, dimensions: &[Dimension], from_ms: i64) -> Work<()> {
        for dimension in dimensions {
            let Dimension::Property(place) = dimension else { continue };
            if let Some(filling) = self.moment.filling.iter().find(|filling| filling.place == *place) {
                return Err(filling.refusal().into());
            }
            let declared = self.moment.declared_at(*dimension).ok_or(StoreError::NotFound("dimension"))?;
            if let Some(known_from_ms) = declared.known_from_ms {
                self.require_nothing_before(known_from_ms, from_ms).await?;
            }
        }
        Ok(())
    }

    /// Refuses a range that begins before `known_from_ms`, if there were any events until then: their totals tell, which
    /// stay when events are dropped. Adding up asks for no dimension, so it comes back to nothing here.
    async fn require_nothing_before(&self, known_from_ms: i64, from_ms: i64) -> Work<()> {
        let from_ms = from_ms.max(0);
        if from_ms >= known_from_ms {
            return Ok(());
        }
        // Whole days, as the embedded store looks at them.
        let first = from_ms.div_euclid(DAY_MS) * DAY_MS;
        let end = known_from_ms.saturating_add(DAY_MS - 1).div_euclid(DAY_MS) * DAY_MS;
        let request = AggregateRequest {
            edges_ms: vec![first, end],
            group_by: Vec::new(),
            filters: Vec::new(),
            measures: Measures::CALLS,
        };
        let groups = self.add_up(&request, &[], Chosen::All).await?;
        if groups.into_living().next().is_some() {
            return Err(beyond(known_from_ms).into());
        }
        Ok(())
    }
}
