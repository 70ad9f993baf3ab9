//! Questions about usage and limits: who used most, who is near a limit, how much a day. Answers are compared with the
//! plainest model: a list of events, added up anew.

use super::catalog::a_user;
use super::limit_catalog::{ONE, START_DAY, assert_invalid, limits, name};
use super::make::{DAY_MS, NOW_MS, START_MS, event_with};
use super::{World, audit};
use crate::ports::{DayUsage, LimitMap, ResetRequest, TenantId, User, UserDay};
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::Event;
use meterwire_core::limit::{Calendar, Metric, MetricName, Scope, Standing, Window};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::{BTreeMap, BTreeSet};

const USERS: [Option<&str>; 5] = [None, Some("u-1"), Some("u-2"), Some("u-3"), Some("Ä ö")];
const COUNTED: [&str; 3] = ["api_calls", "compute_hours", "deployments"];

/// A random event and whether it is voided.
fn any_usage() -> impl Strategy<Value = (Event, bool)> {
    let time_ms = prop_oneof![
        3 => 0..6 * DAY_MS,
        // On the edges of days, in UTC and in the zone of Berlin, whose clocks went back a few days before.
        2 => (0..6_i64, -1..=1_i64, select(vec![0, 23])).prop_map(|(day, off, hour)| day * DAY_MS + hour * 3_600_000 + off),
    ];
    let amount = prop_oneof![Just(0_i64), 1..ONE, ONE..1_000 * ONE];
    let named = subsequence(vec!["api_calls", "compute_hours", "deployments", "words"], 0..=3).prop_flat_map(
        move |names| {
            proptest::collection::vec(amount.clone(), names.len())
                .prop_map(move |amounts| names.iter().copied().zip(amounts).collect::<Vec<_>>())
        },
    );
    (select(USERS.to_vec()), time_ms, named, proptest::bool::weighted(0.1)).prop_map(
        |(user, time_ms, named, voided)| {
            let event = event_with("x", |sent| {
                sent.time_ms = Some(START_MS + time_ms);
                sent.labels.set(Dimension::User, user.map(str::to_owned));
                sent.metrics.extend(named.into_iter().map(|(name, units)| (name.to_owned(), Amount(units))));
            });
            (event, voided)
        },
    )
}

fn many_usages() -> impl Strategy<Value = Vec<(Event, bool)>> {
    proptest::collection::vec(any_usage(), 0..60).prop_map(|mut usages| {
        for (number, (event, _)) in usages.iter_mut().enumerate() {
            event.id = format!("id-{number}");
        }
        usages
    })
}

/// Used amounts by day and user, `None` for usage without one, of one metric.
type Used = BTreeMap<(i32, Option<String>), i64>;

/// The model: events one by one, by the documented mapping.
fn naive(usages: &[(Event, bool)], metric: &Metric) -> Used {
    let calendar = Calendar::of_zone(&metric.timezone);
    let mut used = Used::new();
    for (event, voided) in usages {
        let named = event.metrics.get(metric.name.as_str()).map(|amount| amount.0);
        let amount = named.unwrap_or(if metric.name.as_str() == "api_calls" { ONE } else { 0 });
        if !voided && amount > 0 {
            let user = event.labels.get(Dimension::User).map(str::to_owned);
            *used.entry((calendar.day_of(event.time_ms), user)).or_default() += amount;
        }
    }
    used
}

async fn record(world: &World, tenant: TenantId, usages: &[(Event, bool)]) {
    let events: Vec<Event> = usages.iter().map(|(event, _)| event.clone()).collect();
    for batch in events.chunks(7) {
        world.append(tenant, batch).await;
    }
    for (event, _) in usages.iter().filter(|(_, voided)| *voided) {
        let told = audit("event.void", &event.id);
        world.stores.ledger.void(tenant, &event.source, &event.id, told).await.unwrap();
    }
}

