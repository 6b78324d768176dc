"""What the report `steps` says of a row: one line per step of its path, none without one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from formats.reports.path_columns import ReportRow, claim_sources
from formats.writing.columns import (
    Cell,
    Column,
    Line,
    Offers,
    columns_of,
    day,
    distinct,
    line_of,
    number,
    several,
    text,
)
from planner.blockers import Blocker
from planner.ids import CatalogId
from planner.paths import Path, Step
from planner.transitions import Transition


@dataclass(frozen=True, slots=True)
class _Told:
    """One step with the path it belongs to."""

    rank: int
    path: Path
    index: int
    offers: Offers

    @property
    def step(self) -> Step:
        return self.path.steps[self.index]

    @property
    def move(self) -> Transition:
        return self.step.transition


Read = Callable[[_Told], Cell]


def step_lines(row: ReportRow, offers: Offers) -> Iterator[Line]:
    """Yield the cells of every step in order. `offers` holds every offer on the way, by its id."""
    if isinstance(row.answer, Path):
        for index in range(len(row.answer.steps)):
            told = _Told(row.rank, row.answer, index, offers)
            yield line_of(_COLUMNS, told)


def _conditions(told: _Told) -> Cell:
    positions = {offer: index for index, offer in enumerate(told.path.offers)}
    return distinct(
        found.code for found in told.path.conditions if _concerns(found, told.index, positions)
    )


def _concerns(found: Blocker, index: int, positions: dict[CatalogId, int]) -> bool:
    """Tell whether a finding is about this move, a stretch of moves around it, or the whole."""
    if found.step is None:
        return True
    first, last = found.step
    return positions[first] <= index < positions[last]


def _notes(told: _Told) -> Cell:
    claimed = (claim.note for claim in told.move.claims)
    disputed = (conflict.message for conflict in told.move.conflicts)
    return distinct(note for note in (*claimed, *disputed) if note)


def _dated(told: _Told) -> Cell:
    return told.move.claims[0].dated


_COLUMNS: tuple[tuple[Column, Read], ...] = (
    (text("origin_id", "The offer that the path starts from."), lambda told: told.path.origin),
    (number("rank", "The path's rank; with origin_id, the path."), lambda told: told.rank),
    (text("target_id", "Where the path ends."), lambda told: told.path.target),
    (number("step", "1 for the path's first move."), lambda told: told.index + 1),
    (text("from_id", "The offer that this move leaves."), lambda told: told.move.origin),
    (text("from_title", "Its title."), lambda told: told.offers[told.move.origin].title),
    (text("to_id", "The offer that this move leads to."), lambda told: told.move.target),
    (text("to_title", "Its title."), lambda told: told.offers[told.move.target].title),
    (
        text("kind", "LEGACY_UPGRADE, MIGRATION, CONVERSION or TRIAL_CONVERSION."),
        lambda told: told.move.kind.value,
    ),
    (
        text("execution", "API, or MANUAL where no API carries the move out."),
        lambda told: told.move.execution.value,
    ),
    (
        text("evidence", "The move's strongest evidence, as in weakest_evidence of `paths`."),
        lambda told: told.move.evidence.name,
    ),
    (
        several("sources", "Every source that claims the move, sorted."),
        lambda told: claim_sources(told.move),
    ),
    (
        day("dated", "The day for which the strongest claim speaks; empty: it carries none."),
        _dated,
    ),
    (
        text(
            "window_state",
            "OPEN, CONTESTED (sources disagree) or UNKNOWN (undated, taken as open) on the day "
            "asked for.",
        ),
        lambda told: told.step.window.state.value,
    ),
    (text("window_message", "The same in words."), lambda told: told.step.window.message),
    (
        several(
            "conditions",
            "Codes of what weakens this move, or a stretch of moves that it belongs to, each once.",
        ),
        _conditions,
    ),
    (
        several("candidates", "All equivalents of an offer that has more than one, this included."),
        lambda told: told.move.candidates,
    ),
    (
        several("notes", "What sources add, and where they disagree.", separator=" | "),
        _notes,
    ),
)

STEP_COLUMNS = columns_of(_COLUMNS)
