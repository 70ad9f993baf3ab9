//! Reports, statements and departments at their edges: what came before, what was switched off meanwhile, what is beyond
//! the first page.

use crate::harness::{NOW_MS, Server, event, outside};
use crate::reports::{history, make, run, spent, with_post};
use async_trait::async_trait;
use meterwire_app::Caller;
use meterwire_app::ports::{Destination, Mail, Messenger, Notice, Outside, SendAgain, SendError, Taken};
use meterwire_core::money::CostNanos;
use meterwire_server::http::HttpSettings;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

const DAY_MS: i64 = 86_400_000;

#[tokio::test]
async fn a_mail_tells_the_period_before() {
    let (server, owner, postbox) = with_post().await;
    let events = json!([
        spent("a", "2026-09-10T12:00:00Z", "care", "4"),
        spent("b", "2026-09-10T12:00:00Z", "sales", "10"),
        spent("c", "2026-10-10T12:00:00Z", "care", "3"),
    ]);
    server.record(&owner, &events).await;
    for (name, scope, before) in [
        ("All", json!({}), "Period before   $14.00, -78.57 %\n"),
        ("Care", json!({ "department": "care" }), "Period before   $4.00, -25 %\n"),
        ("Lab", json!({ "department": "lab" }), "Period before   $0.00\n"),
    ] {
        let body = json!({ "name": name, "every": "month", "scope": scope, "to": ["a@example.com"], "formats": ["csv"] });
        let id = make(&server, &owner, body).await;
        let sent = server.post(&format!("/api/v1/reports/{id}/send"), &owner, &json!({})).await;
        assert_eq!(sent.json["state"], "delivered", "{sent:?}");
        let text = postbox.take().remove(0).text;
        assert!(text.contains(before), "{text}");
    }
}

#[tokio::test]
async fn a_report_that_was_switched_off_is_not_tried_again() {
    let (server, owner, postbox) = with_post().await;
    let body = json!({ "name": "Daily", "every": "day", "hour": 0, "to": ["a@example.com"] });
    let id = make(&server, &owner, body).await;
    postbox.refuse(SendAgain::Later(None));
    server.clock.set(NOW_MS + DAY_MS);
    run(&server).await;
    assert_eq!(history(&server, &owner, &id).await[0]["state"], "pending");
    server.patch(&format!("/api/v1/reports/{id}"), &owner, &json!({ "enabled": false })).await;
    server.clock.set(NOW_MS + DAY_MS + 3_600_000);
    run(&server).await;
    let last = history(&server, &owner, &id).await[0].clone();
    assert_eq!(
        (&last["state"], &last["last_error"]),
        (&json!("failed"), &json!("the report was switched off"))
    );
    assert!(postbox.take().is_empty());
}

#[tokio::test]
async fn a_statement_on_paper_has_a_row_for_the_rest() {
    let (server, owner) = Server::with_acme().await;
    let of = |number: usize| {
        let mut event =
            spent(&format!("e-{number}"), "2026-10-10T12:00:00Z", "care", &format!("{}", number + 1));
        event["project"] = json!(format!("p-{number:02}"));
        event
    };
    server.record(&owner, &Value::Array((0..15).map(of).collect())).await;
    let closed = server.post("/api/v1/closings", &owner, &json!({ "month": "2026-10" })).await;
    let id = closed.json["id"].as_str().unwrap();
    let statement = server.app.closed_statement(&Caller::command_line(), Some("acme"), id).await.unwrap();
    let statement = statement.to_statement().unwrap();
    let projects = &statement.tables[1].rows;
    assert_eq!((projects.len(), projects[12].other), (13, true));
    assert_eq!(projects[12].total.totals.cost, CostNanos(6_000_000_000), "those of 1, 2 and 3 dollars");
    let sum: CostNanos = projects.iter().map(|row| row.total.totals.cost).sum();
    assert_eq!((sum, statement.tables[1].total.cost), (statement.total.cost, statement.total.cost));
}

#[tokio::test]
async fn the_rest_of_the_departments_has_its_period_before() {
    let (server, owner) = Server::with_acme().await;
    let of = |number: usize| {
        let time = if number < 205 { "2026-11-02T10:00:00Z" } else { "2026-10-05T10:00:00Z" };
        let mut event = spent(&format!("e-{number}"), time, &format!("d-{:03}", number % 205), "0.01");
        event["project"] = json!("chat");
        event
    };
    server.record(&owner, &Value::Array((0..410).map(of).collect())).await;
    let answer = server.get("/api/v1/departments/costs?compare=previous", &owner).await;
    let rest = &answer.json["departments"][200];
    assert_eq!(
        (&rest["other"], &rest["cost_usd"], &rest["previous_cost_usd"], &rest["change_percentage"]),
        (&json!(true), &json!("0.05"), &json!("0.05"), &json!(0.0))
    );
    assert_eq!(answer.json["total"]["previous_cost_usd"], "2.05");
}

