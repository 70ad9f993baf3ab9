//! A connection that fails is told of: from the failing reports to the message that arrives.

use crate::harness::{NOW_MS, Server};
use crate::providers::run;
use crate::stand_in::{KEY, StandIn};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Router, routing};
use meterwire_app::AlertWatch;
use meterwire_app::ports::TenantId;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const MINUTE_MS: i64 = 60_000;

type Came = Arc<Mutex<Vec<(HeaderMap, Value)>>>;

/// Somebody's own server; its address and what came.
async fn receiver() -> (String, Came) {
    let came = Came::default();
    let take = |State(came): State<Came>, headers: HeaderMap, bytes: Bytes| async move {
        came.lock().unwrap().push((headers, serde_json::from_slice(&bytes).unwrap()));
    };
    let app = Router::new().route("/hook", routing::post(take)).with_state(came.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (url, came)
}

struct World {
    server: Server,
    owner: String,
    watch: AlertWatch,
    came: Came,
    now_ms: i64,
}

impl World {
    async fn start() -> Self {
        let (server, owner) = Server::with_acme().await;
        let (url, came) = receiver().await;
        let hook = json!({ "name": "ops", "type": "webhook", "url": url });
        assert_eq!(server.post("/api/v1/channels", &owner, &hook).await.status, 201);
        Self { server, owner, watch: AlertWatch::default(), came, now_ms: NOW_MS }
    }

    /// Time goes on: reports are asked for, the watch looks, messages leave.
    async fn pass(&mut self, minutes: i64) {
        self.now_ms += minutes * MINUTE_MS;
        self.server.clock.set(self.now_ms);
        run(&self.server).await;
        self.server.app.watch_alerts(&mut self.watch).await.unwrap();
        for outbound in self.server.app.due_deliveries(vec![], TenantId(0), 100).await.unwrap() {
            self.server.app.deliver(outbound).await.unwrap();
        }
    }

    fn came(&self) -> Vec<(HeaderMap, Value)> {
        self.came.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_connection_that_fails_is_told_of_once_a_failure() {
    let mut world = World::start().await;
    let stand_in = StandIn::start(NOW_MS).await;
    let wrong = "sk-admin-not-the-right-one";
    let base = format!("{}/v1", stand_in.url);
    let body = json!({ "provider": "openai", "name": "our org", "key": wrong, "base_url": base });
    let made = world.server.post("/api/v1/providers", &world.owner, &body).await;
    let path = format!("/api/v1/providers/{}", made.json["id"].as_str().unwrap());
    world.pass(0).await;
    let failing = world.server.get(&path, &world.owner).await;
    assert_eq!(failing.json["state"]["last_error"]["code"], "unauthorized", "{failing:?}");
    world.pass(29).await;
    assert_eq!(world.came().len(), 0, "for 29 minutes it may mend itself");
    world.pass(2).await;
    let came = world.came();
    assert_eq!(came.len(), 1, "{came:?}");
    let (headers, message) = &came[0];
    assert!(
        ["webhook-id", "webhook-timestamp", "webhook-signature"]
            .iter()
            .all(|name| headers.contains_key(*name))
    );
    let data = &message["data"];
    assert_eq!(
        (&data["kind"], &data["severity"]),
        (&json!("provider_failing"), &json!("warning")),
        "{message:#}"
    );
    assert_eq!((&data["tenant"], &data["detail"]["code"]), (&json!("acme"), &json!("unauthorized")));
    assert_eq!(
        (&data["detail"]["connection"], &data["detail"]["last_success_at"]),
        (&json!("our org"), &Value::Null)
    );
    assert!(data["title"].as_str().unwrap().contains("our org"));
    assert!(!message.to_string().contains(wrong), "the key is in no message");
    let alert = world.server.get("/api/v1/alerts", &world.owner).await.json["items"][0].clone();
    assert_eq!(alert["deliveries"][0]["state"], "delivered", "{alert:#}");
    // The same failure is not told again, also by a watch after a restart.
    world.pass(300).await;
    world.watch = AlertWatch::default();
    world.pass(300).await;
    assert_eq!(world.came().len(), 1);
    // It works, and fails again: that is another failure.
    world.server.patch(&path, &world.owner, &json!({ "key": KEY })).await;
    world.pass(1).await;
    let mended = world.server.get(&path, &world.owner).await;
    assert_eq!(mended.json["state"]["healthy"], true, "{mended:?}");
    world.server.patch(&path, &world.owner, &json!({ "key": wrong })).await;
    world.pass(1).await;
    assert_eq!(world.came().len(), 1);
    world.pass(40).await;
    let came = world.came();
    assert_eq!(came.len(), 2, "{came:?}");
    assert!(came[1].1["data"]["detail"]["last_success_at"].is_string());
}

#[tokio::test]
async fn a_connection_that_is_switched_off_or_a_rule_that_is_off_tells_nothing() {
    let mut world = World::start().await;
    let rule = "/api/v1/alert-rules/provider_failing";
    let shorter = world
        .server
        .patch(rule, &world.owner, &json!({ "enabled": false, "params": { "minutes": 1 } }))
        .await;
    assert_eq!(shorter.status, 200, "{shorter:?}");
    let stand_in = StandIn::start(NOW_MS).await;
    let body = json!({ "provider": "anthropic", "key": "sk-ant-admin-wrong-one", "base_url": stand_in.url });
    let made = world.server.post("/api/v1/providers", &world.owner, &body).await;
    let path = format!("/api/v1/providers/{}", made.json["id"].as_str().unwrap());
    for _ in 0..3 {
        world.pass(60).await;
    }
    assert_eq!(world.came().len(), 0, "the rule is off");
    world.server.patch(&path, &world.owner, &json!({ "enabled": false })).await;
    world.server.patch(rule, &world.owner, &json!({ "enabled": true })).await;
    world.pass(60).await;
    assert_eq!(world.came().len(), 0, "the connection is off");
    world.server.patch(&path, &world.owner, &json!({ "enabled": true })).await;
    world.pass(2).await;
    world.pass(2).await;
    assert_eq!(world.came().len(), 1);
}
