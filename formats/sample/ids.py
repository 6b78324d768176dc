"""Which ids the sample's customers and subscriptions have: the same in every run."""

import re
from uuid import UUID, uuid5

from formats.sample.file import CustomerEntry, OwnEntry

_NAMESPACE = UUID("8a0f3f3e-6a0c-5c55-9a52-0ffe27a7f001")
OTHER_PARTNER = str(uuid5(_NAMESPACE, "another partner"))
"""The tenant of the partner who sold what we did not."""


def customer_id(customer: CustomerEntry) -> str:
    return customer.id or str(uuid5(_NAMESPACE, customer.name))


def own_id(customer: CustomerEntry, own: OwnEntry) -> str:
    return own.id or derived(customer, "own", own.named)


def derived(customer: CustomerEntry, side: str, key: str) -> str:
    """Return the id of what stands under a key on one side of a customer."""
    return str(uuid5(UUID(customer_id(customer)), f"{side}/{key}"))


def slug(name: str) -> str:
    """Return a customer's name as a part of a domain."""
    return "-".join(re.findall(r"[a-z0-9]+", name.removesuffix("(sample)").lower()))
