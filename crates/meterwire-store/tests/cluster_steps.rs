//! Steps that several servers may take at once, and what a group looks up before its commands run.

#![expect(clippy::unwrap_used, reason = "what fails is a test")]

mod common;

use common::servers::{World, acme};
use common::{DAY_MS, START_MS, audit, event, events, whole};
use meterwire_app::ports::{
    AggregateRequest, Catalog, DecisionKind, DecisionRequest, Ledger, Limits, NewRerating, RerateStep,
    Rerated, Reratings, StoreError, TenantId, Usage, UsedFor, Verdict,
};
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Rating};
use meterwire_core::limit::MetricName;
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use meterwire_core::price::PriceId;
use meterwire_core::rerate::{RerateDifference, RerateScope};
use meterwire_store::ClusterStore;

async fn cost(store: &ClusterStore, tenant: TenantId) -> i64 {
    store.aggregate(tenant, whole()).await.unwrap().iter().map(|row| row.totals.cost.0).sum()
}

/// A duplicate is no sight of its user, whether its label is remembered or looked up with the group's.
#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_brings_no_deleted_user_back() {
    let world = World::new().await;
    let one = world.server().await;
    let acme = acme(&one).await;
    one.append(acme, vec![event(1), event(2)]).await.unwrap();
    one.delete_user(acme, "user-1", audit("user.delete")).await.unwrap();
    let two = world.server().await;
    for server in [&one, &two] {
        // Beside an event of another user, so that there is something to be looked up.
        let verdicts = server.append(acme, vec![event(1), event(2)]).await.unwrap();
        assert_eq!(verdicts, [Verdict::Duplicate, Verdict::Duplicate]);
        assert!(server.user(acme, "user-1").await.unwrap().is_none());
        assert!(server.user(acme, "user-2").await.unwrap().is_some());
    }
    assert_eq!(two.append(acme, vec![event(6)]).await.unwrap(), [Verdict::Stored]);
    assert!(one.user(acme, "user-1").await.unwrap().is_some());
    for server in [one, two] {
        server.close().await.unwrap();
    }
}

/// The same events in many commands of one group: what one recorded, the next ones know, though none of it is written yet.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_group_has_recorded_is_known_to_the_rest_of_it() {
    let world = World::new().await;
    let server = world.server().await;
    let acme = acme(&server).await;
    let tasks: Vec<_> = (0..200)
        .map(|turn| {
            let server = server.clone();
            let mut event = event(turn % 7);
            // Every other round the same id says something else.
            if (turn / 7) % 2 == 1 {
                event.fingerprint.0[0] ^= 1;
            }
            tokio::spawn(async move { server.append(acme, vec![event]).await.unwrap()[0] })
        })
        .collect();
    let mut verdicts = Vec::new();
    for task in tasks {
        verdicts.push(task.await.unwrap());
    }
    let count = |wanted| verdicts.iter().filter(|verdict| **verdict == wanted).count();
    assert_eq!(count(Verdict::Stored), 7);
    assert!(count(Verdict::Conflict) > 0 && count(Verdict::Duplicate) > 0, "{verdicts:?}");
    let rows = server.aggregate(acme, whole()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.totals.calls).sum::<i64>(), 7);
    server.close().await.unwrap();
}

/// Servers that take turns forget all counters at each turn; what they load for a group must be what they had.
#[tokio::test(flavor = "multi_thread")]
async fn counters_that_are_loaded_for_a_group_are_the_present_ones() {
    let world = World::new().await;
    let servers = [world.server().await, world.server().await];
    let acme = acme(&servers[0]).await;
    let metric = servers[0].metrics(acme).await.unwrap().remove(0).name;
    let request = |metric: &MetricName, user: &str| DecisionRequest {
        kind: DecisionKind::Increment,
        user: user.to_owned(),
        amounts: vec![(metric.clone(), Amount(1))],
        used_for: UsedFor::default(),
        idempotency_key: None,
    };
    for turn in 1..=6_i64 {
        for server in &servers {
            let requests = ["a", "b", "c", "a"].map(|user| request(&metric, user)).to_vec();
            let decided = server.decide(acme, requests, START_MS).await.unwrap();
            assert!(decided.iter().all(Result::is_ok), "{decided:?}");
        }
        let standing = servers[0].standing(acme, "a", START_MS).await.unwrap();
        let of_metric = standing.standings.iter().find(|standing| standing.metric == metric).unwrap();
        assert_eq!(of_metric.current, turn * 4);
    }
    for server in servers {
        server.close().await.unwrap();
    }
}

