"""Partner Center's JSON becomes customers and our subscriptions, or every problem it has."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from formats.detect import ImportOptions
from formats.problems import MAX_PROBLEMS, Notice
from planner.customers import HoldingsState, Seller, Subscription, SubscriptionState
from planner.ids import CatalogId
from tests.formats.samples import (
    ANY,
    AS_OF,
    CUSTOMER,
    OTHER_CUSTOMER,
    collection,
    found,
    legacy,
    new_commerce,
    read,
    refusal,
    subscription_id,
    subscriptions,
)


def test_a_legacy_subscription_is_read_whole() -> None:
    (one,) = subscriptions(read(collection(legacy())))
    assert one == Subscription(
        subscription_id=subscription_id(1),
        seller=Seller.US,
        state=SubscriptionState.ACTIVE,
        state_as_given="active",
        catalog_id=CatalogId("AAAAAAAA-0000-4000-8000-000000000001"),
        title="Microsoft 365 Business Standard",
        friendly_name="Contoso BS",
        seats=42,
        is_trial=False,
        term="P1Y",
        billing_cycle="monthly",
        created=datetime(2023, 5, 4, 10, 0, 0, 123456, tzinfo=UTC),
        starts=datetime(2023, 5, 4, tzinfo=UTC),
        last_day=date(2027, 5, 3),
        auto_renews=True,
    )


def test_a_new_commerce_offer_drops_its_availability_and_keeps_its_promotion() -> None:
    (one,) = subscriptions(read(collection(new_commerce())))
    assert (one.catalog_id, one.promotion_id) == ("CFQ7TTC0LH18:0001", "39NFJQT1XXXX:0001:39NF")


def test_the_legacy_end_is_exclusive_and_the_new_commerce_end_inclusive() -> None:
    end = {"commitmentEndDate": "2027-03-01T00:00:00Z", "commitmentEndDateTime": None}
    old, new = subscriptions(read(collection(legacy(1, **end), new_commerce(2, **end))))
    assert (old.last_day, new.last_day) == (date(2027, 2, 28), date(2027, 3, 1))


@pytest.mark.parametrize("make", [legacy, new_commerce])
@pytest.mark.parametrize("end", ["9999-12-10T00:00:00Z", "9999-12-31T23:59:59-05:00", None])
def test_a_far_future_end_is_no_end_and_no_news(make: Any, end: str | None) -> None:
    row = make(commitmentEndDate=end, commitmentEndDateTime=end)
    parsed = read(collection(row))
    assert subscriptions(parsed)[0].last_day is None
    assert parsed.notices == ()


def test_the_unset_date_of_dotnet_is_not_known() -> None:
    row = legacy(creationDate="0001-01-01T00:00:00", commitmentEndDate="0001-01-01T00:00:00Z")
    (one,) = subscriptions(read(collection(row)))
    assert (one.created, one.last_day) == (None, None)


def test_the_end_with_time_serves_where_the_other_is_missing() -> None:
    parsed = read(collection(new_commerce(commitmentEndDate=None)))
    assert subscriptions(parsed)[0].last_day == date(2027, 5, 3)


def test_two_ends_that_disagree_are_noted_and_the_first_holds() -> None:
    parsed = read(collection(new_commerce(commitmentEndDateTime="2027-06-03T00:00:00Z")))
    assert subscriptions(parsed)[0].last_day == date(2027, 5, 3)
    assert [notice.code for notice in parsed.notices] == ["END_DATES_DISAGREE"]


def test_unknown_values_and_fields_are_kept_and_reported_once_each() -> None:
    rows = [
        legacy(n, status="Frozen", billingCycle="weekly", termDuration="P5Y", shoeSize=n)
        for n in (1, 2)
    ]
    parsed = read(collection(*rows))
    one = subscriptions(parsed)[0]
    assert (one.state, one.state_as_given) == (SubscriptionState.UNRECOGNIZED, "Frozen")
    assert (one.billing_cycle, one.term) == ("weekly", "P5Y")
    assert set(parsed.notices) == {
        Notice("UNKNOWN_FIELD", "items[*].shoeSize", "", 2),
        Notice("UNKNOWN_VALUE", "items[*].billingCycle", "weekly", 2),
        Notice("UNKNOWN_VALUE", "items[*].termDuration", "P5Y", 2),
        Notice("UNKNOWN_VALUE", "items[*].status", "Frozen", 2),
    }


@pytest.mark.parametrize("status", ["none", "active", "pending", "suspended", "expired"])
def test_the_documented_states_are_known_without_case(status: str) -> None:
    parsed = read(collection(legacy(status=status.title())))
    assert subscriptions(parsed)[0].state.value == status.upper()
    assert parsed.notices == ()


@pytest.mark.parametrize("status", ["disabled", "deleted"])
def test_the_states_that_broke_other_tools_are_known(status: str) -> None:
    parsed = read(collection(legacy(status=status)))
    assert subscriptions(parsed)[0].state.value == status.upper()


def test_a_missing_state_is_unrecognized_and_noted() -> None:
    parsed = read(collection(legacy(status=None)))
    assert subscriptions(parsed)[0].state is SubscriptionState.UNRECOGNIZED
    assert parsed.notices == (Notice("MISSING_VALUE", "items[*].status", "", 1),)


def test_an_azure_offer_is_kept_without_catalog_id() -> None:
    parsed = read(collection(legacy(offerId="MS-AZR-0145P", offerName="Microsoft Azure")))
    (one,) = subscriptions(parsed)
    assert (one.catalog_id, one.title) == (None, "Microsoft Azure")
    assert parsed.notices == (Notice("NOT_A_LICENCE_OFFER", "items[*].offerId", "MS-AZR-0145P", 1),)


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (collection(legacy()), HoldingsState.COMPLETE),
        (collection(), HoldingsState.COMPLETE),
        (collection(legacy(), totalCount=2), HoldingsState.PARTIAL),
        (collection(legacy(), totalCount=None), HoldingsState.PARTIAL),
        (collection(legacy(), links={"next": {"uri": "/x"}}), HoldingsState.PARTIAL),
        (collection(legacy(), continuationToken="x"), HoldingsState.PARTIAL),
        ([legacy()], HoldingsState.PARTIAL),
        (legacy(), HoldingsState.PARTIAL),
    ],
)
def test_only_a_whole_collection_is_complete(value: object, state: HoldingsState) -> None:
    (change,) = read(value).customer_import.holdings
    assert (change.state, change.is_foreign, change.as_of) == (state, False, AS_OF)


@pytest.mark.parametrize("is_complete", [True, False])
def test_the_importer_may_overrule_completeness(is_complete: bool) -> None:
    options = ImportOptions(CUSTOMER, AS_OF, is_complete=is_complete)
    for value in (collection(legacy()), [legacy()]):
        (change,) = read(value, options).customer_import.holdings
        assert (change.state is HoldingsState.COMPLETE) is is_complete


def test_subscriptions_need_a_customer() -> None:
    assert refusal(collection(legacy()), ANY).code == "CUSTOMER_NEEDED"


def test_subscriptions_whose_link_names_another_customer_are_refused() -> None:
    uri = f"/customers/{OTHER_CUSTOMER}/subscriptions/{subscription_id(1)}"
    refused = refusal(collection(legacy(links={"self": {"uri": uri}})))
    assert found(refused) == {("OTHER_CUSTOMER", "items[0].links.self.uri")}


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"quantity": "42"}, "WRONG_TYPE", "quantity"),
        ({"quantity": -1}, "OUT_OF_RANGE", "quantity"),
        ({"quantity": 10**12}, "OUT_OF_RANGE", "quantity"),
        ({"quantity": 1e12}, "WRONG_TYPE", "quantity"),
        ({"quantity": 1.5}, "WRONG_TYPE", "quantity"),
        ({"quantity": True}, "WRONG_TYPE", "quantity"),
        ({"id": None}, "WRONG_TYPE", "id"),
        ({"id": "abc"}, "BAD_ID", "id"),
        ({"id": "00000000-0000-0000-0000-000000000000"}, "BAD_ID", "id"),
        ({"offerId": " "}, "MISSING", "offerId"),
        ({"commitmentEndDate": "2027-02-30T00:00:00Z"}, "BAD_DATE", "commitmentEndDate"),
        ({"commitmentEndDate": "4 May 2027"}, "BAD_DATE", "commitmentEndDate"),
        ({"commitmentEndDate": 1_800_000_000}, "WRONG_TYPE", "commitmentEndDate"),
        ({"status": 3}, "WRONG_TYPE", "status"),
        ({"isTrial": "false"}, "WRONG_TYPE", "isTrial"),
        ({"offerName": "x" * 501}, "TEXT_TOO_LONG", "offerName"),
        ({"offerName": "a\x00b"}, "BAD_TEXT", "offerName"),
        ({"parentSubscriptionId": subscription_id(1)}, "BAD_PARENT", "parentSubscriptionId"),
    ],
)
def test_a_bad_field_is_a_problem_with_its_place(
    fields: dict[str, Any], code: str, path: str
) -> None:
    refused = refusal(collection(new_commerce(9), legacy(**fields)))
    assert refused.code == "BAD_ROWS"
    assert found(refused) == {(code, f"items[1].{path}")}
    assert refused.problems[0].line is None


def test_missing_ids_and_rows_that_are_no_objects_are_all_reported() -> None:
    row = legacy()
    del row["id"]
    refused = refusal([row, 3, None, legacy(2)])
    assert found(refused) == {
        ("MISSING", "[0].id"),
        ("NOT_AN_OBJECT", "[1]"),
        ("NOT_AN_OBJECT", "[2]"),
    }


def test_an_id_given_twice_names_both_places_without_regard_to_case() -> None:
    twin = legacy(1) | {"id": subscription_id(1).lower()}
    (problem,) = refusal(collection(legacy(1), legacy(2), twin)).problems
    assert (problem.code, problem.path) == ("DUPLICATE_ID", "items[2].id")
    assert "items[0].id" in problem.message


def test_problems_are_named_up_to_a_limit_and_the_rest_counted() -> None:
    refused = refusal(collection(*[1] * (MAX_PROBLEMS + 500), legacy()))
    assert len(refused.problems) == MAX_PROBLEMS
    assert refused.problems_left_out == 500
