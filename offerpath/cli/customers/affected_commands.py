"""`offerpath affected`: the users whom a subscription's move concerns, and what they need."""

from functools import partial
from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.grouped import grouped
from offerpath.cli.running import run
from resolvers import inputs


@grouped
def affected(
    customer: options.ACustomer,
    *,
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
    scope: options.ScopeOptions,
    as_json: options.AsJson = False,
) -> Exit:
    """Show the users whom a move concerns (exit code 4 where there is no path)."""
    from offerpath.cli.customers import affected_answers

    request = affected_answers.AffectedRequest(
        customer=customer,
        subscription_id=inputs.guid(subscription, what="subscription"),
        target=None if target is None else inputs.catalog_id(target),
        mode=options.mode_of(license_transfer=license_transfer),
        seats=inputs.seats(seats),
        scope=scope.request(),
        first=inputs.page_size(first),
    )
    return run(partial(affected_answers.answer_affected, request=request, as_json=as_json))
