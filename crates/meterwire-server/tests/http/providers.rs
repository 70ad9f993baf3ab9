//! Connections to providers: made and changed, asked for everything, and let down in every way.

use crate::harness::{ADMIN, NOW_MS, Server};
use crate::stand_in::{DAY_MS, Fault, KEY, StandIn, completions, costs};
use serde_json::{Value, json};
use std::time::Duration;

/// 2026-11-22T00:00:00Z.
pub(crate) const TODAY: i64 = NOW_MS - NOW_MS % DAY_MS;

/// Does everything that is due now.
pub(crate) async fn run(server: &Server) {
    for _ in 0..1000 {
        if !server.app.run_report_step().await.unwrap() {
            return;
        }
    }
    unreachable!("there is always more to do");
}

/// A connection to a stand-in; answers its address in the API.
pub(crate) async fn connect(server: &Server, owner: &str, provider: &str, stand_in: &StandIn) -> String {
    let base = if provider == "openai" { format!("{}/v1", stand_in.url) } else { stand_in.url.clone() };
    let body = json!({ "provider": provider, "key": KEY, "base_url": base });
    let made = server.post("/api/v1/providers", owner, &body).await;
    assert_eq!(made.status, 201, "{made:?}");
    format!("/api/v1/providers/{}", made.json["id"].as_str().unwrap())
}

async fn state(server: &Server, owner: &str, path: &str) -> Value {
    server.get(path, owner).await.json["state"].clone()
}

fn report<'a>(state: &'a Value, kind: &str) -> &'a Value {
    state["reports"].as_array().unwrap().iter().find(|report| report["kind"] == kind).unwrap()
}

/// A server, an owner, a stand-in with two days of data, and a connection that was read once.
async fn connected() -> (Server, String, StandIn, String) {
    let (server, owner) = Server::with_acme().await;
    let stand_in = StandIn::start(NOW_MS).await;
    stand_in.put("completions", TODAY - DAY_MS, vec![completions("gpt-4o-2024-08-06", 10, 10_000, 0, 5_000)]);
    stand_in.put("costs", TODAY - DAY_MS, vec![costs("gpt-4o-2024-08-06, input", "0.075")]);
    let path = connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    (server, owner, stand_in, path)
}

