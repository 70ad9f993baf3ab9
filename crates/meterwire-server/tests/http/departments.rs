//! Cost by department: rows that add up to the total, with projects, teams and an earlier period beside them.

use crate::harness::{NOW_MS, Server, event};
use meterwire_core::money::CostNanos;
use serde_json::{Value, json};

fn nanos(value: &Value) -> i64 {
    CostNanos::parse_usd(value.as_str().unwrap()).unwrap().0
}

fn spent(id: &str, time: &str, department: Option<&str>, project: &str, cost: &str) -> Value {
    let mut event = event(id);
    event["time"] = json!(time);
    event["project"] = json!(project);
    event["cost_usd"] = json!(cost);
    if let Some(department) = department {
        event["department"] = json!(department);
    }
    event
}

async fn with_spending() -> (Server, String) {
    let (server, owner) = Server::with_acme().await;
    server.patch("/api/v1/tenants/acme", &owner, &json!({ "timezone": "Europe/Berlin" })).await;
    let mut unpriced = spent("u", "2026-11-03T10:00:00Z", Some("care"), "chat", "0");
    unpriced["model"] = json!("nobody-knows-it");
    unpriced.as_object_mut().unwrap().remove("cost_usd");
    let events = json!([
        spent("a", "2026-11-02T10:00:00Z", Some("care"), "chat", "30.000000001"),
        spent("b", "2026-11-02T10:00:00Z", Some("care"), "search", "10"),
        spent("c", "2026-11-02T10:00:00Z", Some("sales"), "chat", "20"),
        spent("d", "2026-11-02T10:00:00Z", None, "lab", "40"),
        // In Berlin this is November, in UTC October.
        spent("e", "2026-10-31T23:30:00Z", Some("=sales"), "chat", "0.5"),
        spent("f", "2026-10-05T10:00:00Z", Some("care"), "chat", "20"),
        unpriced,
    ]);
    server.record(&owner, &events).await;
    server.patch("/api/v1/projects/chat", &owner, &json!({ "team": "bots" })).await;
    server.patch("/api/v1/projects/search", &owner, &json!({ "team": "finders" })).await;
    (server, owner)
}

#[tokio::test]
async fn departments_add_up_to_the_total() {
    let (server, owner) = with_spending().await;
    let answer = server.get("/api/v1/departments/costs?compare=previous", &owner).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let (json, departments) = (&answer.json, answer.json["departments"].as_array().unwrap());
    assert_eq!(
        (&json["from"], &json["compared_from"]),
        (&json!("2026-10-31T23:00:00Z"), &json!("2026-09-30T22:00:00Z"))
    );
    let names: Vec<_> = departments.iter().map(|row| row["department"].as_str().unwrap_or("-")).collect();
    assert_eq!(names, ["care", "-", "sales", "=sales"]);
    assert_eq!(json["total"]["cost_usd"], "100.500000001");
    let shown = server.get("/api/v1/usage/query?range=this_month&metrics=cost", &owner).await;
    assert_eq!(json["total"]["cost_usd"], shown.json["total"]["cost_usd"]);
    for field in ["cost_usd", "previous_cost_usd"] {
        let sum: i64 = departments.iter().map(|row| nanos(&row[field])).sum();
        assert_eq!(sum, nanos(&json["total"][field]), "{field}");
        for department in departments {
            let projects = department["projects"].as_array().unwrap();
            assert_eq!(projects.iter().map(|row| nanos(&row[field])).sum::<i64>(), nanos(&department[field]));
        }
    }
    let care = &departments[0];
    assert_eq!((&care["teams"], &care["unpriced_calls"]), (&json!(["bots", "finders"]), &json!(1)));
    assert_eq!((&care["share_percentage"], &care["change_percentage"]), (&json!(39.8), &json!(100.0)));
    assert_eq!(
        (&care["projects"][0]["project"], &care["projects"][0]["team"]),
        (&json!("chat"), &json!("bots"))
    );
    assert_eq!(departments[1]["change_percentage"], Value::Null, "nothing before");
    let alone = server.get("/api/v1/departments/costs?range=last_month", &owner).await;
    assert_eq!(
        (&alone.json["total"]["cost_usd"], &alone.json["compared_from"]),
        (&json!("20"), &Value::Null)
    );
    assert_eq!(alone.json["departments"][0]["previous_cost_usd"], Value::Null);
    let filtered = server.get("/api/v1/departments/costs?filter[project]=chat", &owner).await;
    assert_eq!(filtered.json["total"]["cost_usd"], "50.500000001");
    for (wrong, field) in
        [("range=8d", "range"), ("compare=never", "compare"), ("format=pdf", "format"), ("by=x", "by")]
    {
        let refused = server.get(&format!("/api/v1/departments/costs?{wrong}"), &owner).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", field));
    }
}

