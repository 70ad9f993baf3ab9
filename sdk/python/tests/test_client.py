"""Every verb of the blocking client against a real server."""

import json
import threading
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from processes import ADMIN

from meterwire import (
    AuthenticationError,
    BulkDecision,
    Conflict,
    Decision,
    InvalidRequest,
    LimitExceeded,
    Meterwire,
)
from meterwire.errors import error_from_answer

REFUSED = {
    "error": "Usage limit exceeded",
    "code": "limit_exceeded",
    "message": "Daily deployments limit exceeded",
    "current": 10,
    "limit": 10,
    "tier": "free",
    "metric": "deployments",
}


@pytest.fixture
def meterwire(tenant):
    with Meterwire(tenant.url, tenant.ingest) as client:
        yield client


@pytest.fixture
def owner(tenant):
    with Meterwire(tenant.url, tenant.owner) as client:
        yield client


def current(client, metric, user="u-1"):
    return client.status(user).metrics[metric].current


def test_status_names_every_metric_and_its_limit(owner):
    status = owner.status("u-1")
    assert (status.user, status.tier) == ("u-1", "free")
    assert status.date == status.resets_at.date() - timedelta(days=1)
    assert status.resets_at.time().isoformat() == "00:00:00" and status.resets_at > datetime.now(timezone.utc)
    limits = {name: standing.limit for name, standing in status.metrics.items()}
    assert limits == {"deployments": 10, "api_calls": 5000, "compute_hours": 10, "storage": None}
    storage = status.metrics["storage"]
    assert (storage.window, storage.resets_at, storage.remaining, storage.percentage) == ("none", None, None, None)


def test_check_limit_changes_nothing_and_says_why_not(meterwire, owner):
    for _ in range(3):
        decision = meterwire.check_limit("deployments", 10, user="u-1")
        assert decision.allowed and decision.reason is None and decision.remaining == 10
    refused = meterwire.check_limit("deployments", 11, user="u-1")
    assert not refused.allowed and refused.reason == "Daily deployments limit exceeded"
    assert current(owner, "deployments") == 0


def test_consume_counts_until_the_limit_and_then_raises_the_exact_body(meterwire, owner):
    for number in range(1, 11):
        decision = meterwire.consume("deployments", user="u-1")
        assert decision.allowed and decision.current == number and decision.remaining == 10 - number
    with pytest.raises(LimitExceeded, match="Daily deployments limit exceeded") as caught:
        meterwire.consume("deployments", user="u-1")
    error = caught.value
    assert error.detail == REFUSED
    assert (error.metric, error.status, error.code) == ("deployments", 429, "limit_exceeded")
    assert error.retry_after is not None and 0 < error.retry_after <= 86_400
    assert "RateLimit" in error.headers
    assert current(owner, "deployments") == 10


@pytest.mark.parametrize("code", ["budget_exceeded", "unpriced_model"])
def test_a_hard_budget_refuses_like_a_limit(code):
    detail = {"error": "Budget exceeded", "code": code, "message": "Monthly budget exceeded", "budget": {}}
    body = json.dumps({"detail": detail})
    error = error_from_answer(429, body, {"Retry-After": "60"})
    assert isinstance(error, LimitExceeded)
    assert (error.code, error.metric, error.retry_after) == (code, None, 60)


@pytest.mark.parametrize("amount", [Decimal("0.1"), "0.1", 0.1])
def test_amounts_are_exact(meterwire, owner, amount):
    for _ in range(3):
        meterwire.consume("compute_hours", amount, user="u-1")
    # Three times 0.1 as floats would be 0.30000000000000004.
    assert current(owner, "compute_hours") == Decimal("0.3")


def test_increment_never_refuses_and_says_what_is_exceeded(meterwire, owner):
    assert not meterwire.increment("deployments", 10, user="u-1").exceeded
    over = meterwire.increment("deployments", 2, user="u-1")
    assert over.exceeded and over.current == 12
    assert current(owner, "deployments") == 12


def test_a_level_goes_down_as_well(meterwire, owner):
    meterwire.increment("storage", 1000, user="u-1")
    assert meterwire.increment("storage", -400, user="u-1").current == 600
    assert current(owner, "storage") == 600


def test_several_metrics_are_taken_all_or_nothing(meterwire, owner):
    taken = meterwire.consume(metrics={"api_calls": 10, "deployments": Decimal(4)}, user="u-1")
    assert isinstance(taken, BulkDecision) and taken.allowed and taken.tier == "free"
    assert (taken.metrics["api_calls"].current, taken.metrics["deployments"].current) == (10, 4)
    with pytest.raises(LimitExceeded) as caught:
        meterwire.consume(metrics={"api_calls": 10, "deployments": 7}, user="u-1")
    assert caught.value.metric == "deployments"
    assert (current(owner, "api_calls"), current(owner, "deployments")) == (10, 4)
    more = meterwire.increment(metrics={"api_calls": 1, "deployments": 7}, user="u-1")
    assert more.metrics["deployments"].current == 11


