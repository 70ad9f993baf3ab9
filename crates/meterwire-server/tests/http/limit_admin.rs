//! `/api/usage/admin/`: resets, top users, users near their limits, history, R4's table of limits, tiers of users.

use crate::harness::{ADMIN, NOW_MS, Server, event};
use axum::http::Method;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

const DAY_MS: i64 = 86_400_000;

/// An event that counts one API call of this user, and what it names beside it.
fn used(id: &str, user: &str, time: &str, metrics: &Value) -> Value {
    let mut event = event(id);
    event["user"] = json!(user);
    event["time"] = json!(time);
    event["metrics"] = metrics.clone();
    event
}

/// Three users over three days: on the last one u-1 is near two limits, u-2 at one, u-3 far away.
async fn filled() -> (Server, String) {
    let (server, owner) = Server::with_acme().await;
    server.post("/api/v1/users", &owner, &json!({ "id": "u-2", "username": "Bo", "tier": "pro" })).await;
    let events = json!([
        used("1", "u-1", "2026-11-22T09:00:00Z", &json!({ "deployments": 9, "compute_hours": 9.25 })),
        used("2", "u-2", "2026-11-22T09:01:00Z", &json!({ "deployments": 50 })),
        used("3", "u-2", "2026-11-22T09:02:00Z", &json!({ "api_calls": 4000, "storage": 2048.5 })),
        used("4", "u-3", "2026-11-22T09:03:00Z", &json!({ "deployments": 8 })),
        used("5", "u-1", "2026-11-21T09:00:00Z", &json!({ "deployments": 2 })),
        used("6", "u-3", "2026-11-19T23:59:59Z", &json!({ "compute_hours": 0.001 })),
    ]);
    server.record(&owner, &events).await;
    (server, owner)
}

