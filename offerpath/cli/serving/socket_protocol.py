"""WebSocket as uvicorn speaks it, with refusals before the upgrade that are no faults."""

from typing import TYPE_CHECKING

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent


class SocketProtocol(WebSocketsSansIOProtocol):
    """Uvicorn's, which knows that a whole HTTP response ends the handshake too.

    Its own takes the application that sends one (`websocket.http.response`) for one that returned
    too early, and logs an error for every client that is refused.
    """

    async def send(self, message: "ASGISendEvent") -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and self.close_sent:
            self.handshake_complete = True