/// Sums of every day and the largest users of each, whatever zone a metric is counted in.
pub fn history_and_top_users_equal_a_naive_sum(world: &World) {
    let zones = select(vec!["UTC", "Europe/Berlin", "Asia/Kathmandu"]);
    world.check_property(24, (many_usages(), zones), async |world, (usages, zone)| {
        let store = &world.stores.limits;
        let tenant = world.new_tenant().await.id;
        let zoned = |metric: &mut Metric| zone.clone_into(&mut metric.timezone);
        world.change_metric(tenant, "compute_hours", zoned).await.unwrap();
        record(world, tenant, &usages).await;
        let mut used = BTreeMap::new();
        for of in COUNTED {
            used.insert(of, naive(&usages, &world.metric(tenant, of).await));
        }
        let (first, last) = (START_DAY - 2, START_DAY + 7);
        let mut expected: Vec<DayUsage> = (first..=last).filter_map(|day| naive_day(&used, day)).collect();
        expected.reverse();
        assert_eq!(store.history(tenant, first, last).await.unwrap(), expected);
        for day in first..=last {
            for of in COUNTED {
                let top = store.top_users(tenant, &name(of), day, 2).await.unwrap();
                assert_eq!(seen(&top), naive_top(&used, of, day, 2), "{of} on {day}");
                assert!(top.iter().all(|top| top.user.tier == "free" && top.user.username == top.user.id));
            }
        }
        assert_invalid(store.top_users(tenant, &name("words"), START_DAY, 1).await, "metric", "deployments");
    });
}

type UsedByMetric = BTreeMap<&'static str, Used>;

fn naive_day(used: &UsedByMetric, day: i32) -> Option<DayUsage> {
    let mut active = BTreeSet::new();
    let mut totals = BTreeMap::new();
    for (of, used) in used {
        for ((_, user), amount) in used.iter().filter(|((used_on, _), _)| *used_on == day) {
            active.extend(user.as_ref());
            totals.entry(name(of)).or_insert(Amount(0)).0 += amount;
        }
    }
    let active_users = i64::try_from(active.len()).unwrap();
    (!totals.is_empty()).then_some(DayUsage { day, active_users, totals })
}

/// Users in order with everything that they used on that day.
type Top = Vec<(String, BTreeMap<MetricName, Amount>)>;

fn naive_top(used: &UsedByMetric, of: &str, day: i32, limit: usize) -> Top {
    let on_day = used[of].iter().filter(|((used_on, _), _)| *used_on == day);
    let mut users: Vec<_> = on_day.filter_map(|((_, user), amount)| Some((-amount, user.clone()?))).collect();
    users.sort();
    users.truncate(limit);
    let with_amounts = |(_, user): (i64, String)| {
        let amount = |used: &Used| used.get(&(day, Some(user.clone()))).map(|amount| Amount(*amount));
        let amounts = used.iter().filter_map(|(of, used)| Some((name(of), amount(used)?))).collect();
        (user, amounts)
    };
    users.into_iter().map(with_amounts).collect()
}

fn seen(top: &[UserDay]) -> Top {
    top.iter().map(|top| (top.user.id.clone(), top.amounts.clone())).collect()
}

/// What is allowed and held in a case, besides what was used.
#[derive(Debug)]
struct Scene {
    window: Window,
    now_ms: i64,
    free: LimitMap,
    overrides: BTreeMap<&'static str, LimitMap>,
}

fn any_scene() -> impl Strategy<Value = Scene> {
    let windows = select(vec![Window::Day, Window::Week, Window::Month]);
    let amount = prop_oneof![Just(None), (0..40_i64).prop_map(|units| Some(Amount(units * 10 * ONE)))];
    let limits = |metrics: Vec<&'static str>| {
        let count = metrics.len();
        proptest::collection::vec(amount.clone(), count)
            .prop_map(move |amounts| metrics.iter().map(|of| name(of)).zip(amounts).collect::<LimitMap>())
    };
    let now = (0..7 * DAY_MS).prop_map(|ms| START_MS + ms);
    (windows, now, limits(COUNTED.to_vec()), limits(vec!["compute_hours", "deployments"])).prop_map(
        |(window, now_ms, free, own)| {
            let deployments = |amount| LimitMap::from([(name("deployments"), amount)]);
            let overrides =
                [("u-1", own), ("u-2", deployments(None)), ("u-9", deployments(Some(Amount(2 * ONE))))];
            Scene { window, now_ms, free, overrides: overrides.into() }
        },
    )
}

