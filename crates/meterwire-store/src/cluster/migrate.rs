//! Migrations of the PostgreSQL database: numbered steps up and down. The table `migration` knows which are applied.

use super::connect::{Postgres, Role, away};
use crate::sqlite::Migration;
use meterwire_app::ports::{StoreError, StoreResult};
use std::fmt::Write as _;
use tokio_postgres::{Client, Transaction};

struct Step {
    name: &'static str,
    up: &'static str,
    down: &'static str,
}

macro_rules! step {
    ($name:literal) => {
        Step {
            name: $name,
            up: include_str!(concat!("migrations/", $name, ".up.sql")),
            down: include_str!(concat!("migrations/", $name, ".down.sql")),
        }
    };
}

const STEPS: &[Step] = &[step!("0001_init")];

/// Servers that start at the same moment migrate one after another: whoever is second finds it done. (The leader's lock is
/// another number.)
const MIGRATION_LOCK: i64 = 8;
/// The oldest PostgreSQL that is known to do: 14, which has `idle_session_timeout`.
const OLDEST_VERSION: i32 = 140_000;
/// How far the clocks of this machine and of the database may be apart, in milliseconds: windows and budgets are counted
/// by the clock of the server that decides.
const MAX_CLOCK_DIFFERENCE_MS: i64 = 2_000;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL)";

/// Refuses a database on which the store would not be right, with what is to be done about it. `now_ms` is this machine's
/// clock, asked at the moment of the comparison.
pub(crate) async fn check(client: &Client, now_ms: impl Fn() -> i64) -> StoreResult<()> {
    let row = client
        .query_one(
            "SELECT current_setting('server_version_num')::int, datcollate, pg_encoding_to_char(encoding), \
               current_setting('synchronous_commit'), datname \
             FROM pg_database WHERE datname = current_database()",
            &[],
        )
        .await
        .map_err(|error| away(&error))?;
    let (version, collation): (i32, String) = (row.get(0), row.get(1));
    let (encoding, synchronous, name): (String, String, String) = (row.get(2), row.get(3), row.get(4));
    if version < OLDEST_VERSION {
        return refuse(format!("PostgreSQL 14 or newer is needed, this is {}", version / 10_000));
    }
    if encoding != "UTF8" || !["C", "POSIX"].contains(&collation.as_str()) {
        return refuse(format!(
            "the database {name} has the encoding {encoding} and the collation {collation}; names have to be sorted by \
             their bytes: make it anew with CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
        ));
    }
    if synchronous == "off" {
        return refuse(format!(
            "synchronous_commit is off, so PostgreSQL would answer before it has written: ALTER DATABASE {name} SET \
             synchronous_commit = on"
        ));
    }
    check_clock(client, now_ms).await
}

async fn check_clock(client: &Client, now_ms: impl Fn() -> i64) -> StoreResult<()> {
    let before = now_ms();
    let row = client
        .query_one("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint", &[])
        .await
        .map_err(|error| away(&error))?;
    let (theirs, after): (i64, i64) = (row.get(0), now_ms());
    // What the answer took is nobody's fault.
    let ahead = (theirs - after).max(before - theirs);
    if ahead > MAX_CLOCK_DIFFERENCE_MS {
        return refuse(format!(
            "the clocks of this machine and of PostgreSQL differ by {ahead} ms, at most {MAX_CLOCK_DIFFERENCE_MS} will do: \
             set both by NTP"
        ));
    }
    Ok(())
}

/// All migrations, oldest first; changes nothing.
pub(crate) async fn status(client: &Client) -> StoreResult<Vec<Migration>> {
    let there = "SELECT to_regclass('migration') IS NOT NULL";
    let row = client.query_one(there, &[]).await.map_err(|error| away(&error))?;
    let mut version: i64 = 0;
    if row.get(0) {
        let last = "SELECT coalesce(max(number), 0) FROM migration";
        version = client.query_one(last, &[]).await.map_err(|error| away(&error))?.get(0);
    }
    let version = usize::try_from(version).unwrap_or(0);
    let state = |(index, step): (usize, &Step)| Migration {
        number: index + 1,
        name: step.name,
        applied: index < version,
    };
    Ok(STEPS.iter().enumerate().map(state).collect())
}

