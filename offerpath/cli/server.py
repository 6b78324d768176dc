"""Serves the application until it is told to stop, and says where once it really listens."""

import asyncio
import errno
import signal
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from textwrap import indent

import orjson
import uvicorn
import uvloop

from offerpath.cli.exits import CannotListen, Exit
from offerpath.cli.running import set_up_logging, stop_at_sigterm
from offerpath.cli.terminal import show_progress
from offerpath.house import open_house
from offerpath.pages import FIRST_QUERY
from offerpath.settings import BadSetting, Settings

_SHUTDOWN_SECONDS = 5


class _Server(uvicorn.Server):
    """Uvicorn that speaks up when it listens, and that a signal ends without being an error."""

    def __init__(self, config: uvicorn.Config, said: str) -> None:
        super().__init__(config)
        self._said = said

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(self._said)
            sys.stdout.flush()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop at a signal; uvicorn's own would raise it once more after the shutdown."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def serve(settings: Settings, *, as_json: bool) -> Exit:
    """Answer over HTTP until SIGINT or SIGTERM; then everything that was started has stopped.

    Raises: CannotListen; BadSetting for a host without an address; what opening the house raises.
    """
    set_up_logging(settings)
    # Before the database: a port that is taken shall be said at once.
    with (
        _listening(settings) as listener,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        # Both are raised where it is stopped while it still starts.
        suppress(KeyboardInterrupt, asyncio.CancelledError),
    ):
        runner.run(_serve(settings, listener, as_json=as_json))
    return Exit.ANSWERED


async def _serve(settings: Settings, listener: socket.socket, *, as_json: bool) -> None:
    stop_at_sigterm()
    async with open_house(settings, load_sample=True, on_progress=show_progress) as house:
        from offerpath.app import create_app

        said = _where(listener, as_json=as_json)
        config = uvicorn.Config(
            create_app(house),
            http="httptools",
            log_config=None,
            log_level=settings.log_level,
            access_log=settings.log_level in ("debug", "info"),
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        )
        await _Server(config, said).serve(sockets=[listener])


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise _why(error, settings) from None
    return listener


def _why(error: OSError, settings: Settings) -> Exception:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return BadSetting(f"cannot listen on {settings.host!r}: this machine has no such address")
    reason = (error.strerror or str(error)).lower()
    return CannotListen(
        f"cannot listen on {settings.host} port {settings.port}: {reason}",
        is_in_use=error.errno == errno.EADDRINUSE,
    )


def _where(listener: socket.socket, *, as_json: bool) -> str:
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
