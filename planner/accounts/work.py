"""What has to be looked after for a user when a subscription changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from planner.accounts.accounts import AssignmentError
from planner.blockers import Severity
from planner.offers import ServicePlan


class AccountWorkKind(StrEnum):
    """What has to be looked after for a user, or for all users of a subscription."""

    SERVICES_LOST = "SERVICES_LOST"
    GRANTED_TWICE = "GRANTED_TWICE"
    PLANS_SWITCHED_ON = "PLANS_SWITCHED_ON"
    REASSIGN_BY_HAND = "REASSIGN_BY_HAND"
    GROUP_ASSIGNED = "GROUP_ASSIGNED"
    NO_USAGE_LOCATION = "NO_USAGE_LOCATION"
    ASSIGNMENT_ERROR = "ASSIGNMENT_ERROR"
    PREREQUISITE_LOST = "PREREQUISITE_LOST"
    TOO_FEW_SEATS = "TOO_FEW_SEATS"


@dataclass(frozen=True, slots=True)
class AccountWork:
    """One thing to look after, and the services that it is about."""

    kind: AccountWorkKind
    severity: Severity
    message: str
    """One sentence that names no person."""
    source: str
    plans: tuple[ServicePlan, ...] = ()
    """In order of title; empty where it is about none in particular."""
    group_ids: tuple[str, ...] = ()
    """The groups to be changed, in order."""


_UNNAMED = "Microsoft Graph does not say why"
WHAT_ERRORS_MEAN: Mapping[AssignmentError, str] = {
    AssignmentError.NONE: _UNNAMED,
    AssignmentError.NOT_KNOWN: _UNNAMED,
    AssignmentError.OTHER: "for another reason, which the user's licence page tells",
    AssignmentError.COUNT_VIOLATION: "no seat was left",
    AssignmentError.MUTUALLY_EXCLUSIVE_VIOLATION: "a service excludes one of another licence",
    AssignmentError.DEPENDENCY_VIOLATION: "a service needs another one that is missing",
    AssignmentError.PROHIBITED_IN_USAGE_LOCATION_VIOLATION: (
        "a service is not available in the user's usage location"
    ),
    AssignmentError.UNIQUENESS_VIOLATION: "a value that must be unique is used twice",
}
"""What each error of an assignment says [docs/sources.md 6]."""
