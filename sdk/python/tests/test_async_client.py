"""The async client against a real server: the same verbs, and what only exists there, which is cancellation."""

import asyncio
import inspect
from decimal import Decimal

import pytest

from meterwire import AsyncMeterwire, LimitExceeded, Meterwire


def run(tenant, work, token=None):
    async def with_client():
        async with AsyncMeterwire(tenant.url, token or tenant.ingest) as client:
            return await work(client)

    return asyncio.run(with_client())


def standing(tenant, metric):
    with Meterwire(tenant.url, tenant.owner) as owner:
        found = owner.status("u-1").metrics[metric]
    return found.current, found.held


def verbs(kind):
    hidden = {"close", "aclose", "reset", "send"}
    return {name: one for name, one in vars(kind).items() if inspect.isfunction(one) and name[0] != "_"
            and name not in hidden}  # fmt: skip


def test_both_clients_have_the_same_verbs_with_the_same_arguments():
    blocking, awaited = verbs(Meterwire), verbs(AsyncMeterwire)
    assert blocking.keys() == awaited.keys()
    for name, verb in blocking.items():
        assert inspect.signature(verb).parameters == inspect.signature(awaited[name]).parameters, name


def test_every_decision(tenant):
    async def work(client):
        assert (await client.check_limit("deployments", 10, user="u-1")).allowed
        assert (await client.consume("deployments", 9, user="u-1")).current == 9
        with pytest.raises(LimitExceeded) as caught:
            await client.consume("deployments", 2, user="u-1")
        assert caught.value.detail["message"] == "Daily deployments limit exceeded"
        assert (await client.increment("deployments", 2, user="u-1")).exceeded
        bulk = await client.consume(metrics={"api_calls": 2, "compute_hours": 0.5}, user="u-1")
        assert bulk.metrics["compute_hours"].current == Decimal("0.5")
        verdicts = await client.consume([{"metric": "api_calls"}, {"metric": "deployments"}], user="u-1")
        assert [verdict.allowed for verdict in verdicts] == [True, False]
        assert await client.consume([]) == []

    run(tenant, work)
    assert standing(tenant, "deployments") == (11, 0)


def test_what_owners_do(tenant):
    async def work(client):
        await client.consume("deployments", 9, user="u-1")
        assert (await client.status("u-1")).metrics["deployments"].percentage == 90.0
        assert [user.user for user in await client.top_users("deployments")] == ["u-1"]
        assert [user.metric for user in await client.near_limits()] == ["deployments"]
        assert (await client.history(3))[0].total_deployments == 9
        assert (await client.set_tier("u-1", "pro")).tier == "pro"
        assert (await client.manual_reset("u-1")).reset == 1

    run(tenant, work, tenant.owner)


def test_holds(tenant):
    async def work(client):
        async with client.reserve("deployments", 2, user="u-1"):
            assert standing(tenant, "deployments") == (2, 2)
        assert standing(tenant, "deployments") == (2, 0)
        with pytest.raises(RuntimeError):
            async with client.reserve("deployments", 3, user="u-1"):
                raise RuntimeError("out of paper")
        async with client.reserve("compute_hours", 2, user="u-1") as hold:
            await hold.commit("0.25")
        hold = await client.reserve("compute_hours", 1, user="u-1")
        assert (await hold.release()).status == "released"
        assert (await client.reservation(hold.id)).status == "released"
        with pytest.raises(LimitExceeded):
            async with client.reserve("deployments", 9, user="u-1"):
                pytest.fail("it was not held")

    run(tenant, work)
    assert standing(tenant, "deployments") == (2, 0)
    assert standing(tenant, "compute_hours") == (Decimal("0.25"), 0)


def test_a_cancelled_block_gives_its_hold_back(tenant):
    async def work(client):
        inside = asyncio.Event()

        async def block():
            async with client.reserve("deployments", 4, user="u-1"):
                inside.set()
                await asyncio.sleep(30)

        task = asyncio.ensure_future(block())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(tenant, work)
    assert standing(tenant, "deployments") == (0, 0)


@pytest.mark.parametrize("steps", range(12))
def test_cancelled_while_the_hold_is_being_made_leaves_none(tenant, steps):
    async def work(client):
        await client.status("u-1")

        async def block():
            async with client.reserve("deployments", 4, user="u-1"):
                await asyncio.sleep(30)

        task = asyncio.ensure_future(block())
        # Cut it off at another point each time: before the request, on its way, after the answer.
        for _ in range(steps):
            await asyncio.sleep(0.0005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0.3)

    run(tenant, work, tenant.owner)
    assert standing(tenant, "deployments") == (0, 0)


def test_events_are_recorded_without_waiting(tenant):
    async def work(client):
        assert client.record({"model": "gpt-4o"})
        assert await client.flush(10)
        assert client.recorder_stats().stored == 1

    run(tenant, work)
