"""What a report is before it is written: its rows, the table they make, and what is counted."""

from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from formats.writing.columns import Column, Line, Offers
from formats.writing.manifest import Fact, ReportFacts

Row = TypeVar("Row")
Counted = TypeVar("Counted", contravariant=True)


class Tally(Protocol[Counted]):
    """Counts what a report's rows hold, for its manifest."""

    def add(self, row: Counted) -> None: ...

    def counts(self) -> Mapping[str, Fact]:
        """Return the counts so far, by the keys of docs/reports.md."""
        ...


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """The table that rows make: a module for each report says it."""

    name: str
    """The shape's name: in the manifest, and of an XLSX's sheet."""
    columns: tuple[Column, ...]
    lines: Callable[[Row, Offers], Iterable[Line]]
    """The lines of one row, none or many; `offers` holds every offer of the catalog."""


@dataclass(frozen=True, slots=True)
class Report(Generic[Row]):
    """A report that can be written, in any format and as often as wanted."""

    table: Table[Row]
    rows: Callable[[], AsyncGenerator[Sequence[Row]]]
    """Its rows from the first on, in bounded portions; closed where it is left early."""
    offers: Offers
    facts: ReportFacts
    tally: Callable[[], Tally[Row]]

    def lines(self, rows: Iterable[Row]) -> Iterator[Line]:
        """Yield the lines of some rows, in their order."""
        for row in rows:
            yield from self.table.lines(row, self.offers)
