//! The facade on a real PostgreSQL.

use crate::cluster::engines;
use crate::sql::postgres;
use crate::sql::{Connection, Error, Kind, OptionalExtension, params};

const TABLE: &str = "CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT, data BYTEA, size BIGINT NOT NULL DEFAULT 0, \
     small INT, is_good BOOLEAN, CHECK (size >= 0)); CREATE INDEX thing_name ON thing (name)";

/// Runs this on a thread that may wait, on a connection to a database with [`TABLE`].
async fn on_a_database(test: impl FnOnce(Connection<'_>) + Send + 'static) {
    let database = engines::Postgres::empty().await;
    let client = database.connect().await;
    client.batch_execute(TABLE).await.unwrap();
    let runtime = tokio::runtime::Handle::current();
    let tested = tokio::task::spawn_blocking(move || {
        let connection = postgres::Connection::new(client, runtime);
        test((&connection).into());
    });
    tested.await.unwrap();
}

fn kind<T>(result: Result<T, Error>) -> Kind {
    result.err().map_or_else(|| panic!("no error"), |error| error.kind())
}

#[tokio::test(flavor = "multi_thread")]
async fn values_of_all_types_go_in_and_come_out() {
    on_a_database(|connection| {
        let insert = "INSERT INTO thing (id, name, data, small, is_good) VALUES (?, ?, ?, ?, ?)";
        let nothing: Option<&str> = None;
        assert_eq!(connection.execute(insert, params![1, "ä?", [1_u8, 2].as_slice(), 7, true]).unwrap(), 1);
        connection.execute(insert, params![i64::MIN, nothing, nothing, nothing, nothing]).unwrap();
        let read = |row: &crate::sql::Row<'_>| {
            let name = row.text_or_null(1)?.map(str::to_owned);
            let data: Option<Vec<u8>> = row.get("data")?;
            Ok((
                row.get::<_, i64>("id")?,
                name,
                data,
                row.get::<_, Option<i64>>(3)?,
                row.get::<_, Option<bool>>(4)?,
            ))
        };
        let all = "SELECT id, name, data, small, is_good FROM thing ORDER BY id DESC";
        let mut statement = connection.prepare_cached(all).unwrap();
        let rows: Vec<_> = statement.query_map([], read).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows[0], (1, Some("ä?".to_owned()), Some(vec![1, 2]), Some(7), Some(true)));
        assert_eq!(rows[1], (i64::MIN, None, None, None, None));
        let missing =
            connection.query_row("SELECT id FROM thing WHERE id = ?", [5], |row| row.get::<_, i64>(0));
        assert_eq!(missing.optional().unwrap(), None);
        let no_text = |sql: &str| connection.query_row(sql, ["ä\0"], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(
            no_text("SELECT count(*) FROM thing WHERE name = ?"),
            0,
            "no text has NUL, so it is not found"
        );
        assert!(connection.prepare_cached(all).unwrap().exists([]).unwrap());
        let no_column = connection.query_row(all, [], |row| row.get::<_, i64>("nonsense"));
        assert!(matches!(no_column, Err(Error::NoColumn(_))));
        let beyond = connection.query_row(all, [], |row| row.get::<_, i64>(5));
        assert!(matches!(beyond, Err(Error::NoColumn(_))));
        let wrong = connection.query_row(all, [], |row| row.get::<_, i64>("name"));
        assert!(matches!(wrong, Err(Error::Unreadable { place: 1, .. })));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sums_are_whole_numbers_or_too_large() {
    on_a_database(|connection| {
        let insert = "INSERT INTO thing (id, size) VALUES (?, ?)";
        let sum =
            || connection.query_row("SELECT sum(size) FROM thing", [], |row| row.get::<_, Option<i64>>(0));
        assert_eq!(sum().unwrap(), None);
        connection.execute(insert, [1, i64::MAX - 1]).unwrap();
        connection.execute(insert, [2, 1]).unwrap();
        assert_eq!(sum().unwrap(), Some(i64::MAX));
        let added = "SELECT coalesce(sum(size), 0) - ? FROM thing";
        assert_eq!(connection.query_row(added, [i64::MAX], |row| row.get::<_, i64>(0)).unwrap(), 0);
        connection.execute(insert, [3, 1]).unwrap();
        assert_eq!(kind(sum()), Kind::Overflow);
        let average = connection.query_row("SELECT avg(id) / 4 FROM thing", [], |row| row.get::<_, i64>(0));
        assert!(matches!(average, Err(Error::Unreadable { .. })));
        let float = connection.query_row("SELECT 1.5::float8", [], |row| row.get::<_, i64>(0));
        assert!(matches!(float, Err(Error::Unreadable { .. })));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_sent_together_in_their_order() {
    on_a_database(|connection| {
        let insert = "INSERT INTO thing (id, name) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET name = thing.name || ?2";
        let names: Vec<String> = (0..500).map(|n| format!("{n} ")).collect();
        let sets = names.iter().enumerate().map(|(n, name)| (i64::try_from(n % 5).unwrap(), name));
        assert_eq!(connection.execute_many(insert, sets).unwrap(), 500);
        let name: String =
            connection.query_row("SELECT name FROM thing WHERE id = 3", [], |row| row.get(0)).unwrap();
        let wanted = names.iter().skip(3).step_by(5).map(String::as_str).collect::<String>();
        assert_eq!(name, wanted);
        connection.execute_batch("BEGIN").unwrap();
        let taken = connection.execute_many("INSERT INTO thing (id) VALUES (?)", (0..200).map(|n| [100 + n % 150]));
        assert_eq!(kind(taken), Kind::Constraint, "the first error is told, not those behind it");
        connection.execute_batch("ROLLBACK").unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_say_what_they_mean() {
    on_a_database(|connection| {
        let insert = "INSERT INTO thing (id, size) VALUES (?, ?)";
        connection.execute(insert, [1, 1]).unwrap();
        assert_eq!(kind(connection.execute(insert, [1, 1])), Kind::Constraint);
        assert_eq!(kind(connection.execute(insert, [2, -1])), Kind::Constraint, "a check");
        let double = "UPDATE thing SET size = size + ?";
        assert_eq!(kind(connection.execute(double, [i64::MAX])), Kind::Overflow);
        assert_eq!(kind(connection.execute("UPDATE nothing SET x = 1", [])), Kind::Other);
        assert_eq!(kind(connection.execute(insert, params!["1", 2])), Kind::Other, "a text for a number");
        assert_eq!(kind(connection.execute("UPDATE thing SET small = ?", [i64::MAX])), Kind::Other);
        connection.execute_batch("SET statement_timeout = '20ms'").unwrap();
        assert_eq!(kind(connection.execute_batch("SELECT pg_sleep(2)")), Kind::Stopped);
        connection.execute_batch("SET default_transaction_read_only = on").unwrap();
        assert_eq!(
            kind(connection.execute(insert, [3, 1])),
            Kind::Unavailable,
            "a server that became a replica"
        );
        let postgres = connection.postgres().unwrap();
        assert!(!postgres.is_gone());
        assert_eq!(
            kind(connection.execute_batch("SELECT pg_terminate_backend(pg_backend_pid())")),
            Kind::Unavailable
        );
        assert_eq!(kind(connection.execute(insert, [3, 1])), Kind::Unavailable);
        assert!(postgres.is_gone());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_sqlite_says_is_translated() {
    on_a_database(|connection| {
        connection.execute("INSERT INTO thing (id, name) VALUES (?2, ?1)", params!["one", 1]).unwrap();
        let sql = "SELECT a.id FROM thing AS a INDEXED BY thing_name CROSS JOIN thing AS b ON b.id = a.id WHERE a.name = ?";
        assert_eq!(connection.query_row(sql, ["one"], |row| row.get::<_, i64>(0)).unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_changed_beside_us_is_read_anew() {
    on_a_database(|connection| {
        let all = "SELECT * FROM thing";
        assert!(!connection.prepare_cached(all).unwrap().exists([]).unwrap());
        connection.execute_batch("ALTER TABLE thing ADD COLUMN more BIGINT").unwrap();
        let stale = connection.prepare_cached(all).unwrap().exists([]);
        assert_eq!(kind(stale), Kind::Other);
        assert!(!connection.prepare_cached(all).unwrap().exists([]).unwrap());
    })
    .await;
}
