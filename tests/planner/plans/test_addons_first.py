"""A suspended add-on is reactivated where its base then takes it along, and that is proven best."""

import pytest

from planner.customers import SubscriptionState
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Exactness, Status
from planner.plans.wanted import Wanted
from tests.planner.builders import SCOPE, from_facts
from tests.planner.plans.examples import SERVICES, agreed, ends, held, kinds, played, world

MOVES = world("A>a migration documented, B>b migration documented", SERVICES)
BASE = held("A", 1)


@pytest.mark.parametrize("number", [1, 5])
def test_addons_are_reactivated_before_their_base_goes(number: int) -> None:
    below = [
        held("B", place, state=SubscriptionState.SUSPENDED, parent_id=BASE.subscription_id)
        for place in range(2, 2 + number)
    ]
    who = agreed(BASE, *below)
    plan = make_plan(from_facts(MOVES), who, Wanted(SCOPE))
    assert {one.status for one in plan.outcomes} == {Status.MET}
    assert plan.exactness is Exactness.EXACT
    assert kinds(plan) == [*[StepKind.REACTIVATE] * number, StepKind.MIGRATE]
    ends(played(MOVES, who, plan))
