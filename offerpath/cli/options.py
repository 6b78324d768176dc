"""The options that several commands share, alone and in groups (offerpath.cli.grouped)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from planner.customers import MAX_SEATS
from planner.offers import Commerce, Known, Segment
from planner.profiles import LegacyUpgradePolicy, Profile
from resolvers import inputs
from resolvers.codes.code import Code
from resolvers.problems import BadInput

if TYPE_CHECKING:
    from datetime import datetime

    from planner.rules import Choices, Mode
    from resolvers.catalog.compare import MarketRequest
    from resolvers.catalog.moves import ScopeRequest
    from resolvers.customers.suppositions import WhatIfRequest

AsJson = Annotated[bool, typer.Option("--json", help="Write the answer to stdout as JSON.")]
First = Annotated[int, typer.Option(help="How many to show at most.", metavar="N")]
At = Annotated[
    str | None,
    typer.Option(
        help="The day (2026-03-01) or instant (2026-03-01T09:00:00Z) asked for; now by default.",
        metavar="DATE",
    ),
]
ACustomer = Annotated[
    str,
    typer.Argument(
        help="The customer's id, or a part of its name or domain that only it has.",
        metavar="CUSTOMER",
    ),
]
AnOffer = Annotated[
    str, typer.Argument(help="A legacy offer id (a GUID) or ProductId:SkuId.", metavar="OFFER")
]
Market = Annotated[
    str | None, typer.Option(help="Only offers sold in this country, such as US.", metavar="CODE")
]
OfSegment = Annotated[
    Segment | None, typer.Option(help="Only offers of this segment.", case_sensitive=False)
]
InMarket = Annotated[
    str | None,
    typer.Option(help="Prices of this country, such as US; all by default.", metavar="CODE"),
]
InSegment = Annotated[
    Segment | None,
    typer.Option(
        help="Prices for this segment; each offer's own by default.", case_sensitive=False
    ),
]
OfCommerce = Annotated[
    Commerce | None, typer.Option(help="Only offers of this catalog.", case_sensitive=False)
]
IsAddon = Annotated[
    Known | None,
    typer.Option("--addon", help="Only add-ons, no add-ons, or not known.", case_sensitive=False),
]
Avoid = Annotated[
    list[str] | None,
    typer.Option(help="An offer to keep out of the way; may be repeated.", metavar="OFFER"),
]
MaxSteps = Annotated[
    int | None, typer.Option(help="The most steps a path may have, 1 to 12.", metavar="N")
]
LegacyUpgrades = Annotated[
    LegacyUpgradePolicy,
    typer.Option(
        help="What to think of legacy upgrades, which sources contest since March 2022.",
        case_sensitive=False,
    ),
]
Preferring = Annotated[
    Profile, typer.Option("--profile", help="What makes a path better.", case_sensitive=False)
]
LicenseTransfer = Annotated[
    bool, typer.Option("--license-transfer", help="Judge the move with licence transfer.")
]
Term = Annotated[str | None, typer.Option(help="The term a migration shall have: P1M, P1Y or P3Y.")]
BillingCycle = Annotated[
    str | None,
    typer.Option(
        "--billing", help="How it shall be billed: monthly, annual or triennial.", metavar="CYCLE"
    ),
]
FullNewTerm = Annotated[
    bool, typer.Option("--full-new-term", help="A migration begins a full new term at once.")
]
IfCancelled = Annotated[
    list[str] | None,
    typer.Option(help="Suppose a subscription gone; may be repeated.", metavar="GUID"),
]
IfSeats = Annotated[
    list[str] | None,
    typer.Option(help="Suppose other seats; may be repeated.", metavar="GUID=SEATS"),
]
IfMove = Annotated[
    list[str] | None,
    typer.Option(
        help="Suppose that Partner Center confirmed a move; may be repeated.", metavar="OFFER=OFFER"
    ),
]


@dataclass(frozen=True, slots=True)
class ScopeOptions:
    """When a question is asked, and what makes a path better."""

    at: At = None
    legacy_upgrades: LegacyUpgrades = LegacyUpgradePolicy.LAST
    profile: Preferring = Profile.FEWEST_STEPS

    def request(self) -> "ScopeRequest":
        """Return how the options narrow a question. Raises: BadInput."""
        return SearchOptions(
            at=self.at, legacy_upgrades=self.legacy_upgrades, profile=self.profile
        ).request()


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """The same, and through which offers a path may lead."""

    avoid: Avoid = None
    max_steps: MaxSteps = None
    at: At = None
    market: Market = None
    segment: OfSegment = None
    legacy_upgrades: LegacyUpgrades = LegacyUpgradePolicy.LAST
    profile: Preferring = Profile.FEWEST_STEPS

    def request(self) -> "ScopeRequest":
        """Return how the options narrow a question. Raises: BadInput."""
        from resolvers.catalog.moves import ScopeRequest

        return ScopeRequest(
            at=day_or_instant(self.at),
            market=inputs.market(self.market),
            segment=self.segment,
            legacy_upgrades=self.legacy_upgrades,
            profile=self.profile,
            avoid=tuple(inputs.catalog_id(text) for text in self.avoid or ()),
            max_steps=inputs.max_steps(self.max_steps),
        )


@dataclass(frozen=True, slots=True)
class PriceOptions:
    """Where, for whom and when a price holds."""

    market: InMarket = None
    segment: InSegment = None
    at: At = None

    def request(self) -> "MarketRequest":
        """Return whose prices are asked for. Raises: BadInput."""
        from resolvers.catalog.compare import MarketRequest

        return MarketRequest(inputs.market(self.market), self.segment, day_or_instant(self.at))


@dataclass(frozen=True, slots=True)
class ChoiceOptions:
    """How a move is carried out."""

    license_transfer: LicenseTransfer = False
    term: Term = None
    billing_cycle: BillingCycle = None
    full_new_term: FullNewTerm = False

    def chosen(self) -> "Choices":
        """Return what the options choose for a move. Raises: BadInput."""
        from planner.rules import Choices

        return Choices(
            mode_of(license_transfer=self.license_transfer),
            term=inputs.term(self.term),
            billing_cycle=inputs.billing_cycle(self.billing_cycle),
            full_new_term=self.full_new_term,
        )


@dataclass(frozen=True, slots=True)
class WhatIfOptions:
    """What is supposed to be otherwise."""

    if_cancelled: IfCancelled = None
    if_seats: IfSeats = None
    if_move: IfMove = None

    def request(self) -> "WhatIfRequest | None":
        """Return what the options suppose; None where they suppose nothing. Raises: BadInput."""
        from resolvers.customers.suppositions import WhatIfRequest

        if not (self.if_cancelled or self.if_seats or self.if_move):
            return None
        moves = self.if_move or ()
        return WhatIfRequest(
            cancelled=tuple(self.if_cancelled or ()),
            seats=tuple(_seats(text) for text in self.if_seats or ()),
            moves=tuple(pair(text, what="--if-move", form="OFFER=OFFER") for text in moves),
        )


def mode_of(*, license_transfer: bool) -> "Mode":
    """Return the mode of a move that `--license-transfer` asks for."""
    from planner.rules import Mode

    return Mode.WITH_LICENSE_TRANSFER if license_transfer else Mode.WITHOUT_LICENSE_TRANSFER


def day_or_instant(at: str | None) -> "datetime | None":
    """Return what `--at` says; None where it was not given. Raises: BadInput."""
    return None if at is None else inputs.instant(at, name="--at")


def _seats(text: str) -> tuple[str, int]:
    subscription, count = pair(text, what="--if-seats", form="GUID=SEATS")
    return subscription, whole_number(count, what="--if-seats")


def pair(text: str, *, what: str, form: str) -> tuple[str, str]:
    """Split `one=other`. Raises: BadInput MALFORMED_PAIR."""
    left, sign, right = text.partition("=")
    if not (left.strip() and sign and right.strip()):
        raise BadInput(Code.MALFORMED_PAIR, f"{what} {text[:80]!r} is not of the form {form}")
    return left.strip(), right.strip()


def whole_number(text: str, *, what: str) -> int:
    """Raises: BadInput SEATS_OUT_OF_RANGE."""
    if not text.isascii() or not text.isdigit():
        raise BadInput(
            Code.SEATS_OUT_OF_RANGE,
            f"{what} needs a whole number from 1 to {MAX_SEATS:,}, not {text[:20]!r}",
        )
    return int(text)
