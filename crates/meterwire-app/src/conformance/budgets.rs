//! Budgets: what they are made with, what cannot be, hard ones that refuse, wholes and parts under races.

use super::decisions::{HOUR_MS, name};
use super::make::{NOW_MS, event_with};
use super::{World, audit};
use crate::ports::{
    Audit, BudgetChange, Budgets, DecisionKind, DecisionRequest, PageRequest, ReserveRequest, Reserved,
    Settlement, SplitRequest, StoreError, TenantId, UsedFor,
};
use meterwire_core::amount::Amount;
use meterwire_core::budget::{
    Budget, BudgetPeriod, DEFAULT_MONTHLY_BUDGET, MAX_BUDGETS_OF_SCOPE, Part, RefusalCode, Scope, ScopeField,
    Size,
};
use meterwire_core::dimension::Dimension;
use meterwire_core::limit::{Counts, Metric, Window};
use meterwire_core::money::{CostNanos, NANOS_PER_USD};

/// One dollar.
pub(super) const USD: i64 = NANOS_PER_USD;

/// A monthly budget of so many dollars.
pub(super) fn budget(id: &str, dollars: i64, scope: &[(ScopeField, &str)]) -> Budget {
    Budget {
        id: id.to_owned(),
        name: id.to_owned(),
        amount: CostNanos(dollars * USD),
        period: BudgetPeriod::Month,
        timezone: None,
        scope: Scope::of(scope.iter().copied()),
        hard: false,
        allow_unpriced: false,
        thresholds_ppm: vec![500_000, 1_000_000],
        channels: Vec::new(),
        parent: None,
        is_default: false,
        created_ms: NOW_MS,
    }
}

fn money(user: &str, nanos: i64, used_for: UsedFor) -> DecisionRequest {
    let (kind, amounts) = (DecisionKind::Consume, vec![(name("cost_usd"), Amount(nanos))]);
    DecisionRequest { kind, user: user.to_owned(), amounts, used_for, idempotency_key: None }
}

impl World {
    /// A tenant that counts money by the month.
    pub(super) async fn tenant_with_money(&self) -> TenantId {
        let tenant = self.new_tenant().await.id;
        let metric = Metric {
            name: name("cost_usd"),
            description: None,
            unit: None,
            window: Window::Month,
            timezone: "UTC".to_owned(),
            counts: Counts::CostUsd,
            created_ms: NOW_MS,
        };
        self.stores.limits.create_metric(tenant, metric, audit("metric.create", "cost_usd")).await.unwrap();
        tenant
    }

    pub(super) async fn make_budget(&self, tenant: TenantId, budget: Budget) {
        self.stores.budgets.create_budget(tenant, budget, audit("budget.create", "b")).await.unwrap();
    }

    async fn spent_and_held(&self, tenant: TenantId, id: &str) -> (i64, i64) {
        let found = self.stores.budgets.budget(tenant, id, NOW_MS).await.unwrap().unwrap();
        (found.standing.spent.0, found.standing.held.0)
    }
}

/// Each tenant has one budget for everything, which follows the configuration until somebody sets it, and stays.
pub fn a_tenant_begins_with_a_budget(world: &World) {
    world.run(async {
        let budgets = &world.stores.budgets;
        let (follows, set) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let default = budgets.default_budget(follows, NOW_MS).await.unwrap();
        assert_eq!(default.budget.amount, DEFAULT_MONTHLY_BUDGET);
        assert!(default.budget.is_default && default.budget.scope.is_empty() && !default.budget.hard);
        let other = budgets.default_budget(set, NOW_MS).await.unwrap();
        assert_ne!(default.budget.id, other.budget.id);
        assert_eq!(budgets.budget(set, &default.budget.id, NOW_MS).await.unwrap(), None, "a foreign one");
        let change = BudgetChange { amount: Some(CostNanos(7 * USD)), ..BudgetChange::default() };
        let changed = budgets.update_budget(set, &other.budget.id, change, audit("budget.update", "b")).await;
        assert_eq!(changed.unwrap().budget.amount, CostNanos(7 * USD));
        budgets.set_monthly_budget(CostNanos(250 * USD), NOW_MS).await.unwrap();
        let late = world.new_tenant().await.id;
        for (tenant, dollars) in [(follows, 250), (set, 7), (late, 250)] {
            let found = budgets.default_budget(tenant, NOW_MS).await.unwrap();
            assert_eq!(found.budget.amount, CostNanos(dollars * USD));
        }
        assert_eq!(budgets.set_monthly_budget(CostNanos(250 * USD), NOW_MS).await.unwrap(), 0);
        budgets.set_monthly_budget(DEFAULT_MONTHLY_BUDGET, NOW_MS).await.unwrap();
        let deleted = budgets.delete_budget(set, &other.budget.id, audit("budget.delete", "b")).await;
        assert!(matches!(deleted, Err(StoreError::Conflict(_))));
    });
}

