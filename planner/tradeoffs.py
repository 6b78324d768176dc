"""What one way of a subscription trades for another: their order, and which are worth a look."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from planner.blockers import RemedyAction, Severity
from planner.catalog import Catalog
from planner.counting import more_or_fewer
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.options import Option
from planner.pricing.cost_now import cost_of, quotes_for
from planner.pricing.prices import PriceNotKnown, Quote
from planner.profiles import Profile
from planner.readiness import Readiness
from planner.rules import Mode
from planner.service_sets import count_lost
from planner.transitions import EvidenceKind, Execution, TransitionKind

_STANDING = (Readiness.READY, Readiness.CONDITIONAL, Readiness.UNKNOWN, Readiness.BLOCKED)


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """What people weigh ways by. More is worse; None is not known and counts as worst."""

    standing: int
    """0 READY, 1 CONDITIONAL, 2 UNKNOWN, 3 BLOCKED."""
    legacy_upgrades: int
    steps: int
    manual_steps: int
    doubt: int
    """How far the weakest evidence is from Partner Center's own word; 0 is that."""
    seats_by_hand: int | None
    """Licences that somebody has to reassign."""
    services_lost: int | None
    done_on: date | None
    """The first day on which nothing dated stops it; None where what stops it has no day."""
    monthly: Decimal | None
    """All seats for a month at the target, retail, by the subscription's term and billing where it
    is sold so, else by the cheapest."""
    currency: str | None


@dataclass(frozen=True, slots=True)
class TradeOff:
    """A way worth a look beside the best one, and what it trades for what."""

    option: Option
    facts: OptionFacts
    line: str


def facts_of(
    catalog: Catalog, customer: Customer, subscription: Subscription, option: Option, on: date
) -> OptionFacts:
    """Return what a judged way is weighed by on a day."""
    cost = option.path.cost
    quote = quote_at(catalog, customer, subscription, option.target, on)
    monthly = None if quote is None else cost_of(quote, subscription.seats).monthly
    return OptionFacts(
        _STANDING.index(option.readiness),
        cost.legacy_upgrades,
        cost.steps,
        cost.manual_steps,
        max(EvidenceKind) - cost.weakest_evidence,
        subscription.seats if _is_by_hand(option) else 0,
        _services_lost(catalog, option),
        _done_on(option, on),
        monthly,
        None if quote is None or monthly is None else quote.currency,
    )


def _is_by_hand(option: Option) -> bool:
    """Return whether somebody reassigns licences. Source: docs/sources.md 1 to 3."""
    edges = [step.transition for step in option.path.steps]
    manual = any(edge.execution is Execution.MANUAL for edge in edges)
    upgrades = any(edge.kind is TransitionKind.LEGACY_UPGRADE for edge in edges)
    told = any(
        remedy.action is RemedyAction.REASSIGN_BY_HAND
        for blocker in option.blockers
        for remedy in blocker.remedies
    )
    return manual or told or (upgrades and option.choices.mode is Mode.WITHOUT_LICENSE_TRANSFER)


def _services_lost(catalog: Catalog, option: Option) -> int | None:
    return count_lost(catalog, option.path.origin, option.target)


def _done_on(option: Option, on: date) -> date | None:
    stops = [one for one in option.blockers if one.severity is Severity.BLOCKS]
    days = [one.clears_on for one in stops if one.clears_on is not None]
    if any(one.clears_on is None and not one.remedies for one in stops):
        return None
    return max(days, default=on)


def quote_at(
    catalog: Catalog, customer: Customer, subscription: Subscription, target: CatalogId, on: date
) -> Quote | None:
    """Return what a seat of a target costs at retail; None where no loaded list tells.

    By the subscription's term and billing where it is sold so, else by the cheapest.
    """
    found = quotes_for(catalog, customer, target, on)
    if isinstance(found, PriceNotKnown):
        return None
    cycle = (subscription.billing_cycle or "").casefold()
    same = [
        quote
        for quote in found
        if quote.term == subscription.term and (quote.billing_plan or "").casefold() == cycle
    ]
    priced = [(quote.month, quote) for quote in same or found if quote.month is not None]
    return min(priced, key=lambda one: (one[0], one[1].term or ""))[1] if priced else None


_LAST = Decimal("Infinity")


def _first(number: int | None) -> tuple[bool, int]:
    """Order numbers with what is not known after every known one."""
    return number is None, number or 0


def _by_price(facts: OptionFacts) -> tuple[object, ...]:
    known = facts.monthly is not None
    return (not known, facts.currency or "", facts.monthly if known else _LAST)


def _by_disruption(facts: OptionFacts) -> tuple[object, ...]:
    return (_first(facts.seats_by_hand), _first(facts.services_lost), facts.manual_steps)


