"""A customer's agreement and our administration are yes or no only where the file says so."""

from typing import Any

import pytest

from formats.problems import Notice
from planner.customers import Customer
from planner.offers import Known
from tests.formats.samples import ANY, collection, customer, found, read, refusal

MCA = "MicrosoftCustomerAgreement"
ACCEPTED = {"agreementType": MCA, "dateAgreed": "2021-10-11T08:00:00"}
OLD = {"type": "MicrosoftCloudAgreement", "dateAgreed": "2019-01-01T00:00:00Z"}


def one(**fields: Any) -> Customer:
    (told,) = read(customer(**fields), ANY).customer_import.customers
    return told


@pytest.mark.parametrize(
    ("agreements", "known"),
    [
        (None, Known.UNKNOWN),
        ([], Known.NO),
        ([ACCEPTED], Known.YES),
        ([{"type": MCA, "dateAgreed": "2021-10-11T08:00:00Z"}], Known.YES),
        ([OLD], Known.NO),
        ([OLD, ACCEPTED], Known.YES),
        ([{**ACCEPTED, "templateId": "x", "primaryContact": {}}], Known.YES),
        (collection(), Known.NO),
        (collection(ACCEPTED), Known.YES),
        (collection(totalCount=3), Known.UNKNOWN),
        (collection(OLD, links={"next": {"uri": "/x"}}), Known.UNKNOWN),
    ],
)
def test_an_agreement_is_accepted_refused_or_not_known(agreements: object, known: Known) -> None:
    assert one(agreements=agreements).agreement is known


@pytest.mark.parametrize(
    ("agreement", "notice"),
    [
        ({"agreementType": MCA}, ("MISSING_VALUE", "agreements[*].dateAgreed", "")),
        (
            {"agreementType": MCA, "dateAgreed": "0001-01-01T00:00:00"},
            ("MISSING_VALUE", "agreements[*].dateAgreed", ""),
        ),
        ({"type": "Handshake"}, ("UNKNOWN_VALUE", "agreements[*].type", "Handshake")),
        ({}, ("UNKNOWN_VALUE", "agreements[*].type", "")),
    ],
)
def test_a_confirmation_without_day_or_known_type_decides_nothing(
    agreement: object, notice: tuple[str, str, str]
) -> None:
    parsed = read(customer(agreements=[agreement]), ANY)
    assert parsed.customer_import.customers[0].agreement is Known.UNKNOWN
    assert parsed.notices == (Notice(*notice, 1),)


@pytest.mark.parametrize(
    ("agreements", "code", "path"),
    [
        (3, "WRONG_TYPE", "agreements"),
        ([3], "NOT_AN_OBJECT", "agreements[0]"),
        ([{"type": MCA, "dateAgreed": "then"}], "BAD_DATE", "agreements[0].dateAgreed"),
    ],
)
def test_agreements_that_cannot_be_refuse_the_file(
    agreements: object, code: str, path: str
) -> None:
    assert found(refusal(customer(agreements=agreements), ANY)) == {(code, path)}


@pytest.mark.parametrize(
    ("allowed", "known"), [(True, Known.YES), (False, Known.NO), (None, Known.UNKNOWN)]
)
def test_administration_is_what_the_customer_allows(allowed: bool | None, known: Known) -> None:
    assert one(allowDelegatedAccess=allowed).delegated_admin is known


def test_a_bundle_tells_both_of_every_customer() -> None:
    row = customer(agreements=[ACCEPTED], allowDelegatedAccess=False)
    (told,) = read({"customers": [row]}, ANY).customer_import.customers
    assert (told.agreement, told.delegated_admin) == (Known.YES, Known.NO)


def test_a_customer_of_the_list_form_leaves_both_unknown() -> None:
    told = one()
    assert (told.agreement, told.delegated_admin) == (Known.UNKNOWN, Known.UNKNOWN)
