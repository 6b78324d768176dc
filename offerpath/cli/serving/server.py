"""Serves the application until it is told to stop, and says where once it really listens."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Any

import uvicorn
import uvloop

from offerpath.cli.exits import Exit
from offerpath.cli.running import stop_at_sigterm
from offerpath.cli.serving.http_protocol import HttpProtocol
from offerpath.cli.serving.listening import listening, where
from offerpath.cli.serving.socket_protocol import SocketProtocol
from offerpath.cli.terminal import show_progress
from offerpath.house import open_house
from offerpath.logs import set_up_logs
from offerpath.settings import BadSetting, Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from offerpath.tracing import Tracing

_LONGEST_DRAIN_SECONDS = 2.0
READY = "ready\n"
"""What a worker says to its parent once it answers."""

SOCKETS: Mapping[str, Any] = {
    "ws": SocketProtocol,
    "ws_max_size": 1024 * 1024,
    "ws_ping_interval": 20.0,
    "ws_ping_timeout": 20.0,
    # Each socket would keep a window of its own in memory, for messages of some hundred bytes.
    "ws_per_message_deflate": False,
}
"""How uvicorn speaks WebSocket."""


class _Server(uvicorn.Server):
    """Uvicorn that speaks up when it listens, and that a signal ends without being an error."""

    def __init__(self, config: uvicorn.Config, app: "Starlette", settings: Settings) -> None:
        super().__init__(config)
        self._app = app
        self._settings = settings
        self.said = ""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no connection any more, let what is under way end, then close.

        Subscriptions come first: uvicorn closes their connections with all others.
        """
        await asyncio.sleep(self._settings.shutdown_delay_seconds)
        for server in self.servers:
            server.close()
        await self._app.state.drain(min(_LONGEST_DRAIN_SECONDS, self._settings.shutdown_seconds))
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(self.said)
            sys.stdout.flush()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop at a signal; uvicorn's own would raise it once more after the shutdown."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; at the second signal stop at once, as a kill would.

        What the process holds is made for that: a transaction is rolled back, and the embedded
        server stops by itself when nobody uses it.
        """
        if self.should_exit:
            os._exit(128 + sig)
        self._app.state.is_stopping = True
        super().handle_exit(sig, frame)


def serve(settings: Settings, *, as_json: bool) -> Exit:
    """Answer over HTTP until SIGINT or SIGTERM; then everything that was started has stopped.

    Raises: CannotListen; BadSetting for a host without an address; what opening the house raises.
    """
    set_up_logs(settings)
    if settings.documents != "off":
        from offerpath.documents import trusted_documents

        # Said before anything is begun, and not by each worker that cannot start.
        trusted_documents(settings)
    # Before the database: a port that is taken shall be said at once.
    with listening(settings) as listener:
        said = where(listener, as_json=as_json)
        if settings.workers == 1:
            return _run(lambda: _serve(settings, listener, said=said))
        from offerpath.cli.serving.several import serve_by_workers

        return _run(lambda: serve_by_workers(settings, listener, said=said))


def serve_as_worker(settings: Settings, descriptor: int) -> Exit:
    """Answer on a socket that the parent listens on, until a signal or the parent's end."""
    set_up_logs(settings)
    # The parent has migrated; the file of a secret may still tell the owner's address.
    plain = settings.model_copy(update={"migrations_url": None})
    with socket.socket(fileno=descriptor) as listener:
        return _run(lambda: _serve(plain, listener, said=READY, is_worker=True))


def _run(work: Callable[[], Awaitable[None]]) -> Exit:
    async def whole() -> None:
        stop_at_sigterm()
        await work()

    with (
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        # Both are raised where it is stopped while it still starts.
        suppress(KeyboardInterrupt, asyncio.CancelledError),
    ):
        runner.run(whole())
    return Exit.ANSWERED


async def _serve(
    settings: Settings, listener: socket.socket, *, said: str, is_worker: bool = False
) -> None:
    async with (
        _metrics(settings if not is_worker else None),
        _tracing(settings) as tracing,
        open_house(settings, load_sample=not is_worker, on_progress=show_progress) as house,
    ):
        from offerpath.app import create_app

        app = create_app(house)
        if tracing is not None:
            tracing.watch(app, house.database)
        server = _Server(_config(app, settings), app, settings)
        server.said = said
        if is_worker:
            _end_with_parent(server)
        await server.serve(sockets=[listener])


@asynccontextmanager
async def _tracing(settings: Settings) -> AsyncIterator["Tracing | None"]:
    """Raises: BadSetting, where spans are wanted and their library is not there."""
    if not settings.tracing:
        yield None
        return
    try:
        from offerpath.tracing import Tracing
    except ImportError:
        raise BadSetting(
            "OFFERPATH_TRACING is on, which needs OpenTelemetry: pip install 'offerpath[otel]'"
        ) from None
    with Tracing().listening() as tracing:
        yield tracing


@asynccontextmanager
async def _metrics(settings: Settings | None) -> AsyncIterator[None]:
    """Answer /metrics where that is set; of workers the parent does."""
    if settings is None or settings.metrics_port is None:
        yield
        return
    from offerpath.metrics import serve_metrics

    listening = serve_metrics(settings)
    try:
        yield
    finally:
        listening.stop()


def _config(app: "Starlette", settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=HttpProtocol,
        **SOCKETS,
        log_config=None,
        access_log=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=settings.shutdown_seconds,  # type: ignore[arg-type]
    )


def _end_with_parent(server: _Server) -> None:
    """Stop when the parent is gone, however it went: its end of our stdin is closed then."""
    loop = asyncio.get_running_loop()
    descriptor = sys.stdin.fileno()

    def gone() -> None:
        loop.remove_reader(descriptor)
        if not server.should_exit:
            server.handle_exit(signal.SIGTERM, None)

    loop.add_reader(descriptor, gone)
