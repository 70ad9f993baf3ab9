//! Changes of the catalogue. Each runs in a savepoint of its own, so a refusal undoes what came before it.

use super::read;
use crate::budget;
use crate::error::Work;
use crate::limits::catalog as limits;
use crate::session::Session;
use crate::sql::{OptionalExtension, params};
use meterwire_app::ports::{
    ApiKey, Audit, PriceOverride, Project, Session as BrowserSession, StoreError, Tenant, TenantId, User,
};

pub(super) fn create_tenant(
    session: &Session,
    slug: &str,
    name: &str,
    timezone: &str,
    audit: &Audit,
) -> Work<Tenant> {
    if read::one(&session.connection, include_str!("../../sql/tenant/by_slug.sql"), [slug], read::tenant)?
        .is_some()
    {
        return Err(StoreError::Conflict(format!("there is a tenant {slug} already")).into());
    }
    let sql = include_str!("../../sql/tenant/insert.sql");
    let id = session
        .connection
        .prepare_cached(sql)?
        .query_row(params![slug, name, timezone, audit.at_ms], |row| row.get(0))?;
    limits::seed(&session.connection, id, 0, audit.at_ms)?;
    budget::make_default(&session.connection, id, audit.at_ms)?;
    session.audit(None, audit)?;
    Ok(Tenant {
        id: TenantId(id),
        slug: slug.to_owned(),
        name: name.to_owned(),
        timezone: timezone.to_owned(),
        created_ms: audit.at_ms,
        retention_days: None,
        events_from_ms: None,
    })
}

pub(super) fn update_tenant(
    session: &Session,
    id: TenantId,
    name: &str,
    timezone: &str,
    audit: &Audit,
) -> Work<Tenant> {
    let sql = include_str!("../../sql/tenant/update.sql");
    let changed = session
        .connection
        .prepare_cached(sql)?
        .query_row(params![name, timezone, id.0], read::tenant)
        .optional()?;
    session.audit(Some(id), audit)?;
    Ok(changed.ok_or(StoreError::NotFound("tenant"))?)
}

pub(super) fn delete_tenant(session: &mut Session, id: TenantId, audit: &Audit) -> Work<()> {
    let has_events: bool = session
        .connection
        .prepare_cached(include_str!("../../sql/tenant/has_events.sql"))?
        .query_row([id.0], |row| row.get(0))?;
    if has_events {
        return Err(StoreError::Conflict("the tenant has events, which are never deleted".to_owned()).into());
    }
    session.change_one(include_str!("../../sql/tenant/delete.sql"), [id.0], "tenant")?;
    session.change(include_str!("../../sql/tenant/delete_labels.sql"), [id.0])?;
    session.audit(None, audit)?;
    session.forget_tenant(id);
    Ok(())
}

pub(super) fn create_key(session: &mut Session, key: &ApiKey, audit: &Audit) -> Work<()> {
    if let Some(tenant) = key.tenant {
        session.require_tenant(tenant)?;
    }
    let tenant_id = key.tenant.map(|tenant| tenant.0);
    let params = params![
        key.id,
        tenant_id,
        key.name,
        key.role.name(),
        key.prefix,
        key.hash,
        key.user,
        key.project,
        key.created_ms,
        key.expires_ms,
        key.revoked_ms,
        key.last_used_ms
    ];
    session.insert(include_str!("../../sql/key/insert.sql"), params, "there is such an API key already")?;
    session.audit(key.tenant, audit)
}

/// The instance's line orders those that come together, of all servers.
pub(super) fn create_first_key(session: &mut Session, key: &ApiKey, audit: &Audit) -> Work<bool> {
    let sql = include_str!("../../sql/key/has_first.sql");
    let has_one: bool = session.connection.query_row(sql, [], |row| row.get(0))?;
    if !has_one {
        create_key(session, key, audit)?;
    }
    Ok(!has_one)
}

pub(super) fn rotate_key(
    session: &Session,
    tenant: Option<TenantId>,
    id: &str,
    prefix: &str,
    hash: [u8; 32],
    audit: &Audit,
) -> Work<ApiKey> {
    let holder =
        read::one(&session.connection, include_str!("../../sql/key/by_prefix.sql"), [prefix], read::key)?;
    if holder.is_some_and(|holder| holder.id != id) {
        return Err(StoreError::Conflict("there is such an API key already".to_owned()).into());
    }
    let params = params![prefix, hash, tenant.map(|tenant| tenant.0), id];
    let rotated =
        read::one(&session.connection, include_str!("../../sql/key/rotate.sql"), params, read::key)?;
    // The old token ends, and so does every session that was got with it.
    session.change(include_str!("../../sql/session/delete_of_key.sql"), [id])?;
    session.audit(tenant, audit)?;
    Ok(rotated.ok_or(StoreError::NotFound("key"))?)
}