#[tokio::test]
async fn teams_of_every_project_are_known_however_many_there_are() {
    let (server, owner) = Server::with_acme().await;
    let of = |number: usize| {
        let mut event = event(&format!("e-{number}"));
        event["project"] = json!(format!("p-{number:04}"));
        event["department"] = json!("care");
        event
    };
    for first in [0, 500, 1_000] {
        server.record(&owner, &Value::Array((first..first + 500).map(of).collect())).await;
    }
    let patched = server.patch("/api/v1/projects/p-1499", &owner, &json!({ "team": "last" })).await;
    assert_eq!(patched.status, 200, "{patched:?}");
    let answer = server.get("/api/v1/departments/costs", &owner).await;
    assert_eq!(answer.json["departments"][0]["teams"], json!(["last"]));
}

/// A mail server that takes its time over the first mail.
#[derive(Default)]
struct Slow {
    mails: AtomicUsize,
    has_begun: Notify,
    may_end: Notify,
}

#[async_trait]
impl Messenger for Slow {
    async fn mail(&self, _: Mail) -> Result<Taken, SendError> {
        if self.mails.fetch_add(1, Ordering::SeqCst) == 0 {
            self.has_begun.notify_one();
            self.may_end.notified().await;
        }
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

#[tokio::test]
async fn what_somebody_is_sending_is_not_sent_by_the_job_too() {
    let slow = Arc::new(Slow::default());
    let beyond = Outside { messenger: slow.clone(), ..outside() };
    let server = Server::start_beyond(beyond, HttpSettings::default(), None).await;
    server.tenant("acme").await;
    let owner = server.key("acme", "owner", None).await;
    let id = make(&server, &owner, json!({ "name": "Daily", "every": "day", "to": ["a@example.com"] })).await;
    let (path, nothing) = (format!("/api/v1/reports/{id}/send"), json!({}));
    let by_hand = server.post(&path, &owner, &nothing);
    let job = async {
        slow.has_begun.notified().await;
        run(&server).await;
        slow.may_end.notify_one();
    };
    let (sent, ()) = tokio::join!(by_hand, job);
    assert_eq!((&sent.json["state"], slow.mails.load(Ordering::SeqCst)), (&json!("delivered"), 1));
}

#[tokio::test]
async fn days_of_a_statement_and_of_what_came_later_are_those_of_its_zone() {
    let (server, owner) = Server::with_acme().await;
    server.patch("/api/v1/tenants/acme", &owner, &json!({ "timezone": "America/New_York" })).await;
    // The last second of the 9th there, and the first of the 10th.
    let (ninth, tenth) = ("2026-10-10T03:59:59Z", "2026-10-10T04:00:00Z");
    server.record(&owner, &json!([spent("a", ninth, "care", "3"), spent("b", tenth, "care", "5")])).await;
    let closed = server.post("/api/v1/closings", &owner, &json!({ "month": "2026-10" })).await;
    let path = format!("/api/v1/closings/{}", closed.json["id"].as_str().unwrap());
    let statement = server.get(&format!("{path}/statement"), &owner).await.json;
    let rows: Vec<_> =
        statement["rows"].as_array().unwrap().iter().map(|row| (&row["day"], &row["cost_usd"])).collect();
    assert_eq!(rows, [(&json!("2026-10-09"), &json!("3")), (&json!("2026-10-10"), &json!("5"))]);
    server.record(&owner, &json!([spent("c", ninth, "care", "2"), spent("d", tenth, "care", "1")])).await;
    let adjusted = server.get(&format!("{path}/adjustment"), &owner).await.json;
    let of = |row: &Value| {
        (row["day"].clone(), row["statement"]["cost_usd"].clone(), row["adjustment"]["cost_usd"].clone())
    };
    let rows: Vec<_> = adjusted["rows"].as_array().unwrap().iter().map(of).collect();
    let expected = |day: &str, frozen: &str, change: &str| (json!(day), json!(frozen), json!(change));
    assert_eq!(rows, [expected("2026-10-09", "3", "2"), expected("2026-10-10", "5", "1")]);
}
