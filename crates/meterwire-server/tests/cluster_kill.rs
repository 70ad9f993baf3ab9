//! Three real servers on PostgreSQL and two shards of ClickHouse, all of which are killed with -9 again and again under
//! load. Afterwards identities, events, tokens, cost and rollups are equal wherever they are kept, to the nano-dollar, and
//! equal what clients were answered: what was answered is in every total, what was sent again is there once.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;
mod cluster_support;

use cli_support::{Random, Server, seed};
use cluster_support::books::Books;
use cluster_support::engines::{self, Own};
use cluster_support::fleet::Fleet;
use cluster_support::workload::{Bounds, Client, Kept, LIMIT, Model, RANGE, TENANTS, standing};
use cluster_support::{SERVERS, World, nanos, role};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

const KILLS: usize = 50;
const CLIENTS: usize = 8;
/// Events that are rated anew while servers are killed, and their price in nano-dollars a token before and after.
const DEAR: u64 = 6_000;
const DEAR_NANOS: [u64; 2] = [1_000, 3_000];

/// What is killed next.
#[derive(Debug, Clone, Copy)]
enum Victim {
    AnyServer,
    Leader,
    /// A shard, which is started again at once or only after the next kill.
    ClickHouse {
        stays_down: bool,
    },
    Postgres,
}

/// Ten kills, five times.
const TURN: [Victim; 10] = [
    Victim::Leader,
    Victim::AnyServer,
    Victim::ClickHouse { stays_down: false },
    Victim::Leader,
    Victim::AnyServer,
    Victim::Postgres,
    Victim::AnyServer,
    Victim::ClickHouse { stays_down: true },
    Victim::Leader,
    Victim::AnyServer,
];

/// Kills and starts again; works on a thread of its own, since it waits.
struct Killer {
    // Before the engines, so that they end first.
    servers: Vec<Option<Server>>,
    own: Own,
    world: Arc<World>,
    fleet: Fleet,
    random: Random,
    runtime: Handle,
    leaders: usize,
}

impl Killer {
    fn start(&mut self, server: usize) {
        let started = self.world.start_as(Some(role(server)));
        self.fleet.set(server, Some(started.url.clone()));
        self.servers[server] = Some(started);
    }

    fn kill(&mut self, server: usize) {
        self.fleet.set(server, None);
        self.servers[server].take().expect("it runs").kill();
        self.rest(400);
        self.start(server);
    }

    fn rest(&mut self, at_most_ms: u64) {
        std::thread::sleep(Duration::from_millis(self.random.below(at_most_ms)));
    }

