"""What can be wrong with the database, in our words: no driver error leaves `db`."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from resolvers.ports import StorageUnavailable


class RoleTooStrong(RuntimeError):
    """The role is a superuser or has BYPASSRLS, or may become one that is or has.

    Every partner could see every other's rows.
    """

    code = "DATABASE_ROLE_TOO_STRONG"

    def __init__(self, role: str) -> None:
        super().__init__(
            f"the database role {role} is a superuser or has BYPASSRLS, or is a member of such a "
            "role, so row-level security does not bind it and partners would see each other's "
            "customers; make a plain role that owns the database: CREATE ROLE offerpath LOGIN "
            "PASSWORD '...' NOSUPERUSER NOBYPASSRLS; CREATE DATABASE offerpath OWNER offerpath;"
        )


class RoleOwnsTables(RuntimeError):
    """The role was to own nothing, and could switch row-level security off for itself."""

    code = "DATABASE_ROLE_OWNS_TABLES"

    def __init__(self, role: str) -> None:
        super().__init__(
            f"the database role {role} owns the database or something in it, may create something "
            "there, makes roles, or is a member of a role of which that is true, so it could "
            "switch row-level security off; where another role migrates, make one that owns "
            "nothing: CREATE ROLE offerpath_app LOGIN PASSWORD '...' NOSUPERUSER NOBYPASSRLS "
            "NOCREATEROLE; what it needs is granted to it at the next start"
        )


class OneRoleForBoth(RuntimeError):
    """The role that is to own nothing is the one that is to own the tables."""

    code = "DATABASE_ONE_ROLE_FOR_BOTH"

    def __init__(self, role: str) -> None:
        super().__init__(
            f"the application and the migrations connect as one role, {role}; where another role "
            "migrates, the application's is one that owns nothing"
        )


class OwnerTooStrong(RuntimeError):
    """The role that is to own the tables is a superuser; nobody else could change them later."""

    code = "DATABASE_OWNER_TOO_STRONG"

    def __init__(self, role: str) -> None:
        super().__init__(
            f"the role {role}, which is to own the tables, is a superuser: what it makes would be "
            "its own, and the owner of the database could not bring it up to date later"
        )


class NotTheOwner(RuntimeError):
    """The role is to bring the tables up to date, and has not the rights that this takes."""

    code = "DATABASE_ROLE_NOT_OWNER"

    def __init__(self, role: str, reason: str) -> None:
        super().__init__(f"the role {role} cannot bring the database up to date: {reason}")


class OtherDatabase(RuntimeError):
    """Another address does not lead to the database of the application's."""

    code = "DATABASE_ADDRESSES_DIFFER"

    def __init__(self, there: str, here: str) -> None:
        which = f"{there}" if there != here else f"{there} of another server"
        super().__init__(
            f"the addresses lead to two databases: one to {which}, that of the application to "
            f"{here}; nothing was changed in either"
        )


class OtherRole(RuntimeError):
    """The address without the pooler is not that of the application's role."""

    code = "DATABASE_ROLES_DIFFER"

    def __init__(self, there: str, here: str) -> None:
        super().__init__(
            f"the address without the pooler connects as the role {there}, and the application as "
            f"{here}: it has to be the same"
        )


class OwnerUnreachable(StorageUnavailable):
    """The database cannot be reached by the address of the role that owns the tables."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"by the address for migrations: {reason}")


class DirectUnreachable(StorageUnavailable):
    """The database cannot be reached by the address without the pooler."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"by the address without the pooler: {reason}")


class DatabaseNotMigrated(RuntimeError):
    """The tables are not those of this version, and the role may not change them."""

    code = "DATABASE_NOT_MIGRATED"

    def __init__(self, migrations: list[str]) -> None:
        super().__init__(
            f"the database lacks the migrations {', '.join(migrations)}, and the role that is "
            "connected owns no tables and cannot apply them"
        )


class ServerTooOld(RuntimeError):
    """The server is older than PostgreSQL 15."""

    code = "DATABASE_TOO_OLD"

    def __init__(self, version: str) -> None:
        super().__init__(f"the server is PostgreSQL {version}; offerpath needs 15 or newer")


class DatabaseFromNewerVersion(RuntimeError):
    """The database was migrated by a newer offerpath, whose tables this one does not know."""

    code = "DATABASE_FROM_NEWER_VERSION"

    def __init__(self, migrations: list[str]) -> None:
        super().__init__(
            f"the database has migrations that this version does not know: {', '.join(migrations)}"
            "; run the newer version, or restore the backup taken before the upgrade"
        )


class MigrationFailed(RuntimeError):
    """A migration could not be applied; nothing of it was kept."""

    code = "DATABASE_MIGRATION_FAILED"


class DatabaseUrlMalformed(ValueError):
    """The database URL cannot be read: postgresql://user:password@host:port/database."""

    code = "DATABASE_URL_MALFORMED"

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class StatementFailed(RuntimeError):
    """The database refused a statement: a fault of ours, or a value it cannot hold."""

    code = "DATABASE_STATEMENT_FAILED"

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__(f"the database refused a statement (SQLSTATE {sqlstate or 'unknown'})")
        self.sqlstate = sqlstate


class UnknownPartner(LookupError):
    """Customers were given for a partner that is not stored; `ensure_partner` comes first."""

    code = "PARTNER_NOT_FOUND"

    def __init__(self, partner_id: str) -> None:
        super().__init__(f"no partner {partner_id} is stored")


_UNREACHABLE = "the database cannot be reached"

# By SQLSTATE or its class [PostgreSQL, appendix A]: conditions that pass, or that an operator
# mends, without a change of the statement.
_UNAVAILABLE = {
    "08": _UNREACHABLE,
    "25006": "the database takes no changes: it is a standby",
    "28": "the database refuses the role or its password",
    "3D000": "there is no such database on the server",
    "40": "the database gave up because of simultaneous changes; try again",
    "53": "the database is out of connections, memory or disk space",
    "55P03": "the database gave up waiting for simultaneous changes; try again",
    "57014": "the database took longer than is allowed",
    "57": "the database is starting, stopping or restarting",
    "58": "the database cannot read or write its files",
}


@contextmanager
def driver_errors_stay_here() -> Iterator[None]:
    """Turn what the driver raises into our errors; the driver's is kept as `__context__`."""
    try:
        yield
    except asyncpg.ClientConfigurationError:
        raise DatabaseUrlMalformed from None
    except asyncpg.PostgresError as error:
        raise _from_server(error.sqlstate) from None
    except asyncpg.DataError:
        raise StatementFailed(None) from None
    except (asyncpg.InterfaceError, ConnectionError, TimeoutError):
        raise StorageUnavailable(_UNREACHABLE) from None
    except asyncpg.InternalClientError:
        # How the driver speaks of a connection that the server ended while it was idle.
        raise StorageUnavailable(_UNREACHABLE) from None


@contextmanager
def connecting() -> Iterator[None]:
    """Turn what the system says of a connection (no host, no socket, no answer) into our error."""
    try:
        yield
    except OSError:
        raise StorageUnavailable(_UNREACHABLE) from None


def _from_server(sqlstate: str | None) -> Exception:
    for known in (sqlstate or "", (sqlstate or "")[:2]):
        if known in _UNAVAILABLE:
            return StorageUnavailable(_UNAVAILABLE[known])
    return StatementFailed(sqlstate)
