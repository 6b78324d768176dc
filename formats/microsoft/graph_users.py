"""Which licences a tenant's users have, by Microsoft Graph's users (v1.0).

Shapes: docs/formats.md; learn.microsoft.com/graph/api/resources/user, /assignedlicense,
/licenseassignmentstate and /licensedetails. Of each person only what is declared here is kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import TypeVar

from formats.microsoft.collection import Collection
from formats.problems import Findings, Place, UniqueIds
from formats.rows import Row, names, read_row
from formats.values import Guid, OptionalFlag, OptionalGuid, OptionalText
from planner.accounts.accounts import Account, AssignedBy, AssignmentError, AssignmentState, License
from planner.ids import ProductGuid, ServicePlanId

STATES: Mapping[str, AssignmentState] = {
    "active": AssignmentState.ACTIVE,
    "activewitherror": AssignmentState.ACTIVE_WITH_ERROR,
    "disabled": AssignmentState.DISABLED,
    "error": AssignmentState.ERROR,
}
ERRORS: Mapping[str, AssignmentError] = {
    error.value.replace("_", "").lower(): error
    for error in AssignmentError
    if error is not AssignmentError.NOT_KNOWN
}
"""By Graph's word without case: `CountViolation`."""
_OFF = "disabled"
_LOCATION_LENGTH = 2

Word = TypeVar("Word", bound=Enum)


class AssignedRow(Row):
    """An assignedLicense: a product that the user has, whatever gave it."""

    sku_id: Guid
    disabled_plans: list[Guid] | None = None


class StateRow(Row):
    """A licenseAssignmentState: one way in which the user has a product, or fails to."""

    ignored = names("lastUpdatedDateTime")
    sku_id: Guid
    assigned_by_group: OptionalGuid = None
    disabled_plans: list[Guid] | None = None
    state: OptionalText = None
    error: OptionalText = None


class DetailPlanRow(Row):
    ignored = names("servicePlanName appliesTo")
    service_plan_id: Guid
    provisioning_status: OptionalText = None


class DetailRow(Row):
    """A licenseDetails item: a product that the user has, with its services."""

    ignored = names("id skuPartNumber")
    sku_id: Guid
    service_plans: list[DetailPlanRow] | None = None


class UserRow(Row):
    """A user with the fields that `$select` has to name, and `licenseDetails` added by hand."""

    ignored = names("@odata.type @odata.id @odata.context")
    id: Guid
    user_principal_name: OptionalText = None
    display_name: OptionalText = None
    usage_location: OptionalText = None
    account_enabled: OptionalFlag = None
    assigned_licenses: list[AssignedRow] | None = None
    license_assignment_states: list[StateRow] | None = None
    license_details: list[DetailRow] | None = None


def read_users(
    collection: Collection, *, ids: UniqueIds, findings: Findings
) -> tuple[Account, ...]:
    """Return the accounts in order of id; each must tell its licences."""
    accounts = []
    for place, item in collection.items:
        row = read_row(UserRow, item, place, findings)
        if row is None or not ids.add(row.id, place.at("id")):
            continue
        if _tells_no_licenses(row):
            message = "assignedLicenses, licenseAssignmentStates or licenseDetails is needed"
            findings.problem("MISSING", place.at("assignedLicenses"), message)
            continue
        accounts.append(_account(row, place, findings))
    return tuple(sorted(accounts, key=lambda account: account.account_id))


def _tells_no_licenses(row: UserRow) -> bool:
    told = (row.assigned_licenses, row.license_assignment_states, row.license_details)
    return all(one is None for one in told)


def _account(row: UserRow, place: Place, findings: Findings) -> Account:
    by_state = tuple(_by_state(row, place, findings))
    known = {one.product_guid for one in by_state if one.is_granted}
    rest = {one.product_guid: one for one in _without_state(row) if one.product_guid not in known}
    return Account(
        row.id,
        row.user_principal_name or "",
        row.display_name or "",
        usage_location=_location(row, place, findings),
        is_enabled=row.account_enabled,
        licenses=tuple(sorted((*by_state, *rest.values()), key=_order)),
    )


def _order(one: License) -> tuple[str, str, str]:
    return one.product_guid, one.group_id or "", one.state


def _by_state(row: UserRow, place: Place, findings: Findings) -> Iterator[License]:
    seen: set[tuple[str, str | None]] = set()
    here = place.at("licenseAssignmentStates")
    for index, one in enumerate(row.license_assignment_states or ()):
        key = one.sku_id, one.assigned_by_group
        if key in seen:
            findings.notice("ASSIGNED_AGAIN", here.at(index))
            continue
        seen.add(key)
        group = one.assigned_by_group
        yield License(
            ProductGuid(one.sku_id),
            _plans(one.disabled_plans),
            AssignedBy.ACCOUNT if group is None else AssignedBy.GROUP,
            group,
            _word(one.state, STATES, here.at(index, "state"), findings, AssignmentState.NOT_KNOWN),
            _word(one.error, ERRORS, here.at(index, "error"), findings, AssignmentError.NOT_KNOWN),
        )


def _without_state(row: UserRow) -> Iterator[License]:
    """Yield what the user has by lists that do not tell how it was assigned.

    Where both tell of one product, assignedLicenses comes last, and that one counts.
    """
    for detail in row.license_details or ():
        plans = detail.service_plans
        off = plans and [one for one in plans if (one.provisioning_status or "").lower() == _OFF]
        disabled = None if off is None else [one.service_plan_id for one in off]
        yield License(ProductGuid(detail.sku_id), _plans(disabled))
    for one in row.assigned_licenses or ():
        yield License(ProductGuid(one.sku_id), _plans(one.disabled_plans))


def _plans(given: Iterable[str] | None) -> frozenset[ServicePlanId] | None:
    return None if given is None else frozenset(map(ServicePlanId, given))


def _word(
    given: str | None, known: Mapping[str, Word], place: Place, findings: Findings, otherwise: Word
) -> Word:
    """Return what Graph's word means; one that nobody documents is noted and not known."""
    found = known.get((given or "").lower())
    if found is None and given:
        findings.notice("UNKNOWN_VALUE", place, given)
    return found or otherwise


def _location(row: UserRow, place: Place, findings: Findings) -> str | None:
    """Return a country in upper case; empty where Graph says null, None where it says nothing."""
    if "usage_location" not in row.model_fields_set:
        return None
    given = (row.usage_location or "").upper()
    if given and (len(given) != _LOCATION_LENGTH or not given.isalpha()):
        findings.notice("UNKNOWN_VALUE", place.at("usageLocation"), given)
        return None
    return given
