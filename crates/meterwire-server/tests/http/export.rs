//! Taking usage away: rows, sums, a statement, FOCUS; whole, safe to open, and never more than the caller may see.

use crate::harness::{ADMIN, Answer, NOW_MS, Server, event};
use axum::http::Method;
use serde_json::{Value, json};

fn text(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.bytes));
    std::str::from_utf8(&answer.bytes).unwrap()
}

/// The rows of a CSV by the names of its columns.
fn rows(answer: &Answer) -> Vec<Value> {
    let lines = parse(text(answer));
    let (names, rows) = lines.split_first().unwrap();
    let row = |row: &Vec<String>| {
        assert_eq!(row.len(), names.len(), "{row:?}");
        names.iter().cloned().zip(row.iter().map(|cell| json!(cell))).collect()
    };
    rows.iter().map(row).map(Value::Object).collect()
}

/// RFC 4180, read without the library that wrote it.
fn parse(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(!quoted && cell.is_empty() && row.is_empty(), "the last line is whole");
    rows
}

fn at(minutes: i64, id: &str) -> Value {
    let mut event = event(id);
    let time = jiff::Timestamp::from_millisecond(NOW_MS - minutes * 60_000).unwrap();
    event["time"] = json!(time.to_string());
    event
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers[name].to_str().unwrap()
}

#[tokio::test]
async fn the_log_comes_whole_in_the_order_of_time() {
    let (server, owner) = Server::with_acme().await;
    // More than one piece, not in the order of time, many at one instant.
    let events: Vec<Value> = (0..2500).map(|n| at(n * 7919 % 1000, &format!("e-{n}"))).collect();
    server.record(&owner, &json!(events)).await;
    let answer = server.get("/api/v1/export", &owner).await;
    assert_eq!(header(&answer, "content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        header(&answer, "content-disposition"),
        "attachment; filename=\"acme_log_2026-10-24_2026-11-22.csv\""
    );
    let rows = rows(&answer);
    assert_eq!(rows.len(), 2500);
    let times: Vec<&str> = rows.iter().map(|row| row["time"].as_str().unwrap()).collect();
    assert!(times.is_sorted());
    let mut ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 2500);
    let row = rows.iter().find(|row| row["id"] == "e-0").unwrap();
    let expected = json!({ "time": "2026-11-22T10:30:00Z", "date": "2026-11-22", "provider": "openai", "model": "gpt-4o",
        "project": "chat", "user": "u-1", "agent": "", "status": "200", "latency_ms": "800", "input_tokens": "1000",
        "output_tokens": "500", "total_tokens": "1500", "cost_usd": "0.0075", "rating": "priced", "metrics": "" });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&row[name], value, "{name}");
    }
}

#[tokio::test]
async fn what_is_recorded_or_asked_for_later_is_not_in_it() {
    let (server, owner) = Server::with_acme().await;
    let events: Vec<Value> = (0..3000).map(|n| at(n % 50, &format!("e-{n}"))).collect();
    server.record(&owner, &json!(events)).await;
    let request = axum::http::Request::get("/api/v1/export?format=ndjson")
        .header("authorization", format!("Bearer {owner}"))
        .body(axum::body::Body::empty())
        .unwrap();
    let response = tower::ServiceExt::oneshot(server.router.clone(), request).await.unwrap();
    let mut body = response.into_body();
    let first = http_body_util::BodyExt::frame(&mut body).await.unwrap().unwrap().into_data().unwrap();
    // Before and behind where the export stands.
    let late: Vec<Value> = (0..100).map(|n| at(n % 50, &format!("late-{n}"))).collect();
    server.record(&owner, &json!(late)).await;
    let rest = http_body_util::BodyExt::collect(body).await.unwrap().to_bytes();
    let all = [first, rest].concat();
    let all = String::from_utf8(all).unwrap();
    assert_eq!(all.lines().count(), 3000);
    assert!(!all.contains("late-"));
    assert_eq!(rows(&server.get("/api/v1/export", &owner).await).len(), 3100);
}

