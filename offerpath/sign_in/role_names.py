"""How roles are named by whoever gives them: our names, Partner Center's titles, its groups."""

from collections.abc import Mapping

from planner.permissions import Role, role_title

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1"
BILLING_ADMINISTRATOR = "b0f54661-2d74-4c50-afa3-1ec803f12efe"

DIRECTORY_ROLES: Mapping[str, Role] = {
    GLOBAL_ADMINISTRATOR: Role.GLOBAL_ADMIN,
    USER_ADMINISTRATOR: Role.USER_MANAGEMENT_ADMIN,
    BILLING_ADMINISTRATOR: Role.BILLING_ADMIN,
}
"""The directory roles that Partner Center takes for its own, by Entra's template ids; the other
roles of Partner Center are groups. Source: docs/sources.md 5 (whose roles they are)."""


def role_named(text: str) -> Role | None:
    """Return the role of a name such as `ADMIN_AGENT`, `Admin agent` or `AdminAgents`."""
    # Letters that only fold to ours, such as a dotted capital I, make another name.
    return _NAMES.get(_folded(text)) if text.isascii() else None


def _folded(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())


def _names(role: Role) -> set[str]:
    folded = {_folded(role.value), _folded(role_title(role))}
    # Partner Center keeps its agents in groups called AdminAgents, SalesAgents, HelpdeskAgents.
    return folded | {f"{name}s" for name in folded if name.endswith("agent")}


_NAMES: Mapping[str, Role] = {name: role for role in Role for name in _names(role)}
