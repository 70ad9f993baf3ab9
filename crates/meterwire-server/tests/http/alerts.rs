//! Channels, rules, alerts and what becomes of their messages, with a messenger that does what it is told.

use crate::harness::{ADMIN, NOW_MS, Server, event, outside};
use async_trait::async_trait;
use meterwire_app::AlertWatch;
use meterwire_app::ports::{
    Destination, Mail, Messenger, Notice, Outside, SendAgain, SendError, Taken, TenantId,
};
use meterwire_server::http::HttpSettings;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const HOOK: &str = "https://hooks.example.com/meterwire";

/// Notes what it is told and answers what it is to answer.
#[derive(Default)]
pub(crate) struct Told {
    notices: Mutex<Vec<(Destination, Notice)>>,
    fails: Mutex<Option<SendAgain>>,
}

impl Told {
    pub(crate) fn notices(&self) -> Vec<(Destination, Notice)> {
        self.notices.lock().unwrap().clone()
    }

    pub(crate) fn fail(&self, then: Option<SendAgain>) {
        *self.fails.lock().unwrap() = then;
    }
}

#[async_trait]
impl Messenger for Told {
    async fn mail(&self, _: Mail) -> Result<Taken, SendError> {
        Ok(Taken::default())
    }

    async fn tell(&self, destination: &Destination, notice: &Notice) -> Result<Taken, SendError> {
        self.notices.lock().unwrap().push((destination.clone(), notice.clone()));
        match *self.fails.lock().unwrap() {
            None => Ok(Taken::default()),
            Some(then) => Err(SendError { sentence: "it answered 500".to_owned(), then }),
        }
    }

    fn check_url(&self, url: &str) -> Result<(), String> {
        outside().messenger.check_url(url)
    }

    fn can_mail(&self) -> bool {
        true
    }
}

pub(crate) async fn start() -> (Server, String, Arc<Told>) {
    let told = Arc::new(Told::default());
    let beyond = Outside { messenger: told.clone(), ..outside() };
    let server = Server::start_beyond(beyond, HttpSettings::default(), None).await;
    server.tenant("acme").await;
    let owner = server.key("acme", "owner", None).await;
    (server, owner, told)
}

/// An alert about a model that has no price; its id.
pub(crate) async fn raise(server: &Server, owner: &str, model: &str) -> String {
    let mut unpriced = event(&format!("of-{model}"));
    unpriced["model"] = json!(model);
    server.record(owner, &unpriced).await;
    newest(server, owner).await["id"].as_str().unwrap().to_owned()
}

pub(crate) async fn newest(server: &Server, owner: &str) -> Value {
    server.get("/api/v1/alerts", owner).await.json["items"][0].clone()
}

async fn kinds(server: &Server, owner: &str) -> Vec<String> {
    let listed = server.get("/api/v1/alerts", owner).await;
    let items = listed.json["items"].as_array().unwrap();
    items.iter().map(|alert| alert["kind"].as_str().unwrap().to_owned()).collect()
}

pub(crate) async fn hook(server: &Server, owner: &str, name: &str) -> Value {
    let made = server
        .post("/api/v1/channels", owner, &json!({ "name": name, "type": "webhook", "url": HOOK }))
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json
}

/// Sends everything that is due; answers how much that was.
pub(crate) async fn deliver(server: &Server) -> usize {
    let due = server.app.due_deliveries(vec![], TenantId(0), 100).await.unwrap();
    let count = due.len();
    for outbound in due {
        server.app.deliver(outbound).await.unwrap();
    }
    count
}

pub(crate) async fn delivery(server: &Server, owner: &str) -> Value {
    newest(server, owner).await["deliveries"][0].clone()
}

