"""Numbers for Prometheus, on a port of their own: counted by each process, summed over all.

Several workers count into files of one folder, which their parent reads when it is asked. The
variable that names the folder must be set before the library is loaded: import this module where
it is used.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    start_http_server,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from offerpath.settings import BadSetting, Settings
from offerpath.telemetry import OTHER, Told

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_EVERY_SECONDS = 1.0
_NO_CODE = "none"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

_requests = Counter(
    "offerpath_requests",
    "Requests and WebSockets that are over.",
    ("route", "operation", "status"),
)
_errors = Counter(
    "offerpath_errors", "Requests with errors, by the first one's code.", ("route", "code")
)
_seconds = Histogram(
    "offerpath_request_seconds",
    "Seconds from the request until its whole answer was sent.",
    ("route", "operation"),
    buckets=_BUCKETS,
)
_kept = Counter("offerpath_kept_answers", "Answers that were kept from before.", ())


@dataclass(frozen=True, slots=True)
class Level:
    """Something that goes up and down, and how it is asked for."""

    name: str
    help: str
    read: Callable[[], float]


class Counted:
    """Counts what is over; `operations` are the only names that become labels."""

    def __init__(self, operations: Iterable[str]) -> None:
        self._operations = frozenset(operations)

    def __call__(self, told: Told) -> None:
        observed = told.observed
        operation = self._label(observed.operation) if observed.request is not None else ""
        _requests.labels(told.route, operation, str(told.status)).inc()
        if told.kind == "http":
            _seconds.labels(told.route, operation).observe(told.seconds)
        if observed.code is not None:
            _errors.labels(told.route, observed.code).inc()
        if observed.is_kept:
            _kept.inc()

    def _label(self, name: str | None) -> str:
        return name if name in self._operations else OTHER


@asynccontextmanager
async def levels_told(levels: Iterable[Level]) -> AsyncIterator[None]:
    """Tell the levels every second until the block ends: no process can ask another one's."""
    gauges = [(_gauge(level), level) for level in levels]

    async def tell() -> None:
        while True:
            for gauge, level in gauges:
                gauge.set(level.read())
            await asyncio.sleep(_EVERY_SECONDS)

    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling


_gauges: dict[str, Gauge] = {}


def _gauge(level: Level) -> Gauge:
    if level.name not in _gauges:
        _gauges[level.name] = Gauge(level.name, level.help, multiprocess_mode="livesum")
    return _gauges[level.name]


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the numbers are."""

    port: int
    stop: Callable[[], None]


def serve_metrics(settings: Settings, folder: str | None = None) -> Listening:
    """Answer `/metrics` from a thread; `folder` is that of the workers. Raises: BadSetting."""
    registry = REGISTRY
    if folder is not None:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    try:
        server, _ = start_http_server(
            settings.metrics_port or 0, addr=settings.metrics_host, registry=registry
        )
    except OSError as error:
        raise BadSetting(
            f"cannot listen for /metrics on {settings.metrics_host} port {settings.metrics_port}: "
            f"{(error.strerror or str(error)).lower()}"
        ) from None

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return Listening(int(server.server_port), stop)


def worker_ended(folder: str, pid: int) -> None:
    """Forget the levels of a worker that has ended; what it counted stays."""
    mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]
