//! Channels as rows.

use crate::catalog::read::List;
use crate::error::Work;
use crate::session::Session;
use crate::sql::{Connection, OptionalExtension, Row, params};
use meterwire_app::ports::{Audit, Channel, Page, PageRequest, StoreError, TenantId};
use meterwire_core::alert::{ChannelKind, MAX_CHANNELS_OF_TENANT};
use serde_json::Value;

const DELETED: &str = "the channel was deleted";

pub(super) fn list(connection: &Connection, tenant: TenantId, page: PageRequest) -> Work<Page<Channel>> {
    let list = List::new(page, |channel: &Channel| channel.id.clone());
    list.run(connection, include_str!("../../sql/channel/list.sql"), &[&tenant.0], from_row)
}

pub(super) fn one(connection: &Connection, tenant: TenantId, id: &str) -> Work<Option<Channel>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/channel/one.sql"))?;
    Ok(statement.query_row(params![tenant.0, id], from_row).optional()?)
}

pub(super) fn create(session: &mut Session, tenant: TenantId, channel: &Channel, audit: &Audit) -> Work<()> {
    session.require_tenant(tenant)?;
    let count: i64 = session
        .connection
        .prepare_cached(include_str!("../../sql/channel/count.sql"))?
        .query_row([tenant.0], |row| row.get(0))?;
    if usize::try_from(count).unwrap_or(usize::MAX) >= MAX_CHANNELS_OF_TENANT {
        let sentence = format!("a tenant may have {MAX_CHANNELS_OF_TENANT} channels; delete one first");
        return Err(StoreError::Conflict(sentence).into());
    }
    let row = params![
        tenant.0,
        channel.id,
        channel.name,
        channel.kind.name(),
        target_to_row(channel),
        channel.sealed,
        channel.enabled,
        channel.off_because,
        channel.created_ms
    ];
    session.insert(include_str!("../../sql/channel/insert.sql"), row, &taken(&channel.name))?;
    session.audit(Some(tenant), audit)
}

pub(super) fn update(session: &Session, tenant: TenantId, channel: &Channel, audit: &Audit) -> Work<()> {
    let row = params![
        tenant.0,
        channel.id,
        channel.name,
        target_to_row(channel),
        channel.sealed,
        channel.enabled,
        channel.off_because
    ];
    match session.change(include_str!("../../sql/channel/update.sql"), row) {
        Ok(0) => return Err(StoreError::NotFound("channel").into()),
        Ok(_) => {}
        Err(fault) if fault.is_constraint() => {
            return Err(StoreError::Conflict(taken(&channel.name)).into());
        }
        Err(fault) => return Err(fault),
    }
    session.audit(Some(tenant), audit)
}

pub(super) fn delete(session: &Session, tenant: TenantId, id: &str, audit: &Audit) -> Work<()> {
    session.change_one(include_str!("../../sql/channel/delete.sql"), params![tenant.0, id], "channel")?;
    session.change(include_str!("../../sql/delivery/give_up.sql"), params![tenant.0, id, DELETED])?;
    session.audit(Some(tenant), audit)
}

fn taken(name: &str) -> String {
    format!("there is a channel {name} already")
}

fn target_to_row(channel: &Channel) -> Option<String> {
    match channel.kind {
        ChannelKind::Email => Some(Value::from(channel.to.clone()).to_string()),
        ChannelKind::Slack | ChannelKind::Webhook => channel.url.clone(),
    }
}

fn from_row(row: &Row<'_>) -> crate::sql::Result<Channel> {
    let kind = kind_from_row(row, 2)?;
    let target: Option<String> = row.get(3)?;
    let damaged = |error: serde_json::Error| crate::sql::Error::unreadable(3, Box::new(error));
    let (to, url) = match kind {
        ChannelKind::Email => {
            (serde_json::from_str(target.as_deref().unwrap_or("[]")).map_err(damaged)?, None)
        }
        ChannelKind::Slack | ChannelKind::Webhook => (Vec::new(), target),
    };
    Ok(Channel {
        id: row.get(0)?,
        name: row.get(1)?,
        kind,
        to,
        url,
        sealed: row.get(4)?,
        enabled: row.get(5)?,
        off_because: row.get(6)?,
        created_ms: row.get(7)?,
    })
}

/// What a channel is, from its name.
pub(super) fn kind_from_row(row: &Row<'_>, column: usize) -> crate::sql::Result<ChannelKind> {
    let name: String = row.get(column)?;
    name.parse().map_err(|()| crate::sql::Error::unreadable(column, format!("channel type {name}")))
}
