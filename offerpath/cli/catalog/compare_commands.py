"""`offerpath compare`: two offers side by side."""

from functools import partial
from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.grouped import grouped
from offerpath.cli.running import run
from resolvers import inputs


@grouped
def compare(
    origin: Annotated[
        str, typer.Argument(help="A legacy offer id (a GUID) or ProductId:SkuId.", metavar="A")
    ],
    target: Annotated[str, typer.Argument(help="The offer to set beside it.", metavar="B")],
    *,
    prices: options.PriceOptions,
    as_json: options.AsJson = False,
) -> Exit:
    """Set two offers side by side: services, retail prices, seats, terms, the way between them."""
    from offerpath.cli.catalog import compare_answers

    request = prices.request()
    ends = inputs.catalog_id(origin), inputs.catalog_id(target)
    return run(partial(compare_answers.answer_compare, ends=ends, request=request, as_json=as_json))
