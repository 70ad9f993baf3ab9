"""Every verb as a value: which request it is, and how its answer is read. Both clients send these and add no rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Callable, Generic, Optional, TypeVar, Union
from urllib.parse import quote

from meterwire._wire import Amount, amount_to_wire, new_event_id, new_key, plain, time_to_wire, utc_now
from meterwire.models import (
    BulkDecision,
    Decision,
    HistoryDay,
    NearLimit,
    Reservation,
    ResetDone,
    Status,
    TopUser,
    User,
    Verdict,
)

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Body = Union[Mapping[str, Any], Sequence[Mapping[str, Any]]]

MAX_ITEMS = 10_000
"""The most items of one list; the server's own bound."""


@dataclass(frozen=True)
class Answer:
    """A good answer: its JSON, fractions exact."""

    data: Any
    replayed: bool


@dataclass(frozen=True)
class Call(Generic[T_co]):
    """One request. Repeatable: sending it twice does no more than sending it once."""

    method: str
    path: str
    read: Callable[[Answer], T_co]
    body: Optional[Body] = None
    query: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True

    def as_plain(self) -> "Call[dict[str, Any]]":
        """The same call, answered with the server's JSON as it is."""
        return replace(self, read=lambda answer: plain(answer.data))  # type: ignore[return-value]


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def status(user: Optional[str]) -> Call[Status]:
    return Call("GET", "/api/usage/status", lambda a: Status.from_api(a.data), query=_given(user=user))


def check_limit(metric: str, amount: Amount, user: Optional[str]) -> Call[Decision]:
    body = _given(metric=metric, amount=amount_to_wire(amount), user=user)
    return Call("POST", "/api/usage/check-limit", lambda a: Decision.from_api(a.data), body)


def single(verb: str, metric: str, amount: Amount, user: Optional[str], key: Optional[str]) -> Call[Decision]:
    """`consume` or `increment` of one metric."""
    body = _given(metric=metric, amount=amount_to_wire(amount), user=user, idempotency_key=key or new_key())
    return Call("POST", f"/api/usage/{verb}", lambda a: Decision.from_api(a.data, a.replayed), body)


def bulk(verb: str, metrics: Mapping[str, Amount], user: Optional[str], key: Optional[str]) -> Call[BulkDecision]:
    """`consume` or `increment` of several metrics, all or nothing."""
    amounts = {name: amount_to_wire(amount) for name, amount in metrics.items()}
    body = _given(metrics=amounts, user=user, idempotency_key=key or new_key())
    return Call("POST", f"/api/usage/{verb}", lambda a: BulkDecision.from_api(a.data, a.replayed), body)


def consume_list(items: Sequence[Mapping[str, Any]], user: Optional[str]) -> Call[list[Verdict]]:
    """A list, each item with its own verdict. Each gets its own key, so that the list can be sent again as a whole."""
    if len(items) > MAX_ITEMS:
        raise ValueError(f"one call takes at most {MAX_ITEMS} items, not {len(items)}")
    body = [_item(item, user) for item in items]

    def read(answer: Answer) -> list[Verdict]:
        return [Verdict.from_api(result) for result in answer.data["results"]]

    return Call("POST", "/api/usage/consume", read, body)


def _item(item: Mapping[str, Any], user: Optional[str]) -> dict[str, Any]:
    body = {"idempotency_key": new_key(), **_given(user=user), **item}
    if "amount" in body:
        body["amount"] = amount_to_wire(body["amount"])
    if "metrics" in body:
        body["metrics"] = {name: amount_to_wire(amount) for name, amount in body["metrics"].items()}
    return body


@dataclass(frozen=True)
class HoldRequest:
    """What to hold: an amount of a metric, or money."""

    metric: Optional[str] = None
    amount: Amount = 1
    cost_usd: Optional[Amount] = None
    project: Optional[str] = None
    model: Optional[str] = None
    user: Optional[str] = None
    ttl_seconds: Optional[int] = None
    idempotency_key: Optional[str] = None

    def __post_init__(self) -> None:
        if (self.metric is None) == (self.cost_usd is None):
            raise ValueError("a reservation holds either an amount of a metric or cost_usd")
        if self.metric is not None and (self.project is not None or self.model is not None):
            raise ValueError("project and model belong to a reservation of cost_usd")


