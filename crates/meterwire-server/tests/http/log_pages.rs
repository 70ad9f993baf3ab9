//! The log through the router: every column both ways, through ties and while events arrive; totals, filters, refusals.

use crate::harness::{NOW_MS, Server, event};
use meterwire_core::period::rfc3339;
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A small generator of random numbers (splitmix64): the same seed, the same numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    /// One of these; so few that ties are the rule.
    fn of(&mut self, values: &[Value]) -> Value {
        values[usize::try_from(self.below(values.len() as u64)).unwrap()].clone()
    }

    fn event(&mut self, id: &str) -> Value {
        let texts = [json!(null), json!("a"), json!("B"), json!("Ä ö"), json!("a/b")];
        let minutes = i64::try_from(self.below(40)).unwrap() * 37;
        let mut event = event(&format!("{}-{id}", self.below(10)));
        event["time"] = json!(rfc3339(NOW_MS - minutes * 60_000));
        event["source"] = self.of(&[json!("one"), json!("two"), json!(null)]);
        for name in ["project", "user", "api_key", "agent", "department", "operation", "service_tier"] {
            event[name] = self.of(&texts);
        }
        event["country"] = self.of(&[json!("DE"), json!("FR"), json!(null)]);
        event["provider"] = self.of(&[json!("openai"), json!("anthropic"), json!(null)]);
        event["model"] =
            self.of(&[json!("gpt-4o"), json!("gpt-4o-mini"), json!("nobody-knows-it"), json!(null)]);
        event["status"] = self.of(&[json!(null), json!(200), json!(429), json!(500)]);
        event["latency_ms"] = self.of(&[json!(null), json!(0), json!(7), json!(1000)]);
        event["usage"] = json!({ "input_tokens": self.below(3) * 100, "output_tokens": self.below(3) * 10 });
        event
    }
}

fn keys(answer: &Value) -> Vec<String> {
    let key = |row: &Value| format!("{}/{}", row["source"].as_str().unwrap(), row["id"].as_str().unwrap());
    answer["items"].as_array().unwrap().iter().map(key).collect()
}

/// Null first, then numbers, then texts by their bytes.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Value::Number(a), Value::Number(b)) => a.as_f64().unwrap().total_cmp(&b.as_f64().unwrap()),
        // Whatever else stands in one column: nothing comes first.
        _ => b.is_null().cmp(&a.is_null()),
    }
}

async fn get(server: &Server, token: &str, query: &str) -> Value {
    let answer = server.get(&format!("/api/usage/log?{query}"), token).await;
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    answer.json
}

/// Every column of an item but the flag beside the cost.
async fn columns(server: &Server, token: &str) -> Vec<String> {
    let item = get(server, token, "page_size=1").await["items"][0].clone();
    item.as_object().unwrap().keys().filter(|name| *name != "priced").cloned().collect()
}

/// A page costs a cluster several questions to its engines; there it is some columns of each type. All of them are asked for by
/// the rules that every store must pass.
fn columns_a_step() -> usize {
    if crate::on_cluster() { 4 } else { 1 }
}

/// What is there at the start comes exactly once and in order, whatever arrives meanwhile.
#[tokio::test]
async fn cursors_meet_every_row_once_in_every_order_while_events_arrive() {
    let (server, owner) = Server::with_acme().await;
    let mut random = Random(20_261_122);
    let first: Vec<Value> = (0..60).map(|i| random.event(&i.to_string())).collect();
    server.record(&owner, &json!(first)).await;
    let columns = columns(&server, &owner).await;
    assert_eq!(columns.len(), 19, "{columns:?}");
    let mut arrived = 0;
    for column in columns.iter().step_by(columns_a_step()) {
        for direction in ["", "-"] {
            let sort = format!("{direction}{column}");
            let all = get(&server, &owner, &format!("range=24h&sort={sort}&page_size=500")).await;
            let there: BTreeSet<String> = keys(&all).into_iter().collect();
            let filter = if random.below(3) == 0 { "&filter[status]=&filter[status]=200" } else { "" };
            let mut query = format!("range=24h&sort={sort}{filter}");
            let (mut rows, mut met) = (Vec::new(), Vec::new());
            loop {
                let page = get(&server, &owner, &format!("{query}&page_size={}", 1 + random.below(20))).await;
                rows.extend(page["items"].as_array().unwrap().clone());
                met.extend(keys(&page));
                arrived += 1;
                server.record(&owner, &random.event(&format!("late-{arrived}"))).await;
                match page["nextCursor"].as_str() {
                    Some(cursor) => query = format!("sort={sort}{filter}&cursor={cursor}"),
                    None => break,
                }
                assert!(met.len() < 5_000, "{sort}: the pages do not end");
            }
            for pair in rows.windows(2) {
                let order = compare(&pair[0][column], &pair[1][column]);
                let order = if direction == "-" { order.reverse() } else { order };
                assert!(order.is_le(), "{sort}: {} before {}", pair[0][column], pair[1][column]);
            }
            let different: BTreeSet<&String> = met.iter().collect();
            assert_eq!(different.len(), met.len(), "{sort}: a row came twice");
            if filter.is_empty() {
                let missed: Vec<_> = there.iter().filter(|key| !different.contains(key)).collect();
                assert_eq!(missed, Vec::<&String>::new(), "{sort}");
            }
        }
    }
}

