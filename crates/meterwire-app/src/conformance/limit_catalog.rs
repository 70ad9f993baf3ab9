//! The catalogue of limits: metrics, tiers, overrides, what all users together may use.

use super::catalog::{a_user, all, assert_conflict, assert_not_found};
use super::make::{NOW_MS, START_MS, event_with};
use super::{World, audit};
use crate::ports::{
    AuditEntry, DecisionKind, DecisionRequest, LimitMap, ReserveRequest, Reserved, Settlement, StoreError,
    StoreResult, TenantId, UsedFor, User,
};
use meterwire_core::amount::Amount;
use meterwire_core::limit::{Counts, Metric, MetricName, Window};
use std::collections::BTreeMap;
use std::fmt::Debug;

/// 2026-10-29 as a number of days, the first day of the rules.
pub(super) const START_DAY: i32 = 20_755;
pub(super) const ONE: i64 = 1_000_000;

pub(super) fn name(name: &str) -> MetricName {
    MetricName::parse("metric", name).unwrap()
}

fn metric(of: &str, window: Window) -> Metric {
    Metric {
        name: name(of),
        description: Some("what people do".to_owned()),
        unit: Some("pieces".to_owned()),
        window,
        timezone: "Europe/Berlin".to_owned(),
        counts: Counts::Named,
        created_ms: NOW_MS,
    }
}

/// Limits in whole units.
pub(super) fn limits<const N: usize>(of: [(&str, Option<i64>); N]) -> LimitMap {
    of.into_iter().map(|(metric, units)| (name(metric), units.map(|units| Amount(units * ONE)))).collect()
}

pub(super) fn assert_invalid<T: Debug>(result: StoreResult<T>, field: &str, said: &str) {
    match result {
        Err(StoreError::Invalid(invalid)) => {
            assert_eq!(invalid.field, field);
            assert!(invalid.message.contains(said), "{invalid}");
        }
        other => unreachable!("{other:?}"),
    }
}

impl World {
    pub(super) async fn metric(&self, tenant: TenantId, of: &str) -> Metric {
        let metrics = self.stores.limits.metrics(tenant).await.unwrap();
        metrics.into_iter().find(|metric| metric.name == name(of)).unwrap()
    }

    pub(super) async fn change_metric(
        &self,
        tenant: TenantId,
        of: &str,
        change: impl FnOnce(&mut Metric),
    ) -> StoreResult<()> {
        let mut metric = self.metric(tenant, of).await;
        change(&mut metric);
        self.stores.limits.update_metric(tenant, metric, audit("metric.update", of)).await
    }

    /// Holds one of a metric for a minute.
    pub(super) async fn hold(&self, tenant: TenantId, id: &str, user: &str, of: &str, now_ms: i64) {
        let request = ReserveRequest {
            id: id.to_owned(),
            user: user.to_owned(),
            metric: name(of),
            amount: Amount(ONE),
            ttl_ms: 60_000,
            used_for: UsedFor::default(),
            idempotency_key: None,
        };
        let (reserved, _) = self.stores.limits.reserve(tenant, request, now_ms).await.unwrap();
        assert!(matches!(reserved, Reserved::Held(_)), "{reserved:?}");
    }

    /// Uses one of a metric, so that the store may remember what it looked up for that.
    async fn use_one(&self, tenant: TenantId, user: &str, of: &str) {
        let request = DecisionRequest {
            kind: DecisionKind::Increment,
            user: user.to_owned(),
            amounts: vec![(name(of), Amount(ONE))],
            used_for: UsedFor::default(),
            idempotency_key: None,
        };
        let decided = self.stores.limits.decide(tenant, vec![request], NOW_MS).await.unwrap();
        assert!(decided.iter().all(Result::is_ok), "{decided:?}");
    }

    /// What was used of a metric on a day by everybody.
    async fn total(&self, tenant: TenantId, day: i32, of: &str) -> i64 {
        let days = self.stores.limits.history(tenant, day, day).await.unwrap();
        days.first().and_then(|usage| usage.totals.get(&name(of))).map_or(0, |amount| amount.0)
    }
}

