//! Limits: where a user stands, decisions, reservations, and the jobs behind them.

use crate::clock::new_id;
use crate::ports::{
    Audit, DecisionKind, DecisionRequest, ReserveRequest, Reserved, Role, Settlement, StoreError, TenantId,
    UsedFor, UserStanding,
};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::amount::Amount;
use meterwire_core::event::NewEvent;
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{
    Calendar, DEFAULT_HOLD_SECONDS, Decision, MAX_DECISIONS, MAX_HOLD_SECONDS, MAX_IDEMPOTENCY_KEY_BYTES,
    MetricName, Reservation, day_label,
};
use meterwire_core::name::check_label;

/// The most metrics of one decision.
const MAX_AMOUNTS: usize = 32;
/// The most amounts that the store is given at once: as many as a list of plain decisions has.
const MAX_AMOUNTS_AT_ONCE: usize = MAX_DECISIONS;

/// One wish to use something, as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decide {
    /// The user that is named; a member's and a key's own where there is none.
    pub user: Option<String>,
    /// How much of what.
    pub amounts: Vec<(MetricName, Amount)>,
    /// For what it is used, as it is named.
    pub used_for: UsedFor,
    /// Answered once.
    pub idempotency_key: Option<String>,
}

/// A wish of an array: read, or refused while reading.
pub type DecideItem = Result<Decide, Invalid>;

/// A wish to hold something, as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserve {
    /// The user that is named.
    pub user: Option<String>,
    /// What to hold.
    pub metric: MetricName,
    /// How much.
    pub amount: Amount,
    /// How long.
    pub ttl_seconds: Option<u32>,
    /// For what it is used, as it is named.
    pub used_for: UsedFor,
    /// Answered once.
    pub idempotency_key: Option<String>,
}

/// With what a reservation is committed.
#[derive(Debug, Clone, PartialEq)]
pub enum CommitWith {
    /// What was held.
    Held,
    /// What was really used, as it stands in JSON; `field` is what the caller calls it.
    Amount {
        /// `amount` or `cost_usd`.
        field: &'static str,
        /// A number, or a text with a decimal.
        json: String,
    },
    /// An event, recorded with it.
    Event(Box<NewEvent>),
}

impl Meterwire {
    /// Where a user stands on every metric.
    pub async fn limit_status(
        &self,
        caller: &Caller,
        named: Option<&str>,
        user: Option<String>,
    ) -> Result<(String, UserStanding), AppError> {
        let tenant = self.tenant_for(caller, named).await?;
        let user = user_for(caller, user)?;
        let standing = self.limits.standing(tenant.id, &user, self.now_ms()).await?;
        Ok((user, standing))
    }

    /// What a decision would find; changes nothing.
    pub async fn check_limit(
        &self,
        caller: &Caller,
        named: Option<&str>,
        user: Option<String>,
        metric: &MetricName,
        amount: Amount,
        used_for: UsedFor,
    ) -> Result<Decision, AppError> {
        let tenant = self.tenant_id_for(caller, named).await?;
        let user = user_for(caller, user)?;
        not_negative("amount", amount)?;
        let used_for = self.complete_use(caller, tenant, used_for).await?;
        Ok(self.limits.check(tenant, &user, metric, amount, &used_for, self.now_ms()).await?)
    }

    /// Takes one decision.
    pub async fn decide(
        &self,
        caller: &Caller,
        named: Option<&str>,
        kind: DecisionKind,
        decide: Decide,
    ) -> Result<Decision, AppError> {
        caller.require(Access::Decide)?;
        let tenant = self.tenant_id_for(caller, named).await?;
        let request = self.complete(caller, tenant, kind, decide).await?;
        let decided = self.limits.decide(tenant, vec![request], self.now_ms()).await?;
        let decision = decided.into_iter().next().unwrap_or(Err(StoreError::Busy));
        Ok(decision?)
    }

    /// Takes decisions in their order, each by itself.
    pub async fn decide_each(
        &self,
        caller: &Caller,
        named: Option<&str>,
        kind: DecisionKind,
        items: Vec<DecideItem>,
    ) -> Result<Vec<Result<Decision, AppError>>, AppError> {
        caller.require(Access::Decide)?;
        if !(1..=MAX_DECISIONS).contains(&items.len()) {
            let sentence = format!("one request may carry 1 to {MAX_DECISIONS} decisions");
            return Err(Invalid::new("body", sentence).into());
        }
        let tenant = self.tenant_id_for(caller, named).await?;
        let mut answers = Vec::with_capacity(items.len());
        let mut requests = Vec::with_capacity(items.len());
        for item in items {
            let completed = match item {
                Ok(decide) => self.complete(caller, tenant, kind, decide).await,
                Err(invalid) => Err(invalid.into()),
            };
            answers.push(completed.map(|request| requests.push(request)));
        }
        let (now_ms, mut decided) = (self.now_ms(), Vec::with_capacity(requests.len()));
        for part in parts(requests) {
            let count = part.len();
            match self.limits.decide(tenant, part, now_ms).await {
                Ok(verdicts) => decided.extend(verdicts),
                Err(error) if decided.is_empty() => return Err(error.into()),
                // What came before is recorded and must be told.
                Err(_) => decided.extend(std::iter::repeat_with(|| Err(StoreError::Busy)).take(count)),
            }
        }
        let mut decided = decided.into_iter();
        let filled = answers.into_iter().map(|answer| match answer {
            Ok(()) => Ok(decided.next().unwrap_or(Err(StoreError::Busy))?),
            Err(error) => Err(error),
        });
        Ok(filled.collect())
    }

