"""Who acts for the partner, and which roles of Partner Center may do what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from planner.offers import Known


class Role(StrEnum):
    """Roles of Partner Center; the first four are the upgrade page's."""

    USER_MANAGEMENT_ADMIN = "USER_MANAGEMENT_ADMIN"
    ADMIN_AGENT = "ADMIN_AGENT"
    SALES_AGENT = "SALES_AGENT"
    HELPDESK_AGENT = "HELPDESK_AGENT"
    BILLING_ADMIN = "BILLING_ADMIN"
    GLOBAL_ADMIN = "GLOBAL_ADMIN"
    MPN_PARTNER_ADMIN = "MPN_PARTNER_ADMIN"


class PartnerType(StrEnum):
    """How a partner stands in the CSP programme."""

    DIRECT_BILL = "DIRECT_BILL"
    INDIRECT_PROVIDER = "INDIRECT_PROVIDER"
    INDIRECT_RESELLER = "INDIRECT_RESELLER"


class SignIn(StrEnum):
    """With which kind of token Partner Center's API is called."""

    APP_ONLY = "APP_ONLY"
    APP_AND_USER = "APP_AND_USER"


@dataclass(frozen=True, slots=True)
class Acting:
    """Who carries a move out; None where nothing is known of it."""

    roles: frozenset[Role] | None = None
    partner_type: PartnerType | None = None
    sign_in: SignIn | None = None
    granular_roles: frozenset[str] | None = None
    """The customer's Entra roles that GDAP grants us, such as `Directory Writers`."""


ANYONE = Acting()
"""Nothing is known of who acts."""


class Action(StrEnum):
    """What a page of Partner Center names roles for."""

    LEGACY_UPGRADE = "LEGACY_UPGRADE"
    MIGRATION = "MIGRATION"
    SCHEDULE_MIGRATION = "SCHEDULE_MIGRATION"
    CONVERSION = "CONVERSION"
    MANAGE_SUBSCRIPTION = "MANAGE_SUBSCRIPTION"
    ASSIGN_LICENSES = "ASSIGN_LICENSES"
    BILLING_FREQUENCY = "BILLING_FREQUENCY"
    VIEW_PRICES = "VIEW_PRICES"
    MULTICHANNEL = "MULTICHANNEL"


@dataclass(frozen=True, slots=True)
class Permission:
    """What one page says of one action; pages that disagree each keep their row."""

    action: Action
    roles: frozenset[Role]
    """Any one of them is enough."""
    page: str
    """What the page is called, in a reader's words."""
    dated: date | None
    """The day the page speaks for; None where it carries none."""
    source: str


_ADMIN, _SALES = Role.ADMIN_AGENT, Role.SALES_AGENT
_HELPDESK, _USERS = Role.HELPDESK_AGENT, Role.USER_MANAGEMENT_ADMIN
_BILLING, _GLOBAL = Role.BILLING_ADMIN, Role.GLOBAL_ADMIN
_ADMIN_ONLY = {_ADMIN}
_AGENTS = {_ADMIN, _SALES}
_UPGRADERS = {_USERS, _ADMIN, _SALES, _HELPDESK}
_MANAGERS = {_ADMIN, _BILLING, _HELPDESK, _SALES, _GLOBAL}
_BUYERS = {_ADMIN, _SALES, _BILLING, _GLOBAL}


def _in_2023(action: Action, roles: set[Role], section: int, page: str) -> Permission:
    source = f"docs/sources.md {section} (roles)"
    return Permission(action, frozenset(roles), page, date(2023, 10, 23), source)


def _today(action: Action, roles: set[Role], page: str) -> Permission:
    source = "docs/sources.md 0 (roles)"
    return Permission(action, frozenset(roles), page, date(2026, 11, 22), source)


