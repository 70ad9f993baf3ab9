//! Which properties the tenants have declared as dimensions, remembered by the writer.

use super::labels::LabelCache;
use crate::error::Work;
use crate::label::LabelKind;
use crate::row::{Places, place_from_row};
use crate::sql::{Connection, params};
use hashbrown::HashMap;
use meterwire_app::ports::TenantId;
use meterwire_core::dimension::{Dimension, Place};
use meterwire_core::property::{MAX_PROPERTY_VALUES, MORE_VALUES};

/// Remembered declarations. All of this is in the database or in the running transaction.
#[derive(Default)]
pub(crate) struct DeclaredCache {
    tenants: HashMap<TenantId, Vec<DeclaredPlace>>,
}

/// A declared property.
pub(crate) struct DeclaredPlace {
    pub(crate) place: Place,
    pub(crate) property: Box<str>,
    /// Events up to this one are counted by it.
    pub(crate) filled_seq: i64,
    /// Events behind this one are counted by it when they are appended.
    pub(crate) fill_to_seq: i64,
    /// Different values so far.
    values: usize,
}

impl DeclaredCache {
    pub(crate) fn clear(&mut self) {
        self.tenants.clear();
    }

    pub(crate) fn forget(&mut self, tenant: TenantId) {
        self.tenants.remove(&tenant);
    }

    /// Forgets how many values there are, and how far fillings have come; that nothing was declared is remembered.
    pub(crate) fn forget_values(&mut self) {
        self.tenants.retain(|_, declared| declared.is_empty());
    }

    /// What a tenant has declared, loaded at its first sight.
    pub(crate) fn of(&mut self, connection: &Connection, tenant: TenantId) -> Work<&mut Vec<DeclaredPlace>> {
        if !self.tenants.contains_key(&tenant) {
            self.tenants.insert(tenant, load(connection, tenant)?);
        }
        Ok(self.tenants.entry(tenant).or_default())
    }

    /// The places by which this event is counted.
    pub(crate) fn places_of(&mut self, connection: &Connection, tenant: TenantId, seq: i64) -> Work<Places> {
        let mut places = Places::NONE;
        for declared in self.of(connection, tenant)?.iter().filter(|declared| declared.counts(seq)) {
            places.insert(declared.place);
        }
        Ok(places)
    }
}

impl DeclaredPlace {
    fn counts(&self, seq: i64) -> bool {
        seq <= self.filled_seq || seq > self.fill_to_seq
    }

    /// The number of a value, 0 for none. What comes beyond the most different values has the number of all that do.
    pub(crate) fn number(
        &mut self,
        connection: &Connection,
        labels: &mut LabelCache,
        tenant: TenantId,
        value: Option<&str>,
    ) -> Work<i64> {
        let Some(value) = value else { return Ok(0) };
        let kind = LabelKind::Dimension(Dimension::Property(self.place));
        if let Some(number) = labels.known(connection, tenant, kind, value)? {
            return Ok(number);
        }
        let value = if value == MORE_VALUES || self.values >= MAX_PROPERTY_VALUES {
            MORE_VALUES
        } else {
            self.values += 1;
            value
        };
        // Properties are no users or projects, so it does not matter when they were seen.
        labels.number(connection, tenant, kind, Some(value), 0)
    }
}

fn load(connection: &Connection, tenant: TenantId) -> Work<Vec<DeclaredPlace>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/dimension/list.sql"))?;
    let mut rows = statement.query([tenant.0])?;
    let mut declared = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(place) = place_from_row(row.get(0)?) else { continue };
        let code = LabelKind::Dimension(Dimension::Property(place)).code();
        let values: i64 = connection
            .prepare_cached(include_str!("../../sql/label/count_values.sql"))?
            .query_row(params![tenant.0, code, MORE_VALUES], |row| row.get(0))?;
        declared.push(DeclaredPlace {
            place,
            property: row.get::<_, String>(2)?.into(),
            filled_seq: row.get(4)?,
            fill_to_seq: row.get(5)?,
            values: usize::try_from(values).unwrap_or(usize::MAX),
        });
    }
    Ok(declared)
}
