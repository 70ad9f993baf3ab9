//! Counting events from before the declaration of a dimension by it. They have the hashes of all their properties, so nothing
//! of them has to be changed: all that is missing are labels for the values, which are made in the order of recording, at
//! most [`MAX_PROPERTY_VALUES`] with those of newer events. What has none counts as `(more)`.
//!
//! 1. Before the lock: the declaration that needs least, the values that have labels, and the first events of a stretch of
//!    numbers that bring others. A crash behind it leaves nothing.
//! 2. Under the lock, in one transaction: labels, and how far the filling has come. A crash before the commit leaves
//!    nothing, and the stretch is read again; behind it the stretch is done, and who read it too finds that it is.
//!
//! Questions use a dimension from its last step on. Any server may take a step; two that take the same one differ in
//! nothing but work.

use super::outbox::property_hash;
use super::questions::LabelsOn;
use super::store::Cluster;
use super::usage::{Asking, FirstValue, Stretch};
use crate::error::Work;
use crate::label::LabelKind;
use crate::row::{place_from_row, place_to_row};
use crate::session::{DeclaredPlace, Session, Weight};
use crate::sql::{Connection, OptionalExtension, Result, Row, params};
use crate::store::Backend;
use hashbrown::HashSet;
use meterwire_app::ports::{FillStep, StoreResult, TenantId};
use meterwire_core::dimension::{Dimension, Place};
use meterwire_core::property::{MAX_PROPERTY_VALUES, MORE_VALUES};

/// The one that needs least comes first, so that nobody waits for a tenant with more events.
const NEXT: &str = "SELECT tenant_id, place, property, filled_seq, fill_to_seq FROM dimension \
     WHERE filled_seq < fill_to_seq ORDER BY fill_to_seq - filled_seq, tenant_id, place LIMIT 1";
const KNOWN: &str = "SELECT value FROM label WHERE tenant_id = ? AND kind = ?";
/// Who asks for so many events or more gets more of them: each step looks through all numbers of the tenant.
const MANY: usize = 500;
/// So many times as many.
const TIMES_MANY: usize = 100;
/// The most labels that one step makes: everybody else of the tenant waits for it.
const VALUES_A_STEP: usize = 1_000;

/// A declaration that is being filled, and what it has.
struct Next {
    tenant: TenantId,
    place: Place,
    property: String,
    /// How far it has come,
    from_seq: i64,
    /// and has to come.
    last_seq: i64,
    /// Hashes of the values that have labels, `(more)` with them.
    known: HashSet<u64>,
}

impl Cluster {
    /// Takes the next step of about so many events; `None` where every dimension is ready. Unavailable where ClickHouse is
    /// away: then nothing was changed.
    pub(super) async fn fill_step(&self, most_events: usize) -> StoreResult<Option<FillStep>> {
        let Some(next) = self.readers.read(|rows| next(&rows)).await? else { return Ok(None) };
        let fill = self.readers.heard(self.read_stretch(next, most_events)).await?;
        let (tenant, ready) = (fill.tenant, fill.upto_seq >= fill.last_seq);
        // Not of weight nothing: it changes nothing that others remember of the catalogue.
        let count = fill.values.len().max(1);
        let weight = Weight { commands: 1, events: count, bytes: count * 100 };
        let done = self.write(Some(tenant), weight, false, move |session| fill.run(session)).await?;
        Ok(Some(FillStep { tenant, ready: ready && done }))
    }

    /// What the next stretch brings.
    async fn read_stretch(&self, next: Next, most_events: usize) -> StoreResult<Fill> {
        let Next { tenant, place, property, from_seq, last_seq, known } = next;
        let has_more = known.contains(&property_hash(MORE_VALUES));
        let told_apart = known.len() - usize::from(has_more);
        let room = MAX_PROPERTY_VALUES.saturating_sub(told_apart);
        let reader = self.readers.reader().await?;
        let client = reader.client()?;
        let moment = self.questions.moment(client, tenant).await?;
        let labels = LabelsOn(client);
        let asking = Asking::new(&self.questions.clicks, &labels, &moment);
        let mut stretch = Stretch { after_seq: from_seq, upto_seq: last_seq };
        let mut texts = Vec::new();
        // Where all further values are one that is known, nothing is left to be looked for.
        if room > 0 || !has_more {
            stretch.upto_seq = last_seq.min(from_seq.saturating_add(events_of(most_events)));
            // One more tells that there are more.
            let most = known.len() + VALUES_A_STEP + 1;
            let mut values = asking.first_values(property_hash(&property), stretch, most).await?;
            values.retain(|value| !known.contains(&value.hash));
            stretch.upto_seq = cut(&mut values, room, stretch.upto_seq);
            texts = asking.texts_of(&property, &values).await?;
        }
        let counted = asking.count(stretch).await?;
        let upto_seq = stretch.upto_seq;
        Ok(Fill { tenant, place, property, from_seq, upto_seq, last_seq, values: texts, counted })
    }
}

