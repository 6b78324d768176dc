"""What Partner Center says of giving back, renewal and cancelling is read, or left unknown."""

from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.problems import Notice
from planner.customers import Reducible, RenewalInstructions, Subscription
from planner.ids import CatalogId
from tests.formats.samples import (
    ANY,
    collection,
    customer,
    found,
    legacy,
    new_commerce,
    read,
    refusal,
    subscription_id,
    subscriptions,
)

PRODUCT = {
    "productId": "cfq7ttc0ldpb",
    "skuId": "1",
    "availabilityId": "CFQ7TTC0AAAA",
    "billingCycle": "Annual",
    "termDuration": "P1Y",
    "promotionId": None,
}
NOTHING = RenewalInstructions()


def one(**fields: Any) -> Subscription:
    (found,) = subscriptions(read(collection(new_commerce(**fields))))
    return found


def noted(**fields: Any) -> list[tuple[str, str, str]]:
    """Return code, path below the row and value of each notice."""
    notices = read(collection(new_commerce(**fields))).notices
    return [(each.code, each.path.removeprefix("items[*]."), each.value) for each in notices]


def tranche(quantity: int | None, until: str | None) -> dict[str, Any]:
    return {"quantity": quantity, "allowedUntilDateTime": until}


def instant(day: int) -> datetime:
    return datetime(2026, 11, day, 10, tzinfo=UTC)


def test_a_resource_without_them_leaves_every_one_unknown() -> None:
    told = one()
    assert (told.cancellable_until, told.reducible, told.renewal) == (None, None, None)
    assert (told.cancels_at_end, told.partner_of_record, told.migrated_from) == (None, None, None)
    assert told.promotion_ends is None


def test_the_plain_fields_are_read_as_they_stand() -> None:
    told = one(
        cancellationAllowedUntilDate="2026-11-08T10:00:00Z",
        partnerId=" 1234567 ",
        migratedFromSubscriptionId=subscription_id(7).upper(),
    )
    assert told.cancellable_until == instant(8)
    assert told.partner_of_record == "1234567"
    assert told.migrated_from == subscription_id(7)


@pytest.mark.parametrize("nothing", [None, "", "00000000-0000-0000-0000-000000000000"])
def test_no_legacy_subscription_is_not_known(nothing: str | None) -> None:
    assert one(migratedFromSubscriptionId=nothing).migrated_from is None


def test_tranches_come_with_the_first_to_lapse_first() -> None:
    details = [tranche(5, "2026-11-12T10:00:00Z"), tranche(20, "2026-11-08T10:00:00Z")]
    told = one(refundableQuantity={"totalQuantity": 25, "details": details})
    assert told.reducible == (Reducible(20, instant(8)), Reducible(5, instant(12)))


@pytest.mark.parametrize(
    ("refundable", "reducible", "codes"),
    [
        (None, None, []),
        ({"totalQuantity": 0, "details": []}, (), []),
        ({"totalQuantity": 0}, (), []),
        ({"totalQuantity": 9, "details": None}, None, []),
        ({}, None, []),
        ({"details": [tranche(3, None)]}, None, ["MISSING_VALUE"]),
        ({"details": [tranche(None, "2026-11-08T10:00:00Z")]}, None, ["MISSING_VALUE"]),
        (
            {"totalQuantity": 9, "details": [tranche(3, "2026-11-08T10:00:00Z")]},
            (Reducible(3, instant(8)),),
            ["REFUNDABLE_DISAGREES"],
        ),
    ],
)
def test_what_may_be_given_back_is_none_only_where_the_file_says_so(
    refundable: object, reducible: object, codes: list[str]
) -> None:
    assert one(refundableQuantity=refundable).reducible == reducible
    assert [code for code, _, _ in noted(refundableQuantity=refundable)] == codes


def test_next_term_instructions_are_read_whole() -> None:
    told = one(
        scheduledNextTermInstructions={
            "product": PRODUCT,
            "quantity": 40,
            "customTermEndDate": "2028-03-31T00:00:00Z",
        }
    )
    assert told.renewal == RenewalInstructions(
        CatalogId("CFQ7TTC0LDPB:0001"), "P1Y", "annual", 40, date(2028, 3, 31)
    )


@pytest.mark.parametrize("instructions", [None, {}, {"product": None}, {"product": {}}])
def test_instructions_that_change_nothing_are_none(instructions: object) -> None:
    assert one(scheduledNextTermInstructions=instructions).renewal is None
    assert noted(scheduledNextTermInstructions=instructions) == []


def test_what_instructions_leave_out_stays_as_it_is() -> None:
    told = one(scheduledNextTermInstructions={"quantity": 3})
    assert told.renewal == RenewalInstructions(seats=3)


@pytest.mark.parametrize(
    ("product", "code", "field"),
    [
        ({"productId": "CFQ7TTC0LDPB"}, "MISSING_VALUE", "skuId"),
        ({"skuId": "0001"}, "MISSING_VALUE", "productId"),
        ({"productId": "MS-AZR", "skuId": "17"}, "NOT_A_LICENCE_OFFER", "productId"),
    ],
)
def test_instructions_for_a_product_that_cannot_be_read_are_not_known(
    product: dict[str, str], code: str, field: str
) -> None:
    """Otherwise they would say that the product stays what it is."""
    given = {"product": product, "quantity": 3}
    assert one(scheduledNextTermInstructions=given).renewal is None
    (notice,) = noted(scheduledNextTermInstructions=given)
    assert notice[:2] == (code, f"scheduledNextTermInstructions.product.{field}")


