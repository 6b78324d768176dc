"""Graph's answers become foreign holdings, and say whose they are only where that is known."""

from datetime import date
from typing import Any

import pytest

from formats.detect import ImportOptions
from formats.problems import Notice
from planner.customers import HoldingsState, Seller, SubscriptionState
from planner.ids import ServicePlanId
from tests.formats.samples import (
    ANY,
    AS_OF,
    CUSTOMER,
    OTHER_CUSTOMER,
    OTHER_PARTNER,
    OWN,
    PARTNER,
    PLAN,
    PRODUCT,
    WITH_PARTNER,
    answer,
    directory,
    found,
    read,
    refusal,
    sku,
    subscription_id,
    subscriptions,
)

DIRECTORY = "directory/subscriptions"


def test_a_directory_subscription_is_read_whole() -> None:
    parsed = read(answer(DIRECTORY, directory()), WITH_PARTNER)
    (one,) = subscriptions(parsed)
    assert (one.subscription_id, one.seller) == (subscription_id(1), Seller.ANOTHER_PARTNER)
    assert (one.catalog_id, one.product_guid, one.title) == (None, PRODUCT, "SPB")
    assert (one.seats, one.is_trial, one.term) == (25, False, None)
    assert one.seller_tenant_id == OTHER_PARTNER
    assert parsed.kind == "graph_directory_subscriptions"
    assert parsed.notices == ()


def test_service_plans_count_whatever_their_provisioning() -> None:
    (one,) = subscriptions(read(answer(DIRECTORY, directory()), WITH_PARTNER))
    assert one.service_plan_ids == frozenset({ServicePlanId(PLAN)})


def test_service_plans_that_are_not_listed_are_not_none() -> None:
    (one,) = subscriptions(read(answer(DIRECTORY, directory(serviceStatus=None)), OWN))
    assert one.service_plan_ids is None


@pytest.mark.parametrize(
    ("owner", "seller"),
    [
        (None, Seller.ANOTHER_CHANNEL),
        (CUSTOMER.upper(), Seller.ANOTHER_CHANNEL),
        (OTHER_PARTNER, Seller.ANOTHER_PARTNER),
    ],
)
def test_the_owner_tells_the_seller_where_we_know_ourselves(owner: Any, seller: Seller) -> None:
    row = directory(ownerTenantId=owner)
    assert subscriptions(read(answer(DIRECTORY, row), WITH_PARTNER))[0].seller is seller
    assert subscriptions(read(answer(DIRECTORY, row), OWN))[0].seller is Seller.NOT_KNOWN


def test_ours_is_left_out_and_counted() -> None:
    rows = [directory(1, ownerTenantId=PARTNER.upper()), directory(2)]
    parsed = read(answer(DIRECTORY, *rows), WITH_PARTNER)
    assert [one.subscription_id for one in subscriptions(parsed)] == [subscription_id(2)]
    assert parsed.notices == (Notice("OURS_LEFT_OUT", "value[*]", "", 1),)


def test_ours_without_commerce_id_stays_and_is_called_ours() -> None:
    row = directory(ownerTenantId=PARTNER, commerceSubscriptionId=None)
    (one,) = subscriptions(read(answer(DIRECTORY, row), WITH_PARTNER))
    assert (one.seller, one.subscription_id) == (Seller.US, row["id"])


def test_a_commerce_id_that_is_no_guid_gives_way_to_the_directorys_id() -> None:
    row = directory(commerceSubscriptionId="EA-12345")
    parsed = read(answer(DIRECTORY, row), WITH_PARTNER)
    assert subscriptions(parsed)[0].subscription_id == row["id"]
    assert [notice.code for notice in parsed.notices] == ["NOT_A_GUID"]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Enabled", SubscriptionState.ACTIVE),
        ("Warning", SubscriptionState.EXPIRED),
        ("Suspended", SubscriptionState.SUSPENDED),
        ("Deleted", SubscriptionState.DELETED),
        ("LockedOut", SubscriptionState.DISABLED),
    ],
)
def test_statuses_of_graph_become_states(status: str, state: SubscriptionState) -> None:
    (one,) = subscriptions(read(answer(DIRECTORY, directory(status=status))))
    assert (one.state, one.state_as_given) == (state, status)
    (one,) = subscriptions(read(answer("subscribedSkus", sku(capabilityStatus=status))))
    assert one.state is state


def test_an_unknown_status_and_field_are_kept_and_reported() -> None:
    parsed = read(answer(DIRECTORY, directory(status="Frozen", mood="blue")))
    assert subscriptions(parsed)[0].state is SubscriptionState.UNRECOGNIZED
    assert set(parsed.notices) == {
        Notice("UNKNOWN_VALUE", "value[*].status", "Frozen", 1),
        Notice("UNKNOWN_FIELD", "value[*].mood", "", 1),
    }


