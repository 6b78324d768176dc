"""Print what one unit of cost takes, field by field: `python -m tests.bench.cost`.

Each document asks for one field that has a weight of its own, or for many plain ones, on another
day each time, so that nothing is answered from what is remembered. The weights are good where the
last column is about the same everywhere: milliseconds for one unit.
"""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from graphql import get_introspection_query

from db.embedded import EmbeddedServer
from formats.plans.markdown import plan_markdown
from offerpath.import_files import import_reader
from resolvers.asked import Asked
from schema.context import Context
from schema.limits.cost_weights import WEIGHTS
from schema.loaders import Loaders
from schema.schema import OfferpathSchema, make_schema
from tests.bench.plans import store_customers
from tests.bench.scratch import portfolio_of, server_on_one_core

_SUBSCRIPTIONS = 600
_OFFERS = "{ offers(first: 60, commerce: LEGACY) { edges { node { catalogId } } } }"
_ROUNDS = 7
_BASIC, _E3 = "BD938F12-058F-4927-BBA3-AE36B1D2501C", "CFQ7TTC0LF8R:0001"
_TEAMS = "57ff2da0-773e-42df-b2af-ffb7a2317929"
_PATHS = """paths(from: "%s", to: {anyNewCommerce: true}, first: %d, scope: {at: $at, maxSteps: %d})
  { ... on PathsFound { paths { readiness steps { kind to { title } } } } }"""
_MATRIX = "matrix(from: $offers, to: $targets, scope: {at: $at}) { ... on Matrix { cells { %s } } }"
_OF_ONE = "customer(customerId: $customer) { ... on Customer { %s } }"
_HELD = "subscriptions(first: 20) { edges { node { %s } } }"
_PAGE = "(first: 20, scope: {at: $at}) { ... on OptionConnection { edges { node { readiness } } } }"

DOCUMENTS: Mapping[str, str] = {
    "Query.offers": "offers(first: 200) { edges { node { catalogId title } } }",
    "Query.paths": _PATHS % (_BASIC, 3, 12),
    "Query.paths first:50": _PATHS % (_BASIC, 50, 12),
    "Query.paths maxSteps:2": _PATHS % (_BASIC, 50, 2),
    "Query.matrix": _MATRIX % "from { title }",
    "Query.explain": 'explain(from: "%s", to: {product: "CFQ7TTC0LH18"}, scope: {at: $at}) '
    "{ ... on Explanation { message openings { changes { message } } } }" % _E3,
    "Query.betterVersions": 'betterVersions(catalogId: "%s", scope: {at: $at}) '
    "{ ... on BetterVersions { versions { __typename } } }" % _BASIC,
    "Query.compare": 'compare(from: "%s", to: "%s", at: $at) { ... on Comparison '
    "{ prices { __typename } } }" % (_BASIC, _E3),
    "Query.offersWithServices": 'offersWithServices(servicePlans: ["%s"], first: 50, at: $at) '
    "{ ... on OfferWithServicesConnection { totalCount } }" % _TEAMS,
    "Offer.reachable": 'offer(catalogId: "%s") { ... on Offer { reachable(first: 100, '
    "scope: {at: $at}) { edges { node { catalogId title } path { readiness } } } } }" % _BASIC,
    "Query.job": 'job(jobId: "11111111-1111-4111-8111-111111111111") { __typename }',
    "Query.customers": "customers(first: 20) { edges { node { name } } }",
    "Query.customer": _OF_ONE % "name",
    "Query.blockers": "blockers(customerId: $customer, scope: {at: $at}) "
    "{ ... on CustomerBlockers { subscriptions { answer { __typename } } } }",
    "Query.planFor": "planFor(customerId: $customer, input: {scope: {at: $at}}) "
    "{ ... on Plan { steps { title: kind } } }",
    "Query.planFor states:5000": "planFor(customerId: $customer, input: {states: 5000, "
    "scope: {at: $at}}) { ... on Plan { steps { title: kind } } }",
    "Query.portfolio": "portfolio(scope: {at: $at}) { customers }",
    "Query.portfolioWaves": "portfolioWaves(scope: {at: $at}) { __typename }",
    "Query.plans": "plans(customerId: $customer) { totalCount }",
    "Query.apiKeys": "apiKeys { totalCount }",
    "Query.auditEntries": "auditEntries { totalCount }",
    "Customer.subscriptions": _OF_ONE % (_HELD % "title"),
    "Customer.baseline": _OF_ONE % "baseline(at: $at) { events { code } }",
    "Customer.blockers": _OF_ONE % "blockers(scope: {at: $at}) { answer { __typename } }",
    "Customer.accounts": _OF_ONE % "accounts { __typename }",
    "Subscription.options": _OF_ONE % (_HELD % ("options" + _PAGE)),
    "Subscription.blockers": _OF_ONE % (_HELD % "blockers(scope: {at: $at}) { __typename }"),
    "Subscription.tradeOffs": _OF_ONE % (_HELD % "tradeOffs(scope: {at: $at}) { __typename }"),
    "Subscription.moreLicenses": _OF_ONE
    % (_HELD % "moreLicenses(extra: 5, scope: {at: $at}) { __typename }"),
    "Subscription.priceComparison": _OF_ONE
    % (_HELD % "priceComparison(at: $at) { ... on PriceComparison { options { __typename } } }"),
    "Subscription.serviceConflicts": _OF_ONE
    % (_HELD % ('serviceConflicts(target: "%s") { __typename }' % _E3)),
    "Subscription.affectedAccounts": _OF_ONE
    % (_HELD % "affectedAccounts(scope: {at: $at}) { __typename }"),
    "Subscription.baseline": _OF_ONE % (_HELD % "baseline(at: $at) { events { code } }"),
    "the schema itself": "",
}


