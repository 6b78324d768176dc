"""What a plan has read, part by part as hashes, and the one hash that names all of it.

A fingerprint covers the facts that a plan can have read, absent ones included, the rules, the
search and the question. Neither the day nor the catalog's id is part of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter

from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.plans.saved.document import canonical, hashed, plain
from planner.plans.saved.question import PlanQuestion
from planner.plans.saved.reach import catalog_facts
from planner.plans.told.steps import Json
from planner.rules import RULES_VERSION

PLANNER_VERSION = "2"
"""Rises whenever the search's answer to the same facts and the same rules can change."""

Parts = Mapping[str, str]
"""The name of each part and the SHA-256 (64 hex digits) of what it says.

Names begin with `catalog/`, `customer/`, `rules/` or `question/`.
"""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "offer": ("catalog_id", "product_guid", "is_trial"),
    "state": ("state", "state_as_given"),
    "seats": ("seats", "reducible"),
    "term": ("term", "billing_cycle", "created", "starts", "last_day", "cancellable_until"),
    "renewal": ("auto_renews", "renewal", "cancels_at_end"),
    "promotion": ("promotion_id", "promotion_ends"),
    "base": ("parent_id",),
    "services": ("service_plan_ids",),
    "seller": ("seller", "partner_of_record", "migrated_from"),
}
"""The fields of a subscription that plans read, by the part that they belong to."""
NOT_READ = frozenset({"subscription_id", "title", "friendly_name", "seller_tenant_id"})
"""Fields of a subscription that decide nothing: names, which parts carry, and titles."""


def parts_of(catalog: Catalog, customer: Customer, question: PlanQuestion) -> Parts:
    """Return the hashes of everything that the plan for a question can read, by name.

    O(offers within reach); the order of rows and of subscriptions has no meaning.
    """
    facts = [
        *_under("catalog", catalog_facts(catalog, customer, question)),
        *_under("customer", _customer_facts(customer)),
        *_under("rules", _versions(question)),
        *_under("question", _question_facts(question)),
    ]
    return {name: str(hashed(value)) for name, value in sorted(facts, key=itemgetter(0))}


def fingerprint(parts: Parts) -> str:
    """Return the SHA-256 (64 hex digits) over the canonical JSON of the parts."""
    return str(hashed(dict(parts)))


def _under(room: str, facts: Iterable[tuple[str, Json]]) -> Iterator[tuple[str, Json]]:
    return ((f"{room}/{name}", value) for name, value in facts)


def _customer_facts(customer: Customer) -> Iterator[tuple[str, Json]]:
    holdings = customer.holdings
    yield "id", customer.customer_id
    yield "market", customer.market
    yield "segment", customer.segment
    yield "agreement", customer.agreement
    yield "administration", customer.delegated_admin
    yield "holdings of ours", holdings.own_state
    yield "holdings of others", holdings.foreign_state
    yield from _subscription_facts("own", holdings.own)
    yield from _subscription_facts("foreign", holdings.foreign)


def _subscription_facts(
    side: str, subscriptions: Iterable[Subscription]
) -> Iterator[tuple[str, Json]]:
    """Yield the groups of each subscription; one listed twice is told once, with both values."""
    found: dict[str, list[Json]] = defaultdict(list)
    for one in subscriptions:
        for group, names in GROUPS.items():
            value = tuple(plain(getattr(one, name)) for name in names)
            found[f"{side}/{one.subscription_id}/{group}"].append(value)
    for name, values in found.items():
        yield name, tuple(sorted(values, key=canonical))


def _versions(question: PlanQuestion) -> Iterator[tuple[str, Json]]:
    yield "version", RULES_VERSION
    yield "asked", tuple(rule.name for rule in question.wanted.asking.rules)
    yield "search", PLANNER_VERSION


def _question_facts(question: PlanQuestion) -> Iterator[tuple[str, Json]]:
    scope = plain(question.scope)
    if isinstance(scope, Mapping):
        yield "scope", {name: value for name, value in scope.items() if name != "at"}
    goals = question.goals
    yield "goals", None if goals is None else tuple(sorted(map(plain, goals), key=canonical))
    yield "choices", plain(question.choices)
    yield "without", plain(question.without)
    yield "acting", plain(question.acting)
    yield "states", question.states
