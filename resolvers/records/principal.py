"""Who asks: a partner, with what its sign-in says of the person or the key."""

from dataclasses import dataclass
from enum import StrEnum

from planner.permissions import PartnerType, Role


class ActorKind(StrEnum):
    """By what somebody was recognised."""

    LOCAL = "LOCAL"
    """By nothing: sign-in is off, and who can reach the machine is the one local partner."""
    TOKEN = "TOKEN"  # noqa: S105
    KEY = "KEY"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, or the program, on whose behalf a question comes."""

    kind: ActorKind
    actor_id: str
    """The token's object id (else its subject), as a lower-case GUID where it is one; a key acts
    as the one who made it; empty for LOCAL."""
    label: str = ""
    """What people call it: the token's name, the key's name; may be empty."""
    key_id: str | None = None
    """The key that was shown, where one was."""


NOBODY_NAMED = Actor(ActorKind.LOCAL, "")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a partner (its tenant) and the roles held there."""

    partner_id: str
    """Lower-case GUID."""
    roles: frozenset[Role]
    partner_type: PartnerType | None = None
    """None where nobody said how the partner stands in the programme."""
    actor: Actor = NOBODY_NAMED
    address: str | None = None
    """The network address that the question came from; None for the command line."""
