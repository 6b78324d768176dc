"""Whole responses are kept for questions about the catalog alone, and for no other."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from graphql import parse

from planner.permissions import PartnerType, Role
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from schema.http.response_cache import CATALOG_FIELDS, Kept, Key, ResponseCache, is_about_catalog
from tests.formats import samples
from tests.schema.api import BUSINESS_BASIC, NEW_E1, NEW_E3, NOW, Api, make_app
from tests.schema.every_question import TEAMS
from tests.schema.test_every_field import OF_CATALOG

LABEL = "{ catalog { label } }"
DAY = date(2026, 11, 23)


class Labelled:
    """A catalog whose label changes under its readers: a kept answer has the old one."""

    def __init__(self, catalogs: Catalogs, partner_id: str) -> None:
        self.label = "first"
        self.is_broken = False
        self.api = Api(make_app(catalogs, change=self._change), partner_id)

    def _change(self, asked: Asked) -> Asked:
        changed = replace(asked, version=replace(asked.version, label=self.label))
        nothing: Any = None
        return replace(changed, catalog=nothing) if self.is_broken else changed

    async def is_kept(self, query: str, variables: dict[str, Any] | None = None) -> bool:
        """Ask twice, with another label the second time."""
        self.label = "first"
        first = await self.api.post(query, variables)
        self.label = "second"
        second = await self.api.post(query, variables)
        assert first.status_code == second.status_code == 200
        return first.content == second.content


@pytest.fixture
def labelled(catalogs: Catalogs, partner: Api) -> Labelled:
    return Labelled(catalogs, partner.partner_id)


async def test_the_same_question_twice_gives_the_same_bytes(labelled: Labelled) -> None:
    assert await labelled.is_kept(LABEL)
    assert await labelled.api.ask(LABEL) == {"catalog": {"label": "first"}}


async def test_a_kept_answer_looks_like_the_first_one(labelled: Labelled) -> None:
    fresh, kept = await labelled.api.post(LABEL), await labelled.api.post(LABEL)
    assert fresh.headers["content-type"] == kept.headers["content-type"]
    assert fresh.content == kept.content


@pytest.mark.parametrize(
    "query",
    [
        LABEL + " # another spelling",
        "query Named { ...All } fragment All on Query { catalog { label } }",
        "{ ... on Query { catalog { label } } __typename __schema { description } }",
        '{ catalog { label } offer(catalogId: "%s") { __typename } }' % NEW_E3,
        '{ catalog { label } compare(from: "%s", to: "%s") { __typename } }' % (NEW_E3, NEW_E1),
        '{ catalog { label } betterVersions(catalogId: "%s") { __typename } }' % NEW_E3,
        '{ catalog { label } explain(from: "%s", to: {offer: "%s"}) { __typename } }'
        % (NEW_E3, BUSINESS_BASIC),
        '{ catalog { label } offersWithServices(servicePlans: ["%s"]) { __typename } }' % TEAMS,
    ],
)
async def test_a_question_about_the_catalog_is_kept(labelled: Labelled, query: str) -> None:
    assert await labelled.is_kept(query)


@pytest.mark.parametrize(
    "query",
    [
        "{ catalog { label } customers { totalCount } }",
        "{ catalog { label } ...All } fragment All on Query { customers { totalCount } }",
        '{ catalog { label } customer(customerId: "%s") { __typename } }' % samples.CUSTOMER,
        '{ catalog { label } blockers(customerId: "%s") { __typename } }' % samples.CUSTOMER,
        '{ catalog { label } node(id: "T2ZmZXI6QQ==") { id } }',
        "{ one: catalog { label } customers: catalog { label } all: customers { totalCount } }",
    ],
)
async def test_a_question_with_a_customer_is_never_kept(labelled: Labelled, query: str) -> None:
    assert not await labelled.is_kept(query)


async def test_an_answer_with_errors_is_not_kept(labelled: Labelled) -> None:
    query = "{ catalog { label } offers(first: 1) { totalCount } }"
    labelled.is_broken = True
    assert "errors" in (await labelled.api.post(query)).json()
    labelled.is_broken = False
    assert "errors" not in (await labelled.api.post(query)).json()


async def test_other_variables_are_another_question(labelled: Labelled) -> None:
    query = "query($n: Int!) { catalog { label } offers(first: $n) { edges { cursor } } }"
    for first in (1, 2):
        data = await labelled.api.ask(query, n=first)
        assert len(data["offers"]["edges"]) == first
        assert await labelled.is_kept(query, {"n": first})


async def test_the_chosen_operation_is_another_question(labelled: Labelled) -> None:
    query = "query A { catalog { label } } query B { catalog { isBundled } }"
    answers = []
    for name in ("A", "B", "A"):
        body = orjson.dumps({"query": query, "operationName": name})
        answers.append((await labelled.api.post_bytes(body)).json()["data"]["catalog"])
    assert answers == [{"label": "first"}, {"isBundled": True}, {"label": "first"}]


async def test_another_day_is_another_question(labelled: Labelled) -> None:
    await labelled.api.ask(LABEL)
    labelled.label = "second"
    later_that_day = labelled.api.at(NOW.replace(hour=23))
    assert await later_that_day.ask(LABEL) == {"catalog": {"label": "first"}}
    next_day = labelled.api.at(NOW + timedelta(days=1))
    assert await next_day.ask(LABEL) == {"catalog": {"label": "second"}}


async def test_a_window_that_opened_overnight_is_seen(sample: Api) -> None:
    query = """{ offer(catalogId: "BD938F12-058F-4927-BBA3-AE36B1D2501C") { ... on Offer {
        transitions { kind window { state } } } } }"""
    states = []
    for day in ("2022-02-28T12:00:00+00:00", "2026-11-23T12:00:00+00:00"):
        data = await sample.at(NOW.fromisoformat(day)).ask(query)
        states.append(
            {
                move["window"]["state"]
                for move in data["offer"]["transitions"]
                if move["kind"] == "LEGACY_UPGRADE"
            }
        )
    assert states == [{"OPEN"}, {"CONTESTED"}]


async def test_an_import_is_seen_by_the_next_question(partner: Api) -> None:
    query = "{ catalog { label } customers { totalCount } }"
    change = "mutation($file: ImportFileInput!) { importCustomers(file: $file) { __typename } }"
    assert (await partner.ask(query))["customers"]["totalCount"] == 0
    content = orjson.dumps(samples.collection(samples.customer())).decode()
    for _ in range(2):
        told = await partner.ask(change, file={"content": content})
        assert told == {"importCustomers": {"__typename": "CustomersImported"}}
        assert (await partner.ask(query))["customers"]["totalCount"] == 1


async def test_a_fault_is_not_kept(labelled: Labelled) -> None:
    labelled.is_broken = True
    answer = (await labelled.api.post(LABEL)).json()
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_ERROR"
    labelled.is_broken = False
    assert await labelled.api.ask(LABEL) == {"catalog": {"label": "first"}}


def _key(name: bytes) -> Key:
    return ("version", DAY, frozenset(Role), None, name)


def _put(cache: ResponseCache, name: bytes, body: bytes) -> None:
    cache.put(_key(name), Kept(body, b"tag"))


def _get(cache: ResponseCache, name: bytes) -> bytes | None:
    found = cache.get(_key(name))
    return None if found is None else found.body


def test_the_cache_holds_no_more_bytes_than_it_may() -> None:
    cache = ResponseCache(maximum_bytes=100)
    for number in range(50):
        _put(cache, b"%02d" % number, b"x" * 8)
    kept = [number for number in range(50) if _get(cache, b"%02d" % number)]
    assert kept == list(range(40, 50))


def test_what_was_asked_for_last_stays() -> None:
    cache = ResponseCache(maximum_bytes=40)
    for name in (b"a", b"b", b"c", b"d", b"e", b"f", b"g", b"h", b"i"):
        _put(cache, name, b"1234")
        _get(cache, b"a")
    assert _get(cache, b"a") == b"1234"
    assert _get(cache, b"b") is _get(cache, b"") is None


def test_an_answer_that_would_fill_the_cache_is_not_worth_it() -> None:
    cache = ResponseCache(maximum_bytes=800)
    _put(cache, b"large", b"x" * 101)
    _put(cache, b"fits", b"x" * 100)
    cache.put(None, Kept(b"nameless", b"tag"))
    assert cache.get(None) is None
    assert _get(cache, b"large") is None
    assert _get(cache, b"fits") == b"x" * 100


def test_the_same_key_again_counts_once() -> None:
    cache = ResponseCache(maximum_bytes=80)
    for _ in range(50):
        _put(cache, b"a", b"x" * 9)
    _put(cache, b"b", b"y" * 9)
    assert _get(cache, b"a")
    assert _get(cache, b"b")


def test_the_compressed_body_counts_too() -> None:
    cache = ResponseCache(maximum_bytes=80)
    _put(cache, b"a", b"x" * 9)
    cache.put(_key(b"b"), Kept(b"x" * 9, b"tag", b"z" * 62))
    assert _get(cache, b"a") is None
    assert _get(cache, b"b") == b"x" * 9


async def test_whoever_may_see_other_things_asks_another_question(labelled: Labelled) -> None:
    query = "{ catalog { label } }"
    views = [
        labelled.api,
        labelled.api.acting_as(Role.ADMIN_AGENT),
        labelled.api.acting_as(Role.HELPDESK_AGENT),
        labelled.api.acting_as(Role.HELPDESK_AGENT, partner_type=PartnerType.INDIRECT_RESELLER),
    ]
    for number, view in enumerate(views):
        labelled.label = str(number)
        assert await view.ask(query) == {"catalog": {"label": str(number)}}
    labelled.label = "last"
    for number, view in enumerate(views):
        assert await view.ask(query) == {"catalog": {"label": str(number)}}


@pytest.mark.parametrize(
    ("document", "name", "is_about"),
    [
        ("{ catalog { label } }", None, True),
        ("{ a: offers { totalCount } }", None, True),
        ("{ offers: customers { totalCount } }", None, False),
        ("mutation { importCustomers }", None, False),
        ("query A { catalog { label } } query B { customers { totalCount } }", "A", True),
        ("query A { catalog { label } } query B { customers { totalCount } }", "B", False),
        ("query A { catalog { label } } query B { catalog { label } }", None, False),
        ("query A { catalog { label } }", "C", False),
        ("{ ...A } fragment A on Query { ... { node } }", None, False),
    ],
)
def test_only_root_fields_of_the_catalog_make_a_question_about_it(
    document: str, name: str | None, is_about: bool
) -> None:
    assert is_about_catalog(parse(document), name) is is_about


def test_the_root_fields_of_the_catalog_are_those_without_a_customer() -> None:
    about_catalog = {name for name in CATALOG_FIELDS if not name.startswith("__")}
    assert about_catalog == OF_CATALOG - {"node"}
