//! The batching recorder: nothing lost while there is room, nothing counted twice, nobody held up.

use crate::support::{Canned, Proxy, Server, event, eventually, hasty, nobody};
use meterwire_client::{Amount, Client, Event};
use serde_json::Value;
use std::time::{Duration, Instant};

/// How many calls the server knows of a user; api_calls count the events of today.
fn calls(client: &Client, user: &str) -> Amount {
    let client = meterwire_client::blocking::Client::from(client.clone());
    client.status(Some(user)).unwrap().metrics["api_calls"].current
}

#[test]
fn dropping_it_sends_what_is_left_without_a_runtime() {
    let server = Server::start();
    let client = server.client();
    let recorder = client.recorder().batch_size(300).max_age(Duration::from_hours(1)).start();
    let clone = recorder.clone();
    for _ in 0..1000 {
        assert!(recorder.record(event("u-1")));
    }
    drop(recorder);
    assert!(clone.record(event("u-1")), "the last clone ends it, not the first");
    drop(clone);
    assert_eq!(calls(&client, "u-1"), 1001.into());
}

#[test]
fn batches_leave_by_size_and_by_age() {
    let server = Server::start();
    let client = server.client();
    let recorder = client.recorder().batch_size(10).max_age(Duration::from_hours(1)).start();
    (0..25).for_each(|_| assert!(recorder.record(event("u-1"))));
    eventually("two full batches are stored", || recorder.stats().stored == 20);
    assert_eq!(recorder.stats().queued, 5);
    recorder.flush_blocking(Duration::from_secs(10)).unwrap();
    assert_eq!((recorder.stats().queued, recorder.stats().stored), (0, 25));
    let quick = client.recorder().max_age(Duration::from_millis(20)).start();
    quick.record(event("u-2"));
    eventually("an old event leaves alone", || quick.stats().stored == 1);
    assert_eq!(calls(&client, "u-2"), Amount::ONE);
}

#[tokio::test]
async fn flushing_waits_for_what_was_recorded_before() {
    let server = Server::start();
    let client = server.client();
    let recorder = client.recorder().max_age(Duration::from_hours(1)).start();
    for round in 1..=3 {
        (0..10).for_each(|_| assert!(recorder.record(event("u-1"))));
        recorder.flush(Duration::from_secs(10)).await.unwrap();
        assert_eq!(
            client.status(Some("u-1")).await.unwrap().metrics["api_calls"].current,
            (10 * round).into()
        );
    }
    recorder.flush(Duration::ZERO).await.unwrap();
}

#[test]
fn a_lost_answer_and_a_server_that_was_away_change_no_number() {
    let server = Server::start();
    let proxy = Proxy::before(&server.url);
    let (direct, client) = (server.client(), server.client_at(&proxy.url));
    proxy.lose_answers(1);
    let recorder = client.recorder().batch_size(50).max_age(Duration::from_millis(10)).start();
    (0..50).for_each(|_| assert!(recorder.record(event("u-1"))));
    recorder.flush_blocking(Duration::from_secs(20)).unwrap();
    assert_eq!((recorder.stats().duplicate, proxy.lost()), (50, 1), "{:?}", recorder.stats());
    proxy.set_away(true);
    (0..50).for_each(|_| assert!(recorder.record(event("u-1"))));
    assert!(recorder.flush_blocking(Duration::from_millis(300)).unwrap_err().is_unavailable());
    assert_eq!(recorder.stats().queued, 50);
    proxy.set_away(false);
    recorder.flush_blocking(Duration::from_secs(20)).unwrap();
    assert_eq!(calls(&direct, "u-1"), 100.into());
    assert_eq!(recorder.stats().dropped, 0);
}

