"""The API tells whom a move concerns, page by page, and says where it does not know."""

import base64
from typing import Any

import orjson
import pytest

from db.pool import Database
from formats.sample.portfolio import sample_customers
from tests.schema.api import BUSINESS_BASIC, LEGACY_E3, NEW_E1, Api

IDS = {one.name.removesuffix(" (sample)"): one.customer_id for one in sample_customers()}
FIELDS = """__typename ... on AffectedAccounts {
  subscriptionId handling source state holders unknown target { catalogId }
  counts { kind accounts } general { kind message }
  accounts(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node {
      account { principalName displayName usageLocation isEnabled licenses { product assignedBy } }
      work { kind severity message source plans { name } groupIds }
    } }
  }
} ... on OfferNotFound { code }"""
QUESTION = """query(
  $id: String!, $target: String, $mode: Mode!, $first: Int! = 50, $after: String
) {
  customer(customerId: $id) { ... on Customer {
    accounts { state asOf count }
    subscriptions { edges { node {
      catalogId affectedAccounts(target: $target, mode: $mode) { %s }
    } } }
  } }
}"""


async def told(
    api: Api, name: str, *, offer: str | None = None, mode: str = "", **variables: Any
) -> Any:
    """Return the answer for the customer's one subscription, or for that of an offer."""
    question = QUESTION % FIELDS
    asked = {"id": IDS[name], "mode": mode or "WITHOUT_LICENSE_TRANSFER"} | variables
    customer = (await api.ask(question, **asked))["customer"]
    held = [edge["node"] for edge in customer["subscriptions"]["edges"]]
    (one,) = [each for each in held if offer in (None, each["catalogId"])]
    return one["affectedAccounts"] | {"of": customer["accounts"]}


def by_name(answer: Any) -> dict[str, set[str]]:
    return {
        edge["node"]["account"]["displayName"]: {work["kind"] for work in edge["node"]["work"]}
        for edge in answer["accounts"]["edges"]
    }


async def test_users_are_named_with_what_each_needs(sample: Api) -> None:
    answer = await told(sample, "Northgate Travel", offer=BUSINESS_BASIC, target=LEGACY_E3)
    assert (answer["handling"], answer["state"], answer["holders"]) == ("BY_HAND", "COMPLETE", 4)
    assert answer["of"] == {"state": "COMPLETE", "asOf": "2026-11-01T00:00:00Z", "count": 5}
    kinds = by_name(answer)
    assert set(kinds) == {"Booking desk 1", "Booking desk 2", "Lobby screen", "Night shift phone"}
    assert "GRANTED_TWICE" in kinds["Booking desk 1"]
    assert "NO_USAGE_LOCATION" in kinds["Lobby screen"]
    assert "GROUP_ASSIGNED" in kinds["Night shift phone"]
    assert "REASSIGN_BY_HAND" not in kinds["Night shift phone"]
    counts = {one["kind"]: one["accounts"] for one in answer["counts"]}
    assert counts["REASSIGN_BY_HAND"] == 3
    assert answer["target"] == {"catalogId": LEGACY_E3}


async def test_with_licence_transfer_services_are_switched_on_again(sample: Api) -> None:
    answer = await told(
        sample,
        "Northgate Travel",
        offer=BUSINESS_BASIC,
        target=LEGACY_E3,
        mode="WITH_LICENSE_TRANSFER",
    )
    assert answer["handling"] == "AUTOMATIC"
    assert "REASSIGN_BY_HAND" not in {one["kind"] for one in answer["counts"]}


async def test_a_target_of_another_seller_is_reassigned_by_hand(sample: Api) -> None:
    answer = await told(sample, "Zephyr Windows", target=NEW_E1)
    assert (answer["handling"], answer["source"]) == (
        "BY_HAND",
        "docs/sources.md 2 (target from another seller)",
    )
    assert by_name(answer)["Delivery van 7"] == {"ASSIGNMENT_ERROR"}


async def test_accounts_that_are_not_loaded_are_not_none(sample: Api) -> None:
    answer = await told(sample, "Alder Dental")
    assert answer["of"] == {"state": "NOT_LOADED", "asOf": None, "count": None}
    assert (answer["state"], answer["holders"]) == ("NOT_LOADED", None)
    assert "accounts" in answer["unknown"]
    partial = await told(sample, "Redwood Insurance")
    assert (partial["state"], partial["of"]["count"]) == ("PARTIAL", 1)


PAGE = """query($id: ID!, $target: String, $first: Int! = 50, $after: String) {
  node(id: $id) { ... on Subscription { affectedAccounts(target: $target) { %s } } }
}"""


