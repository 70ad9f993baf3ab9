//! Decisions: never past a limit, counted once, in one order, whatever the clock does.

use super::catalog::a_user;
use super::linear::{Op, Outcome, Recorded, is_linearizable};
use super::make::{DAY_MS, NOW_MS, event_with, whole};
use super::{World, audit};
use crate::ports::{
    AggregateRequest, Audit, DecisionKind, DecisionRequest, LimitMap, Limits, ReserveRequest, Reserved,
    ResetRequest, Settlement, StoreError, TenantId, User, Verdict,
};
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::limit::{Counts, Decision, Metric, MetricName, ReservationStatus, Standing, Window};
use meterwire_core::money::CostNanos;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(super) const ONE: i64 = 1_000_000;
const HOUR_MS: i64 = 3_600_000;

pub(super) fn name(metric: &str) -> MetricName {
    MetricName::parse("metric", metric).unwrap()
}

pub(super) fn wish(kind: DecisionKind, user: &str, metric: &str, units: i64) -> DecisionRequest {
    let amounts = vec![(name(metric), Amount(units))];
    DecisionRequest { kind, user: user.to_owned(), amounts, idempotency_key: None }
}

pub(super) fn consume(user: &str, metric: &str, units: i64) -> DecisionRequest {
    wish(DecisionKind::Consume, user, metric, units)
}

pub(super) fn hold(id: &str, user: &str, metric: &str, units: i64, ttl_ms: i64) -> ReserveRequest {
    ReserveRequest {
        id: id.to_owned(),
        user: user.to_owned(),
        metric: name(metric),
        amount: Amount(units),
        ttl_ms,
        project: None,
        model: None,
        idempotency_key: None,
    }
}

/// A small generator of numbers, so that tasks need nothing shared.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

impl World {
    pub(super) async fn decide_at(
        &self,
        tenant: TenantId,
        request: DecisionRequest,
        now_ms: i64,
    ) -> Decision {
        let decided = self.stores.limits.decide(tenant, vec![request], now_ms).await.unwrap();
        decided.into_iter().next().unwrap().unwrap()
    }

    pub(super) async fn standing(&self, tenant: TenantId, user: &str, metric: &str, now_ms: i64) -> Standing {
        let status = self.stores.limits.standing(tenant, user, now_ms).await.unwrap();
        let found = status.standings.into_iter().find(|standing| standing.metric == name(metric));
        let found = found.unwrap();
        // The two ways of asking agree.
        let checked = self.stores.limits.check(tenant, user, &name(metric), Amount(0), now_ms).await.unwrap();
        assert_eq!(checked.standings, vec![found.clone()]);
        found
    }

    async fn limit_user(&self, tenant: TenantId, user: &str, metric: &str, units: i64) {
        if self.stores.catalog.user(tenant, user).await.unwrap().is_none() {
            let made = User { tier: "free".to_owned(), ..a_user(user) };
            self.stores.catalog.create_user(tenant, made, audit("user.create", user)).await.unwrap();
        }
        let limits = LimitMap::from([(name(metric), Some(Amount(units)))]);
        self.stores.limits.set_user_limits(tenant, user, limits, audit("user.limits", user)).await.unwrap();
    }

    pub(super) async fn define(
        &self,
        tenant: TenantId,
        metric: &str,
        window: Window,
        timezone: &str,
        counts: Counts,
    ) {
        let metric = Metric {
            name: name(metric),
            description: None,
            unit: None,
            window,
            timezone: timezone.to_owned(),
            counts,
            created_ms: NOW_MS,
        };
        self.stores.limits.create_metric(tenant, metric, audit("metric.create", "x")).await.unwrap();
    }
}

/// Of 200 at once who want one of ten deployments, ten get one.
pub fn exactly_the_allowed_number_win(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let mut tasks = Vec::new();
        for _ in 0..200 {
            let limits = world.stores.limits.clone();
            tasks.push(tokio::spawn(async move {
                let decided = limits.decide(tenant, vec![consume("u", "deployments", ONE)], NOW_MS).await;
                decided.unwrap().remove(0).unwrap()
            }));
        }
        let mut won = Vec::new();
        for task in tasks {
            let decision = task.await.unwrap();
            match &decision.refused {
                None => won.push(decision.standings[0].current),
                Some(refused) => assert_eq!((refused.current, refused.limit), (10 * ONE, Some(10 * ONE))),
            }
        }
        won.sort_unstable();
        assert_eq!(won, (1..=10).map(|count| count * ONE).collect::<Vec<_>>());
        assert_eq!(world.standing(tenant, "u", "deployments", NOW_MS).await.current, 10 * ONE);
    });
}

