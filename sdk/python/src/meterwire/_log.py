"""Warnings that do not flood: each kind at most once a minute."""

import logging
import threading
import time

_INTERVAL_S = 60.0


class Seldom:
    """Logs each kind of message at most once a minute."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}

    def warning(self, kind: str, text: str, *args: object) -> None:
        """A warning of this kind, unless one was logged within the last minute."""
        now = time.monotonic()
        with self._lock:
            last = self._last.get(kind)
            if last is not None and now - last < _INTERVAL_S:
                return
            self._last[kind] = now
        self._log.warning(text, *args)
