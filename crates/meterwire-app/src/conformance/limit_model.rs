//! Random lives of counters beside the plainest possible model: lists of what was used and held, added up anew for every
//! answer.

use super::decisions::{ONE, consume, hold, name, wish};
use super::make::{DAY_MS, NOW_MS};
use super::{World, audit};
use crate::ports::{DecisionKind, LimitMap, Reserved, ResetRequest, Settlement, TenantId};
use meterwire_core::amount::Amount;
use meterwire_core::limit::{Calendar, Counts, Span, Window};
use proptest::prelude::*;
use proptest::sample::select;

/// Metrics of the model, with the limit of a user and of all users together, in whole units.
const METRICS: [(&str, Window, &str, i64, Option<i64>); 3] = [
    ("deployments", Window::Day, "UTC", 10, Some(15)),
    ("weekly", Window::Week, "Europe/Berlin", 20, None),
    ("storage", Window::Level, "UTC", 12, Some(18)),
];
const USERS: [&str; 2] = ["a", "b"];

#[derive(Debug, Clone)]
enum Step {
    Consume(usize, usize, i64),
    Increment(usize, usize, i64),
    Reserve(usize, usize, i64, i64),
    /// Which of the holds so far, by its place modulo their number.
    Commit(usize, i64),
    Release(usize),
    /// Moves the clock.
    Wait(i64),
    Reset(Option<usize>, Option<usize>),
    /// Whatever is remembered of the tenant is forgotten, or of a user.
    Forget(Option<usize>),
}

