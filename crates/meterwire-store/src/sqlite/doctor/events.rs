//! Checks of single events: identity, labels, tenant.

use crate::error::Work;
use crate::finding::{Finding, Report};
use crate::label::{KIND_CODES, LabelKind};
use crate::sqlite::dimensions;
use crate::sqlite::identity::Identity;
use meterwire_core::dimension::{Dimension, Place};
use rusqlite::{Connection, OptionalExtension};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Labels remembered at a time.
const MAX_REMEMBERED: usize = 200_000;
/// Events between two notes of progress.
const STEP: u64 = 10_000;

/// Tenant and kind of a label; `None` where there is no such label.
type KnownLabels = HashMap<i64, Option<(i64, u8, String)>>;

pub(super) fn check(connection: &Connection, report: &mut Report, step: &mut impl FnMut(u64)) -> Work<()> {
    let mut statement = connection.prepare("SELECT id FROM tenant")?;
    let tenants = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<HashSet<i64>>>()?;
    let columns = label_columns();
    let names: Vec<_> = columns.iter().map(|column| column.name).collect();
    let filled = dimensions::filled(connection)?;
    let sql = format!("SELECT seq, tenant_id, identity, id, {} FROM event", names.join(", "));
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut known = KnownLabels::new();
    while let Some(row) = rows.next()? {
        let (seq, tenant_id): (i64, i64) = (row.get(0)?, row.get(1)?);
        if !tenants.contains(&tenant_id) {
            report.add(Finding::Orphan { seq, what: "its tenant is not there" });
        }
        if known.len() > MAX_REMEMBERED {
            known.clear();
        }
        for (i, column) in columns.iter().enumerate() {
            let number: i64 = row.get(4 + i)?;
            let fits = |label: &Option<(i64, u8, String)>| {
                label.as_ref().is_some_and(|(tenant, kind, _)| *tenant == tenant_id && *kind == column.code)
            };
            // What an event has at a place that does not count it is left from an earlier dimension.
            let counts = column.place.is_none_or(|place| filled.counts(tenant_id, place, seq));
            if number != 0 && counts && !fits(label(connection, &mut known, number)?) {
                report.add(Finding::Orphan { seq, what: "one of its labels is not there" });
            }
        }
        let source: i64 = row.get(4)?;
        let id: String = row.get(3)?;
        if let Some((_, _, source)) = label(connection, &mut known, source)? {
            let identity = Identity { tenant_id, source, id: &id };
            if identity.hash() != row.get::<_, i64>(2)? {
                report.add(Finding::Identity { seq, what: "its identity is not that of its source and id" });
            }
        }
        report.events += 1;
        if report.events.is_multiple_of(STEP) {
            step(STEP);
        }
    }
    step(report.events % STEP);
    Ok(())
}

/// A column that holds numbers of labels.
struct LabelColumn {
    name: &'static str,
    /// The code of the labels' kind.
    code: u8,
    /// The place of a declared property.
    place: Option<Place>,
}

/// The columns that hold numbers of labels, the source first.
fn label_columns() -> Vec<LabelColumn> {
    let mut columns = Vec::with_capacity(KIND_CODES);
    let kinds =
        Dimension::LABELLED.iter().map(|dimension| (dimension.name(), LabelKind::Dimension(*dimension)));
    let all = [("source", LabelKind::Source), ("price", LabelKind::Price)].into_iter().chain(kinds);
    for (name, kind) in all {
        let place = match kind {
            LabelKind::Dimension(Dimension::Property(place)) => Some(place),
            _ => None,
        };
        columns.extend(kind.code().map(|code| LabelColumn { name, code, place }));
    }
    columns
}

fn label<'a>(
    connection: &Connection,
    known: &'a mut KnownLabels,
    number: i64,
) -> Work<&'a Option<(i64, u8, String)>> {
    match known.entry(number) {
        Entry::Occupied(there) => Ok(there.into_mut()),
        Entry::Vacant(free) => {
            let found = connection
                .prepare_cached("SELECT tenant_id, kind, value FROM label WHERE id = ?")?
                .query_row([number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            Ok(free.insert(found))
        }
    }
}