    /// The server that leads: its connection holds the lock.
    fn leader(&self) -> usize {
        let holder = "SELECT usename::text FROM pg_locks JOIN pg_stat_activity USING (pid) \
            WHERE locktype = 'advisory' AND granted AND application_name = 'meterwire leader'";
        let begun = Instant::now();
        loop {
            let found = self.runtime.block_on(async {
                let client = engines::connect(self.world.postgres()).await;
                client.query_opt(holder, &[]).await.unwrap().map(|row| row.get::<_, String>(0))
            });
            if let Some(found) = found {
                return (0..SERVERS).find(|server| role(*server) == found).expect("one of ours");
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "nobody leads");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn run(mut self) -> Self {
        let mut down: Option<&str> = None;
        for kill in 0..KILLS {
            std::thread::sleep(Duration::from_millis(250));
            self.rest(600);
            let victim = TURN[kill % TURN.len()];
            println!("kill {kill}: {victim:?}");
            let was_down = down.take();
            match victim {
                Victim::AnyServer => {
                    let server = usize::try_from(self.random.below(SERVERS as u64)).unwrap();
                    self.kill(server);
                }
                Victim::Leader => {
                    let leader = self.leader();
                    self.leaders += 1;
                    self.kill(leader);
                }
                Victim::Postgres => {
                    self.own.order("kill", "postgres");
                    self.rest(600);
                    self.own.order("start", "postgres");
                }
                Victim::ClickHouse { stays_down } => {
                    let shard =
                        ["clickhouse-1", "clickhouse-2"][usize::try_from(self.random.below(2)).unwrap()];
                    self.own.order("kill", shard);
                    if stays_down {
                        down = Some(shard);
                    } else {
                        self.rest(600);
                        self.own.order("start", shard);
                    }
                }
            }
            if let Some(shard) = was_down {
                self.own.order("start", shard);
            }
        }
        self
    }
}

fn dear(number: u64) -> (Value, Kept) {
    let kept = Kept {
        source: "old".to_owned(),
        project: format!("p{}", number % 5),
        user: format!("u{}", number % 50),
        feature: format!("f{}", number % 3),
        failed: false,
        tokens: [number % 977, number % 31],
        nanos: Some(DEAR_NANOS[1]),
        voided: false,
    };
    let event = json!({
        "id": format!("dear-{number}"), "source": kept.source, "provider": "house", "model": "dear",
        "time": format!("2026-10-{:02}T{:02}:00:00Z", 1 + number % 28, number % 24),
        "project": kept.project, "user": kept.user, "status": 200, "properties": { "feature": kept.feature },
        "usage": { "input_tokens": kept.tokens[0], "output_tokens": kept.tokens[1] },
    });
    (event, kept)
}

/// Tenants with limits; in the first one, old events of a price that has changed, which are being rated anew.
async fn prepare(server: &Server) -> (Model, String) {
    for tenant in TENANTS {
        server.post("/api/v1/tenants", &json!({ "slug": tenant })).await;
        let at = |path: &str| format!("{path}?tenant={tenant}");
        server.post(&at("/api/v1/metrics"), &json!({ "name": "units", "window": "none" })).await;
        let seen = json!({ "name": "seen", "window": "none", "counts": "events" });
        server.post(&at("/api/v1/metrics"), &seen).await;
        let limits = json!({ "limits": { "units": LIMIT / 1000 } });
        change(server, "PATCH", &at("/api/v1/tiers/free"), &limits).await;
    }
    let price = |nanos: u64| {
        let usd = (nanos / 1_000).to_string();
        json!({ "provider": "house", "model": "dear", "input": usd, "output": usd })
    };
    let made = server.post("/api/v1/prices?tenant=acme", &price(DEAR_NANOS[0])).await;
    let mut model = Model::default();
    for first in (0..DEAR).step_by(2_000) {
        let made: Vec<_> = (first..first + 2_000).map(dear).collect();
        let batch: Value = made.iter().map(|(event, _)| event.clone()).collect();
        let answer = server.post("/api/v1/events?tenant=acme", &batch).await;
        assert_eq!(answer["stored"], 2_000, "{answer}");
        model.events.extend(
            (first..).map(|number| format!("dear-{number}")).zip(made.into_iter().map(|(_, kept)| kept)),
        );
    }
    let id = made["id"].as_str().unwrap();
    change(server, "PUT", &format!("/api/v1/prices/{id}?tenant=acme"), &price(DEAR_NANOS[1])).await;
    server.post("/api/v1/dimensions?tenant=acme", &json!({ "name": "feature" })).await;
    let mut wish = json!({ "from": "2026-10-01", "to": "2026-11-01" });
    let shown = server.post("/api/v1/prices/rerate?tenant=acme", &wish).await;
    (wish["dry_run"], wish["basis"]) = (json!(false), shown["basis"].clone());
    let begun = server.post("/api/v1/prices/rerate?tenant=acme", &wish).await;
    (model, format!("/api/v1/prices/rerates/{}?tenant=acme", begun["id"].as_str().unwrap()))
}

async fn change(server: &Server, method: &str, path: &str, body: &Value) {
    let url = format!("{}{path}", server.url);
    let (status, answer) = cluster_support::send(&server.http, method, &url, Some(body)).await.unwrap();
    assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
}

/// Sums of a tenant's events by one of their texts: calls, errors, input and output tokens, nano-dollars.
fn grouped(model: &Model, key: impl Fn(&Kept) -> &str) -> BTreeMap<String, [u64; 5]> {
    let mut groups = BTreeMap::<String, [u64; 5]>::new();
    for kept in model.counted() {
        let sums = groups.entry(key(kept).to_owned()).or_default();
        let added = [1, u64::from(kept.failed), kept.tokens[0], kept.tokens[1], kept.cost_nanos()];
        *sums = std::array::from_fn(|place| sums[place] + added[place]);
    }
    groups
}

/// What a server answers is what clients were answered.
async fn check_answers(server: &Server, tenant: &str, model: &Model) {
    type Key = fn(&Kept) -> &str;
    let mut forms: Vec<(&str, Key)> = vec![
        ("project", |kept| &kept.project),
        ("user", |kept| &kept.user),
        ("model", |kept| if kept.nanos.is_some() { "dear" } else { "gpt-4o" }),
    ];
    if tenant == "acme" {
        forms.push(("feature", |kept| &kept.feature));
    }
    for (dimension, key) in forms {
        let path = format!(
            "/api/v1/usage/query?tenant={tenant}&{RANGE}&group_by={dimension}&top=100\
             &metrics=calls,errors,input_tokens,output_tokens,cost"
        );
        let answer = server.get(&path).await;
        let number = |total: &Value, name: &str| total[name].as_u64().unwrap();
        let found: BTreeMap<String, [u64; 5]> = answer["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|group| {
                let total = &group["total"];
                let [calls, errors, input, output] =
                    ["calls", "errors", "input_tokens", "output_tokens"].map(|name| number(total, name));
                (
                    group["key"][0].as_str().unwrap().to_owned(),
                    [calls, errors, input, output, nanos(&total["cost_usd"])],
                )
            })
            .collect();
        assert_eq!(found, grouped(model, key), "{tenant} by {dimension}");
    }
    for (user, [used, held]) in &model.units {
        let status = server.get(&format!("/api/usage/status?tenant={tenant}&user={user}")).await;
        assert_eq!(standing(&status), [used + held, *held], "{tenant} {user}");
        assert!(used + held <= LIMIT, "{tenant} {user} is above its limit");
        let seen = model.counted().filter(|kept| kept.user == **user).count();
        assert_eq!(status["metrics"]["seen"]["current"], json!(seen), "{tenant} {user}");
    }
}

/// The whole log, page by page: every event that counts, once.
async fn check_log(server: &Server, tenant: &str, model: &Model) {
    let counted = model.events.iter().filter(|(_, kept)| !kept.voided);
    let mut left: HashSet<&str> = counted.map(|(id, _)| id.as_str()).collect();
    let mut cursor = String::new();
    loop {
        let page = format!("/api/usage/log?tenant={tenant}&{RANGE}&page_size=500{cursor}");
        let page = server.get(&page).await;
        for row in page["items"].as_array().unwrap() {
            assert!(left.remove(row["id"].as_str().unwrap()), "there twice, voided or never sent: {row}");
        }
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(left.is_empty(), "{} are missing: {:?}", left.len(), left.iter().take(5).collect::<Vec<_>>());
}

/// Ledger, identities, single events and rollups are equal, and equal what clients were answered.
async fn check_books(world: &World, tenant: &str, model: &Model) {
    let books = Books::settled(world, tenant, 1).await;
    books.agree();
    let counted = || model.counted();
    let sum = |of: fn(&Kept) -> u64| counted().map(of).sum::<u64>().cast_signed();
    let expected = [
        counted().count() as i64,
        sum(|kept| kept.failed.into()),
        0,
        sum(|kept| kept.tokens[0]),
        0,
        0,
        0,
        0,
        0,
        sum(|kept| kept.tokens[1]),
        0,
        0,
        0,
        sum(Kept::cost_nanos),
    ];
    assert_eq!(books.ledger, expected, "{tenant}: the ledger and the answers");
    let voided = model.events.values().filter(|kept| kept.voided).count();
    assert_eq!((books.identities, books.voided), (model.events.len() as i64, voided as i64), "{tenant}");
    assert!(books.rollup_rows > 0, "no fold was made, so nothing was proven of folds");
}

async fn load(
    fleet: &Fleet,
    random: &mut Random,
    old: Model,
    killer: Killer,
) -> (BTreeMap<&'static str, Model>, Killer) {
    let stop = Arc::new(AtomicBool::new(false));
    let bounds = [old.events.len(), 0].map(|events| Arc::new(Bounds::beginning_with(events)));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let (tenant, bounds) = (TENANTS[number % 2], bounds[number % 2].clone());
            let client =
                Client::new(fleet.clone(), tenant, format!("c{number}"), Random(random.next()), bounds);
            (tenant, tokio::spawn(client.run(stop.clone())))
        })
        .collect();
    let killer = tokio::task::spawn_blocking(move || killer.run()).await;
    stop.store(true, Ordering::Relaxed);
    let mut models = BTreeMap::from([(TENANTS[0], old), (TENANTS[1], Model::default())]);
    for (tenant, client) in clients {
        models.get_mut(tenant).unwrap().add(client.await.unwrap());
    }
    (models, killer.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_over_fifty_kills_of_servers_and_engines() {
    let mut random = Random(seed());
    let own = tokio::task::spawn_blocking(|| Own::start("postgres,clickhouse")).await.unwrap();
    let world = Arc::new(World::on(&own).await);
    let fleet = Fleet::new(SERVERS);
    let servers = (0..SERVERS).map(|_| None).collect();
    let (runtime, fleet_of, seed) = (Handle::current(), fleet.clone(), random.next());
    let mut killer = Killer {
        own,
        world: world.clone(),
        fleet: fleet_of,
        servers,
        random: Random(seed),
        runtime,
        leaders: 0,
    };
    for server in 0..SERVERS {
        killer.start(server);
    }
    let (old, rerating) = prepare(killer.servers[0].as_ref().unwrap()).await;
    let begun = Instant::now();
    let (models, killer) = load(&fleet, &mut random, old, killer).await;
    println!("{KILLS} kills in {:?}, {} of them of the leader", begun.elapsed(), killer.leaders);
    let servers: Vec<&Server> = killer.servers.iter().flatten().collect();
    cluster_support::eventually("the re-rating is done", Duration::from_mins(1), async || {
        servers[0].get(&rerating).await["state"] == "done"
    })
    .await;
    println!("the re-rating is done after {:?}", begun.elapsed());
    for (tenant, model) in &models {
        let Model { events, refused, repeated, found_done, questions, .. } = model;
        println!(
            "{tenant}: {} events, {refused} decisions refused, {questions} questions meanwhile; of {repeated} requests that \
            were sent again {found_done} batches had been stored",
            events.len()
        );
        for server in &servers {
            check_answers(server, tenant, model).await;
        }
        println!("answers are checked after {:?}", begun.elapsed());
        check_log(servers[1], tenant, model).await;
        println!("the log is checked after {:?}", begun.elapsed());
        check_books(&world, tenant, model).await;
        println!("the books are checked after {:?}", begun.elapsed());
        assert!(*questions > 20 && *repeated > 20 && events.len() > 1_000, "too little to prove anything");
    }
}
