//! Reports by mail under a clock that is moved by hand: once a period, at least once, tried again, and exact.

use crate::harness::{NOW_MS, Server, event, outside};
use async_trait::async_trait;
use meterwire_app::ports::{Destination, Mail, Messenger, Notice, Outside, SendAgain, SendError, Taken};
use meterwire_core::money::CostNanos;
use meterwire_server::http::HttpSettings;
use meterwire_server::reports::Printer;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A mail server that keeps what it takes, and refuses as it is told to.
#[derive(Default)]
pub(crate) struct Postbox {
    mails: Mutex<Vec<Mail>>,
    refusals: Mutex<VecDeque<SendAgain>>,
}

#[async_trait]
impl Messenger for Postbox {
    async fn mail(&self, mail: Mail) -> Result<Taken, SendError> {
        if let Some(then) = self.refusals.lock().unwrap().pop_front() {
            return Err(SendError { sentence: "421 come back later".into(), then });
        }
        self.mails.lock().unwrap().push(mail);
        Ok(Taken::default())
    }

    async fn tell(&self, _: &Destination, _: &Notice) -> Result<Taken, SendError> {
        Ok(Taken::default())
    }

    fn check_url(&self, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn can_mail(&self) -> bool {
        true
    }
}

impl Postbox {
    /// The next mail is refused like this.
    pub(crate) fn refuse(&self, then: SendAgain) {
        self.refusals.lock().unwrap().push_back(then);
    }

    pub(crate) fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut self.mails.lock().unwrap())
    }
}

pub(crate) async fn with_post() -> (Server, String, Arc<Postbox>) {
    let postbox = Arc::new(Postbox::default());
    let outside = Outside { messenger: postbox.clone(), ..outside() };
    let server = Server::start_beyond(outside, HttpSettings::default(), None).await;
    server.tenant("acme").await;
    let owner = server.key("acme", "owner", None).await;
    (server, owner, postbox)
}

pub(crate) async fn run(server: &Server) {
    while server.app.run_report_jobs(&Printer).await.unwrap() {}
}

pub(crate) async fn make(server: &Server, owner: &str, body: Value) -> String {
    let made = server.post("/api/v1/reports", owner, &body).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json["id"].as_str().unwrap().to_owned()
}

pub(crate) async fn history(server: &Server, owner: &str, id: &str) -> Vec<Value> {
    let listed = server.get(&format!("/api/v1/reports/{id}/deliveries"), owner).await;
    listed.json["items"].as_array().unwrap().clone()
}

pub(crate) fn spent(id: &str, time: &str, department: &str, cost: &str) -> Value {
    let mut event = event(id);
    event["time"] = json!(time);
    event["department"] = json!(department);
    event["cost_usd"] = json!(cost);
    event
}

#[tokio::test]
async fn each_period_is_sent_once_at_its_hour() {
    let (server, owner, postbox) = with_post().await;
    let body = json!({ "name": "Daily", "every": "day", "timezone": "Europe/Berlin", "hour": 8, "to": ["a@example.com", "b@example.com"] });
    let id = make(&server, &owner, body).await;
    let report = server.get(&format!("/api/v1/reports/{id}"), &owner).await;
    assert_eq!(
        (&report.json["next_at"], &report.json["formats"]),
        (&json!("2026-11-23T07:00:00Z"), &json!(["csv", "pdf"]))
    );
    run(&server).await;
    assert!(postbox.take().is_empty(), "the day before it was made is not sent");
    let due_ms = NOW_MS - 10 * HOUR_MS - HOUR_MS / 2 + DAY_MS + 7 * HOUR_MS;
    server.clock.set(due_ms - 1);
    run(&server).await;
    assert!(postbox.take().is_empty());
    server.clock.set(due_ms);
    run(&server).await;
    run(&server).await;
    let mails = postbox.take();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["a@example.com", "b@example.com"]);
    assert_eq!(mails[0].subject, "Daily: 2026-11-22, $0.00");
    let names: Vec<_> = mails[0].attachments.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["acme_report_2026-11-22.csv", "acme_report_2026-11-22.pdf"]);
    assert!(mails[0].attachments[1].bytes.starts_with(b"%PDF-"));
    // After five days without a server only the newest day is sent.
    server.clock.set(due_ms + 5 * DAY_MS + 3 * HOUR_MS);
    run(&server).await;
    let mails = postbox.take();
    assert_eq!((mails.len(), mails[0].subject.as_str()), (1, "Daily: 2026-11-27, $0.00"));
    // A clock that was put back sends nothing again.
    server.clock.set(due_ms + 5 * DAY_MS);
    run(&server).await;
    server.clock.set(due_ms + 5 * DAY_MS + 4 * HOUR_MS);
    run(&server).await;
    assert!(postbox.take().is_empty());
    let history = history(&server, &owner, &id).await;
    let seen: Vec<_> = history
        .iter()
        .map(|sent| (sent["from"].as_str().unwrap(), sent["state"].as_str().unwrap()))
        .collect();
    assert_eq!(seen, [("2026-11-26T23:00:00Z", "delivered"), ("2026-11-21T23:00:00Z", "delivered")]);
    // Switched off, it is not sent; switched on again, it begins with the running period.
    server.patch(&format!("/api/v1/reports/{id}"), &owner, &json!({ "enabled": false })).await;
    server.clock.set(due_ms + 7 * DAY_MS);
    run(&server).await;
    server.patch(&format!("/api/v1/reports/{id}"), &owner, &json!({ "enabled": true })).await;
    run(&server).await;
    assert!(postbox.take().is_empty());
    server.clock.set(due_ms + 8 * DAY_MS);
    run(&server).await;
    assert_eq!(postbox.take().len(), 1);
}

