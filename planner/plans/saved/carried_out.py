"""What the steps of a saved plan that are done make of the facts that it has read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from planner.catalog import Catalog
from planner.customers import Customer, RenewalInstructions, Subscription
from planner.lifecycle import start_of
from planner.permissions import ANYONE
from planner.plans.search.acts import Act, Member, StepKind
from planner.plans.search.effects import after
from planner.plans.search.situation import Situation, let_pass
from planner.plans.search.terms import as_sold, is_sold_so
from planner.plans.told.steps import MemberStep, PlanStep
from planner.rules import Choices
from planner.transitions import Execution, Transition, TransitionKind


@dataclass(frozen=True, slots=True)
class Carried:
    """A step that is marked as done, and on which day; it was done then or earlier."""

    step: PlanStep
    marked_on: date


@dataclass(frozen=True, slots=True)
class Stage:
    """How things stand once some of the steps are done, each on its first or on its last day."""

    early: Situation
    """Every step was done on the first day that it could be."""
    late: Situation
    """Every step was done on the day on which it was marked."""
    touched: frozenset[str] = frozenset()
    """The subscriptions that the steps until here have changed, by id; those that came included."""
    switched: frozenset[str] = frozenset()
    """Those among them that were given another term."""

    @property
    def both(self) -> tuple[Situation, Situation]:
        return self.early, self.late


def stages(
    catalog: Catalog, read: Customer, at: datetime, done: Sequence[Carried], *, on: date
) -> tuple[Stage, ...]:
    """Return how things stood when the plan was made `at` an instant, after each step, and `on`.

    `done` is in the plan's order. A step that takes effect later has two stages: it is scheduled,
    and it has taken effect. One that cannot be replayed, since the catalog has its offer no longer,
    changes nothing. The last stage is what becomes of it all by the day `on`, if nobody acts.
    """
    start = Situation(read, ANYONE, at)
    found = [Stage(start, start)]
    for one in done:
        found.extend(_next(catalog, found[-1], one))
    last, today = found[-1], start_of(on)
    ends = Stage(
        let_pass(last.early, today), let_pass(last.late, today), last.touched, last.switched
    )
    return (*found, ends)


def _next(catalog: Catalog, stage: Stage, one: Carried) -> Iterator[Stage]:
    early = let_pass(stage.early, start_of(one.step.earliest.day))
    late = let_pass(stage.late, start_of(max(one.step.earliest.day, one.marked_on)))
    try:
        then = _done(catalog, early, one.step), _done(catalog, late, one.step)
    except (LookupError, ValueError):
        return
    if one.step.kind is StepKind.WAIT_UNTIL:
        # What a wait lets pass is its own doing; what passes before another step is not.
        yield Stage(*then, *_reached(stage, stage.both, then))
    elif one.step.takes_effect is None:
        yield Stage(*then, *_reached(stage, (early, late), then))
    else:
        effect = start_of(one.step.takes_effect)
        reached = _reached(stage, (let_pass(early, effect), let_pass(late, effect)), then)
        touched = reached[0]
        yield Stage(_scheduled(early, then[0]), _scheduled(late, then[1]), *reached)
        yield Stage(_beside(early, then[0], touched), _beside(late, then[1], touched), *reached)


_Both = tuple[Situation, Situation]


def _reached(stage: Stage, before: _Both, then: _Both) -> tuple[frozenset[str], frozenset[str]]:
    """Return what was touched and what was given another term until here."""
    terms = {one.subscription_id: one.term for one in before[1].customer.holdings.own}
    switched = {
        one.subscription_id
        for one in then[1].customer.holdings.own
        if one.term != terms.get(one.subscription_id, one.term)
    }
    return stage.touched.union(*map(_changed, before, then)), stage.switched | switched


def _beside(now: Situation, then: Situation, touched: frozenset[str]) -> Situation:
    """Return what takes effect then, beside all that is untouched as it is now."""
    held = now.customer.holdings
    kept = (one for one in held.own if one.subscription_id not in touched)
    came = (one for one in then.customer.holdings.own if one.subscription_id in touched)
    own = (*kept, *came)
    return replace(now, customer=replace(now.customer, holdings=replace(held, own=own)))


def _changed(before: Situation, then: Situation) -> frozenset[str]:
    """Return the ids of the subscriptions that came, went or are no longer the same."""
    old, new = before.customer.holdings.all, then.customer.holdings.all
    return frozenset(one.subscription_id for one in {*old} ^ {*new})


def _scheduled(before: Situation, then: Situation) -> Situation:
    """Return the situation in which the next renewal is told to make what is there then."""
    held = before.customer.holdings
    own = tuple(_told_of_renewal(one, then.own(one.subscription_id)) for one in held.own)
    return replace(before, customer=replace(before.customer, holdings=replace(held, own=own)))


def _told_of_renewal(now: Subscription, then: Subscription | None) -> Subscription:
    if then is None or then == now:
        return now
    told = RenewalInstructions(then.catalog_id, then.term, then.billing_cycle, then.seats)
    return replace(now, renewal=told)


def _done(catalog: Catalog, situation: Situation, step: PlanStep) -> Situation:
    return after(catalog, situation, _act_of(catalog, situation, step))


_CHOOSES_SEATS = frozenset({StepKind.MIGRATE, StepKind.SCHEDULE_MIGRATION, StepKind.DETACH_ADDON})


def _act_of(catalog: Catalog, situation: Situation, step: PlanStep) -> Act:
    """Return the act that a step tells of, as far as its effect goes."""
    return Act(
        step.kind,
        step.subscription_id or "",
        situation.at,
        _edge_of(step),
        Choices(
            step.mode or Choices().mode,
            step.term,
            step.billing_cycle,
            full_new_term=step.full_new_term,
            custom_end=step.custom_end,
            into=step.into,
            seats=step.seats_after if step.kind in _CHOOSES_SEATS else step.part,
        ),
        members=tuple(_member(catalog, situation, step, one) for one in step.members),
        offer=step.target,
        seats=step.seats_after,
        until=step.takes_effect,
    )


def _edge_of(step: PlanStep) -> Transition | None:
    if step.origin is None or step.target is None or step.transition_kind is None:
        return None
    return Transition(step.origin, step.target, step.transition_kind, Execution.API, ())


def _member(catalog: Catalog, situation: Situation, step: PlanStep, one: MemberStep) -> Member:
    edge = Transition(one.origin, one.target, TransitionKind.MIGRATION, Execution.API, ())
    chosen = Choices(full_new_term=step.full_new_term)
    addon = situation.own(one.subscription_id)
    if addon is not None and not is_sold_so(catalog, addon, one.target):
        chosen = as_sold(catalog, addon, one.target, chosen)
    return Member(one.subscription_id, edge, chosen)
