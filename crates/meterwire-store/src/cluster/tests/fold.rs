//! Folds that end between any two of their steps, of two leaders, and beside a reader: rollups of the manifest's folds, events
//! that are not folded and the outbox are together what was committed, by every kind of rollup.

use super::super::click::folds::Kind;
use super::super::fold::{Folder, Folding, OpenFold, insert};
use super::super::lead::StepError;
use super::super::retention::Dropper;
use super::lead::cut_off;
use super::*;

/// Where a folder dies: behind its first step, a shard, all of them, or the last step.
#[derive(Debug, Clone, Copy)]
pub(super) enum Dies {
    Opened,
    Inserted(usize),
    Live,
}

pub(super) fn options() -> FoldOptions {
    FoldOptions::default()
}

/// A fold of everything that was applied, as far as `dies` says.
pub(super) async fn fold(world: &World, lead: &mut Lead, dies: Dies) {
    let fold = OpenFold::of_batches(lead, &options(), true, 0).await.unwrap().unwrap();
    finish(world, lead, fold, dies).await;
}

pub(super) async fn finish(world: &World, lead: &mut Lead, fold: OpenFold, dies: Dies) {
    let shards = match dies {
        Dies::Opened => 0,
        Dies::Inserted(shards) => shards,
        Dies::Live => world.clicks.shards(),
    };
    for shard in 0..shards {
        insert(&world.clicks, shard, fold.statements(&world.clicks)).await.unwrap();
    }
    if matches!(dies, Dies::Live) {
        fold.live(lead, 0).await.unwrap();
    }
}

/// Adds up what one statement answers.
async fn add(world: &World, sql: String, sums: &mut Sums) {
    let answer = world.clicks.ask(sql, Instant::now() + Duration::from_secs(20)).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    for (sum, text) in sums.0.iter_mut().zip(answer.trim().split('\t').filter(|text| !text.is_empty())) {
        *sum += text.parse::<i64>().unwrap();
    }
}

/// What a snapshot counts by this kind of rollups, what is not folded and the tail.
async fn sums_by(world: &World, snapshot: &Snapshot, kind: Kind) -> Sums {
    sums_where(world, snapshot, &format!("kind = {}", kind.number)).await
}

/// The same by rollups of this condition.
pub(super) async fn sums_where(world: &World, snapshot: &Snapshot, rollups: &str) -> Sums {
    let (mut sums, tenant, schema) = (Sums::default(), snapshot.tenant.0, world.clicks.schema());
    if !snapshot.folds.is_empty() {
        let columns: Vec<String> = SUM_NAMES
            .iter()
            .map(|name| format!("sum({})", if *name == "unpriced_calls" { "unpriced" } else { *name }))
            .collect();
        let folds: Vec<String> = snapshot.folds.iter().map(u32::to_string).collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE tenant = {tenant} AND {rollups} AND fold IN ({}) FORMAT TabSeparated",
            columns.join(", "),
            schema.all("rollup"),
            folds.join(", ")
        );
        add(world, sql, &mut sums).await;
    }
    let columns: Vec<String> =
        SUM_NAMES.iter().map(|name| format!("sum(sign * ({}))", column(name))).collect();
    let sql = format!(
        "SELECT {} FROM {} WHERE tenant = {tenant} AND batch > {} AND {} FORMAT TabSeparated",
        columns.join(", "),
        schema.all("event"),
        snapshot.folded,
        counted(snapshot)
    );
    add(world, sql, &mut sums).await;
    for row in snapshot.tail() {
        sums.add(&row.sums(), row.sign.into()).unwrap();
    }
    sums
}

/// A snapshot, and what was committed at its moment.
pub(super) async fn take(client: &Client, bodies: &Bodies, tenant: i64) -> (Snapshot, Sums) {
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await.unwrap();
    let snapshot = Snapshot::take(client, bodies, TenantId(tenant)).await.unwrap();
    let sums = "SELECT sums FROM ledger WHERE tenant_id = $1";
    let committed = client.query_one(sums, &[&tenant]).await.unwrap();
    client.batch_execute("COMMIT").await.unwrap();
    (snapshot, Sums::from_row(committed.get(0)).unwrap_or_default())
}

