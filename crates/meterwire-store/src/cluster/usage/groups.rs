//! What a question adds up to: sums by bucket and group, of the parts that were read.

use super::Sketch;
use super::labels::{KeyTexts, LabelTexts};
use super::moment::Moment;
use crate::cluster::click::rowbinary::Reader;
use crate::cluster::outbox::EventRow;
use crate::error::{Fault, Work};
use crate::sqlite::rollup::RollupValue;
use hashbrown::{HashMap, HashSet};
use meterwire_app::ports::{AggregateRow, MAX_AGGREGATE_ROWS, MAX_GROUP_BY, StoreError};
use meterwire_core::dimension::Dimension;
use meterwire_core::sketch::BUCKETS;
use meterwire_core::usage_query::Metric;

/// A bucket and the numbers of the dimensions grouped by; places behind them are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) bucket: usize,
    pub(super) numbers: [u64; MAX_GROUP_BY],
}

impl Key {
    /// Reads the columns that [`crate::cluster::click::text::Grouping`] selects.
    pub(super) fn read(from: &mut Reader<'_>, has_buckets: bool, dimensions: usize) -> Work<Self> {
        let bucket = if has_buckets { from.cell::<u32>()? } else { 0 };
        let mut numbers = [0; MAX_GROUP_BY];
        for number in numbers.iter_mut().take(dimensions) {
            *number = from.cell()?;
        }
        Ok(Self { bucket: usize::try_from(bucket).unwrap_or(usize::MAX), numbers })
    }
}

/// By group: how many events it has, and its rank.
pub(super) type Ranks = HashMap<[u64; MAX_GROUP_BY], (i64, i64)>;

/// Sums by bucket and group.
#[derive(Default)]
pub(super) struct Groups(HashMap<Key, RollupValue>);

impl Groups {
    pub(super) fn entry(&mut self, key: Key) -> Work<&mut RollupValue> {
        let full = self.0.len() >= MAX_AGGREGATE_ROWS;
        match self.0.entry(key) {
            hashbrown::hash_map::Entry::Occupied(found) => Ok(found.into_mut()),
            hashbrown::hash_map::Entry::Vacant(_) if full => Err(too_wide()),
            hashbrown::hash_map::Entry::Vacant(new) => Ok(new.insert(RollupValue::default())),
        }
    }

    /// Adds a row of the tail by its sign.
    pub(super) fn add_row(&mut self, key: Key, row: &EventRow, sketches: bool) -> Work<()> {
        let value = self.entry(key)?;
        value.sums.add(&row.sums(), row.sign.into())?;
        if sketches {
            if let Ok(bucket) = u16::try_from(row.latency_bucket) {
                value.latency.add_at(bucket, row.sign.into());
            }
            if let Ok(bucket) = u16::try_from(row.first_token_bucket) {
                value.time_to_first_token.add_at(bucket, row.sign.into());
            }
        }
        Ok(())
    }

    /// Adds so many observations of a bucket of a sketch. What no sum has is no group and adds nothing.
    pub(super) fn add_latencies(&mut self, key: Key, which: Sketch, bucket: u16, times: i64) -> Work<()> {
        if usize::from(bucket) >= BUCKETS {
            return Err(Fault::Damaged("ClickHouse told a latency that cannot be".to_owned()));
        }
        let value = self.entry(key)?;
        let sketch = match which {
            Sketch::Latency => &mut value.latency,
            Sketch::FirstToken => &mut value.time_to_first_token,
        };
        sketch.add_at(bucket, times);
        Ok(())
    }

    /// By group, how many events it has and its rank by a metric, over all buckets.
    pub(super) fn ranks(&self, metric: Metric) -> Work<Ranks> {
        let mut ranks = Ranks::new();
        for (key, value) in &self.0 {
            let (calls, ranked) = ranks.entry(key.numbers).or_default();
            *calls += value.sums.calls();
            let rank = metric.rank(&value.sums.to_totals());
            *ranked = ranked.checked_add(rank).ok_or(Fault::Overflow)?;
        }
        Ok(ranks)
    }

    /// These groups, and all others as one, bucket by bucket.
    pub(super) fn split(self, told: &HashSet<[u64; MAX_GROUP_BY]>) -> Work<(Self, Self)> {
        let (mut these, mut rest) = (Self::default(), Self::default());
        for (key, value) in self.0 {
            if told.contains(&key.numbers) {
                these.0.insert(key, value);
                continue;
            }
            let others = rest.entry(Key { numbers: <_>::default(), ..key })?;
            others.sums.add(&value.sums, 1)?;
            others.latency.merge(&value.latency);
            others.time_to_first_token.merge(&value.time_to_first_token);
        }
        Ok((these, rest))
    }

    /// Groups that have events, once all parts are one.
    pub(super) fn into_living(self) -> impl Iterator<Item = (Key, RollupValue)> {
        self.0.into_iter().filter(|(_, value)| value.sums.calls() > 0)
    }

    /// The rows of an answer.
    pub(super) async fn into_rows(
        self,
        labels: &dyn LabelTexts,
        moment: &Moment,
        dimensions: &[Dimension],
    ) -> Work<Vec<AggregateRow>> {
        let living: Vec<_> = self.into_living().collect();
        let keys = living.iter().map(|(key, _)| key.numbers);
        let texts = KeyTexts::of(labels, moment, dimensions, keys).await?;
        let to_row = |(key, value): (Key, RollupValue)| {
            let values = texts.values(key.numbers)?;
            Ok(AggregateRow { bucket: key.bucket, key: values, totals: value.into_totals() })
        };
        living.into_iter().map(to_row).collect()
    }
}

/// The bucket that holds an instant of the range.
pub(super) fn bucket_of(edges_ms: &[i64], time_ms: i64) -> usize {
    edges_ms.partition_point(|edge| *edge <= time_ms).saturating_sub(1)
}

pub(super) fn too_wide() -> Fault {
    let sentence = format!(
        "the answer would have more than {MAX_AGGREGATE_ROWS} rows; take a shorter range, a coarser granularity or fewer groups"
    );
    Fault::Answer(StoreError::TooWide(sentence))
}
