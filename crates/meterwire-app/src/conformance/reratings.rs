//! Re-rating: whatever was recorded and voided beside it, afterwards everything is as if the events had been recorded at their
//! new ratings, but for what each tells of its past.

use super::make::{DAY_MS, NOW_MS, START_MS, any_events, any_question, event_with};
use super::{World, audit, model};
use crate::ports::{
    AggregateRequest, AggregateRow, ChangeKind, Frozen, Measures, NewClosing, NewRerating, PageRequest,
    RatedEvent, RerateLook, RerateState, RerateStep, Rerated, Rerating, ScanPlace, StoreError, TenantId,
};
use meterwire_core::budget::{Budget, BudgetPeriod, Scope, ScopeField, Standing};
use meterwire_core::closing::{ClosedPeriod, STATEMENT_GROUPS};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Rating};
use meterwire_core::limit::{Counts, Window};
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use meterwire_core::price::PriceId;
use meterwire_core::rerate::{RerateDifference, RerateScope};
use meterwire_core::totals::Totals;
use proptest::prelude::*;
use std::collections::BTreeMap;

const EVERYTHING: Range = Range { from_ms: START_MS - DAY_MS, to_ms: NOW_MS };
const CLOSED: Range = Range { from_ms: START_MS, to_ms: START_MS + 2 * DAY_MS };
const USERS: [&str; 3] = ["a", "b", "Ä ö"];

/// Which events, and what they are rated at: by their number, so that it is another one for each.
#[derive(Debug, Clone)]
struct Plan {
    scope: RerateScope,
    costs: Vec<(u8, i64)>,
    limit: usize,
}

impl Plan {
    /// The new rating of an event.
    fn rating(&self, seq: i64) -> Rating {
        let place = usize::try_from(seq).unwrap() % self.costs.len();
        let (kind, cost) = self.costs[place];
        match kind {
            0 => Rating::Unpriced,
            1 => Rating::Free,
            kind => Rating::Priced { cost: CostNanos(cost), price_id: PriceId::new(format!("p/{kind}")) },
        }
    }

    fn takes(&self, event: &Event) -> bool {
        let RerateScope { range, provider, model, only_unpriced } = &self.scope;
        let is = |wanted: &Option<String>, dimension| {
            wanted.as_deref().is_none_or(|wanted| event.labels.get(dimension) == Some(wanted))
        };
        (range.from_ms..range.to_ms).contains(&event.time_ms)
            && is(provider, Dimension::Provider)
            && is(model, Dimension::Model)
            && (!only_unpriced || event.rating == Rating::Unpriced)
            && !matches!(event.rating, Rating::Given(_))
    }
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let named =
        || prop_oneof![2 => Just(None), 1 => Just(Some("a".to_owned())), 1 => Just(Some("never".to_owned()))];
    let cost = prop_oneof![0..1_000_i64, 0..1_000_000_000_000_000_i64];
    let costs = proptest::collection::vec((0..5_u8, cost), 1..40);
    (0..4_i64, 1..5_i64, named(), named(), any::<bool>(), costs, 1..12_usize).prop_map(
        |(from, days, provider, model, only_unpriced, costs, limit)| {
            let from_ms = START_MS + from * DAY_MS - 7;
            let range = Range { from_ms, to_ms: from_ms + days * DAY_MS };
            Plan { scope: RerateScope { range, provider, model, only_unpriced }, costs, limit }
        },
    )
}

/// Everything that is added up anywhere.
async fn seen(
    world: &World,
    tenant: TenantId,
    questions: &[AggregateRequest],
) -> impl PartialEq + std::fmt::Debug + use<> {
    let mut sums: Vec<Vec<AggregateRow>> = Vec::new();
    for question in questions {
        let mut rows = world.stores.usage.aggregate(tenant, question.clone()).await.unwrap();
        rows.iter_mut().for_each(|row| row.totals = question.measures.of(std::mem::take(&mut row.totals)));
        rows.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
        sums.push(rows);
    }
    let page = PageRequest { after: None, limit: 100 };
    let budgets = world.stores.budgets.budgets(tenant, page, NOW_MS).await.unwrap().items;
    let mut budgets: Vec<(String, Standing)> =
        budgets.into_iter().map(|state| (format!("{:?}", state.budget.scope), state.standing)).collect();
    budgets.sort_by(|a, b| a.0.cmp(&b.0));
    let mut spent = Vec::new();
    for scope in scopes() {
        let edges = vec![START_MS - DAY_MS, START_MS + DAY_MS, START_MS + 3 * DAY_MS, NOW_MS];
        spent.push(world.stores.budgets.spent_between(tenant, scope, edges).await.unwrap());
    }
    let mut counted = Vec::new();
    for user in USERS {
        let standings = world.stores.limits.standing(tenant, user, NOW_MS).await.unwrap().standings;
        counted.extend(standings.into_iter().map(|standing| (standing.metric, standing.current)));
    }
    (sums, budgets, spent, counted)
}

