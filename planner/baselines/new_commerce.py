"""What happens to a new-commerce subscription on which date if nobody acts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from planner.baselines.event import (
    Afterwards,
    BaselineEvent,
    Case,
    LastDay,
    day_before,
    either,
    event,
    no_last_day,
    not_known,
    unclear_status,
)
from planner.baselines.renewal import renewing
from planner.baselines.rules import (
    DISABLED_DAYS,
    EXPIRED_DAYS,
    EXTENDED_IF_BOUGHT_FROM,
    EXTENDED_IF_ENDS_FROM,
    EXTENDED_SERVICE_TERM,
    STATES,
    SURCHARGE,
    SURCHARGE_WITHOUT_MONTHLY,
    BaselineCode,
)
from planner.baselines.trials import trial_events
from planner.blockers import Severity
from planner.customers import SubscriptionState as State
from planner.lifecycle import TermCalendar, days_after

_LAST_CHANCE = (
    "auto-renewal, or a cancel for the term's end, must be told before 00:00 UTC of the day after "
    "the term"
)
_NO_WAY_BACK = "an expired subscription cannot be reactivated, so its expiry must be averted"
_REACTIVATE = "it must be reactivated before the term ends"
_READ = ("last_day", "auto_renews", "cancels_at_end", "term")


def new_commerce_events(case: Case) -> Iterator[BaselineEvent]:
    """Yield what happens from its data on, in no order; days may lie before the one asked for.

    Source: docs/sources.md 0 (extended service term) and 6 (states, renewal, trials).
    """
    state = case.subscription.state
    if state is State.ACTIVE:
        yield from trial_events(case) if case.is_trial else _active(case)
    elif state is State.SUSPENDED:
        yield from _suspended(case)
    elif state in (State.EXPIRED, State.DISABLED):
        yield from _lapsing(case)
    elif state is not State.DELETED:
        yield unclear_status(case)


def _active(case: Case) -> Iterator[BaselineEvent]:
    held, calendar = case.subscription, case.calendar
    if calendar is None:
        yield no_last_day(case)
    elif held.cancels_at_end:
        yield from _cancelled(case, calendar)
    elif held.auto_renews:
        yield from renewing(case, calendar)
    elif held.auto_renews is False:
        yield from _not_renewing(case, calendar)
    else:
        wide = replace(case, day=calendar.first_renewal, until=date.max)
        renews = next(one for one in renewing(wide, calendar) if one.code is BaselineCode.RENEWS)
        yield either(case, calendar.first_renewal, renews, next(_not_renewing(case, calendar)))


# ---------------------------------------------------------------- active, and it does not renew


def _not_renewing(case: Case, calendar: TermCalendar) -> Iterator[BaselineEvent]:
    extended = _is_extended(case, calendar)
    if extended:
        yield _extended(case, calendar.first_renewal)
    elif extended is False:
        yield from _expires(case, calendar.first_renewal)
    else:
        yield not_known(
            case,
            calendar.first_renewal,
            f"{case.name} ends without renewal: it goes on month by month at a surcharge if it was "
            f"bought or renewed on or after {EXTENDED_IF_BOUGHT_FROM}, and expires otherwise",
            EXTENDED_SERVICE_TERM,
            read=(*_READ, "starts", "created"),
            unknown=("subscription.term",),
        )


def _is_extended(case: Case, calendar: TermCalendar) -> bool | None:
    """Return whether the extended service term applies; None where its age is not known.

    The term's last day is taken for the day on which it expires.
    Source: docs/sources.md 0.
    """
    held = case.subscription
    if held.last_day is None or held.last_day < EXTENDED_IF_ENDS_FROM:
        return False
    instants = (held.starts, held.created)
    days = [instant.date() for instant in instants if instant is not None]
    if any(day >= EXTENDED_IF_BOUGHT_FROM for day in (*days, calendar.first_day) if day):
        return True
    return None if calendar.first_day is None else False


def _extended(case: Case, day: date) -> BaselineEvent:
    surcharge = _surcharge(case)
    rate = "a surcharge" if surcharge is None else f"{surcharge:.0%} more than the monthly rate"
    lost = "; what was scheduled for the renewal is dropped" if case.subscription.renewal else ""
    unknown = () if surcharge is not None else ("offer.billing",)
    if case.subscription.cancels_at_end is None:
        unknown = ("subscription.cancels_at_end", *unknown)
    told = event(
        case,
        BaselineCode.EXTENDED_SERVICE_TERM,
        day,
        f"{case.name} does not renew and goes on month by month at {rate}, until it is cancelled "
        f"(any day, pro rata) or renewed{lost}",
        EXTENDED_SERVICE_TERM,
        read=(*_READ, "starts", "created"),
        more={"offer.billing": ", ".join(_billing(case)) or "not known"},
        after=Afterwards(State.ACTIVE, case.catalog_id, "P1M", "monthly", case.subscription.seats),
        last_day_to_act=day_before(day, _LAST_CHANCE),
        unknown=unknown,
    )
    return replace(told, surcharge=surcharge)


def _surcharge(case: Case) -> Decimal | None:
    """Return what is added to the monthly rate; None where the offer's plans are not known."""
    billing = _billing(case)
    if not billing:
        return None
    has_monthly = "P1M/Monthly" in billing
    return SURCHARGE if has_monthly else SURCHARGE_WITHOUT_MONTHLY


