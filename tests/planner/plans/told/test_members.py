"""An add-on that moves along tells the term and billing that its own call asks for."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from planner.customers import Subscription
from planner.offers import Offer
from planner.plans.plan import make_plan
from planner.plans.told.steps import PlanStep
from planner.plans.wanted import Wanted
from tests.planner.builders import (
    ADMIN,
    SCOPE,
    customer,
    facts,
    from_facts,
    oid,
    sold_and_billed,
    trusting,
)
from tests.planner.plan_worlds import held


def step_of(base: Subscription, addon: Subscription, billing: str) -> PlanStep:
    """Return the migration of a bundle whose add-on's equivalent is sold on these terms alone."""
    made = sold_and_billed(facts("A>a migration documented, B>b migration documented"))

    def sold(one: Offer) -> Offer:
        return replace(one, billing=(billing,)) if one.catalog_id == oid("b") else one

    catalog = from_facts(replace(made, offers=tuple(map(sold, made.offers))))
    plan = make_plan(catalog, trusting(customer(base, addon)), Wanted(SCOPE), acting=ADMIN)
    (step,) = (one for one in plan.steps if one.members)
    return step


@pytest.mark.parametrize(
    ("billing", "term", "cycle"),
    [("P1Y/Monthly", "P1Y", "monthly"), ("P1M/Monthly", "P1M", "monthly")],
)
def test_a_member_tells_its_own_term_which_stands_in_the_call_where_it_changes(
    billing: str, term: str, cycle: str
) -> None:
    base, addon = held("A", 1), held("B", 2)
    step = step_of(base, replace(addon, parent_id=base.subscription_id), billing)
    (member,) = step.members
    assert (member.term, member.billing_cycle) == (term, cycle)
    assert step.call is not None
    assert step.call.body is not None
    told = step.call.body["addOnMigrations"]
    assert isinstance(told, tuple)
    (asked,) = told
    assert isinstance(asked, Mapping)
    assert asked.get("termDuration", "P1Y") == member.term
    assert asked.get("billingCycle", "monthly") == member.billing_cycle
    assert step.term == "P1Y"
