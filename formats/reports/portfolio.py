"""The report `portfolio`: what each subscription can become, one line for each of ours."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from formats.reports.holding_columns import title_of
from formats.reports.instead_columns import INSTEAD_IN_SHORT
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
from planner.paths import Path
from planner.portfolios.portfolio import Held, Judged, OpenInstead, PortfolioRow, Standing
from planner.readiness import Readiness


@dataclass(frozen=True, slots=True)
class _Told:
    row: PortfolioRow
    offers: Offers


def _of_path(read: Callable[[Path], Cell]) -> Callable[[_Told], Cell]:
    return lambda told: None if told.row.way.path is None else read(told.row.way.path)


def _instead(told: _Told) -> tuple[OpenInstead, Offers] | None:
    found = None if told.row.judged is None else told.row.judged.instead
    return None if found is None else (found, told.offers)


def _failing(severity: Severity) -> Callable[[Judged], Cell]:
    return lambda judged: distinct(code for code, weight in judged.findings if weight is severity)


_HELD: Readers[Held] = (
    (text("customer_id", "The customer's tenant: a GUID, lower case."), lambda h: h.customer_id),
    (text("customer_name", "Its name."), lambda held: held.customer_name),
    (
        text("subscription_id", "One of our subscriptions: a GUID, lower case."),
        lambda held: held.subscription_id,
    ),
    (
        text("subscription_title", "Its title, as Partner Center has it."),
        lambda held: held.title or None,
    ),
    (
        text("offer_id", "Its offer: a legacy GUID or `ProductId:SkuId`; empty: it names none."),
        lambda held: held.catalog_id,
    ),
    (
        text("state", "ACTIVE, PENDING, SUSPENDED, EXPIRED, DISABLED, DELETED or what else it is."),
        lambda held: held.state.value,
    ),
    (number("seats", "Its licences; empty: not known."), lambda held: held.seats),
    (
        day("last_day", "The last day of its term, inclusive; empty: not known."),
        lambda held: held.last_day,
    ),
)
_JUDGED: Readers[Judged] = (
    (
        text("readiness", "READY, CONDITIONAL, UNKNOWN or BLOCKED, for this very subscription."),
        lambda judged: judged.readiness.value,
    ),
    (
        several("blocks", "Codes of the findings that stop it, each once."),
        _failing(Severity.BLOCKS),
    ),
    (
        several("warns", "Codes of the findings that weaken it, each once."),
        _failing(Severity.WARNS),
    ),
    (
        several("unanswered", "The rules that cannot tell, each once."),
        lambda judged: judged.unanswered,
    ),
    (
        day(
            "opens_on",
            "The day from which nothing that clears by itself stops it; empty: nothing does.",
        ),
        lambda judged: judged.opens_on,
    ),
    (
        several("waits_for", "Codes of what stops it and goes away by no date alone."),
        lambda judged: distinct(judged.waits_for),
    ),
)
_READERS: Readers[_Told] = (
    *read_from(_Told, _HELD, lambda told: told.row.held),
    (
        text("offer_title", "The offer's title; empty: the catalog does not have it."),
        lambda told: title_of(told.offers, told.row.held.catalog_id),
    ),
    (
        text(
            "standing",
            "CAN_MOVE; IN_NEW_COMMERCE (already there); or why there is no way: IMPOSSIBLE, "
            "NOT_KNOWN, GAVE_UP, NOT_IN_CATALOG, NO_OFFER (it names none).",
        ),
        lambda told: told.row.way.standing.value,
    ),
    (
        text("target_id", "The best new-commerce SKU that it reaches."),
        lambda told: told.row.target,
    ),
    (
        text("target_title", "The SKU's title."),
        lambda told: title_of(told.offers, told.row.target),
    ),
    (
        number("steps", "How many moves the way there has."),
        _of_path(lambda path: path.cost.steps),
    ),
    (
        number("legacy_upgrades", "How many moves are legacy upgrades, which sources contest."),
        _of_path(lambda path: path.cost.legacy_upgrades),
    ),
    (
        number("manual_steps", "How many moves no API carries out."),
        _of_path(lambda path: path.cost.manual_steps),
    ),
    (
        text("weakest_evidence", "The evidence of the weakest move, as in `paths`."),
        _of_path(lambda path: path.cost.weakest_evidence.name),
    ),
    (
        text("path_readiness", "How ready the way is, whoever walks it."),
        _of_path(lambda path: path.readiness.value),
    ),
    *read_from(_Told, _JUDGED, lambda told: told.row.judged),
    *read_from(_Told, INSTEAD_IN_SHORT, _instead),
)


def _lines(row: PortfolioRow, offers: Offers) -> Iterator[Line]:
    yield line_of(_READERS, _Told(row, offers))


class PortfolioTally:
    """Counts subscriptions by standing and readiness; rows come customer by customer."""

    def __init__(self) -> None:
        self._last_customer: str | None = None
        self._customers = 0
        self._seats = 0
        self._without_seats = 0
        self._by_standing: Counter[Standing] = Counter()
        self._by_readiness: Counter[Readiness] = Counter()
        self._open_instead = 0

    def add(self, row: PortfolioRow) -> None:
        held = row.held
        self._customers += held.customer_id != self._last_customer
        self._last_customer = held.customer_id
        self._seats += held.seats or 0
        self._without_seats += held.seats is None
        self._by_standing[row.way.standing] += 1
        if row.judged is not None:
            self._by_readiness[row.judged.readiness] += 1
            self._open_instead += row.judged.instead is not None

    def counts(self) -> dict[str, Fact]:
        told: dict[str, Fact] = {
            "customers_with_subscriptions": self._customers,
            "subscriptions": self._by_standing.total(),
            "seats": self._seats,
            "subscriptions_without_known_seats": self._without_seats,
        }
        told.update({f"standing_{one.value.lower()}": self._by_standing[one] for one in Standing})
        told.update(
            {f"readiness_{one.value.lower()}": self._by_readiness[one] for one in Readiness}
        )
        told["blocked_but_open_instead"] = self._open_instead
        return told


PORTFOLIO: Table[PortfolioRow] = Table("portfolio", columns_of(_READERS), _lines)
