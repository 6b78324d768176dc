"""Graph's users become accounts with their licences; nothing more of a person is kept."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from formats.detect import ImportOptions, Parsed
from formats.problems import Notice
from planner.accounts.accounts import Account, AssignedBy, AssignmentError, AssignmentState, License
from planner.customers import HoldingsState
from planner.ids import ServicePlanId
from resolvers.records.imports import AccountsChange
from tests.formats.samples import (
    ANY,
    AS_OF,
    CUSTOMER,
    OWN,
    PLAN,
    PRODUCT,
    answer,
    customer,
    found,
    read,
    refusal,
)

OTHER_PRODUCT = "33333333-0000-4000-8000-000000000002"
GROUP = "66666666-0000-4000-8000-000000000001"
USERS = "users(id,userPrincipalName,displayName)"


def user_id(number: int) -> str:
    return f"77777777-0000-4000-8000-{number:012}"


def state(**fields_: Any) -> dict[str, Any]:
    """Return a licenseAssignmentState of a direct licence."""
    return {
        "skuId": PRODUCT.upper(),
        "assignedByGroup": None,
        "disabledPlans": [PLAN.upper()],
        "state": "Active",
        "error": "None",
        "lastUpdatedDateTime": "2026-01-01T00:00:00Z",
        **fields_,
    }


def user(number: int = 1, **fields_: Any) -> dict[str, Any]:
    """Return a user as `$select` of docs/formats.md gives it."""
    return {
        "id": user_id(number).upper(),
        "userPrincipalName": f"desk{number}@contoso.test",
        "displayName": f"Desk {number}",
        "usageLocation": "us",
        "accountEnabled": True,
        "assignedLicenses": [{"skuId": PRODUCT, "disabledPlans": [PLAN]}],
        "licenseAssignmentStates": [state()],
        **fields_,
    }


def change(parsed: Parsed) -> AccountsChange:
    (one,) = parsed.customer_import.accounts
    return one


def accounts(value: Any) -> tuple[Account, ...]:
    return change(read(value)).accounts


def licenses(**fields_: Any) -> tuple[License, ...]:
    (one,) = accounts(answer(USERS, user(**fields_)))
    return one.licenses


DIRECT = License(
    PRODUCT,  # type: ignore[arg-type]
    frozenset({ServicePlanId(PLAN)}),
    AssignedBy.ACCOUNT,
    None,
    AssignmentState.ACTIVE,
    AssignmentError.NONE,
)


def test_a_user_is_read_whole() -> None:
    parsed = read(answer(USERS, user()))
    assert change(parsed) == AccountsChange(
        CUSTOMER,
        HoldingsState.COMPLETE,
        AS_OF,
        (Account(user_id(1), "desk1@contoso.test", "Desk 1", "US", True, (DIRECT,)),),
    )
    assert (parsed.kind, parsed.rows, parsed.notices) == ("graph_users", 1, ())


@pytest.mark.parametrize("field", ["userPrincipalName", "assignedLicenses"])
def test_a_bare_array_is_recognized_and_partial(field: str) -> None:
    row = {"id": user_id(1), "assignedLicenses": [], field: user()[field]}
    assert change(read([row])).state is HoldingsState.PARTIAL


def test_a_page_with_more_to_come_is_partial() -> None:
    parsed = read(answer(USERS, user(), **{"@odata.nextLink": "https://graph.test/next"}))
    assert change(parsed).state is HoldingsState.PARTIAL
    assert parsed.notices == (Notice("MORE_PAGES", "@odata.nextLink", "", 1),)


def test_an_empty_complete_list_says_that_there_are_no_users() -> None:
    empty = change(read(answer(USERS)))
    assert (empty.state, empty.accounts) == (HoldingsState.COMPLETE, ())


def test_a_customer_is_needed() -> None:
    assert refusal(answer(USERS, user()), ANY).code == "CUSTOMER_NEEDED"


def test_direct_and_through_a_group_are_two_licences() -> None:
    both = licenses(licenseAssignmentStates=[state(assignedByGroup=GROUP.upper()), state()])
    assert [(one.assigned_by, one.group_id) for one in both] == [
        (AssignedBy.ACCOUNT, None),
        (AssignedBy.GROUP, GROUP),
    ]


def test_an_assignment_that_failed_is_kept_with_its_error() -> None:
    (one,) = licenses(
        assignedLicenses=[],
        licenseAssignmentStates=[state(state="Error", error="MutuallyExclusiveViolation")],
    )
    assert (one.state, one.error) == (
        AssignmentState.ERROR,
        AssignmentError.MUTUALLY_EXCLUSIVE_VIOLATION,
    )
    assert (one.is_granted, one.has_error) == (False, True)


@pytest.mark.parametrize(
    "word",
    [
        *("CountViolation", "MutuallyExclusiveViolation", "DependencyViolation", "Other", "None"),
        *("ProhibitedInUsageLocationViolation", "UniquenessViolation"),
    ],
)
def test_every_documented_error_is_known(word: str) -> None:
    (one,) = licenses(licenseAssignmentStates=[state(error=word)])
    assert one.error.value.replace("_", "").lower() == word.lower()


def test_a_word_that_nobody_documents_is_noted_and_not_known() -> None:
    row = user(licenseAssignmentStates=[state(state="Shiny", error="NewViolation")])
    parsed = read(answer(USERS, row))
    (one,) = change(parsed).accounts[0].licenses
    assert (one.state, one.error) == (AssignmentState.NOT_KNOWN, AssignmentError.NOT_KNOWN)
    assert {(each.code, each.value) for each in parsed.notices} == {
        ("UNKNOWN_VALUE", "Shiny"),
        ("UNKNOWN_VALUE", "NewViolation"),
    }


def test_without_states_how_a_licence_came_is_not_known() -> None:
    (one,) = licenses(licenseAssignmentStates=None)
    assert (one.assigned_by, one.state) == (AssignedBy.NOT_KNOWN, AssignmentState.NOT_KNOWN)
    assert one.disabled_plans == frozenset({PLAN})
    assert one.is_granted


def test_a_licence_that_the_states_leave_out_is_kept() -> None:
    more = [{"skuId": OTHER_PRODUCT, "disabledPlans": []}]
    found_ = licenses(assignedLicenses=[*user()["assignedLicenses"], *more])
    assert [one.product_guid for one in found_] == [PRODUCT, OTHER_PRODUCT]
    assert found_[1].assigned_by is AssignedBy.NOT_KNOWN


def test_license_details_tell_what_is_switched_off_and_not_how_it_came() -> None:
    plans = [
        {"servicePlanId": PLAN, "provisioningStatus": "Disabled", "appliesTo": "User"},
        {"servicePlanId": GROUP, "provisioningStatus": "Success"},
    ]
    row = {"id": user_id(1), "userPrincipalName": "a@contoso.test"}
    row["licenseDetails"] = [{"id": "x", "skuId": PRODUCT, "servicePlans": plans}]  # type: ignore[assignment]
    (one,) = accounts([row])[0].licenses
    assert (one.disabled_plans, one.assigned_by) == (frozenset({PLAN}), AssignedBy.NOT_KNOWN)
    row["licenseDetails"] = [{"skuId": PRODUCT}]  # type: ignore[assignment]
    assert accounts([row])[0].licenses[0].disabled_plans is None


@pytest.mark.parametrize(
    ("given", "location"), [({"usageLocation": None}, ""), ({"usageLocation": "de"}, "DE")]
)
def test_a_usage_location_that_is_null_is_none(given: dict[str, Any], location: str) -> None:
    assert accounts([user(**given)])[0].usage_location == location


def test_a_usage_location_that_is_not_told_is_not_known() -> None:
    row = user()
    del row["usageLocation"]
    assert accounts([row])[0].usage_location is None


def test_a_usage_location_that_is_no_country_is_noted_and_not_known() -> None:
    parsed = read([user(usageLocation="Atlantis")])
    assert change(parsed).accounts[0].usage_location is None
    assert [(one.code, one.value) for one in parsed.notices] == [("UNKNOWN_VALUE", "ATLANTIS")]


def test_what_is_not_selected_of_a_person_is_not_known() -> None:
    (one,) = accounts([{"id": user_id(1), "assignedLicenses": []}])
    assert one == Account(user_id(1))


def test_no_more_of_a_person_is_kept_than_is_declared() -> None:
    parsed = read([user(mobilePhone="+49 123", jobTitle="Clerk")])
    assert "Clerk" not in repr(parsed.customer_import)
    assert {field.name for field in fields(Account)} == {
        *("account_id", "principal_name", "display_name", "usage_location", "is_enabled"),
        "licenses",
    }


def test_every_bad_row_is_named_with_its_place() -> None:
    bad = [
        user(1, id="me"),
        user(2, assignedLicenses=[{"skuId": "x"}]),
        user(3, assignedLicenses=None, licenseAssignmentStates=None),
        user(4),
        user(4),
    ]
    assert found(refusal(answer(USERS, *bad))) == {
        ("BAD_ID", "value[0].id"),
        ("BAD_ID", "value[1].assignedLicenses[0].skuId"),
        ("MISSING", "value[2].assignedLicenses"),
        ("DUPLICATE_ID", "value[4].id"),
    }


def test_accounts_come_in_order_of_id() -> None:
    many = accounts([user(3), user(1), user(2)])
    assert [one.account_id for one in many] == [user_id(1), user_id(2), user_id(3)]


def test_a_bundle_holds_users_beside_holdings() -> None:
    row = customer() | {"users": answer(USERS, user())}
    parsed = read({"customers": [row]}, ANY)
    assert change(parsed).customer_id == CUSTOMER
    assert change(parsed).state is HoldingsState.COMPLETE
    assert parsed.rows == 2
    without = read({"customers": [customer()]}, ANY)
    assert without.customer_import.accounts == ()


def test_what_the_importer_says_overrules_the_file() -> None:
    options = ImportOptions(CUSTOMER, datetime(2026, 1, 1, tzinfo=UTC), is_complete=False)
    parsed = read(answer(USERS, user()), options)
    assert change(parsed).state is HoldingsState.PARTIAL
    assert change(parsed).as_of == options.as_of


def test_an_assignment_that_is_told_twice_counts_once() -> None:
    parsed = read([user(licenseAssignmentStates=[state(), state(state="Error")])])
    assert change(parsed).accounts[0].licenses == (DIRECT,)
    assert [one.code for one in parsed.notices] == ["ASSIGNED_AGAIN"]


def test_fields_nobody_knows_are_noted_once() -> None:
    parsed = read([user(1, colour="red"), user(2, colour="blue")], OWN)
    assert parsed.notices == (Notice("UNKNOWN_FIELD", "[*].colour", "", 2),)


def test_the_order_of_rows_changes_nothing() -> None:
    rows = [user(number) for number in range(5)]
    forwards = read(orjson.dumps(rows)).customer_import
    assert read(orjson.dumps(rows[::-1])).customer_import == forwards
