//! Every verb of decisions, reservations and events, as a service's own key may use them.

use crate::support::{Server, amount, event, settles_at, standing};
use meterwire_client::{
    Amount, Bulk, Client, Commit, Decision, Error, Event, Hold, Item, TokenUsage, Verdict, Window,
};
use std::collections::BTreeMap;
use std::time::Duration;

fn deployments(user: &str, amount: impl Into<Amount>) -> Decision {
    Decision::new("deployments", amount).user(user)
}

#[tokio::test]
async fn check_increment_consume_and_status_agree() {
    let client = Server::start();
    let (server, client) = (&client, client.client());
    let checked = client.check_limit(deployments("u-1", 10)).await.unwrap();
    assert!(checked.allowed && checked.reason.is_none() && checked.current == Amount::ZERO, "{checked:?}");
    let consumed = client.consume(deployments("u-1", 3)).await.unwrap();
    assert!(consumed.allowed && !consumed.replayed, "{consumed:?}");
    assert_eq!((consumed.current, consumed.limit), (3.into(), Some(10.into())));
    assert_eq!(
        (consumed.remaining, consumed.window, consumed.tier.as_str()),
        (Some(7.into()), Window::Day, "free")
    );
    let checked = client.check_limit(deployments("u-1", 8)).await.unwrap();
    assert!(!checked.allowed, "{checked:?}");
    assert_eq!(checked.reason.as_deref(), Some("Daily deployments limit exceeded"));
    let incremented = client.increment(deployments("u-1", 9)).await.unwrap();
    assert!(incremented.exceeded && incremented.current == 12.into(), "{incremented:?}");
    let status = client.status(Some("u-1")).await.unwrap();
    let standing = &status.metrics["deployments"];
    assert_eq!(
        (standing.current, standing.limit, status.tier.as_str()),
        (12.into(), Some(10.into()), "free")
    );
    assert_eq!(status.metrics["storage"].limit, None);
    // A member's token needs no name: it has its own.
    let own = Client::builder(&server.url).token(server.key("member", &["--user", "u-1"])).build().unwrap();
    assert_eq!(own.status(None).await.unwrap().metrics["deployments"].current, 12.into());
}

#[tokio::test]
async fn a_refusal_says_all_that_the_server_says() {
    let server = Server::start();
    let client = server.client();
    client.consume(deployments("u-1", 10)).await.unwrap();
    let error = client.consume(deployments("u-1", 1)).await.unwrap_err();
    assert_eq!(error.to_string(), "Daily deployments limit exceeded");
    let limit = error.limit_exceeded().expect("a refusal");
    assert_eq!((limit.current, limit.limit, limit.tier.as_str()), (10.into(), 10.into(), "free"));
    assert_eq!((limit.metric.as_str(), limit.scope.as_deref()), ("deployments", None));
    assert!(limit.retry_after.is_some_and(|after| after <= Duration::from_hours(24)), "{limit:?}");
    let body: serde_json::Value = serde_json::from_str(&limit.body).unwrap();
    assert_eq!(body["detail"]["code"], "limit_exceeded");
    let named: Vec<&str> = limit.headers.iter().map(|(name, _)| *name).collect();
    assert_eq!(named, ["ratelimit-policy", "ratelimit"]);
}

#[tokio::test]
async fn amounts_stay_exact_there_and_back() {
    let server = Server::start();
    let client = server.client();
    for _ in 0..10 {
        client.consume(Decision::new("compute_hours", amount("0.1")).user("u-1")).await.unwrap();
    }
    assert_eq!(standing(&client, "u-1", "compute_hours").await.0, Amount::ONE);
    let large = amount("123456789012.123456");
    client.increment(Decision::new("storage", large).user("u-1")).await.unwrap();
    assert_eq!(standing(&client, "u-1", "storage").await.0, large);
    // More places than a metric keeps are refused, not rounded.
    let fine = client.consume(Decision::new("compute_hours", amount("0.0000001")).user("u-1")).await;
    assert!(matches!(fine, Err(Error::Invalid(_))), "{fine:?}");
}

#[tokio::test]
async fn several_metrics_are_recorded_all_or_nothing() {
    let server = Server::start();
    let client = server.client();
    let bulk = |deployments| Bulk::new().and("deployments", deployments).and("api_calls", 100).user("u-1");
    let all = client.consume_all(bulk(9)).await.unwrap();
    assert_eq!(
        (all.metrics["deployments"].current, all.metrics["api_calls"].current),
        (9.into(), 100.into())
    );
    let refused = client.consume_all(bulk(2)).await.unwrap_err();
    assert_eq!(refused.limit_exceeded().expect("a refusal").metric, "deployments");
    assert_eq!(standing(&client, "u-1", "api_calls").await.0, 100.into());
    client.increment_all(bulk(2)).await.unwrap();
    assert_eq!(standing(&client, "u-1", "deployments").await.0, 11.into());
}

