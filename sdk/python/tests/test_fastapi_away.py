"""The server is away, goes away, and comes back, while a real FastAPI app goes on."""

import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from processes import app, free_port

from meterwire import Meterwire

NOT_AVAILABLE = {
    "detail": {
        "error": "Service not available",
        "code": "unavailable",
        "message": "Usage limits cannot be checked right now. Try again in a moment.",
    }
}
VISITOR = {"X-User": "u-1"}


def post(running, path, **more):
    return httpx.post(running.url + path, headers=VISITOR, timeout=30, **more)


def standing(tenant, metric):
    with Meterwire(tenant.url, tenant.owner) as owner:
        found = owner.status("u-1").metrics[metric]
    return found.current, found.held


def until(tenant, metric, wanted):
    """Waits for what is told to the server elsewhere."""
    deadline = time.monotonic() + 15
    while standing(tenant, metric) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return standing(tenant, metric)


@pytest.fixture(params=["nobody there", "wrong token", "no token"])
def unreachable(request, server):
    """What the app is configured with when the service is not available to it."""
    return {
        "nobody there": {"METERWIRE_URL": f"http://127.0.0.1:{free_port()}", "METERWIRE_TOKEN": "t"},
        "wrong token": {"METERWIRE_URL": server.url, "METERWIRE_TOKEN": "mw_wrong"},
        "no token": {"METERWIRE_URL": server.url},
    }[request.param]


def test_closed_is_the_default_and_says_service_not_available(unreachable):
    with app("shop.main:app", **unreachable) as closed:
        for path in ("/my-endpoint", "/my-manual-endpoint", "/blocking", "/counted", "/my-bulk-endpoint"):
            answer = post(closed, path)
            assert (answer.status_code, answer.json()) == (503, NOT_AVAILABLE), path
            assert answer.headers["Retry-After"] == "1"
        for path in ("/status", "/tier"):
            assert httpx.get(closed.url + path, headers=VISITOR).json() == NOT_AVAILABLE


def test_open_lets_requests_through(unreachable):
    with app("shop.main:app", METERWIRE_ON_UNAVAILABLE="fail_open", **unreachable) as opened:
        for path in ("/my-endpoint", "/my-manual-endpoint", "/blocking", "/counted", "/my-bulk-endpoint"):
            assert post(opened, path).status_code == 200, path
        assert post(opened, "/refuses").status_code == 400, "the endpoint's own errors stay"
        answer = httpx.get(opened.url + "/status", headers=VISITOR)
        assert (answer.status_code, answer.json()) == (503, NOT_AVAILABLE), "no number is made up"


def test_a_mode_that_does_not_exist_is_an_error(server):
    environment = {"METERWIRE_URL": f"http://127.0.0.1:{free_port()}", "METERWIRE_TOKEN": "t"}
    with app("shop.main:app", METERWIRE_ON_UNAVAILABLE="fail_softly", **environment) as confused:
        assert post(confused, "/my-endpoint").status_code == 500


def test_a_server_that_is_killed_midway_still_counts_the_work_once_it_is_back(own_server):
    tenant = own_server.tenant()
    environment = {"METERWIRE_URL": tenant.url, "METERWIRE_TOKEN": tenant.ingest}
    with app("shop.main:app", **environment) as running, ThreadPoolExecutor(4) as pool:
        assert post(running, "/my-endpoint").status_code == 200
        # Two are at work, their holds made, when the server dies; both finish, and one of them fails.
        works = pool.submit(post, running, "/blocking", params={"seconds": 3})
        fails = pool.submit(post, running, "/blocking", params={"seconds": 3, "fail": True})
        assert until(tenant, "deployments", (3, 2)) == (3, 2)
        own_server.kill()
        assert works.result().status_code == 200, "the work is done, whatever the counting says"
        assert fails.result().status_code == 400
        assert post(running, "/my-endpoint").json() == NOT_AVAILABLE
        own_server.start()
        assert until(tenant, "deployments", (2, 0)) == (2, 0)
        assert post(running, "/my-endpoint").status_code == 200
        assert standing(tenant, "deployments") == (3, 0)


def test_open_remembers_increments_until_the_server_is_back(own_server):
    tenant = own_server.tenant()
    environment = {"METERWIRE_URL": tenant.url, "METERWIRE_TOKEN": tenant.ingest}
    with app("shop.main:app", METERWIRE_ON_UNAVAILABLE="fail_open", **environment) as running:
        assert post(running, "/my-manual-endpoint").status_code == 200
        own_server.kill()
        for _ in range(3):
            assert post(running, "/my-manual-endpoint").status_code == 200
        own_server.start()
        assert until(tenant, "api_calls", (4, 0)) == (4, 0)


def test_what_is_still_to_be_told_is_told_when_the_program_ends(own_server):
    tenant = own_server.tenant()
    script = """
        import asyncio, sys
        from meterwire import _settle
        from meterwire.fastapi import configure, usage_tracking_service
        # It would not try again by itself in time: only the end of the program makes it.
        _settle.pause_before = lambda attempt: 3600.0
        configure(sys.argv[1], sys.argv[2], on_unavailable="fail_open")
        async def many():
            for _ in range(3):
                await usage_tracking_service.increment_usage(None, "u-1", "api_calls", 2)
        asyncio.run(many())
        print("done", flush=True)
        sys.stdin.readline()
    """
    own_server.kill()
    command = [sys.executable, "-c", textwrap.dedent(script), tenant.url, tenant.ingest]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout.readline() == "done\n"
        own_server.start()
        assert standing(tenant, "api_calls") == (0, 0)
        program.stdin.write("\n")
        program.stdin.flush()
        assert program.wait(timeout=30) == 0
    assert standing(tenant, "api_calls") == (6, 0)