/// Four metrics and three tiers, those of the documentation.
pub fn a_tenant_begins_with_the_built_in_metrics_and_tiers(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let metrics = world.stores.limits.metrics(tenant).await.unwrap();
        let seen: Vec<_> = metrics
            .iter()
            .map(|metric| (metric.name.as_str(), metric.window, metric.counts, metric.timezone.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("api_calls", Window::Day, Counts::Events, "UTC"),
                ("compute_hours", Window::Day, Counts::Named, "UTC"),
                ("deployments", Window::Day, Counts::Named, "UTC"),
                ("storage", Window::Level, Counts::Named, "UTC"),
            ]
        );
        assert!(metrics.iter().all(|metric| metric.created_ms == NOW_MS && metric.is_builtin()));
        let tiers = all(2, async |page| world.stores.limits.tiers(tenant, page).await).await;
        let seen: Vec<_> = tiers.iter().map(|tier| (tier.name.as_str(), &tier.limits, tier.users)).collect();
        let of = |deployments, api_calls, compute_hours| {
            limits([
                ("deployments", deployments),
                ("api_calls", api_calls),
                ("compute_hours", compute_hours),
                ("storage", None),
            ])
        };
        assert_eq!(
            seen,
            [
                ("enterprise", &of(None, None, None), 0),
                ("free", &of(Some(10), Some(5_000), Some(10)), 0),
                ("pro", &of(Some(50), Some(50_000), Some(100)), 0),
            ]
        );
        assert_eq!(world.stores.limits.tenant_limits(tenant).await.unwrap(), LimitMap::new());
    });
}

/// Made, listed by name, changed, deleted, by their own tenant only; what is used or held keeps its kind of window.
pub fn metrics(world: &World) {
    world.run(async {
        let store = &world.stores.limits;
        let (one, two) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let words = metric("words", Window::Week);
        store.create_metric(one, words.clone(), audit("metric.create", "words")).await.unwrap();
        assert_conflict(store.create_metric(one, words.clone(), audit("metric.create", "words")).await);
        let nobody = TenantId(987_654_321);
        assert_not_found(store.create_metric(nobody, words.clone(), audit("metric.create", "words")).await);
        assert_eq!(world.metric(one, "words").await, words);
        assert_eq!(store.metrics(two).await.unwrap().len(), 4);

        let changed = Metric {
            description: None,
            unit: Some("words".to_owned()),
            timezone: "UTC".to_owned(),
            counts: Counts::Tokens,
            created_ms: NOW_MS + 1,
            ..words.clone()
        };
        store.update_metric(one, changed.clone(), audit("metric.update", "words")).await.unwrap();
        let kept = Metric { created_ms: NOW_MS, ..changed.clone() };
        assert_eq!(world.metric(one, "words").await, kept, "the time of making stays");
        assert_not_found(store.update_metric(two, changed, audit("metric.update", "words")).await);
        assert_not_found(store.delete_metric(two, &name("words"), audit("metric.delete", "words")).await);

        // Unused, it may become a level and back; used, only day, week and month follow one another.
        world.change_metric(one, "words", |words| words.window = Window::Level).await.unwrap();
        world.change_metric(one, "words", |words| words.window = Window::Week).await.unwrap();
        let spoken = event_with("words", |sent| sent.tokens.input_uncached = 3);
        world.append(one, &[spoken]).await;
        assert_eq!(world.total(one, START_DAY, "words").await, 3 * ONE);
        assert_conflict(world.change_metric(one, "words", |words| words.window = Window::Level).await);
        world.change_metric(one, "words", |words| words.window = Window::Month).await.unwrap();
        let stored = event_with("stored", |sent| sent.metrics.extend([("storage".to_owned(), Amount(ONE))]));
        world.append(one, &[stored]).await;
        assert_conflict(world.change_metric(one, "storage", |storage| storage.window = Window::Day).await);

        world.hold(one, "hold", "u-1", "words", NOW_MS).await;
        assert_conflict(world.change_metric(one, "words", |words| words.window = Window::Day).await);
        assert_conflict(
            world.change_metric(one, "words", |words| "Asia/Tokyo".clone_into(&mut words.timezone)).await,
        );
        world.change_metric(one, "words", |words| words.unit = None).await.unwrap();
        assert_conflict(store.delete_metric(one, &name("words"), audit("metric.delete", "words")).await);
        store.settle(one, None, "hold", Settlement::Release, NOW_MS).await.unwrap();
        store.delete_metric(one, &name("words"), audit("metric.delete", "words")).await.unwrap();
        assert_eq!(store.metrics(one).await.unwrap().len(), 4);
        assert_eq!(world.total(one, START_DAY, "words").await, 0, "its counters went with it");
        for built_in in Metric::BUILTIN {
            let refused = store.delete_metric(one, &name(built_in), audit("metric.delete", built_in)).await;
            assert_conflict(refused);
        }
        for number in 0..60 {
            let made = metric(&format!("m_{number}"), Window::Day);
            store.create_metric(two, made, audit("metric.create", "m")).await.unwrap();
        }
        let one_more = metric("m_60", Window::Day);
        assert_conflict(store.create_metric(two, one_more, audit("metric.create", "m_60")).await);
    });
}

