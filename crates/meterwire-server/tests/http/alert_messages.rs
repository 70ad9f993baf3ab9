//! What becomes of messages at the edges: channels that go off meanwhile, pauses asked for, lost keys, snoozes that end, and
//! the history narrowed.

use crate::alerts::{Told, deliver, delivery, hook, newest, raise, start};
use crate::harness::{NOW_MS, Server, event, outside};
use meterwire_app::ports::{Outside, SecretError, Secrets, SendAgain};
use meterwire_server::http::HttpSettings;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const HOUR_MS: i64 = 3_600_000;

#[tokio::test]
async fn a_channel_that_was_switched_off_meanwhile_gets_nothing() {
    let (server, owner, told) = start().await;
    let made = hook(&server, &owner, "hook").await;
    raise(&server, &owner, "made-up").await;
    let path = format!("/api/v1/channels/{}", made["id"].as_str().unwrap());
    server.patch(&path, &owner, &json!({ "enabled": false })).await;
    assert_eq!((deliver(&server).await, told.notices().len()), (1, 0));
    let found = delivery(&server, &owner).await;
    assert_eq!(
        (&found["state"], &found["last_error"]),
        (&json!("failed"), &json!("the channel is switched off"))
    );
}

#[tokio::test]
async fn the_other_side_is_given_the_pause_it_asks_for() {
    let (server, owner, told) = start().await;
    hook(&server, &owner, "hook").await;
    raise(&server, &owner, "made-up").await;
    told.fail(Some(SendAgain::Later(Some(2 * HOUR_MS))));
    deliver(&server).await;
    assert_eq!(delivery(&server, &owner).await["next_try_at"], "2026-11-22T12:30:00Z");
    server.clock.set(NOW_MS + 2 * HOUR_MS - 1);
    assert_eq!(deliver(&server).await, 0);
    server.clock.set(NOW_MS + 2 * HOUR_MS);
    assert_eq!(deliver(&server).await, 1);
}

/// Opens secrets only while the key is there.
struct Lost(AtomicBool);

impl Secrets for Lost {
    fn seal(&self, _about: &str, secret: &str) -> Result<Vec<u8>, SecretError> {
        Ok(secret.as_bytes().to_vec())
    }

    fn open(&self, _about: &str, sealed: &[u8]) -> Result<String, SecretError> {
        if self.0.load(Ordering::SeqCst) {
            return Err(SecretError("the secret was sealed with another key".to_owned()));
        }
        Ok(String::from_utf8(sealed.to_vec()).unwrap())
    }
}

#[tokio::test]
async fn a_message_waits_for_the_key_that_opens_its_secret() {
    let (told, secrets) = (Arc::new(Told::default()), Arc::new(Lost(AtomicBool::new(true))));
    let beyond = Outside { messenger: told.clone(), secrets: secrets.clone(), ..outside() };
    let server = Server::start_beyond(beyond, HttpSettings::default(), None).await;
    server.tenant("acme").await;
    let owner = server.key("acme", "owner", None).await;
    hook(&server, &owner, "hook").await;
    raise(&server, &owner, "made-up").await;
    deliver(&server).await;
    let found = delivery(&server, &owner).await;
    assert_eq!((&found["state"], &found["attempts"]), (&json!("pending"), &json!(1)), "{found}");
    assert!(found["last_error"].as_str().unwrap().contains("another key"), "{found}");
    secrets.0.store(false, Ordering::SeqCst);
    server.clock.set(NOW_MS + HOUR_MS);
    assert_eq!((deliver(&server).await, told.notices().len()), (1, 1));
}

#[tokio::test]
async fn a_new_address_is_checked_like_the_first() {
    let (server, owner, _) = start().await;
    let made = hook(&server, &owner, "hook").await;
    let path = format!("/api/v1/channels/{}", made["id"].as_str().unwrap());
    for url in ["ftp://example.com/", "https://u:p@example.com/", "nowhere"] {
        let refused = server.patch(&path, &owner, &json!({ "url": url })).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", "url"), "{url}");
    }
    assert_eq!(server.get(&path, &owner).await.json["url"], made["url"]);
}

#[tokio::test]
async fn a_snooze_can_be_made_shorter_and_is_not_shown_when_it_is_over() {
    let (server, owner, _) = start().await;
    hook(&server, &owner, "hook").await;
    let id = raise(&server, &owner, "made-up").await;
    let path = format!("/api/v1/alerts/{id}/snooze");
    for until in ["2026-12-05", "2026-11-23"] {
        let snoozed = server.post(&path, &owner, &json!({ "until": until })).await.json;
        assert_eq!(snoozed["snoozed_until"], format!("{until}T00:00:00Z"));
    }
    server.clock.set(NOW_MS + 13 * HOUR_MS);
    assert_eq!(deliver(&server).await, 0);
    server.clock.set(NOW_MS + 14 * HOUR_MS);
    let found = server.get(&format!("/api/v1/alerts/{id}"), &owner).await.json;
    assert_eq!(
        (&found["snoozed_until"], &found["deliveries"][0]["state"]),
        (&Value::Null, &json!("pending"))
    );
    assert_eq!(deliver(&server).await, 1);
}

/// Keys of the alerts that a query finds.
async fn found(server: &Server, owner: &str, query: &str) -> Vec<String> {
    let listed = server.get(&format!("/api/v1/alerts?{query}"), owner).await;
    assert_eq!(listed.status, 200, "{listed:?}");
    let keys = listed.json["items"].as_array().unwrap().iter();
    keys.map(|alert| alert["key"].as_str().unwrap().split('/').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_history_is_narrowed_by_kind_severity_and_time() {
    let (server, owner, _) = start().await;
    raise(&server, &owner, "made-up").await;
    server.clock.set(NOW_MS + HOUR_MS);
    let mut dear = event("dear");
    dear["cost_usd"] = json!("60");
    // An alert is of when the event was received.
    server.record(&owner, &dear).await;
    assert_eq!(found(&server, &owner, "").await, ["budget", "unpriced"]);
    assert_eq!(found(&server, &owner, "kind=budget_threshold").await, ["budget"]);
    assert_eq!(found(&server, &owner, "kind=unpriced_model").await, ["unpriced"]);
    assert_eq!(found(&server, &owner, "kind=spend_spike").await, Vec::<String>::new());
    assert_eq!(found(&server, &owner, "severity=warning").await, ["unpriced"]);
    assert_eq!(found(&server, &owner, "severity=info").await, ["budget"]);
    assert_eq!(found(&server, &owner, "from=2026-11-22T11:30:00Z").await, ["budget"]);
    assert_eq!(found(&server, &owner, "from=2026-11-22T11:30:00.001Z").await, Vec::<String>::new());
    assert_eq!(found(&server, &owner, "to=2026-11-22T11:30:00Z").await, ["unpriced"]);
    assert_eq!(newest(&server, &owner).await["raised_at"], "2026-11-22T11:30:00Z");
}

#[tokio::test]
async fn names_of_models_that_are_made_up_write_no_message_each() {
    let (server, owner, _) = start().await;
    let events: Vec<Value> = (0..60)
        .map(|number| {
            let mut unpriced = event(&format!("e-{number}"));
            unpriced["model"] = json!(format!("made-up-{number}"));
            unpriced
        })
        .collect();
    server.record(&owner, &json!(events)).await;
    assert_eq!(found(&server, &owner, "limit=500").await.len(), 50);
}
