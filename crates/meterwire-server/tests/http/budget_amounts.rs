//! Amounts of budgets that change: history shows what was in force, and thresholds are told once for each amount.

use crate::harness::{NOW_MS, Server};
use serde_json::{Value, json};

const DAY_MS: i64 = 86_400_000;

async fn make(server: &Server, owner: &str, amount: &str) -> String {
    let made = server
        .post(
            "/api/v1/budgets",
            owner,
            &json!({ "name": "chat", "amount_usd": amount, "scope": { "project": "chat" } }),
        )
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    format!("/api/v1/budgets/{}", made.json["id"].as_str().unwrap())
}

async fn set(server: &Server, owner: &str, path: &str, amount: &str) {
    let changed = server.patch(path, owner, &json!({ "amount_usd": amount })).await;
    assert_eq!((changed.status.as_u16(), &changed.json["amount_usd"]), (200, &json!(amount)));
}

async fn spend(server: &Server, owner: &str, id: &str, usd: &str) {
    server.record(owner, &json!({ "id": id, "source": "test", "project": "chat", "cost_usd": usd })).await;
}

/// Threshold and amount of each alert of the budget, the oldest first.
async fn told(server: &Server, owner: &str) -> Vec<(String, String)> {
    let listed = server.get("/api/v1/alerts?kind=budget_threshold", owner).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = listed.json["items"].as_array().unwrap().iter().rev();
    let of_chat = items.filter(|alert| alert["detail"]["budget"]["name"] == "chat");
    of_chat
        .map(|alert| (text(&alert["detail"]["threshold_percentage"]), text(&alert["detail"]["amount_usd"])))
        .collect()
}

#[tokio::test]
async fn each_period_shows_the_amount_that_was_in_force() {
    let (server, owner) = Server::with_acme().await;
    let path = make(&server, &owner, "250").await;
    spend(&server, &owner, "november", "260").await;
    server.clock.set(NOW_MS + 3 * DAY_MS);
    set(&server, &owner, &path, "280").await;
    set(&server, &owner, &path, "300").await;
    server.clock.set(NOW_MS + 13 * DAY_MS);
    spend(&server, &owner, "december", "350").await;
    set(&server, &owner, &path, "400").await;
    server.clock.set(NOW_MS + 43 * DAY_MS);
    let history = server.get(&format!("{path}/history?periods=4"), &owner).await;
    let shown: Vec<_> = history.json["periods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|period| {
            ["from", "amount_usd", "spent_usd", "over_usd"]
                .map(|name| period[name].as_str().unwrap().to_owned())
        })
        .collect();
    assert_eq!(
        shown,
        [
            ["2027-01-01T00:00:00Z", "400", "0", "0"],
            ["2026-12-01T00:00:00Z", "400", "350", "0"],
            ["2026-11-01T00:00:00Z", "300", "260", "0"],
            ["2026-10-01T00:00:00Z", "250", "0", "0"],
        ]
    );
    // What comes changes nothing of what was.
    set(&server, &owner, &path, "50").await;
    let history = server.get(&format!("{path}/history?periods=3"), &owner).await;
    let amounts =
        history.json["periods"].as_array().unwrap().iter().map(|period| period["amount_usd"].clone());
    assert_eq!(amounts.collect::<Vec<_>>(), [json!("50"), json!("400"), json!("300")]);
}

#[tokio::test]
async fn a_raised_amount_tells_lower_thresholds_again_when_they_are_passed_again() {
    let (server, owner) = Server::with_acme().await;
    let path = make(&server, &owner, "10").await;
    let told_now = async || told(&server, &owner).await;
    let of = |threshold: &str, amount: &str| (threshold.to_owned(), amount.to_owned());
    spend(&server, &owner, "1", "9.6").await;
    let mut expected = vec![of("50", "10"), of("80", "10"), of("95", "10")];
    assert_eq!(told_now().await, expected);
    set(&server, &owner, &path, "20").await;
    assert_eq!(told_now().await, expected, "nothing is passed by raising it");
    spend(&server, &owner, "2", "0.5").await;
    expected.push(of("50", "20"));
    assert_eq!(told_now().await, expected, "10.1 of 20");
    // Below it and above it again: once an amount.
    assert_eq!(server.delete("/api/v1/events/test/2", &owner).await.status, 204);
    spend(&server, &owner, "3", "0.6").await;
    assert_eq!(told_now().await, expected);
    // Lowered, it tells what was not told in this period.
    set(&server, &owner, &path, "10.2").await;
    expected.push(of("100", "10.2"));
    assert_eq!(told_now().await, expected);
    set(&server, &owner, &path, "9").await;
    assert_eq!(told_now().await, expected, "100 % was told");
    // Another name changes no amount.
    server.patch(&path, &owner, &json!({ "name": "chat" })).await;
    set(&server, &owner, &path, "20").await;
    spend(&server, &owner, "4", "6").await;
    expected.push(of("80", "20"));
    assert_eq!(told_now().await, expected, "16.2 of 20");
    // The next period begins anew.
    server.clock.set(NOW_MS + 9 * DAY_MS);
    spend(&server, &owner, "5", "11").await;
    expected.push(of("50", "20"));
    assert_eq!(told_now().await, expected);
}
