"""Amounts, times and JSON on their way to the server and back.

Amounts stay exact: what goes out as a Decimal or a text arrives as written, and what comes back is read as a Decimal.
"""

import json
import math
import operator
import os
import time
import uuid
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, Optional, Union

Amount = Union[int, float, Decimal, str]
"""An amount of a metric. A float is rounded by the server to six places; the other three must be exact."""


def amount_to_wire(amount: Amount) -> Union[int, float, str]:
    """The amount as JSON can carry it without losing a digit."""
    if isinstance(amount, bool):
        raise TypeError("an amount is a number, not a bool")
    if isinstance(amount, str):
        return amount
    if isinstance(amount, Decimal):
        if not amount.is_finite():
            raise ValueError(f"an amount is a finite number, not {amount}")
        return format(amount, "f")
    if isinstance(amount, float):
        if not math.isfinite(amount):
            raise ValueError(f"an amount is a finite number, not {amount}")
        return float(amount)
    try:
        return operator.index(amount)
    except TypeError:
        kind = type(amount).__name__
        raise TypeError(f"an amount is an int, float, Decimal or str, not {kind}") from None


def to_json(value: Any) -> bytes:
    """JSON as the server takes it: exact decimals as texts, times as RFC 3339."""
    return json.dumps(value, default=_other_to_json, separators=(",", ":"), allow_nan=False).encode()


def _other_to_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return amount_to_wire(value)
    if isinstance(value, datetime):
        return time_to_wire(value)
    if isinstance(value, (date, uuid.UUID)):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def from_json(text: str) -> Any:
    """JSON with its fractions kept exact."""
    return json.loads(text, parse_float=Decimal)


def plain(value: Any) -> Any:
    """The same value made of nothing but JSON's own types, so that any framework can send it on."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


def time_to_wire(moment: datetime) -> str:
    """RFC 3339 in UTC. A time without a zone would be a guess, so it is refused."""
    if moment.tzinfo is None:
        raise ValueError("a time needs a zone, such as datetime.now(timezone.utc)")
    text = moment.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def utc_now() -> datetime:
    """The present."""
    return datetime.now(timezone.utc)


def time_from_wire(text: Optional[str]) -> Optional[datetime]:
    """A time of an answer. Python before 3.11 reads neither `Z` nor any number of decimals by itself."""
    if text is None:
        return None
    whole, _, fraction = text.rstrip("Z").partition(".")
    moment = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S")
    return moment.replace(microsecond=int((fraction + "000000")[:6]), tzinfo=timezone.utc)


def new_event_id() -> str:
    """A UUIDv7: unique, and sorted by time, which is kind to the server's index."""
    milliseconds = int(time.time() * 1000) & ((1 << 48) - 1)
    noise = int.from_bytes(os.urandom(10), "big")
    value = milliseconds << 80 | 0x7 << 76 | (noise >> 68) << 64 | 0b10 << 62 | noise & ((1 << 62) - 1)
    return str(uuid.UUID(int=value))


def new_key() -> str:
    """An idempotency key: one for a call, the same in all its attempts."""
    return uuid.uuid4().hex
