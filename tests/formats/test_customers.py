"""Partner Center's customers have a market and a segment only where the file tells them."""

import pytest

from formats.problems import Notice
from planner.customers import Customer
from planner.offers import Segment
from tests.formats.samples import (
    ANY,
    CUSTOMER,
    OTHER_CUSTOMER,
    OWN,
    collection,
    customer,
    found,
    read,
    refusal,
)


def test_a_full_customer_has_market_and_domain() -> None:
    parsed = read(customer(), ANY)
    assert parsed.customer_import.customers == (
        Customer(CUSTOMER, "Contoso", "contoso.onmicrosoft.test", "US"),
    )
    assert (parsed.kind, parsed.rows) == ("partner_center_customers", 1)


def test_the_list_form_of_customers_leaves_the_market_unknown() -> None:
    rows = [customer(CUSTOMER), customer(OTHER_CUSTOMER)]
    for row in rows:
        del row["billingProfile"]
    parsed = read(collection(*rows), ANY)
    assert [one.market for one in parsed.customer_import.customers] == [None, None]
    assert parsed.notices == ()


def test_a_country_that_is_no_code_is_unknown_and_noted() -> None:
    parsed = read(customer(billingProfile={"defaultAddress": {"country": "UK"}}), ANY)
    assert parsed.customer_import.customers[0].market is None
    path = "billingProfile.defaultAddress.country"
    assert parsed.notices == (Notice("UNKNOWN_VALUE", path, "UK", 1),)


def test_a_customer_without_a_name_goes_by_its_domain() -> None:
    profile = {"tenantId": CUSTOMER, "domain": "contoso.test"}
    parsed = read(customer(companyProfile=profile), ANY)
    assert parsed.customer_import.customers[0].name == "contoso.test"
    assert parsed.notices[0].code == "MISSING_VALUE"


def test_a_customer_with_two_ids_is_refused() -> None:
    refused = refusal(customer(companyProfile={"tenantId": OTHER_CUSTOMER}), ANY)
    assert found(refused) == {("ID_CONFLICT", "companyProfile.tenantId")}


def test_a_customer_given_twice_is_refused() -> None:
    refused = refusal([customer(), customer()], ANY)
    assert found(refused) == {("DUPLICATE_ID", "[1].id")}


def test_a_file_about_another_customer_than_said_is_refused() -> None:
    assert refusal(customer(OTHER_CUSTOMER), OWN).code == "OTHER_CUSTOMER"


@pytest.mark.parametrize(
    ("qualifications", "segment", "notices"),
    [
        ([{"qualification": "None", "vettingStatus": "Approved"}], Segment.COMMERCIAL, []),
        ([{"qualification": "Education"}], Segment.EDUCATION, []),
        ([{"qualification": "nonprofit"}], Segment.CHARITY, []),
        ([{"qualification": "GovernmentCommunityCloud"}], Segment.GOVERNMENT, []),
        ([{"qualification": "StateOwnedEntity"}], None, ["UNKNOWN_VALUE"]),
        ([{"qualification": "Wizards"}], None, ["UNKNOWN_VALUE"]),
        ([{"qualification": "Education", "vettingStatus": "Denied"}], None, ["NOT_APPROVED"]),
        (
            [{"qualification": "Education"}, {"qualification": "Nonprofit"}],
            None,
            ["SEVERAL_SEGMENTS"],
        ),
        ([], None, []),
        (None, None, []),
    ],
)
def test_qualifications_name_the_segment(
    qualifications: object, segment: Segment | None, notices: list[str]
) -> None:
    parsed = read(customer(qualifications=qualifications), ANY)
    assert parsed.customer_import.customers[0].segment is segment
    assert [notice.code for notice in parsed.notices] == notices
