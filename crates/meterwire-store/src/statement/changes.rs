//! What changes a closed period: a row for each late event and each void, and for the events of a quarter of an hour and
//! group that one step of a re-rating changes, written beside the change itself.

use crate::error::{Fault, Work};
use crate::label::text_index;
use crate::row::Facts;
use crate::slot::{QUARTER, slot_of};
use crate::sql::{Connection, Row, params};
use crate::sqlite::usage::LabelTexts;
use crate::sums::Sums;
use hashbrown::HashMap;
use meterwire_app::ports::{
    AggregateRow, ChangeKind, ChangeMark, ClosingChange, MAX_AGGREGATE_ROWS, Page, StoreError, TenantId,
};
use meterwire_core::closing::STATEMENT_GROUPS;
use meterwire_core::period::Range;
use std::collections::BTreeMap;

/// The most rows of one page.
const MAX_PAGE: usize = 10_000;
const LATE: i64 = 1;
const VOID: i64 = 2;
const RERATED: i64 = 3;

/// Closed periods of the tenants, remembered by the writer. All of this is in the database or in the running transaction.
#[derive(Default)]
pub(crate) struct ClosedPeriods {
    tenants: HashMap<TenantId, Vec<(i64, Range)>>,
}

impl ClosedPeriods {
    pub(crate) fn clear(&mut self) {
        self.tenants.clear();
    }

    pub(crate) fn forget(&mut self, tenant: TenantId) {
        self.tenants.remove(&tenant);
    }

    /// The closed periods of a tenant, loaded at its first sight; most have none.
    pub(crate) fn of(&mut self, connection: &Connection, tenant: TenantId) -> Work<&[(i64, Range)]> {
        if !self.tenants.contains_key(&tenant) {
            let mut statement = connection.prepare_cached(include_str!("../../sql/closing/periods.sql"))?;
            let rows = statement.query_map([tenant.0], |row| {
                Ok((row.get(0)?, Range { from_ms: row.get(1)?, to_ms: row.get(2)? }))
            })?;
            self.tenants.insert(tenant, rows.collect::<crate::sql::Result<_>>()?);
        }
        Ok(self.tenants.get(&tenant).map_or(&[], Vec::as_slice))
    }
}

/// Notes an event that was received after its period was closed.
pub(crate) fn note_late(
    connection: &Connection,
    closed: &[(i64, Range)],
    received_ms: i64,
    seq: i64,
    facts: &Facts,
) -> Work<()> {
    note(connection, closed, (LATE, received_ms), seq, facts)
}

/// Notes an event that is voided after its period was closed.
pub(crate) fn note_void(
    connection: &Connection,
    closed: &[(i64, Range)],
    voided_ms: i64,
    seq: i64,
    facts: &Facts,
) -> Work<()> {
    note(connection, closed, (VOID, voided_ms), seq, facts)
}

/// A time may be in a closed period and in one that is being closed beside it, never in more.
fn note(
    connection: &Connection,
    closed: &[(i64, Range)],
    (kind, at_ms): (i64, i64),
    seq: i64,
    facts: &Facts,
) -> Work<()> {
    for number in closings_at(closed, facts.time_ms) {
        let mut sums = Sums::default();
        sums.add(&facts.sums, if kind == VOID { -1 } else { 1 })?;
        let change = Change { number, kind, at_ms, seq, time_ms: facts.time_ms, group: group_of(facts) };
        change.insert(connection, &sums)?;
    }
    Ok(())
}

/// The closed periods that hold an instant.
fn closings_at(closed: &[(i64, Range)], time_ms: i64) -> impl Iterator<Item = i64> {
    let holds = move |range: &Range| range.from_ms <= time_ms && time_ms < range.to_ms;
    closed.iter().filter(move |(_, range)| holds(range)).map(|(number, _)| *number)
}

/// Numbers of the values of [`STATEMENT_GROUPS`].
fn group_of(facts: &Facts) -> [i64; 4] {
    STATEMENT_GROUPS.map(|group| text_index(group).map_or(0, |place| facts.labels[place]))
}

/// A row to be written.
struct Change {
    number: i64,
    kind: i64,
    at_ms: i64,
    seq: i64,
    time_ms: i64,
    group: [i64; 4],
}

impl Change {
    fn insert(&self, connection: &Connection, sums: &Sums) -> Work<()> {
        let [provider, model, project, department] = self.group;
        connection.prepare_cached(include_str!("../../sql/closing_change/insert.sql"))?.execute(params![
            self.number,
            self.kind,
            self.at_ms,
            self.seq,
            self.time_ms,
            provider,
            model,
            project,
            department,
            sums.calls(),
            sums.cost_nanos(),
            sums.to_row()
        ])?;
        Ok(())
    }
}

/// What events that are rated anew change of closed periods, added up by quarter of an hour and group: a month of
/// millions of events must not have as many rows.
#[derive(Default)]
pub(crate) struct ReratedChanges(BTreeMap<(i64, i64, [i64; 4]), (i64, Sums)>);

