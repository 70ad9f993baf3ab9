//! Who may do what: every route against every role, without a token, and from a foreign tenant. A route that is not in
//! the table fails the test.

mod lists;
mod money;

use crate::harness::{ADMIN, Server, event};
use axum::http::Method;
use money::{
    alert, budget, channel, closing, connection_of, report, rows_of_alerts, rows_of_budgets,
    rows_of_providers, rows_of_reports, rows_of_statements,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What a role gets: done, or refused by the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Get {
    Done,
    Forbidden,
}
use Get::{Done, Forbidden};

struct Row {
    method: &'static str,
    /// As the OpenAPI document names it.
    route: &'static str,
    /// A real address of acme's; `{n}` is another number for every role, so that a deletion leaves something.
    path: &'static str,
    body: Option<fn(&str) -> Value>,
    /// Admin (naming the tenant), owner, member, viewer, ingest.
    roles: [Get; 5],
    /// Needs no token at all.
    open: bool,
}

const READ: [Get; 5] = [Done, Done, Done, Done, Forbidden];
const OWN: [Get; 5] = [Done, Done, Forbidden, Forbidden, Forbidden];
const RECORD: [Get; 5] = [Done, Done, Forbidden, Forbidden, Done];
const DECIDE: [Get; 5] = [Done, Done, Done, Forbidden, Done];
const ADMINISTER: [Get; 5] = [Done, Forbidden, Forbidden, Forbidden, Forbidden];
const ANY: [Get; 5] = [Done; 5];

fn row(method: &'static str, route: &'static str, path: &'static str, roles: [Get; 5]) -> Row {
    Row { method, route, path, body: None, roles, open: false }
}

fn with(row: Row, body: fn(&str) -> Value) -> Row {
    Row { body: Some(body), ..row }
}

fn open(row: Row) -> Row {
    Row { open: true, ..row }
}

fn price(n: &str) -> Value {
    json!({ "provider": "own", "model": n, "input": "1", "output": "2" })
}

/// So little that the limit is far from reached by all rows together.
fn one_deployment(_: &str) -> Value {
    json!({ "metric": "deployments", "amount": 0.001, "user": "u-1" })
}

/// A number as the name of a metric.
fn plain(n: &str) -> String {
    n.replace('-', "_")
}

fn table() -> Vec<Row> {
    let rows = vec![
        with(row("post", "/api/v1/events", "/api/v1/events", RECORD), event),
        row("delete", "/api/v1/events/{source}/{id}", "/api/v1/events/test/{n}", OWN),
        row("get", "/api/v1/usage/summary", "/api/v1/usage/summary", READ),
        row("get", "/api/v1/usage/daily", "/api/v1/usage/daily?days=3", READ),
        row("get", "/api/v1/usage/query", "/api/v1/usage/query?range=7d", READ),
        row("get", "/api/v1/usage/explain", "/api/v1/usage/explain?range=7d", READ),
        row("get", "/api/v1/usage/forecast", "/api/v1/usage/forecast", READ),
        row("get", "/api/v1/usage/stream", "/api/v1/usage/stream", READ),
        row("get", "/api/v1/events/{source}/{id}", "/api/v1/events/test/first", READ),
        row("get", "/api/tenants/{slug}/usage/", "/api/tenants/acme/usage/", READ),
        row("get", "/api/tenants/{slug}/quota", "/api/tenants/acme/quota", READ),
        row("get", "/api/usage/current-month", "/api/usage/current-month", READ),
        row("get", "/api/usage/today", "/api/usage/today", READ),
        row("get", "/api/usage/budget-status", "/api/usage/budget-status", READ),
        row("get", "/api/usage/model-comparison", "/api/usage/model-comparison", READ),
        row("get", "/api/usage/cost-intelligence/{workspace_id}", "/api/usage/cost-intelligence/chat", READ),
        row("get", "/api/usage/dashboard/{workspace_id}", "/api/usage/dashboard/chat", READ),
        row("get", "/api/v1/usage/what-if", "/api/v1/usage/what-if?instead=gpt-4o-mini", READ),
        with(
            row("post", "/api/v1/usage/what-if", "/api/v1/usage/what-if", READ),
            |_| json!({ "prices": { "input": "1", "output": "2" } }),
        ),
        row("get", "/api/usage/summary", "/api/usage/summary?range=7d", READ),
        row("get", "/api/usage/breakdown", "/api/usage/breakdown?by=model", READ),
        row("get", "/api/usage/log", "/api/usage/log", READ),
        row(
            "get",
            "/v1/organization/usage/{kind}",
            "/v1/organization/usage/completions?start_time=1795305600",
            READ,
        ),
        row("get", "/v1/organization/costs", "/v1/organization/costs?start_time=1795305600", READ),
        row("get", "/api/v1/export", "/api/v1/export?range=7d", READ),
        row("get", "/api/v1/me", "/api/v1/me", ANY),
        row("get", "/api/v1/tenants", "/api/v1/tenants", READ),
        with(row("post", "/api/v1/tenants", "/api/v1/tenants", ADMINISTER), |n| json!({ "slug": n })),
        row("get", "/api/v1/tenants/{slug}", "/api/v1/tenants/acme", READ),
        with(
            row("patch", "/api/v1/tenants/{slug}", "/api/v1/tenants/acme", OWN),
            |_| json!({ "name": "Acme" }),
        ),
        row("delete", "/api/v1/tenants/{slug}", "/api/v1/tenants/spare", ADMINISTER),
        row("get", "/api/v1/keys", "/api/v1/keys", OWN),
        with(row("post", "/api/v1/keys", "/api/v1/keys", OWN), |n| json!({ "name": n, "role": "viewer" })),
        row("get", "/api/v1/keys/{id}", "/api/v1/keys/{key}", OWN),
        row("delete", "/api/v1/keys/{id}", "/api/v1/keys/{key}", OWN),
        row("post", "/api/v1/keys/{id}/rotate", "/api/v1/keys/{key}/rotate", OWN),
        row("post", "/api/v1/embed-tokens", "/api/v1/embed-tokens", OWN),
        row("get", "/api/v1/users", "/api/v1/users", READ),
        with(row("post", "/api/v1/users", "/api/v1/users", OWN), |n| json!({ "id": n })),
        row("get", "/api/v1/users/{id}", "/api/v1/users/u-1", READ),
        with(row("patch", "/api/v1/users/{id}", "/api/v1/users/u-1", OWN), |_| json!({ "tier": "pro" })),
        row("delete", "/api/v1/users/{id}", "/api/v1/users/{n}", OWN),
        with(
            row("post", "/api/v1/users/{id}/erase", "/api/v1/users/{n}/erase", OWN),
            |n| json!({ "user": n }),
        ),
        row("get", "/api/v1/dimensions", "/api/v1/dimensions", READ),
        with(
            row("post", "/api/v1/dimensions", "/api/v1/dimensions", OWN),
            |n| json!({ "name": plain(n), "property": "p" }),
        ),
        row("get", "/api/v1/dimensions/{name}", "/api/v1/dimensions/declared", READ),
        row("delete", "/api/v1/dimensions/{name}", "/api/v1/dimensions/{dimension}", OWN),
        row("get", "/api/v1/projects", "/api/v1/projects", READ),
        with(row("post", "/api/v1/projects", "/api/v1/projects", OWN), |n| json!({ "slug": n })),
        row("get", "/api/v1/projects/{slug}", "/api/v1/projects/chat", READ),
        with(
            row("patch", "/api/v1/projects/{slug}", "/api/v1/projects/chat", OWN),
            |_| json!({ "team": "a" }),
        ),
        row("delete", "/api/v1/projects/{slug}", "/api/v1/projects/{n}", OWN),
        row("get", "/api/v1/prices", "/api/v1/prices", READ),
        row("get", "/api/v1/prices/book", "/api/v1/prices/book?limit=1", READ),
        with(row("post", "/api/v1/prices", "/api/v1/prices", OWN), price),
        row("get", "/api/v1/prices/{id}", "/api/v1/prices/{price}", READ),
        with(row("put", "/api/v1/prices/{id}", "/api/v1/prices/{price}", OWN), price),
        row("delete", "/api/v1/prices/{id}", "/api/v1/prices/{price}", OWN),
        with(
            row("post", "/api/v1/prices/rerate", "/api/v1/prices/rerate", OWN),
            |_| json!({ "from": "2026-11-01", "to": "2026-12-01" }),
        ),
        row("get", "/api/v1/prices/rerates", "/api/v1/prices/rerates", READ_WHOLE),
        row("get", "/api/v1/prices/rerates/{id}", "/api/v1/prices/rerates/{rerate}", READ_WHOLE),
        row("get", "/api/v1/audit", "/api/v1/audit", OWN),
        open(with(row("post", "/api/v1/session", "/api/v1/session", ANY), |_| json!({ "token": ADMIN }))),
        open(row("delete", "/api/v1/session", "/api/v1/session", ANY)),
        open(row("get", "/healthz", "/healthz", ANY)),
        open(row("get", "/readyz", "/readyz", ANY)),
        open(row("get", "/metrics", "/metrics", ANY)),
    ];
    rows.into_iter()
        .chain(rows_of_limits())
        .chain(rows_of_providers())
        .chain(rows_of_budgets())
        .chain(rows_of_statements())
        .chain(rows_of_reports())
        .chain(rows_of_alerts())
        .collect()
}

/// What tells of the whole tenant is nothing for a member that acts for one user.
const READ_WHOLE: [Get; 5] = [Done, Done, Forbidden, Done, Forbidden];

fn rows_of_limits() -> Vec<Row> {
    vec![
        row("get", "/api/usage/status", "/api/usage/status?user=u-1", ANY),
        with(row("post", "/api/usage/check-limit", "/api/usage/check-limit", ANY), one_deployment),
        with(row("post", "/api/usage/increment", "/api/usage/increment", DECIDE), one_deployment),
        with(row("post", "/api/usage/consume", "/api/usage/consume", DECIDE), one_deployment),
        with(row("post", "/api/usage/reservations", "/api/usage/reservations", DECIDE), one_deployment),
        row("get", "/api/usage/reservations/{id}", "/api/usage/reservations/{reservation}", ANY),
        with(
            row(
                "post",
                "/api/usage/reservations/{id}/commit",
                "/api/usage/reservations/{reservation}/commit",
                DECIDE,
            ),
            |_| json!({}),
        ),
        row("delete", "/api/usage/reservations/{id}", "/api/usage/reservations/{reservation}", DECIDE),
        row("get", "/api/v1/metrics", "/api/v1/metrics", READ),
        with(row("post", "/api/v1/metrics", "/api/v1/metrics", OWN), |n| json!({ "name": plain(n) })),
        row("get", "/api/v1/metrics/{name}", "/api/v1/metrics/{metric}", READ),
        with(
            row("patch", "/api/v1/metrics/{name}", "/api/v1/metrics/{metric}", OWN),
            |_| json!({ "unit": "bytes" }),
        ),
        row("delete", "/api/v1/metrics/{name}", "/api/v1/metrics/{metric}", OWN),
        row("get", "/api/v1/tiers", "/api/v1/tiers", READ),
        with(row("post", "/api/v1/tiers", "/api/v1/tiers", OWN), |n| json!({ "name": n })),
        row("get", "/api/v1/tiers/{name}", "/api/v1/tiers/{tier}", READ),
        with(
            row("patch", "/api/v1/tiers/{name}", "/api/v1/tiers/{tier}", OWN),
            |_| json!({ "limits": { "storage": 1 } }),
        ),
        row("delete", "/api/v1/tiers/{name}", "/api/v1/tiers/{tier}", OWN),
        row("get", "/api/v1/users/{id}/limits", "/api/v1/users/u-1/limits", READ),
        with(
            row("put", "/api/v1/users/{id}/limits", "/api/v1/users/u-1/limits", OWN),
            |_| json!({ "limits": {} }),
        ),
        row("get", "/api/v1/tenant-limits", "/api/v1/tenant-limits", READ),
        with(row("put", "/api/v1/tenant-limits", "/api/v1/tenant-limits", OWN), |_| json!({ "limits": {} })),
        row("post", "/api/usage/admin/manual-reset", "/api/usage/admin/manual-reset", OWN),
        row("get", "/api/usage/admin/top-users", "/api/usage/admin/top-users", OWN),
        row("get", "/api/usage/admin/near-limits", "/api/usage/admin/near-limits", OWN),
        row("get", "/api/usage/admin/history", "/api/usage/admin/history?days=2", OWN),
        row("get", "/api/usage/admin/usage-limits", "/api/usage/admin/usage-limits", OWN),
        with(
            row("put", "/api/usage/admin/usage-limits", "/api/usage/admin/usage-limits", OWN),
            |_| json!({ "items": [{ "tier": "pro", "max_storage": null }] }),
        ),
        with(
            row("patch", "/api/usage/admin/users/{id}", "/api/usage/admin/users/u-1", OWN),
            |_| json!({ "tier": "free" }),
        ),
    ]
}

/// A re-rating that has ended: a tenant has one at a time.
async fn rerate(server: &Server, owner: &str) -> String {
    let mut wish = json!({ "from": "2026-11-01", "to": "2026-12-01" });
    let shown = server.post("/api/v1/prices/rerate", owner, &wish).await;
    (wish["dry_run"], wish["basis"]) = (json!(false), shown.json["basis"].clone());
    let begun = server.post("/api/v1/prices/rerate", owner, &wish).await;
    while server.app.run_rerating_jobs().await.unwrap() {}
    begun.json["id"].as_str().unwrap().to_owned()
}

/// Makes what a row acts upon and returns its address.
async fn prepare(server: &Server, owner: &str, row: &Row, n: &str) -> String {
    let mut path = row.path.replace("{n}", n);
    if row.path.contains("{key}") {
        let key = server.post("/api/v1/keys", owner, &json!({ "name": n, "role": "viewer" })).await;
        path = path.replace("{key}", key.json["id"].as_str().unwrap());
    }
    if row.path.contains("{price}") {
        let made = server.post("/api/v1/prices", owner, &price(&format!("base-{n}"))).await;
        path = path.replace("{price}", made.json["id"].as_str().unwrap());
    }
    if row.path.contains("{rerate}") {
        path = path.replace("{rerate}", &rerate(server, owner).await);
    }
    if row.path.contains("{metric}") {
        drop(server.post("/api/v1/metrics", owner, &json!({ "name": plain(n) })).await);
        path = path.replace("{metric}", &plain(n));
    }
    if row.path.contains("{dimension}") {
        drop(server.post("/api/v1/dimensions", owner, &json!({ "name": plain(n) })).await);
        path = path.replace("{dimension}", &plain(n));
    }
    if row.path.ends_with("/declared") {
        drop(server.post("/api/v1/dimensions", owner, &json!({ "name": "declared" })).await);
    }
    if row.path.contains("{reservation}") {
        let held = server.post("/api/usage/reservations", owner, &one_deployment(n)).await;
        path = path.replace("{reservation}", held.json["id"].as_str().unwrap());
    }
    if row.path.contains("{channel}") {
        // A tenant has only so many.
        let listed = server.get("/api/v1/channels", owner).await;
        for one in listed.json["items"].as_array().unwrap() {
            drop(server.delete(&format!("/api/v1/channels/{}", one["id"].as_str().unwrap()), owner).await);
        }
        let made = server.post("/api/v1/channels", owner, &channel(n)).await;
        path = path.replace("{channel}", made.json["id"].as_str().unwrap());
    }
    if row.path.contains("{alert}") {
        path = path.replace("{alert}", &alert(server, owner).await);
    }
    if row.path.contains("{budget}") {
        path = path.replace("{budget}", &budget(server, owner).await);
    }
    if row.path.contains("{report}") {
        let made = server.post("/api/v1/reports", owner, &report(n)).await;
        path = path.replace("{report}", made.json["id"].as_str().unwrap());
    }
    if row.path.contains("{closing}") {
        path = path.replace("{closing}", &closing(server, owner).await);
    }
    if row.path.contains("{connection}") {
        path = path.replace("{connection}", &connection_of(server, owner, row, n).await);
    }
    if row.path.contains("{tier}") {
        drop(server.post("/api/v1/tiers", owner, &json!({ "name": format!("t-{n}") })).await);
        path = path.replace("{tier}", &format!("t-{n}"));
    }
    match (row.method, row.route) {
        ("delete", "/api/v1/events/{source}/{id}") => server.record(owner, &event(n)).await,
        ("delete", "/api/v1/users/{id}") | ("post", "/api/v1/users/{id}/erase") => {
            drop(server.post("/api/v1/users", owner, &json!({ "id": n })).await);
        }
        ("delete", "/api/v1/projects/{slug}") => {
            drop(server.post("/api/v1/projects", owner, &json!({ "slug": n })).await);
        }
        ("delete", "/api/v1/tenants/{slug}") => {
            drop(server.post("/api/v1/tenants", ADMIN, &json!({ "slug": "spare" })).await);
        }
        _ => {}
    }
    path
}

async fn send(server: &Server, row: &Row, path: &str, token: Option<&str>, n: &str) -> (u16, Vec<u8>) {
    let method: Method = row.method.to_uppercase().parse().unwrap();
    let mut call = server.call(method, path);
    if let Some(token) = token {
        call = call.token(token);
    }
    if let Some(body) = row.body {
        call = call.json(&body(n));
    }
    let answer = call.send().await;
    (answer.status.as_u16(), answer.bytes)
}

#[tokio::test]
async fn every_route_is_in_the_table() {
    let document = serde_json::to_value(meterwire_server::http::openapi()).unwrap();
    let mut routes = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            routes.insert((method.clone(), path.clone()));
        }
    }
    let tested = table().iter().map(|row| (row.method.to_owned(), row.route.to_owned())).collect();
    assert_eq!(routes, tested, "add the new route to the table");
}

