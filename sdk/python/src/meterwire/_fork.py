"""What must not be shared with a forked child: connections, threads, locks. Servers that fork their workers do fork."""

import os
import threading
import time
import weakref
from typing import Protocol

# How long a fork waits for our threads. A thread that waits longer than this waits for the server, which is harmless.
_PATIENCE_S = 1.0


class Resettable(Protocol):
    """Something that starts anew in a forked child."""

    def reset(self) -> None: ...


class Talking:
    """Held by a background thread while it talks to the server; a fork waits for it.

    A child that is forked in the middle of an import, or while OpenSSL sets itself up, inherits a lock that nobody will
    ever open.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        _talking.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *error: object) -> None:
        self._lock.release()

    def wait(self, deadline: float) -> bool:
        """Waits until nobody talks, and keeps it so until `go_on`."""
        return self._lock.acquire(timeout=max(deadline - time.monotonic(), 0.0))

    def go_on(self) -> None:
        """The fork is done."""
        self._lock.release()

    def reset(self) -> None:
        """In the child, where the thread is not."""
        self._lock = threading.Lock()


_talking: "weakref.WeakSet[Talking]" = weakref.WeakSet()
_known: "weakref.WeakSet[Resettable]" = weakref.WeakSet()
_stopped: list[Talking] = []


def reset_in_child(thing: Resettable) -> None:
    """Calls `thing.reset()` in every child that this process forks, for as long as the thing lives."""
    _known.add(thing)


def _before() -> None:
    deadline = time.monotonic() + _PATIENCE_S
    _stopped.extend(one for one in list(_talking) if one.wait(deadline))


def _in_parent() -> None:
    while _stopped:
        _stopped.pop().go_on()


def _in_child() -> None:
    _stopped.clear()
    for one in list(_talking):
        one.reset()
    for thing in list(_known):
        thing.reset()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
