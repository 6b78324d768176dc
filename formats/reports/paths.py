"""The report `paths`: every legacy offer's best paths, a line for a path or for each step."""

from collections.abc import Iterator

from formats.reports.path_columns import PATH_COLUMNS, ReportRow, path_line
from formats.reports.step_columns import STEP_COLUMNS, step_lines
from formats.writing.columns import Line, Offers
from formats.writing.manifest import Fact, ReportFacts
from formats.writing.table import Table
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.paths import Path
from planner.scope import Scope


def _path_lines(row: ReportRow, offers: Offers) -> Iterator[Line]:
    yield path_line(row, offers)


PATHS: Table[ReportRow] = Table("paths", PATH_COLUMNS, _path_lines)
STEPS: Table[ReportRow] = Table("steps", STEP_COLUMNS, step_lines)


class PathTally:
    """Counts paths and the offers that have one; `offers` is how many are looked at."""

    def __init__(self, offers: int) -> None:
        self._offers = offers
        self._paths = 0
        self._origins: set[CatalogId] = set()

    def add(self, row: ReportRow) -> None:
        if isinstance(row.answer, Path):
            self._paths += 1
            self._origins.add(row.offer.catalog_id)

    def counts(self) -> dict[str, Fact]:
        with_path = len(self._origins)
        return {
            "paths": self._paths,
            "offers": self._offers,
            "offers_with_path": with_path,
            "offers_without_path": self._offers - with_path,
        }


def path_facts(
    catalog: Catalog, scope: Scope, *, rules_version: str, with_no_path: bool
) -> ReportFacts:
    """Return the facts of a report on the offers of a catalog."""
    kinds = None if scope.kinds is None else sorted(kind.value for kind in scope.kinds)
    question: dict[str, Fact] = {
        "market": scope.market,
        "segment": None if scope.segment is None else scope.segment.value,
        "legacy_upgrades": scope.policy.value,
        "profile": scope.profile.value,
        "kinds": kinds,
        "avoid": sorted(scope.avoid),
        "max_steps": scope.max_steps,
        "with_no_path": with_no_path,
    }
    return ReportFacts(catalog.content_hash, rules_version, scope.day.isoformat(), question)
