"""Usage limits of FastAPI endpoints: a decorator, a service for doing it by hand, and a dependency.

    @router.post("/deploy")
    @require_usage_limit("deployments", 1.0)
    async def deploy(user: User = Depends(get_current_user), db: AsyncSession = Depends(get_db)): ...

Configured by `configure(..)` or by METERWIRE_URL, METERWIRE_TOKEN and METERWIRE_ON_UNAVAILABLE.
"""

import asyncio
import functools
import inspect
import logging
import os
import threading
import typing
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Callable, Optional, TypeVar, Union
from uuid import UUID

from fastapi import Depends, HTTPException, Request
from starlette.responses import Response

from meterwire import _calls
from meterwire._calls import Call
from meterwire._fork import reset_in_child
from meterwire._log import Seldom
from meterwire._settle import Settler
from meterwire._wire import Amount, amount_to_wire
from meterwire.aio import AsyncHold, AsyncMeterwire, keep_going
from meterwire.client import Hold, Meterwire
from meterwire.errors import AuthenticationError, LimitExceeded, MeterwireError, ServiceUnavailable

__all__ = ["UsageTrackingService", "configure", "require_usage_limit", "usage_limit", "usage_tracking_service"]

log = logging.getLogger("meterwire")

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
UserId = Callable[[Any], Any]
DEFAULT_TTL_S = 600

_MODES = ("fail_closed", "fail_open")
_USER_PARAMS = ("user", "current_user")
_NOT_AVAILABLE = {
    "error": "Service not available",
    "code": "unavailable",
    "message": "Usage limits cannot be checked right now. Try again in a moment.",
}


