//! Folds against events: every row of every kind of rollups is recounted, shard by shard, thirty days at a time. ClickHouse
//! does it: rollups less events, and what is left is a difference.

use super::state::State;
use super::{Examination, Found, finding};
use crate::cluster::click::ddl::PARTITION_MS;
use crate::cluster::click::folds::{Declaration, Kind};
use crate::cluster::declared::Declared;
use crate::cluster::lead::StepError;
use crate::cluster::usage::labels::more;
use crate::finding::{Part, Progress};
use crate::slot::SLOT_MS;
use crate::sums::{SUM_NAMES, TOKENS};
use meterwire_core::dimension::Place;
use std::collections::BTreeSet;

/// A slice that differs is looked at so often: folds are merged and events dropped meanwhile.
const LOOKS: usize = 3;
/// Rows that are told of one slice and kind.
const NAMED: usize = 3;
const MOST_ROWS: usize = 1_000;
/// Sums and two digests of sketches.
const COLUMNS: usize = SUM_NAMES.len() + 2;

/// A stretch of time on a shard.
type Slice = (usize, i64);

/// Rollups of one kind, or those of one kind by one declared property.
struct Rollups {
    kind: Kind,
    /// What they are called where something is wrong.
    name: String,
    /// The values that tell a row apart, as rollups have them and as events do.
    stored_keys: Vec<String>,
    event_keys: Vec<String>,
    /// Further conditions of rollups and of events.
    stored_only: String,
    events_only: String,
}

impl Rollups {
    fn of(kind: Kind) -> Self {
        Self {
            kind,
            name: kind.set.name.to_owned(),
            stored_keys: ["k1", "k2", "k3", "k4"].map(str::to_owned).to_vec(),
            event_keys: kind.keys(),
            stored_only: String::new(),
            events_only: String::new(),
        }
    }

    /// `None` where there are no places for properties.
    fn by_declared(declared: &Declaration) -> Option<Self> {
        let kind = Place::ALL.first().and_then(|place| Kind::of_property(*place))?;
        let Declaration { tenant, key, number, told_apart } = declared;
        // Folds from before there were too many values have each of them.
        let apart = |value: String| match told_apart {
            Some(values) => {
                let values: Vec<_> = values.iter().map(ToString::to_string).collect();
                format!("if({value} IN (0, {}), {value}, toUInt64({}))", values.join(", "), more())
            }
            None => value,
        };
        let zero = || "toUInt64(0)".to_owned();
        let value = format!("property_values[indexOf(property_keys, toUInt64({key}))]");
        Some(Self {
            kind,
            name: format!("by declared property {number}"),
            stored_keys: vec![apart("k1".to_owned()), zero(), zero(), zero()],
            event_keys: vec![apart(value), zero(), zero(), zero()],
            stored_only: format!(" AND tenant = {tenant} AND k4 = {number}"),
            events_only: format!(" AND tenant = {tenant}"),
        })
    }
}

impl<P: FnMut(Progress) + Send> Examination<P> {
    /// How many steps the folds take.
    pub(super) async fn count_slices(&mut self) -> Result<u64, StepError> {
        let state = State::take(&self.client).await?;
        // One more for those by declared properties.
        let kinds = Kind::every().count() + 1;
        Ok((self.slices(&state).await?.len() * kinds) as u64)
    }

    /// Checks every fold.
    pub(super) async fn check_folds(&mut self) -> Result<(), StepError> {
        let state = State::take(&self.client).await?;
        for (shard, slice) in self.slices(&state).await? {
            for kind in Kind::every() {
                let mut found = Found::new();
                for _ in 0..LOOKS {
                    let state = State::take(&self.client).await?;
                    found = self.check_slice(&state, shard, slice, &Rollups::of(kind)).await?;
                    if found.is_empty() {
                        break;
                    }
                }
                self.add(found);
                self.step();
            }
            let mut found = Found::new();
            for _ in 0..LOOKS {
                found = self.check_declared(shard, slice).await?;
                if found.is_empty() {
                    break;
                }
            }
            self.add(found);
            self.step();
            self.report.rollup_rows += self.count_rows(shard, slice).await?;
        }
        Ok(())
    }