/// Provider's cost of this month, by the reconciliation.
async fn provider_cost(server: &Server, owner: &str) -> String {
    let answer = server.get("/api/v1/reconciliation", owner).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json["total"]["provider"]["cost_usd"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_new_connection_is_read_and_its_key_is_never_shown() {
    let (server, owner, stand_in, path) = connected().await;
    let read = server.get(&path, &owner).await;
    let state = &read.json["state"];
    assert_eq!(state["healthy"], true, "{state:#}");
    assert_eq!(state["last_error"], Value::Null);
    assert_eq!(state["covers"], json!({ "from": "2026-09-21", "to": "2026-11-23" }));
    assert_eq!(state["backfill"], json!({ "done_buckets": 12 * 63, "of": 12 * 63 }));
    assert_eq!(state["last_success_at"], "2026-11-22T10:30:00Z");
    let listed = server.get("/api/v1/providers", &owner).await;
    for answer in [&read, &listed] {
        assert!(!String::from_utf8_lossy(&answer.bytes).contains(KEY));
    }
    // Every kind was asked for.
    let asked = stand_in.take_asked();
    for kind in [
        "costs",
        "completions",
        "decisions",
        "embeddings",
        "moderations",
        "images",
        "audio_speeches",
        "audio_transcriptions",
        "vector_stores",
        "code_interpreter_sessions",
        "file_search_calls",
        "web_search_calls",
    ] {
        assert!(asked.iter().any(|path| path.contains(&format!("/{kind}?"))), "{kind}");
    }
    assert!(!server.data.holds(KEY).await, "the key is sealed");
}

#[tokio::test]
async fn an_answer_is_fresh_for_the_time_of_the_cache() {
    let (server, owner, stand_in, path) = connected().await;
    stand_in.take_asked();
    server.clock.set(NOW_MS + 299_000);
    let refreshed = server.post(&format!("{path}/refresh"), &owner, &json!({})).await;
    assert_eq!((refreshed.status.as_u16(), &refreshed.json["asked"]), (202, &json!(0)));
    run(&server).await;
    assert_eq!(stand_in.take_asked(), Vec::<String>::new());
    server.clock.set(NOW_MS + 300_000);
    run(&server).await;
    assert_eq!(stand_in.take_asked().len(), 12);
}

#[tokio::test]
async fn small_pages_come_to_the_same() {
    let (server, owner) = Server::with_acme().await;
    let stand_in = StandIn::start(NOW_MS).await;
    stand_in.set_page_size(3);
    for day in 0..20 {
        stand_in.put("costs", TODAY - day * DAY_MS, vec![costs("gpt-4o, input", "0.01")]);
    }
    let path = connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    assert_eq!(state(&server, &owner, &path).await["healthy"], true);
    assert_eq!(provider_cost(&server, &owner).await, "0.2");
}

#[tokio::test]
async fn a_later_answer_replaces_the_bucket_and_the_change_is_told() {
    let (server, owner, stand_in, path) = connected().await;
    assert_eq!(provider_cost(&server, &owner).await, "0.075");
    // Yesterday is revised: one line less, another cost. Today only grows.
    stand_in.put("costs", TODAY - DAY_MS, vec![costs("gpt-4o-2024-08-06, input", "0.0799999999999999999")]);
    stand_in.put("costs", TODAY, vec![costs("gpt-4o-2024-08-06, input", "1e-9")]);
    server.clock.set(NOW_MS + 600_000);
    run(&server).await;
    assert_eq!(provider_cost(&server, &owner).await, "0.080000001");
    let revised = state(&server, &owner, &path).await["revised"].clone();
    assert_eq!(revised, json!({ "buckets": 1, "last_at": "2026-11-22T10:40:00Z" }));
    let rows = server.get("/api/v1/reconciliation", &owner).await.json["rows"].clone();
    assert_eq!(rows[0]["revised_at"], "2026-11-22T10:40:00Z");
    assert_eq!(rows[1]["revised_at"], Value::Null);
}

#[tokio::test]
async fn older_days_are_read_on_demand_with_progress() {
    let (server, owner, _stand_in, path) = connected().await;
    let asked = server.post(&format!("{path}/backfill"), &owner, &json!({ "from": "2026-01-01" })).await;
    assert_eq!(asked.status, 202, "{asked:?}");
    let of = 12 * (31 + 28 + 31 + 30 + 31 + 30 + 31 + 31 + 30 + 31 + 22);
    assert_eq!(asked.json["state"]["backfill"], json!({ "done_buckets": 12 * 63, "of": of }));
    assert!(server.app.run_report_step().await.unwrap());
    let between = state(&server, &owner, &path).await["backfill"]["done_buckets"].as_i64().unwrap();
    assert_eq!(between, 12 * 63 + 31);
    run(&server).await;
    let done = state(&server, &owner, &path).await;
    assert_eq!(done["backfill"], json!({ "done_buckets": of, "of": of }));
    assert_eq!(done["covers"]["from"], "2026-01-01");
    for (body, field) in [
        (json!({ "from": "2020-01-01" }), "from"),
        (json!({ "from": "2027-01-01" }), "from"),
        (json!({ "from": "2026-01-02", "to": "2026-01-01" }), "to"),
        (json!({ "from": "yesterday" }), "from"),
    ] {
        let refused = server.post(&format!("{path}/backfill"), &owner, &body).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", field), "{body}");
    }
}

/// Lets one request for costs go wrong, ten minutes after all was well; answers the report's state.
async fn let_down(fault: Fault) -> (Server, String, StandIn, String, Value) {
    let (server, owner, stand_in, path) = connected().await;
    stand_in.put("costs", TODAY - DAY_MS, vec![costs("gpt-4o-2024-08-06, input", "5")]);
    // A refusal of costs is tried once more, with less asked for.
    stand_in.next("costs", fault.clone());
    if matches!(fault, Fault::Status(418, _)) {
        stand_in.next("costs", fault);
    }
    server.clock.set(NOW_MS + 600_000);
    run(&server).await;
    let found = state(&server, &owner, &path).await;
    (server, owner, stand_in, path, found)
}

#[tokio::test]
async fn what_lasts_is_told_at_once_and_changes_nothing() {
    let status = |code| Fault::Status(code, vec![]);
    let faults: Vec<(Fault, &str)> = vec![
        (status(401), "unauthorized"),
        (status(403), "forbidden"),
        (status(404), "not_offered"),
        (status(418), "refused"),
        (Fault::Status(302, vec![("location", "http://127.0.0.1:1/".into())]), "redirected"),
        (Fault::Bytes(b"<html>".to_vec()), "wrong_shape"),
        (Fault::Bytes(b"{}".to_vec()), "wrong_shape"),
        (Fault::Bytes(vec![b' '; 17 << 20]), "too_large"),
        (Fault::Changed(|page| page["data"] = json!("none")), "wrong_shape"),
        (Fault::Changed(|page| page["has_more"] = json!("false")), "wrong_shape"),
        (Fault::Changed(|page| page["has_more"] = json!(true)), "wrong_shape"),
        (Fault::Changed(|page| page["data"][0]["start_time"] = json!("1795305600")), "wrong_shape"),
        (Fault::Changed(|page| page["data"][0]["start_time"] = json!(1)), "wrong_shape"),
        (Fault::Changed(|page| page["data"][1]["results"][0]["amount"]["value"] = json!("5")), "wrong_shape"),
        (
            Fault::Changed(|page| page["data"][1]["results"][0]["amount"]["value"] = json!(1e300)),
            "wrong_shape",
        ),
        (
            Fault::Changed(|page| page["data"][1]["results"][0]["amount"]["currency"] = json!("eur")),
            "wrong_shape",
        ),
        (Fault::Changed(|page| page["data"][1]["results"][0]["line_item"] = json!(7)), "wrong_shape"),
        (
            Fault::Changed(|page| page["data"][1]["results"][0]["line_item"] = json!("x".repeat(300))),
            "wrong_shape",
        ),
        (
            Fault::Changed(|page| page["data"][1]["results"][0]["object"] = json!("something.else")),
            "wrong_shape",
        ),
    ];
    for (fault, code) in faults {
        let told = format!("{fault:?}").chars().take(100).collect::<String>();
        let (server, owner, _stand_in, path, found) = let_down(fault).await;
        assert_eq!(report(&found, "costs")["last_error"]["code"], code, "{told}");
        assert_eq!(found["healthy"], false, "{told}");
        assert_eq!(provider_cost(&server, &owner).await, "0.075", "{told}");
        let listed = String::from_utf8(server.get(&path, &owner).await.bytes).unwrap();
        assert!(!listed.contains(KEY) && !listed.contains("html"), "{listed}");
        // It is tried again by itself, and all is well.
        server.clock.set(NOW_MS + 3_600_000);
        run(&server).await;
        assert_eq!(state(&server, &owner, &path).await["healthy"], true, "{told}");
        assert_eq!(provider_cost(&server, &owner).await, "5", "{told}");
    }
}

#[tokio::test]
async fn what_passes_harms_only_when_it_lasts() {
    for (fault, code) in [
        (Fault::Status(500, vec![]), "provider_error"),
        (Fault::Status(503, vec![]), "provider_error"),
        (Fault::Status(429, vec![]), "rate_limited"),
        (Fault::CutOff, "cut_off"),
        (Fault::Bytes(br#"{"object":"page","data":[{"obj"#.to_vec()), "cut_off"),
    ] {
        let (server, owner, stand_in, path, found) = let_down(fault).await;
        assert_eq!(report(&found, "costs")["last_error"]["code"], code);
        assert_eq!(found["healthy"], true, "{code}");
        assert_eq!(provider_cost(&server, &owner).await, "0.075", "{code}");
        for _ in 0..60 {
            stand_in.next("costs", Fault::Status(500, vec![]));
        }
        server.clock.set(NOW_MS + 1_800_000);
        run(&server).await;
        assert_eq!(state(&server, &owner, &path).await["healthy"], false, "{code}");
    }
}

#[tokio::test]
async fn retry_after_is_kept_in_seconds_and_as_a_date() {
    let (server, owner, stand_in, path, found) =
        let_down(Fault::Status(429, vec![("retry-after", "7200".into())])).await;
    assert_eq!(report(&found, "costs")["next_at"], "2026-11-22T12:40:00Z");
    // Nobody's wish makes it sooner.
    let refreshed = server.post(&format!("{path}/refresh"), &owner, &json!({})).await;
    assert_eq!(refreshed.json["asked"], 0);
    stand_in.take_asked();
    server.clock.set(NOW_MS + 600_000 + 7_199_000);
    run(&server).await;
    assert!(stand_in.take_asked().iter().all(|path| !path.contains("/costs?")));
    // A date counts from the provider's own time, which is the harness's noon here, not ours.
    stand_in.set_now(NOW_MS);
    let date = "Sun, 22 Nov 2026 10:40:00 GMT";
    stand_in.next("costs", Fault::Status(429, vec![("retry-after", date.into())]));
    server.clock.set(NOW_MS + 600_000 + 7_200_000);
    run(&server).await;
    let found = state(&server, &owner, &path).await;
    assert_eq!(report(&found, "costs")["next_at"], "2026-11-22T12:50:00Z");
}

#[tokio::test]
async fn pages_that_go_round_are_given_up() {
    let (server, owner) = Server::with_acme().await;
    let stand_in = StandIn::start(NOW_MS).await;
    stand_in.set_page_size(5);
    let round: fn(&mut Value) = |page| {
        page["has_more"] = json!(true);
        page["next_page"] = json!(format!("page_{}", (TODAY - 30 * DAY_MS)));
    };
    for _ in 0..3 {
        stand_in.next("costs", Fault::Changed(round));
    }
    let path = connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    let found = state(&server, &owner, &path).await;
    assert_eq!(report(&found, "costs")["last_error"]["code"], "page_loop");
    assert_eq!(report(&found, "costs")["covers"], Value::Null);
    assert!(stand_in.take_asked().iter().filter(|path| path.contains("/costs?")).count() < 10);
}

#[tokio::test]
async fn days_from_the_future_are_left_for_their_time_and_a_wrong_clock_is_told() {
    let (server, owner, stand_in, path) = connected().await;
    stand_in.tell_days_ahead(2);
    stand_in.put("costs", TODAY + DAY_MS, vec![costs("gpt-4o, input", "100")]);
    stand_in.set_now(NOW_MS + 20 * 3_600_000);
    server.clock.set(NOW_MS + 600_000);
    run(&server).await;
    let found = state(&server, &owner, &path).await;
    assert_eq!(found["healthy"], true, "{found:#}");
    assert_eq!(found["clock_skew_seconds"], 20 * 3_600 - 600);
    assert_eq!(found["covers"]["to"], "2026-11-23");
    assert_eq!(provider_cost(&server, &owner).await, "0.075");
    // Today was not over by our clock, so that its growth is no revision.
    stand_in.put("costs", TODAY, vec![costs("gpt-4o, input", "1")]);
    server.clock.set(NOW_MS + 1_200_000);
    run(&server).await;
    assert_eq!(state(&server, &owner, &path).await["revised"]["buckets"], 0);
}

#[tokio::test]
async fn a_kind_that_a_provider_lacks_harms_nothing() {
    let (server, owner) = Server::with_acme().await;
    let stand_in = StandIn::start(NOW_MS).await;
    stand_in.forget("decisions");
    let path = connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    let found = state(&server, &owner, &path).await;
    assert_eq!(found["healthy"], true, "{found:#}");
    assert_eq!(report(&found, "decisions")["is_missing"], true);
}

#[tokio::test]
async fn costs_that_are_refused_by_key_are_asked_for_without() {
    let (server, owner) = Server::with_acme().await;
    let stand_in = StandIn::start(NOW_MS).await;
    stand_in.put("costs", TODAY, vec![costs("gpt-4o, input", "3")]);
    stand_in.next("costs", Fault::Status(400, vec![]));
    connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    assert_eq!(provider_cost(&server, &owner).await, "3");
    let asked = stand_in.take_asked();
    let asked: Vec<_> = asked.iter().filter(|path| path.contains("/costs?")).collect();
    assert!(asked[0].contains("group_by=api_key_id") && !asked[1].contains("group_by=api_key_id"));
}

#[tokio::test]
async fn a_wrong_key_is_told_and_a_right_one_is_tried_at_once() {
    let (server, owner) = Server::with_acme().await;
    let stand_in = StandIn::start(NOW_MS).await;
    let base = format!("{}/v1", stand_in.url);
    let body = json!({ "provider": "openai", "key": "sk-wrong-key", "base_url": base });
    let made = server.post("/api/v1/providers", &owner, &body).await;
    let path = format!("/api/v1/providers/{}", made.json["id"].as_str().unwrap());
    run(&server).await;
    let found = state(&server, &owner, &path).await;
    assert_eq!(
        (found["healthy"].as_bool(), found["last_error"]["code"].as_str()),
        (Some(false), Some("unauthorized"))
    );
    let changed = server.patch(&path, &owner, &json!({ "key": KEY })).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    run(&server).await;
    assert_eq!(state(&server, &owner, &path).await["healthy"], true);
}

#[tokio::test]
async fn connections_are_checked_bounded_and_audited() {
    let (server, owner) = Server::with_acme().await;
    let refused = async |body: Value| {
        let answer = server.post("/api/v1/providers", &owner, &body).await;
        let (status, code, field) = answer.refusal();
        (status, code.to_owned(), field.to_owned())
    };
    let field = |field: &str| (422, "invalid_value".to_owned(), field.to_owned());
    assert_eq!(refused(json!({ "provider": "mistral", "key": KEY })).await, field("provider"));
    assert_eq!(refused(json!({ "provider": "openai", "key": "a b c d e f" })).await, field("key"));
    assert_eq!(refused(json!({ "provider": "openai", "key": KEY, "name": "" })).await, field("name"));
    for url in ["ftp://x", "nonsense", "http://user:pass@example.com", "https://example.com/?a=b"] {
        assert_eq!(
            refused(json!({ "provider": "openai", "key": KEY, "base_url": url })).await,
            field("base_url")
        );
    }
    assert_eq!(
        refused(json!({ "provider": "openai", "key": KEY, "project_map": { "": "x" } })).await,
        field("project_map")
    );
    assert_eq!(server.get("/api/v1/providers", &owner).await.json["items"], json!([]));

    let one = json!({ "provider": "openai", "key": KEY, "enabled": false });
    let made = server.post("/api/v1/providers", &owner, &one).await;
    assert_eq!(made.status, 201, "{made:?}");
    let path = format!("/api/v1/providers/{}", made.json["id"].as_str().unwrap());
    // The same key, the same name, another address without the key.
    let second = json!({ "provider": "openai", "key": KEY, "name": "second" });
    assert_eq!(refused(second).await.0, 409);
    let same_name = json!({ "provider": "anthropic", "key": KEY, "name": "openai" });
    assert_eq!(refused(same_name).await.0, 409);
    let moved = server.patch(&path, &owner, &json!({ "base_url": "https://example.com/v1" })).await;
    assert_eq!(moved.refusal(), (422, "invalid_value", "key"));
    let mapped = server.patch(&path, &owner, &json!({ "project_map": { "proj_1": "chat" } })).await;
    assert_eq!(mapped.json["project_map"], json!({ "proj_1": "chat" }));

    for n in 1..20 {
        let body = json!({ "provider": "openai", "key": format!("{KEY}{n}"), "name": format!("n{n}"), "enabled": false });
        assert_eq!(server.post("/api/v1/providers", &owner, &body).await.status, 201);
    }
    assert_eq!(refused(json!({ "provider": "openai", "key": "another-key", "name": "x" })).await.0, 409);
    // Another tenant knows none of them.
    server.tenant("other").await;
    let other = server.key("other", "owner", None).await;
    assert_eq!(server.get(&path, &other).await.status, 404);
    assert_eq!(server.delete(&path, &other).await.status, 404);
    assert_eq!(server.delete(&path, &owner).await.status, 204);
    assert_eq!(server.get(&path, &owner).await.status, 404);
    let audit = server.get("/api/v1/audit?limit=500", &owner).await;
    let told = String::from_utf8(audit.bytes).unwrap();
    for action in ["provider.create", "provider.update", "provider.delete"] {
        assert!(told.contains(action), "{action}");
    }
    assert!(!told.contains(KEY));
}

#[tokio::test]
async fn what_a_deleted_connection_reported_is_gone() {
    let (server, owner, _stand_in, path) = connected().await;
    assert_eq!(server.delete(&path, &owner).await.status, 204);
    assert_eq!(provider_cost(&server, &owner).await, "0");
    run(&server).await;
}

#[tokio::test]
async fn one_slow_provider_holds_up_no_other_tenant() {
    let (server, owner) = Server::with_acme().await;
    server.tenant("other").await;
    let other = server.key("other", "owner", None).await;
    let (slow, quick) = (StandIn::start(NOW_MS).await, StandIn::start(NOW_MS).await);
    slow.next("*", Fault::Slow(Duration::from_secs(20)));
    connect(&server, &owner, "openai", &slow).await;
    let path = connect(&server, &other, "openai", &quick).await;
    let app = server.app.clone();
    let waiting = tokio::spawn(async move { app.run_report_step().await.unwrap() });
    tokio::time::sleep(Duration::from_millis(200)).await;
    run(&server).await;
    assert_eq!(state(&server, &other, &path).await["healthy"], true);
    assert!(!waiting.is_finished());
    // Whatever ends it, its turn is over.
    waiting.abort();
    let _ = waiting.await;
    run(&server).await;
    assert!(!slow.take_asked().is_empty());
}

#[tokio::test]
async fn an_admin_names_the_tenant() {
    let (server, _owner) = Server::with_acme().await;
    let body = json!({ "provider": "openai", "key": KEY, "enabled": false });
    assert_eq!(
        server.post("/api/v1/providers", ADMIN, &body).await.refusal(),
        (422, "invalid_value", "tenant")
    );
    assert_eq!(server.post("/api/v1/providers?tenant=acme", ADMIN, &body).await.status, 201);
}
