//! The providers' reports beside our events: rows, causes that add up, the file; and which source is shown.

use crate::harness::{NOW_MS, Server, event};
use crate::providers::{TODAY, connect, run};
use crate::stand_in::{DAY_MS, Fault, StandIn, completions, costs};
use meterwire_app::Source;
use meterwire_core::period::{Range, RangeInput, zone};
use serde_json::{Value, json};

/// 2026-11-20T00:00:00Z: over, and read more than two days... after the clock is moved.
const DAY: i64 = TODAY - 2 * DAY_MS;
/// When everything of these days is settled.
const LATER_MS: i64 = NOW_MS + 3 * DAY_MS;

fn at(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).unwrap().to_string()
}

/// An event of 1,000 input and 500 output tokens of gpt-4o: 0.0075 USD.
fn used(id: &str, ms: i64, more: &Value) -> Value {
    let mut event = event(id);
    event["time"] = json!(at(ms));
    for (name, value) in more.as_object().unwrap() {
        event[name.as_str()] = value.clone();
    }
    event
}

struct World {
    server: Server,
    owner: String,
    stand_in: StandIn,
}

impl World {
    async fn new() -> Self {
        let (server, owner) = Server::with_acme().await;
        let stand_in = StandIn::start(LATER_MS).await;
        Self { server, owner, stand_in }
    }

    /// Reads what the stand-in tells, days later.
    async fn read(&self) -> String {
        self.server.clock.set(LATER_MS);
        let path = connect(&self.server, &self.owner, "openai", &self.stand_in).await;
        run(&self.server).await;
        path
    }

    async fn ask(&self, query: &str) -> Value {
        let answer = self.server.get(&format!("/api/v1/reconciliation?{query}"), &self.owner).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        check_sums(&answer.json);
        answer.json
    }
}

fn nanos(value: &Value) -> i64 {
    meterwire_core::money::CostNanos::parse_usd(value.as_str().unwrap()).unwrap().0
}

/// In each row and in all, causes make the difference, and sides differ by it.
fn check_sums(found: &Value) {
    let rows = found["rows"].as_array().unwrap();
    for row in rows.iter().chain([&found["total"]]) {
        let difference = nanos(&row["difference"]["cost_usd"]);
        assert_eq!(
            nanos(&row["provider"]["cost_usd"]) - nanos(&row["metered"]["cost_usd"]),
            difference,
            "{row:#}"
        );
        let causes: i64 =
            row["causes"].as_array().unwrap().iter().map(|cause| nanos(&cause["cost_usd"])).sum();
        assert_eq!(causes, difference, "{row:#}");
    }
    let total: i64 = rows.iter().map(|row| nanos(&row["provider"]["cost_usd"])).sum();
    assert_eq!(total, nanos(&found["total"]["provider"]["cost_usd"]));
}

