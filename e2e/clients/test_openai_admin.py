"""OpenAI's own client reads usage and costs from here as it does from OpenAI."""

import asyncio
import datetime
import time
from decimal import Decimal

import openai
import pytest
import requests

# 2026-11-01T00:00:00Z: long enough ago for every clock this runs by, or else the day before yesterday.
DAY = 86_400
START = min(1_793_491_200, int(time.time()) // DAY * DAY - 2 * DAY)


def event(name: str, second: int, **more) -> dict:
    moment = datetime.datetime.fromtimestamp(second, datetime.timezone.utc).isoformat()
    usage = {"input_tokens": 1000, "cached_input_tokens": 400, "output_tokens": 500, "reasoning_tokens": 64}
    base = {"id": name, "time": moment, "provider": "openai", "model": "gpt-4o", "project": "chat", "user": "u-1"}
    return {**base, "api_key": "prod", "service_tier": "default", "status": 200, "usage": usage, **more}


EVENTS = [
    event("a", START, operation="chat"),
    event("b", START + 60, operation="chat", service_tier="batch", user="u-2"),
    event("c", START + DAY, provider="anthropic", model="claude-sonnet-4-5", project="code", status=529),
    event("d", START, operation="embeddings", model="text-embedding-3-small", usage={"input_tokens": 16}),
    event("e", START, operation="moderation", model="omni-moderation-latest", usage={"input_tokens": 16}),
    event("f", START, operation="image_generation", model="gpt-image-1", metrics={"images": 2}, properties={"size": "1024x1024"}),
    event("g", START, operation="speech", model="tts-1", usage={}, metrics={"characters": 45}),
    event("h", START, operation="transcription", model="whisper-1", usage={}, metrics={"seconds": 20}),
    event("i", START, operation="vector_store", usage={}, metrics={"usage_bytes": 1024}),
    event("j", START, operation="code_interpreter", usage={}),
    event("k", START, operation="file_search", usage={}, properties={"vector_store_id": "vs-1"}),
    event("l", START, operation="web_search", usage={}, properties={"search_context_size": "high"}),
    event("m", START, operation="decision"),
]

# Every method of the client, what its results are called, and what the events above make of them.
METHODS = {
    "completions": ("completions", {"input_tokens": 2000, "output_tokens": 1000, "num_model_requests": 2, "input_cached_tokens": 800}),
    "decisions": ("decisions", {"input_tokens": 1000, "output_tokens": 500, "num_model_requests": 1}),
    "embeddings": ("embeddings", {"input_tokens": 16, "num_model_requests": 1}),
    "moderations": ("moderations", {"input_tokens": 16, "num_model_requests": 1}),
    "images": ("images", {"images": 2, "num_model_requests": 1}),
    "audio_speeches": ("audio_speeches", {"characters": 45, "num_model_requests": 1}),
    "audio_transcriptions": ("audio_transcriptions", {"seconds": 20, "num_model_requests": 1}),
    "vector_stores": ("vector_stores", {"usage_bytes": 1024}),
    "code_interpreter_sessions": ("code_interpreter_sessions", {"num_sessions": 1}),
    "file_search_calls": ("file_searches", {"num_requests": 1}),
    "web_search_calls": ("web_searches", {"num_requests": 1, "num_model_requests": 1}),
}

# What newer versions of the client know and the specification of these routes does not have.
NOT_KNOWN_HERE = {"input_cache_write_30m_tokens", "input_cache_write_12h_tokens"}


@pytest.fixture
def client(server):
    headers = {"Authorization": f"Bearer {server.token}"}
    answer = requests.post(f"{server.url}/api/v1/events", json=EVENTS, headers=headers, timeout=10)
    assert answer.json()["stored"] == len(EVENTS), answer.text
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key="unused", admin_api_key=server.token, max_retries=0)


def usage_of(client):
    return client.admin.organization.usage


def results(page):
    return [result for bucket in page.data for result in bucket.results]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_gets_its_own_results(client, method):
    name, expected = METHODS[method]
    page = getattr(usage_of(client), method)(start_time=START, end_time=START + DAY)
    assert (page.object, page.has_more, page.next_page) == ("page", False, None)
    [bucket] = page.data
    assert (bucket.object, bucket.start_time, bucket.end_time) == ("bucket", START, START + DAY)
    [result] = bucket.results
    assert result.object == f"organization.usage.{name}.result"
    assert {field: getattr(result, field) for field in expected} == expected
    # The client read it as the class that it has for this kind, and that class has all its fields.
    fields = set(type(result).model_fields)
    assert fields - NOT_KNOWN_HERE <= result.model_fields_set, fields - result.model_fields_set
    # The client does not check what it reads, so it is checked here: types are those that the class declares.
    type(result).model_validate(result.model_dump(), strict=True)
    assert result.project_id is None, "not grouped by it"


def test_groups_of_every_field_at_once(client):
    fields = ["project_id", "user_id", "api_key_id", "model", "batch", "service_tier", "api_source"]
    page = usage_of(client).completions(start_time=START, end_time=START + 2 * DAY, group_by=fields)
    rows = [[getattr(result, field) for field in fields] for result in results(page)]
    expected = [
        ["chat", "u-1", "prod", "gpt-4o", False, "default", "unlabeled"],
        ["chat", "u-2", "prod", "gpt-4o", True, "batch", "unlabeled"],
        ["code", "u-1", "prod", "claude-sonnet-4-5", False, "default", "unlabeled"],
    ]
    assert sorted(rows) == expected
    # Failed calls are requests too; how many failed is ours to tell.
    assert [result.errors for result in results(page)] == [0, 0, 1]