impl Scene {
    /// One user without usage holds as well; another hold of that user is over in this very instant.
    async fn play(&self, world: &World, usages: &[(Event, bool)]) -> TenantId {
        let (store, catalog) = (&world.stores.limits, &world.stores.catalog);
        let tenant = world.new_tenant().await.id;
        let zoned = |metric: &mut Metric| {
            (metric.window, metric.timezone) = (self.window, "Europe/Berlin".to_owned());
        };
        world.change_metric(tenant, "deployments", zoned).await.unwrap();
        store.update_tier(tenant, "free", self.free.clone(), audit("tier.update", "free")).await.unwrap();
        for (user, limits) in &self.overrides {
            let made = User { tier: "free".to_owned(), ..a_user(user) };
            catalog.create_user(tenant, made, audit("user.create", user)).await.unwrap();
            store.set_user_limits(tenant, user, limits.clone(), audit("user.limits", user)).await.unwrap();
        }
        record(world, tenant, usages).await;
        world.hold(tenant, "open", "u-9", "deployments", self.now_ms).await;
        world.hold(tenant, "over", "u-9", "deployments", self.now_ms - 60_000).await;
        tenant
    }

    fn expected(&self, usages: &[(Event, bool)], metric: &Metric, user: &str) -> Standing {
        let span = metric.window.span(&Calendar::of_zone(&metric.timezone), self.now_ms);
        let in_window = |day: i32| (span.first_day..=span.last_day).contains(&day);
        let used: i64 = naive(usages, metric)
            .into_iter()
            .filter(|((day, of), _)| in_window(*day) && of.as_deref() == Some(user))
            .map(|(_, amount)| amount)
            .sum();
        let held = if user == "u-9" && metric.name == name("deployments") { ONE } else { 0 };
        let own = self.overrides.get(user).and_then(|limits| limits.get(&metric.name));
        let limit = own.or_else(|| self.free.get(&metric.name)).copied().flatten();
        Standing {
            metric: metric.name.clone(),
            window: metric.window,
            scope: Scope::User,
            current: used + held,
            held,
            limit: limit.map(|limit| limit.0),
            resets_ms: span.ends_ms,
        }
    }
}

/// Standings and users near limits, over every window, with holds and overrides.
pub fn standings_and_near_limits_equal_a_naive_sum(world: &World) {
    let input = (many_usages(), any_scene(), 0..1_200_000_u32);
    world.check_property(24, input, async |world, (usages, scene, threshold_ppm)| {
        let store = &world.stores.limits;
        let tenant = scene.play(world, &usages).await;
        let mut near = Vec::new();
        for user in ["u-1", "u-2", "u-3", "u-9", "Ä ö", "nobody"] {
            let seen = store.standing(tenant, user, scene.now_ms).await.unwrap();
            assert_eq!((seen.tier.as_str(), seen.standings.len()), ("free", 4));
            for of in COUNTED {
                let expected = scene.expected(&usages, &world.metric(tenant, of).await, user);
                let standing = seen.standings.iter().find(|standing| standing.metric == name(of));
                assert_eq!(standing, Some(&expected), "{user}");
                if is_near(&expected, threshold_ppm) {
                    near.push((user.to_owned(), expected));
                }
            }
        }
        let found = store.near_limits(tenant, threshold_ppm, 100, scene.now_ms).await.unwrap();
        assert!(found.is_sorted_by(|a, b| part(&a.standing) >= part(&b.standing)));
        let first = store.near_limits(tenant, threshold_ppm, 2, scene.now_ms).await.unwrap();
        assert_eq!(first, found[..found.len().min(2)]);
        let mut found: Vec<_> = found.into_iter().map(|near| (near.user.id, near.standing)).collect();
        for list in [&mut found, &mut near] {
            list.sort_by(|a, b| (&a.0, &a.1.metric).cmp(&(&b.0, &b.1.metric)));
        }
        assert_eq!(found, near);
    });
}

