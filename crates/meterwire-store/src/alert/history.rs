//! Alerts with their deliveries, as they are read.

use super::channels::kind_from_row;
use crate::error::Work;
use crate::sql::{Connection, OptionalExtension, Row, params};
use meterwire_app::ports::{Alert, AlertFilter, Delivery, DeliveryState, Page, PageRequest, TenantId};
use meterwire_core::alert::{AlertKind, Severity};
use std::str::FromStr;

/// The most alerts of one page.
const MAX_PAGE: usize = 500;

/// A page, newest first.
pub(super) fn page(
    connection: &Connection,
    tenant: TenantId,
    filter: &AlertFilter,
    page: &PageRequest,
) -> Work<Page<Alert>> {
    let before = page.after_number()?.unwrap_or(i64::MAX);
    let most = page.limit.clamp(1, MAX_PAGE);
    let mut statement = connection.prepare_cached(include_str!("../../sql/alert/list.sql"))?;
    let bound = params![
        tenant.0,
        before,
        filter.kind.map(AlertKind::name),
        filter.severity.map(Severity::name),
        filter.state.map(state_to_row),
        filter.from_ms,
        filter.to_ms,
        i64::try_from(most + 1).unwrap_or(i64::MAX)
    ];
    let mut items = statement.query_map(bound, alert_from_row)?.collect::<crate::sql::Result<Vec<_>>>()?;
    let more = items.len() > most;
    items.truncate(most);
    for alert in &mut items {
        alert.deliveries = deliveries(connection, alert.seq)?;
    }
    let next = items.last().filter(|_| more).map(|alert| alert.seq.to_string());
    Ok(Page { items, next })
}

/// One alert.
pub(super) fn one(connection: &Connection, tenant: TenantId, id: &str) -> Work<Option<Alert>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/alert/one.sql"))?;
    let found = statement.query_row(params![tenant.0, id], alert_from_row).optional()?;
    let Some(mut alert) = found else { return Ok(None) };
    alert.deliveries = deliveries(connection, alert.seq)?;
    Ok(Some(alert))
}

fn deliveries(connection: &Connection, alert_seq: i64) -> Work<Vec<Delivery>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/delivery/of_alert.sql"))?;
    let rows = statement.query_map([alert_seq], |row| {
        Ok(Delivery {
            seq: row.get(0)?,
            channel_id: row.get(1)?,
            channel_name: row.get(2)?,
            channel_kind: kind_from_row(row, 3)?,
            state: state_from_row(row, 4)?,
            attempts: row.get(5)?,
            next_ms: row.get(6)?,
            last_error: row.get(7)?,
            last_try_ms: row.get(8)?,
            delivered_ms: row.get(9)?,
        })
    })?;
    Ok(rows.collect::<crate::sql::Result<_>>()?)
}

/// An alert without its deliveries.
pub(super) fn alert_from_row(row: &Row<'_>) -> crate::sql::Result<Alert> {
    let detail: String = row.get(6)?;
    let damaged = |error: serde_json::Error| crate::sql::Error::unreadable(6, Box::new(error));
    Ok(Alert {
        seq: row.get(0)?,
        id: row.get(1)?,
        key: row.get(2)?,
        kind: named(row, 3)?,
        severity: named(row, 4)?,
        title: row.get(5)?,
        detail: serde_json::from_str(&detail).map_err(damaged)?,
        raised_ms: row.get(7)?,
        snoozed_until_ms: row.get(8)?,
        deliveries: Vec::new(),
    })
}

fn named<T: FromStr>(row: &Row<'_>, column: usize) -> crate::sql::Result<T> {
    let name: String = row.get(column)?;
    name.parse().map_err(|_| crate::sql::Error::unreadable(column, format!("unknown name {name}")))
}

fn state_to_row(state: DeliveryState) -> i64 {
    match state {
        DeliveryState::Open => 0,
        DeliveryState::Delivered => 1,
        DeliveryState::Failed => 2,
    }
}

fn state_from_row(row: &Row<'_>, column: usize) -> crate::sql::Result<DeliveryState> {
    match row.get(column)? {
        0 => Ok(DeliveryState::Open),
        1 => Ok(DeliveryState::Delivered),
        2 => Ok(DeliveryState::Failed),
        other => Err(crate::sql::Error::unreadable(column, format!("unknown state {other}"))),
    }
}
