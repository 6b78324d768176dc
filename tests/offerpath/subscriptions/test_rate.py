"""Limits on rates, as subscriptions meet them: the operation is refused, and the socket stays."""

import httpx2

from schema.limits.rate import PER_REQUEST, RateLimits
from tests.offerpath.subscriptions.serving import begun
from tests.offerpath.subscriptions.small import FOLLOW, small


def _stopped() -> float:
    return 1_000.0


async def test_an_operation_beyond_the_quota_is_refused_and_those_under_way_go_on() -> None:
    rates = RateLimits(partner=0, caller=2 * PER_REQUEST + 2, clock=_stopped)
    async with small(rates=rates) as app, begun(app.host) as socket:
        await socket.subscribe(FOLLOW, "a")
        assert (await socket.next("a"))["customersChanged"]["reason"] == "BEGUN"
        await socket.subscribe("subscription { nothing }", "b")
        assert await socket.refused("b") == "GRAPHQL_VALIDATION_FAILED"
        for key in ("c", "d"):
            await socket.subscribe(FOLLOW, key)
            assert await socket.refused(key) == "RATE_LIMITED"
        app.tell("x")
        assert (await socket.next("a"))["customersChanged"]["customerIds"] == ["x"]


async def test_an_event_stream_beyond_the_quota_tells_it_as_its_only_event() -> None:
    rates = RateLimits(partner=0, caller=1, clock=_stopped)
    async with small(rates=rates) as app, httpx2.AsyncClient() as client:
        headers = {"accept": "text/event-stream", "content-type": "application/json"}
        answers = [
            await client.post(f"http://{app.host}/graphql", json={"query": FOLLOW}, headers=headers)
            for _ in range(2)
        ]
    for answer in answers:
        assert "RATE_LIMITED" in answer.text
        assert answer.text.rstrip().endswith("data:")
