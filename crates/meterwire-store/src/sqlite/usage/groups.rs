//! What a question adds up to while it is read: a row for each bucket and group, found by number, its sums in a list a
//! column, so that only the columns that are wanted are touched.

use super::LabelTexts;
use super::users::Users;
use crate::error::{Fault, Work};
use crate::sqlite::rollup::RollupValue;
use crate::sums::{SUM_NAMES, Sums};
use hashbrown::{DefaultHashBuilder, HashTable};
use meterwire_app::ports::{MAX_AGGREGATE_ROWS, MAX_GROUP_BY, StoreError};
use meterwire_core::dimension::Dimension;
use meterwire_core::sketch::LatencySketch;
use rusqlite::Connection;
use std::hash::{BuildHasher, Hash, Hasher};

/// Numbers of labels up to here have their place in a list.
pub(super) const MAX_DIRECT: usize = 1 << 20;
/// The most buckets of all sketches of an answer together, of 16 bytes each: 128 MiB.
const MAX_SKETCHED: usize = 8 << 20;
/// Odd, and unlike one another.
const FACTORS: [u64; MAX_GROUP_BY] = [
    0x517c_c1b7_2722_0a95,
    0x9e37_79b9_7f4a_7c15,
    0xd6e8_feb8_6659_fd93,
    0xa076_1d64_78bd_642f,
    0xe703_7ed1_a0b4_28db,
    0x8ebc_6af0_9c88_c6e3,
];
/// A key fits into one number where its bucket and its first two numbers need no more bits than these, and it has no more.
const BUCKET_BITS: u32 = 16;
const NUMBER_BITS: u32 = 24;
/// The most groups of a first look, which has one or two sums a group: some hundred bytes each.
pub(super) const MAX_RANKED: usize = 1_000_000;
/// Stands for no place.
const UNMET: u32 = u32::MAX;

/// A bucket and the numbers of the dimensions grouped by; places behind them are 0.
#[derive(Debug, Clone, Copy, Eq)]
pub(super) struct Key {
    pub(super) bucket: usize,
    pub(super) numbers: [i64; MAX_GROUP_BY],
}

impl Key {
    /// The key as one number, if it fits.
    fn packed(&self) -> Option<u64> {
        let [first, second, rest @ ..] = &self.numbers;
        let (bucket, first, second) = (self.bucket as u64, first.cast_unsigned(), second.cast_unsigned());
        let fits = bucket >> BUCKET_BITS == 0
            && (first | second) >> NUMBER_BITS == 0
            && rest.iter().all(|number| *number == 0);
        fits.then_some(((bucket << NUMBER_BITS | first) << NUMBER_BITS) | second)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        // What differs, in one number; quicker than a look at each.
        let numbers = self.numbers.iter().zip(&other.numbers);
        numbers.fold((self.bucket ^ other.bucket) as u64, |differ, (one, other)| {
            differ | (one ^ other).cast_unsigned()
        }) == 0
    }
}

// Written out, since hashing seven numbers as bytes is among the dearest steps where there are many groups.
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // No step waits for the one before.
        let mut mixed = self.bucket as u64;
        for (number, factor) in self.numbers.iter().zip(FACTORS) {
            mixed ^= number.cast_unsigned().wrapping_mul(factor).rotate_left(29);
        }
        state.write_u64(mixed);
    }
}

/// Sums by bucket and group, or users.
pub(super) struct Groups {
    /// The most keys.
    most: usize,
    hasher: DefaultHashBuilder,
    /// Places among the keys, of keys that fit into one number: found without a look at the keys, which are far apart in
    /// memory.
    packed: HashTable<(u64, u32)>,
    /// Places among the keys, of all others.
    places: HashTable<u32>,
    pub(super) keys: Vec<Key>,
    /// Of each sum the values by place; shorter than the keys where the last ones have none.
    sums: [Vec<i64>; SUM_NAMES.len()],
    /// Latency and time to first token by place; shorter than the keys where the last ones have none.
    sketches: Vec<[LatencySketch; 2]>,
    /// How many buckets all sketches have together.
    sketched: usize,
    /// The places of the last bucket by the first number, where there is one dimension: quicker than hashing.
    of_bucket: (usize, Vec<u32>),
    /// Different users by place.
    pub(super) users: Users,
}