def main() -> None:
    """Measure on one core, which the database shares."""
    with server_on_one_core() as server:
        asyncio.run(_measure_in(server))


async def _measure_in(server: EmbeddedServer) -> None:
    async with portfolio_of(server, _SUBSCRIPTIONS) as scratch:
        await _measure(scratch.asked, await store_customers(scratch.asked))


async def _measure(asked: Asked, customers: list[str]) -> None:
    schema = make_schema()
    offers = [edge["node"]["catalogId"] for edge in (await _asked(schema, asked, _OFFERS, {}))[0]]
    print(f"{'field':34} {'units':>8} {'ms':>9} {'ms/unit':>9}")
    for name, question in DOCUMENTS.items():
        document = _document(question) if question else get_introspection_query()
        given = {"offers": offers[:20], "targets": offers[20:50]}
        units, milliseconds = await _timed(schema, asked, document, given, customers)
        print(f"{name:34} {units:8} {milliseconds:9.2f} {milliseconds / units:9.3f}")
    unmeasured = sorted(set(WEIGHTS) - {name.split()[0] for name in DOCUMENTS})
    print("not measured:", ", ".join(unmeasured))


def _document(question: str) -> str:
    types = {
        "$at": "Instant",
        "$customer": "String!",
        "$offers": "[String!]!",
        "$targets": "[String!]!",
    }
    used = [f"{name}: {kind}" for name, kind in types.items() if name in question]
    return f"query {'(' + ', '.join(used) + ')' if used else ''} {{ {question} }}"


async def _timed(
    schema: OfferpathSchema,
    asked: Asked,
    document: str,
    given: dict[str, Any],
    customers: list[str],
) -> tuple[int, float]:
    """Return the units of a document, and the milliseconds that it takes in the middle."""
    taken, units = [], 0
    for number in range(_ROUNDS):
        day = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(days=number)
        variables = {**given, "at": day.isoformat(), "customer": customers[number]}
        begun = time.perf_counter()
        _, units = await _asked(schema, asked, document, variables)
        taken.append((time.perf_counter() - begun) * 1000)
    return units, median(taken)


async def _asked(
    schema: OfferpathSchema, asked: Asked, document: str, variables: dict[str, Any]
) -> tuple[Any, int]:
    context = Context(asked, Loaders(asked), import_reader(1), write_plan=plan_markdown)
    answer = await schema.execute(document, variable_values=variables, context_value=context)
    assert not answer.errors, (document, answer.errors)
    assert answer.extensions is not None
    data = answer.data or {}
    found = data["offers"]["edges"] if "offers" in data else None
    return found, answer.extensions["cost"]["requested"]


if __name__ == "__main__":
    main()