class UsageTrackingService:
    """What an endpoint asks and tells about the usage of its users.

    `db` is taken where existing code passes its session, and not used: the counters are kept by Meterwire. While the
    server is away, `fail_closed` answers 503 and `fail_open` lets the request through and logs a warning once a minute.
    """

    def __init__(self) -> None:
        self._on_unavailable: Optional[str] = None
        self._options: dict[str, Any] = {}
        self._settler = Settler(self._blocking_client)
        self.reset()
        reset_in_child(self)

    def reset(self) -> None:
        """Starts with fresh connections; happens by itself in a forked worker."""
        self._lock = threading.Lock()
        self._seldom = Seldom(log)
        self._async_clients: dict[asyncio.AbstractEventLoop, AsyncMeterwire] = {}
        self._blocking: Optional[Meterwire] = None

    def configure(
        self,
        url: Optional[str] = None,
        token: Optional[str] = None,
        *,
        tenant: Optional[str] = None,
        on_unavailable: Optional[str] = None,
        timeout: float = 5.0,
    ) -> None:
        """Says where the server is. Call it at the start; what is left out comes from the environment."""
        if on_unavailable is not None:
            _check_mode(on_unavailable, "on_unavailable")
        with self._lock:
            self._options = {"base_url": url, "token": token, "tenant": tenant, "timeout": timeout}
            self._on_unavailable = on_unavailable
            self._async_clients, self._blocking = {}, None

    # As existing endpoints call it

    async def check_limit(self, db: Any, user_id: str, metric: str, amount: Amount = 1.0) -> dict[str, Any]:
        """Whether it would be allowed now: `allowed`, `reason`, `current`, `limit`, `remaining`, `tier` ..."""
        answer = await self._ask(_calls.check_limit(metric, amount, str(user_id)))
        if answer is not None:
            return answer
        unknown = dict.fromkeys(("current", "held", "limit", "remaining", "tier", "window", "resets_at"))
        asked = {"metric": metric, "amount": amount_to_wire(amount)}
        return {"allowed": True, "reason": None, **asked, **unknown, "unavailable": True}

    async def increment_usage(self, db: Any, user_id: str, metric: str, amount: Amount = 1.0) -> dict[str, Any]:
        """Records what was used. While the server is away, `fail_open` keeps it and tells the server later."""
        call = _calls.single("increment", metric, amount, str(user_id), None)
        answer = await self._ask(call)
        if answer is not None:
            return answer
        self._settler.later(call, f"increment of {metric} of user {user_id}")
        return {"metric": metric, "amount": amount_to_wire(amount), "unavailable": True}

    async def get_usage_status(self, db: Any, user_id: str) -> dict[str, Any]:
        """Where the user stands on every metric. While the server is away there is no answer: 503 in either mode."""
        answer = await self._ask(_calls.status(str(user_id)))
        if answer is None:
            raise _not_available()
        return answer

    async def get_user_tier(self, db: Any, user_id: str) -> str:
        """The user's tier. While the server is away there is no answer: 503 in either mode."""
        return str((await self.get_usage_status(db, user_id))["tier"])

    async def consume(self, user_id: str, metric: str, amount: Amount = 1.0) -> None:
        """Checks and records in one step; 429 where it is not allowed."""
        await self._ask(_calls.single("consume", metric, amount, user_id, None))

    async def _ask(self, call: "Call[Any]") -> Optional[dict[str, Any]]:
        """The answer as plain JSON; None where the server is away and the request goes on all the same."""
        answer: Optional[dict[str, Any]] = None
        with self._translated():
            answer = await self._async_client().send(call.as_plain())
        return answer

    # As the decorator calls it

    async def hold(self, user_id: str, metric: str, amount: Amount, ttl_seconds: int) -> Optional[AsyncHold]:
        """A reservation; None where the server is away and the request goes on all the same."""
        hold: Optional[AsyncHold] = None
        with self._translated():
            hold = await self._async_client().reserve(metric, amount, user=user_id, ttl_seconds=ttl_seconds)
        return hold

    async def settle(self, hold: Optional[AsyncHold], failed: bool) -> None:
        """Commits or releases. Goes on when the request is cancelled; never turns work that is done into an error."""
        if hold is not None:
            await asyncio.shield(keep_going(self._settle(hold, failed)))

    async def _settle(self, hold: AsyncHold, failed: bool) -> None:
        try:
            await (hold.release() if failed else hold.commit())
        except MeterwireError as error:
            self._settle_later(hold.id, failed, error)

    def hold_blocking(self, user_id: str, metric: str, amount: Amount, ttl_seconds: int) -> Optional[Hold]:
        """`hold` for an endpoint that is a plain `def`, which FastAPI runs in a thread."""
        hold: Optional[Hold] = None
        with self._translated():
            hold = self._blocking_client().reserve(metric, amount, user=user_id, ttl_seconds=ttl_seconds)
        return hold

    def settle_blocking(self, hold: Optional[Hold], failed: bool) -> None:
        """`settle` for an endpoint that is a plain `def`."""
        if hold is None:
            return
        try:
            if failed:
                hold.release()
            else:
                hold.commit()
        except MeterwireError as error:
            self._settle_later(hold.id, failed, error)

    def _settle_later(self, reservation_id: str, failed: bool, error: MeterwireError) -> None:
        what = f"{'release' if failed else 'commit'} of reservation {reservation_id}"
        if not isinstance(error, (ServiceUnavailable, AuthenticationError)):
            log.error("Meterwire refuses it: %s (%s)", what, error)
            return
        call = _calls.release(reservation_id) if failed else _calls.commit(reservation_id)
        self._settler.later(call, what)

    # The server, and what to do while it is away

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Our errors as the answers of the endpoint; passes over a server that is away where that is wanted."""
        try:
            yield
        except LimitExceeded as error:
            raise HTTPException(429, detail=error.detail, headers=error.headers) from error
        except (ServiceUnavailable, AuthenticationError) as error:
            # A token that is not taken is no fault of the user's either.
            if self._mode() == "fail_closed":
                self._seldom.warning("closed", "usage limits are not available, requests are refused: %s", error)
                raise _not_available() from error
            self._seldom.warning("open", "usage limits are not available, requests are let through: %s", error)

    def _mode(self) -> str:
        if self._on_unavailable is not None:
            return self._on_unavailable
        name = "METERWIRE_ON_UNAVAILABLE"
        return _check_mode(os.environ.get(name) or "fail_closed", name)

    def _async_client(self) -> AsyncMeterwire:
        """The client of the running loop: connections belong to the loop that opened them."""
        loop = asyncio.get_running_loop()
        with self._lock:
            client = self._async_clients.get(loop)
            if client is None:
                self._async_clients = {old: kept for old, kept in self._async_clients.items() if not old.is_closed()}
                client = self._async_clients[loop] = AsyncMeterwire(**self._options)
            return client

    def _blocking_client(self) -> Meterwire:
        with self._lock:
            if self._blocking is None:
                self._blocking = Meterwire(**self._options)
            return self._blocking

    async def aclose(self, timeout: float = 5.0) -> None:
        """Tells what is still to be told and closes the connections of this loop; for the end of an app's lifespan."""
        await asyncio.to_thread(self._settler.flush, timeout)
        with self._lock:
            client = self._async_clients.pop(asyncio.get_running_loop(), None)
            blocking, self._blocking = self._blocking, None
        if client is not None:
            await client.aclose()
        if blocking is not None:
            await asyncio.to_thread(blocking.close)


def _check_mode(mode: str, name: str) -> str:
    if mode not in _MODES:
        raise ValueError(f"{name} must be fail_closed or fail_open, not {mode!r}")
    return mode


def _not_available() -> HTTPException:
    return HTTPException(503, detail=dict(_NOT_AVAILABLE), headers={"Retry-After": "1"})


usage_tracking_service = UsageTrackingService()
"""The service that the decorator uses."""

configure = usage_tracking_service.configure