/// Random amounts, each asked three times under one key: the sum never passes the limit, each key counts once with one
/// answer, and nothing was refused that would still fit at the end.
pub fn racing_amounts_and_repeated_keys_never_pass_a_limit(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let limit = 1_000 * ONE;
        world.limit_user(tenant, "u", "compute_hours", limit).await;
        let mut tasks = Vec::new();
        for task in 0..200_u64 {
            let units = i64::try_from(1 + Lcg(task).below(20_000_000)).unwrap();
            for _ in 0..3 {
                let limits = world.stores.limits.clone();
                let key = Some(format!("key-{task}"));
                let request =
                    DecisionRequest { idempotency_key: key, ..consume("u", "compute_hours", units) };
                tasks.push(tokio::spawn(async move {
                    let decided =
                        limits.decide(tenant, vec![request], NOW_MS).await.unwrap().remove(0).unwrap();
                    (task, units, Decision { replayed: false, ..decided })
                }));
            }
        }
        let mut answers: BTreeMap<u64, (i64, Decision)> = BTreeMap::new();
        for task in tasks {
            let (task, units, decision) = task.await.unwrap();
            let first = answers.entry(task).or_insert_with(|| (units, decision.clone()));
            assert_eq!(first.1, decision, "one key, one answer");
        }
        let used: i64 = answers.values().filter(|(_, d)| d.is_allowed()).map(|(units, _)| units).sum();
        assert!(used <= limit);
        assert_eq!(world.standing(tenant, "u", "compute_hours", NOW_MS).await.current, used);
        for (units, decision) in answers.values().filter(|(_, decision)| !decision.is_allowed()) {
            assert!(used + units > limit, "{units} would have fitted: {decision:?}");
        }
        assert!(answers.values().any(|(_, decision)| !decision.is_allowed()));
    });
}

/// What concurrent callers were answered is what some order of one after the other would have answered, and that order
/// respects who was finished before whom.
pub fn histories_are_linearizable(world: &World) {
    for round in 0..25_u64 {
        world.run(async {
            let tenant = world.new_tenant().await.id;
            let limit = 8;
            world.limit_user(tenant, "u", "deployments", limit * ONE).await;
            let clock = Arc::new(AtomicUsize::new(0));
            let mut tasks = Vec::new();
            for client in 0..4_u64 {
                let (limits, clock) = (world.stores.limits.clone(), clock.clone());
                let random = Lcg(round * 1_000 + client);
                tasks.push(tokio::spawn(one_client(limits, tenant, client, random, clock)));
            }
            let mut history = Vec::new();
            for task in tasks {
                history.extend(task.await.unwrap());
            }
            assert!(is_linearizable(&history, limit), "no order explains {history:#?}");
        });
    }
}

/// Six calls of one client, with when each began and ended.
async fn one_client(
    limits: Arc<dyn Limits>,
    tenant: TenantId,
    client: u64,
    mut random: Lcg,
    clock: Arc<AtomicUsize>,
) -> Vec<Recorded> {
    let mut history = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for step in 0..6 {
        let amount = i64::try_from(1 + random.below(4)).unwrap();
        let op = match (random.below(6), open.pop()) {
            (0, Some(id)) => Op::Release(id),
            (1 | 2, Some(id)) => Op::Commit(id, amount),
            (3, kept) => {
                open.extend(kept);
                Op::Reserve(format!("{client}-{step}"), amount)
            }
            (4, kept) => {
                open.extend(kept);
                Op::Increment(amount)
            }
            (_, kept) => {
                open.extend(kept);
                Op::Consume(amount)
            }
        };
        let began = clock.fetch_add(1, Ordering::SeqCst);
        let outcome = run(limits.as_ref(), tenant, &op).await;
        let ended = clock.fetch_add(1, Ordering::SeqCst);
        if let (Op::Reserve(id, _), Outcome::Allowed(_)) = (&op, &outcome) {
            open.push(id.clone());
        }
        history.push(Recorded { op, outcome, began, ended });
    }
    history
}