/// Applies what is missing; answers how many migrations that were.
pub(crate) async fn up(postgres: &Postgres) -> StoreResult<usize> {
    let mut client = postgres.connect(Role::Migrator).await?;
    let mut transaction = begin(&mut client).await?;
    let version = known_version(&transaction).await?;
    for (index, step) in STEPS.iter().enumerate().skip(version) {
        run(&mut transaction, step.up, step.name).await?;
        let number = i64::try_from(index + 1).unwrap_or(i64::MAX);
        let note = "INSERT INTO migration (number, name) VALUES ($1, $2)";
        transaction.execute(note, &[&number, &step.name]).await.map_err(|error| away(&error))?;
        tracing::info!(migration = step.name, "database migrated");
    }
    transaction.commit().await.map_err(|error| away(&error))?;
    Ok(STEPS.len() - version)
}

/// Takes back the newest `steps` migrations with the data they hold; answers how many that were. All or none.
pub(crate) async fn down(postgres: &Postgres, steps: usize) -> StoreResult<usize> {
    let mut client = postgres.connect(Role::Migrator).await?;
    let mut transaction = begin(&mut client).await?;
    let version = known_version(&transaction).await?;
    let target = version.saturating_sub(steps);
    for index in (target..version).rev() {
        run(&mut transaction, STEPS[index].down, STEPS[index].name).await?;
        let number = i64::try_from(index + 1).unwrap_or(i64::MAX);
        let note = "DELETE FROM migration WHERE number = $1";
        transaction.execute(note, &[&number]).await.map_err(|error| away(&error))?;
    }
    transaction.commit().await.map_err(|error| away(&error))?;
    Ok(version - target)
}

/// Refuses a database whose tables are not those of this program.
pub(crate) async fn check_known(client: &Client) -> StoreResult<()> {
    let missing = status(client).await?.into_iter().find(|migration| !migration.applied);
    match missing {
        Some(migration) => refuse(format!(
            "the database lacks the migration {}: start a server on it, or run meterwire migrate up",
            migration.name
        )),
        None => Ok(()),
    }
}

/// All migrations as one script, with what notes that they are applied.
pub(crate) fn script() -> String {
    let mut script = format!("BEGIN;\n{TABLE};\n");
    for (index, step) in STEPS.iter().enumerate() {
        let (number, name) = (index + 1, step.name);
        // Writing to a string does not fail.
        let _ = write!(
            script,
            "\n{}\nINSERT INTO migration (number, name) VALUES ({number}, '{name}');\n",
            step.up.trim_end()
        );
    }
    script + "COMMIT;\n"
}

async fn begin(client: &mut Client) -> StoreResult<Transaction<'_>> {
    let begun = async {
        let transaction = client.transaction().await?;
        transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK]).await?;
        transaction.batch_execute(TABLE).await?;
        Ok(transaction)
    };
    begun.await.map_err(|error| away(&error))
}

/// How many migrations are applied; refuses a database of a newer program.
async fn known_version(transaction: &Transaction<'_>) -> StoreResult<usize> {
    let row = transaction
        .query_one("SELECT coalesce(max(number), 0) FROM migration", &[])
        .await
        .map_err(|error| away(&error))?;
    let version: i64 = row.get(0);
    match usize::try_from(version) {
        Ok(version) if version <= STEPS.len() => Ok(version),
        _ => refuse(format!(
            "the database was written by a newer meterwire (migration {version}, this one knows {}); upgrade meterwire",
            STEPS.len()
        )),
    }
}

async fn run(transaction: &mut Transaction<'_>, sql: &str, name: &str) -> StoreResult<()> {
    transaction.batch_execute(sql).await.map_err(|error| {
        tracing::error!(migration = name, "a migration failed; nothing of it is left");
        away(&error)
    })
}

fn refuse<T>(sentence: String) -> StoreResult<T> {
    Err(StoreError::Conflict(sentence))
}
