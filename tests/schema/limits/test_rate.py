"""How much may be asked for in a minute: what is taken, what is left, and who is refused."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from offerpath.import_files import import_reader
from offerpath.rate_limits import queues, rate_limits
from offerpath.refusals import EXCEPTION_HANDLERS
from offerpath.reports_http import ReportRoutes
from offerpath.settings import load_settings
from planner.permissions import Role
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from resolvers.records.principal import Actor, ActorKind, Principal
from resolvers.work.turns import Queues, Turns
from schema.context import Context
from schema.http.endpoint import GraphQLEndpoint
from schema.limits.cost import MAX_COST
from schema.limits.rate import PER_REPORT, PER_REQUEST, RateLimited, RateLimits
from schema.loaders import Loaders
from tests.schema.api import BUSINESS_BASIC, NEW_E3, NOW

OWNER = Principal(str(uuid4()), frozenset(Role), None, Actor(ActorKind.TOKEN, "ann"))
COLLEAGUE = replace(OWNER, actor=Actor(ActorKind.TOKEN, "bob"))
KEY = replace(OWNER, actor=Actor(ActorKind.KEY, "ann", "nightly", "key-1"))
OTHER_KEY = replace(OWNER, actor=Actor(ActorKind.KEY, "ann", "hourly", "key-2"))
STRANGER = replace(OWNER, partner_id=str(uuid4()))
CHEAP = f'{{ offer(catalogId: "{NEW_E3}") {{ __typename }} }}'
DEAR = f'{{ explain(from: "{NEW_E3}", to: {{offer: "{BUSINESS_BASIC}"}}) {{ __typename }} }}'


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def _refused(limits: RateLimits, principal: Principal, units: int) -> RateLimited:
    with pytest.raises(RateLimited) as caught:
        limits.of(principal).take(units)
    return caught.value


# ------------------------------------------------------------------------------------- the buckets


def test_a_minutes_worth_may_be_taken_at_once_and_comes_again_evenly() -> None:
    clock = Clock()
    limits = RateLimits(partner=600, caller=0, clock=clock)
    limits.of(OWNER).take(600)
    assert _refused(limits, OWNER, 1).retry_seconds == 1
    assert _refused(limits, OWNER, 300).retry_seconds == 30
    clock.now += 29.9
    assert _refused(limits, OWNER, 300).retry_seconds == 1
    clock.now += 0.1
    limits.of(OWNER).take(300)
    assert _refused(limits, OWNER, 10).retry_seconds == 1


def test_a_refusal_takes_nothing_from_any_bucket() -> None:
    limits = RateLimits(partner=200, caller=100, clock=Clock())
    limits.of(OWNER).take(60)
    for _ in range(50):
        assert _refused(limits, OWNER, 50).parameters == {"retrySeconds": 6}
    limits.of(OWNER).take(40)
    limits.of(COLLEAGUE).take(100)


def test_callers_of_a_partner_share_its_quota_and_no_other_partners() -> None:
    limits = RateLimits(partner=250, caller=100, clock=Clock())
    for caller in (OWNER, COLLEAGUE):
        limits.of(caller).take(100)
    assert "caller" in _refused(limits, OWNER, 10).message
    assert "partner" in _refused(limits, KEY, 60).message
    limits.of(KEY).take(50)
    limits.of(STRANGER).take(100)


def test_each_key_has_a_quota_of_its_own_beside_its_owners() -> None:
    limits = RateLimits(partner=0, caller=100, clock=Clock())
    for caller in (OWNER, KEY, OTHER_KEY):
        limits.of(caller).take(100)
        _refused(limits, caller, 1)


def test_what_is_dearer_than_a_minutes_worth_waits_for_a_full_bucket_and_owes_the_rest() -> None:
    clock = Clock()
    limits = RateLimits(partner=600, caller=0, clock=clock)
    limits.of(OWNER).take(1_200)
    assert _refused(limits, OWNER, 600).retry_seconds == 120
    clock.now += 120
    limits.of(OWNER).take(600)


def test_zero_is_no_limit_and_says_nothing() -> None:
    allowance = RateLimits(partner=0, caller=0).of(OWNER)
    allowance.take(10**12)
    assert allowance.headers() == {}


def test_the_fields_tell_policy_and_state() -> None:
    clock = Clock()
    limits = RateLimits(partner=600, caller=60, clock=clock)
    limits.of(OWNER).take(30)
    assert limits.of(OWNER).headers() == {
        "RateLimit-Policy": '"partner";q=600;w=60;qu="cost-units", '
        '"caller";q=60;w=60;qu="cost-units"',
        "RateLimit": '"partner";r=570;t=3, "caller";r=30;t=30',
    }


def test_buckets_are_bounded_and_the_least_recent_goes_first() -> None:
    limits = RateLimits(partner=0, caller=100, max_buckets=50, clock=Clock())
    limits.of(OWNER).take(100)
    for number in range(200):
        limits.of(replace(OWNER, actor=Actor(ActorKind.TOKEN, str(number)))).take(1)
        _refused(limits, OWNER, 1)
    assert len(limits) == 50


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 200)), max_size=60))
def test_never_more_than_the_quota_and_what_comes_meanwhile(asks: list[tuple[float, int]]) -> None:
    clock = Clock()
    limits = RateLimits(partner=600, caller=0, clock=clock)
    begun, taken = clock.now, 0
    for pause, units in asks:
        clock.now += pause
        try:
            limits.of(OWNER).take(units)
        except RateLimited as refused:
            clock.now += refused.retry_seconds
            limits.of(OWNER).take(units)
        taken += units
        assert taken <= 600 + (clock.now - begun) * 10 + 1e-6


# --------------------------------------------------------------------------------------- over HTTP


@asynccontextmanager
async def _client(
    catalogs: Catalogs, limits: RateLimits, work: Queues | None = None
) -> AsyncIterator[httpx2.AsyncClient]:
    async def ask(request: Request) -> Asked:
        asked = await catalogs.asked(OWNER, now=NOW)
        return replace(asked, queues=work) if work else asked

    async def context(request: Request) -> Context:
        asked = await ask(request)
        allowance = limits.of(asked.principal)
        return Context(asked, Loaders(asked), import_reader(1_000), allowance=allowance)

    endpoint = GraphQLEndpoint(context, ide_page=str)
    app = Starlette(
        routes=[Route("/graphql", endpoint), *ReportRoutes(ask, limits).routes],
        exception_handlers=dict(EXCEPTION_HANDLERS),
    )
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def _post(
    client: httpx2.AsyncClient, query: str, accept: str = "application/json"
) -> httpx2.Response:
    return await client.post("/graphql", json={"query": query}, headers={"accept": accept})


def _code(answer: httpx2.Response) -> str:
    told: Mapping[str, str] = answer.json()["errors"][0]["extensions"]
    return told["code"]


async def _cost(client: httpx2.AsyncClient, query: str) -> int:
    return int((await _post(client, query)).json()["extensions"]["cost"]["requested"])


def _left(answer: httpx2.Response) -> int:
    return int(answer.headers["ratelimit"].partition(";r=")[2].partition(";")[0])


async def test_an_answer_costs_its_request_and_what_its_document_may_cost(
    catalogs: Catalogs,
) -> None:
    limits = RateLimits(partner=1_000_000, caller=0, clock=Clock())
    async with _client(catalogs, limits) as client:
        first = await _post(client, DEAR)
        dear = first.json()["extensions"]["cost"]["requested"]
        assert _left(first) == 1_000_000 - PER_REQUEST - dear
        kept = await _post(client, DEAR)
        assert _left(kept) == _left(first) - PER_REQUEST
        invalid = await _post(client, "{ nothing }")
        assert _left(invalid) == _left(kept) - PER_REQUEST


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_a_document_that_is_too_dear_now_is_refused_with_429(
    catalogs: Catalogs, accept: str
) -> None:
    async with _client(catalogs, RateLimits(partner=0, caller=0)) as free:
        cheap, dear = await _cost(free, CHEAP), await _cost(free, DEAR)
    assert cheap < dear
    limits = RateLimits(partner=0, caller=dear + PER_REQUEST, clock=Clock())
    async with _client(catalogs, limits) as client:
        assert (await _post(client, CHEAP, accept)).status_code == 200
        refused = await _post(client, DEAR, accept)
        assert (refused.status_code, _code(refused)) == (429, "RATE_LIMITED")
        assert "data" not in refused.json()
        wait = int(refused.headers["retry-after"])
        assert refused.json()["errors"][0]["extensions"]["parameters"] == {"retrySeconds": wait}
        assert 0 < wait <= 60
        assert refused.headers["ratelimit-policy"].startswith('"caller";q=')
        assert (await _post(client, CHEAP, accept)).status_code == 200


async def test_a_caller_with_nothing_left_is_refused_before_its_document_is_read(
    catalogs: Catalogs,
) -> None:
    limits = RateLimits(partner=0, caller=PER_REQUEST, clock=Clock())
    async with _client(catalogs, limits) as client:
        assert _code(await _post(client, "{ nothing }")) == "GRAPHQL_VALIDATION_FAILED"
        refused = await _post(client, "{ no graphql at all")
        assert (refused.status_code, _code(refused)) == (429, "RATE_LIMITED")
        assert int(refused.headers["retry-after"]) == 60
        assert '"caller";r=0' in refused.headers["ratelimit"]


async def test_a_report_has_a_price_and_one_that_is_known_has_none(catalogs: Catalogs) -> None:
    limits = RateLimits(partner=2 * PER_REPORT, caller=0, clock=Clock())
    async with _client(catalogs, limits) as client:
        path = "/reports/paths?market=US&at=2026-11-23"
        first = await client.get(path)
        assert first.status_code == 200
        assert _left(first) == PER_REPORT - PER_REQUEST
        head = await client.head("/reports/paths?market=DE")
        assert (head.status_code, _left(head)) == (200, PER_REPORT - 2 * PER_REQUEST)
        known = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert known.status_code == 304
        refused = await client.get("/reports/paths/manifest")
        assert (refused.status_code, _code(refused)) == (429, "RATE_LIMITED")
        assert int(refused.headers["retry-after"]) > 0
        assert refused.headers["ratelimit"].startswith('"partner";r=')


# ---------------------------------------------------------------------------- heavy work that waits


async def test_a_report_that_cannot_begin_is_refused_with_a_status_and_not_broken_off(
    catalogs: Catalogs,
) -> None:
    work = Queues(planning=Turns(1, patience_seconds=0.01))
    async with _client(catalogs, RateLimits(partner=0, caller=0), work) as client:
        async with work.planning.turn("somebody else"):
            refused = await client.get("/reports/paths")
        assert (refused.status_code, _code(refused)) == (503, "BUSY")
        assert refused.headers["retry-after"] == "5"
        assert (await client.get("/reports/paths?market=US")).status_code == 200


async def test_a_field_that_cannot_begin_says_when_to_try_again(catalogs: Catalogs) -> None:
    question = f'{{ matrix(from: ["{BUSINESS_BASIC}"], to: ["{NEW_E3}"]) {{ __typename }} }}'
    for patience, waiting, code in ((0.01, 9, "BUSY"), (9.0, 0, "QUEUE_FULL")):
        turns = Turns(1, patience_seconds=patience, max_waiting=waiting)
        work = Queues(planning=turns)
        async with _client(catalogs, RateLimits(partner=0, caller=0), work) as client:
            async with turns.turn("somebody else"):
                refused = await _post(client, question)
            assert _code(refused) == code
            assert refused.headers["retry-after"] == "5"
            assert "errors" not in (await _post(client, question)).json()


# ------------------------------------------------------------------------------------ the settings


def test_without_sign_in_there_is_no_limit_on_rates() -> None:
    limits = rate_limits(load_settings(auth="off"))
    assert limits.of(OWNER).headers() == {}


def test_the_defaults_let_the_dearest_document_through_more_than_once() -> None:
    settings = load_settings(
        auth="oidc", oidc_issuer="https://issuer.example", oidc_audience=("api",)
    )
    allowance = rate_limits(settings).of(OWNER)
    for _ in range(10):
        allowance.take(MAX_COST + PER_REQUEST)
    assert '"caller";q=2000000' in allowance.headers()["RateLimit-Policy"]


def test_runs_take_at_most_half_of_the_connections() -> None:
    made = queues(load_settings(pool_max=8, heavy_at_once=2, queue_seconds=7))
    assert (made.runs._at_once, made.planning._at_once) == (4, 2)
    assert made.planning._patience_seconds == 7