/// Each amount is kept until when it was in force; a change of anything else keeps none.
pub fn former_amounts_are_kept(world: &World) {
    world.run(async {
        let budgets = &world.stores.budgets;
        let (one, other) = (world.new_tenant().await.id, world.new_tenant().await.id);
        world.make_budget(one, budget("b", 1, &[])).await;
        let former = async |tenant| budgets.former_amounts(tenant, "b").await.unwrap();
        assert_eq!(former(one).await, []);
        for (dollars, at_ms) in [(2, NOW_MS + 1), (2, NOW_MS + 2), (5, NOW_MS + 3), (7, NOW_MS + 3)] {
            let change = BudgetChange { amount: Some(CostNanos(dollars * USD)), ..BudgetChange::default() };
            let audit = Audit { at_ms, ..audit("budget.update", "b") };
            budgets.update_budget(one, "b", change, audit).await.unwrap();
        }
        let name = BudgetChange { name: Some("other".to_owned()), ..BudgetChange::default() };
        budgets.update_budget(one, "b", name, audit("budget.update", "b")).await.unwrap();
        let kept = [(NOW_MS + 1, CostNanos(USD)), (NOW_MS + 3, CostNanos(2 * USD))];
        assert_eq!(former(one).await, kept, "what was in force for no time is not told");
        assert_eq!(former(other).await, []);
        budgets.delete_budget(one, "b", audit("budget.delete", "b")).await.unwrap();
        assert_eq!(former(one).await, []);
    });
}

/// What cannot be is refused and changes nothing.
pub fn budgets_are_bounded_and_kept_apart(world: &World) {
    world.run(async {
        let budgets = &world.stores.budgets;
        let (one, other) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let scope = [(ScopeField::Project, "chat")];
        for number in 0..MAX_BUDGETS_OF_SCOPE {
            world.make_budget(one, budget(&format!("b-{number:02}"), 1, &scope)).await;
        }
        let create = |id: &str, parent: Option<&str>| {
            let wanted = Budget { parent: parent.map(str::to_owned), ..budget(id, 1, &scope) };
            budgets.create_budget(one, wanted, audit("budget.create", id))
        };
        assert!(matches!(create("b-more", None).await, Err(StoreError::Conflict(_))));
        assert!(matches!(
            create("b-lost", Some("nowhere")).await,
            Err(StoreError::Conflict(_) | StoreError::Invalid(_))
        ));
        let found = budgets.project_budget(one, "chat", NOW_MS).await.unwrap().unwrap();
        assert_eq!(found.budget.id, "b-00", "the oldest");
        assert_eq!(budgets.project_budget(other, "chat", NOW_MS).await.unwrap(), None);
        let page = PageRequest { after: Some("b-17".to_owned()), limit: 1 };
        let page = budgets.budgets(one, page, NOW_MS).await.unwrap();
        assert_eq!((page.items[0].budget.id.as_str(), page.next.as_deref()), ("b-18", Some("b-18")));
        for id in ["b-00", "nothing"] {
            let deleted = budgets.delete_budget(other, id, audit("budget.delete", id)).await;
            assert!(matches!(deleted, Err(StoreError::NotFound(_))));
        }
        budgets.delete_budget(one, "b-00", audit("budget.delete", "b-00")).await.unwrap();
        assert_eq!(budgets.budget(one, "b-00", NOW_MS).await.unwrap(), None);
    });
}

/// Of 200 at once who want a dollar of ten, ten get one.
pub fn exactly_so_many_spend_a_hard_budget(world: &World) {
    world.run(async {
        let tenant = world.tenant_with_money().await;
        world.make_budget(tenant, Budget { hard: true, ..budget("hard", 10, &[]) }).await;
        let mut tasks = Vec::new();
        for number in 0..200 {
            let limits = world.stores.limits.clone();
            tasks.push(tokio::spawn(async move {
                let wish = money(&format!("u-{}", number % 7), USD, UsedFor::default());
                limits.decide(tenant, vec![wish], NOW_MS).await.unwrap().remove(0).unwrap()
            }));
        }
        let mut won = 0;
        for task in tasks {
            let decision = task.await.unwrap();
            match &decision.over_budget {
                None => won += 1,
                Some(refusal) => {
                    assert_eq!((refusal.spent, refusal.amount), (10 * USD, 10 * USD));
                    assert_eq!(refusal.code, RefusalCode::BudgetExceeded);
                }
            }
        }
        assert_eq!(won, 10);
        assert_eq!(world.spent_and_held(tenant, "hard").await, (10 * USD, 0));
    });
}

