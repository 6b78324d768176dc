"""Buying new in the place of what nothing moves, and ending what it takes the place of."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from planner.blockers import Alternative
from planner.catalog import Catalog
from planner.customers import Subscription, SubscriptionState
from planner.ids import is_new_commerce
from planner.plans.search.acts import Act, Opening, StepKind
from planner.plans.search.moves import Tried
from planner.plans.search.purchases import try_purchase
from planner.plans.search.remedies import can_cancel_now, is_final, remedial_acts
from planner.plans.search.situation import Situation
from planner.plans.search.terms import as_sold
from planner.rules import NO_CHOICES, RULES, Rule


def instead(
    catalog: Catalog,
    situation: Situation,
    attempt: Tried,
    seats: int | None,
    *,
    rules: Sequence[Rule] = RULES,
) -> Iterator[Opening]:
    """Yield buying new, for a move that nothing opens and whose blockers name that alternative.

    `seats`: how many are ordered, those that it shall have in the end.
    """
    final = [blocker for blocker in attempt.stops if is_final(blocker)]
    if final and all(Alternative.BUY_NEW in blocker.alternatives for blocker in final):
        yield from _buy_new(catalog, situation, attempt, seats, rules)


def _buy_new(
    catalog: Catalog,
    situation: Situation,
    attempt: Tried,
    seats: int | None,
    rules: Sequence[Rule],
) -> Iterator[Opening]:
    """Go round what nothing opens; what stops the purchase itself is removed first."""
    held, target = attempt.held, attempt.route.target
    # What the plan itself gave up for another goal's sake was given up, and is not bought again.
    if not is_new_commerce(target) or held.subscription_id in situation.ended:
        return
    purchase = try_purchase(catalog, situation, held, target, seats, rules=rules)
    if purchase.stops:
        if not any(is_final(blocker) for blocker in purchase.stops):
            ordered = replace(attempt.choices, seats=seats)
            order = replace(attempt, blockers=purchase.stops, choices=ordered)
            yield from remedial_acts(catalog, situation, order)
        return
    buy = Act(
        StepKind.BUY_NEW,
        held.subscription_id,
        situation.at,
        choices=as_sold(catalog, held, target, NO_CHOICES),
        offer=target,
        seats=seats,
        clears=tuple(blocker.code for blocker in attempt.stops),
        blockers=purchase.blockers,
        unanswered=purchase.unanswered,
    )
    reassign = Act(StepKind.REASSIGN_LICENSES, held.subscription_id, situation.at)
    yield Opening((buy, reassign, *_ending(situation, held)))


def _ending(situation: Situation, held: Subscription) -> tuple[Act, ...]:
    """Return what ends a subscription that something was bought in the place of."""
    if held.state is not SubscriptionState.ACTIVE:
        return ()
    if can_cancel_now(situation, held):
        return (Act(StepKind.CANCEL, held.subscription_id, situation.at),)
    if held.cancels_at_end:
        return ()
    return (Act(StepKind.TURN_OFF_AUTO_RENEWAL, held.subscription_id, situation.at),)
