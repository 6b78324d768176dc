"""May the first term end on the day that was chosen?"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Blocker,
    Evidence,
    PartnerCenterCode,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.customers import HoldingsState, Subscription, SubscriptionState
from planner.holdings import LOAD_HOLDINGS
from planner.ids import is_new_commerce
from planner.lifecycle import months_after, months_in
from planner.rules.term_end import carried_out_on
from planner.rules.walk import CLEAR, Answer, StepInHand

_RULE = "CUSTOM_END_DATE"
_SOURCE = "docs/sources.md 3: codes 11 and 12, 900291 and 900292 (aligned end dates)"
_MONTHLY = 1
_UNEVEN_DAYS = range(28, 31)
_TERMS = (1, 12, 36)


def custom_end_date(step: StepInHand) -> Answer:
    """A chosen end lies in the first term, on a month's end or another subscription's last day.

    The other one is ours, active, of new commerce and no trial; annual and three-year terms do not
    align with a monthly one, a monthly one aligns with any, though not on a 28th, 29th or 30th that
    is not its month's last. The first term is taken as a whole one from the day of the move: that
    the remaining term counts instead is not published. An anniversary of another's end WARNS: the
    documentation's example has one, the error's text does not.
    Source: docs/sources.md 3 (codes 11 and 12, 900291 and 900292).
    """
    chosen = step.choices.custom_end
    if chosen is None:
        return CLEAR
    months = months_in(step.choices.term or step.subscription.term)
    if months not in _TERMS:
        field = "choices.term" if step.choices.term else "subscription.termDuration"
        return (_unanswered(step, (field,), "How long the first term is is not known"),)
    first, last = _first_term(step, months)
    if not _fits(chosen, months, first, last):
        return (_out_of_term(step, chosen, first, last),)
    return CLEAR if _is_month_end(chosen) else _aligned(step, chosen, months)


def _first_term(step: StepInHand, months: int) -> tuple[date, date]:
    """Return its first day and the last day an end may lie on, both inclusive.

    The documentation aligns a month that begins on March 2 with an end on April 2.
    """
    first = carried_out_on(step)
    return first, months_after(first, months) or date.max


def _fits(chosen: date, months: int, first: date, last: date) -> bool:
    uneven = months == _MONTHLY and chosen.day in _UNEVEN_DAYS and not _is_month_end(chosen)
    return first <= chosen <= last and not uneven


def _is_month_end(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _aligned(step: StepInHand, chosen: date, months: int) -> Answer:
    candidates = tuple(_candidates(step))
    same_day = [other for other in candidates if other.last_day == chosen]
    if any(_agrees(other, months) is True for other in same_day):
        return CLEAR
    fields = tuple(_open_fields(step, candidates, chosen, months))
    if fields:
        message = "Whether another subscription ends on the chosen day is not known"
        return (_unanswered(step, fields, message),)
    if any(_is_anniversary(other, chosen) and _agrees(other, months) for other in candidates):
        return (_on_anniversary(step, chosen),)
    return (_not_aligned(step, chosen, same_day, _allowed(step, candidates, months)),)


def _candidates(step: StepInHand) -> Iterator[Subscription]:
    own = sorted(step.customer.holdings.own, key=lambda other: other.subscription_id)
    for other in own:
        if (
            other.subscription_id != step.subscription.subscription_id
            and other.state is SubscriptionState.ACTIVE
            and other.catalog_id is not None
            and is_new_commerce(other.catalog_id)
            and not _is_trial(step, other)
        ):
            yield other


def _is_trial(step: StepInHand, other: Subscription) -> bool:
    offer = None if other.catalog_id is None else step.catalog.offers.get(other.catalog_id)
    return other.is_trial is True or (offer is not None and offer.is_trial)


def _agrees(other: Subscription, months: int) -> bool | None:
    """Return whether the terms' lengths may align; None where the other's is not known."""
    theirs = months_in(other.term)
    if months == _MONTHLY:
        return True
    return None if theirs is None else theirs != _MONTHLY


def _open_fields(
    step: StepInHand, candidates: tuple[Subscription, ...], chosen: date, months: int
) -> Iterator[str]:
    if step.customer.holdings.own_state is not HoldingsState.COMPLETE:
        yield "holdings.own"
    for other in candidates:
        if other.last_day is None:
            yield f"commitmentEndDate of subscription {other.subscription_id}"
        elif other.last_day == chosen and _agrees(other, months) is None:
            yield f"termDuration of subscription {other.subscription_id}"


def _is_anniversary(other: Subscription, chosen: date) -> bool:
    ends = other.last_day
    return (
        ends is not None
        and ends < chosen
        and (ends.month, ends.day)
        == (
            chosen.month,
            chosen.day,
        )
    )


def _allowed(
    step: StepInHand, candidates: tuple[Subscription, ...], months: int
) -> tuple[date, ...]:
    first, last = _first_term(step, months)
    days = {
        other.last_day
        for other in candidates
        if other.last_day is not None
        and _agrees(other, months)
        and _fits(other.last_day, months, first, last)
    }
    return tuple(sorted(days))


_OUT_OF_TERM = (
    PartnerCenterCode("MIGRATION", 11, "InvalidCustomTermEndDate"),
    PartnerCenterCode("REST", 900291, "must be within the first term duration"),
)
_NOT_ALIGNED = (
    PartnerCenterCode(
        "MIGRATION", 12, "CustomTermEndDateMustAlignWithExistingSubscriptionOrCalendarMonth"
    ),
    PartnerCenterCode("REST", 900292, "does not match the end of any active subscription or month"),
)


def _out_of_term(step: StepInHand, chosen: date, first: date, last: date) -> Blocker:
    message = (
        f"{chosen} does not lie in the first term, {first} to {last}"
        if not first <= chosen <= last
        else f"A monthly term cannot end on {chosen}: the 28th, 29th or 30th only at a month's end"
    )
    return _blocker(
        step,
        BlockerCode.CUSTOM_END_DATE_INVALID,
        Severity.BLOCKS,
        message,
        _change(()),
        codes=_OUT_OF_TERM,
    )


def _not_aligned(
    step: StepInHand, chosen: date, same_day: list[Subscription], allowed: tuple[date, ...]
) -> Blocker:
    message = (
        f"Only monthly subscriptions end on {chosen}, and an annual or longer term cannot align "
        "with them"
        if same_day
        else f"No active new-commerce subscription of ours ends on {chosen}, nor does a month"
    )
    return _blocker(
        step,
        BlockerCode.CUSTOM_END_DATE_NOT_ALIGNED,
        Severity.BLOCKS,
        message,
        _change(allowed),
        codes=_NOT_ALIGNED,
        evidence=tuple(
            Evidence(
                f"it ends on {chosen}, its term is {other.term}",
                other.subscription_id,
                other.seller,
            )
            for other in same_day
        ),
        allowed=allowed,
    )


def _on_anniversary(step: StepInHand, chosen: date) -> Blocker:
    validate = Remedy(
        RemedyAction.VALIDATE_WITH_PARTNER_CENTER,
        Actor.US,
        "Ask Partner Center: validate the migration with this end date",
        role="ADMIN_AGENT",
    )
    message = (
        f"{chosen} is a later anniversary of another subscription's end; the documentation's "
        "example aligns with one, the error's text allows the end itself only"
    )
    return _blocker(
        step, BlockerCode.CUSTOM_END_DATE_ON_ANNIVERSARY, Severity.WARNS, message, validate
    )


def _change(allowed: tuple[date, ...]) -> Remedy:
    days = "".join(f", or {day}" for day in allowed)
    return Remedy(
        RemedyAction.CHANGE_END_DATE,
        Actor.US,
        f"Choose the last day of a calendar month in the first term{days}",
        role="ADMIN_AGENT",
    )


def _blocker(
    step: StepInHand,
    code: BlockerCode,
    severity: Severity,
    message: str,
    remedy: Remedy,
    *,
    codes: tuple[PartnerCenterCode, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    allowed: tuple[date, ...] = (),
) -> Blocker:
    return Blocker(
        code,
        severity,
        SubjectKind.SUBSCRIPTION,
        step.subscription.subscription_id,
        message,
        _SOURCE,
        step=step.pair,
        parameters=(
            ("customEnd", str(step.choices.custom_end)),
            *(("allowed", str(day)) for day in allowed),
        ),
        evidence=evidence,
        remedies=(remedy,),
        partner_center=codes,
    )


def _unanswered(step: StepInHand, fields: tuple[str, ...], message: str) -> Unanswered:
    remedies = (LOAD_HOLDINGS,) if "holdings.own" in fields else ()
    return Unanswered(_RULE, fields, message, step=step.pair, remedies=remedies)
