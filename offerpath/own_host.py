"""Whether a request comes from this machine to a name of its own: a guard for sign-in that is off.

A foreign page can make its own name point to 127.0.0.1 after it was loaded (DNS rebinding). To the
browser the answers are then the page's own, and to us whoever reaches this machine is the partner.
What gives it away is the name by which it calls. A proxy, a tunnel or a forwarded port on this
machine brings others here; what gives it away is that it says for whom it asks.
"""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from offerpath.refusals import refusal
from resolvers.codes.code import Code

_POLICY_VIOLATION = 1008
OF_PROXIES: Final = frozenset(
    {
        b"cdn-loop",
        b"cf-connecting-ip",
        b"cf-connecting-ipv6",
        b"cf-ray",
        b"cf-visitor",
        b"forwarded",
        b"true-client-ip",
        b"via",
        b"x-client-ip",
        b"x-real-ip",
    }
)
"""Headers by which a proxy says that it is there, or for whom it asks, and that no browser and no
client sends by itself; docs/sign-in.md has the source of each."""
OF_PROXIES_BEGIN: Final = (b"x-forwarded-", b"x-original-", b"x-envoy-", b"x-azure-")
"""How whole families of such headers begin."""


class OwnHost:
    """Lets only those in who are at this machine.

    421 answers a Host that is neither an address, nor localhost, nor named in settings; 403 what
    a proxy hands on.
    """

    def __init__(self, app: ASGIApp, *, host: str, origins: Iterable[str]) -> None:
        """Know the host that is listened on, and those of the allowed origins."""
        self._app = app
        named = (urlsplit(origin).hostname for origin in origins)
        self._names = frozenset({"localhost", host.lower(), *(name for name in named if name)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refused is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            await refused(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        if not self._is_own(scope):
            return refusal(
                Code.HOST_NOT_KNOWN,
                "The request calls this server by a name that is not its own",
                "Ask it as localhost or by its address, or name the origin in "
                "OFFERPATH_ALLOWED_ORIGINS",
                status=421,
            )
        if any(_is_of_proxy(name) for name, _ in scope["headers"]):
            return refusal(
                Code.FORWARDED_WITHOUT_SIGN_IN,
                "A proxy handed the request on, and sign-in is off: anybody could be behind it",
                "Switch sign-in on (OFFERPATH_AUTH=oidc), or ask this server itself; with its "
                "origin in OFFERPATH_ALLOWED_ORIGINS the page of a development server may",
                status=403,
            )
        return None

    def _is_own(self, scope: Scope) -> bool:
        """HTTP/1.0 may have no Host; no browser sends that."""
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        return all(self._knows(host.decode("latin-1")) for host in hosts)

    def _knows(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name.removesuffix(".") in self._names or _is_address(name)


def _is_of_proxy(header: bytes) -> bool:
    return header in OF_PROXIES or header.startswith(OF_PROXIES_BEGIN)


def _is_address(name: str) -> bool:
    """Return whether it is an address itself, which nobody can make point elsewhere."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