impl Groups {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            hasher: DefaultHashBuilder::default(),
            packed: HashTable::new(),
            places: HashTable::new(),
            keys: Vec::new(),
            sums: Default::default(),
            sketches: Vec::new(),
            sketched: 0,
            of_bucket: (0, Vec::new()),
            users: Users::default(),
        }
    }

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
        if let Some(packed) = key.packed() {
            return self.place_of_packed(key, packed);
        }
        let hash = self.hasher.hash_one(key);
        let Self { most, hasher, places, keys, .. } = self;
        if let Some(place) = places.find(hash, |place| keys[*place as usize] == key) {
            return Ok(*place);
        }
        let place = next_place(keys, *most)?;
        places.insert_unique(hash, place, |place| hasher.hash_one(keys[*place as usize]));
        keys.push(key);
        Ok(place)
    }

    fn place_of_packed(&mut self, key: Key, number: u64) -> Work<u32> {
        let Self { most, hasher, packed, keys, .. } = self;
        let hash = hasher.hash_one(number);
        if let Some((_, place)) = packed.find(hash, |(other, _)| *other == number) {
            return Ok(*place);
        }
        let place = next_place(keys, *most)?;
        packed.insert_unique(hash, (number, place), |(number, _)| hasher.hash_one(number));
        keys.push(key);
        Ok(place)
    }

    /// The values of one sum by place, one for each key.
    pub(super) fn sum(&mut self, sum: usize) -> &mut [i64] {
        let values = &mut self.sums[sum];
        values.resize(self.keys.len(), 0);
        values
    }

    /// Adds to one sum of a place.
    pub(super) fn add(&mut self, place: u32, sum: usize, value: i64) -> Work<()> {
        let values = &mut self.sums[sum];
        if values.len() <= place as usize {
            values.resize(self.keys.len(), 0);
        }
        let total = &mut values[place as usize];
        *total = total.checked_add(value).ok_or_else(|| Fault::Overflow)?;
        Ok(())
    }

    /// Adds values to one sum of their places.
    pub(super) fn add_column(&mut self, sum: usize, places: &[u32], values: &[i64]) -> Work<()> {
        let totals = self.sum(sum);
        for (place, value) in places.iter().zip(values) {
            let total = &mut totals[*place as usize];
            *total = total.checked_add(*value).ok_or_else(|| Fault::Overflow)?;
        }
        Ok(())
    }

    /// All sums and all sketches by place; shorter than the keys where the last ones have none.
    pub(super) fn into_sums(self) -> ([Vec<i64>; SUM_NAMES.len()], Vec<[LatencySketch; 2]>) {
        (self.sums, self.sketches)
    }

    /// Adds to every sum of a place.
    pub(super) fn add_all(&mut self, place: u32, sums: &Sums) -> Work<()> {
        for (sum, value) in sums.0.iter().enumerate() {
            if *value != 0 {
                self.add(place, sum, *value)?;
            }
        }
        Ok(())
    }

    /// Adds to the latency (0) or the time to first token (1) of a place.
    pub(super) fn add_latencies(
        &mut self,
        place: u32,
        which: usize,
        add: impl FnOnce(&mut LatencySketch),
    ) -> Work<()> {
        if self.sketches.len() <= place as usize {
            self.sketches.resize_with(self.keys.len(), Default::default);
        }
        let sketch = &mut self.sketches[place as usize][which];
        let before = sketch.size();
        add(sketch);
        self.sketched = (self.sketched + sketch.size()).saturating_sub(before);
        if self.sketched <= MAX_SKETCHED { Ok(()) } else { Err(too_wide("more latencies than fit")) }
    }

    /// The sums of a place.
    pub(super) fn sums_at(&self, place: usize) -> Sums {
        let mut sums = Sums::default();
        for (sum, values) in sums.0.iter_mut().zip(&self.sums) {
            *sum = values.get(place).copied().unwrap_or_default();
        }
        sums
    }

    /// All of a place; its sketches are taken out.
    pub(super) fn take(&mut self, place: usize) -> RollupValue {
        let sketches = self.sketches.get_mut(place).map(std::mem::take);
        let [latency, time_to_first_token] = sketches.unwrap_or_default();
        RollupValue { sums: self.sums_at(place), latency, time_to_first_token }
    }

    pub(super) fn add_user(&mut self, place: u32, user: i64) -> Work<()> {
        check_width(self.users.add(place, user), MAX_AGGREGATE_ROWS)
    }
}

/// The place of the next key.
fn next_place(keys: &[Key], most: usize) -> Work<u32> {
    check_width(keys.len() + 1, most)?;
    // Bounded far below 2^32 by the line before.
    Ok(u32::try_from(keys.len()).unwrap_or(u32::MAX))
}

fn check_width(rows: usize, most: usize) -> Work<()> {
    if rows <= most {
        return Ok(());
    }
    Err(too_wide(&format!("more than {most} rows")))
}

fn too_wide(what: &str) -> Fault {
    let sentence =
        format!("the answer would have {what}; take a shorter range, a coarser granularity or fewer groups");
    Fault::Answer(StoreError::TooWide(sentence))
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
