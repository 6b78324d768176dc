"""One move of one subscription tried with every choice that could open it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from planner.blockers import Assumption, Blocker, Remedy, RemedyAction, Severity, Unanswered
from planner.bundles import bundle_of, equivalent_by_api
from planner.catalog import Catalog
from planner.customers import Subscription
from planner.paths import Path
from planner.plans.goals import SubscriptionGoal
from planner.plans.search.acts import Act, Member, StepKind
from planner.plans.search.parts import part_of
from planner.plans.search.situation import Situation
from planner.plans.search.terms import as_sold, is_sold_so
from planner.plans.wanted import Wanted
from planner.profiles import Profile
from planner.readiness import decides
from planner.rules import Choices, Mode
from planner.rules.term_end import renews_on
from planner.transitions import Execution, Transition, TransitionKind


@dataclass(frozen=True, slots=True)
class Tried:
    """The first move of a route, with the choices it was tried with and what the rules said."""

    held: Subscription
    route: Path
    choices: Choices
    blockers: tuple[Blocker, ...]
    unanswered: tuple[Unanswered, ...]

    @property
    def transition(self) -> Transition:
        return self.route.steps[0].transition

    @property
    def stops(self) -> tuple[Blocker, ...]:
        """What has to go before the move can be made."""
        return tuple(one for one in self.blockers if one.severity is Severity.BLOCKS)

    @property
    def unknown(self) -> int:
        """1 where a rule that decides could not be answered, else 0."""
        return int(any(map(decides, self.unanswered)))

    @property
    def is_of_a_part(self) -> bool:
        is_conversion = self.transition.kind is TransitionKind.CONVERSION
        return is_conversion and self.choices.seats is not None

    @property
    def is_plainly_open(self) -> bool:
        return not self.stops and not self.unknown

    @property
    def assumes(self) -> tuple[Assumption, ...]:
        return self.route.assumes


def try_move(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    held: Subscription,
    route: Path,
    goal: SubscriptionGoal,
) -> Iterator[Tried]:
    """Yield the move with the choices asked for, then with those that its blockers name.

    With licence transfer is tried before without, since it saves work by hand.
    """
    waiting = _first_choices(catalog, route.steps[0].transition, wanted, held, goal)
    seen: set[Choices] = set()
    while waiting:
        choices = waiting.pop(0)
        if choices in seen:
            continue
        seen.add(choices)
        attempt = _tried(catalog, wanted, situation, held, route, choices)
        yield attempt
        waiting.extend(_other_choices(catalog, wanted, held, attempt))


_WITH_MODES = frozenset({TransitionKind.LEGACY_UPGRADE, TransitionKind.CONVERSION})


def _first_choices(
    catalog: Catalog,
    transition: Transition,
    wanted: Wanted,
    held: Subscription,
    goal: SubscriptionGoal,
) -> list[Choices]:
    asked = wanted.choices
    if transition.kind is TransitionKind.MIGRATION:
        seats = goal.seats if goal.seats is not None else asked.seats
        moved = asked if seats == asked.seats else replace(asked, seats=seats)
        return [moved, *_every_term(catalog, transition, moved, wanted.scope.profile)]
    # Terms and dates are the migration's to choose; later moves keep what the subscription has.
    part = part_of(held, goal, transition)
    if part is not None:
        # Of a part people reassign the licences, so there is no other mode [docs/sources.md 2].
        return [Choices(seats=part)]
    kept = Choices(mode=asked.mode)
    if transition.kind not in _WITH_MODES:
        return [kept]
    return [replace(kept, mode=mode) for mode in Mode]


def _tried(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    held: Subscription,
    route: Path,
    choices: Choices,
) -> Tried:
    transition = route.steps[0].transition
    said = wanted.asking.answers(catalog, situation, held, transition, choices)
    conditions = (
        one for one in route.conditions if one.step is None or one.step[0] == transition.origin
    )
    unanswered = (*said.unanswered, *_seats_not_known(held, transition, choices))
    return Tried(held, route, choices, (*said.blockers, *conditions), unanswered)


def _seats_not_known(
    held: Subscription, transition: Transition, choices: Choices
) -> Iterator[Unanswered]:
    """Yield that nobody knows whether there are as many seats as a part takes, and others left."""
    is_part = transition.kind is TransitionKind.CONVERSION and choices.seats is not None
    if is_part and held.seats is None:
        message = "How many seats it has is not known, nor what a part of them leaves"
        field = ("subscription.quantity",)
        yield Unanswered("SEAT_CAP", field, message, (transition.origin, transition.target))


def _other_choices(
    catalog: Catalog, wanted: Wanted, held: Subscription, attempt: Tried
) -> Iterator[Choices]:
    """Yield the choices that the remedies of an attempt's findings name."""
    for blocker in attempt.blockers:
        for remedy in blocker.remedies:
            # What was asked for is not changed behind anybody's back.
            asked = wanted.choices.term or wanted.choices.billing_cycle
            if not (asked and remedy.action is RemedyAction.CHANGE_TERM_OR_BILLING):
                yield from _chosen(catalog, held, attempt, blocker, remedy)