#[tokio::test]
async fn pages_by_number_add_up_to_the_total_and_agree_with_the_cursor() {
    let (server, owner) = Server::with_acme().await;
    let mut random = Random(7);
    let events: Vec<Value> = (0..45).map(|i| random.event(&i.to_string())).collect();
    server.record(&owner, &json!(events)).await;
    for column in columns(&server, &owner).await.into_iter().step_by(columns_a_step()) {
        for sort in [column.clone(), format!("-{column}")] {
            let whole = keys(&get(&server, &owner, &format!("sort={sort}&page_size=500")).await);
            let (mut by_number, mut by_cursor, mut cursor) = (Vec::new(), Vec::new(), String::new());
            for page in 1..=4 {
                let numbered = get(&server, &owner, &format!("sort={sort}&page_size=12&page={page}")).await;
                assert_eq!(
                    (&numbered["total"], &numbered["page"], &numbered["pageSize"]),
                    (&json!(45), &json!(page), &json!(12))
                );
                by_number.extend(keys(&numbered));
                let followed = get(&server, &owner, &format!("sort={sort}&page_size=12{cursor}")).await;
                assert_eq!(followed["total"], 45);
                by_cursor.extend(keys(&followed));
                assert_eq!(followed["nextCursor"], numbered["nextCursor"], "{sort} page {page}");
                cursor = format!("&cursor={}", followed["nextCursor"].as_str().unwrap_or_default());
            }
            assert_eq!(whole.len(), 45);
            assert_eq!((&by_number, &by_cursor), (&whole, &whole), "{sort}");
            assert_eq!(cursor, "&cursor=", "the last page has no next one");
        }
    }
}

#[tokio::test]
async fn filters_take_every_dimension_and_count_what_they_let_through() {
    let (server, owner) = Server::with_acme().await;
    let mut random = Random(99);
    let events: Vec<Value> = (0..50).map(|i| random.event(&i.to_string())).collect();
    server.record(&owner, &json!(events)).await;
    let all = get(&server, &owner, "page_size=500").await["items"].as_array().unwrap().clone();
    let dimensions = [
        ("provider", "provider"),
        ("model", "model"),
        ("project", "projectName"),
        ("user", "user"),
        ("api_key", "apiKey"),
        ("agent", "agent"),
        ("department", "department"),
        ("country", "country"),
        ("status", "status"),
        ("operation", "operation"),
        ("service_tier", "serviceTier"),
    ];
    for (dimension, column) in dimensions {
        let values: BTreeSet<String> = all.iter().map(|row| row[column].to_string()).collect();
        assert!(values.len() > 1, "{dimension}: {values:?}");
        let mut counted = 0;
        for value in &values {
            let text = value.trim_matches('"').replace("null", "");
            let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            for sort in ["-date", "cost", "id"] {
                let found =
                    get(&server, &owner, &format!("filter[{dimension}]={text}&sort={sort}&page_size=500"))
                        .await;
                let rows = found["items"].as_array().unwrap();
                let shown: BTreeSet<String> = rows.iter().map(|row| row[column].to_string()).collect();
                assert_eq!(shown, BTreeSet::from([value.clone()]), "{dimension}={value}: {found}");
                assert_eq!(found["total"], json!(rows.len()), "{dimension}={value} sort={sort}");
                counted += if sort == "id" { rows.len() } else { 0 };
            }
        }
        assert_eq!(counted, 50, "{dimension}: every event has one of its values");
    }
}