#[tokio::test]
async fn nothing_in_a_cell_is_a_formula() {
    let (server, owner) = Server::with_acme().await;
    let mut evil = event("=HYPERLINK(\"http://x\")");
    evil["source"] = json!("+source");
    evil["project"] = json!("-2+3|cmd");
    evil["user"] = json!("@SUM(A1)");
    evil["agent"] = json!(" =agent");
    evil["department"] = json!("＝1+1");
    evil["model"] = json!("a,\"b\"");
    evil["properties"] = json!({ "=cmd": "=1" });
    server.record(&owner, &evil).await;
    let row = rows(&server.get("/api/v1/export", &owner).await).remove(0);
    assert_eq!(row["id"], "'=HYPERLINK(\"http://x\")");
    assert_eq!(row["source"], "'+source");
    assert_eq!(row["project"], "'-2+3|cmd");
    assert_eq!(row["user"], "'@SUM(A1)");
    assert_eq!(row["agent"], "' =agent");
    assert_eq!(row["department"], "'＝1+1");
    assert_eq!(row["model"], "a,\"b\"");
    assert_eq!(row["properties"], "{\"=cmd\":\"=1\"}");
    let groups = server.get("/api/v1/export?view=breakdown&group_by=project,user", &owner).await;
    let group = rows(&groups).remove(0);
    assert_eq!((&group["project"], &group["user"]), (&json!("'-2+3|cmd"), &json!("'@SUM(A1)")));
    let line: Value =
        serde_json::from_str(text(&server.get("/api/v1/export?format=ndjson", &owner).await)).unwrap();
    assert_eq!((&line["user"], &line["agent"]), (&json!("@SUM(A1)"), &json!(" =agent")), "JSON is as it is");
}

#[tokio::test]
async fn lines_of_ndjson_can_be_recorded_elsewhere() {
    let (server, owner) = Server::with_acme().await;
    let mut rich = event("rich");
    rich["usage"] = json!({ "input_tokens": 900, "cached_input_tokens": 100, "cache_write_tokens": 50, "cache_write_long_tokens": 25,
        "audio_input_tokens": 10, "image_input_tokens": 5, "output_tokens": 400, "reasoning_tokens": 300, "audio_output_tokens": 9,
        "image_output_tokens": 1 });
    rich["metrics"] = json!({ "compute_hours": 0.25, "storage": 999_999_999_999_u64 });
    rich["properties"] = json!({ "feature": "répondre", "n": [1, 2.5, null] });
    rich["request_hash"] = json!("ab".repeat(32));
    rich["service_tier"] = json!("batch");
    rich["country"] = json!("DE");
    let unknown = json!({ "id": "unpriced", "model": "own-model", "usage": { "input_tokens": 7 } });
    server.record(&owner, &json!([rich, event("plain"), unknown])).await;
    let answer = server.get("/api/v1/export?format=ndjson", &owner).await;
    assert_eq!(header(&answer, "content-type"), "application/x-ndjson");
    let lines: Vec<Value> = text(&answer).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = |id: &str| lines.iter().find(|line| line["id"] == id).unwrap();
    assert_eq!(line("plain")["cost_usd"], "0.0075");
    assert_eq!(line("plain")["rated"]["rating"], "priced");
    assert_eq!(
        (&line("unpriced")["cost_usd"], &line("unpriced")["rated"]["rating"]),
        (&Value::Null, &json!("unpriced"))
    );

    server.tenant("second").await;
    let second = server.key("second", "owner", None).await;
    let call = server.call(Method::POST, "/api/v1/events").token(&second);
    let posted = call.body("application/x-ndjson", answer.bytes.clone()).send().await;
    assert_eq!(posted.json["stored"], 3, "{posted:?}");
    assert_eq!(server.totals(&second).await, server.totals(&owner).await);
    let again = server.get("/api/v1/export?format=ndjson", &second).await;
    for copied in text(&again).lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let mut original = line(copied["id"].as_str().unwrap()).clone();
        // Rated there, given here.
        original["rated"] = copied["rated"].clone();
        assert_eq!(copied, original);
    }
}

