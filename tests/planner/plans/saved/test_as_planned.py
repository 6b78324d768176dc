"""What done steps make of a customer's facts leaves a plan current; anything else is told."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.customers import Customer, Subscription, SubscriptionState
from planner.plans.merit import UNKNOWN
from planner.plans.plan import make_plan
from planner.plans.saved.as_planned import as_read
from planner.plans.saved.carried_out import Carried
from planner.plans.saved.fingerprint import parts_of
from planner.plans.saved.question import PlanQuestion
from planner.plans.saved.staleness import CURRENT, Freshness, Moved, staleness
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import Plan, PlanStep
from tests.planner.plans.replay import Failed, done
from tests.planner.plans.strategies import Case, cases
from tests.planner.plans.tenant import FOR_GOOD, Tenant, tenant_of
from tests.planner.plans.test_plans_replayed import IN_PART, checked

STATES_ALLOWED = 100


@dataclass(frozen=True, slots=True)
class Halfway:
    """A plan of which some steps are done, and the customer as it is imported afterwards."""

    case: Case
    plan: Plan
    done: tuple[Carried, ...]
    now: Customer
    today: date

    def verdict(self, now: Customer | None = None) -> Freshness:
        """Return whether the plan holds, its days apart: those are tested elsewhere."""
        question = PlanQuestion(self.case.wanted.scope, self.case.goals, self.case.wanted.choices)
        catalog, read = self.case.catalog, self.case.customer
        back = as_read(catalog, self.plan, read, now or self.now, self.done, on=self.today)
        undated = tuple(replace(step, latest=None) for step in self.plan.steps)
        return staleness(
            replace(self.plan, steps=undated, valid_until=None),
            parts_of(catalog, read, question),
            parts_of(catalog, back, question),
            on=self.today,
            done={one.step.key for one in self.done},
        )

    def has_only_the_plans_own_time(self) -> bool:
        """Return whether no term has ended meanwhile but those that a step waits for."""
        return all(
            one.last_day is None or one.last_day >= self.today or one.last_day < self._until(one)
            for one in self.case.customer.holdings.own
        )

    def _until(self, held: Subscription) -> date:
        """Return the day until which a step lets a subscription's time, or its base's, pass."""
        days = [
            step.takes_effect
            for step in (one.step for one in self.done)
            if step.takes_effect
            and {held.subscription_id, held.parent_id}
            & {step.subscription_id, *(it.subscription_id for it in step.members)}
        ]
        return max(days, default=date.min)

    def changed(self, subscription: Subscription) -> Customer:
        held = self.now.holdings
        own = tuple(
            subscription if one.subscription_id == subscription.subscription_id else one
            for one in held.own
        )
        return replace(self.now, holdings=replace(held, own=own))


def imported(customer: Customer, tenant: Tenant) -> Customer:
    held = replace(customer.holdings, own=tenant.own, foreign=tenant.foreign)
    return replace(customer, agreement=tenant.agreement, holdings=held)


def halfway(case: Case, data: st.DataObject) -> Halfway:
    """Draw how many steps of the case's plan are done, and how many days after their first."""
    plan = make_plan(
        case.catalog, case.customer, case.wanted, goals=case.goals, states=STATES_ALLOWED
    )
    assume(plan.merit[UNKNOWN] == 0 and plan.steps)
    steps = plan.steps[: data.draw(st.integers(1, len(plan.steps)), label="steps done")]
    late = timedelta(days=data.draw(st.sampled_from([0, 0, 2]), label="days late"))

    def on(step: PlanStep) -> date:
        last = step.latest.day if step.latest else date.max
        return min(last, max(step.earliest.day, plan.at.date()) + late)

    tenant = done(case.facts, tenant_of(case.customer, plan.at), steps, on)
    assume(not isinstance(tenant, Failed))
    assert not isinstance(tenant, Failed)
    marked = data.draw(st.sampled_from([0, 0, 3]), label="days until marked")
    carried = tuple(Carried(one, on(one) + timedelta(days=marked)) for one in steps)
    found = Halfway(case, plan, carried, imported(case.customer, tenant), tenant.today)
    assume(found.has_only_the_plans_own_time())
    return found


