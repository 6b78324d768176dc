"""Whether a field of a subscription says what the done steps of a plan were to make of it.

What nobody can foresee to the day may lie between the first day of a step and the day on which it
was marked: when something was created, starts, ends and can be cancelled.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from planner.customers import RenewalInstructions, Subscription
from planner.plans.saved.carried_out import Stage
from planner.plans.search.situation import WINDOW, last_day_of


@dataclass(frozen=True, slots=True)
class Seen:
    """One subscription as it is today beside the stage that it may be in."""

    stage: Stage
    early: Subscription
    late: Subscription
    was: Subscription | None
    found: Subscription

    def is_as_told(self, name: str) -> bool:
        """Return whether a field says what the steps make of it, as far as that is foreseen."""
        value = getattr(self.found, name)
        told = getattr(self.early, name), getattr(self.late, name)
        if value in told:
            return True
        if value is None and name not in _ALWAYS_TOLD:
            # No source told it before, and none tells it now.
            return getattr(self.was, name, None) is None
        if self.was is None or self.late != self.was:
            return bool(_FREE.get(name, _never)(self, value, *told))
        return False

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day on which it may have happened."""
        return self.stage.early.at.date(), self.stage.late.at.date()


_ALWAYS_TOLD = frozenset({"catalog_id", "seats", "state"})
"""Without these a subscription is not known for one that a step made."""


def _never(_seen: Seen, _value: object, _early: object, _late: object) -> bool:
    return False


def _between(_seen: Seen, value: object, early: object, late: object) -> bool:
    return (
        isinstance(value, date)
        and isinstance(early, date)
        and isinstance(late, date)
        and _day(early) <= _day(value) <= _day(late)
    )


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _starts(seen: Seen, value: object, _early: object, _late: object) -> bool:
    return _between(seen, value, *seen.days) or _between(
        seen, value, seen.early.created, seen.late.created
    )


def _ends(seen: Seen, value: object, early: object, late: object) -> bool:
    """Take any end within a switched term: it keeps the anniversary's day [docs/sources.md 3]."""
    if _between(seen, value, early, late):
        return True
    is_switched = seen.late.subscription_id in seen.stage.switched
    first, last = seen.days
    whole = last_day_of(last, seen.found.term)
    return is_switched and _between(seen, value, first, whole)


def _state_as_given(seen: Seen, _value: object, _early: object, _late: object) -> bool:
    """Take any text for a state that is known."""
    return seen.found.state in (seen.early.state, seen.late.state)


def _partner_of_record(seen: Seen, value: object, _early: object, late: object) -> bool:
    """Take any valid number where the wrong one was corrected [docs/sources.md 3]."""
    wrong = None if seen.was is None else seen.was.partner_of_record
    return late is None and wrong is not None and str(value).isdigit()


def _reducible(seen: Seen, _value: object, _early: object, _late: object) -> bool:
    """Take tranches that were there, and those of what was bought: its seats, for 7 days.

    Source: docs/sources.md 6.
    """
    known = () if seen.was is None else seen.was.reducible or ()
    until = seen.days[1] + WINDOW + timedelta(days=1)
    bought = [one for one in seen.found.reducible or () if one not in known]
    return sum(one.seats for one in bought) <= (seen.late.seats or 0) and all(
        one.until.date() <= until for one in bought
    )


def _migrated_from(seen: Seen, _value: object, _early: object, late: object) -> bool:
    """Take any for a part that was converted: whether it has its source's is not published."""
    return seen.was is None and late is None


def _renewal(_seen: Seen, value: object, _early: object, late: object) -> bool:
    """Take instructions that say no more than those that a step gives."""
    if not isinstance(value, RenewalInstructions) or not isinstance(late, RenewalInstructions):
        return False
    same = all(
        told is None or told == getattr(late, name)
        for name, told in (
            ("catalog_id", value.catalog_id),
            ("term", value.term),
            ("billing_cycle", value.billing_cycle),
            ("seats", value.seats),
        )
    )
    return same and value.custom_end is None


_FREE: Mapping[str, Callable[[Seen, object, object, object], bool]] = {
    "created": _between,
    "starts": _starts,
    "last_day": _ends,
    "cancellable_until": _between,
    "state_as_given": _state_as_given,
    "partner_of_record": _partner_of_record,
    "reducible": _reducible,
    "renewal": _renewal,
    "migrated_from": _migrated_from,
}
"""Fields of which the steps do not tell the very value, and what is taken for it."""
