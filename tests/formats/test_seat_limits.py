"""No subscription has more seats than Partner Center lets buy, whatever file tells of it."""

from typing import Any

import pytest

from tests.formats.own.csv_samples import line, text
from tests.formats.samples import (
    ANY,
    OWN,
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
    subscriptions,
)

MOST = 10_000_000
DIRECTORY = "directory/subscriptions"


def _units(**units: int) -> dict[str, Any]:
    return sku(prepaidUnits={"enabled": 0, "suspended": 0, "warning": 0, "lockedOut": 0} | units)


def _tranche(seats: int) -> dict[str, Any]:
    details = [{"quantity": seats, "allowedUntilDateTime": "2026-11-30T10:00:00Z"}]
    return {"refundableQuantity": {"details": details}}


FILES = {
    "Partner Center, legacy": (lambda n: collection(legacy(quantity=n)), "items[0].quantity"),
    "Partner Center, new commerce": (
        lambda n: collection(new_commerce(quantity=n)),
        "items[0].quantity",
    ),
    "the next term": (
        lambda n: collection(new_commerce(scheduledNextTermInstructions={"quantity": n})),
        "items[0].scheduledNextTermInstructions.quantity",
    ),
    "what may be given back": (
        lambda n: collection(new_commerce(**_tranche(n))),
        "items[0].refundableQuantity.details[0].quantity",
    ),
    "Graph, subscriptions": (
        lambda n: answer(DIRECTORY, directory(totalLicenses=n)),
        "value[0].totalLicenses",
    ),
    "Graph, products": (
        lambda n: answer("subscribedSkus", _units(enabled=n)),
        "value[0].prepaidUnits",
    ),
    "Graph, products in several states": (
        lambda n: answer("subscribedSkus", _units(enabled=n - 1, lockedOut=1)),
        "value[0].prepaidUnits",
    ),
}
LINES = {
    "seats": lambda n: line(seats=str(n)),
    "renewal_seats": lambda n: line(renewal_seats=str(n)),
    "reducible": lambda n: line(reducible=f"{n} until 2026-11-08T00:00:00Z"),
}


@pytest.mark.parametrize(("build", "path"), FILES.values(), ids=FILES)
def test_more_seats_than_can_be_bought_refuse_the_file_and_name_the_row(
    build: Any, path: str
) -> None:
    assert len(subscriptions(read(build(MOST), OWN))) == 1
    for too_many in (MOST + 1, 2**31 - 1):
        assert found(refusal(build(too_many), OWN)) == {("OUT_OF_RANGE", path)}


@pytest.mark.parametrize(("column", "build"), LINES.items(), ids=LINES)
def test_of_a_csv_file_the_line_is_named(column: str, build: Any) -> None:
    assert len(subscriptions(read(text(build(MOST)), ANY))) == 1
    refused = refusal(text(line(2), build(MOST + 1)), ANY)
    assert found(refused) == {("OUT_OF_RANGE", column)}
    assert refused.problems[0].line == 3
    assert "10,000,000" in refused.problems[0].message


def test_of_a_bundle_the_customer_is_named() -> None:
    value = {"customers": [customer(subscriptions=collection(legacy(quantity=MOST + 1)))]}
    path = "customers[0].subscriptions.items[0].quantity"
    assert found(refusal(value, ANY)) == {("OUT_OF_RANGE", path)}


def test_units_of_a_product_with_several_subscriptions_are_no_seats_of_one() -> None:
    """Their sum may be more; how many each has is not told by it."""
    both = [subscription_id(1), subscription_id(2)]
    told = subscriptions(
        read(answer("subscribedSkus", _units(enabled=2 * MOST) | {"subscriptionIds": both}))
    )
    assert [one.seats for one in told] == [None, None]
