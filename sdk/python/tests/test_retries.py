"""What is tried again, how long, and with which bytes. The servers here fail on purpose; the real one does not."""

import time

import pytest
from processes import free_port

from meterwire import AuthenticationError, InvalidRequest, Meterwire, ServiceUnavailable
from meterwire._exchange import pause_before

ALLOWED = {
    "allowed": True, "reason": None, "metric": "api_calls", "amount": 1, "current": 1, "held": 0, "limit": None,
    "remaining": None, "tier": "free", "window": "day", "exceeded": False, "resets_at": "2026-11-23T00:00:00Z",
}  # fmt: skip
AWAY = {"detail": {"error": "Service not available", "code": "unavailable", "message": "busy"}}


def client(server, **options):
    return Meterwire(server.url, "token", **options)


def test_a_busy_server_is_asked_again_with_the_same_key(failing):
    server = failing((503, {}, AWAY), (502, {}, b"<html>"), (200, {}, ALLOWED))
    with client(server) as meterwire:
        assert meterwire.consume("api_calls", user="u-1").allowed
    bodies = [body for _, _, body in server.seen]
    assert len(bodies) == 3 and bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["idempotency_key"]


def test_it_gives_up_after_its_retries(failing):
    server = failing((503, {}, AWAY))
    with client(server, retries=2) as meterwire, pytest.raises(ServiceUnavailable, match="busy") as caught:
        meterwire.consume("api_calls", user="u-1")
    assert caught.value.status == 503 and caught.value.code == "unavailable"
    assert len(server.seen) == 3


def test_no_retries_is_one_attempt(failing):
    server = failing((503, {}, AWAY))
    with client(server, retries=0) as meterwire, pytest.raises(ServiceUnavailable):
        meterwire.consume("api_calls", user="u-1")
    assert len(server.seen) == 1


def test_retry_after_is_waited_for(failing):
    server = failing((503, {"Retry-After": "1"}, AWAY), (200, {}, ALLOWED))
    begun = time.monotonic()
    with client(server) as meterwire:
        meterwire.consume("api_calls", user="u-1")
    assert 1.0 <= time.monotonic() - begun < 3.0


def test_retry_after_beyond_the_time_limit_is_not_waited_for(failing):
    server = failing((503, {"Retry-After": "3600"}, AWAY))
    begun = time.monotonic()
    with client(server, timeout=2.0) as meterwire, pytest.raises(ServiceUnavailable):
        meterwire.consume("api_calls", user="u-1")
    assert time.monotonic() - begun < 1.0


def test_a_server_that_never_answers_takes_no_longer_than_the_time_limit(failing):
    server = failing((200, {}, ALLOWED, 30.0))
    begun = time.monotonic()
    with client(server, timeout=1.0) as meterwire, pytest.raises(ServiceUnavailable, match="cannot be reached"):
        meterwire.consume("api_calls", user="u-1")
    assert 0.5 <= time.monotonic() - begun < 1.5
    assert len(server.seen) >= 2, "half of the time is kept for asking again"


def test_nobody_there_is_said_soon():
    begun = time.monotonic()
    nobody = Meterwire(f"http://127.0.0.1:{free_port()}", "token")
    with nobody, pytest.raises(ServiceUnavailable, match="cannot be reached"):
        nobody.consume("api_calls", user="u-1")
    assert time.monotonic() - begun < 2.0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 500])
def test_what_would_fail_again_is_not_tried_again(failing, status):
    server = failing((status, {}, {"detail": {"error": "x", "code": "c", "message": "m"}}))
    with client(server) as meterwire, pytest.raises(Exception, match="m"):
        meterwire.consume("api_calls", user="u-1")
    assert len(server.seen) == 1


def test_a_reset_is_never_sent_twice(failing):
    server = failing((503, {}, AWAY), (200, {}, {"reset": 1, "date": "2026-11-22"}))
    with client(server) as meterwire, pytest.raises(ServiceUnavailable):
        meterwire.manual_reset()
    assert len(server.seen) == 1
    server = failing((200, {}, {"reset": 1, "date": "2026-11-22"}, 30.0))
    with client(server, timeout=0.5) as meterwire, pytest.raises(ServiceUnavailable):
        meterwire.manual_reset()
    assert len(server.seen) == 2


@pytest.mark.parametrize("content", [b"<html>welcome</html>", b"[]", b"{}", b'{"allowed": true}', b"null", b""])
def test_something_else_at_that_address_is_no_decision(failing, content):
    server = failing((200, {}, content))
    with client(server) as meterwire, pytest.raises(ServiceUnavailable, match="does not speak"):
        meterwire.consume("api_calls", user="u-1")


def test_a_redirect_is_not_followed_with_the_token(failing):
    server = failing((302, {"Location": "http://127.0.0.1:1/"}, b""))
    with client(server) as meterwire, pytest.raises(ServiceUnavailable, match="302"):
        meterwire.consume("api_calls", user="u-1")
    assert len(server.seen) == 1


def test_an_error_without_our_body_still_says_its_status(failing):
    server = failing((400, {}, b"<html>"))
    with client(server) as meterwire, pytest.raises(InvalidRequest, match="400") as caught:
        meterwire.check_limit("api_calls")
    assert caught.value.detail == {} and caught.value.code is None


def test_pauses_differ_and_are_bounded():
    pauses = [pause_before(attempt) for attempt in range(1, 40) for _ in range(20)]
    assert max(pauses) <= 2.0 and min(pauses) >= 0.0
    assert len(set(pauses)) > 700


def test_settings_are_checked_at_once(monkeypatch):
    monkeypatch.delenv("METERWIRE_TOKEN", raising=False)
    with pytest.raises(AuthenticationError, match="METERWIRE_TOKEN"):
        Meterwire("http://127.0.0.1:1")
    for wrong in ({"base_url": "meterwire.example.com"}, {"timeout": 0}, {"retries": -1}):
        with pytest.raises(ValueError):
            Meterwire(token="t", **wrong)


def test_the_environment_says_where_and_who(failing, monkeypatch):
    server = failing((200, {}, ALLOWED))
    monkeypatch.setenv("METERWIRE_URL", server.url + "/")
    monkeypatch.setenv("METERWIRE_TOKEN", "from-the-environment")
    with Meterwire(tenant="acme") as meterwire:
        meterwire.check_limit("api_calls")
    assert server.seen[0][1] == "/api/usage/check-limit?tenant=acme"
