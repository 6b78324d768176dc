"""The options that several commands share, and what they make of a question."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.offers import Commerce, Known, Segment
from planner.profiles import LegacyUpgradePolicy, Profile
from resolvers import inputs
from resolvers.problems import BadInput

if TYPE_CHECKING:
    from planner.rules import Choices
    from resolvers.moves import ScopeRequest
    from resolvers.suppositions import WhatIfRequest

AsJson = Annotated[bool, typer.Option("--json", help="Write the answer to stdout as JSON.")]
First = Annotated[int, typer.Option(help="How many to show at most.", metavar="N")]
At = Annotated[
    str | None,
    typer.Option(
        help="The day (2026-03-01) or instant (2026-03-01T09:00:00Z) asked for; now by default.",
        metavar="DATE",
    ),
]
Market = Annotated[
    str | None, typer.Option(help="Only offers sold in this country, such as US.", metavar="CODE")
]
OfSegment = Annotated[
    Segment | None, typer.Option(help="Only offers of this segment.", case_sensitive=False)
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


def choices(
    *,
    license_transfer: bool = False,
    term: str | None = None,
    billing_cycle: str | None = None,
    full_new_term: bool = False,
) -> "Choices":
    """Return what the options choose for a move. Raises: BadInput."""
    from planner.rules import Choices, Mode

    with_transfer = Mode.WITH_LICENSE_TRANSFER
    return Choices(
        with_transfer if license_transfer else Mode.WITHOUT_LICENSE_TRANSFER,
        term=inputs.term(term),
        billing_cycle=inputs.billing_cycle(billing_cycle),
        full_new_term=full_new_term,
    )


def what_if_request(
    cancelled: list[str] | None, seats: list[str] | None, moves: list[str] | None
) -> "WhatIfRequest | None":
    """Return what the options suppose; None where they suppose nothing. Raises: BadInput."""
    from resolvers.suppositions import WhatIfRequest

    if not (cancelled or seats or moves):
        return None
    return WhatIfRequest(
        cancelled=tuple(cancelled or ()),
        seats=tuple(_seats(text) for text in seats or ()),
        moves=tuple(pair(text, what="--if-move", form="OFFER=OFFER") for text in moves or ()),
    )


def _seats(text: str) -> tuple[str, int]:
    subscription, count = pair(text, what="--if-seats", form="GUID=SEATS")
    return subscription, whole_number(count, what="--if-seats")


def pair(text: str, *, what: str, form: str) -> tuple[str, str]:
    """Split `one=other`. Raises: BadInput MALFORMED_PAIR."""
    left, sign, right = text.partition("=")
    if not (left.strip() and sign and right.strip()):
        raise BadInput("MALFORMED_PAIR", f"{what} {text[:80]!r} is not of the form {form}")
    return left.strip(), right.strip()


def whole_number(text: str, *, what: str) -> int:
    """Raises: BadInput SEATS_OUT_OF_RANGE."""
    if not text.isascii() or not text.isdigit():
        raise BadInput("SEATS_OUT_OF_RANGE", f"{what} needs a whole number, not {text[:20]!r}")
    return int(text)


def scope_request(
    *,
    at: str | None = None,
    market: str | None = None,
    segment: Segment | None = None,
    legacy_upgrades: LegacyUpgradePolicy = LegacyUpgradePolicy.LAST,
    profile: Profile = Profile.FEWEST_STEPS,
    avoid: list[str] | None = None,
    max_steps: int | None = None,
) -> "ScopeRequest":
    """Return how the options narrow a question. Raises: BadInput."""
    from resolvers.moves import ScopeRequest

    return ScopeRequest(
        at=None if at is None else inputs.instant(at, name="--at"),
        market=inputs.market(market),
        segment=segment,
        legacy_upgrades=legacy_upgrades,
        profile=profile,
        avoid=tuple(inputs.catalog_id(text) for text in avoid or ()),
        max_steps=inputs.max_steps(max_steps),
    )
