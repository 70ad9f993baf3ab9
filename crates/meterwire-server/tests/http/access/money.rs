//! The rows of budgets, alerts, reports, closings and providers, and what has to be there before they are asked for.

use super::*;

pub(super) fn rows_of_statements() -> Vec<Row> {
    vec![
        row("get", "/api/v1/departments/costs", "/api/v1/departments/costs", READ),
        row("get", "/api/v1/closings", "/api/v1/closings", READ_WHOLE),
        // Another month for every role.
        with(
            row("post", "/api/v1/closings", "/api/v1/closings", OWN),
            |n| json!({ "month": format!("20{}-0{}", 10 + n.len(), 1 + n.bytes().last().map_or(0, |digit| digit - b'0')) }),
        ),
        row("get", "/api/v1/closings/{id}", "/api/v1/closings/{closing}", READ_WHOLE),
        row("delete", "/api/v1/closings/{id}", "/api/v1/closings/{closing}", OWN),
        row("get", "/api/v1/closings/{id}/statement", "/api/v1/closings/{closing}/statement", READ_WHOLE),
        row("get", "/api/v1/closings/{id}/adjustment", "/api/v1/closings/{closing}/adjustment", READ_WHOLE),
        row("get", "/api/v1/closings/{id}/changes", "/api/v1/closings/{closing}/changes", READ_WHOLE),
    ]
}

pub(super) fn rows_of_budgets() -> Vec<Row> {
    vec![
        row("get", "/api/v1/budgets", "/api/v1/budgets", READ_WHOLE),
        with(
            row("post", "/api/v1/budgets", "/api/v1/budgets", OWN),
            |n| json!({ "name": n, "amount_usd": "1", "scope": { "project": n } }),
        ),
        row("get", "/api/v1/budgets/{id}", "/api/v1/budgets/{budget}", READ_WHOLE),
        with(
            row("patch", "/api/v1/budgets/{id}", "/api/v1/budgets/{budget}", OWN),
            |_| json!({ "amount_usd": "1000" }),
        ),
        row("delete", "/api/v1/budgets/{id}", "/api/v1/budgets/{budget}", OWN),
        with(
            row("post", "/api/v1/budgets/{id}/split", "/api/v1/budgets/{budget}/split", OWN),
            |n| json!({ "by": "department", "parts": [{ "value": n, "amount_usd": "0.01" }] }),
        ),
        row("get", "/api/v1/budgets/{id}/history", "/api/v1/budgets/{budget}/history", READ_WHOLE),
    ]
}

/// A budget of acme's that has no parts.
pub(super) async fn budget(server: &Server, owner: &str) -> String {
    let body =
        json!({ "name": "spare", "amount_usd": "1000", "scope": { "user": "nobody" }, "period": "day" });
    let listed = server.get("/api/v1/budgets?limit=500", owner).await;
    let items = listed.json["items"].as_array().unwrap();
    let whole = |budget: &&Value| items.iter().all(|item| item["parent"] != budget["id"]);
    if let Some(found) = items.iter().filter(|item| item["name"] == "spare").find(whole) {
        return found["id"].as_str().unwrap().to_owned();
    }
    let made = server.post("/api/v1/budgets", owner, &body).await;
    made.json["id"].as_str().unwrap().to_owned()
}

pub(super) fn channel(n: &str) -> Value {
    json!({ "name": n, "type": "email", "to": ["ops@example.com"] })
}

pub(super) fn rows_of_alerts() -> Vec<Row> {
    vec![
        row("get", "/api/v1/channels", "/api/v1/channels", READ_WHOLE),
        with(row("post", "/api/v1/channels", "/api/v1/channels", OWN), channel),
        row("get", "/api/v1/channels/{id}", "/api/v1/channels/{channel}", READ_WHOLE),
        with(
            row("patch", "/api/v1/channels/{id}", "/api/v1/channels/{channel}", OWN),
            |_| json!({ "enabled": false }),
        ),
        row("delete", "/api/v1/channels/{id}", "/api/v1/channels/{channel}", OWN),
        row("post", "/api/v1/channels/{id}/test", "/api/v1/channels/{channel}/test", OWN),
        row("get", "/api/v1/alerts", "/api/v1/alerts", READ_WHOLE),
        row("get", "/api/v1/alerts/{id}", "/api/v1/alerts/{alert}", READ_WHOLE),
        with(
            row("post", "/api/v1/alerts/{id}/snooze", "/api/v1/alerts/{alert}/snooze", OWN),
            |_| json!({ "until": "2026-11-23" }),
        ),
        row("post", "/api/v1/alerts/{id}/retry", "/api/v1/alerts/{alert}/retry", OWN),
        row("get", "/api/v1/alert-rules", "/api/v1/alert-rules", READ_WHOLE),
        row("get", "/api/v1/alert-rules/{kind}", "/api/v1/alert-rules/limit_near", READ_WHOLE),
        with(
            row("patch", "/api/v1/alert-rules/{kind}", "/api/v1/alert-rules/limit_near", OWN),
            |_| json!({ "params": { "percent": 80 } }),
        ),
    ]
}

