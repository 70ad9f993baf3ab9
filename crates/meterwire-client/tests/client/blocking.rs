//! The blocking client: in plain threads, and inside of runtimes.

use crate::support::{Server, amount, event, hasty, nobody};
use meterwire_client::blocking::Client;
use meterwire_client::{Amount, Bulk, Commit, Decision, Hold, Reset};
use std::time::Duration;

fn one() -> Decision {
    Decision::new("deployments", 1).user("u-1")
}

#[test]
fn every_verb_works_without_a_runtime() {
    let server = Server::start();
    let client = Client::builder(&server.url).token(server.key("owner", &[])).build_blocking().unwrap();
    assert!(client.check_limit(one()).unwrap().allowed);
    assert_eq!(client.consume(one()).unwrap().current, Amount::ONE);
    assert_eq!(client.increment(one()).unwrap().current, 2.into());
    client.consume_all(Bulk::new().and("deployments", 1).user("u-1")).unwrap();
    client.increment_all(Bulk::new().and("deployments", 1).user("u-1")).unwrap();
    assert!(client.consume_each([one(), one()]).unwrap().iter().all(meterwire_client::Verdict::is_allowed));
    assert_eq!(client.status(Some("u-1")).unwrap().metrics["deployments"].current, 6.into());
    assert!(
        client.consume(Decision::new("deployments", 5).user("u-1")).unwrap_err().limit_exceeded().is_some()
    );

    let reservation = client.reserve(Hold::new("compute_hours", 2).user("u-1")).unwrap();
    assert_eq!(client.reservation(reservation.id()).unwrap().status, "held");
    assert_eq!(reservation.commit(amount("1.5")).unwrap().committed_amount, Some(amount("1.5")));
    client.reserve(Hold::new("compute_hours", 1).user("u-1")).unwrap().release().unwrap();
    drop(client.reserve(Hold::new("compute_hours", 1).user("u-1")).unwrap());
    assert!(client.drain(Duration::from_secs(10)));
    let id = client.reserve(Hold::new("compute_hours", 1).user("u-1")).unwrap().into_id();
    client.commit(&id, Commit::Held).unwrap();
    let id = client.reserve(Hold::new("compute_hours", 1).user("u-1")).unwrap().into_id();
    assert_eq!(client.release(&id).unwrap().status, "released");
    let hours = client.status(Some("u-1")).unwrap().metrics["compute_hours"].clone();
    assert_eq!((hours.current, hours.held), (amount("2.5"), Amount::ZERO));

    assert_eq!(client.ingest([event("u-1")]).unwrap().stored, 1);
    assert_eq!(client.set_tier("u-1", "pro").unwrap().tier, "pro");
    assert_eq!(client.top_users("deployments", None, 5).unwrap().items[0].user, "u-1");
    assert!(client.near_limits(0.01, 5).unwrap().iter().any(|near| near.user == "u-1"));
    assert_eq!(client.history(2).unwrap().len(), 2);
    assert!(client.manual_reset(Reset::today().user("u-1")).unwrap().reset > 0);
}

#[test]
fn threads_share_one_client() {
    let server = Server::start();
    let client = Client::from(server.client());
    let won: usize = std::thread::scope(|scope| {
        let racing: Vec<_> =
            (0..16).map(|_| scope.spawn(|| usize::from(client.consume(one()).is_ok()))).collect();
        racing.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(won, 10);
}

#[tokio::test]
async fn it_works_inside_a_runtime_of_one_thread() {
    let server = Server::start();
    let client = Client::from(server.client());
    assert_eq!(client.consume(one()).unwrap().current, Amount::ONE);
    // More polls than a task may make before it has to yield.
    for _ in 0..300 {
        client.status(Some("u-1")).unwrap();
    }
    let away = Client::from(hasty(&nobody()));
    assert!(away.consume(one()).unwrap_err().is_unavailable());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_works_inside_a_runtime_of_several_threads() {
    let server = Server::start();
    let client = Client::from(server.client());
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            tokio::spawn({
                let client = client.clone();
                async move { client.consume(one()).unwrap() }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(client.status(Some("u-1")).unwrap().metrics["deployments"].current, 8.into());
}

#[test]
fn the_async_client_needs_no_runtime_of_tokio() {
    let server = Server::start();
    let client = server.client();
    // A waker that does nothing: polled again and again, as the simplest of all executors.
    let mut future = std::pin::pin!(client.consume(one()));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let decided = loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(decided) => break decided.unwrap(),
            std::task::Poll::Pending => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    assert_eq!(decided.current, Amount::ONE);
}
