"""What may the application's role do with which table? Nothing but what its statements need.

Its name is the installation's own, and neither roles nor their passwords travel in a dump; so this
is compared at every start, by the role that owns the tables, and is no migration.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from db.errors import OneRoleForBoth, RoleOwnsTables
from db.statements import SQL

if TYPE_CHECKING:
    import asyncpg

    from db.statements import Connection

_READ: Final = ("select",)
_ADD: Final = ("select", "insert")
_REPLACE: Final = ("select", "insert", "delete")

GRANTS: Final = {
    "_pogo_migration": _READ,
    "account": _REPLACE,
    "account_list": (*_ADD, "update (state, as_of)"),
    "api_key": (*_ADD, "update (roles, revoked_at, revoked_by, last_used_at)"),
    "audit_entry": _ADD,
    "catalog_version": _ADD,
    "claim": _ADD,
    "common_plan": _ADD,
    "conflict": _ADD,
    "coverage": _ADD,
    "customer": (
        *_ADD,
        "update (name, domain, market, segment, agreement, delegated_admin, folded)",
    ),
    "holdings": (*_ADD, "update (state, as_of)"),
    "job": (*_REPLACE, "update (phase, done, total, state, code, changed_at)"),
    "key_maker": (*_ADD, "update (roles, told_at)"),
    "missing_list": _ADD,
    "offer": _ADD,
    "partner": (*_ADD, "update (name)"),
    "plan": _ADD,
    "plan_event": _ADD,
    "prerequisite": _ADD,
    "price": _ADD,
    "product": _ADD,
    "sale_end": _ADD,
    "seat_cap": _ADD,
    "service_family": _ADD,
    "service_plan": _ADD,
    "source": _ADD,
    "subscription": _REPLACE,
    "transition_window": _ADD,
}
"""Rights by table, as GRANT takes them; on a table that is not here there are none."""


class Right(NamedTuple):
    """One right on a table, or on a column of it."""

    table: str
    privilege: str
    column: str | None


async def refuse_ourselves(connection: "asyncpg.Connection[Any]", role: str) -> None:
    """Raises: OneRoleForBoth of the connected role; RoleOwnsTables of one that may become it."""
    if role == await SQL.connected_role(connection):
        raise OneRoleForBoth(role)
    if await SQL.is_member_of_us(connection, role_name=role):
        raise RoleOwnsTables(role)


async def is_granted(connection: "asyncpg.Connection[Any] | Connection", role: str) -> bool:
    """Tell whether the role has all rights of `GRANTS`, and neither it nor everybody any other."""
    rows = [row async for row in SQL.rights_of(connection, role_name=role)]
    if any(row["is_everybodys"] for row in rows):
        return False
    found = {Right(row["table_name"], row["privilege"], row["column_name"]) for row in rows}
    beside = await SQL.rights_beside_tables(connection, role_name=role)
    may_less = beside["may_use"] and not beside["may_create"]
    makes_temporary = beside["may_make_temporary"] and beside["is_our_database"]
    return found == set(wanted()) and may_less and not makes_temporary


async def grant(connection: "asyncpg.Connection[Any]", role: str) -> None:
    """Give the role what it needs and take everything else, all at once for those who work on."""
    beside = await SQL.rights_beside_tables(connection, role_name=role)
    async with connection.transaction():
        for statement in _statements(beside):
            await connection.execute(statement)


def _statements(beside: Any) -> Iterator[str]:
    role, database = beside["role_quoted"], beside["database_quoted"]
    for what in ("all tables in schema public", "all sequences in schema public"):
        yield f"revoke all on {what} from public, {role}"
    for table, rights in GRANTS.items():
        yield f"grant {', '.join(rights)} on public.{table} to {role}"
    if not beside["may_use"]:
        yield f"grant usage on schema public to {role}"
    if beside["may_create"]:
        yield f"revoke create on schema public from public, {role}"
    if beside["may_make_temporary"] and beside["is_our_database"]:
        yield f"revoke temporary on database {database} from public, {role}"


def wanted() -> Iterator[Right]:
    """Yield every single right of `GRANTS`."""
    for table, rights in GRANTS.items():
        for right in rights:
            privilege, _, columns = right.partition(" (")
            for column in _columns(columns):
                yield Right(table, privilege, column)


def _columns(listed: str) -> Iterable[str | None]:
    return listed.removesuffix(")").split(", ") if listed else (None,)
