"""`offerpath portfolio`: what a whole portfolio comes to, in which waves it moves, or every row."""

from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.grouped import grouped
from offerpath.cli.running import run
from planner.offers import Segment
from planner.readiness import Readiness
from resolvers.codes.code import Code
from resolvers.problems import BadInput


class RowsFormat(StrEnum):
    """How the flat rows are written."""

    CSV = "csv"


@grouped
def portfolio(
    *,
    text: Annotated[
        str | None, typer.Option(help="Only customers with this in their name or domain.")
    ] = None,
    segment: Annotated[
        Segment | None, typer.Option(help="Only customers of this segment.", case_sensitive=False)
    ] = None,
    market: Annotated[
        str | None, typer.Option(help="Only customers in this country, such as US.", metavar="CODE")
    ] = None,
    readiness: Annotated[
        Readiness | None,
        typer.Option(help="Only subscriptions this ready.", case_sensitive=False),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(help="Only subscriptions whose best target is this offer.", metavar="OFFER"),
    ] = None,
    waves: Annotated[
        bool, typer.Option("--waves", help="Show in which batches the subscriptions can migrate.")
    ] = False,
    rows: Annotated[
        RowsFormat | None,
        typer.Option(help="Write one line for each subscription to stdout, without the rules."),
    ] = None,
    license_transfer: options.LicenseTransfer = False,
    scope: options.ScopeOptions,
    as_json: options.AsJson = False,
) -> Exit:
    """Sum up all customers' subscriptions: how ready they are, what stops them, where they go."""
    from offerpath.cli.customers import portfolio_answer
    from resolvers.customers.portfolio import PortfolioRequest

    if rows is not None and (waves or as_json or readiness is not None):
        raise BadInput(
            Code.BAD_OPTION,
            "--rows writes rows without the rules; it goes with none of --waves, --readiness, "
            "--json",
            remedy="`offerpath report portfolio` writes rows with the rules",
        )
    request = PortfolioRequest(
        text=text,
        segment=segment,
        market=market,
        readiness=readiness,
        target=target,
        scope=scope.request(),
        mode=options.mode_of(license_transfer=license_transfer),
        with_rules=rows is None,
    )
    if rows is not None:
        return run(partial(portfolio_answer.answer_rows, request=request))
    answer = portfolio_answer.answer_waves if waves else portfolio_answer.answer_summary
    return run(partial(answer, request=request, as_json=as_json))
