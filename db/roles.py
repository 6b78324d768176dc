"""What is the role that is connected bound to, and how many connections may it open?"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from db.errors import RoleOwnsTables, RoleTooStrong
from db.statements import SQL

if TYPE_CHECKING:
    from db.statements import Connection


@dataclass(frozen=True, slots=True)
class DatabaseRole:
    """The role of a connection, with all that it may become by its memberships."""

    name: str
    is_owner: bool
    """Whether it owns the database, or a table or a function of it."""
    may_create: bool
    """Whether it may make tables, schemas or roles."""

    @classmethod
    async def of(cls, connection: "Connection") -> Self:
        """Return the connected one. Raises: RoleTooStrong, where row security binds it not."""
        row = await SQL.role_strength(connection)
        if row["is_superuser"] or row["bypasses"]:
            raise RoleTooStrong(row["role_name"])
        return cls(row["role_name"], row["is_owner"], row["may_create"])

    def own_nothing(self) -> None:
        """Raises: RoleOwnsTables, where it does or could."""
        if self.is_owner or self.may_create:
            raise RoleOwnsTables(self.name)


@dataclass(frozen=True, slots=True)
class ConnectionRoom:
    """How many connections the server has for everybody, and for whom some are kept."""

    most: int
    reserved: int
    """Of them, those kept for superusers and other roles with privileges."""
    most_of_database: int | None
    """What the database has for itself; None where nothing keeps it to less."""
    most_of_role: int | None

    @classmethod
    async def of(cls, connection: "Connection") -> Self:
        """Return what holds for the connected role."""
        return cls(**await SQL.connection_room(connection))

    @property
    def usable(self) -> int:
        """Connections that the role may have at most, if nobody else had any."""
        limits = (self.most - self.reserved, self.most_of_database, self.most_of_role)
        return min(limit for limit in limits if limit is not None)