#[tokio::test]
async fn each_item_of_an_array_has_its_own_verdict() {
    let server = Server::start();
    let client = server.client();
    let items = [
        Item::from(deployments("u-1", 8)),
        Item::from(deployments("u-1", 3)),
        Item::from(Bulk::new().and("deployments", 2).and("api_calls", 5).user("u-1")),
        Item::from(Decision::new("no_such_metric", 1).user("u-1")),
    ];
    let verdicts = client.consume_each(items).await.unwrap();
    assert!(matches!(&verdicts[0], Verdict::One(one) if one.current == 8.into()), "{verdicts:?}");
    assert!(
        matches!(&verdicts[1], Verdict::Refused(Error::LimitExceeded(limit)) if limit.current == 8.into())
    );
    assert!(matches!(&verdicts[2], Verdict::All(all) if all.metrics["deployments"].current == 10.into()));
    assert!(matches!(&verdicts[3], Verdict::Refused(Error::Invalid(_))), "{verdicts:?}");
}

#[tokio::test]
async fn fifty_at_once_for_ten_win_exactly_ten_times() {
    let server = Server::start();
    let client = server.client();
    let racing: Vec<_> = (0..50)
        .map(|_| {
            tokio::spawn({
                let client = client.clone();
                async move { client.consume(deployments("u-1", 1)).await }
            })
        })
        .collect();
    let mut won = 0;
    for one in racing {
        match one.await.unwrap() {
            Ok(_) => won += 1,
            Err(error) => assert!(error.limit_exceeded().is_some(), "{error:?}"),
        }
    }
    assert_eq!(won, 10);
    assert_eq!(standing(&client, "u-1", "deployments").await.0, 10.into());
}

#[tokio::test]
async fn the_same_key_counts_once_and_another_request_under_it_is_refused() {
    let server = Server::start();
    let client = server.client();
    let named = |amount: u32| deployments("u-1", amount).idempotency_key("deploy-7");
    assert!(!client.consume(named(2)).await.unwrap().replayed);
    let again = client.consume(named(2)).await.unwrap();
    assert!(again.replayed && again.current == 2.into(), "{again:?}");
    let other = client.consume(named(3)).await;
    assert!(matches!(other, Err(Error::Conflict(_))), "{other:?}");
    assert_eq!(standing(&client, "u-1", "deployments").await.0, 2.into());
}

