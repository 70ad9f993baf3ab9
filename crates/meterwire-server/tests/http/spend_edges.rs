//! R1 where its rules end: the hundredth model, the twentieth part of the cost, whose budget it is, what a filter leaves.

use crate::harness::{Server, event};
use serde_json::{Value, json};

fn at(id: &str, change: &Value) -> Value {
    let mut event = event(id);
    event["time"] = json!("2026-11-10T12:00:00Z");
    for (name, value) in change.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

async fn get(server: &Server, token: &str, path: &str) -> Value {
    let answer = server.get(path, token).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json
}

#[tokio::test]
async fn models_beyond_the_hundredth_are_one_row_without_a_score() {
    let (server, owner) = Server::with_acme().await;
    let of = |number: usize| {
        at(&format!("e-{number}"), &json!({ "model": format!("m-{number:03}"), "cost_usd": "0.01" }))
    };
    server.record(&owner, &Value::Array((0..105).map(of).collect())).await;
    for (path, rows) in [("current-month", "model_breakdown"), ("model-comparison", "models")] {
        let answer = get(&server, &owner, &format!("/api/usage/{path}")).await;
        let rows = answer[rows].as_array().unwrap();
        assert_eq!((rows.len(), &answer["total_cost"]), (101, &json!(1.05)), "{path}");
        let (named, rest) = (&rows[0], &rows[100]);
        assert_eq!((&named["model"], &named["efficiency_score"]), (&json!("m-000"), &json!(100.0)));
        assert_eq!(
            (&rest["model"], &rest["cost"], &rest["requests"], &rest["efficiency_score"]),
            (&json!("Other"), &json!(0.05), &json!(5), &Value::Null)
        );
    }
}

#[tokio::test]
async fn a_model_is_worth_a_word_from_a_twentieth_of_the_cost_on() {
    let (server, owner) = Server::with_acme().await;
    let dear = json!({ "model": "own-model", "provider": "acme", "cost_usd": "95.000000001" });
    server.record(&owner, &json!([at("a", &json!({ "cost_usd": "5" })), at("b", &dear)])).await;
    let compared =
        async || get(&server, &owner, "/api/usage/model-comparison").await["recommendations"].clone();
    assert_eq!(compared().await, json!([]));
    server.record(&owner, &at("c", &json!({ "cost_usd": "0.000000001" }))).await;
    let sentence = compared().await[0].as_str().unwrap().to_owned();
    assert!(sentence.starts_with("gpt-4o made 5 % of the cost at 2.5 in and 10 out USD"), "{sentence}");
    assert!(sentence.contains("gpt-4o-mini of the same provider costs 0.15 in and 0.6 out"), "{sentence}");
}

#[tokio::test]
async fn a_workspace_has_its_own_budget_and_a_member_none_of_others() {
    let (server, owner) = Server::with_acme().await;
    server
        .record(
            &owner,
            &json!([at("a", &json!({ "cost_usd": "3" })), at("b", &json!({ "project": "search" }))]),
        )
        .await;
    let make = async |body: Value| {
        let made = server.post("/api/v1/budgets", &owner, &body).await;
        assert_eq!(made.status, 201, "{made:?}");
        made.json["id"].as_str().unwrap().to_owned()
    };
    make(json!({ "name": "chat", "amount_usd": "20", "scope": { "project": "chat" } })).await;
    for (workspace, amount) in [("chat", 20.0), ("search", 100.0)] {
        let budget = get(&server, &owner, &format!("/api/usage/budget-status?workspace={workspace}")).await;
        assert_eq!(budget["monthly_budget"], json!(amount), "{workspace}");
    }
    let whole = get(&server, &owner, "/api/usage/dashboard/chat").await;
    assert_eq!(whole["budget_status"]["monthly_budget"], json!(20.0));
    let mine = make(json!({ "name": "mine", "amount_usd": "1", "scope": { "user": "u-2" } })).await;
    let other = make(json!({ "name": "other", "amount_usd": "1", "scope": { "user": "u-1" } })).await;
    let member = server.key("acme", "member", Some("u-2")).await;
    assert_eq!(server.get(&format!("/api/usage/budget-status?budget={mine}"), &member).await.status, 200);
    assert_eq!(server.get(&format!("/api/usage/budget-status?budget={other}"), &member).await.status, 404);
}

#[tokio::test]
async fn a_budget_says_what_may_be_spent_a_day() {
    let (server, owner) = Server::with_acme().await;
    let half: jiff::Timestamp = "2026-11-16T00:00:00Z".parse().unwrap();
    server.clock.set(half.as_millisecond());
    server.record(&owner, &at("a", &json!({ "cost_usd": "60" }))).await;
    let advice = async || {
        let budget = get(&server, &owner, "/api/usage/budget-status").await;
        budget["recommendations"][0].as_str().unwrap().to_owned()
    };
    // 40 dollars are left for 15 days.
    assert_eq!(
        advice().await,
        "At this pace 120.00 USD will be spent by the end of the period, 20.00 USD more than the budget \
         \"Monthly budget\". With at most 2.67 USD a day from now on it holds."
    );
    server.record(&owner, &at("b", &json!({ "cost_usd": "40" }))).await;
    assert!(advice().await.starts_with("At this pace"), "all of it is not more than it");
    server.record(&owner, &at("c", &json!({ "cost_usd": "1.5" }))).await;
    assert!(advice().await.starts_with("The budget \"Monthly budget\" is exceeded by 1.50 USD."));
}

#[tokio::test]
async fn what_if_takes_only_what_is_asked_for() {
    let (server, owner) = Server::with_acme().await;
    let events = json!([
        at("a", &json!({})),
        at("b", &json!({ "user": "u-2" })),
        at("c", &json!({ "provider": "azure_openai" })),
        at("d", &json!({ "department": "care", "project": "search" })),
    ]);
    server.record(&owner, &events).await;
    for (query, calls) in [
        ("", 4),
        ("&provider=azure_openai", 1),
        ("&provider=openai&model=gpt-4o", 3),
        ("&filter[user]=u-2", 1),
        ("&filter[department]=care", 1),
        ("&workspace=chat&filter[user]=u-1", 2),
        ("&model=gpt-4o-mini", 0),
    ] {
        let path = format!("/api/v1/usage/what-if?instead=gpt-4o-mini&instead_provider=openai{query}");
        assert_eq!(get(&server, &owner, &path).await["calls"], calls, "{query}");
    }
}
