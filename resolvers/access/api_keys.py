"""Personal API keys: making one, listing them, revoking one, and knowing one that is shown."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from unicodedata import category
from uuid import uuid4

from planner.permissions import Role, role_title
from resolvers import inputs
from resolvers.access.audit import ask_to
from resolvers.access.key_text import KeyText, new_key_text, read_key_text
from resolvers.access.permits import Task, is_permitted
from resolvers.asked import Asked
from resolvers.codes.code import Code
from resolvers.ports import ApiKeyStore
from resolvers.problems import BadInput, NotFound, limits, out_of_range
from resolvers.records.audit import AuditAction
from resolvers.records.keys import Adding, ApiKey, ApiKeyMark, ApiKeyPage, HashedKey
from resolvers.records.principal import Actor, ActorKind, Principal

DEFAULT_DAYS = 90
MAX_DAYS = 365
MAX_NAME = 100
MAX_KEYS = 50
"""Live keys of one person."""
_NOTED_AGAIN = timedelta(minutes=1)


class KeyState(StrEnum):
    """Whether a key is taken."""

    LIVE = "LIVE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made, with the text that is shown this once."""

    key: ApiKey
    text: KeyText


@dataclass(frozen=True, slots=True)
class KeyRefused:
    """Why no key is made or revoked, or why one that was shown is not taken.

    Users expect it now and then.
    """

    code: Code
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class KeyWish:
    """What somebody wants of a new key."""

    name: str
    roles: Collection[Role] | None = None
    """All that the maker has where None."""
    days: int = DEFAULT_DAYS


def state_of(key: ApiKey, now: datetime) -> KeyState:
    """Return whether a key is taken now."""
    if key.revoked_at is not None:
        return KeyState.REVOKED
    return KeyState.EXPIRED if key.expires_at <= now else KeyState.LIVE


def _key_not_found(key_id: str) -> NotFound:
    return NotFound(
        Code.API_KEY_NOT_FOUND, f"You have no API key {key_id}", key_id, "List your keys"
    )


async def create_key(asked: Asked, wish: KeyWish) -> NewKey | KeyRefused:
    """Make a key with no role that its maker has not. Raises: NotPermitted; BadInput.

    Nobody who is not signed in has one: it would open the server once sign-in is on, and no
    sign-in would ever take a role from it.
    """
    principal = asked.principal
    text = new_key_text(principal.partner_id, str(uuid4()))
    await ask_to(asked, AuditAction.CREATE_KEY, subject=text.key_id)
    if principal.actor.kind is ActorKind.KEY:
        return KeyRefused(
            Code.KEY_MAKES_NO_KEYS,
            "An API key may not make API keys",
            "Sign in yourself to make one",
        )
    name, days = _name(wish.name), _days(wish.days)
    roles = frozenset(principal.roles if wish.roles is None else wish.roles)
    if refused := _refused_roles(principal, roles):
        return refused
    if principal.actor.kind is ActorKind.LOCAL:
        raise BadInput(Code.KEY_NEEDS_SIGN_IN, "Sign-in is off, so a key would be nobody's")
    key = ApiKey(
        text.key_id,
        principal.actor.actor_id,
        principal.actor.label,
        name,
        roles,
        principal.partner_type,
        asked.now,
        asked.now + timedelta(days=days),
    )
    added = await asked.stores.keys.add(principal, HashedKey(key, text.digest), limit=MAX_KEYS)
    return _not_added(added) or NewKey(key, text)


def _not_added(added: Adding) -> KeyRefused | None:
    match added:
        case Adding.ADDED:
            return None
        case Adding.TOO_MANY:
            return KeyRefused(
                Code.TOO_MANY_KEYS, f"You have {MAX_KEYS} API keys", "Revoke one that is not used"
            )
        case Adding.ROLE_LOST:
            return KeyRefused(
                Code.KEY_ROLE_NOT_HELD,
                "A key has no role that its maker has not: since this sign-in you lost one of them",
                "Sign in again, and ask for roles that you still have",
            )


def _refused_roles(principal: Principal, roles: frozenset[Role]) -> KeyRefused | None:
    missing = ", ".join(sorted(map(role_title, roles - principal.roles)))
    if missing:
        return KeyRefused(
            Code.KEY_ROLE_NOT_HELD,
            f"A key has no role that its maker has not: {missing}",
            "Ask for roles of your own, or for none, which gives the key all of yours",
        )
    if not roles:
        return KeyRefused(
            Code.KEY_WITHOUT_ROLES, "The key would have no role", "Name a role of yours"
        )
    return None


async def keys(
    asked: Asked, *, first: int, after: ApiKeyMark | None = None, everybody: bool = False
) -> ApiKeyPage:
    """Return one's own keys, or the partner's, newest first. Raises: NotPermitted; BadInput."""
    asked.require(Task.MANAGE_KEYS if everybody else Task.OWN_KEYS)
    inputs.page_size(first)
    owner_id = None if everybody else asked.principal.actor.actor_id
    return await asked.stores.keys.page(
        asked.principal, owner_id=owner_id, first=first, after=after
    )


