//! Recording usage: one verdict an event, one bad event never spoils its batch.

use crate::clock::new_id;
use crate::departments::DepartmentOf;
use crate::ports::{TenantId, Verdict};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, NewEvent, Rating};
use meterwire_core::invalid::Invalid;
use meterwire_core::price::TenantBook;
use std::collections::HashMap;
use std::sync::Arc;

/// One event as it came in: decoded, or refused while decoding.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The id it came with, to be named in the answer even where the event is refused.
    pub id: Option<String>,
    /// The tenant it names; only an admin may name one.
    pub tenant: Option<String>,
    /// The event, or why it is none.
    pub event: Result<NewEvent, Invalid>,
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Stored, duplicate or conflict.
    Recorded(Verdict),
    /// Refused; nothing was changed.
    Rejected(Invalid),
}

/// What became of a batch, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestReply {
    /// For every event its id (sent or made) and what became of it.
    pub outcomes: Vec<(Option<String>, Outcome)>,
}

impl IngestReply {
    /// How many events had this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::Recorded(verdict)).count()
    }

    /// How many events were refused.
    pub fn rejected(&self) -> usize {
        self.outcomes.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Rejected(_))).count()
    }
}

struct TenantBatch {
    id: TenantId,
    book: Arc<TenantBook>,
    departments: DepartmentOf,
    events: Vec<Event>,
    /// Where in the whole batch each event stands.
    places: Vec<usize>,
}

impl Meterwire {
    /// Records events. `named` is the tenant that an admin names for the whole batch.
    pub async fn ingest(
        &self,
        caller: &Caller,
        named: Option<&str>,
        sent: Vec<Sent>,
    ) -> Result<IngestReply, AppError> {
        caller.require(Access::Record)?;
        let fallback = match (named, &caller.tenant) {
            (None, None) => None,
            _ => Some(self.tenant_for(caller, named).await?.slug),
        };
        let now_ms = self.now_ms();
        let mut outcomes: Vec<(Option<String>, Outcome)> = Vec::with_capacity(sent.len());
        let mut batches: HashMap<String, Option<TenantBatch>> = HashMap::new();
        for (place, Sent { id, tenant, event }) in sent.into_iter().enumerate() {
            let completed = match tenant.or_else(|| fallback.clone()) {
                Some(slug) => {
                    if !batches.contains_key(&slug) {
                        let batch = self.open_batch(caller, &slug).await?;
                        batches.insert(slug.clone(), batch);
                    }
                    let batch = batches.get_mut(&slug).and_then(Option::as_mut);
                    complete(caller, batch, event, place, now_ms)
                }
                None => Err(Invalid::new(
                    "tenant",
                    "an admin token must name the tenant: ?tenant= or in the event",
                )),
            };
            outcomes.push(match completed {
                // The verdict is filled in below, from the ledger.
                Ok(made) => (Some(made), Outcome::Recorded(Verdict::Stored)),
                Err(invalid) => (id, Outcome::Rejected(invalid)),
            });
        }
        for batch in batches.into_values().flatten().filter(|batch| !batch.events.is_empty()) {
            let verdicts = self.ledger.append(batch.id, batch.events).await?;
            for (place, verdict) in batch.places.into_iter().zip(verdicts) {
                outcomes[place].1 = Outcome::Recorded(verdict);
            }
        }
        Ok(IngestReply { outcomes })
    }

    /// A batch for a tenant that the caller may write to; `None` where there is no such tenant for this caller.
    async fn open_batch(&self, caller: &Caller, slug: &str) -> Result<Option<TenantBatch>, AppError> {
        match self.tenant_for(caller, Some(slug)).await {
            Ok(tenant) => {
                let book = self.book_of(tenant.id).await?;
                let departments = self.departments_of(tenant.id).await?;
                let (events, places) = (Vec::new(), Vec::new());
                Ok(Some(TenantBatch { id: tenant.id, book, departments, events, places }))
            }
            Err(AppError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Meterwire {
    /// One event of a user, checked, filled in and rated, as it is recorded with a reservation.
    pub(crate) async fn event_of(
        &self,
        caller: &Caller,
        tenant: TenantId,
        event: NewEvent,
        user: &str,
    ) -> Result<Event, AppError> {
        let mut event = event;
        match event.labels.get(Dimension::User) {
            None => event.labels.set(Dimension::User, Some(user.to_owned())),
            Some(named) if named == user => {}
            Some(_) => {
                let sentence = format!("the reservation is of the user {user}; the event names another");
                return Err(Invalid::new("event.user", sentence).into());
            }
        }
        let inside = |invalid: Invalid| Invalid { field: format!("event.{}", invalid.field), ..invalid };
        event.validate().map_err(inside)?;
        let book = self.book_of(tenant).await?;
        let departments = self.departments_of(tenant).await?;
        Ok(rated(caller, &book, &departments, event, self.now_ms()).map_err(inside)?)
    }
}

/// Checks, fills in and rates one event and puts it into its batch; returns its id.
fn complete(
    caller: &Caller,
    batch: Option<&mut TenantBatch>,
    event: Result<NewEvent, Invalid>,
    place: usize,
    now_ms: i64,
) -> Result<String, Invalid> {
    let event = event?;
    event.validate()?;
    let batch = batch.ok_or_else(|| Invalid::new("tenant", "no such tenant"))?;
    let event = rated(caller, &batch.book, &batch.departments, event, now_ms)?;
    let id = event.id.clone();
    batch.events.push(event);
    batch.places.push(place);
    Ok(id)
}

/// Fills in and rates one event that was checked.
fn rated(
    caller: &Caller,
    book: &TenantBook,
    departments: &DepartmentOf,
    event: NewEvent,
    now_ms: i64,
) -> Result<Event, Invalid> {
    let time_ms = event.time_or(now_ms)?;
    let mut event = event;
    let fingerprint = event.fingerprint();
    let named = event.labels.get(Dimension::Project).map(str::to_owned);
    let project =
        caller.project_for(named).map_err(|refused| Invalid::new("project", refused.to_string()))?;
    event.labels.set(Dimension::Project, project);
    fill_in(caller, book, departments, &mut event);
    let rating = rate(book, &event, time_ms);
    event.complete(fingerprint, new_id, now_ms, rating)
}

/// Fills in what the server knows better than nothing: the key's user, the project's department, the provider of a known
/// model.
fn fill_in(caller: &Caller, book: &TenantBook, departments: &DepartmentOf, event: &mut NewEvent) {
    let labels = &mut event.labels;
    if labels.get(Dimension::User).is_none() {
        labels.set(Dimension::User, caller.user.clone());
    }
    if labels.get(Dimension::Department).is_none()
        && let Some(department) = labels.get(Dimension::Project).and_then(|project| departments.get(project))
    {
        labels.set(Dimension::Department, Some(department.clone()));
    }
    let provider = match (labels.get(Dimension::Provider), labels.get(Dimension::Model)) {
        (Some(named), _) => book.book().canonical_provider(named),
        (None, Some(model)) => book.book().provider_of_model(model),
        (None, None) => None,
    };
    if let Some(provider) = provider.map(str::to_owned) {
        labels.set(Dimension::Provider, Some(provider));
    }
}

fn rate(book: &TenantBook, event: &NewEvent, time_ms: i64) -> Rating {
    if let Some(cost) = event.cost {
        return Rating::Given(cost);
    }
    let label = |dimension| event.labels.get(dimension);
    let model = label(Dimension::Model);
    let price = model.and_then(|model| book.resolve(label(Dimension::Provider), model, time_ms));
    Rating::by_price(price, &event.tokens, label(Dimension::ServiceTier))
}