#[tokio::test]
async fn every_role_reaches_exactly_as_far_as_it_should() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &event("first")).await;
    let roles = ["admin", "owner", "member", "viewer", "ingest"];
    let mut tokens = vec![ADMIN.to_owned(), owner.clone()];
    for role in &roles[2..] {
        tokens.push(server.key("acme", role, Some("u-1")).await);
    }
    for (r, row) in table().iter().enumerate() {
        for (i, (role, token)) in roles.iter().zip(&tokens).enumerate() {
            let n = format!("n-{r}-{i}");
            let mut path = prepare(&server, &owner, row, &n).await;
            let names_tenant = row.route.contains("/tenants")
                || row.route == "/api/v1/me"
                || row.route.contains("/prices/book");
            if *role == "admin" && !row.open && !names_tenant {
                path += if path.contains('?') { "&tenant=acme" } else { "?tenant=acme" };
            }
            let (status, body) = send(&server, row, &path, Some(token), &n).await;
            let got = match status {
                200..=299 => Done,
                403 => Forbidden,
                other => {
                    panic!("{} {path} as {role}: {other} {}", row.method, String::from_utf8_lossy(&body))
                }
            };
            assert_eq!(got, row.roles[i], "{} {path} as {role}", row.method);
        }
    }
}

#[tokio::test]
async fn without_a_token_only_the_open_routes_answer() {
    let (server, owner) = Server::with_acme().await;
    for (r, row) in table().into_iter().enumerate() {
        let n = format!("n-{r}");
        let path = prepare(&server, &owner, &row, &n).await;
        for token in [None, Some("mw_this-token-was-never-made-by-anyone")] {
            let (status, _) = send(&server, &row, &path, token, &n).await;
            let expected = if row.open { 200..=204 } else { 401..=401 };
            assert!(expected.contains(&status), "{} {path}: {status}", row.method);
        }
    }
}

