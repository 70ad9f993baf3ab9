"""What the server answers, as types.

Amounts are exact Decimals. Unknown fields are ignored, for the server may add some.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Optional, Union

from meterwire._wire import plain, time_from_wire

Json = Mapping[str, Any]


def _decimal(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(value)


def _maybe_decimal(value: Any) -> Optional[Decimal]:
    return None if value is None else _decimal(value)


def _time(text: str) -> datetime:
    moment = time_from_wire(text)
    if moment is None:
        raise ValueError("the server left out a time")
    return moment


@dataclass(frozen=True)
class Standing:
    """Where one user stands on one metric. A limit of None is unlimited."""

    current: Decimal
    """What is used, holds included."""
    held: Decimal
    limit: Optional[Decimal]
    remaining: Optional[Decimal]
    percentage: Optional[float]
    window: str
    resets_at: Optional[datetime]
    """None for a level, which is never reset."""

    @classmethod
    def from_api(cls, data: Json) -> "Standing":
        percentage = data.get("percentage")
        return cls(
            current=_decimal(data["current"]),
            held=_decimal(data["held"]),
            limit=_maybe_decimal(data["limit"]),
            remaining=_maybe_decimal(data["remaining"]),
            percentage=None if percentage is None else float(percentage),
            window=data["window"],
            resets_at=time_from_wire(data["resets_at"]),
        )


@dataclass(frozen=True)
class Status:
    """Where one user stands on every metric."""

    user: str
    tier: str
    date: date
    """The day in UTC."""
    resets_at: datetime
    """The end of that day."""
    metrics: dict[str, Standing]

    @classmethod
    def from_api(cls, data: Json) -> "Status":
        return cls(
            user=data["user"],
            tier=data["tier"],
            date=date.fromisoformat(data["date"]),
            resets_at=_time(data["resets_at"]),
            metrics={name: Standing.from_api(item) for name, item in data["metrics"].items()},
        )


@dataclass(frozen=True)
class Decision:
    """What became of one check, increment or consume of one metric."""

    allowed: bool
    reason: Optional[str]
    """Why it is not allowed."""
    metric: str
    amount: Decimal
    current: Decimal
    held: Decimal
    limit: Optional[Decimal]
    remaining: Optional[Decimal]
    tier: str
    window: str
    resets_at: Optional[datetime]
    exceeded: bool
    """What is used is above the limit, which an increment can bring about."""
    over_budget: Optional[Json] = None
    """The hard budget that refuses it, where one does: its code, and the budget with its amounts as texts."""
    replayed: bool = False
    """The answer to an earlier call with the same idempotency key."""

    @classmethod
    def from_api(cls, data: Json, replayed: bool = False) -> "Decision":
        return cls(
            allowed=data["allowed"],
            reason=data.get("reason"),
            metric=data["metric"],
            amount=_decimal(data["amount"]),
            current=_decimal(data["current"]),
            held=_decimal(data["held"]),
            limit=_maybe_decimal(data["limit"]),
            remaining=_maybe_decimal(data["remaining"]),
            tier=data["tier"],
            window=data["window"],
            resets_at=time_from_wire(data["resets_at"]),
            exceeded=data["exceeded"],
            over_budget=plain(data.get("over_budget")),
            replayed=replayed,
        )


@dataclass(frozen=True)
class BulkDecision:
    """What became of several metrics that were taken together, all or nothing."""

    allowed: bool
    tier: str
    metrics: dict[str, Standing]
    replayed: bool = False
    """The answer to an earlier call with the same idempotency key."""

    @classmethod
    def from_api(cls, data: Json, replayed: bool = False) -> "BulkDecision":
        return cls(
            allowed=data["allowed"],
            tier=data["tier"],
            metrics={name: Standing.from_api(item) for name, item in data["metrics"].items()},
            replayed=replayed,
        )


AnyDecision = Union[Decision, BulkDecision]


def decision_from_api(data: Json, replayed: bool = False) -> AnyDecision:
    """One metric's decision, or several metrics'."""
    if "metric" in data:
        return Decision.from_api(data, replayed)
    return BulkDecision.from_api(data, replayed)


@dataclass(frozen=True)
class Verdict:
    """What became of one item of a list: allowed with its decision, or refused (429) or invalid (422) with a detail."""

    allowed: bool
    status: int
    decision: Optional[AnyDecision]
    detail: Optional[dict[str, Any]]

    @classmethod
    def from_api(cls, data: Json) -> "Verdict":
        if data["allowed"]:
            return cls(allowed=True, status=200, decision=decision_from_api(data), detail=None)
        return cls(allowed=False, status=data["status"], decision=None, detail=plain(data["detail"]))


@dataclass(frozen=True)
class Reservation:
    """A hold as the server knows it: `held`, then once and for all `committed`, `released` or `expired`."""

    id: str
    status: str
    user: str
    metric: str
    amount: Decimal
    """What is, or was, held."""
    cost_usd: Optional[Decimal]
    """The same in dollars, where money is held."""
    project: Optional[str]
    model: Optional[str]
    created_at: datetime
    expires_at: datetime
    settled_at: Optional[datetime]
    committed_amount: Optional[Decimal]
    """What was really used; None unless committed."""
    over_hold: bool
    """More was committed than held; all of it is recorded."""
    after_expiry: bool
    """Committed after the hold had ended; recorded all the same."""
    tier: str
    current: Optional[Decimal]
    """None, as all that follows, where the tenant does not count the metric."""
    held: Optional[Decimal]
    limit: Optional[Decimal]
    remaining: Optional[Decimal]
    exceeded: bool
    resets_at: Optional[datetime]

    @classmethod
    def from_api(cls, data: Json) -> "Reservation":
        return cls(
            id=data["id"],
            status=data["status"],
            user=data["user"],
            metric=data["metric"],
            amount=_decimal(data["amount"]),
            cost_usd=_maybe_decimal(data.get("cost_usd")),
            project=data.get("project"),
            model=data.get("model"),
            created_at=_time(data["created_at"]),
            expires_at=_time(data["expires_at"]),
            settled_at=time_from_wire(data.get("settled_at")),
            committed_amount=_maybe_decimal(data.get("committed_amount")),
            over_hold=data["over_hold"],
            after_expiry=data["after_expiry"],
            tier=data["tier"],
            current=_maybe_decimal(data.get("current")),
            held=_maybe_decimal(data.get("held")),
            limit=_maybe_decimal(data.get("limit")),
            remaining=_maybe_decimal(data.get("remaining")),
            exceeded=data["exceeded"],
            resets_at=time_from_wire(data.get("resets_at")),
        )


@dataclass(frozen=True)
class ResetDone:
    """How many counters a manual reset set back."""

    reset: int
    date: date

    @classmethod
    def from_api(cls, data: Json) -> "ResetDone":
        return cls(reset=data["reset"], date=date.fromisoformat(data["date"]))


@dataclass(frozen=True)
class TopUser:
    """One of the users with the most of a metric on a day."""

    user: str
    username: str
    tier: str
    current: Decimal
    metrics: dict[str, Decimal]

    @classmethod
    def from_api(cls, data: Json) -> "TopUser":
        return cls(
            user=data["user"],
            username=data["username"],
            tier=data["tier"],
            current=_decimal(data["current"]),
            metrics={name: _decimal(value) for name, value in data["metrics"].items()},
        )


@dataclass(frozen=True)
class NearLimit:
    """A user above the threshold of a limit."""

    user: str
    username: str
    tier: str
    metric: str
    current: Decimal
    held: Decimal
    limit: Decimal
    percentage: float
    window: str
    resets_at: Optional[datetime]

    @classmethod
    def from_api(cls, data: Json) -> "NearLimit":
        return cls(
            user=data["user"],
            username=data["username"],
            tier=data["tier"],
            metric=data["metric"],
            current=_decimal(data["current"]),
            held=_decimal(data["held"]),
            limit=_decimal(data["limit"]),
            percentage=float(data["percentage"]),
            window=data["window"],
            resets_at=time_from_wire(data["resets_at"]),
        )


@dataclass(frozen=True)
class HistoryDay:
    """One day of the tenant."""

    date: date
    active_users: int
    total_deployments: Decimal
    total_api_calls: Decimal
    totals: dict[str, Decimal]

    @classmethod
    def from_api(cls, data: Json) -> "HistoryDay":
        return cls(
            date=date.fromisoformat(data["date"]),
            active_users=data["active_users"],
            total_deployments=_decimal(data["total_deployments"]),
            total_api_calls=_decimal(data["total_api_calls"]),
            totals={name: _decimal(value) for name, value in data["totals"].items()},
        )


@dataclass(frozen=True)
class User:
    """A user and its tier."""

    id: str
    username: str
    tier: str
    created_at: datetime

    @classmethod
    def from_api(cls, data: Json) -> "User":
        return cls(id=data["id"], username=data["username"], tier=data["tier"], created_at=_time(data["created_at"]))
