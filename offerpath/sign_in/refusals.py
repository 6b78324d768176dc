"""Why somebody is not let in: stable codes, with the HTTP status and challenge of each."""

from dataclasses import dataclass

from resolvers.access.api_keys import KeyRefused
from resolvers.codes.code import Code

_AGAIN = "Sign in again, and send the new access token"
RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class SignInProblem:
    """What is said to whoever is not let in; nothing of the token is in it."""

    code: Code
    message: str
    remedy: str
    status: int = 401
    error: str | None = "invalid_token"
    """The error code of RFC 6750, section 3.1; None where nothing was shown, or for a fault."""


class SignInRefused(Exception):
    """Whoever asks is not let in."""

    def __init__(self, problem: SignInProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem

    @property
    def code(self) -> Code:
        return self.problem.code


def not_signed_in(message: str = "This needs a sign-in") -> SignInRefused:
    remedy = "Send `Authorization: Bearer` with an access token or an API key"
    return SignInRefused(SignInProblem(Code.NOT_SIGNED_IN, message, remedy, error=None))


def no_token() -> SignInRefused:
    message = "Sign-in is on, and OFFERPATH_TOKEN is not set"
    remedy = "Set OFFERPATH_TOKEN to an access token or an API key"
    return SignInRefused(SignInProblem(Code.NOT_SIGNED_IN, message, remedy, error=None))


def not_accepted(message: str) -> SignInRefused:
    return SignInRefused(SignInProblem(Code.TOKEN_NOT_ACCEPTED, message, _AGAIN))


def expired() -> SignInRefused:
    return SignInRefused(SignInProblem(Code.TOKEN_EXPIRED, "The access token has expired", _AGAIN))


def not_yet_valid() -> SignInRefused:
    remedy = "Check the clocks of this server and of the issuer"
    message = "The access token is not valid yet"
    return SignInRefused(SignInProblem(Code.TOKEN_NOT_YET_VALID, message, remedy))


def too_large(maximum_bytes: int) -> SignInRefused:
    message = f"The access token is larger than {maximum_bytes} bytes"
    remedy = "Have the issuer leave out groups, or only emit those assigned to the application"
    return SignInRefused(SignInProblem(Code.TOKEN_TOO_LARGE, message, remedy))


def groups_overage() -> SignInRefused:
    message = "The token names more groups than it can hold, so that no role can be told from it"
    remedy = (
        "Assign app roles to the user, or let the application emit only the groups assigned to it"
    )
    return _insufficient(Code.GROUPS_OVERAGE, message, remedy)


def no_partner(claim: str) -> SignInRefused:
    message = f"The token's claim `{claim}` names no partner (a GUID)"
    remedy = "Sign in with an account of the partner's tenant, or set OFFERPATH_PARTNER_CLAIM"
    return _insufficient(Code.PARTNER_NOT_NAMED, message, remedy)


def unknown_partner_type(claim: str) -> SignInRefused:
    message = f"The token's claim `{claim}` is no type of partner"
    remedy = "Let it be DIRECT_BILL, INDIRECT_PROVIDER or INDIRECT_RESELLER"
    return _insufficient(Code.PARTNER_TYPE_NOT_KNOWN, message, remedy)


def tenant_not_admitted() -> SignInRefused:
    message = "This installation does not serve your tenant"
    remedy = "Ask its operator, who lists tenants in OFFERPATH_OIDC_TENANTS"
    return _insufficient(Code.TENANT_NOT_ADMITTED, message, remedy)


def unavailable() -> SignInRefused:
    message = "The issuer's keys cannot be read now, so that no token can be checked"
    problem = SignInProblem(Code.SIGN_IN_UNAVAILABLE, message, "Try again in a moment", 503, None)
    return SignInRefused(problem)


def key_refused(why: KeyRefused) -> SignInRefused:
    return SignInRefused(SignInProblem(why.code, why.message, why.remedy))


def _insufficient(code: Code, message: str, remedy: str) -> SignInRefused:
    """The token is genuine, and still not enough."""
    return SignInRefused(SignInProblem(code, message, remedy, 403, "insufficient_scope"))
