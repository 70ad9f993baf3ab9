//! The engines that the tests of the cluster store run on: each test has its own databases, and may have its own engines.

mod common;

use common::engines::{ClickHouse, Own, Postgres, connect};

const SHARD_NUMBERS: &str = "SELECT groupArray(n) FROM (SELECT n FROM all_n ORDER BY n)";

#[tokio::test]
async fn each_test_has_a_database_of_its_own_in_postgresql() {
    let one = Postgres::with_schema().await;
    let other = Postgres::with_schema().await;
    assert_ne!(one.url(), other.url());
    let client = one.connect().await;
    client.batch_execute("INSERT INTO setting VALUES ('a', 'b')").await.unwrap();
    let settings = "SELECT count(*) FROM setting";
    assert_eq!(client.query_one(settings, &[]).await.unwrap().get::<_, i64>(0), 1);
    let client_of_other = other.connect().await;
    assert_eq!(client_of_other.query_one(settings, &[]).await.unwrap().get::<_, i64>(0), 0);
    let order = "SELECT 'Z' < 'a' COLLATE \"default\"";
    assert!(client.query_one(order, &[]).await.unwrap().get::<_, bool>(0), "texts are in the order of bytes");

    // Behind the test nothing is left, although somebody is connected still.
    let name = one.url().rsplit_once('/').unwrap().1.to_owned();
    drop(one);
    let left = "SELECT count(*) FROM pg_database WHERE datname = $1";
    assert_eq!(client_of_other.query_one(left, &[&name]).await.unwrap().get::<_, i64>(0), 0);
}

#[test]
fn two_shards_are_a_cluster() {
    let shards = ClickHouse::shards();
    assert_eq!((shards.urls().len(), shards.ask(0, "SELECT version()").trim_end()), (2, "18.16.1"));
    let (cluster, database) = (shards.cluster().unwrap(), shards.database());
    for shard in 0..2 {
        shards.ask(shard, "CREATE TABLE n (n Int64) ENGINE = MergeTree ORDER BY n");
        shards.ask(shard, &format!("INSERT INTO n VALUES ({shard})"));
        let all = format!("CREATE TABLE all_n AS n ENGINE = Distributed({cluster}, {database}, n)");
        shards.ask(shard, &all);
    }
    assert_eq!(shards.ask(1, SHARD_NUMBERS), "[0,1]\n");
}

#[test]
fn the_present_engine_speaks_http_too() {
    let chdb = ClickHouse::chdb();
    assert_eq!((chdb.urls().len(), chdb.cluster()), (1, None));
    assert!(chdb.ask(0, "SELECT version()").starts_with("26."));
    assert_eq!(chdb.ask(0, "SELECT currentDatabase()").trim_end(), chdb.database());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_was_killed_comes_back_with_what_it_had() {
    let mut own = Own::start("postgres,chdb");
    let chdb = own.chdb().remove(0);
    {
        let client = connect(own.postgres()).await;
        client.batch_execute("CREATE TABLE kept (n bigint); INSERT INTO kept VALUES (7)").await.unwrap();
        let database = ClickHouse::on(vec![chdb.clone()], None);
        database.ask(0, "CREATE TABLE default.kept (n Int64) ENGINE = MergeTree ORDER BY n");
        database.ask(0, "INSERT INTO default.kept VALUES (8)");
        own.order("kill", "postgres");
        assert!(client.simple_query("SELECT 1").await.is_err(), "it is dead");
        own.order("start", "postgres");
    }
    let client = connect(own.postgres()).await;
    assert_eq!(client.query_one("SELECT n FROM kept", &[]).await.unwrap().get::<_, i64>(0), 7);
    own.order("kill", "chdb-1");
    own.order("start", "chdb-1");
    assert_eq!(ClickHouse::on(vec![chdb], None).ask(0, "SELECT n FROM default.kept"), "8\n");
}
