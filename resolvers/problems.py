"""Bad input, and the outcomes that a use case answers with instead of a value."""

from dataclasses import dataclass


class BadInput(ValueError):
    """The question itself is wrong. Mapped once at the edge; `code` is stable."""

    def __init__(self, code: str, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class NotFound:
    """A thing that was asked for by id and is not there for this principal."""

    code: str
    """OFFER_NOT_FOUND, CUSTOMER_NOT_FOUND, SUBSCRIPTION_NOT_FOUND and the like."""
    message: str
    identifier: str
    remedy: str


def offer_not_found(catalog_id: str) -> NotFound:
    return NotFound(
        "OFFER_NOT_FOUND",
        f"The catalog has no offer {catalog_id}",
        catalog_id,
        "Look the offer up with `offers(text:)`",
    )


def customer_not_found(customer_id: str) -> NotFound:
    return NotFound(
        "CUSTOMER_NOT_FOUND",
        f"You have no customer {customer_id}",
        customer_id,
        "Look the customer up with `customers(text:)`, or import it",
    )


def subscription_not_found(subscription_id: str) -> NotFound:
    return NotFound(
        "SUBSCRIPTION_NOT_FOUND",
        f"You have no subscription {subscription_id}",
        subscription_id,
        "Import the customer's subscriptions",
    )


def subscription_supposed_gone(subscription_id: str) -> NotFound:
    return NotFound(
        "SUBSCRIPTION_SUPPOSED_GONE",
        f"Subscription {subscription_id} would be gone, so there is nothing to ask of it",
        subscription_id,
        "Ask of another subscription, or do not suppose this one cancelled",
    )
