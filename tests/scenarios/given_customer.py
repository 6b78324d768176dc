"""The customer that a scenario file gives, with all that the file leaves out known and harmless."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from formats.detect import ImportOptions, read_import
from planner.customers import (
    Customer,
    Holdings,
    Reducible,
    RenewalInstructions,
    Seller,
    Subscription,
    SubscriptionState,
)
from planner.ids import ProductGuid, is_new_commerce
from tests.planner import builders
from tests.scenarios.given_catalog import id_of
from tests.scenarios.model import Held, Scenario

TENANT = "11111111-0000-4000-8000-000000000001"


def subscription_id(place: int) -> str:
    return f"{place:08x}-0000-4000-8000-000000000000"


def customer_of(scenario: Scenario) -> Customer:
    client = scenario.customer
    assert client is not None
    at = scenario.question.at
    held = tuple(_subscription(one, n, at) for n, one in enumerate(client.subscriptions))
    return Customer(
        TENANT,
        "Contoso",
        market=client.market,
        segment=client.segment,
        agreement=client.agreement,
        delegated_admin=client.delegated_admin,
        holdings=Holdings(
            own=tuple(one for one in held if one.seller is Seller.US),
            own_state=client.own,
            own_as_of=client.as_of,
            foreign=tuple(one for one in held if one.seller is not Seller.US),
            foreign_state=client.foreign,
            foreign_as_of=client.as_of,
        ),
    )


def asked_about(customer: Customer) -> Subscription:
    """Return the subscription that the question is about: the file's first one."""
    (one,) = (held for held in customer.holdings.own if held.subscription_id == subscription_id(0))
    return one


def _subscription(held: Held, place: int, at: datetime) -> Subscription:
    if held.resource is not None:
        return _imported(held.resource, place)
    given = {name: getattr(held, name) for name in held.model_fields_set & _PLAIN}
    is_unknown = held.status is SubscriptionState.UNRECOGNIZED
    return Subscription(
        subscription_id(0 if held.same_as_first else place),
        held.seller,
        held.status,
        "paused" if is_unknown else held.status.value.lower(),
        catalog_id=id_of(held.offer) if held.offer else None,
        product_guid=_product(held.product),
        seats=held.seats,
        parent_id=None if held.parent is None else subscription_id(held.parent),
        renewal=_renewal(held),
        **(_usual(held, at) | given | _tranches(held)),
    )


_PLAIN = frozenset(
    {
        "created",
        "starts",
        "last_day",
        "term",
        "billing_cycle",
        "auto_renews",
        "is_trial",
        "promotion_id",
        "promotion_ends",
        "cancellable_until",
        "cancels_at_end",
        "partner_of_record",
    }
)


def _usual(held: Held, at: datetime) -> dict[str, Any]:
    """Return what is taken for known of ours; Graph tells none of it."""
    if held.seller is not Seller.US or held.offer is None:
        return {}
    told: dict[str, Any] = {
        "created": datetime(2015, 6, 1, tzinfo=UTC),
        "last_day": at.date() + timedelta(days=182),
        "term": "P1Y",
        "billing_cycle": "monthly",
        "auto_renews": True,
        "is_trial": False,
        "partner_of_record": "4567890",
    }
    if not is_new_commerce(id_of(held.offer)):
        return told
    new: dict[str, Any] = {"cancellable_until": at - timedelta(days=100), "cancels_at_end": False}
    return told | new | {"reducible": ()}


def _tranches(held: Held) -> dict[str, Any]:
    if held.reducible is None:
        return {"reducible": None} if "reducible" in held.model_fields_set else {}
    return {"reducible": tuple(Reducible(one.seats, one.until) for one in held.reducible)}


def _renewal(held: Held) -> RenewalInstructions | None:
    told = held.renewal
    if told is None:
        return None
    offer = id_of(told.offer) if told.offer else None
    return RenewalInstructions(offer, told.term, told.billing_cycle, told.seats, told.custom_end)


def _product(text: str | None) -> ProductGuid | None:
    if text is None:
        return None
    return builders.guid(text) if len(text) == 1 else ProductGuid(text)


def _imported(resource: Mapping[str, Any], place: int) -> Subscription:
    """Return what the importer makes of a Subscription resource."""
    row = {"id": subscription_id(place), "quantity": 10, "status": "active", **resource}
    content = orjson.dumps({"totalCount": 1, "items": [row]})
    options = ImportOptions(TENANT, datetime(2026, 11, 23, tzinfo=UTC))
    read = read_import(content, name="subscriptions.json", options=options)
    (change,) = read.customer_import.holdings
    (one,) = change.subscriptions
    return one
