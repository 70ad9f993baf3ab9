//! Reservations: each end happens once, and what was really used is never dropped.

use super::decisions::{HOUR_MS, ONE, consume, hold, name};
use super::make::{DAY_MS, NOW_MS, event_with, whole};
use super::{World, audit};
use crate::ports::{AggregateRequest, Reserved, ResetRequest, Settlement, StoreError};
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::limit::{Counts, ReservationStatus, Window};
use meterwire_core::money::CostNanos;

/// Each end of a reservation happens once; what was really used is never dropped.
pub fn reservations_end_once(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let limits = &world.stores.limits;
        let reserve = async |id: &str, units: i64, now_ms| {
            limits
                .reserve(tenant, hold(id, "u", "compute_hours", units * ONE, HOUR_MS), now_ms)
                .await
                .unwrap()
                .0
        };
        let settle =
            async |id: &str, end: Settlement, now_ms| limits.settle(tenant, None, id, end, now_ms).await;
        let commit = |units: i64| Settlement::Commit(Some(Amount(units * ONE)));
        let standing = async |now_ms| {
            let standing = world.standing(tenant, "u", "compute_hours", now_ms).await;
            (standing.current / ONE, standing.held / ONE)
        };
        assert!(matches!(reserve("a", 6, NOW_MS).await, Reserved::Held(_)));
        assert!(matches!(reserve("b", 5, NOW_MS).await, Reserved::Refused { .. }), "holds count");
        assert_eq!(standing(NOW_MS).await, (6, 6));
        let settled = settle("a", commit(2), NOW_MS).await.unwrap();
        assert_eq!(
            (settled.status, settled.committed, settled.is_over_hold()),
            (ReservationStatus::Committed, Some(2 * ONE), false)
        );
        assert_eq!(settle("a", commit(2), NOW_MS).await.unwrap(), settled, "the same again");
        assert!(matches!(settle("a", commit(3), NOW_MS).await, Err(StoreError::Conflict(_))));
        assert!(matches!(settle("a", Settlement::Release, NOW_MS).await, Err(StoreError::Conflict(_))));
        assert_eq!(standing(NOW_MS).await, (2, 0));

        reserve("c", 4, NOW_MS).await;
        assert_eq!(
            settle("c", Settlement::Release, NOW_MS).await.unwrap().status,
            ReservationStatus::Released
        );
        assert_eq!(
            settle("c", Settlement::Release, NOW_MS).await.unwrap().status,
            ReservationStatus::Released
        );
        assert!(matches!(settle("c", commit(4), NOW_MS).await, Err(StoreError::Conflict(_))));
        assert_eq!(standing(NOW_MS).await, (2, 0));

        reserve("d", 1, NOW_MS).await;
        let over = settle("d", commit(20), NOW_MS).await.unwrap();
        assert!(over.is_over_hold() && over.standing.unwrap().is_exceeded());
        assert_eq!(standing(NOW_MS).await, (22, 0), "all of it is recorded");

        let other = world.new_tenant().await.id;
        assert!(matches!(
            limits.settle(other, None, "d", commit(20), NOW_MS).await,
            Err(StoreError::NotFound(_))
        ));
        let foreign = limits.settle(tenant, Some("somebody"), "d", commit(20), NOW_MS).await;
        assert!(matches!(foreign, Err(StoreError::NotFound(_))));
    });
}

/// A hold gives itself back when its time is over, seen at once by whoever asks; a late commit is still recorded, in the
/// window that the hold was made in.
pub fn reservations_expire_by_themselves(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let limits = &world.stores.limits;
        let late_ms = NOW_MS - NOW_MS % DAY_MS + DAY_MS - 1_000;
        for id in ["a", "b", "c"] {
            let held = limits.reserve(tenant, hold(id, "u", "deployments", 3 * ONE, 60_000), late_ms).await;
            assert!(matches!(held.unwrap().0, Reserved::Held(_)));
        }
        let full = consume("u", "deployments", 2 * ONE);
        assert!(!world.decide_at(tenant, full.clone(), late_ms).await.is_allowed());
        assert_eq!(world.standing(tenant, "u", "deployments", late_ms).await.held, 9 * ONE);
        let over_ms = late_ms + 60_000;
        let committed = Settlement::Commit(None);
        // The next day has begun, yet what was held yesterday is used yesterday.
        let in_time = limits.settle(tenant, None, "a", committed.clone(), over_ms - 1).await.unwrap();
        assert!(!in_time.after_expiry);
        assert_eq!(world.standing(tenant, "u", "deployments", over_ms - 1).await.current, 0);
        let expired = limits.reservation(tenant, None, "b", over_ms).await.unwrap().unwrap();
        assert_eq!(expired.status, ReservationStatus::Expired);
        let standing = world.standing(tenant, "u", "deployments", late_ms).await;
        assert_eq!((standing.current, standing.held), (9 * ONE, 6 * ONE), "at that time they were held");
        assert_eq!(limits.sweep(over_ms).await.unwrap(), 2);
        assert_eq!(limits.sweep(over_ms).await.unwrap(), 0);
        let late = limits.settle(tenant, None, "b", committed.clone(), over_ms).await.unwrap();
        assert_eq!((late.status, late.after_expiry), (ReservationStatus::Committed, true));
        let standing = world.standing(tenant, "u", "deployments", late_ms).await;
        assert_eq!((standing.current, standing.held), (6 * ONE, 0));
        let released = limits.settle(tenant, None, "c", Settlement::Release, over_ms).await.unwrap();
        assert_eq!(released.status, ReservationStatus::Expired);
        assert!(world.decide_at(tenant, full, late_ms).await.is_allowed());
    });
}

