"""Who stands behind an `Authorization` header: one answer for HTTP, sockets and the command line.

sign_in = SignIn.of(settings, api_keys, ensure_partner)
principal = await sign_in.principal_of("Bearer ...")
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from offerpath.sign_in import refusals
from offerpath.sign_in.access_tokens import MAX_BYTES, AccessTokens
from offerpath.sign_in.claims import ClaimRules, check_tenant, principal_of_claims
from offerpath.sign_in.issuer_keys import IssuerKeys
from offerpath.sign_in.key_source import key_source
from offerpath.sign_in.role_names import DIRECTORY_ROLES
from planner.permissions import Role
from resolvers.access.api_keys import KeyRefused, narrow_keys, principal_of_key
from resolvers.access.key_text import PREFIX
from resolvers.ports import ApiKeyStore
from resolvers.records.principal import Principal

if TYPE_CHECKING:
    from offerpath.settings import Settings

EnsurePartner = Callable[[Principal], Awaitable[None]]
"""Gives a partner its row where it has none."""
_MOST_PARTNERS_KNOWN = 10_000
_MOST_SIGN_INS_KNOWN = 100_000
_KNOWN_SECONDS = 60.0
"""How long a token is not told to the store of keys again. Other processes see other tokens of the
same person, and their database may be restored meanwhile."""
_LAST = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks, and until when that holds without asking again."""

    principal: Principal
    until: datetime
    """When the token or the key ends, aware UTC; a socket is closed then."""


@dataclass(slots=True)
class SignIn:
    """Knows principals by access tokens and API keys."""

    tokens: AccessTokens
    rules: ClaimRules
    api_keys: ApiKeyStore
    ensure_partner: EnsurePartner
    clock: Callable[[], float] = monotonic
    _seen: set[str] = field(default_factory=set)
    _told: dict["_Told", float] = field(default_factory=dict)
    """What the store of keys was told, and until when it need not be told again."""

    @classmethod
    def of(cls, settings: "Settings", api_keys: ApiKeyStore, ensure_partner: EnsurePartner) -> Self:
        """Return the sign-in that the settings describe; nothing is fetched yet."""
        issuer = settings.oidc_issuer or ""
        tokens = AccessTokens(
            issuer,
            settings.oidc_audience,
            settings.oidc_clock_skew_seconds,
            IssuerKeys(key_source(issuer, settings.oidc_jwks_url)),
        )
        rules = ClaimRules(
            settings.partner_claim,
            settings.partner_type_claim,
            settings.partner_type,
            frozenset(settings.oidc_tenants),
            settings.role_groups,
            DIRECTORY_ROLES if settings.role_wids is None else settings.role_wids,
        )
        return cls(tokens, rules, api_keys, ensure_partner)

    async def principal_of(self, authorization: str | None) -> Principal:
        """Return who asks. Raises: SignInRefused; StorageUnavailable."""
        return (await self.signed_in(authorization)).principal

    async def signed_in(self, authorization: str | None) -> SignedIn:
        """Return who asks, and until when. Raises: SignInRefused; StorageUnavailable."""
        credentials = _credentials(authorization)
        by = self._by_key if credentials.startswith(PREFIX) else self._by_token
        return await by(credentials)

    async def close(self) -> None:
        """End what is under way."""
        await self.tokens.keys.close()

    async def _by_token(self, token: str) -> SignedIn:
        claims = await self.tokens.claims(token)
        principal = principal_of_claims(claims, self.rules)
        if principal.roles:
            # Somebody without a role leaves no trace: any tenant of a shared issuer could come.
            await self._greet(principal)
        await self._narrow_keys(principal, _instant(claims["iat"]))
        return SignedIn(principal, _instant(claims["exp"]))

    async def _by_key(self, text: str) -> SignedIn:
        found = await principal_of_key(self.api_keys, text, now=datetime.now(UTC))
        if isinstance(found, KeyRefused):
            raise refusals.key_refused(found)
        principal, key = found
        check_tenant(principal.partner_id, self.rules)
        # What the settings say counts as it is now, not as it was when the key was made.
        told = principal.partner_type if self.rules.partner_type_claim is not None else None
        known = told or self.rules.partner_type
        return SignedIn(replace(principal, partner_type=known), key.expires_at)

    async def _greet(self, principal: Principal) -> None:
        if principal.partner_id in self._seen:
            return
        await self.ensure_partner(principal)
        if len(self._seen) >= _MOST_PARTNERS_KNOWN:
            self._seen.clear()
        self._seen.add(principal.partner_id)

    async def _narrow_keys(self, principal: Principal, issued_at: datetime) -> None:
        """Take from a person's keys, and those that it makes, the roles that it no longer has."""
        told = _Told(principal.partner_id, principal.actor.actor_id, principal.roles, issued_at)
        now = self.clock()
        if self._told.get(told, now) > now:
            return
        await narrow_keys(self.api_keys, principal, told_at=issued_at)
        if len(self._told) >= _MOST_SIGN_INS_KNOWN:
            self._told.clear()
        self._told[told] = now + _KNOWN_SECONDS


class _Told(NamedTuple):
    """What a token says of a person's roles, and since when."""

    partner_id: str
    actor_id: str
    roles: frozenset[Role]
    issued_at: datetime


def _instant(claim: Any) -> datetime:
    """Return the time of a claim that was checked, within the calendar."""
    return datetime.fromtimestamp(max(0, min(int(claim), _LAST)), UTC)


def _credentials(authorization: str | None) -> str:
    """Return the token or key of a header. Raises: SignInRefused."""
    if not authorization:
        raise refusals.not_signed_in()
    scheme, _, credentials = authorization.strip().partition(" ")
    credentials = credentials.strip()
    if scheme.lower() != "bearer" or not credentials:
        raise refusals.not_signed_in("The Authorization header is not `Bearer` and a token")
    if len(credentials) > MAX_BYTES:
        raise refusals.too_large(MAX_BYTES)
    return credentials
