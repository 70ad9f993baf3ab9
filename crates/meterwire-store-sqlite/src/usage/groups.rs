//! What a question adds up to while it is read: a row for each bucket and group, found by number.

use super::LabelTexts;
use crate::error::{Fault, Work};
use crate::rollup::RollupValue;
use hashbrown::{HashMap, HashSet};
use meterwire_app::ports::{MAX_AGGREGATE_ROWS, MAX_GROUP_BY, StoreError};
use meterwire_core::dimension::Dimension;
use rusqlite::Connection;
use std::hash::{Hash, Hasher};

/// Numbers of labels up to here have their place in a list.
const MAX_DIRECT: usize = 1 << 20;
/// Stands for no place.
const UNMET: u32 = u32::MAX;

/// A bucket and the numbers of the dimensions grouped by; places behind them are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) bucket: usize,
    pub(super) numbers: [i64; MAX_GROUP_BY],
}

// Written out, since hashing seven numbers as bytes is among the dearest steps where there are many groups.
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut mixed = self.bucket as u64;
        for number in self.numbers {
            mixed = (mixed.rotate_left(13) ^ number.cast_unsigned()).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
        state.write_u64(mixed);
    }
}

/// Sums by bucket and group, or users.
#[derive(Default)]
pub(super) struct Groups {
    places: HashMap<Key, u32>,
    pub(super) keys: Vec<Key>,
    /// One for each key.
    pub(super) values: Vec<RollupValue>,
    /// The places of the last bucket by the first number, where there is one dimension: quicker than hashing.
    of_bucket: (usize, Vec<u32>),
    /// Different users: the place of the key, and the user's number.
    pub(super) users: HashSet<(u32, i64)>,
}

impl Groups {
    /// The place of a key of one dimension.
    pub(super) fn place_of_one(&mut self, key: Key) -> Work<u32> {
        let Some(number) = usize::try_from(key.numbers[0]).ok().filter(|number| *number < MAX_DIRECT) else {
            return self.place(key);
        };
        let (bucket, places) = &mut self.of_bucket;
        if *bucket != key.bucket {
            *bucket = key.bucket;
            places.clear();
        }
        if places.len() <= number {
            places.resize(number + 1, UNMET);
        }
        if places[number] == UNMET {
            let place = self.place(key)?;
            self.of_bucket.1[number] = place;
        }
        Ok(self.of_bucket.1[number])
    }

    /// The place of a key, made at its first sight.
    pub(super) fn place(&mut self, key: Key) -> Work<u32> {
        if let Some(place) = self.places.get(&key) {
            return Ok(*place);
        }
        check_width(self.keys.len() + 1)?;
        // Bounded far below 2^32 by the line before.
        let place = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        self.places.insert(key, place);
        self.keys.push(key);
        self.values.push(RollupValue::default());
        Ok(place)
    }

    /// The sums at a place.
    pub(super) fn value(&mut self, place: u32) -> &mut RollupValue {
        &mut self.values[place as usize]
    }

    pub(super) fn add_user(&mut self, place: u32, user: i64) -> Work<()> {
        if self.users.insert((place, user)) { check_width(self.users.len()) } else { Ok(()) }
    }
}

fn check_width(rows: usize) -> Work<()> {
    if rows <= MAX_AGGREGATE_ROWS {
        return Ok(());
    }
    let sentence = format!(
        "the answer would have more than {MAX_AGGREGATE_ROWS} rows; take a shorter range, a coarser granularity or fewer groups"
    );
    Err(Fault::Answer(StoreError::TooWide(sentence)))
}

/// The texts of a key's dimensions.
pub(super) fn key_values(
    connection: &Connection,
    texts: &LabelTexts,
    dimensions: &[Dimension],
    key: &Key,
) -> Work<Vec<Option<String>>> {
    dimensions
        .iter()
        .zip(key.numbers)
        .map(|(dimension, number)| texts.value(connection, *dimension, number))
        .collect()
}
