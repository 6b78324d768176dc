"""What is known of a customer's user accounts: which licences each has, and how it got them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from planner.customers import HoldingsState
from planner.ids import ProductGuid, ServicePlanId


class AssignedBy(StrEnum):
    """How an account came to a licence; a group's is changed at the group, not at the account."""

    ACCOUNT = "ACCOUNT"
    GROUP = "GROUP"
    NOT_KNOWN = "NOT_KNOWN"


class AssignmentState(StrEnum):
    """Microsoft Graph's licenseAssignmentState; NOT_KNOWN where it is not told or not documented.

    Source: docs/sources.md 6 (errors of an assignment).
    """

    ACTIVE = "ACTIVE"
    ACTIVE_WITH_ERROR = "ACTIVE_WITH_ERROR"
    DISABLED = "DISABLED"
    ERROR = "ERROR"
    NOT_KNOWN = "NOT_KNOWN"


class AssignmentError(StrEnum):
    """Why an assignment fails, as Microsoft Graph tells it.

    Source: docs/sources.md 6 (errors of an assignment).
    """

    NONE = "NONE"
    COUNT_VIOLATION = "COUNT_VIOLATION"
    MUTUALLY_EXCLUSIVE_VIOLATION = "MUTUALLY_EXCLUSIVE_VIOLATION"
    DEPENDENCY_VIOLATION = "DEPENDENCY_VIOLATION"
    PROHIBITED_IN_USAGE_LOCATION_VIOLATION = "PROHIBITED_IN_USAGE_LOCATION_VIOLATION"
    UNIQUENESS_VIOLATION = "UNIQUENESS_VIOLATION"
    OTHER = "OTHER"
    NOT_KNOWN = "NOT_KNOWN"


_NOT_GRANTED = frozenset({AssignmentState.ERROR, AssignmentState.DISABLED})


@dataclass(frozen=True, slots=True)
class License:
    """One assignment of a product to an account; direct and through a group are two."""

    product_guid: ProductGuid
    disabled_plans: frozenset[ServicePlanId] | None = None
    """Services switched off for this account; None where no source says."""
    assigned_by: AssignedBy = AssignedBy.NOT_KNOWN
    group_id: str | None = None
    """The group that it comes from, lower-case GUID; None for any other."""
    state: AssignmentState = AssignmentState.NOT_KNOWN
    error: AssignmentError = AssignmentError.NOT_KNOWN

    @property
    def is_granted(self) -> bool:
        """Whether the account has what it gives; an assignment that failed gives nothing."""
        return self.state not in _NOT_GRANTED

    @property
    def has_error(self) -> bool:
        """Whether something is wrong with the assignment, as far as that is told."""
        if self.state in (AssignmentState.ERROR, AssignmentState.ACTIVE_WITH_ERROR):
            return True
        return self.error not in (AssignmentError.NONE, AssignmentError.NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Account:
    """A user account of a customer's tenant; no more of the person than the questions need."""

    account_id: str
    """Lower-case GUID."""
    principal_name: str = ""
    """What the person signs in with; empty where no source says."""
    display_name: str = ""
    usage_location: str | None = None
    """ISO 3166 alpha-2; empty where the account has none, None where no source says."""
    is_enabled: bool | None = None
    """Whether signing in is allowed; None where no source says."""
    licenses: tuple[License, ...] = ()
    """In order of product and group."""

    @property
    def order(self) -> tuple[str, str]:
        """Where it stands in a list: by principal name without case, then by id."""
        return self.principal_name.casefold(), self.account_id


@dataclass(frozen=True, slots=True)
class Accounts:
    """A customer's accounts as far as they were loaded; an empty list is not `none`."""

    state: HoldingsState = HoldingsState.NOT_LOADED
    as_of: datetime | None = None
    accounts: tuple[Account, ...] = ()


NO_ACCOUNTS = Accounts()
"""Nothing is loaded, so nothing is known."""


def granted(account: Account, products: Iterable[ProductGuid]) -> tuple[License, ...]:
    """Return the account's working assignments of these products, in its order."""
    wanted = frozenset(products)
    return tuple(one for one in account.licenses if one.is_granted and one.product_guid in wanted)


def holders(accounts: Accounts, products: Iterable[ProductGuid]) -> Iterator[Account]:
    """Yield the accounts that have one of these products, in the order given."""
    wanted = frozenset(products)
    return (one for one in accounts.accounts if granted(one, wanted))


def plans_on(
    plans_of: Mapping[ProductGuid, frozenset[ServicePlanId]], licenses: Iterable[License]
) -> frozenset[ServicePlanId]:
    """Return the services that assignments give together, without those switched off in each.

    A service that one of them gives is on, whatever another switches off. Where no source says
    what is switched off, all counts as on; a product that `plans_of` does not have gives nothing.
    """
    found: set[ServicePlanId] = set()
    for one in licenses:
        plans = plans_of.get(one.product_guid, frozenset())
        found |= plans - (one.disabled_plans or frozenset())
    return frozenset(found)