    /// Holds an amount; tells too whether this is the remembered answer to a repeated key.
    pub async fn reserve(
        &self,
        caller: &Caller,
        named: Option<&str>,
        reserve: Reserve,
    ) -> Result<(Reserved, bool), AppError> {
        caller.require(Access::Decide)?;
        let tenant = self.tenant_id_for(caller, named).await?;
        let user = user_for(caller, reserve.user)?;
        check_key(reserve.idempotency_key.as_deref())?;
        let field = if reserve.metric.is_cost() { "cost_usd" } else { "amount" };
        not_negative(field, reserve.amount)?;
        let ttl_seconds = reserve.ttl_seconds.unwrap_or(DEFAULT_HOLD_SECONDS);
        if !(1..=MAX_HOLD_SECONDS).contains(&ttl_seconds) {
            let sentence = format!("ttl_seconds must be from 1 to {MAX_HOLD_SECONDS}");
            return Err(Invalid::new("ttl_seconds", sentence).into());
        }
        let used_for = self.complete_use(caller, tenant, reserve.used_for).await?;
        let request = ReserveRequest {
            id: new_id(),
            user,
            metric: reserve.metric,
            amount: reserve.amount,
            ttl_ms: i64::from(ttl_seconds) * 1000,
            used_for,
            idempotency_key: reserve.idempotency_key,
        };
        Ok(self.limits.reserve(tenant, request, self.now_ms()).await?)
    }

