"""By which terms and billings an offer is sold, and which is nearest to what there is."""

from dataclasses import replace

from planner.catalog import Catalog
from planner.customers import Subscription
from planner.ids import CatalogId
from planner.rules import Choices

_TERMS = ("P1Y", "P1M", "P3Y")
_CYCLES = ("monthly", "annual", "triennial")


def is_sold_so(catalog: Catalog, held: Subscription, offer: CatalogId) -> bool:
    """Return whether an offer is sold by the term and billing of a subscription, or may be."""
    sold = {one.casefold() for one in catalog.offers[offer].billing}
    return not sold or f"{held.term}/{held.billing_cycle}".casefold() in sold


def as_sold(catalog: Catalog, held: Subscription, offer: CatalogId, choices: Choices) -> Choices:
    """Return the choices with the term and billing that an offer is sold with, the nearest to
    what the subscription has; as they are where the catalog does not tell.
    """
    combinations = [
        (term, plan.lower())
        for term, _, plan in (one.partition("/") for one in catalog.offers[offer].billing)
    ]
    if not combinations:
        return choices
    term, cycle = min(combinations, key=lambda pair: _distance(held, *pair))
    return replace(choices, term=term, billing_cycle=cycle)


def _distance(held: Subscription, term: str, cycle: str) -> tuple[bool, bool, int, int]:
    return (
        term != held.term,
        cycle != held.billing_cycle,
        _TERMS.index(term) if term in _TERMS else len(_TERMS),
        _CYCLES.index(cycle) if cycle in _CYCLES else len(_CYCLES),
    )