def test_filters(client):
    def requests_with(**filters) -> int:
        page = usage_of(client).completions(start_time=START, end_time=START + 2 * DAY, **filters)
        return sum(result.num_model_requests for result in results(page))

    assert requests_with() == 3
    assert requests_with(project_ids=["chat"]) == 2
    assert requests_with(project_ids=["chat", "code"], user_ids=["u-1"]) == 2
    assert requests_with(models=["claude-sonnet-4-5"]) == 1
    assert requests_with(api_key_ids=["other"]) == 0
    assert (requests_with(batch=True), requests_with(batch=False)) == (1, 2)


@pytest.mark.parametrize("width, seconds", [("1d", DAY), ("1h", 3_600), ("1m", 60)])
def test_pages_walk_every_bucket_once(client, width, seconds):
    end = START + 5 * seconds + 1
    asked = {"start_time": START + 1, "end_time": end, "bucket_width": width, "group_by": ["model"]}
    page = usage_of(client).completions(**asked, limit=2)
    edges, calls = [START + 1], 0
    while True:
        for bucket in page.data:
            assert bucket.start_time == edges[-1]
            edges.append(bucket.end_time)
        calls += sum(result.num_model_requests for result in results(page))
        if not page.has_more:
            break
        page = usage_of(client).completions(**asked, limit=2, page=page.next_page)
    assert page.next_page is None
    assert edges == [START + 1, *(START + n * seconds for n in range(1, 6)), end]
    whole = usage_of(client).completions(start_time=START + 1, end_time=end)
    assert calls == sum(result.num_model_requests for result in results(whole))


def test_costs_are_exact_and_add_up(client, server):
    page = usage_of(client).costs(start_time=START, end_time=START + 2 * DAY, group_by=["line_item", "project_id"])
    for result in results(page):
        assert (result.object, result.amount.currency) == ("organization.costs.result", "usd")
        type(result).model_validate(result.model_dump(), strict=True)
        assert set(type(result).model_fields) <= result.model_fields_set
        assert Decimal(repr(result.amount.value)) == Decimal(result.cost_usd)
        if result.quantity is not None:
            assert result.quantity_unit == "tokens" and result.quantity > 0
    total = sum(Decimal(repr(result.amount.value)) for result in results(page))
    days = [datetime.datetime.fromtimestamp(START + n * DAY, datetime.timezone.utc).date() for n in (0, 2)]
    queried = server.get(f"/api/v1/usage/query?from={days[0]}&to={days[1]}&tz=UTC")["total"]
    assert total == Decimal(queried["cost_usd"]) > 0
    assert sum(result.unpriced_calls for result in results(page)) == queried["unpriced_calls"]
    filtered = usage_of(client).costs(start_time=START, end_time=START + 2 * DAY, line_items=["anthropic/claude-sonnet-4-5"])
    [claude] = results(filtered)
    assert Decimal(repr(claude.amount.value)) == Decimal(claude.cost_usd) > 0


def test_no_end_is_now(client):
    now = int(time.time())
    page = usage_of(client).completions(start_time=now - 60, bucket_width="1h")
    assert page.data[0].start_time == now - 60 and page.data[-1].end_time > now and not page.has_more


def test_the_client_raises_its_own_errors(client, server):
    usage = usage_of(client)
    with pytest.raises(openai.BadRequestError) as refused:
        usage.completions(start_time=START, limit=32)
    assert (refused.value.param, refused.value.code, refused.value.type) == ("limit", "invalid_value", "invalid_request_error")
    assert refused.value.request_id
    with pytest.raises(openai.BadRequestError) as refused:
        usage.completions(start_time=START, page="page_of_another_book")
    assert refused.value.param == "page"
    other = client.copy(admin_api_key="mw_nobody-made-this-one")
    with pytest.raises(openai.AuthenticationError) as refused:
        usage_of(other).costs(start_time=START)
    assert refused.value.code == "invalid_api_key"
    with pytest.raises(openai.NotFoundError):
        usage_of(client.copy(organization="globex")).costs(start_time=START)
    assert results(usage_of(client.copy(organization="acme")).costs(start_time=START, end_time=START + DAY))


def test_an_admin_names_the_tenant_as_the_organization(client, admin_token):
    admin = client.copy(admin_api_key=admin_token, organization="acme")
    assert results(usage_of(admin).completions(start_time=START, end_time=START + DAY))
    with pytest.raises(openai.BadRequestError) as refused:
        usage_of(client.copy(admin_api_key=admin_token)).completions(start_time=START)
    assert refused.value.param == "tenant"
    by_query = usage_of(client.copy(admin_api_key=admin_token)).completions(
        start_time=START, end_time=START + DAY, extra_query={"tenant": "acme"}
    )
    assert results(by_query)


def test_the_asynchronous_client(client, server):
    async def ask():
        url = f"{server.url}/v1"
        async with openai.AsyncOpenAI(base_url=url, api_key="unused", admin_api_key=server.token) as asynchronous:
            return await usage_of(asynchronous).completions(start_time=START, end_time=START + DAY)

    assert results(asyncio.run(ask()))[0].num_model_requests == 2
