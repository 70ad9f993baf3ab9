//! Events to be rated anew, in the order of time, a bounded piece at a time; see the scan of the log.

use super::event::to_tokens;
use super::labels::no_label;
use super::ordered::Place;
use super::{Asking, Which};
use crate::cluster::outbox::EventRow;
use crate::error::Work;
use crate::row::{RatingCode, names_money};
use meterwire_app::ports::{RatedEvent, RatedEvents, RatedFor, RerateLook, ScanPlace};
use meterwire_core::dimension::Dimension;
use meterwire_core::money::CostNanos;
use meterwire_core::usage_query::Filter;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The most events of one piece, whatever is asked for.
const MAX_LIMIT: usize = 10_000;

/// Texts of labels by their numbers.
type Texts = HashMap<u32, Arc<str>>;

impl Asking<'_> {
    /// The next events of a look. Those whose cost was sent take part in the piece, and are counted in place of being told.
    pub(crate) async fn rated_events(&self, look: &RerateLook) -> Work<RatedEvents> {
        let scope = &look.scope;
        let named = |dimension, text: &Option<String>| {
            text.clone().map(|text| Filter { dimension, values: vec![Some(text)] })
        };
        let filters = [named(Dimension::Provider, &scope.provider), named(Dimension::Model, &scope.model)];
        let filters: Vec<Filter> = filters.into_iter().flatten().collect();
        // A name that no event ever had.
        let Some(filters) = self.number_filters(&filters).await? else { return Ok(RatedEvents::default()) };
        let which = Which {
            range: scope.range,
            filters: &filters,
            priced: scope.only_unpriced.then_some(false),
            upto_seq: Some(look.last_seq),
        };
        let limit = look.limit.clamp(1, MAX_LIMIT);
        let after = look.after.map(|place| (place.time_ms, place.seq));
        let places = self.places_by_time(which, false, after, limit).await?;
        let next = places.last().filter(|_| places.len() == limit);
        let next = next.map(|Place { time_ms, seq, .. }| ScanPlace { time_ms: *time_ms, seq: *seq });
        let mut rows = self.event_rows_at(&places).await?;
        let all = rows.len();
        rows.retain(|row| RatingCode(row.rating.into()) != RatingCode::GIVEN);
        let given = i64::try_from(all - rows.len()).unwrap_or(i64::MAX);
        let mut numbers = BTreeSet::new();
        for row in &rows {
            numbers.extend(row.labels.0);
            numbers.insert(row.price);
        }
        numbers.remove(&0);
        let texts = self.texts(numbers).await?;
        let events = rows.iter().map(|row| rated(row, &texts)).collect::<Work<Vec<_>>>()?;
        Ok(RatedEvents { events, given, next })
    }
}

fn rated(row: &EventRow, texts: &Texts) -> Work<RatedEvent> {
    let text = |number: u32| -> Work<Option<Arc<str>>> {
        if number == 0 {
            return Ok(None);
        }
        texts.get(&number).cloned().map(Some).ok_or_else(|| no_label(number.into()))
    };
    let label = |dimension| text(row.labels.of(dimension));
    let price = text(row.price)?.map(|text| text.to_string());
    Ok(RatedEvent {
        place: ScanPlace { time_ms: row.time_ms, seq: row.seq },
        provider: label(Dimension::Provider)?,
        model: label(Dimension::Model)?,
        service_tier: label(Dimension::ServiceTier)?,
        tokens: to_tokens(row.tokens.0)?,
        rating: RatingCode(row.rating.into()).to_rating(CostNanos(row.cost_nanos), price)?,
        of: RatedFor {
            project: label(Dimension::Project)?,
            user: label(Dimension::User)?,
            api_key: label(Dimension::ApiKey)?,
            department: label(Dimension::Department)?,
        },
        names_money: names_money(&row.metrics),
    })
}
