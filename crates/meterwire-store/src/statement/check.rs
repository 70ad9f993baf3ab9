//! The doctor's look at closed periods: the frozen bytes are those that were frozen, and with what has come since they are
//! today's totals, group by group. Nothing of it is mended: a statement is a promise, and somebody has to look.

use super::changes;
use crate::budget::Ask;
use crate::error::{Fault, Work};
use crate::finding::Finding;
use crate::sql::{Connection, Row};
use crate::sqlite::usage::LabelTexts;
use meterwire_app::ports::{AggregateRequest, Measures, StoreError, TenantId};
use meterwire_core::closing::{FrozenStatement, STATEMENT_GROUPS, StatementSums};
use meterwire_core::dimension::Dimension;
use meterwire_core::totals::Totals;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Sums by the values of [`STATEMENT_GROUPS`], or all of them under no values.
type Groups = BTreeMap<Vec<Option<String>>, Totals>;

struct Closed {
    tenant: TenantId,
    number: i64,
    name: String,
    edges_ms: [i64; 2],
    /// Calls, unpriced calls and cost, as a list shows them.
    shown: [i64; 3],
    sha256: Vec<u8>,
    statement: Vec<u8>,
}

/// Every closed period that is not as it should be.
pub(crate) fn check(connection: &Connection, ask: &mut Ask<'_>, mut found: impl FnMut(Finding)) -> Work<()> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/closing/frozen.sql"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let closed = closed(&row)?;
        if let Some(what) = complaint(connection, &closed, ask)? {
            found(Finding::Closing { tenant_id: closed.tenant.0, name: closed.name, what });
        }
    }
    Ok(())
}

fn closed(row: &Row<'_>) -> crate::sql::Result<Closed> {
    Ok(Closed {
        tenant: TenantId(row.get(0)?),
        number: row.get(1)?,
        name: row.get(2)?,
        edges_ms: [row.get(3)?, row.get(4)?],
        shown: [row.get(5)?, row.get(6)?, row.get(7)?],
        sha256: row.get(8)?,
        statement: row.get(9)?,
    })
}

/// What is wrong with a closed period.
fn complaint(connection: &Connection, closed: &Closed, ask: &mut Ask<'_>) -> Work<Option<String>> {
    if *Sha256::digest(&closed.statement) != *closed.sha256 {
        return Ok(Some("the bytes of its statement are not those that were frozen".to_owned()));
    }
    let Some(frozen) = FrozenStatement::from_bytes(&closed.statement) else {
        return Ok(Some("its statement cannot be read".to_owned()));
    };
    let mut rows = Totals::default();
    let mut groups = Groups::new();
    for row in &frozen.rows {
        let Some(totals) = row.to_totals() else {
            return Ok(Some("its statement holds a row that cannot be read".to_owned()));
        };
        rows.merge(&totals);
        groups.entry(row.key().map(|value| value.map(str::to_owned)).to_vec()).or_default().merge(&totals);
    }
    let total = frozen.total.to_totals();
    let shown = total.map(|total| [total.calls, total.unpriced_calls, total.cost.0]);
    if StatementSums::of(&rows) != frozen.total || shown != Some(closed.shown) {
        return Ok(Some("the rows of its statement do not add up to its total".to_owned()));
    }
    differing_group(connection, closed, groups, ask)
}

/// The first group in which the statement and what has come since are not today's totals.
fn differing_group(
    connection: &Connection,
    closed: &Closed,
    mut groups: Groups,
    ask: &mut Ask<'_>,
) -> Work<Option<String>> {
    let texts = LabelTexts::default();
    let changed = changes::add_up(connection, &texts, closed.number, &closed.edges_ms)?;
    for row in changed {
        groups.entry(row.key).or_default().merge(&row.totals);
    }
    let mut today = |group_by: &[Dimension]| {
        let request = AggregateRequest {
            edges_ms: closed.edges_ms.to_vec(),
            group_by: group_by.to_vec(),
            filters: vec![],
            measures: Measures::SUMS,
        };
        ask(closed.tenant, &request)
    };
    let today = match today(&STATEMENT_GROUPS) {
        // Of more groups than can be told at once, or their events were dropped for their age: all of them together.
        Err(Fault::Answer(StoreError::TooWide(_) | StoreError::BeyondRetention(_))) => {
            groups = added_up(groups);
            match today(&[]) {
                Err(Fault::Answer(StoreError::BeyondRetention(_))) => return Ok(None),
                rows => rows?,
            }
        }
        rows => rows?,
    };
    for row in today {
        let expected = groups.remove(&row.key).unwrap_or_default();
        if let Some(what) = difference(&row.key, &expected, &row.totals) {
            return Ok(Some(what));
        }
    }
    let left = groups.iter().find_map(|(key, expected)| difference(key, expected, &Totals::default()));
    Ok(left)
}

fn added_up(groups: Groups) -> Groups {
    let mut all = Totals::default();
    groups.values().for_each(|totals| all.merge(totals));
    Groups::from([(Vec::new(), all)])
}

fn difference(key: &[Option<String>], expected: &Totals, today: &Totals) -> Option<String> {
    let (should, is) = (StatementSums::of(expected), StatementSums::of(today));
    if should == is {
        return None;
    }
    let named: Vec<&str> = key.iter().map(|value| value.as_deref().unwrap_or("-")).collect();
    let which = if named.is_empty() { "all of it".to_owned() } else { named.join(", ") };
    Some(format!(
        "of {which}, statement and changes come to {} calls and {} USD, today's totals to {} and {}",
        should.calls, should.cost_usd, is.calls, is.cost_usd
    ))
}