/// A change holds from the next event on, and voiding takes away what the event had added when it was recorded.
pub fn what_a_metric_counts_may_change_from_event_to_event(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let call = |id: &str| event_with(id, |_| ());
        let void = async |id: &str| {
            world.stores.ledger.void(tenant, "default", id, audit("event.void", id)).await.unwrap();
        };
        let calls = async || world.total(tenant, START_DAY, "api_calls").await;
        world.append(tenant, &[call("a"), call("b")]).await;
        world.change_metric(tenant, "api_calls", |calls| calls.counts = Counts::Decisions).await.unwrap();
        world.append(tenant, &[call("c")]).await;
        assert_eq!(calls().await, 2 * ONE);
        void("b").await;
        void("c").await;
        assert_eq!(calls().await, ONE);
        world.change_metric(tenant, "api_calls", |calls| calls.counts = Counts::Tokens).await.unwrap();
        world.change_metric(tenant, "api_calls", |calls| calls.counts = Counts::Events).await.unwrap();
        world.append(tenant, &[call("d")]).await;
        assert_eq!(calls().await, 2 * ONE);
        void("d").await;
        void("a").await;
        assert_eq!(calls().await, 0);

        // In Kathmandu the next day has begun; what was counted before stays on its day.
        let late = |id: &str| event_with(id, |sent| sent.time_ms = Some(START_MS + 20 * 3_600_000));
        let next_day = async || world.total(tenant, START_DAY + 1, "api_calls").await;
        world.append(tenant, &[late("utc")]).await;
        let zoned = |calls: &mut Metric| "Asia/Kathmandu".clone_into(&mut calls.timezone);
        world.change_metric(tenant, "api_calls", zoned).await.unwrap();
        world.append(tenant, &[late("npt"), late("npt-2")]).await;
        assert_eq!((calls().await, next_day().await), (ONE, 2 * ONE));
        void("utc").await;
        assert_eq!((calls().await, next_day().await), (0, 2 * ONE));
        void("npt").await;
        assert_eq!((calls().await, next_day().await), (0, ONE));

        // A new metric begins with what comes.
        let speech = Metric { counts: Counts::Events, ..metric("speech", Window::Day) };
        world.stores.limits.create_metric(tenant, speech, audit("metric.create", "speech")).await.unwrap();
        world.append(tenant, &[call("e")]).await;
        void("e").await;
        world.append(tenant, &[call("f")]).await;
        assert_eq!(world.total(tenant, START_DAY, "speech").await, ONE);
    });
}

