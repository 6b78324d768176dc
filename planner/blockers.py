"""What stops or weakens a move: the finding, its evidence, and the way out."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from planner.blocker_codes import BlockerCode
from planner.customers import Seller
from planner.ids import CatalogId, ServicePlanId


class Severity(StrEnum):
    """How much a finding weighs, heaviest first."""

    BLOCKS = "BLOCKS"
    WARNS = "WARNS"
    NOTES = "NOTES"


class SubjectKind(StrEnum):
    """What a finding speaks about."""

    CUSTOMER = "CUSTOMER"
    SUBSCRIPTION = "SUBSCRIPTION"
    USER = "USER"
    OFFER = "OFFER"
    TRANSITION = "TRANSITION"


class Actor(StrEnum):
    """Who has to act."""

    US = "US"
    CUSTOMER = "CUSTOMER"
    ANOTHER_PARTNER = "ANOTHER_PARTNER"
    MICROSOFT = "MICROSOFT"


class RemedyAction(StrEnum):
    """What opens this transition for this subscription."""

    REACTIVATE = "REACTIVATE"
    WAIT_FOR_PROVISIONING = "WAIT_FOR_PROVISIONING"
    CANCEL_OWN_SUBSCRIPTION = "CANCEL_OWN_SUBSCRIPTION"
    CANCEL_ELSEWHERE = "CANCEL_ELSEWHERE"
    TRANSFER_IN = "TRANSFER_IN"
    MOVE_INTO_EXISTING = "MOVE_INTO_EXISTING"
    REASSIGN_BY_HAND = "REASSIGN_BY_HAND"
    REDUCE_SEATS = "REDUCE_SEATS"
    WAIT_UNTIL = "WAIT_UNTIL"
    START_NEW_TERM = "START_NEW_TERM"
    SCHEDULE_FOR_RENEWAL = "SCHEDULE_FOR_RENEWAL"
    CHANGE_TERM_OR_BILLING = "CHANGE_TERM_OR_BILLING"
    CHANGE_END_DATE = "CHANGE_END_DATE"
    REMOVE_ADDON = "REMOVE_ADDON"
    MIGRATE_ADDON_FIRST = "MIGRATE_ADDON_FIRST"
    MIGRATE_AS_BUNDLE = "MIGRATE_AS_BUNDLE"
    BUY_PREREQUISITE = "BUY_PREREQUISITE"
    CONVERT_TRIAL = "CONVERT_TRIAL"
    GET_AGREEMENT = "GET_AGREEMENT"
    GET_PERMISSION = "GET_PERMISSION"
    SIGN_IN_AS_USER = "SIGN_IN_AS_USER"
    CORRECT_PARTNER_ID = "CORRECT_PARTNER_ID"
    VALIDATE_WITH_PARTNER_CENTER = "VALIDATE_WITH_PARTNER_CENTER"
    CHOOSE_EQUIVALENT = "CHOOSE_EQUIVALENT"
    IMPORT_LIST = "IMPORT_LIST"
    LOAD_HOLDINGS = "LOAD_HOLDINGS"


class Alternative(StrEnum):
    """Another way to what the customer wants, where this transition stays shut."""

    BUY_NEW = "BUY_NEW"
    ANOTHER_TARGET = "ANOTHER_TARGET"
    ANOTHER_MODE = "ANOTHER_MODE"


@dataclass(frozen=True, slots=True)
class Remedy:
    """An action that opens the transition, and who takes it."""

    action: RemedyAction
    actor: Actor
    message: str
    role: str | None = None
    """The Partner Center role it needs, where it is ours to do."""
    subscription_id: str | None = None
    """What it is done to, where that is not the subscription that shall move."""
    seats: int | None = None
    """How many seats it leaves, where it changes them."""
    until: date | None = None
    """The day on which it has taken effect, where that is known."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact that a finding rests on."""

    message: str
    subscription_id: str | None = None
    seller: Seller | None = None
    plan_ids: tuple[ServicePlanId, ...] = ()
    source: str | None = None


@dataclass(frozen=True, slots=True)
class PartnerCenterCode:
    """The code that Partner Center itself would answer, by API."""

    api: str
    """UPGRADE, TRANSITION, TARGET_SUBSCRIPTION, MIGRATION or REST."""
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Blocker:
    """A rule's failing answer, whole."""

    code: BlockerCode
    severity: Severity
    subject_kind: SubjectKind
    subject: str
    message: str
    source: str
    step: tuple[CatalogId, CatalogId] | None = None
    """The move it speaks of; None where it speaks of the whole path."""
    parameters: tuple[tuple[str, str], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    """Each opens the transition by itself; empty where nothing does."""
    clears_on: date | None = None
    """The first day on which it no longer holds."""
    alternatives: tuple[Alternative, ...] = ()
    partner_center: tuple[PartnerCenterCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A rule that could not be answered, and the fields that would answer it."""

    rule: str
    fields: tuple[str, ...]
    message: str
    step: tuple[CatalogId, CatalogId] | None = None
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True)
class Assumption:
    """What is taken for granted because only Partner Center knows, and what confirms it."""

    code: str
    message: str
    confirm_with: str