pub(super) fn revoke_key(session: &Session, tenant: Option<TenantId>, id: &str, audit: &Audit) -> Work<()> {
    let params = params![audit.at_ms, tenant.map(|tenant| tenant.0), id];
    session.change_one(include_str!("../../sql/key/revoke.sql"), params, "key")?;
    session.change(include_str!("../../sql/session/delete_of_key.sql"), [id])?;
    session.audit(tenant, audit)
}

pub(super) fn create_session(session: &Session, kept: &BrowserSession, now_ms: i64) -> Work<()> {
    session.change(include_str!("../../sql/session/forget_ended.sql"), [now_ms])?;
    let params = params![kept.hash, kept.key_id, kept.expires_ms];
    match session.change(include_str!("../../sql/session/insert.sql"), params) {
        Ok(_) => Ok(()),
        Err(fault) if fault.is_constraint() => Err(StoreError::NotFound("key").into()),
        Err(fault) => Err(fault),
    }
}

pub(super) fn create_user(session: &mut Session, tenant: TenantId, user: &User, audit: &Audit) -> Work<()> {
    session.require_tenant(tenant)?;
    limits::require_tier(&session.connection, tenant, &user.tier)?;
    let params = params![user.id, user.username, user.tier, user.created_ms, tenant.0];
    session.insert(include_str!("../../sql/user/insert.sql"), params, "there is such a user already")?;
    session.audit(Some(tenant), audit)?;
    session.forget_limits_of(tenant, &user.id);
    Ok(())
}

pub(super) fn update_user(session: &mut Session, tenant: TenantId, user: &User, audit: &Audit) -> Work<()> {
    let one = include_str!("../../sql/user/one.sql");
    let old = read::one(&session.connection, one, params![tenant.0, user.id], read::user)?
        .ok_or(StoreError::NotFound("user"))?;
    // A tier from before tiers were known may stay; nobody gets a new one.
    if old.tier != user.tier {
        limits::require_tier(&session.connection, tenant, &user.tier)?;
    }
    let params = params![user.username, user.tier, tenant.0, user.id];
    session.change_one(include_str!("../../sql/user/update.sql"), params, "user")?;
    session.audit(Some(tenant), audit)?;
    session.forget_limits_of(tenant, &user.id);
    Ok(())
}

/// Deletes a user with what was allowed instead of the tier's limits: who is made again begins anew.
pub(super) fn delete_user(session: &mut Session, tenant: TenantId, id: &str, audit: &Audit) -> Work<()> {
    delete_seen(session, tenant, include_str!("../../sql/user/delete.sql"), (id, "user"), audit)?;
    session.change(include_str!("../../sql/limit/user_clear.sql"), params![tenant.0, id])?;
    session.forget_limits_of(tenant, id);
    Ok(())
}

pub(super) fn create_project(
    session: &mut Session,
    tenant: TenantId,
    project: &Project,
    audit: &Audit,
) -> Work<()> {
    session.require_tenant(tenant)?;
    let params =
        params![project.slug, project.name, project.department, project.team, project.created_ms, tenant.0];
    session.insert(
        include_str!("../../sql/project/insert.sql"),
        params,
        "there is such a project already",
    )?;
    session.audit(Some(tenant), audit)
}

pub(super) fn update_project(
    session: &Session,
    tenant: TenantId,
    project: &Project,
    audit: &Audit,
) -> Work<()> {
    let params = params![project.name, project.department, project.team, tenant.0, project.slug];
    session.change_one(include_str!("../../sql/project/update.sql"), params, "project")?;
    session.audit(Some(tenant), audit)
}

/// Deletes a user or project; the next event that names it makes it again.
pub(super) fn delete_seen(
    session: &mut Session,
    tenant: TenantId,
    sql: &str,
    (id, what): (&str, &'static str),
    audit: &Audit,
) -> Work<()> {
    session.change_one(sql, params![tenant.0, id], what)?;
    session.audit(Some(tenant), audit)?;
    session.forget_labels();
    Ok(())
}

pub(super) fn create_price(
    session: &mut Session,
    tenant: TenantId,
    price: &PriceOverride,
    audit: &Audit,
) -> Work<()> {
    session.require_tenant(tenant)?;
    let params = params![
        price.id,
        price.provider,
        price.model,
        price.from_ms,
        price.until_ms,
        price.rates,
        price.created_ms,
        tenant.0
    ];
    session.insert(include_str!("../../sql/price/insert.sql"), params, "there is such a price already")?;
    session.audit(Some(tenant), audit)
}

pub(super) fn update_price(
    session: &Session,
    tenant: TenantId,
    price: &PriceOverride,
    audit: &Audit,
) -> Work<()> {
    let params =
        params![price.provider, price.model, price.from_ms, price.until_ms, price.rates, tenant.0, price.id];
    session.change_one(include_str!("../../sql/price/update.sql"), params, "price")?;
    session.audit(Some(tenant), audit)
}

pub(super) fn delete_price(session: &Session, tenant: TenantId, id: &str, audit: &Audit) -> Work<()> {
    session.change_one(include_str!("../../sql/price/delete.sql"), params![tenant.0, id], "price")?;
    session.audit(Some(tenant), audit)
}
