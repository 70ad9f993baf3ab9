//! Questions about the values of a property that no dimension counts by yet.

use super::text::Scope;
use crate::cluster::tail::Cancels;

/// More than any number of an event: those that were cleared come behind all others.
const CLEARED: i64 = 1 << 62;

/// Answers, for each value of the property with this key that living events of a scope behind a number have, in the order of
/// the first event that has it: its hash (UInt64), that event's seq (Int64); and the seq, time and version (Int64, Int64,
/// UInt8) of the first one that was not cleared behind an erasure, and whether all were (UInt8).
pub(crate) fn first_values(
    scope: &Scope<'_>,
    cancels: &Cancels,
    key: u64,
    after_seq: i64,
    most: usize,
) -> String {
    // Index 0, of what is not there, gives 0. Who has a value had properties: without them it was cleared.
    format!(
        "SELECT h, min(s) AS f, argMin(s, o), argMin(t, o), argMin(v, o), min(e) FROM (SELECT \
         property_values[indexOf(property_keys, {key})] AS h, seq AS s, time_ms AS t, version AS v, \
         properties = '' AS e, seq + if(properties = '', toInt64({CLEARED}), toInt64(0)) AS o{} AND seq > {after_seq}) \
         WHERE h != 0 GROUP BY h ORDER BY f LIMIT {most} FORMAT RowBinary",
        scope.living(cancels)
    )
}

/// Answers how many events (Int64) a scope has behind a number.
pub(crate) fn count_behind(scope: &Scope<'_>, after_seq: i64) -> String {
    format!("SELECT sum(sign){} AND seq > {after_seq} FORMAT RowBinary", scope.rows())
}
