//! Reports by the calendar, and what was sent of them.

use crate::catalog::read;
use crate::error::{Fault, Work};
use crate::session::Session;
use crate::sql::{Connection, Row, params};
use meterwire_app::ports::{
    Audit, DueReport, NewReportDelivery, Page, Report, ReportDelivery, ReportScope, ReportState, ReportTry,
    StoreError, TenantId,
};
use meterwire_core::period::Range;
use meterwire_core::report::{MAX_REPORTS_OF_TENANT, ReportFormat, Schedule};
use serde::de::DeserializeOwned;

/// The most deliveries of a report that are kept: nearly three years of days.
const MAX_KEPT: i64 = 1_000;
/// The most rows of one page.
const MAX_PAGE: usize = 10_000;

pub(super) fn create(session: &mut Session, tenant: TenantId, report: &Report, audit: &Audit) -> Work<()> {
    session.require_tenant(tenant)?;
    let sql = include_str!("../../sql/report/count.sql");
    let count: i64 = session.connection.prepare_cached(sql)?.query_row([tenant.0], |row| row.get(0))?;
    if usize::try_from(count).is_ok_and(|count| count >= MAX_REPORTS_OF_TENANT) {
        let sentence = format!("a tenant has at most {MAX_REPORTS_OF_TENANT} reports");
        return Err(StoreError::Conflict(sentence).into());
    }
    let taken = "there is such a report already";
    with_row(tenant, report, |row| session.insert(include_str!("../../sql/report/insert.sql"), row, taken))?;
    session.audit(Some(tenant), audit)
}

pub(super) fn update(session: &Session, tenant: TenantId, report: &Report, audit: &Audit) -> Work<()> {
    with_row(tenant, report, |row| {
        session.change_one(include_str!("../../sql/report/update.sql"), row, "report")
    })?;
    session.audit(Some(tenant), audit)
}

pub(super) fn delete(session: &Session, tenant: TenantId, id: &str, audit: &Audit) -> Work<()> {
    session.change_one(include_str!("../../sql/report/delete.sql"), params![tenant.0, id], "report")?;
    session.audit(Some(tenant), audit)
}

/// Hands the values of a report's columns on.
fn with_row<T>(
    tenant: TenantId,
    report: &Report,
    run: impl FnOnce(&[&dyn crate::sql::ToSql]) -> Work<T>,
) -> Work<T> {
    let (department, project) = match &report.scope {
        ReportScope::Tenant => (None, None),
        ReportScope::Department(name) => (Some(name), None),
        ReportScope::Project(slug) => (None, Some(slug)),
    };
    let formats: Vec<_> = report.formats.iter().map(|format| format.name()).collect();
    let json = |error: serde_json::Error| Fault::Damaged(error.to_string());
    let to = serde_json::to_string(&report.to).map_err(json)?;
    let formats = serde_json::to_string(&formats).map_err(json)?;
    let Schedule { every, timezone, hour } = &report.schedule;
    run(params![
        tenant.0,
        report.id,
        report.name,
        every.name(),
        department,
        project,
        timezone,
        hour,
        to,
        formats,
        report.enabled,
        report.created_ms,
        report.next_ms
    ])
}

/// Begins a delivery and moves the report on.
pub(super) fn begin(
    session: &Session,
    tenant: TenantId,
    id: &str,
    new: &NewReportDelivery,
) -> Work<Option<ReportDelivery>> {
    if let Some(next_ms) = new.next_due_ms {
        let params = params![tenant.0, id, next_ms];
        session.change_one(include_str!("../../sql/report/move_on.sql"), params, "report")?;
    }
    let params =
        params![tenant.0, id, new.range.from_ms, new.range.to_ms, new.by_hand, new.try_ms, new.at_ms];
    let sql = include_str!("../../sql/report_delivery/insert.sql");
    let begun = match read::one(&session.connection, sql, params, |row| delivery(row, 0)) {
        // Its report was deleted meanwhile.
        Err(fault) if fault.is_constraint() => return Err(StoreError::NotFound("report").into()),
        begun => begun?,
    };
    let params = params![tenant.0, id, MAX_KEPT];
    session.change(include_str!("../../sql/report_delivery/shorten.sql"), params)?;
    Ok(begun)
}

