"""Is the subscription a trial, and what may its conversion change?"""

from collections.abc import Iterator

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Alternative,
    Blocker,
    Evidence,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.counting import counted
from planner.ids import is_new_commerce
from planner.rules.walk import CLEAR, Answer, StepInHand
from planner.transitions import TransitionKind

_RULE = "TRIAL"
_SOURCES = {
    TransitionKind.MIGRATION: "docs/sources.md 3: trials are not eligible for migration",
    TransitionKind.CONVERSION: "docs/sources.md 2: upgrades lead from paid to higher paid",
    TransitionKind.LEGACY_UPGRADE: "docs/sources.md 1: the matrix lists upgrades of trials",
}
_CONVERSION_SOURCE = "docs/sources.md 2: trials of new commerce"
_MESSAGES = {
    TransitionKind.MIGRATION: "A trial cannot migrate; it is converted first",
    TransitionKind.CONVERSION: "A trial cannot be upgraded like a paid subscription",
    TransitionKind.LEGACY_UPGRADE: (
        "The offer matrix lists this upgrade of a trial; Partner Center has a call of its own for "
        "converting trials"
    ),
}


def trial(step: StepInHand) -> Answer:
    """Trials never migrate, and upgrade only as far as the offer matrix claims it (WARNS).

    A new-commerce trial's conversion keeps at least its seats unless it is scheduled for the end of
    the trial, adds exactly them to an existing subscription, and gets no promotion. A legacy
    trial's conversion may change its seats.
    Source: docs/sources.md 1 to 3 (trials).
    """
    if step.transition.kind is TransitionKind.TRIAL_CONVERSION:
        return tuple(_conversion(step)) if is_new_commerce(step.transition.origin) else CLEAR
    return (_is_a_trial(step),) if _starts_as_trial(step) else CLEAR


def _starts_as_trial(step: StepInHand) -> bool:
    of_trial = step.catalog.offers[step.transition.origin].is_trial
    return of_trial or (step.is_first and step.subscription.is_trial is True)


def _is_a_trial(step: StepInHand) -> Blocker:
    kind, subscription = step.transition.kind, step.subscription
    remedies = tuple(_convert(step))
    is_upgrade = kind is TransitionKind.LEGACY_UPGRADE
    return Blocker(
        BlockerCode.SUBSCRIPTION_IS_TRIAL,
        Severity.WARNS if is_upgrade else Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        subscription.subscription_id,
        _MESSAGES[kind],
        _SOURCES[kind],
        step=step.pair,
        evidence=(
            Evidence(
                f"{step.catalog.offers[step.transition.origin].title} is held as a trial",
                subscription.subscription_id,
                subscription.seller,
            ),
        ),
        remedies=remedies,
        alternatives=() if remedies else (Alternative.BUY_NEW,),
    )


def _convert(step: StepInHand) -> Iterator[Remedy]:
    moves = step.catalog.transitions_from(step.transition.origin)
    titles = [
        step.catalog.offers[move.target].title
        for move in moves
        if move.kind is TransitionKind.TRIAL_CONVERSION
    ]
    if titles:
        yield Remedy(
            RemedyAction.CONVERT_TRIAL,
            Actor.US,
            f"Convert the trial to {' or '.join(titles)} first, and go on from there",
            role="ADMIN_AGENT",
        )


def _conversion(step: StepInHand) -> Iterator[Blocker | Unanswered]:
    wanted, has = step.choices.seats, step.subscription.seats
    if wanted is not None and has is None:
        message = "How many seats the trial has is not known, so neither what it may convert with"
        yield Unanswered(_RULE, ("subscription.quantity",), message, step=step.pair)
    elif wanted is not None and has is not None and _is_refused(step, wanted, has):
        yield _seats_fixed(step, wanted, has)
    yield Blocker(
        BlockerCode.NO_PROMOTION_FOR_TRIALS,
        Severity.NOTES,
        SubjectKind.SUBSCRIPTION,
        step.subscription.subscription_id,
        "Promotions do not apply when a trial is converted",
        _CONVERSION_SOURCE,
        step=step.pair,
    )


def _is_refused(step: StepInHand, wanted: int, has: int) -> bool:
    if step.choices.into is not None:
        return wanted != has
    return wanted < has and not step.choices.at_renewal


def _seats_fixed(step: StepInHand, wanted: int, has: int) -> Blocker:
    keep = Remedy(
        RemedyAction.CONVERT_TRIAL,
        Actor.US,
        f"Convert it with its {counted(has, 'seat')}, and change the number afterwards",
        role="ADMIN_AGENT",
        seats=has,
    )
    later = Remedy(
        RemedyAction.SCHEDULE_FOR_RENEWAL,
        Actor.US,
        f"Schedule the conversion for the end of the trial, with {counted(wanted, 'seat')}",
        role="ADMIN_AGENT",
        seats=wanted,
        until=step.subscription.last_day,
    )
    joins = step.choices.into is not None
    return Blocker(
        BlockerCode.TRIAL_SEATS_FIXED,
        Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        step.subscription.subscription_id,
        f"Into an existing subscription the trial brings its {counted(has, 'seat')}, not {wanted}"
        if joins
        else f"Before its end a trial converts with no fewer than its {counted(has, 'seat')}",
        _CONVERSION_SOURCE,
        step=step.pair,
        parameters=(("seats", str(wanted)), ("trialSeats", str(has))),
        remedies=(keep,) if joins else (keep, later),
    )
