"""graphql-transport-ws as its specification has it, and what keeps a process safe behind it."""

import asyncio
import logging
import socket as sockets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from schema.streams.socket_session import Limits
from tests.offerpath.subscriptions.serving import Socket, begun, opened
from tests.offerpath.subscriptions.small import FOLLOW, Small, small

BEGUN = {"customersChanged": {"reason": "BEGUN", "customerIds": None}}


async def eventually(holds: Any, seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(0.01)


async def test_a_subscription_goes_on_until_it_is_completed_and_leaves_nothing_behind() -> None:
    async with small() as app, begun(app.host) as socket:
        await socket.subscribe(FOLLOW, "a")
        await socket.subscribe(FOLLOW, "b")
        assert {(await socket.receive())["id"] for _ in range(2)} == {"a", "b"}
        await socket.send(type="complete", id="a")
        await eventually(lambda: len(app.changes) == 1)
        app.tell("x")
        event = {"customersChanged": {"reason": "CHANGED", "customerIds": ["x"]}}
        assert await socket.next("b") == event
        await socket.subscribe(FOLLOW, "a")
        assert await socket.next("a") == BEGUN
        await socket.connection.close()
        await eventually(lambda: len(app.changes) == len(app.streams) == 0)


async def test_pings_are_answered_with_their_payload() -> None:
    async with small() as app, opened(app.host) as socket:
        await socket.send(type="ping", payload={"n": 1})
        assert await socket.receive() == {"type": "pong", "payload": {"n": 1}}
        await socket.send(type="pong")
        await socket.begin()


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"type": "subscribe", "id": "1", "payload": {"query": FOLLOW}}], 4401),
        ([{"type": "connection_init"}, {"type": "connection_init"}], 4429),
        ([{"type": "nothing known"}], 4400),
        ([{"type": "connection_init", "payload": "text"}], 4400),
        ([{"id": "1"}], 4400),
        ([{"type": "connection_init"}, {"type": "subscribe", "id": "1"}], 4400),
        ([{"type": "connection_init"}, {"type": "subscribe", "id": "", "payload": {}}], 4400),
        ([{"type": "connection_init"}, {"type": "subscribe", "id": 7, "payload": {}}], 4400),
        ([{"type": "connection_init"}, {"type": "complete"}], 4400),
        (
            [
                {"type": "connection_init"},
                {"type": "subscribe", "id": "1", "payload": {"query": FOLLOW}},
                {"type": "subscribe", "id": "1", "payload": {"query": FOLLOW}},
            ],
            4409,
        ),
    ],
)
async def test_what_the_protocol_forbids_closes_the_socket_with_its_code(
    messages: list[dict[str, Any]], code: int
) -> None:
    async with small() as app, opened(app.host) as socket:
        for message in messages:
            await socket.send(**message)
        assert (await socket.closed())[0] == code
        await eventually(lambda: len(app.changes) == len(app.streams) == 0)


@pytest.mark.parametrize("message", ["", "{", "[]", "1", "\ud83d\ude00", b"\x00\x01", "[" * 5000])
async def test_what_is_no_json_object_closes_the_socket(message: str | bytes) -> None:
    async with small() as app, opened(app.host) as socket:
        sent = (
            message.encode("utf-16", "surrogatepass").decode("utf-16")
            if isinstance(message, str)
            else message
        )
        await socket.connection.send(sent)
        assert (await socket.closed())[0] == 4400


async def test_a_message_that_is_too_long_closes_the_socket() -> None:
    async with small() as app, opened(app.host) as socket:
        await socket.connection.send("x" * (1024 * 1024 + 1))
        assert (await socket.closed())[0] == 1009


async def test_whoever_does_not_begin_is_closed() -> None:
    async with small(limits=Limits(init_seconds=0.1)) as app, opened(app.host) as socket:
        assert await socket.closed() == (4408, "Connection initialisation timeout")