pub(super) fn end_try(session: &Session, n: i64, ended: &ReportTry) -> Work<()> {
    let params = params![n, state_to_row(ended.state), ended.next_ms, ended.error, ended.at_ms];
    session.change(include_str!("../../sql/report_delivery/end_try.sql"), params)?;
    Ok(())
}

pub(super) fn due(connection: &Connection, now_ms: i64, limit: usize) -> Work<Vec<(TenantId, Report)>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/report/due.sql"))?;
    let rows = statement
        .query_map(params![now_ms, to_row(limit)], |row| Ok((TenantId(row.get(12)?), report(row)?)))?;
    Ok(rows.collect::<crate::sql::Result<_>>()?)
}

pub(super) fn due_deliveries(connection: &Connection, now_ms: i64, limit: usize) -> Work<Vec<DueReport>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/report_delivery/due.sql"))?;
    let rows = statement.query_map(params![now_ms, to_row(limit)], |row| {
        Ok(DueReport { report: report(row)?, tenant: TenantId(row.get(12)?), delivery: delivery(row, 13)? })
    })?;
    Ok(rows.collect::<crate::sql::Result<_>>()?)
}

pub(super) fn deliveries(
    connection: &Connection,
    tenant: TenantId,
    id: &str,
    before: i64,
    limit: usize,
) -> Work<Page<ReportDelivery>> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut statement = connection.prepare_cached(include_str!("../../sql/report_delivery/list.sql"))?;
    let rows =
        statement.query_map(params![tenant.0, id, before, to_row(limit + 1)], |row| delivery(row, 0))?;
    let mut items = rows.collect::<crate::sql::Result<Vec<_>>>()?;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|delivery| delivery.n.to_string());
    Ok(Page { items, next })
}

pub(super) fn report(row: &Row<'_>) -> crate::sql::Result<Report> {
    let scope = match (row.get(3)?, row.get(4)?) {
        (Some(department), _) => ReportScope::Department(department),
        (None, Some(project)) => ReportScope::Project(project),
        (None, None) => ReportScope::Tenant,
    };
    let every: String = row.get(2)?;
    let formats: Vec<String> = json(row, 8)?;
    let formats = formats.iter().map(|name| name.parse::<ReportFormat>());
    Ok(Report {
        id: row.get(0)?,
        name: row.get(1)?,
        schedule: Schedule {
            every: every.parse().map_err(|()| unknown(2, &every))?,
            timezone: row.get(5)?,
            hour: row.get(6)?,
        },
        scope,
        to: json(row, 7)?,
        formats: formats.collect::<Result<_, ()>>().map_err(|()| unknown(8, "formats"))?,
        enabled: row.get(9)?,
        created_ms: row.get(10)?,
        next_ms: row.get(11)?,
    })
}

fn delivery(row: &Row<'_>, first: usize) -> crate::sql::Result<ReportDelivery> {
    let state: i64 = row.get(first + 4)?;
    Ok(ReportDelivery {
        n: row.get(first)?,
        range: Range { from_ms: row.get(first + 1)?, to_ms: row.get(first + 2)? },
        by_hand: row.get(first + 3)?,
        state: match state {
            0 => ReportState::Pending,
            1 => ReportState::Delivered,
            _ => ReportState::Failed,
        },
        attempts: row.get(first + 5)?,
        next_ms: row.get(first + 6)?,
        made_ms: row.get(first + 7)?,
        delivered_ms: row.get(first + 8)?,
        last_error: row.get(first + 9)?,
    })
}

fn to_row(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn state_to_row(state: ReportState) -> i64 {
    match state {
        ReportState::Pending => 0,
        ReportState::Delivered => 1,
        ReportState::Failed => 2,
    }
}

fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> crate::sql::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| unknown(column, &text))
}

fn unknown(column: usize, text: &str) -> crate::sql::Error {
    crate::sql::Error::unreadable(column, format!("of a report: {text}"))
}
