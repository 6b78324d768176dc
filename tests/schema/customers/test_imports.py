"""Imports store all of a file or nothing, say why, and change what is answered next."""

from typing import Any

import orjson
import pytest

from tests.formats import samples
from tests.schema.api import BUSINESS_BASIC, NEW_BASIC, Api
from tests.schema.api import MAX_IMPORT_BYTES as MOST

IMPORT = """
mutation Import($file: ImportFileInput!) {
  importCustomers(file: $file) {
    __typename
    ... on CustomersImported {
      kind rows customersAdded customersChanged customersUnchanged
      subscriptionsStored subscriptionsRemoved notices { code path value count }
    }
    ... on ImportRefused { code message remedy problems { code line path } problemsLeftOut }
    ... on CustomerNotFound { code customerId }
  }
}
"""
STATE = """
query State($id: String!) {
  customer(customerId: $id) {
    ... on Customer {
      name market
      ownHoldings { state asOf count } foreignHoldings { state asOf count }
      subscriptions { edges { node {
        subscriptionId seats state
        options { ... on OptionConnection { totalCount edges { node { target { catalogId } } } } }
        blockers(target: "CFQ7TTC0LH18:0001") {
          ... on Option { readiness unanswered { rule } blockers { code } }
        }
      } } }
      foreign: subscriptions(foreign: true) { totalCount }
    }
    ... on CustomerNotFound { code }
  }
}
"""
CUSTOMER = samples.CUSTOMER


async def _import(api: Api, content: Any, **given: Any) -> Any:
    text = content if isinstance(content, str) else orjson.dumps(content).decode()
    return (await api.ask(IMPORT, file={"content": text, **given}))["importCustomers"]


async def _state(api: Api) -> Any:
    return (await api.ask(STATE, id=CUSTOMER))["customer"]


def _basic(number: int = 1, **fields: Any) -> dict[str, Any]:
    return samples.legacy(number, offerId=BUSINESS_BASIC) | {"quantity": 12} | fields


async def test_a_customer_its_subscriptions_and_what_others_sold_build_up_the_answer(
    partner: Api,
) -> None:
    assert await _state(partner) == {"code": "CUSTOMER_NOT_FOUND"}

    customers = await _import(partner, samples.collection(samples.customer()))
    assert (customers["kind"], customers["customersAdded"]) == ("partner_center_customers", 1)
    state = await _state(partner)
    assert (state["name"], state["market"]) == ("Contoso", "US")
    assert state["ownHoldings"] == {"state": "NOT_LOADED", "asOf": None, "count": 0}

    own = await _import(partner, samples.collection(_basic()), customerId=CUSTOMER)
    assert (own["kind"], own["subscriptionsStored"]) == ("partner_center_subscriptions", 1)
    state = await _state(partner)
    assert state["ownHoldings"] == {
        "state": "COMPLETE",
        "asOf": "2026-11-23T09:30:00Z",
        "count": 1,
    }
    assert state["foreignHoldings"]["state"] == "NOT_LOADED"
    (held,) = [edge["node"] for edge in state["subscriptions"]["edges"]]
    assert held["seats"] == 12
    targets = [edge["node"]["target"]["catalogId"] for edge in held["options"]["edges"]]
    assert NEW_BASIC in targets

    graph = samples.answer("directory/subscriptions", samples.directory(2))
    foreign = await _import(partner, graph, customerId=CUSTOMER, asOf="2026-11-20")
    assert foreign["kind"] == "graph_directory_subscriptions"
    state = await _state(partner)
    assert state["foreignHoldings"] == {
        "state": "COMPLETE",
        "asOf": "2026-11-20T00:00:00Z",
        "count": 1,
    }
    assert state["foreign"] == {"totalCount": 1}


