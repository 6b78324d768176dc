"""What a scenario file may say; a key that is not here is an error."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

from planner.blockers import Actor, RemedyAction, Severity
from planner.customers import HoldingsState, Seller, SubscriptionState
from planner.no_path import Verdict
from planner.offers import Segment
from planner.profiles import LegacyUpgradePolicy, Profile
from planner.readiness import Readiness
from planner.rules import Mode
from planner.scope import Scope
from planner.transitions import TransitionKind

FILES = Path(__file__).parent
TODAY = datetime(2026, 11, 23, tzinfo=UTC)


def _instant(value: object) -> object:
    """A bare date means 00:00Z [design: time]."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), tzinfo=UTC)
    return value


Instant = Annotated[datetime, BeforeValidator(_instant)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Excerpt(Part):
    """A tiny catalog: moves such as `A>B upgrade documented`, capital letters being legacy."""

    moves: tuple[str, ...]
    contested_since_march_2022: bool = True


class Held(Part):
    """A subscription. Ours names its offer; another seller's the product that Graph names."""

    offer: str | None = None
    product: str | None = None
    seller: Seller = Seller.US
    seats: int | None = 10
    status: SubscriptionState = SubscriptionState.ACTIVE
    same_as_first: bool = False
    """True where Microsoft Graph lists the first subscription once more."""


class Client(Part):
    market: str | None = "US"
    segment: Segment | None = Segment.COMMERCIAL
    own: HoldingsState = HoldingsState.COMPLETE
    foreign: HoldingsState = HoldingsState.COMPLETE
    subscriptions: tuple[Held, ...]
    """The first one is the one asked about."""


class Ask(StrEnum):
    PATHS = "PATHS"
    MOVE = "MOVE"
    MORE_LICENSES = "MORE_LICENSES"


class Question(Part):
    ask: Ask
    origin: str | None = None
    target: str | None = None
    at: Instant = TODAY
    market: str | None = None
    policy: LegacyUpgradePolicy = LegacyUpgradePolicy.LAST
    profile: Profile = Profile.FEWEST_STEPS
    mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER
    avoid: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    max_steps: int | None = None
    first: int = 1
    extra_seats: int = 0


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
    seller: Seller | None = None
    services: tuple[str, ...] | None = None
    """Names of service plans."""
    parameters: dict[str, str] | None = None
    remedies: tuple[str, ...] | None = None
    """`ACTION by ACTOR`."""
    partner_center: tuple[str, ...] | None = None


class Unknown(Part):
    rule: str
    fields: tuple[str, ...] | None = None


class Expected(Part):
    ways: tuple[Way, ...] | None = None
    has_more: bool | None = None
    verdict: Verdict | None = None
    causes: tuple[str, ...] | None = None
    frontier: tuple[str, ...] | None = None
    told: tuple[str, ...] = ()
    """Words that the conditions or causes must say."""
    readiness_on: dict[date, Readiness] = {}
    readiness: Readiness | None = None
    conditions: tuple[str, ...] | None = None
    findings: tuple[Finding, ...] | None = None
    unknown: tuple[Unknown, ...] | None = None
    seats_added_here: int | None = None
    shortfall: int | None = None
    move_to: tuple[str, ...] | None = None


class Scenario(Part):
    name: str
    source: str
    catalog: str | Excerpt = "bundled"
    customer: Client | None = None
    question: Question
    expected: Expected


def read(path: Path) -> Scenario:
    return Scenario.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def scope_of(question: Question, at: datetime) -> Scope:
    return Scope(
        at,
        market=question.market,
        policy=question.policy,
        profile=question.profile,
        max_steps=question.max_steps,
    )


def remedy_text(action: RemedyAction, actor: Actor) -> str:
    return f"{action.value} by {actor.value}"
