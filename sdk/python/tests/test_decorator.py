"""What the decorator says where an endpoint is defined, and how often it warns. None of this needs a server."""

import asyncio
import inspect
import logging

import pytest
from fastapi import Depends, HTTPException
from processes import free_port
from shop.routers import postponed

from meterwire.fastapi import UsageTrackingService, require_usage_limit


class User:
    id = "u-1"


def get_user():
    return User()


def test_the_endpoint_keeps_its_name_and_signature():
    @require_usage_limit("deployments", 1.0)
    async def deploy(region: str, replicas: int = 2, user: User = Depends(get_user)) -> str:
        """Deploys."""
        return region

    assert (deploy.__name__, deploy.__doc__) == ("deploy", "Deploys.")
    assert inspect.iscoroutinefunction(deploy)
    parameters = inspect.signature(deploy).parameters
    assert [(name, one.annotation) for name, one in parameters.items()] == [
        ("region", str),
        ("replicas", int),
        ("user", User),
    ]
    assert parameters["replicas"].default == 2


def test_annotations_that_are_texts_become_types():
    # Older FastAPIs look their names up in the wrapper's module, where they are not known.
    parameters = inspect.signature(postponed.postponed, follow_wrapped=False).parameters
    assert {name: one.annotation for name, one in parameters.items()} == {
        "region": str,
        "plan": postponed.Plan,
        "user": postponed.User,
    }


def test_a_plain_def_stays_a_plain_def():
    @require_usage_limit("deployments")
    def deploy(user: User = Depends(get_user)) -> None: ...

    assert not inspect.iscoroutinefunction(deploy)


def test_an_endpoint_without_a_user_is_refused_where_it_is_defined():
    with pytest.raises(TypeError, match=r"no parameter 'user' or 'current_user'.*user_param"):

        @require_usage_limit("deployments", 1.0)
        async def deploy(region: str) -> None: ...

    with pytest.raises(TypeError, match="no parameter 'account'"):

        @require_usage_limit("deployments", 1.0, user_param="account")
        async def deploy_again(user: User) -> None: ...


def test_an_endpoint_that_yields_is_refused_where_it_is_defined():
    with pytest.raises(TypeError, match="yields"):

        @require_usage_limit("deployments", 1.0)
        async def stream(user: User):
            yield 1


@pytest.mark.parametrize("amount", [True, None, float("nan")])
def test_an_amount_that_is_none_is_refused_where_it_is_written(amount):
    with pytest.raises((TypeError, ValueError)):
        require_usage_limit("deployments", amount)


def test_a_user_without_an_id_is_a_mistake_and_not_a_guess():
    @require_usage_limit("deployments", 1.0)
    async def deploy(user: object) -> None: ...

    with pytest.raises(TypeError, match="user_id"):
        asyncio.run(deploy(user=object()))


def away(mode):
    service = UsageTrackingService()
    service.configure(f"http://127.0.0.1:{free_port()}", "token", on_unavailable=mode)
    return service


def test_open_warns_once_a_minute_and_not_for_every_request(caplog):
    service = away("fail_open")

    async def many():
        answers = [await service.check_limit(None, "u-1", "api_calls", 1.0) for _ in range(3)]
        await service.aclose(0.0)
        return answers

    with caplog.at_level(logging.WARNING, "meterwire"):
        answers = asyncio.run(many())
    assert answers[0] == {
        "allowed": True, "reason": None, "metric": "api_calls", "amount": 1.0, "current": None, "held": None,
        "limit": None, "remaining": None, "tier": None, "window": None, "resets_at": None, "unavailable": True,
    }  # fmt: skip
    assert caplog.text.count("requests are let through") == 1


def test_configure_comes_before_the_environment(monkeypatch):
    monkeypatch.setenv("METERWIRE_ON_UNAVAILABLE", "fail_open")
    service = away("fail_closed")

    async def one():
        try:
            await service.check_limit(None, "u-1", "api_calls", 1.0)
        finally:
            await service.aclose(0.0)

    with pytest.raises(HTTPException) as caught:
        asyncio.run(one())
    assert caught.value.status_code == 503
    with pytest.raises(ValueError, match="fail_closed or fail_open"):
        service.configure(on_unavailable="fail_softly")


def test_clients_of_loops_that_ended_are_let_go():
    service = away("fail_open")
    for _ in range(5):
        asyncio.run(service.check_limit(None, "u-1", "api_calls", 1.0))
    assert len(service._async_clients) <= 1
