"""Whom a token's claims name: the partner, its type, the roles held there, and the person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import category

from offerpath.sign_in import refusals
from offerpath.sign_in.role_names import role_named
from planner.ids import parse_guid
from planner.permissions import PartnerType, Role
from resolvers.records.principal import Actor, ActorKind, Principal

_UNSHOWN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""What breaks a line, or turns the text after it round."""
_LONGEST_LABEL = 200
_LONGEST_ID = 255
"""Of `sub` [OpenID Connect Core, 2]."""
_LABELS = ("name", "preferred_username", "upn", "app_displayname")

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ClaimRules:
    """How claims are read."""

    partner_claim: str
    partner_type_claim: str | None
    partner_type: PartnerType | None
    """For tokens that do not say."""
    tenants: frozenset[str]
    """The partners that are served; all where it is empty."""
    groups: Mapping[str, Role]
    directory_roles: Mapping[str, Role]


def principal_of_claims(claims: Claims, rules: ClaimRules) -> Principal:
    """Return whom the claims of a genuine token name. Raises: SignInRefused.

    Somebody without a role is a principal too, who may do nothing.
    """
    partner_id = _partner(claims, rules)
    return Principal(
        partner_id, _roles(claims, rules), _partner_type(claims, rules), _actor(claims)
    )


def check_tenant(partner_id: str, rules: ClaimRules) -> None:
    """Do nothing for a partner that is served. Raises: SignInRefused."""
    if rules.tenants and partner_id not in rules.tenants:
        raise refusals.tenant_not_admitted()


def _partner(claims: Claims, rules: ClaimRules) -> str:
    try:
        partner_id = parse_guid(_text(claims.get(rules.partner_claim)))
    except ValueError:
        raise refusals.no_partner(rules.partner_claim) from None
    check_tenant(partner_id, rules)
    return partner_id


def _roles(claims: Claims, rules: ClaimRules) -> frozenset[Role]:
    """Return the app roles; without any those of groups, and without those of the directory."""
    if named := _known(map(role_named, _texts(claims.get("roles")))):
        return named
    of_groups = _mapped(claims.get("groups"), rules.groups)
    of_directory = _mapped(claims.get("wids"), rules.directory_roles)
    # Groups come before directory roles, and here nobody can say which ones they are.
    if _is_overage(claims) and (rules.groups or not of_directory):
        raise refusals.groups_overage()
    return of_groups or of_directory


def _mapped(given: object, roles: Mapping[str, Role]) -> frozenset[Role]:
    return _known(roles.get(one.lower()) for one in _texts(given))


def _known(roles: Iterable[Role | None]) -> frozenset[Role]:
    return frozenset(role for role in roles if role is not None)


def _is_overage(claims: Claims) -> bool:
    """Tell whether groups were left out of the token for want of room.

    Source: docs/sources.md 5 (whose roles they are).
    """
    elsewhere = claims.get("_claim_names")
    is_elsewhere = isinstance(elsewhere, Mapping) and "groups" in elsewhere
    return is_elsewhere or str(claims.get("hasgroups", "")).lower() == "true"


def _partner_type(claims: Claims, rules: ClaimRules) -> PartnerType | None:
    claim = rules.partner_type_claim
    if claim is None or claims.get(claim) is None:
        return rules.partner_type
    try:
        return PartnerType(_text(claims[claim]).strip().upper())
    except ValueError:
        # Not "not known": that would open what is shut to resellers.
        raise refusals.unknown_partner_type(claim) from None


def _actor(claims: Claims) -> Actor:
    named = _text(claims.get("oid")) or _text(claims.get("sub"))
    try:
        actor_id = parse_guid(named)
    except ValueError:
        actor_id = _plain(named, _LONGEST_ID)
    if not actor_id:
        # All who are nobody would share their keys, and the audit would name none of them.
        raise refusals.not_accepted("The access token has neither `oid` nor `sub`")
    if len(named) > _LONGEST_ID:
        # Nor are two people one whose ids are alike as far as they are kept.
        raise refusals.not_accepted(f"The id of the person is longer than {_LONGEST_ID} characters")
    label = next(filter(None, (_text(claims.get(claim)) for claim in _LABELS)), "")
    return Actor(ActorKind.TOKEN, actor_id, _plain(label, _LONGEST_LABEL))


def _plain(text: str, longest: int) -> str:
    return "".join(one for one in text if category(one) not in _UNSHOWN).strip()[:longest]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    given = value if isinstance(value, list) else [value]
    return tuple(one for one in given if isinstance(one, str))
