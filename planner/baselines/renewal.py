"""What a new-commerce subscription renews to, on which days, and what is scheduled for it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from planner.baselines.event import Afterwards, BaselineEvent, Case, day_before, event
from planner.baselines.rules import RENEWAL, SCHEDULED_CHANGE, BaselineCode
from planner.customers import RenewalInstructions, SubscriptionState
from planner.lifecycle import TermCalendar, calendar_of, months_in

_LOCKED = "renewal settings are read-only from 00:00 UTC of the renewal day"
_AS_IT_IS = RenewalInstructions()


def renewing(case: Case, calendar: TermCalendar) -> Iterator[BaselineEvent]:
    """Yield the scheduled change, where there is one, and the renewals up to the horizon.

    Source: docs/sources.md 6 (renewal the day after the term, scheduled changes, list prices).
    """
    told = case.subscription.renewal
    after = _renewed(case, told or _AS_IT_IS)
    if told is not None:
        yield _scheduled_change(case, calendar.first_renewal, after)
    yield from renewals(case, _terms(calendar, after), after)


def renewals(
    case: Case, terms: Iterator[tuple[date, date | None]], after: Afterwards
) -> Iterator[BaselineEvent]:
    """Yield the renewals between the day asked for and the horizon; one stands for all monthly."""
    is_monthly = months_in(after.term) == 1
    for first, last in terms:
        if first > case.until:
            return
        if first >= case.day:
            yield _renewal(case, first, replace(after, last_day=last), is_monthly=is_monthly)
            if is_monthly:
                return


def _renewed(case: Case, told: RenewalInstructions) -> Afterwards:
    """Return what the first renewal makes of it, with what was scheduled for it."""
    now = case.as_it_is
    return Afterwards(
        SubscriptionState.ACTIVE,
        told.catalog_id or now.catalog_id,
        told.term or now.term,
        told.billing_cycle or now.billing_cycle,
        now.seats if told.seats is None else told.seats,
        told.custom_end,
    )


def _terms(calendar: TermCalendar, after: Afterwards) -> Iterator[tuple[date, date | None]]:
    """Yield the terms from the first renewal on; `after.last_day` is a custom end of the first."""
    first, custom_end = calendar.first_renewal, after.last_day
    if custom_end is None or custom_end < first:
        changed = replace(calendar, months=months_in(after.term))
        yield from changed.terms()
        return
    yield first, custom_end
    later = calendar_of(custom_end, after.term)
    if later is not None:
        yield from later.terms()


def _renewal(case: Case, day: date, after: Afterwards, *, is_monthly: bool) -> BaselineEvent:
    term = after.term or "a term of unknown length"
    end = f" until {after.last_day}" if after.last_day else ""
    goes_on = is_monthly and after.last_day is not None and after.last_day < case.until
    onwards = f", and monthly until {case.until}" if goes_on else ""
    return event(
        case,
        BaselineCode.RENEWS,
        day,
        f"{case.name} renews for {term}{end} at the list price of that day{onwards}; for 7 days "
        "afterwards it can be cancelled or reduced",
        RENEWAL,
        read=("last_day", "auto_renews", "term", "seats"),
        after=after,
        last_day_to_act=day_before(day, _LOCKED),
        unknown=() if months_in(after.term) else ("subscription.term",),
    )


def _scheduled_change(case: Case, day: date, after: Afterwards) -> BaselineEvent:
    told = _changes(case.as_it_is, after)
    return event(
        case,
        BaselineCode.SCHEDULED_CHANGE,
        day,
        f"What is scheduled for the renewal of {case.name} takes effect: "
        f"{told or 'it changes nothing'}",
        SCHEDULED_CHANGE,
        read=("last_day", "auto_renews"),
        more={"subscription.renewal": told or "as it is"},
        after=after,
        last_day_to_act=day_before(day, _LOCKED),
    )


def _changes(now: Afterwards, after: Afterwards) -> str:
    pairs = {
        "offer": (now.catalog_id, after.catalog_id),
        "term": (now.term, after.term),
        "billing": (now.billing_cycle, after.billing_cycle),
        "seats": (now.seats, after.seats),
    }
    told = [
        f"{name} from {'unknown' if old is None else old} to {new}"
        for name, (old, new) in pairs.items()
        if old != new
    ]
    if after.last_day is not None:
        told.append(f"the new term ends on {after.last_day}")
    return ", ".join(told)
