"""Records events in the background: `record` never waits, never raises, and never takes more memory than it was given.

Events wait in a bounded queue; one thread sends them in batches and tries again for as long as the server is away. An
event's id is made before the first attempt, so a batch that arrived although its answer was lost counts once. What does
not fit is dropped and counted. At exit the queue is flushed, for at most `flush_timeout` seconds.

A forked child starts with an empty queue: what waited in the parent is sent by the parent.
"""

import atexit
import logging
import threading
import time
import weakref
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Optional

import httpx

from meterwire._calls import complete_event
from meterwire._exchange import Settings, pause_before
from meterwire._fork import Talking, reset_in_child
from meterwire._log import Seldom
from meterwire._wire import from_json, to_json
from meterwire.errors import error_from_answer

log = logging.getLogger("meterwire")

_MAX_EVENTS = 10_000
_MAX_BATCH_BYTES = 4 * 1024 * 1024
# An idle thread ends; the next event starts another. So a client that was never closed leaves nothing running.
_IDLE_S = 10.0
# Not here now, or too busy: worth another try. Everything else would be refused again.
_PASSING = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True)
class RecorderOptions:
    """The bounds of a recorder."""

    queue_size: int = 10_000
    """Events that may wait. The newest is dropped where one more would not fit."""
    queue_bytes: int = 32 * 1024 * 1024
    """Bytes of JSON that may wait."""
    batch_size: int = 500
    """Events of one request, at most 10,000."""
    interval: float = 0.5
    """Seconds that an event waits for others at most."""
    flush_timeout: float = 5.0
    """Seconds that closing, or the end of the process, waits for the queue to empty."""

    def __post_init__(self) -> None:
        if self.queue_size < 1 or self.queue_bytes < 1:
            raise ValueError("the queue must have room for something")
        if not 1 <= self.batch_size <= _MAX_EVENTS:
            raise ValueError(f"batch_size must be from 1 to {_MAX_EVENTS}")
        if not self.interval >= 0 or not self.flush_timeout >= 0:
            raise ValueError("interval and flush_timeout must be 0 or more seconds")


@dataclass(frozen=True)
class RecorderStats:
    """What became of the events so far."""

    queued: int = 0
    """Waiting or on their way."""
    stored: int = 0
    duplicate: int = 0
    """There already, such as after a lost answer."""
    conflict: int = 0
    """There already with other content."""
    rejected: int = 0
    """Refused by the server."""
    dropped: int = 0
    """Never sent: the queue was full, the event could not be written as JSON, or the server was away at the end."""