/// Every kind of rollups tells of every tenant what was committed.
async fn assert_folded(world: &World, when: &str) {
    let (client, bodies) = (world.connect().await, Bodies::default());
    for tenant in 1..=TENANTS {
        let (snapshot, committed) = take(&client, &bodies, tenant).await;
        for kind in Kind::every() {
            let seen = sums_by(world, &snapshot, kind).await;
            assert_eq!(seen, committed, "{when}: tenant {tenant} by {}", kind.set.name);
        }
    }
}

/// Four live folds of one level, each of another batch or more.
async fn four_folds(world: &World, lead: &mut Lead) {
    let mut feeder = world.feeder().await;
    for _ in 0..4 {
        feeder.feed(4).await;
        world.flush_all(lead).await;
        fold(world, lead, Dies::Live).await;
    }
}

fn partitions(world: &World) -> i64 {
    let folds = format!("SELECT uniqExact(fold) FROM {}", world.clicks.schema().all("rollup"));
    world.tables.ask(0, &folds).trim().parse().unwrap()
}

#[tokio::test]
async fn a_fold_that_dies_between_any_two_steps_loses_and_doubles_nothing() {
    let world = World::new().await;
    let mut feeder = world.feeder().await;
    let steps =
        [Dies::Opened, Dies::Inserted(1), Dies::Inserted(2), Dies::Live, Dies::Inserted(2), Dies::Live];
    for dies in steps {
        feeder.feed(4).await;
        let mut lead = world.lead().await;
        // A batch of which all is there, and which never counts.
        let batch = world.open(&lead).await;
        for insert in batch.inserts(world.clicks.shards()).unwrap() {
            world.flusher().insert(&lead, insert).await.unwrap();
        }
        batch.give_up(&mut lead).await.unwrap();
        world.flush_all(&mut lead).await;
        fold(&world, &mut lead, dies).await;
        drop(lead);
        assert_folded(&world, &format!("{dies:?}")).await;
    }
    let lead = world.lead().await;
    let of_state =
        async |state: &str| world.count(&format!("SELECT count(*) FROM fold WHERE state = '{state}'")).await;
    assert_eq!((of_state("live").await, of_state("dead").await, of_state("open").await), (2, 4, 0));
    assert_eq!(
        world.count("SELECT count(*) FROM manifest WHERE folded = applied AND folds = '4,6'").await,
        1
    );
    // Those of which nothing was written have no partition, and one is on one shard alone.
    assert_eq!(partitions(&world), 5);
    let folder = Folder::new(world.clicks.clone(), options());
    assert_eq!(folder.drop_old(&lead, 0).await.unwrap(), 5);
    assert_eq!(partitions(&world), 2);
    assert_eq!(folder.drop_old(&lead, 0).await.unwrap(), 0);
    assert_eq!(of_state("dead").await, 0);
    assert_folded(&world, "cleaned").await;
}

#[tokio::test]
async fn four_folds_become_one_and_questions_of_before_go_on() {
    let world = World::new().await;
    let mut lead = world.lead().await;
    four_folds(&world, &mut lead).await;
    let (client, bodies) = (world.connect().await, Bodies::default());
    let (before, committed) = take(&client, &bodies, 1).await;
    assert_eq!(before.folds, [1, 2, 3, 4]);
    for dies in [Dies::Inserted(1), Dies::Live] {
        let merged = OpenFold::of_folds(&lead, &options()).await.unwrap().unwrap();
        finish(&world, &mut lead, merged, dies).await;
        drop(lead);
        lead = world.lead().await;
        assert_folded(&world, &format!("merged, {dies:?}")).await;
    }
    assert!(OpenFold::of_folds(&lead, &options()).await.unwrap().is_none());
    assert_eq!(world.count("SELECT count(*) FROM manifest WHERE folds = '6' AND folded = applied").await, 1);
    assert_eq!(
        world.count("SELECT count(*) FROM fold WHERE id = 6 AND level = 1 AND from_batch = 1").await,
        1
    );
    let folder = Folder::new(world.clicks.clone(), options());
    folder.drop_old(&lead, 119_999).await.unwrap();
    let total = Kind::every().next().unwrap();
    assert_eq!(sums_by(&world, &before, total).await, committed, "a question that began before");
    assert_eq!(partitions(&world), 5);
    folder.drop_old(&lead, 120_000).await.unwrap();
    assert_eq!(partitions(&world), 1);
    assert_folded(&world, "retired folds are gone").await;
}