/// Made, changed limit by limit, listed with how many have them; not deleted while somebody has them.
pub fn tiers(world: &World) {
    world.run(async {
        let (store, catalog) = (&world.stores.limits, &world.stores.catalog);
        let (one, two) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let gold = limits([("deployments", Some(7)), ("storage", Some(2)), ("api_calls", None)]);
        store.create_tier(one, "gold", gold.clone(), audit("tier.create", "gold")).await.unwrap();
        assert_conflict(store.create_tier(one, "gold", gold.clone(), audit("tier.create", "gold")).await);
        assert_not_found(
            store
                .create_tier(TenantId(987_654_321), "gold", gold.clone(), audit("tier.create", "gold"))
                .await,
        );
        let unknown = limits([("words", Some(1))]);
        let refused = store.create_tier(one, "tin", unknown.clone(), audit("tier.create", "tin")).await;
        assert_invalid(refused, "limits", "api_calls, compute_hours, deployments, storage");
        assert_eq!(store.tier(one, "tin").await.unwrap(), None, "nothing of a refused tier is left");
        assert_eq!(store.tier(two, "gold").await.unwrap(), None);

        let made = store.tier(one, "gold").await.unwrap().unwrap();
        let whole =
            [("deployments", Some(7)), ("storage", Some(2)), ("api_calls", None), ("compute_hours", None)];
        assert_eq!((made.limits, made.created_ms, made.users), (limits(whole), NOW_MS, 0));
        let change = limits([("storage", None), ("compute_hours", Some(3))]);
        store.update_tier(one, "gold", change.clone(), audit("tier.update", "gold")).await.unwrap();
        let changed = store.tier(one, "gold").await.unwrap().unwrap().limits;
        let whole =
            [("deployments", Some(7)), ("storage", None), ("api_calls", None), ("compute_hours", Some(3))];
        assert_eq!(changed, limits(whole));
        assert_not_found(store.update_tier(two, "gold", change, audit("tier.update", "gold")).await);
        assert_invalid(
            store.update_tier(one, "gold", unknown, audit("tier.update", "gold")).await,
            "limits",
            "words",
        );

        let user = User { tier: "gold".to_owned(), ..a_user("u-1") };
        catalog.create_user(one, user.clone(), audit("user.create", "u-1")).await.unwrap();
        assert_eq!(store.tier(one, "gold").await.unwrap().unwrap().users, 1);
        assert_conflict(store.delete_tier(one, "gold", audit("tier.delete", "gold")).await);
        assert_conflict(store.delete_tier(one, "free", audit("tier.delete", "free")).await);
        assert_not_found(store.delete_tier(two, "gold", audit("tier.delete", "gold")).await);
        catalog.delete_user(one, "u-1", audit("user.delete", "u-1")).await.unwrap();
        store.delete_tier(one, "gold", audit("tier.delete", "gold")).await.unwrap();
        let names: Vec<_> = all(1, async |page| store.tiers(one, page).await)
            .await
            .into_iter()
            .map(|tier| tier.name)
            .collect();
        assert_eq!(names, ["enterprise", "free", "pro"]);
    });
}

