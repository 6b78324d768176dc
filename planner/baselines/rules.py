"""Which dated rules say what Microsoft does to a subscription that nobody touches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from planner.blockers import Severity
from planner.offers import Segment

BASELINE_VERSION = "1"
"""Rises whenever the baseline of the same facts can change."""
HORIZON_MONTHS = 24
"""How far a baseline looks ahead unless told otherwise."""


class BaselineCode(StrEnum):
    """What happens. Stable within a major version."""

    MICROSOFT_LED_MIGRATION = "MICROSOFT_LED_MIGRATION"
    EXPIRES_FOR_GOOD = "EXPIRES_FOR_GOOD"
    RENEWS = "RENEWS"
    SCHEDULED_CHANGE = "SCHEDULED_CHANGE"
    EXTENDED_SERVICE_TERM = "EXTENDED_SERVICE_TERM"
    TRIAL_CONVERTS = "TRIAL_CONVERTS"
    EXPIRES = "EXPIRES"
    DISABLED = "DISABLED"
    DELETED = "DELETED"
    FOLLOWS_BASE = "FOLLOWS_BASE"
    DATA_LOOKS_OLD = "DATA_LOOKS_OLD"
    NOT_KNOWN = "NOT_KNOWN"


SEVERITY: Mapping[BaselineCode, Severity] = {
    BaselineCode.MICROSOFT_LED_MIGRATION: Severity.WARNS,
    BaselineCode.EXPIRES_FOR_GOOD: Severity.BLOCKS,
    BaselineCode.RENEWS: Severity.NOTES,
    BaselineCode.SCHEDULED_CHANGE: Severity.NOTES,
    BaselineCode.EXTENDED_SERVICE_TERM: Severity.WARNS,
    BaselineCode.TRIAL_CONVERTS: Severity.WARNS,
    BaselineCode.EXPIRES: Severity.BLOCKS,
    BaselineCode.DISABLED: Severity.BLOCKS,
    BaselineCode.DELETED: Severity.BLOCKS,
    BaselineCode.FOLLOWS_BASE: Severity.WARNS,
    BaselineCode.DATA_LOOKS_OLD: Severity.WARNS,
    BaselineCode.NOT_KNOWN: Severity.WARNS,
}
"""Loss of a subscription or of its data BLOCKS; money and commitment WARN; the rest NOTES."""


class Certainty(StrEnum):
    """How sure it is that it happens, surest first."""

    DOCUMENTED = "DOCUMENTED"
    THIRD_PARTY = "THIRD_PARTY"
    NOT_KNOWN = "NOT_KNOWN"


@dataclass(frozen=True, slots=True)
class BaselineRule:
    """One rule and where it was read."""

    name: str
    source: str
    certainty: Certainty


RENEWAL = BaselineRule("RENEWAL", "docs/sources.md 6", Certainty.DOCUMENTED)
SCHEDULED_CHANGE = BaselineRule("SCHEDULED_CHANGE", "docs/sources.md 6", Certainty.DOCUMENTED)
STATES = BaselineRule("STATES", "docs/sources.md 6", Certainty.DOCUMENTED)
TRIAL = BaselineRule("TRIAL", "docs/sources.md 6", Certainty.DOCUMENTED)
LEGACY_RENEWAL = BaselineRule("LEGACY_RENEWAL", "docs/sources.md 1", Certainty.DOCUMENTED)
LEGACY_END = BaselineRule("LEGACY_END", "docs/sources.md 5", Certainty.DOCUMENTED)
LEGACY_TRIAL = BaselineRule("LEGACY_TRIAL", "docs/sources.md 3", Certainty.NOT_KNOWN)
LEGACY_ADD_ON = BaselineRule("LEGACY_ADD_ON", "docs/sources.md 6", Certainty.DOCUMENTED)
OVER_CAP = BaselineRule("OVER_CAP", "docs/sources.md 0", Certainty.THIRD_PARTY)
EXTENDED_SERVICE_TERM = BaselineRule(
    "EXTENDED_SERVICE_TERM", "docs/sources.md 0", Certainty.THIRD_PARTY
)
UNKNOWN_STATUS = BaselineRule("UNKNOWN_STATUS", "docs/sources.md 4", Certainty.NOT_KNOWN)
OLD_DATA = BaselineRule("OLD_DATA", "docs/sources.md 0", Certainty.DOCUMENTED)
PAST_TERM = BaselineRule("PAST_TERM", "docs/sources.md 6", Certainty.DOCUMENTED)
NO_DATES = BaselineRule("NO_DATES", "docs/sources.md 5", Certainty.NOT_KNOWN)
SOLD_BY_OTHERS = BaselineRule("SOLD_BY_OTHERS", "docs/sources.md 6", Certainty.NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class MigrationRun:
    """Microsoft's own migration of what is still legacy, at its renewal, by segment."""

    segment: Segment | None
    """None stands for a segment that is not known."""
    starts: date
    """The first renewal day that it may concern."""
    complete_by: date | None
    """From this renewal day on nothing should be left; None where no source says."""
    is_dated: bool
    """False where no source says that, or when, it begins."""
    rule: BaselineRule
    message: str


