//! A re-rating goes on where it was: the real binary is killed with -9 while it rates old events anew and others are recorded
//! and voided beside it, and after each kill every total is what its events add up to, and at the end exact.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Random, Server, run_json, run_ok, seed};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

const EVENTS: u64 = 24_000;
/// Nano-dollars a token before and after, by model; nothing before is no price.
const MODELS: [(&str, u64, u64); 3] = [("dear", 1_000, 3_000), ("new", 0, 2_000), ("same", 5_000, 5_000)];

/// What is stored: model and tokens by the number of the event.
type Model = BTreeMap<u64, (usize, u64)>;

fn event(number: u64, random: &mut Random) -> (Value, (usize, u64)) {
    let (model, tokens) = (usize::try_from(random.below(3)).unwrap(), random.below(1_000));
    // Over the end of a closed month; some at one instant.
    let day = if random.below(4) == 0 {
        "2026-11-01T00:00:00Z".to_owned()
    } else {
        format!(
            "2026-{}-{:02}T{:02}:{:02}:00Z",
            10 + random.below(2),
            1 + random.below(20),
            random.below(24),
            random.below(60)
        )
    };
    let event = json!({
        "id": format!("e{number}"), "source": "s", "provider": "house", "model": MODELS[model].0, "time": day,
        "user": format!("u-{}", random.below(30)), "project": format!("p-{}", random.below(5)),
        "usage": { "input_tokens": tokens },
    });
    (event, (model, tokens))
}

async fn record(server: &Server, model: &mut Model, random: &mut Random, numbers: Range<u64>) {
    let (mut events, begins) = (Vec::new(), model.len());
    for number in numbers {
        let (event, of) = event(number, random);
        events.push(event);
        model.insert(number, of);
    }
    let answer = server.post("/api/v1/events?tenant=acme", &json!(events)).await;
    assert_eq!(answer["stored"], model.len() - begins, "{answer}");
}

async fn void(server: &Server, model: &mut Model, number: u64) {
    if model.remove(&number).is_none() {
        return;
    }
    let path = format!("{}/api/v1/events/s/e{number}?tenant=acme", server.url);
    let done = server.http.delete(path).bearer_auth(ADMIN_TOKEN).send().await.unwrap();
    assert!(done.status().is_success(), "{number}: {}", done.status());
}

fn price(model: &str, nanos: u64) -> Value {
    let usd = format!("{}", nanos / 1_000);
    json!({ "provider": "house", "model": model, "input": usd, "output": usd })
}

/// What is stored is rated by the new prices, every event of it.
async fn check(server: &Server, model: &Model) {
    let path =
        "/api/v1/usage/query?tenant=acme&from=2026-10-01&to=2026-12-01&group_by=model&metrics=calls,cost";
    let answer = server.get(path).await;
    assert_eq!(answer["total"]["unpriced_calls"], 0, "{answer}");
    for (place, (name, _, nanos)) in MODELS.iter().enumerate() {
        let of = model.values().filter(|(model, _)| *model == place);
        let (calls, tokens) = of.fold((0, 0), |(calls, sum), (_, tokens)| (calls + 1, sum + tokens));
        let groups = answer["groups"].as_array().unwrap();
        let group = groups.iter().find(|group| group["key"][0] == *name).unwrap();
        let cost = i64::try_from(tokens * nanos).unwrap();
        let cost = meterwire_core::money::CostNanos(cost).to_string();
        assert_eq!(
            (&group["total"]["calls"], &group["total"]["cost_usd"]),
            (&json!(calls), &json!(cost)),
            "{name}"
        );
    }
}

fn doctor(dir: &Path) {
    let looked = run_json(dir, &["doctor", "--data-dir", "data"]);
    assert_eq!(looked["found"], 0, "{looked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_rated_anew_once_over_many_kills() {
    let mut random = Random(seed());
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    run_ok(dir.path(), &["tenant", "create", "acme", "--data-dir", "data"]);
    let (mut model, mut next) = (Model::new(), 0);
    let mut server = Server::start(&data);
    let mut ids = BTreeMap::new();
    for (name, before, _) in MODELS.iter().filter(|(_, before, _)| *before > 0) {
        let made = server.post("/api/v1/prices?tenant=acme", &price(name, *before)).await;
        ids.insert(*name, made["id"].as_str().unwrap().to_owned());
    }
    while next < EVENTS {
        record(&server, &mut model, &mut random, next..next + 4_000).await;
        next += 4_000;
    }
    let budget =
        json!({ "name": "p-1", "amount_usd": "1000", "scope": { "project": "p-1" }, "period": "year" });
    server.post("/api/v1/budgets?tenant=acme", &budget).await;
    server.post("/api/v1/closings?tenant=acme", &json!({ "month": "2026-10" })).await;
    for (name, _, after) in MODELS {
        let path = match ids.get(name) {
            None => "/api/v1/prices?tenant=acme".to_owned(),
            Some(id) => format!("/api/v1/prices/{id}?tenant=acme"),
        };
        let url = format!("{}{path}", server.url);
        let request = if ids.contains_key(name) { server.http.put(url) } else { server.http.post(url) };
        let done = request.bearer_auth(ADMIN_TOKEN).json(&price(name, after)).send().await.unwrap();
        assert!(done.status().is_success(), "{}", done.status());
    }
    let mut wish = json!({ "from": "2026-10-01", "to": "2026-12-01" });
    let shown = server.post("/api/v1/prices/rerate?tenant=acme", &wish).await;
    assert_eq!(shown["closings"], json!(["2026-10"]));
    (wish["dry_run"], wish["basis"]) = (json!(false), shown["basis"].clone());
    let begun = server.post("/api/v1/prices/rerate?tenant=acme", &wish).await;
    let path = format!("/api/v1/prices/rerates/{}?tenant=acme", begun["id"].as_str().unwrap());

    let (mut kills, mut in_the_middle) = (0, 0);
    loop {
        tokio::time::sleep(Duration::from_millis(random.below(150))).await;
        let state = server.get(&path).await;
        server.kill();
        println!("kill {kills}: {} of {}, {}", state["done"], state["total"], state["state"]);
        doctor(dir.path());
        if state["state"] == "done" {
            break;
        }
        in_the_middle += u64::from(state["done"].as_u64() > Some(0));
        kills += 1;
        assert!(kills < 300, "it never ends");
        server = Server::start(&data);
        record(&server, &mut model, &mut random, next..next + 10).await;
        next += 10;
        for _ in 0..5 {
            let number = random.below(next);
            void(&server, &mut model, number).await;
        }
    }
    let server = Server::start(&data);
    check(&server, &model).await;
    let state = server.get(&path).await;
    assert!(state["changed"].as_u64() <= shown["changed"].as_u64(), "{state}");
    let log = server.get("/api/v1/audit?tenant=acme&limit=500").await;
    let ended =
        log["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "prices.rerate.done");
    assert_eq!(ended.count(), 1);
    server.stop();
    println!("{kills} kills, {in_the_middle} of them in the middle");
    assert!(in_the_middle > 1, "the harness never killed in the middle");
}
