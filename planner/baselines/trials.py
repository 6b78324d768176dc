"""What a trial becomes when its days are over, in both commerces."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from planner.baselines.event import (
    Afterwards,
    BaselineEvent,
    Case,
    day_before,
    either,
    event,
    no_last_day,
    not_known,
)
from planner.baselines.renewal import renewals
from planner.baselines.rules import (
    LEGACY_END,
    LEGACY_TRIAL,
    TRIAL,
    TRIAL_BECOMES,
    TRIAL_DAYS,
    BaselineCode,
)
from planner.customers import SubscriptionState
from planner.ids import CatalogId
from planner.lifecycle import TermCalendar, days_after, months_in
from planner.transitions import TransitionKind

_BEFORE_ITS_END = "what shall happen to a trial must be told before its last day is over"


def trial_events(case: Case) -> Iterator[BaselineEvent]:
    """Yield what an active trial does at its end: converts where it renews, else ends.

    Source: docs/sources.md 6 (trials of 30 days; auto-renewal makes a paid year of them).
    """
    day = _end_of_trial(case)
    if day is None:
        yield no_last_day(case)
    elif not case.is_new_commerce:
        yield _legacy_end(case, day)
    elif case.subscription.auto_renews is None:
        yield either(case, day, _converts(case, day), _ends(case, day))
    elif case.subscription.auto_renews and not case.subscription.cancels_at_end:
        converted = _converts(case, day)
        yield converted
        if converted.after is not None:
            yield from _later(case, day, converted.after)
    else:
        yield _ends(case, day)


def _end_of_trial(case: Case) -> date | None:
    """Return the first day after the trial: by its last day, else 30 days from its start."""
    if case.calendar is not None:
        return case.calendar.first_renewal
    began = case.subscription.starts or case.subscription.created
    if began is None or not case.is_new_commerce:
        return None
    return days_after(began.date(), TRIAL_DAYS)


def _converts(case: Case, day: date) -> BaselineEvent:
    targets = _paid_offers(case)
    term, billing = TRIAL_BECOMES
    last_day = next(_terms(day, term))[1]
    after = Afterwards(
        SubscriptionState.ACTIVE,
        targets[0] if len(targets) == 1 else None,
        term,
        billing,
        case.subscription.seats,
        last_day,
    )
    several = f" (one of {', '.join(targets)})" if len(targets) > 1 else ""
    return event(
        case,
        BaselineCode.TRIAL_CONVERTS,
        day,
        f"The trial {case.name} becomes a paid subscription{several} for a year, billed monthly, "
        "with the same seats and without promotions",
        TRIAL,
        read=("is_trial", "auto_renews", "last_day", "starts", "seats"),
        after=after,
        last_day_to_act=day_before(day, _BEFORE_ITS_END),
        unknown=() if len(targets) == 1 else ("paid offer of the trial",),
    )


def _paid_offers(case: Case) -> tuple[CatalogId, ...]:
    if case.catalog_id is None:
        return ()
    moves = case.catalog.transitions_from(case.catalog_id)
    return tuple(move.target for move in moves if move.kind is TransitionKind.TRIAL_CONVERSION)


def _later(case: Case, day: date, after: Afterwards) -> Iterator[BaselineEvent]:
    terms = _terms(day, after.term)
    next(terms)
    yield from renewals(case, terms, after)


def _terms(first: date, term: str | None) -> Iterator[tuple[date, date | None]]:
    return TermCalendar(first, months_in(term), first.day).terms()


def _ends(case: Case, day: date) -> BaselineEvent:
    return event(
        case,
        BaselineCode.EXPIRES,
        day,
        f"The trial {case.name} ends",
        TRIAL if case.is_new_commerce else LEGACY_END,
        read=("is_trial", "auto_renews", "cancels_at_end", "last_day", "starts"),
        after=replace(case.as_it_is, state=SubscriptionState.EXPIRED, last_day=None),
        last_day_to_act=day_before(day, _BEFORE_ITS_END),
    )


def _legacy_end(case: Case, day: date) -> BaselineEvent:
    """Return the end of a legacy trial: it is never migrated, and no source says that it renews."""
    if case.subscription.auto_renews is False:
        return _ends(case, day)
    return not_known(
        case,
        day,
        f"The term of the legacy trial {case.name} ends; a trial is never migrated, and no source "
        "says that it renews or becomes a paid subscription by itself",
        LEGACY_TRIAL,
        read=("is_trial", "auto_renews", "last_day"),
        unknown=() if case.subscription.auto_renews else ("subscription.auto_renews",),
    )
