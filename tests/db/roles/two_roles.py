"""A database with its owner, and a role beside that owns nothing: tools for the tests."""

from typing import TypeAlias
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

from db.migrate import bring_up_to_date
from db.pool import Database
from tests.conftest import PostgresServer, with_database

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Two:
    """An empty database with its owner, and a role beside that owns nothing."""

    def __init__(
        self, server: PostgresServer, admin: Connection, *, role: str | None = None
    ) -> None:
        # A name that has to be quoted wherever it stands.
        self.name, self.role = f"test_{uuid4().hex}", role or f'App "{uuid4().hex}"'
        self.server, self.admin = server, admin
        self.owner_url = with_database(server.url, self.name)
        self.admin_url = with_database(server.admin_url, self.name)
        parts = urlsplit(self.owner_url)
        quoted = self.role.replace(" ", "%20").replace('"', "%22")
        self.url = parts._replace(netloc=f"{quoted}:x@{parts.hostname}:{parts.port}").geturl()

    @property
    def quoted(self) -> str:
        return '"' + self.role.replace('"', '""') + '"'

    async def make(self, *, with_role: bool = True) -> None:
        owner = urlsplit(self.server.url).username
        if with_role:
            await self.admin.execute(f"create role {self.quoted} login password 'x'")
        await self.admin.execute(f'create database {self.name} owner "{owner}"')

    async def drop(self, *, with_role: bool = True) -> None:
        await self.admin.execute(f"drop database {self.name} with (force)")
        if with_role:
            await self.admin.execute(f"drop role {self.quoted}")

    async def do(self, statement: str) -> None:
        connection = await asyncpg.connect(self.admin_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


async def update(two: Two) -> int:
    """Do what a start does, with both addresses."""
    database = await Database.open(two.url, max_size=1)
    try:
        return await bring_up_to_date(database, url=two.url, owner_url=two.owner_url)
    finally:
        await database.close()
