"""What each field costs, in microseconds of one core: measured by `python -m tests.bench.cost`.

A field that is not named here costs what any field does, and what is asked inside it. One that is
named has work of its own: a search, rules, statements of the database. The numbers are those of
one machine; only their ratios matter, as the bench prints them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from planner.plans.plan import DEFAULT_STATES
from resolvers.catalog.moves import MAX_CELLS, MAX_PATHS
from resolvers.catalog.prices import MAX_TARGETS
from resolvers.inputs import MAX_STEPS
from resolvers.plans.requests import MAX_STATES

Given = Mapping[str, Any]
"""A field's arguments as they are written, variables put in, defaults filled in."""
Weight = Callable[[Given], float]

MICROSECONDS_PER_UNIT = 100
LEAF = 6.0
OBJECT = 30.0
OF_SCHEMA = 0.2
"""So much of that does what introspection tells cost: it is there already."""
USUAL_LIST = 3
"""How many elements a list is taken to have of which nothing else is known."""
_USUAL_GOALS = 20
_USUAL_STEPS = 4
_USUAL_TARGETS = 10


def count(value: object, usual: int) -> int:
    """Return how many elements were written; `usual` where none were."""
    return len(value) if isinstance(value, list | tuple) else usual


def number(value: object, usual: int, most: int) -> int:
    """Return a number as it is written; `usual` for none, 1 for what the field will refuse."""
    if not isinstance(value, int) or isinstance(value, bool):
        return usual
    return value if 1 <= value <= most else 1


def _inside(given: Given, name: str, key: str) -> object:
    held = given.get(name)
    return held.get(key) if isinstance(held, Mapping) else None


def _flat(microseconds: float) -> Weight:
    return lambda _given: microseconds


def _paths(given: Given) -> float:
    """The search grows with the steps that a path may have, hardly with how many are asked for."""
    steps = number(_inside(given, "scope", "maxSteps"), MAX_STEPS, MAX_STEPS)
    return 4_000.0 + 1_000.0 * steps + 50.0 * number(given.get("first"), 1, MAX_PATHS)


def _matrix(given: Given) -> float:
    """A search from each offer, and a look at each cell."""
    return 5_000.0 * min(MAX_CELLS, count(given.get("from"), 1)) + 50.0 * cells(given)


def cells(given: Given) -> int:
    """Return how many cells a matrix has, at most as many as it may have."""
    return min(MAX_CELLS, count(given.get("from"), 1) * count(given.get("to"), 1))


def _explain(given: Given) -> float:
    avoided = count(_inside(given, "scope", "avoid"), 0)
    return 8_000.0 + 2_000.0 * (count(given.get("via"), 0) + avoided)


def _plan(given: Given) -> float:
    """As many searches as goals, each over as many states as it is given."""
    states = number(_inside(given, "input", "states"), DEFAULT_STATES, MAX_STATES)
    goals = count(_inside(given, "input", "goals"), _USUAL_GOALS)
    return 20_000.0 + 10.0 * states * max(1, goals)


def _import(given: Given) -> float:
    content = _inside(given, "file", "content")
    return 10_000.0 + 0.1 * (len(content) if isinstance(content, str) else 0)


def _targets(given: Given) -> float:
    return 100.0 + 10.0 * targets(given)


def targets(given: Given) -> int:
    """Return how many targets prices are compared with."""
    return min(MAX_TARGETS, count(given.get("targets"), _USUAL_TARGETS))


def _services(given: Given) -> float:
    return 12_000.0 + 50.0 * count(given.get("servicePlans"), 1)


WEIGHTS: Mapping[str, Weight] = {
    "Query.paths": _paths,
    "Query.matrix": _matrix,
    "Query.explain": _explain,
    "Query.planFor": _plan,
    "Mutation.savePlan": _plan,
    "Mutation.importCustomers": _import,
    "Query.portfolio": _flat(2_000_000),
    "Query.portfolioWaves": _flat(2_000_000),
    "SubscriptionRoot.portfolioRun": _flat(2_000_000),
    "Query.offersWithServices": _services,
    "Query.offers": _flat(1_000),
    "Query.betterVersions": _flat(14_000),
    "Query.compare": _flat(1_000),
    "Query.blockers": _flat(18_000),
    "Query.customer": _flat(4_000),
    "Query.customers": _flat(3_500),
    "Query.plans": _flat(3_000),
    "Query.plan": _flat(3_000),
    "Query.comparePlans": _flat(6_000),
    "Query.apiKeys": _flat(2_500),
    "Query.auditEntries": _flat(2_500),
    "Query.job": _flat(1_200),
    "Query.node": _flat(4_000),
    "Offer.reachable": _flat(3_000),
    "Customer.subscriptions": _flat(200),
    "Customer.baseline": _flat(3_500),
    "Customer.blockers": _flat(14_000),
    "Customer.accounts": _flat(2_000),
    "Subscription.options": _flat(1_500),
    "Subscription.blockers": _flat(1_200),
    "Subscription.tradeOffs": _flat(600),
    "Subscription.moreLicenses": _flat(450),
    "Subscription.priceComparison": _targets,
    "Subscription.serviceConflicts": _flat(350),
    "Subscription.affectedAccounts": _flat(1_500),
    "Subscription.baseline": _flat(100),
}
"""The work of one such field, what is asked inside it aside."""

PAGES: Mapping[str, Weight] = {
    "Query.matrix": cells,
    "Subscription.priceComparison": targets,
}
"""How many elements the list inside an answer has, where `first` does not say it."""
PAGED = frozenset({"PathsFound.paths", "Matrix.cells", "PriceComparison.options"})
"""The lists that are cut by an argument of the field around them, as `edges` are by `first`."""

SIZES: Mapping[str, float] = {
    "__Schema.types": 330,
    "__Schema.directives": 8,
    "__Type.fields": 6,
    "__Type.inputFields": 1,
    "__Type.interfaces": 1,
    "__Type.enumValues": 2,
    "__Type.possibleTypes": 1,
    "__Type.ofType": 0.5,
    "__Field.args": 1,
    "__Directive.args": 2,
    "Offer.transitions": 10,
    "Path.steps": _USUAL_STEPS,
    "Path.offers": _USUAL_STEPS + 1,
    "ServicePlans.plans": 40,
    "ServiceEffect.kept": 30,
    "ServiceEffect.added": 15,
    "ServiceEffect.lost": 5,
    "CommonServices.kept": 30,
    "CommonServices.added": 15,
    "CommonServices.lost": 5,
    "OfferPrices.prices": 30,
    "Comparison.prices": 30,
    "BetterVersions.versions": 15,
    "BetterVersions.withLosses": 15,
    "Customer.blockers": 4,
    "CustomerBlockers.subscriptions": 4,
    "MoreLicenses.moves": 5,
    "TradeOffs.tradeOffs": 5,
    "Plan.steps": 10,
    "Plan.outcomes": _USUAL_GOALS,
    "Plan.goals": _USUAL_GOALS,
    "Baseline.events": 10,
    "Explanation.nodes": 10,
    "Explanation.openings": 5,
    "PortfolioWaves.waves": 20,
    "Wave.rows": 10,
}
"""How many elements plain lists have, about; USUAL_LIST for the others. A type seldom has another
inside it."""
