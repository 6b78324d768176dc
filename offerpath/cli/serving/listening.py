"""Where `serve` listens: the socket, why there is none, and what is said of it."""

import errno
import socket
from textwrap import indent

import orjson

from offerpath.cli.exits import CannotListen
from offerpath.pages import FIRST_QUERY
from offerpath.settings import BadSetting, Settings, SignInIsOff
from offerpath.sign_in.addresses import is_loopback

_UNREAD_SECONDS = 120


def listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # Inherited by every connection: one whose client reads nothing any more is given up, which
        # closing it does not do while something is still to be sent.
        milliseconds = _UNREAD_SECONDS * 1000
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
    try:
        listener.bind((settings.host, settings.port))
        _refuse_network(settings, listener)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise _why(error, settings) from None
    except SignInIsOff:
        listener.close()
        raise
    return listener


def _refuse_network(settings: Settings, listener: socket.socket) -> None:
    """Without sign-in, listen where this machine alone gets in. Raises: SignInIsOff."""
    address = str(listener.getsockname()[0])
    if settings.auth == "off" and not is_loopback(address):
        raise SignInIsOff(
            f"sign-in is off, and {settings.host} can be reached from other machines: set "
            "OFFERPATH_AUTH=oidc (docs/sign-in.md), or listen on 127.0.0.1, ::1 or localhost"
        )


def _why(error: OSError, settings: Settings) -> Exception:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return BadSetting(f"cannot listen on {settings.host!r}: this machine has no such address")
    reason = (error.strerror or str(error)).lower()
    return CannotListen(
        f"cannot listen on {settings.host} port {settings.port}: {reason}",
        is_in_use=error.errno == errno.EADDRINUSE,
    )


def where(listener: socket.socket, *, as_json: bool) -> str:
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    base = f"http://{shown}:{port}"
    if as_json:
        return orjson.dumps({"listening": base, "graphql": f"{base}/graphql"}).decode() + "\n"
    return (
        f"offerpath listens on {base} (Ctrl-C stops it)\n"
        f"  GraphQL and its editor  {base}/graphql\n"
        f"  the schema              {base}/schema.graphql\n"
        f"  every path, as CSV      {base}/reports/paths\n"
        f"\nA first query to paste:\n\n{indent(FIRST_QUERY, '  ')}\n"
    )
