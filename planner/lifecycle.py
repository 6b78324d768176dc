"""On which days a term ends and begins anew, in both commerces.

Days are UTC. A subscription's `last_day` is inclusive whatever the commerce, so the renewal day is
always the day after it; a far end (the last day of the calendar) has no renewal day.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

_MONTHS_IN_A_YEAR = 12
_TERM = re.compile(r"P([1-9]\d{0,2})([MY])", re.ASCII)
_LEGACY_DURATION = re.compile(r"([1-9]\d{0,2}) (Month|Year)s?", re.ASCII)


def months_in(term: str | None) -> int | None:
    """Return the length of an ISO 8601 term of months or years, such as P1M, P1Y or P3Y, in months.

    None for no term and for one of another shape: it is not known, never 0.
    """
    found = None if term is None else _TERM.fullmatch(term)
    if found is None:
        return None
    return int(found[1]) * (_MONTHS_IN_A_YEAR if found[2] == "Y" else 1)


def term_of_duration(duration: str | None) -> str | None:
    """Return the ISO term of a duration as the legacy offer matrix writes it, such as `1 Year`.

    None where it counts neither months nor years (`45 Day`).
    """
    found = None if duration is None else _LEGACY_DURATION.fullmatch(duration)
    return None if found is None else f"P{found[1]}{found[2][0]}"


def months_after(day: date, months: int, *, anniversary: int | None = None) -> date | None:
    """Return the day that many months later (or earlier), on the anniversary day of the month.

    A month without that day gives its last one. None where the calendar ends before.
    """
    year, month = divmod(day.year * _MONTHS_IN_A_YEAR + day.month - 1 + months, _MONTHS_IN_A_YEAR)
    if not date.min.year <= year <= date.max.year:
        return None
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anniversary or day.day, last))


def days_between(first: datetime, last: datetime) -> int:
    """Return how many midnights (UTC) lie between two instants: the hour of either counts not."""
    return (last.astimezone(UTC).date() - first.astimezone(UTC).date()).days


def days_after(day: date, days: int) -> date | None:
    """Return the day that many days later (or earlier); None where the calendar ends before."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


@dataclass(frozen=True, slots=True)
class TermCalendar:
    """The terms of one subscription, as far as its term's length is known.

    Renewals keep the anniversary day: what renews on the 31st renews on the last day of a shorter
    month, and on the 31st again after it.
    Source: docs/sources.md 3 (the anniversary day is kept when a term is switched).
    """

    first_renewal: date
    """The day after the current term's last one."""
    months: int | None
    """Length of the term; None where it is not known."""
    anniversary: int
    """Day of the month, 1 to 31."""

    @property
    def first_day(self) -> date | None:
        """The first day of the current term; None where its length is not known."""
        if self.months is None:
            return None
        return months_after(self.first_renewal, -self.months, anniversary=self.anniversary)

    def renewals(self) -> Iterator[date]:
        """Yield every renewal day, earliest first, without end; the first alone if no length."""
        yield self.first_renewal
        if self.months is None:
            return
        for times in count(1):
            day = months_after(
                self.first_renewal, times * self.months, anniversary=self.anniversary
            )
            if day is None:
                return
            yield day

    def terms(self) -> Iterator[tuple[date, date | None]]:
        """Yield first and last day (inclusive) of every term after this one, earliest first.

        The last day is None where the term's length is not known, or the calendar ends before.
        """
        renewals = self.renewals()
        first = next(renewals)
        for following in renewals:
            yield first, days_after(following, -1)
            first = following
        yield first, None

    def next_renewal(self, after: date) -> date | None:
        """Return the first renewal day later than a day; None where none is known."""
        return next((day for day in self.renewals() if day > after), None)


def calendar_of(
    last_day: date | None, term: str | None, *, starts: date | None = None
) -> TermCalendar | None:
    """Return the terms that follow from a last day; None where there is none, or no day after it.

    `starts` is a first day of this term or of an earlier one. It tells the anniversary where the
    renewal day is the last of a short month.
    """
    renewal = None if last_day is None else days_after(last_day, 1)
    if renewal is None:
        return None
    return TermCalendar(renewal, months_in(term), _anniversary(renewal, starts))


def _anniversary(renewal: date, starts: date | None) -> int:
    is_last_of_month = renewal.day == monthrange(renewal.year, renewal.month)[1]
    if starts is None or not is_last_of_month:
        return renewal.day
    return max(renewal.day, starts.day)


def start_of(day: date) -> datetime:
    """Return 00:00 UTC of a day."""
    return datetime.combine(day, time.min, tzinfo=UTC)
