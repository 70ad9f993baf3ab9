"""Tells the server later what could not be told now: commits, releases and increments of work that is already done.

Each of them is idempotent, so telling it once more does no harm. Bounded: at most so many wait, and none for longer
than a day, which is well within the time that the server remembers idempotency keys.
"""

import atexit
import logging
import threading
import time
import weakref
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from meterwire._calls import Call
from meterwire._exchange import pause_before
from meterwire._fork import Talking, reset_in_child
from meterwire._log import Seldom
from meterwire.client import Meterwire
from meterwire.errors import AuthenticationError, MeterwireError, ServiceUnavailable

log = logging.getLogger("meterwire")

_MAX_WAITING = 10_000
_MAX_AGE_S = 24 * 3600.0
_FLUSH_AT_EXIT_S = 5.0


@dataclass(frozen=True)
class _Debt:
    call: Call[Any]
    what: str
    since: float = field(default_factory=time.monotonic)


class Settler:
    """The queue and its thread, which lives only while something waits."""

    def __init__(self, client: Callable[[], Meterwire]) -> None:
        self._client = client
        self._talking = Talking()
        self.reset()
        reset_in_child(self)
        _open_ones.add(self)

    def reset(self) -> None:
        """An empty queue without a thread; in a forked child too, for the parent keeps its own."""
        self._seldom = Seldom(log)
        self._changed = threading.Condition()
        self._waiting: deque[_Debt] = deque()
        self._thread: Optional[threading.Thread] = None
        self._hurry = False

    def later(self, call: Call[Any], what: str) -> None:
        """Queues a call. What does not fit is logged: it will not be told."""
        with self._changed:
            if len(self._waiting) < _MAX_WAITING:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="meterwire-settler", daemon=True)
                    self._thread.start()
                self._waiting.append(_Debt(call, what))
                return
        log.error("too much waits for Meterwire; this is not told: %s", what)

    def waiting(self) -> int:
        """How many calls wait."""
        with self._changed:
            return len(self._waiting)

    def flush(self, timeout: float) -> bool:
        """Waits until nothing waits; False where that took longer than `timeout` seconds."""
        with self._changed:
            self._hurry = True
            self._changed.notify_all()
            try:
                return self._changed.wait_for(lambda: not self._waiting, timeout)
            finally:
                self._hurry = False

    def _run(self) -> None:
        attempt = 0
        while True:
            with self._changed:
                if not self._waiting:
                    self._thread = None
                    return
                debt = self._waiting[0]
            if self._told(debt):
                attempt = 0
                with self._changed:
                    self._waiting.popleft()
                    self._changed.notify_all()
                continue
            attempt += 1
            with self._changed:
                # Somebody who flushes ends the pause, but not so often that it becomes a busy loop.
                self._changed.wait(0.05 if self._hurry else pause_before(attempt))

    def _told(self, debt: _Debt) -> bool:
        """True where it was told, or never will be."""
        try:
            with self._talking:
                self._client().send(debt.call)
            return True
        except (ServiceUnavailable, AuthenticationError) as error:
            if time.monotonic() - debt.since < _MAX_AGE_S:
                self._seldom.warning("away", "Meterwire will be told later: %s (%s)", debt.what, error)
                return False
            log.error("Meterwire was away for too long; this is not told: %s (%s)", debt.what, error)
        except MeterwireError as error:
            log.error("Meterwire refuses it: %s (%s)", debt.what, error)
        except Exception:
            log.exception("Meterwire could not be told: %s", debt.what)
        return True


_open_ones: "weakref.WeakSet[Settler]" = weakref.WeakSet()


@atexit.register
def _flush_all() -> None:
    deadline = time.monotonic() + _FLUSH_AT_EXIT_S
    for settler in list(_open_ones):
        if settler.waiting() and not settler.flush(max(deadline - time.monotonic(), 0.0)):
            log.error("%d commits, releases or increments could not be told to Meterwire", settler.waiting())
