"""What a scenario file may expect of an answer; what is left out is not compared."""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from planner.baselines.rules import BaselineCode, Certainty
from planner.blockers import Alternative, Severity
from planner.customers import Seller
from planner.no_path import Verdict
from planner.plans.search.solution import Exactness, Status
from planner.readiness import Readiness
from planner.transitions import TransitionKind


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Step(Part):
    kind: TransitionKind
    to: str


class Way(Part):
    steps: tuple[Step, ...]
    readiness: Readiness | None = None
    conditions: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None
    """Who claims the first step."""


class Finding(Part):
    code: str
    severity: Severity
    of: int | None = None
    """The subscription that it speaks of, by its place in the list."""
    seller: Seller | None = None
    services: tuple[str, ...] | None = None
    """Names of service plans."""
    parameters: dict[str, str] | None = None
    remedies: tuple[str, ...] | None = None
    """`ACTION by ACTOR`."""
    clears_on: date | None = None
    alternatives: tuple[Alternative, ...] | None = None
    partner_center: tuple[str, ...] | None = None
    """Partner Center's own codes, such as `MIGRATION 7`."""


class Unknown(Part):
    rule: str
    fields: tuple[str, ...] | None = None


class Event(Part):
    """One event of the baseline."""

    code: BaselineCode
    day: date | None
    severity: Severity | None = None
    of: int | None = None
    certainty: Certainty | None = None
    last_day_to_act: date | None = None
    surcharge: Decimal | None = None
    becomes: str | None = None
    """The offer that the subscription is afterwards."""
    unknown: tuple[str, ...] | None = None


class Ending(Part):
    """What came of one goal of a plan."""

    of: int
    status: Status
    reached: str | None = None
    seats: int | None = None
    ends_on: date | None = None
    stopped_by: tuple[str, ...] | None = None
    """Codes of what stops every way, each once."""
    verdict: Verdict | None = None


class Other(Part):
    """An alternative of a plan."""

    trade_off: str
    steps: tuple[str, ...] | None = None


class Expected(Part):
    # PATHS; the verdict also of MOVE
    ways: tuple[Way, ...] | None = None
    has_more: bool | None = None
    verdict: Verdict | None = None
    causes: tuple[str, ...] | None = None
    frontier: tuple[str, ...] | None = None
    told: tuple[str, ...] = ()
    """Words that the conditions, causes, events or steps must say."""
    readiness_on: dict[date, Readiness] = {}
    # MOVE and WHAT_IF
    before: Readiness | None = None
    """The readiness without what is supposed."""
    readiness: Readiness | None = None
    conditions: tuple[str, ...] | None = None
    findings: tuple[Finding, ...] | None = None
    unknown: tuple[Unknown, ...] | None = None
    # MORE_LICENSES
    seats_added_here: int | None = None
    shortfall: int | None = None
    move_to: tuple[str, ...] | None = None
    # BASELINE
    events: tuple[Event, ...] | None = None
    # PLAN
    outcomes: tuple[Ending, ...] | None = None
    steps: tuple[str, ...] | None = None
    """`KIND of N [to OFFER] [into N] [seats N] [on DAY] [effect DAY] [until DAY]`."""
    alternatives: tuple[Other, ...] | None = None
    exactness: Exactness | None = None
    valid_until: date | None = None
    completes_on: date | None = None
    # IMPORT
    last_day: date | None = None
