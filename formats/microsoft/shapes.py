"""Which of the accepted JSON shapes a value has, and its rows in one form."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from formats.microsoft import graph, partner_center
from formats.microsoft.collection import Collection, bare_array
from formats.problems import FileRefused, Findings, Place


class Kind(StrEnum):
    """What a file is; `Parsed.kind`."""

    CUSTOMERS = "partner_center_customers"
    SUBSCRIPTIONS = "partner_center_subscriptions"
    DIRECTORY = "graph_directory_subscriptions"
    SKUS = "graph_subscribed_skus"
    USERS = "graph_users"
    BUNDLE = "offerpath_bundle"
    CUSTOMERS_CSV = "customers_csv"
    SUBSCRIPTIONS_CSV = "subscriptions_csv"


@dataclass(frozen=True, slots=True)
class Shape:
    """The rows of a JSON file and what they are."""

    kind: Kind
    collection: Collection


def shape_of(value: object, *, name: str, has_customer: bool, findings: Findings) -> Shape:
    """Return what a JSON value that is no bundle holds. Raises: FileRefused.

    The first row that is recognized decides; rows of another kind then fail its checks.
    """
    collection = _collection_of(value, findings)
    if collection is None:
        raise _unknown(name)
    findings.refuse_if_bad()
    kind = _named_kind(value) or _kind_of_rows(collection)
    if kind is None and not collection.items:
        kind = _kind_when_empty(value, name=name, has_customer=has_customer)
    if kind is None:
        raise _unknown(name)
    return Shape(kind, collection)


def _collection_of(value: object, findings: Findings) -> Collection | None:
    if isinstance(value, list):
        return bare_array(value, Place())
    if not isinstance(value, dict):
        return None
    if "items" in value:
        return partner_center.read_collection(value, Place(), findings)
    if "value" in value:
        return graph.read_collection(value, Place(), findings)
    return Collection(((Place(), value),), is_complete=False)


def _named_kind(value: object) -> Kind | None:
    """Return what Graph says itself: `https://graph.microsoft.com/v1.0/$metadata#subscribedSkus`.

    A projection in parentheses, which `$select` adds, is not looked at.
    """
    context = value.get("@odata.context") if isinstance(value, dict) else None
    if not isinstance(context, str):
        return None
    named = context.rpartition("#")[2].partition("(")[0].lower().removesuffix("/$entity")
    if named.endswith("subscribedskus"):
        return Kind.SKUS
    if named.endswith("users"):
        return Kind.USERS
    return Kind.DIRECTORY if named.endswith("subscriptions") else None


def _kind_of_rows(collection: Collection) -> Kind | None:
    kinds = (_kind_of(item) for _, item in collection.items if isinstance(item, dict))
    return next((kind for kind in kinds if kind is not None), None)


def _kind_of(row: Mapping[str, Any]) -> Kind | None:
    """Return what a resource is by the fields that only it has."""
    if "companyProfile" in row:
        return Kind.CUSTOMERS
    if "offerId" in row:
        return Kind.SUBSCRIPTIONS
    if row.keys() & {"userPrincipalName", "assignedLicenses", "licenseAssignmentStates"}:
        return Kind.USERS
    if "skuId" not in row:
        return None
    if row.keys() & {"capabilityStatus", "prepaidUnits", "consumedUnits", "servicePlans"}:
        return Kind.SKUS
    marks = {"commerceSubscriptionId", "totalLicenses", "serviceStatus", "ownerTenantId", "status"}
    return Kind.DIRECTORY if row.keys() & marks else None


def _kind_when_empty(value: object, *, name: str, has_customer: bool) -> Kind:
    """Read `{"totalCount": 0, "items": []}` for a named customer as: no subscriptions."""
    if has_customer and isinstance(value, dict) and "items" in value:
        return Kind.SUBSCRIPTIONS
    raise FileRefused(
        "EMPTY_FILE",
        f"{name} holds an empty list that does not say of what; for a customer without "
        "subscriptions name the customer, for Graph keep the @odata.context",
    )


def _unknown(name: str) -> FileRefused:
    return FileRefused(
        "NOT_A_KNOWN_SHAPE",
        f"{name} is none of: Partner Center customers or subscriptions, Microsoft Graph "
        "directory/subscriptions, subscribedSkus or users, our bundle, customers.csv, "
        "subscriptions.csv (docs/formats.md)",
    )