fn any_step() -> impl Strategy<Value = Step> {
    let (user, metric) = (0..USERS.len(), 0..METRICS.len());
    let hour = DAY_MS / 24;
    prop_oneof![
        6 => (user.clone(), metric.clone(), 0..7_i64).prop_map(|(u, m, n)| Step::Consume(u, m, n)),
        2 => (user.clone(), metric.clone(), -3..7_i64).prop_map(|(u, m, n)| Step::Increment(u, m, n)),
        5 => (user, metric, 1..6_i64, select(vec![1_000, hour, 20 * hour]))
            .prop_map(|(u, m, n, ttl)| Step::Reserve(u, m, n, ttl)),
        3 => (0..20_usize, 0..8_i64).prop_map(|(i, n)| Step::Commit(i, n)),
        2 => (0..20_usize).prop_map(Step::Release),
        3 => select(vec![500, hour, 7 * hour, DAY_MS, 3 * DAY_MS, -hour, -DAY_MS]).prop_map(Step::Wait),
        1 => (proptest::option::of(0..USERS.len()), proptest::option::of(0..METRICS.len()))
            .prop_map(|(u, m)| Step::Reset(u, m)),
        1 => proptest::option::of(0..USERS.len()).prop_map(Step::Forget),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Held,
    Committed(i64),
    Released,
    Expired,
}

#[derive(Debug)]
struct Hold {
    user: usize,
    metric: usize,
    units: i64,
    expires_ms: i64,
    span: Span,
    state: State,
}

#[derive(Debug, Default)]
struct Model {
    /// User, metric, day, units; resets take rows away.
    used: Vec<(usize, usize, i32, i64)>,
    levels: [[i64; 3]; 2],
    holds: Vec<Hold>,
}

fn span(metric: usize, now_ms: i64) -> Span {
    let (_, window, zone, ..) = METRICS[metric];
    window.span(&Calendar::of_zone(zone), now_ms)
}

fn is_level(metric: usize) -> bool {
    METRICS[metric].1 == Window::Level
}

impl Model {
    fn expire(&mut self, now_ms: i64) {
        for hold in &mut self.holds {
            if hold.state == State::Held && hold.expires_ms <= now_ms {
                hold.state = State::Expired;
            }
        }
    }

    fn held(&self, user: usize, metric: usize, now_ms: i64) -> i64 {
        let window = span(metric, now_ms).first_day;
        let of_window = |hold: &&Hold| {
            hold.state == State::Held
                && (hold.user, hold.metric, hold.span.first_day) == (user, metric, window)
                && hold.expires_ms > now_ms
        };
        self.holds.iter().filter(of_window).map(|hold| hold.units).sum()
    }

    fn current(&self, user: usize, metric: usize, now_ms: i64) -> i64 {
        let held = self.held(user, metric, now_ms);
        if is_level(metric) {
            return self.levels[user][metric] + held;
        }
        let window = span(metric, now_ms);
        let inside = |row: &&(usize, usize, i32, i64)| {
            (row.0, row.1) == (user, metric) && (window.first_day..=window.last_day).contains(&row.2)
        };
        self.used.iter().filter(inside).map(|row| row.3).sum::<i64>() + held
    }

    fn fits(&self, user: usize, metric: usize, units: i64, now_ms: i64) -> bool {
        let (.., own, of_tenant) = METRICS[metric];
        let together: i64 = (0..USERS.len()).map(|user| self.current(user, metric, now_ms)).sum();
        self.current(user, metric, now_ms) + units <= own
            && of_tenant.is_none_or(|limit| together + units <= limit)
    }

    fn add(&mut self, user: usize, metric: usize, day: i32, units: i64) {
        if is_level(metric) {
            self.levels[user][metric] = (self.levels[user][metric] + units).max(0);
        } else {
            self.used.push((user, metric, day, units));
        }
    }

    fn reset(&mut self, user: Option<usize>, metric: Option<usize>, now_ms: i64) {
        for m in
            (0..METRICS.len()).filter(|m| metric.map_or(METRICS[*m].1 == Window::Day, |named| named == *m))
        {
            let window = span(m, now_ms);
            for u in (0..USERS.len()).filter(|u| user.is_none_or(|named| named == *u)) {
                self.levels[u][m] = 0;
                self.used.retain(|row| {
                    (row.0, row.1) != (u, m) || !(window.first_day..=window.last_day).contains(&row.2)
                });
            }
        }
    }
}

/// Whatever happens in whatever order, with the clock going forwards and back and with what is remembered forgotten in
/// between: every answer is the model's.
pub fn every_standing_equals_the_model(world: &World) {
    world.check_property(60, proptest::collection::vec(any_step(), 1..60), async |world, steps| {
        let tenant = world.new_tenant().await.id;
        begin(world, tenant).await;
        let (mut model, mut now_ms) = (Model::default(), NOW_MS);
        for (place, step) in steps.into_iter().enumerate() {
            run(world, tenant, &mut model, &mut now_ms, place, step).await;
            for (u, user) in USERS.into_iter().enumerate() {
                for (m, (metric, ..)) in METRICS.into_iter().enumerate() {
                    let standing = world.standing(tenant, user, metric, now_ms).await;
                    let expected = (model.current(u, m, now_ms), model.held(u, m, now_ms));
                    assert_eq!((standing.current / ONE, standing.held / ONE), expected, "{user} {metric}");
                }
            }
        }
    });
}

async fn begin(world: &World, tenant: TenantId) {
    world.define(tenant, "weekly", Window::Week, "Europe/Berlin", Counts::Decisions).await;
    for user in USERS {
        world.decide_at(tenant, consume(user, "deployments", 0), NOW_MS).await;
        let limits = METRICS.map(|(metric, _, _, own, _)| (name(metric), Some(Amount(own * ONE))));
        let set = world.stores.limits.set_user_limits(tenant, user, LimitMap::from(limits), audit("x", user));
        set.await.unwrap();
    }
    let together = METRICS.into_iter().filter_map(|(metric, .., of_tenant)| Some((name(metric), of_tenant?)));
    let together = together.map(|(metric, units)| (metric, Some(Amount(units * ONE)))).collect();
    world.stores.limits.set_tenant_limits(tenant, together, audit("x", "tenant")).await.unwrap();
}

async fn run(
    world: &World,
    tenant: TenantId,
    model: &mut Model,
    clock_ms: &mut i64,
    place: usize,
    step: Step,
) {
    let (limits, now_ms) = (&world.stores.limits, *clock_ms);
    match step {
        Step::Consume(user, metric, units) => {
            model.expire(now_ms);
            let request = consume(USERS[user], METRICS[metric].0, units * ONE);
            let allowed = world.decide_at(tenant, request, now_ms).await.is_allowed();
            assert_eq!(allowed, model.fits(user, metric, units, now_ms), "consume {units}");
            if allowed {
                model.add(user, metric, span(metric, now_ms).day, units);
            }
        }
        Step::Increment(user, metric, units) => {
            // Only a level can go down.
            let units = if is_level(metric) { units } else { units.abs() };
            model.expire(now_ms);
            let request = wish(DecisionKind::Increment, USERS[user], METRICS[metric].0, units * ONE);
            world.decide_at(tenant, request, now_ms).await;
            model.add(user, metric, span(metric, now_ms).day, units);
        }
        Step::Reserve(user, metric, units, ttl_ms) => {
            model.expire(now_ms);
            let id = format!("{}-{place}", tenant.0);
            let request = hold(&id, USERS[user], METRICS[metric].0, units * ONE, ttl_ms);
            let held = matches!(limits.reserve(tenant, request, now_ms).await.unwrap().0, Reserved::Held(_));
            assert_eq!(held, model.fits(user, metric, units, now_ms), "reserve {units}");
            if held {
                let (expires_ms, span) = (now_ms + ttl_ms, span(metric, now_ms));
                // Its place among the steps is its id.
                while model.holds.len() < place {
                    let filler = Hold { user, metric, units: 0, expires_ms: 0, span, state: State::Released };
                    model.holds.push(filler);
                }
                model.holds.push(Hold { user, metric, units, expires_ms, span, state: State::Held });
            }
        }
        Step::Commit(which, units) => settle(world, tenant, model, now_ms, which, Some(units)).await,
        Step::Release(which) => settle(world, tenant, model, now_ms, which, None).await,
        Step::Wait(ms) => *clock_ms += ms,
        Step::Reset(user, metric) => {
            model.expire(now_ms);
            let request = ResetRequest {
                user: user.map(|user| USERS[user].to_owned()),
                metric: metric.map(|metric| name(METRICS[metric].0)),
            };
            limits.reset(tenant, request, now_ms, audit("limits.reset", "x")).await.unwrap();
            model.reset(user, metric, now_ms);
        }
        // A change of what they rest on, though to what it was before.
        Step::Forget(Some(user)) => {
            let user = world.stores.catalog.user(tenant, USERS[user]).await.unwrap().unwrap();
            world.stores.catalog.update_user(tenant, user, audit("user.update", "x")).await.unwrap();
        }
        Step::Forget(None) => {
            limits.update_tier(tenant, "pro", LimitMap::new(), audit("tier.update", "pro")).await.unwrap();
        }
    }
}

/// Commits some, or releases.
async fn settle(
    world: &World,
    tenant: TenantId,
    model: &mut Model,
    now_ms: i64,
    which: usize,
    units: Option<i64>,
) {
    let real: Vec<usize> = (0..model.holds.len()).filter(|place| model.holds[*place].units > 0).collect();
    let Some(place) = real.get(which % real.len().max(1)).copied() else { return };
    model.expire(now_ms);
    let settlement = units.map_or(Settlement::Release, |units| Settlement::Commit(Some(Amount(units * ONE))));
    let id = format!("{}-{place}", tenant.0);
    let done = world.stores.limits.settle(tenant, None, &id, settlement, now_ms).await.is_ok();
    let (user, metric, day) = {
        let hold = &model.holds[place];
        let day = if is_level(hold.metric) { span(hold.metric, now_ms).day } else { hold.span.day };
        (hold.user, hold.metric, day)
    };
    let was = model.holds[place].state;
    let expected = match (was, units) {
        (State::Committed(before), Some(units)) => before == units,
        (State::Committed(_), None) | (State::Released, Some(_)) => false,
        _ => true,
    };
    assert_eq!(done, expected, "settling {was:?} with {units:?}");
    match (was, units) {
        (State::Held | State::Expired, Some(units)) => {
            model.holds[place].state = State::Committed(units);
            model.add(user, metric, day, units);
        }
        (State::Held, None) => model.holds[place].state = State::Released,
        _ => {}
    }
}
