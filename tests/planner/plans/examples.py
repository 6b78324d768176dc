"""Small customers for plans, written out by hand: everything about them is known."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from planner.customers import Customer, Subscription
from planner.facts import CatalogFacts
from planner.goals import OfferGoal
from planner.offers import Known
from planner.plans.goals import SubscriptionGoal
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import Plan
from planner.plans.wanted import Wanted
from planner.rules import NO_CHOICES, Choices
from tests.planner.builders import (
    NOW,
    SCOPE,
    customer,
    facts,
    from_facts,
    oid,
    sold_in_us,
    subscription,
    with_plans,
)
from tests.planner.plans.replay import Failed, done, in_order_of_needs
from tests.planner.plans.tenant import Tenant, tenant_of

OLD = datetime(2025, 3, 3, tzinfo=UTC)
YOUNG = datetime(2026, 11, 13, tzinfo=UTC)
FAR = date(2027, 3, 2)
SOLD = ("P1Y/Monthly", "P1M/Monthly")


def world(moves: str, plans: Mapping[str, str], **rows: tuple[object, ...]) -> CatalogFacts:
    """Return rows of a catalog whose offers are all sold, monthly or for a year."""
    made = sold_in_us(facts(moves, **rows, **with_plans(plans)))
    offers = tuple(
        replace(one, billing=SOLD if ":" in one.catalog_id else ("Monthly",)) for one in made.offers
    )
    return replace(made, offers=offers)


def held(name: str, number: int = 1, seats: int = 10, **more: object) -> Subscription:
    """Return an old active annual subscription of ours that renews in March."""
    usual: dict[str, object] = {
        "term": "P1Y",
        "billing_cycle": "monthly",
        "created": OLD,
        "last_day": FAR,
        "auto_renews": True,
        "cancels_at_end": False,
        "is_trial": False,
        "partner_of_record": "4847383",
    }
    return replace(subscription(name, seats, number=number), **(usual | more))  # type: ignore[arg-type]


def agreed(*subscriptions: Subscription) -> Customer:
    """Return a customer who accepted the agreement."""
    return replace(customer(*subscriptions), agreement=Known.YES)


def plan_of(
    made: CatalogFacts,
    who: Customer,
    *goals: SubscriptionGoal,
    choices: Choices = NO_CHOICES,
    at: datetime = NOW,
) -> Plan:
    wanted = Wanted(replace(SCOPE, at=at), choices)
    return make_plan(from_facts(made), who, wanted, goals=goals or None)


def played(made: CatalogFacts, who: Customer, plan: Plan) -> Tenant | Failed:
    """Return how it ends when every step comes after what it needs."""
    return done(made, tenant_of(who, plan.at), in_order_of_needs(plan.steps))


def told(plan: Plan) -> list[str]:
    """Return the steps in short: day, kind and the number of the subscription."""
    return [
        f"{step.earliest.day:%m-%d} {step.kind} {(step.subscription_id or '--------')[7]}"
        for step in plan.steps
    ]


SERVICES = {"A": "MAIL", "B": "MAIL TEAMS", "C": "TEAMS", "D": "FAX"} | {
    "a": "MAIL",
    "b": "MAIL TEAMS",
    "c": "TEAMS",
    "d": "FAX",
}
MIGRATIONS = """
    A>a migration documented, B>b migration documented
    C>c migration documented, D>d migration documented
"""
SIMPLE = world(MIGRATIONS, SERVICES)
UPGRADE = world("A>B upgrade documented, B>b migration documented", SERVICES)
CONVERSION = world("a>b conversion documented", SERVICES)


A_MONTH_AGO = datetime(2026, 10, 23, tzinfo=NOW.tzinfo)


def ends(tenant: Tenant | Failed) -> Tenant:
    assert isinstance(tenant, Tenant), str(tenant)
    return tenant


def to(one: Subscription, name: str, seats: int | None = None) -> SubscriptionGoal:
    return SubscriptionGoal(one.subscription_id, OfferGoal(oid(name)), seats)


def offers_of(tenant: Tenant) -> list[str | None]:
    return [one.catalog_id for one in tenant.own]


def kinds(plan: Plan) -> list[StepKind]:
    return [step.kind for step in plan.steps]
