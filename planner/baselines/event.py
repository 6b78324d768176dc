"""What one event of the baseline is, and the subscription it is told of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from planner.baselines.rules import (
    NO_DATES,
    SEVERITY,
    UNKNOWN_STATUS,
    BaselineCode,
    BaselineRule,
    Certainty,
)
from planner.blockers import Severity
from planner.catalog import Catalog
from planner.customers import Customer, Subscription, SubscriptionState
from planner.holdings import name_of
from planner.ids import CatalogId, is_new_commerce
from planner.lifecycle import TermCalendar, calendar_of, term_of_duration
from planner.offers import Offer, Segment


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last whole day on which the event can still be averted, and why then."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What the subscription is once the event has happened; None where that is not known."""

    state: SubscriptionState
    catalog_id: CatalogId | None
    term: str | None
    billing_cycle: str | None
    seats: int | None
    last_day: date | None = None
    """Last day of the term that the event begins, inclusive."""


@dataclass(frozen=True, slots=True)
class BaselineEvent:
    """One thing that happens to one subscription if nobody acts."""

    subscription_id: str
    code: BaselineCode
    day: date | None
    """First day (UTC) on which it holds; None where no fact or no source dates it."""
    message: str
    severity: Severity
    certainty: Certainty
    source: str
    """Sections of docs/sources.md and ids of the catalog's sources, parted by `, `."""
    after: Afterwards | None = None
    """None where nothing is left, or where what is left is not known."""
    last_day_to_act: LastDay | None = None
    """None where nothing averts it, or it is too late to name a day."""
    evidence: tuple[tuple[str, str], ...] = ()
    """The fields it was read from with their values, in order of reading."""
    unknown: tuple[str, ...] = ()
    """Missing facts that could change it."""
    surcharge: Decimal | None = None
    """What is added to the monthly rate: 0.03 is 3 %; None where nothing is, or it is not known."""

    @property
    def key(self) -> tuple[date, str, str]:
        """The order of a baseline: by day (none last), subscription and code."""
        return (self.day or date.max, self.subscription_id, self.code)


@dataclass(frozen=True, slots=True)
class Case:
    """One subscription and everything its baseline may be read from."""

    catalog: Catalog
    customer: Customer
    subscription: Subscription
    day: date
    """The UTC day that the baseline is asked for."""
    until: date

    @property
    def catalog_id(self) -> CatalogId | None:
        return self.subscription.catalog_id

    @property
    def offer(self) -> Offer | None:
        return None if self.catalog_id is None else self.catalog.offers.get(self.catalog_id)

    @property
    def is_new_commerce(self) -> bool:
        return self.catalog_id is not None and is_new_commerce(self.catalog_id)

    @property
    def name(self) -> str:
        """What the consultants call it."""
        offer = self.offer
        return offer.title if offer else name_of(self.catalog, self.subscription)

    @property
    def segment(self) -> Segment | None:
        """The offer's segment, else the customer's."""
        offer = self.offer
        return offer.segment if offer and offer.segment else self.customer.segment

    @property
    def is_trial(self) -> bool | None:
        """Whether it is a trial, by its own word, else its offer's; None where neither tells."""
        given, offer = self.subscription.is_trial, self.offer
        if given is None and offer is not None:
            return offer.is_trial
        return given

    @property
    def term(self) -> str | None:
        """Its term, else the duration of its legacy offer."""
        offer = self.offer
        return self.subscription.term or term_of_duration(offer.duration if offer else None)

    @property
    def calendar(self) -> TermCalendar | None:
        """Its terms; None where no last day is known."""
        held = self.subscription
        starts = None if held.starts is None else held.starts.date()
        return calendar_of(held.last_day, self.term, starts=starts)

    @property
    def as_it_is(self) -> Afterwards:
        """What it is now, to be changed by an event."""
        held = self.subscription
        return Afterwards(
            held.state, held.catalog_id, self.term, held.billing_cycle, held.seats, held.last_day
        )


def event(
    case: Case,
    code: BaselineCode,
    day: date | None,
    message: str,
    rule: BaselineRule,
    *,
    read: Iterable[str] = (),
    more: Mapping[str, str] | None = None,
    after: Afterwards | None = None,
    last_day_to_act: LastDay | None = None,
    unknown: Iterable[str] = (),
) -> BaselineEvent:
    """Return an event of the rule's certainty and the code's severity.

    `read` names fields of the subscription, `more` further facts with their values.
    """
    held = case.subscription
    fields = tuple((f"subscription.{name}", _written(getattr(held, name))) for name in read)
    return BaselineEvent(
        held.subscription_id,
        code,
        day,
        message,
        SEVERITY[code],
        rule.certainty,
        rule.source,
        after=after,
        last_day_to_act=last_day_to_act,
        evidence=fields + tuple((more or {}).items()),
        unknown=tuple(unknown),
    )


def not_known(
    case: Case,
    day: date | None,
    message: str,
    rule: BaselineRule,
    *,
    read: Iterable[str] = (),
    more: Mapping[str, str] | None = None,
    unknown: Iterable[str] = (),
) -> BaselineEvent:
    """Return an event of which it is not known whether, or when, it happens."""
    told = event(
        case, BaselineCode.NOT_KNOWN, day, message, rule, read=read, more=more, unknown=unknown
    )
    return replace(told, certainty=Certainty.NOT_KNOWN)


def unclear_status(case: Case) -> BaselineEvent:
    """Return the event of a status that says nothing, or of an order that is not provisioned."""
    given = case.subscription.state_as_given
    message = (
        f"The order for {case.name} is still being processed; its dates count once it is active"
        if case.subscription.state is SubscriptionState.PENDING
        else f"The status {given!r} of {case.name} does not tell what happens to it"
    )
    unknown = ("subscription.status",)
    return not_known(case, None, message, UNKNOWN_STATUS, read=("state_as_given",), unknown=unknown)


def no_last_day(case: Case) -> BaselineEvent:
    """Return the event of a subscription whose term's end is not known."""
    return not_known(
        case,
        None,
        f"No source says when the term of {case.name} ends, and so when it renews or expires",
        NO_DATES,
        read=("last_day", "auto_renews"),
        unknown=("subscription.last_day",),
    )


def either(case: Case, day: date, renews: BaselineEvent, ends: BaselineEvent) -> BaselineEvent:
    """Return the event of a subscription of which no source says whether it renews by itself."""
    told = not_known(
        case,
        day,
        f"Whether {case.name} renews by itself is not known: if so, {renews.message}; if not, "
        f"{ends.message}",
        NO_DATES,
        read=("last_day", "auto_renews"),
        unknown=dict.fromkeys(("subscription.auto_renews", *renews.unknown, *ends.unknown)),
    )
    deadlines = [one.last_day_to_act for one in (renews, ends) if one.last_day_to_act]
    earliest = min(deadlines, key=lambda one: one.day, default=None)
    return replace(told, source=_sources(told, renews, ends), last_day_to_act=earliest)


def _sources(*told: BaselineEvent) -> str:
    return ", ".join(sorted({source for one in told for source in one.source.split(", ")}))


def day_before(day: date, why: str, *, days: int = 1) -> LastDay:
    """Return the last day to act that lies so many days before the event."""
    return LastDay(day - timedelta(days=days), why)


def _written(value: object) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    written = getattr(value, "isoformat", None)
    return str(written() if written else value)
