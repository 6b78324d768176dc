"""Frozen records of personal API keys; the secret itself is in none of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from planner.permissions import PartnerType, Role


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of one person for scripts: it acts as its maker, with roles that its maker has."""

    key_id: str
    """Lower-case GUID."""
    owner_id: str
    """The maker's actor id; empty where sign-in was off."""
    owner_label: str
    name: str
    roles: frozenset[Role]
    partner_type: PartnerType | None
    """How the partner stood in the programme as far as the maker's sign-in told."""
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    """To about a minute; None where it never was."""
    revoked_at: datetime | None = None
    revoked_by: str = ""
    """The actor id of whoever revoked it."""


@dataclass(frozen=True, slots=True)
class HashedKey:
    """A key with what its secret hashes to."""

    key: ApiKey
    digest: bytes
    """SHA-256, 32 bytes."""


class Adding(StrEnum):
    """What became of a key that was to be added."""

    ADDED = "ADDED"
    TOO_MANY = "TOO_MANY"
    """Its owner has as many as one may have."""
    ROLE_LOST = "ROLE_LOST"
    """It would have a role that its owner's newest sign-in was without."""


@dataclass(frozen=True, slots=True)
class ApiKeyMark:
    """Where a page of keys begins: after this one, newest first, then by key id backwards."""

    created_at: datetime
    key_id: str


@dataclass(frozen=True, slots=True)
class ApiKeyPage:
    """Up to `first` keys, whether more follow, and how many there are in all."""

    keys: tuple[ApiKey, ...]
    has_next: bool
    total: int
