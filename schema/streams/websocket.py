"""GraphQL over WebSocket: who may open a socket, and how many; the protocol is socket_session."""

import logging
from collections.abc import Iterable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.http.websocket_origin import is_same_origin, normalize_origin

from resolvers.codes.code import Code
from schema.http import answer as answers
from schema.http.headers import MediaType
from schema.http.refusal import Refused
from schema.streams.live import Admit
from schema.streams.socket_session import Limits, SocketSession
from schema.streams.under_way import Streams

log = logging.getLogger("offerpath.sockets")

PROTOCOL = "graphql-transport-ws"
_NOT_ACCEPTABLE = 4406


class GraphQLSockets:
    """The ASGI application behind WebSocketRoute: one session for each socket.

    Refused before the upgrade: a page of another site (403), and whoever comes when no socket is
    left (503). Nobody is asked who they are until the session begins.
    """

    def __init__(
        self,
        streams: Streams,
        admit: Admit,
        *,
        allowed_origins: Iterable[str] = (),
        limits: Limits = Limits(),  # noqa: B008 (frozen)
    ) -> None:
        self._streams = streams
        self._admit = admit
        self._allowed_origins = frozenset(map(normalize_origin, allowed_origins))
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        try:
            self._check_origin(socket)
            with self._streams.seat():
                await self._serve(socket)
        except Refused as refused:
            await _deny(socket, refused)

    def _check_origin(self, socket: WebSocket) -> None:
        """Do nothing for our own pages, for those allowed, and for clients that are no browsers.

        Browsers do not ask before they open a socket to another site, as they do before a POST.
        Raises: Refused CROSS_SITE_REQUEST.
        """
        origin = socket.headers.get("origin")
        if origin is None or is_same_origin(origin, socket.headers.get("host")):
            return
        if (known := normalize_origin(origin)) is None or known not in self._allowed_origins:
            raise Refused(
                403,
                Code.CROSS_SITE_REQUEST,
                "A page of another site may not open a socket",
                remedy="Have its origin named in OFFERPATH_ALLOWED_ORIGINS",
            )

    async def _serve(self, socket: WebSocket) -> None:
        if PROTOCOL not in socket.scope["subprotocols"]:
            # A browser shows a page the code of a close, and nothing of a refused upgrade.
            await socket.accept()
            await socket.close(_NOT_ACCEPTABLE, f"Subprotocol not acceptable; use {PROTOCOL}")
            return
        await socket.accept(PROTOCOL)
        await SocketSession(socket, self._streams, self._admit, self._limits).run()


async def _deny(socket: WebSocket, refused: Refused) -> None:
    log.info("a socket was refused: %s", refused.code)
    answer = answers.refused(refused, MediaType.JSON)
    response = Response(answer.body, answer.status)
    response.raw_headers = [
        *answer.headers,
        (b"content-length", str(len(answer.body)).encode()),
    ]
    await socket.send_denial_response(response)