def _chosen(
    catalog: Catalog, held: Subscription, attempt: Tried, blocker: Blocker, remedy: Remedy
) -> Iterator[Choices]:
    choices = attempt.choices
    match remedy.action:
        case RemedyAction.START_NEW_TERM:
            yield replace(choices, full_new_term=True)
        case RemedyAction.SCHEDULE_FOR_RENEWAL:
            yield replace(choices, at_renewal=True)
        case RemedyAction.CHANGE_END_DATE:
            yield replace(choices, custom_end=None)
        case RemedyAction.MOVE_INTO_EXISTING:
            existing = remedy.subscription_id or blocker.subject
            if choices.into is None:
                yield replace(choices, into=existing)
        case RemedyAction.CHANGE_TERM_OR_BILLING:
            sold = as_sold(catalog, held, attempt.transition.target, choices)
            # A part ends with its source [docs/sources.md 2], so it has its term.
            if not attempt.is_of_a_part or sold.term == held.term:
                yield sold


def _every_term(
    catalog: Catalog, transition: Transition, moved: Choices, profile: Profile
) -> list[Choices]:
    """Return every term and billing that the target is sold with, where the price decides."""
    if profile is not Profile.CHEAPEST or moved.term or moved.billing_cycle:
        return []
    billing = catalog.offers[transition.target].billing
    pairs = sorted(one.partition("/")[::2] for one in billing)
    return [replace(moved, term=term, billing_cycle=plan.lower()) for term, plan in pairs]


def acts_of(catalog: Catalog, situation: Situation, attempt: Tried) -> tuple[Act, ...]:
    """Return what is done for a move that nothing stops.

    A manual one is bought new, its licences reassigned, the old one cancelled [docs/sources.md 3].
    """
    if attempt.transition.execution is Execution.MANUAL:
        return _by_hand(catalog, situation, attempt)
    move = _move(catalog, situation, attempt)
    if _needs_reassignment(attempt, move):
        return move, _reassign(situation, attempt.held.subscription_id, move.part)
    return (move,)


def _move(catalog: Catalog, situation: Situation, attempt: Tried) -> Act:
    held, choices = attempt.held, attempt.choices
    kind = _kind_of(attempt)
    return Act(
        kind,
        held.subscription_id,
        situation.at,
        attempt.transition,
        choices,
        members=_members(catalog, situation, attempt),
        seats=held.seats if choices.seats is None else choices.seats,
        until=renews_on(held) if kind is StepKind.SCHEDULE_MIGRATION else None,
        blockers=attempt.blockers,
        unanswered=attempt.unanswered,
        assumes=attempt.assumes,
    )


def _kind_of(attempt: Tried) -> StepKind:
    kind, choices = attempt.transition.kind, attempt.choices
    if kind is TransitionKind.MIGRATION:
        if choices.at_renewal:
            return StepKind.SCHEDULE_MIGRATION
        return StepKind.DETACH_ADDON if attempt.held.parent_id else StepKind.MIGRATE
    if kind is TransitionKind.CONVERSION and choices.into is not None:
        return StepKind.CONVERT_INTO_EXISTING
    return _STEP_KINDS[kind]


_STEP_KINDS = {
    TransitionKind.LEGACY_UPGRADE: StepKind.UPGRADE,
    TransitionKind.CONVERSION: StepKind.CONVERT,
    TransitionKind.TRIAL_CONVERSION: StepKind.CONVERT_TRIAL,
}


def _members(catalog: Catalog, situation: Situation, attempt: Tried) -> tuple[Member, ...]:
    """Return the add-ons that migrate along, each by its best-evidenced equivalent."""
    if attempt.transition.kind is not TransitionKind.MIGRATION:
        return ()
    found = []
    for addon in bundle_of(situation.customer, attempt.held).addons:
        edge = None if addon.catalog_id is None else equivalent_by_api(catalog, addon.catalog_id)
        if edge is not None:
            chosen = Choices(full_new_term=attempt.choices.full_new_term)
            if not is_sold_so(catalog, addon, edge.target):
                chosen = as_sold(catalog, addon, edge.target, chosen)
            found.append(Member(addon.subscription_id, edge, chosen))
    return tuple(found)


def _needs_reassignment(attempt: Tried, move: Act) -> bool:
    """Return whether somebody has to reassign licences afterwards.

    Source: docs/sources.md 1 and 2: an upgrade without licence transfer leaves them; a conversion
    reassigns by itself unless it is of a part, or the customer bought the target from another
    seller.
    """
    if move.part is not None:
        return True
    if move.kind is StepKind.UPGRADE:
        return move.choices.mode is Mode.WITHOUT_LICENSE_TRANSFER
    return move.kind is StepKind.CONVERT and any(
        remedy.action is RemedyAction.REASSIGN_BY_HAND
        for blocker in attempt.blockers
        for remedy in blocker.remedies
    )


def _reassign(situation: Situation, subscription_id: str, part: int | None = None) -> Act:
    chosen = Choices(seats=part)
    return Act(StepKind.REASSIGN_LICENSES, subscription_id, situation.at, choices=chosen)


def _by_hand(catalog: Catalog, situation: Situation, attempt: Tried) -> tuple[Act, ...]:
    held, edge = attempt.held, attempt.transition
    buy = Act(
        StepKind.BUY_NEW,
        held.subscription_id,
        situation.at,
        edge,
        choices=as_sold(catalog, held, edge.target, attempt.choices),
        offer=edge.target,
        seats=held.seats if attempt.choices.seats is None else attempt.choices.seats,
        blockers=attempt.blockers,
        unanswered=attempt.unanswered,
        assumes=attempt.assumes,
    )
    cancel = Act(StepKind.CANCEL, held.subscription_id, situation.at)
    return buy, _reassign(situation, held.subscription_id), cancel