async fn run(limits: &dyn Limits, tenant: TenantId, op: &Op) -> Outcome {
    let decided = |decision: Decision| match decision.refused {
        Some(refused) => Outcome::Refused(refused.current / ONE),
        None => Outcome::Allowed(decision.standings[0].current / ONE),
    };
    let (user, metric) = ("u", "deployments");
    match op {
        Op::Consume(amount) | Op::Increment(amount) => {
            let kind =
                if matches!(op, Op::Consume(_)) { DecisionKind::Consume } else { DecisionKind::Increment };
            let request = wish(kind, user, metric, amount * ONE);
            decided(limits.decide(tenant, vec![request], NOW_MS).await.unwrap().remove(0).unwrap())
        }
        Op::Reserve(id, amount) => {
            let request = hold(id, user, metric, amount * ONE, HOUR_MS);
            match limits.reserve(tenant, request, NOW_MS).await.unwrap().0 {
                Reserved::Held(held) => Outcome::Allowed(held.standing.unwrap().current / ONE),
                Reserved::Refused { standing, .. } => Outcome::Refused(standing.current / ONE),
            }
        }
        Op::Commit(id, amount) => {
            let settled = Settlement::Commit(Some(Amount(amount * ONE)));
            let settled = limits.settle(tenant, None, id, settled, NOW_MS).await.unwrap();
            Outcome::Allowed(settled.standing.unwrap().current / ONE)
        }
        Op::Release(id) => {
            let settled = limits.settle(tenant, None, id, Settlement::Release, NOW_MS).await.unwrap();
            Outcome::Allowed(settled.standing.unwrap().current / ONE)
        }
    }
}

/// Windows follow the calendar of the metric's zone, over midnight, over daylight-saving changes, and when the clock goes
/// back: what was used before is still there.
pub fn windows_follow_the_calendar(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        // 2026-10-25: in Berlin a day of 25 hours, from 22:00Z to 23:00Z of the next day.
        let midnight_ms = 1_792_886_400_000;
        world.define(tenant, "berlin", Window::Day, "Europe/Berlin", Counts::Decisions).await;
        world.define(tenant, "weekly", Window::Week, "UTC", Counts::Decisions).await;
        let used = async |metric, now_ms| {
            world.decide_at(tenant, wish(DecisionKind::Increment, "u", metric, ONE), now_ms).await.standings
                [0]
            .current
                / ONE
        };
        assert_eq!(used("deployments", midnight_ms - 1).await, 1);
        assert_eq!(used("deployments", midnight_ms).await, 1, "a new day begins at midnight UTC");
        assert_eq!(used("deployments", midnight_ms - HOUR_MS).await, 2, "an hour back is yesterday again");
        assert_eq!(used("deployments", midnight_ms + HOUR_MS).await, 2);
        let standing = world.standing(tenant, "u", "deployments", midnight_ms).await;
        assert_eq!(standing.resets_ms, Some(midnight_ms + DAY_MS));

        let berlin_day_ms = midnight_ms - 2 * HOUR_MS;
        assert_eq!(used("berlin", berlin_day_ms - 1).await, 1);
        assert_eq!(used("berlin", berlin_day_ms).await, 1);
        assert_eq!(used("berlin", berlin_day_ms + 25 * HOUR_MS - 1).await, 2, "this day has 25 hours");
        assert_eq!(used("berlin", berlin_day_ms + 25 * HOUR_MS).await, 1);

        // The 25th is a Sunday; the week ends with it.
        assert_eq!(used("weekly", midnight_ms + DAY_MS - 1).await, 1);
        assert_eq!(used("weekly", midnight_ms - 3 * DAY_MS).await, 2);
        assert_eq!(used("weekly", midnight_ms + DAY_MS).await, 1);
        // A level knows no window.
        assert_eq!(used("storage", midnight_ms).await, 1);
        assert_eq!(used("storage", midnight_ms + 40 * DAY_MS).await, 2);
        assert_eq!(world.standing(tenant, "u", "storage", midnight_ms).await.resets_ms, None);
    });
}

