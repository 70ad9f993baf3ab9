"""What other people's metering clients send is accepted, counted once and priced."""

import base64
import datetime

import requests
from cloudevents.conversion import to_binary, to_structured
from cloudevents.http import CloudEvent
from openmeter import Client


def totals(server) -> tuple:
    total = server.get("/api/v1/usage/query?from=2000-01-01&to=2100-01-01")["total"]
    return total["calls"], total["tokens"], total["cost_usd"]


def open_meter_event(name: str, tokens: int) -> dict:
    return {
        "id": name,
        "source": "my-app",
        "specversion": "1.0",
        "type": "prompt",
        "subject": "customer-1",
        "time": datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc),
        "data": {"tokens": tokens, "model": "gpt-4o", "type": "input"},
    }


def test_the_openmeter_client(server):
    with Client(endpoint=server.url, token=server.token) as client:
        client.events.ingest_event(open_meter_event("a", 100))
        client.events.ingest_events([open_meter_event("a", 100), open_meter_event("b", 300)])
    assert totals(server) == (2, 400, "0.001")


def cloud_event(name: str) -> CloudEvent:
    attributes = {"id": name, "type": "chat", "source": "urn:app", "subject": "team-a", "time": "2026-11-01T00:00:00Z"}
    return CloudEvent(attributes, {"model": "gpt-4o", "input_tokens": 1000, "output_tokens": 100})


def test_the_cloudevents_sdk_structured_and_binary(server):
    for convert in (to_structured, to_binary):
        headers, body = convert(cloud_event("a"))
        headers["Authorization"] = f"Bearer {server.token}"
        answer = requests.post(f"{server.url}/api/v1/events", data=body, headers=headers, timeout=10)
        assert answer.status_code == 204, answer.text
    # The same event in both forms is one event.
    assert totals(server) == (1, 1100, "0.0035")


def test_captured_requests_are_accepted_as_they_were_sent(server, captured):
    if captured is None:
        headers, body = to_structured(cloud_event("made-here"))
        captured = [{"method": "POST", "path": "/api/v1/events", "headers": list(headers.items()), "body": body.decode()}]
    metering = [request for request in captured if request["path"] == "/api/v1/events"]
    assert metering
    for request in metering:
        skipped = {"host", "content-length", "authorization", "connection"}
        headers = {name: value for name, value in request["headers"] if name.lower() not in skipped}
        headers["Authorization"] = f"Bearer {server.token}"
        body = request["body"].encode() if request.get("body") is not None else base64.b64decode(request["body_b64"])
        answer = requests.request(request["method"], server.url + request["path"], headers=headers, data=body, timeout=10)
        assert answer.status_code == 204, (request["headers"], answer.text)
    assert totals(server)[0] > 0
