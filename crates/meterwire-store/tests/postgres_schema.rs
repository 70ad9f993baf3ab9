//! The schema of the cluster store: what both stores have has one name and one type, and nothing is left behind the down step.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails is a test")]

mod common;

use common::engines::Postgres;
use std::collections::{BTreeMap, BTreeSet};

/// What the embedded store keeps of events, and what is made from them.
const OF_SQLITE_ALONE: [&str; 5] = ["event", "rollup_", "segment", "identity_", "packed_version"];
/// What the cluster store has beside the shared tables.
const OF_POSTGRES_ALONE: [&str; 8] =
    ["ledger", "identity", "outbox", "batch", "fold", "manifest", "event_drop", "move_progress"];

/// Table and column, with its type in words of PostgreSQL and whether it may be absent.
type Columns = BTreeMap<(String, String), (String, bool)>;

fn of_sqlite() -> Columns {
    let dir = tempfile::tempdir().unwrap();
    drop(common::open(dir.path()));
    let connection = common::database(dir.path());
    let sql = "SELECT lower(t.name), c.name, c.type, c.\"notnull\" OR c.pk > 0 FROM pragma_table_list AS t
        JOIN pragma_table_info(t.name) AS c WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        let kind = match row.get::<_, String>(2)?.as_str() {
            "INTEGER" => "bigint",
            "BLOB" => "bytea",
            "TEXT" => "text",
            other => panic!("{other}"),
        };
        Ok(((row.get(0)?, row.get(1)?), (kind.to_owned(), !row.get::<_, bool>(3)?)))
    });
    let columns: Columns = rows.unwrap().map(Result::unwrap).collect();
    let is_shared = |table: &str| !OF_SQLITE_ALONE.iter().any(|alone| table.starts_with(alone));
    columns.into_iter().filter(|((table, _), _)| is_shared(table)).collect()
}

async fn of_postgres(client: &tokio_postgres::Client) -> Columns {
    let sql = "SELECT table_name, column_name, data_type, is_nullable = 'YES' FROM information_schema.columns
        JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE'";
    let rows = client.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| ((row.get(0), row.get(1)), (row.get(2), row.get(3)))).collect()
}

#[tokio::test]
async fn shared_tables_have_the_same_columns() {
    let database = Postgres::with_schema().await;
    let mut postgres = of_postgres(&database.connect().await).await;
    postgres.retain(|(table, _), _| !OF_POSTGRES_ALONE.contains(&table.as_str()));
    // A declaration of a dimension is never mistaken for the next one at its place, and folds have it from one on.
    for (column, may_be_absent) in [("number", false), ("fold", true)] {
        let column = ("dimension".to_owned(), column.to_owned());
        assert_eq!(postgres.remove(&column), Some(("bigint".to_owned(), may_be_absent)));
    }
    let sqlite = of_sqlite();
    let tables: BTreeSet<&str> = sqlite.keys().map(|(table, _)| table.as_str()).collect();
    assert!(tables.len() > 35, "{tables:?}");
    for (column, kind) in &sqlite {
        assert_eq!(postgres.get(column), Some(kind), "{column:?} of SQLite");
    }
    for column in postgres.keys() {
        assert!(sqlite.contains_key(column), "{column:?} of PostgreSQL");
    }
}

#[tokio::test]
async fn the_down_step_takes_away_what_the_up_step_made() {
    let database = Postgres::with_schema().await;
    let client = database.connect().await;
    let left = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace";
    assert!(client.query(left, &[]).await.unwrap().len() > 60);
    let down = include_str!("../src/cluster/migrations/0001_init.down.sql");
    client.batch_execute(down).await.unwrap();
    let left = client.query(left, &[]).await.unwrap();
    assert!(left.is_empty(), "{:?}", left.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>());
}
