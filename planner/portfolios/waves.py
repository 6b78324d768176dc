"""In which batches migrations are sent: what the batch tool and the API take, by the dates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

ROWS_IN_A_FILE = 200
"""More, and the batch tool skips the whole file [docs/sources.md 3]."""
CREATIONS_IN_A_WINDOW = 100
WINDOW_MINUTES = 5
"""Migrations a partner may create [docs/sources.md 3]; a bundle is one creation."""


@dataclass(frozen=True, slots=True)
class WaveRow:
    """One row of a batch file."""

    customer_id: str
    subscription_id: str
    base_id: str | None
    """The base that an add-on goes with; None for what is sent by itself."""


@dataclass(frozen=True, slots=True)
class Wave:
    """What is sent in one go: one file of the batch tool, one window of the API."""

    number: int
    """From 1, in the order of sending."""
    rows: tuple[WaveRow, ...]
    """At most 200, each add-on right after its base."""
    creations: int
    """Calls that create a migration, at most 100: one for each row that goes by itself."""
    conditional: int
    """Calls whose readiness is CONDITIONAL."""
    not_before: date | None
    """The day on which the last of them opens; None where all are open."""
    minute: int
    """Earliest start, in minutes from the first wave of the same `not_before`."""
    due: date | None
    """The last whole day for the most urgent of them; None where nothing dates it."""
    undated: int
    """Calls that nothing dates."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is created by one call: a base with its add-ons, or one subscription."""

    customer_id: str
    subscription_ids: tuple[str, ...]
    opens_on: date | None
    due: date | None
    last_day: date | None
    is_conditional: bool

    @property
    def key(self) -> tuple[date, date, date, str, tuple[str, ...]]:
        """The order of sending: what opens first, then what is due first."""
        return (
            self.opens_on or date.min,
            self.due or date.max,
            self.last_day or date.max,
            self.customer_id,
            self.subscription_ids,
        )


def packed(units: Iterable[Unit]) -> Iterator[Wave]:
    """Yield waves of the units in order of their keys: each as full as file and window allow.

    Source: docs/sources.md 3 (limits of the API, the batch tool).
    """
    window = _Window()
    for number, batch in enumerate(_batches(sorted(units, key=lambda unit: unit.key)), start=1):
        opens = batch[-1].opens_on
        minute = window.start(opens, len(batch))
        due = [unit.due for unit in batch if unit.due is not None]
        yield Wave(
            number,
            tuple(row for unit in batch for row in _rows(unit)),
            len(batch),
            sum(unit.is_conditional for unit in batch),
            opens,
            minute,
            min(due, default=None),
            len(batch) - len(due),
        )


def _batches(units: Iterable[Unit]) -> Iterator[list[Unit]]:
    batch: list[Unit] = []
    rows = 0
    for unit in units:
        size = len(unit.subscription_ids)
        if batch and (
            rows + size > ROWS_IN_A_FILE
            or len(batch) == CREATIONS_IN_A_WINDOW
            or not _go_together(batch, unit)
        ):
            yield batch
            batch, rows = [], 0
        batch.append(unit)
        rows += size
    if batch:
        yield batch


def _go_together(batch: list[Unit], unit: Unit) -> bool:
    """Return whether a unit may join: what is open waits for nobody, nor anybody beyond its day."""
    if unit.opens_on is None:
        return True
    if batch[0].opens_on is None:
        return False
    return all(one.due is None or unit.opens_on <= one.due for one in batch)


def _rows(unit: Unit) -> Iterator[WaveRow]:
    base, *members = unit.subscription_ids
    yield WaveRow(unit.customer_id, base, None)
    for member in members:
        yield WaveRow(unit.customer_id, member, base)


class _Window:
    """Tells when a wave may start: its calls and those before it fit into the API's windows."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._number = 0
        self._calls = 0

    def start(self, day: date | None, calls: int) -> int:
        if day != self._day:
            self._day, self._number, self._calls = day, 0, 0
        if self._calls + calls > CREATIONS_IN_A_WINDOW:
            self._number, self._calls = self._number + 1, 0
        self._calls += calls
        return self._number * WINDOW_MINUTES
