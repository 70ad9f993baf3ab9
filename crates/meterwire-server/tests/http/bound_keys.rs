//! Keys that are bound to a project: whatever they send belongs to it, so that a hard budget of the project holds them.

use crate::harness::{Server, event};
use serde_json::{Value, json};

/// A tenant that counts money, an owner, and a key of a role that is bound to the project `bot`.
async fn start(role: &str) -> (Server, String, String) {
    let (server, owner) = Server::with_acme().await;
    let metric = json!({ "name": "cost_usd", "window": "month" });
    assert_eq!(server.post("/api/v1/metrics", &owner, &metric).await.status, 201);
    let key = json!({ "name": "bot", "role": role, "project": "bot", "user": "u-1" });
    let made = server.post("/api/v1/keys", &owner, &key).await;
    assert_eq!((made.status.as_u16(), &made.json["project"]), (201, &json!("bot")), "{made:?}");
    let key = made.json["token"].as_str().unwrap().to_owned();
    (server, owner, key)
}

fn of(project: Option<&str>, mut body: Value) -> Value {
    if let Some(project) = project {
        body["project"] = json!(project);
    }
    body
}

#[tokio::test]
async fn decisions_and_reservations_name_the_key_s_project_or_none() {
    for role in ["owner", "member", "ingest"] {
        let (server, _, key) = start(role).await;
        let decision = json!({ "metric": "deployments", "amount": 1, "user": "u-1" });
        let hold = json!({ "cost_usd": "0.01", "user": "u-1" });
        let routes = [
            ("check-limit", &decision),
            ("consume", &decision),
            ("increment", &decision),
            ("reservations", &hold),
        ];
        for (route, body) in routes {
            let path = format!("/api/usage/{route}");
            let refused = server.post(&path, &key, &of(Some("other"), body.clone())).await;
            assert_eq!(refused.refusal(), (403, "other_project", "project"), "{role} {route}: {refused:?}");
            let message = refused.json["detail"]["message"].as_str().unwrap();
            assert!(message.contains("bot") && !message.contains("other"), "{message}");
            for project in [None, Some("bot")] {
                let done = server.post(&path, &key, &of(project, body.clone())).await;
                assert!(done.status.is_success(), "{role} {route} {project:?}: {done:?}");
            }
        }
        let array = json!([of(Some("other"), decision.clone()), decision]);
        let several = server.post("/api/usage/consume", &key, &array).await;
        assert_eq!(
            (&several.json["allowed"], &several.json["invalid"]),
            (&json!(1), &json!(1)),
            "{several:?}"
        );
        assert_eq!(several.json["results"][0]["status"], 403);
        assert_eq!(several.json["results"][0]["detail"]["code"], "other_project");
    }
}

#[tokio::test]
async fn a_hard_budget_of_the_project_holds_its_keys_whatever_they_name() {
    let (server, owner, key) = start("ingest").await;
    let budget = json!({ "name": "bot", "amount_usd": "1", "scope": { "project": "bot" }, "hard": true });
    let budget = server.post("/api/v1/budgets", &owner, &budget).await.json["id"].clone();
    let consume =
        |project: Option<&str>| of(project, json!({ "metric": "cost_usd", "amount": "0.6", "user": "u-1" }));
    let codes = [Some("other"), None, Some("bot"), Some("other"), Some(" bot")];
    let mut got = Vec::new();
    for project in codes {
        let answer = server.post("/api/usage/consume", &key, &consume(project)).await;
        got.push((answer.status.as_u16(), answer.refusal().1.to_owned()));
    }
    let expected = [
        (403, "other_project"),
        (200, ""),
        (429, "budget_exceeded"),
        (403, "other_project"),
        (403, "other_project"),
    ];
    assert_eq!(got, expected.map(|(status, code)| (status, code.to_owned())));
    let stands = server.get(&format!("/api/v1/budgets/{}", budget.as_str().unwrap()), &owner).await;
    assert_eq!(stands.json["current"]["spent_usd"], "0.6", "{stands:?}");
    let free = server.post("/api/usage/consume", &owner, &consume(Some("other"))).await;
    assert_eq!(free.status, 200, "an unbound key names what it wants");
}

#[tokio::test]
async fn events_of_another_project_are_rejected_one_by_one() {
    let (server, owner, key) = start("ingest").await;
    let named = |id: &str, project: Option<&str>| {
        let mut event = event(id);
        event.as_object_mut().unwrap().remove("project");
        of(project, event)
    };
    let batch =
        json!([named("a", None), named("b", Some("other")), named("c", Some("bot")), named("d", Some(""))]);
    let sent = server.post("/api/v1/events", &key, &batch).await;
    assert_eq!(
        (sent.status.as_u16(), &sent.json["stored"], &sent.json["rejected"]),
        (200, &json!(3), &json!(1))
    );
    let rejected = &sent.json["results"][0];
    assert_eq!((&rejected["index"], &rejected["status"]), (&json!(1), &json!("rejected")), "{sent:?}");
    assert!(rejected.to_string().contains("\"project\""), "{rejected}");
    let asked = server.get("/api/v1/usage/query?range=7d&group_by=project", &owner).await;
    let groups = asked.json["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 1, "{asked:?}");
    assert!(groups[0].to_string().contains("bot"));
    let again = server.post("/api/v1/events", &key, &named("a", None)).await;
    assert_eq!(again.json["duplicate"], 1, "what the server fills in does not count");
    let all = server.post("/api/v1/events", &key, &named("e", Some("other"))).await;
    assert_eq!(all.status, 422);
}

#[tokio::test]
async fn a_bound_key_settles_no_reservation_of_another_project() {
    let (server, owner, key) = start("ingest").await;
    let hold = |project: &str| json!({ "cost_usd": "0.01", "user": "u-1", "project": project });
    let other = server.post("/api/usage/reservations", &owner, &hold("other")).await;
    let path = format!("/api/usage/reservations/{}", other.json["id"].as_str().unwrap());
    let commit = format!("{path}/commit");
    assert_eq!(server.get(&path, &key).await.status, 404);
    assert_eq!(server.post(&commit, &key, &json!({})).await.status, 404);
    assert_eq!(server.delete(&path, &key).await.status, 404);
    assert_eq!(server.get(&path, &owner).await.json["status"], "held");
    let own = server.post("/api/usage/reservations", &owner, &hold("bot")).await;
    let path = format!("/api/usage/reservations/{}", own.json["id"].as_str().unwrap());
    let commit = format!("{path}/commit");
    let mut settled = event("settled");
    settled["project"] = json!("other");
    let refused = server.post(&commit, &key, &json!({ "event": settled })).await;
    assert_eq!(refused.refusal(), (422, "invalid_value", "event.project"), "{refused:?}");
    settled["project"] = json!("bot");
    assert_eq!(server.post(&commit, &key, &json!({ "event": settled })).await.status, 200);
}
