"""`offerpath offers`, `reachable` and `paths`: what the catalog has, and where an offer can go."""

from functools import partial
from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.grouped import grouped
from offerpath.cli.running import run
from resolvers import inputs


def offers(
    text: Annotated[str, typer.Argument(help="Words of a title, or an id.", metavar="TEXT")],
    commerce: options.OfCommerce = None,
    segment: options.OfSegment = None,
    market: options.Market = None,
    addon: options.IsAddon = None,
    first: options.First = 20,
    as_json: options.AsJson = False,
) -> Exit:
    """Find offers by the words of their titles or by id."""
    from offerpath.cli.catalog import move_answers
    from resolvers.records.catalog import OfferFilter

    wanted = OfferFilter(text, commerce, segment, inputs.market(market), addon)
    inputs.page_size(first)
    return run(partial(move_answers.answer_offers, wanted=wanted, first=first, as_json=as_json))


@grouped
def reachable(
    offer: options.AnOffer,
    *,
    reverse: Annotated[
        bool, typer.Option("--reverse", help="Which offers reach this one instead.")
    ] = False,
    commerce: options.OfCommerce = None,
    first: options.First = 20,
    scope: options.SearchOptions,
    as_json: options.AsJson = False,
) -> Exit:
    """Show every offer that an offer can become, each with its best path."""
    from offerpath.cli.catalog import move_answers
    from resolvers.catalog.moves import ReachRequest

    request = ReachRequest(inputs.catalog_id(offer), scope.request(), commerce, reverse)
    inputs.page_size(first)
    return run(partial(move_answers.answer_reach, request=request, first=first, as_json=as_json))


@grouped
def paths(
    origin: Annotated[str, typer.Argument(help="The offer to start from.", metavar="FROM")],
    target: Annotated[
        str,
        typer.Argument(
            help="An offer, `product:CFQ7TTC0LCHC` (any SKU of it), or `any` (new-commerce SKU).",
            metavar="TO",
        ),
    ],
    *,
    first: Annotated[int, typer.Option(help="How many paths, 1 to 50.", metavar="N")] = 3,
    via: Annotated[
        list[str] | None,
        typer.Option(help="An offer that must be on the way; may be repeated.", metavar="OFFER"),
    ] = None,
    scope: options.SearchOptions,
    as_json: options.AsJson = False,
) -> Exit:
    """Show the best paths from an offer to another, or why there is none (exit code 4)."""
    from offerpath.cli.catalog import move_answers

    request = move_answers.paths_request(
        origin, target, scope.request(), first=first, via=via or ()
    )
    return run(partial(move_answers.answer_paths, request=request, as_json=as_json))
