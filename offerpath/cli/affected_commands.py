"""`offerpath affected`: the users whom a subscription's move concerns, and what they need."""

from functools import partial
from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.running import run
from planner.profiles import LegacyUpgradePolicy, Profile
from resolvers import inputs


def affected(
    customer: Annotated[
        str,
        typer.Argument(
            help="The customer's id, or a part of its name or domain that only it has.",
            metavar="CUSTOMER",
        ),
    ],
    subscription: Annotated[
        str, typer.Option(help="The subscription that shall move.", metavar="GUID")
    ],
    target: Annotated[
        str | None,
        typer.Option(
            help="The offer to go to; the best new-commerce SKU by default.", metavar="OFFER"
        ),
    ] = None,
    license_transfer: Annotated[
        bool, typer.Option("--license-transfer", help="The move with licence transfer.")
    ] = False,
    seats: Annotated[
        int | None,
        typer.Option(
            help="Seats after the move; fewer than now is a partial conversion.", metavar="N"
        ),
    ] = None,
    first: options.First = 50,
    at: options.At = None,
    legacy_upgrades: options.LegacyUpgrades = LegacyUpgradePolicy.LAST,
    profile: options.Preferring = Profile.FEWEST_STEPS,
    as_json: options.AsJson = False,
) -> Exit:
    """Show the users whom a move concerns (exit code 4 where there is no path)."""
    from offerpath.cli import affected_answers
    from planner.rules import Mode

    transfer = Mode.WITH_LICENSE_TRANSFER if license_transfer else Mode.WITHOUT_LICENSE_TRANSFER
    request = affected_answers.AffectedRequest(
        customer=customer,
        subscription_id=inputs.guid(subscription, what="subscription"),
        target=None if target is None else inputs.catalog_id(target),
        mode=transfer,
        seats=inputs.seats(seats),
        scope=options.scope_request(at=at, legacy_upgrades=legacy_upgrades, profile=profile),
        first=inputs.page_size(first),
    )
    return run(partial(affected_answers.answer_affected, request=request, as_json=as_json))