/// A limit on all users together stands beside each user's own: both must allow.
pub fn both_limits_must_allow(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let limits = LimitMap::from([(name("deployments"), Some(Amount(12 * ONE)))]);
        world.decide_at(tenant, consume("early", "deployments", ONE), NOW_MS).await;
        let set = world.stores.limits.set_tenant_limits(tenant, limits, audit("tenant.limits", "x")).await;
        set.unwrap();
        let decide = async |user, units| {
            world.decide_at(tenant, consume(user, "deployments", units * ONE), NOW_MS).await
        };
        assert!(decide("a", 8).await.is_allowed());
        let own = decide("a", 3).await.refused.unwrap();
        assert_eq!((own.current, own.limit), (8 * ONE, Some(10 * ONE)));
        let of_all = decide("b", 4).await.refused.unwrap();
        assert_eq!((of_all.current, of_all.limit), (9 * ONE, Some(12 * ONE)));
        assert_eq!(of_all.refusal(), "Daily deployments limit of the tenant exceeded");
        assert!(decide("b", 3).await.is_allowed());
        assert!(decide("c", 1).await.refused.is_some());
        assert_eq!(world.standing(tenant, "c", "deployments", NOW_MS).await.current, 0);
        // Levels too are added up over users, and what is held counts.
        let limits = LimitMap::from([(name("storage"), Some(Amount(5 * ONE)))]);
        world.stores.limits.set_tenant_limits(tenant, limits, audit("tenant.limits", "x")).await.unwrap();
        let store = async |user, units| {
            world.decide_at(tenant, consume(user, "storage", units * ONE), NOW_MS).await.is_allowed()
        };
        assert!(store("a", 3).await);
        let held = world.stores.limits.reserve(tenant, hold("h", "b", "storage", ONE, HOUR_MS), NOW_MS).await;
        assert!(matches!(held.unwrap().0, Reserved::Held(_)));
        assert!(!store("c", 2).await);
        assert!(store("c", 1).await);
    });
}

/// Several metrics in one decision: all of them or none.
pub fn several_metrics_are_all_or_nothing(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let several = |deployments: i64, calls: i64| DecisionRequest {
            amounts: vec![
                (name("api_calls"), Amount(calls * ONE)),
                (name("deployments"), Amount(deployments * ONE)),
            ],
            ..consume("u", "deployments", 0)
        };
        assert!(world.decide_at(tenant, several(4, 100), NOW_MS).await.is_allowed());
        let refused = world.decide_at(tenant, several(7, 100), NOW_MS).await;
        assert_eq!(refused.refused.unwrap().metric, name("deployments"));
        assert_eq!(world.standing(tenant, "u", "api_calls", NOW_MS).await.current, 100 * ONE);
        assert_eq!(world.standing(tenant, "u", "deployments", NOW_MS).await.current, 4 * ONE);
        // In a list each stands for itself.
        let unknown = consume("u", "gpus", ONE);
        let list = vec![several(7, 1), unknown, consume("u", "deployments", ONE)];
        let decided = world.stores.limits.decide(tenant, list, NOW_MS).await.unwrap();
        assert!(decided[0].as_ref().is_ok_and(|decision| !decision.is_allowed()));
        assert!(matches!(&decided[1], Err(StoreError::Invalid(invalid)) if invalid.field == "metric"));
        assert!(decided[2].as_ref().is_ok_and(Decision::is_allowed));
        assert_eq!(world.standing(tenant, "u", "deployments", NOW_MS).await.current, 5 * ONE);
    });
}

