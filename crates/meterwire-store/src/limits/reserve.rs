//! Reservations: an amount is held, then committed, released, or given back when its time is over; each once.

use super::budgets::Spending;
use super::counters::{CountedEvent, Counters, amount_of, pinned_spot};
use super::decide::{Asked, find_overflow, over_budget, refusal, see_user, tier_of, used_by, wish};
use super::idempotency::Key;
use super::memory::{Spot, TenantMemory};
use crate::budget::SpentBy;
use crate::error::{Fault, Work};
use crate::session::Session;
use crate::sql::{Connection, OptionalExtension, Row, params};
use meterwire_app::ports::{
    ReserveRequest, Reserved, Settlement, StoreError, StoreResult, TenantId, UsedFor, Verdict,
};
use meterwire_core::amount::Amount;
use meterwire_core::event::Event;
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{MetricName, Reservation, ReservationStatus};

/// The most open reservations of one tenant.
const MAX_OPEN: usize = 100_000;

/// A reservation as it is stored, with what only the store needs.
pub(super) struct Hold {
    reservation: Reservation,
    metric_id: Option<i64>,
    first_day: i32,
    day: i32,
    event_seq: Option<i64>,
    api_key: Option<String>,
    department: Option<String>,
}

impl Hold {
    /// Whose money it is.
    fn by(&self) -> SpentBy<'_> {
        SpentBy {
            user: Some(&self.reservation.user),
            project: self.reservation.project.as_deref(),
            model: self.reservation.model.as_deref(),
            api_key: self.api_key.as_deref(),
            department: self.department.as_deref(),
        }
    }
}

/// Holds an amount, unless its key was answered before; tells whether it was.
pub(super) fn reserve(
    session: &mut Session,
    tenant: TenantId,
    request: &ReserveRequest,
    now_ms: i64,
) -> Work<StoreResult<(Reserved, bool)>> {
    session.require_tenant(tenant)?;
    let Session { connection, counters, .. } = session;
    counters.expire(connection, now_ms)?;
    let Some(key) = &request.idempotency_key else {
        return Ok(
            reserve_one(connection, counters, tenant, request, now_ms)?.map(|reserved| (reserved, false))
        );
    };
    let what = format!("{}={} {}", request.metric, request.amount.0, request.ttl_ms);
    let UsedFor { project, model, api_key, department, is_unpriced: _ } = &request.used_for;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut parts = vec![request.user.clone(), what, text(project), text(model)];
    // Keys of requests that name none of these are what they always were.
    if api_key.is_some() || department.is_some() {
        parts.extend([text(api_key), text(department)]);
    }
    let key = Key::new(tenant, key, "reserve", parts.iter().map(String::as_bytes));
    if let Some(known) = key.find::<Reserved>(connection, &counters.pending.answers, now_ms)? {
        return Ok(known.map(|reserved| (reserved, true)));
    }
    let reserved = reserve_one(connection, counters, tenant, request, now_ms)?;
    if let Ok(reserved) = &reserved {
        key.keep(&mut counters.pending.answers, reserved, now_ms)?;
    }
    Ok(reserved.map(|reserved| (reserved, false)))
}

