"""R1 proven: a month made from a real trace, reckoned by hand, equals every number on the six routes; waste that was put
into it is found with the right savings, and the month without it raises nothing."""

import json
import os
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import requests
import spend_by_hand as hand

ROOT = Path(__file__).resolve().parents[2]
TRACE = Path(os.environ.get("METERWIRE_TEST_DATA", ROOT.parent / "shared" / "data"))
EXPENSIVE, REPEATED = 1_500, 400
WASTEFUL = "batch"


class Tenant:
    """One tenant of the server."""

    def __init__(self, server, admin_token: str, slug: str, tz: str):
        self.url = server.url
        admin = {"Authorization": f"Bearer {admin_token}"}
        tenant = {"slug": slug, "timezone": tz}
        requests.post(f"{self.url}/api/v1/tenants", headers=admin, json=tenant, timeout=10).raise_for_status()
        body = {"name": "owner", "role": "owner"}
        made = requests.post(f"{self.url}/api/v1/keys?tenant={slug}", headers=admin, json=body, timeout=10)
        made.raise_for_status()
        self.headers = {"Authorization": f"Bearer {made.json()['token']}"}

    def record(self, events: list) -> None:
        for start in range(0, len(events), 5_000):
            part = events[start : start + 5_000]
            answer = requests.post(f"{self.url}/api/v1/events", headers=self.headers, json=part, timeout=60)
            assert answer.json()["stored"] == len(part), answer.text[:500]

    def get(self, path: str) -> dict:
        answer = requests.get(self.url + path, headers=self.headers, timeout=60)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.text, parse_float=Decimal)


@pytest.fixture
def rows(capsys):
    file, rows = hand.trace(TRACE)
    if file is None:
        with capsys.disabled():
            print(f"\nthe trace is not at {TRACE}: the month is made up (seeded)")
    return rows


def same(reply: dict, wanted: dict) -> None:
    """Every wanted field is there with exactly this value."""
    found = {name: reply[name] for name in wanted}
    assert found == wanted


def check_usage(reply: dict, events: list, tz: str) -> None:
    wanted = hand.sums(events)
    same(reply, {"total_cost": wanted["cost"], "total_tokens": wanted["tokens"], "total_requests": wanted["requests"]})
    assert (reply["source"], reply["tz"], reply["unpriced_requests"]) == ("metered", tz, 0)
    days = hand.by_label(events, tz, "%Y-%m-%d")
    none = {"cost": Decimal(0), "tokens": 0, "requests": 0}
    for row in reply["daily_breakdown"]:
        same(row, days.pop(row["date"], none))
    assert not days, "a day is missing"
    assert [row["model"] for row in reply["model_breakdown"]] == [row["model"] for row in hand.models(events)]
    for row, by_hand in zip(reply["model_breakdown"], hand.models(events)):
        same(row, by_hand)


def check_budget(reply: dict, events: list, amount: str) -> None:
    same(reply, hand.budget(events, Decimal(amount), reply["tz"], reply))


def check_comparison(reply: dict, events: list) -> None:
    assert reply["total_cost"] == hand.sums(events)["cost"]
    assert len(reply["models"]) == len({event["model"] for event in events})
    for row, by_hand in zip(reply["models"], hand.models(events)):
        same(row, by_hand)


def check_clean(reply: dict, events: list) -> None:
    assert reply["alerts"] == [] and reply["potential_savings"] == 0 and reply["enough_data"], reply
    wanted = hand.sums(hand.within(events, reply, reply["workspace_id"]))
    assert (reply["total_cost"], reply["requests"]) == (wanted["cost"], wanted["requests"])


def span(tz: str) -> tuple:
    """The month so far, however little of it there is."""
    now_ms = int(time.time() * 1000) - 1_000
    from_ms = hand.month_of(now_ms, tz)[0]
    # What is older than 30 days would be beyond the range of the insights.
    return max(from_ms, now_ms - 29 * hand.DAY_MS), max(now_ms, from_ms + 1)


def test_every_number_of_the_six_routes_equals_the_reckoning_by_hand(server, admin_token, rows):
    tz = "America/New_York"
    tenant = Tenant(server, admin_token, "clean", tz)
    before = tenant.get("/api/usage/budget-status")
    assert before["source"] == "quota"
    same(before, {"monthly_budget": 100, "current_spend": 0, "budget_alert_level": "normal", "recommendations": []})
    events = hand.month(rows, *span(tz))
    tenant.record(events)

    month = tenant.get("/api/usage/current-month")
    assert (hand.millis(month["from"]), hand.millis(month["to"])) == hand.month_of(hand.millis(month["as_of"]), tz)
    check_usage(month, hand.within(events, month), tz)
    elsewhere = tenant.get("/api/usage/current-month?tz=Asia/Kathmandu")
    check_usage(elsewhere, hand.within(events, elsewhere), "Asia/Kathmandu")

    today = tenant.get("/api/usage/today")
    of_today = hand.within(events, today)
    if of_today:
        check_usage(today, of_today, tz)
    hours = hand.by_label(of_today, tz, "%Y-%m-%dT%H:00")
    for row in today["hourly_breakdown"]:
        same(row, hours.pop(row["hour"], {"cost": Decimal(0), "tokens": 0, "requests": 0}))
    assert not hours

    check_budget(tenant.get("/api/usage/budget-status"), hand.within(events, month), "100")
    check_comparison(tenant.get("/api/usage/model-comparison"), hand.within(events, month))

    for workspace in ("chat", "search", "batch"):
        check_clean(tenant.get(f"/api/usage/cost-intelligence/{workspace}"), events)
        whole = tenant.get(f"/api/usage/dashboard/{workspace}")
        own = hand.within(events, whole["current_month"], workspace)
        check_usage(whole["current_month"], own, tz)
        of_today = hand.within(events, whole["today"], workspace)
        assert whole["today"]["total_cost"] == hand.sums(of_today)["cost"]
        check_budget(whole["budget_status"], hand.within(events, whole["budget_status"]), "100")
        check_comparison(whole["model_comparison"], own)
        check_clean(whole["cost_intelligence"], events)
        parts = ("current_month", "today", "budget_status", "model_comparison", "cost_intelligence")
        assert {whole[part]["as_of"] for part in parts} == {whole["as_of"]}, "one moment"


