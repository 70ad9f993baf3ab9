"""What can go wrong, as exceptions."""

from collections.abc import Mapping
from typing import Any, Optional

from meterwire._wire import from_json, plain


class MeterwireError(Exception):
    """The root of all of them."""

    def __init__(self, message: str, *, status: Optional[int] = None, detail: Optional[dict[str, Any]] = None) -> None:
        super().__init__(message)
        self.message = message
        """A sentence for people."""
        self.status = status
        """The HTTP status of the answer; None where there was none."""
        self.detail: dict[str, Any] = detail if detail is not None else {}
        """The server's `detail`, exactly as it was sent."""

    @property
    def code(self) -> Optional[str]:
        """The server's stable code, such as `invalid_value`."""
        code = self.detail.get("code")
        return code if isinstance(code, str) else None


class LimitExceeded(MeterwireError):
    """A limit, or a hard budget, does not allow it; nothing was recorded. `code` tells which."""

    def __init__(
        self,
        message: str,
        *,
        status: Optional[int] = None,
        detail: Optional[dict[str, Any]] = None,
        headers: Optional[Mapping[str, str]] = None,
    ) -> None:
        super().__init__(message, status=status, detail=detail)
        self.headers: dict[str, str] = dict(headers or {})
        """`Retry-After` and `RateLimit` headers of the answer, for passing them on."""

    @property
    def metric(self) -> Optional[str]:
        """The metric that refused; None where a budget did."""
        metric = self.detail.get("metric")
        return metric if isinstance(metric, str) else None

    @property
    def retry_after(self) -> Optional[int]:
        """Seconds to the next window; None for a level, which has none."""
        text = self.headers.get("Retry-After", "")
        return int(text) if text.isdigit() else None


class ServiceUnavailable(MeterwireError):
    """The server cannot be reached, or cannot answer now. Whether the call was carried out is not known."""


class AuthenticationError(MeterwireError):
    """There is no token, or the server does not take it, or its role is too low (`status` 401 or 403)."""


class InvalidRequest(MeterwireError):
    """The server does not take this request, and would not take it a second time."""

    @property
    def field(self) -> Optional[str]:
        """The field at fault, where the server names one."""
        field = self.detail.get("field")
        return field if isinstance(field, str) else None


class Conflict(MeterwireError):
    """It contradicts what was done before: the same key with another request, a commit after a release."""


# What refuses for good until a window or a period ends, or an owner allows more.
_LIMIT_CODES = ("limit_exceeded", "budget_exceeded", "unpriced_model")
# The headers of a refusal that are worth passing on to whoever was refused.
_LIMIT_HEADERS = ("Retry-After", "RateLimit", "RateLimit-Policy")


def error_from_answer(status: int, text: str, headers: Mapping[str, str]) -> MeterwireError:
    """The exception that an answer other than 2xx stands for."""
    detail = _detail(text)
    message = str(detail.get("message") or detail.get("error") or f"the server answered {status}")
    if status == 429 and detail.get("code") in _LIMIT_CODES:
        passed_on = {name: headers[name] for name in _LIMIT_HEADERS if name in headers}
        return LimitExceeded(message, status=status, detail=detail, headers=passed_on)
    kind: type[MeterwireError] = InvalidRequest
    if status in (401, 403):
        kind = AuthenticationError
    elif status == 409:
        kind = Conflict
    elif status == 429 or status >= 500 or status < 400:
        # 3xx too: a redirect means that something other than Meterwire answers there.
        kind = ServiceUnavailable
    return kind(message, status=status, detail=detail)


def _detail(text: str) -> dict[str, Any]:
    try:
        body = from_json(text)
    except ValueError:
        return {}
    detail = body.get("detail") if isinstance(body, dict) else None
    return plain(detail) if isinstance(detail, dict) else {}
