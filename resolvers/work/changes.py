"""What followers of a partner's data are told: that something changed, and which ids to read."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import StrEnum

from resolvers import inputs
from resolvers.access.permits import Task
from resolvers.asked import Asked
from resolvers.codes.code import Code
from resolvers.ports import Changes
from resolvers.problems import BadInput
from resolvers.records.changes import RESYNC, ChangeKind


class Reason(StrEnum):
    """Why a follower is told."""

    BEGUN = "BEGUN"
    """Following has begun: what was read before may be older than what is stored."""
    CHANGED = "CHANGED"
    RESYNC = "RESYNC"
    """Changes may have been missed: read anew whatever is shown."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a follower is told; the first is always BEGUN."""

    reason: Reason
    ids: tuple[str, ...] = ()
    """For CHANGED the ids of the change, as its kind has them; else empty: it may be anything."""


async def changes_of(asked: Asked, changes: Changes, kind: ChangeKind) -> AsyncGenerator[Told]:
    """Yield BEGUN, then every change of one kind and every RESYNC. Nothing is missed after BEGUN.

    Raises: NotPermitted, before the first one.
    """
    asked.require(Task.READ_CATALOG if kind is ChangeKind.CATALOG else Task.READ_CUSTOMERS)
    with changes.follow(asked.principal) as news:
        yield Told(Reason.BEGUN)
        async for each in news:
            if each is RESYNC:
                yield Told(Reason.RESYNC)
            elif each.kind is kind:
                yield Told(Reason.CHANGED, each.ids)


async def plan_changes(
    asked: Asked, changes: Changes, *, plan_id: str | None, customer_id: str | None
) -> AsyncGenerator[Told]:
    """Yield what becomes of one plan, or of all plans of a customer; ids are plan and customer.

    Raises: BadInput PLAN_OR_CUSTOMER, MALFORMED_ID; NotPermitted; before the first one.
    """
    if (plan_id is None) == (customer_id is None):
        raise BadInput(
            Code.PLAN_OR_CUSTOMER,
            "Say whose changes you want: `planId` or `customerId`, one of them",
        )
    wanted = (
        inputs.guid(plan_id, what="plan")
        if plan_id is not None
        else inputs.guid(customer_id or "", what="customer")
    )
    async for told in changes_of(asked, changes, ChangeKind.PLAN):
        if told.reason is not Reason.CHANGED or wanted in told.ids:
            yield told