/// The declaration that is to be filled next.
fn next(rows: &Connection<'_>) -> Work<Option<Next>> {
    let read = |row: &Row<'_>| -> Result<(i64, i64, String, i64, i64)> {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
    };
    let found = rows.prepare_cached(NEXT)?.query_row([], read).optional()?;
    let Some((tenant, place, property, from_seq, last_seq)) = found else { return Ok(None) };
    let Some(place) = place_from_row(place) else { return Ok(None) };
    let kind = kind_of(place).code();
    let mut statement = rows.prepare_cached(KNOWN)?;
    let hash = |row: &Row<'_>| Ok(property_hash(&row.get::<_, String>(0)?));
    let known = statement.query_map(params![tenant, kind], hash)?.collect::<Result<_>>()?;
    Ok(Some(Next { tenant: TenantId(tenant), place, property, from_seq, last_seq, known }))
}

fn kind_of(place: Place) -> LabelKind {
    LabelKind::Dimension(Dimension::Property(place))
}

/// How many numbers a step goes on.
fn events_of(most_events: usize) -> i64 {
    let events =
        if most_events >= MANY { most_events.saturating_mul(TIMES_MANY) } else { most_events.max(1) };
    i64::try_from(events).unwrap_or(i64::MAX)
}

/// Leaves of values without labels, in the order of their first events, those that this step is to make; answers up to
/// which number it goes then.
fn cut(values: &mut Vec<FirstValue>, room: usize, upto_seq: i64) -> i64 {
    let beyond = values.get(VALUES_A_STEP).map(|value| value.seq);
    values.truncate(VALUES_A_STEP);
    // The first that has no room makes `(more)`, and all behind it are that.
    values.truncate(room.saturating_add(1));
    // An event has one value of a property, so a cut stretch is at least as long as the values that are left.
    beyond.map_or(upto_seq, |seq| seq - 1)
}

/// A step of a filling, as it was read before the lock was taken.
struct Fill {
    tenant: TenantId,
    place: Place,
    property: String,
    /// How far the dimension had come when this was read.
    from_seq: i64,
    /// How far it will have come.
    upto_seq: i64,
    /// How far it has to come.
    last_seq: i64,
    /// Values without labels, in the order of recording.
    values: Vec<String>,
    /// How many events it is counted by now, for people.
    counted: i64,
}

impl Fill {
    /// Makes the labels; `false` where the dimension has changed in the meantime and nothing was done.
    fn run(&self, session: &mut Session<'_>) -> Work<bool> {
        let Session { connection, labels, declared, .. } = session;
        let of_tenant = declared.of(connection, self.tenant)?;
        // Another declaration at the same place has other values, or the same to do.
        let here = |declared: &&mut DeclaredPlace| {
            declared.place == self.place
                && *declared.property == *self.property
                && declared.filled_seq == self.from_seq
                && declared.fill_to_seq == self.last_seq
        };
        let Some(dimension) = of_tenant.iter_mut().find(here) else { return Ok(false) };
        let kind = kind_of(self.place);
        let wanted = self.values.iter().map(|value| (kind, value.as_str()));
        labels.look_up(connection.postgres()?, self.tenant, wanted)?;
        for value in &self.values {
            dimension.number(connection, labels, self.tenant, Some(value))?;
        }
        dimension.filled_seq = self.upto_seq;
        connection.prepare_cached(include_str!("../../sql/dimension/advance.sql"))?.execute(params![
            self.upto_seq,
            self.counted,
            self.tenant.0,
            place_to_row(self.place)
        ])?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(count: i64) -> Vec<FirstValue> {
        (1..=count).map(|seq| FirstValue::at(seq * 3)).collect()
    }

    #[test]
    fn a_step_makes_few_labels_and_goes_on_only_where_it_made_all() {
        let cut_to = |count: i64, room: usize| {
            let mut values = values(count);
            let upto = cut(&mut values, room, 9_000_000);
            (values.len(), upto)
        };
        assert_eq!(cut_to(0, 10_000), (0, 9_000_000));
        assert_eq!(cut_to(1_000, 10_000), (1_000, 9_000_000));
        assert_eq!(cut_to(1_001, 10_000), (1_000, 3_002));
        assert_eq!(cut_to(1_001, 10), (11, 3_002));
        assert_eq!(cut_to(20, 10), (11, 9_000_000));
        assert_eq!(cut_to(20, 0), (1, 9_000_000));
    }

    #[test]
    fn who_asks_for_many_gets_more() {
        assert_eq!([0, 2, 499, 500].map(events_of), [1, 2, 499, 50_000]);
    }
}