async def key_by_id(asked: Asked, key_id: str) -> ApiKey | NotFound:
    """Return a key that the principal may see. Raises: NotPermitted; BadInput MALFORMED_ID."""
    asked.require(Task.OWN_KEYS)
    parsed = inputs.guid(key_id, what="API key")
    found = await asked.stores.keys.key(asked.principal, parsed)
    if found is None or not _may_see(asked.principal, found.key):
        return _key_not_found(parsed)
    return found.key


async def revoke_key(asked: Asked, key_id: str) -> ApiKey | NotFound | KeyRefused:
    """Revoke a key of one's own, or of another where that is permitted; it counts at once.

    One that is revoked already stays as it is. A key revokes itself alone.
    Raises: NotPermitted; BadInput MALFORMED_ID.
    """
    await _write_down_revoking(asked, key_id)
    found = await key_by_id(asked, key_id)
    if isinstance(found, NotFound):
        return found
    if not _may_revoke(asked.principal, found):
        return KeyRefused(
            Code.KEY_REVOKES_NO_OTHERS,
            "An API key may not revoke other API keys",
            "Sign in yourself to revoke one",
        )
    if found.revoked_at is not None:
        return found
    by = asked.principal.actor.actor_id
    await asked.stores.keys.revoke(asked.principal, found.key_id, by=by, now=asked.now)
    return replace(found, revoked_at=asked.now, revoked_by=by)


async def _write_down_revoking(asked: Asked, key_id: str) -> None:
    """Write down who asks, and whether this key is one that they may revoke.

    A key of somebody else is refused only after that, as one that is not there: whether there is
    such a key is told by no answer. Raises: NotPermitted; StorageUnavailable.
    """
    principal, key = asked.principal, None
    parsed = inputs.guid_or_none(key_id)
    if parsed is not None and is_permitted(principal, Task.OWN_KEYS):
        stored = await asked.stores.keys.key(principal, parsed)
        key = None if stored is None else stored.key
    await ask_to(
        asked,
        AuditAction.REVOKE_KEY,
        subject=parsed or key_id,
        admits=key is None or _may_revoke(principal, key),
    )


async def principal_of_key(
    store: ApiKeyStore, text: str, *, now: datetime
) -> tuple[Principal, ApiKey] | KeyRefused:
    """Return whom a key that was shown acts for, and note that it was used.

    What is wrong with a key is told only to whoever has its secret.
    """
    shown = read_key_text(text)
    if shown is None:
        return _not_accepted()
    # Nobody yet: the look-up sees the rows of the partner that the key names, and no others.
    asking = Principal(shown.partner_id, frozenset())
    stored = await store.key(asking, shown.key_id)
    if stored is None or not hmac.compare_digest(stored.digest, shown.digest):
        return _not_accepted()
    key = stored.key
    if not key.owner_id:
        # Made without sign-in, by an earlier version: it has every role and no maker.
        return _not_accepted()
    if refused := _over(key, now):
        return refused
    if key.last_used_at is None or now - key.last_used_at >= _NOTED_AGAIN:
        await store.touch(asking, key.key_id, now=now)
    actor = Actor(ActorKind.KEY, key.owner_id, key.name, key.key_id)
    return Principal(shown.partner_id, key.roles, key.partner_type, actor), key


async def narrow_keys(store: ApiKeyStore, principal: Principal, *, told_at: datetime) -> int:
    """Leave a person's keys no role that the newest sign-in is without; return how many had one.

    `told_at` is when this sign-in's token was issued: one that is older than another that was seen
    tells nothing. For good: who is given a role back makes another key.
    """
    return await store.narrow(
        principal, owner_id=principal.actor.actor_id, roles=principal.roles, told_at=told_at
    )


def _not_accepted() -> KeyRefused:
    return KeyRefused(
        Code.KEY_NOT_ACCEPTED,
        "This is no API key of this installation",
        "Copy the key whole, or make another",
    )


def _over(key: ApiKey, now: datetime) -> KeyRefused | None:
    remedy = "Make another key"
    match state_of(key, now):
        case KeyState.REVOKED:
            return KeyRefused(Code.KEY_REVOKED, f"The API key {key.key_id} was revoked", remedy)
        case KeyState.EXPIRED:
            day = key.expires_at.date().isoformat()
            return KeyRefused(Code.KEY_EXPIRED, f"The API key {key.key_id} ended on {day}", remedy)
        case KeyState.LIVE:
            return None


def _may_see(principal: Principal, key: ApiKey) -> bool:
    is_own = key.owner_id == principal.actor.actor_id
    return is_own or is_permitted(principal, Task.MANAGE_KEYS)


def _may_revoke(principal: Principal, key: ApiKey) -> bool:
    if principal.actor.kind is ActorKind.KEY:
        return key.key_id == principal.actor.key_id
    return _may_see(principal, key)


def _name(text: str) -> str:
    name = text.strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise BadInput(
            Code.KEY_NAME_LENGTH,
            f"a key's name has 1 to {MAX_NAME} characters",
            parameters=limits("name", len(name), minimum=1, maximum=MAX_NAME),
        )
    if any(category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") for one in name):
        raise BadInput(Code.KEY_NAME_MALFORMED, "a key's name has no control characters")
    return name


def _days(days: int) -> int:
    if not 1 <= days <= MAX_DAYS:
        raise out_of_range(Code.DAYS_OUT_OF_RANGE, "days", days, maximum=MAX_DAYS)
    return days