@pytest.mark.parametrize(
    ("status", "end", "last_day"),
    [
        ("Enabled", "2027-05-04T00:00:00Z", date(2027, 5, 3)),
        ("Enabled", "2027-05-03T23:59:59Z", date(2027, 5, 3)),
        ("Enabled", "9999-12-31T23:59:59Z", None),
        ("Enabled", None, None),
        ("Warning", "2027-05-04T00:00:00Z", None),
    ],
)
def test_the_last_day_is_the_day_before_an_active_one_changes(
    status: str, end: str | None, last_day: date | None
) -> None:
    row = directory(status=status, nextLifecycleDateTime=end)
    assert subscriptions(read(answer(DIRECTORY, row)))[0].last_day == last_day


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (answer(DIRECTORY, directory()), HoldingsState.COMPLETE),
        (answer(DIRECTORY), HoldingsState.COMPLETE),
        (answer("subscriptions", directory()), HoldingsState.COMPLETE),
        ({"value": [directory()]}, HoldingsState.COMPLETE),
        (answer(DIRECTORY, directory()) | {"@odata.nextLink": "x"}, HoldingsState.PARTIAL),
        ([directory()], HoldingsState.PARTIAL),
        (directory(), HoldingsState.PARTIAL),
        (answer("subscribedSkus", sku()), HoldingsState.PARTIAL),
        (answer("subscribedSkus(skuId,id)", sku()), HoldingsState.PARTIAL),
        ([sku()], HoldingsState.PARTIAL),
    ],
)
def test_only_a_last_page_of_the_directory_is_complete(value: Any, state: HoldingsState) -> None:
    (change,) = read(value).customer_import.holdings
    assert (change.state, change.is_foreign) == (state, True)


def test_products_stay_partial_whatever_the_importer_says() -> None:
    options = ImportOptions(CUSTOMER, AS_OF, PARTNER, is_complete=True)
    (change,) = read(answer("subscribedSkus", sku()), options).customer_import.holdings
    assert change.state is HoldingsState.PARTIAL


def test_a_product_with_one_subscription_has_its_seats() -> None:
    parsed = read(answer("subscribedSkus", sku()), WITH_PARTNER)
    (one,) = subscriptions(parsed)
    assert (one.seller, one.seats, one.product_guid) == (Seller.NOT_KNOWN, 25, PRODUCT)
    assert one.service_plan_ids == frozenset({ServicePlanId(PLAN)})
    assert parsed.notices == ()


def test_a_product_with_several_subscriptions_does_not_tell_their_seats() -> None:
    ids = [subscription_id(2), subscription_id(1)]
    parsed = read(answer("subscribedSkus", sku(subscriptionIds=ids)))
    told = [(one.subscription_id, one.seats) for one in subscriptions(parsed)]
    assert told == [(subscription_id(1), None), (subscription_id(2), None)]


def test_a_product_without_subscriptions_has_an_id_of_its_own_per_customer() -> None:
    row = sku(subscriptionIds=[], id=None)
    first, again = (subscriptions(read([row]))[0].subscription_id for _ in range(2))
    other = subscriptions(read([row], ImportOptions(OTHER_CUSTOMER, AS_OF)))[0].subscription_id
    assert first == again != other


def test_a_product_of_another_tenant_is_refused() -> None:
    refused = refusal(answer("subscribedSkus", sku(id=f"{OTHER_CUSTOMER}_{PRODUCT}")))
    assert found(refused) == {("OTHER_CUSTOMER", "value[0].id")}


def test_graph_needs_a_customer_too() -> None:
    assert refusal(answer(DIRECTORY, directory()), ANY).code == "CUSTOMER_NEEDED"


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"skuId": None}, "WRONG_TYPE", "skuId"),
        ({"totalLicenses": "25"}, "WRONG_TYPE", "totalLicenses"),
        ({"totalLicenses": -1}, "OUT_OF_RANGE", "totalLicenses"),
        ({"totalLicenses": 10**12}, "OUT_OF_RANGE", "totalLicenses"),
        ({"createdDateTime": "yesterday"}, "BAD_DATE", "createdDateTime"),
        ({"id": None, "commerceSubscriptionId": None}, "MISSING", "id"),
        ({"serviceStatus": [{}]}, "MISSING", "serviceStatus[0].servicePlanId"),
        ({"serviceStatus": "none"}, "WRONG_TYPE", "serviceStatus"),
        ({"commerceSubscriptionId": subscription_id(9)}, "DUPLICATE_ID", ""),
    ],
)
def test_a_bad_field_is_a_problem_with_its_place(
    fields: dict[str, Any], code: str, path: str
) -> None:
    refused = refusal(answer(DIRECTORY, directory(9), directory(**fields)))
    assert found(refused) == {(code, f"value[1].{path}".rstrip("."))}
