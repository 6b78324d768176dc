"""How an answer that has begun is broken off, so that its reader can tell and nobody is alarmed.

HTTP has no word for it: the connection ends before the answer does, without the last chunk or short
of the `Content-Length`. ASGI has none either; a server takes an answer that is never completed for
a fault of the application. So ours offers an extension of its own.
"""

from starlette.types import Scope

EXTENSION = "offerpath.break_off"
"""In the scope's extensions: under `now` what cuts the connection of the request."""


def break_off(scope: Scope) -> None:
    """Cut the connection at once; what waits to be sent on it is dropped.

    Under a server without the extension nothing is done: it cuts what was never completed itself.
    """
    offered = scope.get("extensions", {}).get(EXTENSION)
    if offered is not None:
        offered["now"]()
