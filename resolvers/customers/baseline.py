"""What happens to a customer's subscriptions, or to one of them, if nobody acts."""

from datetime import UTC, date, datetime

from planner.baselines.baseline import Baseline, baseline, baseline_of
from planner.customers import Customer, Subscription
from planner.lifecycle import months_after
from resolvers.asked import Asked
from resolvers.codes.code import Code
from resolvers.problems import BadInput, limits

MAX_HORIZON_MONTHS = 120


def baseline_for(
    asked: Asked, owner: Customer, *, at: datetime | None = None, until: date | None = None
) -> Baseline:
    """Return the events of every subscription. Raises: BadInput UNTIL_OUT_OF_RANGE.

    `at` is the request's instant and `until` 24 months later unless given.
    """
    instant = at or asked.now
    return baseline(asked.catalog, owner, at=instant, until=_checked(instant, until))


def baseline_of_subscription(
    asked: Asked,
    owner: Customer,
    subscription: Subscription,
    *,
    at: datetime | None = None,
    until: date | None = None,
) -> Baseline:
    """Return the events of one subscription. Raises: BadInput UNTIL_OUT_OF_RANGE."""
    instant = at or asked.now
    return baseline_of(
        asked.catalog, owner, subscription, at=instant, until=_checked(instant, until)
    )


def _checked(at: datetime, until: date | None) -> date | None:
    day = at.astimezone(UTC).date()
    latest = months_after(day, MAX_HORIZON_MONTHS) or date.max
    if until is not None and not day <= until <= latest:
        raise BadInput(
            Code.UNTIL_OUT_OF_RANGE,
            f"`until` is {until}; it must lie between {day} and {latest}",
            parameters=limits("until", str(until), minimum=str(day), maximum=str(latest)),
        )
    return until
