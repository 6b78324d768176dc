"""`offerpath import` and `blockers`: a customer's subscriptions, and what stops them."""

from functools import partial
from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.grouped import grouped
from offerpath.cli.running import run
from resolvers import inputs


def import_files(
    files: Annotated[
        list[str], typer.Argument(help="Files to import; `-` is standard input.", metavar="FILE...")
    ],
    customer: Annotated[
        str | None,
        typer.Option(
            help="The customer's id, for files that do not name the customer.", metavar="GUID"
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="When the files were taken; now by default.", metavar="DATE"),
    ] = None,
    partner_tenant: Annotated[
        str | None,
        typer.Option(
            help="Your own tenant, to tell in Microsoft Graph's files what you sold; "
            "OFFERPATH_PARTNER_TENANT_ID by default.",
            metavar="GUID",
        ),
    ] = None,
    complete: Annotated[
        bool | None,
        typer.Option(
            "--complete/--partial",
            help="Whether the files hold all that the customer has; by default as they say.",
        ),
    ] = None,
    as_json: options.AsJson = False,
) -> Exit:
    """Import customers and what they hold, each file whole or not at all (exit code 5)."""
    from offerpath.cli.customers import import_answers

    request = import_answers.ImportRequest(
        files=tuple(files),
        as_of=None if as_of is None else inputs.instant(as_of, name="--as-of"),
        customer_id=None if customer is None else inputs.guid(customer, what="customer"),
        partner_tenant_id=(
            None if partner_tenant is None else inputs.guid(partner_tenant, what="tenant")
        ),
        is_complete=complete,
    )
    return run(partial(import_answers.answer_import, request=request, as_json=as_json))


@grouped
def blockers(
    customer: options.ACustomer,
    *,
    target: Annotated[
        str | None,
        typer.Option(
            help="The offer to go to; each subscription's best new-commerce SKU by default.",
            metavar="OFFER",
        ),
    ] = None,
    subscription: Annotated[
        str | None,
        typer.Option(help="Only this subscription, whatever its offer.", metavar="GUID"),
    ] = None,
    choices: options.ChoiceOptions,
    what_if: options.WhatIfOptions,
    scope: options.ScopeOptions,
    as_json: options.AsJson = False,
) -> Exit:
    """Show what stops a customer's subscriptions on the way (exit code 4 where BLOCKED).

    The --if options suppose that something were otherwise; nothing of it is stored.
    """
    from offerpath.cli.customers import blocker_answers

    request = blocker_answers.BlockersRequest(
        customer=customer,
        target=None if target is None else inputs.catalog_id(target),
        subscription_id=(
            None if subscription is None else inputs.guid(subscription, what="subscription")
        ),
        choices=choices.chosen(),
        what_if=what_if.request(),
        scope=scope.request(),
    )
    return run(partial(blocker_answers.answer_blockers, request=request, as_json=as_json))
