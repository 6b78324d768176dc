"""Documents that together ask every field of the catalog, of customers and of the portfolio.

A field that takes arguments and gives objects is a question of its own: it is asked alone, with
all that is inside it, so that no document grows beyond what the API takes.
"""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from formats.sample.portfolio import sample_customers
from schema.relay.node import global_id
from tests.schema.api import BUSINESS_BASIC, LEGACY_E3, NEW_BASIC, NEW_E1, NEW_E3
from tests.schema.selections import Selector

APPS_FOR_BUSINESS = "5C9FD4CC-EDCE-44A8-8E91-07DF09744609"
"""One of its upgrades is contested by its sources."""
ADD_ON = "A2706F86-868D-4048-989B-0C69E5C76B63"
NOBODY = "11111111-1111-4111-8111-111111111111"
TEAMS = "57ff2da0-773e-42df-b2af-ffb7a2317929"
WITHOUT_SERVICES = "CFQ7TTC0HDK0:0001"
EMS_E3, EMS_E5 = "CFQ7TTC0LHT4:0001", "CFQ7TTC0LFJ1:0001"
OWNERS = ("Customer", "Offer", "Subscription")
"""Types whose questions are asked one by one."""
ARGUMENTS = {
    "Offer.soldIn": 'market: "US"',
    "Customer.subscriptions": "first: 4",
    "Offer.reachable": "first: 3",
    "Subscription.moreLicenses": "extra: 400",
    "Subscription.options": "first: 2",
    "AffectedAccounts.accounts": "first: 3",
    "Subscription.serviceConflicts": f'target: "{NEW_E3}"',
}
LONG = "Offer.markets"
"""A third of every answer where it is asked for; the offers alone are asked for it."""
SHALLOW = {"Offer", "Path", "NoPath", "Subscription", "Customer", "SavedPlan"}


def questions_of(schema: GraphQLSchema, owner: str) -> list[str]:
    """Return the fields of a type that take arguments and give objects."""
    fields: Any = getattr(schema.type_map[owner], "fields", {})
    return [
        name
        for name, field in fields.items()
        if field.args and not is_leaf_type(get_named_type(field.type))
    ]


def selector(schema: GraphQLSchema, *, whole: str = "", leaving_out: str = "") -> Selector:
    """Select everything but the questions of the owners; `whole` is a type not told shortly."""
    left_out = {
        f"{owner}.{name}": None for owner in OWNERS for name in questions_of(schema, owner)
    } | ({leaving_out: None} if leaving_out else {})
    return Selector(schema, {**ARGUMENTS, **left_out}, SHALLOW - {whole})


def _alone(schema: GraphQLSchema, owner: str, name: str, given: str = "") -> str:
    """Return a selection of one question of an owner, with all that is inside it."""
    fields: Any = getattr(schema.type_map[owner], "fields", {})
    of = get_named_type(fields[name].type).name
    usual = ARGUMENTS.get(f"{owner}.{name}", "")
    call = ", ".join(part for part in (given, "" if "target:" in given else usual) if part)
    chosen = selector(schema, whole="Subscription", leaving_out=LONG)
    inside = chosen.fields(of, frozenset({owner}))
    return f"__typename {name}{f'({call})' if call else ''} {{ {inside} }}"


def of_catalog(schema: GraphQLSchema) -> Iterator[str]:
    def fields(name: str, whole: str = "") -> str:
        return selector(schema, whole=whole).fields(name)

    yield f"{{ catalog {{ {fields('Catalog')} }} }}"
    for each in (BUSINESS_BASIC, APPS_FOR_BUSINESS, ADD_ON, NEW_E3, NOBODY):
        yield f'{{ offer(catalogId: "{each}") {{ {fields("OfferResult", "Offer")} }} }}'
    for name in questions_of(schema, "Offer"):
        one = f"... on Offer {{ {_alone(schema, 'Offer', name)} }}"
        for each in (BUSINESS_BASIC, APPS_FOR_BUSINESS, NEW_E3, ADD_ON):
            yield f'{{ offer(catalogId: "{each}") {{ {one} }} }}'
    yield f"{{ offers(first: 3) {{ {fields('OfferConnection')} }} }}"
    for given in (
        f'from: "{BUSINESS_BASIC}", to: {{offer: "{NEW_E3}"}}',
        f'from: "{NEW_E3}", to: {{offer: "{BUSINESS_BASIC}"}}',
        f'from: "{NOBODY}", to: {{anyNewCommerce: true}}',
    ):
        yield f"{{ paths({given}) {{ {fields('PathsResult', 'Path')} }} }}"
        yield f"{{ paths({given}) {{ {fields('PathsResult', 'NoPath')} }} }}"
        yield f"{{ paths({given}) {{ {fields('PathsResult', 'Transition')} }} }}"
    pairs = f'from: ["{LEGACY_E3}", "{NEW_E3}"], to: ["{NEW_E3}"]'
    yield f"{{ matrix({pairs}) {{ {fields('MatrixResult')} }} }}"
    yield f'{{ node(id: "{global_id("Offer", NEW_E3)}") {{ __typename id }} }}'
    yield from _of_comparisons(fields("ComparisonResult"), fields("ExplainResult"))
    for each in (LEGACY_E3, WITHOUT_SERVICES, NOBODY):
        better = fields("BetterVersionsResult")
        yield f'{{ betterVersions(catalogId: "{each}") {{ {better} }} }}'
    for each in (TEAMS, NOBODY):
        found = fields("OffersWithServicesResult")
        yield f'{{ offersWithServices(servicePlans: ["{each}"], first: 3) {{ {found} }} }}'