fn scopes() -> [Scope; 4] {
    use ScopeField::{Model, Project, User};
    [
        Scope::of([(Project, "a")]),
        Scope::of([(User, "b")]),
        Scope::of([(Model, "a"), (User, "a")]),
        Scope::of([(ScopeField::Department, "B")]),
    ]
}

/// A tenant with a metric of costs, and budgets of several scopes and periods.
async fn begin(world: &World) -> TenantId {
    let tenant = world.new_tenant().await.id;
    world.define(tenant, "cost_usd", Window::Month, "UTC", Counts::CostUsd).await;
    let default = world.stores.budgets.default_budget(tenant, NOW_MS).await.unwrap().budget;
    let periods = [BudgetPeriod::Month, BudgetPeriod::Year, BudgetPeriod::Week, BudgetPeriod::Quarter];
    for (n, (scope, period)) in scopes().into_iter().zip(periods).enumerate() {
        let id = format!("budget-{}-{n}", tenant.0);
        let hard = n % 2 == 0;
        let budget = Budget { id, scope, period, hard, is_default: false, ..default.clone() };
        world.stores.budgets.create_budget(tenant, budget, audit("budget.create", "b")).await.unwrap();
    }
    tenant
}

fn new_rerating(id: &str, scope: &RerateScope, last_seq: i64) -> NewRerating {
    NewRerating {
        id: id.to_owned(),
        by: "conformance".to_owned(),
        at_ms: NOW_MS,
        scope: scope.clone(),
        last_seq,
        prices: "{}".to_owned(),
        expected: RerateDifference::default(),
    }
}

/// One life of a re-rating, step by step, with the model beside it.
struct Life<'a> {
    world: &'a World,
    tenant: TenantId,
    plan: &'a Plan,
    id: String,
    last_seq: i64,
    after: Option<ScanPlace>,
    /// What is there, with its number.
    events: Vec<(i64, Event)>,
    /// How each was rated before, by its number.
    past: BTreeMap<i64, Rating>,
    looked_at: i64,
    cost_change: i64,
}

