"""The answer is lost after the server has given it. The call is made again, and counts once."""

import asyncio
from decimal import Decimal

import pytest

from meterwire import AsyncMeterwire, LimitExceeded, Meterwire


@pytest.fixture
def lossy(tenant, relay):
    with Meterwire(relay.url, tenant.ingest) as client:
        yield client


@pytest.fixture
def current(tenant):
    def read(metric):
        with Meterwire(tenant.url, tenant.owner) as owner:
            standing = owner.status("u-1").metrics[metric]
        return standing.current, standing.held

    return read


def test_a_consume_counts_once(lossy, relay, current):
    relay.lose = 1
    decision = lossy.consume("deployments", 3, user="u-1")
    assert relay.lost == 1 and decision.replayed
    assert current("deployments") == (3, 0)


def test_two_losses_in_a_row_are_no_more_than_one(lossy, relay, current):
    relay.lose = 2
    lossy.consume("deployments", 3, user="u-1")
    assert relay.lost == 2
    assert current("deployments") == (3, 0)


def test_the_last_one_is_not_refused_to_the_one_who_got_it(lossy, relay, current):
    lossy.consume("deployments", 9, user="u-1")
    relay.lose = 1
    assert lossy.consume("deployments", 1, user="u-1").allowed
    with pytest.raises(LimitExceeded):
        lossy.consume("deployments", 1, user="u-1")


def test_a_refusal_stays_a_refusal(lossy, relay, current):
    relay.lose = 1
    with pytest.raises(LimitExceeded):
        lossy.consume("deployments", 11, user="u-1")
    assert current("deployments") == (0, 0)


def test_an_increment_counts_once(lossy, relay, current):
    relay.lose = 1
    lossy.increment("compute_hours", "0.5", user="u-1")
    assert relay.lost == 1
    assert current("compute_hours") == (Decimal("0.5"), 0)


def test_several_at_once_count_once(lossy, relay, current):
    relay.lose = 1
    lossy.consume(metrics={"deployments": 2, "api_calls": 3}, user="u-1")
    relay.lose = 1
    lossy.consume([{"metric": "deployments"}, {"metric": "deployments", "amount": 2}], user="u-1")
    assert relay.lost == 2
    assert current("deployments") == (5, 0)
    assert current("api_calls") == (3, 0)


def test_a_reservation_is_made_once_and_settled_once(lossy, relay, current):
    relay.lose = 1
    hold = lossy.reserve("compute_hours", 4, user="u-1")
    assert current("compute_hours") == (4, 4)
    relay.lose = 1
    assert hold.commit("2.5").committed_amount == Decimal("2.5")
    assert current("compute_hours") == (Decimal("2.5"), 0)
    hold = lossy.reserve("compute_hours", 4, user="u-1")
    relay.lose = 1
    assert hold.release().status == "released"
    assert relay.lost == 3
    assert current("compute_hours") == (Decimal("2.5"), 0)


def test_an_event_that_settles_a_reservation_is_recorded_once(lossy, relay, current):
    hold = lossy.reserve("compute_hours", 4, user="u-1")
    relay.lose = 1
    hold.commit(event={"user": "u-1", "operation": "job", "metrics": {"compute_hours": 1.5}})
    assert relay.lost == 1
    assert current("compute_hours") == (Decimal("1.5"), 0)
    assert current("api_calls")[0] == 1


def test_the_async_client_counts_once_too(tenant, relay, current):
    async def lose_one():
        async with AsyncMeterwire(relay.url, tenant.ingest) as client:
            relay.lose = 1
            await client.consume("deployments", 3, user="u-1")

    asyncio.run(lose_one())
    assert relay.lost == 1
    assert current("deployments") == (3, 0)
