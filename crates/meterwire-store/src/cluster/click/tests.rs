//! The client and our tables on real engines.

use super::client::{ClickError, ClickOptions, Clicks};
use super::ddl::Schema;
use super::rowbinary::Reader;
use crate::cluster::engines::ClickHouse;
use crate::cluster::outbox::{EventRow, inserts, tests::any_row, to_body};
use crate::error::Work;
use meterwire_app::ports::StoreError;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::time::Duration;
use tokio::time::Instant;

const WITHIN: Duration = Duration::from_secs(20);

fn schema(engine: &ClickHouse) -> Schema {
    let schema = Schema::new(engine.database()).unwrap();
    match engine.cluster() {
        Some(cluster) => schema.on_cluster(cluster).unwrap(),
        None => schema,
    }
}

fn clicks(engine: &ClickHouse) -> Clicks {
    Clicks::new(ClickOptions { shards: engine.urls().to_vec(), schema: schema(engine) }).unwrap()
}

fn soon() -> Instant {
    Instant::now() + WITHIN
}

#[tokio::test]
async fn rows_come_back_as_they_went_on_two_shards_of_the_old_engine() {
    rows_come_back(&ClickHouse::shards()).await;
}

#[tokio::test]
async fn rows_come_back_as_they_went_on_the_present_engine() {
    rows_come_back(&ClickHouse::chdb()).await;
}

/// Of any kind, in any number of partitions, by all shards.
async fn rows_come_back(engine: &ClickHouse) {
    let clicks = clicks(engine);
    clicks.ensure().await.unwrap();
    clicks.ensure().await.unwrap();
    let mut runner = TestRunner::deterministic();
    let mut rows: Vec<EventRow> =
        (0..150).map(|_| any_row().new_tree(&mut runner).unwrap().current()).collect();
    for (seq, row) in (0_i64..).zip(&mut rows) {
        // Ten years, more partitions than fit into one insert.
        (row.seq, row.time_ms) = (seq, 1_500_000_000_000 + seq * 2_100_000_000);
    }
    let bodies: Vec<_> = rows.chunks(40).map(|rows| to_body(rows).unwrap()).collect();
    let made = inserts(9, clicks.shards(), &bodies).unwrap();
    assert!(made.len() > clicks.shards(), "more than one insert a shard");
    for insert in made {
        clicks.insert(insert.shard, clicks.schema().insert_events(), insert.body, WITHIN).await.unwrap();
    }
    let names: Vec<_> = EventRow::columns().iter().map(|column| column.name).collect();
    let table = clicks.schema().all("event");
    let sql =
        format!("SELECT {} FROM {table} WHERE batch = 9 ORDER BY seq FORMAT RowBinary", names.join(", "));
    // By way of each shard.
    for _ in 0..clicks.shards() {
        let answer = clicks.ask(sql.clone(), soon()).await.unwrap();
        let mut reader = Reader::new(&answer);
        let found: Vec<EventRow> =
            std::iter::from_fn(|| (!reader.is_empty()).then(|| EventRow::read(&mut reader)))
                .collect::<Work<_>>()
                .unwrap();
        assert_eq!(found, rows);
    }
}

#[tokio::test]
async fn errors_have_their_codes_on_the_old_engine() {
    errors_have_their_codes(&ClickHouse::shards()).await;
}

#[tokio::test]
async fn errors_have_their_codes_on_the_present_engine() {
    errors_have_their_codes(&ClickHouse::chdb()).await;
}

async fn errors_have_their_codes(engine: &ClickHouse) {
    let clicks = clicks(engine);
    let refused = async |sql: &str| match clicks.ask(sql.to_owned(), soon()).await {
        Err(ClickError::Refused { code, .. }) => code,
        other => unreachable!("{other:?}"),
    };
    assert_eq!(refused("SELECT nothing FORMAT RowBinary").await, 47);
    assert_eq!(refused("SELECT FROM WHERE").await, 62);
    let rows = vec![1, 2, 3];
    let into_nowhere = format!("INSERT INTO {}.nowhere (a) FORMAT RowBinary", engine.database());
    let error = clicks.insert(0, into_nowhere, rows, WITHIN).await.unwrap_err();
    assert!(matches!(error, ClickError::Refused { code: 60, .. }), "{error}");
    let long = "SELECT sum(sipHash64(number)) FROM numbers(100000000000) FORMAT RowBinary".to_owned();
    let begun = Instant::now();
    let error = clicks.ask(long, begun + Duration::from_millis(1_500)).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(3));
    // Whoever is first, the server or this one, tells that it was too much.
    let told = StoreError::from(error);
    assert!(matches!(told, StoreError::TooWide(_) | StoreError::Unavailable(_)), "{told:?}");
}

#[tokio::test]
async fn a_table_of_another_form_is_refused() {
    let engine = ClickHouse::shards();
    let clicks = clicks(&engine);
    engine.ask(1, "CREATE TABLE rollup (fold UInt32, kind Int64) ENGINE = MergeTree ORDER BY fold");
    let error = clicks.ensure().await.unwrap_err().to_string();
    assert!(error.contains("rollup should have the column kind UInt8"), "{error}");
}

#[tokio::test]
async fn a_cluster_of_another_size_is_refused() {
    let engine = ClickHouse::shards();
    let options = ClickOptions { shards: engine.urls()[..1].to_vec(), schema: schema(&engine) };
    let error = Clicks::new(options).unwrap().ensure().await.unwrap_err().to_string();
    assert!(error.contains("has 2 shards, there are addresses of 1"), "{error}");
}

#[tokio::test]
async fn a_question_that_nobody_waits_for_is_killed() {
    let engine = ClickHouse::shards();
    let clicks = clicks(&engine);
    let marked = format!("SELECT sum(sipHash64(number)), {} FROM numbers(100000000000)", u64::MAX - 4_242);
    let running = || -> usize {
        let sql = format!("SELECT count() FROM system.processes WHERE query LIKE '%{}%'", u64::MAX - 4_242);
        // The question about questions is one of them.
        (0..2).map(|shard| engine.ask(shard, &sql).trim().parse::<usize>().unwrap() - 1).sum()
    };
    let mut asking = Box::pin(clicks.ask(marked, soon()));
    assert!(
        tokio::time::timeout(Duration::from_millis(700), &mut asking).await.is_err(),
        "it takes for ever"
    );
    assert_eq!(running(), 1);
    drop(asking);
    let begun = Instant::now();
    while running() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(5), "it still runs");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_shard_that_is_away_is_gone_round() {
    let engine = ClickHouse::shards();
    // The second address is of nobody: questions go by way of the first.
    let shards = vec![engine.urls()[0].clone(), "http://127.0.0.1:1".to_owned()];
    let clicks = Clicks::new(ClickOptions { shards, schema: schema(&engine) }).unwrap();
    for _ in 0..4 {
        assert_eq!(clicks.ask("SELECT 1 FORMAT RowBinary".to_owned(), soon()).await.unwrap(), [1]);
    }
}

#[tokio::test]
async fn long_lists_of_numbers_are_taken() {
    let engine = ClickHouse::shards();
    let numbers: Vec<_> = (0..300_000).map(|number: u64| number.to_string()).collect();
    let sql = format!("SELECT toUInt8(299999 IN ({})) FORMAT RowBinary", numbers.join(", "));
    assert_eq!(clicks(&engine).ask(sql, soon()).await.unwrap(), [1]);
}
