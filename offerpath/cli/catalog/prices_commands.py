"""`offerpath prices`: what an offer costs at retail."""

from functools import partial

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.grouped import grouped
from offerpath.cli.running import run
from resolvers import inputs


@grouped
def prices(
    offer: options.AnOffer,
    *,
    prices: options.PriceOptions,
    as_json: options.AsJson = False,
) -> Exit:
    """Show an offer's retail prices by market, term and billing, each with its list."""
    from offerpath.cli.catalog import prices_answers

    wanted, request = inputs.catalog_id(offer), prices.request()
    return run(
        partial(prices_answers.answer_prices, offer=wanted, request=request, as_json=as_json)
    )