def reserve(request: HoldRequest) -> Call[Reservation]:
    body = _given(
        user=request.user,
        ttl_seconds=request.ttl_seconds,
        idempotency_key=request.idempotency_key or new_key(),
    )
    if request.metric is not None:
        body.update(metric=request.metric, amount=amount_to_wire(request.amount))
    elif request.cost_usd is not None:
        body.update(_money(request.cost_usd), **_given(project=request.project, model=request.model))
    return Call("POST", "/api/usage/reservations", lambda a: Reservation.from_api(a.data), body)


def read_reservation(reservation_id: str) -> Call[Reservation]:
    return Call("GET", _reservation(reservation_id), lambda a: Reservation.from_api(a.data))


def commit(
    reservation_id: str,
    amount: Optional[Amount] = None,
    cost_usd: Optional[Amount] = None,
    event: Optional[Mapping[str, Any]] = None,
) -> Call[Reservation]:
    """Settles with the actual amount, or money, or event; with none of them as it was held."""
    if sum(given is not None for given in (amount, cost_usd, event)) > 1:
        raise ValueError("a commit takes one of amount, cost_usd and event")
    body: dict[str, Any] = {}
    if amount is not None:
        body["amount"] = amount_to_wire(amount)
    if cost_usd is not None:
        body.update(_money(cost_usd))
    if event is not None:
        body["event"] = complete_event(event)
    path = _reservation(reservation_id) + "/commit"
    return Call("POST", path, lambda a: Reservation.from_api(a.data), body)


def release(reservation_id: str) -> Call[Reservation]:
    return Call("DELETE", _reservation(reservation_id), lambda a: Reservation.from_api(a.data))


def _reservation(reservation_id: str) -> str:
    return "/api/usage/reservations/" + quote(reservation_id, safe="")


def _money(cost_usd: Amount) -> dict[str, Any]:
    wire = amount_to_wire(cost_usd)
    # Money is a decimal string under this address.
    return {"cost_usd": wire if isinstance(wire, float) else str(wire)}


def complete_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event with its id and time, made once and here, so that sending it again is seen to be the same event."""
    if not isinstance(event, Mapping):
        raise TypeError(f"an event is a mapping, not {type(event).__name__}")
    completed = dict(event)
    if completed.get("id") is None:
        completed["id"] = new_event_id()
    if completed.get("time") is None:
        completed["time"] = time_to_wire(utc_now())
    return completed


def manual_reset(user: Optional[str], metric: Optional[str]) -> Call[ResetDone]:
    # A reset sent twice would also set back what was counted in between.
    path = "/api/usage/admin/manual-reset"
    body = _given(user=user, metric=metric)
    return Call("POST", path, lambda a: ResetDone.from_api(a.data), body, repeatable=False)


def top_users(metric: str, day: Optional[date], limit: int) -> Call[list[TopUser]]:
    query = {"metric": metric, "limit": str(limit), **({} if day is None else {"date": day.isoformat()})}
    return Call("GET", "/api/usage/admin/top-users", _items(TopUser.from_api), query=query)


def near_limits(threshold: float, limit: int) -> Call[list[NearLimit]]:
    query = {"threshold": str(threshold), "limit": str(limit)}
    return Call("GET", "/api/usage/admin/near-limits", _items(NearLimit.from_api), query=query)


def history(days: int) -> Call[list[HistoryDay]]:
    return Call("GET", "/api/usage/admin/history", _items(HistoryDay.from_api), query={"days": str(days)})


def set_tier(user: str, tier: str) -> Call[User]:
    path = "/api/usage/admin/users/" + quote(user, safe="")
    return Call("PATCH", path, lambda a: User.from_api(a.data), {"tier": tier})


def _items(one: Callable[[Mapping[str, Any]], T]) -> Callable[[Answer], list[T]]:
    return lambda answer: [one(item) for item in answer.data["items"]]
