"""One bundle holds a whole portfolio: customers, our subscriptions and what Graph adds."""

from typing import Any

import pytest

from formats.problems import Notice
from planner.customers import HoldingsState, Seller
from planner.offers import Segment
from resolvers.records.imports import HoldingsChange
from tests.formats.samples import (
    ANY,
    CUSTOMER,
    OTHER_CUSTOMER,
    PARTNER,
    answer,
    collection,
    customer,
    directory,
    found,
    legacy,
    new_commerce,
    read,
    refusal,
    sku,
    subscription_id,
)

DIRECTORY = "directory/subscriptions"


def bundle(*customers: dict[str, Any]) -> dict[str, Any]:
    return {"customers": list(customers)}


def foreign(**parts: Any) -> HoldingsChange:
    """Return the foreign side of a bundle with one customer."""
    changes = read(bundle(customer(**parts)), ANY).customer_import.holdings
    (change,) = [change for change in changes if change.is_foreign]
    return change


def test_a_bundle_needs_no_customer_named_and_keeps_its_order() -> None:
    one = customer(OTHER_CUSTOMER, segment="education", subscriptions=collection(legacy(1)))
    two = customer(CUSTOMER, subscriptions=collection(), directorySubscriptions=answer(DIRECTORY))
    parsed = read(bundle(one, two), ANY)
    names = [(one.customer_id, one.segment) for one in parsed.customer_import.customers]
    assert names == [(OTHER_CUSTOMER, Segment.EDUCATION), (CUSTOMER, None)]
    sides = [
        (change.customer_id, change.is_foreign, change.state, len(change.subscriptions))
        for change in parsed.customer_import.holdings
    ]
    complete = HoldingsState.COMPLETE
    assert sides == [
        (OTHER_CUSTOMER, False, complete, 1),
        (CUSTOMER, False, complete, 0),
        (CUSTOMER, True, complete, 0),
    ]
    assert (parsed.kind, parsed.rows, parsed.notices) == ("offerpath_bundle", 3, ())


def test_parts_that_are_absent_or_null_change_nothing() -> None:
    for parts in ({}, {"subscriptions": None, "subscribedSkus": None}):
        assert read(bundle(customer() | parts), ANY).customer_import.holdings == ()


def test_the_segment_goes_before_qualifications() -> None:
    row = customer(segment="GOVERNMENT", qualifications=[{"qualification": "Education"}])
    parsed = read(bundle(row), ANY)
    assert parsed.customer_import.customers[0].segment is Segment.GOVERNMENT


def test_ours_in_graph_is_told_by_our_own_list() -> None:
    change = foreign(
        subscriptions=collection(legacy(1)),
        directorySubscriptions=answer(
            DIRECTORY, directory(1), directory(2), directory(3, ownerTenantId=None)
        ),
    )
    sellers = {one.subscription_id: one.seller for one in change.subscriptions}
    assert sellers == {
        subscription_id(2): Seller.ANOTHER_PARTNER,
        subscription_id(3): Seller.ANOTHER_CHANNEL,
    }


def test_a_partial_list_of_ours_leaves_other_sellers_unknown() -> None:
    change = foreign(
        subscriptions=[legacy(1)],
        directorySubscriptions=answer(DIRECTORY, directory(1), directory(2)),
    )
    assert [one.seller for one in change.subscriptions] == [Seller.NOT_KNOWN]


def test_products_add_only_what_the_directory_did_not_tell() -> None:
    same = answer("subscribedSkus", sku())
    change = foreign(directorySubscriptions=answer(DIRECTORY, directory(1)), subscribedSkus=same)
    assert (len(change.subscriptions), change.state) == (1, HoldingsState.COMPLETE)


def test_products_that_the_directory_lacks_make_it_partial() -> None:
    more = sku(subscriptionIds=[subscription_id(8)])
    change = foreign(
        directorySubscriptions=answer(DIRECTORY, directory(1)),
        subscribedSkus=answer("subscribedSkus", more),
    )
    assert [one.seller for one in change.subscriptions][-1] is Seller.NOT_KNOWN
    assert (len(change.subscriptions), change.state) == (2, HoldingsState.PARTIAL)


def test_products_alone_are_partial() -> None:
    assert foreign(subscribedSkus=answer("subscribedSkus", sku())).state is HoldingsState.PARTIAL


def test_every_problem_of_every_customer_is_named() -> None:
    refused = refusal(
        bundle(
            customer(segment="wizards", subscriptions=collection(legacy(1, quantity="1"))),
            customer(
                OTHER_CUSTOMER,
                subscriptions=collection(legacy(1), new_commerce(2)),
                directorySubscriptions=3,
            ),
            customer(),
        ),
        ANY,
    )
    assert found(refused) == {
        ("BAD_SEGMENT", "customers[0].segment"),
        ("WRONG_TYPE", "customers[0].subscriptions.items[0].quantity"),
        ("WRONG_TYPE", "customers[1].directorySubscriptions"),
        ("DUPLICATE_ID", "customers[2].id"),
    }


def test_one_subscription_under_two_customers_is_refused() -> None:
    rows = [
        customer(owner, subscriptions=collection(legacy(1))) for owner in (CUSTOMER, OTHER_CUSTOMER)
    ]
    (problem,) = refusal(bundle(*rows), ANY).problems
    assert problem.path == "customers[1].subscriptions.items[0].id"
    assert "customers[0].subscriptions.items[0].id" in problem.message


def test_unknown_values_are_counted_over_all_customers() -> None:
    rows = [
        customer(CUSTOMER, subscriptions=collection(legacy(1, status="Frozen"))),
        customer(OTHER_CUSTOMER, subscriptions=collection(legacy(2, status="Frozen")), shoe=1),
    ]
    assert set(read(bundle(*rows) | {"version": 1}, ANY).notices) == {
        Notice("UNKNOWN_VALUE", "customers[*].subscriptions.items[*].status", "Frozen", 2),
        Notice("UNKNOWN_FIELD", "customers[*].shoe", "", 1),
        Notice("UNKNOWN_FIELD", "version", "", 1),
    }


@pytest.mark.parametrize("value", [None, {}, 3, "x"])
def test_customers_must_be_a_list(value: object) -> None:
    assert found(refusal({"customers": value}, ANY)) == {("WRONG_TYPE", "customers")}


def test_our_tenant_id_tells_ours_without_our_list() -> None:
    row = customer(directorySubscriptions=answer(DIRECTORY, directory(ownerTenantId=PARTNER)))
    options = type(ANY)(None, ANY.as_of, PARTNER)
    (change,) = read(bundle(row), options).customer_import.holdings
    assert change.subscriptions == ()