/// A key is for one request: the same again gets the same answer, whatever has changed since; another is a conflict.
pub fn a_key_is_answered_once(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let keyed = |key: &str, units: i64| DecisionRequest {
            idempotency_key: Some(key.to_owned()),
            ..consume("u", "deployments", units * ONE)
        };
        let first = world.decide_at(tenant, keyed("a", 6), NOW_MS).await;
        let again = world.decide_at(tenant, keyed("a", 6), NOW_MS + HOUR_MS).await;
        assert!(!first.replayed && again.replayed);
        assert_eq!(first.standings, again.standings);
        let refused = world.decide_at(tenant, keyed("b", 6), NOW_MS).await;
        assert!(!refused.is_allowed());
        world.limit_user(tenant, "u", "deployments", 100 * ONE).await;
        assert!(!world.decide_at(tenant, keyed("b", 6), NOW_MS).await.is_allowed(), "refusals are kept too");
        assert_eq!(world.standing(tenant, "u", "deployments", NOW_MS).await.current, 6 * ONE);
        let other = world.stores.limits.decide(tenant, vec![keyed("a", 5)], NOW_MS).await.unwrap().remove(0);
        assert!(matches!(other, Err(StoreError::Conflict(_))), "{other:?}");
        // Tenants do not share keys, and reservations have the same rules.
        let second = world.new_tenant().await.id;
        assert!(!world.decide_at(second, keyed("a", 5), NOW_MS).await.replayed);
        let request = ReserveRequest {
            idempotency_key: Some("r".to_owned()),
            ..hold("one", "u", "compute_hours", 2 * ONE, HOUR_MS)
        };
        let first = world.stores.limits.reserve(tenant, request.clone(), NOW_MS).await.unwrap();
        let retried = ReserveRequest { id: "two".to_owned(), ..request };
        let again = world.stores.limits.reserve(tenant, retried, NOW_MS).await.unwrap();
        assert_eq!(first.0, again.0, "the id is that of the first");
        assert!(again.1 && !first.1);
        assert_eq!(world.standing(tenant, "u", "compute_hours", NOW_MS).await.held, 2 * ONE);
        // After its time a key is free again.
        let later_ms = NOW_MS + 3 * DAY_MS;
        assert!(!world.decide_at(tenant, keyed("a", 5), later_ms).await.replayed);
    });
}

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

/// Events count by each metric's mapping, in the window of their own time; voiding takes back what they had counted.
pub fn events_count_into_metrics(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        world.define(tenant, "tokens", Window::Month, "UTC", Counts::Tokens).await;
        world.define(tenant, "cost_usd", Window::Day, "UTC", Counts::CostUsd).await;
        world.define(tenant, "own", Window::Day, "UTC", Counts::Decisions).await;
        let make = |id: &str, time_ms: i64, metrics: &[(&str, i64)]| {
            event_with(id, |sent| {
                sent.time_ms = Some(time_ms);
                sent.labels.set(Dimension::User, Some("u".to_owned()));
                sent.tokens.input_uncached = 100;
                sent.cost = Some(CostNanos(7));
                let named = metrics.iter().map(|(name, units)| ((*name).to_owned(), Amount(*units)));
                sent.metrics = named.collect();
            })
        };
        let current = async |metric, now_ms| world.standing(tenant, "u", metric, now_ms).await.current;
        // Half of it is remembered by the store already when events come, half is not.
        for metric in ["api_calls", "tokens", "storage"] {
            world.decide_at(tenant, consume("u", metric, ONE), NOW_MS).await;
        }
        let yesterday_ms = NOW_MS - DAY_MS;
        let events = [
            make("now", NOW_MS, &[("compute_hours", 250_000), ("storage", 3 * ONE), ("own", ONE)]),
            make("counted", NOW_MS, &[("api_calls", 0)]),
            make("late", yesterday_ms, &[("storage", 2 * ONE)]),
        ];
        assert_eq!(world.append(tenant, &events).await, [Verdict::Stored; 3]);
        assert_eq!(world.append(tenant, &events).await, [Verdict::Duplicate; 3], "a retry counts nothing");
        assert_eq!(current("api_calls", NOW_MS).await, 2 * ONE);
        assert_eq!(current("api_calls", yesterday_ms).await, ONE);
        assert_eq!(current("tokens", NOW_MS).await, 301 * ONE);
        assert_eq!(current("cost_usd", NOW_MS).await, 14);
        assert_eq!(current("compute_hours", NOW_MS).await, 250_000);
        assert_eq!(current("storage", NOW_MS).await, 6 * ONE);
        assert_eq!(current("own", NOW_MS).await, 0);
        // What a metric counts may change; an event is taken back as it was counted.
        let metrics = world.stores.limits.metrics(tenant).await.unwrap();
        let calls = metrics.into_iter().find(|metric| metric.name == name("api_calls")).unwrap();
        let changed = Metric { counts: Counts::Decisions, ..calls };
        world.stores.limits.update_metric(tenant, changed, audit("metric.update", "x")).await.unwrap();
        world.append(tenant, &[make("uncounted", NOW_MS, &[])]).await;
        assert_eq!(current("api_calls", NOW_MS).await, 2 * ONE);
        for id in ["now", "late", "uncounted"] {
            let made = Audit { at_ms: NOW_MS, ..audit("event.void", id) };
            world.stores.ledger.void(tenant, "default", id, made).await.unwrap();
        }
        assert_eq!(current("api_calls", NOW_MS).await, ONE);
        assert_eq!(current("api_calls", yesterday_ms).await, 0);
        assert_eq!(current("tokens", NOW_MS).await, 101 * ONE);
        assert_eq!(current("cost_usd", NOW_MS).await, 7);
        assert_eq!(current("storage", NOW_MS).await, ONE);
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

/// A reset forgives what was used; holds stay, and what is used later counts anew.
pub fn a_reset_forgives(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let limits = &world.stores.limits;
        for (user, metric, units) in
            [("a", "deployments", 4), ("b", "deployments", 10), ("a", "api_calls", 7), ("a", "storage", 9)]
        {
            world.decide_at(tenant, consume(user, metric, units * ONE), NOW_MS).await;
        }
        limits.reserve(tenant, hold("h", "a", "deployments", 2 * ONE, HOUR_MS), NOW_MS).await.unwrap();
        let reset = async |user: Option<&str>, metric: Option<&str>| {
            let request = ResetRequest { user: user.map(str::to_owned), metric: metric.map(name) };
            limits.reset(tenant, request, NOW_MS, audit("limits.reset", "x")).await.unwrap()
        };
        let current = async |user, metric| world.standing(tenant, user, metric, NOW_MS).await.current / ONE;
        assert_eq!(reset(Some("b"), Some("deployments")).await, 1);
        assert_eq!((current("a", "deployments").await, current("b", "deployments").await), (6, 0));
        assert_eq!(reset(None, None).await, 2);
        assert_eq!((current("a", "deployments").await, current("a", "api_calls").await), (2, 0));
        assert_eq!(current("a", "storage").await, 9, "a level is reset only when it is named");
        assert_eq!(reset(None, Some("storage")).await, 1);
        assert_eq!(current("a", "storage").await, 0);
        world.decide_at(tenant, consume("b", "deployments", 3 * ONE), NOW_MS).await;
        assert_eq!(current("b", "deployments").await, 3);
        assert_eq!(reset(None, Some("api_calls")).await, 0);
    });
}

