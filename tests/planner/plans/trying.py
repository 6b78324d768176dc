"""What might be done next for a customer, also much that a toy Partner Center refuses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from planner.customers import Subscription, SubscriptionState
from planner.ids import CatalogId
from planner.offers import Known
from planner.plans.goals import SubscriptionGoal
from planner.rules.walk import Mode
from planner.transitions import Claim, EvidenceKind, Execution, TransitionKind
from tests.planner.plans import plain_steps
from tests.planner.plans.simulator import PartnerCenter
from tests.planner.plans.tenant import (
    FOR_GOOD,
    REASSIGN,
    Tenant,
    is_new,
    last_day_of_legacy,
    months_later,
    renewal_of,
)
from tests.planner.plans.weighing import (
    ENDING,
    NO_MOVE,
    WAITING,
    Merit,
    changes_the_rest,
    is_there,
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step that may be tried: what it is called, what it costs, and what it does."""

    name: str
    merit: Merit
    do: Callable[[Tenant], Tenant]


def steps_from(
    center: PartnerCenter, tenant: Tenant, goals: tuple[SubscriptionGoal, ...]
) -> Iterator[Step]:
    """Yield everything that might be done next, also much that is refused."""
    if tenant.agreement is Known.NO:
        yield Step("agree", NO_MOVE, plain_steps.agree)
    for held in tenant.own:
        yield from _of_one(center, tenant, held, goals)
    for other in tenant.foreign:
        yield _plain(
            f"cancel elsewhere {other.subscription_id}", plain_steps.cancel_elsewhere, other
        )
        # Where nobody knows its commerce a transfer is a guess, and plans say so.
        if is_new(other.catalog_id):
            yield _plain(f"transfer in {other.subscription_id}", plain_steps.transfer_in, other)
    for day in sorted(_days(tenant)):
        if tenant.today < day <= last_day_of_legacy(tenant):
            yield _wait(center, day)


def _wait(center: PartnerCenter, day: date) -> Step:
    return Step(f"wait until {day}", WAITING, lambda tenant: center.wait(tenant, day))


def _plain(name: str, do: Callable[[Tenant, str], Tenant], held: Subscription) -> Step:
    return Step(name, NO_MOVE, lambda tenant: do(tenant, held.subscription_id))


def _of_one(
    center: PartnerCenter,
    tenant: Tenant,
    held: Subscription,
    goals: tuple[SubscriptionGoal, ...],
) -> Iterator[Step]:
    name = held.subscription_id
    yield Step(f"cancel {name}", ENDING, lambda now: plain_steps.cancel(now, name))
    if is_new(held.catalog_id):
        yield Step(f"turn off {name}", ENDING, lambda now: plain_steps.turn_off_renewal(now, name))
    if held.state is SubscriptionState.SUSPENDED:
        yield _plain(f"reactivate {name}", plain_steps.reactivate, held)
    if held.partner_of_record is not None and not held.partner_of_record.isdigit():
        yield _plain(f"correct {name}", plain_steps.correct_partner_id, held)
    for subject in sorted(one for what, one in tenant.due if what == REASSIGN):
        if tenant.follower(subject) == name:
            yield Step(f"reassign {subject}", NO_MOVE, _reassigning(subject))
    for (origin, target), claim in center.world.moves.items():
        if origin == held.catalog_id and not changes_the_rest(held, claim, goals):
            yield from _moves(center, tenant, held, target, claim)
    yield from _for_goals(center, tenant, held, goals)


def _reassigning(subject: str) -> Callable[[Tenant], Tenant]:
    return lambda tenant: plain_steps.reassign(tenant, subject)


def _merit_of(claim: Claim) -> Merit:
    is_upgrade = claim.kind is TransitionKind.LEGACY_UPGRADE
    by_evidence = (int(claim.evidence is kind) for kind in EvidenceKind)
    return (0, int(is_upgrade), 1, int(claim.execution is Execution.MANUAL), *by_evidence, 1)


def _moves(
    center: PartnerCenter, tenant: Tenant, held: Subscription, target: CatalogId, claim: Claim
) -> Iterator[Step]:
    cost = _merit_of(claim)
    for name, do in _ways(center, tenant, held, target, claim):
        yield Step(f"{name} {held.subscription_id} to {target}", cost, do)


_Way = tuple[str, Callable[[Tenant], Tenant]]


def _ways(
    center: PartnerCenter, tenant: Tenant, held: Subscription, target: CatalogId, claim: Claim
) -> Iterator[_Way]:
    key = held.subscription_id
    match claim.kind:
        case TransitionKind.LEGACY_UPGRADE:
            for mode in Mode:
                yield (
                    f"upgrade {mode}",
                    lambda now, mode=mode: center.upgrade(  # type: ignore[misc]
                        now, key, target, mode
                    ),
                )
        case TransitionKind.TRIAL_CONVERSION:
            yield "convert trial", lambda now: center.convert_trial(now, key, target)
        case TransitionKind.CONVERSION:
            yield from _conversions(center, tenant, held, target)
        case TransitionKind.MIGRATION if claim.execution is Execution.MANUAL:
            for term, cycle in _terms(center, target):
                yield (
                    "buy by hand",
                    _buying(center, held, target, held.seats, term, cycle, by_hand=True),
                )
        case TransitionKind.MIGRATION:
            yield from _migrations(center, tenant, held, target)


