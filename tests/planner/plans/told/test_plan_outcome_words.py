"""What a plan says of a goal that is met from the start."""

from planner.goals import OfferGoal
from planner.plans.goals import SubscriptionGoal
from planner.plans.plan import make_plan
from planner.plans.search.solution import Status
from planner.plans.told.steps import Outcome
from planner.plans.wanted import Wanted
from planner.scope import Scope
from tests.planner.builders import NOW, catalog, customer, oid, subscription, with_plans


def test_what_is_there_already_is_not_said_to_become_it() -> None:
    outcome = _outcome("A")
    assert (outcome.status, outcome.message) == (
        Status.MET,
        "It stays what it is; it is legacy still",
    )


def test_what_moves_is_said_to_become_the_target() -> None:
    outcome = _outcome("a")
    assert outcome.status is Status.MET
    assert outcome.message.startswith("It becomes ")


def _outcome(wanted: str) -> Outcome:
    made = catalog("A>a migration documented", **with_plans({"A": "MAIL", "a": "MAIL"}))
    held = subscription("A", 20, number=1)
    goal = SubscriptionGoal(held.subscription_id, OfferGoal(oid(wanted)))
    (outcome,) = make_plan(made, customer(held), Wanted(Scope(NOW)), goals=(goal,)).outcomes
    return outcome
