"""One call from its first attempt to its answer: what is sent, how long to wait, when to give up.

Does no input or output itself, so that the blocking and the async client behave the same.
"""

import os
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Optional, TypeVar
from urllib.parse import urlsplit

import httpx

from meterwire._calls import Answer, Call
from meterwire._wire import from_json, to_json
from meterwire.errors import AuthenticationError, ServiceUnavailable, error_from_answer

T = TypeVar("T")

DEFAULT_URL = "http://127.0.0.1:8000"
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0
_CONNECT_S = 2.0
# Answers that say: not now. A proxy in front gives 502 and 504.
_PASSING = frozenset({502, 503, 504})
# What went wrong before anything was sent; then even what must not be done twice can be tried again.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True)
class Settings:
    """Where the server is, who asks, and how patiently."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    query: Mapping[str, str]
    timeout_s: float
    retries: int

    @classmethod
    def of(
        cls, url: Optional[str], token: Optional[str], tenant: Optional[str], timeout_s: float, retries: int
    ) -> "Settings":
        """Fills in METERWIRE_URL and METERWIRE_TOKEN for what is not given."""
        url = (url or os.environ.get("METERWIRE_URL") or DEFAULT_URL).rstrip("/")
        token = (token or os.environ.get("METERWIRE_TOKEN") or "").strip()
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"the address must be like https://meterwire.example.com, not {url!r}")
        if not token:
            raise AuthenticationError("no token: pass token=... or set METERWIRE_TOKEN")
        if not timeout_s > 0:
            raise ValueError("timeout must be more than 0 seconds")
        if retries < 0:
            raise ValueError("retries must be 0 or more")
        headers = {"Authorization": f"Bearer {token}", "User-Agent": "meterwire-python"}
        query = {} if tenant is None else {"tenant": tenant}
        return cls(url, headers, query, timeout_s, retries)


def pause_before(attempt: int) -> float:
    """Seconds before the attempt of this number (1 is the first retry): any length up to a doubling bound, so that many
    clients that lost the server together do not come back together."""
    return random.uniform(0.0, min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(attempt, 10)))


class Exchange(Generic[T]):
    """Follows one call through its attempts. `timeout_s` bounds all of them together."""

    def __init__(self, settings: Settings, call: Call[T]) -> None:
        self._settings = settings
        self._call = call
        self._failed = 0
        self._deadline = time.monotonic() + settings.timeout_s
        self._content = None if call.body is None else to_json(call.body)

    def request(self, http: "httpx.Client | httpx.AsyncClient") -> httpx.Request:
        """The next attempt, the same bytes each time."""
        headers = dict(self._settings.headers)
        if self._content is not None:
            headers["Content-Type"] = "application/json"
        left = max(self._deadline - time.monotonic(), 0.001)
        # Half of what is left, so that an answer that was lost leaves time to ask for it again; the last one gets all.
        attempt_s = left if self._failed >= self._settings.retries else left / 2
        return http.build_request(
            self._call.method,
            self._settings.url + self._call.path,
            params={**self._settings.query, **self._call.query} or None,
            headers=headers,
            content=self._content,
            timeout=httpx.Timeout(attempt_s, connect=min(attempt_s, _CONNECT_S)),
        )

    def failed(self, error: httpx.HTTPError) -> float:
        """There was no answer: how long to wait before the next attempt. Raises where there is none."""
        sent = not isinstance(error, _NOT_SENT)
        reason = str(error) or type(error).__name__
        lost = ServiceUnavailable(f"Meterwire at {self._settings.url} cannot be reached: {reason}")
        if sent and not self._call.repeatable:
            raise lost from error
        pause = self._next_pause(None)
        if pause is None:
            raise lost from error
        return pause

    def answered(self, response: httpx.Response) -> Optional[float]:
        """There was an answer: None to take it, or how long to wait before the next attempt."""
        if response.status_code not in _PASSING or not self._call.repeatable:
            return None
        return self._next_pause(response.headers.get("Retry-After"))

    def result(self, response: httpx.Response) -> T:
        """The answer as the call reads it; raises what a refusal or an error stands for."""
        if not response.is_success:
            raise error_from_answer(response.status_code, response.text, response.headers)
        try:
            data = from_json(response.text)
            replayed = response.headers.get("Idempotent-Replayed") == "true"
            return self._call.read(Answer(data, replayed))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ServiceUnavailable(
                f"what answers at {self._settings.url}{self._call.path} does not speak as Meterwire does: {error!r}",
                status=response.status_code,
            ) from error

    def _next_pause(self, retry_after: Optional[str]) -> Optional[float]:
        self._failed += 1
        if self._failed > self._settings.retries:
            return None
        pause = pause_before(self._failed)
        if retry_after is not None and retry_after.isdigit():
            pause += float(retry_after)
        return pause if time.monotonic() + pause < self._deadline else None