_TAKES_LEGACY = "which takes legacy subscriptions too"
_TELLS_UPGRADES = "the page on managing subscriptions of 2023, which tells how to upgrade"
_MANAGING = "the pages on managing subscriptions, end dates and end of sale"
_ADDONS = "the pages on add-ons, promotions and cancellation"
_OVERVIEW = "the overview of permissions"

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        Action.LEGACY_UPGRADE,
        frozenset(_UPGRADERS),
        "the upgrade page",
        None,
        "upgrade page, roles",
    ),
    _in_2023(Action.LEGACY_UPGRADE, {*_UPGRADERS, _GLOBAL}, 1, "the upgrade page of 2023"),
    _in_2023(
        Action.LEGACY_UPGRADE,
        {_ADMIN, _GLOBAL},
        1,
        f"the transition API of 2023, {_TAKES_LEGACY}",
    ),
    _today(Action.LEGACY_UPGRADE, _ADMIN_ONLY, f"today's transition API, {_TAKES_LEGACY}"),
    _in_2023(Action.MIGRATION, {*_AGENTS, _GLOBAL}, 3, "the migration guide of 2023"),
    _in_2023(
        Action.SCHEDULE_MIGRATION, {*_AGENTS, _GLOBAL}, 3, "the migration schedule API of 2023"
    ),
    _today(Action.SCHEDULE_MIGRATION, _AGENTS, "today's migration schedule API"),
    _in_2023(Action.CONVERSION, _MANAGERS, 2, _TELLS_UPGRADES),
    _in_2023(Action.CONVERSION, {_ADMIN, _GLOBAL}, 2, "the transition API of 2023"),
    _today(Action.CONVERSION, _ADMIN_ONLY, "today's transition API"),
    _in_2023(Action.MANAGE_SUBSCRIPTION, _MANAGERS, 5, _MANAGING),
    _in_2023(Action.MANAGE_SUBSCRIPTION, {*_AGENTS, _GLOBAL}, 5, _ADDONS),
    _in_2023(Action.MANAGE_SUBSCRIPTION, {*_AGENTS, _HELPDESK}, 5, _OVERVIEW),
    _in_2023(
        Action.ASSIGN_LICENSES, {*_UPGRADERS, _GLOBAL}, 5, "the page on licences for many users"
    ),
    _in_2023(
        Action.BILLING_FREQUENCY, {_ADMIN, _BILLING, _GLOBAL}, 5, "the page on billing frequency"
    ),
    _in_2023(
        Action.VIEW_PRICES,
        {*_BUYERS, _USERS, Role.MPN_PARTNER_ADMIN},
        5,
        "the page on pricing and offers",
    ),
    _in_2023(Action.VIEW_PRICES, _BUYERS, 5, _OVERVIEW),
    _in_2023(Action.MULTICHANNEL, {_USERS, _SALES, _GLOBAL}, 6, "the multichannel page"),
)
"""Every page's word, by action, then broadest page first. A page admits exactly its row's roles."""

SHUT_TO_RESELLERS: frozenset[Action] = frozenset(
    {
        Action.LEGACY_UPGRADE,
        Action.MIGRATION,
        Action.SCHEDULE_MIGRATION,
        Action.CONVERSION,
        Action.MANAGE_SUBSCRIPTION,
        Action.BILLING_FREQUENCY,
    }
)
"""What acts on subscriptions: direct-bill partners and providers only [docs/sources.md 5]."""

_BY_PREFERENCE = (
    Role.ADMIN_AGENT,
    Role.SALES_AGENT,
    Role.HELPDESK_AGENT,
    Role.USER_MANAGEMENT_ADMIN,
    Role.BILLING_ADMIN,
    Role.MPN_PARTNER_ADMIN,
    Role.GLOBAL_ADMIN,
)
"""Which of several agreed roles a step names: an agent's before a tenant's administrator."""


def who_may(action: Action) -> tuple[Permission, ...]:
    """Return every page's word on an action, in the order of the table; never empty."""
    return tuple(row for row in PERMISSIONS if row.action is action)


def admitted(action: Action) -> frozenset[Role]:
    """Return the roles that at least one page admits."""
    return _ADMITTED[action]


def agreed(action: Action) -> frozenset[Role]:
    """Return the roles that every page admits; never empty."""
    return _AGREED[action]


_ADMITTED: Mapping[Action, frozenset[Role]] = {
    action: frozenset[Role]().union(*(row.roles for row in who_may(action))) for action in Action
}
_AGREED: Mapping[Action, frozenset[Role]] = {
    action: frozenset(Role).intersection(*(row.roles for row in who_may(action)))
    for action in Action
}


def may(acting: Acting, action: Action) -> Known:
    """Return YES for a role that every page admits, NO where no page admits any.

    UNKNOWN where the roles are not known or the pages disagree on all of them. An indirect
    reseller may not act on subscriptions, whatever the roles; a type not known shuts nothing.
    Source: docs/sources.md 0 to 3, 5 and 6 (roles); 5 (indirect resellers).
    """
    is_reseller = acting.partner_type is PartnerType.INDIRECT_RESELLER
    if is_reseller and action in SHUT_TO_RESELLERS:
        return Known.NO
    if acting.roles is None:
        return Known.UNKNOWN
    if acting.roles & agreed(action):
        return Known.YES
    return Known.UNKNOWN if acting.roles & admitted(action) else Known.NO


def role_for(action: Action) -> Role:
    """Return the role to name for an action: one that every page admits, an agent's first."""
    return next(role for role in _BY_PREFERENCE if role in agreed(action))


def role_title(role: Role) -> str:
    """Return a role as Partner Center writes it, such as `Admin agent`."""
    return "MPN partner admin" if role is Role.MPN_PARTNER_ADMIN else _words(role)


def _words(role: Role) -> str:
    return role.value.replace("_", " ").capitalize()