/// Kind and cost of each cause of a row.
fn causes(row: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    row["causes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cause| (text(&cause["kind"]), text(&cause["cost_usd"])))
        .collect()
}

fn cause(kind: &str, cost: &str) -> (String, String) {
    (kind.to_owned(), cost.to_owned())
}

#[tokio::test]
async fn what_agrees_needs_no_cause_whatever_the_model_is_called() {
    let world = World::new().await;
    world
        .server
        .record(&world.owner, &json!([used("a", DAY + 1, &json!({})), used("b", DAY + 2, &json!({}))]))
        .await;
    let model = "gpt-4o";
    world.stand_in.put("completions", DAY, vec![completions(model, 2, 2000, 0, 1000)]);
    world.stand_in.put("costs", DAY, vec![costs("gpt-4o, input", "0.005"), costs("gpt-4o, output", "0.01")]);
    world.read().await;
    let found = world.ask("range=this_month").await;
    let expected = json!({ "requests": 2, "input_tokens": 2000, "output_tokens": 1000, "cost_usd": "0.015" });
    assert_eq!(found["rows"].as_array().unwrap().len(), 1, "{found:#}");
    let row = &found["rows"][0];
    assert_eq!(
        (&row["day"], &row["provider_name"], &row["model"]),
        (&json!("2026-11-20"), &json!("openai"), &json!(model))
    );
    assert_eq!((&row["provider"], &row["metered"]), (&expected, &expected));
    assert_eq!(row["causes"], json!([]));
}

#[tokio::test]
async fn each_cause_is_named_with_its_part() {
    let world = World::new().await;
    let priced = json!({ "api_key": "prod" });
    let unpriced = json!({ "api_key": "prod", "model": "model-of-tomorrow" });
    world
        .server
        .record(
            &world.owner,
            &json!([
                used("a", DAY + 1, &priced),
                used("b", DAY + 2, &priced),
                used("c", DAY - DAY_MS + 1, &priced),
                used("d", DAY - 2 * DAY_MS + 1, &priced),
                used("e", DAY - 3 * DAY_MS + 1, &unpriced),
                used("f", DAY - 4 * DAY_MS + 1, &priced),
            ]),
        )
        .await;
    let keyed = |mut value: Value, key: &str| {
        value["api_key_id"] = json!(key);
        value
    };
    // Two events more than ours, and one by a key that nobody knows.
    world.stand_in.put(
        "completions",
        DAY,
        vec![
            keyed(completions("gpt-4o", 4, 4000, 0, 2000), "key_prod"),
            keyed(completions("gpt-4o", 1, 1000, 0, 500), "key_x"),
        ],
    );
    world.stand_in.put(
        "costs",
        DAY,
        vec![
            keyed(costs("gpt-4o, input", "0.03"), "key_prod"),
            keyed(costs("gpt-4o, input", "0.0075"), "key_x"),
        ],
    );
    // The same usage at another price.
    world.stand_in.put(
        "completions",
        DAY - DAY_MS,
        vec![keyed(completions("gpt-4o", 1, 1000, 0, 500), "key_prod")],
    );
    world.stand_in.put("costs", DAY - DAY_MS, vec![keyed(costs("gpt-4o, input", "0.0085"), "key_prod")]);
    // Nothing of what we counted on the day before.
    // A model that has no price here.
    world.stand_in.put(
        "completions",
        DAY - 3 * DAY_MS,
        vec![keyed(completions("model-of-tomorrow", 1, 1000, 0, 500), "key_prod")],
    );
    world.stand_in.put(
        "costs",
        DAY - 3 * DAY_MS,
        vec![keyed(costs("model-of-tomorrow, input", "2"), "key_prod")],
    );
    // Rounded to cents, as it were.
    world.stand_in.put(
        "completions",
        DAY - 4 * DAY_MS,
        vec![keyed(completions("gpt-4o", 1, 1000, 0, 500), "key_prod")],
    );
    world.stand_in.put(
        "costs",
        DAY - 4 * DAY_MS,
        vec![keyed(costs("gpt-4o, input", "0.0075000003"), "key_prod"), costs("web search tool calls", "1")],
    );
    let path = world.read().await;
    let mapped = world.server.patch(&path, &world.owner, &json!({ "key_map": { "key_prod": "prod" } })).await;
    assert_eq!(mapped.status, 200);
    let found = world.ask("range=this_month").await;
    let rows = found["rows"].as_array().unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row["model"].as_str().unwrap(), causes(row))).collect();
    assert_eq!(
        told,
        [
            ("gpt-4o", vec![]),
            ("web search tool calls", vec![cause("missing_events", "1")]),
            ("model-of-tomorrow", vec![cause("unpriced_model", "2")]),
            ("gpt-4o", vec![cause("extra_events", "-0.0075")]),
            ("gpt-4o", vec![cause("price_difference", "0.001")]),
            ("gpt-4o", vec![cause("unknown_key", "0.0075"), cause("missing_events", "0.015")]),
        ]
    );
    assert!(rows[5]["causes"][0]["detail"].as_str().unwrap().contains("key_x"));
}

