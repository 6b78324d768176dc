"""What the report `paths` says of a row: one line per path, or per offer without one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from formats.writing.columns import (
    Cell,
    Column,
    Line,
    Offers,
    columns_of,
    day,
    distinct,
    flag,
    line_of,
    number,
    several,
    text,
)
from planner.ids import product_id_of
from planner.no_path import NoPath
from planner.offers import Offer
from planner.paths import Path
from planner.transitions import Transition


class ReportRow(Protocol):
    """What a report is made from: an offer and one of its paths, or why it has none."""

    @property
    def offer(self) -> Offer: ...

    @property
    def rank(self) -> int:
        """1 for the best path; 0 where there is none."""
        ...

    @property
    def answer(self) -> Path | NoPath: ...


@dataclass(frozen=True, slots=True)
class _Told:
    """A row with what its cells are read from; `path` and `target` are None where it has none."""

    row: ReportRow
    path: Path | None
    target: Offer | None
    no_path: NoPath | None


Read = Callable[[_Told], Cell]


def path_line(row: ReportRow, offers: Offers) -> Line:
    """Return the cells of one row. `offers` holds every offer on the way, by its id."""
    answer = row.answer
    if isinstance(answer, Path):
        told = _Told(row, answer, offers[answer.target], None)
    else:
        told = _Told(row, None, None, answer)
    return line_of(_COLUMNS, told)


def path_dated(path: Path) -> date | None:
    """Return the day of the step whose word is oldest; None where one step carries no date.

    A way is as fresh as its stalest step: an undated one may be older than all the others.
    """
    days = [step.transition.claims[0].dated for step in path.steps]
    known = [day for day in days if day is not None]
    return min(known) if known and len(known) == len(days) else None


def claim_sources(*transitions: Transition) -> tuple[str, ...]:
    """Return who claims these moves, each once, sorted."""
    return tuple(sorted({claim.source for edge in transitions for claim in edge.claims}))


def _of_offer(read: Callable[[Offer], Cell]) -> Read:
    return lambda told: read(told.row.offer)


def _of_path(read: Callable[[Path], Cell]) -> Read:
    return lambda told: None if told.path is None else read(told.path)


def _of_target(read: Callable[[Offer], Cell]) -> Read:
    return lambda told: None if told.target is None else read(told.target)


def _of_no_path(read: Callable[[NoPath], Cell]) -> Read:
    return lambda told: None if told.no_path is None else read(told.no_path)


def _segment(offer: Offer) -> Cell:
    return None if offer.segment is None else offer.segment.value


def _sources(path: Path) -> Cell:
    return claim_sources(*(step.transition for step in path.steps))


_COLUMNS: tuple[tuple[Column, Read], ...] = (
    (
        text("origin_id", "The offer that the path starts from: a legacy offer id, upper case."),
        _of_offer(lambda offer: offer.catalog_id),
    ),
    (text("origin_title", "Its title."), _of_offer(lambda offer: offer.title)),
    (
        text("origin_segment", "COMMERCIAL, EDUCATION, CHARITY or GOVERNMENT; empty: not known."),
        _of_offer(_segment),
    ),
    (
        text("origin_is_addon", "YES, NO or UNKNOWN."),
        _of_offer(lambda offer: offer.is_addon.value),
    ),
    (flag("origin_is_trial", "Whether it is a trial."), _of_offer(lambda offer: offer.is_trial)),
    (
        number("rank", "1 for the offer's best path, then 2, 3, ...; 0 where it has none."),
        lambda told: told.row.rank,
    ),
    (
        text(
            "verdict",
            "PATH; or why there is none: NOT_KNOWN (no loaded source knows one), IMPOSSIBLE "
            "(denied, or complete lists omit it), GAVE_UP (the search ended at its limit).",
        ),
        lambda told: "PATH" if told.no_path is None else told.no_path.verdict.value,
    ),
    (
        text("target_id", "Where the path ends, as `ProductId:SkuId`."),
        _of_target(lambda offer: offer.catalog_id),
    ),
    (
        text("target_product_id", "The ProductId, such as `CFQ7TTC0LH18`."),
        _of_target(lambda offer: product_id_of(offer.catalog_id)),
    ),
    (
        text("target_sku_id", "The SkuId: four characters, leading zeros kept, such as `0001`."),
        _of_target(lambda offer: offer.catalog_id.partition(":")[2] or None),
    ),
    (text("target_title", "The target's title."), _of_target(lambda offer: offer.title)),
    (
        text("target_segment", "The target's segment; empty: not known."),
        _of_target(_segment),
    ),
    (number("steps", "How many moves the path has."), _of_path(lambda path: path.cost.steps)),
    (
        number("legacy_upgrades", "How many of them are legacy upgrades, which sources contest."),
        _of_path(lambda path: path.cost.legacy_upgrades),
    ),
    (
        number("manual_steps", "How many of them no API carries out."),
        _of_path(lambda path: path.cost.manual_steps),
    ),
    (
        text(
            "weakest_evidence",
            "The evidence of the weakest move; weakest first: INFERRED, DERIVED, OFFER_MATRIX, "
            "API_RECORDED, DOCUMENTED, PARTNER_CENTER.",
        ),
        _of_path(lambda path: path.cost.weakest_evidence.name),
    ),
    (
        text(
            "readiness", "READY, CONDITIONAL, UNKNOWN or BLOCKED, before any customer is looked at."
        ),
        _of_path(lambda path: path.readiness.value),
    ),
    (
        several("conditions", "Codes of what weakens the path, in order of its steps, each once."),
        _of_path(lambda path: distinct(found.code for found in path.conditions)),
    ),
    (
        several("assumes", "Codes of what is taken for granted, each once."),
        _of_path(lambda path: distinct(assumed.code for assumed in path.assumes)),
    ),
    (
        several("kinds", "The kind of every move, in order.", separator=">"),
        _of_path(lambda path: tuple(step.transition.kind.value for step in path.steps)),
    ),
    (
        several("offers", "Every offer on the way, both ends included.", separator=" > "),
        _of_path(lambda path: path.offers),
    ),
    (several("sources", "Every source that claims one of the moves, sorted."), _of_path(_sources)),
    (
        day(
            "dated",
            "The oldest of its moves' days; a move's day is that of its strongest claim. Empty "
            "where a move has none: that one may be older still.",
        ),
        _of_path(path_dated),
    ),
    (
        several("causes", "For an offer without a path: the codes of the causes, each once."),
        _of_no_path(lambda answer: distinct(cause.code for cause in answer.causes)),
    ),
    (
        text("cause_message", "The causes in words, weightiest first, `; ` between two."),
        _of_no_path(lambda answer: "; ".join(distinct(cause.message for cause in answer.causes))),
    ),
)

PATH_COLUMNS = columns_of(_COLUMNS)