/// A day begins once, and the first day of an instance is no reset.
pub fn a_day_begins_once(world: &World) {
    world.run(async {
        let begin =
            async |day| world.stores.limits.begin_day(day, audit("limits.reset", "day")).await.unwrap();
        begin(20_000).await;
        assert!(!begin(20_000).await);
        assert!(begin(20_001).await);
        assert!(!begin(20_001).await);
        assert!(!begin(20_000).await, "a clock that goes back begins no day");
        assert!(begin(20_003).await);
    });
}

/// What no counter could hold is refused, by whichever way it comes, and changes nothing.
pub fn what_cannot_be_counted_is_refused(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let largest = name("storage").largest().0;
        let current = async || world.standing(tenant, "u", "storage", NOW_MS).await.current;
        let full = i64::MAX / largest;
        for i in 0..full {
            let id = format!("hold-{i}");
            let held = world
                .stores
                .limits
                .reserve(tenant, hold(&id, "u", "storage", largest, HOUR_MS), NOW_MS)
                .await;
            assert!(matches!(held.unwrap().0, Reserved::Held(_)));
        }
        let more =
            world.stores.limits.reserve(tenant, hold("more", "u", "storage", largest, HOUR_MS), NOW_MS).await;
        assert!(matches!(more, Err(StoreError::Conflict(_))), "{more:?}");
        for kind in [DecisionKind::Consume, DecisionKind::Increment] {
            let asked = vec![wish(kind, "u", "storage", largest), wish(kind, "other", "storage", largest)];
            let decided = world.stores.limits.decide(tenant, asked, NOW_MS).await.unwrap();
            assert!(matches!(decided[0], Err(StoreError::Conflict(_))), "{decided:?}");
            assert!(decided[1].is_ok(), "others are counted");
        }
        assert_eq!(current().await, full * largest);
        let released = world.stores.limits.settle(tenant, None, "hold-0", Settlement::Release, NOW_MS).await;
        assert_eq!(released.unwrap().standing.unwrap().current, (full - 1) * largest);
    });
}