#[tokio::test]
async fn a_zone_moves_events_over_the_edge_of_the_day_and_no_total() {
    let world = World::new().await;
    // 23:30 UTC of the 19th is half past midnight of the 20th in Berlin.
    world.server.record(&world.owner, &used("a", DAY - 1_800_000, &json!({}))).await;
    world.stand_in.put("completions", DAY - DAY_MS, vec![completions("gpt-4o", 1, 1000, 0, 500)]);
    world.stand_in.put("costs", DAY - DAY_MS, vec![costs("gpt-4o, input", "0.0075")]);
    world.read().await;
    let utc = world.ask("range=this_month").await;
    assert_eq!(utc["total"]["causes"], json!([]));
    let berlin = world.ask("range=this_month&tz=Europe/Berlin").await;
    let told: Vec<_> = berlin["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["day"].as_str().unwrap(), causes(row)))
        .collect();
    assert_eq!(
        told,
        [
            ("2026-11-19", vec![cause("zone_edge", "0.0075")]),
            ("2026-11-20", vec![cause("zone_edge", "-0.0075")]),
        ]
    );
    assert_eq!(berlin["total"]["difference"]["cost_usd"], "0");
}

#[tokio::test]
async fn what_is_not_reported_yet_is_late_and_not_wrong() {
    let world = World::new().await;
    world
        .server
        .record(
            &world.owner,
            &json!([
                used("a", TODAY + 1, &json!({})),
                used("m", TODAY + 2, &json!({ "provider": "mistral", "model": "mistral-large" }))
            ]),
        )
        .await;
    connect(&world.server, &world.owner, "openai", &world.stand_in).await;
    // Never read: nobody can say that it is late.
    let found = world.ask("range=today").await;
    assert_eq!(causes(&found["rows"][0]), [cause("no_report", "-0.0075")]);
    world.stand_in.next("costs", Fault::Status(500, vec![]));
    run(&world.server).await;
    let found = world.ask("range=today").await;
    assert_eq!(causes(&found["rows"][0]), [cause("no_report", "-0.0075")]);
    assert!(found["rows"][0]["causes"][0]["detail"].as_str().unwrap().contains("ever read"), "{found:#}");
    world.server.clock.set(NOW_MS + 3_600_000);
    // Read on the day itself, without it.
    run(&world.server).await;
    let found = world.ask("range=today").await;
    assert_eq!(causes(&found["rows"][0]), [cause("late_report", "-0.0075")]);
    assert_eq!(found["not_compared"][0]["provider_name"], "mistral");
}

#[tokio::test]
async fn anthropic_is_compared_without_requests() {
    let world = World::new().await;
    let sent = json!({ "provider": "anthropic", "model": "claude-sonnet-4-5", "cost_usd": "0.0105" });
    world.server.record(&world.owner, &used("a", DAY + 1, &sent)).await;
    let result = json!({ "uncached_input_tokens": 2000, "output_tokens": 1000, "model": "claude-sonnet-4-5-20250929", "api_key_id": "k" });
    world.stand_in.put("messages", DAY, vec![result]);
    let cost = json!({ "amount": "2.10", "currency": "USD", "model": "claude-sonnet-4-5-20250929", "description": "x" });
    world.stand_in.put("cost_report", DAY, vec![cost]);
    world.server.clock.set(LATER_MS);
    connect(&world.server, &world.owner, "anthropic", &world.stand_in).await;
    run(&world.server).await;
    let found = world.ask("provider=anthropic").await;
    assert_eq!(found["rows"].as_array().unwrap().len(), 1, "{found:#}");
    assert_eq!(found["rows"][0]["provider"]["requests"], Value::Null);
    assert_eq!(causes(&found["rows"][0]), [cause("missing_events", "0.0105")]);
}

#[tokio::test]
async fn the_file_holds_the_same_and_no_formula() {
    let world = World::new().await;
    world.stand_in.put("costs", DAY, vec![costs("=cmd, input", "0.5")]);
    world.read().await;
    let file = world.server.get("/api/v1/reconciliation?format=csv", &world.owner).await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let text = String::from_utf8(file.bytes).unwrap();
    let lines: Vec<_> = text.split("\r\n").collect();
    assert_eq!(
        lines[0],
        "day,provider,model,provider_requests,provider_input_tokens,provider_output_tokens,\
        provider_cost_usd,metered_requests,metered_input_tokens,metered_output_tokens,metered_cost_usd,difference_cost_usd,\
        revised_at,zone_edge_usd,no_report_usd,late_report_usd,unknown_key_usd,unpriced_model_usd,missing_events_usd,extra_events_usd,\
        price_difference_usd,rounding_usd,unexplained_usd"
    );
    assert_eq!(lines[1], "2026-11-20,openai,'=cmd,,0,0,0.5,,0,0,0,0.5,,0,0,0,0,0,0.5,0,0,0,0");
}

#[tokio::test]
async fn ranges_that_cannot_be_compared_are_refused() {
    let (server, owner) = Server::with_acme().await;
    for (query, field) in [
        ("range=24h", "range"),
        ("from=2026-11-01T12:00:00Z&to=2026-11-02", "range"),
        ("from=2020-01-01&to=2026-01-01", "range"),
        ("provider=mistral", "provider"),
        ("format=pdf", "format"),
        ("tz=Nowhere", "tz"),
        ("unknown=1", "unknown"),
    ] {
        let answer = server.get(&format!("/api/v1/reconciliation?{query}"), &owner).await;
        assert_eq!(answer.refusal(), (422, "invalid_value", field), "{query}");
    }
    let member = server.key("acme", "member", Some("u-1")).await;
    assert_eq!(server.get("/api/v1/reconciliation", &member).await.status, 403);
}

async fn shown(world: &World, project: Option<&str>, range: &str) -> (Source, String) {
    let caller = meterwire_app::Caller::command_line();
    let tenant = world.server.app.tenant_for(&caller, Some("acme")).await.unwrap();
    let utc = zone(&tenant.timezone).unwrap();
    let range: Range = RangeInput::named(range).resolve("30d", &utc, world.server.app.now_ms()).unwrap();
    let shown = world.server.app.shown_source(&tenant, project, range).await.unwrap();
    (shown.source, shown.why)
}

#[tokio::test]
async fn the_source_follows_what_is_there_and_how_it_does() {
    let world = World::new().await;
    assert_eq!(shown(&world, None, "this_month").await.0, Source::Quota);
    world.server.record(&world.owner, &used("a", DAY + 1, &json!({}))).await;
    assert_eq!(shown(&world, None, "this_month").await.0, Source::Metered);
    let path = world.read().await;
    assert_eq!(shown(&world, None, "this_month").await.0, Source::Provider);
    assert_eq!(shown(&world, None, "last_month").await.0, Source::Provider);
    // Parts of days, days before those that are there, and projects that nobody mapped.
    assert_eq!(shown(&world, None, "24h").await.0, Source::Metered);
    assert_eq!(shown(&world, None, "this_year").await.0, Source::Metered);
    assert_eq!(shown(&world, Some("chat"), "this_month").await.0, Source::Metered);
    let map = json!({ "project_map": { "default": "chat" } });
    assert_eq!(world.server.patch(&path, &world.owner, &map).await.status, 200);
    assert_eq!(shown(&world, Some("chat"), "this_month").await.0, Source::Provider);
    // A provider that is not connected.
    let other = json!({ "provider": "mistral", "model": "mistral-large" });
    world.server.record(&world.owner, &used("b", DAY + 2, &other)).await;
    let (source, why) = shown(&world, None, "this_month").await;
    assert_eq!(source, Source::Metered);
    assert!(why.contains("mistral"), "{why}");
    assert_eq!(world.server.delete("/api/v1/events/test/b", &world.owner).await.status, 204);
    // It fails, and is well again.
    world.stand_in.next("costs", Fault::Status(401, vec![]));
    world.server.clock.set(LATER_MS + 600_000);
    run(&world.server).await;
    assert_eq!(shown(&world, None, "this_month").await.0, Source::Metered);
    assert_eq!(world.server.post(&format!("{path}/refresh"), &world.owner, &json!({})).await.status, 202);
    run(&world.server).await;
    assert_eq!(shown(&world, None, "this_month").await.0, Source::Provider);
    // Nobody has asked for an hour.
    world.server.clock.set(LATER_MS + 4_200_000);
    assert_eq!(shown(&world, None, "this_month").await.0, Source::Metered);
    run(&world.server).await;
    assert_eq!(shown(&world, None, "this_month").await.0, Source::Provider);
    assert_eq!(world.server.patch(&path, &world.owner, &json!({ "enabled": false })).await.status, 200);
    assert_eq!(shown(&world, None, "this_month").await.0, Source::Metered);
}

#[tokio::test]
async fn the_providers_totals_are_those_of_its_report() {
    let world = World::new().await;
    let mut of_project = costs("gpt-4o, input", "1.5");
    of_project["project_id"] = json!("proj_1");
    world.stand_in.put("costs", DAY, vec![of_project, costs("gpt-4o, output", "0.25")]);
    world.stand_in.put("completions", DAY, vec![completions("gpt-4o", 3, 100, 40, 10)]);
    world.stand_in.put(
        "vector_stores",
        DAY,
        vec![json!({ "object": "organization.usage.vector_stores.result", "usage_bytes": 5 })],
    );
    let path = world.read().await;
    let map = json!({ "project_map": { "proj_1": "chat" } });
    assert_eq!(world.server.patch(&path, &world.owner, &map).await.status, 200);
    let caller = meterwire_app::Caller::command_line();
    let tenant = world.server.app.tenant_for(&caller, Some("acme")).await.unwrap();
    let month = Range { from_ms: DAY - 19 * DAY_MS, to_ms: DAY + 11 * DAY_MS };
    let all = world.server.app.provider_totals(&tenant, None, month).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].day_ms, all[0].model.as_str(), all[0].requests), (DAY, "gpt-4o", Some(3)));
    assert_eq!((all[0].tokens[..2].to_vec(), all[0].cost.to_string()), (vec![60, 40], "1.75".to_owned()));
    let chat = world.server.app.provider_totals(&tenant, Some("chat"), month).await.unwrap();
    assert_eq!(chat[0].cost.to_string(), "1.5");
}
