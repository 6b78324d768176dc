"""Customers and what they hold, read from a file and stored whole or not at all."""

import asyncio
from dataclasses import dataclass

from resolvers.asked import Asked
from resolvers.ports import ImportReader, UnknownCustomer
from resolvers.problems import NotFound, customer_not_found
from resolvers.records import FileNotice, ImportCounts, ImportFile, RefusedFile


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import stored, and what it kept though it did not know it."""

    kind: str
    rows: int
    counts: ImportCounts
    notices: tuple[FileNotice, ...]


async def import_customers(
    asked: Asked, file: ImportFile, read: ImportReader
) -> Imported | RefusedFile | NotFound:
    """Read a file and store it in one transaction, or say why none of it is stored."""
    parsed = await asyncio.to_thread(read, file)
    if isinstance(parsed, RefusedFile):
        return parsed
    try:
        counts = await asked.customers.store(asked.principal, parsed.changes)
    except UnknownCustomer as error:
        return customer_not_found(error.customer_id)
    return Imported(parsed.kind, parsed.rows, counts, parsed.notices)
