"""What a report's manifest says: what it was made from, what it holds, and its checksum."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import orjson

from formats.report_columns import COLUMNS_VERSION, ReportRow
from formats.report_shapes import ReportForm
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.offers import Segment
from planner.paths import Path
from planner.profiles import LegacyUpgradePolicy, Profile
from planner.scope import Scope
from planner.transitions import TransitionKind

Fact = str | int | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The catalog and the question that a report answers, known before its first row."""

    content_hash: str
    """The catalog's."""
    rules_version: str
    at: date
    offers: int
    """How many offers are looked at, those without a path included."""
    market: str | None = None
    segment: Segment | None = None
    legacy_upgrades: LegacyUpgradePolicy = LegacyUpgradePolicy.LAST
    profile: Profile = Profile.FEWEST_STEPS
    kinds: frozenset[TransitionKind] | None = None
    avoid: frozenset[CatalogId] = frozenset()
    max_steps: int | None = None
    with_no_path: bool = False
    """Whether an offer without a path has a line that says why."""


def report_facts(
    catalog: Catalog, scope: Scope, *, rules_version: str, offers: int, with_no_path: bool
) -> ReportFacts:
    """Return the facts of a report over that many offers of a catalog."""
    return ReportFacts(
        catalog.content_hash,
        rules_version,
        scope.day,
        offers,
        scope.market,
        scope.segment,
        scope.policy,
        scope.profile,
        scope.kinds,
        scope.avoid,
        scope.max_steps,
        with_no_path,
    )


@dataclass(slots=True)
class Tally:
    """What went into a report so far."""

    rows: int = 0
    """Lines, the header not counted."""
    paths: int = 0
    origins: set[CatalogId] = field(default_factory=set)
    """The offers that have a path."""

    def add(self, chunk: Iterable[ReportRow], *, lines: int) -> None:
        self.rows += lines
        for row in chunk:
            if isinstance(row.answer, Path):
                self.paths += 1
                self.origins.add(row.offer.catalog_id)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The file that stands beside a report; the same for the same report under the same name."""

    facts: Mapping[str, Fact]
    """Everything but the file's name and checksum, by the keys of docs/reports.md."""
    file: str
    sha256: str
    """Of the report's bytes, 64 hex digits."""

    def to_json(self) -> bytes:
        """Return JSON with sorted keys, two spaces deep, and a last line feed."""
        told = {**self.facts, "file": self.file, "sha256": self.sha256}
        options = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        return orjson.dumps(told, option=options)


def manifest_facts(facts: ReportFacts, form: ReportForm, tally: Tally) -> dict[str, Fact]:
    """Return what a finished report says of itself, in order of the keys."""
    told: dict[str, Fact] = {
        "columns_version": COLUMNS_VERSION,
        "content_hash": facts.content_hash,
        "rules_version": facts.rules_version,
        "at": facts.at.isoformat(),
        "shape": form.shape.value,
        "format": form.format.value,
        "bom": form.bom,
        "rows": tally.rows,
        "paths": tally.paths,
        "offers": facts.offers,
        "offers_with_path": len(tally.origins),
        "offers_without_path": facts.offers - len(tally.origins),
    }
    return dict(sorted((told | _question(facts)).items()))


def _question(facts: ReportFacts) -> dict[str, Fact]:
    return {
        "market": facts.market,
        "segment": None if facts.segment is None else facts.segment.value,
        "legacy_upgrades": facts.legacy_upgrades.value,
        "profile": facts.profile.value,
        "kinds": None if facts.kinds is None else sorted(kind.value for kind in facts.kinds),
        "avoid": sorted(facts.avoid),
        "max_steps": facts.max_steps,
        "with_no_path": facts.with_no_path,
    }
