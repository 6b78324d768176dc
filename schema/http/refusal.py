"""Why a request over HTTP is refused before it is executed: a status, a code and a remedy."""

from collections.abc import Mapping
from types import MappingProxyType

from resolvers.codes.code import Code
from resolvers.problems import BadInput

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Refused(BadInput):
    """The request is not one that GraphQL over HTTP knows, or not one that we take."""

    def __init__(
        self,
        status: int,
        code: Code,
        message: str,
        *,
        remedy: str,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> None:
        super().__init__(code, message, remedy=remedy)
        self.status = status
        self.headers = headers
        """What the answer has to say beside its body: Allow with 405, for one."""


def method_not_allowed(method: str) -> Refused:
    return Refused(
        405,
        Code.METHOD_NOT_ALLOWED,
        f"GraphQL is not asked with {method[:20]}",
        remedy="Send a POST, or a GET for a query",
        headers={"Allow": "GET, POST"},
    )


def not_acceptable() -> Refused:
    return Refused(
        406,
        Code.NOT_ACCEPTABLE,
        "The Accept header allows no media type that this server answers with",
        remedy="Accept application/graphql-response+json, or application/json",
    )


def unsupported_media_type(message: str, *, headers: Mapping[str, str] = _NO_HEADERS) -> Refused:
    return Refused(
        415,
        Code.UNSUPPORTED_MEDIA_TYPE,
        message,
        remedy="Send `Content-Type: application/json`, in UTF-8 and not compressed",
        headers=headers,
    )


def malformed(message: str, *, remedy: str) -> Refused:
    """The parameters have another shape: 400, where the newest draft says 422 (ADR 13)."""
    return Refused(400, Code.MALFORMED_REQUEST, message, remedy=remedy)


def body_too_large(maximum_bytes: int) -> Refused:
    return Refused(
        413,
        Code.BODY_TOO_LARGE,
        f"The request's body is longer than {maximum_bytes} bytes",
        remedy="Ask for less at once, or split the file",
        headers={"Connection": "close"},
    )


def cross_site() -> Refused:
    return Refused(
        403,
        Code.CROSS_SITE_REQUEST,
        "A page of another site sent this GET without asking first",
        remedy="Send a POST, or the header GraphQL-Require-Preflight, and have the site named in "
        "OFFERPATH_ALLOWED_ORIGINS",
    )


def operation_not_allowed(kind: str, *, method: str) -> Refused:
    """Return why an operation of this kind (mutation, subscription) is not executed."""
    if kind == "subscription":
        return Refused(
            400,
            Code.SUBSCRIPTION_NOT_STREAMED,
            "A subscription has more than one answer, and this request takes only one",
            remedy="Open a WebSocket, or accept text/event-stream",
        )
    return Refused(
        405,
        Code.METHOD_NOT_ALLOWED,
        f"A {kind} changes something, so it is not executed over {method}",
        remedy="Send a POST",
        headers={"Allow": "POST"},
    )
