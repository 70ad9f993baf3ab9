"""The types say what the server says: every field of its OpenAPI document, and no other."""

import dataclasses

import httpx
import pytest

from meterwire import models

# Ours, the server's, and what only ours has: where the answer comes with a header.
PAIRS = [
    (models.Standing, "StandingToApi", set()),
    (models.Status, "StatusToApi", set()),
    (models.Decision, "DecisionToApi", {"replayed"}),
    (models.Reservation, "ReservationToApi", set()),
    (models.ResetDone, "ManualResetReply", set()),
    (models.TopUser, "TopUserToApi", set()),
    (models.NearLimit, "NearLimitToApi", set()),
    (models.HistoryDay, "HistoryDayToApi", set()),
    (models.User, "UserToApi", set()),
]


@pytest.fixture(scope="module")
def document(server):
    return httpx.get(server.url + "/openapi.json").raise_for_status().json()


@pytest.mark.parametrize(("ours", "theirs", "added"), PAIRS)
def test_every_field_is_there(document, ours, theirs, added):
    fields = {field.name for field in dataclasses.fields(ours)}
    assert fields - added == set(document["components"]["schemas"][theirs]["properties"])


def test_several_metrics_are_answered_field_by_field(tenant):
    answer = httpx.post(
        tenant.url + "/api/usage/consume",
        headers={"Authorization": f"Bearer {tenant.ingest}"},
        json={"user": "u-1", "metrics": {"api_calls": 1}},
    )
    fields = {field.name for field in dataclasses.fields(models.BulkDecision)}
    assert set(answer.raise_for_status().json()) == fields - {"replayed"}


def test_every_verb_is_a_route_of_the_server(document):
    paths = document["paths"]
    asked = {
        "/api/usage/status": "get",
        "/api/usage/check-limit": "post",
        "/api/usage/increment": "post",
        "/api/usage/consume": "post",
        "/api/usage/reservations": "post",
        "/api/usage/reservations/{id}": "delete",
        "/api/usage/reservations/{id}/commit": "post",
        "/api/usage/admin/manual-reset": "post",
        "/api/usage/admin/top-users": "get",
        "/api/usage/admin/near-limits": "get",
        "/api/usage/admin/history": "get",
        "/api/usage/admin/users/{id}": "patch",
        "/api/v1/events": "post",
    }
    assert {path: method for path, method in asked.items() if method in paths.get(path, {})} == asked