async def test_a_later_import_changes_blockers_and_options(partner: Api) -> None:
    await _import(partner, samples.collection(samples.customer()))
    await _import(partner, samples.collection(_basic()), customerId=CUSTOMER)
    (edge,) = (await _state(partner))["subscriptions"]["edges"]
    assert edge["node"]["options"]["totalCount"] > 2
    codes = [blocker["code"] for blocker in edge["node"]["blockers"]["blockers"]]
    assert "SUBSCRIPTION_NOT_ACTIVE" not in codes

    disabled = _basic(status="disabled", quantity=3)
    again = await _import(partner, samples.collection(disabled), customerId=CUSTOMER)
    assert (again["subscriptionsStored"], again["subscriptionsRemoved"]) == (1, 0)
    (edge,) = (await _state(partner))["subscriptions"]["edges"]
    assert (edge["node"]["seats"], edge["node"]["state"]) == (3, "DISABLED")
    assert edge["node"]["blockers"]["readiness"] == "BLOCKED"
    codes = [blocker["code"] for blocker in edge["node"]["blockers"]["blockers"]]
    assert "SUBSCRIPTION_NOT_ACTIVE" in codes

    none = await _import(partner, samples.collection(), customerId=CUSTOMER)
    assert (none["subscriptionsStored"], none["subscriptionsRemoved"]) == (0, 1)
    assert (await _state(partner))["ownHoldings"]["count"] == 0


async def test_the_same_file_twice_changes_nothing(partner: Api) -> None:
    bundle = {"customers": [{**samples.customer(), "subscriptions": [_basic()]}]}
    first = await _import(partner, bundle)
    assert (first["customersAdded"], first["rows"]) == (1, 2)
    before = await _state(partner)
    second = await _import(partner, bundle)
    assert (second["customersAdded"], second["customersUnchanged"]) == (0, 1)
    assert await _state(partner) == before


async def test_a_partial_list_is_told_from_a_whole_one(partner: Api) -> None:
    await _import(partner, samples.collection(samples.customer()))
    await _import(partner, samples.collection(_basic()), customerId=CUSTOMER, isComplete=False)
    assert (await _state(partner))["ownHoldings"]["state"] == "PARTIAL"


async def test_one_bad_row_in_a_thousand_is_named_and_nothing_is_stored(partner: Api) -> None:
    rows = [
        f"{number:08x}-0000-4000-8000-00000000000a,Customer {number},US" for number in range(999)
    ]
    rows.insert(500, "nonsense,Nobody,US")
    refused = await _import(
        partner, "\n".join(["customer_id,name,market", *rows]), name="customers.csv"
    )
    assert (refused["__typename"], refused["code"]) == ("ImportRefused", "BAD_ROWS")
    assert refused["problems"] == [{"code": "BAD_ID", "line": 502, "path": "customer_id"}]
    page = await partner.ask("{ customers { totalCount } }")
    assert page["customers"]["totalCount"] == 0


async def test_every_bad_row_is_named_up_to_a_thousand(partner: Api) -> None:
    rows = [f"nonsense {number},Nobody" for number in range(1500)]
    refused = await _import(partner, "\n".join(["customer_id,name", *rows]), name="c.csv")
    lines = [problem["line"] for problem in refused["problems"]]
    assert lines == list(range(2, 1002))
    assert refused["problemsLeftOut"] == 500