#[tokio::test]
async fn summaries_and_breakdowns_add_up() {
    let (server, owner) = Server::with_acme().await;
    let mut events: Vec<Value> = (0..60).map(|n| at(n * 60, &format!("e-{n}"))).collect();
    for (n, event) in events.iter_mut().enumerate() {
        event["model"] = json!(["gpt-4o", "gpt-4o-mini", "own"][n % 3]);
        event["user"] = json!(format!("u-{}", n % 7));
    }
    server.record(&owner, &json!(events)).await;
    let (calls, tokens, cost) = server.totals(&owner).await;
    let nanos = |text: &str| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        whole.parse::<i64>().unwrap() * 1_000_000_000 + format!("{fraction:0<9}").parse::<i64>().unwrap()
    };
    let range = "from=2026-11-15&to=2026-11-23&tz=Asia/Kathmandu";
    for (path, lines) in [
        (format!("/api/v1/export?view=summary&{range}"), 8),
        (format!("/api/v1/export?view=breakdown&{range}"), 3),
        (format!("/api/v1/export?view=breakdown&group_by=user,model&{range}"), 21),
        (format!("/api/v1/export?view=breakdown&group_by=model&granularity=week&{range}"), 3),
    ] {
        let rows = rows(&server.get(&path, &owner).await);
        let sum = |name: &str| -> i64 {
            rows.iter().map(|row| row[name].as_str().unwrap().parse::<i64>().unwrap()).sum()
        };
        assert_eq!(rows.len(), lines, "{path}");
        assert_eq!((sum("calls"), sum("total_tokens")), (calls, tokens), "{path}");
        let costs: i64 = rows.iter().map(|row| nanos(row["cost_usd"].as_str().unwrap())).sum();
        assert_eq!(costs, nanos(&cost), "{path}");
        assert_eq!(sum("unpriced_calls"), 20, "{path}");
    }
    let answer = server.get(&format!("/api/v1/export?format=ndjson&view=summary&{range}"), &owner).await;
    let days: Vec<Value> = text(&answer).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(days[0]["bucket"], "2026-11-15");
    assert_eq!(
        (&days[0]["calls"], &days[0]["latency_p50_ms"], &days[0]["cost_usd"]),
        (&json!(0), &Value::Null, &json!("0"))
    );
    assert_eq!(days[0]["from"], "2026-11-14T18:15:00Z");
    assert!(days[7]["latency_p95_ms"].as_f64().unwrap() > 700.0, "{days:?}");
}

#[tokio::test]
async fn what_it_is_of_stands_in_it_where_it_is_asked_for() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &event("a")).await;
    let filters = "range=today&tz=Europe/Berlin&filter[model]=gpt-4o&filter[user]=&filter[user]=u-1";
    let answer = server.get(&format!("/api/v1/export?header=full&bom=true&{filters}"), &owner).await;
    let lines: Vec<&str> = text(&answer).lines().collect();
    assert!(lines[0].starts_with("\u{feff}# as_of: 2026-11-22T10:30:00Z"), "{lines:?}");
    for fact in [
        "# filters: {\"model\":[\"gpt-4o\"],\"user\":[\"\",\"u-1\"]}",
        "# from: 2026-11-21T23:00:00Z",
        "# source: metered",
        "# tenant: acme",
        "# tz: Europe/Berlin",
        "# view: log",
    ] {
        assert!(lines.contains(&fact), "{fact} in {lines:?}");
    }
    let answer = server.get(&format!("/api/v1/export?header=full&format=ndjson&{filters}"), &owner).await;
    let lines: Vec<Value> = text(&answer).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (lines[0]["export"]["tz"].as_str(), lines[1]["id"].as_str()),
        (Some("Europe/Berlin"), Some("a"))
    );
    let plain = server.get("/api/v1/export", &owner).await;
    assert!(text(&plain).starts_with("time,date,id,source,"), "no mark and no comment unless asked for");
}