#[tokio::test]
async fn who_was_cut_off_makes_no_fold_live() {
    let world = World::new().await;
    world.feeder().await.feed(4).await;
    let mut first = world.lead().await;
    world.flush_all(&mut first).await;
    let opened = OpenFold::of_batches(&first, &options(), true, 0).await.unwrap().unwrap();
    for shard in 0..world.clicks.shards() {
        insert(&world.clicks, shard, opened.statements(&world.clicks)).await.unwrap();
    }
    cut_off(&world).await;
    let mut second = world.lead().await;
    fold(&world, &mut second, Dies::Live).await;
    assert!(opened.live(&mut first, 0).await.unwrap_err().ends_leading());
    assert_eq!(world.count("SELECT count(*) FROM manifest WHERE folds = '2'").await, 1);
    assert_folded(&world, "two leaders").await;
}

/// The lock is the guard; should it ever fail to be one, the epoch is.
#[tokio::test]
async fn an_older_epoch_folds_nothing() {
    let world = World::new().await;
    world.feeder().await.feed(4).await;
    let mut lead = world.lead().await;
    world.flush_all(&mut lead).await;
    let opened = OpenFold::of_batches(&lead, &options(), true, 0).await.unwrap().unwrap();
    world.connect().await.execute("UPDATE manifest SET epoch = epoch + 1", &[]).await.unwrap();
    let again = OpenFold::of_batches(&lead, &options(), true, 0).await;
    assert!(matches!(again, Err(StepError::Fenced)));
    assert!(matches!(opened.live(&mut lead, 0).await, Err(StepError::Fenced)));
    assert_eq!(world.count("SELECT count(*) FROM manifest WHERE folded = 0 AND folds = ''").await, 1);
}

#[tokio::test]
async fn folds_are_made_of_enough_batches_or_old_ones() {
    let world = World::new().await;
    let mut lead = world.lead().await;
    let open = async |lead: &Lead, wanted, now_ms| {
        let fold = OpenFold::of_batches(lead, &options(), wanted, now_ms).await.unwrap();
        let is_some = fold.is_some();
        if let Some(fold) = fold {
            fold.give_up(lead).await.unwrap();
        }
        is_some
    };
    assert!(!open(&lead, true, i64::MAX).await, "there is nothing");
    world.feeder().await.feed(2).await;
    world.flush_all(&mut lead).await;
    assert!(!open(&lead, false, 59_999).await);
    assert!(open(&lead, false, 60_000).await);
    assert!(open(&lead, true, 0).await);
    world.feeder().await.feed(60).await;
    world.flush_all(&mut lead).await;
    assert!(world.count("SELECT count(*) FROM batch WHERE state = 'applied'").await >= 20);
    assert!(open(&lead, false, 0).await);
}

