//! Buckets and their rows.

use super::kind_from_row;
use crate::error::{Fault, Work};
use crate::session::Session;
use crate::sql::{Connection, OptionalExtension, Row, params};
use meterwire_app::ports::{
    Kept, MAX_CONNECTION_ROWS, MAX_REPORT_ROWS, NewReport, StoreError, StoredBucket, StoredRow, TenantId,
};
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use meterwire_core::provider_report::{DAY_MS, ReportBucket, ReportKind, ReportRow};

/// Puts buckets in the place of what was there.
pub(super) fn keep(session: &mut Session, report: &NewReport) -> Work<Kept> {
    session.require_tenant(report.stream.tenant)?;
    let id = &report.stream;
    // Of a connection that was taken away while it was asked nothing is kept.
    let is_there: bool = session
        .connection
        .prepare_cached(include_str!("../../sql/provider/has_stream.sql"))?
        .query_row(params![id.tenant.0, id.connection, id.kind.name()], |row| row.get(0))?;
    if !is_there {
        return Err(StoreError::NotFound("provider connection").into());
    }
    let mut kept = Kept::default();
    for bucket in &report.buckets {
        keep_bucket(session, report, bucket, &mut kept)?;
    }
    if kept.changed > 0 {
        let stream = &report.stream;
        let rows: i64 = session
            .connection
            .prepare_cached(include_str!("../../sql/provider/count_rows.sql"))?
            .query_row(params![stream.tenant.0, stream.connection], |row| row.get(0))?;
        if rows > MAX_CONNECTION_ROWS {
            let sentence = format!("a connection may report at most {MAX_CONNECTION_ROWS} rows in all");
            return Err(StoreError::Conflict(sentence).into());
        }
    }
    Ok(kept)
}

fn keep_bucket(session: &Session, report: &NewReport, bucket: &ReportBucket, kept: &mut Kept) -> Work<()> {
    let (stream, day) = (&report.stream, bucket.start_ms.div_euclid(DAY_MS));
    let place = params![stream.tenant.0, stream.connection, stream.kind.name(), day];
    let before: Option<([u8; 32], bool)> = session
        .connection
        .prepare_cached(include_str!("../../sql/provider/bucket.sql"))?
        .query_row(place, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let fingerprint = bucket.fingerprint();
    let changed = before.is_none_or(|(there, _)| there != fingerprint);
    let revised = changed && before.is_some_and(|(_, was_over)| was_over);
    let is_over = report.provider_now_ms >= bucket.start_ms + DAY_MS;
    let columns = params![
        stream.tenant.0,
        stream.connection,
        stream.kind.name(),
        day,
        fingerprint,
        bucket.rows.len() as i64,
        report.read_ms,
        is_over,
        revised
    ];
    session.change(include_str!("../../sql/provider/upsert_bucket.sql"), columns)?;
    if !changed {
        return Ok(());
    }
    kept.changed += 1;
    kept.revised += usize::from(revised);
    session.change(include_str!("../../sql/provider/delete_rows.sql"), place)?;
    let mut statement =
        session.connection.prepare_cached(include_str!("../../sql/provider/insert_row.sql"))?;
    for (number, row) in bucket.rows.iter().enumerate() {
        let tokens = (row.tokens != [0; 10]).then(|| serde_json::json!(row.tokens).to_string());
        statement.execute(params![
            stream.tenant.0,
            stream.connection,
            stream.kind.name(),
            day,
            number as i64,
            row.project,
            row.api_key,
            row.model,
            row.service_tier,
            row.detail,
            row.requests,
            tokens,
            row.quantity,
            row.cost.map(|cost| cost.0)
        ])?;
    }
    Ok(())
}

/// First and last day of whole UTC days.
fn days_to_row(days: Range) -> (i64, i64) {
    (days.from_ms.div_euclid(DAY_MS), days.to_ms.div_euclid(DAY_MS))
}

pub(super) fn rows(
    connection: &Connection,
    tenant: TenantId,
    connections: &[String],
    kinds: &[ReportKind],
    days: Range,
) -> Work<Vec<StoredRow>> {
    let (from, to) = days_to_row(days);
    let mut statement = connection.prepare_cached(include_str!("../../sql/provider/rows.sql"))?;
    let mut found = vec![];
    for id in connections {
        for kind in kinds {
            let mut rows = statement.query(params![tenant.0, id, kind.name(), from, to])?;
            while let Some(row) = rows.next()? {
                if found.len() >= MAX_REPORT_ROWS {
                    let sentence = "the range holds too many rows of provider reports; take a shorter one";
                    return Err(StoreError::TooWide(sentence.to_owned()).into());
                }
                let day: i64 = row.get(0)?;
                let (connection, row) = (id.clone(), row_from_row(&row)?);
                found.push(StoredRow { connection, kind: *kind, day_ms: day * DAY_MS, row });
            }
        }
    }
    Ok(found)
}

fn row_from_row(row: &Row<'_>) -> Work<ReportRow> {
    let tokens: Option<String> = row.get(7)?;
    let tokens = match tokens {
        None => [0; 10],
        Some(text) => serde_json::from_str(&text)
            .map_err(|_| Fault::Damaged("tokens of a provider's row".to_owned()))?,
    };
    let cost: Option<i64> = row.get(9)?;
    Ok(ReportRow {
        project: row.get(1)?,
        api_key: row.get(2)?,
        model: row.get(3)?,
        service_tier: row.get(4)?,
        detail: row.get(5)?,
        requests: row.get(6)?,
        tokens,
        quantity: row.get(8)?,
        cost: cost.map(CostNanos),
    })
}

pub(super) fn buckets(
    connection: &Connection,
    tenant: TenantId,
    connections: &[String],
    days: Range,
) -> Work<Vec<StoredBucket>> {
    let (from, to) = days_to_row(days);
    let mut statement = connection.prepare_cached(include_str!("../../sql/provider/buckets.sql"))?;
    let mut found = vec![];
    for id in connections {
        let mut rows = statement.query(params![tenant.0, id, from, to])?;
        while let Some(row) = rows.next()? {
            let kind: String = row.get(0)?;
            let day: i64 = row.get(1)?;
            found.push(StoredBucket {
                connection: id.clone(),
                kind: kind_from_row(&kind)?,
                day_ms: day * DAY_MS,
                read_ms: row.get(2)?,
                revised_ms: row.get(3)?,
                revisions: row.get(4)?,
            });
        }
    }
    Ok(found)
}