impl Life<'_> {
    async fn number(&self, event: &Event) -> i64 {
        let found = self.world.stores.usage.event(self.tenant, &event.source, &event.id).await.unwrap();
        found.unwrap().row.seq
    }

    async fn record(&mut self, events: &[Event]) {
        self.world.append(self.tenant, events).await;
        for event in events {
            let seq = self.number(event).await;
            self.events.push((seq, event.clone()));
        }
    }

    async fn void(&mut self, which: usize) {
        if self.events.is_empty() {
            return;
        }
        let (_, event) = self.events.remove(which % self.events.len());
        let ledger = &self.world.stores.ledger;
        ledger.void(self.tenant, &event.source, &event.id, audit("event.void", &event.id)).await.unwrap();
    }

    /// One step; `voided` is voided between looking and rating. `false` at the end.
    async fn step(&mut self, voided: Option<usize>) -> bool {
        let look = RerateLook {
            scope: self.plan.scope.clone(),
            last_seq: self.last_seq,
            after: self.after,
            limit: self.plan.limit,
        };
        let found = self.world.stores.reratings.rated_events(self.tenant, look).await.unwrap();
        self.check_found(&found.events);
        if let Some(which) = voided {
            self.void(which).await;
        }
        let mut rerated = Vec::new();
        for event in &found.events {
            let after = self.plan.rating(event.place.seq);
            if after != event.rating {
                rerated.push(Rerated { seq: event.place.seq, before: event.rating.clone(), after });
            }
        }
        let step = RerateStep {
            id: self.id.clone(),
            after: self.after,
            next: found.next,
            events: found.events.len() as i64,
            rerated: rerated.clone(),
            at_ms: NOW_MS,
        };
        let reratings = &self.world.stores.reratings;
        assert!(reratings.rerate(self.tenant, step.clone()).await.unwrap());
        assert!(!reratings.rerate(self.tenant, step).await.unwrap(), "a step is taken once");
        self.looked_at += found.events.len() as i64;
        for Rerated { seq, before, after } in rerated {
            let Some((_, event)) = self.events.iter_mut().find(|(number, _)| *number == seq) else {
                continue;
            };
            self.cost_change += after.cost().0 - before.cost().0;
            event.rating = after;
            self.past.insert(seq, before);
        }
        self.after = found.next;
        found.next.is_some()
    }

    fn check_found(&self, found: &[RatedEvent]) {
        for event in found {
            let (_, expected) = self.events.iter().find(|(seq, _)| *seq == event.place.seq).unwrap();
            let label = |dimension| expected.labels.get(dimension);
            assert!(self.plan.takes(expected), "{expected:?}");
            assert_eq!((&event.rating, event.tokens), (&expected.rating, expected.tokens));
            assert_eq!(event.provider.as_deref(), label(Dimension::Provider));
            assert_eq!(event.model.as_deref(), label(Dimension::Model));
            assert_eq!(event.service_tier.as_deref(), label(Dimension::ServiceTier));
            assert_eq!(event.of.project.as_deref(), label(Dimension::Project));
            assert_eq!(event.of.user.as_deref(), label(Dimension::User));
            assert_eq!(event.place.time_ms, expected.time_ms);
        }
    }

    async fn check(&self, questions: &[AggregateRequest]) {
        let events: Vec<Event> = self.events.iter().map(|(_, event)| event.clone()).collect();
        for question in questions {
            let mut rows = self.world.stores.usage.aggregate(self.tenant, question.clone()).await.unwrap();
            rows.iter_mut()
                .for_each(|row| row.totals = question.measures.of(std::mem::take(&mut row.totals)));
            rows.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
            assert_eq!(rows, model::aggregate(&events, question), "{question:?}");
        }
        // A tenant that recorded them so in the first place.
        let other = begin(self.world).await;
        if !events.is_empty() {
            self.world.append(other, &events).await;
        }
        assert_eq!(seen(self.world, self.tenant, questions).await, seen(self.world, other, questions).await);
        for (seq, event) in &self.events {
            let found = self.world.stores.usage.event(self.tenant, &event.source, &event.id).await.unwrap();
            let found = found.unwrap();
            assert_eq!(found.row.event, *event);
            let past: Vec<_> = found.rated_before.into_iter().map(|past| past.rating).collect();
            assert_eq!(past, self.past.get(seq).cloned().into_iter().collect::<Vec<_>>());
        }
        let rerating = self.world.stores.reratings.rerating(self.tenant, &self.id).await.unwrap().unwrap();
        assert_eq!((rerating.done.events, rerating.done.cost_change), (self.looked_at, self.cost_change));
        assert_eq!(rerating.done.changed, self.past.len() as i64);
    }
}

