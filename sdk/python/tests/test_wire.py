"""Amounts, times and ids on their way."""

import uuid
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from meterwire._calls import HoldRequest, commit, complete_event, consume_list, single
from meterwire._wire import (
    amount_to_wire,
    from_json,
    new_event_id,
    plain,
    time_from_wire,
    time_to_wire,
    to_json,
)


@pytest.mark.parametrize(
    ("amount", "sent"),
    [
        (1, b"1"),
        (1.0, b"1.0"),
        (0.001, b"0.001"),
        (Decimal("0.1"), b'"0.1"'),
        (Decimal("1E+3"), b'"1000"'),
        (Decimal("1E-9"), b'"0.000000001"'),
        ("999999999999.123456", b'"999999999999.123456"'),
        (-2, b"-2"),
    ],
)
def test_an_amount_keeps_every_digit(amount, sent):
    assert to_json(amount_to_wire(amount)) == sent


@pytest.mark.parametrize(
    "amount", [True, None, [], 1j, float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity")]
)
def test_what_is_no_amount_is_refused_before_it_is_sent(amount):
    with pytest.raises((TypeError, ValueError)):
        amount_to_wire(amount)


def test_answers_keep_every_digit_and_can_be_made_plain():
    read = from_json('{"current": 999999999999.123456, "limit": 10, "parts": [0.001], "tier": null}')
    assert read["current"] == Decimal("999999999999.123456")
    assert plain(read)["parts"] == [0.001] and type(plain(read)["parts"][0]) is float
    assert type(plain(read)["limit"]) is int and plain(read)["tier"] is None


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2026-11-22T10:30:00Z", 0),
        ("2026-11-22T10:30:00.1Z", 100_000),
        ("2026-11-22T10:30:00.125Z", 125_000),
        ("2026-11-22T10:30:00.123456789Z", 123_456),
    ],
)
def test_times_are_read_with_any_number_of_decimals(text, microsecond):
    assert time_from_wire(text) == datetime(2026, 11, 22, 10, 30, 0, microsecond, tzinfo=timezone.utc)


def test_times_are_written_in_utc_and_need_a_zone():
    moment = datetime(2026, 11, 22, 11, 30, tzinfo=timezone(timedelta(hours=1)))
    assert time_to_wire(moment) == "2026-11-22T10:30:00.000Z"
    with pytest.raises(ValueError, match="zone"):
        time_to_wire(datetime(2026, 11, 22))


def test_event_ids_are_unique_version_7_and_sorted_by_time():
    ids = [new_event_id() for _ in range(2000)]
    assert len(set(ids)) == 2000
    assert {uuid.UUID(one).version for one in ids} == {7}
    assert {uuid.UUID(one).variant for one in ids} == {uuid.RFC_4122}
    stamps = [uuid.UUID(one).int >> 80 for one in ids]
    assert stamps == sorted(stamps)
    assert abs(stamps[-1] / 1000 - datetime.now(timezone.utc).timestamp()) < 5


def test_an_event_keeps_its_own_id_and_time():
    own = {"id": "a", "time": "2026-11-22T10:30:00Z"}
    assert complete_event(own) == own
    made = complete_event({"model": "gpt-4o"})
    assert made["id"] and made["time"].endswith("Z")


def test_every_decision_has_its_own_key_and_a_given_one_is_kept():
    keys = {single("consume", "api_calls", 1, None, None).body["idempotency_key"] for _ in range(100)}
    assert len(keys) == 100
    assert single("consume", "api_calls", 1, None, "mine").body["idempotency_key"] == "mine"
    items = consume_list([{"metric": "a"}, {"metric": "b", "idempotency_key": "mine", "user": "u-2"}], "u-1").body
    assert items[0]["idempotency_key"] not in (None, "mine") and items[0]["user"] == "u-1"
    assert items[1] == {"metric": "b", "idempotency_key": "mine", "user": "u-2"}


def test_what_contradicts_itself_is_refused_before_it_is_sent():
    with pytest.raises(ValueError, match="either"):
        HoldRequest()
    with pytest.raises(ValueError, match="either"):
        HoldRequest("compute_hours", cost_usd="1")
    with pytest.raises(ValueError, match="cost_usd"):
        HoldRequest("compute_hours", project="p")
    with pytest.raises(ValueError, match="one of"):
        commit("r-1", 1, event={})
    with pytest.raises(ValueError, match="10000"):
        consume_list([{"metric": "a"}] * 10_001, None)
