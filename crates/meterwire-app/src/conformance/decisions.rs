//! Decisions, one after the other: what fits, what counts, over which window, whatever the clock does.

use super::catalog::a_user;
use super::make::{DAY_MS, NOW_MS, event_with};
use super::{World, audit};
use crate::ports::{
    Audit, DecisionKind, DecisionRequest, LimitMap, ReserveRequest, Reserved, ResetRequest, Settlement,
    StoreError, TenantId, UsedFor, User, Verdict,
};
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::limit::{Counts, Decision, Metric, MetricName, Standing, Window};
use meterwire_core::money::CostNanos;

pub(super) const ONE: i64 = 1_000_000;
pub(super) const HOUR_MS: i64 = 3_600_000;

pub(super) fn name(metric: &str) -> MetricName {
    MetricName::parse("metric", metric).unwrap()
}

pub(super) fn wish(kind: DecisionKind, user: &str, metric: &str, units: i64) -> DecisionRequest {
    let amounts = vec![(name(metric), Amount(units))];
    DecisionRequest {
        kind,
        user: user.to_owned(),
        amounts,
        used_for: UsedFor::default(),
        idempotency_key: None,
    }
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
        used_for: UsedFor::default(),
        idempotency_key: None,
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
        let checked = self
            .stores
            .limits
            .check(tenant, user, &name(metric), Amount(0), &UsedFor::default(), now_ms)
            .await
            .unwrap();
        assert_eq!(checked.standings, vec![found.clone()]);
        found
    }

    pub(super) async fn limit_user(&self, tenant: TenantId, user: &str, metric: &str, units: i64) {
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
