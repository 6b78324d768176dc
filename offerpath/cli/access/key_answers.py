"""What `offerpath key` shows of API keys."""

from datetime import datetime
from typing import Any

from rich.table import Table

from offerpath.cli.exits import Exit, Missing
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from resolvers.access import api_keys
from resolvers.access.api_keys import KeyRefused, KeyState, KeyWish
from resolvers.problems import BadInput, NotFound
from resolvers.records.keys import ApiKey


async def answer_create(house: House, *, wish: KeyWish, as_json: bool) -> Exit:
    asked = await house.asked()
    made = await api_keys.create_key(asked, wish)
    if isinstance(made, KeyRefused):
        raise BadInput(made.code, made.message, remedy=made.remedy)
    if as_json:
        show_json(_told(made.key, asked.now) | {"token": made.text.written()})
        return Exit.ANSWERED
    show(
        f"{made.key.name} ({made.key.key_id}), until {_day(made.key.expires_at)}",
        f"roles: {_roles(made.key)}",
        "",
        made.text.written(),
        "",
        "Keep it like a password: it is not shown again. Scripts send it as "
        "`Authorization: Bearer`, the command line takes it as OFFERPATH_TOKEN.",
    )
    return Exit.ANSWERED


async def answer_list(house: House, *, everybody: bool, first: int, as_json: bool) -> Exit:
    asked = await house.asked()
    page = await api_keys.keys(asked, first=first, everybody=everybody)
    if as_json:
        told = [_told(key, asked.now) for key in page.keys]
        show_json({"apiKeys": told, "total": page.total})
        return Exit.ANSWERED
    if not page.keys:
        show("No API keys.")
        return Exit.ANSWERED
    show(_table(page.keys, asked.now))
    if page.has_next:
        show(f"{page.total - len(page.keys)} more; --first shows more at once.")
    return Exit.ANSWERED


async def answer_revoke(house: House, *, key_id: str, as_json: bool) -> Exit:
    asked = await house.asked()
    found = await api_keys.revoke_key(asked, key_id)
    if isinstance(found, NotFound):
        raise Missing(found)
    if isinstance(found, KeyRefused):
        raise BadInput(found.code, found.message, remedy=found.remedy)
    if as_json:
        show_json(_told(found, asked.now))
        return Exit.ANSWERED
    show(f"{found.name} ({found.key_id}) was revoked at {_instant(found.revoked_at)}.")
    return Exit.ANSWERED


def _table(keys: tuple[ApiKey, ...], now: datetime) -> Table:
    # Loads the planner, which --help does without.
    from offerpath.cli.catalog.tables import table

    rows = (
        (
            key.name,
            key.key_id,
            api_keys.state_of(key, now),
            _day(key.expires_at),
            "never" if key.last_used_at is None else _instant(key.last_used_at),
            _roles(key),
            key.owner_label or key.owner_id,
        )
        for key in keys
    )
    return table("Name", "ID", "STATE", "Until", "Last used", "Roles", "Of", rows=rows)


def _told(key: ApiKey, now: datetime) -> dict[str, Any]:
    state: KeyState = api_keys.state_of(key, now)
    return {
        "keyId": key.key_id,
        "name": key.name,
        "state": state,
        "roles": sorted(key.roles),
        "owner": {"id": key.owner_id, "label": key.owner_label},
        "createdAt": key.created_at,
        "expiresAt": key.expires_at,
        "lastUsedAt": key.last_used_at,
        "revokedAt": key.revoked_at,
    }


def _roles(key: ApiKey) -> str:
    return ", ".join(sorted(key.roles))


def _day(instant: datetime) -> str:
    return instant.date().isoformat()


def _instant(instant: datetime | None) -> str:
    return "" if instant is None else instant.isoformat(timespec="seconds").replace("+00:00", "Z")
