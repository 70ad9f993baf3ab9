//! A flush that ends between any two of its steps.

use super::super::lead::StepError;
use super::*;

/// Behind which step the leader dies.
#[derive(Debug, Clone, Copy)]
enum Dies {
    Leading,
    Opened,
    /// Behind so many of the inserts, of which there are four: two shards, two partitions each in one insert.
    Inserted(usize),
    Applied,
}

/// Does the steps as far as `dies` says, and then is gone with its connection.
async fn die(world: &World, dies: Dies) {
    let mut lead = world.lead().await;
    if matches!(dies, Dies::Leading) {
        return;
    }
    let (batch, flusher) = (world.open(&lead).await, world.flusher());
    if matches!(dies, Dies::Opened) {
        return;
    }
    for (done, insert) in batch.inserts(world.clicks.shards()).unwrap().into_iter().enumerate() {
        if matches!(dies, Dies::Inserted(inserts) if inserts == done) {
            return;
        }
        flusher.insert(&lead, insert).await.unwrap();
    }
    if matches!(dies, Dies::Applied) {
        batch.apply(&mut lead, 0).await.unwrap();
    }
}

#[tokio::test]
async fn a_flush_that_dies_between_any_two_steps_loses_and_doubles_nothing() {
    let world = World::new().await;
    let mut feeder = world.feeder().await;
    let steps = [Dies::Leading, Dies::Opened, Dies::Inserted(1), Dies::Inserted(2), Dies::Applied];
    for dies in steps {
        feeder.feed(4).await;
        die(&world, dies).await;
        // A question between two leaders.
        let (client, bodies) = (world.connect().await, Bodies::default());
        for tenant in 1..=TENANTS {
            let [seen, committed] = world.look(&client, &bodies, tenant, Duration::ZERO).await;
            assert_eq!(seen, committed, "{dies:?}, tenant {tenant}");
        }
    }
    assert_eq!(world.count("SELECT count(*) FROM batch WHERE state = 'applied'").await, 1);
    let mut lead = world.lead().await;
    assert_eq!(lead.epoch(), 6);
    assert_eq!(world.count("SELECT count(*) FROM batch WHERE state = 'dead'").await, 3);
    world.flush_all(&mut lead).await;
    world.assert_equal().await;
    // The rows of dead batches are there, or the test would show nothing.
    let everything = format!("SELECT count() FROM {}", world.clicks.schema().all("event"));
    let there: i64 = world.tables.ask(0, &everything).trim().parse().unwrap();
    let counted = world.count("SELECT sum(last_seq + cancels)::bigint FROM ledger").await;
    assert!(there > counted, "{there} rows, {counted} of them count");
}

#[tokio::test]
async fn a_shard_that_refuses_makes_its_batch_dead_and_nothing_else() {
    let world = World::new().await;
    world.feeder().await.feed(5).await;
    let mut lead = world.lead().await;
    let mut flusher = world.flusher();
    flusher.flush(&mut lead, 0).await.unwrap();
    let there = world.clicks.schema().local("event");
    world.tables.ask(1, &format!("RENAME TABLE {there} TO {there}_away"));
    let refused = flusher.flush(&mut lead, 0).await.unwrap_err();
    assert!(!refused.ends_leading(), "{refused}");
    let (client, bodies) = (world.connect().await, Bodies::default());
    world.tables.ask(1, &format!("RENAME TABLE {there}_away TO {there}"));
    let snapshot = Snapshot::take(&client, &bodies, TenantId(1)).await.unwrap();
    assert_eq!((snapshot.applied, snapshot.dead.clone()), (1, vec![2]));
    while flusher.flush(&mut lead, 0).await.unwrap() != Flushed::Nothing {}
    world.assert_equal().await;
}

#[tokio::test]
async fn an_engine_that_is_away_costs_no_numbers() {
    let world = World::new().await;
    world.feeder().await.feed(2).await;
    let mut lead = world.lead().await;
    let nowhere = Arc::new(clicks(
        &["http://127.0.0.1:1".to_owned(), "http://127.0.0.1:1".to_owned()],
        world.tables.database(),
    ));
    let mut flusher = Flusher::new(nowhere, SMALL);
    for _ in 0..20 {
        assert!(matches!(flusher.flush(&mut lead, 0).await, Err(StepError::Click(_))));
    }
    assert_eq!(world.count("SELECT count(*) FROM batch").await, 1);
}

#[tokio::test]
async fn a_batch_has_what_fits_and_at_least_one_transaction() {
    let world = World::new().await;
    world.feeder().await.feed(6).await;
    let lead = world.lead().await;
    let events = async |limits| OpenBatch::open(&lead, limits, 0).await.unwrap().unwrap().events();
    assert_eq!(events(BatchLimits { events: 1, bytes: 1 << 20 }).await, 3);
    assert_eq!(events(BatchLimits { events: 100, bytes: 1 }).await, 3);
    assert_eq!(events(BatchLimits { events: 4, bytes: 1 << 20 }).await, 6);
    // Six transactions of three events; the last three each void one.
    assert_eq!(
        events(BatchLimits::default()).await,
        world.count("SELECT sum(events)::bigint FROM outbox").await
    );
}