#[tokio::test]
async fn a_foreign_tenant_is_not_told_from_one_that_does_not_exist() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &event("first")).await;
    server.tenant("globex").await;
    let foreign = server.key("globex", "owner", None).await;
    for (r, row) in table().iter().enumerate().filter(|(_, row)| !row.open) {
        let n = format!("n-{r}");
        // By name: somebody else's tenant and no tenant at all.
        let add = |path: &str, slug: &str| {
            format!("{path}{}tenant={slug}", if path.contains('?') { "&" } else { "?" })
        };
        let path = prepare(&server, &owner, row, &n).await;
        if !(row.route.contains("/tenants")
            || row.route == "/api/v1/me"
            || row.route.contains("/prices/book"))
        {
            let existing = send(&server, row, &add(&path, "acme"), Some(&foreign), &n).await;
            let missing = send(&server, row, &add(&path, "no-such"), Some(&foreign), &n).await;
            assert_eq!(existing, missing, "{} {path}", row.method);
            let refused = existing.0 == 404 || row.route == "/api/v1/events" && existing.0 == 422;
            assert!(refused, "{} {path}: {}", row.method, existing.0);
        }
        // By id: acme's things are no things of globex.
        let by_id = row.route.contains('{') && !row.route.contains("{kind}") && row.roles[1] == Done;
        if by_id {
            let (status, body) = send(&server, row, &path, Some(&foreign), &n).await;
            assert_eq!(status, 404, "{} {path}: {}", row.method, String::from_utf8_lossy(&body));
        }
    }
    assert_eq!(server.totals(&owner).await.0, 2, "nothing of acme's was touched");
}

#[tokio::test]
async fn a_member_sees_only_its_own_usage() {
    let (server, owner) = Server::with_acme().await;
    let mut other = event("other");
    other["user"] = json!("u-2");
    server.record(&owner, &json!([event("own"), other])).await;
    let member = server.key("acme", "member", Some("u-1")).await;
    assert_eq!(server.totals(&owner).await.0, 2);
    assert_eq!(server.totals(&member).await.0, 1);
    let asked = server.get("/api/v1/usage/query?range=7d&filter[user]=u-2", &member).await;
    assert_eq!(asked.json["total"]["calls"], 0);
    let log = server.get("/api/usage/log", &member).await;
    assert_eq!((log.json["total"].as_i64(), log.json["items"][0]["id"].as_str()), (Some(1), Some("own")));
    assert_eq!(server.get("/api/v1/usage/summary", &member).await.json["total_calls"], 1);
    assert_eq!(server.get("/api/v1/users/u-2", &member).await.status, 404);
}