/// Where all users together stand on what the tenant limits, usage without a user and holds included.
pub fn all_users_together_equal_a_naive_sum(world: &World) {
    world.check_property(16, (many_usages(), any_scene()), async |world, (usages, scene)| {
        let store = &world.stores.limits;
        let tenant = scene.play(world, &usages).await;
        let limited = [("api_calls", 7 * ONE), ("deployments", ONE)];
        let map = limited.map(|(of, units)| (name(of), Some(Amount(units)))).into();
        store.set_tenant_limits(tenant, map, audit("tenant.limits", "t")).await.unwrap();
        let found = store.tenant_standings(tenant, scene.now_ms).await.unwrap();
        assert_eq!(found.len(), limited.len());
        for (standing, (of, units)) in found.iter().zip(limited) {
            let metric = world.metric(tenant, of).await;
            let span = metric.window.span(&Calendar::of_zone(&metric.timezone), scene.now_ms);
            let in_window = naive(&usages, &metric)
                .into_iter()
                .filter(|((day, _), _)| (span.first_day..=span.last_day).contains(day));
            let used: i64 = in_window.map(|(_, amount)| amount).sum();
            let held = if of == "deployments" { ONE } else { 0 };
            let expected = Standing {
                metric: metric.name.clone(),
                window: metric.window,
                scope: Scope::Tenant,
                current: used + held,
                held,
                limit: Some(units),
                resets_ms: span.ends_ms,
            };
            assert_eq!(*standing, expected);
        }
    });
}

fn is_near(standing: &Standing, threshold_ppm: u32) -> bool {
    let passes =
        |limit: i64| i128::from(standing.current) * 1_000_000 > i128::from(threshold_ppm) * i128::from(limit);
    standing.limit.is_some_and(passes)
}

#[expect(clippy::cast_precision_loss, reason = "a rough order is enough to find a wrong one")]
fn part(standing: &Standing) -> f64 {
    standing.limit.filter(|limit| *limit > 0).map_or(1.0, |limit| standing.current as f64 / limit as f64)
}