impl ReratedChanges {
    /// Adds what rating one event anew changes.
    pub(crate) fn add(&mut self, closed: &[(i64, Range)], change: &Facts) -> Work<()> {
        for number in closings_at(closed, change.time_ms) {
            let key = (number, slot_of(change.time_ms, QUARTER), group_of(change));
            let (time_ms, sums) = self.0.entry(key).or_insert((change.time_ms, Sums::default()));
            // An edge of the period may cut the quarter.
            *time_ms = change.time_ms.min(*time_ms);
            sums.add(&change.sums, 1)?;
        }
        Ok(())
    }

    /// Writes a row for each group that comes to anything.
    pub(crate) fn insert(&self, connection: &Connection, at_ms: i64) -> Work<()> {
        for ((number, _, group), (time_ms, sums)) in &self.0 {
            if sums.is_zero() {
                continue;
            }
            // Of no one event.
            let seq = 0;
            let change =
                Change { number: *number, kind: RERATED, at_ms, seq, time_ms: *time_ms, group: *group };
            change.insert(connection, sums)?;
        }
        Ok(())
    }
}

/// The last change so far.
pub(crate) fn last(connection: &Connection, closing: i64) -> Work<ChangeMark> {
    let sql = include_str!("../../sql/closing_change/last.sql");
    Ok(connection.prepare_cached(sql)?.query_row([closing], |row| row.get(0).map(ChangeMark))?)
}

/// What the changes come to, by bucket and group.
pub(super) fn add_up(
    connection: &Connection,
    texts: &LabelTexts,
    closing: i64,
    edges_ms: &[i64],
) -> Work<Vec<AggregateRow>> {
    let mut groups: HashMap<(usize, [i64; 4]), Sums> = HashMap::new();
    let mut statement = connection.prepare_cached(include_str!("../../sql/closing_change/sums.sql"))?;
    let mut rows = statement.query([closing])?;
    while let Some(row) = rows.next()? {
        let time_ms: i64 = row.get(0)?;
        let bucket = edges_ms.partition_point(|edge| *edge <= time_ms).saturating_sub(1);
        let numbers = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
        groups.entry((bucket, numbers)).or_default().add(&sums_of(&row, 5)?, 1)?;
        if groups.len() > MAX_AGGREGATE_ROWS {
            let sentence = "the changes are of more groups than can be told at once".to_owned();
            return Err(StoreError::TooWide(sentence).into());
        }
    }
    let mut found = Vec::with_capacity(groups.len());
    for ((bucket, numbers), sums) in groups {
        // An event that came late and was voided comes to nothing.
        if !sums.is_zero() {
            let key = values(connection, texts, numbers)?.to_vec();
            found.push(AggregateRow { bucket, key, totals: sums.to_totals() });
        }
    }
    Ok(found)
}

/// A page of the changes in their order, without what senders call the events, and the numbers of the events in the same
/// order: 0 where a change is of no single one.
pub(crate) fn list(
    connection: &Connection,
    texts: &LabelTexts,
    closing: i64,
    after: i64,
    limit: usize,
) -> Work<(Page<ClosingChange>, Vec<i64>)> {
    let limit = limit.clamp(1, MAX_PAGE);
    let asked = i64::try_from(limit).unwrap_or(i64::MAX) + 1;
    let mut statement = connection.prepare_cached(include_str!("../../sql/closing_change/page.sql"))?;
    let mut rows = statement.query([closing, after, asked])?;
    let (mut items, mut seqs) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        seqs.push(row.get(9)?);
        let numbers = [row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?];
        items.push(ClosingChange {
            n: row.get(0)?,
            kind: match row.get(1)? {
                VOID => ChangeKind::Void,
                RERATED => ChangeKind::Rerated,
                _ => ChangeKind::Late,
            },
            at_ms: row.get(2)?,
            time_ms: row.get(3)?,
            event: None,
            key: values(connection, texts, numbers)?,
            totals: sums_of(&row, 8)?.to_totals(),
        });
    }
    let more = items.len() > limit;
    items.truncate(limit);
    seqs.truncate(limit);
    let next = items.last().filter(|_| more).map(|change| change.n.to_string());
    Ok((Page { items, next }, seqs))
}

fn sums_of(row: &Row<'_>, column: usize) -> Work<Sums> {
    let bytes = row.get_ref(column)?.as_blob().ok();
    bytes.and_then(Sums::from_row).ok_or_else(|| Fault::Damaged("a change of a closed period".to_owned()))
}

fn values(connection: &Connection, texts: &LabelTexts, numbers: [i64; 4]) -> Work<[Option<String>; 4]> {
    let mut values = [const { None }; 4];
    for ((value, group), number) in values.iter_mut().zip(STATEMENT_GROUPS).zip(numbers) {
        *value = texts.value(connection, group, number)?;
    }
    Ok(values)
}
