"""Whether an access token is genuine and meant for us: signature, issuer, audience and times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jwt
from jwt import exceptions

from offerpath.sign_in import refusals
from offerpath.sign_in.issuer_keys import IssuerKeys
from offerpath.sign_in.key_set import ALGORITHMS, VerificationKey
from offerpath.sign_in.key_source import CannotReadKeys
from offerpath.sign_in.setting_types import TENANT_PLACE
from planner.ids import is_guid

MAX_BYTES = 8 * 1024
_REQUIRED = ("exp", "nbf", "iat", "iss", "aud")
_OF_ACCESS = ("at+jwt", "application/at+jwt")
"""What an access token calls itself, and no ID token does [RFC 9068, 2.1]."""
_TYPES = ("jwt", *_OF_ACCESS)
"""What a token may call itself, where it does; Entra's access tokens are plain JWT."""
_OF_ID_TOKENS = ("nonce", "at_hash", "c_hash")
"""By what an ID token is known where its type does not tell: it says to an application who signed
in there, and opens no API. Source: docs/sources.md 5 (tokens for an API)."""
_MALFORMED = (exceptions.PyJWTError, ValueError, TypeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class AccessTokens:
    """Checks access tokens of one issuer."""

    issuer: str
    """Exact, or with `{tenantid}` where the token's `tid` stands."""
    audiences: Sequence[str]
    clock_skew_seconds: int
    keys: IssuerKeys

    async def claims(self, token: str) -> Mapping[str, Any]:
        """Return the claims of a token that holds now. Raises: SignInRefused."""
        named = _named(token)
        try:
            key = await self.keys.key(named.key_id)
        except CannotReadKeys:
            raise refusals.unavailable() from None
        if key is None or named.algorithm not in key.algorithms:
            raise refusals.not_accepted("The access token is signed with no key of the issuer")
        claims = self._checked(token, key, named.algorithm)
        if not (named.says_access or claims.keys().isdisjoint(_OF_ID_TOKENS)):
            raise refusals.not_accepted("The token is an ID token and no access token")
        self._check_issuer(claims, key)
        return claims

    def _checked(self, token: str, key: VerificationKey, algorithm: str) -> Mapping[str, Any]:
        try:
            return jwt.decode(
                token,
                key.key,
                algorithms=[algorithm],
                audience=list(self.audiences),
                leeway=self.clock_skew_seconds,
                options={"require": list(_REQUIRED)},
            )
        except exceptions.ExpiredSignatureError:
            raise refusals.expired() from None
        except exceptions.ImmatureSignatureError:
            raise refusals.not_yet_valid() from None
        except exceptions.InvalidAudienceError:
            raise refusals.not_accepted("The access token is for another audience") from None
        except exceptions.MissingRequiredClaimError as error:
            raise refusals.not_accepted(f"The access token has no `{error.claim}`") from None
        except exceptions.InvalidSignatureError:
            raise refusals.not_accepted("The access token's signature is wrong") from None
        except _MALFORMED:
            raise refusals.not_accepted("The access token is malformed") from None

    def _check_issuer(self, claims: Mapping[str, Any], key: VerificationKey) -> None:
        issuer = claims["iss"]
        if issuer != _filled(self.issuer, claims):
            raise refusals.not_accepted("The access token is of another issuer")
        # Keys for several tenants say whose tokens they sign, each its own tenants' alone.
        if key.issuer is not None and issuer != _filled(key.issuer, claims):
            raise refusals.not_accepted("The access token is signed with another issuer's key")


class _Named(NamedTuple):
    """What a token says of itself; the signature, once it is checked, is over that too."""

    algorithm: str
    key_id: str
    says_access: bool
    """Whether it calls itself an access token."""


def _named(token: str) -> _Named:
    """Return what the header names. Raises: SignInRefused."""
    try:
        header = jwt.get_unverified_header(token)
    except _MALFORMED:
        raise refusals.not_accepted("The access token is malformed") from None
    algorithm, key_id = header.get("alg"), header.get("kid")
    kind = str(header.get("typ", "JWT")).lower()
    if kind not in _TYPES:
        raise refusals.not_accepted("The token is of another kind than an access token")
    if algorithm not in ALGORITHMS:
        raise refusals.not_accepted("The access token is not signed with a public-key algorithm")
    if not isinstance(key_id, str):
        raise refusals.not_accepted("The access token does not name its key")
    return _Named(algorithm, key_id, kind in _OF_ACCESS)


def _filled(issuer: str, claims: Mapping[str, Any]) -> str | None:
    """Return the issuer with the token's tenant in its place; None where there is none to put."""
    if TENANT_PLACE not in issuer:
        return issuer
    tenant = claims.get("tid")
    if not isinstance(tenant, str) or not is_guid(tenant):
        return None
    return issuer.replace(TENANT_PLACE, tenant)
