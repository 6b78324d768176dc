"""A step that ends a subscription tells what its users lose and which step gives it again."""

from dataclasses import replace

from planner.blocker_codes import BlockerCode
from planner.blockers import Severity
from planner.catalog import Catalog
from planner.customers import Customer, Seller, Subscription
from planner.facts import ServiceFamily
from planner.goals import OfferGoal
from planner.plans.goals import SubscriptionGoal
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import PlanStep
from planner.plans.wanted import Wanted
from planner.readiness import Readiness
from tests.formats.sample.test_sample_portfolio import NAMES, SCOPE, catalog, customers
from tests.planner.builders import ADMIN, customer, oid, pid, trusting, with_plans
from tests.planner.builders import SCOPE as PLAIN
from tests.planner.builders import catalog as made_of
from tests.planner.plan_worlds import held

ROWAN, BIRCHWOOD = (
    next(name for name in NAMES if name.startswith(begins)) for begins in ("Rowan", "Birchwood")
)
PLANS = {"A": "DESK", "B": "DESK TEAMS MAILTWO", "F": "TEAMS MAIL VOICE", "K": "VOICE"}
FAMILY = ServiceFamily("MAIL", frozenset({pid("MAIL"), pid("MAILTWO")}), "families")


def ending(catalog_: Catalog, held_by: Customer, kind: StepKind, to: str) -> PlanStep:
    first = held_by.holdings.own[0].subscription_id
    goal = SubscriptionGoal(first, OfferGoal(oid(to)))
    plan = make_plan(catalog_, held_by, Wanted(PLAIN), goals=[goal], acting=ADMIN)
    return next(step for step in plan.steps if step.kind is kind)


def small(*others: Subscription, plans: dict[str, str] | None = None, seats: int = 10) -> PlanStep:
    """Return the step that cancels another seller's F, whose TEAMS is in the way of B."""
    made = made_of(
        "A>B upgrade documented, F>K upgrade documented",
        **with_plans(PLANS if plans is None else plans),
        service_families=[FAMILY],
    )
    mine = held("A", 1, seats=seats)
    theirs = held("F", 50, Seller.ANOTHER_PARTNER, seats=7)
    holder = trusting(customer(mine, *others, theirs))
    return ending(made, holder, StepKind.CANCEL_ELSEWHERE, "B")


def told(step: PlanStep) -> list[tuple[str, Severity, set[str]]]:
    return [
        (one.code, one.severity, {str(plan) for fact in one.evidence for plan in fact.plan_ids})
        for one in step.blockers
        # Of the step that comes after; test_for_good has it.
        if one.code is not BlockerCode.UNSURE_STEP_FOLLOWS
    ]


def test_what_no_step_gives_again_is_a_warning_and_the_rest_names_who_gives_it() -> None:
    step = small()
    assert told(step) == [
        ("SERVICES_NOT_REPLACED", Severity.WARNS, {pid("VOICE")}),
        # The other plan of its family takes the place of MAIL.
        ("SERVICES_GIVEN_AGAIN", Severity.NOTES, {pid("TEAMS"), pid("MAIL")}),
    ]
    assert step.readiness is Readiness.CONDITIONAL
    assert "The users of the 7 seats" in step.blockers[0].message
    assert "one of its 10 licences (as many as there were before)" in step.blockers[1].message


def test_a_single_licence_is_told_as_the_only_one() -> None:
    message = small(seats=1).blockers[1].message
    assert message.endswith("who get its only licence (there was one before too).")


def test_what_is_there_already_is_named_and_ends_no_warning() -> None:
    codes = told(small(held("K", 2, seats=3)))
    assert codes[0] == ("SERVICES_NOT_REPLACED", Severity.WARNS, {pid("VOICE")})
    assert ("SERVICES_GIVEN_AGAIN", Severity.NOTES, {pid("VOICE")}) in codes


def test_where_everything_is_given_again_nothing_warns() -> None:
    step = small(plans=PLANS | {"F": "TEAMS"})
    assert told(step) == [("SERVICES_GIVEN_AGAIN", Severity.NOTES, {pid("TEAMS")})]
    # The upgrade that comes after is contested.
    warns = [one.code for one in step.blockers if one.severity is not Severity.NOTES]
    assert warns == [BlockerCode.UNSURE_STEP_FOLLOWS]


def test_a_smaller_plan_that_was_there_beside_the_larger_one_does_not_take_its_place() -> None:
    """As comparisons have it: what only the larger one gave is lost."""
    both = PLANS | {"B": "DESK TEAMS MAIL", "F": "TEAMS MAIL MAILTWO"}
    assert told(small(plans=both)) == [
        ("SERVICES_NOT_REPLACED", Severity.WARNS, {pid("MAILTWO")}),
        ("SERVICES_GIVEN_AGAIN", Severity.NOTES, {pid("TEAMS"), pid("MAIL")}),
    ]


def test_rowans_users_are_told_to_lose_their_mail() -> None:
    plan = make_plan(catalog(), customers()[ROWAN], Wanted(SCOPE))
    (step,) = (one for one in plan.steps if one.kind is StepKind.CANCEL_ELSEWHERE)
    warning, *others = step.blockers
    assert (warning.code, warning.severity) == ("SERVICES_NOT_REPLACED", Severity.WARNS)
    assert "Exchange Online (Plan 1)" in warning.message
    assert "no step of the plan gives them again" in warning.message
    assert any("Apps for enterprise, which the plan leads to" in one.message for one in others)
    unsure = BlockerCode.UNSURE_STEP_FOLLOWS
    assert all((one.severity is Severity.NOTES) == (one.code != unsure) for one in others)


def test_what_is_bought_in_the_place_of_what_is_cancelled_gives_its_services_again() -> None:
    plan = make_plan(catalog(), customers()[BIRCHWOOD], Wanted(SCOPE))
    (step,) = (one for one in plan.steps if one.kind is StepKind.CANCEL)
    assert [one.code for one in step.blockers] == ["SERVICES_GIVEN_AGAIN"]
    assert step.readiness is Readiness.READY


def test_the_same_is_told_whatever_the_order_of_what_is_held() -> None:
    holder = customers()[ROWAN]
    turned = replace(
        holder,
        holdings=replace(
            holder.holdings,
            own=holder.holdings.own[::-1],
            foreign=holder.holdings.foreign[::-1],
        ),
    )
    plans = [make_plan(catalog(), one, Wanted(SCOPE)) for one in (holder, turned)]
    assert plans[0].steps == plans[1].steps
