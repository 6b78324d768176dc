"""The report `options`: where each subscription can go, a line for every target within reach."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from formats.reports.customers import CustomerTally
from formats.reports.holding_columns import (
    CUSTOMER,
    SUBSCRIPTION,
    Holding,
    standing_without_way,
    title_of,
)
from formats.reports.price_columns import PRICES, PricedOption, priced_option
from formats.writing.columns import (
    Cell,
    Line,
    Offers,
    Readers,
    columns_of,
    day,
    distinct,
    line_of,
    number,
    read_from,
    several,
    text,
)
from formats.writing.manifest import Fact
from formats.writing.table import Table
from planner.blockers import Severity
from planner.customers import Customer, Subscription
from planner.ids import is_new_commerce
from planner.no_path import NoPath
from planner.options import NotInCatalog, Option
from planner.pricing.twelve_months import TwelveMonths
from planner.readiness import Readiness


class SubscriptionOptions(Protocol):
    """A subscription, every way that it has, and what each would cost."""

    @property
    def subscription(self) -> Subscription: ...

    @property
    def options(self) -> Sequence[Option]:
        """In order of merit; empty where there is no way."""
        ...

    @property
    def without(self) -> NoPath | NotInCatalog | None:
        """Why there is none; None where there is one."""
        ...

    @property
    def prices(self) -> TwelveMonths: ...


class CustomerOptions(Protocol):
    """A customer with the options of all our subscriptions."""

    @property
    def customer(self) -> Customer: ...

    @property
    def subscriptions(self) -> Sequence[SubscriptionOptions]: ...


@dataclass(frozen=True, slots=True)
class _Told:
    customer: Customer
    held: SubscriptionOptions
    offers: Offers
    rank: int
    """1 for the best; 0 on the one line of a subscription without a way."""
    option: Option | None
    priced: PricedOption

    @property
    def holding(self) -> Holding:
        return Holding(self.held.subscription, self.offers)


def _told(row: CustomerOptions, held: SubscriptionOptions, offers: Offers, rank: int) -> _Told:
    option = held.options[rank - 1] if rank else None
    target = None if option is None else option.target
    priced = priced_option(held.subscription, held.prices, target)
    return _Told(row.customer, held, offers, rank, option, priced)


def _of_option(read: Callable[[Option], Cell]) -> Callable[[_Told], Cell]:
    return lambda told: None if told.option is None else read(told.option)


def _standing(told: _Told) -> Cell:
    without = told.held.without
    return (
        "CAN_MOVE"
        if without is None
        else standing_without_way(told.held.subscription, without).value
    )


def _failing(severity: Severity) -> Callable[[Option], Cell]:
    return lambda option: distinct(
        found.code for found in option.blockers if found.severity is severity
    )


def _clears_on(option: Option) -> Cell:
    days = [found.clears_on for found in option.blockers if found.severity is Severity.BLOCKS]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


_OPTION: Readers[_Told] = (
    (
        number("rank", "1 for the subscription's best target, then 2, ...; 0 where it has none."),
        lambda told: told.rank,
    ),
    (
        text(
            "standing",
            "CAN_MOVE; or why there is no way: IMPOSSIBLE, NOT_KNOWN, GAVE_UP, NOT_IN_CATALOG, "
            "NO_OFFER (it names none).",
        ),
        _standing,
    ),
    (
        text("standing_message", "Why there is no way, in words."),
        lambda told: None if told.held.without is None else told.held.without.message,
    ),
    (text("target_id", "An offer within reach."), _of_option(lambda option: option.target)),
    (
        text("target_title", "Its title."),
        lambda told: None if told.option is None else title_of(told.offers, told.option.target),
    ),
    (
        text("target_commerce", "LEGACY or NEW_COMMERCE."),
        _of_option(lambda one: "NEW_COMMERCE" if is_new_commerce(one.target) else "LEGACY"),
    ),
    (
        number("steps", "How many moves the best way there has."),
        _of_option(lambda option: option.path.cost.steps),
    ),
    (
        several("kinds", "The kind of every move, in order.", separator=">"),
        _of_option(lambda one: tuple(step.transition.kind.value for step in one.path.steps)),
    ),
    (
        several("path", "Every offer on the way, both ends included.", separator=" > "),
        _of_option(lambda option: option.path.offers),
    ),
    (
        number("legacy_upgrades", "How many moves are legacy upgrades, which sources contest."),
        _of_option(lambda option: option.path.cost.legacy_upgrades),
    ),
    (
        number("manual_steps", "How many moves no API carries out."),
        _of_option(lambda option: option.path.cost.manual_steps),
    ),
    (
        text("weakest_evidence", "The evidence of the weakest move, as in `paths`."),
        _of_option(lambda option: option.path.cost.weakest_evidence.name),
    ),
    (
        text("readiness", "READY, CONDITIONAL, UNKNOWN or BLOCKED, for this very subscription."),
        _of_option(lambda option: option.readiness.value),
    ),
    (
        several("blocks", "Codes of the findings that stop it, each once."),
        _of_option(_failing(Severity.BLOCKS)),
    ),
    (
        day(
            "clears_on",
            "The first day on which nothing of that stops it any more; empty: no day is known, or "
            "nothing stops it.",
        ),
        _of_option(_clears_on),
    ),
    (
        several("warns", "Codes of the findings that weaken it, each once."),
        _of_option(_failing(Severity.WARNS)),
    ),
    (
        several("unanswered", "The rules that cannot tell, each once."),
        _of_option(lambda option: distinct(open_.rule for open_ in option.unanswered)),
    ),
    (
        several("missing_fields", "The fields that would tell, each once."),
        _of_option(
            lambda option: distinct(name for open_ in option.unanswered for name in open_.fields)
        ),
    ),
    (
        several("assumes", "Codes of what is taken for granted, each once."),
        _of_option(lambda option: distinct(assumed.code for assumed in option.assumes)),
    ),
)
_READERS: Readers[_Told] = (
    *read_from(_Told, CUSTOMER, lambda told: told.customer),
    *read_from(_Told, SUBSCRIPTION, lambda told: told.holding),
    *_OPTION,
    *read_from(_Told, PRICES, lambda told: told.priced),
)


def _lines(row: CustomerOptions, offers: Offers) -> Iterator[Line]:
    for held in row.subscriptions:
        for rank in range(1, len(held.options) + 1) if held.options else (0,):
            yield line_of(_READERS, _told(row, held, offers, rank))


class OptionsTally:
    """Counts customers, subscriptions with and without a way, and options by readiness."""

    def __init__(self) -> None:
        self._customers = CustomerTally()
        self._subscriptions = self._with_option = 0
        self._by_readiness: Counter[Readiness] = Counter()

    def add(self, row: CustomerOptions) -> None:
        self._customers.add(row.customer)
        for held in row.subscriptions:
            self._subscriptions += 1
            self._with_option += bool(held.options)
            self._by_readiness.update(option.readiness for option in held.options)

    def counts(self) -> dict[str, Fact]:
        told = self._customers.counts()
        told["subscriptions"] = self._subscriptions
        told["subscriptions_with_option"] = self._with_option
        told["options"] = self._by_readiness.total()
        told.update(
            {f"readiness_{one.value.lower()}": self._by_readiness[one] for one in Readiness}
        )
        return told


OPTIONS: Table[CustomerOptions] = Table("options", columns_of(_READERS), _lines)
