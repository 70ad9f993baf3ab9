//! What only owners and admins may do.

use crate::support::{Server, standing};
use meterwire_client::{Amount, Decision, Error, Reset};

#[tokio::test]
async fn a_new_tier_works_at_once() {
    let server = Server::start();
    let (client, owner) = (server.client(), server.owner());
    let ten = || Decision::new("deployments", 10).user("u-1");
    client.consume(ten()).await.unwrap();
    assert!(client.consume(ten()).await.is_err());
    let user = owner.set_tier("u-1", "pro").await.unwrap();
    assert_eq!((user.id.as_str(), user.tier.as_str()), ("u-1", "pro"));
    let decided = client.consume(ten()).await.unwrap();
    assert_eq!((decided.tier.as_str(), decided.limit), ("pro", Some(50.into())));
    assert!(matches!(owner.set_tier("u-1", "platinum").await, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn counters_are_set_back_for_one_or_for_all() {
    let server = Server::start();
    let (client, admin) = (server.client(), server.instance_admin());
    for user in ["u-1", "u-2"] {
        for metric in ["deployments", "api_calls"] {
            client.consume(Decision::new(metric, 5).user(user)).await.unwrap();
        }
    }
    let done = admin.manual_reset(Reset::today().user("u-1").metric("deployments")).await.unwrap();
    assert_eq!(done.reset, 1, "{done:?}");
    assert_eq!(standing(&client, "u-1", "deployments").await.0, Amount::ZERO);
    assert_eq!(standing(&client, "u-1", "api_calls").await.0, 5.into());
    assert!(admin.manual_reset(Reset::today()).await.unwrap().reset >= 3);
    assert_eq!(standing(&client, "u-2", "deployments").await.0, Amount::ZERO);
}

#[tokio::test]
async fn top_users_near_limits_and_history_tell_who_used_what() {
    let server = Server::start();
    let (client, owner) = (server.client(), server.owner());
    for (user, deployments) in [("u-1", 3), ("u-2", 9), ("u-3", 8)] {
        client.consume(Decision::new("deployments", deployments).user(user)).await.unwrap();
    }
    let top = owner.top_users("deployments", None, 2).await.unwrap();
    let named: Vec<_> = top.items.iter().map(|item| (item.user.as_str(), item.current)).collect();
    assert_eq!(named, [("u-2", 9.into()), ("u-3", 8.into())]);
    assert_eq!(top.items[0].metrics["deployments"], 9.into());
    let same = owner.top_users("deployments", Some(&top.date), 2).await.unwrap();
    assert_eq!(same, top);
    // Strictly above: 8 of 10 is not.
    let near = owner.near_limits(0.8, 100).await.unwrap();
    let named: Vec<_> = near.iter().map(|item| (item.user.as_str(), item.limit)).collect();
    assert_eq!(named, [("u-2", 10.into())]);
    assert!((near[0].percentage - 90.0).abs() < 1e-9);
    let history = owner.history(7).await.unwrap();
    assert_eq!(history.len(), 7);
    assert_eq!((history[0].active_users, history[0].totals["deployments"]), (3, 20.into()));
    assert!(matches!(owner.history(91).await, Err(Error::Invalid(_))));
}