/// A user's own limits stand before those of the tier, `None` is unlimited; they end with the user.
pub fn overrides(world: &World) {
    world.run(async {
        let (store, catalog) = (&world.stores.limits, &world.stores.catalog);
        let (one, two) = (world.new_tenant().await.id, world.new_tenant().await.id);
        for tenant in [one, two] {
            catalog.create_user(tenant, a_user("u-1"), audit("user.create", "u-1")).await.unwrap();
        }
        let set = async |tenant, user: &str, limits| {
            store.set_user_limits(tenant, user, limits, audit("user.limits", user)).await
        };
        let allowed = async |tenant| -> BTreeMap<String, Option<i64>> {
            let standing = store.standing(tenant, "u-1", NOW_MS).await.unwrap();
            for standing in &standing.standings {
                let check = store
                    .check(tenant, "u-1", &standing.metric, Amount(0), &UsedFor::default(), NOW_MS)
                    .await
                    .unwrap();
                assert_eq!(check.standings, std::slice::from_ref(standing), "both ways of asking agree");
            }
            standing
                .standings
                .into_iter()
                .map(|standing| (standing.metric.to_string(), standing.limit.map(|limit| limit / ONE)))
                .collect()
        };
        let of = |api_calls, compute_hours, deployments| -> BTreeMap<String, Option<i64>> {
            let names = ["api_calls", "compute_hours", "deployments", "storage"].map(str::to_owned);
            names.into_iter().zip([api_calls, compute_hours, deployments, None]).collect()
        };
        world.use_one(one, "u-1", "deployments").await;
        assert_eq!(allowed(one).await, of(Some(50_000), Some(100), Some(50)));
        set(one, "u-1", limits([("deployments", Some(60)), ("api_calls", None)])).await.unwrap();
        assert_eq!(allowed(one).await, of(None, Some(100), Some(60)));
        assert_eq!(allowed(two).await, of(Some(50_000), Some(100), Some(50)));
        let own = limits([("compute_hours", Some(1))]);
        set(one, "u-1", own.clone()).await.unwrap();
        assert_eq!(store.user_limits(one, "u-1").await.unwrap(), own, "all of them are replaced");
        assert_eq!(allowed(one).await, of(Some(50_000), Some(1), Some(50)));
        assert_invalid(set(one, "u-1", limits([("words", None)])).await, "limits", "words");
        assert_eq!(store.user_limits(one, "u-1").await.unwrap(), own, "a refusal changes nothing");
        assert_not_found(set(one, "nobody", own).await);

        catalog.delete_user(one, "u-1", audit("user.delete", "u-1")).await.unwrap();
        catalog.create_user(one, a_user("u-1"), audit("user.create", "u-1")).await.unwrap();
        assert_eq!(store.user_limits(one, "u-1").await.unwrap(), LimitMap::new());
        assert_eq!(allowed(one).await, of(Some(50_000), Some(100), Some(50)));
    });
}

/// What all users together may use is replaced as a whole.
pub fn tenant_limits(world: &World) {
    world.run(async {
        let store = &world.stores.limits;
        let (one, two) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let set = async |limits| store.set_tenant_limits(one, limits, audit("tenant.limits", "one")).await;
        set(limits([("api_calls", Some(9)), ("storage", Some(0))])).await.unwrap();
        let both = limits([("api_calls", Some(9)), ("storage", Some(0))]);
        assert_eq!(store.tenant_limits(one).await.unwrap(), both);
        assert_eq!(store.tenant_limits(two).await.unwrap(), LimitMap::new());
        assert_invalid(set(limits([("words", Some(1))])).await, "limits", "words");
        assert_eq!(store.tenant_limits(one).await.unwrap(), both);
        set(limits([("deployments", Some(3)), ("api_calls", None)])).await.unwrap();
        assert_eq!(store.tenant_limits(one).await.unwrap(), limits([("deployments", Some(3))]));
    });
}

