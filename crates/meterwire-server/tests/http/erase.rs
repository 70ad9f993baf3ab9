//! Erasing a user: totals stay, the identity goes.

use crate::harness::{Server, event};
use serde_json::{Value, json};

/// A name that occurs nowhere by chance.
const NAME: &str = "zaphod.beeblebrox@example.org";

fn event_of(id: &str, user: &str) -> Value {
    let mut event = event(id);
    event["user"] = json!(user);
    event["properties"] = json!({ "mail": format!("mail of {user}"), "feature": "reply" });
    event["request_hash"] = json!("11".repeat(32));
    event
}

async fn erase(server: &Server, owner: &str) -> String {
    let path = format!("/api/v1/users/{}/erase", NAME.replace('@', "%40"));
    let erased = server.post(&path, owner, &json!({ "user": NAME })).await;
    assert_eq!((erased.status.as_u16(), &erased.json["state"]), (200, &json!("complete")), "{erased:?}");
    erased.json["pseudonym"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn totals_stay_and_the_name_is_in_no_answer_and_no_file() {
    let (server, owner) = Server::with_acme().await;
    let events: Vec<_> =
        (0..50).map(|i| event_of(&format!("e{i}"), if i % 2 == 0 { NAME } else { "u-2" })).collect();
    server.record(&owner, &json!(events)).await;
    let key = server.key("acme", "member", Some(NAME)).await;
    let consume = json!({ "metric": "deployments", "amount": 2, "user": NAME });
    assert_eq!(server.post("/api/usage/consume", &owner, &consume).await.status, 200);
    let store = json!({ "metric": "storage", "amount": 5, "user": NAME });
    assert_eq!(server.post("/api/usage/increment", &owner, &store).await.status, 200);
    let reserve = json!({ "metric": "deployments", "amount": 1, "user": NAME, "idempotency_key": "k" });
    let held = server.post("/api/usage/reservations", &owner, &reserve).await;
    assert_eq!(held.status, 201, "{held:?}");
    let limits = json!({ "limits": { "deployments": 9 } });
    let path = format!("/api/v1/users/{}/limits", NAME.replace('@', "%40"));
    assert_eq!(server.put(&path, &owner, &limits).await.status, 200);
    let reset = json!({ "user": NAME, "metric": "api_calls" });
    assert_eq!(server.post("/api/usage/admin/manual-reset", &owner, &reset).await.status, 200);
    let question = "/api/v1/usage/query?range=7d&group_by=user&metrics=calls,cost,users";
    let before = server.get(question, &owner).await;
    assert!(server.data.holds(NAME).await, "the test looks at the right place");

    let pseudonym = erase(&server, &owner).await;
    assert!(pseudonym.starts_with("erased-") && pseudonym.len() == 15, "{pseudonym}");
    let after = server.get(question, &owner).await;
    assert_eq!(after.json["total"], before.json["total"]);
    let shown = String::from_utf8(after.bytes).unwrap();
    assert!(shown.contains(&pseudonym) && !shown.contains(NAME));
    let log = server.get(&format!("/api/usage/log?filter[user]={pseudonym}&page_size=100"), &owner).await;
    assert_eq!(log.json["total"], 25);
    for path in [
        "/api/usage/log",
        "/api/v1/users",
        "/api/v1/audit",
        "/api/v1/keys",
        "/api/usage/admin/top-users?metric=deployments",
    ] {
        let answer = server.get(path, &owner).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!String::from_utf8(answer.bytes).unwrap().contains(NAME), "{path}");
    }
    let audit = server.get("/api/v1/audit", &owner).await;
    let newest = &audit.json["items"][0];
    assert_eq!((&newest["action"], &newest["target"]), (&json!("user.erase"), &json!(pseudonym)));
    assert_eq!(server.get("/api/v1/me", &key).await.status, 401, "its key has ended");
    let standing = server.get(&format!("/api/usage/status?user={pseudonym}"), &owner).await;
    assert_eq!(standing.json["metrics"]["deployments"]["current"], 3, "{}", standing.json);
    assert_eq!(standing.json["metrics"]["storage"]["current"], 5);
    assert_eq!(standing.json["metrics"]["deployments"]["limit"], 10, "its own limits are gone");
    let repeated =
        server.get(&format!("/api/usage/reservations/{}", held.json["id"].as_str().unwrap()), &owner).await;
    assert_eq!(repeated.json["user"], json!(pseudonym), "{}", repeated.json);
    // The writer empties its log as soon as nobody reads.
    for _ in 0..100 {
        if !server.data.holds(NAME).await {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(!server.data.holds(NAME).await);
    assert!(server.data.holds("mail of u-2").await, "others keep what is theirs");
}

#[tokio::test]
async fn the_same_name_afterwards_is_a_new_user() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &event_of("1", NAME)).await;
    let consume = json!({ "metric": "deployments", "amount": 2, "user": NAME });
    server.post("/api/usage/consume", &owner, &consume).await;
    let pseudonym = erase(&server, &owner).await;
    let again = server.post("/api/v1/events", &owner, &event_of("1", NAME)).await;
    assert_eq!(again.json["duplicate"], 1, "the event is still known, and makes no user");
    assert_eq!(server.get(&format!("/api/v1/users/{NAME}"), &owner).await.status, 404);
    server.record(&owner, &event_of("2", NAME)).await;
    let answer = server.get("/api/v1/usage/query?range=7d&group_by=user&metrics=calls,users", &owner).await;
    assert_eq!(answer.json["total"]["users"], 2);
    let status = server.get(&format!("/api/usage/status?user={NAME}"), &owner).await;
    assert_eq!(status.json["metrics"]["deployments"]["current"], 0);
    let erased_again = erase(&server, &owner).await;
    assert_ne!(pseudonym, erased_again);
    let path = format!("/api/v1/users/{NAME}/erase");
    assert_eq!(server.post(&path, &owner, &json!({ "user": NAME })).await.status, 404, "nobody is left");
}

#[tokio::test]
async fn without_the_name_in_the_body_nothing_is_erased() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &event_of("1", "u-1")).await;
    let path = "/api/v1/users/u-1/erase";
    let refused = server.post(path, &owner, &json!({ "user": "u-2" })).await;
    assert_eq!(refused.refusal(), (422, "invalid_value", "user"));
    assert_eq!(server.post(path, &owner, &json!({})).await.status, 422);
    assert_eq!(server.get("/api/v1/users/u-1", &owner).await.json["id"], "u-1");
    server.tenant("globex").await;
    let foreign = server.key("globex", "owner", None).await;
    assert_eq!(server.post(path, &foreign, &json!({ "user": "u-1" })).await.status, 404);
    let log = server.get("/api/usage/log", &owner).await;
    assert_eq!(log.json["items"][0]["user"], "u-1");
}
