//! What is due: the first of each channel, found by stepping from channel to channel, so that a thousand messages to one
//! do not hide those to another.

use super::channels;
use super::history::alert_from_row;
use crate::error::Work;
use crate::sql::{Connection, OptionalExtension, params};
use meterwire_app::ports::{Delivery, DeliveryState, DueDelivery, DueRequest, TenantId};
use std::collections::{HashMap, HashSet};

/// Due messages, at most one a channel.
pub(super) fn find(connection: &Connection, request: &DueRequest) -> Work<Vec<DueDelivery>> {
    let any_due: bool = connection
        .prepare_cached(include_str!("../../sql/delivery/any_due.sql"))?
        .query_row([request.now_ms], |row| row.get(0))?;
    if !any_due {
        return Ok(Vec::new());
    }
    let busy: HashSet<(i64, &str)> =
        request.busy.iter().map(|(tenant, channel)| (tenant.0, channel.as_str())).collect();
    let mut of_tenant: HashMap<i64, usize> = HashMap::new();
    request.busy.iter().for_each(|(tenant, _)| *of_tenant.entry(tenant.0).or_default() += 1);
    let mut next = connection.prepare_cached(include_str!("../../sql/delivery/next_channel.sql"))?;
    let mut found = Vec::new();
    // Once from that tenant to the end, once from the beginning to that tenant.
    for (start, end) in [(request.after.0.saturating_add(1), i64::MAX), (i64::MIN, request.after.0)] {
        let mut place = (start, String::new());
        while found.len() < request.most {
            let step = next.query_row(params![place.0, place.1], |row| Ok((row.get(0)?, row.get(1)?)));
            let Some(channel) = step.optional()?.filter(|(tenant, _): &(i64, String)| *tenant <= end) else {
                break;
            };
            place = channel;
            let count = of_tenant.entry(place.0).or_default();
            if *count >= request.most_of_tenant || busy.contains(&(place.0, place.1.as_str())) {
                continue;
            }
            if let Some(due) = first_of(connection, TenantId(place.0), &place.1, request.now_ms)? {
                *count += 1;
                found.push(due);
            }
        }
    }
    Ok(found)
}

/// The first message to a channel that is due.
fn first_of(
    connection: &Connection,
    tenant: TenantId,
    channel_id: &str,
    now_ms: i64,
) -> Work<Option<DueDelivery>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/delivery/first_due.sql"))?;
    let first = statement.query_row(params![tenant.0, channel_id, now_ms], |row| {
        let delivery = Delivery {
            seq: row.get(0)?,
            channel_id: channel_id.to_owned(),
            channel_name: row.get(2)?,
            channel_kind: channels::kind_from_row(row, 3)?,
            state: DeliveryState::Open,
            attempts: row.get(4)?,
            next_ms: row.get(5)?,
            last_error: row.get(6)?,
            last_try_ms: row.get(7)?,
            delivered_ms: None,
        };
        Ok((delivery, row.get::<_, i64>(1)?))
    });
    let Some((delivery, alert_seq)) = first.optional()? else { return Ok(None) };
    let (mut alert, tenant_slug) = connection
        .prepare_cached(include_str!("../../sql/delivery/alert.sql"))?
        .query_row([alert_seq], |row| Ok((alert_from_row(row)?, row.get(9)?)))?;
    alert.deliveries = vec![delivery];
    let channel = channels::one(connection, tenant, channel_id)?;
    Ok(Some(DueDelivery { tenant, tenant_slug, alert, channel }))
}