def test_a_list_gets_a_verdict_for_each(meterwire, owner):
    verdicts = meterwire.consume(
        [
            {"metric": "deployments", "amount": 9},
            {"metric": "deployments", "amount": 2},
            {"metric": "no_such_metric"},
            {"metrics": {"api_calls": Decimal("2"), "deployments": 1}},
            {"metric": "deployments", "user": "u-2"},
        ],
        user="u-1",
    )
    assert [verdict.allowed for verdict in verdicts] == [True, False, False, True, True]
    assert [verdict.status for verdict in verdicts] == [200, 429, 422, 200, 200]
    assert isinstance(verdicts[0].decision, Decision) and isinstance(verdicts[3].decision, BulkDecision)
    assert verdicts[1].detail == {**REFUSED, "current": 9}
    assert verdicts[2].detail["field"] == "metric" and verdicts[2].decision is None
    assert (current(owner, "deployments"), current(owner, "deployments", "u-2")) == (10, 1)
    assert meterwire.consume([]) == []


def test_a_list_may_have_ten_thousand_items(meterwire, owner):
    verdicts = meterwire.consume([{"metric": "api_calls"}] * 10_000, user="u-1")
    assert sum(verdict.allowed for verdict in verdicts) == 5000
    assert current(owner, "api_calls") == 5000


def test_the_same_key_is_the_same_decision(meterwire, owner):
    first = meterwire.consume("deployments", 2, user="u-1", idempotency_key="order-7")
    again = meterwire.consume("deployments", 2, user="u-1", idempotency_key="order-7")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.current == first.current == 2
    with pytest.raises(Conflict) as caught:
        meterwire.consume("deployments", 3, user="u-1", idempotency_key="order-7")
    assert caught.value.code == "conflict"
    assert current(owner, "deployments") == 2


def test_a_hold_counts_until_it_is_given_back(meterwire, owner):
    hold = meterwire.reserve("deployments", 8, user="u-1", ttl_seconds=60)
    assert hold.reservation.status == "held" and not hold.settled
    assert timedelta(0) < hold.reservation.expires_at - datetime.now(timezone.utc) <= timedelta(seconds=60)
    standing = owner.status("u-1").metrics["deployments"]
    assert (standing.current, standing.held, standing.remaining) == (8, 8, 2)
    with pytest.raises(LimitExceeded):
        meterwire.reserve("deployments", 3, user="u-1")
    assert hold.release().status == "released" and hold.settled
    assert hold.release().status == "released", "twice is fine"
    assert current(owner, "deployments") == 0
    with pytest.raises(Conflict):
        hold.commit()


def test_a_commit_settles_with_the_actual_amount(meterwire, owner):
    hold = meterwire.reserve("compute_hours", 2, user="u-1")
    done = hold.commit(Decimal("1.5"))
    assert (done.status, done.committed_amount, done.over_hold) == ("committed", Decimal("1.5"), False)
    assert hold.commit("1.5").committed_amount == Decimal("1.5"), "the same once more is the same"
    with pytest.raises(Conflict):
        hold.commit(1)
    standing = owner.status("u-1").metrics["compute_hours"]
    assert (standing.current, standing.held) == (Decimal("1.5"), 0)
    read = owner.reservation(hold.id)
    assert (read.status, read.committed_amount) == ("committed", Decimal("1.5")) and read.settled_at is not None


def test_more_than_was_held_is_recorded_and_said(meterwire, owner):
    hold = meterwire.reserve("compute_hours", 2, user="u-1")
    assert hold.commit(3).over_hold
    assert current(owner, "compute_hours") == 3


def test_leaving_the_with_commits_and_an_exception_releases(meterwire, owner):
    with meterwire.reserve("deployments", 2, user="u-1") as hold:
        pass
    assert hold.reservation.status == "committed" and current(owner, "deployments") == 2
    with pytest.raises(RuntimeError, match="out of paper"), meterwire.reserve("deployments", 3, user="u-1") as hold:
        raise RuntimeError("out of paper")
    assert hold.reservation.status == "released" and current(owner, "deployments") == 2
    with meterwire.reserve("compute_hours", 2, user="u-1") as hold:
        hold.commit("0.25")
    assert current(owner, "compute_hours") == Decimal("0.25")


def test_money_can_be_held_and_settled_by_the_event_itself(meterwire, owner):
    hold = meterwire.reserve(cost_usd="0.03", project="support", model="gpt-4o", user="u-1")
    assert hold.reservation.cost_usd == Decimal("0.03") and hold.reservation.metric == "cost_usd"
    event = {"model": "gpt-4o", "user": "u-1", "usage": {"input_tokens": 1000, "output_tokens": 100}}
    assert hold.commit(event=event).status == "committed"
    second = meterwire.reserve(cost_usd=Decimal("0.5"), user="u-1")
    done = second.commit(cost_usd="0.25")
    assert (done.cost_usd, done.committed_amount) == (Decimal("0.5"), Decimal("0.25"))


