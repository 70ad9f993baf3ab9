//! Lost answers, busy servers and servers that are away.

use crate::support::{Canned, Proxy, Server, event, hasty, nobody, standing};
use meterwire_client::{Amount, Bulk, Client, Decision, Error, Event, Hold};
use std::time::{Duration, Instant};

const BUSY: &str = r#"{"detail":{"error":"Service not available","code":"unavailable","message":"The server is busy; try again in a moment."}}"#;
const CONSUMED: &str = r#"{"allowed":true,"reason":null,"metric":"deployments","amount":1,"current":1,"held":0,"limit":10,"remaining":9,"tier":"free","window":"day","resets_at":"2026-11-23T00:00:00Z"}"#;

fn one() -> Decision {
    Decision::new("deployments", 1).user("u-1")
}

#[tokio::test]
async fn nothing_counts_twice_when_its_answer_is_lost() {
    let server = Server::start();
    let proxy = Proxy::before(&server.url);
    let (direct, client) = (server.client(), server.client_at(&proxy.url));
    let lose_two = || proxy.lose_answers(2);

    lose_two();
    assert!(client.consume(one()).await.unwrap().replayed);
    lose_two();
    assert!(client.increment(one()).await.unwrap().replayed);
    lose_two();
    assert!(client.consume_all(Bulk::new().and("deployments", 1).user("u-1")).await.unwrap().replayed);
    lose_two();
    assert!(client.consume_each([one()]).await.unwrap()[0].is_allowed());
    assert_eq!(standing(&direct, "u-1", "deployments").await, (4.into(), Amount::ZERO));

    lose_two();
    let reservation = client.reserve(Hold::new("deployments", 2).user("u-1")).await.unwrap();
    assert_eq!(standing(&direct, "u-1", "deployments").await, (6.into(), 2.into()));
    lose_two();
    reservation.commit(1).await.unwrap();
    assert_eq!(standing(&direct, "u-1", "deployments").await, (5.into(), Amount::ZERO));
    lose_two();
    let released = client.reserve(Hold::new("deployments", 2).user("u-1")).await.unwrap();
    lose_two();
    released.release().await.unwrap();
    assert_eq!(standing(&direct, "u-1", "deployments").await, (5.into(), Amount::ZERO));

    lose_two();
    let report = client.ingest([event("u-1"), event("u-1")]).await.unwrap();
    assert_eq!((report.stored, report.duplicate), (0, 2), "stored by the try whose answer was lost");
    assert_eq!(standing(&direct, "u-1", "api_calls").await.0, 2.into());
    lose_two();
    let paid = client.reserve(Hold::cost_usd(1).user("u-1")).await.unwrap();
    lose_two();
    paid.commit_event(Event { cost_usd: Some(Amount::ONE), ..event("u-1") }).await.unwrap();
    assert_eq!(standing(&direct, "u-1", "api_calls").await.0, 3.into());
    assert_eq!(proxy.lost(), 22, "every answer that was to be lost was");
}

#[tokio::test]
async fn a_busy_server_is_asked_again_with_the_same_key() {
    let answers = vec![(503, "retry-after: 0\r\n", BUSY.to_owned()), (200, "", CONSUMED.to_owned())];
    let server = Canned::answering(answers);
    let client = Client::builder(&server.url).token("mw_t").build().unwrap();
    assert_eq!(client.consume(one()).await.unwrap().current, Amount::ONE);
    let keys: Vec<String> = server.requests().iter().map(|request| key_of(request)).collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
    assert!(server.requests()[0].to_ascii_lowercase().contains("authorization: bearer mw_t\r\n"));
}