    /// Stretches of thirty days, by their number, in which a shard has something that was folded.
    async fn slices(&self, state: &State) -> Result<Vec<Slice>, StepError> {
        if state.folds.is_empty() {
            return Ok(Vec::new());
        }
        let schema = self.clicks.schema();
        let mut slices = Vec::new();
        for shard in 0..self.clicks.shards() {
            let mut numbers = BTreeSet::new();
            for sql in [
                format!(
                    "SELECT DISTINCT toInt64(intDiv(time_ms, {PARTITION_MS})) FROM {} FORMAT RowBinary",
                    schema.local("event")
                ),
                format!(
                    "SELECT DISTINCT toInt64(intDiv(toInt64(slot) * {SLOT_MS}, {PARTITION_MS})) FROM {} \
                     WHERE fold IN ({}) FORMAT RowBinary",
                    schema.local("rollup"),
                    state.folds
                ),
            ] {
                self.ask_shard(shard, sql, |row| {
                    numbers.insert(row.cell::<i64>()?);
                    Ok(())
                })
                .await?;
            }
            slices.extend(numbers.into_iter().map(|number| (shard, number)));
        }
        Ok(slices)
    }

    /// Rollups by what tenants have declared, each declaration that the folds have.
    async fn check_declared(&self, shard: usize, slice: i64) -> Result<Found, StepError> {
        let state = State::take(&self.client).await?;
        let newest = state.folds.split(',').filter_map(|fold| fold.parse::<i64>().ok()).max();
        let mut found = Found::new();
        for (first, declared) in Declared::with_folds(&self.client).await? {
            // Read a moment later, so its first fold may be none of these.
            let Some(rollups) = Rollups::by_declared(&declared).filter(|_| newest >= Some(first)) else {
                continue;
            };
            found.extend(self.check_slice(&state, shard, slice, &rollups).await?);
        }
        Ok(found)
    }

    async fn check_slice(
        &self,
        state: &State,
        shard: usize,
        slice: i64,
        rollups: &Rollups,
    ) -> Result<Found, StepError> {
        let (mut found, mut rows) = (Found::new(), 0);
        let Rollups { kind, name: set, .. } = rollups;
        let dimensions = kind.set.dimensions.len();
        self.ask_shard(shard, self.differences(state, slice, rollups), |row| {
            let (tenant, slot): (u32, i32) = (row.cell()?, row.cell()?);
            let mut labels: Vec<u64> = Vec::new();
            for _ in 0..4 {
                labels.push(row.cell()?);
            }
            labels.truncate(dimensions);
            let mut column = None;
            for place in 0..COLUMNS {
                let (difference, name) = (row.cell::<i64>()?, name_of(place));
                column = column.or((difference != 0).then_some((name, difference)));
            }
            rows += 1;
            if rows > NAMED {
                return Ok(());
            }
            let Some((name, difference)) = column else { return Ok(()) };
            let which = if name.ends_with("durations") {
                format!("{name} differ")
            } else {
                format!("{name} is {difference} beyond what events add up to")
            };
            let what = format!(
                "rollup {set} of tenant {tenant} on shard {}, from {}, labels {labels:?}: {which}",
                shard + 1,
                i64::from(slot) * SLOT_MS
            );
            found.push(finding(Part::Fold, what));
            Ok(())
        })
        .await?;
        if rows > NAMED {
            let what = format!(
                "and {} more rows of rollup {set} on shard {} in the thirty days from {}",
                rows - NAMED,
                shard + 1,
                slice * PARTITION_MS
            );
            found.push(finding(Part::Fold, what));
        }
        Ok(found)
    }