async def test_pages_hold_all_once_in_order_and_name_nobody_in_their_cursors(sample: Api) -> None:
    held = await sample.ask(
        "query($id: String!) { customer(customerId: $id) { ... on Customer "
        "{ subscriptions { edges { node { id catalogId } } } } } }",
        id=IDS["Northgate Travel"],
    )
    (one,) = (
        edge["node"]["id"]
        for edge in held["customer"]["subscriptions"]["edges"]
        if edge["node"]["catalogId"] == BUSINESS_BASIC
    )

    async def page(**variables: Any) -> Any:
        found = await sample.ask(PAGE % FIELDS, id=one, target=LEGACY_E3, **variables)
        return found["node"]["affectedAccounts"]

    whole = list(by_name(await page()))
    names: list[str] = []
    after = None
    for left in (3, 2, 1, 0):
        found = await page(first=1, after=after)
        names += list(by_name(found))
        after = found["accounts"]["pageInfo"]["endCursor"]
        assert found["accounts"]["totalCount"] == 4
        assert found["accounts"]["pageInfo"]["hasNextPage"] is (left > 0)
        assert b"northgate" not in base64.urlsafe_b64decode(after)
    assert names == whole


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"first": 0}, "FIRST_OUT_OF_RANGE"),
        ({"after": "WyJ4Il0="}, "BAD_CURSOR"),
        ({"after": "WyJhZmZlY3RlZCIsIm5vYm9keSJd"}, "BAD_CURSOR"),
        ({"target": "e3"}, "MALFORMED_ID"),
    ],
)
async def test_bad_input_is_refused(sample: Api, variables: dict[str, Any], code: str) -> None:
    asked = {"id": IDS["Zephyr Windows"], "mode": "WITHOUT_LICENSE_TRANSFER", "target": NEW_E1}
    assert await sample.refused(QUESTION % FIELDS, **asked | variables) == code


async def test_an_offer_that_the_catalog_does_not_have_is_not_found(sample: Api) -> None:
    nobody = "11111111-1111-4111-8111-111111111111"
    answer = await told(sample, "Zephyr Windows", target=nobody)
    assert (answer["__typename"], answer["code"]) == ("OfferNotFound", "OFFER_NOT_FOUND")


IMPORT = """mutation($file: ImportFileInput!) { importCustomers(file: $file) {
  ... on CustomersImported { kind rows accountsStored accountsRemoved }
  ... on ImportRefused { code problems { code } } ... on CustomerNotFound { code }
} }"""
CUSTOMER = "11111111-0000-4000-8000-000000000001"


def users(*names: str) -> str:
    rows = [
        {
            "id": f"77777777-0000-4000-8000-{index:012}",
            "userPrincipalName": name,
            "assignedLicenses": [],
        }
        for index, name in enumerate(names)
    ]
    return orjson.dumps({"@odata.context": "x#users", "value": rows}).decode()


async def put(api: Api, content: str, **file: Any) -> Any:
    return (await api.ask(IMPORT, file={"content": content} | file))["importCustomers"]


async def test_users_are_imported_replaced_and_deleted(partner: Api) -> None:
    missing = await put(partner, users("a@x.test"), customerId=CUSTOMER)
    assert missing == {"code": "CUSTOMER_NOT_FOUND"}
    await put(partner, f"customer_id,name\n{CUSTOMER},Contoso\n", name="customers.csv")
    first = await put(partner, users("a@x.test", "b@x.test"), customerId=CUSTOMER)
    assert first == {"kind": "graph_users", "rows": 2, "accountsStored": 2, "accountsRemoved": 0}
    older = await put(partner, users(), customerId=CUSTOMER, asOf="2020-01-01")
    assert (older["code"], older["problems"]) == (
        "OLDER_THAN_STORED",
        [{"code": "OLDER_THAN_STORED"}],
    )
    gone = await put(partner, users(), customerId=CUSTOMER)
    assert (gone["accountsStored"], gone["accountsRemoved"]) == (0, 2)


async def test_many_subscriptions_cost_as_many_statements_as_one(
    sample: Api, api_database: Database
) -> None:
    await sample.ask("{ catalog { label } }")
    costs = set()
    for first in (5, 40):
        before = api_database.statements
        await sample.ask(
            "query($first: Int!) { customers(first: $first) { edges { node { accounts { count } "
            "subscriptions { edges { node { affectedAccounts { ... on AffectedAccounts "
            "{ holders } } } } } } } } }",
            first=first,
        )
        costs.add(api_database.statements - before)
    assert len(costs) == 1