#[tokio::test]
async fn a_member_takes_only_its_own_and_others_nothing() {
    let (server, owner) = Server::with_acme().await;
    let mut others = event("others");
    others["user"] = json!("u-2");
    server.record(&owner, &json!([event("mine"), others])).await;
    let member = server.key("acme", "member", Some("u-1")).await;
    let own = server.get("/api/v1/export", &member).await;
    let ids: Vec<Value> = rows(&own).iter().map(|row| row["id"].clone()).collect();
    assert_eq!(ids, ["mine"]);
    assert!(rows(&server.get("/api/v1/export?filter[user]=u-2", &member).await).is_empty());
    let groups = rows(&server.get("/api/v1/export?view=breakdown&group_by=user", &member).await);
    assert_eq!(groups.iter().map(|row| row["user"].clone()).collect::<Vec<_>>(), ["u-1"]);
    let bill = rows(&server.get("/api/v1/export?format=focus", &member).await);
    assert_eq!((bill.len(), &bill[0]["x_Calls"]), (1, &json!("1")));
    let ingest = server.key("acme", "ingest", None).await;
    for format in ["csv", "ndjson", "pdf", "focus"] {
        let refused = server.get(&format!("/api/v1/export?format={format}"), &ingest).await;
        assert_eq!(refused.refusal(), (403, "forbidden", ""), "{format}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_name() {
    let (server, owner) = Server::with_acme().await;
    for (query, field) in [
        ("format=xlsx", "format"),
        ("view=all", "view"),
        ("format=pdf&view=log", "view"),
        ("format=focus&view=log", "view"),
        ("header=some", "header"),
        ("format=focus&header=full", "header"),
        ("bom=yes", "bom"),
        ("format=ndjson&bom=true", "bom"),
        ("group_by=model", "group_by"),
        ("view=breakdown&group_by=colour", "group_by"),
        ("view=breakdown&group_by=model,user,project", "group_by"),
        ("granularity=day", "granularity"),
        ("view=summary&granularity=eon", "granularity"),
        ("view=summary&granularity=15m&from=2000-01-01&to=2026-01-01", "granularity"),
        ("range=8d", "range"),
        ("tz=Mars/Olympus", "tz"),
        ("filter[status]=ok", "filter[status]"),
        ("filter[colour]=red", "filter"),
        ("colour=red", "colour"),
        ("format=pdf&from=1970-01-01&to=2026-01-01", "range"),
    ] {
        let refused = server.get(&format!("/api/v1/export?{query}"), &owner).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", field), "{query}: {:?}", refused.json);
    }
}

#[tokio::test]
async fn focus_rows_are_of_a_day_and_add_up() {
    let (server, owner) = Server::with_acme().await;
    let mut events: Vec<Value> = (0..40).map(|n| at(n * 97, &format!("e-{n}"))).collect();
    for (n, event) in events.iter_mut().enumerate() {
        event["model"] = json!(["gpt-4o", "gpt-4o-mini", "own"][n % 3]);
        event["project"] = json!(["chat", "Größe", "=evil"][n % 3]);
        event["cost_usd"] = if n == 7 { json!("1.000000001") } else { Value::Null };
    }
    server.record(&owner, &json!(events)).await;
    let answer = server.get("/api/v1/export?format=focus&range=7d", &owner).await;
    assert_eq!(
        header(&answer, "content-disposition"),
        "attachment; filename=\"acme_focus_2026-11-16_2026-11-22.csv\""
    );
    let rows = rows(&answer);
    let nanos: i64 = rows
        .iter()
        .map(|row| {
            let (whole, fraction) = row["BilledCost"].as_str().unwrap().split_once('.').unwrap();
            whole.parse::<i64>().unwrap() * 1_000_000_000 + format!("{fraction:0<9}").parse::<i64>().unwrap()
        })
        .sum();
    let (calls, _, cost) = server.totals(&owner).await;
    assert_eq!(format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000), format!("{cost:0<11}"));
    let sum: i64 = rows.iter().map(|row| row["x_Calls"].as_str().unwrap().parse::<i64>().unwrap()).sum();
    assert_eq!(sum, calls);
    for row in &rows {
        let text = |name: &str| row[name].as_str().unwrap();
        assert_eq!(text("ProviderName"), text("InvoiceIssuerName"));
        assert_eq!(
            (text("BillingPeriodStart"), text("BillingPeriodEnd")),
            ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")
        );
        assert!(
            row.as_object().unwrap().iter().all(|(name, value)| name.starts_with("x_")
                || name == "Tags"
                || value.as_str().unwrap().is_ascii()),
            "{row}"
        );
    }
    let row = rows.iter().find(|row| row["x_Project"] == "Größe").unwrap();
    assert_eq!(
        (&row["SubAccountId"], &row["SubAccountType"]),
        (&json!("Gr%C3%B6%C3%9Fe"), &json!("Project"))
    );
    let own = rows.iter().find(|row| row["x_Model"] == "own").unwrap();
    assert_eq!((&own["BilledCost"], &own["x_Project"]), (&json!("0.0"), &json!("'=evil")));
    assert!(own["ChargeDescription"].as_str().unwrap().contains("no price is known"), "{own}");
}

#[tokio::test]
async fn a_statement_is_a_pdf_whatever_the_names_are() {
    let (server, owner) = Server::with_acme().await;
    let name = "Ağustos שלום مرحبا 名前 👩‍👩‍👧‍👦 ".to_owned() + &"long ".repeat(20);
    let renamed = server.patch("/api/v1/tenants/acme", &owner, &json!({ "name": name.trim() })).await;
    assert_eq!(renamed.status, 200, "{renamed:?}");
    let empty = server.get("/api/v1/export?format=pdf&range=today", &owner).await;
    assert_eq!((empty.status.as_u16(), &empty.bytes[..5]), (200, &b"%PDF-"[..]));
    let mut events: Vec<Value> = (0..300).map(|n| at(n * 400, &format!("e-{n}"))).collect();
    for (n, event) in events.iter_mut().enumerate() {
        event["model"] = json!(["gpt-4o", "own", "מודל", "模型", "\u{202e}🚀"][n % 5]);
        event["user"] = json!(format!("{}{n}", "W".repeat(200)));
    }
    server.record(&owner, &json!(events)).await;
    for query in [
        "range=90d",
        "range=24h",
        "range=12m&tz=Pacific/Apia",
        "from=2010-01-01&to=2027-01-01",
        "filter[user]=x&filter[model]=%F0%9F%9A%80",
    ] {
        let answer = server.get(&format!("/api/v1/export?format=pdf&{query}"), &owner).await;
        assert_eq!(answer.status, 200, "{query}: {:?}", answer.json);
        assert_eq!(header(&answer, "content-type"), "application/pdf");
        assert!(
            answer.bytes.starts_with(b"%PDF-") && answer.bytes.len() < 400_000,
            "{query}: {}",
            answer.bytes.len()
        );
    }
    let answer = server.get("/api/v1/export?format=pdf&range=last_month", &owner).await;
    assert_eq!(
        header(&answer, "content-disposition"),
        "attachment; filename=\"acme_statement_2026-10-01_2026-10-31.pdf\""
    );
}

#[tokio::test]
async fn a_tenant_has_four_exports_at_once_and_gets_them_back() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &event("a")).await;
    let ask = || {
        let request =
            axum::http::Request::get("/api/v1/export").header("authorization", format!("Bearer {owner}"));
        let request = request.body(axum::body::Body::empty()).unwrap();
        tower::ServiceExt::oneshot(server.router.clone(), request)
    };
    let mut held = Vec::new();
    for _ in 0..4 {
        let response = ask().await.unwrap();
        assert_eq!(response.status(), 200);
        held.push(response);
    }
    let refused = server.get("/api/v1/export", &owner).await;
    assert_eq!(refused.refusal(), (503, "unavailable", ""));
    server.tenant("other").await;
    let other = server.get("/api/v1/export?tenant=other", ADMIN).await;
    assert_eq!(other.status, 200, "another tenant is not held up");
    // One reader goes away.
    held.pop();
    assert_eq!(server.get("/api/v1/export", &owner).await.status, 200);
}