    /// Rows of rollups less events, where that is not nothing.
    fn differences(&self, state: &State, slice: i64, rollups: &Rollups) -> String {
        let schema = self.clicks.schema();
        let (from_ms, to_ms) = (slice * PARTITION_MS, (slice + 1) * PARTITION_MS);
        let Rollups { kind, stored_keys, event_keys, stored_only, events_only, .. } = rollups;
        let (kind, width) = (*kind, kind.width());
        let named = |prefix: &str, values: &[String]| {
            let named = values.iter().enumerate().map(|(place, value)| format!("{value} AS {prefix}{place}"));
            named.collect::<Vec<_>>().join(", ")
        };
        let names = |prefix: &str, count: usize| {
            (0..count).map(|place| format!("{prefix}{place}")).collect::<Vec<_>>().join(", ")
        };
        let differs: Vec<_> = (0..COLUMNS).map(|place| format!("d{place} != 0")).collect();
        let sums: Vec<_> = (0..COLUMNS).map(|place| format!("toInt64(sum(x{place}))")).collect();
        format!(
            "SELECT t, s, {g}, {d} FROM (SELECT t, s, {g}, {sums} FROM (\
             SELECT tenant AS t, slot AS s, {stored_keys}, {stored} FROM {rollup} WHERE fold IN ({folds}) AND kind = {kind} \
             AND toInt64(slot) * {SLOT_MS} >= {from_ms} AND toInt64(slot) * {SLOT_MS} < {to_ms} AND {slot_kept}{stored_only} \
             UNION ALL \
             SELECT tenant AS t, toInt32(intDiv(time_ms, {width_ms}) * {width}) AS s, {event_keys}, {counted} FROM {event} \
             WHERE {visible} AND batch <= {folded} AND time_ms >= {from_ms} AND time_ms < {to_ms} AND {time_kept}{events_only}\
             ) GROUP BY t, s, {g}) WHERE {differs} ORDER BY t, s LIMIT {MOST_ROWS} FORMAT RowBinary",
            g = names("g", 4),
            d = names("d", COLUMNS),
            sums = named("d", &sums),
            stored_keys = named("g", stored_keys),
            stored = named("x", &stored(kind)),
            rollup = schema.local("rollup"),
            folds = state.folds,
            kind = kind.number,
            slot_kept = state.kept(&format!("toInt64(slot) * {SLOT_MS}")),
            width_ms = width * SLOT_MS,
            event_keys = named("g", event_keys),
            counted = named("x", &counted(kind)),
            event = schema.local("event"),
            visible = state.visible(),
            folded = state.folded,
            time_kept = state.kept("time_ms"),
            differs = differs.join(" OR "),
        )
    }

    async fn count_rows(&self, shard: usize, slice: i64) -> Result<u64, StepError> {
        let state = State::take(&self.client).await?;
        if state.folds.is_empty() {
            return Ok(0);
        }
        let sql = format!(
            "SELECT count() FROM {} WHERE fold IN ({}) AND intDiv(toInt64(slot) * {SLOT_MS}, {PARTITION_MS}) = {slice} \
             FORMAT RowBinary",
            self.clicks.schema().local("rollup"),
            state.folds
        );
        let mut count = 0;
        self.ask_shard(shard, sql, |row| {
            count = row.cell()?;
            Ok(())
        })
        .await?;
        Ok(count)
    }
}

fn name_of(place: usize) -> &'static str {
    match place.checked_sub(SUM_NAMES.len()) {
        None => SUM_NAMES[place],
        Some(0) => "latency durations",
        Some(_) => "first token durations",
    }
}

/// A number for a bucket of a sketch that others do not add up to.
fn mixed(bucket: &str) -> String {
    format!("toInt64(intHash64(toUInt64({bucket})))")
}

/// What a row of a rollup says.
fn stored(kind: Kind) -> Vec<String> {
    let mut columns = vec!["calls".to_owned(), "errors".to_owned(), "unpriced".to_owned()];
    columns.extend(SUM_NAMES[TOKENS].iter().map(ToString::to_string));
    columns.push("cost_nanos".to_owned());
    for name in ["latency", "first_token"] {
        columns.push(if kind.set.sketches {
            format!("arraySum(arrayMap((k, c) -> c * {}, {name}_keys, {name}_counts))", mixed("k"))
        } else {
            "0".to_owned()
        });
    }
    columns.into_iter().map(|column| format!("toInt64({column})")).collect()
}

/// What an event takes away from that.
fn counted(kind: Kind) -> Vec<String> {
    let mut columns = vec!["-sign".to_owned(), "-sign * (status >= 400)".to_owned()];
    columns.push("-sign * (rating = 3)".to_owned());
    columns.extend(SUM_NAMES[TOKENS].iter().map(|name| format!("-sign * {name}")));
    columns.push("-sign * cost_nanos".to_owned());
    for name in ["latency_bucket", "first_token_bucket"] {
        columns.push(if kind.set.sketches {
            format!("if({name} >= 0, -sign * {}, toInt64(0))", mixed(name))
        } else {
            "0".to_owned()
        });
    }
    columns.into_iter().map(|column| format!("toInt64({column})")).collect()
}

impl Kind {
    /// The four values of an event that tell its row apart.
    fn keys(&self) -> Vec<String> {
        let names = self.set.dimensions.iter().map(|dimension| format!("toUInt64({})", dimension.name()));
        let mut keys: Vec<String> = names.collect();
        keys.resize(4, "toUInt64(0)".to_owned());
        keys
    }
}
