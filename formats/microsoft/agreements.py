"""Whether a customer accepted the Microsoft Customer Agreement, by Partner Center's confirmations.

Shape: the answer of GET /v1/customers/{id}/agreements [docs/sources.md 5].
"""

from formats.microsoft.collection import Collection
from formats.problems import Findings, Place
from formats.rows import Row, names, read_row
from formats.values import OptionalInstant, OptionalText
from planner.offers import Known

_CUSTOMER_AGREEMENT = "microsoftcustomeragreement"
_OTHERS = frozenset({"microsoftcloudagreement"})
"""What came before it, and does not stand for it."""


class AgreementRow(Row):
    """One confirmation; the type stands under one of two names."""

    ignored = names("primaryContact templateId agreementLink userId links attributes")
    type: OptionalText = None
    agreement_type: OptionalText = None
    date_agreed: OptionalInstant = None


def agreement_of(confirmations: Collection | None, findings: Findings) -> Known:
    """Return YES for a dated confirmation, NO where a whole list has none; else UNKNOWN.

    Source: docs/sources.md 5 (customer agreement).
    """
    if confirmations is None:
        return Known.UNKNOWN
    told = {_told(item, place, findings) for place, item in confirmations.items}
    if Known.YES in told:
        return Known.YES
    return Known.NO if confirmations.is_complete and Known.UNKNOWN not in told else Known.UNKNOWN


def _told(item: object, place: Place, findings: Findings) -> Known:
    row = read_row(AgreementRow, item, place, findings)
    if row is None:
        return Known.UNKNOWN
    given = row.type or row.agreement_type or ""
    if given.lower() in _OTHERS:
        return Known.NO
    if given.lower() != _CUSTOMER_AGREEMENT:
        findings.notice("UNKNOWN_VALUE", place.at("type"), given)
        return Known.UNKNOWN
    if row.date_agreed is None:
        findings.notice("MISSING_VALUE", place.at("dateAgreed"))
        return Known.UNKNOWN
    return Known.YES