/// `24h` moves on with the time; the pages that follow a cursor do not.
#[tokio::test]
async fn a_cursor_keeps_to_the_range_of_its_first_page() {
    let (server, owner) = Server::with_acme().await;
    let at = |id: &str, hours: i64| {
        let mut event = event(id);
        event["time"] = json!(rfc3339(NOW_MS - hours * 3_600_000));
        event
    };
    server.record(&owner, &json!([at("old", 23), at("mid", 12), at("new", 1)])).await;
    let first = get(&server, &owner, "range=24h&page_size=2").await;
    assert_eq!(
        (keys(&first), &first["total"]),
        (vec!["test/new".to_owned(), "test/mid".to_owned()], &json!(3))
    );
    server.clock.set(NOW_MS + 3 * 3_600_000);
    assert_eq!(get(&server, &owner, "range=24h").await["total"], 2);
    let cursor = first["nextCursor"].as_str().unwrap();
    let second = get(&server, &owner, &format!("range=24h&page_size=2&cursor={cursor}")).await;
    assert_eq!((keys(&second), &second["total"]), (vec!["test/old".to_owned()], &json!(3)));
    assert_eq!((&second["from"], &second["to"]), (&first["from"], &first["to"]));
}

#[tokio::test]
async fn what_is_no_order_page_or_cursor_is_refused_by_name() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &json!([event("1"), event("2")])).await;
    let cursor =
        get(&server, &owner, "page_size=1&sort=-cost").await["nextCursor"].as_str().unwrap().to_owned();
    let hex = |text: &str| text.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let forged = |value: &str, from: i64| {
        hex(&format!(r#"{{"sort":"-cost","from_ms":{from},"to_ms":5,"value":{value},"seq":1}}"#))
    };
    for (query, field) in [
        ("sort=priced".to_owned(), "sort"),
        ("sort=--date".to_owned(), "sort"),
        ("sort=".to_owned(), "sort"),
        ("page=0".to_owned(), "page"),
        ("page=-1".to_owned(), "page"),
        ("page=2001&page_size=51".to_owned(), "page"),
        ("page_size=0".to_owned(), "page_size"),
        ("page_size=501".to_owned(), "page_size"),
        (format!("cursor={cursor}"), "cursor"),
        (format!("cursor={cursor}&sort=cost"), "cursor"),
        (format!("cursor={cursor}&sort=-cost&page=1"), "cursor"),
        (format!("cursor={}&sort=-cost", &cursor[1..]), "cursor"),
        (format!("cursor={}&sort=-cost", forged("\"text\"", 1)), "cursor"),
        (format!("cursor={}&sort=-cost", forged("1", 9)), "cursor"),
        (format!("cursor={}&sort=-cost", forged("1", -1)), "cursor"),
        (format!("cursor={}&sort=-cost", hex("[1]")), "cursor"),
        ("cursor=%ff".to_owned(), "cursor"),
        ("filter[colour]=red".to_owned(), "filter"),
        ("filter[status]=ok".to_owned(), "filter[status]"),
    ] {
        let answer = server.get(&format!("/api/usage/log?{query}"), &owner).await;
        assert_eq!(answer.refusal(), (422, "invalid_value", field), "{query}: {answer:?}");
    }
    let good = forged("1", 1);
    assert_eq!(server.get(&format!("/api/usage/log?cursor={good}&sort=-cost"), &owner).await.status, 200);
}

#[tokio::test]
async fn a_range_that_is_too_large_is_not_sorted_by_id() {
    let (server, owner) = Server::with_acme().await;
    for part in 0..6 {
        let events: Vec<Value> = (0..10_000)
            .filter(|i| part < 5 || *i == 0)
            .map(|i| json!({ "id": format!("{part}-{i}"), "source": "test" }))
            .collect();
        server.record(&owner, &json!(events)).await;
    }
    let refused = server.get("/api/usage/log?sort=id&filter[model]=none-has-this", &owner).await;
    assert_eq!(refused.refusal(), (422, "invalid_value", "sort"), "{refused:?}");
    assert_eq!(server.delete("/api/v1/events/test/5-0", &owner).await.status, 204);
    let last = get(&server, &owner, "sort=-id&page_size=2").await;
    assert_eq!(
        (keys(&last), &last["total"]),
        (vec!["test/4-9999".to_owned(), "test/4-9998".to_owned()], &json!(50_000))
    );
}