#[tokio::test]
async fn the_export_has_every_row() {
    let (server, owner) = with_spending().await;
    let csv = server.get("/api/v1/departments/costs?compare=previous&format=csv", &owner).await;
    assert_eq!(
        csv.headers["content-disposition"],
        "attachment; filename=\"acme_departments_2026-11-01_2026-11-30.csv\""
    );
    let text = String::from_utf8(csv.bytes).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[1][2..], ["care", "bots", "chat", "2", "1", "3000", "30.000000001", "29.85", "20", "50"]);
    assert_eq!(rows[5][2], "'=sales", "no formula");
    let sum: i64 = rows[1..].iter().map(|row| CostNanos::parse_usd(row[8]).unwrap().0).sum();
    assert_eq!(CostNanos(sum).to_string(), "100.500000001");
}

#[tokio::test]
async fn more_departments_than_are_told_apart_are_one_row() {
    let (server, owner) = Server::with_acme().await;
    let event = |n: usize| {
        spent(
            &format!("e-{n}"),
            "2026-11-02T10:00:00Z",
            Some(&format!("d-{n:03}")),
            &format!("p-{n}"),
            "0.01",
        )
    };
    server.record(&owner, &Value::Array((0..205).map(event).collect())).await;
    let of_one = |n: usize| {
        spent(&format!("o-{n}"), "2026-11-02T10:00:00Z", Some("d-000"), &format!("q-{n:03}"), "0.01")
    };
    server.record(&owner, &Value::Array((0..60).map(of_one).collect())).await;
    let answer = server.get("/api/v1/departments/costs", &owner).await;
    let departments = answer.json["departments"].as_array().unwrap();
    assert_eq!(departments.len(), 201);
    assert_eq!((&departments[200]["other"], &departments[200]["cost_usd"]), (&json!(true), &json!("0.05")));
    let projects = departments[0]["projects"].as_array().unwrap();
    assert_eq!((projects.len(), &projects[50]["cost_usd"]), (51, &json!("0.11")));
    assert_eq!(departments.iter().map(|row| nanos(&row["cost_usd"])).sum::<i64>(), 2_650_000_000);
}

#[tokio::test]
async fn a_member_sees_its_own_and_what_is_old_is_told_without_projects() {
    let (server, owner) = with_spending().await;
    let mut other = spent("x", "2026-11-02T10:00:00Z", Some("care"), "chat", "7");
    other["user"] = json!("u-2");
    server.record(&owner, &other).await;
    let member = server.key("acme", "member", Some("u-2")).await;
    let own = server.get("/api/v1/departments/costs", &member).await;
    assert_eq!(
        (&own.json["total"]["cost_usd"], own.json["departments"].as_array().unwrap().len()),
        (&json!("7"), 1)
    );
    server.clock.set(NOW_MS + 60 * 86_400_000);
    server.patch("/api/v1/tenants/acme", &owner, &json!({ "retention_days": 35 })).await;
    server.record(&owner, &event("today")).await;
    while server.app.run_retention_jobs().await.unwrap() {}
    let old =
        server.get("/api/v1/departments/costs?from=2026-11-01&to=2026-12-01&compare=previous", &owner).await;
    assert_eq!(
        (&old.json["by_project"], &old.json["total"]["cost_usd"]),
        (&json!(false), &json!("107.500000001")),
        "{old:?}"
    );
    assert_eq!(old.json["total"]["previous_cost_usd"], "20");
    let csv = server.get("/api/v1/departments/costs?from=2026-11-01&to=2026-12-01&format=csv", &owner).await;
    assert_eq!(String::from_utf8(csv.bytes).unwrap().lines().count(), 5);
}
