"""The audit as GraphQL shows it: who asked to import, export, decide, and when."""

from typing import Annotated

import strawberry

from planner.permissions import Role
from resolvers.access import audit as use_cases
from resolvers.records.audit import AuditAction, AuditMark
from resolvers.records.audit import AuditEntry as Entry
from resolvers.records.principal import ActorKind
from schema.context import Info
from schema.limits.arguments import PAGE, First
from schema.relay.connections import Connection, connect
from schema.relay.cursors import decode_dated_cursor, encode_cursor
from schema.relay.node import Node, global_id
from schema.scalars import Instant

strawberry.enum(
    AuditAction,
    description="What is written down whenever somebody asks for it, permitted or not.",
)
_AUDIT = "audit"


@strawberry.type(description="One time that somebody asked for something; it never changes.")
class AuditEntry(Node):
    entry_id: str = strawberry.field(description="The entry's own id, a GUID.")
    at: Instant = strawberry.field(description="When it was asked, before anything was done.")
    action: AuditAction = strawberry.field(description="What was asked for.")
    subject: str = strawberry.field(
        description="What it was about: the id of a plan, customer or key, a report's or a file's "
        "name."
    )
    is_permitted: bool = strawberry.field(
        description="Whether the roles admitted it. What came of it the thing's own history tells."
    )
    actor_kind: ActorKind = strawberry.field(description="By what the asker was recognised.")
    actor_id: str = strawberry.field(
        description="The asker's id in the partner's tenant; empty where sign-in is off."
    )
    actor_label: str = strawberry.field(description="The asker's or the key's name; may be empty.")
    key_id: str | None = strawberry.field(description="The API key that was shown, if one was.")
    roles: list[Role] = strawberry.field(description="The roles held then, in order.")
    address: str | None = strawberry.field(
        description="The network address it came from; null for the command line."
    )


AuditEntryConnection = Connection[AuditEntry]


def show_entry(entry: Entry) -> AuditEntry:
    return AuditEntry(
        id=global_id("AuditEntry", entry.entry_id),
        entry_id=entry.entry_id,
        at=Instant(entry.at),
        action=entry.action,
        subject=entry.subject,
        is_permitted=entry.is_permitted,
        actor_kind=entry.actor_kind,
        actor_id=entry.actor_id,
        actor_label=entry.actor_label,
        key_id=entry.key_id,
        roles=sorted(entry.roles),
        address=entry.address,
    )


@strawberry.type
class AuditQuery:
    @strawberry.field(
        description="Who asked to import, export, save, decide or make keys, newest first: for "
        "admin agents."
    )
    async def audit_entries(
        self,
        info: Info,
        action: Annotated[
            AuditAction | None, strawberry.argument(description="This action alone.")
        ] = None,
        first: First = PAGE,
        after: str | None = None,
    ) -> AuditEntryConnection:
        mark = None if after is None else AuditMark(*decode_dated_cursor(_AUDIT, after))
        page = await use_cases.audit_entries(
            info.context.asked, action=action, first=first, after=mark
        )
        return connect(
            page.entries,
            cursor=lambda one: encode_cursor(_AUDIT, one.at.isoformat(), one.entry_id),
            node=show_entry,
            has_next=page.has_next,
            total=page.total,
            after=after,
        )
