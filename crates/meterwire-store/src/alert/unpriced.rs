//! Models without a price, noticed as their events are written.

use super::raise;
use crate::error::Work;
use crate::sql::Connection;
use meterwire_app::ports::{NewAlert, TenantId};
use meterwire_core::alert::{AlertKind, Severity};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Rating};
use meterwire_core::period::rfc3339;
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// The most models of one tenant that are told of in a month since the start: a name made up for each event must not write
/// a mail for each event.
const MOST_A_MONTH: usize = 50;
/// The most tenants that are remembered.
const MOST_TENANTS: usize = 10_000;

/// What was told already, so that an event of a model without a price costs a look into memory.
#[derive(Debug, Default)]
pub(crate) struct UnpricedSeen(HashMap<TenantId, OfMonth>);

#[derive(Debug, Default)]
struct OfMonth {
    month: String,
    models: HashSet<(String, String)>,
}

impl UnpricedSeen {
    /// Raises an alert for the first event of a model without a price in a month.
    pub(crate) fn note(&mut self, connection: &Connection, tenant: TenantId, event: &Event) -> Work<()> {
        if event.rating != Rating::Unpriced {
            return Ok(());
        }
        let text = |dimension| event.labels.get(dimension).unwrap_or_default();
        let (provider, model) = (text(Dimension::Provider), text(Dimension::Model));
        let at = rfc3339(event.received_ms);
        let month = at.get(..7).unwrap_or_default();
        if self.0.len() >= MOST_TENANTS {
            self.0.clear();
        }
        let seen = self.0.entry(tenant).or_default();
        if seen.month != month {
            *seen = OfMonth { month: month.to_owned(), models: HashSet::new() };
        }
        if seen.models.len() >= MOST_A_MONTH || !seen.models.insert((provider.to_owned(), model.to_owned())) {
            return Ok(());
        }
        let name = if provider.is_empty() { model.to_owned() } else { format!("{provider} {model}") };
        let alert = NewAlert {
            kind: AlertKind::UnpricedModel,
            key: format!("unpriced/{}/{month}", without_slash(&name)),
            severity: Severity::Warning,
            title: format!("The model {name} has no price: its events count as nothing until you set one"),
            channels: None,
            detail: json!({
                "provider": provider,
                "model": model,
                "project": text(Dimension::Project),
                "first_event": { "source": event.source, "id": event.id, "time": rfc3339(event.time_ms) },
            }),
            user: None,
            at_ms: event.received_ms,
        };
        raise(connection, tenant, &alert)?;
        Ok(())
    }

    /// Forgets what was told: after a rollback, and when a rule has changed.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The parts of a key are told apart by slashes, which models may have in their names.
fn without_slash(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F")
}
