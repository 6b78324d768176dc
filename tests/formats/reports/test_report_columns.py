"""What stands in the columns, and that the documentation says the same."""

from collections.abc import Sequence
from datetime import date
from itertools import chain
from pathlib import Path

import pytest

from formats.reports.shapes import COLUMNS, Shape, columns_table
from formats.writing.columns import Cell, ColumnType, Line
from planner.no_path import NoPath, Verdict
from resolvers.reports.paths import PathReport, PathRow
from tests.formats.reports.reading import ready, small
from tests.planner.builders import oid

DOCS = Path(__file__).parents[3] / "docs" / "reports.md"
A, B, C, D, SMALL_B, SMALL_C = (oid(name) for name in "ABCDbc")


async def lines(report: PathReport, shape: Shape) -> list[dict[str, Cell]]:
    rows = [row async for chunk in report.chunks() for row in chunk]
    return named(tuple(ready(report, shape).lines(rows)), shape)


def named(made: Sequence[Line], shape: Shape) -> list[dict[str, Cell]]:
    names = [column.name for column in COLUMNS[shape]]
    return [dict(zip(names, line, strict=True)) for line in made]


@pytest.mark.parametrize("shape", Shape)
def test_the_documented_columns_are_those_of_the_code(shape: Shape) -> None:
    """docs/reports.md holds exactly the table that `columns_table` makes."""
    assert columns_table(shape) in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize("shape", Shape)
def test_column_names_are_unique_snake_case(shape: Shape) -> None:
    names = [column.name for column in COLUMNS[shape]]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name.islower() for name in names)


@pytest.mark.parametrize("shape", [Shape.PATHS, Shape.STEPS])
async def test_every_cell_has_its_columns_type(shape: Shape) -> None:
    kinds: dict[ColumnType, type] = {
        ColumnType.DATE: date,
        ColumnType.NUMBER: int,
        ColumnType.FLAG: bool,
        ColumnType.LIST: tuple,
    }
    for line in await lines(small(), shape):
        for column in COLUMNS[shape]:
            cell = line[column.name]
            assert cell is None or type(cell) is kinds.get(column.type, str), column.name


async def test_a_path_is_told_whole() -> None:
    (line, *_) = await lines(small(), Shape.PATHS)
    assert line == {
        "origin_id": A,
        "origin_title": 'Say "A", now',
        "origin_segment": "COMMERCIAL",
        "origin_is_addon": "NO",
        "origin_is_trial": False,
        "rank": 1,
        "verdict": "PATH",
        "target_id": SMALL_B,
        "target_product_id": "CFQ7TTC0000B",
        "target_sku_id": "0001",
        "target_title": "Target b",
        "target_segment": "COMMERCIAL",
        "steps": 2,
        "legacy_upgrades": 1,
        "manual_steps": 0,
        "weakest_evidence": "DERIVED",
        "readiness": "CONDITIONAL",
        "conditions": (
            "LEGACY_UPGRADE_CONTESTED",
            "UNCONFIRMED_EQUIVALENT",
            "AMBIGUOUS_EQUIVALENT",
        ),
        "assumes": ("WINDOW_NOT_DATED", "PARTNER_CENTER_AGREES"),
        "kinds": ("LEGACY_UPGRADE", "MIGRATION"),
        "offers": (A, B, SMALL_B),
        "sources": ("another", "derived", "matrix"),
        "dated": date(2021, 5, 1),
        "causes": None,
        "cause_message": None,
    }


async def test_a_path_with_an_undated_step_is_undated() -> None:
    by_target = {
        (line["origin_id"], line["target_id"]): line for line in await lines(small(), Shape.PATHS)
    }
    assert by_target[A, SMALL_C]["dated"] is None
    assert by_target[C, SMALL_C]["dated"] == date(2026, 1, 1)
    assert by_target[C, SMALL_C]["manual_steps"] == 1


async def test_an_offer_without_a_path_says_why_and_nothing_of_a_target() -> None:
    line = (await lines(small(), Shape.PATHS))[-1]
    assert (line["origin_id"], line["rank"], line["verdict"]) == (D, 0, "NOT_KNOWN")
    assert line["causes"] == ("LIST_NOT_LOADED",)
    assert "LEGACY_UPGRADE" in str(line["cause_message"])
    assert "MIGRATION" in str(line["cause_message"])
    assert line["origin_segment"] is None
    assert {line[name] for name in ("target_id", "steps", "conditions", "offers", "dated")} == {
        None
    }


def test_every_verdict_of_the_planner_is_told() -> None:
    report = small()
    rows = [PathRow(report.offers[0], 0, NoPath(verdict, "no", (), ())) for verdict in Verdict]
    made = named(tuple(ready(report).lines(rows)), Shape.PATHS)
    assert [line["verdict"] for line in made] == [verdict.value for verdict in Verdict]


async def test_steps_are_told_one_by_one_and_a_missing_path_has_none() -> None:
    told = await lines(small(), Shape.STEPS)
    first, second = told[:2]
    assert [first[name] for name in ("step", "from_id", "to_id")] == [1, A, B]
    assert [second[name] for name in ("step", "from_id", "to_id")] == [2, B, SMALL_B]
    assert (first["conditions"], first["window_state"]) == (
        ("LEGACY_UPGRADE_CONTESTED",),
        "CONTESTED",
    )
    assert second["conditions"] == ("UNCONFIRMED_EQUIVALENT", "AMBIGUOUS_EQUIVALENT")
    assert second["candidates"] == (SMALL_B, SMALL_C)
    assert (second["sources"], second["dated"]) == (
        ("another", "derived"),
        date(2025, 11, 1),
    )
    assert D not in set(chain.from_iterable((line["origin_id"], line["from_id"]) for line in told))
