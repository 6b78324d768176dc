"""GraphQL over server-sent events, in its distinct connections mode."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.offerpath.subscriptions.serving import Events, begun, streamed
from tests.offerpath.subscriptions.small import FOLLOW, Small, small
from tests.offerpath.subscriptions.test_sockets import BEGUN, eventually


def client_of(app: Small) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=f"http://{app.host}", trust_env=False, timeout=15)


async def test_events_come_as_they_happen_and_a_client_that_leaves_leaves_nothing() -> None:
    async with small() as app:
        async with streamed(app.host, FOLLOW) as events:
            headers = events.response.headers
            assert headers["content-type"] == "text/event-stream; charset=utf-8"
            assert headers["cache-control"] == "no-store"
            assert await events.next() == BEGUN
            app.tell("x")
            event = {"customersChanged": {"reason": "CHANGED", "customerIds": ["x"]}}
            assert await events.next() == event
        await eventually(lambda: len(app.changes) == len(app.streams) == 0)


async def test_a_get_may_subscribe_too() -> None:
    async with small() as app, client_of(app) as client:
        sent = client.stream(
            "GET", "/graphql", params={"query": FOLLOW}, headers={"accept": "text/event-stream"}
        )
        async with sent as response:
            assert await Events(response).next() == BEGUN


async def test_a_subscription_that_ends_is_completed() -> None:
    async with small() as app:
        query = "subscription { portfolioRun { customersLookedAt summary { customers } } }"
        async with streamed(app.host, query) as events:
            assert (await events.next())["portfolioRun"]["summary"] is None
            assert (await events.next())["portfolioRun"]["summary"] == {"customers": 0}
            assert await events.receive() == ("complete", None)
            assert await events.receive() == ("end", None)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ catalog { contentHash } }", "OPERATION_NOT_STREAMED"),
    ],
)
async def test_what_is_wrong_with_the_document_is_an_event(document: str, code: str) -> None:
    async with small() as app, streamed(app.host, document) as events:
        name, told = await events.receive()
        assert (name, told["errors"][0]["extensions"]["code"]) == ("next", code)
        assert "data" not in told
        assert await events.receive() == ("complete", None)


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 400, "MALFORMED_JSON"),
        ({"json": {"query": 1}}, 400, "MALFORMED_REQUEST"),
        ({"json": [{"query": FOLLOW}]}, 400, "BATCHING_NOT_SUPPORTED"),
        ({"content": b"x", "headers": {"content-type": "text/plain"}}, 415, None),
    ],
)
async def test_what_is_wrong_with_the_request_is_a_status(
    sent: dict[str, Any], status: int, code: str | None
) -> None:
    async with small() as app, client_of(app) as client:
        headers = {"accept": "text/event-stream", **sent.pop("headers", {})}
        answer = await client.post("/graphql", headers=headers, **sent)
        assert answer.status_code == status
        told = answer.json()["errors"][0]["extensions"]["code"]
        assert code in (None, told)
        assert len(app.streams) == 0


async def test_whoever_is_not_signed_in_gets_a_401_and_the_signed_in_get_their_events() -> None:
    async with small() as app:
        app.takes = "secret"
        async with streamed(app.host, FOLLOW) as events:
            assert events.response.status_code == 401
        async with streamed(app.host, FOLLOW, authorization="Bearer secret") as events:
            assert await events.next() == BEGUN


async def test_a_stream_ends_when_its_token_does_and_says_so() -> None:
    async with small() as app:
        app.until = datetime.now(UTC) + timedelta(seconds=0.4)
        async with streamed(app.host, FOLLOW) as events:
            assert await events.next() == BEGUN
            name, told = await events.receive()
            assert (name, told["errors"][0]["extensions"]["code"]) == ("next", "TOKEN_EXPIRED")
            assert await events.receive() == ("complete", None)


async def test_a_token_that_is_not_taken_any_more_ends_its_stream_and_an_outage_does_not() -> None:
    async with small(check_seconds=0.05) as app, streamed(app.host, FOLLOW) as events:
        assert await events.next() == BEGUN
        app.unavailable = True
        await asyncio.sleep(0.3)
        app.tell("x")
        assert (await events.next())["customersChanged"]["reason"] == "CHANGED"
        app.unavailable, app.takes = False, "another"
        name, told = await events.receive()
        assert (name, told["errors"][0]["extensions"]["code"]) == ("next", "NOT_SIGNED_IN")
        assert await events.receive() == ("complete", None)
        assert await events.receive() == ("end", None)


async def test_a_key_that_has_lost_a_role_ends_its_stream() -> None:
    async with small(check_seconds=0.05) as app, streamed(app.host, FOLLOW) as events:
        assert await events.next() == BEGUN
        app.principal = replace(app.principal, roles=frozenset())
        name, told = await events.receive()
        assert (name, told["errors"][0]["extensions"]["code"]) == ("next", "NOT_PERMITTED")
        assert await events.receive() == ("complete", None)


async def test_streams_and_sockets_share_one_limit() -> None:
    async with small(maximum=2) as app, begun(app.host), streamed(app.host, FOLLOW) as events:
        assert await events.next() == BEGUN
        async with streamed(app.host, FOLLOW) as refused:
            assert refused.response.status_code == 503
            assert refused.response.headers["retry-after"] == "5"


async def test_a_quiet_stream_has_comments_now_and_then() -> None:
    async with small(ping_seconds=0.05) as app, client_of(app) as client:
        sent = client.stream(
            "POST", "/graphql", json={"query": FOLLOW}, headers={"accept": "text/event-stream"}
        )
        async with sent as response, asyncio.timeout(15):
            pings = 0
            async for line in response.aiter_lines():
                pings += line == ": ping"
                if pings == 3:
                    break


async def test_a_process_that_stops_ends_its_streams_without_completing_them() -> None:
    async with small() as app, streamed(app.host, FOLLOW) as events:
        assert await events.next() == BEGUN
        await app.streams.drain(0.1)
        assert await events.receive() == ("end", None)
        assert len(app.streams) == 0
