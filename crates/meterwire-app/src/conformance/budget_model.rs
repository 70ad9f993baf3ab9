//! Random lives of budgets beside the plainest possible model: a list of what was spent and held, added up anew for every
//! budget after every step.

mod rerate;

use super::budget_steps::{By, HOUR_MS, PROJECTS, Step, ZONES, any_step};
use super::decisions::name;
use super::make::NOW_MS;
use super::{World, audit};
use crate::ports::{
    Audit, BudgetChange, BudgetState, DecisionKind, DecisionRequest, Project, ReserveRequest, Reserved,
    ScanPlace, Settlement, TenantId, UsedFor,
};
use meterwire_core::amount::Amount;
use meterwire_core::budget::{
    Budget, BudgetPeriod, PeriodCalendar, Refusal, Scope, ScopeField, Standing, Wish,
};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, NewEvent, Rating};
use meterwire_core::limit::{Counts, Metric, Window};
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use meterwire_core::price::PriceId;
use std::collections::{BTreeMap, BTreeSet};

/// Values by field; a team is found when it is asked for.
type Values = BTreeMap<ScopeField, String>;

#[derive(Debug, Clone)]
struct Spent {
    values: Values,
    at_ms: i64,
    nanos: i64,
    /// The event that spent it, while it is not voided.
    event: Option<String>,
    /// Whether it is the cost of that event, and no other amount.
    is_cost: bool,
}

#[derive(Debug, Clone)]
struct Hold {
    id: String,
    values: Values,
    created_ms: i64,
    expires_ms: i64,
    nanos: i64,
    settled: bool,
}

struct Life<'a> {
    world: &'a World,
    tenant: TenantId,
    slug: String,
    now_ms: i64,
    zone: &'static str,
    spent: Vec<Spent>,
    holds: Vec<Hold>,
    budgets: Vec<Budget>,
    teams: BTreeMap<String, String>,
    /// Where the re-rating of the tenant is, once it has begun.
    rerated: Option<ScanPlace>,
    /// Events that it has changed: each only once.
    repriced: BTreeSet<i64>,
    /// How the two users are called; an erased one is met again as somebody new.
    erased: usize,
    made: usize,
}

fn priced(cost: i64) -> Rating {
    Rating::Priced { cost: CostNanos(cost), price_id: PriceId::new("p") }
}

/// What every budget says equals what the model adds up, whatever happened before.
pub fn every_budget_equals_the_model(world: &World) {
    world.check_property(40, proptest::collection::vec(any_step(), 1..40), async |world, steps| {
        let mut life = Life::begin(world).await;
        for step in steps {
            life.run(&step).await;
            life.compare(&step).await;
        }
        life.compare_past().await;
    });
}

impl<'a> Life<'a> {
    async fn begin(world: &'a World) -> Self {
        let tenant = world.new_tenant().await;
        let metric = Metric {
            name: name("cost_usd"),
            description: None,
            unit: None,
            window: Window::Month,
            timezone: "UTC".to_owned(),
            counts: Counts::CostUsd,
            created_ms: NOW_MS,
        };
        world
            .stores
            .limits
            .create_metric(tenant.id, metric, audit("metric.create", "cost_usd"))
            .await
            .unwrap();
        let default = world.stores.budgets.default_budget(tenant.id, NOW_MS).await.unwrap();
        Self {
            world,
            tenant: tenant.id,
            slug: tenant.slug,
            now_ms: NOW_MS,
            zone: "UTC",
            spent: Vec::new(),
            holds: Vec::new(),
            budgets: vec![default.budget],
            teams: BTreeMap::new(),
            rerated: None,
            repriced: BTreeSet::new(),
            erased: 0,
            made: 0,
        }
    }

    fn audit(&self, action: &'static str) -> Audit {
        Audit { at_ms: self.now_ms, ..audit(action, "budget") }
    }

    fn next(&mut self, what: &str) -> String {
        self.made += 1;
        format!("{what}-{:04}", self.made)
    }