def _billing(case: Case) -> tuple[str, ...]:
    return case.offer.billing if case.offer else ()


def _cancelled(case: Case, calendar: TermCalendar) -> Iterator[BaselineEvent]:
    """Yield the end that was asked for: it WARNS alone, and so does what follows from it."""
    if _is_extended(case, calendar) is False:
        for one in _expires(case, calendar.first_renewal):
            yield replace(one, severity=Severity.WARNS)
        return
    day = calendar.first_renewal
    told = event(
        case,
        BaselineCode.EXPIRES,
        day,
        f"{case.name} ends, as scheduled; the free 30 days after expiry are gone for such "
        "subscriptions, and no source dates when its data are deleted",
        EXTENDED_SERVICE_TERM,
        read=(*_READ, "starts", "created"),
        after=_in_state(case, State.EXPIRED),
        last_day_to_act=day_before(day, _LAST_CHANCE),
        unknown=("subscription.deletion_date",),
    )
    yield replace(told, severity=Severity.WARNS)


def _expires(case: Case, day: date) -> Iterator[BaselineEvent]:
    yield event(
        case,
        BaselineCode.EXPIRES,
        day,
        f"{case.name} expires; its users can work for {EXPIRED_DAYS} more days, and it cannot be "
        "reactivated",
        STATES,
        read=_READ,
        after=_in_state(case, State.EXPIRED),
        last_day_to_act=day_before(day, _LAST_CHANCE),
    )
    averted = day_before(day, _NO_WAY_BACK)
    yield _disabled(case, days_after(day, EXPIRED_DAYS), last_day_to_act=averted)
    yield _deleted(case, days_after(day, EXPIRED_DAYS + DISABLED_DAYS), last_day_to_act=averted)


# ---------------------------------------------------------- suspended, expired and disabled ones


def _suspended(case: Case) -> Iterator[BaselineEvent]:
    if case.calendar is None:
        yield _deleted(case, None, unknown=("subscription.last_day",))
        return
    day = case.calendar.first_renewal
    averted = day_before(day, _REACTIVATE)
    yield _disabled(case, day, last_day_to_act=averted)
    yield _deleted(case, days_after(day, EXPIRED_DAYS + DISABLED_DAYS), last_day_to_act=averted)


def _lapsing(case: Case) -> Iterator[BaselineEvent]:
    """Yield what follows an expiry, dated by the term's end if that lies behind us.

    An expired subscription is disabled after 30 days and deleted 90 days later; one that was
    suspended at its term's end is disabled for 30 and 90 days: both are deleted after 120.
    """
    ended, unknown = _ended(case)
    if case.subscription.state is State.EXPIRED:
        disabled = None if ended is None else days_after(ended, EXPIRED_DAYS)
        yield _disabled(case, disabled, unknown=unknown)
    deleted = None if ended is None else days_after(ended, EXPIRED_DAYS + DISABLED_DAYS)
    yield _deleted(case, deleted, unknown=unknown)


def _ended(case: Case) -> tuple[date | None, tuple[str, ...]]:
    if case.calendar is None:
        return None, ("subscription.last_day",)
    if case.calendar.first_renewal > case.day:
        return None, ("subscription.expired_on",)
    return case.calendar.first_renewal, ()


def _disabled(
    case: Case,
    day: date | None,
    *,
    last_day_to_act: LastDay | None = None,
    unknown: tuple[str, ...] = (),
) -> BaselineEvent:
    return event(
        case,
        BaselineCode.DISABLED,
        day,
        f"{case.name} is disabled: its users can no longer use it",
        STATES,
        read=("state", "last_day"),
        after=_in_state(case, State.DISABLED),
        last_day_to_act=last_day_to_act,
        unknown=unknown,
    )


def _deleted(
    case: Case,
    day: date | None,
    *,
    last_day_to_act: LastDay | None = None,
    unknown: tuple[str, ...] = (),
) -> BaselineEvent:
    return event(
        case,
        BaselineCode.DELETED,
        day,
        f"{case.name} is deleted with its data",
        STATES,
        read=("state", "last_day"),
        last_day_to_act=last_day_to_act,
        unknown=unknown,
    )


def _in_state(case: Case, state: State) -> Afterwards:
    return replace(case.as_it_is, state=state, last_day=None)