    /// One reservation of the caller's user, or of the tenant.
    pub async fn read_reservation(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<Reservation, AppError> {
        let tenant = self.tenant_id_for(caller, named).await?;
        let user = own_user(caller)?;
        let found = self.limits.reservation(tenant, user, id, self.now_ms()).await?;
        // One of another project is none of a key that is bound to a project.
        let found = found.filter(|found| caller.project.is_none() || caller.project == found.project);
        found.ok_or(AppError::NotFound("reservation"))
    }

    /// Settles a reservation with what was really used.
    pub async fn commit_reservation(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        with: CommitWith,
    ) -> Result<Reservation, AppError> {
        caller.require(Access::Decide)?;
        let tenant = self.tenant_id_for(caller, named).await?;
        self.require_its_project(caller, named, id).await?;
        let settlement = match with {
            CommitWith::Held => Settlement::Commit(None),
            CommitWith::Amount { field, json } => {
                let metric = self.read_reservation(caller, named, id).await?.metric;
                if (field == "cost_usd") != metric.is_cost() {
                    let expected = if metric.is_cost() { "cost_usd" } else { "amount" };
                    let sentence = format!("this reservation holds {metric}: commit it with {expected}");
                    return Err(Invalid::new(field, sentence).into());
                }
                let amount = metric.parse_amount(field, &json)?;
                not_negative(field, amount)?;
                Settlement::Commit(Some(amount))
            }
            CommitWith::Event(event) => {
                caller.require(Access::Record)?;
                let user = self.read_reservation(caller, named, id).await?.user;
                let event = self.event_of(caller, tenant, *event, &user).await?;
                Settlement::CommitEvent(Box::new(event))
            }
        };
        Ok(self.limits.settle(tenant, own_user(caller)?, id, settlement, self.now_ms()).await?)
    }

    /// Gives a reservation back.
    pub async fn release_reservation(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<Reservation, AppError> {
        caller.require(Access::Decide)?;
        let tenant = self.tenant_id_for(caller, named).await?;
        self.require_its_project(caller, named, id).await?;
        Ok(self.limits.settle(tenant, own_user(caller)?, id, Settlement::Release, self.now_ms()).await?)
    }

    /// Refuses a reservation of another project than the one the key is bound to. A reservation keeps its project, so this
    /// stays true while it is settled.
    async fn require_its_project(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<(), AppError> {
        if caller.project.is_some() {
            self.read_reservation(caller, named, id).await?;
        }
        Ok(())
    }

    /// One round of the jobs behind the limits: expired reservations give themselves back, and at midnight UTC the log and
    /// the audit log tell that a new day has begun. Nothing depends on it: windows follow the calendar by themselves.
    pub async fn run_limit_jobs(&self) -> Result<(), AppError> {
        let now_ms = self.now_ms();
        let expired = self.limits.sweep(now_ms).await?;
        if expired > 0 {
            tracing::info!(expired, "reservations expired");
        }
        let day = Calendar::Utc.day_of(now_ms);
        if self.limits_day.load(std::sync::atomic::Ordering::Relaxed) == day {
            return Ok(());
        }
        let date = day_label(day);
        let actor = "scheduler".to_owned();
        let audit = Audit { actor, action: "limits.reset", target: date.clone(), at_ms: now_ms };
        if self.limits.begin_day(day, audit).await? {
            tracing::info!(event = "limits.reset", %date, "daily limits start again: a new UTC day has begun");
        }
        self.limits_day.store(day, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    }

    async fn complete(
        &self,
        caller: &Caller,
        tenant: TenantId,
        kind: DecisionKind,
        decide: Decide,
    ) -> Result<DecisionRequest, AppError> {
        let user = user_for(caller, decide.user)?;
        check_key(decide.idempotency_key.as_deref())?;
        if !(1..=MAX_AMOUNTS).contains(&decide.amounts.len()) {
            let sentence = format!("one decision may name 1 to {MAX_AMOUNTS} metrics");
            return Err(Invalid::new("metrics", sentence).into());
        }
        if kind == DecisionKind::Consume {
            for (metric, amount) in &decide.amounts {
                if amount.0 < 0 {
                    let sentence = format!("the amount of {metric} must not be negative");
                    return Err(Invalid::new("amount", sentence).into());
                }
            }
        }
        let used_for = self.complete_use(caller, tenant, decide.used_for).await?;
        let Decide { amounts, idempotency_key, .. } = decide;
        Ok(DecisionRequest { kind, user, amounts, used_for, idempotency_key })
    }

    /// Checks for what something is used, and fills in what the server knows: the project of a key that is bound to one, its department,
    /// and whether the model has a price now.
    async fn complete_use(
        &self,
        caller: &Caller,
        tenant: TenantId,
        named: UsedFor,
    ) -> Result<UsedFor, AppError> {
        let UsedFor { project, model, api_key, department, .. } = named;
        for (field, text) in
            [("project", &project), ("model", &model), ("api_key", &api_key), ("department", &department)]
        {
            text.as_deref().map_or(Ok(()), |text| check_label(field, text))?;
        }
        let project = caller.project_for(project)?;
        let department = match (department, &project) {
            (None, Some(project)) => self.departments_of(tenant).await?.get(project).cloned(),
            (department, _) => department,
        };
        let is_unpriced = match &model {
            Some(model) => {
                let book = self.book_of(tenant).await?;
                let provider = book.book().provider_of_model(model);
                book.resolve(provider, model, self.now_ms()).is_none()
            }
            None => false,
        };
        Ok(UsedFor { project, model, api_key, department, is_unpriced })
    }

    /// The tenant's number, without the catalogue where the caller has its own.
    async fn tenant_id_for(&self, caller: &Caller, named: Option<&str>) -> Result<TenantId, AppError> {
        match (named, &caller.tenant) {
            (None, Some(own)) => Ok(own.id),
            _ => Ok(self.tenant_for(caller, named).await?.id),
        }
    }
}

/// Cuts a list into parts that are written one after the other, so that a list of long decisions does not hold up others.
fn parts(requests: Vec<DecisionRequest>) -> Vec<Vec<DecisionRequest>> {
    let mut parts: Vec<Vec<DecisionRequest>> = Vec::new();
    let mut amounts = 0;
    for request in requests {
        amounts += request.amounts.len();
        match parts.last_mut() {
            Some(part) if amounts <= MAX_AMOUNTS_AT_ONCE => part.push(request),
            _ => {
                amounts = request.amounts.len();
                parts.push(vec![request]);
            }
        }
    }
    parts
}

/// The user a decision is about: a member only itself, others whom they name, or their key's.
pub(crate) fn user_for(caller: &Caller, named: Option<String>) -> Result<String, AppError> {
    let user = match (own_user(caller)?, named) {
        (Some(own), Some(named)) if own != named => {
            return Err(AppError::Forbidden("a member acts for its own user only"));
        }
        (Some(own), _) => own.to_owned(),
        (None, Some(named)) => named,
        (None, None) => caller.user.clone().ok_or_else(|| {
            Invalid::new("user", "user is missing: name the user whose limits are meant, such as \"u-42\"")
        })?,
    };
    check_label("user", &user)?;
    Ok(user)
}

/// The only user that a member may act for; `None` for everybody else.
fn own_user(caller: &Caller) -> Result<Option<&str>, AppError> {
    if caller.role != Role::Member {
        return Ok(None);
    }
    let own = caller.user.as_deref();
    own.map(Some).ok_or(AppError::Forbidden("this member's token names no user"))
}

fn check_key(key: Option<&str>) -> Result<(), Invalid> {
    match key {
        Some(key) if key.is_empty() || key.len() > MAX_IDEMPOTENCY_KEY_BYTES => Err(Invalid::new(
            "idempotency_key",
            format!("idempotency_key must be 1 to {MAX_IDEMPOTENCY_KEY_BYTES} bytes long"),
        )),
        _ => Ok(()),
    }
}

fn not_negative(field: &str, amount: Amount) -> Result<(), Invalid> {
    if amount.0 < 0 {
        return Err(Invalid::new(field, format!("{field} must not be negative")));
    }
    Ok(())
}
