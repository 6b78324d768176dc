"""Serves by several processes: one parent that answers nothing itself and looks after them."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from tempfile import TemporaryDirectory

from offerpath.cli.terminal import show_progress
from offerpath.database_access import database_addresses
from offerpath.house import open_house
from offerpath.settings import PREFIX, Settings
from offerpath.workers import Workers

_CLOSING_SECONDS = 20.0
"""What a worker may take beside what settings give its requests: its streams, its database."""


async def serve_by_workers(settings: Settings, listener: socket.socket, *, said: str) -> None:
    """Set up the database, have workers answer, and return when all have ended after a signal.

    Raises: WorkerFailed, where one cannot even start; what opening the house raises.
    """
    # One embedded server for all: the parent holds it, and looks after it.
    with database_addresses(settings, show_progress) as addresses:
        found = {"database_url": addresses.url, "migrations_url": addresses.owner_url}
        own = settings.model_copy(update=found)
        async with open_house(own, load_sample=True, on_progress=show_progress):
            pass
        with _metrics(settings) as (environment, on_end):
            workers = Workers(
                (sys.executable, "-m", "offerpath.cli", "serve"),
                _environment(own, listener) | environment,
                listener,
                count=settings.workers,
                patience_seconds=settings.shutdown_seconds
                + settings.shutdown_delay_seconds
                + _CLOSING_SECONDS,
                on_end=on_end,
            )
            _stop_at_signals(workers)
            await workers.run(lambda: _say(said))


@contextmanager
def _metrics(settings: Settings) -> Iterator[tuple[dict[str, str], Callable[[int], None]]]:
    """Answer /metrics for all workers; give what they find set, and what is done when one ends."""
    if settings.metrics_port is None:
        yield {}, lambda _pid: None
        return
    from offerpath.metrics import FOLDER_VARIABLE, serve_metrics, worker_ended

    with TemporaryDirectory(prefix="offerpath-metrics-") as folder:
        listening = serve_metrics(settings, folder)
        try:
            yield {FOLDER_VARIABLE: folder}, partial(worker_ended, folder)
        finally:
            listening.stop()


def _environment(settings: Settings, listener: socket.socket) -> dict[str, str]:
    """Return what a worker finds set: all as for the parent, options of the command line too.

    The owner's address is not for those who answer.
    """
    host, port = listener.getsockname()[:2]
    given = {
        "DATABASE_URL": str(settings.database_url),
        "HOST": settings.host or host,
        "PORT": str(port),
        "WORKERS": str(settings.workers),
    }
    owners = f"{PREFIX}MIGRATIONS_URL"
    kept = {name: value for name, value in os.environ.items() if name.upper() != owners}
    return kept | {f"{PREFIX}{name}": value for name, value in given.items()}


def _stop_at_signals(workers: Workers) -> None:
    loop = asyncio.get_running_loop()

    def stop(number: int) -> None:
        if workers.is_stopping:
            workers.kill()
            os._exit(128 + number)
        workers.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)


def _say(said: str) -> None:
    sys.stdout.write(said)
    sys.stdout.flush()