fn key_of(request: &str) -> String {
    let body = request.split("\r\n\r\n").nth(1).unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    body["idempotency_key"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn two_calls_never_share_a_key() {
    let server = Canned::answering(vec![(200, "", CONSUMED.to_owned()), (200, "", CONSUMED.to_owned())]);
    let client = Client::builder(&server.url).token("mw_t").build().unwrap();
    client.consume(one()).await.unwrap();
    client.consume(one()).await.unwrap();
    let keys: Vec<String> = server.requests().iter().map(|request| key_of(request)).collect();
    assert_ne!(keys[0], keys[1]);
}

#[tokio::test]
async fn a_final_answer_is_not_asked_for_again() {
    let invalid =
        r#"{"detail":{"error":"Invalid value","code":"invalid_value","message":"no","field":"metric"}}"#;
    let failed = r#"{"detail":{"error":"Internal error","code":"internal","message":"Something failed on our side.","request_id":"r-1"}}"#;
    for (status, body) in [(422, invalid), (500, failed), (302, ""), (200, "not JSON")] {
        let twice =
            vec![(status, "location: /elsewhere\r\n", body.to_owned()), (200, "", CONSUMED.to_owned())];
        let server = Canned::answering(twice);
        let client = Client::builder(&server.url).token("mw_t").build().unwrap();
        let error = client.consume(one()).await.unwrap_err();
        assert_eq!(server.requests().len(), 1, "{status}: {error:?}");
        match status {
            422 => assert!(matches!(error, Error::Invalid(_)), "{error:?}"),
            500 => assert_eq!(error.to_string(), "Something failed on our side. (request r-1)"),
            _ => assert!(matches!(error, Error::Protocol(_)), "{error:?}"),
        }
    }
}

#[tokio::test]
async fn tries_and_time_are_bounded() {
    let busy = || (503, "retry-after: 0\r\n", BUSY.to_owned());
    let server = Canned::answering((0..9).map(|_| busy()).collect());
    let client = Client::builder(&server.url).token("mw_t").retries(2).build().unwrap();
    let error = client.consume(one()).await.unwrap_err();
    assert!(error.is_unavailable() && error.to_string().contains("busy"), "{error}");
    assert_eq!(server.requests().len(), 3);

    // Told to come back later than the deadline, it does not wait for it.
    let server = Canned::answering(vec![(503, "retry-after: 3600\r\n", BUSY.to_owned())]);
    let client = Client::builder(&server.url).token("mw_t").build().unwrap();
    let begun = Instant::now();
    assert!(client.consume(one()).await.unwrap_err().is_unavailable());
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_server_that_is_away_or_silent_is_unavailable_within_the_deadline() {
    let begun = Instant::now();
    let error = hasty(&nobody()).consume(one()).await.unwrap_err();
    assert!(error.is_unavailable() && error.to_string().contains("refused"), "{error}");
    // It takes the connection and never says a word.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let error = hasty(&format!("http://{}", silent.local_addr().unwrap())).consume(one()).await.unwrap_err();
    assert!(error.is_unavailable() && error.to_string().contains("in time"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_call_goes_through_when_the_server_comes_back() {
    let server = Server::start();
    let proxy = Proxy::before(&server.url);
    let client = server.client_at(&proxy.url);
    proxy.set_away(true);
    let back = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        proxy.set_away(false);
    };
    let (decided, ()) = tokio::join!(client.consume(one()), back);
    assert_eq!(decided.unwrap().current, Amount::ONE);
}

#[tokio::test]
async fn a_settlement_goes_on_longer_than_its_caller_waits() {
    let server = Server::start();
    let proxy = Proxy::before(&server.url);
    let builder = Client::builder(&proxy.url).token(server.key("ingest", &[])).retries(0);
    let client = builder.deadline(Duration::from_millis(300)).build().unwrap();
    let direct = server.client();
    let hold = || Hold::new("deployments", 4).user("u-1");
    let (committed, dropped) = (client.reserve(hold()).await.unwrap(), client.reserve(hold()).await.unwrap());
    proxy.set_away(true);
    drop(dropped);
    assert!(committed.commit(3).await.unwrap_err().is_unavailable());
    assert!(!client.drain(Duration::from_millis(500)).await, "both go on");
    assert_eq!(standing(&direct, "u-1", "deployments").await, (8.into(), 8.into()));
    proxy.set_away(false);
    assert!(client.drain(Duration::from_secs(20)).await);
    assert_eq!(standing(&direct, "u-1", "deployments").await, (3.into(), Amount::ZERO));
}

#[test]
fn a_client_outlives_the_runtime_that_used_it_first() {
    let server = Server::start();
    let client = server.client();
    for expected in 1..=3 {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(client.consume(one())).unwrap().current, Amount::from(expected));
    }
}
