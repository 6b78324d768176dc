"""A fault is told by a trace id alone: the same in the answer, its header and the log."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx2
import orjson
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from offerpath.refusals import EXCEPTION_HANDLERS
from offerpath.traced import Traced
from planner.permissions import Role
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from resolvers.records.customers import CustomerKey, Page
from resolvers.records.principal import Principal
from schema.schema import make_schema
from schema.streams.event_stream import EventStream
from schema.streams.live import Admitted, LiveContext
from schema.streams.under_way import Streams
from schema.trace import HEADER, begin_trace, trace_id
from tests.schema.api import Api, make_app
from tests.schema.stores import FailingCustomers

INSIDE = "relation customer in /srv/secret.py"
CUSTOMER = "11111111-1111-4111-8111-111111111111"
RESOLVER = "{ customers { totalCount } }"


def _failing(catalogs: Catalogs, partner: Api) -> Api:
    def change(asked: Asked) -> Asked:
        customers = FailingCustomers(RuntimeError(INSIDE))
        return replace(asked, stores=replace(asked.stores, customers=customers))

    app = make_app(catalogs, change=change)
    app.add_middleware(Traced)
    return Api(app, partner.partner_id)


def _check(answer: httpx2.Response, error: Any, caplog: pytest.LogCaptureFixture) -> None:
    """One fault, one id in three places, and nothing of its cause in the answer."""
    told = error["extensions"]
    assert (told["code"], bool(told["remedy"])) == ("INTERNAL_ERROR", True)
    assert INSIDE not in answer.text
    assert answer.headers[HEADER] == told["traceId"]
    faults = [one for one in caplog.records if one.exc_info]
    assert faults
    for record in faults:
        assert told["traceId"] in record.getMessage()
        assert record.exc_info is not None
        assert INSIDE in str(record.exc_info[1])


@pytest.mark.parametrize(
    "query",
    [
        RESOLVER,
        'mutation { savePlan(customerId: "%s") { __typename } }' % CUSTOMER,
    ],
)
async def test_a_fault_in_a_resolver(
    catalogs: Catalogs, partner: Api, caplog: pytest.LogCaptureFixture, query: str
) -> None:
    answer = await _failing(catalogs, partner).post(query)
    assert answer.status_code == 200
    _check(answer, answer.json()["errors"][0], caplog)


class _TooManyCustomers(FailingCustomers):
    """Counts more of them than can be written."""

    async def page(
        self,
        principal: Principal,
        *,
        first: int,
        after: CustomerKey | None,
        text: str | None,
        with_holdings: bool = False,
    ) -> Page:
        del principal, first, after, text, with_holdings
        return Page((), has_next=False, total=2**40)


async def test_a_value_that_cannot_be_written_is_a_fault_and_no_bad_input(
    catalogs: Catalogs, partner: Api, caplog: pytest.LogCaptureFixture
) -> None:
    def change(asked: Asked) -> Asked:
        customers = _TooManyCustomers(RuntimeError(INSIDE))
        return replace(asked, stores=replace(asked.stores, customers=customers))

    app = make_app(catalogs, change=change)
    app.add_middleware(Traced)
    answer = await Api(app, partner.partner_id).post(RESOLVER)
    (error,) = answer.json()["errors"]
    assert error["path"] == ["customers", "totalCount"]
    assert "1099511627776" not in answer.text
    told = error["extensions"]
    assert (told["code"], told["traceId"]) == ("INTERNAL_ERROR", answer.headers[HEADER])
    (fault,) = [one for one in caplog.records if one.exc_info]
    assert told["traceId"] in fault.getMessage()


@pytest.mark.parametrize(
    ("query", "variables", "has_path"),
    [
        ("query($n: Int = 5) { offers(first: $n) { totalCount } }", {"n": None}, True),
        ("query($s: Boolean = true) { offers { totalCount @skip(if: $s) } }", {"s": None}, True),
        ("query($n: Int!) { offers(first: $n) { totalCount } }", {"n": "two"}, False),
        ("query($n: Int!) { offers(first: $n) { totalCount } }", {"n": 2**31}, False),
        ("query($n: Int!) { offers(first: $n) { totalCount } }", {}, False),
    ],
)
async def test_a_value_that_was_given_is_bad_input_wherever_it_is_found_out(
    sample: Api,
    caplog: pytest.LogCaptureFixture,
    query: str,
    variables: dict[str, Any],
    has_path: bool,
) -> None:
    """What is only found out when a field is executed has a path as our own faults have."""
    answer = (await sample.post(query, variables)).json()
    (error,) = answer["errors"]
    assert ("path" in error) is has_path
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert not [one for one in caplog.records if one.exc_info]


async def test_a_fault_in_a_loader_that_several_wait_for(
    catalogs: Catalogs, partner: Api, caplog: pytest.LogCaptureFixture
) -> None:
    one = '%s: customer(customerId: "%s") { __typename }'
    answer = await _failing(catalogs, partner).post(
        "{ %s %s }" % (one % ("a", CUSTOMER), one % ("b", CUSTOMER.replace("1", "2")))
    )
    _check(answer, answer.json()["errors"][0], caplog)


async def test_a_fault_in_a_report_breaks_it_off_under_the_id_of_its_header(
    catalogs: Catalogs, partner: Api, caplog: pytest.LogCaptureFixture
) -> None:
    api = _failing(catalogs, partner)
    transport = httpx2.ASGITransport(app=api.app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://test", headers=api.headers
    ) as client:
        answer = await client.get("/reports/portfolio")
    assert INSIDE not in answer.text
    (fault,) = [one for one in caplog.records if one.exc_info]
    assert answer.headers[HEADER] in fault.getMessage()
    assert fault.exc_info is not None
    assert INSIDE in str(fault.exc_info[1])


def _serving(ask: Callable[[Request], Any]) -> ASGIApp:
    return Starlette(
        routes=[Route("/", ask)],
        exception_handlers=dict(EXCEPTION_HANDLERS),
        middleware=[Middleware(Traced)],
    )


async def _get(app: ASGIApp) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get("/", headers={HEADER: "mine"})


async def test_a_fault_anywhere_over_http(caplog: pytest.LogCaptureFixture) -> None:
    async def ask(request: Request) -> Response:
        raise RuntimeError(INSIDE)

    answer = await _get(_serving(ask))
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["cache-control"] == "no-store"
    _check(answer, answer.json()["errors"][0], caplog)


async def test_an_answer_that_has_begun_is_broken_off_and_not_completed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def ask(request: Request) -> Response:
        async def rows() -> Any:
            yield b"first row\n"
            raise RuntimeError(INSIDE)

        return StreamingResponse(rows())

    with pytest.raises(RuntimeError, match="relation customer"):
        await _get(_serving(ask))
    assert [record.levelno for record in caplog.records if record.exc_info] == [logging.ERROR]


async def test_every_answer_has_an_id_of_its_own_and_takes_none_from_the_request() -> None:
    async def ask(request: Request) -> Response:
        return PlainTextResponse(trace_id())

    app = _serving(ask)
    first, second = await _get(app), await _get(app)
    assert first.headers[HEADER] == first.text
    assert first.text != second.text
    assert "mine" not in (first.text, second.text)


async def _broken(principal: Principal) -> LiveContext:
    raise RuntimeError(INSIDE)


async def test_a_fault_in_a_subscription(caplog: pytest.LogCaptureFixture) -> None:
    streams = Streams(make_schema(), _broken, maximum=5)
    principal = Principal(CUSTOMER, frozenset(Role))

    async def admit(authorization: str | None, host: str | None) -> Admitted:
        return Admitted(principal)

    route = Route("/graphql", EventStream(streams, admit))
    app = Starlette(routes=[route], middleware=[Middleware(Traced)])
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.post(
            "/graphql",
            json={"query": "subscription { catalogChanged { __typename } }"},
            headers={"accept": "text/event-stream"},
        )
    event = answer.text.split("data: ", 1)[1].split("\n", 1)[0]
    _check(answer, orjson.loads(event)["errors"][0], caplog)


def test_what_begins_anew_has_another_id() -> None:
    first = begin_trace()
    assert trace_id() == first
    assert begin_trace() != first