/// Reservations, commits, releases and decisions of many at once, with events beside: decisions and holds never take a hard
/// budget over its amount, and in the end it says what was allowed.
pub fn racing_holds_and_decisions_never_pass_a_hard_budget(world: &World) {
    world.run(async {
        let tenant = world.tenant_with_money().await;
        let scope = [(ScopeField::Project, "chat")];
        world.make_budget(tenant, Budget { hard: true, ..budget("hard", 40, &scope) }).await;
        let mut tasks = Vec::new();
        for number in 0..160_i64 {
            let (limits, ledger) = (world.stores.limits.clone(), world.stores.ledger.clone());
            tasks.push(tokio::spawn(async move {
                let used_for = UsedFor { project: Some("chat".to_owned()), ..UsedFor::default() };
                let nanos = (1 + number % 5) * USD / 2;
                match number % 4 {
                    0 => {
                        let wish = money("u", nanos, used_for);
                        let decided =
                            limits.decide(tenant, vec![wish], NOW_MS).await.unwrap().remove(0).unwrap();
                        (i64::from(decided.is_allowed()) * nanos, 0, !decided.is_allowed())
                    }
                    1 | 2 => {
                        let request = ReserveRequest {
                            id: format!("hold-{number}"),
                            user: "u".to_owned(),
                            metric: name("cost_usd"),
                            amount: Amount(nanos),
                            ttl_ms: HOUR_MS,
                            used_for,
                            idempotency_key: None,
                        };
                        let id = request.id.clone();
                        let (reserved, _) = limits.reserve(tenant, request, NOW_MS).await.unwrap();
                        if !matches!(reserved, Reserved::Held(_)) {
                            return (0, 0, true);
                        }
                        // A part of what was held, so that no commit needs more than there is.
                        let settlement = match number % 3 {
                            0 => Settlement::Commit(Some(Amount(nanos / 2))),
                            1 => Settlement::Release,
                            _ => return (0, nanos, false),
                        };
                        let spent = if number % 3 == 0 { nanos / 2 } else { 0 };
                        limits.settle(tenant, None, &id, settlement, NOW_MS).await.unwrap();
                        (spent, 0, false)
                    }
                    _ => {
                        // Of another project, so that it counts elsewhere.
                        let event = event_with(&format!("e-{number}"), |event| {
                            event.cost = Some(CostNanos(USD));
                            event.labels.set(Dimension::Project, Some("other".to_owned()));
                        });
                        ledger.append(tenant, vec![event]).await.unwrap();
                        (0, 0, false)
                    }
                }
            }));
        }
        let (mut spent, mut held, mut refused) = (0, 0, 0);
        for task in tasks {
            let (more_spent, more_held, is_refused) = task.await.unwrap();
            (spent, held) = (spent + more_spent, held + more_held);
            refused += i32::from(is_refused);
        }
        assert_eq!(world.spent_and_held(tenant, "hard").await, (spent, held));
        assert!(spent + held <= 40 * USD, "{spent} and {held}");
        assert!(refused > 0 && spent > 0 && held > 0, "{refused} refused, {spent} and {held}");
    });
}

/// Parts that many make at once are never more than the whole, which cannot be lowered below them.
pub fn parts_are_never_more_than_the_whole(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let budgets = world.stores.budgets.clone();
        world.make_budget(tenant, budget("whole", 10, &[])).await;
        let mut tasks = Vec::new();
        for number in 0..60 {
            let budgets = budgets.clone();
            tasks.push(tokio::spawn(async move {
                let department = format!("d-{number}");
                if number % 2 == 0 {
                    let part = Part { value: department, size: Size::Amount(CostNanos(USD)) };
                    let parts = vec![(format!("part-{number}"), part)];
                    let request = SplitRequest { by: ScopeField::Department, parts };
                    return budgets
                        .split_budget(tenant, "whole", request, audit("budget.split", "b"))
                        .await
                        .is_ok();
                }
                let part = budget(&format!("part-{number}"), 1, &[(ScopeField::Department, &department)]);
                let part = Budget { parent: Some("whole".to_owned()), ..part };
                budgets.create_budget(tenant, part, audit("budget.create", "b")).await.is_ok()
            }));
        }
        let mut made = 0;
        for task in tasks {
            made += usize::from(task.await.unwrap());
        }
        assert_eq!(made, 10, "ten dollars, a dollar each");
        parts_that_change(&*budgets, tenant).await;
    });
}