#[tokio::test]
async fn a_shard_that_refuses_makes_its_fold_dead_and_nothing_else() {
    let world = World::new().await;
    world.feeder().await.feed(4).await;
    let mut lead = world.lead().await;
    world.flush_all(&mut lead).await;
    let there = world.clicks.schema().local("rollup");
    world.tables.ask(1, &format!("RENAME TABLE {there} TO {there}_away"));
    let mut folder = Folder::new(world.clicks.clone(), options());
    assert_eq!(folder.step(&mut lead, true, 0).await.unwrap(), Folding::Began { all: true });
    let refused = loop {
        match folder.step(&mut lead, false, 0).await {
            Ok(Folding::Working) => sleep(Duration::from_millis(20)).await,
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert!(!refused.ends_leading(), "{refused}");
    world.tables.ask(1, &format!("RENAME TABLE {there}_away TO {there}"));
    assert_eq!(world.count("SELECT count(*) FROM fold WHERE state = 'dead'").await, 1);
    while folder.step(&mut lead, true, 0).await.unwrap() != Folding::Live {
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(world.count("SELECT count(*) FROM manifest WHERE folds = '2'").await, 1);
    assert_folded(&world, "behind a refusal").await;
}

#[tokio::test]
async fn a_question_beside_folds_sees_what_was_committed() {
    let world = World::new().await;
    let mut feeder = world.feeder().await;
    feeder.feed(10).await;
    let folds = FoldOptions { batches: 3, every: Duration::from_millis(100), ..options() };
    let server = world.server(LeaderOptions { folds, ..eager() });
    let (client, bodies) = (world.connect().await, Bodies::default());
    let feeding = async {
        for _ in 0..80 {
            feeder.feed(2).await;
            sleep(Duration::from_millis(20)).await;
        }
    };
    let reading = async {
        let (mut by_both, kinds) = (0, Kind::every().collect::<Vec<_>>());
        for (look, kind) in (0..60).zip(kinds.iter().cycle().copied()) {
            let tenant = 1 + look % TENANTS;
            let (snapshot, committed) = take(&client, &bodies, tenant).await;
            sleep(Duration::from_millis(10 * u64::try_from(look % 8).unwrap())).await;
            assert_eq!(sums_by(&world, &snapshot, kind).await, committed, "look {look}");
            by_both += u32::from(!snapshot.folds.is_empty() && snapshot.folded < snapshot.applied);
        }
        by_both
    };
    let ((), by_both) = tokio::join!(feeding, reading);
    assert!(by_both > 0, "no look met both rollups and events that are not folded");
    world.wait_until_flushed().await;
    let deadline = Instant::now() + Duration::from_mins(1);
    while world.count("SELECT count(*) FROM manifest WHERE folded < applied").await > 0 {
        assert!(Instant::now() < deadline, "not everything is folded");
        sleep(Duration::from_millis(50)).await;
    }
    while world.count("SELECT count(*) FROM fold WHERE level > 0 AND state <> 'open'").await == 0 {
        assert!(Instant::now() < deadline, "none were merged");
        feeder.feed(2).await;
        sleep(Duration::from_millis(50)).await;
    }
    world.wait_until_flushed().await;
    server.stop().await;
    assert_folded(&world, "at the end").await;
    world.assert_equal().await;
}

#[tokio::test]
async fn what_is_dropped_is_deleted_later_and_its_totals_stay() {
    let world = World::new().await;
    world.feeder().await.feed(12).await;
    let mut lead = world.lead().await;
    world.flush_all(&mut lead).await;
    fold(&world, &mut lead, Dies::Live).await;
    let before_ms = NOVEMBER + 20 * 86_400_000;
    let events = world.clicks.schema().all("event");
    let old = |tenants: &str| {
        let sql = format!("SELECT count() FROM {events} WHERE time_ms < {before_ms} AND tenant {tenants}");
        world.tables.ask(0, &sql).trim().parse::<i64>().unwrap()
    };
    let (of_one, of_others) = (old("= 1"), old("!= 1"));
    assert!(of_one > 0 && of_others > 0);
    // All of a round but its last event is dropped, then the last one as well.
    let begin = "INSERT INTO event_drop VALUES (1, $1, 1000000, 9007199254740992, $2, 0)";
    let client = world.connect().await;
    client.execute(begin, &[&before_ms, &(before_ms - 1)]).await.unwrap();
    let mut dropper = Dropper::new(Duration::from_mins(2));
    assert_eq!(dropper.delete(&lead, &world.clicks, 0).await.unwrap(), 0);
    assert_eq!(dropper.delete(&lead, &world.clicks, 1_000_000).await.unwrap(), 0);
    client.execute("UPDATE event_drop SET at_time_ms = before_ms", &[]).await.unwrap();
    assert_eq!(dropper.delete(&lead, &world.clicks, 2_000_000).await.unwrap(), 0);
    assert_eq!(dropper.delete(&lead, &world.clicks, 2_119_999).await.unwrap(), 0);
    assert_eq!(old("= 1"), of_one, "a question may still be reading them");
    let deadline = Instant::now() + Duration::from_secs(30);
    while dropper.delete(&lead, &world.clicks, 2_120_000).await.unwrap() == 0 {
        assert!(Instant::now() < deadline, "nothing is deleted");
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!((old("= 1"), old("!= 1")), (0, of_others));
    assert_eq!(world.count("SELECT count(*) FROM event_drop").await, 0);
    assert_folded(&world, "deleted").await;
}