@pytest.mark.parametrize("wanted", [[], ["graphql-ws"], ["something"]])
async def test_other_protocols_are_refused_so_that_a_page_can_read_it(wanted: list[str]) -> None:
    names = [Subprotocol(name) for name in wanted] or None
    async with small() as app, opened(app.host, subprotocols=names) as socket:
        assert (await socket.closed())[0] == 4406


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [
        (None, True),
        ("http://{host}", True),
        ("https://desk.example.com", True),
        ("https://DESK.example.com:443", True),
        ("http://desk.example.com", False),
        ("https://desk.example.com.evil.test", False),
        ("https://evil.test", False),
        ("http://127.0.0.1:1", False),
        ("null", False),
    ],
)
async def test_pages_of_other_sites_open_no_socket(origin: str | None, is_let_in: bool) -> None:
    async with small(origins=["https://desk.example.com"]) as app:
        given = origin and origin.format(host=app.host)
        if is_let_in:
            async with opened(app.host, origin=given) as socket:
                await socket.begin()
            return
        with pytest.raises(InvalidStatus) as refused:
            async with opened(app.host, origin=given):
                pass
        assert refused.value.response.status_code == 403
        assert b"CROSS_SITE_REQUEST" in (refused.value.response.body or b"")
        assert len(app.streams) == 0


async def test_a_refusal_before_the_upgrade_is_told_and_is_no_error_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        async with small(maximum=0) as app:
            for origin, status in (("https://evil.test", 403), (None, 503)):
                with pytest.raises(InvalidStatus) as refused:
                    async with opened(app.host, origin=origin):
                        pass
                assert refused.value.response.status_code == status
                assert b"remedy" in (refused.value.response.body or b"")
    told = [one.getMessage() for one in caplog.records if one.name == "offerpath.sockets"]
    assert len(told) == 2
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("payload", [{}, {"authorization": "Bearer other"}, {"authorization": 7}])
async def test_whoever_is_not_signed_in_is_closed(payload: dict[str, Any]) -> None:
    async with small() as app, opened(app.host) as socket:
        app.takes = "secret"
        await socket.send(type="connection_init", payload=payload)
        assert await socket.closed() == (4401, "NOT_SIGNED_IN")


async def test_whoever_may_not_come_in_is_closed_and_a_token_is_taken_in_any_case() -> None:
    async with small() as app:
        app.takes = "forbidden"
        async with opened(app.host) as socket:
            await socket.send(type="connection_init")
            assert await socket.closed() == (4403, "TENANT_NOT_ADMITTED")
        app.takes = "secret"
        for name in ("authorization", "Authorization"):
            async with begun(app.host, **{name: "Bearer secret"}) as socket:
                await socket.subscribe(FOLLOW)
                assert await socket.next() == BEGUN


async def test_a_socket_ends_when_its_token_does() -> None:
    async with small() as app:
        app.until = datetime.now(UTC) + timedelta(seconds=0.5)
        async with begun(app.host) as socket:
            await socket.subscribe(FOLLOW)
            assert await socket.next() == BEGUN
            assert await socket.closed() == (4401, "TOKEN_EXPIRED")
            assert datetime.now(UTC) >= app.until


async def test_a_token_that_is_not_taken_any_more_ends_its_socket_and_an_outage_does_not() -> None:
    async with small(limits=Limits(check_seconds=0.05)) as app, begun(app.host) as socket:
        app.unavailable = True
        await asyncio.sleep(0.3)
        await socket.subscribe(FOLLOW)
        assert await socket.next() == BEGUN
        app.unavailable, app.takes = False, "another"
        assert await socket.closed() == (4401, "NOT_SIGNED_IN")


async def test_a_key_that_has_lost_a_role_ends_its_socket() -> None:
    async with small(limits=Limits(check_seconds=0.05)) as app, begun(app.host) as socket:
        await socket.subscribe(FOLLOW)
        assert await socket.next() == BEGUN
        app.principal = replace(app.principal, roles=frozenset())
        assert await socket.closed() == (4403, "NOT_PERMITTED")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("{ catalog { contentHash } }", "OPERATION_NOT_STREAMED"),
        ('mutation { rejectPlan(planId: "x") { __typename } }', "OPERATION_NOT_STREAMED"),
        ("fragment F on Catalog { contentHash }", "OPERATION_NOT_FOUND"),
        (
            "subscription { customersChanged { reason } catalogChanged { reason } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "subscription { catalogChanged { %s } }"
            % " ".join(f"a{n}: reason" for n in range(100)),
            "TOO_MANY_ALIASES",
        ),
        ("", "MALFORMED_REQUEST"),
    ],
)
async def test_a_document_that_cannot_be_followed_is_refused_by_itself(
    document: str, code: str
) -> None:
    async with small() as app, begun(app.host) as socket:
        await socket.subscribe(document)
        assert await socket.refused() == code
        await socket.subscribe(FOLLOW)
        assert await socket.next() == BEGUN