#[tokio::test]
async fn a_transfer_that_cannot_be_whole_breaks_off() {
    let (server, owner) = Server::with_acme().await;
    let day = 24 * 60;
    let events: Vec<Value> = (0..2500).map(|n| at(n % 90 * day, &format!("e-{n}"))).collect();
    server.record(&owner, &json!(events)).await;
    let path = "/api/v1/export?format=ndjson&range=90d";
    let request = axum::http::Request::get(path).header("authorization", format!("Bearer {owner}"));
    let request = request.body(axum::body::Body::empty()).unwrap();
    let response = tower::ServiceExt::oneshot(server.router.clone(), request).await.unwrap();
    let mut body = response.into_body();
    http_body_util::BodyExt::frame(&mut body).await.unwrap().unwrap();
    // Single events of the range are dropped for their age while they are exported.
    let changed = server.patch("/api/v1/tenants/acme", &owner, &json!({ "retention_days": 40 })).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    while server.app.run_retention_jobs().await.unwrap() {}
    assert!(http_body_util::BodyExt::collect(body).await.is_err(), "an error, not an end");
    // Asked for now, it is refused at once, and told from when on there is something to take.
    let refused = server.get(path, &owner).await;
    assert_eq!(refused.refusal(), (422, "beyond_retention", ""), "{:?}", refused.json);
    let message = refused.json["detail"]["message"].as_str().unwrap();
    let from = message.split_once("from=").unwrap().1.split(',').next().unwrap();
    let kept = server.get(&format!("/api/v1/export?format=ndjson&from={from}"), &owner).await;
    assert!(text(&kept).lines().count() > 1000, "{message}");
    let days = rows(&server.get("/api/v1/export?view=summary&range=90d", &owner).await);
    let calls: i64 = days.iter().map(|day| day["calls"].as_str().unwrap().parse::<i64>().unwrap()).sum();
    assert_eq!(calls, 2500, "totals are kept");
}

