//! Many callers at once: exactly the allowed number win, and some order explains every answer.

use super::World;
use super::budgets::{USD, budget};
use super::decisions::{HOUR_MS, ONE, consume, hold, wish};
use super::linear::{Op, Outcome, Recorded, is_linearizable};
use super::make::NOW_MS;
use crate::ports::{DecisionKind, DecisionRequest, Limits, Reserved, Settlement, TenantId};
use meterwire_core::amount::Amount;
use meterwire_core::budget::Budget;
use meterwire_core::limit::Decision;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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
                tasks.push(tokio::spawn(one_client(limits, tenant, DEPLOYMENTS, client, random, clock)));
            }
            let mut history = Vec::new();
            for task in tasks {
                history.extend(task.await.unwrap());
            }
            assert!(is_linearizable(&history, limit), "no order explains {history:#?}");
        });
    }
}

/// The same of a hard budget beside an unlimited metric: it refuses by the same counter in the same order.
pub fn histories_of_a_hard_budget_are_linearizable(world: &World) {
    for round in 0..25_u64 {
        world.run(async {
            let tenant = world.tenant_with_money().await;
            let limit = 8;
            world.make_budget(tenant, Budget { hard: true, ..budget("hard", limit, &[]) }).await;
            let clock = Arc::new(AtomicUsize::new(0));
            let mut tasks = Vec::new();
            for client in 0..4_u64 {
                let (limits, clock) = (world.stores.limits.clone(), clock.clone());
                let random = Lcg(round * 1_000 + client);
                tasks.push(tokio::spawn(one_client(limits, tenant, MONEY, client, random, clock)));
            }
            let mut history = Vec::new();
            for task in tasks {
                history.extend(task.await.unwrap());
            }
            assert!(is_linearizable(&history, limit), "no order explains {history:#?}");
        });
    }
}

/// A metric and one whole unit of it.
type Unit = (&'static str, i64);
const DEPLOYMENTS: Unit = ("deployments", ONE);
const MONEY: Unit = ("cost_usd", USD);

/// Six calls of one client, with when each began and ended.
async fn one_client(
    limits: Arc<dyn Limits>,
    tenant: TenantId,
    unit: Unit,
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
        let outcome = run(limits.as_ref(), tenant, unit, &op).await;
        let ended = clock.fetch_add(1, Ordering::SeqCst);
        if let (Op::Reserve(id, _), Outcome::Allowed(_)) = (&op, &outcome) {
            open.push(id.clone());
        }
        history.push(Recorded { op, outcome, began, ended });
    }
    history
}

async fn run(limits: &dyn Limits, tenant: TenantId, (metric, one): Unit, op: &Op) -> Outcome {
    let decided = |decision: Decision| match (decision.refused, decision.over_budget) {
        (Some(refused), _) => Outcome::Refused(refused.current / one),
        (None, Some(refusal)) => Outcome::Refused((refusal.spent + refusal.held) / one),
        (None, None) => Outcome::Allowed(decision.standings[0].current / one),
    };
    let user = "u";
    match op {
        Op::Consume(amount) | Op::Increment(amount) => {
            let kind =
                if matches!(op, Op::Consume(_)) { DecisionKind::Consume } else { DecisionKind::Increment };
            let request = wish(kind, user, metric, amount * one);
            decided(limits.decide(tenant, vec![request], NOW_MS).await.unwrap().remove(0).unwrap())
        }
        Op::Reserve(id, amount) => {
            let request = hold(id, user, metric, amount * one, HOUR_MS);
            match limits.reserve(tenant, request, NOW_MS).await.unwrap().0 {
                Reserved::Held(held) => Outcome::Allowed(held.standing.unwrap().current / one),
                Reserved::Refused { standing, .. } => Outcome::Refused(standing.current / one),
                Reserved::OverBudget { refusal, .. } => {
                    Outcome::Refused((refusal.spent + refusal.held) / one)
                }
            }
        }
        Op::Commit(id, amount) => {
            let settled = Settlement::Commit(Some(Amount(amount * one)));
            let settled = limits.settle(tenant, None, id, settled, NOW_MS).await.unwrap();
            Outcome::Allowed(settled.standing.unwrap().current / one)
        }
        Op::Release(id) => {
            let settled = limits.settle(tenant, None, id, Settlement::Release, NOW_MS).await.unwrap();
            Outcome::Allowed(settled.standing.unwrap().current / one)
        }
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
