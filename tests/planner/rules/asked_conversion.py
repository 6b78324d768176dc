"""One conversion of a small catalog in the hands of one customer, and how a rule is asked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from planner.blockers import Blocker
from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.facts import CommonPlan, SeatCap
from planner.ids import CatalogId
from planner.offers import Offer
from planner.permissions import ANYONE
from planner.rules import NO_CHOICES, Choices, StepInHand
from planner.rules.walk import Answer
from tests.planner.builders import (
    NOW,
    customer,
    facts,
    from_facts,
    offer,
    oid,
    pid,
    subscription,
    with_plans,
)
from tests.planner.rules.asked_rules import RULE

MOVES = """
    a>b conversion documented, b>a conversion documented, a>c conversion documented
    b>c conversion confirmed, c>b conversion documented, c>a conversion documented
    a>d conversion documented, t>a trial documented, T>A trial documented
    t>b conversion documented, A>a migration documented
"""
PLANS = {"a": "MAIL COMMON", "b": "MAIL TEAMS", "c": "MAIL DESK"}
COMMON = CommonPlan(pid("COMMON"), "table")
CAPS = [SeatCap(oid(name), 300, "BUSINESS", 300, "limits") for name in "ab"]
SOLD = ("P1M/Monthly", "P1Y/Monthly", "P1Y/Annual", "P3Y/Annual")
ENDS = date(2027, 5, 31)
TODAY = NOW.date()


def catalog_of(plans: Mapping[str, str] = PLANS) -> Catalog:
    rows = with_plans(plans)
    listed: tuple[Any, ...] = (*rows.pop("offers"), offer("d"))
    told: dict[CatalogId, Offer] = {one.catalog_id: one for one in listed}
    offers = [
        *(replace(one, billing=SOLD) for one in told.values()),
        *(replace(offer(name), is_trial=True) for name in "tT"),
    ]
    return from_facts(facts(MOVES, offers=offers, seat_caps=CAPS, common_plans=[COMMON], **rows))


CATALOG = catalog_of()


def owned(name: str = "a", number: int = 0, seats: int | None = 10, **told: Any) -> Subscription:
    """Return a subscription into which, and from which, everything may go."""
    known: dict[str, Any] = {
        "last_day": ENDS,
        "term": "P1Y",
        "billing_cycle": "monthly",
        "auto_renews": True,
        "cancellable_until": NOW - timedelta(days=300),
    }
    return replace(subscription(name, seats, number=number), **(known | told))


def asked(
    rule: str,
    source: Subscription,
    *others: Subscription,
    move: str = "ab",
    held: Customer | None = None,
    choices: Choices = NO_CHOICES,
    is_first: bool = True,
    is_last: bool = True,
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
        is_last=is_last,
        choices=choices,
        acting=ANYONE,
        at=at,
    )
    return RULE[rule].ask(step)


def codes_of(blocker: Blocker) -> list[tuple[str, int]]:
    return [(code.api, code.number) for code in blocker.partner_center]
