//! The doctor: recounts everything that can be recounted, shows what differs, and mends what is made from events: the
//! rollups and the index of identities. Statements of closed periods are only looked at.
//!
//! It reads on a snapshot beside the running writer. Mending is one command of the writer, which recounts the days in
//! question once more inside its own transaction, so nothing written in between is lost or counted twice.

mod events;
mod identity;
mod recount;

pub(crate) use recount::{rebuild_missing, totals_without_events};

pub use crate::finding::{Finding, NOT_CHECKED, Part, Progress, Report};

use crate::SqliteStore;
use crate::budget;
use crate::error::{Work, failed};
use crate::session::{Session, Weight};
use crate::sqlite::connection;
use crate::sqlite::migrate;
use crate::sqlite::packed_users;
use crate::sqlite::rollup::SLOT_MS;
use crate::sqlite::segment;
use crate::sqlite::usage;
use crate::statement;
use meterwire_app::ports::StoreResult;
use rusqlite::Connection;
use std::path::Path;

impl SqliteStore {
    /// Checks the whole store; with `repair` the rollups that differ are rewritten from raw events, and so is the index of
    /// identities where anything of it is wrong.
    pub async fn doctor(
        &self,
        repair: bool,
        progress: impl FnMut(Progress) + Send + 'static,
    ) -> StoreResult<Report> {
        let connection = self.new_reader()?;
        let checked = tokio::task::spawn_blocking(move || examine(&connection, progress));
        let (mut report, ailing) =
            checked.await.map_err(|error| failed(format!("the doctor did not end well: {error}")))??;
        let Ailing { days, identities, segments, packed, budgets } = ailing;
        let has_days = !days.is_empty();
        if repair && identities {
            let run = |session: &mut Session<'_>| {
                let connection = session.connection.sqlite()?;
                session.recording()?.identities.rebuild(connection)
            };
            self.write_unguarded(None, Weight::SMALL, run).await?;
            report.repaired += 1;
        }
        if repair && !segments.is_empty() {
            let run = move |session: &mut Session<'_>| {
                session.recording()?.sealed.clear();
                segment::mend(session.connection.sqlite()?, &segments)
            };
            report.repaired += self.write_unguarded(None, Weight::SMALL, run).await?;
        }
        if repair && !packed.is_empty() {
            let run =
                move |session: &mut Session<'_>| packed_users::mend(session.connection.sqlite()?, &packed);
            report.repaired += self.write_unguarded(None, Weight::SMALL, run).await?;
        }
        if repair && !days.is_empty() {
            let run = move |session: &mut Session<'_>| {
                // What the same group appended before is in the events already, so it has to be in the rollups too.
                session.flush()?;
                recount::repair(session.connection.sqlite()?, &days)
            };
            report.repaired += self.write_unguarded(None, Weight::SMALL, run).await?;
        }
        // Last: budgets are counted from what was mended before.
        if repair && (budgets || has_days) {
            let run = |session: &mut Session<'_>| {
                session.flush()?;
                let connection = session.connection;
                let mended = budget::mend(&connection, &mut |tenant, request| session.sums(tenant, request))?;
                session.forget_all_budgets();
                Ok(mended)
            };
            report.repaired += self.write_unguarded(None, Weight::SMALL, run).await?;
        }
        Ok(report)
    }
}

/// Checks a directory that another process may be working on, without changing anything.
pub fn check_beside(dir: &Path, progress: impl FnMut(Progress)) -> StoreResult<Report> {
    let connection = connection::beside(dir)?;
    migrate::check_known(&connection)?;
    examine(&connection, progress).map(|(report, _)| report)
}

/// What can be mended.
struct Ailing {
    /// Days whose rollups differ.
    days: Vec<recount::TenantDay>,
    /// The index of identities has to be made again.
    identities: bool,
    /// Tenant and start of segments that are wrong.
    segments: Vec<(i64, i64)>,
    /// Tenant and day of packed users that are wrong.
    packed: Vec<(i64, i64)>,
    /// Some period of a budget differs.
    budgets: bool,
}

/// Looks at everything on one snapshot.
fn examine(connection: &Connection, mut progress: impl FnMut(Progress)) -> StoreResult<(Report, Ailing)> {
    let mut work = || -> Work<(Report, Ailing)> {
        let snapshot = connection.unchecked_transaction()?;
        let mut report = Report::default();
        check_pages(&snapshot, &mut report)?;
        // Every event is looked at twice: as a row, and as a part of its totals.
        let events: i64 =
            snapshot.query_row("SELECT ifnull(max(seq), 0) FROM event", [], |row| row.get(0))?;
        let total = 2 * events.cast_unsigned();
        let mut done = 0;
        let mut step = |more: u64| {
            done += more;
            progress(Progress { done: done.min(total), total });
        };
        events::check(&snapshot, &mut report, &mut step)?;
        let identities = identity::check(&snapshot, &mut report)?;
        let days = recount::check(&snapshot, &mut report, &mut step)?;
        let mut segments = Vec::new();
        segment::check(&snapshot, |tenant_id, start_ms| {
            report.add(Finding::Segment { tenant_id, start_ms });
            segments.push((tenant_id, start_ms));
        })?;
        let mut packed = Vec::new();
        packed_users::check(&snapshot, |tenant_id, slot| {
            report.add(Finding::PackedUsers { tenant_id, start_ms: slot * SLOT_MS });
            packed.push((tenant_id, slot));
        })?;
        let rows = (&*snapshot).into();
        let mut bounds = |tenant| budget::of_rollups(&rows, tenant);
        let differing = budget::check(&rows, &mut usage::asking(&snapshot), &mut bounds)?;
        let budgets = !differing.is_empty();
        for one in differing {
            report.add(one);
        }
        statement::check::check(&(&*snapshot).into(), &mut usage::asking(&snapshot), |finding| {
            report.add(finding);
        })?;
        Ok((report, Ailing { days, identities, segments, packed, budgets }))
    };
    Ok(work()?)
}

/// Whether the index of identities agrees with the events, for tests of the index.
#[cfg(test)]
pub(crate) fn identities_are_sound(connection: &Connection) -> Work<bool> {
    let mut report = Report::default();
    let ailing = identity::check(connection, &mut report)?;
    Ok(!ailing)
}

/// SQLite's own checks of its pages, indexes and keys.
fn check_pages(connection: &Connection, report: &mut Report) -> Work<()> {
    let mut statement = connection.prepare("PRAGMA integrity_check(100)")?;
    let mut lines = statement.query([])?;
    while let Some(row) = lines.next()? {
        let line: String = row.get(0)?;
        if line != "ok" {
            report.add(Finding::Damage(line));
        }
    }
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        report.add(Finding::Damage(format!("a row of {table} belongs to no row of {parent}")));
    }
    Ok(())
}
