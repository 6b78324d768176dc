"""Bad input, and the outcomes that a use case answers with instead of a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from resolvers.codes.code import Code
from resolvers.codes.words import remedy_of

if TYPE_CHECKING:
    # The command line reads problems in every process, and these bring the planner with them.
    from planner.goals import UnknownProduct, UnknownServicePlan

Parameter = str | int
_NONE: Mapping[str, Parameter] = MappingProxyType({})


class BadInput(ValueError):
    """The question itself is wrong. Mapped once at the edge; `code` is stable.

    A new code is a new member of Code, with its words beside it. Without a remedy of its own it
    has that of its code; `parameters` are what the message names, by name: argument, given,
    minimum, maximum.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        remedy: str | None = None,
        parameters: Mapping[str, Parameter] = _NONE,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy or remedy_of(code)
        self.parameters = parameters


class TryLater(BadInput):
    """The question is a good one, and there is no room for it now; later there will be."""

    def __init__(self, code: Code, message: str, *, retry_seconds: int) -> None:
        super().__init__(code, message, parameters={"retrySeconds": retry_seconds})
        self.retry_seconds = retry_seconds
        self.headers: Mapping[str, str] = {"Retry-After": str(retry_seconds)}
        """What an answer over HTTP has to say beside its body."""


def out_of_range(
    code: Code, argument: str, given: int, *, maximum: int, minimum: int = 1
) -> BadInput:
    """Return why a number is not taken, with its limits, both inclusive."""
    return BadInput(
        code,
        f"`{argument}` is {given}; it must be {minimum} to {maximum}",
        parameters=limits(argument, given, minimum=minimum, maximum=maximum),
    )


def limits(
    argument: str, given: Parameter, *, maximum: Parameter, minimum: Parameter | None = None
) -> Mapping[str, Parameter]:
    """Return the parameters of what lies beyond a limit; a number of things is given as such."""
    told: dict[str, Parameter] = {"argument": argument, "given": given}
    if minimum is not None:
        told["minimum"] = minimum
    return {**told, "maximum": maximum}


@dataclass(frozen=True, slots=True)
class NotFound:
    """A thing that was asked for by id and is not there for this principal."""

    code: Code
    """OFFER_NOT_FOUND, CUSTOMER_NOT_FOUND, SUBSCRIPTION_NOT_FOUND and the like."""
    message: str
    identifier: str
    remedy: str


def offer_not_found(catalog_id: str) -> NotFound:
    return NotFound(
        Code.OFFER_NOT_FOUND,
        f"The catalog has no offer {catalog_id}",
        catalog_id,
        "Look the offer up with `offers(text:)`",
    )


def goal_not_found(error: "UnknownProduct | UnknownServicePlan") -> NotFound:
    """Return that the catalog has no such product or service plan, and where to look it up."""
    code = Code(error.code)
    return NotFound(code, str(error), error.identifier, remedy_of(code))


def customer_not_found(customer_id: str) -> NotFound:
    return NotFound(
        Code.CUSTOMER_NOT_FOUND,
        f"You have no customer {customer_id}",
        customer_id,
        "Look the customer up with `customers(text:)`, or import it",
    )


def subscription_not_found(subscription_id: str) -> NotFound:
    return NotFound(
        Code.SUBSCRIPTION_NOT_FOUND,
        f"You have no subscription {subscription_id}",
        subscription_id,
        "Import the customer's subscriptions",
    )


def subscription_supposed_gone(subscription_id: str) -> NotFound:
    return NotFound(
        Code.SUBSCRIPTION_SUPPOSED_GONE,
        f"Subscription {subscription_id} would be gone, so there is nothing to ask of it",
        subscription_id,
        "Ask of another subscription, or do not suppose this one cancelled",
    )
