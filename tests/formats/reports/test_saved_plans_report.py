"""The report on saved plans has a line for each, with where it stands and whether it holds."""

from dataclasses import replace

import pytest

from offerpath.report_kinds import CustomersReportName, of_customers
from planner.plans.told.steps import Plan
from resolvers.catalog.moves import ScopeRequest
from resolvers.problems import BadInput
from resolvers.records.plans import SavedPlan
from resolvers.reports.about_customers import CustomersRequest
from tests.formats.reports.customer_reports import lines
from tests.resolvers.plans.plan_house import HELD, NOW, OTHER, SUSPENDED, small_house

SAVED = CustomersRequest(saved=True)
PLANS = CustomersReportName.PLANS


async def test_every_saved_plan_is_a_line_newest_first_with_its_status() -> None:
    house = await small_house()
    await house.load(owner=OTHER)
    old = await house.approved()
    first, *_ = old.plan.steps
    assert isinstance(await house.mark(old, first.key), SavedPlan)
    new = await house.approved(supersede=True)
    told = await lines(house.asked(), PLANS, SAVED)
    by_id = {line["plan_id"]: line for line in told}
    assert set(by_id) == {old.plan_id, new.plan_id}
    assert (by_id[old.plan_id]["status"], by_id[old.plan_id]["superseded_by"]) == (
        "SUPERSEDED",
        new.plan_id,
    )
    assert (by_id[old.plan_id]["steps_done"], by_id[new.plan_id]["steps_done"]) == (1, 0)
    plan: Plan = new.plan
    line = by_id[new.plan_id]
    assert (line["status"], line["freshness"], line["stale_reasons"]) == ("APPROVED", "CURRENT", ())
    assert (line["goals"], line["steps"]) == (len(plan.goals), len(plan.steps))
    assert (line["next_step"], line["next_earliest"]) == (first.key, first.earliest.day)
    assert line["created_at"] == NOW.isoformat(timespec="seconds").replace("+00:00", "Z")


async def test_a_plan_whose_facts_moved_is_stale_and_says_why() -> None:
    house = await small_house()
    await house.save()
    await house.load(replace(SUSPENDED, seats=99), *HELD[1:])
    (line,) = await lines(house.asked(), PLANS, SAVED)
    assert (line["freshness"], line["stale_kinds"]) == ("STALE", ("FACT",))
    assert "the seats of our subscription" in line["stale_reasons"][0]


async def test_saved_plans_are_not_asked_for_another_instant() -> None:
    house = await small_house()
    with pytest.raises(BadInput) as caught:
        of_customers(house.asked(), PLANS, replace(SAVED, scope=ScopeRequest(at=NOW)))
    assert caught.value.code == "SCOPE_NOT_ASKED"