fn reserve_one(
    connection: &Connection,
    counters: &mut Counters,
    of: TenantId,
    request: &ReserveRequest,
    now_ms: i64,
) -> Work<StoreResult<Reserved>> {
    let shared = counters.shared();
    let mut memory = shared.lock();
    memory.tenant_with_budgets(connection, of, now_ms)?;
    let tenant = memory.tenant_with_user(connection, of, &request.user)?;
    if tenant.open_holds(connection, of)? >= MAX_OPEN {
        let sentence = format!("the tenant has {MAX_OPEN} open reservations; commit or release some");
        return Ok(Err(StoreError::Conflict(sentence)));
    }
    let spot = match tenant.book.require(&request.metric) {
        Ok(place) => Some(Spot::new(&tenant.book, place, now_ms)),
        // Money is held even where the tenant does not count it.
        Err(_) if request.metric.is_cost() => None,
        Err(invalid) => return Ok(Err(invalid.into())),
    };
    if let Some(spot) = spot {
        tenant.load(connection, &mut counters.pending, of, &request.user, spot)?;
        if let Some(standing) = refusal(tenant, &request.user, spot, request.amount) {
            let tier = tier_of(tenant, &request.user);
            return Ok(Ok(Reserved::Refused { standing, tier }));
        }
        let amounts = [(request.metric.clone(), request.amount)];
        if let Some(full) = find_overflow(tenant, &request.user, &[spot], &amounts) {
            return Ok(Err(full));
        }
    }
    let by = used_by(&request.user, &request.used_for);
    let wish = wish(&[(request.metric.clone(), request.amount)], &request.used_for);
    if let Some(refusal) = over_budget(connection, tenant, &mut counters.pending, &by, wish, now_ms)? {
        let standing = spot.and_then(|spot| tenant.standings(&request.user, spot)).map(|(own, _)| own);
        return Ok(Ok(Reserved::OverBudget { refusal, standing, tier: tier_of(tenant, &request.user) }));
    }
    see_user(tenant, &mut counters.pending, of, &request.user, now_ms);
    let expires_ms = now_ms + request.ttl_ms;
    let metric_id = spot.map(|spot| tenant.book.metrics[spot.place].id);
    connection.prepare_cached(include_str!("../../sql/reservation/insert.sql"))?.execute(params![
        of.0,
        request.id,
        request.user,
        request.metric.as_str(),
        metric_id,
        request.amount.0,
        spot.map_or(0, |spot| spot.span.first_day),
        spot.map_or(0, |spot| spot.span.day),
        now_ms,
        expires_ms,
        request.used_for.project,
        request.used_for.model,
        request.used_for.api_key,
        request.used_for.department
    ])?;
    if let Some(spot) = spot {
        tenant.add(&request.user, spot.place, spot.span.first_day, 0, request.amount.0.into());
    }
    if request.metric.is_cost()
        && let Some(budgets) = &mut tenant.budgets
    {
        budgets.hold(&by, now_ms, request.amount.0.into());
    }
    tenant.count_hold(true);
    counters.will_expire(expires_ms);
    Ok(Ok(Reserved::Held(Reservation {
        id: request.id.clone(),
        user: request.user.clone(),
        metric: request.metric.clone(),
        amount: request.amount.0,
        status: ReservationStatus::Held,
        created_ms: now_ms,
        expires_ms,
        settled_ms: None,
        committed: None,
        after_expiry: false,
        project: request.used_for.project.clone(),
        model: request.used_for.model.clone(),
        tier: tier_of(tenant, &request.user),
        standing: spot.and_then(|spot| tenant.standings(&request.user, spot)).map(|(own, _)| own),
    })))
}

/// Ends a reservation; the same end again gets the same answer.
pub(super) fn settle(
    session: &mut Session,
    tenant: TenantId,
    user: Option<&str>,
    id: &str,
    settlement: &Settlement,
    now_ms: i64,
) -> Work<StoreResult<Reservation>> {
    session.require_tenant(tenant)?;
    session.counters.expire(&session.connection, now_ms)?;
    let found = find(&session.connection, tenant, id)?;
    let Some(hold) = found.filter(|hold| user.is_none_or(|user| user == hold.reservation.user)) else {
        return Ok(Err(StoreError::NotFound("reservation")));
    };
    let settled = match settlement {
        Settlement::Release => release(session, tenant, hold, now_ms)?,
        Settlement::Commit(amount) => commit(session, tenant, hold, *amount, None, now_ms)?,
        Settlement::CommitEvent(event) => commit_event(session, tenant, hold, event, now_ms)?,
    };
    match settled {
        Ok(hold) => Ok(Ok(with_standing(session, tenant, hold.reservation, now_ms)?)),
        Err(refused) => Ok(Err(refused)),
    }
}

fn release(session: &mut Session, tenant: TenantId, mut hold: Hold, now_ms: i64) -> Work<StoreResult<Hold>> {
    match hold.reservation.status {
        ReservationStatus::Held => {}
        // It was given back already, by whoever was first.
        ReservationStatus::Released | ReservationStatus::Expired => return Ok(Ok(hold)),
        ReservationStatus::Committed => {
            return Ok(Err(StoreError::Conflict("the reservation was committed".to_owned())));
        }
    }
    hold.reservation.status = ReservationStatus::Released;
    hold.reservation.settled_ms = Some(now_ms);
    write_settled(session, tenant, &hold)?;
    let shared = session.counters.shared();
    let mut memory = shared.lock();
    give_back(memory.tenant(&session.connection, tenant)?, &hold);
    Ok(Ok(hold))
}

