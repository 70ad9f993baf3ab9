//! Who is at work is waited for: silence is told by the pulse, not by how long an answer takes.

use super::*;
use crate::cluster::pulse::Pulse;
use crate::cluster::{ClusterOptions, ClusterStore};
use crate::error::Work;
use crate::session::{Session, Weight};
use crate::sql;
use crate::store::Backend;

/// More than silence takes to be seen, less than a statement may.
const LONG: &str = "SELECT pg_sleep(4)";

#[tokio::test(flavor = "multi_thread")]
async fn a_long_statement_is_not_taken_for_silence() {
    let (database, tables) = (engines::Postgres::empty().await, engines::ClickHouse::shards());
    let options = ClusterOptions {
        clickhouse_database: tables.database().to_owned(),
        clickhouse_cluster: tables.cluster().map(str::to_owned),
        ..ClusterOptions::new(database.url(), tables.urls().to_vec())
    };
    let store = ClusterStore::open(options, Arc::new(SystemClock)).await.unwrap();
    let write = |session: &mut Session<'_>| -> Work<()> { Ok(session.connection.execute_batch(LONG)?) };
    let read = |connection: &sql::Connection<'_>| -> Work<()> { Ok(connection.execute_batch(LONG)?) };
    let begun = Instant::now();
    let (written, read) =
        tokio::join!(store.backend.write(None, Weight::SMALL, true, write), store.backend.read(read));
    written.unwrap();
    read.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(4), "it was no long statement");
    store.close().await.unwrap();
}

/// Who refuses a connection answers: the others that a server has may be of use.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_not_taken_for_silence() {
    let world = World::new().await;
    let pulse = Pulse::default();
    let (stop, stopped) = watch::channel(false);
    let nowhere = Postgres::new(&format!("{}_is_not_there", world.url)).unwrap();
    let running = tokio::spawn(pulse.clone().run(nowhere, stopped));
    let until = Instant::now() + Duration::from_secs(3);
    while Instant::now() < until {
        pulse.require().unwrap();
        sleep(Duration::from_millis(50)).await;
    }
    stop.send_replace(true);
    running.await.unwrap();
}
