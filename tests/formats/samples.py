"""Files as the tests build them; values are invented, shapes are those of docs/formats.md."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from formats.detect import ImportOptions, Parsed, read_import
from formats.problems import FileRefused
from planner.customers import Subscription

CUSTOMER = "11111111-0000-4000-8000-000000000001"
OTHER_CUSTOMER = "11111111-0000-4000-8000-000000000002"
PARTNER = "99999999-0000-4000-8000-000000000009"
OTHER_PARTNER = "99999999-0000-4000-8000-000000000008"
PRODUCT = "33333333-0000-4000-8000-000000000001"
PLAN = "44444444-0000-4000-8000-000000000001"
AS_OF = datetime(2026, 11, 23, 9, tzinfo=UTC)
OWN = ImportOptions(CUSTOMER, AS_OF)
ANY = ImportOptions(None, AS_OF)
WITH_PARTNER = ImportOptions(CUSTOMER, AS_OF, PARTNER)


def subscription_id(number: int) -> str:
    return f"22222222-0000-4000-8000-{number:012}"


def legacy(number: int = 1, **fields: Any) -> dict[str, Any]:
    """Return a legacy Subscription resource."""
    return {
        "id": subscription_id(number).upper(),
        "offerId": "AAAAAAAA-0000-4000-8000-000000000001",
        "offerName": "Microsoft 365 Business Standard",
        "friendlyName": "Contoso BS",
        "quantity": 42,
        "parentSubscriptionId": None,
        "creationDate": "2023-05-04T10:00:00.1234567Z",
        "effectiveStartDate": "2023-05-04T00:00:00Z",
        "commitmentEndDate": "2027-05-04T00:00:00Z",
        "status": "active",
        "autoRenewEnabled": True,
        "billingCycle": "monthly",
        "termDuration": "P1Y",
        "isTrial": False,
        **fields,
    }


def new_commerce(number: int = 1, **fields: Any) -> dict[str, Any]:
    """Return a new-commerce Subscription resource."""
    ends = {
        "commitmentEndDate": "2027-05-03T00:00:00Z",
        "commitmentEndDateTime": "2027-05-03T23:59:59Z",
    }
    offer = {"offerId": "CFQ7TTC0LH18:0001:CFQ7TTC0K18P", "promotionId": "39NFJQT1XXXX:0001:39NF"}
    return legacy(number) | offer | ends | fields


def customer(customer_id: str = CUSTOMER, **fields: Any) -> dict[str, Any]:
    """Return a Customer resource as GET /v1/customers/{id} gives it."""
    return {
        "id": customer_id,
        "companyProfile": {
            "tenantId": customer_id,
            "domain": "contoso.onmicrosoft.test",
            "companyName": "Contoso",
        },
        "billingProfile": {"culture": "en-US", "defaultAddress": {"country": "us"}},
        "relationshipToPartner": "reseller",
        **fields,
    }


def directory(number: int = 1, **fields: Any) -> dict[str, Any]:
    """Return a companySubscription of Graph, sold by another partner."""
    return {
        "id": f"55555555-0000-4000-8000-{number:012}",
        "commerceSubscriptionId": subscription_id(number),
        "skuId": PRODUCT,
        "skuPartNumber": "SPB",
        "status": "Enabled",
        "isTrial": False,
        "totalLicenses": 25,
        "createdDateTime": "2024-01-01T00:00:00Z",
        "nextLifecycleDateTime": "2027-05-04T00:00:00Z",
        "ownerTenantId": OTHER_PARTNER,
        "serviceStatus": [
            {"servicePlanId": PLAN.upper(), "provisioningStatus": "Disabled", "appliesTo": "User"}
        ],
        **fields,
    }


def sku(**fields: Any) -> dict[str, Any]:
    """Return a subscribedSku of Graph with one subscription."""
    return {
        "id": f"{CUSTOMER}_{PRODUCT}",
        "skuId": PRODUCT,
        "skuPartNumber": "SPB",
        "capabilityStatus": "Enabled",
        "consumedUnits": 14,
        "prepaidUnits": {"enabled": 25, "suspended": 0, "warning": 0, "lockedOut": 0},
        "subscriptionIds": ["55555555-0000-4000-8000-000000000001"],
        "servicePlans": [{"servicePlanId": PLAN, "provisioningStatus": "Success"}],
        **fields,
    }


def collection(*items: Any, **fields: Any) -> dict[str, Any]:
    """Return Partner Center's wrapper, complete unless a field says otherwise."""
    attributes = {"objectType": "Collection"}
    return {"totalCount": len(items), "items": items, "attributes": attributes} | fields


def answer(what: str, *items: Any, **fields: Any) -> dict[str, Any]:
    """Return Graph's wrapper."""
    context = f"https://graph.microsoft.com/v1.0/$metadata#{what}"
    return {"@odata.context": context, "value": items} | fields


def read(value: Any, options: ImportOptions = OWN, *, name: str = "upload") -> Parsed:
    """Read bytes or text as they are, anything else as JSON."""
    if isinstance(value, str):
        value = value.encode()
    content = value if isinstance(value, bytes) else orjson.dumps(value)
    return read_import(content, name=name, options=options)


def subscriptions(parsed: Parsed) -> Sequence[Subscription]:
    """Return the subscriptions of a file's only change of holdings."""
    (change,) = parsed.customer_import.holdings
    return change.subscriptions


def refusal(value: Any, options: ImportOptions = OWN, *, name: str = "upload") -> FileRefused:
    """Return the refusal that reading must end in."""
    try:
        parsed = read(value, options, name=name)
    except FileRefused as refused:
        return refused
    raise AssertionError(f"not refused: {parsed}")


def found(refused: FileRefused) -> set[tuple[str, str]]:
    """Return the code and path of every problem."""
    return {(problem.code, problem.path) for problem in refused.problems}
