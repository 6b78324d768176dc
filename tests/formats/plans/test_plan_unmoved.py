"""What is not moved is told with its true reason, and first where it ends for good."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from formats.plans.words import LEFT_OUT
from planner.baselines.baseline import baseline
from planner.baselines.rules import BaselineCode
from planner.blocker_codes import BlockerCode
from planner.blockers import Blocker, Severity, SubjectKind
from planner.customers import Customer
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.plans.wanted import Wanted
from tests.formats.plans.plan_cases import PlanCase, Read
from tests.formats.plans.spoken import CASE, event, having, made_of, moved, outcome_of, section
from tests.formats.sample.test_sample_portfolio import NAMES, SCOPE, catalog, customers

ENDS = date(2027, 2, 11)
NOT_SOLD = Blocker(
    BlockerCode.TARGET_END_OF_SALE, Severity.BLOCKS, SubjectKind.SUBSCRIPTION, "x", "", ""
)


def stays(*left_out: tuple[StepKind, ...], stopped: bool = False) -> PlanCase:
    """Return a case whose subscription that moves is not moved, for want of steps left out."""
    outcomes = tuple(
        replace(
            one,
            status=Status.UNMET,
            reached=None,
            left_out=left_out,
            blockers=(NOT_SOLD,) if stopped else (),
        )
        if one.goal.subscription_id == moved()
        else one
        for one in CASE.plan.outcomes
    )
    return made_of(outcomes=outcomes)


# -------------------------------------------------------------- steps that it does without


def test_every_kind_of_step_that_is_left_out_has_words() -> None:
    assert set(LEFT_OUT) == set(StepKind)


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (
            ((StepKind.CANCEL,),),
            "it takes a step that this plan was asked to do without (cancelling a subscription "
            "that you have from us)",
        ),
        (
            ((StepKind.CANCEL,), (StepKind.BUY_NEW,)),
            "it takes a step that this plan was asked to do without (cancelling a subscription "
            "that you have from us or ordering the new product)",
        ),
        (
            ((StepKind.BUY_NEW, StepKind.CANCEL),),
            "it takes steps that this plan was asked to do without (ordering the new product and "
            "cancelling a subscription that you have from us)",
        ),
    ],
)
def test_what_the_plan_does_without_is_the_reason(
    kinds: tuple[tuple[StepKind, ...], ...], words: str
) -> None:
    assert outcome_of(stays(*kinds))[1] == f"Stays as it is: {words}"


def test_what_stops_the_other_ways_is_told_after_it() -> None:
    told = outcome_of(stays((StepKind.MIGRATE,), stopped=True))[1]
    assert told.endswith(
        "new commerce); every other way is stopped: Microsoft has ended the sale of the new product"
    )


def test_birchwood_is_not_told_that_there_is_no_way() -> None:
    told = of_sample("Birchwood", without=(StepKind.CANCEL,))
    assert "was found" not in told.markdown()
    assert told.markdown().count("(cancelling a subscription that you have from us)") == 2


# ---------------------------------------------------------------------- what ends for good


def unmoved(*codes: BaselineCode, day: date | None = ENDS) -> PlanCase:
    events = tuple(event(code, day) for code in codes)
    return replace(stays(), baseline=having(*events).baseline)


def first_words(made: PlanCase) -> str:
    return made.markdown().split("\n\n")[1]


@pytest.mark.parametrize(
    ("code", "ends"),
    [
        (BaselineCode.EXPIRES_FOR_GOOD, "on 2027-02-11, it expires and cannot be reactivated"),
        (BaselineCode.DELETED, "from 2027-02-11 on, Microsoft deletes it with its data"),
    ],
)
def test_what_ends_for_good_and_is_not_moved_is_told_first_and_decided_on(
    code: BaselineCode, ends: str
) -> None:
    made = unmoved(code)
    assert first_words(made).startswith(
        f"Please read first: this plan does not move Offer A: {ends}. What that means"
    )
    assert section(made, "What we need from you").startswith(
        "- Decide before 2027-02-11 what shall become of Offer A. No step moves it: "
        f"{ends}. If you still need it, another product"
    )


@pytest.mark.parametrize("code", [BaselineCode.RENEWS, BaselineCode.MICROSOFT_LED_MIGRATION])
def test_what_goes_on_is_not_told_first(code: BaselineCode) -> None:
    assert "read first" not in unmoved(code).markdown()
    assert "Decide" not in unmoved(code).markdown()


def test_what_is_moved_is_not_told_to_end() -> None:
    made = having(event(BaselineCode.EXPIRES_FOR_GOOD, ENDS))
    assert "read first" not in made.markdown()


def test_a_day_that_is_not_known_is_not_told() -> None:
    made = unmoved(BaselineCode.EXPIRES_FOR_GOOD, day=None)
    assert "Decide soon what shall become of Offer A." in made.markdown()


def test_umber_is_asked_for_fewer_licences_where_those_fit() -> None:
    made = of_sample("Umber", seats=500)
    (asked,) = section(made, "What we need from you").strip().splitlines()
    assert asked.endswith(
        "With 300 of its 500 licences it can become Microsoft 365 Business Basic, while your users "
        "do without the other 200."
    )


def test_a_step_that_the_plan_does_without_is_offered_as_a_way() -> None:
    made = of_sample("Rowan", without=(StepKind.UPGRADE,))
    (asked,) = section(made, "What we need from you").strip().splitlines()
    assert "it expires and cannot be reactivated. " in asked
    assert (
        "Moving it takes a step that this plan was asked to do without (upgrading a subscription "
        "before it moves to Microsoft's new commerce)"
    ) in asked
    assert "another product or another way" not in asked


# ------------------------------------------------------------------------ services, at last


def test_what_ends_is_not_said_to_be_replaced_for_everybody() -> None:
    _, moves, ends = Read(of_sample("Rowan").markdown()).tables[2]
    assert moves[3].startswith("Microsoft 365 Apps for enterprise in place of")
    assert ends[3].startswith(
        "only for users who get a licence of another subscription: Microsoft 365 Apps for "
        "enterprise in place of"
    )


@cache
def of_sample(
    begins: str, *, seats: int | None = None, without: tuple[StepKind, ...] = ()
) -> PlanCase:
    """Return a plan of the sample, with these seats of Business Basic."""
    owner = _by_name()[begins]
    if seats is not None:
        own = tuple(
            replace(one, seats=seats) if catalog().offers[one.catalog_id].title == BASIC else one
            for one in owner.holdings.own
            if one.catalog_id is not None
        )
        owner = replace(owner, holdings=replace(owner.holdings, own=own))
    plan = make_plan(catalog(), owner, Wanted(SCOPE, without=frozenset(without)))
    return PlanCase(catalog(), owner, plan, baseline(catalog(), owner, at=SCOPE.at))


BASIC = "Microsoft 365 Business Basic"


def _by_name() -> Mapping[str, Customer]:
    return {name.split()[0]: customers()[name] for name in NAMES}
