"""The API as a front end meets it: requests over HTTP to the real endpoint, in process."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx2
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp

from formats.plans.markdown import plan_markdown
from offerpath.import_files import import_reader
from offerpath.refusals import EXCEPTION_HANDLERS
from offerpath.reports_http import ReportRoutes
from planner.permissions import PartnerType, Role
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from resolvers.records.principal import NOBODY_NAMED, Actor, ActorKind, Principal
from schema.context import Context
from schema.http.endpoint import CACHE_BYTES, GraphQLEndpoint
from schema.loaders import Loaders

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""The instant of every request that names no other."""
IDE_PAGE = "<!doctype html><title>the editor</title>"
MAX_IMPORT_BYTES = 4 * 1024 * 1024

BUSINESS_BASIC = "BD938F12-058F-4927-BBA3-AE36B1D2501C"
LEGACY_E3 = "796B6B5F-613C-4E24-A17C-EBA730D49C02"
NEW_BASIC = "CFQ7TTC0LH18:0001"
NEW_E1 = "CFQ7TTC0LF8Q:0001"
NEW_E3 = "CFQ7TTC0LF8R:0001"


def as_it_is(asked: Asked) -> Asked:
    return asked


def make_app(
    catalogs: Catalogs,
    *,
    cache_bytes: int = CACHE_BYTES,
    change: Callable[[Asked], Asked] = as_it_is,
    **options: Any,
) -> Starlette:
    """Return the endpoint and the reports; headers say who asks and when.

    `change` may put another store, or other facts, under each question; further options are
    those of the endpoint.
    """

    async def ask(request: Request) -> Asked:
        principal = _principal(request)
        now = datetime.fromisoformat(request.headers["x-now"])
        return change(await catalogs.asked(principal, now=now))

    async def context(request: Request) -> Context:
        asked = await ask(request)
        reader = import_reader(MAX_IMPORT_BYTES)
        return Context(asked, Loaders(asked), reader, write_plan=plan_markdown)

    endpoint = GraphQLEndpoint(
        context, ide_page=lambda: IDE_PAGE, cache_bytes=cache_bytes, **options
    )
    app = Starlette(
        routes=[Route("/graphql", endpoint), *ReportRoutes(ask).routes],
        exception_handlers=dict(EXCEPTION_HANDLERS),
    )
    app.state.endpoint = endpoint
    return app


def _principal(request: Request) -> Principal:
    headers = request.headers
    roles = frozenset(map(Role, headers["x-roles"].split()))
    kind, person = headers.get("x-partner-type"), headers.get("x-person")
    return Principal(
        headers["x-partner"],
        roles,
        None if kind is None else PartnerType(kind),
        NOBODY_NAMED if person is None else Actor(ActorKind.TOKEN, person, person.title()),
    )


class Api:
    """One partner's view of the API at one instant, with every role unless told otherwise.

    It is that of the local partner, without sign-in, unless a person is named.
    """

    def __init__(
        self,
        app: ASGIApp,
        partner_id: str,
        now: datetime = NOW,
        *,
        roles: Iterable[Role] = tuple(Role),
        partner_type: PartnerType | None = None,
        person: str | None = None,
    ) -> None:
        self.app = app
        self.partner_id = partner_id
        self.now = now
        self.roles = tuple(roles)
        self.partner_type = partner_type
        self.person = person

    @property
    def headers(self) -> dict[str, str]:
        told = {
            "x-partner": self.partner_id,
            "x-now": self.now.isoformat(),
            "x-roles": " ".join(self.roles),
        }
        told |= {"x-partner-type": self.partner_type} if self.partner_type else {}
        return told | ({"x-person": self.person} if self.person else {})

    def at(self, now: datetime) -> "Api":
        """Return the same partner's view at another instant."""
        return Api(self.app, self.partner_id, now, roles=self.roles, person=self.person)

    def signed_in(self, person: str = "anne") -> "Api":
        """Return the same view of somebody whom a token names."""
        return Api(
            self.app,
            self.partner_id,
            self.now,
            roles=self.roles,
            partner_type=self.partner_type,
            person=person,
        )

    def acting_as(self, *roles: Role, partner_type: PartnerType | None = None) -> "Api":
        """Return the same partner's view of somebody with these roles alone."""
        return Api(
            self.app,
            self.partner_id,
            self.now,
            roles=roles,
            partner_type=partner_type,
            person=self.person,
        )

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx2.AsyncClient]:
        """Give a client that speaks to the application in this process."""
        transport = httpx2.ASGITransport(app=self.app)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://test", headers=self.headers
        ) as client:
            yield client

    async def post(self, query: str, variables: Mapping[str, Any] | None = None) -> httpx2.Response:
        """Send a question as a front end does."""
        body: dict[str, Any] = {"query": query}
        if variables:
            body["variables"] = variables
        return await self.post_bytes(orjson.dumps(body))

    async def post_bytes(
        self, body: bytes, content_type: str = "application/json"
    ) -> httpx2.Response:
        """Send any body."""
        async with self.client() as client:
            return await client.post(
                "/graphql", content=body, headers={"content-type": content_type}
            )

    async def ask(self, query: str, **variables: Any) -> Any:
        """Return the data of an answer that has no errors."""
        response = await self.post(query, variables)
        answer = response.json()
        assert response.status_code == 200, answer
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def refused(self, query: str, **variables: Any) -> str:
        """Return the one code of an answer that is refused, and is no fault."""
        response = await self.post(query, variables)
        answer = response.json()
        assert response.status_code == 200, answer
        codes = [error["extensions"]["code"] for error in answer["errors"]]
        assert len(set(codes)) == 1, codes
        assert "traceId" not in answer["errors"][0]["extensions"]
        return str(codes[0])


def new_partner(app: ASGIApp, now: datetime = NOW) -> Api:
    """Return the view of a partner that nobody else is."""
    return Api(app, str(uuid4()), now)
