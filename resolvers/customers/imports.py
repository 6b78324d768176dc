"""Customers and what they hold, read from a file and stored whole or not at all."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from planner.customers import Customer
from resolvers import inputs
from resolvers.access.audit import ask_to
from resolvers.asked import Asked
from resolvers.codes.code import Code
from resolvers.ports import HeldByOthers, ImportReader, UnknownCustomer
from resolvers.problems import BadInput, NotFound, customer_not_found
from resolvers.records.audit import AuditAction
from resolvers.records.customers import HeldElsewhere
from resolvers.records.imports import (
    CustomerImport,
    FileNotice,
    FileProblem,
    HoldingsChange,
    ImportCounts,
    ImportFile,
    RefusedFile,
)
from resolvers.records.jobs import JobKind, JobPhase
from resolvers.records.principal import ActorKind
from resolvers.work import jobs

_CLOCKS_DIFFER = timedelta(days=1)
_HELD_BY_ANOTHER = Code.HELD_BY_ANOTHER_CUSTOMER


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import stored, and what it kept though it did not know it."""

    kind: str
    rows: int
    counts: ImportCounts
    notices: tuple[FileNotice, ...]


async def import_customers(
    asked: Asked, file: ImportFile, read: ImportReader, *, job_id: str | None = None
) -> Imported | RefusedFile | NotFound:
    """Read a file and store it in one transaction, or say why none of it is stored.

    With an id of the client's choice others can follow it as a job. Raises: BadInput
    AS_OF_IN_THE_FUTURE, MALFORMED_ID, JOB_ID_IN_USE; NotPermitted.
    """
    await ask_to(asked, AuditAction.IMPORT, subject=file.name)
    if file.as_of > asked.now + _CLOCKS_DIFFER:
        raise BadInput(
            Code.AS_OF_IN_THE_FUTURE, f"`asOf` is {file.as_of.isoformat()}, in the future"
        )
    ours = _of_the_asker(asked, file)
    async with jobs.work(asked, job_id, JobKind.IMPORT, JobPhase.READING) as job:
        answer = await _import(asked, ours, read, job)
        if not isinstance(answer, Imported):
            job.refuse(answer.code)
        return answer


def _of_the_asker(asked: Asked, file: ImportFile) -> ImportFile:
    """Return the file with its ids in their one form. Raises: BadInput MALFORMED_ID."""
    customer, partner = file.customer_id, file.partner_tenant_id
    return replace(
        file,
        customer_id=None if customer is None else inputs.guid(customer, what="customer"),
        partner_tenant_id=_own_tenant(asked)
        if partner is None
        else inputs.guid(partner, what="partner"),
    )


def _own_tenant(asked: Asked) -> str | None:
    """Return the partner's own tenant, where somebody signed in; by it Graph tells who sold what.

    Without sign-in the local partner's id may be made up, and only a setting tells the tenant.
    """
    principal = asked.principal
    return None if principal.actor.kind is ActorKind.LOCAL else principal.partner_id


async def _import(
    asked: Asked, file: ImportFile, read: ImportReader, job: jobs.Work
) -> Imported | RefusedFile | NotFound:
    parsed = await asyncio.to_thread(read, file)
    if isinstance(parsed, RefusedFile):
        return parsed
    job.at(JobPhase.CHECKING, total=parsed.rows)
    older = await _older_than_stored(asked, parsed.changes)
    older += await _older_accounts(asked, parsed.changes)
    if older:
        return RefusedFile(
            Code.OLDER_THAN_STORED,
            "What is stored of these customers is newer than the file",
            older,
        )
    job.at(JobPhase.STORING, total=parsed.rows)
    try:
        counts = await asked.customers.store(asked.principal, parsed.changes)
    except UnknownCustomer as error:
        return customer_not_found(error.customer_id)
    except HeldByOthers as error:
        return _held_by_others(error.held)
    job.at(JobPhase.STORING, done=parsed.rows, total=parsed.rows)
    return Imported(parsed.kind, parsed.rows, counts, parsed.notices)


def _held_by_others(held: tuple[HeldElsewhere, ...]) -> RefusedFile:
    """Partner Center's ids are unique, so that one of the two lists is another customer's."""
    return RefusedFile(
        _HELD_BY_ANOTHER,
        "Another customer has subscriptions of this file, and what is stored stays; where the "
        "stored list is the wrong one, import that customer's own list first, or both together",
        tuple(
            FileProblem(
                _HELD_BY_ANOTHER,
                f"subscription {one.subscription_id} is held by {one.customer_name} "
                f"({one.customer_id})",
                None,
                "",
            )
            for one in held
        ),
    )


async def _older_than_stored(asked: Asked, changes: CustomerImport) -> tuple[FileProblem, ...]:
    """Name the customers of whom newer holdings are stored: an old list must not hide them."""
    ids = tuple({change.customer_id for change in changes.holdings})
    stored = await asked.customers.customers(asked.principal, ids)
    return tuple(
        FileProblem(
            Code.OLDER_THAN_STORED,
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
            Code.OLDER_THAN_STORED,
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