#[tokio::test]
async fn a_refused_mail_is_tried_again_with_growing_pauses_and_given_up() {
    let (server, owner, postbox) = with_post().await;
    let id = make(
        &server,
        &owner,
        json!({ "name": "Weekly", "every": "week", "hour": 0, "to": ["a@example.com"] }),
    )
    .await;
    let monday_ms = NOW_MS - 10 * HOUR_MS - HOUR_MS / 2 + DAY_MS;
    postbox.refusals.lock().unwrap().extend([SendAgain::Later(None), SendAgain::Later(Some(2 * HOUR_MS))]);
    server.clock.set(monday_ms);
    run(&server).await;
    let first = history(&server, &owner, &id).await[0].clone();
    assert_eq!((&first["state"], &first["attempts"]), (&json!("pending"), &json!(1)));
    assert_eq!(first["last_error"], "421 come back later");
    run(&server).await;
    assert_eq!(history(&server, &owner, &id).await[0]["attempts"], 1, "not at once");
    server.clock.set(monday_ms + 10_000);
    run(&server).await;
    let second = history(&server, &owner, &id).await[0].clone();
    assert_eq!((&second["attempts"], &second["next_at"]), (&json!(2), &json!("2026-11-23T02:00:10Z")));
    server.clock.set(monday_ms + 2 * HOUR_MS + 10_000);
    run(&server).await;
    let third = history(&server, &owner, &id).await[0].clone();
    assert_eq!(
        (&third["state"], &third["last_error"], &third["next_at"]),
        (&json!("delivered"), &Value::Null, &Value::Null)
    );
    assert_eq!(third["delivered_at"], "2026-11-23T02:00:10Z");
    assert_eq!(postbox.take().len(), 1);
    // What is refused for good is not tried again, and neither is what was refused for a day.
    postbox.refusals.lock().unwrap().push_back(SendAgain::Never);
    server.clock.set(monday_ms + 7 * DAY_MS);
    run(&server).await;
    assert_eq!(history(&server, &owner, &id).await[0]["state"], "failed");
    postbox.refusals.lock().unwrap().extend([SendAgain::Later(None); 20]);
    for hour in 0..48 * 4 {
        server.clock.set(monday_ms + 14 * DAY_MS + hour * HOUR_MS / 4);
        run(&server).await;
    }
    let last = history(&server, &owner, &id).await[0].clone();
    assert_eq!((&last["state"], &last["attempts"]), (&json!("failed"), &json!(12)));
    assert!(postbox.take().is_empty());
}

