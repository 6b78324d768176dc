"""Customers and what they hold, read from a file and stored whole or not at all."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from planner.customers import Customer
from resolvers.asked import Asked
from resolvers.ports import ImportReader, UnknownCustomer
from resolvers.problems import BadInput, NotFound, customer_not_found
from resolvers.records import (
    CustomerImport,
    FileNotice,
    FileProblem,
    HoldingsChange,
    ImportCounts,
    ImportFile,
    RefusedFile,
)

_CLOCKS_DIFFER = timedelta(days=1)


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
    """Read a file and store it in one transaction, or say why none of it is stored.

    Raises: BadInput AS_OF_IN_THE_FUTURE.
    """
    if file.as_of > asked.now + _CLOCKS_DIFFER:
        raise BadInput("AS_OF_IN_THE_FUTURE", f"`asOf` is {file.as_of.isoformat()}, in the future")
    parsed = await asyncio.to_thread(read, file)
    if isinstance(parsed, RefusedFile):
        return parsed
    older = await _older_than_stored(asked, parsed.changes)
    older += await _older_accounts(asked, parsed.changes)
    if older:
        return RefusedFile(
            "OLDER_THAN_STORED", "What is stored of these customers is newer than the file", older
        )
    try:
        counts = await asked.customers.store(asked.principal, parsed.changes)
    except UnknownCustomer as error:
        return customer_not_found(error.customer_id)
    return Imported(parsed.kind, parsed.rows, counts, parsed.notices)


async def _older_than_stored(asked: Asked, changes: CustomerImport) -> tuple[FileProblem, ...]:
    """Name the customers of whom newer holdings are stored: an old list must not hide them."""
    ids = tuple({change.customer_id for change in changes.holdings})
    stored = await asked.customers.customers(asked.principal, ids)
    return tuple(
        FileProblem(
            "OLDER_THAN_STORED",
            f"the holdings of {stored[change.customer_id].name} are stored as of {known}",
            None,
            "",
        )
        for change in changes.holdings
        if change.customer_id in stored
        and (known := _as_of(stored[change.customer_id], change)) is not None
        and change.as_of < known
    )


async def _older_accounts(asked: Asked, changes: CustomerImport) -> tuple[FileProblem, ...]:
    """Name the customers of whom a newer list of user accounts is stored."""
    ids = tuple(change.customer_id for change in changes.accounts)
    stored = await asked.customers.account_lists(asked.principal, ids) if ids else {}
    return tuple(
        FileProblem(
            "OLDER_THAN_STORED",
            f"the user accounts of {change.customer_id} are stored as of {info.as_of}",
            None,
            "",
        )
        for change in changes.accounts
        if (info := stored.get(change.customer_id)) is not None
        and info.as_of is not None
        and change.as_of < info.as_of
    )


def _as_of(customer: Customer, change: HoldingsChange) -> datetime | None:
    holdings = customer.holdings
    return holdings.foreign_as_of if change.is_foreign else holdings.own_as_of
