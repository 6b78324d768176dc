"""Limits whose example would be too long for docs/errors.md, or takes more than a document."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from resolvers.catalog.prices import MAX_TARGETS
from resolvers.plans import requests as plan_requests
from schema.http import request as http_request
from tests.schema.api import Api

HELD = '{ customers(text: "northgate") { edges { node { customerId subscriptions { edges { node '


async def test_a_comparison_of_prices_has_so_many_targets(sample: Api) -> None:
    ids = " ".join(f'"CFQ7TTC0{number:04}:0001"' for number in range(MAX_TARGETS + 1))
    fields = "{ priceComparison(targets: [%s]) { __typename } } } } } } } }" % ids
    answer = (await sample.post(HELD + fields)).json()
    told = answer["errors"][0]["extensions"]
    assert (told["code"], told["parameters"]) == (
        "TOO_MANY_TARGETS",
        {"argument": "targets", "given": MAX_TARGETS + 1, "maximum": MAX_TARGETS},
    )


async def test_a_plan_has_so_many_goals(sample: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_requests, "MAX_GOALS", 1)
    data = await sample.ask(HELD + "{ subscriptionId } } } } } } }")
    (customer,) = (edge["node"] for edge in data["customers"]["edges"])
    goals = [edge["node"]["subscriptionId"] for edge in customer["subscriptions"]["edges"]]
    asked = " ".join(f'{{subscriptionId: "{one}", to: {{anyNewCommerce: true}}}}' for one in goals)
    question = '{ planFor(customerId: "%s", input: {goals: [%s]}) { __typename } }'
    answer = (await sample.post(question % (customer["customerId"], asked))).json()
    told = answer["errors"][0]["extensions"]
    assert told["code"] == "TOO_MANY_GOALS"
    assert told["parameters"] == {"argument": "goals", "given": len(goals), "maximum": 1}


async def test_a_body_has_so_much_time(sample: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_request, "_PATIENCE_SECONDS", 0.01)

    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"query": '
        await asyncio.sleep(5)
        yield b'"{ catalog { label } }"}'

    async with sample.client() as client:
        answer = await client.post(
            "/graphql", content=slowly(), headers={"content-type": "application/json"}
        )
    assert answer.status_code == 408
    assert answer.json()["errors"][0]["extensions"]["code"] == "BODY_TOO_SLOW"
