"""HTTP as uvicorn speaks it, with answers that are broken off on purpose and are no faults."""

from functools import partial

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from offerpath.breaking_off import EXTENSION


class HttpProtocol(HttpToolsProtocol):
    """Uvicorn's, which lets an answer cut its connection.

    Its own logs an error for every answer that does not come to its end, and waits until the reader
    has taken what was sent, however long.
    """

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        # A request to become a WebSocket has no answer of this kind.
        if self.cycle is not None and self.cycle.scope is self.scope:
            offered = {EXTENSION: {"now": partial(_break_off, self.cycle)}}
            self.scope["extensions"] = offered  # type: ignore[typeddict-item]


def _break_off(cycle: RequestResponseCycle) -> None:
    cycle.disconnected = True
    cycle.transport.abort()
