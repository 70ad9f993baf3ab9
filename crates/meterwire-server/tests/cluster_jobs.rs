//! What one of several servers does for all: messages, reports by mail and questions to providers leave once, whoever leads.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;
mod cluster_support;
mod mail_support;
#[path = "http/stand_in.rs"]
mod stand_in;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use cli_support::Server;
use cluster_support::{SERVERS, World, eventually, metric};
use mail_support::{MailServer, overdue_report};
use meterwire_app::clock::{Clock, SystemClock};
use meterwire_core::report::ReportFormat;
use serde_json::json;
use stand_in::{KEY, StandIn};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Long enough for every server to look several times, and for another one to lead.
const SOON: Duration = Duration::from_secs(30);
/// What would leave twice has left by then.
const TWICE: Duration = Duration::from_secs(3);

/// So slow is the webhook.
const ANSWERS_AFTER: Duration = Duration::from_millis(1_500);

/// Somebody's webhook: how often each message came.
#[derive(Clone, Default)]
struct Hook(Arc<Mutex<BTreeMap<String, usize>>>);

impl Hook {
    async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let take = async |State(hook): State<Self>, headers: HeaderMap| {
            let id = headers["webhook-id"].to_str().unwrap().to_owned();
            *hook.0.lock().unwrap().entry(id).or_default() += 1;
            // Meanwhile every server looks for what is due.
            tokio::time::sleep(ANSWERS_AFTER).await;
        };
        let app = Router::new().fallback(take).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        url
    }

    fn came(&self) -> Vec<usize> {
        self.0.lock().unwrap().values().copied().collect()
    }
}

/// A tenant that is told of thresholds alone.
async fn tenant(server: &Server) {
    server.post("/api/v1/tenants", &json!({ "slug": "acme" })).await;
    for kind in ["budget_projected", "spend_spike"] {
        let url = format!("{}/api/v1/alert-rules/{kind}?tenant=acme", server.url);
        let change =
            server.http.patch(url).bearer_auth(cli_support::ADMIN_TOKEN).json(&json!({ "enabled": false }));
        assert!(change.send().await.unwrap().status().is_success());
    }
}

async fn spend(server: &Server, id: &str, usd: &str) {
    let event = json!({ "id": id, "source": "test", "model": "gpt-4o", "cost_usd": usd });
    let answer = server.post("/api/v1/events?tenant=acme", &event).await;
    assert_eq!(answer["stored"], 1, "{answer}");
}

/// The place of the one that leads.
async fn leader(servers: &[Server]) -> Option<usize> {
    let mut leading = Vec::new();
    for (place, server) in servers.iter().enumerate() {
        if metric(server, "meterwire_leads").await == Some(1.0) {
            leading.push(place);
        }
    }
    assert!(leading.len() < 2, "{leading:?} lead");
    leading.pop()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_alert_is_told_once_and_by_another_when_the_one_that_leads_dies() {
    let world = World::new().await.set("METERWIRE_OUTGOING_ALLOW_INSIDE", "true");
    let mut servers = world.start_all(SERVERS);
    let hook = Hook::default();
    let url = hook.start().await;
    tenant(&servers[0]).await;
    let channel = json!({ "name": "ops", "type": "webhook", "url": url });
    servers[1].post("/api/v1/channels?tenant=acme", &channel).await;
    // Half of the default budget of 100 USD, on whichever server.
    spend(&servers[2], "one", "60").await;
    // What is on its way when a server dies goes out again, so it has to have arrived.
    eventually("the alert is told", SOON, async || {
        servers[1].get("/api/v1/alerts?tenant=acme").await["items"][0]["deliveries"][0]["state"]
            == "delivered"
    })
    .await;
    let mut leads = None;
    eventually("somebody leads", SOON, async || {
        leads = leader(&servers).await;
        leads.is_some()
    })
    .await;
    let mut dead = servers.remove(leads.unwrap());
    dead.kill();
    spend(&servers[0], "two", "25").await;
    eventually("the next is told by another", SOON, async || hook.came().len() == 2).await;
    spend(&servers[1], "three", "12").await;
    eventually("and the next", SOON, async || hook.came().len() == 3).await;
    tokio::time::sleep(TWICE).await;
    assert_eq!(hook.came(), [1, 1, 1]);
    let listed = servers[1].get("/api/v1/alerts?tenant=acme").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 3, "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_mailed_once_and_a_provider_asked_once() {
    let mail = MailServer::start().await;
    mail.answers.store(true, Ordering::SeqCst);
    let provider = StandIn::start(SystemClock.now_ms()).await;
    let world = World::new()
        .await
        .set("METERWIRE_OUTGOING_ALLOW_INSIDE", "true")
        .set("METERWIRE_MAIL_URL", &format!("smtp+plain://127.0.0.1:{}", mail.port))
        .set("METERWIRE_MAIL_FROM", "meterwire@example.com");
    let servers = world.start_all(SERVERS);
    tenant(&servers[0]).await;
    let store = world.store().await;
    overdue_report(&store, &[ReportFormat::Csv]).await;
    store.close().await.unwrap();
    let base = format!("{}/v1", provider.url);
    let connection = json!({ "provider": "openai", "key": KEY, "base_url": base });
    let made = servers[1].post("/api/v1/providers?tenant=acme", &connection).await;
    let path = format!("/api/v1/providers/{}?tenant=acme", made["id"].as_str().unwrap());
    mail.wait_for(1).await;
    let path_of_mail = "/api/v1/reports/r-1/deliveries?tenant=acme";
    eventually("it is delivered", SOON, async || {
        servers[2].get(path_of_mail).await["items"][0]["state"] == "delivered"
    })
    .await;
    let mut asked = BTreeMap::new();
    eventually("every kind is asked for", SOON, async || {
        provider.take_asked().into_iter().for_each(|path| *asked.entry(path).or_insert(0) += 1);
        let kinds: Vec<&str> = asked.keys().filter_map(|path: &String| path.split('?').next()).collect();
        kinds.into_iter().collect::<std::collections::BTreeSet<_>>().len() == 12
    })
    .await;
    tokio::time::sleep(TWICE).await;
    provider.take_asked().into_iter().for_each(|path| *asked.entry(path).or_insert(0) += 1);
    let twice: Vec<_> = asked.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    assert_eq!(mail.came().len(), 1);
    assert_eq!(servers[0].get(&path).await["name"], made["name"]);
    assert_eq!(servers[0].get(path_of_mail).await["items"].as_array().unwrap().len(), 1);
}
