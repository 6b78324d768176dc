"""What the customer gives up stands first: what, from whom, by when, and what goes with it."""

from dataclasses import replace
from datetime import date

import pytest

from planner.blocker_codes import BlockerCode
from planner.blockers import Actor, Blocker, Evidence, Severity, SubjectKind
from planner.customers import Seller
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.plans.told.steps import Due, PlanStep
from planner.readiness import Readiness
from resolvers.plan_writer import Audience
from tests.formats.plans.plan_cases import PlanCase, Read, case

CASE = case()
THEIRS = next(one for one in CASE.customer.holdings.all if one.seller is not Seller.US)
NAME = "POWER_BI"
MOVE = CASE.plan.steps[-1]
LAST = date(2027, 4, 30)


def lost(*titles: str) -> Blocker:
    """Return what the planner finds where no step gives services again; none named: not known."""
    plans = tuple(
        next(one.plan_id for one in CASE.catalog.service_plans.values() if one.title == title)
        for title in titles
    )
    evidence = (Evidence("it gives them", THEIRS.subscription_id, THEIRS.seller, plans),)
    return found(BlockerCode.SERVICES_NOT_REPLACED, Severity.WARNS, evidence if titles else ())


def found(code: BlockerCode, severity: Severity, evidence: tuple[Evidence, ...] = ()) -> Blocker:
    return Blocker(
        code,
        severity,
        SubjectKind.SUBSCRIPTION,
        THEIRS.subscription_id,
        "",
        "docs/sources.md 6",
        evidence=evidence,
    )


AGAIN = found(BlockerCode.SERVICES_GIVEN_AGAIN, Severity.NOTES)


def ending(*findings: Blocker, kind: StepKind = StepKind.CANCEL_ELSEWHERE) -> PlanStep:
    is_theirs = kind is StepKind.CANCEL_ELSEWHERE
    return replace(
        MOVE,
        key="ending",
        kind=kind,
        subscription_id=THEIRS.subscription_id,
        actor=Actor.CUSTOMER if is_theirs else Actor.US,
        latest=Due(LAST, "the move needs it"),
        needs=(),
        target=None,
        origin=None,
        transition_kind=None,
        unanswered=(),
        blockers=findings,
    )


def told(step: PlanStep, *, seller: Seller = Seller.ANOTHER_PARTNER) -> PlanCase:
    """Return a plan of a move that needs the step."""
    held = CASE.customer.holdings
    foreign = tuple(replace(one, seller=seller) for one in held.foreign)
    owner = replace(CASE.customer, holdings=replace(held, foreign=foreign))
    first = replace(MOVE, key="first", needs=(step.key,), unanswered=(), blockers=())
    return replace(CASE, customer=owner, plan=replace(CASE.plan, steps=(step, first)))


def certain(made: PlanCase) -> PlanCase:
    steps = tuple(replace(one, readiness=Readiness.READY) for one in made.plan.steps)
    return replace(made, plan=replace(made.plan, steps=steps))


def asked(made: PlanCase) -> list[str]:
    """Return what is asked, each on a line of its own."""
    section = made.markdown().split("## What we need from you\n\n")[1].split("\n\n##")[0]
    return section.strip().splitlines()


def test_it_tells_what_from_whom_by_when_and_what_its_users_lose() -> None:
    (line,) = asked(certain(told(ending(lost("Phone", "Fax")))))
    assert line.startswith(
        f"- Step 1, by 2027-04-30 and before step 2: Cancel {NAME} with the other partner who sold "
        "it to you, 5 licences in all. Its users lose Phone and Fax, and no step of this plan "
        "gives them that again. Move the data that they have there, such as mail and files, to "
        "another place before it ends:"
    )
    assert line.endswith("Ask the seller from which day it ends and what is still to be paid.")


@pytest.mark.parametrize(
    ("seller", "words"),
    [
        (Seller.ANOTHER_PARTNER, "with the other partner who sold it to you"),
        (Seller.ANOTHER_CHANNEL, "with whoever sold it to you, such as Microsoft itself"),
        (Seller.NOT_KNOWN, "with whoever sold it to you, 5 licences"),
    ],
)
def test_the_seller_is_named_as_far_as_it_is_known(seller: Seller, words: str) -> None:
    made = told(ending(lost("Fax")), seller=seller)
    assert words in asked(made)[0]
    assert words.split(",")[0] in Read(made.markdown()).tables[0][1][3]


def test_services_are_named_in_the_order_of_their_weight_and_not_of_their_titles() -> None:
    (heavy,) = asked(told(ending(lost("Phone", "Fax"))))
    (light,) = asked(told(ending(lost("Fax", "Phone"))))
    assert "lose Phone and Fax," in heavy
    assert "lose Fax and Phone," in light


def test_services_that_are_not_known_are_not_told_as_none() -> None:
    (line,) = asked(told(ending(lost())))
    assert "We do not know which services its users lose by that" in line
    assert "to another place before it ends" in line


