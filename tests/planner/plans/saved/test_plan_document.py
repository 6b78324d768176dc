"""A plan that is written down is read back equal, for ever, and nothing doubtful is read."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Alternative,
    Assumption,
    Blocker,
    Evidence,
    PartnerCenterCode,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.customers import Seller
from planner.goals import OfferGoal, ProductGoal, ServicesGoal
from planner.no_path import Cause, NoPath, Verdict
from planner.permissions import Acting, Role
from planner.plans.goals import SubscriptionGoal
from planner.plans.saved.document import (
    UnreadableDocument,
    canonical,
    document_of,
    plain,
    plan_document,
    plan_of,
    value_of,
)
from planner.plans.saved.question import PlanQuestion
from planner.plans.search.acts import StepKind
from planner.plans.search.money import MonthlyPrice
from planner.plans.search.solution import Exactness, Status
from planner.plans.told.steps import (
    AlternativePlan,
    ApiCall,
    BatchRow,
    Component,
    Due,
    MemberStep,
    Outcome,
    Plan,
    PlanStep,
)
from planner.readiness import Readiness
from planner.rules import Choices, Mode
from planner.scope import Scope
from planner.transitions import EvidenceKind, TransitionKind
from tests.examples import checked
from tests.planner.builders import oid, oids, pid
from tests.planner.plan_worlds import World, worlds

STORED = Path(__file__).with_name("plan_of_format_1.json")
AT = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
DAY = date(2027, 3, 1)
EDGE = (oid("A"), oid("a"))
REMEDY = Remedy(RemedyAction.WAIT_UNTIL, Actor.US, "Wait “here” 🎉", "ADMIN_AGENT", "s1", 3, DAY)
BLOCKER = Blocker(
    BlockerCode.ACTIVE_FOR_A_MONTH_OR_LESS,
    Severity.BLOCKS,
    SubjectKind.SUBSCRIPTION,
    "s1",
    "too young",
    "docs/sources.md 3",
    EDGE,
    (("days", "3"),),
    (Evidence("seen", "s2", Seller.ANOTHER_PARTNER, (pid("MAIL"),), "list"),),
    (REMEDY,),
    DAY,
    (Alternative.BUY_NEW,),
    (PartnerCenterCode("MIGRATION", 7, "TooYoung"),),
)
QUESTION = Unanswered("SEAT_CAP", ("holdings.foreign",), "not loaded", EDGE, (REMEDY,))
PRICE = MonthlyPrice(Decimal("120.50"), "USD", "list", DAY)
CALL = ApiCall(
    "POST",
    "/v1/x",
    {"quantity": 3, "full": True, "none": None, "lines": ({"id": 0}, {"id": 1}), "empty": ()},
    "first ask",
)
STEP = PlanStep(
    "MIGRATE/s1/a",
    StepKind.MIGRATE,
    "Migrate it",
    "s1",
    "Title",
    Actor.US,
    "ADMIN_AGENT",
    Due(DAY, "from then on"),
    Due(date(2027, 4, 1), "its term ends"),
    "it stays",
    ("WAIT_UNTIL/s1",),
    *EDGE,
    TransitionKind.MIGRATION,
    EvidenceKind.DOCUMENTED,
    Mode.WITH_LICENSE_TRANSFER,
    "s9",
    10,
    12,
    "P1Y",
    "monthly",
    full_new_term=True,
    custom_end=DAY,
    price_before=PRICE,
    price_after=replace(PRICE, amount=Decimal("1E+3"), as_of=None),
    takes_effect=DAY,
    members=(MemberStep("s2", "Add-on", oid("D"), oid("d"), None),),
    call=CALL,
    batch_rows=(BatchRow("subscriptions.csv", (("CustomerName", ""), ("Term", "P1Y"))),),
    clears=("AGE",),
    readiness=Readiness.CONDITIONAL,
    blockers=(BLOCKER,),
    unanswered=(QUESTION,),
    assumes=(Assumption("AGREES", "taken for granted", "GET /"),),
    source="docs/sources.md 3",
)
NO_PATH = NoPath(
    Verdict.NOT_KNOWN,
    "none",
    (Cause("LIST_NOT_LOADED", "absent", (oid("A"),), ("s",), "import it", DAY),),
    (oid("A"),),
    7,
)
FULL = Plan(
    "customer",
    AT,
    (
        SubscriptionGoal("s1"),
        SubscriptionGoal("s2", OfferGoal(oid("b")), 5),
        SubscriptionGoal("s3", ProductGoal("CFQ7TTC0000A")),
        SubscriptionGoal("s4", ServicesGoal(frozenset({pid("MAIL"), pid("TEAMS")}))),
        SubscriptionGoal("s5", None, 9),
    ),
    (
        Outcome(
            SubscriptionGoal("s1"),
            "Title",
            Status.MET,
            oid("a"),
            12,
            DAY,
            "It becomes a",
            price_now=PRICE,
            price_then=None,
            candidates=(oid("a"), oid("b")),
        ),
        Outcome(
            SubscriptionGoal("s2", OfferGoal(oid("b")), 5),
            "",
            Status.UNMET,
            None,
            None,
            None,
            "There is no way",
            blockers=(BLOCKER,),
            no_path=NO_PATH,
        ),
    ),
    (STEP, replace(STEP, key="bare", call=replace(CALL, body=None), latest=None, mode=None)),
    (Component(("s1", "s2"), ("target a",), Exactness.BEST_FOUND, 7, 60),),
    (AlternativePlan(("s1",), "1 step fewer", (STEP,), (0, 1, 0)),),
    (1, 0, 0, 12),
    DAY,
    None,
    Exactness.BEST_FOUND,
)


def test_everything_a_plan_can_hold_comes_back_equal() -> None:
    assert plan_of(plan_document(FULL)) == FULL


def test_a_document_of_the_first_format_is_read_for_ever() -> None:
    """The file was written once and is never written again: a change that breaks it breaks what
    people have approved."""
    assert plan_of(STORED.read_text(encoding="utf-8")) == FULL


@given(worlds())
@checked(40)
def test_every_plan_comes_back_equal_and_writes_the_same_text(made: World) -> None:
    plan = made.whole_plan()
    text = plan_document(plan)
    assert plan_of(text) == plan
    assert plan_document(plan_of(text)) == text


def test_a_document_is_canonical_whatever_layout_it_was_kept_in() -> None:
    text = plan_document(FULL)
    loaded = json.loads(text)
    assert canonical(loaded) == text
    shuffled = json.dumps(dict(reversed(loaded.items())), indent=3)
    assert plan_document(plan_of(shuffled)) == text


def test_a_document_holds_no_floats() -> None:
    def refuse(text: str) -> Any:
        raise AssertionError(text)

    json.loads(plan_document(FULL), parse_float=refuse, parse_constant=refuse)
    for wrong in (1.5, {1, 2}, object(), b"x"):
        with pytest.raises(TypeError):
            plain(wrong)


def test_amounts_keep_their_places() -> None:
    found = plan_of(plan_document(FULL)).steps[0].price_before
    assert found is not None
    assert str(found.amount) == "120.50"


QUESTIONS = st.builds(
    PlanQuestion,
    st.builds(
        Scope,
        st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        market=st.sampled_from([None, "US"]),
        kinds=st.none() | st.frozensets(st.sampled_from(TransitionKind)),
        avoid=st.sampled_from([frozenset(), oids("aB")]),
        max_steps=st.none() | st.integers(1, 12),
    ),
    st.none() | st.lists(st.sampled_from(FULL.goals)).map(tuple),
    st.builds(Choices, st.sampled_from(Mode), seats=st.none() | st.integers(1)),
    st.frozensets(st.sampled_from(StepKind)),
    st.builds(Acting, st.none() | st.frozensets(st.sampled_from(Role))),
    st.integers(1, 20_000),
)


@given(QUESTIONS)
@checked(60)
def test_every_question_comes_back_equal(question: PlanQuestion) -> None:
    assert value_of(PlanQuestion, document_of(question)) == question


def _spoilt(change: Any) -> str:
    loaded = json.loads(plan_document(FULL))
    change(loaded)
    return json.dumps(loaded)


def _in_plan(**changed: Any) -> str:
    return _spoilt(lambda loaded: loaded["value"].update(changed))


UNREADABLE = {
    "no JSON": "{",
    "another value": "[]",
    "no format": '{"value": {}}',
    "a later format": _spoilt(lambda loaded: loaded.update(format=2)),
    "a field that is not known": _in_plan(surprise=1),
    "a field that is missing": _spoilt(lambda loaded: loaded["value"].pop("steps")),
    "a float": _in_plan(merit=[1.5]),
    "a text for a number": _in_plan(merit=["1"]),
    "a yes for a number": _in_plan(merit=[True]),
    "a text for a list": _in_plan(goals="s1"),
    "an enumeration that is not known": _in_plan(exactness="ALMOST"),
    "no day": _in_plan(completes_on="soon"),
    "a goal of another kind": _spoilt(
        lambda loaded: loaded["value"]["goals"][1]["goal"].update(type="Plan")
    ),
    "a goal without a kind": _spoilt(
        lambda loaded: loaded["value"]["goals"][1]["goal"].pop("type")
    ),
    "an amount that is none": _spoilt(
        lambda loaded: loaded["value"]["steps"][0]["price_before"].update(amount="much")
    ),
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_document_is_refused_with_one_error(text: str) -> None:
    with pytest.raises(UnreadableDocument):
        plan_of(text)


def test_a_field_that_came_later_takes_its_default() -> None:
    def older(loaded: Any) -> None:
        for step in loaded["value"]["steps"]:
            del step["assumes"], step["price_after"]

    found = plan_of(_spoilt(older))
    bare = tuple(replace(step, assumes=(), price_after=None) for step in FULL.steps)
    assert found == replace(FULL, steps=bare)


def test_outcomes_told_what_is_left_out_later_than_plans_were_written_down() -> None:
    (first, *rest) = FULL.outcomes
    kinds = ((StepKind.CANCEL,), (StepKind.MIGRATE, StepKind.UPGRADE))
    now = replace(FULL, outcomes=(replace(first, left_out=kinds), *rest))
    assert plan_of(plan_document(now)) == now
    loaded = json.loads(plan_document(now))
    for outcome in loaded["value"]["outcomes"]:
        del outcome["left_out"]
    bare = tuple(replace(one, left_out=()) for one in now.outcomes)
    assert plan_of(json.dumps(loaded)) == replace(now, outcomes=bare)
