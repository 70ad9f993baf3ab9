"""The recorder against a real server: nothing is counted twice, nothing grows without bound, nothing is raised."""

import subprocess
import sys
import textwrap
import threading
import time
from decimal import Decimal

import httpx
import pytest
from processes import free_port

from meterwire import Meterwire, RecorderOptions
from meterwire import recorder as recorder_module

EVENT = {"model": "gpt-4o", "user": "u-1", "usage": {"input_tokens": 10, "output_tokens": 5}}


def events_of(tenant):
    """How many events the server knows, and their tokens."""
    answer = httpx.get(
        f"{tenant.url}/api/usage/log?range=24h&page_size=1", headers={"Authorization": f"Bearer {tenant.owner}"}
    )
    return answer.raise_for_status().json()["total"]


def run_script(tenant_url, token, script, **options):
    """A program of its own, for what happens at the end of one."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), tenant_url, token],
        capture_output=True, text=True, timeout=60, **options,
    )  # fmt: skip


def test_every_event_arrives_once(tenant):
    options = RecorderOptions(batch_size=100)
    with Meterwire(tenant.url, tenant.ingest, recorder=options) as meterwire:
        ids = {meterwire.record(EVENT) for _ in range(1234)}
        assert meterwire.flush(10)
        stats = meterwire.recorder_stats()
    assert len(ids) == 1234
    assert (stats.stored, stats.queued, stats.dropped, stats.duplicate) == (1234, 0, 0, 0)
    assert events_of(tenant) == 1234


def test_many_threads_may_record(tenant):
    with Meterwire(tenant.url, tenant.ingest) as meterwire:
        threads = [threading.Thread(target=lambda: [meterwire.record(EVENT) for _ in range(100)]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert meterwire.flush(10)
    assert events_of(tenant) == 800


def test_an_event_waits_no_longer_than_the_interval(tenant):
    options = RecorderOptions(interval=0.2)
    with Meterwire(tenant.url, tenant.ingest, recorder=options) as meterwire:
        meterwire.record(EVENT)
        deadline = time.monotonic() + 5
        while meterwire.recorder_stats().stored == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert meterwire.recorder_stats().stored == 1


def test_a_lost_answer_counts_nothing_twice(tenant, relay):
    relay_tenant_url = relay.url
    with Meterwire(relay_tenant_url, tenant.ingest) as meterwire:
        relay.lose = 1
        for _ in range(10):
            meterwire.record(EVENT)
        assert meterwire.flush(10)
        stats = meterwire.recorder_stats()
    assert relay.lost == 1
    assert stats.stored + stats.duplicate == 10 and stats.duplicate > 0
    assert events_of(tenant) == 10


@pytest.mark.parametrize("end", ["", "raise SystemExit(3)", "raise RuntimeError('out of paper')"])
def test_what_was_recorded_arrives_when_the_program_ends(tenant, end):
    script = f"""
        import sys
        from meterwire import Meterwire
        meterwire = Meterwire(sys.argv[1], sys.argv[2])
        for number in range(50):
            meterwire.record({{"id": str(number), "model": "gpt-4o"}})
        {end}
    """
    run_script(tenant.url, tenant.ingest, script)
    assert events_of(tenant) == 50


def test_a_program_whose_server_is_away_ends_in_time_and_says_what_is_lost():
    script = """
        import logging, sys
        from meterwire import Meterwire, RecorderOptions
        logging.basicConfig()
        meterwire = Meterwire(sys.argv[1], sys.argv[2], recorder=RecorderOptions(flush_timeout=1.0))
        meterwire.record({"model": "gpt-4o"})
    """
    begun = time.monotonic()
    ended = run_script(f"http://127.0.0.1:{free_port()}", "token", script)
    assert ended.returncode == 0, ended.stderr
    assert time.monotonic() - begun < 10
    assert "cannot be reached" in ended.stderr and "Traceback" not in ended.stderr


def test_the_queue_is_bounded_while_the_server_is_away():
    options = RecorderOptions(queue_size=100, flush_timeout=0.3)
    meterwire = Meterwire(f"http://127.0.0.1:{free_port()}", "token", recorder=options)
    begun = time.monotonic()
    ids = {meterwire.record(EVENT) for _ in range(5000)}
    assert time.monotonic() - begun < 2, "recording never waits"
    assert len(ids) == 5000
    stats = meterwire.recorder_stats()
    assert (stats.queued, stats.dropped) == (100, 4900)
    begun = time.monotonic()
    meterwire.close()
    assert time.monotonic() - begun < 3
    stats = meterwire.recorder_stats()
    assert (stats.queued, stats.dropped, stats.stored) == (0, 5000, 0)


def test_the_queue_is_bounded_in_bytes():
    options = RecorderOptions(queue_bytes=100_000, flush_timeout=0.0)
    meterwire = Meterwire(f"http://127.0.0.1:{free_port()}", "token", recorder=options)
    for _ in range(30):
        meterwire.record({"model": "gpt-4o", "properties": {"text": "x" * 10_000}})
    assert meterwire.recorder_stats().queued == 9
    meterwire.close()


def test_a_server_that_was_killed_gets_everything_once_when_it_is_back(own_server):
    tenant = own_server.tenant()
    with Meterwire(tenant.url, tenant.ingest, recorder=RecorderOptions(interval=0.01, batch_size=20)) as meterwire:
        for number in range(300):
            meterwire.record(EVENT)
            time.sleep(0.002)
            if number == 100:
                own_server.kill()
            if number == 200:
                own_server.start()
        assert meterwire.flush(20)
        stats = meterwire.recorder_stats()
    assert (stats.stored + stats.duplicate, stats.dropped) == (300, 0)
    assert events_of(tenant) == 300


def test_one_bad_event_spoils_nothing_and_is_counted(tenant, caplog):
    with Meterwire(tenant.url, tenant.ingest) as meterwire:
        meterwire.record(EVENT)
        meterwire.record({"model": "gpt-4o", "status": "two hundred"})
        meterwire.record({**EVENT, "id": "same"})
        meterwire.record({**EVENT, "id": "same", "model": "other"})
        assert meterwire.flush(10)
        stats = meterwire.recorder_stats()
    assert (stats.stored, stats.rejected, stats.conflict, stats.dropped) == (2, 1, 1, 0)
    assert "2 events of a batch were refused" in caplog.text


def test_what_cannot_be_written_as_json_is_dropped_and_not_raised(tenant, caplog):
    with Meterwire(tenant.url, tenant.ingest) as meterwire:
        for bad in (None, 7, {"model": object()}, {"latency_ms": float("nan")}, {"cost_usd": Decimal("NaN")}):
            meterwire.record(bad)
        assert meterwire.recorder_stats().dropped == 5
        meterwire.record({**EVENT, "cost_usd": Decimal("0.000000001")})
        assert meterwire.flush(10)
        assert meterwire.recorder_stats().stored == 1
    assert "could not be recorded" in caplog.text
    assert caplog.text.count("could not be recorded") == 1, "once a minute"


def test_a_token_that_is_not_taken_drops_and_says_so(tenant, caplog):
    with Meterwire(tenant.url, "mw_wrong") as meterwire:
        meterwire.record(EVENT)
        assert meterwire.flush(10)
        assert meterwire.recorder_stats().dropped == 1
    assert "refused a batch" in caplog.text and "mw_wrong" not in caplog.text


def test_nothing_is_recorded_after_the_end_and_nothing_raised(tenant):
    meterwire = Meterwire(tenant.url, tenant.ingest)
    meterwire.close()
    meterwire.record(EVENT)
    assert meterwire.recorder_stats().dropped == 1
    meterwire.close()


def test_a_batch_that_is_too_large_for_a_proxy_is_halved(failing):
    good = {"received": 2, "stored": 2, "duplicate": 0, "conflict": 0, "rejected": 0, "results": []}
    server = failing((413, {}, b""), (200, {}, good))
    with Meterwire(server.url, "token", recorder=RecorderOptions(batch_size=4, interval=5.0)) as meterwire:
        ids = [meterwire.record(EVENT) for _ in range(4)]
        assert meterwire.flush(10)
        assert meterwire.recorder_stats().stored == 4
    sent = [[event["id"] for event in body] for _, _, body in server.seen]
    assert sent == [ids, ids[:2], ids[2:]]


def test_an_idle_recorder_keeps_no_thread_and_starts_again(tenant, monkeypatch):
    def running():
        return [thread for thread in threading.enumerate() if thread.name == "meterwire-recorder"]

    monkeypatch.setattr(recorder_module, "_IDLE_S", 0.1)
    before = len(running())
    meterwire = Meterwire(tenant.url, tenant.ingest)
    assert len(running()) == before
    for stored in (1, 2):
        meterwire.record(EVENT)
        assert meterwire.flush(10) and meterwire.recorder_stats().stored == stored
        deadline = time.monotonic() + 5
        while len(running()) > before and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(running()) == before
    meterwire.close()


@pytest.mark.parametrize("delay", [0.0, 0.001, 0.005, 0.02])
def test_a_forked_child_records_its_own_events_only(tenant, delay):
    # The delays hit the parent's thread while it imports, sets up TLS, resolves the name, waits for the answer.
    script = f"""
        import os, sys, time
        from meterwire import Meterwire, RecorderOptions
        meterwire = Meterwire(sys.argv[1], sys.argv[2], recorder=RecorderOptions(interval=0.0))
        meterwire.record({{"id": "parent", "model": "gpt-4o"}})
        time.sleep({delay})
        child = os.fork()
        if child == 0:
            meterwire.record({{"id": "child", "model": "gpt-4o"}})
            good = meterwire.flush(10) and meterwire.recorder_stats().stored == 1
            os._exit(0 if good else 1)
        status = os.waitpid(child, 0)[1]
        good = meterwire.flush(10) and meterwire.recorder_stats().stored == 1
        sys.exit(0 if good and status == 0 else 1)
    """
    ended = run_script(tenant.url, tenant.ingest, script)
    assert ended.returncode == 0, ended.stderr
    assert events_of(tenant) == 2


@pytest.mark.parametrize(
    "wrong", [{"queue_size": 0}, {"batch_size": 0}, {"batch_size": 10_001}, {"interval": -1}, {"flush_timeout": -1}]
)
def test_bounds_are_checked(wrong):
    with pytest.raises(ValueError):
        RecorderOptions(**wrong)