fn commit(
    session: &mut Session,
    tenant: TenantId,
    mut hold: Hold,
    amount: Option<Amount>,
    event: Option<(i64, &Event)>,
    now_ms: i64,
) -> Work<StoreResult<Hold>> {
    let units = amount.map_or(hold.reservation.amount, |amount| amount.0);
    let was = hold.reservation.status;
    match was {
        ReservationStatus::Held | ReservationStatus::Expired => {}
        ReservationStatus::Committed if hold.reservation.committed == Some(units) => return Ok(Ok(hold)),
        ReservationStatus::Committed => {
            let sentence = "the reservation was committed with another amount".to_owned();
            return Ok(Err(StoreError::Conflict(sentence)));
        }
        ReservationStatus::Released => {
            let sentence = "the reservation was released; record what was used with increment".to_owned();
            return Ok(Err(StoreError::Conflict(sentence)));
        }
    }
    // Before it is settled, so that it is known to be held and can be given back.
    let shared = session.counters.shared();
    shared.lock().tenant_with_budgets(&session.connection, tenant, now_ms)?;
    let reservation = &mut hold.reservation;
    reservation.status = ReservationStatus::Committed;
    reservation.settled_ms = Some(now_ms);
    reservation.committed = Some(units);
    reservation.after_expiry = was == ReservationStatus::Expired;
    hold.event_seq = event.map(|(seq, _)| seq);
    write_settled(session, tenant, &hold)?;
    let Session { connection, counters, .. } = session;
    let mut memory = shared.lock();
    memory.tenant_with_budgets(connection, tenant, now_ms)?;
    let memory = memory.tenant_with_user(connection, tenant, &hold.reservation.user)?;
    if was == ReservationStatus::Held {
        give_back(memory, &hold);
    }
    if hold.reservation.metric.is_cost() {
        let whose = hold.by();
        let by = event.map_or(whose, |(_, event)| SpentBy::of_settled(whose, &SpentBy::of_event(event)));
        let spending = Spending { by, at_ms: hold.reservation.created_ms, amount: units, now_ms };
        counters.spend_decided(connection, memory, tenant, &spending)?;
    }
    if let Some(place) = hold.metric_id.and_then(|id| memory.book.place_of_id(id)) {
        let spot = pinned(memory, place, &hold, now_ms);
        counters.add(connection, memory, tenant, &hold.reservation.user, spot, units)?;
    }
    Ok(Ok(hold))
}

/// The event is recorded in the same transaction; the held metric counts it by the reservation, not by the event.
fn commit_event(
    session: &mut Session,
    tenant: TenantId,
    hold: Hold,
    event: &Event,
    now_ms: i64,
) -> Work<StoreResult<Hold>> {
    let metric = hold.reservation.metric.clone();
    let units = event_units(session, tenant, &hold, event)?;
    if hold.reservation.status == ReservationStatus::Released {
        return commit(session, tenant, hold, Some(units), None, now_ms);
    }
    if hold.reservation.status == ReservationStatus::Committed {
        let known = session.recorded_seq(tenant, event)?;
        // An event that had come by itself was counted then: the reservation was settled with nothing.
        let came_before = hold.event_seq.is_none() && hold.reservation.committed == Some(0);
        if known.is_some() && (known == hold.event_seq || came_before) {
            return Ok(Ok(hold));
        }
        return Ok(Err(StoreError::Conflict("the reservation was committed with something else".to_owned())));
    }
    match session.append_settled(tenant, event, &metric)? {
        Some(Verdict::Stored) => {
            let seq = session.recorded_seq(tenant, event)?;
            let seq =
                seq.ok_or_else(|| Fault::Damaged("an event that was just recorded is not there".to_owned()))?;
            commit(session, tenant, hold, Some(units), Some((seq, event)), now_ms)
        }
        // It came by itself before and was counted then: nothing is left to count.
        Some(Verdict::Duplicate) => commit(session, tenant, hold, Some(Amount(0)), None, now_ms),
        _ => Ok(Err(StoreError::Conflict(
            "an event with this id and other content was recorded before".to_owned(),
        ))),
    }
}

/// What the event counts into the held metric; what was held where events do not count into it.
fn event_units(session: &mut Session, tenant: TenantId, hold: &Hold, event: &Event) -> Work<Amount> {
    use meterwire_core::limit::Counts;
    let metric = &hold.reservation.metric;
    let shared = session.counters.shared();
    let mut memory = shared.lock();
    let book = memory.tenant(&session.connection, tenant)?.book.clone();
    let counts = match hold.metric_id.and_then(|id| book.place_of_id(id)) {
        Some(place) => book.metrics[place].counts,
        None => Counts::default_of(metric),
    };
    if counts == Counts::Decisions {
        return Ok(Amount(hold.reservation.amount));
    }
    Ok(Amount(amount_of(counts, metric, &CountedEvent::of_event(event))))
}

/// The window that was pinned when the hold was made; a level is that of now.
fn pinned(memory: &TenantMemory, place: usize, hold: &Hold, now_ms: i64) -> Spot {
    use meterwire_core::limit::Window;
    let spot = Spot::new(&memory.book, place, now_ms);
    if memory.book.metrics[place].window == Window::Level {
        return spot;
    }
    let mut pinned = pinned_spot(spot, hold.day);
    pinned.span.first_day = hold.first_day;
    pinned
}

