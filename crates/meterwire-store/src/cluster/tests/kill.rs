//! Processes and engines that are killed or stopped under the flush.

use super::*;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Tells the other process where to flush: PostgreSQL, shards with commas, the database there, and how.
const WHERE: &str = "METERWIRE_TEST_FLUSH";

/// A flusher in a process of its own.
struct Flushing {
    process: Child,
    orders: ChildStdin,
    told: BufReader<ChildStdout>,
}

impl Flushing {
    /// `how`: `stepwise` waits for a line between two steps, `always` flushes as a server does.
    fn start(world: &World, how: &str) -> Self {
        let place =
            [world.url.as_str(), &world.tables.urls().join(","), world.tables.database(), how].join(" ");
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "cluster::tests::kill::child_that_flushes", "--nocapture"])
            .env(WHERE, place)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = process.stdin.take().unwrap();
        let told = BufReader::new(process.stdout.take().unwrap());
        Self { process, orders, told }
    }

    fn go_on(&mut self) {
        writeln!(self.orders).unwrap();
    }

    /// Waits until it says that this step is done.
    fn wait_for(&mut self, step: &str) {
        loop {
            let mut line = String::new();
            assert!(self.told.read_line(&mut line).unwrap() > 0, "it ended before {step}");
            if line.trim_end().ends_with(step) {
                return;
            }
        }
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.process.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Flushing {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Run by the tests below in a process of its own; by itself it has nothing to do.
#[tokio::test]
async fn child_that_flushes() {
    let Ok(place) = std::env::var(WHERE) else { return };
    let place: Vec<&str> = place.split(' ').collect();
    let postgres = Postgres::new(place[0]).unwrap();
    let urls: Vec<String> = place[1].split(',').map(str::to_owned).collect();
    let clicks = Arc::new(clicks(&urls, place[2]));
    if place[3] == "always" {
        let (_stop, stopped) = watch::channel(false);
        let (clock, leads) = (Arc::new(SystemClock), Leads::default());
        Leader { postgres, clicks, clock, options: eager(), leads }.run(stopped).await;
        return;
    }
    let step = |done: &str| {
        println!("{done}");
        std::io::stdin().read_line(&mut String::new()).unwrap();
    };
    let mut candidate = Candidate::new(&postgres).await.unwrap();
    let mut lead = loop {
        match candidate.try_lead().await.unwrap() {
            Ok(lead) => break lead,
            Err(again) => candidate = again,
        }
        sleep(Duration::from_millis(20)).await;
    };
    step("leads");
    let batch = OpenBatch::open(&lead, SMALL, 0).await.unwrap().unwrap();
    step("opened");
    let flusher = Flusher::new(clicks.clone(), SMALL);
    for insert in batch.inserts(clicks.shards()).unwrap() {
        flusher.insert(&lead, insert).await.unwrap();
        step("inserted");
    }
    let applied = batch.apply(&mut lead, 0).await;
    step(if applied.is_ok() { "applied" } else { "too late" });
}

#[tokio::test]
async fn a_process_that_is_killed_at_any_step_loses_and_doubles_nothing() {
    let world = World::new().await;
    let mut feeder = world.feeder().await;
    for steps in [vec!["leads"], vec!["leads", "opened"], vec!["leads", "opened", "inserted"]] {
        feeder.feed(4).await;
        let mut flushing = Flushing::start(&world, "stepwise");
        for step in &steps {
            flushing.wait_for(step);
            if step != steps.last().unwrap() {
                flushing.go_on();
            }
        }
        flushing.signal("-KILL");
    }
    let mut lead = world.lead().await;
    assert_eq!(world.count("SELECT count(*) FROM batch WHERE state = 'dead'").await, 2);
    world.flush_all(&mut lead).await;
    world.assert_equal().await;
}

#[tokio::test]
async fn processes_that_are_killed_at_any_moment_lose_and_double_nothing() {
    let world = World::new().await;
    let mut feeder = world.feeder().await;
    let applied = "SELECT count(*) FROM batch WHERE state = 'applied'";
    for kill in 0..8 {
        let before = world.count(applied).await;
        let flushing = Flushing::start(&world, "always");
        // At work, and then for a moment that is another each time.
        let deadline = Instant::now() + Duration::from_secs(30);
        while world.count(applied).await == before {
            assert!(Instant::now() < deadline, "it flushes nothing");
            feeder.feed(1).await;
        }
        let until = Instant::now() + Duration::from_millis(97 * kill % 230);
        while Instant::now() < until {
            feeder.feed(1).await;
            sleep(Duration::from_millis(3)).await;
        }
        flushing.signal("-KILL");
    }
    let mut lead = world.lead().await;
    world.flush_all(&mut lead).await;
    world.assert_equal().await;
}

/// Longer than PostgreSQL bears a silent leader, see `Role::Leader`.
#[tokio::test]
async fn a_leader_that_was_stopped_has_lost_the_right_to_apply() {
    let world = World::new().await;
    world.feeder().await.feed(3).await;
    let mut flushing = Flushing::start(&world, "stepwise");
    for step in ["leads", "opened", "inserted"] {
        flushing.wait_for(step);
        if step != "inserted" {
            flushing.go_on();
        }
    }
    flushing.signal("-STOP");
    let mut lead = world.lead().await;
    assert_eq!(lead.epoch(), 2);
    world.flush_all(&mut lead).await;
    flushing.signal("-CONT");
    for _ in 0..8 {
        flushing.go_on();
    }
    flushing.wait_for("too late");
    assert_eq!(world.count("SELECT count(*) FROM batch WHERE state = 'dead'").await, 1);
    world.assert_equal().await;
}

#[tokio::test]
async fn engines_that_are_killed_lose_and_double_nothing() {
    let mut own = engines::Own::start("postgres,clickhouse");
    let world = World::on(&own).await;
    let limits = BatchLimits { events: 30, ..SMALL };
    let server = world.server(LeaderOptions { limits, ..eager() });
    for engine in ["clickhouse-1", "postgres", "clickhouse-2", "postgres", "clickhouse-1"] {
        let mut feeder = world.feeder().await;
        let fed = tokio::spawn(async move {
            let mut fed = 0;
            while feeder.commit().await.is_ok() && fed < 60 {
                fed += 1;
                sleep(Duration::from_millis(2)).await;
            }
            fed
        });
        sleep(Duration::from_millis(700)).await;
        own = tokio::task::spawn_blocking(move || {
            own.order("kill", engine);
            own.order("start", engine);
            own
        })
        .await
        .unwrap();
        assert!(fed.await.unwrap() > 20);
    }
    world.wait_until_flushed().await;
    world.assert_equal().await;
    server.stop().await;
}