def _conversions(
    center: PartnerCenter, tenant: Tenant, held: Subscription, target: CatalogId
) -> Iterator[_Way]:
    key = held.subscription_id
    for term, cycle in [(None, None), *_terms(center, target)]:
        for mode in Mode:
            yield (
                f"convert {mode} {term}",
                lambda now, mode=mode, term=term, cycle=cycle: center.convert(  # type: ignore[misc]
                    now, key, target, mode, term=term, billing_cycle=cycle
                ),
            )
    for other in tenant.own:
        if other.catalog_id == target:
            yield (
                f"convert into {other.subscription_id}",
                lambda now, into=other.subscription_id: center.convert_into(  # type: ignore[misc]
                    now, key, target, into
                ),
            )


def _migrations(
    center: PartnerCenter, tenant: Tenant, held: Subscription, target: CatalogId
) -> Iterator[_Way]:
    key = held.subscription_id
    members = []
    for addon in tenant.addons_below(key):
        if addon.state is SubscriptionState.ACTIVE:
            members += [
                (addon.subscription_id, to) for to in center.world.equivalents(addon.catalog_id)[:1]
            ]
    along = tuple(members)
    for term, cycle in [(None, None), *_terms(center, target)]:
        for full in (False, True):
            yield (
                f"migrate {term} {'anew' if full else ''}",
                lambda now, term=term, cycle=cycle, full=full: center.migrate(  # type: ignore[misc]
                    now,
                    key,
                    target,
                    members=along,
                    full_new_term=full,
                    term=term,
                    billing_cycle=cycle,
                ),
            )
    # Whether anything can be scheduled for a renewal that will not be is not published.
    if held.auto_renews:
        yield "schedule", lambda now: center.schedule_migration(now, key, target, along)


def _terms(center: PartnerCenter, target: CatalogId) -> list[tuple[str, str]]:
    billing = center.world.offers[target].billing
    return [(term, cycle.lower()) for term, _, cycle in (one.partition("/") for one in billing)]


def _buying(
    center: PartnerCenter,
    held: Subscription,
    target: CatalogId,
    seats: int | None,
    term: str,
    cycle: str,
    *,
    by_hand: bool,
) -> Callable[[Tenant], Tenant]:
    key = held.subscription_id
    return lambda tenant: center.buy(
        tenant,
        target,
        seats,
        f"{key}>{target}",
        instead_of=key,
        by_hand=by_hand,
        term=term,
        billing_cycle=cycle,
    )


def _for_goals(
    center: PartnerCenter,
    tenant: Tenant,
    held: Subscription,
    goals: tuple[SubscriptionGoal, ...],
) -> Iterator[Step]:
    """Yield what only a goal makes worth trying: other seats, a part of them, buying anew."""
    for goal in goals:
        yield from _in_part(center, tenant, held, goal)
        if tenant.follower(goal.subscription_id) != held.subscription_id:
            continue
        if goal.seats is not None and goal.seats != held.seats:
            seats = goal.seats
            yield Step(
                f"{seats} seats for {held.subscription_id}",
                NO_MOVE,
                lambda now, seats=seats: center.change_seats(  # type: ignore[misc]
                    now, held.subscription_id, seats
                ),
            )
        if held.state in FOR_GOOD and held.subscription_id == goal.subscription_id:
            yield from _bought_anew(center, tenant, held, goal)


def _in_part(
    center: PartnerCenter, tenant: Tenant, held: Subscription, goal: SubscriptionGoal
) -> Iterator[Step]:
    """Yield converting the part that a goal is for, once, into anything that takes it."""
    key, part = held.subscription_id, goal.part
    if part is None or key in tenant.divided or tenant.follower(goal.subscription_id) != key:
        return
    for (origin, target), claim in center.world.moves.items():
        if origin != held.catalog_id or claim.kind is not TransitionKind.CONVERSION:
            continue
        cost = _merit_of(claim)
        yield Step(
            f"convert {part} of {key} to {target}",
            cost,
            lambda now, to=target: center.convert_part(now, key, to, part),  # type: ignore[misc]
        )
        for other in tenant.own:
            if other.catalog_id == target:
                yield Step(
                    f"convert {part} of {key} into {other.subscription_id}",
                    cost,
                    lambda now, to=target, into=other.subscription_id: (  # type: ignore[misc]
                        center.convert_into(now, key, to, into, part)
                    ),
                )


def _bought_anew(
    center: PartnerCenter, tenant: Tenant, held: Subscription, goal: SubscriptionGoal
) -> Iterator[Step]:
    """Yield buying what the catalog's moves would lead to, in place of what was lost before."""
    if held.subscription_id not in tenant.lost:
        return
    seats = held.seats if goal.seats is None else goal.seats
    for offer in sorted(center.world.leads_to(held.catalog_id)):
        if is_new(offer) and is_there(center, offer, goal):
            for term, cycle in _terms(center, offer):
                yield Step(
                    f"buy {offer} instead of {held.subscription_id}",
                    NO_MOVE,
                    _buying(center, held, offer, seats, term, cycle, by_hand=False),
                )


def _days(tenant: Tenant) -> Iterator[date]:
    """Yield the days on which something may be different."""
    for held in tenant.own:
        if held.created is not None and not is_new(held.catalog_id):
            yield months_later(held.created.date(), 1) + timedelta(days=1)
        if held.promotion_ends is not None:
            yield held.promotion_ends + timedelta(days=1)
        if held.cancellable_until is not None:
            yield held.cancellable_until.date() + timedelta(days=1)
        renewal = renewal_of(held)
        if renewal is not None and held.state not in FOR_GOOD:
            yield renewal
