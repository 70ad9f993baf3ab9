//! The values of a property in the order in which events brought them, for a dimension that is being filled.

use super::ordered::Place;
use super::{Asking, Which};
use crate::cluster::click::values;
use crate::cluster::outbox::{EventRow, property_hash};
use crate::error::{Fault, Work};
use crate::row::value_in;
use hashbrown::HashMap;
use meterwire_core::period::Range;
use meterwire_core::property::MORE_VALUES;
use std::borrow::Cow;

/// Events behind a number, up to another, of the tenant's order of recording.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    pub(crate) after_seq: i64,
    pub(crate) upto_seq: i64,
}

/// A value that events of a stretch have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FirstValue {
    /// [`property_hash`] of it.
    pub(crate) hash: u64,
    /// The number of the first event that has it.
    pub(crate) seq: i64,
    /// The first event that tells its text, where one does.
    place: Place,
    /// All that have it were cleared behind an erasure: nobody knows its text any more.
    is_cleared: bool,
}

#[cfg(test)]
impl FirstValue {
    /// One whose first event has this number.
    pub(crate) fn at(seq: i64) -> Self {
        Self {
            hash: seq.unsigned_abs(),
            seq,
            place: Place { value: 0, seq, time_ms: 0, version: 0 },
            is_cleared: false,
        }
    }
}

impl Asking<'_> {
    /// Values of the property whose key has this hash, in the order of their first events: all of them where there are not
    /// more than `most`, else at least so many of the first. Events that were taken back bring none.
    pub(crate) async fn first_values(
        &self,
        key: u64,
        stretch: Stretch,
        most: usize,
    ) -> Work<Vec<FirstValue>> {
        let mut found: HashMap<u64, FirstValue> = HashMap::new();
        let which = which(stretch);
        let sql = values::first_values(&self.scope(which), &self.cancels, key, stretch.after_seq, most);
        self.read(sql, |row| {
            let (hash, first) = (row.cell()?, row.cell()?);
            let (seq, time_ms, version) = (row.cell()?, row.cell()?, row.cell()?);
            let is_cleared = row.cell::<u8>()? != 0;
            let place = Place { value: 0, seq, time_ms, version };
            found.insert(hash, FirstValue { hash, seq: first, place, is_cleared });
            Ok(())
        })
        .await?;
        for row in self.tail(which).living(&self.cancels).filter(|row| row.seq > stretch.after_seq) {
            let hash = row.property(key);
            if hash == 0 {
                continue;
            }
            let place = Place { value: 0, seq: row.seq, time_ms: row.time_ms, version: row.version };
            let is_cleared = row.properties.is_empty();
            let new = FirstValue { hash, seq: row.seq, place, is_cleared };
            let known = found.entry(hash).or_insert(new);
            if known.is_cleared && !is_cleared {
                (known.place, known.is_cleared) = (place, false);
            }
            known.seq = known.seq.min(row.seq);
        }
        let mut values: Vec<FirstValue> = found.into_values().collect();
        values.sort_unstable_by_key(|value| value.seq);
        Ok(values)
    }

    /// The texts of values of this property, in their order. One that nobody knows any more is not told apart: it is
    /// [`MORE_VALUES`].
    pub(crate) async fn texts_of(&self, property: &str, values: &[FirstValue]) -> Work<Vec<String>> {
        let told = || values.iter().filter(|value| !value.is_cleared);
        let places: Vec<Place> = told().map(|value| value.place).collect();
        let rows = self.event_rows_at(&places).await?;
        let text = |(value, row): (&FirstValue, EventRow)| {
            let text = value_in(&row.properties, property).map(Cow::into_owned);
            let is_it = |text: &String| property_hash(text) == value.hash;
            // Cleared between two statements; ClickHouse does that in place.
            let is_cleared = row.properties.is_empty();
            let damaged = || Fault::Damaged(format!("the hashes of the properties of event {}", row.seq));
            let text = if is_cleared { Some(MORE_VALUES.to_owned()) } else { text.filter(is_it) };
            text.ok_or_else(damaged)
        };
        let mut texts = told().zip(rows).map(text).collect::<Work<Vec<_>>>()?.into_iter();
        let mut of = |value: &FirstValue| if value.is_cleared { None } else { texts.next() };
        Ok(values.iter().map(|value| of(value).unwrap_or_else(|| MORE_VALUES.to_owned())).collect())
    }

    /// How many events a stretch has that are not taken back.
    pub(crate) async fn count(&self, stretch: Stretch) -> Work<i64> {
        let which = which(stretch);
        let mut count = 0_i64;
        self.read(values::count_behind(&self.scope(which), stretch.after_seq), |row| {
            count = count.saturating_add(row.cell()?);
            Ok(())
        })
        .await?;
        let tail = self.tail(which).rows().filter(|row| row.seq > stretch.after_seq);
        Ok(count.saturating_add(tail.map(|row| i64::from(row.sign)).sum()))
    }
}

/// Of any time.
fn which(stretch: Stretch) -> Which<'static> {
    let range = Range { from_ms: 0, to_ms: i64::MAX };
    Which { upto_seq: Some(stretch.upto_seq), ..Which::new(range, &[]) }
}
