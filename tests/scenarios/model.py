"""What a scenario file may say; a key that is not here is an error."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator, Field

from planner.customers import HoldingsState, Seller, SubscriptionState
from planner.offers import Known, LimitScope, Segment
from planner.permissions import PartnerType, Role, SignIn
from planner.plans.search.acts import StepKind
from planner.profiles import LegacyUpgradePolicy, Profile
from planner.rules import Mode
from planner.transitions import TransitionKind
from tests.scenarios.expected import Expected, Part

FILES = Path(__file__).parent
TODAY = datetime(2026, 11, 23, tzinfo=UTC)


def _instant(value: object) -> object:
    """A bare date means 00:00Z."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), tzinfo=UTC)
    return value


def _known(value: object) -> object:
    """YAML reads YES and NO as truth values."""
    return Known("YES" if value else "NO") if isinstance(value, bool) else value


Instant = Annotated[datetime, BeforeValidator(_instant)]
YesNo = Annotated[Known, BeforeValidator(_known)]


# --- the catalog


class Told(Part):
    """What an excerpt says of one offer beside its moves."""

    billing: tuple[str, ...] | None = None
    """Legacy: cycles. New commerce: `term/plan`. Left out: what most offers have."""
    is_trial: bool = False
    is_addon: YesNo = Known.NO
    segment: Segment = Segment.COMMERCIAL
    markets: tuple[str, ...] | None = ("US",)
    limit: int | None = None
    limit_scope: LimitScope = LimitScope.NONE
    seat_cap: int | None = None
    family: str | None = None
    """Named together with `seat_cap`: a family in which that many seats count together."""
    bases: str = ""
    """For an add-on: the letters of the offers of which it needs one."""
    end_of_sale: date | None = None


class Excerpt(Part):
    """A tiny catalog: moves such as `A>B upgrade documented`, capital letters being legacy."""

    moves: tuple[str, ...]
    services: Mapping[str, str] = Field(default_factory=dict)
    """The service plans of each offer, such as `a: MAIL TEAMS`; not known of one left out."""
    offers: Mapping[str, Told] = Field(default_factory=dict)
    complete: tuple[TransitionKind, ...] = ()
    """Kinds of move of which the excerpt lists all there are."""
    contested_since_march_2022: bool = True


# --- the customer


class Tranche(Part):
    seats: int
    until: Instant


class NextTerm(Part):
    offer: str | None = None
    term: str | None = None
    billing_cycle: str | None = None
    seats: int | None = None
    custom_end: date | None = None


class Held(Part):
    """A subscription. Ours names its offer; another seller's the product that Graph names.

    What a file leaves out of ours is known and stops nothing: bought long ago, in the middle of a
    year's term, paid monthly, renewing. `null` is not known.
    """

    offer: str | None = None
    product: str | None = None
    seller: Seller = Seller.US
    seats: int | None = 10
    status: SubscriptionState = SubscriptionState.ACTIVE
    same_as_first: bool = False
    """True where Microsoft Graph lists the first subscription once more."""
    parent: int | None = None
    """The base of an add-on, by its place in the list."""
    created: Instant | None = None
    starts: Instant | None = None
    last_day: date | None = None
    """Inclusive."""
    term: str | None = None
    billing_cycle: str | None = None
    auto_renews: bool | None = None
    is_trial: bool | None = None
    promotion_id: str | None = None
    promotion_ends: date | None = None
    cancellable_until: Instant | None = None
    reducible: tuple[Tranche, ...] | None = None
    renewal: NextTerm | None = None
    cancels_at_end: bool | None = None
    partner_of_record: str | None = None
    resource: dict[str, Any] | None = None
    """Ours as Partner Center's JSON says it: then nothing else is given of it but its id."""


class Client(Part):
    market: str | None = "US"
    segment: Segment | None = Segment.COMMERCIAL
    agreement: YesNo = Known.YES
    delegated_admin: YesNo = Known.YES
    own: HoldingsState = HoldingsState.COMPLETE
    foreign: HoldingsState = HoldingsState.COMPLETE
    as_of: Instant = TODAY
    subscriptions: tuple[Held, ...]
    """The first one is the one asked about."""


class Hands(Part):
    """Who carries the move out; by default somebody whom every page admits."""

    roles: frozenset[Role] | None = frozenset({Role.ADMIN_AGENT})
    partner_type: PartnerType | None = PartnerType.DIRECT_BILL
    sign_in: SignIn | None = SignIn.APP_AND_USER
    granular_roles: frozenset[str] | None = None


# --- the question


class Ask(StrEnum):
    PATHS = "PATHS"
    MOVE = "MOVE"
    WHAT_IF = "WHAT_IF"
    MORE_LICENSES = "MORE_LICENSES"
    BASELINE = "BASELINE"
    PLAN = "PLAN"
    IMPORT = "IMPORT"


class Chosen(Part):
    mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER
    term: str | None = None
    billing_cycle: str | None = None
    seats: int | None = None
    full_new_term: bool = False
    custom_end: date | None = None
    into: int | None = None
    """The existing subscription, by its place in the list."""
    at_renewal: bool = False


class Supposed(Part):
    """What a what-if changes; subscriptions by their places in the list."""

    at: Instant | None = None
    market: str | None = None
    agreement: YesNo | None = None
    cancel: tuple[int, ...] = ()
    seats: Mapping[int, int] = Field(default_factory=dict)
    moves: tuple[tuple[str, str], ...] = ()


class Wish(Part):
    """A goal of a plan: where a subscription shall end; ANY is any new-commerce SKU."""

    of: int
    to: str | None = "ANY"
    """An offer, ANY, or null where it may stay what it is."""
    services: tuple[str, ...] = ()
    """Names of service plans that it must give; then `to` says nothing."""
    seats: int | None = None
    part: int | None = None
    """How many of its seats go there while the others stay."""


class Question(Part):
    ask: Ask
    origin: str | None = None
    target: str | None = None
    at: Instant = TODAY
    until: date | None = None
    market: str | None = None
    policy: LegacyUpgradePolicy = LegacyUpgradePolicy.LAST
    profile: Profile = Profile.FEWEST_STEPS
    mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER
    choices: Chosen | None = None
    acting: Hands = Hands()
    avoid: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    max_steps: int | None = None
    first: int = 1
    extra_seats: int = 0
    what_if: Supposed | None = None
    goals: tuple[Wish, ...] | None = None
    """Left out: every legacy subscription of ours to new commerce."""
    without: frozenset[StepKind] = frozenset()
    states: int = 500


class Scenario(Part):
    name: str
    source: str
    catalog: str | Excerpt = "bundled"
    customer: Client | None = None
    question: Question
    expected: Expected


def read(path: Path) -> Scenario:
    return Scenario.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
