"""The async client: the same verbs as the blocking one, awaited."""

import asyncio
from collections.abc import Coroutine, Generator, Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import Any, Optional, TypeVar, Union, overload

import httpx

from meterwire import _calls
from meterwire._calls import Call, HoldRequest
from meterwire._exchange import Exchange, Settings
from meterwire._wire import Amount
from meterwire.client import LIMITS, log_release, one_or_bulk, only_items
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

# Tasks that must end even when whoever waits for them is cancelled; the loop itself keeps only weak references.
_unfinished: "set[asyncio.Task[Any]]" = set()


def keep_going(work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
    """Starts work that goes on when whoever waits for it is cancelled. Wait for it with `asyncio.shield`."""
    task = asyncio.ensure_future(work)
    _unfinished.add(task)
    task.add_done_callback(_finished)
    return task


def _finished(task: "asyncio.Task[Any]") -> None:
    _unfinished.discard(task)
    if not task.cancelled():
        # Looked at, so that asyncio does not complain where whoever waited has gone.
        task.exception()


class AsyncMeterwire:
    """Asks and tells a Meterwire server from one event loop. See `Meterwire` for what the arguments mean."""

    def __init__(
        self,
        base_url: Optional[str] = None,
        token: Optional[str] = None,
        *,
        tenant: Optional[str] = None,
        timeout: float = 5.0,
        retries: int = 2,
        recorder: Optional[RecorderOptions] = None,
        transport: Optional[httpx.AsyncBaseTransport] = None,
    ) -> None:
        self._settings = Settings.of(base_url, token, tenant, timeout, retries)
        self._recorder = Recorder(self._settings, recorder)
        self._http = httpx.AsyncClient(transport=transport, limits=LIMITS)

    async def send(self, call: Call[T]) -> T:
        """Carries out one call."""
        exchange = Exchange(self._settings, call)
        while True:
            try:
                response = await self._http.send(exchange.request(self._http))
            except httpx.HTTPError as error:
                pause: Optional[float] = exchange.failed(error)
            else:
                pause = exchange.answered(response)
                if pause is None:
                    return exchange.result(response)
            await asyncio.sleep(pause or 0.0)

    async def aclose(self) -> None:
        """Sends what the recorder still holds and closes the connections."""
        await asyncio.to_thread(self._recorder.close)
        await self._http.aclose()

    async def __aenter__(self) -> "AsyncMeterwire":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    # Decisions

    async def status(self, user: Optional[str] = None) -> Status:
        """Where a user stands on every metric; without a name the token's own."""
        return await self.send(_calls.status(user))

    async def check_limit(self, metric: str, amount: Amount = 1, *, user: Optional[str] = None) -> Decision:
        """Whether it would be allowed now. Changes nothing, and does not raise where it is not allowed."""
        return await self.send(_calls.check_limit(metric, amount, user))

    @overload
    async def increment(
        self, metric: str, amount: Amount = 1, *, user: Optional[str] = None, idempotency_key: Optional[str] = None
    ) -> Decision: ...

    @overload
    async def increment(
        self, *, metrics: Mapping[str, Amount], user: Optional[str] = None, idempotency_key: Optional[str] = None
    ) -> BulkDecision: ...

    async def increment(
        self,
        metric: Optional[str] = None,
        amount: Amount = 1,
        *,
        metrics: Optional[Mapping[str, Amount]] = None,
        user: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> AnyDecision:
        """Records what was used, above the limit too; never refuses."""
        return await self.send(one_or_bulk("increment", metric, amount, metrics, user, idempotency_key))

    @overload
    async def consume(
        self, metric: str, amount: Amount = 1, *, user: Optional[str] = None, idempotency_key: Optional[str] = None
    ) -> Decision: ...

    @overload
    async def consume(
        self, *, metrics: Mapping[str, Amount], user: Optional[str] = None, idempotency_key: Optional[str] = None
    ) -> BulkDecision: ...

    @overload
    async def consume(self, metric: Sequence[Mapping[str, Any]], *, user: Optional[str] = None) -> list[Verdict]: ...

    async def consume(
        self,
        metric: Union[str, Sequence[Mapping[str, Any]], None] = None,
        amount: Amount = 1,
        *,
        metrics: Optional[Mapping[str, Amount]] = None,
        user: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Union[AnyDecision, list[Verdict]]:
        """Checks and records in one step; raises LimitExceeded, with nothing recorded, where it is not allowed.

        `metrics={...}` takes several, all or nothing; a list of items gives verdicts: see `Meterwire.consume`.
        """
        if metric is None or isinstance(metric, str):
            return await self.send(one_or_bulk("consume", metric, amount, metrics, user, idempotency_key))
        items = only_items(metric, amount, metrics, idempotency_key)
        return await self.send(_calls.consume_list(items, user)) if items else []

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
    ) -> "Reserving":
        """Holds an amount of a metric, or money; raises LimitExceeded where it is not allowed.

        `async with client.reserve(..) as hold:` commits what was held when it is left well, unless it was settled
        inside, and releases it on an exception or a cancellation. `hold = await client.reserve(..)` leaves both to you.
        """
        request = HoldRequest(metric, amount, cost_usd, project, model, user, ttl_seconds, idempotency_key)
        return Reserving(self, _calls.reserve(request))

    async def reservation(self, reservation_id: str) -> Reservation:
        """A reservation as it is now."""
        return await self.send(_calls.read_reservation(reservation_id))

    async def commit(
        self,
        reservation_id: str,
        amount: Optional[Amount] = None,
        *,
        cost_usd: Optional[Amount] = None,
        event: Optional[Mapping[str, Any]] = None,
    ) -> Reservation:
        """Settles a reservation with the actual amount, money or event; with none of them as it was held."""
        return await self.send(_calls.commit(reservation_id, amount, cost_usd, event))

    async def release(self, reservation_id: str) -> Reservation:
        """Gives a reservation back."""
        return await self.send(_calls.release(reservation_id))

    # Events

    def record(self, event: Mapping[str, Any]) -> str:
        """Records an event in the background and returns its id. Never waits and never raises; not to be awaited."""
        return self._recorder.record(event)

    async def flush(self, timeout: Optional[float] = None) -> bool:
        """Waits until every event recorded so far was answered; False where that took longer."""
        return await asyncio.to_thread(self._recorder.flush, timeout)

    def recorder_stats(self) -> RecorderStats:
        """What became of the recorded events."""
        return self._recorder.stats()

    # For owners and admins

    async def manual_reset(self, user: Optional[str] = None, metric: Optional[str] = None) -> ResetDone:
        """Sets today's counters back: everybody's, or those of a user or a metric."""
        return await self.send(_calls.manual_reset(user, metric))

    async def top_users(
        self, metric: str = "api_calls", *, day: Optional[date] = None, limit: int = 10
    ) -> list[TopUser]:
        """Who used most of a metric on a day, today unless given."""
        return await self.send(_calls.top_users(metric, day, limit))

    async def near_limits(self, threshold: float = 0.8, *, limit: int = 100) -> list[NearLimit]:
        """Who is above this part of a limit."""
        return await self.send(_calls.near_limits(threshold, limit))

    async def history(self, days: int = 7) -> list[HistoryDay]:
        """The last days, newest first."""
        return await self.send(_calls.history(days))

    async def set_tier(self, user: str, tier: str) -> User:
        """Puts a user on another tier, at once."""
        return await self.send(_calls.set_tier(user, tier))


class AsyncHold:
    """A reservation in our hands. Settled once: by `commit`, by `release`, or by leaving the `async with`."""

    def __init__(self, client: AsyncMeterwire, reservation: Reservation) -> None:
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

    async def commit(
        self,
        amount: Optional[Amount] = None,
        *,
        cost_usd: Optional[Amount] = None,
        event: Optional[Mapping[str, Any]] = None,
    ) -> Reservation:
        """Settles with the actual amount, money or event; with none of them as it was held."""
        self.reservation = await self._client.commit(self.id, amount, cost_usd=cost_usd, event=event)
        return self.reservation

    async def release(self) -> Reservation:
        """Gives it back."""
        self.reservation = await self._client.release(self.id)
        return self.reservation

    async def leave(self, failed: bool) -> None:
        """Settles what is not yet settled. Goes on when whoever waits for it is cancelled."""
        if self.settled:
            return
        if not failed:
            await asyncio.shield(keep_going(self.commit()))
            return
        try:
            await asyncio.shield(keep_going(self.release()))
        except MeterwireError as error:
            log_release(self.id, error)


class Reserving:
    """A reservation being made: await it, or enter it with `async with`."""

    def __init__(self, client: AsyncMeterwire, call: Call[Reservation]) -> None:
        self._client = client
        self._call = call
        self._hold: Optional[AsyncHold] = None

    def __await__(self) -> Generator[Any, None, AsyncHold]:
        return self._make().__await__()

    async def _make(self) -> AsyncHold:
        task = keep_going(self._client.send(self._call))
        try:
            return AsyncHold(self._client, await asyncio.shield(task))
        except asyncio.CancelledError:
            # Whoever asked is gone, but the server may have made the hold.
            task.add_done_callback(self._give_back)
            raise

    def _give_back(self, task: "asyncio.Task[Reservation]") -> None:
        if not task.cancelled() and task.exception() is None:
            keep_going(AsyncHold(self._client, task.result()).leave(failed=True))

    async def __aenter__(self) -> AsyncHold:
        self._hold = await self._make()
        return self._hold

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if self._hold is not None:
            await self._hold.leave(failed=error is not None)
