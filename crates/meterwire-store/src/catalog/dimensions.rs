//! Properties that a tenant declared as dimensions: declared, removed, filled, and refused while they are not ready.

use crate::error::{Fault, Work};
use crate::label::LabelKind;
use crate::row::{place_from_row, place_to_row};
use crate::session::Session;
use crate::sql::{Connection, OptionalExtension, Row, params};
use meterwire_app::ports::{Audit, DeclaredDimension, StoreError, TenantId};
use meterwire_core::dimension::{Declared, Dimension, MAX_DECLARED, Place};
use meterwire_core::invalid::Invalid;

/// A row of the table.
struct StoredDimension {
    shown: DeclaredDimension,
    /// It knows nothing of what is older.
    events_from_ms: Option<i64>,
}

fn from_row(row: &Row<'_>) -> crate::sql::Result<Option<StoredDimension>> {
    let Some(place) = place_from_row(row.get(0)?) else { return Ok(None) };
    let ready = row.get::<_, i64>(4)? >= row.get::<_, i64>(5)?;
    let events_to_fill: i64 = row.get(7)?;
    let filled_events: i64 = if ready { events_to_fill } else { row.get(6)? };
    let shown = DeclaredDimension {
        declared: Declared { name: row.get(1)?, property: row.get(2)?, place, ready },
        created_ms: row.get(3)?,
        filled_events: filled_events.min(events_to_fill),
        events_to_fill,
    };
    Ok(Some(StoredDimension { shown, events_from_ms: row.get(8)? }))
}

/// Refuses a dimension that is not there or is being filled; else answers from when on it knows events, `None` for all.
pub(crate) fn known_from(connection: &Connection, tenant: TenantId, place: Place) -> Work<Option<i64>> {
    let stored = connection
        .prepare_cached(include_str!("../../sql/dimension/at.sql"))?
        .query_row(params![tenant.0, place_to_row(place)], from_row)
        .optional()?
        .flatten()
        .ok_or(StoreError::NotFound("dimension"))?;
    let DeclaredDimension { declared, filled_events, events_to_fill, .. } = stored.shown;
    if !declared.ready {
        return Err(StoreError::Filling { name: declared.name, filled_events, events_to_fill }.into());
    }
    Ok(stored.events_from_ms)
}

/// What a tenant has declared, by name.
pub(crate) fn list(connection: &Connection, tenant: TenantId) -> Work<Vec<DeclaredDimension>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/dimension/list.sql"))?;
    let rows = statement.query_map([tenant.0], from_row)?;
    let stored = rows.collect::<crate::sql::Result<Vec<_>>>()?;
    Ok(stored.into_iter().flatten().map(|stored| stored.shown).collect())
}

pub(super) fn declare(
    session: &mut Session,
    tenant: TenantId,
    name: &str,
    property: &str,
    audit: &Audit,
) -> Work<DeclaredDimension> {
    session.require_tenant(tenant)?;
    let there = list(&session.connection, tenant)?;
    if there.iter().any(|other| other.declared.name == name) {
        return Err(StoreError::Conflict(format!("there is a dimension {name} already")).into());
    }
    let is_free = |place: &Place| there.iter().all(|other| other.declared.place != *place);
    let free: Vec<Place> = Place::ALL.into_iter().filter(is_free).collect();
    if free.is_empty() {
        let sentence = format!("a tenant may declare at most {MAX_DECLARED} dimensions; remove one first");
        return Err(Fault::Answer(Invalid::new("name", sentence).into()));
    }
    // What was appended before and waits is in no set of the new dimension. Nothing is refused behind this.
    session.flush()?;
    let place = session.clean_place(tenant, &free)?;
    let has_events: bool = session
        .connection
        .prepare_cached(include_str!("../../sql/tenant/has_events.sql"))?
        .query_row([tenant.0], |row| row.get(0))?;
    let last_seq = session.last_seq()?;
    let filled_seq = if has_events { 0 } else { last_seq };
    let events_to_fill = session.count_events(tenant)?;
    let columns = params![
        tenant.0,
        place_to_row(place),
        name,
        property,
        audit.at_ms,
        filled_seq,
        last_seq,
        events_to_fill
    ];
    session.change(include_str!("../../sql/dimension/insert.sql"), columns)?;
    session.audit(Some(tenant), audit)?;
    session.forget_dimensions(tenant);
    let ready = filled_seq >= last_seq;
    Ok(DeclaredDimension {
        declared: Declared { name: name.to_owned(), property: property.to_owned(), place, ready },
        created_ms: audit.at_ms,
        filled_events: 0,
        events_to_fill,
    })
}

/// Removes a dimension with its values; its rollups, which nobody can ask for any more, are cleared by the job.
pub(super) fn remove(session: &mut Session, tenant: TenantId, name: &str, audit: &Audit) -> Work<()> {
    let there = list(&session.connection, tenant)?;
    let found = there.into_iter().find(|other| other.declared.name == name);
    let place = found.ok_or(StoreError::NotFound("dimension"))?.declared.place;
    // What waits belongs to this dimension, not to the next one at its place.
    session.flush()?;
    session.change(include_str!("../../sql/dimension/delete.sql"), params![tenant.0, place_to_row(place)])?;
    let code = LabelKind::Dimension(Dimension::Property(place)).code();
    session.change(include_str!("../../sql/label/delete_kind.sql"), params![tenant.0, code])?;
    session.audit(Some(tenant), audit)?;
    session.forget_dimensions(tenant);
    Ok(())
}