async def test_a_bad_row_among_holdings_keeps_the_holdings_of_before(partner: Api) -> None:
    await _import(partner, samples.collection(samples.customer()))
    await _import(partner, samples.collection(_basic()), customerId=CUSTOMER)
    before = await _state(partner)
    bad = samples.collection(_basic(2), _basic(3, quantity=-1))
    refused = await _import(partner, bad, customerId=CUSTOMER)
    assert refused["problems"] == [
        {"code": "OUT_OF_RANGE", "line": None, "path": "items[1].quantity"}
    ]
    assert await _state(partner) == before


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        ('{"items": [', "a.json", "NOT_JSON"),
        ("[" * 100_000, "a.json", "NOT_JSON"),
        ('{"items": ["\\ud800"]}', "a.json", "NOT_JSON"),
        ("", "a.json", "EMPTY_FILE"),
        ("customer_id,name\n", "a.csv", "EMPTY_FILE"),
        ("hello", "a.bin", "NOT_A_KNOWN_SHAPE"),
        ("{}", "a.json", "NOT_A_KNOWN_SHAPE"),
        ("name\nContoso\n", "a.csv", "WRONG_HEADER"),
        ("x" * (MOST + 1), "a.csv", "FILE_TOO_LARGE"),
        ("customer_id,name\n%s,A\0B\n" % CUSTOMER, "a.csv", "BAD_ROWS"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused(
    partner: Api, content: str, name: str, code: str
) -> None:
    refused = await _import(partner, content, name=name)
    assert (refused["__typename"], refused["code"]) == ("ImportRefused", code)
    assert refused["remedy"]


async def test_subscriptions_of_nobody_known_are_an_outcome(partner: Api) -> None:
    told = {"__typename": "CustomerNotFound", "code": "CUSTOMER_NOT_FOUND", "customerId": CUSTOMER}
    mine = samples.collection(_basic())
    assert await _import(partner, mine, customerId=CUSTOMER) == told
    unnamed = await _import(partner, samples.collection(_basic()))
    assert unnamed["code"] == "CUSTOMER_NEEDED"


async def test_a_status_nobody_knows_is_kept_and_told(partner: Api) -> None:
    await _import(partner, samples.collection(samples.customer()))
    odd = await _import(
        partner, samples.collection(_basic(status="underReview")), customerId=CUSTOMER
    )
    assert [notice["value"] for notice in odd["notices"]] == ["underReview"]
    (edge,) = (await _state(partner))["subscriptions"]["edges"]
    assert edge["node"]["state"] == "UNRECOGNIZED"


async def test_older_holdings_never_hide_newer_ones(partner: Api) -> None:
    await _import(partner, samples.collection(samples.customer()))
    await _import(partner, samples.collection(_basic()), customerId=CUSTOMER, asOf="2026-03-01")
    before = await _state(partner)
    older = samples.collection()
    refused = await _import(partner, older, customerId=CUSTOMER, asOf="2026-02-28")
    assert (refused["code"], len(refused["problems"])) == ("OLDER_THAN_STORED", 1)
    assert await _state(partner) == before
    same = await _import(
        partner, samples.collection(_basic()), customerId=CUSTOMER, asOf="2026-03-01"
    )
    assert same["__typename"] == "CustomersImported"


async def test_what_another_customer_has_is_refused_and_says_who(partner: Api) -> None:
    other = samples.OTHER_CUSTOMER
    both = samples.collection(samples.customer(), samples.customer(other))
    await _import(partner, both)
    await _import(partner, samples.collection(_basic()), customerId=CUSTOMER)
    file = {
        "content": orjson.dumps(samples.collection(_basic(), _basic(2))).decode(),
        "customerId": other,
    }
    named = IMPORT.replace("problems { code", "problems { message code")
    refused = (await partner.ask(named, file=file))["importCustomers"]
    assert refused["code"] == "HELD_BY_ANOTHER_CUSTOMER"
    (problem,) = refused["problems"]
    assert samples.subscription_id(1) in problem["message"]
    assert f"Contoso ({CUSTOMER})" in problem["message"]
    await _import(partner, samples.collection(), customerId=CUSTOMER)
    taken = await _import(partner, samples.collection(_basic(), _basic(2)), customerId=other)
    assert taken["subscriptionsStored"] == 2


async def test_nothing_is_known_of_the_future(partner: Api) -> None:
    given = {"content": "{}", "customerId": CUSTOMER, "asOf": "2099-01-01"}
    assert await partner.refused(IMPORT, file=given) == "AS_OF_IN_THE_FUTURE"


@pytest.mark.parametrize("literal", [True, False])
async def test_a_wrong_instant_is_told_without_the_name_of_another_argument(
    partner: Api, literal: bool
) -> None:
    """Whatever argument it is given to: GraphQL reads it before it knows which."""
    told = '"soon"' if literal else "$asOf"
    question = "" if literal else "($asOf: Instant)"
    query = 'mutation%s { importCustomers(file: {content: "", asOf: %s}) { __typename } }'
    answer = (await partner.post(query % (question, told), {"asOf": "soon"})).json()
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_DATE"
    assert "'soon' is no date or instant" in error["message"]
    assert "`at`" not in error["message"]
    assert error["extensions"]["parameters"] == {"given": "soon"}
