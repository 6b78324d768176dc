"""The customer's document read aloud: why nothing is done, days and promises, the steps."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from planner.baselines.rules import BaselineCode
from planner.blocker_codes import BlockerCode
from planner.blockers import Actor, Blocker, Severity, SubjectKind, Unanswered
from planner.customers import Customer, HoldingsState, Subscription, SubscriptionState
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.plans.told.steps import Outcome
from planner.transitions import TransitionKind
from tests.formats.plans.spoken import (
    CASE,
    PLAIN,
    TODAY,
    event,
    having,
    held_as,
    made_of,
    moved,
    outcome_of,
    row,
    section,
    summary,
)
from tests.planner.builders import oid

# ------------------------------------------------------------------- why nothing is done


def nothing(customer: Customer) -> str:
    plan = replace(CASE.plan, steps=(), outcomes=(), goals=(), valid_until=None)
    return summary(replace(CASE, plan=plan, customer=customer))


def test_a_plan_for_nothing_says_why_there_is_nothing_to_plan() -> None:
    held = CASE.customer.holdings

    def owns(*own: Subscription, state: HoldingsState = HoldingsState.COMPLETE) -> str:
        holdings = replace(held, own=own, own_state=state)
        return nothing(replace(CASE.customer, holdings=holdings))

    one = held.own[0]
    new = replace(one, catalog_id=oid("a"))
    gone = replace(one, state=SubscriptionState.EXPIRED)
    begins = "No subscription is part of this plan: "
    assert owns().startswith(f"{begins}none was sold by us. This plan has no steps.")
    assert owns(state=HoldingsState.NOT_LOADED).startswith(
        f"{begins}we do not know yet which ones we have sold."
    )
    assert owns(gone).startswith(f"{begins}all that were sold by us have ended.")
    assert owns(new, gone).startswith(
        f"{begins}all that were sold by us are in Microsoft's new commerce already."
    )
    assert owns(new, replace(one, catalog_id=None)).startswith(
        f"{begins}none that was sold by us has to move to Microsoft's new commerce."
    )


def unmet(*blockers: Blocker) -> Outcome:
    [first] = (one for one in CASE.plan.outcomes if one.goal.subscription_id == moved())
    return replace(first, status=Status.UNMET, reached=None, blockers=blockers, upsell=None)


def stopped(code: BlockerCode, **parameters: str) -> Blocker:
    return Blocker(
        code,
        Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        moved(),
        "",
        "docs/sources.md 6",
        step=(oid("A"), oid("a")),
        parameters=tuple(parameters.items()),
    )


def test_a_plan_that_moves_nothing_says_of_what_and_why() -> None:
    one = made_of(outcomes=(unmet(stopped(BlockerCode.TARGET_NOT_OFFERED, market="US")),))
    why = "Microsoft's price lists do not have Sku a for your country"
    assert summary(one).startswith(f"Offer A cannot be moved as things stand: {why}. This plan has")
    assert outcome_of(one)[1] == f"Stays as it is: {why}"
    two = made_of(outcomes=(unmet(), unmet()))
    assert summary(two).startswith("None of 2 subscriptions can be moved as things stand;")
    for text in (summary(one), summary(two)):
        assert "brings 0" not in text
        assert "1 subscription " not in text


@pytest.mark.parametrize(
    ("code", "parameters", "told"),
    [
        (
            BlockerCode.TARGET_NOT_OFFERED,
            {"segment": "EDUCATION"},
            "Microsoft sells Sku a to another kind of customer only",
        ),
        (
            BlockerCode.SEAT_CAP_EXCEEDED,
            {"seats": "350", "room": "300", "limit": "300"},
            "Microsoft allows 300 licences of the new product in all, whoever sells them",
        ),
        (
            BlockerCode.SEAT_CAP_EXCEEDED,
            {"seats": "350", "room": "20", "limit": "300"},
            "Microsoft allows 300 licences of the new product in all, whoever sells them, of which "
            "20 are left",
        ),
        (
            BlockerCode.SEAT_CAP_EXCEEDED,
            {"seats": "40", "room": "20", "limit": "300", "family": "ANY"},
            "these are more licences than Microsoft allows in all of this family of products, "
            "which is 300; whether Microsoft refuses more is not published",
        ),
    ],
)
def test_a_reason_is_told_with_its_numbers_and_titles(
    code: BlockerCode, parameters: dict[str, str], told: str
) -> None:
    made = made_of(outcomes=(unmet(stopped(code, **parameters)),))
    assert outcome_of(made)[1] == f"Stays as it is: {told}"


def test_reasons_that_have_commas_of_their_own_are_kept_apart() -> None:
    codes = (BlockerCode.PROMOTION_PRESENT, BlockerCode.SUBSCRIPTION_NOT_ACTIVE)
    made = made_of(outcomes=(unmet(*map(stopped, codes)),))
    assert outcome_of(made)[1].endswith(
        ": it has a promotion, and Microsoft moves none that has; the subscription is not active"
    )


def test_a_product_that_no_list_has_is_named_as_the_reason() -> None:
    made = held_as(made_of(outcomes=(unmet(),)), catalog_id=None)
    assert outcome_of(made)[1] == "Stays as it is: the lists that we have do not know the product"


# ------------------------------------------------------------------- days and promises


def test_days_that_depend_on_people_are_told_as_the_earliest() -> None:
    assert summary(made_of(PLAIN, completes_on=PLAIN.earliest.day)).count(" on 2026") == 0
    later = PLAIN.earliest.day + timedelta(days=9)
    told = summary(made_of(PLAIN, completes_on=later))
    assert f"It takes 1 step, from {PLAIN.earliest.day} on, and can be complete on {later}." in told
    assert outcome_of(CASE)[1].endswith("on 2026-12-24 at the earliest")


def test_what_holds_for_its_own_day_alone_says_so() -> None:
    assert f"It holds on {TODAY} alone and must be made again after that." in summary(
        made_of(PLAIN, valid_until=TODAY)
    )
    other = TODAY + timedelta(days=1)
    assert f"After {other} it no longer holds" in summary(made_of(PLAIN, valid_until=other))


def test_steps_are_called_the_customers_only_where_they_all_are() -> None:
    sign = replace(PLAIN, key="sign", kind=StepKind.GET_AGREEMENT, actor=Actor.CUSTOMER)
    other = replace(PLAIN, key="other", kind=StepKind.TRANSFER_IN, actor=Actor.ANOTHER_PARTNER)
    wait = replace(PLAIN, key="wait", kind=StepKind.WAIT_UNTIL, actor=Actor.MICROSOFT)
    assert "1 step is yours to take." in summary(made_of(sign, PLAIN))
    assert "2 steps are for others than us to take." in summary(made_of(sign, other))
    assert " to take." not in summary(made_of(wait, PLAIN))


def test_what_stays_has_its_licences_from_a_day_on() -> None:
    [mine] = (one for one in CASE.plan.outcomes if one.goal.subscription_id == moved())
    stays = replace(mine, reached=oid("A"), seats=5, ends_on=date(2027, 3, 10), upsell=None)
    steps = (replace(PLAIN, kind=StepKind.REDUCE_SEATS, origin=None, target=None),)
    made = made_of(*steps, outcomes=(stays,))
    told = "Stays Offer A, 5 licences from 2027-03-10 on"
    quiet = replace(made, baseline=replace(made.baseline, events=()))
    assert outcome_of(quiet)[1] == told
    assert outcome_of(made)[1] == (
        f"{told}. With this plan too, Microsoft moves it to new commerce by itself or lets it end "
        "on 2027-03-10"
    )


def test_a_wait_for_microsoft_names_no_day() -> None:
    wait = replace(PLAIN, kind=StepKind.WAIT_UNTIL, actor=Actor.MICROSOFT)
    told = row(made_of(wait))
    assert (told["What"], told["By"]) == ("Wait until Microsoft has set up Offer A", "no last day")


# ------------------------------------------------------------------- the steps


def test_a_cancellation_that_a_move_needs_is_not_said_to_save_money() -> None:
    cancel = replace(PLAIN, kind=StepKind.CANCEL)
    assert row(made_of(cancel))["If it is not done"] == "You pay for both subscriptions"
    clears = replace(cancel, clears=(BlockerCode.ADDONS_PRESENT,))
    assert row(made_of(clears))["If it is not done"] == "Microsoft refuses the steps that need it"


def test_a_move_that_is_not_done_points_to_what_comes_otherwise() -> None:
    assert row(made_of(PLAIN))["If it is not done"] == (
        'It is not moved; what comes then stands under "If nobody acts"'
    )


def test_seats_of_what_was_moved_before_are_told_of_what_it_is_then() -> None:
    moved = replace(PLAIN, transition_kind=TransitionKind.MIGRATION)
    fewer = replace(
        PLAIN,
        key="fewer",
        kind=StepKind.REDUCE_SEATS,
        origin=None,
        target=None,
        seats_after=5,
        takes_effect=date(2027, 3, 10),
    )
    assert row(made_of(moved, fewer), 2)["What"] == (
        "Reduce the licences of Sku a (today Offer A) to 5, with effect from 2027-03-10"
    )
    assert row(made_of(fewer))["What"].startswith("Reduce the licences of Offer A to 5")
    part = replace(moved, part=3)
    assert row(made_of(part, fewer), 2)["What"].startswith("Reduce the licences of Offer A to 5")


def test_what_is_replaced_by_an_order_is_not_called_like_the_new_one() -> None:
    order = replace(PLAIN, kind=StepKind.BUY_NEW, transition_kind=TransitionKind.MIGRATION)
    plain = replace(PLAIN, origin=None, target=None, seats_after=None)
    by_hand = replace(plain, key="by hand", kind=StepKind.REASSIGN_LICENSES)
    cancel = replace(plain, key="cancel", kind=StepKind.CANCEL)
    assert row(made_of(order, by_hand, cancel), 2)["What"] == (
        "Reassign the licences of Offer A to your users by hand"
    )
    assert row(made_of(order, by_hand, cancel), 3)["What"] == "Cancel Offer A"


def test_the_same_question_about_several_steps_is_asked_once() -> None:
    open_ = replace(PLAIN, unanswered=(Unanswered("PROMOTION", ("x",), ""),))
    told = section(made_of(open_, replace(open_, key="second")), "Open questions")
    assert told.count("promotion") == 1
    assert "- We do not know whether it has a promotion (steps 1 and 2)" in told


def test_old_data_are_asked_about_once_with_what_is_wanted() -> None:
    old = [
        replace(event(BaselineCode.DATA_LOOKS_OLD, TODAY), subscription_id=one.subscription_id)
        for one in CASE.plan.goals
    ]
    asked = "please tell us their licences and the last day of their term"
    assert f"- Our data on Offer A and Offer B may be out of date: {asked}" in section(
        having(*old), "Open questions"
    )
    assert "Our data on Offer A may be out of date: please tell us its licences" in section(
        having(*(one for one in old if one.subscription_id == moved())), "Open questions"
    )


def test_a_term_and_a_billing_that_are_not_chosen_are_told_in_one() -> None:
    def told(**changes: Any) -> str:
        return section(made_of(replace(PLAIN, **changes)), "What you commit to")

    assert "Sku a: the term and the billing are not yet chosen;" in told(
        term=None, billing_cycle=None
    )
    assert "of which the rest remains, and the billing is not yet chosen;" in told(
        term="P1Y", billing_cycle=None
    )