#[tokio::test]
async fn channels_are_made_changed_and_deleted_and_hold_their_tongue() {
    let (server, owner, _) = start().await;
    let made = hook(&server, &owner, "hook").await;
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_") && secret.len() == 38, "{made}");
    let path = format!("/api/v1/channels/{}", made["id"].as_str().unwrap());
    let slack =
        json!({ "name": "slack", "type": "slack", "url": "https://hooks.slack.com/services/T/B/secretpart" });
    assert_eq!(server.post("/api/v1/channels", &owner, &slack).await.status, 201);
    let taken = server.post("/api/v1/channels", &owner, &slack).await;
    assert_eq!(taken.refusal(), (409, "conflict", ""));
    let changed = server.patch(&path, &owner, &json!({ "name": "other", "enabled": false })).await;
    assert_eq!((&changed.json["name"], &changed.json["enabled"]), (&json!("other"), &json!(false)));
    let renewed = server.patch(&path, &owner, &json!({ "new_secret": true })).await;
    let renewed = renewed.json["secret"].as_str().unwrap();
    assert_ne!(renewed, secret);
    let shown = server.get("/api/v1/channels", &owner).await.bytes;
    let audit = server.get("/api/v1/audit", &owner).await.bytes;
    let shown = String::from_utf8([shown, audit].concat()).unwrap();
    for hidden in [secret, renewed, "secretpart"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
    assert!(shown.contains("channel.create") && shown.contains("channel.update"));
    assert!(server.data.holds("channel.create").await, "the test looks at the right place");
    for hidden in [secret, renewed, "secretpart"] {
        assert!(!server.data.holds(hidden).await, "it is sealed");
    }
    assert_eq!(server.delete(&path, &owner).await.status, 204);
    assert_eq!(server.get(&path, &owner).await.status, 404);
    for number in 0..19 {
        hook(&server, &owner, &format!("n-{number}")).await;
    }
    let more = json!({ "name": "one more", "type": "email", "to": ["a@b.de"] });
    assert_eq!(server.post("/api/v1/channels", &owner, &more).await.refusal().0, 409);
}

#[tokio::test]
async fn bad_channels_and_rules_are_refused_by_field() {
    let (server, owner, _) = start().await;
    for (body, field) in [
        (json!({ "name": "", "type": "email", "to": ["a@b.de"] }), "name"),
        (json!({ "name": "x", "type": "fax", "to": ["a@b.de"] }), "type"),
        (json!({ "name": "x", "type": "email" }), "to"),
        (json!({ "name": "x", "type": "email", "to": [] }), "to"),
        (json!({ "name": "x", "type": "email", "to": ["a@b.de", "no"] }), "to.1"),
        (json!({ "name": "x", "type": "email", "to": ["a@b.de"], "url": HOOK }), "url"),
        (json!({ "name": "x", "type": "slack" }), "url"),
        (json!({ "name": "x", "type": "slack", "url": HOOK, "to": ["a@b.de"] }), "to"),
        (json!({ "name": "x", "type": "webhook", "url": "ftp://example.com/" }), "url"),
        (json!({ "name": "x", "type": "webhook", "url": "https://u:p@example.com/" }), "url"),
    ] {
        let refused = server.post("/api/v1/channels", &owner, &body).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", field), "{body}");
    }
    for (kind, body, field) in [
        ("limit_near", json!({ "params": { "percent": 0 } }), "params.percent"),
        ("limit_near", json!({ "params": { "weeks": 1 } }), "params.weeks"),
        ("budget_threshold", json!({ "params": { "percent": 1 } }), "params.percent"),
        ("limit_near", json!({ "channels": ["0199c0de-0000-7000-8000-000000000001"] }), "channels.0"),
    ] {
        let refused = server.patch(&format!("/api/v1/alert-rules/{kind}"), &owner, &body).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", field), "{body}");
    }
    assert_eq!(server.get("/api/v1/alert-rules/none", &owner).await.status, 404);
    let rules = server.get("/api/v1/alert-rules", &owner).await.json;
    assert_eq!(rules["items"].as_array().unwrap().len(), 6);
    for query in ["kind=x", "severity=x", "state=open", "from=x", "cursor=x"] {
        let refused = server.get(&format!("/api/v1/alerts?{query}"), &owner).await;
        assert_eq!(refused.refusal().0, 422, "{query}");
    }
}

#[tokio::test]
async fn a_model_without_a_price_is_told_once_a_month() {
    let (server, owner, told) = start().await;
    let made = hook(&server, &owner, "hook").await;
    raise(&server, &owner, "made-up").await;
    let alert = newest(&server, &owner).await;
    assert_eq!((&alert["kind"], &alert["detail"]["model"]), (&json!("unpriced_model"), &json!("made-up")));
    assert_eq!(deliver(&server).await, 1);
    let (destination, notice) = told.notices().remove(0);
    let secret = made["secret"].as_str().unwrap().to_owned();
    assert!(destination == Destination::Webhook { url: HOOK.to_owned(), secret });
    assert_eq!((Some(notice.id.as_str()), notice.tenant.as_str()), (alert["id"].as_str(), "acme"));
    assert_eq!(delivery(&server, &owner).await["state"], "delivered");
    let mut again = event("again");
    again["model"] = json!("made-up");
    server.record(&owner, &again).await;
    assert_eq!((deliver(&server).await, kinds(&server, &owner).await.len()), (0, 1));
    // Switched off, nothing is raised; switched on again, the next event tells.
    let off = server.patch("/api/v1/alert-rules/unpriced_model", &owner, &json!({ "enabled": false })).await;
    assert_eq!(off.status, 200);
    let mut other = event("other");
    other["model"] = json!("vendor/with-slash");
    server.record(&owner, &other).await;
    assert_eq!(kinds(&server, &owner).await.len(), 1);
    server.patch("/api/v1/alert-rules/unpriced_model", &owner, &json!({ "enabled": true })).await;
    other["id"] = json!("other-2");
    server.record(&owner, &other).await;
    assert_eq!(newest(&server, &owner).await["detail"]["model"], "vendor/with-slash");
    server.clock.set(NOW_MS + 31 * 86_400_000);
    again["id"] = json!("next month");
    server.record(&owner, &again).await;
    assert_eq!(kinds(&server, &owner).await.len(), 3);
}

#[tokio::test]
async fn a_message_is_tried_twelve_times_and_then_on_request() {
    let (server, owner, told) = start().await;
    hook(&server, &owner, "hook").await;
    let id = raise(&server, &owner, "made-up").await;
    told.fail(Some(SendAgain::Later(None)));
    assert_eq!(deliver(&server).await, 1);
    let waits = delivery(&server, &owner).await;
    assert_eq!((&waits["state"], &waits["attempts"]), (&json!("pending"), &json!(1)), "{waits}");
    assert_eq!(waits["last_error"], "it answered 500");
    assert_eq!(deliver(&server).await, 0, "not before its time");
    let mut now_ms = NOW_MS;
    for attempts in 2..=12 {
        now_ms += 8 * 3_600_000;
        server.clock.set(now_ms);
        assert_eq!(deliver(&server).await, 1, "{attempts}");
    }
    let failed = delivery(&server, &owner).await;
    assert_eq!((&failed["state"], &failed["attempts"]), (&json!("failed"), &json!(12)), "{failed}");
    server.clock.set(now_ms + 30 * 86_400_000);
    assert_eq!(deliver(&server).await, 0);
    let ids: std::collections::HashSet<_> = told.notices().into_iter().map(|(_, notice)| notice.id).collect();
    assert_eq!(ids.len(), 1, "every try is the same message");
    assert_eq!(server.get("/api/v1/alerts?state=failed", &owner).await.json["items"][0]["id"], json!(id));
    told.fail(None);
    let again = server.post(&format!("/api/v1/alerts/{id}/retry"), &owner, &json!({})).await;
    assert_eq!(again.json["deliveries"][0]["attempts"], 0, "{again:?}");
    assert_eq!(deliver(&server).await, 1);
    assert_eq!(delivery(&server, &owner).await["state"], "delivered");
    // What has arrived is not sent again.
    server.post(&format!("/api/v1/alerts/{id}/retry"), &owner, &json!({})).await;
    assert_eq!(deliver(&server).await, 0);
}

#[tokio::test]
async fn a_channel_that_works_again_gets_at_once_what_waits() {
    let (server, owner, told) = start().await;
    hook(&server, &owner, "hook").await;
    told.fail(Some(SendAgain::Later(Some(3_600_000))));
    raise(&server, &owner, "first").await;
    deliver(&server).await;
    server.clock.set(NOW_MS + 1000);
    raise(&server, &owner, "second").await;
    told.fail(None);
    assert_eq!(deliver(&server).await, 1, "the new one is tried although the other waits for an hour");
    assert_eq!(deliver(&server).await, 1, "and calls the other");
    let states = server.get("/api/v1/alerts?state=delivered", &owner).await;
    assert_eq!(states.json["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn who_is_gone_or_deleted_gets_nothing() {
    let (server, owner, told) = start().await;
    let made = hook(&server, &owner, "hook").await;
    let path = format!("/api/v1/channels/{}", made["id"].as_str().unwrap());
    told.fail(Some(SendAgain::Gone));
    raise(&server, &owner, "first").await;
    deliver(&server).await;
    let off = server.get(&path, &owner).await.json;
    assert_eq!((&off["enabled"], &off["off_because"]), (&json!(false), &json!("it answered 500")));
    raise(&server, &owner, "second").await;
    assert_eq!(newest(&server, &owner).await["deliveries"], json!([]));
    told.fail(Some(SendAgain::Later(None)));
    let on = server.patch(&path, &owner, &json!({ "enabled": true })).await.json;
    assert_eq!(on["off_because"], Value::Null);
    raise(&server, &owner, "third").await;
    server.delete(&path, &owner).await;
    let given_up = delivery(&server, &owner).await;
    assert_eq!((&given_up["state"], &given_up["channel_name"]), (&json!("failed"), &json!("hook")));
    assert_eq!(given_up["last_error"], "the channel was deleted");
}

#[tokio::test]
async fn a_snoozed_subject_waits_and_nothing_is_lost() {
    let (server, owner, told) = start().await;
    hook(&server, &owner, "hook").await;
    let id = raise(&server, &owner, "made-up").await;
    let snooze = format!("/api/v1/alerts/{id}/snooze");
    for until in ["2026-11-22T10:30:00Z", "2020-01-01", "2027-06-01", "soon"] {
        let refused = server.post(&snooze, &owner, &json!({ "until": until })).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", "until"), "{until}");
    }
    let snoozed = server.post(&snooze, &owner, &json!({ "until": "2026-12-05" })).await.json;
    assert_eq!(snoozed["snoozed_until"], "2026-12-05T00:00:00Z");
    assert_eq!(snoozed["deliveries"][0]["state"], "snoozed");
    assert_eq!(deliver(&server).await, 0);
    // The same model in the next month is the same subject: it waits too. Another one does not.
    server.clock.set(NOW_MS + 10 * 86_400_000);
    let mut again = event("december");
    again["model"] = json!("made-up");
    server.record(&owner, &again).await;
    assert_eq!((kinds(&server, &owner).await.len(), deliver(&server).await), (2, 0));
    raise(&server, &owner, "other").await;
    assert_eq!(deliver(&server).await, 1);
    server.clock.set(NOW_MS + 13 * 86_400_000);
    assert_eq!(deliver(&server).await, 1, "the first of the two, then the other");
    assert_eq!(deliver(&server).await, 1);
    assert_eq!(told.notices().len(), 3);
    let woken = server.post(&snooze, &owner, &json!({ "until": null })).await.json;
    assert_eq!(woken["snoozed_until"], Value::Null);
}

#[tokio::test]
async fn a_test_message_says_what_happened() {
    let (server, owner, told) = start().await;
    let made = hook(&server, &owner, "hook").await;
    let path = format!("/api/v1/channels/{}/test", made["id"].as_str().unwrap());
    let arrived = server.post(&path, &owner, &json!({})).await.json;
    assert_eq!((&arrived["arrived"], &arrived["error"]), (&json!(true), &Value::Null));
    assert!(told.notices()[0].1.is_test);
    told.fail(Some(SendAgain::Later(None)));
    let failed = server.post(&path, &owner, &json!({})).await.json;
    assert_eq!((&failed["arrived"], &failed["error"]), (&json!(false), &json!("it answered 500")));
    assert_eq!(kinds(&server, &owner).await.len(), 0, "a test is no alert");
}

/// An event of so many dollars on a day.
fn spent(id: &str, time: &str, usd: &str) -> Value {
    json!({ "id": id, "source": "test", "model": "gpt-4o", "time": time, "cost_usd": usd, "user": "u-1" })
}

#[tokio::test]
async fn the_watch_finds_projections_spikes_and_limits_once() {
    let (server, owner, _) = start().await;
    let mut watch = AlertWatch::default();
    server.app.watch_alerts(&mut watch).await.unwrap();
    assert_eq!(kinds(&server, &owner).await.len(), 0, "nothing is told of nothing");
    // Sundays: 5 dollars each; today 16, which is above twice as much and more than 10 dollars above.
    server
        .record(
            &owner,
            &json!([
                spent("1", "2026-11-15T12:00:00Z", "5"),
                spent("2", "2026-11-08T12:00:00Z", "5"),
                spent("3", "2026-11-22T09:00:00Z", "16"),
            ]),
        )
        .await;
    server.clock.set(NOW_MS + 1_000);
    server.app.watch_alerts(&mut watch).await.unwrap();
    assert_eq!(kinds(&server, &owner).await, ["spend_spike"]);
    let spike = newest(&server, &owner).await;
    assert_eq!((&spike["detail"]["spent_usd"], &spike["detail"]["usual_usd"]), (&json!("16"), &json!("5")));
    // 76 dollars after 21.4 of 30 days are 106 of the 100 dollars of the default budget.
    server.record(&owner, &spent("4", "2026-11-20T09:00:00Z", "50")).await;
    server.clock.set(NOW_MS + 2_000);
    server.app.watch_alerts(&mut watch).await.unwrap();
    let mut found = kinds(&server, &owner).await;
    found.sort_unstable();
    assert_eq!(found, ["budget_projected", "budget_threshold", "spend_spike"]);
    // A limit of the tier free.
    let tier = server.get("/api/v1/tiers/free", &owner).await.json;
    assert_eq!(tier["limits"]["deployments"], json!(10), "{tier}");
    let used = json!({ "metric": "deployments", "amount": 9, "user": "u/9" });
    assert_eq!(server.post("/api/usage/consume", &owner, &used).await.status, 200);
    server.clock.set(NOW_MS + 3_000);
    server.app.watch_alerts(&mut watch).await.unwrap();
    let near = newest(&server, &owner).await;
    assert_eq!((&near["kind"], &near["detail"]["user"]), (&json!("limit_near"), &json!("u/9")), "{near}");
    // Neither the same watch nor one after a restart tells it again.
    for mut watch in [watch, AlertWatch::default()] {
        server.clock.set(server.app.now_ms() + 120_000);
        server.app.watch_alerts(&mut watch).await.unwrap();
        assert_eq!(kinds(&server, &owner).await.len(), 4);
    }
    let erased = server.post("/api/v1/users/u%2F9/erase", &owner, &json!({ "user": "u/9" })).await;
    assert!(erased.status.is_success(), "{erased:?}");
    assert!(
        !kinds(&server, &owner).await.contains(&"limit_near".to_owned()),
        "erasing a user erases what tells of it"
    );
}

#[tokio::test]
async fn alerts_of_one_tenant_are_nothing_to_another() {
    let (server, owner, told) = start().await;
    server.tenant("globex").await;
    let other = server.key("globex", "owner", None).await;
    hook(&server, &other, "theirs").await;
    let id = raise(&server, &owner, "made-up").await;
    assert_eq!((deliver(&server).await, told.notices().len()), (0, 0));
    assert_eq!(server.get(&format!("/api/v1/alerts/{id}"), &other).await.status, 404);
    assert_eq!(server.get("/api/v1/alerts", &other).await.json["items"], json!([]));
    let theirs = server.get("/api/v1/alerts?tenant=acme", ADMIN).await.json;
    assert_eq!(theirs["items"].as_array().unwrap().len(), 1);
}
