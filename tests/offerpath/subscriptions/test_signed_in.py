"""Sockets and event streams of the real application where sign-in is on, by real API keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx2

from offerpath.app import create_app
from offerpath.house import House
from offerpath.settings import load_settings
from offerpath.sign_in.recognition import SignIn
from planner.permissions import Role
from resolvers.access.api_keys import KeyWish, NewKey, create_key, revoke_key
from resolvers.records.principal import Actor, ActorKind, Principal
from schema.streams.socket_session import Limits
from tests.offerpath.subscriptions.conftest import Base, house_of
from tests.offerpath.subscriptions.serving import begun, opened, serving, streamed
from tests.offerpath.subscriptions.small import FOLLOW
from tests.offerpath.subscriptions.test_sockets import BEGUN


@asynccontextmanager
async def guarded(base: Base, folder: Path) -> AsyncIterator[tuple[str, House, Principal]]:
    """Give the application with sign-in on, and a principal of a partner."""
    local = await house_of(base, folder)
    settings = load_settings(
        data_dir=folder, auth="oidc", oidc_issuer="http://127.0.0.1:1", oidc_audience="offerpath"
    )

    async def nothing(_principal: Principal) -> None:
        """Leave it: the partner has its row."""

    sign_in = SignIn.of(settings, base.stores.keys, nothing)
    house = replace(local, settings=settings, sign_in=sign_in)
    app = create_app(house)
    async with app.router.lifespan_context(app), serving(app) as host:
        yield host, house, local.principal
    await sign_in.close()


async def _key(house: House, principal: Principal, *roles: Role) -> NewKey:
    maker = replace(principal, actor=Actor(ActorKind.TOKEN, "anne"))
    asked = await house.catalogs.asked(maker, now=datetime.now(UTC))
    made = await create_key(asked, KeyWish("sockets", roles=roles or None))
    assert isinstance(made, NewKey)
    return made


async def test_a_key_opens_sockets_and_streams_and_nothing_opens_none(
    base: Base, tmp_path: Path
) -> None:
    async with guarded(base, tmp_path) as (host, house, principal):
        key = (await _key(house, principal)).text.written()
        async with begun(host, authorization=f"Bearer {key}") as socket:
            await socket.subscribe(FOLLOW)
            assert await socket.next() == BEGUN
        async with streamed(host, FOLLOW, authorization=f"Bearer {key}") as events:
            assert await events.next() == BEGUN
        async with opened(host) as socket:
            await socket.send(type="connection_init")
            assert await socket.closed() == (4401, "NOT_SIGNED_IN")
        async with streamed(host, FOLLOW) as events:
            assert events.response.status_code == 401
            assert events.response.headers["www-authenticate"].startswith("Bearer")


async def test_a_role_that_may_not_see_customers_follows_none_of_them(
    base: Base, tmp_path: Path
) -> None:
    async with guarded(base, tmp_path) as (host, house, principal):
        key = (await _key(house, principal, Role.MPN_PARTNER_ADMIN)).text.written()
        async with begun(host, authorization=f"Bearer {key}") as socket:
            for document in (
                FOLLOW,
                'subscription { planChanged(planId: "%s") { reason } }' % principal.partner_id,
                "subscription { portfolioRun { customersLookedAt } }",
            ):
                await socket.subscribe(document)
                (error,) = (await socket.receive())["payload"]["errors"]
                assert error["extensions"]["code"] == "NOT_PERMITTED"
                assert (await socket.receive())["type"] == "complete"
            await socket.subscribe("subscription { catalogChanged { reason } }")
            assert await socket.next() == {"catalogChanged": {"reason": "BEGUN"}}


async def test_a_key_that_is_revoked_ends_its_socket(base: Base, tmp_path: Path) -> None:
    async with guarded(base, tmp_path) as (host, house, principal):
        new = await _key(house, principal)
        async with (
            # A minute is long for a test.
            _checked_often(house, Limits(check_seconds=0.1)) as quick,
            begun(quick, authorization=f"Bearer {new.text.written()}") as socket,
        ):
            await socket.subscribe(FOLLOW)
            assert await socket.next() == BEGUN
            asked = await house.catalogs.asked(principal, now=datetime.now(UTC))
            await revoke_key(asked, new.key.key_id)
            code, reason = await socket.closed()
            assert code == 4401
            assert reason.isupper()
        async with httpx2.AsyncClient(base_url=f"http://{host}", trust_env=False) as client:
            assert (await client.get("/healthz")).status_code == 200


@asynccontextmanager
async def _checked_often(house: House, limits: Limits) -> AsyncIterator[str]:
    app = create_app(house)
    (route,) = [one for one in app.routes if type(one).__name__ == "WebSocketRoute"]
    route.app._limits = limits  # type: ignore[attr-defined]
    async with app.router.lifespan_context(app), serving(app) as host:
        yield host