/// Nobody is given a tier that the tenant does not have; a change is effective at once.
pub fn a_user_needs_a_tier_that_exists(world: &World) {
    world.run(async {
        let (store, catalog) = (&world.stores.limits, &world.stores.catalog);
        let (one, two) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let of = |tier: &str| User { tier: tier.to_owned(), ..a_user("u-1") };
        let refused = catalog.create_user(one, of("gold"), audit("user.create", "u-1")).await;
        assert_invalid(refused, "tier", "enterprise, free, pro");
        store.create_tier(two, "gold", LimitMap::new(), audit("tier.create", "gold")).await.unwrap();
        let refused = catalog.create_user(one, of("gold"), audit("user.create", "u-1")).await;
        assert_invalid(refused, "tier", "gold");
        assert_eq!(catalog.user(one, "u-1").await.unwrap(), None);

        let allowed = async || {
            let check = store
                .check(one, "u-1", &name("deployments"), Amount(0), &UsedFor::default(), NOW_MS)
                .await
                .unwrap();
            (check.tier.clone(), check.standings[0].limit.map(|limit| limit / ONE))
        };
        let free = ("free".to_owned(), Some(10));
        let pro = ("pro".to_owned(), Some(50));
        // What is refused makes no user, but may be remembered.
        let too_much = DecisionRequest {
            kind: DecisionKind::Consume,
            user: "u-1".to_owned(),
            amounts: vec![(name("deployments"), Amount(11 * ONE))],
            used_for: UsedFor::default(),
            idempotency_key: None,
        };
        let decided = store.decide(one, vec![too_much], NOW_MS).await.unwrap().remove(0).unwrap();
        assert_eq!((decided.is_allowed(), allowed().await), (false, free.clone()));
        catalog.create_user(one, of("pro"), audit("user.create", "u-1")).await.unwrap();
        assert_eq!(allowed().await, pro);
        let refused = catalog.update_user(one, of("gold"), audit("user.update", "u-1")).await;
        assert_invalid(refused, "tier", "gold");
        assert_not_found(
            catalog
                .update_user(two, User { id: "u-2".into(), ..of("iron") }, audit("user.update", "u-2"))
                .await,
        );
        for (tier, expected) in [("free", &free), ("pro", &pro), ("free", &free)] {
            world.use_one(one, "u-1", "deployments").await;
            catalog.update_user(one, of(tier), audit("user.update", "u-1")).await.unwrap();
            assert_eq!(allowed().await, *expected, "a change is effective at once");
        }
        world.use_one(one, "u-1", "deployments").await;
        let more = limits([("deployments", Some(11))]);
        store.update_tier(one, "free", more, audit("tier.update", "free")).await.unwrap();
        assert_eq!(allowed().await.1, Some(11));
        catalog.update_user(one, of("pro"), audit("user.update", "u-1")).await.unwrap();
        world.use_one(one, "u-1", "deployments").await;
        catalog.delete_user(one, "u-1", audit("user.delete", "u-1")).await.unwrap();
        assert_eq!(allowed().await, ("free".to_owned(), Some(11)), "who is gone has what anybody has");
    });
}

/// One entry a change, none for a refusal.
pub fn every_change_of_limits_is_told_in_the_audit_log(world: &World) {
    world.run(async {
        let (store, catalog) = (&world.stores.limits, &world.stores.catalog);
        let id = world.new_tenant().await.id;
        catalog.create_user(id, a_user("u"), audit("user.create", "u")).await.unwrap();
        let words = metric("words", Window::Day);
        let empty = LimitMap::new;
        store.create_metric(id, words.clone(), audit("metric.create", "words")).await.unwrap();
        assert_conflict(store.create_metric(id, words.clone(), audit("metric.create", "refused")).await);
        store.update_metric(id, words, audit("metric.update", "words")).await.unwrap();
        store.delete_metric(id, &name("words"), audit("metric.delete", "words")).await.unwrap();
        assert_not_found(store.delete_metric(id, &name("words"), audit("metric.delete", "refused")).await);
        store.create_tier(id, "gold", empty(), audit("tier.create", "gold")).await.unwrap();
        store.update_tier(id, "gold", empty(), audit("tier.update", "gold")).await.unwrap();
        store.delete_tier(id, "gold", audit("tier.delete", "gold")).await.unwrap();
        assert_not_found(store.delete_tier(id, "gold", audit("tier.delete", "refused")).await);
        store.set_user_limits(id, "u", empty(), audit("user.limits", "u")).await.unwrap();
        assert_not_found(store.set_user_limits(id, "x", empty(), audit("user.limits", "refused")).await);
        store.set_tenant_limits(id, empty(), audit("tenant.limits", "t")).await.unwrap();
        let unknown = limits([("words", None)]);
        let refused = store.set_tenant_limits(id, unknown, audit("tenant.limits", "refused")).await;
        assert_invalid(refused, "limits", "words");

        let told: Vec<AuditEntry> = all(3, async |page| catalog.audit(Some(id), page).await).await;
        let told: Vec<_> =
            told.iter().rev().map(|entry| (entry.action.as_str(), entry.target.as_str())).collect();
        assert_eq!(
            told,
            [
                ("user.create", "u"),
                ("metric.create", "words"),
                ("metric.update", "words"),
                ("metric.delete", "words"),
                ("tier.create", "gold"),
                ("tier.update", "gold"),
                ("tier.delete", "gold"),
                ("user.limits", "u"),
                ("tenant.limits", "t"),
            ]
        );
    });
}
