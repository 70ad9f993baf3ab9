//! Migrations: numbered steps up and down. The number of the last one applied is the database's `user_version`.

use crate::budget;
use crate::error::{Fault, Work, unavailable};
use crate::limits;
use crate::sqlite::connection;
use crate::sqlite::doctor;
use crate::sqlite::identity;
use crate::sqlite::lock::DirLock;
use crate::sqlite::usage;
use meterwire_app::ports::{StoreError, StoreResult};
use rusqlite::Connection;
use std::path::Path;

struct Step {
    name: &'static str,
    up: &'static str,
    down: &'static str,
    /// Fills new tables from what is there already.
    fill: Option<fn(&Connection) -> Work<()>>,
}

macro_rules! step {
    ($name:literal, $fill:expr) => {
        Step {
            name: $name,
            up: include_str!(concat!("../../migrations/", $name, ".up.sql")),
            down: include_str!(concat!("../../migrations/", $name, ".down.sql")),
            fill: $fill,
        }
    };
}

const STEPS: &[Step] = &[
    step!("0001_catalog", None),
    step!("0002_ledger", None),
    step!("0003_rollups", None),
    step!("0004_limits", Some(|connection| limits::fill(&connection.into()))),
    step!("0005_sql_names", None),
    // The rollups are filled here, since the code reads the columns of today.
    step!("0006_dimensions", Some(doctor::rebuild_missing)),
    step!("0007_segments", None),
    step!("0008_identity", Some(identity::fill)),
    step!(
        "0009_budgets",
        Some(|connection| budget::fill(&connection.into(), &mut usage::asking(connection)))
    ),
    step!("0010_providers", None),
    step!("0011_alerts", None),
    step!("0012_statements", None),
    step!("0013_requests", None),
    step!("0014_packed_users", None),
    step!("0015_log_by_columns", None),
    step!("0016_budget_amounts", None),
    step!("0017_reratings", None),
    step!("0018_columns_in_rows", None),
];

/// One migration and whether it is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Its number, from 1.
    pub number: usize,
    /// The name of its files: `0001_catalog`.
    pub name: &'static str,
    /// Whether the database has it.
    pub applied: bool,
}

/// The migrations of a data directory that nobody serves.
#[derive(Debug)]
pub struct Migrations {
    connection: Connection,
    _lock: DirLock,
}

impl Migrations {
    /// Opens a directory without changing what is in it; refused while another process owns it.
    pub fn open(dir: &Path) -> StoreResult<Self> {
        let lock = DirLock::acquire(dir)?;
        let connection = connection::writer(&connection::database_path(dir))?;
        Ok(Self { connection, _lock: lock })
    }

    /// Every known migration, oldest first.
    pub fn status(&self) -> StoreResult<Vec<Migration>> {
        let version = known_version(&self.connection)?;
        let list = STEPS.iter().enumerate().map(|(index, step)| Migration {
            number: index + 1,
            name: step.name,
            applied: index < version,
        });
        Ok(list.collect())
    }

    /// Applies what is missing; answers how many that were.
    pub fn up(&mut self) -> StoreResult<usize> {
        up(&self.connection)
    }

    /// Brings what was written lately into the database's one file.
    pub(crate) fn checkpoint(&self) -> StoreResult<()> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let busy: i64 = self.connection.query_row(sql, [], |row| row.get(0)).map_err(Fault::from)?;
        if busy == 0 { Ok(()) } else { Err(unavailable("another program is reading the directory")) }
    }

    /// Takes back the newest `steps` migrations with the data they hold; answers how many that were.
    pub fn down(&mut self, steps: usize) -> StoreResult<usize> {
        let version = known_version(&self.connection)?;
        let target = version.saturating_sub(steps);
        for index in (target..version).rev() {
            run(&self.connection, STEPS[index].down, None, index)?;
        }
        Ok(version - target)
    }
}

/// Applies what is missing; answers how many migrations that were.
pub(crate) fn up(connection: &Connection) -> StoreResult<usize> {
    let version = known_version(connection)?;
    // A new database has nothing to move.
    let has_data = version > 0;
    for (index, step) in STEPS.iter().enumerate().skip(version) {
        if has_data {
            tracing::info!(
                migration = step.name,
                left = STEPS.len() - index,
                "migrating the database; a large one takes minutes"
            );
        }
        run(connection, step.up, step.fill, index + 1)?;
        tracing::info!(migration = step.name, "database migrated");
    }
    Ok(STEPS.len() - version)
}

/// Refuses a database that is empty or newer than this program.
pub(crate) fn check_known(connection: &Connection) -> StoreResult<()> {
    match known_version(connection)? {
        0 => Err(StoreError::Conflict("the database was not made by meterwire".to_owned())),
        _ => Ok(()),
    }
}

fn known_version(connection: &Connection) -> StoreResult<usize> {
    let version = read_version(connection)?;
    match usize::try_from(version) {
        Ok(version) if version <= STEPS.len() => Ok(version),
        _ => Err(StoreError::Conflict(format!(
            "the database was written by a newer meterwire (migration {version}, this one knows {}); upgrade meterwire",
            STEPS.len()
        ))),
    }
}

fn read_version(connection: &Connection) -> Work<i64> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Runs one step and notes the new version, both or neither.
fn run(
    connection: &Connection,
    sql: &str,
    fill: Option<fn(&Connection) -> Work<()>>,
    version: usize,
) -> StoreResult<()> {
    let in_transaction = || -> Work<()> {
        let transaction = connection.unchecked_transaction()?;
        transaction.execute_batch(sql)?;
        if let Some(fill) = fill {
            fill(&transaction)?;
        }
        transaction.execute_batch(&format!("PRAGMA user_version = {version}"))?;
        Ok(transaction.commit()?)
    };
    Ok(in_transaction()?)
}