async fn parts_that_change(budgets: &dyn Budgets, tenant: TenantId) {
    let page = PageRequest { after: Some("part".to_owned()), limit: 1 };
    let part = budgets.budgets(tenant, page, NOW_MS).await.unwrap().items.remove(0).budget;
    let set = |id: &str, amount: i64| {
        let change = BudgetChange { amount: Some(CostNanos(amount)), ..BudgetChange::default() };
        let id = id.to_owned();
        async move { budgets.update_budget(tenant, &id, change, audit("budget.update", "b")).await }
    };
    assert!(matches!(set("whole", 10 * USD - 1).await, Err(StoreError::Conflict(_))), "less than its parts");
    assert!(matches!(set(&part.id, USD + 1).await, Err(StoreError::Conflict(_))), "more than is left");
    set("whole", 11 * USD).await.unwrap();
    set(&part.id, 2 * USD).await.unwrap();
    let change = BudgetChange { period: Some(BudgetPeriod::Day), ..BudgetChange::default() };
    for id in ["whole", &part.id] {
        let changed = budgets.update_budget(tenant, id, change.clone(), audit("budget.update", "b")).await;
        assert!(changed.is_err(), "a part has the period of the whole");
    }
    let deleted = budgets.delete_budget(tenant, "whole", audit("budget.delete", "b")).await;
    assert!(matches!(deleted, Err(StoreError::Conflict(_))), "it has parts");
    let twice = ["x", "x"].map(|value| {
        let part = Part { value: value.to_owned(), size: Size::SharePpm(1) };
        (format!("new-{value}"), part)
    });
    let request = SplitRequest { by: ScopeField::Department, parts: twice.to_vec() };
    assert!(budgets.split_budget(tenant, "whole", request, audit("budget.split", "b")).await.is_err());
    assert_eq!(budgets.budget(tenant, "new-x", NOW_MS).await.unwrap(), None, "all or none");
}

/// A hard budget is asked where it takes the decision in, and only there; models without a price are refused unless they are
/// allowed; a repeated key gets the refusal again.
pub fn a_hard_budget_refuses_what_it_takes_in(world: &World) {
    world.run(async {
        let tenant = world.tenant_with_money().await;
        let limits = &world.stores.limits;
        let scope = [(ScopeField::Project, "chat")];
        world.make_budget(tenant, Budget { hard: true, ..budget("hard", 1, &scope) }).await;
        let of = |project: &str| UsedFor { project: Some(project.to_owned()), ..UsedFor::default() };
        let ask = async |wish: DecisionRequest| {
            limits.decide(tenant, vec![wish], NOW_MS).await.unwrap().remove(0).unwrap()
        };
        let unpriced = UsedFor { model: Some("new".to_owned()), is_unpriced: true, ..of("chat") };
        let refused = ask(money("u", 0, unpriced.clone())).await.over_budget.unwrap();
        assert_eq!(refused.code, RefusalCode::UnpricedModel);
        let change = BudgetChange { allow_unpriced: Some(true), ..BudgetChange::default() };
        let budgets = &world.stores.budgets;
        budgets.update_budget(tenant, "hard", change, audit("budget.update", "b")).await.unwrap();
        assert!(ask(money("u", 0, unpriced)).await.is_allowed());

        // An event is never refused, and what it costs is gone.
        let event = event_with("e", |event| {
            event.time_ms = Some(NOW_MS);
            event.cost = Some(CostNanos(USD));
            event.labels.set(Dimension::Project, Some("chat".to_owned()));
        });
        world.stores.ledger.append(tenant, vec![event]).await.unwrap();
        let keyed = DecisionRequest { idempotency_key: Some("k".to_owned()), ..money("u", 1, of("chat")) };
        let first = ask(keyed.clone()).await;
        assert!(!first.is_allowed() && first.refused.is_none());
        assert!(ask(money("u", USD, of("other"))).await.is_allowed());
        assert!(ask(money("u", USD, UsedFor::default())).await.is_allowed());
        let calls = |project: &str| DecisionRequest {
            amounts: vec![(name("api_calls"), name("api_calls").one())],
            ..money("u", 0, of(project))
        };
        assert!(!ask(calls("chat")).await.is_allowed(), "nothing is left for anything");
        assert!(ask(calls("other")).await.is_allowed());
        let more = BudgetChange { amount: Some(CostNanos(2 * USD)), ..BudgetChange::default() };
        budgets.update_budget(tenant, "hard", more, audit("budget.update", "b")).await.unwrap();
        assert!(ask(calls("chat")).await.is_allowed());
        let replayed = ask(keyed).await;
        assert!(replayed.replayed && replayed.over_budget == first.over_budget, "one key, one answer");
    });
}
