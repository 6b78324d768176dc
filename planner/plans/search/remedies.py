"""What is done about a blocker: its remedies as acts, and waiting until it clears."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from planner.baselines.rules import RUNS
from planner.blockers import Actor, Alternative, Blocker, Remedy, RemedyAction
from planner.catalog import Catalog
from planner.customers import Subscription, SubscriptionState
from planner.holdings import is_of_offer
from planner.ids import CatalogId, is_new_commerce
from planner.no_path import Cause
from planner.plans.search.acts import Act, Opening, StepKind, bought_id
from planner.plans.search.moves import Tried
from planner.plans.search.purchases import try_purchase
from planner.plans.search.situation import Situation
from planner.plans.search.terms import as_sold
from planner.rules import NO_CHOICES, RULES, Rule


def remedial_acts(catalog: Catalog, situation: Situation, attempt: Tried) -> Iterator[Opening]:
    """Yield what may open a move that is stopped, one blocker at a time.

    Where one of them is never gone, removing the others leads nowhere.
    """
    if any(_is_final(blocker) for blocker in attempt.stops):
        return
    for blocker in attempt.stops:
        if blocker.clears_on is not None and _can_wait(catalog, situation, attempt, blocker):
            yield Opening((wait_until(situation, attempt.held, blocker.clears_on, blocker),))
        for remedy in blocker.remedies:
            made = _MADE.get(remedy.action)
            found = made and made(catalog, situation, _Case(attempt, blocker, remedy))
            if found:
                yield found


def _can_wait(catalog: Catalog, situation: Situation, attempt: Tried, blocker: Blocker) -> bool:
    """Return whether the subscription is still there, and still ours to move, when it clears.

    A legacy one ends with its term, or Microsoft moves it at the renewal.
    Source: docs/sources.md 0 (Microsoft-led migration).
    """
    held, day = attempt.held, blocker.clears_on
    if day is None or day <= situation.at.date():
        return False
    if not held.is_legacy or held.last_day is None or day <= held.last_day:
        return True
    offer = catalog.offers[attempt.transition.origin]
    run = RUNS.get(offer.segment or situation.customer.segment)
    return bool(held.auto_renews) and (run is None or day < run.starts)


def instead(
    catalog: Catalog, situation: Situation, attempt: Tried, *, rules: Sequence[Rule] = RULES
) -> Iterator[Opening]:
    """Yield buying new, for a move that nothing opens and whose blockers name that alternative."""
    final = [blocker for blocker in attempt.stops if _is_final(blocker)]
    if final and all(Alternative.BUY_NEW in blocker.alternatives for blocker in final):
        yield from _buy_new(catalog, situation, attempt, rules)


def _is_final(blocker: Blocker) -> bool:
    return not blocker.remedies and blocker.clears_on is None


def wait_until(
    situation: Situation, held: Subscription, day: date, finding: Blocker | Cause
) -> Act:
    """Return the act of waiting for a day on which a finding no longer holds."""
    return Act(
        StepKind.WAIT_UNTIL,
        held.subscription_id,
        situation.at,
        until=day,
        clears=(finding.code,),
        because=finding.message,
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """One remedy of one blocker of one attempt."""

    attempt: Tried
    blocker: Blocker
    remedy: Remedy

    @property
    def subject(self) -> str:
        """The subscription that the remedy is done to."""
        return self.remedy.subscription_id or self.blocker.subject

    def act(self, kind: StepKind, situation: Situation, subject: str, **more: object) -> Act:
        return Act(
            kind,
            subject,
            situation.at,
            remedy=self.remedy,
            clears=(self.blocker.code,),
            because=self.blocker.message,
            **more,  # type: ignore[arg-type]
        )


_Made = Callable[[Catalog, Situation, _Case], Opening | None]


def _on_itself(kind: StepKind) -> _Made:
    def made(_catalog: Catalog, situation: Situation, case: _Case) -> Opening:
        return Opening((case.act(kind, situation, case.attempt.held.subscription_id),))

    return made


def _reactivate(_catalog: Catalog, situation: Situation, case: _Case) -> Opening | None:
    """Reactivate it, but no add-on of a base that is not active [docs/sources.md 6: 27009]."""
    held = case.attempt.held
    base = None if held.parent_id is None else situation.own(held.parent_id)
    if held.parent_id is not None and (base is None or base.state is not _ACTIVE):
        return None
    return Opening((case.act(StepKind.REACTIVATE, situation, held.subscription_id),))


_ACTIVE = SubscriptionState.ACTIVE


def _for_all(kind: StepKind) -> _Made:
    """Make an act that is done once for the whole customer, and so names no subscription."""

    def made(_catalog: Catalog, situation: Situation, case: _Case) -> Opening | None:
        # What another partner has to do for us is no step of ours.
        if case.remedy.actor is Actor.ANOTHER_PARTNER:
            return None
        return Opening((case.act(kind, situation, ""),))

    return made


def _provisioning(_catalog: Catalog, situation: Situation, case: _Case) -> Opening:
    """Wait for an order to be processed: nobody knows for how long."""
    wait = case.act(StepKind.WAIT_UNTIL, situation, case.attempt.held.subscription_id)
    return Opening((wait,), unknown=1)


def _cancel_own(_catalog: Catalog, situation: Situation, case: _Case) -> Opening | None:
    """Cancel at once where that is allowed, else let the term end without a further one.

    A legacy subscription can be cancelled at any time; a new-commerce one within its window.
    Source: docs/sources.md 0 (extended service term) and 6 (cancellation).
    """
    held = situation.own(case.subject)
    if held is None:
        return None
    if _can_cancel_now(situation, held):
        return Opening((case.act(StepKind.CANCEL, situation, held.subscription_id),))
    if held.last_day is None or held.last_day < situation.at.date():
        return None
    gone = held.last_day + timedelta(days=1)
    off = case.act(StepKind.TURN_OFF_AUTO_RENEWAL, situation, held.subscription_id)
    wait = case.act(StepKind.WAIT_UNTIL, situation, held.subscription_id, until=gone)
    ends_by_itself = held.cancels_at_end or held.state is not SubscriptionState.ACTIVE
    return Opening((wait,) if ends_by_itself else (off, wait))


def _can_cancel_now(situation: Situation, held: Subscription) -> bool:
    if held.is_legacy:
        return True
    return held.cancellable_until is not None and situation.at <= held.cancellable_until


def _foreign(kind: StepKind) -> _Made:
    def made(catalog: Catalog, situation: Situation, case: _Case) -> Opening | None:
        for one in situation.customer.holdings.foreign:
            if one.subscription_id == case.subject:
                target = case.attempt.transition.target
                offer = target if is_of_offer(catalog, one, target) else None
                return Opening((case.act(kind, situation, case.subject, offer=offer),))
        return None

    return made


def _prerequisite(catalog: Catalog, situation: Situation, case: _Case) -> Opening | None:
    """Buy the one base that is enough; of several the customer has to choose."""
    bases = [
        base
        for base in catalog.bases.get(CatalogId(case.blocker.subject), ())
        if is_new_commerce(base)
    ]
    if len(bases) != 1:
        return None
    held = case.attempt.held
    if try_purchase(catalog, situation, held, bases[0]).stops:
        return None
    buy = case.act(
        StepKind.BUY_PREREQUISITE,
        situation,
        held.subscription_id,
        choices=as_sold(catalog, held, bases[0], NO_CHOICES),
        offer=bases[0],
        seats=held.seats,
    )
    return Opening((buy,))


_MADE: Mapping[RemedyAction, _Made] = {
    RemedyAction.REACTIVATE: _reactivate,
    RemedyAction.WAIT_FOR_PROVISIONING: _provisioning,
    RemedyAction.CANCEL_OWN_SUBSCRIPTION: _cancel_own,
    RemedyAction.REMOVE_ADDON: _cancel_own,
    RemedyAction.CANCEL_ELSEWHERE: _foreign(StepKind.CANCEL_ELSEWHERE),
    RemedyAction.TRANSFER_IN: _foreign(StepKind.TRANSFER_IN),
    RemedyAction.BUY_PREREQUISITE: _prerequisite,
    RemedyAction.GET_AGREEMENT: _for_all(StepKind.GET_AGREEMENT),
    RemedyAction.GET_PERMISSION: _for_all(StepKind.GET_PERMISSION),
    RemedyAction.SIGN_IN_AS_USER: _for_all(StepKind.GET_PERMISSION),
    RemedyAction.CORRECT_PARTNER_ID: _on_itself(StepKind.CORRECT_PARTNER_ID),
}
"""Remedies that a plan carries out. Others change a choice (planner.plans.search.moves), or take
away seats or evidence, which is for people to decide: they stay told beside the goal that is not
met."""


def _buy_new(
    catalog: Catalog, situation: Situation, attempt: Tried, rules: Sequence[Rule]
) -> Iterator[Opening]:
    """Go round what nothing opens; what stops the purchase itself is removed first."""
    held, target = attempt.held, attempt.route.target
    # What the plan itself gave up for another goal's sake was given up, and is not bought again.
    if not is_new_commerce(target) or held.subscription_id in situation.ended:
        return
    purchase = try_purchase(catalog, situation, held, target, rules=rules)
    if purchase.stops:
        if not any(_is_final(blocker) for blocker in purchase.stops):
            yield from remedial_acts(catalog, situation, replace(attempt, blockers=purchase.stops))
        return
    buy = Act(
        StepKind.BUY_NEW,
        held.subscription_id,
        situation.at,
        choices=as_sold(catalog, held, target, NO_CHOICES),
        offer=target,
        seats=held.seats,
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
    if _can_cancel_now(situation, held):
        return (Act(StepKind.CANCEL, held.subscription_id, situation.at),)
    if held.cancels_at_end:
        return ()
    return (Act(StepKind.TURN_OFF_AUTO_RENEWAL, held.subscription_id, situation.at),)


def follower_of(acts: tuple[Act, ...]) -> str | None:
    """Return the subscription that takes the place of the one the acts began with, if any."""
    for act in acts:
        if act.kind is StepKind.BUY_NEW or (act.kind is StepKind.CONVERT and act.part):
            return bought_id(act)
        if act.kind is StepKind.CONVERT_INTO_EXISTING:
            return act.choices.into
    return None
