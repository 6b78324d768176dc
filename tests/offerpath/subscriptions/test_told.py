"""What is told of sockets that are over, and where their clients are known to be."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from starlette.types import ASGIApp
from websockets.exceptions import InvalidStatus

from offerpath.own_host import OwnHost
from offerpath.subscriptions import Subscriptions
from offerpath.telemetry import CLIENT_GONE, Telemetry, Told
from tests.offerpath.subscriptions.conftest import Base, house_of
from tests.offerpath.subscriptions.serving import begun, opened, streamed
from tests.offerpath.subscriptions.small import FOLLOW, Small, small
from tests.offerpath.subscriptions.test_sockets import BEGUN, eventually


@asynccontextmanager
async def told_of(maximum: int = 5) -> AsyncIterator[tuple[Small, list[Told]]]:
    """Give an application, and the list of what is over."""
    told: list[Told] = []

    def around(app: ASGIApp) -> ASGIApp:
        guarded = OwnHost(app, host="127.0.0.1", origins=())
        return Telemetry(guarded, tellers=[told.append], routes=["/graphql"])

    async with small(maximum=maximum, around=around) as app:
        yield app, told


async def _refused(app: Small, **options: object) -> int:
    with pytest.raises(InvalidStatus) as refused:
        async with opened(app.host, **options):
            pass
    return refused.value.response.status_code


async def test_a_page_of_another_site_is_told_as_forbidden_and_not_as_gone() -> None:
    async with told_of() as (app, told):
        assert await _refused(app, origin="https://elsewhere.example") == 403
        (one,) = told
        assert (one.kind, one.route, one.status) == ("websocket", "/graphql", 403)
        assert one.observed.code == "CROSS_SITE_REQUEST"
        assert one.size > 0


async def test_a_socket_beyond_the_limit_is_told_with_its_status() -> None:
    async with told_of(maximum=0) as (app, told):
        assert await _refused(app) == 503
        assert [(one.status, one.observed.code) for one in told] == [(503, "TOO_MANY_STREAMS")]


async def test_a_name_that_is_not_the_servers_own_is_told_as_forbidden() -> None:
    async with told_of() as (app, told):
        headers = {"Host": "elsewhere.example"}
        assert await _refused(app, additional_headers=headers) == 403
        assert [one.status for one in told] == [403]


async def test_a_socket_that_was_served_is_told_as_such_however_it_ends() -> None:
    async with told_of() as (app, told):
        async with begun(app.host) as socket:
            await socket.send(type="nothing known")
            assert (await socket.closed())[0] == 4400
        async with begun(app.host) as socket:
            socket.connection.transport.abort()
        await eventually(lambda: len(told) == 2)
        assert [one.status for one in told] == [101, 101]


async def test_an_event_stream_whose_client_leaves_is_told_as_gone() -> None:
    async with told_of() as (app, told):
        async with streamed(app.host, FOLLOW) as events:
            assert await events.next() == BEGUN
        await eventually(lambda: len(told) == 1)
        assert told[0].status == CLIENT_GONE


async def test_the_admission_is_told_where_the_client_is() -> None:
    async with small() as app:
        async with begun(app.host) as socket:
            await socket.subscribe(FOLLOW)
            assert await socket.next() == BEGUN
        async with streamed(app.host, FOLLOW) as events:
            assert await events.next() == BEGUN
        assert app.hosts == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("host", "address"),
    [("192.0.2.17", "192.0.2.17"), ("2001:DB8::1", "2001:db8::1"), ("unix:", None), (None, None)],
)
async def test_whoever_subscribes_has_the_address_of_their_socket(
    base: Base, tmp_path: Path, host: str | None, address: str | None
) -> None:
    house = await house_of(base, tmp_path)
    subscriptions = Subscriptions(house)
    admitted = await subscriptions._admit(None, host)
    assert admitted.principal.partner_id == house.principal.partner_id
    assert admitted.principal.address == address
    context = await subscriptions._context(admitted.principal)
    assert context.asked.principal.address == address
