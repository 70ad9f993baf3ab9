//! Providers that tell a day twice, leave one out, turn their pages in circles or live by another clock.

use crate::harness::{ADMIN, NOW_MS, Server, outside};
use crate::providers::{TODAY, connect, run};
use crate::stand_in::{DAY_MS, Fault, KEY, StandIn, costs};
use meterwire_app::ports::{Outside, SecretError, Secrets};
use meterwire_server::http::HttpSettings;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// Every day costs a cent; pages hold ten days.
async fn paged() -> (Server, String, StandIn) {
    let (server, owner) = Server::with_acme().await;
    let stand_in = StandIn::start(NOW_MS).await;
    stand_in.set_page_size(10);
    for day in 0..70 {
        stand_in.put("costs", TODAY - day * DAY_MS, vec![costs("gpt-4o, input", "0.01")]);
    }
    (server, owner, stand_in)
}

/// How the report of costs stands.
async fn costs_of(server: &Server, owner: &str, path: &str) -> Value {
    let found = server.get(path, owner).await.json;
    let reports = found["state"]["reports"].as_array().unwrap();
    reports.iter().find(|report| report["kind"] == "costs").unwrap().clone()
}

/// Provider's cost of this month, by the reconciliation.
async fn provider_cost(server: &Server, owner: &str) -> Value {
    server.get("/api/v1/reconciliation", owner).await.json["total"]["provider"]["cost_usd"].clone()
}

/// Puts the day before a page's first once more before it.
fn tell_again(page: &mut Value, value: &str) {
    let first = page["data"][0]["start_time"].as_i64().unwrap();
    let mut again = page["data"][0].clone();
    (again["start_time"], again["end_time"]) = (json!(first - 86_400), json!(first));
    again["results"] = json!([costs("gpt-4o, input", value)]);
    page["data"].as_array_mut().unwrap().insert(0, again);
}

#[tokio::test]
async fn a_day_may_be_told_twice_but_not_differently() {
    for (change, code) in [
        (Fault::Changed(|page| tell_again(page, "0.01")), Value::Null),
        (Fault::Changed(|page| tell_again(page, "0.02")), json!("page_loop")),
    ] {
        let (server, owner, stand_in) = paged().await;
        // The first page is as it should be.
        stand_in.next("costs", Fault::Changed(|_| ()));
        stand_in.next("costs", change);
        let path = connect(&server, &owner, "openai", &stand_in).await;
        run(&server).await;
        let found = costs_of(&server, &owner, &path).await;
        assert_eq!(found["last_error"]["code"], code, "{found}");
        let kept = provider_cost(&server, &owner).await;
        assert_eq!(kept, if code.is_null() { json!("0.22") } else { json!("0") });
    }
}

#[tokio::test]
async fn a_page_that_brings_nothing_new_ends_it_whatever_it_is_called() {
    let (server, owner, stand_in) = paged().await;
    let back: fn(&mut Value) = |page| {
        let first = page["data"][0]["start_time"].as_i64().unwrap() * 1000;
        page["next_page"] = json!(format!("page_{first}"));
    };
    stand_in.next("costs", Fault::Changed(back));
    let path = connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    let found = costs_of(&server, &owner, &path).await;
    assert_eq!(
        (&found["last_error"]["code"], &found["covers"]),
        (&json!("page_loop"), &Value::Null),
        "{found}"
    );
}

#[tokio::test]
async fn a_day_that_is_left_out_stays_as_it_was() {
    let (server, owner, stand_in) = paged().await;
    let path = connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    assert_eq!(provider_cost(&server, &owner).await, "0.22");
    let without: fn(&mut Value) = |page| {
        let days = page["data"].as_array_mut().unwrap();
        days.remove(1);
    };
    stand_in.next("costs", Fault::Changed(without));
    server.clock.set(NOW_MS + 600_000);
    run(&server).await;
    assert_eq!(costs_of(&server, &owner, &path).await["last_error"], Value::Null);
    assert_eq!(provider_cost(&server, &owner).await, "0.22");
}

#[tokio::test]
async fn a_day_is_over_when_it_is_over_for_the_provider_too() {
    let (server, owner) = Server::with_acme().await;
    // The provider's clock is a day behind: the day before today is still running there.
    let stand_in = StandIn::start(NOW_MS - DAY_MS).await;
    stand_in.put("costs", TODAY - DAY_MS, vec![costs("gpt-4o, input", "1")]);
    let path = connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    stand_in.put("costs", TODAY - DAY_MS, vec![costs("gpt-4o, input", "2")]);
    server.clock.set(NOW_MS + 600_000);
    run(&server).await;
    assert_eq!(provider_cost(&server, &owner).await, "2");
    let found = server.get(&path, &owner).await.json;
    assert_eq!(found["state"]["revised"], json!({ "buckets": 0, "last_at": null }));
    assert_eq!(found["state"]["clock_skew_seconds"], json!(-86_400 - 600));
}

#[tokio::test]
async fn a_connection_that_is_off_is_not_asked_and_not_healthy() {
    let (server, owner, stand_in) = paged().await;
    let path = connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    let off = server.patch(&path, &owner, &json!({ "enabled": false })).await.json;
    assert_eq!(
        (&off["state"]["healthy"], &off["state"]["why"]),
        (&json!(false), &json!("it is switched off"))
    );
    stand_in.take_asked();
    server.clock.set(NOW_MS + 3_600_000);
    run(&server).await;
    assert_eq!(stand_in.take_asked(), Vec::<String>::new());
    server.patch(&path, &owner, &json!({ "enabled": true })).await;
    run(&server).await;
    assert!(!stand_in.take_asked().is_empty());
}

/// Seals nothing and notes what it was asked to seal for.
#[derive(Default)]
struct Purposes(Mutex<Vec<String>>);

impl Secrets for Purposes {
    fn seal(&self, about: &str, _secret: &str) -> Result<Vec<u8>, SecretError> {
        self.0.lock().unwrap().push(about.to_owned());
        Ok(vec![1])
    }

    fn open(&self, _about: &str, _sealed: &[u8]) -> Result<String, SecretError> {
        Ok(String::new())
    }
}

#[tokio::test]
async fn a_key_is_sealed_for_its_tenant_and_its_connection() {
    let purposes = Arc::new(Purposes::default());
    let beyond = Outside { secrets: purposes.clone(), ..outside() };
    let server = Server::start_beyond(beyond, HttpSettings::default(), None).await;
    let mut ids = vec![];
    for slug in ["acme", "globex"] {
        server.tenant(slug).await;
        let body = json!({ "provider": "openai", "key": KEY, "enabled": false });
        let made = server.post(&format!("/api/v1/providers?tenant={slug}"), ADMIN, &body).await;
        ids.push(made.json["id"].as_str().unwrap().to_owned());
    }
    let sealed = purposes.0.lock().unwrap().clone();
    let tenants: Vec<_> = sealed.iter().map(|about| about.split('/').nth(1).unwrap()).collect();
    assert_ne!(tenants[0], tenants[1]);
    assert!(sealed.iter().zip(&ids).all(|(about, id)| about.ends_with(id)), "{sealed:?}");
}
