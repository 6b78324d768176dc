"""No plan is better: compared with every order of every step that the toy Partner Center accepts.

Compared are, in this order: goals unmet; subscriptions given up, of ours and of others; legacy
upgrades; moves, those by hand, and their evidence (the profile FEWEST_STEPS under the policy LAST);
steps other than waiting, since one wait may serve several subscriptions. Left out are plans with
unknown steps, and what a plan says it did not prove.
"""

from hypothesis import assume, given
from hypothesis.strategies import SearchStrategy

from planner.customers import SubscriptionState as State
from planner.plans.search.solution import Exactness
from planner.plans.told.steps import Plan
from planner.profiles import LegacyUpgradePolicy, Profile
from tests.planner.plans.exhaustive import Nothing, better_than
from tests.planner.plans.simulator import PartnerCenter
from tests.planner.plans.strategies import Case, cases
from tests.planner.plans.tenant import tenant_of
from tests.planner.plans.test_plans_replayed import checked, planned
from tests.planner.plans.weighing import Merit

_MOST = 5
"""Steps that the other plan may take."""


def merit_of(plan: Plan) -> Merit:
    """Return a plan's merit without goals unmet, what is unknown, and days."""
    return (plan.merit[1], *plan.merit[3:-1])


def is_best(case: Case, *, most_tenants: int) -> None:
    plan = planned(case)
    assume(plan.exactness is Exactness.EXACT)
    found = better_than(
        PartnerCenter(case.facts),
        tenant_of(case.customer, plan.at),
        plan.goals,
        plan.merit[0],
        merit_of(plan),
        most_steps=_MOST,
        most_tenants=most_tenants,
    )
    assert isinstance(found, Nothing), f"{plan.merit[0]}, {merit_of(plan)}: better is {found}"


def small(own: int, foreign: int) -> SearchStrategy[Case]:
    return cases(
        most_own=own,
        most_foreign=foreign,
        profiles=(Profile.FEWEST_STEPS,),
        policies=(LegacyUpgradePolicy.LAST,),
        by_hand=False,
        with_choices=False,
        states=(*[State.ACTIVE] * 6, State.SUSPENDED),
    )


@checked(300)
@given(small(1, 2))
def test_no_plan_for_one_subscription_is_better(case: Case) -> None:
    is_best(case, most_tenants=1_000)


IN_PART = cases(
    names="aaabA",
    most_own=2,
    most_foreign=1,
    profiles=(Profile.FEWEST_STEPS,),
    policies=(LegacyUpgradePolicy.LAST,),
    by_hand=False,
    with_choices=False,
    states=(*[State.ACTIVE] * 6, State.SUSPENDED),
    in_part=True,
    with_unknown=False,
)


@checked(250)
@given(IN_PART)
def test_no_plan_for_a_part_of_the_seats_is_better(case: Case) -> None:
    is_best(case, most_tenants=600)


@checked(200)
@given(small(2, 1))
def test_no_plan_for_two_subscriptions_is_better(case: Case) -> None:
    is_best(case, most_tenants=600)
