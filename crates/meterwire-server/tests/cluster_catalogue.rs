//! What a server remembers of the catalogue is what another made of it: prices, departments, dimensions, keys.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;
mod cluster_support;

use cli_support::{ADMIN_TOKEN, Server};
use cluster_support::{SERVERS, World, eventually};
use serde_json::{Value, json};
use std::process::Command;
use std::time::Duration;

/// So late at the latest a server knows what another changed; half of it on an idle machine.
const KNOWN: Duration = Duration::from_secs(1);

async fn change(server: &Server, method: &str, path: &str, body: &Value) -> Value {
    let url = format!("{}{path}", server.url);
    let request = server.http.request(method.parse().unwrap(), url).bearer_auth(ADMIN_TOKEN).json(body);
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{method} {path}: {status} {text}");
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

async fn status_of(server: &Server, path: &str, token: &str) -> u16 {
    let url = format!("{}{path}", server.url);
    server.http.get(url).bearer_auth(token).send().await.unwrap().status().as_u16()
}

/// Records an event of a million input tokens.
async fn record(server: &Server, id: &str) {
    let event = json!({ "id": id, "source": "test", "provider": "our", "model": "llm-1", "project": "chat",
        "properties": { "feature": "reply" }, "usage": { "input_tokens": 1_000_000 } });
    let answer = server.post("/api/v1/events?tenant=acme", &event).await;
    assert_eq!(answer["stored"], 1, "{answer}");
}

async fn groups(server: &Server, by: &str) -> Vec<(Value, Value)> {
    let path = format!("/api/v1/usage/query?tenant=acme&range=7d&group_by={by}&metrics=calls,cost");
    let answer = server.get(&path).await;
    let groups = answer["groups"].as_array().unwrap_or_else(|| panic!("{answer}"));
    groups.iter().map(|group| (group["key"].clone(), group["total"]["cost_usd"].clone())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_server_changes_another_goes_by() {
    let world = World::new().await;
    let servers = world.start_all(2);
    let (one, other) = (&servers[0], &servers[1]);
    one.post("/api/v1/tenants", &json!({ "slug": "acme" })).await;
    let price = |usd: &str| json!({ "provider": "our", "model": "llm-1", "input": usd, "output": "0" });
    let made = change(one, "POST", "/api/v1/prices?tenant=acme", &price("1")).await;
    change(one, "POST", "/api/v1/projects?tenant=acme", &json!({ "slug": "chat", "department": "care" }))
        .await;
    change(one, "POST", "/api/v1/dimensions?tenant=acme", &json!({ "name": "feature" })).await;
    // Both remember all of it now.
    record(one, "1").await;
    record(other, "2").await;
    assert_eq!(groups(other, "department").await.len(), 1);
    let id = made["id"].as_str().unwrap();
    change(one, "PUT", &format!("/api/v1/prices/{id}?tenant=acme"), &price("4")).await;
    change(one, "PATCH", "/api/v1/projects/chat?tenant=acme", &json!({ "department": "sales" })).await;
    let key = json!({ "name": "k", "role": "owner" });
    let key = change(one, "POST", "/api/v1/keys?tenant=acme", &key).await;
    let token = key["token"].as_str().unwrap();
    assert_eq!(status_of(other, "/api/v1/me", token).await, 200);
    tokio::time::sleep(KNOWN).await;
    record(other, "3").await;
    let by_department = groups(other, "department").await;
    let cost =
        |name: &str| by_department.iter().find(|(key, _)| key.to_string().contains(name)).unwrap().1.clone();
    assert_eq!((cost("care"), cost("sales")), (json!("2"), json!("4")), "{by_department:?}");
    assert_eq!(groups(other, "feature").await.len(), 1);
    change(one, "DELETE", "/api/v1/dimensions/feature?tenant=acme", &Value::Null).await;
    change(one, "DELETE", &format!("/api/v1/keys/{}?tenant=acme", key["id"].as_str().unwrap()), &Value::Null)
        .await;
    tokio::time::sleep(KNOWN).await;
    assert_eq!(status_of(other, "/api/v1/me", token).await, 401);
    let unknown = "/api/v1/usage/query?tenant=acme&range=7d&group_by=feature&metrics=calls";
    assert_eq!(status_of(other, unknown, ADMIN_TOKEN).await, 422);
}

/// Three servers that start together on nothing.
#[tokio::test(flavor = "multi_thread")]
async fn servers_that_start_together_make_one_first_token() {
    for _ in 0..3 {
        let world = World::new().await;
        let without_token = || -> Command {
            let mut command = world.command(None);
            command.env_remove("METERWIRE_ADMIN_TOKEN").args(["serve", "--listen", "127.0.0.1:0"]);
            command
        };
        let servers: Vec<Server> = std::thread::scope(|scope| {
            let starting: Vec<_> =
                (0..SERVERS).map(|_| scope.spawn(|| Server::spawn(without_token()))).collect();
            starting.into_iter().map(|server| server.join().unwrap()).collect()
        });
        let told = || servers.iter().flat_map(|server| server.lines_with("sign in with it")).collect();
        eventually("a token is told", Duration::from_secs(10), async || !Vec::is_empty(&told())).await;
        // Whoever tells one does so before it serves.
        for server in &servers {
            server.http.get(format!("{}/healthz", server.url)).send().await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        let told: Vec<String> = told();
        assert_eq!(told.len(), 1, "{told:?}");
        let token = told[0].rsplit_once("#token=").unwrap().1.trim();
        for server in &servers {
            assert_eq!(status_of(server, "/api/v1/me", token).await, 200);
        }
        let keys: Value = servers[0]
            .http
            .get(format!("{}/api/v1/keys", servers[0].url))
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(keys["items"].as_array().unwrap().len(), 1, "{keys}");
    }
}