#[tokio::test]
async fn a_reservation_holds_until_it_is_settled() {
    let server = Server::start();
    let client = server.client();
    let hold = || Hold::new("compute_hours", 6).user("u-1").ttl(Duration::from_mins(5));
    let reservation = client.reserve(hold()).await.unwrap();
    assert_eq!(standing(&client, "u-1", "compute_hours").await, (6.into(), 6.into()));
    assert!(client.reserve(hold()).await.unwrap_err().limit_exceeded().is_some());
    let state = client.reservation(reservation.id()).await.unwrap();
    assert_eq!((state.status.as_str(), state.amount, state.committed_amount), ("held", 6.into(), None));
    let id = reservation.id().to_owned();
    let settled = reservation.commit(amount("1.5")).await.unwrap();
    assert_eq!((settled.status.as_str(), settled.committed_amount), ("committed", Some(amount("1.5"))));
    assert!(!settled.over_hold && !settled.after_expiry, "{settled:?}");
    assert_eq!(standing(&client, "u-1", "compute_hours").await, (amount("1.5"), Amount::ZERO));
    // The same once more is the same answer, another amount is not.
    assert_eq!(client.commit(&id, amount("1.5")).await.unwrap().committed_amount, Some(amount("1.5")));
    assert!(matches!(client.commit(&id, 2).await, Err(Error::Conflict(_))));
    assert!(matches!(client.release(&id).await, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn more_than_held_is_recorded_whole_and_said() {
    let server = Server::start();
    let client = server.client();
    let reservation = client.reserve(Hold::new("compute_hours", 1).user("u-1")).await.unwrap();
    let settled = reservation.commit(12).await.unwrap();
    assert!(settled.over_hold && settled.exceeded, "{settled:?}");
    assert_eq!(standing(&client, "u-1", "compute_hours").await, (12.into(), Amount::ZERO));
}

#[tokio::test]
async fn a_reservation_is_given_back_by_release_by_drop_and_by_its_end() {
    let server = Server::start();
    let client = server.client();
    let hold = || Hold::new("deployments", 10).user("u-1");
    assert_eq!(client.reserve(hold()).await.unwrap().release().await.unwrap().status, "released");
    drop(client.reserve(hold()).await.unwrap());
    assert!(client.drain(Duration::from_secs(10)).await);
    assert_eq!(standing(&client, "u-1", "deployments").await, (Amount::ZERO, Amount::ZERO));
    // Handed over by its id, nobody gives it back but its end.
    let id = client.reserve(hold().ttl(Duration::from_secs(1))).await.unwrap().into_id();
    assert!(client.drain(Duration::from_secs(10)).await);
    assert_eq!(standing(&client, "u-1", "deployments").await.1, 10.into());
    settles_at(&client, "u-1", "deployments", Amount::ZERO).await;
    let late = client.commit(&id, Commit::Held).await.unwrap();
    assert!(late.after_expiry, "{late:?}");
    assert_eq!(standing(&client, "u-1", "deployments").await.0, 10.into());
}

#[tokio::test]
async fn a_reserve_that_nobody_waits_for_is_given_back() {
    let server = Server::start();
    let client = server.client();
    for wait_us in [0, 50, 200, 500, 1_000, 2_000, 5_000, 20_000] {
        let reserve = client.reserve(Hold::new("deployments", 10).user("u-1"));
        let waited = tokio::time::timeout(Duration::from_micros(wait_us), reserve).await;
        drop(waited);
        // Whatever was under way has come to rest before the next one asks for all of it.
        settles_at(&client, "u-1", "deployments", Amount::ZERO).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    settles_at(&client, "u-1", "deployments", Amount::ZERO).await;
}

#[tokio::test]
async fn money_is_held_and_settled_by_the_event_that_spent_it() {
    let server = Server::start();
    let client = server.client();
    let hold = Hold::cost_usd(amount("0.03")).user("u-1").project("bot").model("gpt-4o");
    let reservation = client.reserve(hold).await.unwrap();
    assert_eq!(
        (reservation.state().metric.as_str(), reservation.state().amount),
        ("cost_usd", amount("0.03"))
    );
    let usage = TokenUsage { input_tokens: 1000, output_tokens: 100, ..TokenUsage::default() };
    let spent = Event { model: Some("gpt-4o".into()), usage: Some(usage), ..event("u-1") };
    let settled = reservation.commit_event(spent).await.unwrap();
    // gpt-4o: 1,000 x 2.50 and 100 x 10.00 dollars a million.
    assert_eq!(settled.committed_amount, Some(amount("0.0035")), "{settled:?}");
    assert_eq!(standing(&client, "u-1", "api_calls").await.0, Amount::ONE);
    let again = client.reserve(Hold::cost_usd(amount("0.03")).user("u-1")).await.unwrap();
    let settled = again.commit_cost_usd(amount("0.0042")).await.unwrap();
    assert_eq!(settled.committed_amount, Some(amount("0.0042")));
}

#[tokio::test]
async fn events_are_counted_and_each_has_a_verdict() {
    let server = Server::start();
    let client = server.client();
    let named = Event { id: Some("e-1".into()), time: Some("2026-01-05T10:00:00Z".into()), ..event("u-1") };
    let metrics =
        BTreeMap::from([("deployments".to_owned(), amount("2")), ("api_calls".to_owned(), Amount::ZERO)]);
    let counted = Event { metrics, ..event("u-1") };
    let wrong = Event { country: Some("Atlantis".into()), ..event("u-1") };
    let report =
        client.ingest([named.clone(), named.clone(), counted, wrong.clone(), event("u-1")]).await.unwrap();
    assert_eq!(
        (report.received, report.stored, report.duplicate, report.rejected),
        (5, 3, 1, 1),
        "{report:?}"
    );
    let problem =
        report.results.iter().find(|result| result.index == 3).and_then(|result| result.error.clone());
    assert_eq!(problem.expect("an error").field, "country");
    let changed = Event { status: Some(500), ..named };
    assert_eq!(client.ingest([changed]).await.unwrap().conflict, 1);
    // All refused is a report too.
    assert_eq!(client.ingest([wrong]).await.unwrap().rejected, 1);
    assert_eq!(standing(&client, "u-1", "deployments").await.0, 2.into());
    // The two of today less the one that counts itself as none.
    assert_eq!(standing(&client, "u-1", "api_calls").await.0, Amount::ONE);
}

#[tokio::test]
async fn errors_are_told_apart_by_what_the_caller_can_do() {
    let server = Server::start();
    let client = server.client();
    let nameless = client.consume(Decision::new("deployments", 1)).await;
    assert!(
        matches!(&nameless, Err(Error::Invalid(refusal)) if refusal.field.as_deref() == Some("user")),
        "{nameless:?}"
    );
    let unknown = client.consume(Decision::new("deploymnts", 1).user("u-1")).await.unwrap_err();
    assert!(
        matches!(&unknown, Error::Invalid(refusal) if refusal.message.contains("deployments")),
        "{unknown}"
    );
    let stranger = Client::builder(&server.url).token("mw_nobody").build().unwrap();
    assert!(matches!(stranger.status(Some("u-1")).await, Err(Error::Unauthorized(_))));
    let member =
        Client::builder(&server.url).token(server.key("member", &["--user", "u-1"])).build().unwrap();
    assert!(matches!(member.status(Some("u-2")).await, Err(Error::Forbidden(_))));
    assert!(matches!(client.history(7).await, Err(Error::Forbidden(_))));
    let missing = client.reservation("0197a2b4-0000-7000-8000-000000000000").await;
    assert!(matches!(missing, Err(Error::NotFound(_))), "{missing:?}");
    // A name never becomes a path.
    assert!(matches!(client.reservation("..").await, Err(Error::Protocol(_))));
    let escaped = client.reservation("a/../../status?user=u-1").await;
    assert!(matches!(escaped, Err(Error::NotFound(_) | Error::Invalid(_))), "{escaped:?}");
    let nothing = client.consume_each(Vec::<Decision>::new()).await;
    assert!(matches!(nothing, Err(Error::Invalid(_))), "{nothing:?}");
}