/// An alert of acme's, raised as the jobs do.
pub(super) async fn alert(server: &Server, owner: &str) -> String {
    let listed = server.get("/api/v1/alerts", owner).await;
    if let Some(id) = listed.json["items"][0]["id"].as_str() {
        return id.to_owned();
    }
    let id = crate::alerts::raise(server, owner, "made-up").await;
    // The alert stays, and acme's totals are as before.
    assert_eq!(server.delete("/api/v1/events/test/of-made-up", owner).await.status, 204);
    id
}

pub(super) fn report(n: &str) -> Value {
    json!({ "name": n, "every": "day", "to": ["ops@example.com"] })
}

pub(super) fn rows_of_reports() -> Vec<Row> {
    vec![
        row("get", "/api/v1/reports", "/api/v1/reports", READ_WHOLE),
        with(row("post", "/api/v1/reports", "/api/v1/reports", OWN), report),
        row("get", "/api/v1/reports/file", "/api/v1/reports/file?format=csv", READ_WHOLE),
        with(
            row("post", "/api/v1/reports/mail", "/api/v1/reports/mail", OWN),
            |_| json!({ "to": ["ops@example.com"], "formats": ["csv"] }),
        ),
        row("get", "/api/v1/reports/{id}", "/api/v1/reports/{report}", READ_WHOLE),
        with(row("patch", "/api/v1/reports/{id}", "/api/v1/reports/{report}", OWN), |_| json!({ "hour": 9 })),
        row("delete", "/api/v1/reports/{id}", "/api/v1/reports/{report}", OWN),
        row("post", "/api/v1/reports/{id}/send", "/api/v1/reports/{report}/send", OWN),
        row("get", "/api/v1/reports/{id}/deliveries", "/api/v1/reports/{report}/deliveries", READ_WHOLE),
    ]
}

/// A closing of acme's; where the month is closed already, that one.
pub(super) async fn closing(server: &Server, owner: &str) -> String {
    drop(server.post("/api/v1/closings", owner, &json!({ "month": "2009-01" })).await);
    let listed = server.get("/api/v1/closings", owner).await;
    let items = listed.json["items"].as_array().unwrap();
    let found = items.iter().find(|item| item["name"] == "2009-01").unwrap();
    found["id"].as_str().unwrap().to_owned()
}

fn connection(n: &str) -> Value {
    json!({ "provider": "openai", "name": n, "key": format!("sk-admin-{n}"), "enabled": false })
}

pub(super) fn rows_of_providers() -> Vec<Row> {
    vec![
        row("get", "/api/v1/providers", "/api/v1/providers", READ_WHOLE),
        with(row("post", "/api/v1/providers", "/api/v1/providers", OWN), connection),
        row("get", "/api/v1/providers/{id}", "/api/v1/providers/{connection}", READ_WHOLE),
        with(
            row("patch", "/api/v1/providers/{id}", "/api/v1/providers/{connection}", OWN),
            |_| json!({ "enabled": false }),
        ),
        row("delete", "/api/v1/providers/{id}", "/api/v1/providers/{connection}", OWN),
        with(
            row("post", "/api/v1/providers/{id}/backfill", "/api/v1/providers/{connection}/backfill", OWN),
            |_| json!({ "from": "2026-10-01" }),
        ),
        row("post", "/api/v1/providers/{id}/refresh", "/api/v1/providers/{connection}/refresh", OWN),
        row("get", "/api/v1/reconciliation", "/api/v1/reconciliation", READ_WHOLE),
    ]
}

/// A connection of acme's: one for all rows, and a new one where it is to be deleted.
pub(super) async fn connection_of(server: &Server, owner: &str, row: &Row, n: &str) -> String {
    let name = if row.method == "delete" { n } else { "one" };
    let made = server.post("/api/v1/providers", owner, &connection(name)).await;
    if let Some(id) = made.json["id"].as_str() {
        return id.to_owned();
    }
    let listed = server.get("/api/v1/providers", owner).await;
    listed.json["items"][0]["id"].as_str().unwrap().to_owned()
}