def test_what_is_given_again_is_not_told_as_kept() -> None:
    (line,) = asked(told(ending(AGAIN)))
    assert "Its users lose" not in line
    assert "and may be without them until then" in line
    (line,) = asked(told(ending(lost("Fax"), AGAIN)))
    assert "Its users lose Fax, and no step" in line
    assert "Some of its services are in other subscriptions too" in line


def test_nothing_is_to_be_cancelled_for_a_step_that_is_not_certain() -> None:
    made = told(ending(lost("Fax")))
    step, first = made.plan.steps
    second = replace(first, key="second", needs=(first.key,))

    def said(*readiness: Readiness) -> str:
        moves = [
            replace(one, readiness=known)
            for one, known in zip((first, second), readiness, strict=True)
        ]
        return asked(replace(made, plan=replace(made.plan, steps=(step, *moves))))[0]

    ready, unsure = Readiness.READY, Readiness.CONDITIONAL
    assert "do not cancel" not in said(ready, ready)
    assert said(unsure, unsure).endswith(
        "Please do not cancel it before we tell you to: whether step 2 can be done is not "
        "certain yet."
    )
    assert "whether step 3 can be done" in said(ready, Readiness.UNKNOWN)


def test_what_a_plan_ends_without_reaching_its_goal_is_not_told_to_stay() -> None:
    goal, *others = CASE.plan.outcomes
    unmet = replace(goal, status=Status.UNMET, reached=None, upsell=None)
    mine = goal.goal.subscription_id
    step = replace(ending(lost("Fax"), kind=StepKind.CANCEL), subscription_id=mine)
    plan = replace(CASE.plan, steps=(step,), outcomes=(unmet, *others))
    made = replace(CASE, plan=plan)
    rows = [row for row in Read(made.markdown()).tables[1] if row[0] == "Offer A"]
    assert [row[1] for row in rows] == ["Ends: we cancel it, by 2027-04-30 (step 1)"]
    assert "Please read first: with this plan Offer A ends" in made.markdown()
    stays = replace(made, plan=replace(plan, steps=()))
    assert "Stays as it is:" in stays.markdown()


def test_it_stands_above_every_other_step_of_the_customers() -> None:
    step = ending(lost("Fax"))
    made = told(step)
    sign = replace(step, key="sign", kind=StepKind.GET_AGREEMENT, subscription_id=None)
    both = replace(made, plan=replace(made.plan, steps=(sign, *made.plan.steps)))
    first, second = asked(both)
    assert first.startswith("- Step 2, by 2027-04-30 and before step 3: Cancel")
    assert second == "- Step 1, by 2027-04-30: Accept the Microsoft Customer Agreement"


def test_the_document_begins_with_it() -> None:
    text = told(ending(lost("Fax"))).markdown()
    first = text.split("\n\n")[1]
    assert first == (
        f"Please read first: with this plan {NAME}, which you cancel with the other partner who "
        "sold it to you, ends, and users lose services that this plan does not give them again. "
        'What that means and what has to be done before stands under "What we need from you".'
    )
    assert "Please read first" not in CASE.markdown()


def test_it_has_a_row_of_its_own_beside_what_happens_otherwise() -> None:
    made = told(ending(lost("Fax")))
    *_, row = Read(made.markdown()).tables[1]
    assert row == [
        "POWER_BI",
        "Ends: you cancel it with the other partner who sold it to you, by 2027-04-30 (step 1)",
        "Only its seller can see when it renews or ends",
    ]
    *_, row = Read(made.markdown(Audience.INTERNAL)).tables[1]
    assert row[1] == f"{MOVE.message} (step 1)"
    assert len(Read(CASE.markdown()).tables[1]) == 1 + len(CASE.plan.outcomes)


def test_what_is_transferred_to_us_has_a_row_and_no_warning() -> None:
    text = told(ending(kind=StepKind.TRANSFER_IN)).markdown()
    *_, row = Read(text).tables[1]
    assert row[:2] == [
        "POWER_BI",
        "Stays as it is, and comes to us from the other partner who sold it to you, by 2027-04-30 "
        "(step 1)",
    ]
    assert "Please read first" not in text


def test_it_is_no_open_question() -> None:
    text = told(ending(lost("Fax"))).markdown()
    assert "no step of this plan gives you again" not in text


def test_what_we_end_ourselves_is_told_as_loudly_where_users_lose_by_it() -> None:
    (line,) = asked(told(ending(lost("Fax"), kind=StepKind.CANCEL)))
    assert f": Cancel {NAME}, 5 licences in all (we do that). Its users lose Fax" in line
    assert "Ask the seller" not in line
    text = told(ending(lost("Fax"), kind=StepKind.TURN_OFF_AUTO_RENEWAL)).markdown()
    assert f"Please read first: with this plan {NAME} ends, and users lose" in text
    quiet = told(ending(AGAIN, kind=StepKind.CANCEL)).markdown()
    assert "Please read first" not in quiet
    assert "Ends: we cancel it, by 2027-04-30 (step 1)" in quiet