def test_racing_clients_never_pass_the_limit(tenant, owner):
    won, refused = [], []
    with Meterwire(tenant.url, tenant.ingest) as shared:

        def race():
            for _ in range(5):
                try:
                    won.append(shared.consume("deployments", user="u-1"))
                except LimitExceeded as error:
                    refused.append(error.detail)

        threads = [threading.Thread(target=race) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(won), len(refused)) == (10, 50)
    assert refused[0] == REFUSED
    assert current(owner, "deployments") == 10


def test_errors_are_told_apart(tenant, meterwire):
    with pytest.raises(InvalidRequest, match="deployments") as caught:
        meterwire.consume("no_such_metric", user="u-1")
    assert (caught.value.status, caught.value.field) == (422, "metric")
    with pytest.raises(InvalidRequest) as caught:
        meterwire.consume("deployments")
    assert caught.value.field == "user"
    with pytest.raises(InvalidRequest):
        meterwire.consume("deployments", -1, user="u-1")
    with pytest.raises(InvalidRequest) as caught:
        meterwire.reservation("01890000-0000-7000-8000-000000000000")
    assert caught.value.status == 404
    with pytest.raises(AuthenticationError) as caught:
        meterwire.manual_reset()
    assert caught.value.status == 403
    with Meterwire(tenant.url, "mw_wrong") as stranger, pytest.raises(AuthenticationError) as caught:
        stranger.status("u-1")
    assert caught.value.status == 401 and "mw_wrong" not in str(caught.value)


def test_what_owners_do(owner):
    owner.consume("deployments", 9, user="u-1")
    owner.consume("api_calls", 20, user="u-1")
    owner.consume("api_calls", 30, user="u-2")
    top = owner.top_users("api_calls", day=datetime.now(timezone.utc).date(), limit=5)
    assert [(user.user, user.current) for user in top] == [("u-2", 30), ("u-1", 20)]
    assert top[1].metrics["deployments"] == 9 and top[1].tier == "free" and top[1].username == "u-1"
    assert len(owner.top_users("api_calls", limit=1)) == 1
    near = owner.near_limits(0.8)
    assert [(user.user, user.metric, user.current, user.limit, user.percentage) for user in near] == [
        ("u-1", "deployments", 9, 10, 90.0)
    ]
    days = owner.history(7)
    assert len(days) == 7 and days[0].date == datetime.now(timezone.utc).date() and days[0].date > days[1].date
    assert (days[0].active_users, days[0].total_deployments, days[0].total_api_calls) == (2, 9, 50)
    assert owner.set_tier("u-1", "pro").tier == "pro"
    assert owner.status("u-1").metrics["deployments"].limit == 50, "at once"
    with pytest.raises(InvalidRequest, match="enterprise"):
        owner.set_tier("u-1", "platinum")


def test_a_reset_sets_back_everybody_or_one(owner):
    for user in ("u-1", "u-2"):
        owner.consume("deployments", 3, user=user)
        owner.consume("api_calls", 3, user=user)
    one = owner.manual_reset("u-1", "deployments")
    assert one.reset == 1 and isinstance(one.date, date)
    assert (current(owner, "deployments"), current(owner, "api_calls")) == (0, 3)
    assert owner.manual_reset().reset == 3
    assert current(owner, "deployments", "u-2") == 0


def test_an_admin_names_the_tenant(tenant, owner):
    with Meterwire(tenant.url, ADMIN, tenant=tenant.slug) as admin:
        admin.consume("deployments", 2, user="u-1")
        assert admin.record({"model": "gpt-4o"}) and admin.flush(10)
        assert admin.recorder_stats().stored == 1
    assert current(owner, "deployments") == 2


def test_events_count_into_the_limits_of_their_user(meterwire, owner):
    meterwire.record({"user": "u-1", "model": "gpt-4o", "metrics": {"compute_hours": Decimal("0.25")}})
    assert meterwire.flush(10)
    assert current(owner, "compute_hours") == Decimal("0.25")
    assert current(owner, "api_calls") == 1


def test_a_closed_client_says_so(tenant):
    client = Meterwire(tenant.url, tenant.ingest)
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.status("u-1")


def test_one_of_metric_and_metrics_is_given(meterwire):
    with pytest.raises(TypeError, match="either"):
        meterwire.consume()
    with pytest.raises(TypeError, match="either"):
        meterwire.increment("deployments", metrics={"api_calls": 1})
    with pytest.raises(TypeError, match="each has its own"):
        meterwire.consume(metrics={"api_calls": 1}, amount=2)


@pytest.mark.parametrize("wrong", [7, {"metric": "api_calls"}, ["api_calls"], [("api_calls", 1)]])
def test_what_is_no_list_of_items_is_refused_before_it_is_sent(meterwire, wrong):
    with pytest.raises(TypeError, match="list of items"):
        meterwire.consume(wrong)


@pytest.mark.parametrize("beside", [{"amount": 2}, {"metrics": {"api_calls": 1}}, {"idempotency_key": "k"}])
def test_what_would_be_ignored_beside_a_list_is_refused(meterwire, beside):
    with pytest.raises(TypeError, match="its own"):
        meterwire.consume([{"metric": "api_calls"}], **beside)