/// Random events, random prices, events voided and recorded before, between and behind the steps.
pub fn rated_anew_all_is_as_if_it_had_been_recorded_so(world: &World) {
    let questions = proptest::collection::vec(any_question(), 5);
    let beside = proptest::collection::vec((0..4_u8, any::<usize>()), 12);
    let input = (any_events(50), any_events(8), any_plan(), beside, questions);
    world.check_property(24, input, async |world, (events, mut late, plan, beside, questions)| {
        late.iter_mut().for_each(|event| event.id = format!("late-{}", event.id));
        let tenant = begin(world).await;
        let id = format!("rerating-{}", tenant.0);
        let mut life = Life {
            world,
            tenant,
            plan: &plan,
            id: id.clone(),
            last_seq: 0,
            after: None,
            events: vec![],
            past: BTreeMap::new(),
            looked_at: 0,
            cost_change: 0,
        };
        life.record(&events).await;
        life.void(0).await;
        let closing = close(world, tenant).await;
        life.last_seq = world.stores.usage.log_view(tenant).await.unwrap().last_seq;
        let new = new_rerating(&id, &plan.scope, life.last_seq);
        world.stores.reratings.begin_rerating(tenant, new, audit("prices.rerate", &id)).await.unwrap();
        for (what, which) in beside.iter().cycle() {
            if *what == 1
                && let Some(event) = late.pop()
            {
                life.record(&[event]).await;
            }
            if !life.step((*what == 2).then_some(*which)).await {
                break;
            }
        }
        life.check(&questions).await;
        check_closing(world, tenant, &closing).await;
        let left = life.events.iter().filter(|(seq, event)| {
            *seq <= life.last_seq && plan.takes(event) && !life.past.contains_key(seq)
        });
        for (seq, event) in left {
            assert_eq!(event.rating, plan.rating(*seq), "an event was passed by");
        }
    });
}

/// A closed period and what its statement holds.
struct Closed {
    id: String,
    rows: Vec<AggregateRow>,
}

fn statement() -> AggregateRequest {
    AggregateRequest {
        edges_ms: vec![CLOSED.from_ms, CLOSED.from_ms + DAY_MS, CLOSED.to_ms],
        group_by: STATEMENT_GROUPS.to_vec(),
        filters: vec![],
        measures: Measures::SUMS,
    }
}

async fn close(world: &World, tenant: TenantId) -> Closed {
    let id = format!("closing-{}", tenant.0);
    let period = ClosedPeriod { name: "period".into(), timezone: "UTC".into(), range: CLOSED };
    let new = NewClosing { id: id.clone(), period, at_ms: NOW_MS, by: "conformance".into() };
    let statements = &world.stores.statements;
    statements.begin_closing(tenant, new).await.unwrap();
    let (rows, mark) = statements.sums_to_freeze(tenant, &id, statement()).await.unwrap();
    let frozen = Frozen { statement: vec![1], sha256: [7; 32], total: Totals::default(), mark };
    statements.freeze_closing(tenant, &id, frozen, audit("closing.create", &id)).await.unwrap();
    Closed { id, rows }
}

/// The statement and what has come since are today's totals.
async fn check_closing(world: &World, tenant: TenantId, closed: &Closed) {
    let mut both: BTreeMap<(usize, Vec<Option<String>>), Totals> = BTreeMap::new();
    let since = world.stores.statements.adjustment(tenant, &closed.id, statement().edges_ms).await.unwrap();
    for row in closed.rows.iter().cloned().chain(since) {
        both.entry((row.bucket, row.key)).or_default().merge(&row.totals);
    }
    both.retain(|_, totals| *totals != Totals::default());
    let today = world.stores.usage.aggregate(tenant, statement()).await.unwrap();
    let today: BTreeMap<_, _> = today.into_iter().map(|row| ((row.bucket, row.key), row.totals)).collect();
    assert_eq!(both, today);
    let page = PageRequest { after: None, limit: 1_000 };
    let changes = world.stores.statements.closing_changes(tenant, &closed.id, page).await.unwrap().items;
    for change in changes.iter().filter(|change| change.kind == ChangeKind::Rerated) {
        assert!((CLOSED.from_ms..CLOSED.to_ms).contains(&change.time_ms));
        assert_eq!((change.totals.calls, &change.event), (0, &None));
    }
}