@checked(150)
@given(cases(), st.data())
def test_a_plan_stays_current_through_its_own_steps(case: Case, data: st.DataObject) -> None:
    made = halfway(case, data)
    assert made.verdict() == CURRENT


@checked(100)
@given(IN_PART, st.data())
def test_so_does_one_of_which_parts_of_seats_are_converted(case: Case, data: st.DataObject) -> None:
    # A part has its source's tranches in the toy, and fewer seats than they have.
    assume(not any(one.reducible for one in case.customer.holdings.own))
    made = halfway(case, data)
    assert made.verdict() == CURRENT


@checked(150)
@given(cases(), st.data())
def test_new_ids_are_known_by_what_they_came_from_or_by_what_they_are(
    case: Case, data: st.DataObject
) -> None:
    made = halfway(case, data)
    before = {one.subscription_id: one for one in made.case.customer.holdings.own}
    own: list[Subscription] = []
    for place, one in enumerate(made.now.holdings.own, start=1):
        was = before.get(one.subscription_id)
        migrated = was is not None and was.migrated_from is None and one.migrated_from is not None
        if migrated or was is None:
            own.append(replace(one, subscription_id=str(UUID(int=place))))
        else:
            own.append(one)
        if migrated and was is not None and data.draw(st.booleans(), label="old one listed"):
            ended = SubscriptionState.DISABLED
            own.append(replace(was, state=ended, state_as_given="disabled"))
    now = replace(made.now, holdings=replace(made.now.holdings, own=tuple(own)))
    assert made.verdict(now) == CURRENT


@checked(150)
@given(cases(), st.data())
def test_one_other_fact_makes_it_stale_and_is_named(case: Case, data: st.DataObject) -> None:
    made = halfway(case, data)
    alive = [one for one in made.now.holdings.own if one.state not in FOR_GOOD]
    assume(alive)
    one = data.draw(st.sampled_from(alive), label="subscription")
    changed, group = data.draw(
        st.sampled_from(
            [
                (replace(one, seats=(one.seats or 0) + 7), "seats"),
                (replace(one, auto_renews=not one.auto_renews), "renewal"),
                (replace(one, billing_cycle="triennial"), "term"),
                (replace(one, parent_id=str(UUID(int=99))), "base"),
            ]
        ),
        label="change",
    )
    found = made.verdict(made.changed(changed))
    facts = [reason for reason in found.reasons if reason.kind is Moved.FACT]
    (reason,) = facts
    assert one.subscription_id in reason.part
    assert reason.part.endswith(f"/{group}") or "is new" in reason.message


@checked(60)
@given(cases(), st.data())
def test_another_subscription_beside_what_was_done_makes_it_stale(
    case: Case, data: st.DataObject
) -> None:
    made = halfway(case, data)
    one = data.draw(st.sampled_from(made.case.customer.holdings.own), label="like")
    more = replace(one, subscription_id=str(UUID(int=7)), seats=4711, migrated_from=None)
    held = made.now.holdings
    found = made.verdict(replace(made.now, holdings=replace(held, own=(*held.own, more))))
    facts = [reason.message for reason in found.reasons if reason.kind is Moved.FACT]
    assert len(facts) == 1
    assert more.subscription_id in facts[0]


def test_without_a_done_step_nothing_is_as_planned() -> None:
    now = Customer("id", "name")
    assert as_read(None, None, now, now, (), on=date.min) is now  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [StepKind.MIGRATE, StepKind.BUY_NEW, StepKind.CANCEL])
def test_the_steps_that_people_take_most_are_among_the_examples(kind: StepKind) -> None:
    seen: set[StepKind] = set()

    @checked(120)
    @given(cases(), st.data())
    def look(case: Case, data: st.DataObject) -> None:
        seen.update(one.step.kind for one in halfway(case, data).done)

    look()
    assert kind in seen