/// A level is that of the end of the day, on every day until it changes; voiding changes it now.
pub fn levels_last_from_day_to_day(world: &World) {
    world.run(async {
        let store = &world.stores.limits;
        let tenant = world.new_tenant().await.id;
        let stored = |id: &str, user: Option<&str>, day: i64, units: i64| {
            let mut event = event_with(id, |sent| {
                sent.labels.set(Dimension::User, user.map(str::to_owned));
                sent.metrics.extend([
                    ("storage".to_owned(), Amount(units * ONE)),
                    ("api_calls".to_owned(), Amount(0)),
                ]);
            });
            event.received_ms = START_MS + day * DAY_MS;
            event
        };
        let events = [
            stored("a", Some("u-1"), 0, 4),
            stored("b", Some("u-1"), 0, 1),
            stored("c", Some("u-2"), 1, 6),
            stored("d", None, 1, 100),
            stored("e", Some("u-1"), 3, 2),
        ];
        world.append(tenant, &events).await;
        let totals = async |from: i32, to: i32| -> Vec<(i32, i64, i64)> {
            let history = store.history(tenant, START_DAY + from, START_DAY + to).await.unwrap();
            history
                .iter()
                .map(|usage| {
                    (usage.day - START_DAY, usage.active_users, usage.totals[&name("storage")].0 / ONE)
                })
                .collect()
        };
        assert_eq!(totals(-1, 4).await, [(4, 0, 113), (3, 1, 113), (2, 0, 111), (1, 1, 111), (0, 1, 5)]);
        assert_eq!(totals(2, 2).await, [(2, 0, 111)], "what came before is known");

        let top = async |day: i32| -> Vec<(String, i64)> {
            let top = store.top_users(tenant, &name("storage"), START_DAY + day, 10).await.unwrap();
            top.into_iter().map(|top| (top.user.id, top.amounts[&name("storage")].0 / ONE)).collect()
        };
        let pair = |user: &str, units| (user.to_owned(), units);
        assert_eq!(top(-1).await, []);
        assert_eq!(top(0).await, [pair("u-1", 5)]);
        assert_eq!(top(2).await, [pair("u-2", 6), pair("u-1", 5)]);
        assert_eq!(top(9).await, [pair("u-1", 7), pair("u-2", 6)]);

        store
            .update_tier(tenant, "free", limits([("storage", Some(8))]), audit("tier.update", "free"))
            .await
            .unwrap();
        let near = async |threshold_ppm| -> Vec<(String, i64)> {
            let near = store.near_limits(tenant, threshold_ppm, 10, NOW_MS).await.unwrap();
            near.into_iter().map(|near| (near.user.id, near.standing.current / ONE)).collect()
        };
        assert_eq!(near(750_000).await, [pair("u-1", 7)], "exactly the threshold is not above it");
        assert_eq!(near(749_999).await, [pair("u-1", 7), pair("u-2", 6)]);
        world.stores.ledger.void(tenant, "default", "a", audit("event.void", "a")).await.unwrap();
        let standing = store.standing(tenant, "u-1", NOW_MS).await.unwrap();
        let of_storage =
            standing.standings.iter().find(|standing| standing.metric == name("storage")).unwrap();
        assert_eq!((of_storage.current, of_storage.resets_ms), (3 * ONE, None));
        // A clock that was set back hides nothing: the newest level is the present one.
        world.append(tenant, &[stored("f", Some("u-1"), 2, 10)]).await;
        assert_eq!(near(0).await, [pair("u-1", 13), pair("u-2", 6)]);
        assert_eq!(totals(9, 10).await, [(10, 1, 119), (9, 0, 113)]);
    });
}

/// What was reset is in no answer; that somebody was there is.
pub fn a_reset_takes_usage_out_of_every_answer(world: &World) {
    world.run(async {
        let store = &world.stores.limits;
        let tenant = world.new_tenant().await.id;
        let call = |id: &str, user: &str| {
            event_with(id, |sent| sent.labels.set(Dimension::User, Some(user.to_owned())))
        };
        let calls = name("api_calls");
        let few = limits([("api_calls", Some(2))]);
        store.update_tier(tenant, "free", few, audit("tier.update", "free")).await.unwrap();
        world.append(tenant, &[call("a", "u-1"), call("b", "u-1"), call("c", "u-2")]).await;
        let request = ResetRequest { user: Some("u-1".to_owned()), metric: None };
        let reset = store.reset(tenant, request, START_MS, audit("limits.reset", "u-1")).await.unwrap();
        assert_eq!(reset, 1);
        let history = async || store.history(tenant, START_DAY, START_DAY).await.unwrap();
        let day = |active_users, units: i64| {
            let totals = BTreeMap::from([(calls.clone(), Amount(units * ONE))]);
            [DayUsage { day: START_DAY, active_users, totals }]
        };
        assert_eq!(history().await, day(2, 1));
        let top = async || {
            let top = store.top_users(tenant, &calls, START_DAY, 9).await.unwrap();
            top.into_iter().map(|top| top.user.id).collect::<Vec<_>>()
        };
        assert_eq!(top().await, ["u-2"]);
        let near = store.near_limits(tenant, 0, 9, START_MS).await.unwrap();
        assert_eq!(near.iter().map(|near| near.user.id.as_str()).collect::<Vec<_>>(), ["u-2"]);
        let standing = store.standing(tenant, "u-1", START_MS).await.unwrap();
        assert!(standing.standings.iter().all(|standing| standing.current == 0));
        world.append(tenant, &[call("d", "u-1")]).await;
        assert_eq!((history().await, top().await), (day(2, 2).into(), vec!["u-1".into(), "u-2".into()]));
    });
}