def _by_day(facts: OptionFacts) -> tuple[object, ...]:
    return (facts.done_on or date.max,)


_ORDERS: Mapping[Profile, Callable[[OptionFacts], tuple[object, ...]]] = {
    Profile.CHEAPEST: _by_price,
    Profile.LEAST_DISRUPTION: _by_disruption,
    Profile.SOONEST: _by_day,
}
"""Profiles that depend on the subscription; the others order paths by themselves."""


def needs_judgement(profile: Profile) -> bool:
    """Return whether ways must be judged before they can be put in order."""
    return profile in _ORDERS


def by_profile(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    options: Iterable[Option],
    *,
    profile: Profile,
    on: date,
) -> tuple[Option, ...]:
    """Return judged ways in the order of a profile; ties keep the order they came in.

    What is not known sorts after what is, and is never taken for nothing.
    """
    listed = tuple(options)
    order = _ORDERS.get(profile)
    if order is None:
        return listed
    keys = [order(facts_of(catalog, customer, subscription, one, on)) for one in listed]
    places = sorted(range(len(listed)), key=lambda place: (*keys[place], place))
    return tuple(listed[place] for place in places)


def trade_offs(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    options: Iterable[Option],
    on: date,
) -> tuple[TradeOff, ...]:
    """Return the ways that no other way equals or beats in everything, in the order they came in.

    The first way is what the others are compared with; its own line is empty.
    """
    listed = [(option, facts_of(catalog, customer, subscription, option, on)) for option in options]
    kept = [
        (option, facts)
        for option, facts in listed
        if option is listed[0][0] or not any(_beats(other, facts) for _, other in listed)
    ]
    return tuple(TradeOff(option, facts, line_of(listed[0][1], facts)) for option, facts in kept)


def _number(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


def _measures(facts: OptionFacts) -> tuple[tuple[bool, Decimal | int], ...]:
    numbers: tuple[Decimal | int | None, ...] = (
        facts.standing,
        facts.legacy_upgrades,
        facts.steps,
        facts.manual_steps,
        facts.doubt,
        facts.seats_by_hand,
        facts.services_lost,
        _number(facts.done_on),
        facts.monthly,
    )
    return tuple((number is None, 0 if number is None else number) for number in numbers)


def _beats(one: OptionFacts, other: OptionFacts) -> bool:
    """Return whether one is nowhere worse and somewhere better; prices of one currency only."""
    if one.currency and other.currency and one.currency != other.currency:
        return False
    mine, theirs = _measures(one), _measures(other)
    return mine != theirs and all(left <= right for left, right in zip(mine, theirs, strict=True))


def line_of(best: OptionFacts, other: OptionFacts) -> str:
    """Say in one line what a way saves and what it costs against the best one.

    Such as "1 step fewer, 40 seats more to reassign by hand".
    """
    parts = [
        *(
            more_or_fewer(_count(best, field), _count(other, field), nouns, words)
            for field, (nouns, words) in _WORDS.items()
        ),
        _priced(best, other),
        _stands(best, other),
        _documented(best, other),
    ]
    told = [part for part in parts if part]
    return ", ".join(told) or ("" if best == other else "the same by every known measure")


_WORDS = {
    "steps": (("step", "steps"), ("fewer", "more")),
    "manual_steps": (("step by hand", "steps by hand"), ("fewer", "more")),
    "legacy_upgrades": (("legacy upgrade", "legacy upgrades"), ("fewer", "more")),
    "seats_by_hand": (("seat", "seats"), ("fewer to reassign by hand", "more to reassign by hand")),
    "services_lost": (("service", "services"), ("fewer lost", "more lost")),
    "done_on": (("day", "days"), ("sooner", "later")),
}
"""What is counted, for one and for several, and what fewer and more of it are called."""


def _count(facts: OptionFacts, field: str) -> int | None:
    value: int | date | None = getattr(facts, field)
    return _number(value) if isinstance(value, date) else value


def _priced(best: OptionFacts, other: OptionFacts) -> str:
    if best.monthly is None or other.monthly is None or best.currency != other.currency:
        return ""
    change = other.monthly - best.monthly
    word = "cheaper" if change < 0 else "dearer"
    return f"{abs(change)} {other.currency} a month {word}" if change else ""


def _stands(best: OptionFacts, other: OptionFacts) -> str:
    if best.standing == other.standing:
        return ""
    return f"{_STANDING[other.standing].value} instead of {_STANDING[best.standing].value}"


def _documented(best: OptionFacts, other: OptionFacts) -> str:
    if best.doubt == other.doubt:
        return ""
    return "better documented" if other.doubt < best.doubt else "less well documented"
