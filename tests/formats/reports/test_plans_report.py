"""The report `plans` tells each customer's plan whole: its outcomes, then its steps."""

from datetime import date

from offerpath.report_kinds import CustomersReportName
from planner.plans.plan import make_plan
from planner.plans.wanted import Wanted
from planner.rules import Choices
from planner.scope import Scope
from tests.formats.reports.customer_reports import NOW, customers_of, sample_asked, sample_lines

PLANS = CustomersReportName.PLANS


async def test_every_goal_and_step_of_every_customers_plan_is_a_line() -> None:
    asked = await sample_asked()
    told = await sample_lines(PLANS)
    goals = steps = 0
    for owner in await customers_of(asked):
        of_owner = [line for line in told if line["customer_id"] == owner.customer_id]
        plan = make_plan(asked.catalog, owner, Wanted(Scope(NOW), Choices()), acting=asked.acting)
        goals, steps = goals + len(plan.goals), steps + len(plan.steps)
        outcomes = [line for line in of_owner if line["line"] == "OUTCOME"]
        assert [line["number"] for line in of_owner] == list(range(1, len(of_owner) + 1))
        assert of_owner[: len(outcomes)] == outcomes
        assert [(line["subscription_id"], line["status"]) for line in outcomes] == [
            (outcome.goal.subscription_id, outcome.status.value) for outcome in plan.outcomes
        ]
        done = of_owner[len(outcomes) :]
        assert [line["step_key"] for line in done] == [step.key for step in plan.steps]
        for line, step in zip(done, plan.steps, strict=True):
            assert (line["kind"], line["earliest"]) == (step.kind.value, step.earliest.day)
            assert line["latest"] == (step.latest.day if step.latest else None)
            assert line["needs"] == step.needs
            assert (line["seats_before"], line["seats_after"]) == (
                step.seats_before,
                step.seats_after,
            )
    assert (len(told), goals > 30, steps > 30) == (goals + steps, True, True)


async def test_a_step_needs_only_steps_that_come_before_it() -> None:
    done: dict[str, set[str]] = {}
    for line in await sample_lines(PLANS):
        if line["line"] == "STEP":
            before = done.setdefault(line["customer_id"], set())
            assert before.issuperset(line["needs"])
            before.add(line["step_key"])


async def test_what_is_of_a_goal_is_empty_for_a_step_and_the_other_way_round() -> None:
    for line in await sample_lines(PLANS):
        is_step = line["line"] == "STEP"
        assert (line["status"] is None) is is_step
        assert (line["step_key"] is not None) is is_step
        assert (type(line["earliest"]) is date) is is_step


async def test_an_unmet_goal_says_what_stops_it() -> None:
    unmet = [line for line in await sample_lines(PLANS) if line["status"] == "UNMET"]
    assert unmet
    for line in unmet:
        assert line["message"]
        assert line["target_id"] is None
