"""Reports as the tests make them: small catalogs, the bundled one, and ways to read them back."""

import csv
import io
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from db.bundled import bundled_facts
from formats.reports.path_columns import ReportRow
from formats.reports.paths import PATHS, STEPS, PathTally, path_facts
from formats.reports.shapes import Shape
from formats.writing.formats import ReportForm, ReportFormat
from formats.writing.manifest import Manifest
from formats.writing.output import write_file
from formats.writing.table import Report
from planner.catalog import Catalog
from planner.facts import CatalogFacts, content_hash
from planner.offers import Commerce
from planner.scope import Scope
from planner.transitions import TransitionKind, Window, WindowState
from resolvers.reports.paths import PathReport, PathRow
from resolvers.work.turns import Queues
from tests.planner.builders import facts, offer

SCOPE = Scope(datetime(2026, 11, 23, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A path report's shape, and what its file looks like."""

    shape: Shape
    form: ReportForm


def form(name: str, shape: str = "paths", *, bom: bool = False) -> Wanted:
    return Wanted(Shape(shape), ReportForm(ReportFormat(name), bom))


def catalog_of(told: CatalogFacts) -> Catalog:
    return Catalog(told, version_id="1", content_hash=content_hash(told))


def small() -> PathReport:
    """Return a report with a way of two steps, ambiguous equivalents, and an offer without one."""
    upgrades = Window(
        TransitionKind.LEGACY_UPGRADE, None, None, None, WindowState.CONTESTED, "They differ", ()
    )
    told = facts(
        """A>B upgrade matrix 2021-05-01 by:matrix
        B>b migration derived 2025-11-01 by:derived
        B>b migration derived 2024-01-01 by:another
        B>c migration derived by:derived
        C>c migration documented 2026-01-01 manual by:docs""",
        offers=(
            replace(offer("A"), title='Say "A", now'),
            replace(offer("b"), title="Target b"),
            replace(offer("D"), segment=None),
        ),
        windows=(upgrades,),
    )
    return report_of(catalog_of(told))


def titled(title: str) -> PathReport:
    """Return a report of one path whose origin has this title."""
    told = facts("A>a migration derived", offers=(replace(offer("A"), title=title),))
    return report_of(catalog_of(told))


def report_of(catalog: Catalog, scope: Scope = SCOPE, *, with_no_path: bool = True) -> PathReport:
    legacy = (o for o in catalog.offers.values() if o.commerce is Commerce.LEGACY)
    return PathReport(catalog, scope, "rules-1", tuple(legacy), with_no_path, Queues().work(""))


@cache
def bundled() -> Catalog:
    return catalog_of(bundled_facts())


def ready(
    report: PathReport,
    shape: Shape = Shape.PATHS,
    rows: AsyncGenerator[Sequence[PathRow]] | None = None,
) -> Report[ReportRow]:
    """Return a path report ready to be written; `rows` may stand in for its own."""
    facts = path_facts(
        report.catalog,
        report.scope,
        rules_version=report.rules_version,
        with_no_path=report.with_no_path,
    )
    return Report(
        PATHS if shape is Shape.PATHS else STEPS,
        report.chunks if rows is None else lambda: rows,
        report.catalog.offers,
        facts,
        lambda: PathTally(len(report.offers)),
    )


async def write(
    report: PathReport,
    path: Path,
    wanted: Wanted,
    chunks: AsyncGenerator[Sequence[PathRow]] | None = None,
) -> Manifest:
    return await write_file(ready(report, wanted.shape, chunks), path, wanted.form)


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def read_ndjson(content: bytes) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in content.split(b"\n")[:-1]]
