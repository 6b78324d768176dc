"""`offerpath compare`: two offers side by side."""

from functools import partial
from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.running import run
from planner.offers import Segment
from resolvers import inputs

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


def compare(
    origin: Annotated[
        str, typer.Argument(help="A legacy offer id (a GUID) or ProductId:SkuId.", metavar="A")
    ],
    target: Annotated[str, typer.Argument(help="The offer to set beside it.", metavar="B")],
    market: InMarket = None,
    segment: InSegment = None,
    at: options.At = None,
    as_json: options.AsJson = False,
) -> Exit:
    """Set two offers side by side: services, retail prices, seats, terms, the way between them."""
    from offerpath.cli import compare_answers
    from resolvers.compare import MarketRequest

    day = None if at is None else inputs.instant(at, name="--at")
    request = MarketRequest(inputs.market(market), segment, day)
    ends = inputs.catalog_id(origin), inputs.catalog_id(target)
    return run(partial(compare_answers.answer_compare, ends=ends, request=request, as_json=as_json))
