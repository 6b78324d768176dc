"""Plays a plan's steps into a toy Partner Center, from what each step tells and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from planner.facts import CatalogFacts
from planner.ids import CatalogId
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import PlanStep
from planner.rules.walk import Mode
from planner.transitions import TransitionKind
from tests.planner.plans import plain_steps
from tests.planner.plans.simulator import PartnerCenter
from tests.planner.plans.tenant import Refused, Tenant, midnight


@dataclass(frozen=True, slots=True)
class Failed:
    """The step that was refused, and how things stood before it."""

    step: PlanStep
    refused: Refused
    before: Tenant

    def __str__(self) -> str:
        return f"{self.step.key} on {self.before.today}: {self.refused}"


def done(
    facts: CatalogFacts,
    tenant: Tenant,
    steps: tuple[PlanStep, ...],
    on: Callable[[PlanStep], date] = lambda step: step.earliest.day,
) -> Tenant | Failed:
    """Return the tenant after the steps, each done on a day; what is scheduled is waited for."""
    center = PartnerCenter(facts)
    for step in steps:
        if midnight(on(step)) > tenant.at:
            tenant = center.wait(tenant, on(step))
        try:
            tenant = STEPS[step.kind](center, tenant, step)
        except Refused as refused:
            return Failed(step, refused, tenant)
    last = max((one.takes_effect for one in steps if one.takes_effect), default=tenant.today)
    return center.wait(tenant, last)


def in_order_of_needs(steps: tuple[PlanStep, ...]) -> tuple[PlanStep, ...]:
    """Return the steps with what each needs before it, else by day and as they come."""
    left, found = list(steps), list[PlanStep]()
    while left:
        waiting = {one.key for one in left}
        ready = [one for one in left if not waiting.intersection(one.needs)]
        first = min(ready or left, key=lambda one: one.earliest.day)
        left.remove(first)
        found.append(first)
    return tuple(found)


Do = Callable[[PartnerCenter, Tenant, PlanStep], Tenant]


def _id(step: PlanStep) -> str:
    assert step.subscription_id is not None
    return step.subscription_id


def _migrate(center: PartnerCenter, tenant: Tenant, step: PlanStep) -> Tenant:
    assert step.target is not None
    return center.migrate(
        tenant,
        _id(step),
        step.target,
        members=_members(step),
        full_new_term=step.full_new_term,
        term=step.term,
        billing_cycle=step.billing_cycle,
        seats=step.seats_after,
        custom_end=step.custom_end,
    )


def _members(step: PlanStep) -> tuple[tuple[str, CatalogId], ...]:
    return tuple((member.subscription_id, member.target) for member in step.members)


def _schedule(center: PartnerCenter, tenant: Tenant, step: PlanStep) -> Tenant:
    assert step.target is not None
    return center.schedule_migration(
        tenant,
        _id(step),
        step.target,
        _members(step),
        seats=step.seats_after,
        term=step.term,
        billing_cycle=step.billing_cycle,
    )


def _upgrade(center: PartnerCenter, tenant: Tenant, step: PlanStep) -> Tenant:
    assert step.target is not None
    return center.upgrade(tenant, _id(step), step.target, _mode(step))


def _convert(center: PartnerCenter, tenant: Tenant, step: PlanStep) -> Tenant:
    assert step.target is not None
    if step.part is not None:
        return center.convert_part(tenant, _id(step), step.target, step.part)
    return center.convert(
        tenant,
        _id(step),
        step.target,
        _mode(step),
        term=step.term,
        billing_cycle=step.billing_cycle,
    )


def _mode(step: PlanStep) -> Mode:
    assert step.mode is not None
    return step.mode


def _convert_into(center: PartnerCenter, tenant: Tenant, step: PlanStep) -> Tenant:
    assert step.target is not None
    assert step.into is not None
    return center.convert_into(tenant, _id(step), step.target, step.into, step.part)


def _convert_trial(center: PartnerCenter, tenant: Tenant, step: PlanStep) -> Tenant:
    assert step.target is not None
    return center.convert_trial(tenant, _id(step), step.target)


def _seats(center: PartnerCenter, tenant: Tenant, step: PlanStep) -> Tenant:
    assert step.seats_after is not None
    later = step.takes_effect is not None
    return center.change_seats(tenant, _id(step), step.seats_after, at_renewal=later)


def _wait(_center: PartnerCenter, tenant: Tenant, step: PlanStep) -> Tenant:
    if step.takes_effect is None:
        return plain_steps.provision(tenant, _id(step))
    return tenant


def _buy(center: PartnerCenter, tenant: Tenant, step: PlanStep) -> Tenant:
    assert step.target is not None
    return center.buy(
        tenant,
        step.target,
        step.seats_after,
        f"{_id(step)}>{step.target}",
        instead_of=_id(step) if step.kind is StepKind.BUY_NEW else None,
        by_hand=step.transition_kind is TransitionKind.MIGRATION,
        term=step.term or "P1Y",
        billing_cycle=step.billing_cycle or "monthly",
    )


def _permitted(_center: PartnerCenter, tenant: Tenant, _step: PlanStep) -> Tenant:
    return tenant


STEPS: Mapping[StepKind, Do] = {
    StepKind.ADD_SEATS: _seats,
    StepKind.REDUCE_SEATS: _seats,
    StepKind.REACTIVATE: lambda _, tenant, step: plain_steps.reactivate(tenant, _id(step)),
    StepKind.WAIT_UNTIL: _wait,
    StepKind.CANCEL: lambda _, tenant, step: plain_steps.cancel(tenant, _id(step)),
    StepKind.TURN_OFF_AUTO_RENEWAL: lambda _, tenant, step: plain_steps.turn_off_renewal(
        tenant, _id(step)
    ),
    StepKind.CANCEL_ELSEWHERE: lambda _, tenant, step: plain_steps.cancel_elsewhere(
        tenant, _id(step)
    ),
    StepKind.TRANSFER_IN: lambda _, tenant, step: plain_steps.transfer_in(tenant, _id(step)),
    StepKind.GET_AGREEMENT: lambda _, tenant, __: plain_steps.agree(tenant),
    StepKind.GET_PERMISSION: _permitted,
    StepKind.CORRECT_PARTNER_ID: lambda _, tenant, step: plain_steps.correct_partner_id(
        tenant, _id(step)
    ),
    StepKind.CONVERT_TRIAL: _convert_trial,
    StepKind.MIGRATE: _migrate,
    StepKind.DETACH_ADDON: _migrate,
    StepKind.SCHEDULE_MIGRATION: _schedule,
    StepKind.UPGRADE: _upgrade,
    StepKind.CONVERT: _convert,
    StepKind.CONVERT_INTO_EXISTING: _convert_into,
    StepKind.BUY_NEW: _buy,
    StepKind.BUY_PREREQUISITE: _buy,
    StepKind.REASSIGN_LICENSES: lambda _, tenant, step: plain_steps.reassign(tenant, _id(step)),
}
"""How each kind of step is done; what a permission opens is not part of the toy."""