def _run(certainty: Certainty, source: str = "docs/sources.md 0") -> BaselineRule:
    return BaselineRule("MICROSOFT_LED_MIGRATION", source, certainty)


_PUBLIC_SECTOR = date(2024, 1, 1)
_NONPROFIT_AND_EDUCATION = date(2024, 9, 1)
_END_OF_THEIR_RUN = date(2026, 1, 1)
_COMMERCIAL = date(2024, 1, 11)
_THROUGH_2025 = "Microsoft's run for it was announced for 2024-09-01 to the end of 2025"

RUNS: Mapping[Segment | None, MigrationRun] = {
    run.segment: run
    for run in (
        MigrationRun(
            Segment.COMMERCIAL,
            _COMMERCIAL,
            _COMMERCIAL,
            True,
            _run(Certainty.DOCUMENTED),
            "Microsoft migrates commercial subscriptions that renew from 2024-01-11 on",
        ),
        MigrationRun(
            Segment.CHARITY,
            _NONPROFIT_AND_EDUCATION,
            _END_OF_THEIR_RUN,
            True,
            _run(Certainty.THIRD_PARTY),
            _THROUGH_2025,
        ),
        MigrationRun(
            Segment.EDUCATION,
            _NONPROFIT_AND_EDUCATION,
            _END_OF_THEIR_RUN,
            True,
            _run(Certainty.THIRD_PARTY),
            _THROUGH_2025,
        ),
        MigrationRun(
            Segment.GOVERNMENT,
            _PUBLIC_SECTOR,
            None,
            False,
            _run(Certainty.NOT_KNOWN),
            "no source dates Microsoft's migration of government subscriptions",
        ),
        MigrationRun(
            None,
            _PUBLIC_SECTOR,
            None,
            False,
            _run(Certainty.NOT_KNOWN),
            "whether and when Microsoft migrates it depends on the segment, which is not known",
        ),
    )
}
MIGRATED_TERM = "P1Y"
"""The term that Microsoft's own migration gives, whatever the legacy one was."""
DAYS_TO_CHANGE_AFTER_RUN = 7
DAYS_OF_LOCK_BEFORE_END = 1
"""A migration of ours must begin 24 hours before the term's end [docs/sources.md 3]."""

EXPIRED_DAYS = 30
DISABLED_DAYS = 90
LEGACY_SUSPENDED_DAYS = 90
TRIAL_DAYS = 30
TRIAL_BECOMES = ("P1Y", "monthly")
"""The term and billing cycle of a trial that converts by itself."""

EXTENDED_IF_BOUGHT_FROM = date(2025, 4, 1)
"""Bought or last renewed on this day or later ..."""
EXTENDED_IF_ENDS_FROM = date(2026, 5, 4)
"""... and with a last day of the term on this day or later."""
SURCHARGE = Decimal("0.03")
SURCHARGE_WITHOUT_MONTHLY = Decimal("0.23")
