"""One migration of a small catalog in the hands of one customer, and how a rule is asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from planner.blockers import Blocker, Severity
from planner.catalog import Catalog
from planner.coverage import Coverage
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.offers import Offer
from planner.permissions import ANYONE
from planner.rules import NO_CHOICES, Choices, StepInHand
from planner.rules.walk import Answer
from planner.transitions import Prerequisite
from tests.planner.builders import (
    NOW,
    customer,
    facts,
    from_facts,
    offer,
    oid,
    sold_in_us,
    subscription,
    with_plans,
)
from tests.planner.rules.asked_rules import RULE

MOVES = """
    A>a migration documented, B>b migration documented, C>c migration documented
    A>B upgrade documented, T>A trial documented, T>a migration documented
    T>B upgrade matrix, a>b conversion documented, U>a migration documented
"""
PLANS = {"A": "MAIL", "a": "MAIL", "B": "VOICE", "b": "VOICE", "C": "MAIL DESK", "c": "DESK"}
TRIALS = [replace(offer(name), is_trial=True) for name in "TU"]
SOLD = ("P1M/Monthly", "P1Y/Monthly", "P1Y/Annual", "P3Y/Triennial")
TODAY = NOW.date()
LONG_AGO = datetime(2020, 1, 15, tzinfo=UTC)
DAY = timedelta(days=1)


def catalog_of(*, coverage: tuple[Coverage, ...] = (), bases: str = "") -> Catalog:
    rows = with_plans(PLANS)
    listed: tuple[Any, ...] = (*rows.pop("offers"), *TRIALS, offer("D"))
    offers: dict[CatalogId, Offer] = {one.catalog_id: one for one in listed}
    for name in "abc":
        offers[oid(name)] = replace(offers[oid(name)], billing=SOLD)
    prerequisites = [Prerequisite(oid("b"), oid(base), "list") for base in bases]
    made = facts(
        MOVES,
        offers=offers.values(),
        coverage=coverage,
        prerequisites=prerequisites,
        **rows,
    )
    return from_facts(sold_in_us(made))


CATALOG = catalog_of()


def owned(
    name: str = "A", number: int = 0, parent: Subscription | None = None, **told: Any
) -> Subscription:
    """Return a subscription that nothing stops: old, annual, a long way from its end."""
    known: dict[str, Any] = {
        "created": LONG_AGO,
        "last_day": date(2027, 5, 31),
        "term": "P1Y",
        "billing_cycle": "monthly",
        "auto_renews": True,
        "is_trial": False,
        "partner_of_record": "1234567",
        "parent_id": None if parent is None else parent.subscription_id,
    }
    return replace(subscription(name, number=number), **(known | told))


def asked(
    rule: str,
    source: Subscription,
    *others: Subscription,
    move: str = "Aa",
    held: Customer | None = None,
    choices: Choices = NO_CHOICES,
    is_first: bool = True,
    at: datetime = NOW,
    catalog: Catalog = CATALOG,
) -> Answer:
    transition = catalog.transition(oid(move[0]), oid(move[1]))
    assert transition is not None
    step = StepInHand(
        catalog,
        held or customer(source, *others),
        source,
        transition,
        is_first=is_first,
        is_last=True,
        choices=choices,
        acting=ANYONE,
        at=at,
    )
    return RULE[rule].ask(step)


def codes_of(blocker: Blocker) -> list[tuple[str, int]]:
    return [(code.api, code.number) for code in blocker.partner_center]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def blocking(answer: Answer) -> list[Blocker]:
    """Return the findings that BLOCK, in their order."""
    return [one for one in answer if isinstance(one, Blocker) and one.severity is Severity.BLOCKS]