#[tokio::test]
async fn declared_dimensions_are_columns_and_groups() {
    let (server, owner) = Server::with_acme().await;
    let with = |id: &str, feature: Value| {
        let mut event = event(id);
        event["properties"] = json!({ "Feature": feature });
        event
    };
    let events = [with("a", json!("=reply")), with("b", json!(7.5)), with("c", json!(null)), event("d")];
    server.record(&owner, &json!(events)).await;
    let declared = json!({ "name": "feature", "property": "Feature" });
    assert_eq!(server.post("/api/v1/dimensions", &owner, &declared).await.status, 201);
    // The log has its values at once, questions once it is filled.
    let log = rows(&server.get("/api/v1/export", &owner).await);
    let values: Vec<&str> = log.iter().map(|row| row["properties.feature"].as_str().unwrap()).collect();
    assert_eq!(values, ["'=reply", "7.5", "", ""]);
    let path = "/api/v1/export?view=breakdown&group_by=feature";
    assert_eq!(server.get(path, &owner).await.refusal().0, 409);
    while server.app.run_dimension_jobs().await.unwrap() {}
    let groups = rows(&server.get(path, &owner).await);
    let calls = |feature: &str| groups.iter().find(|row| row["feature"] == feature).unwrap()["calls"].clone();
    assert_eq!([calls("'=reply"), calls("7.5"), calls("")], ["1", "1", "2"]);
    let narrowed = rows(&server.get("/api/v1/export?filter[feature]=7.5", &owner).await);
    assert_eq!(narrowed.iter().map(|row| row["id"].clone()).collect::<Vec<_>>(), ["b"]);
}
