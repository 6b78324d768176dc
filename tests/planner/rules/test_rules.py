"""The state and the offered rule answer clear, fails or unknown, and say who can open the way."""

from dataclasses import replace

import pytest

from planner.blockers import Actor, Alternative, RemedyAction, Severity
from planner.customers import SubscriptionState
from planner.offers import Segment
from planner.permissions import ANYONE
from planner.rules import Choices, StepInHand
from planner.rules.walk import Answer
from tests.planner.builders import (
    NOW,
    customer,
    from_facts,
    oid,
    subscription,
)
from tests.planner.rules.asked_rules import (
    CATALOG,
    NO_TRANSFER,
    RULE,
    actions,
    ask,
    fails,
    unknown,
)


def _state(state: SubscriptionState, given: str = "") -> Answer:
    source = subscription("A", state=state)
    source = replace(source, state_as_given=given or source.state_as_given)
    return ask("SUBSCRIPTION_STATE", "AB", source=source)


def test_an_active_subscription_is_clear() -> None:
    assert _state(SubscriptionState.ACTIVE) == ()


def test_a_suspended_subscription_can_be_reactivated_by_us() -> None:
    blocker = fails(_state(SubscriptionState.SUSPENDED))
    assert (blocker.code, blocker.severity) == ("SUBSCRIPTION_NOT_ACTIVE", Severity.BLOCKS)
    assert actions(blocker) == [(RemedyAction.REACTIVATE, Actor.US)]
    assert [(code.api, code.number) for code in blocker.partner_center] == [("UPGRADE", 2)]


@pytest.mark.parametrize("state", ["DISABLED", "EXPIRED", "DELETED"])
def test_what_is_gone_has_no_remedy_and_may_be_bought_new(state: str) -> None:
    blocker = fails(_state(SubscriptionState(state)))
    assert blocker.remedies == ()
    assert blocker.alternatives == (Alternative.BUY_NEW,)


def test_a_pending_subscription_waits_for_microsoft() -> None:
    blocker = fails(_state(SubscriptionState.PENDING))
    assert blocker.code == "SUBSCRIPTION_NOT_PROVISIONED"
    assert actions(blocker) == [(RemedyAction.WAIT_FOR_PROVISIONING, Actor.MICROSOFT)]
    assert [(code.api, code.number) for code in blocker.partner_center] == [("UPGRADE", 9)]


@pytest.mark.parametrize("state", ["UNRECOGNIZED", "NONE"])
def test_a_value_nobody_documented_is_unknown_and_told_as_given(state: str) -> None:
    answer = _state(SubscriptionState(state), given="paused?")
    assert unknown(answer) == ("subscription.status",)
    assert "paused?" in answer[0].message


def test_the_state_is_asked_of_the_first_step_alone() -> None:
    source = subscription("A", state=SubscriptionState.SUSPENDED)
    assert ask("SUBSCRIPTION_STATE", "AB", source=source, is_first=False) == ()


@pytest.mark.parametrize(("move", "api"), [("AB", "UPGRADE"), ("Aa", "MIGRATION")])
def test_partner_centers_code_is_the_one_of_the_move(move: str, api: str) -> None:
    source = subscription("A", state=SubscriptionState.SUSPENDED)
    blocker = fails(ask("SUBSCRIPTION_STATE", move, source=source))
    assert blocker.partner_center[0].api == api


def test_a_target_sold_in_the_market_is_clear() -> None:
    assert ask("TARGET_OFFERED", "AB") == ()


def test_a_target_not_sold_in_the_market_fails_for_good() -> None:
    blocker = fails(ask("TARGET_OFFERED", "AB", customer(market="IN")))
    assert (blocker.code, blocker.severity) == ("TARGET_NOT_OFFERED", Severity.BLOCKS)
    assert (blocker.remedies, blocker.alternatives) == ((), (Alternative.ANOTHER_TARGET,))
    assert blocker.parameters == (("market", "IN"),)


def test_an_unknown_country_and_an_unlisted_market_are_unknown() -> None:
    assert unknown(ask("TARGET_OFFERED", "AB", customer(market=None))) == ("customer.market",)
    fields = unknown(ask("TARGET_OFFERED", "Aa", customer(market="DE")))
    assert fields == (f"markets of {oid('a')}",)


def test_a_target_for_other_customers_fails_unless_the_subscription_has_it_already() -> None:
    school = replace(customer(), segment=Segment.EDUCATION)
    assert ask("TARGET_OFFERED", "AB", school) == ()
    made = CATALOG.facts
    offers = tuple(
        replace(one, segment=Segment.CHARITY) if one.catalog_id == oid("B") else one
        for one in made.offers
    )
    charity = from_facts(replace(made, offers=offers))
    transition = charity.transition(oid("A"), oid("B"))
    assert transition is not None
    source = subscription("A")
    step = StepInHand(
        charity,
        school,
        source,
        transition,
        is_first=True,
        is_last=True,
        choices=Choices(NO_TRANSFER),
        acting=ANYONE,
        at=NOW,
    )
    blocker = fails(RULE["TARGET_OFFERED"].ask(step))
    assert blocker.parameters == (("segment", "CHARITY"),)
