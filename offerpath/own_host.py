"""Whether a request calls this server by a name of its own: a guard for sign-in that is off.

A foreign page can make its own name point to 127.0.0.1 after it was loaded (DNS rebinding). To the
browser the answers are then the page's own, and to us whoever reaches this machine is the partner.
What gives it away is the name by which it calls.
"""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from offerpath.refusals import refusal
from resolvers.codes.code import Code

_POLICY_VIOLATION = 1008


class OwnHost:
    """Answers 421 to a Host that is neither an address, nor localhost, nor named in settings."""

    def __init__(self, app: ASGIApp, *, host: str, origins: Iterable[str]) -> None:
        """Know the host that is listened on, and those of the allowed origins."""
        self._app = app
        named = (urlsplit(origin).hostname for origin in origins)
        self._names = frozenset({"localhost", host.lower(), *(name for name in named if name)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._is_own(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            answer = refusal(
                Code.HOST_NOT_KNOWN,
                "The request calls this server by a name that is not its own",
                "Ask it as localhost or by its address, or name the origin in "
                "OFFERPATH_ALLOWED_ORIGINS",
                status=421,
            )
            await answer(scope, receive, send)

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


def _is_address(name: str) -> bool:
    """Return whether it is an address itself, which nobody can make point elsewhere."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
