"""The example app runs as its own text says, against a real server."""

from pathlib import Path

import httpx
import pytest
from processes import app

from meterwire import Meterwire

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@pytest.fixture
def example(tenant):
    environment = {"METERWIRE_URL": tenant.url, "METERWIRE_TOKEN": tenant.ingest, "PYTHONPATH": str(EXAMPLES)}
    with (
        app("fastapi_app:app", **environment) as running,
        httpx.Client(base_url=running.url, headers={"X-User": "u-1"}, timeout=30) as http,
    ):
        yield http


def test_the_example_does_what_it_says(example, tenant):
    statuses = [example.post("/deploy").status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    trained = example.post("/train", params={"hours": 2})
    assert trained.status_code == 200 and float(trained.json()["used"]) < 0.01
    assert example.post("/chat").json() == {"reply": "Hello."}
    assert example.post("/upload", params={"size": 1024}).status_code == 200
    current = {name: one["current"] for name, one in example.get("/usage").json()["metrics"].items()}
    assert (current["deployments"], current["storage"], current["api_calls"]) == (10, 1024, 1)
    assert 0 < current["compute_hours"] < 0.01


def test_what_it_recorded_arrives_when_it_ends(tenant):
    environment = {"METERWIRE_URL": tenant.url, "METERWIRE_TOKEN": tenant.ingest, "PYTHONPATH": str(EXAMPLES)}
    with app("fastapi_app:app", **environment) as running:
        assert httpx.post(running.url + "/chat", headers={"X-User": "u-1"}).status_code == 200
    answer = httpx.get(tenant.url + "/api/usage/log?range=24h", headers={"Authorization": f"Bearer {tenant.owner}"})
    assert answer.json()["total"] == 1
    with Meterwire(tenant.url, tenant.owner) as owner:
        assert owner.status("u-1").metrics["api_calls"].current == 1, "counted once, not once more by its event"