class Recorder:
    """The queue and its thread. The thread starts with the first event."""

    def __init__(
        self,
        settings: Settings,
        options: Optional[RecorderOptions] = None,
        transport: Optional[httpx.BaseTransport] = None,
    ) -> None:
        self._settings = settings
        self.options = options or RecorderOptions()
        self._transport = transport
        self._closed = False
        self._talking = Talking()
        self.reset()
        reset_in_child(self)
        _open_ones.add(self)

    def reset(self) -> None:
        """An empty queue without a thread: at the start, and in a forked child, where the parent's thread is not."""
        self._seldom = Seldom(log)
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._queue: deque[bytes] = deque()
        self._bytes = 0
        # Events of the batch that is on its way; they still count as queued.
        self._sending = 0
        self._flushers = 0
        self._thread: Optional[threading.Thread] = None
        self._gave_up = False
        self._stats = RecorderStats()

    def record(self, event: Mapping[str, Any]) -> str:
        """Queues one event and returns its id, or "" where it cannot be written as JSON. Never raises."""
        try:
            completed = complete_event(event)
            line = to_json(completed)
            self._put(line)
            return str(completed["id"])
        except Exception as error:
            self._drop(1, f"an event could not be recorded: {error}")
            return ""

    def _put(self, line: bytes) -> None:
        with self._changed:
            queued = len(self._queue) + self._sending
            full = queued >= self.options.queue_size or self._bytes + len(line) > self.options.queue_bytes
            if not full and not self._closed:
                if self._thread is None:
                    self._start()
                self._queue.append(line)
                self._bytes += len(line)
                # Waking the thread for every event would cost more than the event itself.
                if len(self._queue) in (1, self.options.batch_size):
                    self._changed.notify_all()
                return
        self._drop(1, "the recorder is closed" if self._closed else "the queue of events is full")

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name="meterwire-recorder", daemon=True)
        thread.start()
        self._thread = thread

    def _drop(self, count: int, why: str) -> None:
        with self._lock:
            self._stats = replace(self._stats, dropped=self._stats.dropped + count)
            dropped = self._stats.dropped
        self._seldom.warning("dropped", "%s; %d events were dropped so far", why, dropped)

    def stats(self) -> RecorderStats:
        """The counts so far."""
        with self._lock:
            return replace(self._stats, queued=len(self._queue) + self._sending)

    def flush(self, timeout: Optional[float] = None) -> bool:
        """Waits until everything queued so far was answered; False where that took longer than `timeout` seconds."""
        deadline = time.monotonic() + (self.options.flush_timeout if timeout is None else timeout)
        with self._changed:
            self._flushers += 1
            self._changed.notify_all()
            try:
                while self._queue or self._sending:
                    left = deadline - time.monotonic()
                    if left <= 0 or not self._changed.wait(left):
                        return not (self._queue or self._sending)
                return True
            finally:
                self._flushers -= 1

    def close(self, timeout: Optional[float] = None) -> bool:
        """Flushes and stops. What is still unsent then is dropped and counted."""
        _open_ones.discard(self)
        with self._lock:
            was_closed, self._closed = self._closed, True
        emptied = self.flush(timeout)
        with self._changed:
            self._gave_up = True
            left = len(self._queue)
            self._queue.clear()
            self._changed.notify_all()
            thread = self._thread
        if left:
            self._drop(left, "the server could not be reached before the end")
        if thread is not None and not was_closed and thread is not threading.current_thread():
            thread.join(1.0)
        return emptied

    # What follows runs in the thread.

    def _run(self) -> None:
        with self._talking:
            http = httpx.Client(transport=self._transport)
        with http:
            while True:
                batch = self._take()
                if batch is None:
                    return
                try:
                    self._deliver(http, batch)
                except Exception as error:
                    self._drop(len(batch), f"a batch could not be sent: {error!r}")
                finally:
                    self._done(batch)

    def _take(self) -> Optional[list[bytes]]:
        """The next batch, once it is full, or its oldest event waited long enough, or somebody waits for it."""
        size = self.options.batch_size
        with self._changed:
            while not self._queue:
                if self._closed or not self._changed.wait(_IDLE_S):
                    self._thread = None
                    return None
            deadline = time.monotonic() + self.options.interval
            while len(self._queue) < size and not self._flushers and not self._closed:
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            batch: list[bytes] = []
            batch_bytes = 0
            while self._queue and len(batch) < size:
                batch_bytes += len(self._queue[0])
                if batch and batch_bytes > _MAX_BATCH_BYTES:
                    break
                batch.append(self._queue.popleft())
            self._sending = len(batch)
            return batch if batch else None

    def _done(self, batch: list[bytes]) -> None:
        with self._changed:
            self._sending = 0
            self._bytes -= sum(map(len, batch))
            self._changed.notify_all()

    def _deliver(self, http: httpx.Client, batch: list[bytes]) -> None:
        """Sends one batch until it is answered or the recorder gives up."""
        attempt = 0
        while True:
            reason = self._attempt(http, batch)
            if reason is None:
                return
            attempt += 1
            self._seldom.warning("away", "%s; %d events wait", reason, self.stats().queued)
            with self._changed:
                if not self._gave_up:
                    self._changed.wait_for(lambda: self._gave_up, pause_before(attempt))
                if self._gave_up:
                    break
        self._drop(len(batch), "the server could not be reached before the end")

    def _attempt(self, http: httpx.Client, batch: list[bytes]) -> Optional[str]:
        """None where the batch was answered, else why it is to be tried again."""
        headers = {**self._settings.headers, "Content-Type": "application/json"}
        url = self._settings.url + "/api/v1/events"
        content = b"[" + b",".join(batch) + b"]"
        try:
            with self._talking:
                response = http.post(
                    url,
                    params=self._settings.query or None,
                    headers=headers,
                    content=content,
                    timeout=self._settings.timeout_s,
                )
        except httpx.HTTPError as error:
            return f"Meterwire at {self._settings.url} cannot be reached: {str(error) or type(error).__name__}"
        if response.status_code in _PASSING:
            return f"Meterwire at {self._settings.url} answered {response.status_code}"
        if response.status_code == 413 and len(batch) > 1:
            half = len(batch) // 2
            self._deliver(http, batch[:half])
            self._deliver(http, batch[half:])
            return None
        self._count(batch, response)
        return None

    def _count(self, batch: list[bytes], response: httpx.Response) -> None:
        """Adds up the verdicts; an answer without any means that the request as a whole was refused."""
        verdicts = _verdicts(response)
        if verdicts is None:
            error = error_from_answer(response.status_code, response.text, response.headers)
            self._drop(len(batch), f"Meterwire refused a batch: {error}")
            return
        with self._lock:
            now = self._stats
            self._stats = replace(
                now,
                stored=now.stored + verdicts["stored"],
                duplicate=now.duplicate + verdicts["duplicate"],
                conflict=now.conflict + verdicts["conflict"],
                rejected=now.rejected + verdicts["rejected"],
            )
        refused = verdicts["conflict"] + verdicts["rejected"]
        if refused:
            bad = [item for item in verdicts["results"] if item.get("status") in ("conflict", "rejected")]
            self._seldom.warning("refused", "%d events of a batch were refused, the first: %s", refused, bad[:1])


def _verdicts(response: httpx.Response) -> Optional[dict[str, Any]]:
    if response.status_code not in (200, 422):
        return None
    try:
        body = from_json(response.text)
    except ValueError:
        return None
    names = ("stored", "duplicate", "conflict", "rejected", "results")
    return body if isinstance(body, dict) and all(name in body for name in names) else None


# Held weakly: a recorder that nobody uses can go. One with events waiting is held by its thread.
_open_ones: "weakref.WeakSet[Recorder]" = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """The end of the process: everything that is open shares one time limit."""
    recorders = list(_open_ones)
    deadline = time.monotonic() + max((recorder.options.flush_timeout for recorder in recorders), default=0.0)
    for recorder in recorders:
        recorder.close(max(deadline - time.monotonic(), 0.0))
