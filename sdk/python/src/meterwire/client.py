"""The blocking client."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import Any, Optional, TypeVar, Union, overload

import httpx

from meterwire import _calls
from meterwire._calls import Call, HoldRequest
from meterwire._exchange import Exchange, Settings
from meterwire._fork import reset_in_child
from meterwire._wire import Amount
from meterwire.errors import MeterwireError
from meterwire.models import (
    AnyDecision,
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
from meterwire.recorder import Recorder, RecorderOptions, RecorderStats

T = TypeVar("T")
log = logging.getLogger("meterwire")

# One connection a thread is plenty; a pool smaller than the host's thread pool would make requests wait for it.
LIMITS = httpx.Limits(max_connections=200, max_keepalive_connections=100)


class Meterwire:
    """Asks and tells a Meterwire server. Safe to share between threads; make one and keep it.

    `base_url` and `token` default to METERWIRE_URL and METERWIRE_TOKEN; `tenant` is for an admin token. `timeout` is in
    seconds and bounds a whole call, its `retries` included. A retried call never counts twice: decisions carry an
    idempotency key that is made once a call.
    """

    def __init__(
        self,
        base_url: Optional[str] = None,
        token: Optional[str] = None,
        *,
        tenant: Optional[str] = None,
        timeout: float = 5.0,
        retries: int = 2,
        recorder: Optional[RecorderOptions] = None,
        transport: Optional[httpx.BaseTransport] = None,
    ) -> None:
        self._settings = Settings.of(base_url, token, tenant, timeout, retries)
        self._transport = transport
        self._recorder = Recorder(self._settings, recorder, transport)
        self._closed = False
        self.reset()
        reset_in_child(self)

    def reset(self) -> None:
        """Starts with fresh connections; happens by itself in a forked child."""
        self._lock = threading.Lock()
        self._open: Optional[httpx.Client] = None

    @property
    def _http(self) -> httpx.Client:
        with self._lock:
            if self._closed:
                raise RuntimeError("this client is closed")
            if self._open is None:
                self._open = httpx.Client(transport=self._transport, limits=LIMITS)
            return self._open

    def send(self, call: Call[T]) -> T:
        """Carries out one call."""
        http, exchange = self._http, Exchange(self._settings, call)
        while True:
            try:
                response = http.send(exchange.request(http))
            except httpx.HTTPError as error:
                pause: Optional[float] = exchange.failed(error)
            else:
                pause = exchange.answered(response)
                if pause is None:
                    return exchange.result(response)
            time.sleep(pause or 0.0)

    def close(self) -> None:
        """Sends what the recorder still holds and closes the connections."""
        self._recorder.close()
        with self._lock:
            http, self._open, self._closed = self._open, None, True
        if http is not None:
            http.close()

    def __enter__(self) -> "Meterwire":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # Decisions

    def status(self, user: Optional[str] = None) -> Status:
        """Where a user stands on every metric; without a name the token's own."""
        return self.send(_calls.status(user))

    def check_limit(self, metric: str, amount: Amount = 1, *, user: Optional[str] = None) -> Decision:
        """Whether it would be allowed now. Changes nothing, and does not raise where it is not allowed."""
        return self.send(_calls.check_limit(metric, amount, user))

    @overload
    def increment(
        self, metric: str, amount: Amount = 1, *, user: Optional[str] = None, idempotency_key: Optional[str] = None
    ) -> Decision: ...

    @overload
    def increment(
        self, *, metrics: Mapping[str, Amount], user: Optional[str] = None, idempotency_key: Optional[str] = None
    ) -> BulkDecision: ...

    def increment(
        self,
        metric: Optional[str] = None,
        amount: Amount = 1,
        *,
        metrics: Optional[Mapping[str, Amount]] = None,
        user: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> AnyDecision:
        """Records what was used, above the limit too; never refuses."""
        return self.send(one_or_bulk("increment", metric, amount, metrics, user, idempotency_key))

    @overload
    def consume(
        self, metric: str, amount: Amount = 1, *, user: Optional[str] = None, idempotency_key: Optional[str] = None
    ) -> Decision: ...

    @overload
    def consume(
        self, *, metrics: Mapping[str, Amount], user: Optional[str] = None, idempotency_key: Optional[str] = None
    ) -> BulkDecision: ...

    @overload
    def consume(self, metric: Sequence[Mapping[str, Any]], *, user: Optional[str] = None) -> list[Verdict]: ...

    def consume(
        self,
        metric: Union[str, Sequence[Mapping[str, Any]], None] = None,
        amount: Amount = 1,
        *,
        metrics: Optional[Mapping[str, Amount]] = None,
        user: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Union[AnyDecision, list[Verdict]]:
        """Checks and records in one step; raises LimitExceeded, with nothing recorded, where it is not allowed.

        `metrics={"api_calls": 10, "tokens": 512}` takes several, all or nothing. A list of items such as
        `{"metric": "api_calls", "amount": 2, "user": "u-1"}` gives a list of verdicts and raises for none of them.
        """
        if metric is None or isinstance(metric, str):
            return self.send(one_or_bulk("consume", metric, amount, metrics, user, idempotency_key))
        items = only_items(metric, amount, metrics, idempotency_key)
        return self.send(_calls.consume_list(items, user)) if items else []

    # Reservations

    def reserve(
        self,
        metric: Optional[str] = None,
        amount: Amount = 1,
        *,
        cost_usd: Optional[Amount] = None,
        project: Optional[str] = None,
        model: Optional[str] = None,
        user: Optional[str] = None,
        ttl_seconds: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> "Hold":
        """Holds an amount of a metric, or money; raises LimitExceeded where it is not allowed.

        Use it in a `with`: leaving it well commits what was held, unless it was settled inside; an error releases it.
        """
        request = HoldRequest(metric, amount, cost_usd, project, model, user, ttl_seconds, idempotency_key)
        return Hold(self, self.send(_calls.reserve(request)))

    def reservation(self, reservation_id: str) -> Reservation:
        """A reservation as it is now."""
        return self.send(_calls.read_reservation(reservation_id))

    def commit(
        self,
        reservation_id: str,
        amount: Optional[Amount] = None,
        *,
        cost_usd: Optional[Amount] = None,
        event: Optional[Mapping[str, Any]] = None,
    ) -> Reservation:
        """Settles a reservation with the actual amount, money or event; with none of them as it was held."""
        return self.send(_calls.commit(reservation_id, amount, cost_usd, event))

    def release(self, reservation_id: str) -> Reservation:
        """Gives a reservation back."""
        return self.send(_calls.release(reservation_id))

    # Events

    def record(self, event: Mapping[str, Any]) -> str:
        """Records an event in the background and returns its id. Never waits and never raises."""
        return self._recorder.record(event)

    def flush(self, timeout: Optional[float] = None) -> bool:
        """Waits until every event recorded so far was answered; False where that took longer."""
        return self._recorder.flush(timeout)

    def recorder_stats(self) -> RecorderStats:
        """What became of the recorded events."""
        return self._recorder.stats()

    # For owners and admins

    def manual_reset(self, user: Optional[str] = None, metric: Optional[str] = None) -> ResetDone:
        """Sets today's counters back: everybody's, or those of a user or a metric."""
        return self.send(_calls.manual_reset(user, metric))

    def top_users(self, metric: str = "api_calls", *, day: Optional[date] = None, limit: int = 10) -> list[TopUser]:
        """Who used most of a metric on a day, today unless given."""
        return self.send(_calls.top_users(metric, day, limit))

    def near_limits(self, threshold: float = 0.8, *, limit: int = 100) -> list[NearLimit]:
        """Who is above this part of a limit."""
        return self.send(_calls.near_limits(threshold, limit))

    def history(self, days: int = 7) -> list[HistoryDay]:
        """The last days, newest first."""
        return self.send(_calls.history(days))

    def set_tier(self, user: str, tier: str) -> User:
        """Puts a user on another tier, at once."""
        return self.send(_calls.set_tier(user, tier))


def one_or_bulk(
    verb: str,
    metric: Optional[str],
    amount: Amount,
    metrics: Optional[Mapping[str, Amount]],
    user: Optional[str],
    key: Optional[str],
) -> Call[AnyDecision]:
    """The call for one metric or for several; exactly one of the two is given."""
    if metric is not None and metrics is None:
        return _calls.single(verb, metric, amount, user, key)
    if metrics is not None and metric is None:
        if amount != 1:
            raise TypeError("amount belongs to a metric; under metrics={...} each has its own")
        return _calls.bulk(verb, metrics, user, key)
    raise TypeError(f"{verb} takes either a metric or metrics={{...}}")


def only_items(
    items: Sequence[Mapping[str, Any]], amount: Amount, metrics: Optional[Mapping[str, Amount]], key: Optional[str]
) -> Sequence[Mapping[str, Any]]:
    """The items of a list, beside which only `user` may be given."""
    if amount != 1 or metrics is not None or key is not None:
        raise TypeError("each item of a list has its own amount, metrics and idempotency_key")
    if not isinstance(items, (list, tuple)) or not all(isinstance(item, Mapping) for item in items):
        raise TypeError('consume takes the name of a metric, or a list of items such as {"metric": "api_calls"}')
    return items


class Hold:
    """A reservation in our hands. Settled once: by `commit`, by `release`, or by leaving the `with`."""

    def __init__(self, client: Meterwire, reservation: Reservation) -> None:
        self._client = client
        self.reservation = reservation
        """As the server last answered."""

    @property
    def id(self) -> str:
        """The reservation's id."""
        return self.reservation.id

    @property
    def settled(self) -> bool:
        """Committed or released."""
        return self.reservation.status != "held"

    def commit(
        self,
        amount: Optional[Amount] = None,
        *,
        cost_usd: Optional[Amount] = None,
        event: Optional[Mapping[str, Any]] = None,
    ) -> Reservation:
        """Settles with the actual amount, money or event; with none of them as it was held."""
        self.reservation = self._client.commit(self.id, amount, cost_usd=cost_usd, event=event)
        return self.reservation

    def release(self) -> Reservation:
        """Gives it back."""
        self.reservation = self._client.release(self.id)
        return self.reservation

    def __enter__(self) -> "Hold":
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if self.settled:
            return
        if error is None:
            self.commit()
            return
        try:
            self.release()
        except MeterwireError as failed:
            # The block's own error is the one to see.
            log_release(self.id, failed)


def log_release(reservation_id: str, error: MeterwireError) -> None:
    """A release that failed is worth a line, no more: the hold gives itself back when it expires."""
    log.warning("reservation %s could not be released and ends by itself: %s", reservation_id, error)
