"""The report `blockers`: what stops each subscription, a line for every finding."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from formats.reports.blocker_columns import FINDING, Finding
from formats.reports.customers import CustomerTally
from formats.reports.holding_columns import (
    CUSTOMER,
    SUBSCRIPTION,
    Holding,
    standing_without_way,
    title_of,
)
from formats.reports.instead_columns import INSTEAD
from formats.writing.columns import (
    Cell,
    Line,
    Offers,
    Readers,
    columns_of,
    distinct,
    line_of,
    read_from,
    several,
    text,
)
from formats.writing.manifest import Fact
from formats.writing.table import Table
from planner.customers import Customer, Subscription
from planner.instead import Instead
from planner.no_path import NoPath
from planner.options import NotInCatalog, Option
from planner.portfolios.portfolio import Standing
from planner.readiness import Readiness


class JudgedSubscription(Protocol):
    """A subscription with its best way, judged by every rule."""

    @property
    def subscription(self) -> Subscription: ...

    @property
    def answer(self) -> Option | NoPath | NotInCatalog | None:
        """None where it is of a new-commerce SKU already."""
        ...

    @property
    def instead(self) -> Instead | None:
        """What is open where that way is BLOCKED; None where nothing is."""
        ...


class JudgedCustomer(Protocol):
    """A customer with all of our subscriptions, judged."""

    @property
    def customer(self) -> Customer: ...

    @property
    def judged(self) -> Sequence[JudgedSubscription]: ...


@dataclass(frozen=True, slots=True)
class _Told:
    customer: Customer
    judged: JudgedSubscription
    offers: Offers
    finding: Finding | None
    """None on the one line of a subscription of which nothing was found."""

    @property
    def holding(self) -> Holding:
        return Holding(self.judged.subscription, self.offers)

    @property
    def option(self) -> Option | None:
        return self.judged.answer if isinstance(self.judged.answer, Option) else None


def standing_of(judged: JudgedSubscription) -> Standing:
    """Return where a subscription stands on its way to new commerce."""
    match judged.answer:
        case None:
            return Standing.IN_NEW_COMMERCE
        case Option():
            return Standing.CAN_MOVE
        case answer:
            return standing_without_way(judged.subscription, answer)


def _message(told: _Told) -> Cell:
    answer = told.judged.answer
    return answer.message if isinstance(answer, NoPath | NotInCatalog) else None


_OPTION: Readers[tuple[Option, Offers]] = (
    (
        text("target_id", "The best new-commerce SKU that it reaches."),
        lambda told: told[0].target,
    ),
    (text("target_title", "The SKU's title."), lambda told: title_of(told[1], told[0].target)),
    (
        several("path", "Every offer on the way, both ends included.", separator=" > "),
        lambda told: told[0].path.offers,
    ),
    (
        text("readiness", "READY, CONDITIONAL, UNKNOWN or BLOCKED, for this very subscription."),
        lambda told: told[0].readiness.value,
    ),
    (
        several("assumes", "Codes of what is taken for granted, each once."),
        lambda told: distinct(assumed.code for assumed in told[0].assumes),
    ),
    (
        several("rules", "The rules that were asked; no other was looked at."),
        lambda told: told[0].rules_ran,
    ),
)
_READERS: Readers[_Told] = (
    *read_from(_Told, CUSTOMER, lambda told: told.customer),
    *read_from(_Told, SUBSCRIPTION, lambda told: told.holding),
    (
        text(
            "standing",
            "CAN_MOVE; IN_NEW_COMMERCE (already there); or why there is no way: IMPOSSIBLE, "
            "NOT_KNOWN, GAVE_UP, NOT_IN_CATALOG, NO_OFFER (it names none).",
        ),
        lambda told: standing_of(told.judged).value,
    ),
    (text("standing_message", "Why there is no way, in words."), _message),
    *read_from(
        _Told, _OPTION, lambda told: None if told.option is None else (told.option, told.offers)
    ),
    *read_from(_Told, FINDING, lambda told: told.finding),
    *read_from(
        _Told,
        INSTEAD,
        lambda told: None if told.judged.instead is None else (told.judged.instead, told.offers),
    ),
)


def _lines(row: JudgedCustomer, offers: Offers) -> Iterator[Line]:
    for judged in row.judged:
        for finding in _findings(judged) or (None,):
            yield line_of(_READERS, _Told(row.customer, judged, offers, finding))


def _findings(judged: JudgedSubscription) -> tuple[Finding, ...]:
    match judged.answer:
        case Option() as option:
            return (*option.blockers, *option.unanswered)
        case NoPath() as answer:
            return answer.causes
    return ()


class BlockersTally:
    """Counts customers, subscriptions by readiness, and findings."""

    def __init__(self) -> None:
        self._customers = CustomerTally()
        self._by_readiness: Counter[Readiness] = Counter()
        self._by_standing: Counter[Standing] = Counter()
        self._findings = 0
        self._open_instead = 0

    def add(self, row: JudgedCustomer) -> None:
        self._customers.add(row.customer)
        for judged in row.judged:
            self._by_standing[standing_of(judged)] += 1
            self._findings += len(_findings(judged))
            self._open_instead += judged.instead is not None
            if isinstance(judged.answer, Option):
                self._by_readiness[judged.answer.readiness] += 1

    def counts(self) -> dict[str, Fact]:
        told = self._customers.counts()
        told["subscriptions"] = self._by_standing.total()
        told["findings"] = self._findings
        told.update(
            {f"readiness_{one.value.lower()}": self._by_readiness[one] for one in Readiness}
        )
        told["blocked_but_open_instead"] = self._open_instead
        told.update({f"standing_{one.value.lower()}": self._by_standing[one] for one in Standing})
        return told


BLOCKERS: Table[JudgedCustomer] = Table("blockers", columns_of(_READERS), _lines)
