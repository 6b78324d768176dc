"""A goal that only a step left out could reach says so, and which step."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.customers import Customer, Seller
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Exactness, Status
from planner.plans.told.left_out import words_of
from planner.plans.told.steps import Plan
from planner.plans.wanted import Wanted
from tests.planner.builders import SCOPE, from_facts, oid, subscription
from tests.planner.plans.examples import SIMPLE, UPGRADE, YOUNG, agreed, held, kinds, to
from tests.planner.plans.strategies import Case, cases
from tests.planner.plans.test_plans_replayed import STATES_ALLOWED, checked

CANCEL_ELSEWHERE, TRANSFER_IN = StepKind.CANCEL_ELSEWHERE, StepKind.TRANSFER_IN
ONLY = "The only ways left need "
ELSEWHERE = subscription("C", number=2, seller=Seller.ANOTHER_CHANNEL)


def plan_without(who: Customer, *without: StepKind) -> Plan:
    wanted = Wanted(SCOPE, without=frozenset(without))
    return make_plan(from_facts(UPGRADE), who, wanted, goals=(to(held("A"), "b"),))


def why(who: Customer, *without: StepKind) -> str:
    (outcome,) = plan_without(who, *without).outcomes
    assert outcome.status is Status.UNMET
    return outcome.message


def test_the_step_left_out_that_would_open_the_way_is_named_before_what_stops_the_others() -> None:
    message = why(agreed(held("A"), ELSEWHERE), CANCEL_ELSEWHERE)
    assert message.startswith(
        f"{ONLY}a step that the plan is to do without: CANCEL_ELSEWHERE; every other way is stopped"
    )
    assert "already gives services" in message


def opens(who: Customer, *without: StepKind) -> tuple[tuple[StepKind, ...], ...]:
    (outcome,) = plan_without(who, *without).outcomes
    return outcome.left_out


def test_what_would_open_a_way_has_a_field_of_its_own() -> None:
    other = agreed(held("A"), ELSEWHERE)
    assert opens(other, CANCEL_ELSEWHERE, TRANSFER_IN, StepKind.CANCEL) == ((CANCEL_ELSEWHERE,),)
    together = ((StepKind.MIGRATE, StepKind.UPGRADE),)
    assert opens(agreed(held("A")), StepKind.UPGRADE, StepKind.MIGRATE) == together
    assert opens(other) == ()
    stays = agreed(held("A"), replace(ELSEWHERE, seller=Seller.US, catalog_id=oid("c")))
    assert opens(stays, CANCEL_ELSEWHERE) == ()


def test_what_the_plan_itself_cancels_tells_what_stopped_it_before() -> None:
    """The young add-on keeps its base from migrating, unless somebody waits."""
    base = held("A", 1)
    addon = held("D", 2, parent_id=base.subscription_id, created=YOUNG)
    wanted = Wanted(SCOPE, without=frozenset({StepKind.WAIT_UNTIL}))
    plan = make_plan(from_facts(SIMPLE), agreed(base, addon), wanted)
    assert kinds(plan) == [StepKind.CANCEL, StepKind.MIGRATE]
    (unmet,) = (one for one in plan.outcomes if one.status is Status.UNMET)
    assert unmet.goal.subscription_id == addon.subscription_id
    assert {one.code for one in unmet.blockers} == {"ACTIVE_FOR_A_MONTH_OR_LESS"}
    assert "disabled" not in unmet.message
    assert unmet.message.endswith("the plan cancels it, since it is in the way of another goal")


def test_of_what_is_left_out_only_what_is_needed_is_named() -> None:
    message = why(agreed(held("A"), ELSEWHERE), CANCEL_ELSEWHERE, TRANSFER_IN, StepKind.CANCEL)
    assert "without: CANCEL_ELSEWHERE;" in message


def test_steps_that_are_needed_together_are_named_together() -> None:
    assert why(agreed(held("A")), StepKind.UPGRADE, StepKind.MIGRATE, StepKind.CANCEL) == (
        f"{ONLY}steps that the plan is to do without: MIGRATE and UPGRADE"
    )


def test_steps_of_which_one_is_enough_are_named_as_such() -> None:
    assert words_of(((CANCEL_ELSEWHERE,), (TRANSFER_IN,)), is_exact=True) == (
        f"{ONLY}a step that the plan is to do without: CANCEL_ELSEWHERE or TRANSFER_IN"
    )


def test_where_nothing_that_is_left_out_would_help_every_way_is_stopped() -> None:
    who = replace(agreed(held("A"), ELSEWHERE))
    message = why(who, CANCEL_ELSEWHERE, StepKind.UPGRADE)
    assert message.startswith(f"{ONLY}steps that the plan is to do without: CANCEL_ELSEWHERE and")
    stays = agreed(held("A"), replace(ELSEWHERE, seller=Seller.US, catalog_id=oid("c")))
    assert why(stays, CANCEL_ELSEWHERE).startswith("Every way is stopped: ")


SPARED = (CANCEL_ELSEWHERE, StepKind.UPGRADE, StepKind.MIGRATE, StepKind.CONVERT)


@checked(150)
@given(cases(most_own=2, most_foreign=2), st.sampled_from([*combinations(SPARED, 2)]))
def test_what_is_said_to_open_a_way_opens_it(case: Case, without: tuple[StepKind, ...]) -> None:
    def plan(left_out: frozenset[StepKind]) -> Plan:
        wanted = replace(case.wanted, without=left_out)
        return make_plan(
            case.catalog, case.customer, wanted, goals=case.goals, states=STATES_ALLOWED
        )

    restricted, whole = plan(frozenset(without)), plan(frozenset())
    if Exactness.BEST_FOUND in (restricted.exactness, whole.exactness):
        return
    for told, free in zip(restricted.outcomes, whole.outcomes, strict=True):
        says = told.status is Status.UNMET and told.message.startswith(ONLY)
        assert says is bool(told.left_out)
        # A goal may be met at another one's cost, so that only one of several is looked at.
        if len(whole.goals) == 1:
            opens = told.status is Status.UNMET and free.status is Status.MET
            assert says is opens
        if says and " and " not in told.message.partition(";")[0]:
            named = told.message.partition(";")[0].rpartition(": ")[2].split(" or ")
            for kind in map(StepKind, named):
                again = plan(frozenset(without) - {kind})
                place = restricted.outcomes.index(told)
                assert again.outcomes[place].status is Status.MET


@pytest.mark.parametrize("without", [(), (TRANSFER_IN,), (StepKind.BUY_PREREQUISITE,)])
def test_what_nothing_left_out_has_to_do_with_does_not_speak_of_it(
    without: tuple[StepKind, ...],
) -> None:
    stays = agreed(held("A"), replace(ELSEWHERE, seller=Seller.US, catalog_id=oid("c")))
    assert "do without" not in why(stays, *without)
