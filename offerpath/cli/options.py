"""The options that several commands share, and what they make of a question."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.offers import Commerce, Known, Segment
from planner.profiles import LegacyUpgradePolicy, Profile
from resolvers import inputs

if TYPE_CHECKING:
    from resolvers.moves import ScopeRequest

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