#[tokio::test]
async fn top_users_come_largest_first() {
    let (server, owner) = filled().await;
    let top = server.get("/api/usage/admin/top-users?limit=2", &owner).await;
    assert_json_snapshot!("top_users", top.json);
    let by = "/api/usage/admin/top-users?metric=compute_hours&date=2026-11-19";
    let day = server.get(by, &owner).await.json;
    assert_eq!(day["items"].as_array().unwrap().len(), 1);
    assert_eq!((&day["items"][0]["user"], &day["items"][0]["current"]), (&json!("u-3"), &json!(0.001)));
    for (query, field) in [
        ("metric=spend", "metric"),
        ("metric=No-Name", "metric"),
        ("date=22.11.2026", "date"),
        ("date=2026-11-31", "date"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=ten", "limit"),
        ("sort=up", "sort"),
    ] {
        let answer = server.get(&format!("/api/usage/admin/top-users?{query}"), &owner).await;
        assert_eq!(answer.refusal(), (422, "invalid_value", field), "{query}");
    }
}

#[tokio::test]
async fn users_near_a_limit_are_strictly_above_the_threshold() {
    let (server, owner) = filled().await;
    assert_json_snapshot!("near_limits", server.get("/api/usage/admin/near-limits", &owner).await.json);
    let users = async |query: &str| {
        let answer = server.get(&format!("/api/usage/admin/near-limits?{query}"), &owner).await;
        let items = answer.json["items"].as_array().unwrap().clone();
        items.iter().map(|item| format!("{} {}", item["user"], item["metric"])).collect::<Vec<_>>()
    };
    // u-3 has used 8 of 10 deployments, which is not more than 0.8.
    assert_eq!(users("threshold=0.799999").await.len(), 4);
    assert_eq!(users("threshold=0.8").await.len(), 3);
    assert_eq!(users("threshold=0.95").await, [r#""u-2" "deployments""#]);
    assert_eq!(users("threshold=1").await, Vec::<String>::new());
    assert_eq!(users("threshold=0.5&limit=1").await, [r#""u-2" "deployments""#]);
    for bad in ["1.1", "-1", "80%", "0.0000001"] {
        let path = format!("/api/usage/admin/near-limits?threshold={}", bad.replace('%', "%25"));
        assert_eq!(server.get(&path, &owner).await.refusal(), (422, "invalid_value", "threshold"), "{bad}");
    }
}

#[tokio::test]
async fn history_has_every_day_newest_first() {
    let (server, owner) = filled().await;
    let week = server.get("/api/usage/admin/history", &owner).await.json;
    let dates: Vec<&str> =
        week["items"].as_array().unwrap().iter().map(|d| d["date"].as_str().unwrap()).collect();
    assert_eq!((dates.len(), dates[0], dates[6]), (7, "2026-11-22", "2026-11-16"));
    assert_json_snapshot!("history", server.get("/api/usage/admin/history?days=4", &owner).await.json);
    for bad in ["0", "91", "-1", "week"] {
        let answer = server.get(&format!("/api/usage/admin/history?days={bad}"), &owner).await;
        assert_eq!(answer.refusal(), (422, "invalid_value", "days"), "{bad}");
    }
}

async fn deployments(server: &Server, owner: &str, user: &str) -> Value {
    let status = server.get(&format!("/api/usage/status?user={user}"), owner).await;
    assert_eq!(status.status, 200, "{status:?}");
    status.json["metrics"]["deployments"]["current"].clone()
}

#[tokio::test]
async fn a_reset_without_a_body_starts_the_day_over_for_everyone() {
    let (server, owner) = filled().await;
    // As curl sends it: no body, no content type.
    let reset = server.call(Method::POST, "/api/usage/admin/manual-reset").token(&owner).send().await;
    assert_eq!((reset.status.as_u16(), &reset.json["date"]), (200, &json!("2026-11-22")), "{reset:?}");
    // Deployments of three users, API calls of three, compute hours of one.
    assert_eq!(reset.json["reset"], 7);
    for user in ["u-1", "u-2", "u-3"] {
        assert_eq!(deployments(&server, &owner, user).await, json!(0), "{user}");
    }
    let near = server.get("/api/usage/admin/near-limits?threshold=0", &owner).await;
    assert_eq!(near.json["items"], json!([]));
    // A level stays, and so do the days before.
    let status = server.get("/api/usage/status?user=u-2", &owner).await.json;
    assert_eq!(status["metrics"]["storage"]["current"], json!(2048.5));
    let yesterday = "/api/usage/admin/top-users?metric=deployments&date=2026-11-21";
    assert_eq!(server.get(yesterday, &owner).await.json["items"][0]["current"], 2);
    // The events stay.
    assert_eq!(server.totals(&owner).await.0, 6);
    let audit = server.get("/api/v1/audit?limit=1", &owner).await.json;
    let newest = &audit["items"][0];
    assert_eq!((&newest["action"], &newest["target"]), (&json!("limits.reset"), &json!("everyone")));
    assert_eq!(newest["actor"], format!("key:{}", &owner[..11]));
}

#[tokio::test]
async fn a_reset_can_name_a_user_and_a_metric() {
    let (server, owner) = filled().await;
    let reset = async |body: Value| {
        let answer = server.post("/api/usage/admin/manual-reset", &owner, &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json["reset"].as_i64().unwrap()
    };
    assert_eq!(reset(json!({ "user": "u-1", "metric": "deployments" })).await, 1);
    assert_eq!(deployments(&server, &owner, "u-1").await, json!(0));
    assert_eq!(deployments(&server, &owner, "u-3").await, json!(8));
    assert_eq!(reset(json!({ "metric": "deployments" })).await, 2);
    assert_eq!(reset(json!({ "user": "u-2", "metric": "storage" })).await, 1);
    let status = server.get("/api/usage/status?user=u-2", &owner).await.json;
    assert_eq!(status["metrics"]["storage"]["current"], 0);
    assert_eq!(reset(json!({ "user": "nobody" })).await, 0);
    assert_eq!(reset(json!({})).await, 4, "API calls of three users, compute hours of one");
    assert_eq!(reset(json!({})).await, 0);

    let path = "/api/usage/admin/manual-reset";
    let unknown = server.post(path, &owner, &json!({ "metric": "spend" })).await;
    assert_eq!(unknown.refusal(), (422, "invalid_value", "metric"));
    let other = server.post(path, &owner, &json!({ "users": [] })).await;
    assert_eq!(other.refusal(), (422, "invalid_value", "users"));
    let form = server.call(Method::POST, path).token(&owner);
    let form = form.body("application/x-www-form-urlencoded", "user=u-1").send().await;
    assert_eq!(form.refusal(), (415, "unsupported_media_type", ""));
    let empty = server.call(Method::POST, path).token(&owner);
    let empty = empty.body("application/x-www-form-urlencoded", "").send().await;
    assert_eq!(empty.status, 200, "curl -d '' names a type but sends nothing");
}

#[tokio::test]
async fn an_admin_names_the_tenant_where_there_are_several() {
    let (server, owner) = filled().await;
    let alone = server.call(Method::POST, "/api/usage/admin/manual-reset").token(ADMIN).send().await;
    assert_eq!((alone.status.as_u16(), &alone.json["reset"]), (200, &json!(7)));
    assert_eq!(deployments(&server, &owner, "u-1").await, json!(0));
    server.tenant("globex").await;
    let unnamed = server.call(Method::POST, "/api/usage/admin/manual-reset").token(ADMIN).send().await;
    assert_eq!(unnamed.refusal(), (422, "invalid_value", "tenant"));
    let named = server.get("/api/usage/admin/history?days=1&tenant=globex", ADMIN).await;
    assert_eq!(named.json["items"][0]["active_users"], 0, "globex knows nothing of acme");
}

#[tokio::test]
async fn the_limits_of_the_tiers_are_one_table() {
    let (server, owner) = Server::with_acme().await;
    let path = "/api/usage/admin/usage-limits";
    assert_json_snapshot!("usage_limits", server.get(path, &owner).await.json);
    let change = json!({ "items": [
        { "tier": "free", "max_deployments_per_day": 12, "max_storage": "1048576.5" },
        { "tier": "pro", "max_compute_hours_per_day": null },
    ] });
    let changed = server.put(path, &owner, &change).await.json;
    assert_eq!(changed, server.get(path, &owner).await.json);
    let rows = changed["items"].as_array().unwrap();
    let free = json!({ "tier": "free", "max_deployments_per_day": 12, "max_api_calls_per_day": 5000,
        "max_compute_hours_per_day": 10, "max_storage": 1_048_576.5 });
    assert_eq!(*rows.iter().find(|row| row["tier"] == "free").unwrap(), free);
    let pro = rows.iter().find(|row| row["tier"] == "pro").unwrap();
    assert_eq!(
        (&pro["max_deployments_per_day"], &pro["max_compute_hours_per_day"]),
        (&json!(50), &json!(null))
    );
    assert_eq!(server.get("/api/v1/tiers/free", &owner).await.json["limits"]["deployments"], 12);

    for (rows, field) in [
        (json!([]), "items"),
        (json!([{ "tier": "gold" }]), "items[0].tier"),
        (json!([{ "tier": "pro" }, { "tier": "pro" }]), "items[1].tier"),
        (
            json!([{ "tier": "pro", "max_storage": 1 }, { "tier": "free", "max_storage": -1 }]),
            "items[1].max_storage",
        ),
        (json!([{ "tier": "pro", "max_api_calls_per_day": "many" }]), "items[0].max_api_calls_per_day"),
        (json!([{ "tier": "pro", "max_tokens": 1 }]), "items[0].max_tokens"),
        (json!([{ "max_storage": 1 }]), "items[0].tier"),
    ] {
        let answer = server.put(path, &owner, &json!({ "items": rows })).await;
        assert_eq!(answer.refusal(), (422, "invalid_value", field), "{rows}");
    }
    assert_eq!(server.get(path, &owner).await.json, changed, "a refused row changes nothing");
}

#[tokio::test]
async fn another_tier_holds_at_once() {
    let (server, owner) = Server::with_acme().await;
    let consume = async |amount: i64| {
        let body = json!({ "metric": "deployments", "amount": amount, "user": "u-1" });
        server.post("/api/usage/consume", &owner, &body).await
    };
    assert_eq!(consume(10).await.status, 200);
    let refused = consume(1).await;
    assert_eq!((refused.status.as_u16(), &refused.json["detail"]["tier"]), (429, &json!("free")));
    let path = "/api/usage/admin/users/u-1";
    let changed = server.patch(path, &owner, &json!({ "tier": "pro" })).await;
    assert_eq!((changed.status.as_u16(), &changed.json["tier"]), (200, &json!("pro")), "{changed:?}");
    assert_eq!(consume(40).await.json["remaining"], 0);
    assert_eq!(consume(1).await.json["detail"]["limit"], 50);
    // A limit of the tier, of the user, of the tenant: each at once.
    server.patch("/api/v1/tiers/pro", &owner, &json!({ "limits": { "deployments": 51 } })).await;
    assert_eq!(consume(1).await.status, 200);
    server.put("/api/v1/users/u-1/limits", &owner, &json!({ "limits": { "deployments": 53 } })).await;
    assert_eq!(consume(2).await.status, 200);
    server.put("/api/v1/users/u-1/limits", &owner, &json!({ "limits": { "deployments": null } })).await;
    server.put("/api/v1/tenant-limits", &owner, &json!({ "limits": { "deployments": 54 } })).await;
    assert_eq!(consume(2).await.json["detail"]["scope"], "tenant");
    assert_eq!(consume(1).await.status, 200);

    let unknown = server.patch(path, &owner, &json!({ "tier": "gold" })).await;
    assert_eq!(unknown.refusal(), (422, "invalid_value", "tier"));
    let message = unknown.json["detail"]["message"].as_str().unwrap();
    assert!(message.ends_with("known are enterprise, free, pro"), "{message}");
    let missing = server.patch("/api/usage/admin/users/u-9", &owner, &json!({ "tier": "pro" })).await;
    assert_eq!(missing.refusal(), (404, "not_found", ""));
    server.tenant("globex").await;
    let foreign = server.key("globex", "owner", None).await;
    let elsewhere = server.patch(path, &foreign, &json!({ "tier": "pro" })).await;
    assert_eq!((elsewhere.status, &elsewhere.bytes), (missing.status, &missing.bytes));
}

#[tokio::test]
async fn what_is_held_counts_towards_the_nearness() {
    let (server, owner) = Server::with_acme().await;
    let hold = json!({ "metric": "compute_hours", "amount": 8.5, "user": "u-1" });
    assert_eq!(server.post("/api/usage/reservations", &owner, &hold).await.status, 201);
    let near = server.get("/api/usage/admin/near-limits", &owner).await.json;
    let item = &near["items"][0];
    assert_eq!(
        (&item["current"], &item["held"], &item["percentage"]),
        (&json!(8.5), &json!(8.5), &json!(85.0))
    );
    // The window ends, and with it the nearness.
    server.clock.set(NOW_MS + DAY_MS);
    assert_eq!(server.get("/api/usage/admin/near-limits", &owner).await.json["items"], json!([]));
}
