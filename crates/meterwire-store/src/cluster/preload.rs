//! What a group of commands looks up, looked up at once: under the tenant's lock nobody else changes any of it, so what is
//! found holds until the transaction ends. A command that looks for anything else asks for itself.

use super::ledger::{LedgerRow, Recording};
use crate::error::Work;
use crate::label::LabelKind;
use crate::session::{Command, Remembered, Wanted};
use crate::sql::{self, postgres::Connection};
use meterwire_app::ports::TenantId;
use meterwire_core::dimension::Dimension;
use meterwire_core::property::property_value;
use std::borrow::Cow;
use std::collections::HashSet;

/// Looks up identities, labels, answers to keys and hard budgets for a group, in at most one statement each, and the counters
/// of users in a few a metric: what is remembered costs none. Nothing is written. It holds as much as the group itself,
/// which is bounded.
pub(super) fn preload(
    connection: &Connection,
    tenant: TenantId,
    group: &[Box<dyn Command>],
    remembered: &mut Remembered,
    recording: &mut Recording,
) -> Work<()> {
    // Nothing of a tenant that is not there may be remembered. One that is new has nothing to be looked up.
    if recording.ledger == LedgerRow::default() {
        return Ok(());
    }
    let mut wanted = Wanted::default();
    for command in group {
        command.wants(&mut wanted);
    }
    let rows = sql::Connection::Postgres(connection);
    remembered.counters.look_up(&rows, tenant, &wanted)?;
    let Wanted { hashes, labels, properties, .. } = wanted;
    recording.identities.look_up(connection, hashes.into_iter())?;
    let mut values: HashSet<(LabelKind, Cow<'_, str>)> = HashSet::new();
    if !properties.is_empty() {
        for declared in remembered.declared.of(&rows, tenant)? {
            let kind = LabelKind::Dimension(Dimension::Property(declared.place));
            for properties in &properties {
                let value = properties.get(&*declared.property).and_then(property_value);
                values.extend(value.map(|value| (kind, value)));
            }
        }
    }
    let values = values.iter().map(|(kind, text)| (*kind, text.as_ref()));
    remembered.labels.look_up(connection, tenant, labels.into_iter().chain(values))
}
