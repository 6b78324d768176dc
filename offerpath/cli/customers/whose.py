"""Whose subscriptions a command is about: the customer of an id, or of a part of a name."""

from uuid import UUID

from offerpath.cli.exits import Missing
from planner.customers import Customer, Subscription
from resolvers import inputs
from resolvers.asked import Asked
from resolvers.codes.code import Code
from resolvers.customers import customers
from resolvers.problems import (
    BadInput,
    NotFound,
    customer_not_found,
    subscription_not_found,
)

_NAMED = 5
"""How many customers are listed where a name fits several."""


async def customer_named(asked: Asked, text: str) -> Customer:
    """Return the customer of an id, or the only one whose name or domain has the text.

    An id in another form than every other command takes is no name: it is refused as they do.
    Raises: Missing; BadInput AMBIGUOUS_CUSTOMER, MALFORMED_ID.
    """
    if _is_id(text):
        customer_id = inputs.guid(text, what="customer")
    else:
        customer_id = await _only_one_named(asked, text)
    found = await customers.customer(asked, customer_id)
    if isinstance(found, NotFound):
        raise Missing(found)
    return found


def held_by(customer: Customer, subscription_id: str) -> Subscription:
    """Return a subscription that a customer holds with us. Raises: Missing."""
    for held in customer.holdings.own:
        if held.subscription_id == subscription_id:
            return held
    raise Missing(subscription_not_found(subscription_id))


def asked_about(customer: Customer, subscription_id: str | None) -> tuple[Subscription, ...]:
    """Return the subscription that is named, else all of ours in order. Raises: Missing."""
    if subscription_id is None:
        return customers.in_order(customer.holdings.own)
    return (held_by(customer, subscription_id),)


def _is_id(text: str) -> bool:
    """Return whether it can only be meant as an id: a GUID however it is written."""
    try:
        UUID(text.strip())
    except ValueError:
        return False
    return True


async def _only_one_named(asked: Asked, text: str) -> str:
    page = await customers.customers(asked, first=_NAMED, after=None, text=text)
    if page.total > 1:
        known = "; ".join(f"{one.name} ({one.customer_id})" for one in page.customers)
        raise BadInput(
            Code.AMBIGUOUS_CUSTOMER,
            f"{page.total} customers have {text!r} in their name or domain: {known}",
            remedy="Give more of the name, or the id",
        )
    if not page.customers:
        raise Missing(customer_not_found(repr(text)))
    return page.customers[0].customer_id
