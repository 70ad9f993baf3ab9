"""A real FastAPI app under uvicorn that asks a real server: the quick reference first, then what goes wrong."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import httpx
import pytest
from processes import app

from meterwire import Meterwire

REFUSED = {
    "detail": {
        "error": "Usage limit exceeded",
        "code": "limit_exceeded",
        "message": "Daily deployments limit exceeded",
        "current": 10,
        "limit": 10,
        "tier": "free",
        "metric": "deployments",
    }
}


class Visitor:
    """One user of the app, and what the server counts for it."""

    def __init__(self, url, owner, name):
        self.name = name
        self._owner = owner
        # No connection is used twice: uvicorn closes the one on which an endpoint raised.
        fresh = httpx.Limits(max_keepalive_connections=0)
        self.http = httpx.Client(base_url=url, headers={"X-User": name}, timeout=30, limits=fresh)

    def post(self, path, **more):
        return self.http.post(path, **more)

    def counted(self, metric, name=None):
        standing = self._owner.status(name or self.name).metrics[metric]
        assert standing.held == 0, "nothing is held once the answer is there"
        return standing.current


@pytest.fixture(scope="module")
def owner(app_tenant):
    with Meterwire(app_tenant.url, app_tenant.owner) as client:
        yield client


@pytest.fixture
def visitor(shared_app, owner):
    one = Visitor(shared_app.url, owner, "u-" + uuid.uuid4().hex[:12])
    yield one
    one.http.close()


# The quick reference


def test_automatic_checks_and_increments(visitor):
    for number in range(1, 11):
        answer = visitor.post("/my-endpoint")
        assert (answer.status_code, answer.json()) == (200, {"message": "success"})
        assert visitor.counted("deployments") == number


def test_automatic_refuses_with_exactly_this_body(visitor):
    for _ in range(10):
        assert visitor.post("/my-endpoint").status_code == 200
    answer = visitor.post("/my-endpoint")
    assert answer.status_code == 429
    assert answer.json() == REFUSED
    assert list(answer.json()) == ["detail"]
    assert '"current":10,' in answer.text and '"limit":10,' in answer.text, "whole numbers stay whole"
    assert 0 < int(answer.headers["Retry-After"]) <= 86_400
    assert answer.headers["RateLimit"].startswith('"deployments";r=0')
    assert visitor.counted("deployments") == 10


def test_manual_checks_then_increments(visitor, owner):
    assert visitor.post("/my-manual-endpoint").status_code == 200
    assert visitor.counted("api_calls") == 1
    owner.increment("api_calls", 4999, user=visitor.name)
    answer = visitor.post("/my-manual-endpoint")
    assert (answer.status_code, answer.json()) == (429, {"detail": "Daily api_calls limit exceeded"})
    assert visitor.counted("api_calls") == 5000


def test_bulk_takes_ten_at_once_or_none(visitor, owner):
    assert visitor.post("/my-bulk-endpoint").status_code == 200
    assert visitor.counted("api_calls") == 10
    owner.increment("api_calls", 4981, user=visitor.name)
    answer = visitor.post("/my-bulk-endpoint")
    assert answer.status_code == 429
    detail = answer.json()["detail"]
    assert (detail["current"], detail["limit"], detail["metric"]) == (4991, 5000, "api_calls")
    assert visitor.counted("api_calls") == 4991, "nine that would fit are not taken"


def test_variable_checks_the_estimate_and_increments_with_the_actual(visitor):
    answer = visitor.post("/my-compute-endpoint", params={"estimated_hours": 4})
    assert answer.status_code == 200
    assert visitor.counted("compute_hours") == Decimal("2.25")
    answer = visitor.post("/my-compute-endpoint", params={"estimated_hours": 7.76})
    assert (answer.status_code, answer.json()) == (429, {"detail": "Daily compute_hours limit exceeded"})
    assert visitor.counted("compute_hours") == Decimal("2.25")
    assert visitor.post("/my-compute-endpoint", params={"estimated_hours": 7.75}).status_code == 200


def test_status_and_tier_are_what_the_server_says(visitor, owner):
    visitor.post("/my-endpoint")
    status = visitor.http.get("/status").json()
    assert (status["user"], status["tier"]) == (visitor.name, "free")
    assert status["metrics"]["deployments"]["current"] == 1
    assert status["metrics"]["deployments"]["percentage"] == 10.0
    assert visitor.http.get("/tier").json() == "free"
    owner.set_tier(visitor.name, "enterprise")
    assert visitor.http.get("/tier").json() == "enterprise"
    for _ in range(12):
        assert visitor.post("/my-endpoint").status_code == 200, "unlimited at once, without a restart"


# What fails is not counted


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/refuses", 400),
        ("/raises", 500),
        ("/answers/400", 400),
        ("/answers/500", 500),
        ("/sets/404", 404),
        ("/blocking?fail=true", 400),
        ("/endless", 504),
    ],
)
def test_what_fails_gives_its_hold_back(visitor, path, status):
    for _ in range(2):
        assert visitor.post(path).status_code == status
    assert visitor.counted("deployments") == 0


@pytest.mark.parametrize("path", ["/answers/399", "/answers/201", "/sets/202", "/blocking", "/slow"])
def test_what_succeeds_is_counted(visitor, path):
    assert visitor.post(path).status_code < 400
    assert visitor.counted("deployments") == 1


def test_a_refused_endpoint_does_not_run(visitor):
    for _ in range(10):
        visitor.post("/my-endpoint")
    assert visitor.post("/raises").status_code == 429
    assert visitor.post("/blocking").json() == REFUSED


@pytest.mark.parametrize("path", ["/slow", "/blocking"])
def test_of_fifty_at_once_exactly_ten_succeed(visitor, path):
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: visitor.post(path), range(50)))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(200), statuses.count(429)) == (10, 40)
    assert all(answer.json() == REFUSED for answer in answers if answer.status_code == 429)
    assert visitor.counted("deployments") == 10


def test_failures_among_the_racers_leave_room_for_others(visitor):
    paths = ["/slow", "/refuses"] * 20
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visitor.post, paths))
    while visitor.post("/slow").status_code == 200:
        pass
    assert visitor.counted("deployments") == 10


# Whose usage it is


def test_the_user_may_be_called_current_user(visitor):
    assert visitor.post("/current-user").status_code == 200
    assert visitor.counted("deployments") == 1


def test_the_user_may_be_told_by_parameter_and_function(visitor):
    assert visitor.post("/account").status_code == 200
    assert visitor.counted("deployments", "account-" + visitor.name) == 1
    assert visitor.counted("deployments") == 0


def test_nobody_is_counted_before_they_are_known(shared_app):
    answer = httpx.post(shared_app.url + "/my-endpoint")
    assert (answer.status_code, answer.json()) == (401, {"detail": "who are you?"})


def test_a_dependency_counts_before_the_endpoint_and_keeps_it(visitor, owner):
    assert visitor.post("/counted").status_code == 200
    assert visitor.post("/counted?fail=true").status_code == 400
    assert visitor.counted("api_calls") == 2
    owner.increment("api_calls", 4998, user=visitor.name)
    answer = visitor.post("/counted?fail=true")
    assert answer.status_code == 429 and answer.json()["detail"]["metric"] == "api_calls"


def test_a_dependency_finds_the_user_of_the_request(visitor):
    assert visitor.post("/counted-by-state", headers={"X-State-User": visitor.name}).status_code == 200
    assert visitor.counted("api_calls") == 2
    answer = visitor.post("/counted-by-state")
    assert (answer.status_code, answer.json()["detail"]["code"]) == (401, "unauthenticated")


# FastAPI still sees the endpoint


def test_parameters_bodies_and_documents_stay(visitor, shared_app):
    answer = visitor.post("/postponed/eu", json={"name": "web"})
    assert (answer.status_code, answer.json()) == (200, {"region": "eu", "plan": "web", "user": visitor.name})
    assert visitor.counted("deployments") == 1
    assert visitor.post("/postponed/eu", json={"replicas": 2}).status_code == 422
    assert visitor.counted("deployments") == 1
    paths = httpx.get(shared_app.url + "/openapi.json").json()["paths"]
    postponed = paths["/postponed/{region}"]["post"]
    assert postponed["description"] == "Deploys a plan."
    assert [one["name"] for one in postponed["parameters"]] == ["region", "x-user"]
    assert "requestBody" in postponed
    assert [one["name"] for one in paths["/my-compute-endpoint"]["post"]["parameters"]] == ["estimated_hours", "x-user"]
    assert "requestBody" not in paths["/my-endpoint"]["post"]


# A lost answer


def test_an_endpoint_whose_answers_are_lost_on_the_way_counts_once(app_tenant, relay, owner):
    with app("shop.main:app", METERWIRE_URL=relay.url, METERWIRE_TOKEN=app_tenant.ingest) as lossy:
        visitor = Visitor(lossy.url, owner, "u-" + uuid.uuid4().hex[:12])
        for path in ("/my-endpoint", "/blocking"):
            relay.lose = 1
            assert visitor.post(path).status_code == 200
        assert relay.lost == 2
        assert visitor.counted("deployments") == 2
        relay.lose = 1
        assert visitor.post("/my-manual-endpoint").status_code == 200
        assert visitor.counted("api_calls") == 1
        visitor.http.close()


def test_the_answer_is_json_that_any_client_reads(visitor):
    for _ in range(10):
        visitor.post("/my-endpoint")
    text = visitor.post("/my-endpoint").text
    assert json.loads(text) == REFUSED