def waste(events: list) -> list:
    """400 repetitions of one request within minutes, short prompts for the dear model, and a key that was used long ago."""
    first = next(event for event in events if event["model"] == "gpt-4o" and event["project"] == WASTEFUL)
    at_ms = hand.millis(first["time"])
    repeated = [{**first, "id": f"again-{i}", "time": hand.instant(at_ms + i % 50)} for i in range(REPEATED)]
    dear = []
    for i in range(EXPENSIVE):
        model = events[i * 7]
        usage = {"input_tokens": 40 + i % 300, "output_tokens": 5 + i % 100}
        event = {**first, "id": f"short-{i}", "time": model["time"], "usage": usage}
        dear.append({**event, "request_hash": f"{i:064x}"})
    then_ms = int(time.time() * 1000) - 45 * hand.DAY_MS
    old = [{**events[0], "id": f"old-{i}", "api_key": "forgotten", "time": hand.instant(then_ms + i), "project": WASTEFUL} for i in range(3)]
    return repeated + dear + old


def test_waste_is_found_with_the_right_savings(server, admin_token, rows):
    tenant = Tenant(server, admin_token, "waste", "UTC")
    events = hand.month(rows, *span("UTC"))
    events += waste(events)
    tenant.record(events)
    reply = tenant.get(f"/api/usage/cost-intelligence/{WASTEFUL}")
    own = hand.within(events, reply, WASTEFUL)
    found = {alert["kind"]: alert for alert in reply["alerts"]}
    assert sorted(found) == ["duplicate_calls", "expensive_model", "idle_key"], json.dumps(reply["alerts"], default=str)

    again = hand.repetitions(own)
    assert len(again) >= REPEATED
    duplicates = found["duplicate_calls"]
    assert duplicates["potential_savings"] == hand.sums(again)["cost"]
    [row] = duplicates["evidence"]["rows"]
    assert (row["repeats"], row["request_hash"], row["cost"]) == (len(again), again[0]["request_hash"], hand.sums(again)["cost"])
    assert row["first"]["id"] not in {event["id"] for event in again}
    assert all(example["id"] in {event["id"] for event in again} for example in row["examples"])

    short = hand.short_calls(own, "gpt-4o")
    assert len(short) >= EXPENSIVE
    now, then = hand.sums(short)["cost"], sum((hand.cost_as("gpt-4o-mini", event) for event in short), Decimal(0))
    expensive = found["expensive_model"]
    evidence = expensive["evidence"]
    assert (expensive["model"], evidence["instead"]["model"], evidence["requests"]) == ("gpt-4o", "gpt-4o-mini", len(short))
    assert (evidence["cost"], evidence["cost_instead"], expensive["potential_savings"]) == (now, then, now - then)
    dearest = sorted(short, key=lambda event: hand.cost(event) - hand.cost_as("gpt-4o-mini", event))[-5:]
    saved = lambda event: hand.cost(event) - hand.cost_as("gpt-4o-mini", event)  # noqa: E731
    by_id = {event["id"]: event for event in short}
    assert Counter(saved(by_id[e["id"]]) for e in evidence["examples"]) == Counter(map(saved, dearest))

    [key] = found["idle_key"]["evidence"]["rows"]
    assert (key["name"], key["requests_before"], found["idle_key"]["potential_savings"]) == ("forgotten", 3, 0)
    assert reply["potential_savings"] == hand.sums(again)["cost"] + now - then
    assert set(reply["recommendations"]) == {alert["recommendation"] for alert in reply["alerts"]}

    # The other workspaces have none of it.
    for workspace in ("chat", "search"):
        check_clean(tenant.get(f"/api/usage/cost-intelligence/{workspace}"), events)


def test_what_if_prices_every_event_anew(server, admin_token, rows):
    tenant = Tenant(server, admin_token, "what-if", "UTC")
    events = hand.month(rows, *span("UTC"))
    tenant.record(events)
    reply = tenant.get("/api/v1/usage/what-if?model=gpt-4o&instead=gpt-4o-mini")
    own = [event for event in hand.within(events, reply) if event["model"] == "gpt-4o"]
    then = sum((hand.cost_as("gpt-4o-mini", event) for event in own), Decimal(0))
    now = hand.sums(own)["cost"]
    found = [Decimal(reply[name]) for name in ("cost_usd", "cost_then_usd", "difference_usd")]
    assert (reply["calls"], *found) == (len(own), now, then, then - now)
    assert sum(Decimal(day["cost_then_usd"]) for day in reply["days"]) == then
    # At half the price, whatever the model: half of everything but for rounding, which is reckoned event by event.
    body = {"model": "gpt-4o", "prices": {"input": "1.25", "cache_read": "0.625", "output": "5"}}
    answer = requests.post(f"{server.url}/api/v1/usage/what-if", headers=tenant.headers, json=body, timeout=60).json()
    assert Decimal(answer["cost_then_usd"]) == sum((hand.rounded(hand.cost(event) / 2) for event in own), Decimal(0))