async def test_a_subscription_that_may_ask_for_too_much_is_refused() -> None:
    """Its cost is that of one event, counted before anything is followed."""
    each = " ".join(
        f"a{n}: options(first: 50) {{ __typename }} b{n}: tradeOffs {{ __typename }}"
        for n in range(30)
    )
    costly = (
        'subscription { planChanged(customerId: "x") { plan { customer {'
        " subscriptions(first: 200) { edges { node { %s } } } } } } }" % each
    )
    async with small() as app, begun(app.host) as socket:
        await socket.subscribe(costly)
        assert await socket.refused() == "QUERY_TOO_COSTLY"
        assert len(app.changes) == 0


async def test_one_socket_has_so_many_subscriptions_and_no_more() -> None:
    async with small(limits=Limits(operations=3)) as app, begun(app.host) as socket:
        for number in range(3):
            await socket.subscribe(FOLLOW, str(number))
            await socket.next(str(number))
        await socket.subscribe(FOLLOW, "3")
        assert await socket.refused("3") == "TOO_MANY_OPERATIONS"
        await socket.send(type="complete", id="0")
        await socket.subscribe(FOLLOW, "3")
        assert await socket.next("3") == BEGUN


async def test_more_sockets_than_the_limit_are_refused_cleanly_and_the_others_go_on() -> None:
    """The limit is 500, and 600 are asked for."""
    async with small(maximum=500) as app:
        kept: list[tuple[Any, Socket]] = []
        codes: list[tuple[int, str, bool]] = []

        async def open_one() -> None:
            manager = begun(app.host)
            try:
                socket = await manager.__aenter__()
            except InvalidStatus as refused:
                answer = refused.response
                is_told = b"TOO_MANY_STREAMS" in (answer.body or b"")
                codes.append((answer.status_code, answer.headers["Retry-After"], is_told))
            else:
                kept.append((manager, socket))

        for _ in range(12):
            await asyncio.gather(*(open_one() for _ in range(50)))
        assert (len(kept), len(codes), set(codes)) == (500, 100, {(503, "5", True)})
        for _, socket in kept[::50]:
            await socket.subscribe(FOLLOW)
            assert await socket.next() == BEGUN
        first = kept.pop()
        await first[0].__aexit__(None, None, None)
        await eventually(lambda: len(app.streams) == 499)
        async with begun(app.host) as socket:
            await socket.subscribe(FOLLOW)
            assert await socket.next() == BEGUN
        await asyncio.gather(*(manager.__aexit__(None, None, None) for manager, _ in kept))
        await eventually(lambda: len(app.streams) == 0, 30)


async def test_a_reader_that_does_not_read_is_given_up_and_others_are_not_held_up() -> None:
    async with (
        small(limits=Limits(send_seconds=1.0)) as app,
        begun(app.host) as quick,
        _small_window(app) as slow,
    ):
        await slow.begin()
        for number in range(20):
            await slow.subscribe(FOLLOW, str(number))
        await quick.subscribe(FOLLOW)
        assert await quick.next() == BEGUN
        await eventually(lambda: len(app.changes) == 21)
        slow.connection.transport.pause_reading()
        async with asyncio.timeout(60):
            number = 0
            while len(app.changes) > 1:
                app.tell(*(f"{number}-{each}" for each in range(90)))
                number += 1
                await asyncio.sleep(0.001)
        await eventually(lambda: len(app.streams) == 1)
        app.tell("last")
        while (await quick.next())["customersChanged"]["customerIds"] != ["last"]:
            pass
        slow.connection.transport.abort()


def _small_window(app: Small) -> Any:
    host, port = app.host.split(":")
    end = sockets.socket()
    end.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    end.connect((host, int(port)))
    end.setblocking(False)
    return opened(app.host, sock=end)


async def test_a_process_that_stops_closes_its_sockets_for_a_restart() -> None:
    async with small() as app, begun(app.host) as socket, begun(app.host) as idle:
        await socket.subscribe(FOLLOW)
        assert await socket.next() == BEGUN
        draining = asyncio.create_task(app.streams.drain(0.5))
        assert await idle.closed() == (1012, "Service restart")
        await socket.subscribe(FOLLOW, "late")
        assert await socket.refused("late") == "SHUTTING_DOWN"
        with pytest.raises(InvalidStatus) as refused:
            async with opened(app.host):
                pass
        assert refused.value.response.status_code == 503
        app.tell("x")
        assert (await socket.next())["customersChanged"]["reason"] == "CHANGED"
        assert await socket.closed() == (1012, "Service restart")
        await draining
        assert len(app.changes) == len(app.streams) == 0
