"""Terms, promotions and agreements come through the API as they were imported."""

from typing import Any

import pytest

from formats.sample.portfolio import sample_customers
from tests.schema.api import Api

IDS = {one.name.removesuffix(" (sample)"): one.customer_id for one in sample_customers()}
QUESTION = """query($id: String!) { customer(customerId: $id) { ... on Customer {
  agreement delegatedAdmin
  subscriptions { edges { node {
    seats starts promotionId promotionEnds cancellableUntil reducible { seats until }
    renewal { catalogId term billingCycle seats customEnd }
    cancelsAtEnd partnerOfRecord migratedFrom
  } } }
} } }"""


async def told(api: Api, name: str) -> Any:
    return (await api.ask(QUESTION, id=IDS[name]))["customer"]


async def held(api: Api, name: str) -> list[Any]:
    return [edge["node"] for edge in (await told(api, name))["subscriptions"]["edges"]]


@pytest.mark.parametrize(
    ("name", "agreement", "delegated_admin"),
    [
        ("Alder Dental", "YES", "YES"),
        ("Unsigned Agreement Farm", "NO", "YES"),
        ("No Delegation Kayaks", "UNKNOWN", "NO"),
        ("Long Overdue Archive", "YES", "UNKNOWN"),
    ],
)
async def test_a_customer_tells_its_agreement_and_administration(
    sample: Api, name: str, agreement: str, delegated_admin: str
) -> None:
    customer = await told(sample, name)
    assert (customer["agreement"], customer["delegatedAdmin"]) == (agreement, delegated_admin)


async def test_pages_of_customers_tell_them_too(sample: Api) -> None:
    page = await sample.ask(
        '{ customers(text: "Unsigned") { edges { node { agreement delegatedAdmin } } } }'
    )
    (edge,) = page["customers"]["edges"]
    assert edge["node"] == {"agreement": "NO", "delegatedAdmin": "YES"}


async def test_a_legacy_promotion_is_told_and_the_rest_is_null(sample: Api) -> None:
    assert await held(sample, "March Promotion Studio") == [
        {
            "seats": 16,
            "starts": "2026-04-10T00:00:00Z",
            "promotionId": "39NFJQT1SAMP:0001:39NFJQT1SAMQ",
            "promotionEnds": "2027-03-31",
            "cancellableUntil": None,
            "reducible": None,
            "renewal": None,
            "cancelsAtEnd": None,
            "partnerOfRecord": "4567890",
            "migratedFrom": None,
        }
    ]


async def test_seats_that_may_be_given_back_come_by_tranche(sample: Api) -> None:
    (one,) = await held(sample, "Fresh Purchase Bikes")
    assert one["cancellableUntil"] == "2026-11-02T00:00:00Z"
    assert one["reducible"] == [
        {"seats": 15, "until": "2026-11-02T00:00:00Z"},
        {"seats": 5, "until": "2026-11-05T00:00:00Z"},
    ]
    (old,) = await held(sample, "Alder Dental")
    assert old["reducible"] == []


async def test_what_is_scheduled_for_the_next_renewal_is_told(sample: Api) -> None:
    by_seats = {one["seats"]: one for one in await held(sample, "Planned Renewal Bank")}
    assert by_seats[90]["renewal"] == {
        "catalogId": "CFQ7TTC0LDPB:0001",
        "term": "P1Y",
        "billingCycle": "annual",
        "seats": 80,
        "customEnd": "2027-12-31",
    }
    assert {seats: one["cancelsAtEnd"] for seats, one in by_seats.items()} == {
        90: False,
        15: True,
        40: False,
    }
    assert by_seats[40]["migratedFrom"] is not None
    assert by_seats[15]["migratedFrom"] is None
