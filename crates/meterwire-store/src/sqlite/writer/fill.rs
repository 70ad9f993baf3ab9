//! Counting events from before the declaration of a dimension by it, some at a time, in the order of recording.
//!
//! How far it has come is written in the transaction that counts, so each event is counted once whatever happens.

use super::Recording;
use crate::error::Work;
use crate::row::{FACT_COLUMNS, Facts, Places, place_to_row, value_in};
use crate::session::{DeclaredPlace, Session, Weight};
use crate::sqlite::rollup::{HOUR, slot_of};
use meterwire_app::ports::TenantId;
use meterwire_core::dimension::{Dimension, Place};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;

/// Events to be counted by a dimension.
pub(crate) struct FillBatch {
    pub(crate) tenant: TenantId,
    pub(crate) place: Place,
    /// How far the dimension had come when this was put together.
    pub(crate) from_seq: i64,
    /// How far it will have come.
    pub(crate) to_seq: i64,
    /// How far it has to come.
    pub(crate) last_seq: i64,
    /// The tenant's events between the first two, in order.
    pub(crate) seqs: Vec<i64>,
}

impl FillBatch {
    /// Whether nothing is left to do behind it.
    pub(crate) fn is_last(&self) -> bool {
        self.to_seq >= self.last_seq
    }

    pub(crate) fn weight(&self) -> Weight {
        Weight { commands: 1, events: self.seqs.len(), bytes: self.seqs.len() * 8 }
    }

    /// Counts the events; `false` where the dimension has changed in the meantime and nothing was done.
    pub(crate) fn run(&self, session: &mut Session) -> Work<bool> {
        let mut hours = HashSet::new();
        let mut counted = 0_i64;
        let Session { connection, labels, declared, events, .. } = session;
        let Recording { deltas, .. } = events.recording()?;
        let rows = connection.sqlite()?;
        let of_tenant = declared.of(connection, self.tenant)?;
        let here = |declared: &&mut DeclaredPlace| {
            declared.place == self.place
                && declared.filled_seq == self.from_seq
                && declared.fill_to_seq == self.last_seq
        };
        let Some(dimension) = of_tenant.iter_mut().find(here) else { return Ok(false) };
        let column = Dimension::Property(self.place).name();
        let update = format!("UPDATE event SET {column} = ? WHERE seq = ?");
        let index = Dimension::TEXTS.len() + self.place.index();
        for seq in &self.seqs {
            // It may have been dropped for its age in the meantime.
            let Some(event) = read(rows, *seq)? else { continue };
            let mut facts = event.facts;
            let value = event.properties.as_deref().and_then(|json| value_in(json, &dimension.property));
            // A voided event counts nowhere; it only must not keep the number of an earlier declaration.
            let value = value.filter(|_| !event.voided);
            let number = dimension.number(connection, labels, self.tenant, value.as_deref())?;
            if facts.labels[index] != number {
                rows.prepare_cached(&update)?.execute(params![number, seq])?;
                hours.insert(slot_of(facts.time_ms, HOUR));
            }
            if !event.voided {
                facts.labels[index] = number;
                deltas.add_place(self.tenant.0, &facts, self.place)?;
                counted += 1;
            }
        }
        dimension.filled_seq = self.to_seq;
        rows.prepare_cached(include_str!("../../../sql/dimension/advance.sql"))?.execute(params![
            self.to_seq,
            counted,
            self.tenant.0,
            place_to_row(self.place)
        ])?;
        if !hours.is_empty() {
            session.changed_in_place(self.tenant, &hours)?;
        }
        Ok(true)
    }
}

/// What of an event is needed here.
struct Past {
    facts: Facts,
    properties: Option<String>,
    voided: bool,
}

fn read(connection: &Connection, seq: i64) -> Work<Option<Past>> {
    let sql = format!(
        "SELECT {FACT_COLUMNS}, properties, voided_ms IS NOT NULL AS voided FROM event WHERE seq = ?"
    );
    connection
        .prepare_cached(&sql)?
        .query_row([seq], |row| {
            let (properties, voided) = (row.get("properties")?, row.get("voided")?);
            Ok(Facts::from_row(row, 0, Places::NONE).map(|facts| Past { facts, properties, voided }))
        })
        .optional()?
        .transpose()
}
