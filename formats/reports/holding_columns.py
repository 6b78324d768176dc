"""What every report on customers says of a customer and of one of its subscriptions."""

from dataclasses import dataclass

from formats.writing.columns import Cell, Offers, Readers, day, number, text
from planner.customers import Customer, Subscription
from planner.ids import CatalogId, is_new_commerce
from planner.no_path import NoPath
from planner.options import NotInCatalog
from planner.portfolios.portfolio import Standing


@dataclass(frozen=True, slots=True)
class Holding:
    """One of our subscriptions, with the offers that name it."""

    subscription: Subscription
    offers: Offers


def title_of(offers: Offers, offer: CatalogId | None) -> str | None:
    """Return an offer's title; None where the catalog does not have it."""
    known = None if offer is None else offers.get(offer)
    return known.title if known else None


def standing_without_way(subscription: Subscription, answer: NoPath | NotInCatalog) -> Standing:
    """Return why a subscription has no way."""
    if isinstance(answer, NoPath):
        return Standing(answer.verdict.value)
    return Standing.NO_OFFER if subscription.catalog_id is None else Standing.NOT_IN_CATALOG


def _segment(customer: Customer) -> Cell:
    return None if customer.segment is None else customer.segment.value


def _commerce(holding: Holding) -> Cell:
    offer = holding.subscription.catalog_id
    if offer is None:
        return None
    return "NEW_COMMERCE" if is_new_commerce(offer) else "LEGACY"


CUSTOMER: Readers[Customer] = (
    (
        text("customer_id", "The customer's tenant: a GUID, lower case."),
        lambda customer: customer.customer_id,
    ),
    (text("customer_name", "Its name."), lambda customer: customer.name),
    (text("customer_domain", "Its domain; empty: not known."), lambda customer: customer.domain),
    (
        text("customer_market", "Its ISO 3166 country code; empty: not known."),
        lambda customer: customer.market,
    ),
    (
        text("customer_segment", "COMMERCIAL, EDUCATION, CHARITY or GOVERNMENT; empty: not known."),
        _segment,
    ),
)
SUBSCRIPTION: Readers[Holding] = (
    (
        text("subscription_id", "One of our subscriptions: a GUID, lower case."),
        lambda one: one.subscription.subscription_id,
    ),
    (
        text("subscription_title", "Its title, as Partner Center has it."),
        lambda one: one.subscription.title or None,
    ),
    (
        text("offer_id", "Its offer: a legacy GUID or `ProductId:SkuId`; empty: it names none."),
        lambda one: one.subscription.catalog_id,
    ),
    (
        text("offer_title", "The offer's title; empty: the catalog does not have it."),
        lambda one: title_of(one.offers, one.subscription.catalog_id),
    ),
    (text("commerce", "The catalog that the offer belongs to: LEGACY or NEW_COMMERCE."), _commerce),
    (
        text("state", "ACTIVE, PENDING, SUSPENDED, EXPIRED, DISABLED, DELETED or what else it is."),
        lambda one: one.subscription.state.value,
    ),
    (number("seats", "Its licences; empty: not known."), lambda one: one.subscription.seats),
    (
        text("term", "Its term: P1M, P1Y or P3Y; empty: not known."),
        lambda one: one.subscription.term,
    ),
    (
        text("billing_cycle", "How it is billed; empty: not known."),
        lambda one: one.subscription.billing_cycle,
    ),
    (
        day("last_day", "The last day of its term, inclusive; empty: not known."),
        lambda one: one.subscription.last_day,
    ),
)
