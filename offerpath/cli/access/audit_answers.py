"""What `offerpath audit` shows."""

from typing import Any

from rich.table import Table

from offerpath.cli.exits import Exit
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from resolvers.access.audit import audit_entries
from resolvers.records.audit import AuditAction, AuditEntry
from resolvers.records.principal import ActorKind


async def answer_audit(
    house: House, *, action: AuditAction | None, first: int, as_json: bool
) -> Exit:
    page = await audit_entries(await house.asked(), action=action, first=first, after=None)
    if as_json:
        show_json({"entries": [_told(one) for one in page.entries], "total": page.total})
        return Exit.ANSWERED
    if not page.entries:
        show("Nothing was asked for yet.")
        return Exit.ANSWERED
    show(_table(page.entries))
    if page.has_next:
        show(f"{page.total - len(page.entries)} more; --first shows more at once.")
    return Exit.ANSWERED


def _table(entries: tuple[AuditEntry, ...]) -> Table:
    # Loads the planner, which --help does without.
    from offerpath.cli.catalog.tables import table

    rows = (
        (
            one.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            one.action,
            one.subject,
            "yes" if one.is_permitted else "no",
            _who(one),
            one.address or "command line",
        )
        for one in entries
    )
    return table("At", "ACTION", "ABOUT", "Permitted", "By", "From", rows=rows)


def _who(entry: AuditEntry) -> str:
    if entry.actor_kind is ActorKind.LOCAL:
        return "this installation"
    name = entry.actor_label or entry.actor_id
    return name if entry.key_id is None else f"{name} (key {entry.key_id})"


def _told(entry: AuditEntry) -> dict[str, Any]:
    return {
        "entryId": entry.entry_id,
        "at": entry.at,
        "action": entry.action,
        "subject": entry.subject,
        "isPermitted": entry.is_permitted,
        "actor": {"kind": entry.actor_kind, "id": entry.actor_id, "label": entry.actor_label},
        "keyId": entry.key_id,
        "roles": sorted(entry.roles),
        "address": entry.address,
    }