def _of_comparisons(comparison: str, explanation: str) -> Iterator[str]:
    for origin, target, market in (
        (BUSINESS_BASIC, NEW_BASIC, "US"),
        (NEW_E3, WITHOUT_SERVICES, "DE"),
        (NOBODY, NEW_E3, "US"),
    ):
        ends = f'from: "{origin}", to: "{target}", market: "{market}"'
        yield f"{{ compare({ends}) {{ {comparison} }} }}"
    for origin, target, scope in (
        (NEW_E3, BUSINESS_BASIC, ""),
        (EMS_E3, EMS_E5, ""),
        (NEW_E1, EMS_E5, ""),
        (BUSINESS_BASIC, LEGACY_E3, 'market: "DE", legacyUpgrades: EXCLUDE'),
        (BUSINESS_BASIC, NEW_E3, ""),
    ):
        ends = f'from: "{origin}", to: {{offer: "{target}"}}, scope: {{{scope}}}'
        yield f"{{ explain({ends}) {{ {explanation} }} }}"


def of_customers(schema: GraphQLSchema, page: str) -> Iterator[str]:
    chosen = selector(schema, whole="Customer")
    yield f"{{ customers({page}) {{ {chosen.fields('CustomerConnection')} }} }}"
    for name in questions_of(schema, "Customer"):
        one = _alone(schema, "Customer", name)
        yield f"{{ customers({page}) {{ edges {{ node {{ {one} }} }} }} }}"
    for name in questions_of(schema, "Subscription"):
        yield _of_subscriptions(_alone(schema, "Subscription", name), page)


def of_nobody(schema: GraphQLSchema, page: str) -> Iterator[str]:
    """Ask about what is not there: a customer, and targets and subscriptions of those of a page."""
    chosen = selector(schema, whole="Customer")
    yield f'{{ customer(customerId: "{NOBODY}") {{ {chosen.fields("CustomerResult")} }} }}'
    for name in questions_of(schema, "Subscription"):
        if given := _refused(schema, name):
            yield _of_subscriptions(_alone(schema, "Subscription", name, given), page)


def of_blockers(schema: GraphQLSchema) -> Iterator[str]:
    answer = selector(schema).fields("BlockersResult")
    known = [one.customer_id for one in sample_customers()[5:9]]
    for each in (*known, NOBODY):
        yield f'{{ blockers(customerId: "{each}") {{ {answer} }} }}'
    for more in (f'target: "{NOBODY}"', f'whatIf: {{cancelled: ["{NOBODY}"]}}'):
        yield f'{{ blockers(customerId: "{known[0]}", {more}) {{ {answer} }} }}'


def of_portfolio(schema: GraphQLSchema) -> Iterator[str]:
    chosen = selector(schema)
    yield f"{{ portfolio {{ {chosen.fields('PortfolioSummary')} }} }}"
    yield f"{{ portfolioWaves {{ {chosen.fields('PortfolioWavesResult')} }} }}"


def _refused(schema: GraphQLSchema, name: str) -> str:
    """Return arguments with which a question about a subscription is refused, if it has such."""
    fields: Any = getattr(schema.type_map["Subscription"], "fields", {})
    known = fields[name].args
    if "whatIf" in known:
        return f'whatIf: {{cancelled: ["{NOBODY}"]}}'
    if "targets" in known:
        return f'targets: ["{NOBODY}"]'
    return f'target: "{NOBODY}"' if "target" in known else ""


def _of_subscriptions(one: str, page: str) -> str:
    held = f"edges {{ node {{ subscriptions(first: 4) {{ edges {{ node {{ {one} }} }} }} }} }}"
    return f"{{ customers({page}) {{ {held} }} }}"
