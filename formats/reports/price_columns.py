"""What the report `options` says of prices: retail, for all seats, now and in one target.

Every amount is of planner.pricing.prices.Quote: a list's retail price. What a partner pays is in
no list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from formats.writing.columns import Cell, Readers, amount, day, distinct, several, text
from planner.customers import Subscription
from planner.ids import CatalogId
from planner.pricing.cost_now import Cost, term_not_known
from planner.pricing.prices import PriceGap, PriceNotKnown
from planner.pricing.twelve_months import CostLine, TwelveMonths


@dataclass(frozen=True, slots=True)
class PricedOption:
    """What a subscription costs as it is and in one target; None where that is not known."""

    prices: TwelveMonths
    target: CatalogId | None
    now: Cost | None
    then: CostLine | None
    has_same_term: bool
    """Whether `then` is for the term and billing that the subscription has."""
    missing: tuple[str, ...]
    """Fields without which none of the target's prices is its own."""


def priced_option(
    subscription: Subscription, prices: TwelveMonths, target: CatalogId | None
) -> PricedOption:
    """Return a target's price for the subscription's own term and billing, else its cheapest year.

    None where that term or billing is not known: a migration keeps both, so nobody can say which
    price it would have [docs/sources.md 3].
    """
    now = prices.now.cost
    lines = [line for line in prices.lines if line.cost.quote.catalog_id == target]
    same = next((line for line in lines if _is_same_term(subscription, line)), None)
    return PricedOption(
        prices,
        target,
        None if isinstance(now, PriceNotKnown) else now,
        same or (None if term_not_known(subscription) else next(iter(lines), None)),
        same is not None,
        term_not_known(subscription) if lines else (),
    )


def _is_same_term(held: Subscription, line: CostLine) -> bool:
    quote = line.cost.quote
    if None in (held.term, held.billing_cycle, quote.billing_plan):
        return False
    billing = (held.billing_cycle or "").replace("_", "")
    return quote.term == held.term and billing.casefold() == (quote.billing_plan or "").casefold()


def _of_now(read: Callable[[Cost], Cell]) -> Callable[[PricedOption], Cell]:
    return lambda told: None if told.now is None else read(told.now)


def _of_then(read: Callable[[CostLine], Cell]) -> Callable[[PricedOption], Cell]:
    return lambda told: None if told.then is None else read(told.then)


def _yearly_change(line: CostLine) -> Decimal | None:
    return None if line.change is None else line.change.yearly


def _monthly_change(line: CostLine) -> Decimal | None:
    return None if line.change is None else line.change.monthly


def _choice(told: PricedOption) -> Cell:
    if told.then is None:
        return None
    return "SAME_TERM_AND_BILLING" if told.has_same_term else "CHEAPEST_YEAR"


def _gaps(told: PricedOption) -> Cell:
    now = told.prices.now.cost
    gaps = [f"NOW_{now.gap.value}"] if isinstance(now, PriceNotKnown) else []
    missing = (gap for gap in told.prices.not_priced if gap.catalog_id == told.target)
    gaps.extend(f"THEN_{gap.gap.value}" for gap in missing if told.target is not None)
    if told.missing:
        gaps.append(f"THEN_{PriceGap.TERM_NOT_KNOWN.value}")
    return tuple(gaps)


def _unknown(told: PricedOption) -> Cell:
    return distinct([*told.prices.unknown, *told.missing])


PRICES: Readers[PricedOption] = (
    (
        text("now_currency", "The currency of what it costs now; empty: the price is not known."),
        _of_now(lambda cost: cost.quote.currency),
    ),
    (
        amount("now_monthly", "What all its seats cost in a month as it is, at retail."),
        _of_now(lambda cost: cost.monthly),
    ),
    (
        amount("now_yearly", "The same in twelve months."),
        _of_now(lambda cost: cost.yearly),
    ),
    (
        day("now_priced_on", "The day whose list was taken: that of the term's begin, if loaded."),
        lambda told: None if told.now is None else told.prices.now.priced_on,
    ),
    (
        several("now_notes", "Codes of why what is paid may differ, each once."),
        lambda told: distinct(note.code for note in told.prices.now.notes),
    ),
    (
        text(
            "then_choice",
            "Which price of the target the next columns tell: SAME_TERM_AND_BILLING as now, or, "
            "where it has none, CHEAPEST_YEAR; empty: term or billing is not known, or no price.",
        ),
        _choice,
    ),
    (text("then_term", "Its term."), _of_then(lambda line: line.cost.quote.term)),
    (
        text("then_billing", "How it is billed, as the list writes it."),
        _of_then(lambda line: line.cost.quote.billing_plan),
    ),
    (text("then_currency", "Its currency."), _of_then(lambda line: line.cost.quote.currency)),
    (
        amount("then_monthly", "What the same seats cost there in a month, at retail."),
        _of_then(lambda line: line.cost.monthly),
    ),
    (
        amount("then_yearly", "The same in twelve months."),
        _of_then(lambda line: line.cost.yearly),
    ),
    (
        amount("monthly_difference", "then_monthly without now_monthly; a minus is cheaper."),
        _of_then(_monthly_change),
    ),
    (
        amount("yearly_difference", "then_yearly without now_yearly; empty: currencies differ."),
        _of_then(_yearly_change),
    ),
    (
        several("price_sources", "The lists that the prices stand in, each once."),
        lambda told: distinct(
            [
                *([] if told.now is None else [told.now.quote.source]),
                *([] if told.then is None else [told.then.cost.quote.source]),
            ]
        ),
    ),
    (
        several("price_gaps", "Why a price is not known: NOW_ or THEN_ and the reason's code."),
        _gaps,
    ),
    (
        several("price_missing_fields", "The fields without which an amount is not told."),
        _unknown,
    ),
)