/// A refused change finds reservations whose time is over, and takes back that it gave them back: they are given back once.
pub fn a_refused_reset_gives_nothing_back(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let limits = &world.stores.limits;
        let held = limits.reserve(tenant, hold("a", "u", "deployments", 6 * ONE, 1_000), NOW_MS).await;
        assert!(matches!(held.unwrap().0, Reserved::Held(_)));
        let over_ms = NOW_MS + 2_000;
        let request = ResetRequest { user: None, metric: Some(name("nothing")) };
        let refused = limits.reset(tenant, request, over_ms, audit("limits.reset", "nothing")).await;
        assert!(refused.is_err());
        let late = Settlement::Commit(Some(Amount(ONE)));
        let late = limits.settle(tenant, None, "a", late, over_ms).await.unwrap();
        assert!(late.after_expiry);
        let more = |units: i64| consume("u", "deployments", units * ONE);
        assert!(!world.decide_at(tenant, more(10), over_ms).await.is_allowed());
        assert!(world.decide_at(tenant, more(9), over_ms).await.is_allowed());
    });
}

/// An event that a reservation is committed with is recorded in the same step and counts once.
pub fn a_reservation_is_committed_with_an_event(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        world.define(tenant, "cost_usd", Window::Day, "UTC", Counts::CostUsd).await;
        world.limit_user(tenant, "u", "cost_usd", 1_000).await;
        let limits = &world.stores.limits;
        let make = |id: &str, nanos: i64| {
            event_with(id, |sent| {
                sent.time_ms = Some(NOW_MS);
                sent.labels.set(Dimension::User, Some("u".to_owned()));
                sent.cost = Some(CostNanos(nanos));
            })
        };
        let commit = async |id: &str, event| {
            let settlement = Settlement::CommitEvent(Box::new(event));
            limits.settle(tenant, None, id, settlement, NOW_MS).await
        };
        let cost = async || world.standing(tenant, "u", "cost_usd", NOW_MS).await.current;
        limits.reserve(tenant, hold("a", "u", "cost_usd", 600, HOUR_MS), NOW_MS).await.unwrap();
        let settled = commit("a", make("e-1", 450)).await.unwrap();
        assert_eq!((settled.committed, cost().await), (Some(450), 450));
        assert_eq!(commit("a", make("e-1", 450)).await.unwrap().committed, Some(450), "the same again");
        assert!(matches!(commit("a", make("e-2", 450)).await, Err(StoreError::Conflict(_))));
        let whole = AggregateRequest { edges_ms: vec![NOW_MS - DAY_MS, NOW_MS + DAY_MS], ..whole() };
        let sums = world.stores.usage.aggregate(tenant, whole).await.unwrap();
        assert_eq!((sums[0].totals.calls, sums[0].totals.cost, cost().await), (1, CostNanos(450), 450));
        // An event that came by itself before was counted then.
        world.append(tenant, &[make("e-3", 100)]).await;
        limits.reserve(tenant, hold("b", "u", "cost_usd", 300, HOUR_MS), NOW_MS).await.unwrap();
        assert_eq!(commit("b", make("e-3", 100)).await.unwrap().committed, Some(0));
        assert_eq!(cost().await, 550);
        // One that stands against another changes nothing.
        limits.reserve(tenant, hold("c", "u", "cost_usd", 300, HOUR_MS), NOW_MS).await.unwrap();
        assert!(matches!(commit("c", make("e-3", 101)).await, Err(StoreError::Conflict(_))));
        assert_eq!(cost().await, 850, "still held");
        limits.settle(tenant, None, "c", Settlement::Release, NOW_MS).await.unwrap();
        world.stores.ledger.void(tenant, "default", "e-1", audit("event.void", "e-1")).await.unwrap();
        assert_eq!(cost().await, 100, "voided: what the reservation had counted is taken back");
    });
}
