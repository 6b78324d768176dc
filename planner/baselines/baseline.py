"""What happens to a customer's subscriptions on which date if nobody acts.

Plans are compared with it, and the latest date of a step comes from it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from planner.baselines.add_ons import following
from planner.baselines.event import (
    Afterwards,
    BaselineEvent,
    Case,
    LastDay,
    event,
    not_known,
)
from planner.baselines.legacy import equivalents, legacy_events, run_of
from planner.baselines.new_commerce import new_commerce_events
from planner.baselines.rules import (
    BASELINE_VERSION,
    HORIZON_MONTHS,
    NO_DATES,
    OLD_DATA,
    PAST_TERM,
    SOLD_BY_OTHERS,
    BaselineCode,
    Certainty,
)
from planner.blockers import Severity
from planner.catalog import Catalog
from planner.customers import Customer, Seller, Subscription
from planner.customers import SubscriptionState as State
from planner.holdings import unseen_holdings
from planner.lifecycle import months_after


@dataclass(frozen=True, slots=True)
class Baseline:
    """The events of one customer between two days, in order of (day, subscription, code).

    An event without a day comes last. What lies before the day asked for is left out, but for
    DATA_LOOKS_OLD, which names the day since which the data cannot be right.
    """

    customer_id: str
    at: datetime
    until: date
    """The last day that is looked at, inclusive."""
    catalog_version: str
    rules_version: str
    events: tuple[BaselineEvent, ...]
    unknown: tuple[str, ...]
    """Sides of the holdings that are not loaded whole: what they hide is not told."""


def baseline(
    catalog: Catalog, customer: Customer, *, at: datetime, until: date | None = None
) -> Baseline:
    """Return what happens to every subscription, ours and others', up to and including a day.

    `at` is an aware instant; the horizon is 24 months after its UTC day unless given. A
    subscription that both sides list is told once, as ours.
    Raises: ValueError for a naive `at`.
    """
    held = {one.subscription_id: one for one in reversed(customer.holdings.all)}
    return _told(catalog, customer, held.values(), at=at, until=until)


def baseline_of(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    *,
    at: datetime,
    until: date | None = None,
) -> Baseline:
    """Return what happens to one subscription: the same events that the customer's has of it."""
    return _told(catalog, customer, (subscription,), at=at, until=until)


def _told(
    catalog: Catalog,
    customer: Customer,
    held: Iterable[Subscription],
    *,
    at: datetime,
    until: date | None,
) -> Baseline:
    if at.tzinfo is None:
        raise ValueError("`at` must be an aware instant")
    day = at.astimezone(UTC).date()
    end = until or months_after(day, HORIZON_MONTHS) or date.max
    told = (
        one
        for subscription in held
        for one in _events(Case(catalog, customer, subscription, day, end))
    )
    return Baseline(
        customer.customer_id,
        at,
        end,
        catalog.version_id,
        BASELINE_VERSION,
        tuple(sorted(told, key=lambda one: one.key)),
        unseen_holdings(customer),
    )


def _events(case: Case) -> Iterator[BaselineEvent]:
    """Yield the events of one subscription that lie within the days asked for."""
    for one in following(case, tuple(_from_data(case)), _from_data):
        if one.day is None or case.day <= one.day <= case.until:
            yield one
    yield from _old_data(case)


def _from_data(case: Case) -> Iterator[BaselineEvent]:
    """Yield everything that follows from the data, whenever it is."""
    held = case.subscription
    if held.state is State.DELETED:
        return
    if held.seller is not Seller.US:
        yield _sold_by_others(case)
    elif held.catalog_id is None:
        yield _no_licence(case)
    else:
        told = new_commerce_events(case) if case.is_new_commerce else legacy_events(case)
        yield from (_doubted(case, one) for one in told)


def _doubted(case: Case, one: BaselineEvent) -> BaselineEvent:
    """Return the event with the doubt whether its subscription is a trial, where nothing tells."""
    if case.is_trial is not None or case.subscription.state is not State.ACTIVE:
        return one
    return replace(one, unknown=(*one.unknown, "subscription.is_trial"))


def _sold_by_others(case: Case) -> BaselineEvent:
    told = not_known(
        case,
        None,
        f"{case.name} is not one that we sold; its seller alone sees when it renews or ends",
        SOLD_BY_OTHERS,
        read=("seller", "state_as_given"),
        unknown=("subscription.last_day", "subscription.auto_renews"),
    )
    return replace(told, severity=Severity.NOTES)


def _no_licence(case: Case) -> BaselineEvent:
    told = not_known(
        case,
        None,
        f"{case.name} is no offer of the licence catalogs; the rules for licences do not apply",
        NO_DATES,
        read=("catalog_id", "last_day"),
        unknown=("subscription.catalog_id",),
    )
    return replace(told, severity=Severity.NOTES)


# ------------------------------------------------------------------------------- data that is old


def _old_data(case: Case) -> Iterator[BaselineEvent]:
    """Yield at most one warning: that the data cannot be of the day asked for.

    Ours alone, and only while they are listed as active (or suspended, in new commerce).
    """
    held, calendar = case.subscription, case.calendar
    if held.seller is not Seller.US or held.catalog_id is None or calendar is None:
        return
    if held.state is not State.ACTIVE and not (
        held.state is State.SUSPENDED and case.is_new_commerce
    ):
        return
    migrated = None if case.is_new_commerce else _should_have_migrated(case)
    if migrated is not None:
        yield _missed_run(case, migrated)
    elif calendar.first_renewal < case.day:
        yield _past_term(case, calendar.first_renewal)


def _should_have_migrated(case: Case) -> date | None:
    """Return the first day of a current term that Microsoft's run should have taken away."""
    complete_by = run_of(case).complete_by
    if complete_by is None or case.is_trial or case.subscription.state is not State.ACTIVE:
        return None
    calendar, starts = case.calendar, case.subscription.starts
    first = calendar.first_day if calendar else None
    if first is None and starts is not None:
        first = starts.date()
    return first if first is not None and complete_by <= first <= case.day else None


def _missed_run(case: Case, day: date) -> BaselineEvent:
    run = run_of(case)
    known = bool(equivalents(case))
    doubt = "" if known else ", or of an offer without an equivalent"
    told = event(
        case,
        BaselineCode.DATA_LOOKS_OLD,
        day,
        f"{case.name} is listed as active in a legacy term from {day} on, after Microsoft's "
        f"migration ({run.message}): the data look old{doubt}",
        OLD_DATA,
        read=("state", "starts", "last_day", "term"),
        more={"segment": case.segment.value if case.segment else "not known"},
        unknown=() if known else ("equivalent new-commerce SKU",),
    )
    certainty = run.rule.certainty if known else Certainty.NOT_KNOWN
    return replace(told, certainty=certainty, source=run.rule.source)


def _past_term(case: Case, day: date) -> BaselineEvent:
    held = case.subscription
    return event(
        case,
        BaselineCode.DATA_LOOKS_OLD,
        day,
        f"{case.name} is listed as {held.state.value.lower()} in a term that ended on "
        f"{held.last_day}: the data look old",
        PAST_TERM,
        read=("state", "last_day", "auto_renews"),
        unknown=() if held.auto_renews is not None else ("subscription.auto_renews",),
    )


__all__ = ["Afterwards", "Baseline", "BaselineEvent", "LastDay", "baseline", "baseline_of"]
