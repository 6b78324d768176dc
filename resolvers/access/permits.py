"""What each role may ask of offerpath: one row for each task, with its source.

Partner Center's own actions, and the pages on which they stand, are `planner.permissions`; these
are ours, and follow the page that comes nearest.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from planner.permissions import Action, PartnerType, Role, admitted, role_title
from resolvers.codes.code import Code
from resolvers.problems import BadInput
from resolvers.records.principal import Principal


class Task(StrEnum):
    """What somebody may be permitted to do with offerpath."""

    READ_CATALOG = "READ_CATALOG"
    READ_PRICES = "READ_PRICES"
    READ_CUSTOMERS = "READ_CUSTOMERS"
    READ_ACCOUNTS = "READ_ACCOUNTS"
    IMPORT = "IMPORT"
    EXPORT = "EXPORT"
    SAVE_PLAN = "SAVE_PLAN"
    DECIDE_PLAN = "DECIDE_PLAN"
    MARK_STEP = "MARK_STEP"
    READ_AUDIT = "READ_AUDIT"
    OWN_KEYS = "OWN_KEYS"
    MANAGE_KEYS = "MANAGE_KEYS"


@dataclass(frozen=True, slots=True)
class Permit:
    """Who may do a task: any one of the roles is enough."""

    task: Task
    words: str
    """What it is, after "may not"."""
    roles: frozenset[Role]
    source: str
    shut_to_resellers: bool = False
    """Whether an indirect reseller may not do it, whatever the roles."""


_EVERYBODY = frozenset(Role)
_CUSTOMERS = _EVERYBODY - {Role.MPN_PARTNER_ADMIN}
_AGENTS = frozenset({Role.ADMIN_AGENT, Role.SALES_AGENT, Role.GLOBAL_ADMIN})
_MANAGERS = admitted(Action.MANAGE_SUBSCRIPTION)
_PRICES = admitted(Action.VIEW_PRICES)
_ADMINS = frozenset({Role.ADMIN_AGENT, Role.GLOBAL_ADMIN})
_MANAGING = "docs/sources.md 5 (roles: managing subscriptions)"

PERMITS: tuple[Permit, ...] = (
    Permit(
        Task.READ_CATALOG,
        "read the catalog",
        _EVERYBODY,
        "ours: offers and moves are published without sign-in",
    ),
    Permit(Task.READ_PRICES, "see prices", _PRICES, "docs/sources.md 5 (roles: prices)"),
    Permit(
        Task.READ_CUSTOMERS,
        "see customers, their subscriptions and their plans",
        _CUSTOMERS,
        f"{_MANAGING}; the upgrade page, roles, for User management admins",
    ),
    Permit(
        Task.READ_ACCOUNTS,
        "see the user accounts of customers",
        admitted(Action.ASSIGN_LICENSES),
        "docs/sources.md 5 (roles: licences for many users)",
    ),
    Permit(
        Task.IMPORT,
        "import",
        _AGENTS,
        "ours, after docs/sources.md 5 (roles: those that every page on subscriptions admits)",
    ),
    Permit(
        Task.EXPORT,
        "export reports on customers",
        _MANAGERS & _PRICES,
        f"{_MANAGING}, and prices, which stand in these reports",
    ),
    Permit(
        Task.SAVE_PLAN,
        "save plans",
        _MANAGERS & _PRICES,
        f"{_MANAGING}, and prices, which it holds",
    ),
    Permit(
        Task.DECIDE_PLAN,
        "approve or reject plans",
        admitted(Action.MIGRATION),
        "docs/sources.md 3 (roles: the migration guide)",
        shut_to_resellers=True,
    ),
    Permit(
        Task.MARK_STEP,
        "mark the steps of plans",
        _MANAGERS,
        _MANAGING,
        shut_to_resellers=True,
    ),
    Permit(Task.READ_AUDIT, "read the audit", _ADMINS, "ours: admin agents"),
    Permit(Task.OWN_KEYS, "have API keys", _EVERYBODY, "ours: a key may do no more than its maker"),
    Permit(Task.MANAGE_KEYS, "see or revoke the keys of others", _ADMINS, "ours: admin agents"),
)
"""The matrix, one row for each task. An indirect reseller acts on no subscription
[docs/sources.md 5]; it reads, imports and plans all the same."""

_OF_TASK: Mapping[Task, Permit] = {row.task: row for row in PERMITS}


class NotPermitted(BadInput):
    """Whoever asks may not do this; nothing was looked up, so nothing is told by it."""

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(Code.NOT_PERMITTED, message, remedy=remedy)


def is_permitted(principal: Principal, task: Task) -> bool:
    """Return whether a principal may do a task."""
    row = _OF_TASK[task]
    if row.shut_to_resellers and principal.partner_type is PartnerType.INDIRECT_RESELLER:
        return False
    return not row.roles.isdisjoint(principal.roles)


def require(principal: Principal, task: Task) -> None:
    """Do nothing where a principal may do a task. Raises: NotPermitted."""
    if is_permitted(principal, task):
        return
    row = _OF_TASK[task]
    if row.roles & principal.roles:
        raise NotPermitted(
            f"An indirect reseller may not {row.words}",
            remedy="Ask your indirect provider, who acts on the subscriptions",
        )
    held = ", ".join(sorted(map(role_title, principal.roles))) or "none"
    wanted = ", ".join(sorted(map(role_title, row.roles)))
    raise NotPermitted(
        f"You may not {row.words}; your roles: {held}",
        remedy=f"Ask somebody who has one of these roles, or have it given to you: {wanted}",
    )


TABLE_BEGIN = "<!-- permits: python -m resolvers.access.permits -->"
TABLE_END = "<!-- /permits -->"


def permits_table() -> str:
    """Return the matrix as the Markdown table that stands in docs/permissions.md."""
    rows = [
        f"| `{row.task}` | {_titles(row.roles)} | {'no' if row.shut_to_resellers else 'yes'} "
        f"| {row.source} |\n"
        for row in PERMITS
    ]
    head = "| task | any of these roles | indirect resellers too | source |\n|---|---|---|---|\n"
    return head + "".join(rows)


def _titles(roles: frozenset[Role]) -> str:
    if roles == frozenset(Role):
        return "every role"
    return ", ".join(sorted(map(role_title, roles)))


if __name__ == "__main__":
    sys.stdout.write(permits_table())