#[tokio::test]
async fn a_report_adds_up_to_what_the_page_shows() {
    let (server, owner, postbox) = with_post().await;
    server.patch("/api/v1/tenants/acme", &owner, &json!({ "timezone": "America/New_York" })).await;
    let mut unpriced = spent("u", "2026-10-20T12:00:00Z", "care", "1");
    unpriced["model"] = json!("<nobody> knows");
    unpriced.as_object_mut().unwrap().remove("cost_usd");
    let events = json!([
        spent("a", "2026-10-01T03:59:59Z", "care", "100"),
        spent("b", "2026-10-01T04:00:00Z", "care", "1.000000001"),
        spent("c", "2026-11-01T03:59:59Z", "sales", "2.5"),
        spent("d", "2026-11-01T04:00:00Z", "care", "200"),
        spent("e", "2026-10-20T12:00:00Z", "care", "0.25"),
        unpriced,
    ]);
    server.record(&owner, &events).await;
    let all = make(
        &server,
        &owner,
        json!({ "name": "Month", "every": "month", "to": ["a@example.com"], "formats": ["csv"] }),
    )
    .await;
    let scope = json!({ "department": "care" });
    let care = make(
        &server,
        &owner,
        json!({ "name": "Care", "every": "month", "scope": scope, "to": ["a@example.com"] }),
    )
    .await;
    for (id, path, expected) in
        [(&all, "", "3.750000001"), (&care, "&filter[department]=care", "1.250000001")]
    {
        let sent = server.post(&format!("/api/v1/reports/{id}/send"), &owner, &json!({})).await;
        assert_eq!(
            (&sent.json["state"], &sent.json["by_hand"]),
            (&json!("delivered"), &json!(true)),
            "{sent:?}"
        );
        let mail = postbox.take().remove(0);
        let csv = String::from_utf8(mail.attachments[0].bytes.clone()).unwrap();
        let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
        let sum: i64 = rows.iter().map(|row| CostNanos::parse_usd(row.last().unwrap()).unwrap().0).sum();
        let shown =
            server.get(&format!("/api/v1/usage/query?range=last_month&metrics=cost{path}"), &owner).await;
        assert_eq!(CostNanos(sum).to_string(), expected);
        assert_eq!(shown.json["total"]["cost_usd"], expected);
        assert!(mail.text.contains(&format!("${expected}")), "{}", mail.text);
        assert!(mail.text.contains("1 calls; they are not in the cost"));
        assert!(mail.html.unwrap().contains("&lt;nobody&gt; knows"));
    }
    let file = server.get("/api/v1/reports/file?range=last_month&format=csv&department=care", &owner).await;
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"acme_care_report_2026-10.csv\"");
    assert!(
        String::from_utf8(file.bytes)
            .unwrap()
            .contains("2026-10-01,openai,gpt-4o,chat,care,1,0,0,1000,0,500,0,1500,1.000000001\r\n")
    );
    let mailed =
        json!({ "from": "2026-10-20", "until": "2026-10-21", "to": ["x@example.com"], "formats": ["pdf"] });
    let mailed = server.post("/api/v1/reports/mail", &owner, &mailed).await;
    assert_eq!(mailed.json, json!({ "state": "delivered", "last_error": null }));
    assert_eq!(postbox.take()[0].subject, "Usage of acme: 2026-10-20, $0.25");
    postbox.refusals.lock().unwrap().push_back(SendAgain::Later(None));
    let failed = server.post("/api/v1/reports/mail", &owner, &json!({ "to": ["x@example.com"] })).await;
    assert_eq!(failed.json, json!({ "state": "failed", "last_error": "421 come back later" }));
    postbox.refusals.lock().unwrap().push_back(SendAgain::Later(None));
    let failed = server.post(&format!("/api/v1/reports/{all}/send"), &owner, &json!({})).await;
    assert_eq!(
        (&failed.json["state"], &failed.json["last_error"]),
        (&json!("failed"), &json!("421 come back later"))
    );
}

#[tokio::test]
async fn what_is_wrong_is_refused_and_named() {
    let (server, owner, _) = with_post().await;
    let good = json!({ "name": "Daily", "every": "day", "to": ["a@example.com"] });
    let wrong = [
        (json!({ "name": "" }), "name"),
        (json!({ "every": "year" }), "every"),
        (json!({ "hour": 24 }), "hour"),
        (json!({ "timezone": "Mars/Base" }), "timezone"),
        (json!({ "to": [] }), "to"),
        (json!({ "to": ["not an address"] }), "to.0"),
        (json!({ "formats": [] }), "formats"),
        (json!({ "formats": ["csv", "csv"] }), "formats"),
        (json!({ "formats": ["xml"] }), "formats"),
        (json!({ "scope": { "department": "a", "project": "b" } }), "scope"),
        (json!({ "scope": { "department": "" } }), "scope"),
    ];
    let id = make(&server, &owner, good.clone()).await;
    let before = server.get(&format!("/api/v1/reports/{id}"), &owner).await.json;
    for (change, field) in wrong {
        let mut body = good.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(
            server.post("/api/v1/reports", &owner, &body).await.refusal(),
            (422, "invalid_value", field)
        );
        let changed = server.patch(&format!("/api/v1/reports/{id}"), &owner, &change).await;
        assert_eq!(changed.refusal(), (422, "invalid_value", field));
    }
    assert_eq!(server.get(&format!("/api/v1/reports/{id}"), &owner).await.json, before);
    assert_eq!(server.get("/api/v1/reports/file?format=docx", &owner).await.refusal().2, "format");
    assert_eq!(server.get("/api/v1/reports/file?range=8d", &owner).await.refusal().2, "range");
    let changed = server
        .patch(&format!("/api/v1/reports/{id}"), &owner, &json!({ "scope": null, "every": "month" }))
        .await;
    assert_eq!(
        (&changed.json["scope"], &changed.json["next_at"]),
        (&json!({}), &json!("2026-12-01T07:00:00Z"))
    );
    for n in 1..100 {
        let mut body = good.clone();
        body["name"] = json!(format!("Report {n}"));
        make(&server, &owner, body).await;
    }
    assert_eq!(server.post("/api/v1/reports", &owner, &good).await.status, 409);
    assert_eq!(server.delete(&format!("/api/v1/reports/{id}"), &owner).await.status, 204);
    assert_eq!(server.get(&format!("/api/v1/reports/{id}"), &owner).await.status, 404);
    let sent = server.post(&format!("/api/v1/reports/{id}/send"), &owner, &json!({})).await;
    assert_eq!(sent.status, 404);
}