fn step(id: &str, rerated: Vec<Rerated>) -> RerateStep {
    let events = i64::try_from(rerated.len()).unwrap();
    RerateStep { id: id.to_owned(), after: None, next: None, events, rerated, at_ms: START_MS + 10 * DAY_MS }
}

/// Two servers with the same step, and a third that asks: all of it or nothing, and once.
#[tokio::test(flavor = "multi_thread")]
async fn a_step_of_a_re_rating_is_taken_by_one_server_and_seen_whole() {
    let world = World::new().await;
    let servers = [world.server().await, world.server().await, world.server().await];
    let acme = acme(&servers[0]).await;
    let events = events(1, 20);
    servers[0].append(acme, events.clone()).await.unwrap();
    let before = cost(&servers[0], acme).await;
    let range = Range { from_ms: START_MS, to_ms: START_MS + 5 * DAY_MS };
    let new = NewRerating {
        id: "rerating".to_owned(),
        by: "test".to_owned(),
        at_ms: START_MS,
        scope: RerateScope { range, provider: None, model: None, only_unpriced: false },
        last_seq: servers[1].log_view(acme).await.unwrap().last_seq,
        prices: "{}".to_owned(),
        expected: RerateDifference::default(),
    };
    servers[0].begin_rerating(acme, new, audit("prices.rerate")).await.unwrap();
    let anew = |event: &Event, seq: i64| Rerated {
        seq,
        before: event.rating.clone(),
        after: Rating::Priced { cost: CostNanos(event.rating.cost().0 + 1_000), price_id: PriceId::new("p") },
    };
    // Numbers are given out from 1.
    let rerated: Vec<Rerated> = (1..).zip(&events).map(|(seq, event)| anew(event, seq)).collect();
    let take = |server: &ClusterStore| {
        let (server, step) = (server.clone(), step("rerating", rerated.clone()));
        tokio::spawn(async move { server.rerate(acme, step).await.unwrap() })
    };
    let taking = [take(&servers[0]), take(&servers[1])];
    for _ in 0..20 {
        let seen = cost(&servers[2], acme).await - before;
        assert!(seen == 0 || seen == 20_000, "{seen}");
    }
    let mut taken = 0;
    for taking in taking {
        taken += usize::from(taking.await.unwrap());
    }
    assert_eq!(taken, 1);
    for server in &servers {
        assert_eq!(cost(server, acme).await - before, 20_000);
    }
    let found = servers[2].event(acme, &events[3].source, &events[3].id).await.unwrap().unwrap();
    assert_eq!(found.rated_before.len(), 1);
    assert_eq!(found.rated_before[0].rating, events[3].rating);
    for server in servers {
        server.close().await.unwrap();
    }
}

/// Both fill at once, in other steps, while more is recorded: each value is told apart and each event counted once.
#[tokio::test(flavor = "multi_thread")]
async fn servers_that_fill_the_same_dimension_do_it_once() {
    let world = World::new().await;
    let servers = [world.server().await, world.server().await];
    let acme = acme(&servers[0]).await;
    let team = |mut event: Event, number: usize| {
        event.properties.insert("team".to_owned(), format!("team-{}", number % 9).into());
        event
    };
    let of = |from: usize| (from..from + 45).map(|number| team(event(number), number)).collect::<Vec<_>>();
    servers[0].append(acme, of(0)).await.unwrap();
    let declared =
        servers[1].declare_dimension(acme, "team", "team", audit("dimension.create")).await.unwrap();
    let place = Dimension::Property(declared.declared.place);
    let by_team = AggregateRequest { group_by: vec![place], ..whole() };
    let refused = servers[0].aggregate(acme, by_team.clone()).await;
    assert!(matches!(refused, Err(StoreError::Filling { .. })), "{refused:?}");
    let fill = |server: &ClusterStore, events: usize| {
        let server = server.clone();
        tokio::spawn(async move { while server.fill_dimensions(events).await.unwrap().is_some() {} })
    };
    let filling = [fill(&servers[0], 2), fill(&servers[1], 5)];
    servers[0].append(acme, of(45)).await.unwrap();
    for filling in filling {
        filling.await.unwrap();
    }
    for server in servers {
        let rows = server.aggregate(acme, by_team.clone()).await.unwrap();
        assert_eq!(rows.len(), 9);
        assert!(rows.iter().all(|row| row.totals.calls == 10), "{rows:?}");
        server.close().await.unwrap();
    }
}