def test_a_custom_end_is_inclusive_in_new_commerce_and_exclusive_in_legacy() -> None:
    given = {"scheduledNextTermInstructions": {"customTermEndDate": "2028-03-31T00:00:00Z"}}
    new, old = subscriptions(read(collection(new_commerce(1, **given), legacy(2, **given))))
    assert new.renewal == RenewalInstructions(custom_end=date(2028, 3, 31))
    assert old.renewal == RenewalInstructions(custom_end=date(2028, 3, 30))


@pytest.mark.parametrize("word", ["cancel", "Cancel", "CANCEL_SUBSCRIPTION", "cancellation"])
def test_a_cancel_action_is_found_whatever_stands_beside_it(word: str) -> None:
    actions = [{"actionType": "renewToSomething"}, {"actionType": word, "scheduleType": "x"}]
    assert one(scheduledActions=actions).cancels_at_end is True


def test_an_empty_list_of_actions_says_that_none_is_scheduled() -> None:
    assert one(scheduledActions=[]).cancels_at_end is False
    assert noted(scheduledActions=[]) == []


@pytest.mark.parametrize(
    ("actions", "path", "value"),
    [
        ([{"actionType": "renew"}], "scheduledActions[*].actionType", "renew"),
        ([{"actionType": "uncancel"}], "scheduledActions[*].actionType", "uncancel"),
        ([{"actionType": 3}], "scheduledActions[*].actionType", ""),
        ([{"kind": "cancel"}], "scheduledActions[*].actionType", ""),
        (["cancel"], "scheduledActions[*].actionType", ""),
        ({"actionType": "cancel"}, "scheduledActions", ""),
        ("cancel", "scheduledActions", ""),
    ],
)
def test_actions_that_nobody_understands_are_unknown_and_noted(
    actions: object, path: str, value: str
) -> None:
    assert one(scheduledActions=actions).cancels_at_end is None
    assert noted(scheduledActions=actions) == [("UNKNOWN_VALUE", path, value)]


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"cancellationAllowedUntilDate": "soon"}, "BAD_DATE", "cancellationAllowedUntilDate"),
        ({"partnerId": 1234567}, "WRONG_TYPE", "partnerId"),
        ({"migratedFromSubscriptionId": "abc"}, "BAD_ID", "migratedFromSubscriptionId"),
        ({"refundableQuantity": 3}, "WRONG_TYPE", "refundableQuantity"),
        (
            {"refundableQuantity": {"details": [{"quantity": -1}]}},
            "OUT_OF_RANGE",
            "refundableQuantity.details[0].quantity",
        ),
        (
            {"scheduledNextTermInstructions": {"quantity": "3"}},
            "WRONG_TYPE",
            "scheduledNextTermInstructions.quantity",
        ),
    ],
)
def test_a_value_that_cannot_be_right_refuses_the_file(
    fields: dict[str, Any], code: str, path: str
) -> None:
    refused = refusal(collection(new_commerce(**fields)))
    assert found(refused) == {(code, f"items[0].{path}")}


def test_new_fields_inside_them_are_reported() -> None:
    told = noted(refundableQuantity={"totalQuantity": 0, "details": [], "unit": "seat"})
    assert told == [("UNKNOWN_FIELD", "refundableQuantity.unit", "")]


def test_only_our_bundle_tells_when_a_promotion_ends() -> None:
    row = new_commerce(promotionEnds="2027-03-31")
    (change,) = read(
        {"customers": [customer(subscriptions=collection(row))]}, ANY
    ).customer_import.holdings
    assert change.subscriptions[0].promotion_ends == date(2027, 3, 31)
    parsed = read(collection(row))
    assert subscriptions(parsed)[0].promotion_ends is None
    assert parsed.notices == (Notice("UNKNOWN_FIELD", "items[*].promotionEnds", "", 1),)


def test_a_promotion_that_ends_on_no_day_refuses_the_bundle() -> None:
    row = new_commerce(promotionEnds="2027-03-31T00:00:00Z")
    refused = refusal({"customers": [customer(subscriptions=collection(row))]}, ANY)
    assert found(refused) == {("BAD_DATE", "customers[0].subscriptions.items[0].promotionEnds")}


INSTANTS = st.integers(0, 10**11).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
TRANCHES = st.lists(st.tuples(st.integers(0, 10_000), INSTANTS), max_size=6)


@given(TRANCHES, st.randoms())
def test_tranches_are_the_same_in_whatever_order_they_come(
    tranches: list[tuple[int, datetime]], chance: Any
) -> None:
    def told(given: list[tuple[int, datetime]]) -> tuple[Reducible, ...] | None:
        details = [tranche(seats, until.isoformat()) for seats, until in given]
        row = new_commerce(refundableQuantity={"details": details})
        (read_back,) = subscriptions(read(orjson.dumps(collection(row))))
        return read_back.reducible

    shuffled = list(tranches)
    chance.shuffle(shuffled)
    found = told(tranches)
    assert found == told(shuffled)
    assert found is not None
    assert sorted((each.until, each.seats) for each in found) == [
        (each.until, each.seats) for each in found
    ]
    assert {(each.seats, each.until) for each in found} == set(tranches)
    assert len(found) == len(tranches)