def require_usage_limit(
    metric: str,
    amount: Amount = 1.0,
    *,
    user_param: Optional[str] = None,
    user_id: Optional[UserId] = None,
    ttl_seconds: int = DEFAULT_TTL_S,
) -> Callable[[Endpoint], Endpoint]:
    """Holds `amount` of `metric` for the endpoint's user, runs it, then commits what was held.

    Refused: 429 with the server's `detail`, and the endpoint does not run. The hold is given back where the endpoint
    raises (an HTTPException too), is cancelled, or answers with a status of 400 or more. A streamed answer counts when
    it begins. The user is the parameter `user` or `current_user`, or the one named by `user_param`; its id is its
    `id`, or what `user_id(user)` says. Work that takes longer than `ttl_seconds` is counted, but not held to its end.
    """

    def decorate(endpoint: Endpoint) -> Endpoint:
        if inspect.isasyncgenfunction(endpoint) or inspect.isgeneratorfunction(endpoint):
            raise TypeError("require_usage_limit: an endpoint that yields has no end to wait for; return a response")
        signature = _resolved_signature(endpoint)
        name = _user_param(endpoint, signature, user_param)

        def whose(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
            arguments = signature.bind_partial(*args, **kwargs).arguments
            return _user_id(arguments.get(name), user_id), arguments

        @functools.wraps(endpoint)
        async def limited(*args: Any, **kwargs: Any) -> Any:
            user, arguments = whose(args, kwargs)
            hold = await usage_tracking_service.hold(user, metric, amount, ttl_seconds)
            try:
                result = await endpoint(*args, **kwargs)
            except BaseException:
                # A cancelled request too: whoever asked has gone, and got nothing.
                await usage_tracking_service.settle(hold, failed=True)
                raise
            await usage_tracking_service.settle(hold, _has_failed(result, arguments))
            return result

        @functools.wraps(endpoint)
        def limited_blocking(*args: Any, **kwargs: Any) -> Any:
            user, arguments = whose(args, kwargs)
            hold = usage_tracking_service.hold_blocking(user, metric, amount, ttl_seconds)
            try:
                result = endpoint(*args, **kwargs)
            except BaseException:
                usage_tracking_service.settle_blocking(hold, failed=True)
                raise
            usage_tracking_service.settle_blocking(hold, _has_failed(result, arguments))
            return result

        wrapper: Any = limited if inspect.iscoroutinefunction(endpoint) else limited_blocking
        # FastAPI reads the parameters from here.
        wrapper.__signature__ = signature
        return typing.cast(Endpoint, wrapper)

    # What is wrong with the amount is said where the endpoint is defined.
    amount_to_wire(amount)
    return decorate


def usage_limit(
    metric: str,
    amount: Amount = 1.0,
    *,
    user: Optional[Callable[..., Any]] = None,
    user_id: Optional[UserId] = None,
) -> Callable[..., Awaitable[None]]:
    """A dependency that counts before the endpoint runs: `Depends(usage_limit("api_calls", user=get_current_user))`.

    One request to the server instead of the decorator's two, and nothing is given back where the endpoint fails. `user`
    is the app's own dependency; without one the user is `request.state.user` or what an authentication middleware set.
    """
    amount_to_wire(amount)

    async def count(who: Any = Depends(user or _user_of_request)) -> None:
        await usage_tracking_service.consume(_user_id(who, user_id), metric, amount)

    return count


async def _user_of_request(request: Request) -> Any:
    found = getattr(request.state, "user", None) or request.scope.get("user")
    return found if getattr(found, "is_authenticated", True) else None


def _resolved_signature(endpoint: Callable[..., Any]) -> inspect.Signature:
    """The signature with types as annotations: their names are known in the endpoint's module, not in this one."""
    signature = inspect.signature(endpoint)
    if not any(isinstance(parameter.annotation, str) for parameter in signature.parameters.values()):
        return signature
    try:
        hints = typing.get_type_hints(endpoint, include_extras=True)
    except NameError:
        # A name that is known only to type checkers, or to a function around it; FastAPI says which if it needs it.
        return signature
    parameters = [
        parameter.replace(annotation=hints.get(name, parameter.annotation))
        for name, parameter in signature.parameters.items()
    ]
    return signature.replace(parameters=parameters, return_annotation=hints.get("return", signature.return_annotation))


def _user_param(endpoint: Callable[..., Any], signature: inspect.Signature, given: Optional[str]) -> str:
    names = (given,) if given is not None else _USER_PARAMS
    for name in names:
        if name in signature.parameters:
            return name
    wanted = " or ".join(repr(name) for name in names)
    where = getattr(endpoint, "__qualname__", repr(endpoint))
    raise TypeError(f"require_usage_limit: {where} has no parameter {wanted}; name the user's one with user_param=...")


def _user_id(user: Any, by: Optional[UserId]) -> str:
    if user is None:
        detail = {
            "error": "Authentication required",
            "code": "unauthenticated",
            "message": "Usage is counted for a user, and nobody is signed in.",
        }
        raise HTTPException(401, detail=detail)
    found: Union[Any, None]
    if by is not None:
        found = by(user)
    elif isinstance(user, (str, int, UUID)):
        found = user
    elif isinstance(user, Mapping):
        found = user.get("id")
    else:
        found = getattr(user, "id", None)
    if found is None or found == "":
        raise TypeError(f"a user of type {type(user).__name__} has no id; say where it is with user_id=...")
    return str(found)


def _has_failed(result: Any, arguments: Mapping[str, Any]) -> bool:
    if isinstance(result, Response):
        return result.status_code >= 400
    # FastAPI's other way of setting a status: on a Response among the parameters.
    given = (value for value in arguments.values() if isinstance(value, Response))
    return any((response.status_code or 0) >= 400 for response in given)
