"""HTTP as uvicorn speaks it, with answers that are broken off on purpose and are no faults.

And every request of a connection learns that it is lost: where a client sends one before the last
is answered, uvicorn's own tells the newest alone, and the one under way works on and writes to a
connection that is gone.
"""

from collections import deque
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from offerpath.breaking_off import EXTENSION


class HttpProtocol(HttpToolsProtocol):
    """Uvicorn's, which lets an answer cut its connection.

    Its own logs an error for every answer that does not come to its end, and waits until the reader
    has taken what was sent, however long.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._unanswered: deque[RequestResponseCycle] = deque()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        # A request to become a WebSocket has no answer of this kind.
        if self.cycle is not None and self.cycle.scope is self.scope:
            offered = {EXTENSION: {"now": partial(_break_off, self.cycle)}}
            self.scope["extensions"] = offered  # type: ignore[typeddict-item]
            self._wait_for(self.cycle)

    def _wait_for(self, cycle: RequestResponseCycle) -> None:
        """They are answered in their order."""
        while self._unanswered and self._unanswered[0].response_complete:
            self._unanswered.popleft()
        self._unanswered.append(cycle)

    def connection_lost(self, exc: Exception | None) -> None:
        for cycle in self._unanswered:
            if not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        super().connection_lost(exc)


def _break_off(cycle: RequestResponseCycle) -> None:
    cycle.disconnected = True
    cycle.transport.abort()