fn give_back(memory: &mut TenantMemory, hold: &Hold) {
    memory.count_hold(false);
    if let Some(place) = hold.metric_id.and_then(|id| memory.book.place_of_id(id)) {
        let held = -i128::from(hold.reservation.amount);
        memory.add(&hold.reservation.user, place, hold.first_day, 0, held);
    }
    if hold.reservation.metric.is_cost()
        && let Some(budgets) = &mut memory.budgets
    {
        budgets.hold(&hold.by(), hold.reservation.created_ms, -i128::from(hold.reservation.amount));
    }
}

fn with_standing(
    session: &mut Session,
    of: TenantId,
    mut reservation: Reservation,
    now_ms: i64,
) -> Work<Reservation> {
    let Session { connection, counters, .. } = session;
    let shared = counters.shared();
    let mut memory = shared.lock();
    let tenant = memory.tenant_with_user(connection, of, &reservation.user)?;
    if let Some(place) = tenant.book.place_of(&reservation.metric) {
        let spot = Spot::new(&tenant.book, place, now_ms);
        tenant.load(connection, &mut counters.pending, of, &reservation.user, spot)?;
        reservation.standing = tenant.standings(&reservation.user, spot).map(|(own, _)| own);
    }
    reservation.tier = tier_of(tenant, &reservation.user);
    Ok(reservation)
}

fn write_settled(session: &mut Session, tenant: TenantId, hold: &Hold) -> Work<()> {
    session.counters.holds_changed();
    let reservation = &hold.reservation;
    session.connection.prepare_cached(include_str!("../../sql/reservation/settle.sql"))?.execute(params![
        reservation.status.name(),
        reservation.settled_ms,
        reservation.committed,
        reservation.after_expiry,
        hold.event_seq,
        tenant.0,
        reservation.id
    ])?;
    Ok(())
}

/// One reservation; the user's tier and standing are not known here.
pub(super) fn find(connection: &Connection, tenant: TenantId, id: &str) -> Work<Option<Hold>> {
    let found = connection
        .prepare_cached(include_str!("../../sql/reservation/one.sql"))?
        .query_row(params![tenant.0, id], from_row)
        .optional()?;
    Ok(found)
}

fn from_row(row: &Row<'_>) -> crate::sql::Result<Hold> {
    let unknown = |invalid: Invalid| crate::sql::Error::unreadable(2, invalid.to_string());
    let status: String = row.get(7)?;
    let status = match status.as_str() {
        "held" => ReservationStatus::Held,
        "committed" => ReservationStatus::Committed,
        "released" => ReservationStatus::Released,
        _ => ReservationStatus::Expired,
    };
    let reservation = Reservation {
        id: row.get(0)?,
        user: row.get(1)?,
        metric: MetricName::parse("metric", &row.get::<_, String>(2)?).map_err(unknown)?,
        amount: row.get(4)?,
        status,
        created_ms: row.get(8)?,
        expires_ms: row.get(9)?,
        settled_ms: row.get(10)?,
        committed: row.get(11)?,
        after_expiry: row.get(12)?,
        project: row.get(13)?,
        model: row.get(14)?,
        tier: String::new(),
        standing: None,
    };
    Ok(Hold {
        reservation,
        metric_id: row.get(3)?,
        first_day: row.get(5)?,
        day: row.get(6)?,
        event_seq: row.get(15)?,
        api_key: row.get(16)?,
        department: row.get(17)?,
    })
}

/// One reservation from a snapshot. One whose time is over is shown as expired, whether or not that is written yet.
pub(super) fn look(
    connection: &Connection,
    tenant: TenantId,
    user: Option<&str>,
    id: &str,
    now_ms: i64,
) -> Work<Option<Reservation>> {
    let found = find(connection, tenant, id)?;
    let Some(hold) = found.filter(|hold| user.is_none_or(|user| user == hold.reservation.user)) else {
        return Ok(None);
    };
    let mut reservation = hold.reservation;
    if reservation.status == ReservationStatus::Held && reservation.expires_ms <= now_ms {
        reservation.status = ReservationStatus::Expired;
        reservation.settled_ms = Some(reservation.expires_ms);
    }
    let used_for = UsedFor::default();
    let (user, metric) = (&reservation.user, &reservation.metric);
    let asked = Asked { user, metric, amount: Amount(0), used_for: &used_for };
    let looked = super::decide::look(connection, tenant, &asked, now_ms);
    match looked {
        Ok(decision) => {
            reservation.tier = decision.tier;
            reservation.standing = decision.standings.into_iter().next();
        }
        // Money that the tenant does not count.
        Err(Fault::Answer(StoreError::Invalid(_))) => {
            reservation.tier = super::decide::tier(connection, tenant, &reservation.user)?;
        }
        Err(fault) => return Err(fault),
    }
    Ok(Some(reservation))
}