/// One at a time; it goes on from where it is, ends once, and is told in the audit log.
pub fn a_re_rating_goes_on_and_ends_once(world: &World) {
    world.run(async {
        let (tenant, other) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let event = event_with("e", |sent| sent.tokens.input_uncached = 5);
        world.append(tenant, std::slice::from_ref(&event)).await;
        let reratings = &world.stores.reratings;
        let scope = RerateScope { range: EVERYTHING, provider: None, model: None, only_unpriced: true };
        let begun = audit("prices.rerate", "one");
        let (one, two) = (format!("one-{}", tenant.0), format!("two-{}", tenant.0));
        let last_seq = world.stores.usage.log_view(tenant).await.unwrap().last_seq;
        let new = new_rerating(&one, &scope, last_seq);
        let made = reratings.begin_rerating(tenant, new.clone(), begun.clone()).await.unwrap();
        assert_eq!((made.state, made.done.events, &made.scope), (RerateState::Running, 0, &scope));
        let second = reratings.begin_rerating(tenant, new_rerating(&two, &scope, 0), begun.clone()).await;
        assert!(matches!(second, Err(StoreError::Conflict(_))), "{second:?}");
        assert!(reratings.rerating(other, &one).await.unwrap().is_none(), "another tenant's");
        let seq = world.stores.usage.event(tenant, "default", "e").await.unwrap().unwrap().row.seq;
        let place = ScanPlace { time_ms: event.time_ms, seq };
        let priced = |cost| Rating::Priced { cost: CostNanos(cost), price_id: PriceId::new("p") };
        let step = |after, next, before: &Rating, cost| RerateStep {
            id: one.clone(),
            after,
            next,
            events: 1,
            rerated: vec![Rerated { seq, before: before.clone(), after: priced(cost) }],
            at_ms: NOW_MS,
        };
        let revision = world.stores.usage.revision(tenant);
        assert!(!reratings.rerate(other, step(None, None, &Rating::Unpriced, 7)).await.unwrap());
        assert!(reratings.rerate(tenant, step(None, Some(place), &Rating::Unpriced, 7)).await.unwrap());
        assert_ne!(world.stores.usage.revision(tenant), revision);
        assert!(
            !reratings.rerate(tenant, step(None, Some(place), &priced(7), 8)).await.unwrap(),
            "behind it"
        );
        // Rated otherwise by now: it stays as it is.
        assert!(reratings.rerate(tenant, step(Some(place), None, &priced(6), 9)).await.unwrap());
        assert!(!reratings.rerate(tenant, step(Some(place), None, &priced(7), 9)).await.unwrap(), "over");
        let running = running_of(world, tenant).await.unwrap();
        assert_eq!((running.0.done.changed, running.0.done.cost_change, running.1), (1, 7, true));
        assert_eq!(running.0.done.unpriced_change, -1);
        for _ in 0..2 {
            reratings.end_rerating(tenant, &one, None, audit("prices.rerate.done", "one")).await.unwrap();
        }
        assert!(running_of(world, tenant).await.is_none());
        let log = world.stores.catalog.audit(Some(tenant), PageRequest { after: None, limit: 10 }).await;
        let actions: Vec<_> = log.unwrap().items.into_iter().map(|entry| entry.action).collect();
        assert_eq!(
            actions.iter().filter(|action| action.starts_with("prices.rerate")).count(),
            2,
            "{actions:?}"
        );
        let new = new_rerating(&two, &scope, last_seq);
        reratings.begin_rerating(tenant, new, begun).await.unwrap();
        let why = Some("it failed".to_owned());
        reratings
            .end_rerating(tenant, &two, why.clone(), audit("prices.rerate.failed", "two"))
            .await
            .unwrap();
        let page = |after: Option<String>| PageRequest { after, limit: 1 };
        let first = reratings.reratings(tenant, page(None)).await.unwrap();
        assert_eq!(
            (&first.items[0].id, first.items[0].state, &first.items[0].error),
            (&two, RerateState::Failed, &why)
        );
        let rest = reratings.reratings(tenant, page(first.next)).await.unwrap();
        assert_eq!(
            (rest.items[0].id.as_str(), rest.items[0].state, rest.next),
            (&*one, RerateState::Done, None)
        );
        let past = world.stores.usage.event(tenant, "default", "e").await.unwrap().unwrap().rated_before;
        let told: Vec<_> = past.iter().map(|past| (past.rerating.as_str(), &past.rating)).collect();
        assert_eq!(told, [(&*one, &Rating::Unpriced)]);
    });
}

/// The re-rating of this tenant that goes on, and whether every event was looked at: others take turns with it.
async fn running_of(world: &World, tenant: TenantId) -> Option<(Rerating, bool)> {
    for _ in 0..10 {
        match world.stores.reratings.next_rerating().await.unwrap() {
            Some(found) if found.tenant == tenant => return Some((found.rerating, found.is_over)),
            Some(_) => {}
            None => break,
        }
    }
    None
}
