"""What is done about a blocker: its remedies as acts, and waiting until it clears."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from planner.baselines.rules import RUNS, MigrationRun
from planner.blockers import Actor, Blocker, Remedy, RemedyAction, Unanswered
from planner.catalog import Catalog
from planner.customers import Customer, Subscription, SubscriptionState
from planner.holdings import is_of_offer, name_of, transferable
from planner.ids import CatalogId, is_new_commerce
from planner.lifecycle import days_after
from planner.no_path import Cause
from planner.offers import Known
from planner.plans.search.acts import Act, Opening, StepKind, bought_id
from planner.plans.search.moves import Tried
from planner.plans.search.purchases import try_purchase
from planner.plans.search.situation import Situation
from planner.plans.search.terms import as_sold
from planner.rules import NO_CHOICES


def remedial_acts(catalog: Catalog, situation: Situation, attempt: Tried) -> Iterator[Opening]:
    """Yield what may open a move that is stopped, one blocker at a time.

    Where one of them is never gone, removing the others leads nowhere.
    """
    if any(is_final(blocker) for blocker in attempt.stops):
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
    """Return whether the subscription is still ours to move when it clears."""
    day = blocker.clears_on
    if day is None or day <= situation.at.date():
        return False
    return is_ours_on(catalog, situation.customer, attempt.held, day)


def is_ours_on(catalog: Catalog, customer: Customer, held: Subscription, day: date) -> bool:
    """Return whether a subscription is still there on a day, and still ours to move.

    A legacy one ends with its term, or Microsoft moves it at the renewal, or lets it expire.
    Source: docs/sources.md 0 (Microsoft-led migration).
    """
    if not held.is_legacy or held.last_day is None or day <= held.last_day:
        return True
    return bool(held.auto_renews) and day < _run_of(catalog, customer, held).starts


def moved_on(catalog: Catalog, customer: Customer, held: Subscription) -> date | None:
    """Return the day on which Microsoft migrates a legacy one, or lets it expire: its renewal.

    None where its term's end is not known, for trials, which no source tells that of, and where
    none dates Microsoft's run. Source: docs/sources.md 0 (Microsoft-led migration) and 3 (trials).
    """
    if held.is_trial or not held.is_legacy:
        return None
    renewal = None if held.last_day is None else days_after(held.last_day, 1)
    run = _run_of(catalog, customer, held)
    return None if renewal is None or not run.is_dated or renewal < run.starts else renewal


def _run_of(catalog: Catalog, customer: Customer, held: Subscription) -> MigrationRun:
    offer = held.catalog_id and catalog.offers.get(held.catalog_id)
    return RUNS[(offer and offer.segment) or customer.segment]


def is_final(blocker: Blocker) -> bool:
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


def _provisioning(catalog: Catalog, situation: Situation, case: _Case) -> Opening:
    """Wait for an order to be processed: nobody knows for how long."""
    held = case.attempt.held
    message = f"When the order of {name_of(catalog, held)} is provisioned is not known"
    question = Unanswered("PROVISIONING", ("subscription.status",), message)
    wait = case.act(StepKind.WAIT_UNTIL, situation, held.subscription_id, unanswered=(question,))
    return Opening((wait,), unknown=1)


def _cancel_own(catalog: Catalog, situation: Situation, case: _Case) -> Opening | None:
    """Cancel at once where that is allowed, else let the term end without a further one.

    A legacy subscription can be cancelled at any time; a new-commerce one within its window.
    Source: docs/sources.md 0 (extended service term) and 6 (cancellation).
    """
    held = situation.own(case.subject)
    if held is None:
        return None
    if can_cancel_now(situation, held):
        return Opening((case.act(StepKind.CANCEL, situation, held.subscription_id),))
    gone = gone_on(situation, held)
    if gone is None or not is_ours_on(catalog, situation.customer, case.attempt.held, gone):
        return None
    off = case.act(StepKind.TURN_OFF_AUTO_RENEWAL, situation, held.subscription_id)
    wait = case.act(StepKind.WAIT_UNTIL, situation, held.subscription_id, until=gone)
    ends_by_itself = held.cancels_at_end or held.state is not SubscriptionState.ACTIVE
    return Opening((wait,) if ends_by_itself else (off, wait))


def gone_on(situation: Situation, held: Subscription) -> date | None:
    """Return the day after its term, where that is not over yet; None where no day is known."""
    if held.last_day is None or held.last_day < situation.at.date():
        return None
    return days_after(held.last_day, 1)


def can_cancel_now(situation: Situation, held: Subscription) -> bool:
    if held.is_legacy:
        return True
    return held.cancellable_until is not None and situation.at <= held.cancellable_until


def _cancel_elsewhere(catalog: Catalog, situation: Situation, case: _Case) -> Opening | None:
    one = _sold_by_others(situation, case.subject)
    if one is None:
        return None
    target = case.attempt.transition.target
    offer = target if is_of_offer(catalog, one, target) else None
    kind = StepKind.CANCEL_ELSEWHERE
    return Opening((case.act(kind, situation, case.subject, offer=offer),))


def _transfer_in(catalog: Catalog, situation: Situation, case: _Case) -> Opening | None:
    """Have it handed over; where nobody knows whether it is of new commerce, that is UNKNOWN.

    Source: docs/sources.md 0 (transfers between partners: of new commerce alone).
    """
    one = _sold_by_others(situation, case.subject)
    can_come = Known.NO if one is None else transferable(one)
    if one is None or can_come is Known.NO:
        return None
    target = case.attempt.transition.target
    is_target = is_new_commerce(target) and is_of_offer(catalog, one, target)
    unanswered = () if can_come is Known.YES else (_commerce_not_known(catalog, one),)
    act = case.act(
        StepKind.TRANSFER_IN,
        situation,
        case.subject,
        offer=target if is_target else None,
        unanswered=unanswered,
    )
    return Opening((act,), unknown=len(unanswered))


def _commerce_not_known(catalog: Catalog, one: Subscription) -> Unanswered:
    return Unanswered(
        "TRANSFER",
        (f"offer of subscription {one.subscription_id}",),
        f"Whether {name_of(catalog, one)} is a new-commerce licence is not known, and no other can "
        "be transferred: the partner who sold it knows",
    )


def _sold_by_others(situation: Situation, subscription_id: str) -> Subscription | None:
    foreign = situation.customer.holdings.foreign
    return next((one for one in foreign if one.subscription_id == subscription_id), None)


def _prerequisite(catalog: Catalog, situation: Situation, case: _Case) -> Opening | None:
    """Buy the one base that is enough; of several the customer has to choose."""
    bases = [
        base
        for base in catalog.bases.get(CatalogId(case.blocker.subject), ())
        if is_new_commerce(base)
    ]
    if len(bases) != 1:
        return None
    held, chosen = case.attempt.held, case.attempt.choices.seats
    seats = held.seats if chosen is None else chosen
    if try_purchase(catalog, situation, held, bases[0], seats).stops:
        return None
    buy = case.act(
        StepKind.BUY_PREREQUISITE,
        situation,
        held.subscription_id,
        choices=as_sold(catalog, held, bases[0], NO_CHOICES),
        offer=bases[0],
        seats=seats,
    )
    return Opening((buy,))


_MADE: Mapping[RemedyAction, _Made] = {
    RemedyAction.REACTIVATE: _reactivate,
    RemedyAction.WAIT_FOR_PROVISIONING: _provisioning,
    RemedyAction.CANCEL_OWN_SUBSCRIPTION: _cancel_own,
    RemedyAction.REMOVE_ADDON: _cancel_own,
    RemedyAction.CANCEL_ELSEWHERE: _cancel_elsewhere,
    RemedyAction.TRANSFER_IN: _transfer_in,
    RemedyAction.BUY_PREREQUISITE: _prerequisite,
    RemedyAction.GET_AGREEMENT: _for_all(StepKind.GET_AGREEMENT),
    RemedyAction.GET_PERMISSION: _for_all(StepKind.GET_PERMISSION),
    RemedyAction.SIGN_IN_AS_USER: _for_all(StepKind.GET_PERMISSION),
    RemedyAction.CORRECT_PARTNER_ID: _on_itself(StepKind.CORRECT_PARTNER_ID),
}
"""Remedies that a plan carries out. Others change a choice (planner.plans.search.moves), or take
away seats or evidence, which is for people to decide: they stay told beside the goal that is not
met."""


def follower_of(acts: tuple[Act, ...]) -> str | None:
    """Return the subscription that takes the place of the one the acts began with, if any."""
    for act in acts:
        if act.kind is StepKind.BUY_NEW or (act.kind is StepKind.CONVERT and act.part):
            return bought_id(act)
        if act.kind is StepKind.CONVERT_INTO_EXISTING:
            return act.choices.into
    return None
