//! Questions for single events: pages of the log, events by place or number, surveys, and what tells where to look.

use super::{INPUT, OUTPUT, Scope, list, pairs};
use crate::cluster::click::rowbinary::Column;
use crate::cluster::outbox::EventRow;
use crate::cluster::tail::Cancels;
use crate::cluster::usage::survey::SurveyRow;
use meterwire_app::ports::LogColumn;
use meterwire_core::dimension::Dimension;
use std::fmt::Display;

/// By what a page of the log is sorted: one number a row. Absent values are -1, or 0 for the status.
pub(crate) fn sort_value(column: LogColumn) -> String {
    match column {
        LogColumn::Time => "time_ms".to_owned(),
        LogColumn::InputTokens => INPUT.to_owned(),
        LogColumn::OutputTokens => OUTPUT.to_owned(),
        LogColumn::TotalTokens => format!("{INPUT} + {OUTPUT}"),
        LogColumn::Cost => "if(rating = 3, toInt64(-1), cost_nanos)".to_owned(),
        LogColumn::Latency => "latency_ms".to_owned(),
        LogColumn::Dimension(dimension) => format!("toInt64({})", dimension.name()),
    }
}

/// By the rank of a dimension's value among these; [`sort_value`] of texts. Values come in the order of `values`, from 1.
pub(crate) fn rank_value(scope: &Scope<'_>, dimension: Dimension, values: &[u64]) -> String {
    let ranks: Vec<_> = (1..=values.len()).collect();
    let value = scope.key_of(dimension);
    // Both lists must have a type that does not depend on how large their numbers are.
    format!("toInt64(transform({value}, [{}], [{}], toUInt64(0)))", casted(values), casted(&ranks))
}

fn casted(numbers: &[impl Display]) -> String {
    let mut numbers = numbers.iter();
    let first = numbers.next().map(|number| format!("toUInt64({number})"));
    first.into_iter().chain(numbers.map(ToString::to_string)).collect::<Vec<_>>().join(", ")
}

/// Where the wanted rows of a log begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    Offset(u64),
    /// Behind this value and seq.
    After(i64, i64),
}

/// Answers the value (Int64), seq (Int64), time (Int64) and version (UInt8) of events, sorted by value and seq.
pub(crate) fn log(
    scope: &Scope<'_>,
    cancels: &Cancels,
    value: &str,
    descending: bool,
    start: Start,
    most: usize,
) -> String {
    let (than, order) = if descending { ("<", "DESC") } else { (">", "ASC") };
    let (offset, after) = match start {
        Start::Offset(offset) => (format!("{offset}, "), String::new()),
        Start::After(after, seq) => {
            let after = format!(" AND ({value} {than} {after} OR ({value} = {after} AND seq {than} {seq}))");
            (String::new(), after)
        }
    };
    format!(
        "SELECT {value} AS v, seq, time_ms, version{}{after} ORDER BY v {order}, seq {order} LIMIT {offset}{most} \
         FORMAT RowBinary",
        scope.living(cancels)
    )
}

/// Answers whole events ([`EventRow`]) with sign 1 at these times and seqs, taken back or not, in no order.
pub(crate) fn events(scope: &Scope<'_>, places: &[(i64, i64)]) -> String {
    let names: Vec<_> = EventRow::columns().iter().map(|column| column.name).collect();
    format!(
        "SELECT {}{} AND sign = 1 AND (time_ms, seq) IN ({}) FORMAT RowBinary",
        names.join(", "),
        scope.rows(),
        pairs(places.iter().copied())
    )
}

/// Answers the seq (Int64), source (UInt32) and id (String) of events with sign 1 at these times and seqs, taken back or not,
/// in no order.
pub(crate) fn names(scope: &Scope<'_>, places: &[(i64, i64)]) -> String {
    format!(
        "SELECT seq, source, id{} AND sign = 1 AND (time_ms, seq) IN ({}) FORMAT RowBinary",
        scope.rows(),
        pairs(places.iter().copied())
    )
}

/// Answers the seq, time and version (Int64, Int64, UInt8) of living events with these seqs, in no order.
pub(crate) fn find_seqs(scope: &Scope<'_>, cancels: &Cancels, seqs: &[i64]) -> String {
    let living = scope.living(cancels);
    format!("SELECT seq, time_ms, version{living} AND seq IN ({}) FORMAT RowBinary", list(seqs))
}

/// Answers the keys of a dimension (UInt64) and how many events have each (Int64).
pub(crate) fn counts(scope: &Scope<'_>, dimension: Dimension, most: usize) -> String {
    let key = scope.key_of(dimension);
    format!("SELECT {key} AS d0, sum(sign){} GROUP BY d0 LIMIT {most} FORMAT RowBinary", scope.rows())
}

/// Answers how many rows (UInt64) of either sign each span of `width_ms` has that has any: its number (Int64), ascending.
pub(crate) fn spans(scope: &Scope<'_>, width_ms: i64) -> String {
    format!(
        "SELECT intDiv(time_ms, {width_ms}) AS s, count(){} GROUP BY s ORDER BY s FORMAT RowBinary",
        scope.rows()
    )
}

/// Answers living events in the order of time and seq, as [`SurveyRow`]; without the hash of the request
/// where it is not wanted.
pub(crate) fn survey(scope: &Scope<'_>, cancels: &Cancels, requests: bool) -> String {
    let of = |column: Column| if column.name == "request_hash" && !requests { "''" } else { column.name };
    let names: Vec<_> = SurveyRow::columns().into_iter().map(of).collect();
    let living = scope.living(cancels);
    format!("SELECT {}{living} ORDER BY time_ms, seq FORMAT RowBinary", names.join(", "))
}