#[tokio::test]
async fn a_reader_beside_the_flush_sees_what_was_committed() {
    let world = World::new().await;
    let mut feeder = world.feeder().await;
    feeder.feed(10).await;
    let server = world.server(eager());
    let (client, bodies) = (world.connect().await, Bodies::default());
    let feeding = async {
        for _ in 0..60 {
            feeder.feed(2).await;
            sleep(Duration::from_millis(20)).await;
        }
    };
    let reading = async {
        let mut by_both = 0;
        for look in 0..40 {
            let tenant = 1 + look % TENANTS;
            let pause = Duration::from_millis(10 * u64::try_from(look % 8).unwrap());
            let [seen, committed] = world.look(&client, &bodies, tenant, pause).await;
            assert_eq!(seen, committed, "look {look}");
            let snapshot = Snapshot::take(&client, &bodies, TenantId(tenant)).await.unwrap();
            by_both += u32::from(snapshot.applied > 0 && !snapshot.tail.is_empty());
        }
        by_both
    };
    let ((), by_both) = tokio::join!(feeding, reading);
    assert!(by_both > 0, "no look met both ClickHouse and the outbox");
    world.wait_until_flushed().await;
    server.stop().await;
    world.assert_equal().await;
}

#[tokio::test]
async fn what_was_sent_is_kept_a_while_and_then_goes() {
    let world = World::new().await;
    world.feeder().await.feed(4).await;
    let mut lead = world.lead().await;
    let mut flusher = world.flusher();
    for now_ms in [1_000, 2_000] {
        flusher.flush(&mut lead, now_ms).await.unwrap();
    }
    let rows = world.count("SELECT count(*) FROM outbox").await;
    let keep = Keep { outbox: Duration::from_mins(1), ..Keep::default() };
    let cleaner = super::super::clean::Cleaner::new(keep);
    // What is not folded stays, however old it is.
    assert!(!cleaner.forget_sent(&lead, i64::MAX).await.unwrap());
    assert_eq!(world.count("SELECT count(*) FROM outbox").await, rows);
    world.connect().await.execute("UPDATE manifest SET folded = applied", &[]).await.unwrap();
    assert!(!cleaner.forget_sent(&lead, 60_999).await.unwrap());
    assert_eq!(world.count("SELECT count(*) FROM outbox").await, rows);
    cleaner.forget_sent(&lead, 61_000).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM outbox WHERE batch = 1").await, 0);
    assert!(world.count("SELECT count(*) FROM outbox WHERE batch = 2").await > 0);
    // What is known of a batch goes when its rows have gone; the newest stays.
    let two_days_ms = 48 * 3_600_000;
    assert!(!cleaner.forget_batches(&lead, two_days_ms + 999).await.unwrap());
    assert_eq!(world.count("SELECT count(*) FROM batch").await, 2);
    cleaner.forget_batches(&lead, two_days_ms + 10_000).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM batch WHERE id = 2").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM batch").await, 1);
    world.flush_all(&mut lead).await;
    world.assert_equal().await;
}

#[tokio::test]
async fn dead_batches_are_deleted_and_forgotten_at_the_second_look() {
    let world = World::new().await;
    world.feeder().await.feed(4).await;
    die(&world, Dies::Inserted(2)).await;
    let mut lead = world.lead().await;
    world.flush_all(&mut lead).await;
    let keep = Keep { look_again: Duration::from_hours(1), ..Keep::default() };
    let mut cleaner = super::super::clean::Cleaner::new(keep);
    let of_dead = format!("SELECT count() FROM {} WHERE batch = 1", world.clicks.schema().all("event"));
    assert_ne!(world.tables.ask(0, &of_dead).trim(), "0");
    assert_eq!(cleaner.clean(&mut lead, &world.clicks, 0).await.unwrap(), 0);
    let deadline = Instant::now() + Duration::from_secs(30);
    while world.tables.ask(0, &of_dead).trim() != "0" {
        assert!(Instant::now() < deadline, "nothing is deleted");
        sleep(Duration::from_millis(50)).await;
    }
    // Deleted is not enough: once more, an hour later.
    assert_eq!(cleaner.clean(&mut lead, &world.clicks, 1_000).await.unwrap(), 0);
    assert_eq!(cleaner.clean(&mut lead, &world.clicks, 3_600_999).await.unwrap(), 0);
    assert_eq!(world.count("SELECT count(*) FROM manifest WHERE dead = '1'").await, 1);
    assert_eq!(cleaner.clean(&mut lead, &world.clicks, 3_601_000).await.unwrap(), 1);
    assert_eq!(world.count("SELECT count(*) FROM manifest WHERE dead = ''").await, 1);
    world.assert_equal().await;
}
