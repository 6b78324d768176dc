"""A request that takes too long is stopped, and what it waits for with it."""

import asyncio
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

import resolvers.plans.plans as plan_cases
from planner.customers import Customer
from planner.search import Stopped
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from resolvers.problems import BadInput
from resolvers.records.principal import Principal
from schema.limits.deadline import NO_DEADLINE, Deadline
from tests.schema.api import BUSINESS_BASIC, Api, make_app

SOON = 0.2
NOBODY = "11111111-1111-4111-8111-111111111111"
ASK_ONE = '{ customer(customerId: "%s") { __typename } }' % NOBODY


class SlowCustomers:
    """Customers that take forever to be read, and whether the reading was cancelled."""

    def __init__(self) -> None:
        self.cancelled = 0

    async def customers(
        self, principal: Principal, customer_ids: Sequence[str]
    ) -> Mapping[str, Customer]:
        del principal, customer_ids
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        raise AssertionError

    def __getattr__(self, name: str) -> Any:
        return self.customers


def _hurried(catalogs: Catalogs, partner_id: str, slow: SlowCustomers | None = None) -> Api:
    def change(asked: Asked) -> Asked:
        if slow is None:
            return asked
        return replace(asked, stores=replace(asked.stores, customers=slow))

    return Api(make_app(catalogs, change=change, deadline_seconds=SOON), partner_id)


async def _is_late(api: Api, query: str) -> bool:
    """Return whether an answer tells its deadline alone, by its code and its status."""
    response = await api.post(query)
    codes = {error["extensions"]["code"] for error in response.json()["errors"]}
    return (response.status_code, codes) == (503, {"DEADLINE_EXCEEDED"})


async def test_a_request_beyond_its_deadline_is_cancelled(catalogs: Catalogs, sample: Api) -> None:
    slow = SlowCustomers()
    api = _hurried(catalogs, sample.partner_id, slow)
    begun = time.monotonic()
    response = await api.post(ASK_ONE)
    assert time.monotonic() - begun < 30
    assert response.status_code == 503
    answer = response.json()
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "DEADLINE_EXCEEDED"
    assert error["extensions"]["remedy"]
    assert "data" not in answer
    assert answer["extensions"]["cost"]["requested"] > 0
    assert slow.cancelled == 1


async def test_nothing_of_a_stopped_request_is_kept_or_told(
    catalogs: Catalogs, sample: Api
) -> None:
    """What its other fields found is left out: it may be wrong by the time it is asked again."""
    api = _hurried(catalogs, sample.partner_id, SlowCustomers())
    both = "{ catalog { label } " + ASK_ONE.removeprefix("{")
    for _ in range(2):
        answer = (await api.post(both)).json()
        assert [one["extensions"]["code"] for one in answer["errors"]] == ["DEADLINE_EXCEEDED"]
        assert "data" not in answer


async def test_the_planner_is_stopped_in_its_thread(
    catalogs: Catalogs, sample: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped_at: list[float] = []

    def endless(*_given: Any, stopped: Stopped, **_named: Any) -> Any:
        ends = time.monotonic() + 60
        try:
            while time.monotonic() < ends and not stopped():
                time.sleep(0.001)
        finally:
            stopped_at.append(time.monotonic())

    monkeypatch.setattr(plan_cases, "answer", endless)
    named = await sample.ask('{ customers(text: "northgate") { edges { node { customerId } } } }')
    customer_id = named["customers"]["edges"][0]["node"]["customerId"]
    api = _hurried(catalogs, sample.partner_id)
    begun = time.monotonic()
    plan = '{ planFor(customerId: "%s") { __typename } }' % customer_id
    assert await _is_late(api, plan)
    for _ in range(100):
        if stopped_at:
            break
        await asyncio.sleep(0.05)
    assert stopped_at
    assert stopped_at[0] - begun < 30


async def test_work_that_never_waits_ends_between_two_fields(
    catalogs: Catalogs, sample: Api
) -> None:
    one = 'a%d: paths(from: "%s", to: {anyNewCommerce: true}, scope: {at: "%s"}) { __typename }'
    many = " ".join(
        one % (number, BUSINESS_BASIC, f"2027-01-{1 + number % 28:02}") for number in range(50)
    )
    late = Api(make_app(catalogs, deadline_seconds=0.000_1), sample.partner_id)
    assert await _is_late(late, f"{{ {many} }}")


async def test_a_search_is_told_when_to_stop(catalogs: Catalogs, sample: Api) -> None:
    late = Api(make_app(catalogs, deadline_seconds=0.000_1), sample.partner_id)
    for field in ("paths", "explain"):
        query = '{ %s(from: "%s", to: {anyNewCommerce: true}) { __typename } }'
        assert await _is_late(late, query % (field, BUSINESS_BASIC))


async def test_a_request_in_time_is_answered(sample: Api) -> None:
    assert await sample.ask("{ catalog { label } }") == {"catalog": {"label": "bundled"}}


def test_a_deadline_is_met_once_and_for_all() -> None:
    deadline = Deadline(0)
    assert deadline.stopped()
    assert deadline.is_met
    with pytest.raises(BadInput) as refused:
        deadline.check()
    assert refused.value.code == "DEADLINE_EXCEEDED"
    assert not NO_DEADLINE.stopped()
    assert not Deadline(math.inf).stopped()


async def test_a_time_limit_inside_the_work_is_its_own() -> None:
    async def fails() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await Deadline(60).bound(fails())
