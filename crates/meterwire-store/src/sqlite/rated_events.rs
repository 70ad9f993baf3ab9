//! Events to be rated anew, in the order of time, a bounded piece at a time; see the scan of the log.

use crate::error::{Fault, Work};
use crate::label::LabelKind;
use crate::row::{RatingCode, names_money, tokens_from_row};
use crate::session::find_label;
use crate::sqlite::usage::LabelTexts;
use meterwire_app::ports::{RatedEvent, RatedEvents, RatedFor, RerateLook, ScanPlace, TenantId};
use meterwire_core::dimension::Dimension;
use meterwire_core::money::CostNanos;
use rusqlite::{Connection, Row};
use std::sync::Arc;

/// The most events of one piece, whatever is asked for.
const MAX_LIMIT: usize = 10_000;
/// So many rows are looked at for one piece.
const MAX_LOOKED_AT: usize = 20_000;

const COLUMNS: &str = "seq, time_ms, rating, provider, model, service_tier, project, user, api_key, department, \
     input_uncached, cache_read, cache_write_short, cache_write_long, audio_input, image_input, output_visible, reasoning, \
     audio_output, image_output, cost_nanos, price, metrics";

/// The next events of a look.
pub(crate) fn look(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    look: &RerateLook,
) -> Work<RatedEvents> {
    let number = |dimension, text: &Option<String>| match text {
        None => Ok(Some(None)),
        Some(text) => {
            let found = find_label(&connection.into(), tenant, LabelKind::Dimension(dimension), text)?;
            Ok::<_, Fault>(found.map(Some))
        }
    };
    let provider = number(Dimension::Provider, &look.scope.provider)?;
    let model = number(Dimension::Model, &look.scope.model)?;
    // A name that no event ever had.
    let (Some(provider), Some(model)) = (provider, model) else { return Ok(RatedEvents::default()) };
    let limit = look.limit.clamp(1, MAX_LIMIT);
    let mut walk =
        Walk { connection, texts, look, provider, model, limit, looked_at: 0, found: RatedEvents::default() };
    walk.found.next = walk.run(tenant)?;
    Ok(walk.found)
}

/// How the index is entered.
#[derive(Clone, Copy)]
enum Entry {
    /// At the beginning of the span, which is bound at 2 and 3.
    Span,
    /// Behind a seq (bound at 3) of the instant that is bound at 2.
    Instant,
}

impl Entry {
    fn sql(self) -> String {
        let place = match self {
            Self::Span => "time_ms >= ?2 AND time_ms < ?3",
            Self::Instant => "time_ms = ?2 AND seq > ?3",
        };
        format!(
            "SELECT {COLUMNS} FROM event INDEXED BY event_time \
             WHERE tenant_id = ?1 AND voided_ms IS NULL AND {place} ORDER BY time_ms, seq"
        )
    }
}

/// One piece on its way.
struct Walk<'a> {
    connection: &'a Connection,
    texts: &'a LabelTexts,
    look: &'a RerateLook,
    /// Only events with these numbers.
    provider: Option<i64>,
    model: Option<i64>,
    limit: usize,
    looked_at: usize,
    found: RatedEvents,
}

impl Walk<'_> {
    /// Answers where the walk stopped; `None` at the end of the range.
    fn run(&mut self, tenant: TenantId) -> Work<Option<ScanPlace>> {
        let range = self.look.scope.range;
        let mut from_ms = range.from_ms;
        if let Some(after) = self.look.after {
            // What is left of the last event's instant: an instant may hold any number of them.
            if after.time_ms >= from_ms {
                let places = [tenant.0, after.time_ms, after.seq];
                if let Some(place) = self.walk(Entry::Instant, places)? {
                    return Ok(Some(place));
                }
            }
            from_ms = from_ms.max(after.time_ms.saturating_add(1));
        }
        self.walk(Entry::Span, [tenant.0, from_ms, range.to_ms])
    }

    fn walk(&mut self, entry: Entry, places: [i64; 3]) -> Work<Option<ScanPlace>> {
        let connection = self.connection;
        let mut statement = connection.prepare_cached(&entry.sql())?;
        let mut rows = statement.query(places)?;
        while let Some(row) = rows.next()? {
            let place = ScanPlace { seq: row.get(0)?, time_ms: row.get(1)? };
            self.looked_at += 1;
            self.take(row, place)?;
            if self.found.events.len() == self.limit || self.looked_at == MAX_LOOKED_AT {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    fn take(&mut self, row: &Row<'_>, place: ScanPlace) -> Work<()> {
        let is_wanted = |wanted: Option<i64>, column: usize| -> Work<bool> {
            Ok(match wanted {
                Some(wanted) => row.get::<_, i64>(column)? == wanted,
                None => true,
            })
        };
        let scope = &self.look.scope;
        if place.seq > self.look.last_seq || !is_wanted(self.provider, 3)? || !is_wanted(self.model, 4)? {
            return Ok(());
        }
        let code = RatingCode(row.get(2)?);
        if scope.only_unpriced && code != RatingCode::UNPRICED {
            return Ok(());
        }
        if code == RatingCode::GIVEN {
            self.found.given += 1;
            return Ok(());
        }
        let text =
            |column: usize| -> Work<Option<Arc<str>>> { self.texts.text(self.connection, row.get(column)?) };
        let price = text(21)?.map(|text| text.to_string());
        let metrics = row.get_ref(22)?.as_str_or_null().map_err(rusqlite::Error::from)?;
        let event = RatedEvent {
            place,
            provider: text(3)?,
            model: text(4)?,
            service_tier: text(5)?,
            of: RatedFor { project: text(6)?, user: text(7)?, api_key: text(8)?, department: text(9)? },
            tokens: tokens_from_row(row, 10)?,
            rating: code.to_rating(CostNanos(row.get(20)?), price)?,
            names_money: metrics.is_some_and(names_money),
        };
        self.found.events.push(event);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sorted_and_both_ways_enter_the_index() {
        let dir = tempfile::tempdir().unwrap();
        let connection = crate::sqlite::connection::writer(&dir.path().join("db")).unwrap();
        crate::sqlite::migrate::up(&connection).unwrap();
        let entries = [
            (Entry::Span, "(tenant_id=? AND time_ms>? AND time_ms<?)"),
            (Entry::Instant, "(tenant_id=? AND time_ms=? AND seq>?)"),
        ];
        for (entry, expected) in entries {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", entry.sql())).unwrap();
            let plan: String = statement.query_row([1, 2, 3], |row| row.get(3)).unwrap();
            assert!(plan.contains(expected) && !plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
