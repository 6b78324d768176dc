"""The JSON of retail prices, with the names that schema.graphql has."""

from decimal import Decimal

from offerpath.cli import answers
from planner.pricing.prices import Quote


def price(quote: Quote | None) -> answers.Json | None:
    """Return a price for one seat; None stays None."""
    if quote is None:
        return None
    return {
        "segment": quote.segment,
        "term": quote.term,
        "billingPlan": quote.billing_plan,
        "perTerm": money(quote.per_term, quote.currency),
        "perMonth": money(quote.per_month, quote.currency),
        "surcharge": str(quote.surcharge),
        "effectiveStart": answers.plain(quote.effective_start),
        "effectiveEnd": answers.plain(quote.effective_end),
        "source": quote.source,
        "asOf": answers.plain(quote.as_of),
    }


def money(amount: Decimal | None, currency: str) -> answers.Json | None:
    """Return an amount as text: a JSON number would be read as a float."""
    return None if amount is None else {"amount": str(amount), "currency": currency}
