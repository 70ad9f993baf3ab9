"""Meterwire: usage limits that are never passed, and usage events that never count twice.

`Meterwire` is the blocking client, `AsyncMeterwire` the async one; `meterwire.fastapi` has the decorator of endpoints.
"""

from meterwire._wire import Amount
from meterwire.aio import AsyncHold, AsyncMeterwire
from meterwire.client import Hold, Meterwire
from meterwire.errors import (
    AuthenticationError,
    Conflict,
    InvalidRequest,
    LimitExceeded,
    MeterwireError,
    ServiceUnavailable,
)
from meterwire.models import (
    BulkDecision,
    Decision,
    HistoryDay,
    NearLimit,
    Reservation,
    ResetDone,
    Standing,
    Status,
    TopUser,
    User,
    Verdict,
)
from meterwire.recorder import RecorderOptions, RecorderStats

__all__ = [
    "Amount",
    "AsyncHold",
    "AsyncMeterwire",
    "AuthenticationError",
    "BulkDecision",
    "Conflict",
    "Decision",
    "HistoryDay",
    "Hold",
    "InvalidRequest",
    "LimitExceeded",
    "Meterwire",
    "MeterwireError",
    "NearLimit",
    "RecorderOptions",
    "RecorderStats",
    "Reservation",
    "ResetDone",
    "ServiceUnavailable",
    "Standing",
    "Status",
    "TopUser",
    "User",
    "Verdict",
]