#[test]
fn while_the_server_is_away_it_is_bounded_in_memory_and_time() {
    let recorder = hasty(&nobody()).recorder().capacity(100).drop_wait(Duration::from_millis(300)).start();
    let begun = Instant::now();
    let kept = (0..20_000).filter(|_| recorder.record(event("u-1"))).count();
    assert_eq!(kept, 100);
    assert!(begun.elapsed() < Duration::from_secs(5), "recording waited: {:?}", begun.elapsed());
    let stats = recorder.stats();
    assert_eq!((stats.queued, stats.dropped), (100, 19_900));
    let begun = Instant::now();
    drop(recorder);
    let waited = begun.elapsed();
    assert!((Duration::from_millis(300)..Duration::from_secs(2)).contains(&waited), "{waited:?}");
}

#[tokio::test]
async fn it_may_be_dropped_inside_a_runtime_and_by_a_panic() {
    let server = Server::start();
    let client = server.client();
    let recorder = client.recorder().max_age(Duration::from_hours(1)).start();
    let dies = tokio::spawn(async move {
        recorder.record(event("u-1"));
        assert!(recorder.stats().stored > 0, "not yet: it dies here");
    });
    assert!(dies.await.unwrap_err().is_panic());
    assert_eq!(client.status(Some("u-1")).await.unwrap().metrics["api_calls"].current, Amount::ONE);
}

#[test]
fn refused_events_are_counted_and_hold_up_no_others() {
    let server = Server::start();
    let client = server.client();
    let recorder = client.recorder().start();
    recorder.record(Event { country: Some("Atlantis".into()), ..event("u-1") });
    recorder.flush_blocking(Duration::from_secs(10)).unwrap();
    recorder.record(event("u-1"));
    recorder.flush_blocking(Duration::from_secs(10)).unwrap();
    assert_eq!((recorder.stats().rejected, recorder.stats().stored), (1, 1));
    let stranger = Client::builder(&server.url).token("mw_nobody").build().unwrap();
    let recorder = stranger.recorder().start();
    recorder.record(event("u-1"));
    recorder.flush_blocking(Duration::from_secs(10)).unwrap();
    assert_eq!((recorder.stats().dropped, recorder.stats().queued), (1, 0));
}

#[test]
fn what_is_too_large_for_the_server_is_halved() {
    let too_large =
        r#"{"detail":{"error":"Too large","code":"too_large","message":"at most 2 events"}}"#.to_owned();
    let stored = |count: u32| (200, "", format!(r#"{{"received":{count},"stored":{count},"results":[]}}"#));
    let server = Canned::answering(vec![(413, "", too_large), stored(2), stored(2)]);
    let client = Client::builder(&server.url).token("mw_t").build().unwrap();
    let recorder = client.recorder().batch_size(4).start();
    (0..4)
        .for_each(|number| assert!(recorder.record(Event { id: Some(number.to_string()), ..event("u-1") })));
    recorder.flush_blocking(Duration::from_secs(10)).unwrap();
    assert_eq!((recorder.stats().stored, recorder.stats().dropped), (4, 0));
    let sent: Vec<Vec<String>> = server.requests().iter().map(|request| ids(request)).collect();
    assert_eq!(sent, [vec!["0", "1", "2", "3"], vec!["0", "1"], vec!["2", "3"]]);
}

#[test]
fn ids_and_times_are_made_once_before_the_first_try() {
    let failed = r#"{"detail":{"error":"Internal error","code":"internal","message":"Something failed on our side."}}"#;
    let stored = r#"{"received":1,"stored":1,"results":[]}"#.to_owned();
    let server = Canned::answering(vec![(500, "", failed.to_owned()), (200, "", stored)]);
    let client = Client::builder(&server.url).token("mw_t").build().unwrap();
    let recorder = client.recorder().start();
    recorder.record(event("u-1"));
    recorder.flush_blocking(Duration::from_secs(20)).unwrap();
    let bodies: Vec<Value> = server.requests().iter().map(|request| body(request)).collect();
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0], bodies[1]);
    assert!(bodies[0][0]["id"].is_string() && bodies[0][0]["time"].is_string(), "{bodies:?}");
}

fn body(request: &str) -> Value {
    serde_json::from_str(request.split("\r\n\r\n").nth(1).unwrap()).unwrap()
}

fn ids(request: &str) -> Vec<String> {
    body(request).as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect()
}