    fn values(by: By) -> Values {
        let list = |place: usize, texts: [&'static str; 3]| place.checked_sub(1).map(|place| texts[place]);
        let named = [
            (ScopeField::User, list(by.user, ["u1", "u2", "u3"])),
            (ScopeField::Project, list(by.project, PROJECTS)),
            (ScopeField::Model, list(by.model, ["m1", "m2", "m3"])),
            (ScopeField::ApiKey, list(by.api_key, ["k1", "k2", "k3"])),
            (ScopeField::Department, list(by.department, ["d1", "d2", "d3"])),
        ];
        named.into_iter().filter_map(|(field, value)| Some((field, value?.to_owned()))).collect()
    }

    fn used_for(values: &Values) -> UsedFor {
        let value = |field| values.get(&field).cloned();
        UsedFor {
            project: value(ScopeField::Project),
            model: value(ScopeField::Model),
            api_key: value(ScopeField::ApiKey),
            department: value(ScopeField::Department),
            is_unpriced: false,
        }
    }

    fn scope(which: usize) -> Scope {
        let scopes: [&[(ScopeField, &str)]; 12] = [
            &[],
            &[(ScopeField::Project, "p1")],
            &[(ScopeField::Project, "p2")],
            &[(ScopeField::User, "u1")],
            &[(ScopeField::Model, "m1")],
            &[(ScopeField::ApiKey, "k1")],
            &[(ScopeField::Department, "d1")],
            &[(ScopeField::Team, "red")],
            &[(ScopeField::Team, "blue"), (ScopeField::Model, "m2")],
            &[(ScopeField::Project, "p1"), (ScopeField::Model, "m1")],
            &[(ScopeField::User, "u2"), (ScopeField::Project, "p3"), (ScopeField::Department, "d2")],
            &[(ScopeField::Project, "never")],
        ];
        Scope::of(scopes[which].iter().copied())
    }

    fn period(which: usize) -> BudgetPeriod {
        use BudgetPeriod::{Day, Month, Quarter, Week, Year};
        let custom = BudgetPeriod::parse("custom", Some("2026-11-03"), Some(5)).unwrap();
        [Day, Week, Month, Quarter, Year, custom][which]
    }

    fn event(&mut self, values: &Values, cost: i64, named: Option<i64>, at_ms: i64) -> Event {
        let mut sent = NewEvent { id: Some(self.next("e")), time_ms: Some(at_ms), ..NewEvent::default() };
        for (field, value) in values {
            if let Some(dimension) = field.dimension() {
                sent.labels.set(dimension, Some(value.clone()));
            }
        }
        sent.labels.set(Dimension::Provider, Some("openai".to_owned()));
        sent.metrics.extend(named.map(|nanos| ("cost_usd".to_owned(), Amount(nanos))));
        let fingerprint = sent.fingerprint();
        sent.complete(fingerprint, String::new, self.now_ms, priced(cost)).unwrap()
    }

    #[expect(clippy::too_many_lines, reason = "one arm a step")]
    async fn run(&mut self, step: &Step) {
        let stores = &self.world.stores;
        match *step {
            Step::Event(by, cost, named, ago) => {
                let (values, at_ms) = (Self::values(by), self.now_ms - ago * HOUR_MS);
                let event = self.event(&values, cost, named, at_ms);
                let nanos = named.unwrap_or(cost);
                let (id, is_cost) = (Some(event.id.clone()), named.is_none());
                self.spent.push(Spent { values, at_ms, nanos, event: id, is_cost });
                stores.ledger.append(self.tenant, vec![event]).await.unwrap();
            }
            Step::Void(which) => {
                let events: Vec<usize> =
                    (0..self.spent.len()).filter(|place| self.spent[*place].event.is_some()).collect();
                if let Some(place) = events.get(which % events.len().max(1)) {
                    let id = self.spent.remove(*place).event.unwrap();
                    stores.ledger.void(self.tenant, "default", &id, self.audit("event.void")).await.unwrap();
                }
            }
            Step::Rerate(which, cost) => {
                let events: Vec<usize> =
                    (0..self.spent.len()).filter(|place| self.spent[*place].event.is_some()).collect();
                if let Some(place) = events.get(which % events.len().max(1)) {
                    self.rerate(*place, cost).await;
                }
            }
            Step::Decide(consume, by, nanos) => self.decide(consume, by, nanos).await,
            Step::Reserve(by, nanos, ttl_ms) => self.reserve(by, nanos, ttl_ms).await,
            Step::Commit(which, nanos) => {
                if let Some(place) = self.open_hold(which) {
                    let settlement = Settlement::Commit(Some(Amount(nanos)));
                    self.settle(place, settlement).await;
                    let Hold { values, created_ms, .. } = self.holds[place].clone();
                    let (event, is_cost) = (None, false);
                    self.spent.push(Spent { values, at_ms: created_ms, nanos, event, is_cost });
                }
            }
            Step::CommitEvent(which, by, cost) => {
                if let Some(place) = self.open_hold(which) {
                    let hold = self.holds[place].clone();
                    let mut values = Self::values(by);
                    values.insert(ScopeField::User, hold.values[&ScopeField::User].clone());
                    let event = self.event(&values, cost, None, self.now_ms - HOUR_MS);
                    let id = event.id.clone();
                    self.settle(place, Settlement::CommitEvent(Box::new(event))).await;
                    // For whom the reservation says, and where it says nothing, the event; a department goes with its project.
                    let projects = [&hold.values, &values].map(|of| of.get(&ScopeField::Project));
                    if projects[0].is_some() && projects[1].is_some() && projects[0] != projects[1] {
                        values.remove(&ScopeField::Department);
                    }
                    let mut of = values;
                    of.extend(hold.values);
                    // What was committed stays, whatever the event is rated at later.
                    let (event, is_cost) = (Some(id), false);
                    self.spent.push(Spent {
                        values: of,
                        at_ms: hold.created_ms,
                        nanos: cost,
                        event,
                        is_cost,
                    });
                }
            }
            Step::Release(which) => {
                if let Some(place) =
                    self.open_hold(which).filter(|place| self.holds[*place].expires_ms > self.now_ms)
                {
                    self.settle(place, Settlement::Release).await;
                }
            }
            Step::Wait(ms) => self.now_ms += ms,
            Step::Make(scope, period, zone, hard) => {
                let budget = Budget {
                    id: self.next("z"),
                    name: "made".to_owned(),
                    amount: CostNanos(100),
                    period: Self::period(period),
                    timezone: zone.map(|zone| ZONES[zone].to_owned()),
                    scope: Self::scope(scope),
                    hard,
                    thresholds_ppm: vec![800_000],
                    is_default: false,
                    ..self.budgets[0].clone()
                };
                let made = stores
                    .budgets
                    .create_budget(self.tenant, budget.clone(), self.audit("budget.create"))
                    .await;
                // Twenty of one scope are too many.
                if made.is_ok() {
                    self.budgets.push(budget);
                }
            }
            Step::Change(which, scope, period, nanos) => {
                let place = which % self.budgets.len();
                let budget = &self.budgets[place];
                let scope = if budget.is_default { Scope::default() } else { Self::scope(scope) };
                let change = BudgetChange {
                    scope: Some(scope),
                    period: Some(Self::period(period)),
                    amount: Some(CostNanos(nanos)),
                    ..BudgetChange::default()
                };
                let audit = self.audit("budget.update");
                let changed =
                    stores.budgets.update_budget(self.tenant, &budget.id, change.clone(), audit).await;
                if changed.is_ok() {
                    self.budgets[place] = change.of(self.budgets[place].clone());
                }
            }
            Step::Delete(which) => {
                let place = which % self.budgets.len();
                let deleted = stores
                    .budgets
                    .delete_budget(self.tenant, &self.budgets[place].id, self.audit("budget.delete"))
                    .await;
                assert_eq!(deleted.is_ok(), place != 0, "only the default budget stays");
                if place != 0 {
                    self.budgets.remove(place);
                }
            }
            Step::TenantZone(zone) => {
                self.zone = ZONES[zone];
                let audit = self.audit("tenant.update");
                stores.catalog.update_tenant(self.tenant, &self.slug, self.zone, audit).await.unwrap();
            }
            Step::Team(project, team) => {
                let (slug, team) = (PROJECTS[project], team.map(|red| if red { "red" } else { "blue" }));
                self.set_team(slug, team).await;
            }
            Step::Erase(user) => self.erase(["u1", "u2", "u3"][user - 1]).await,
        }
    }

    fn open_hold(&self, which: usize) -> Option<usize> {
        let open: Vec<usize> = (0..self.holds.len()).filter(|place| !self.holds[*place].settled).collect();
        open.get(which % open.len().max(1)).copied()
    }

    async fn settle(&mut self, place: usize, settlement: Settlement) {
        let hold = &mut self.holds[place];
        hold.settled = true;
        let limits = &self.world.stores.limits;
        limits.settle(self.tenant, None, &hold.id, settlement, self.now_ms).await.unwrap();
    }

    async fn decide(&mut self, consume: bool, by: By, nanos: i64) {
        let values = Self::values(by);
        let request = DecisionRequest {
            kind: if consume { DecisionKind::Consume } else { DecisionKind::Increment },
            user: values[&ScopeField::User].clone(),
            amounts: vec![(name("cost_usd"), Amount(nanos))],
            used_for: Self::used_for(&values),
            idempotency_key: None,
        };
        let limits = &self.world.stores.limits;
        let (user, metric) = (request.user.clone(), name("cost_usd"));
        let checked = limits
            .check(self.tenant, &user, &metric, Amount(nanos), &request.used_for, self.now_ms)
            .await
            .unwrap();
        let decided =
            limits.decide(self.tenant, vec![request], self.now_ms).await.unwrap().remove(0).unwrap();
        let expected = self.refusal(&values, nanos);
        assert_eq!(checked.over_budget, expected, "a check");
        let expected = expected.filter(|_| consume);
        assert_eq!(decided.over_budget, expected, "a decision");
        if expected.is_none() {
            let (at_ms, event, is_cost) = (self.now_ms, None, false);
            self.spent.push(Spent { values, at_ms, nanos, event, is_cost });
        }
    }

    async fn reserve(&mut self, by: By, nanos: i64, ttl_ms: i64) {
        let values = Self::values(by);
        let request = ReserveRequest {
            id: self.next("hold"),
            user: values[&ScopeField::User].clone(),
            metric: name("cost_usd"),
            amount: Amount(nanos),
            ttl_ms,
            used_for: Self::used_for(&values),
            idempotency_key: None,
        };
        let id = request.id.clone();
        let expected = self.refusal(&values, nanos);
        let (reserved, _) =
            self.world.stores.limits.reserve(self.tenant, request, self.now_ms).await.unwrap();
        match reserved {
            Reserved::OverBudget { refusal, .. } => assert_eq!(Some(refusal), expected, "a reservation"),
            Reserved::Held(_) => {
                assert_eq!(expected, None, "a reservation");
                let (created_ms, expires_ms) = (self.now_ms, self.now_ms + ttl_ms);
                self.holds.push(Hold { id, values, created_ms, expires_ms, nanos, settled: false });
            }
            Reserved::Refused { .. } => unreachable!("there is no limit here"),
        }
    }

    async fn set_team(&mut self, slug: &str, team: Option<&str>) {
        let catalog = &self.world.stores.catalog;
        let project = Project {
            slug: slug.to_owned(),
            name: slug.to_owned(),
            department: None,
            team: team.map(str::to_owned),
            created_ms: self.now_ms,
        };
        if catalog.project(self.tenant, slug).await.unwrap().is_some() {
            catalog.update_project(self.tenant, project, self.audit("project.update")).await.unwrap();
        } else {
            catalog.create_project(self.tenant, project, self.audit("project.create")).await.unwrap();
        }
        match team {
            Some(team) => self.teams.insert(slug.to_owned(), team.to_owned()),
            None => self.teams.remove(slug),
        };
    }

    async fn erase(&mut self, user: &str) {
        self.erased += 1;
        let pseudonym = format!("erased-{}", self.erased);
        let catalog = &self.world.stores.catalog;
        if catalog.erase_user(self.tenant, user, &pseudonym, self.audit("user.erase")).await.is_err() {
            return;
        }
        let rename = |value: Option<&mut String>| {
            if let Some(value) = value.filter(|value| *value == user) {
                value.clone_from(&pseudonym);
            }
        };
        self.spent.iter_mut().for_each(|spent| rename(spent.values.get_mut(&ScopeField::User)));
        self.holds.iter_mut().for_each(|hold| rename(hold.values.get_mut(&ScopeField::User)));
        self.budgets.iter_mut().for_each(|budget| rename(budget.scope.0.get_mut(&ScopeField::User)));
    }

    /// Whether a scope takes in some usage, its team being that of its project now.
    fn takes(&self, scope: &Scope, values: &Values) -> bool {
        scope.takes(|field| match field {
            ScopeField::Team => self.teams.get(values.get(&ScopeField::Project)?).map(String::as_str),
            field => values.get(&field).map(String::as_str),
        })
    }

    fn calendar(&self, budget: &Budget) -> PeriodCalendar {
        PeriodCalendar::new(budget.period, budget.timezone.as_deref().unwrap_or(self.zone))
    }

    fn spent_of(&self, scope: &Scope, range: Range) -> i64 {
        let within = |spent: &&Spent| (range.from_ms..range.to_ms).contains(&spent.at_ms);
        self.spent
            .iter()
            .filter(within)
            .filter(|spent| self.takes(scope, &spent.values))
            .map(|spent| spent.nanos)
            .sum()
    }

    fn standing(&self, budget: &Budget) -> Standing {
        let range = self.calendar(budget).range(self.now_ms);
        let open = |hold: &&Hold| {
            !hold.settled
                && hold.expires_ms > self.now_ms
                && (range.from_ms..range.to_ms).contains(&hold.created_ms)
                && self.takes(&budget.scope, &hold.values)
        };
        let held = self.holds.iter().filter(open).map(|hold| hold.nanos).sum();
        let spent = self.spent_of(&budget.scope, range);
        Standing { amount: budget.amount, spent: CostNanos(spent), held: CostNanos(held), range }
    }

    fn refusal(&self, values: &Values, nanos: i64) -> Option<Refusal> {
        let wish = Wish { money: Some(nanos), ..Wish::default() };
        let mut asked = self.budgets.iter().filter(|budget| budget.hard && self.takes(&budget.scope, values));
        asked.find_map(|budget| Refusal::of(budget, &self.standing(budget), wish))
    }

    async fn compare(&self, step: &Step) {
        let budgets = &self.world.stores.budgets;
        let page = crate::ports::PageRequest { after: None, limit: 1_000 };
        let found = budgets.budgets(self.tenant, page, self.now_ms).await.unwrap().items;
        let expected: Vec<BudgetState> = self
            .budgets
            .iter()
            .map(|budget| BudgetState {
                budget: budget.clone(),
                timezone: budget.timezone.clone().unwrap_or_else(|| self.zone.to_owned()),
                standing: self.standing(budget),
            })
            .collect();
        let sorted = |mut states: Vec<BudgetState>| {
            states.sort_by(|a, b| a.budget.id.cmp(&b.budget.id));
            states
        };
        assert_eq!(sorted(found), sorted(expected), "after {step:?}");
    }

    /// The past is counted from usage.
    async fn compare_past(&self) {
        for budget in &self.budgets {
            let edges = self.calendar(budget).edges(self.now_ms, 14);
            let found =
                self.world.stores.budgets.spent_between(self.tenant, budget.scope.clone(), edges.clone());
            let found: Vec<i64> = found.await.unwrap().into_iter().map(|cost| cost.0).collect();
            let ranges = edges.windows(2).map(|pair| Range { from_ms: pair[0], to_ms: pair[1] });
            let expected: Vec<i64> = ranges.map(|range| self.spent_of(&budget.scope, range)).collect();
            assert_eq!(found, expected, "the past of {budget:?}");
        }
    }
}
