//! The part of an answer that ClickHouse does not know yet: rows that are still in the outbox, added up here.

use crate::cluster::outbox::EventRow;
use crate::cluster::usage::labels::{NumberFilter, told_apart};
use crate::cluster::usage::moment::Moment;
use meterwire_app::ports::{LogColumn, MAX_GROUP_BY};
use meterwire_core::dimension::Dimension;
use meterwire_core::period::Range;
use std::collections::BTreeSet;

/// Events of any place that rows of the tail take back: seq and version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cancels(BTreeSet<(i64, u8)>);

impl Cancels {
    /// Those of a moment's tail.
    pub(crate) fn of(moment: &Moment) -> Self {
        let taking_back = moment.snapshot.tail().filter(|row| row.sign < 0);
        Self(taking_back.map(|row| (row.seq, row.version)).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, u8)> {
        self.0.iter().copied()
    }

    /// Whether this is one that is taken back.
    pub(crate) fn has(&self, row: &EventRow) -> bool {
        self.0.contains(&(row.seq, row.version))
    }
}

impl FromIterator<(i64, u8)> for Cancels {
    fn from_iter<I: IntoIterator<Item = (i64, u8)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// Rows of the tail that a question is about.
#[derive(Clone, Copy)]
pub(crate) struct TailScope<'a> {
    pub(crate) moment: &'a Moment,
    pub(crate) range: Range,
    pub(crate) filters: &'a [NumberFilter],
    pub(crate) priced: Option<bool>,
    pub(crate) upto_seq: Option<i64>,
}

impl<'a> TailScope<'a> {
    /// Rows of either sign, in the order of recording.
    pub(crate) fn rows(self) -> impl Iterator<Item = &'a EventRow> {
        self.moment.snapshot.tail().filter(move |row| self.passes(row))
    }

    /// Rows that are events: no other row takes them back.
    pub(crate) fn living(self, cancels: &Cancels) -> impl Iterator<Item = &'a EventRow> {
        self.rows().filter(|row| row.sign > 0 && !cancels.has(row))
    }

    fn passes(&self, row: &EventRow) -> bool {
        (self.range.from_ms..self.range.to_ms).contains(&row.time_ms)
            && self.upto_seq.is_none_or(|seq| row.seq <= seq)
            && self.priced.is_none_or(|priced| priced != row.is_unpriced())
            && self.filters.iter().all(|filter| filter.passes(value(self.moment, row, filter.dimension)))
    }
}

/// The number of a row's value of a dimension.
pub(crate) fn value(moment: &Moment, row: &EventRow, dimension: Dimension) -> u64 {
    match dimension {
        Dimension::Status => row.status.into(),
        Dimension::Property(_) => {
            moment.declared_at(dimension).map_or(0, |declared| row.property(declared.key))
        }
        _ => {
            let place = Dimension::TEXTS.iter().position(|text| *text == dimension);
            place.and_then(|place| row.labels.0.get(place)).copied().map_or(0, u64::from)
        }
    }
}

/// The same, as an answer tells it apart.
pub(crate) fn key_value(moment: &Moment, row: &EventRow, dimension: Dimension) -> u64 {
    told_apart(moment, dimension, value(moment, row, dimension))
}

/// The key of a row's group.
pub(crate) fn key(moment: &Moment, row: &EventRow, dimensions: &[Dimension]) -> [u64; MAX_GROUP_BY] {
    let mut key = [0; MAX_GROUP_BY];
    for (place, dimension) in key.iter_mut().zip(dimensions) {
        *place = key_value(moment, row, *dimension);
    }
    key
}

/// By what the log sorts a row where that is a number, as [`crate::cluster::click::text::sort_value`] has it.
pub(crate) fn sort_value(row: &EventRow, column: LogColumn) -> i64 {
    let [input, output] = [&row.tokens.0[..6], &row.tokens.0[6..]].map(|counts| counts.iter().sum::<i64>());
    match column {
        LogColumn::Time => row.time_ms,
        LogColumn::InputTokens => input,
        LogColumn::OutputTokens => output,
        LogColumn::TotalTokens => input + output,
        LogColumn::Cost if row.is_unpriced() => -1,
        LogColumn::Cost => row.cost_nanos,
        LogColumn::Latency => row.latency_ms,
        LogColumn::Dimension(_) => row.status.into(),
    }
}
