//! Budgets over the router: made, changed, split, spent, refused.

use crate::harness::{ADMIN, NOW_MS, Server, event};
use axum::http::StatusCode;
use meterwire_core::money::CostNanos;
use serde_json::{Value, json};

const DAY_MS: i64 = 86_400_000;

async fn make(server: &Server, owner: &str, body: Value) -> Value {
    let made = server.post("/api/v1/budgets", owner, &body).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json
}

async fn current(server: &Server, owner: &str, id: &Value) -> Value {
    let found = server.get(&format!("/api/v1/budgets/{}", id.as_str().unwrap()), owner).await;
    assert_eq!(found.status, 200, "{found:?}");
    found.json["current"].clone()
}

async fn counts_money(server: &Server, owner: &str) {
    let metric = json!({ "name": "cost_usd", "window": "month" });
    assert_eq!(server.post("/api/v1/metrics", owner, &metric).await.status, 201);
}

#[tokio::test]
async fn a_tenant_begins_with_a_monthly_budget_that_stays() {
    let (server, owner) = Server::with_acme().await;
    let listed = server.get("/api/v1/budgets", &owner).await;
    let items = listed.json["items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    let default = &items[0];
    assert_eq!(default["amount_usd"], "100");
    assert_eq!((&default["is_default"], &default["hard"]), (&json!(true), &json!(false)));
    assert_eq!((&default["scope"], &default["period"]), (&json!({}), &json!("month")));
    assert_eq!(default["thresholds"], json!([0.5, 0.8, 0.95, 1.0]));
    let current = &default["current"];
    assert_eq!(
        (&current["from"], &current["to"]),
        (&json!("2026-11-01T00:00:00Z"), &json!("2026-12-01T00:00:00Z"))
    );
    assert_eq!((&current["spent_usd"], &current["remaining_usd"]), (&json!("0"), &json!("100")));
    let path = format!("/api/v1/budgets/{}", default["id"].as_str().unwrap());
    assert_eq!(server.delete(&path, &owner).await.status, 409);
    let scoped = server.patch(&path, &owner, &json!({ "scope": { "user": "u" } })).await;
    assert_eq!(scoped.refusal(), (422, "invalid_value", "scope"));
}

#[tokio::test]
async fn events_late_ones_and_voids_move_what_was_spent() {
    let (server, owner) = Server::with_acme().await;
    // 0.0075 USD that was spent before there was a budget, in the running month and in the one before.
    server.record(&owner, &json!([event("before")])).await;
    let mut october = event("october");
    october["time"] = json!("2026-10-31T23:59:59Z");
    server.record(&owner, &json!([october])).await;
    let body = json!({ "name": "chat", "amount_usd": "0.03", "scope": { "project": "chat" } });
    let id = make(&server, &owner, body).await["id"].clone();
    assert_eq!(current(&server, &owner, &id).await["spent_usd"], "0.0075");
    let mut late = event("late");
    late["time"] = json!("2026-11-01T00:00:00Z");
    let mut other = event("other");
    other["project"] = json!("search");
    let mut named = event("named");
    named["metrics"] = json!({ "cost_usd": 0.01 });
    server.record(&owner, &json!([late, other, named])).await;
    let stands = current(&server, &owner, &id).await;
    assert_eq!(stands["spent_usd"], "0.025", "0.0075 + 0.0075 + 0.01");
    assert_eq!((&stands["used_percentage"], &stands["alert_level"]), (&json!(83.33), &json!("warning")));
    assert_eq!(server.delete("/api/v1/events/test/late", &owner).await.status, 204);
    assert_eq!(server.delete("/api/v1/events/test/named", &owner).await.status, 204);
    assert_eq!(current(&server, &owner, &id).await["spent_usd"], "0.0075");
    let path = format!("/api/v1/budgets/{}/history?periods=2", id.as_str().unwrap());
    let history = server.get(&path, &owner).await;
    let periods = &history.json["periods"];
    assert_eq!((&periods[0]["spent_usd"], &periods[0]["is_current"]), (&json!("0.0075"), &json!(true)));
    assert_eq!(
        (&periods[1]["spent_usd"], &periods[1]["from"]),
        (&json!("0.0075"), &json!("2026-10-01T00:00:00Z"))
    );
    assert_eq!(periods.as_array().unwrap().len(), 2);
    assert_eq!(server.get(&path.replace("=2", "=0"), &owner).await.refusal().2, "periods");
    // A new month begins by itself.
    server.clock.set(NOW_MS + 9 * DAY_MS);
    let stands = current(&server, &owner, &id).await;
    assert_eq!((&stands["from"], &stands["spent_usd"]), (&json!("2026-12-01T00:00:00Z"), &json!("0")));
}

#[tokio::test]
async fn an_event_belongs_to_the_department_of_its_project() {
    let (server, owner) = Server::with_acme().await;
    let project = json!({ "slug": "chat", "department": "care", "team": "red" });
    assert_eq!(server.post("/api/v1/projects", &owner, &project).await.status, 201);
    let of_care =
        make(&server, &owner, json!({ "name": "care", "amount_usd": 1, "scope": { "department": "care" } }));
    let of_care = of_care.await["id"].clone();
    let of_red = make(&server, &owner, json!({ "name": "red", "amount_usd": 1, "scope": { "team": "red" } }));
    let of_red = of_red.await["id"].clone();
    let mut elsewhere = event("elsewhere");
    elsewhere["department"] = json!("sales");
    server.record(&owner, &json!([event("one"), elsewhere])).await;
    assert_eq!(current(&server, &owner, &of_care).await["spent_usd"], "0.0075");
    assert_eq!(current(&server, &owner, &of_red).await["spent_usd"], "0.015");
    // With another team the project's usage moves.
    assert_eq!(server.patch("/api/v1/projects/chat", &owner, &json!({ "team": "blue" })).await.status, 200);
    assert_eq!(current(&server, &owner, &of_red).await["spent_usd"], "0");
    assert_eq!(
        server
            .patch("/api/v1/projects/chat", &owner, &json!({ "department": "lab", "team": "red" }))
            .await
            .status,
        200
    );
    server.record(&owner, &json!([event("two")])).await;
    assert_eq!(current(&server, &owner, &of_care).await["spent_usd"], "0.0075", "what was recorded stays");
    assert_eq!(current(&server, &owner, &of_red).await["spent_usd"], "0.0225");
}

#[tokio::test]
async fn a_hard_budget_refuses_in_the_contract_s_form() {
    let (server, owner) = Server::with_acme().await;
    counts_money(&server, &owner).await;
    let body =
        json!({ "name": "support", "amount_usd": "0.01", "scope": { "project": "chat" }, "hard": true });
    let id = make(&server, &owner, body).await["id"].clone();
    server.record(&owner, &json!([event("one")])).await;
    let wish = |usd: &str, project: &str| json!({ "metric": "cost_usd", "amount": usd, "user": "u-1", "project": project });
    let refused = server.post("/api/usage/consume", &owner, &wish("0.003", "chat")).await;
    assert_eq!(refused.refusal().0, 429);
    let detail = &refused.json["detail"];
    assert_eq!((&detail["error"], &detail["code"]), (&json!("Budget exceeded"), &json!("budget_exceeded")));
    assert_eq!(detail["message"], "Monthly budget \"support\" exceeded");
    assert_eq!(
        detail["budget"],
        json!({ "id": id, "name": "support", "period": "month", "scope": { "project": "chat" }, "amount_usd": "0.01",
            "spent_usd": "0.0075", "held_usd": "0", "remaining_usd": "0.0025", "resets_at": "2026-12-01T00:00:00Z" })
    );
    assert_eq!(detail["requested_usd"], "0.003");
    // 2026-11-22T10:30:00Z is eight days and 13.5 hours before the end of the month.
    assert_eq!(refused.headers["retry-after"], "739800");
    let checked = server.post("/api/usage/check-limit", &owner, &wish("0.003", "chat")).await;
    assert_eq!(checked.status, 200);
    assert_eq!(checked.json["allowed"], false);
    assert_eq!(checked.json["over_budget"]["code"], "budget_exceeded");
    assert_eq!(server.post("/api/usage/consume", &owner, &wish("0.003", "search")).await.status, 200);
    assert_eq!(server.post("/api/usage/consume", &owner, &wish("0.0025", "chat")).await.status, 200);
    // Nothing is left: other metrics are refused too, increments and events never.
    let calls = json!({ "metric": "api_calls", "user": "u-1", "project": "chat" });
    assert_eq!(server.post("/api/usage/consume", &owner, &calls).await.refusal().1, "budget_exceeded");
    assert_eq!(server.post("/api/usage/increment", &owner, &calls).await.status, 200);
    server.record(&owner, &json!([event("two")])).await;
    let several = server.post("/api/usage/consume", &owner, &json!([calls, wish("1", "search")])).await;
    assert_eq!((&several.json["refused"], &several.json["allowed"]), (&json!(1), &json!(1)));
    assert_eq!(several.json["results"][0]["detail"]["code"], "budget_exceeded");
    let stands = current(&server, &owner, &id).await;
    assert_eq!((&stands["spent_usd"], &stands["remaining_usd"]), (&json!("0.0175"), &json!("-0.0075")));
}

#[tokio::test]
async fn the_key_s_project_is_asked_and_unpriced_models_are_refused() {
    let (server, owner) = Server::with_acme().await;
    counts_money(&server, &owner).await;
    let body = json!({ "name": "bot", "amount_usd": "5", "scope": { "project": "bot" }, "hard": true });
    let id = make(&server, &owner, body).await["id"].clone();
    let key = json!({ "name": "bot", "role": "ingest", "project": "bot" });
    let key = server.post("/api/v1/keys", &owner, &key).await.json["token"].as_str().unwrap().to_owned();
    let hold = |model: &str| json!({ "cost_usd": "1", "user": "u-1", "model": model });
    let refused = server.post("/api/usage/reservations", &key, &hold("nobody-knows")).await;
    assert_eq!(refused.refusal(), (429, "unpriced_model", ""));
    assert!(!refused.headers.contains_key("retry-after"), "waiting gives it no price");
    assert_eq!(
        server.post("/api/usage/reservations", &owner, &hold("nobody-knows")).await.status,
        201,
        "no project"
    );
    let held = server.post("/api/usage/reservations", &key, &hold("gpt-4o")).await;
    assert_eq!(held.status, 201, "{held:?}");
    let stands = current(&server, &owner, &id).await;
    assert_eq!((&stands["held_usd"], &stands["remaining_usd"]), (&json!("1"), &json!("4")));
    let path = format!("/api/usage/reservations/{}/commit", held.json["id"].as_str().unwrap());
    let mut settled = event("settled");
    settled["project"] = json!("bot");
    let committed = server.post(&path, &key, &json!({ "event": settled })).await;
    assert_eq!(committed.status, 200, "{committed:?}");
    let stands = current(&server, &owner, &id).await;
    assert_eq!(
        (&stands["held_usd"], &stands["spent_usd"]),
        (&json!("0"), &json!("0.0075")),
        "once, not twice"
    );
    assert_eq!(server.delete("/api/v1/events/test/settled", &owner).await.status, 204);
    assert_eq!(current(&server, &owner, &id).await["spent_usd"], "0");
    let path = format!("/api/v1/budgets/{}", id.as_str().unwrap());
    assert_eq!(server.patch(&path, &owner, &json!({ "allow_unpriced": true })).await.status, 200);
    assert_eq!(server.post("/api/usage/reservations", &key, &hold("nobody-knows")).await.status, 201);
}

#[tokio::test]
async fn a_budget_is_split_all_or_nothing() {
    let (server, owner) = Server::with_acme().await;
    let id = make(&server, &owner, json!({ "name": "all", "amount_usd": "100", "hard": true })).await["id"]
        .clone();
    let path = format!("/api/v1/budgets/{}/split", id.as_str().unwrap());
    let split = |parts: Value| json!({ "by": "department", "parts": parts });
    let too_much =
        split(json!([{ "value": "care", "amount_usd": "70" }, { "value": "sales", "share": 0.4 }]));
    let refused = server.post(&path, &owner, &too_much).await;
    assert_eq!(refused.refusal().0, 409);
    assert!(refused.json["detail"]["message"].as_str().unwrap().contains("110 USD"), "{refused:?}");
    assert_eq!(server.get("/api/v1/budgets", &owner).await.json["items"].as_array().unwrap().len(), 2);
    let fits = split(json!([{ "value": "care", "amount_usd": "60" }, { "value": "sales", "share": 0.4 }]));
    let made = server.post(&path, &owner, &fits).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let items = made.json["items"].as_array().unwrap();
    assert_eq!(
        (&items[1]["amount_usd"], &items[1]["scope"]),
        (&json!("40"), &json!({ "department": "sales" }))
    );
    assert_eq!((&items[1]["parent"], &items[1]["hard"]), (&id, &json!(true)));
    for (bad, field) in [
        (json!({ "by": "country", "parts": [] }), "by"),
        (split(json!([])), "parts"),
        (split(json!([{ "value": "x" }])), "parts.0"),
        (split(json!([{ "value": "x", "share": 1.5 }])), "parts"),
        (split(json!([{ "value": "x", "amount_usd": "-1" }])), "parts.0.amount_usd"),
    ] {
        assert_eq!(server.post(&path, &owner, &bad).await.refusal(), (422, "invalid_value", field), "{bad}");
    }
}

#[tokio::test]
async fn what_cannot_be_a_budget_names_its_field() {
    let (server, owner) = Server::with_acme().await;
    for (change, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "amount_usd": "-1" }), "amount_usd"),
        (json!({ "amount_usd": "0.0000000001" }), "amount_usd"),
        (json!({ "period": "fortnight" }), "period"),
        (json!({ "period": "custom", "days": 14 }), "anchor"),
        (json!({ "period": "custom", "anchor": "2026-11-03" }), "days"),
        (json!({ "anchor": "2026-11-03" }), "anchor"),
        (json!({ "timezone": "Mars/Base" }), "timezone"),
        (json!({ "scope": { "project": "" } }), "scope.project"),
        (json!({ "thresholds": [0.8, 0.5] }), "thresholds"),
        (json!({ "thresholds": [-0.5] }), "thresholds.0"),
        (json!({ "channels": ["nowhere"] }), "channels.0"),
        (json!({ "parent": "nowhere" }), "parent"),
    ] {
        let mut body = json!({ "name": "b", "amount_usd": "1" });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = server.post("/api/v1/budgets", &owner, &body).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", field), "{body}");
    }
    assert_eq!(server.get("/api/v1/budgets", &owner).await.json["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_foreign_budget_is_none() {
    let (server, owner) = Server::with_acme().await;
    server.tenant("other").await;
    let other = server.key("other", "owner", None).await;
    let id = make(&server, &owner, json!({ "name": "b", "amount_usd": "1" })).await["id"].clone();
    let path = format!("/api/v1/budgets/{}", id.as_str().unwrap());
    let missing = server.get("/api/v1/budgets/nowhere", &other).await;
    let foreign = server.get(&path, &other).await;
    assert_eq!(
        (foreign.status, foreign.json["detail"]["message"].clone()),
        (missing.status, missing.json["detail"]["message"].clone())
    );
    assert_eq!(server.patch(&path, &other, &json!({ "amount_usd": "2" })).await.status, 404);
    assert_eq!(server.delete(&path, &other).await.status, 404);
    assert_eq!(
        server
            .post(
                &format!("{path}/split"),
                &other,
                &json!({ "by": "user", "parts": [{ "value": "x", "share": 1 }] })
            )
            .await
            .status,
        404
    );
    let parent = json!({ "name": "b", "amount_usd": "1", "parent": id });
    assert_eq!(server.post("/api/v1/budgets", &other, &parent).await.refusal().2, "parent");
    assert_eq!(server.get(&format!("{path}?tenant=acme"), ADMIN).await.status, 200);
}

#[tokio::test]
async fn a_passed_threshold_is_told_once() {
    let (server, owner) = Server::with_acme().await;
    let body = json!({ "name": "chat", "amount_usd": "0.02", "scope": { "project": "chat" }, "thresholds": [0.5, 1] });
    make(&server, &owner, body).await;
    let told = async || {
        let alerts = server.get("/api/v1/alerts?kind=budget_threshold", &owner).await;
        assert_eq!(alerts.status, 200, "{alerts:?}");
        alerts.json["items"].as_array().unwrap().len()
    };
    server.record(&owner, &json!([event("1")])).await;
    assert_eq!(told().await, 0);
    server.record(&owner, &json!([event("2")])).await;
    assert_eq!(told().await, 1, "half of it");
    assert_eq!(server.delete("/api/v1/events/test/2", &owner).await.status, 204);
    server.record(&owner, &json!([event("3"), event("4")])).await;
    assert_eq!(told().await, 2, "all of it, and half of it not again");
    server.clock.set(NOW_MS + 10 * DAY_MS);
    server.record(&owner, &json!([event("5"), event("6")])).await;
    assert_eq!(told().await, 3, "half of December's");
}

/// A threshold may be passed without an event: where the amount is lowered by the configuration, or usage moves to a team.
#[tokio::test]
async fn what_is_passed_without_an_event_is_told_too() {
    let (server, owner) = Server::with_acme().await;
    let spent = json!([{ "id": "a", "source": "test", "project": "chat", "cost_usd": "41" }]);
    server.record(&owner, &spent).await;
    make(&server, &owner, json!({ "name": "red", "amount_usd": 10, "scope": { "team": "red" } })).await;
    let told = async || {
        let listed = server.get("/api/v1/alerts", &owner).await;
        let items = listed.json["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told().await, Vec::<String>::new());
    assert_eq!(server.patch("/api/v1/projects/chat", &owner, &json!({ "team": "red" })).await.status, 200);
    assert_eq!(told().await, ["Monthly budget \"red\" has reached 100 %: 41 of 10 USD"]);
    assert_eq!(server.app.follow_monthly_budget(CostNanos(30_000_000_000)).await.unwrap(), 1);
    assert_eq!(told().await[0], "Monthly budget has reached 100 %: 41 of 30 USD");
}
