"""What of this process is counted and measured, where settings give its numbers a port."""

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from offerpath.house import House
from offerpath.logs import tellers_of
from offerpath.settings import Settings
from offerpath.telemetry import Teller
from schema.http.documents import TrustedDocuments
from schema.http.endpoint import GraphQLEndpoint
from schema.observed import first_name_in
from schema.streams.under_way import Streams

# Whoever wants no numbers shall not load the library that keeps them.
if TYPE_CHECKING:
    from offerpath.metrics import Level

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def tellers_for(settings: Settings, documents: TrustedDocuments) -> list[Teller]:
    """Return who is told of every request: the log, the counters, whoever is set up."""
    tellers = tellers_of(settings)
    if settings.metrics_port is not None:
        from offerpath.metrics import Counted

        trusted = (first_name_in(text) for text in documents.prepared)
        tellers.append(Counted([*settings.metrics_operations, *filter(None, trusted)]))
    if settings.tracing:
        from offerpath.tracing import describe_span

        tellers.append(describe_span)
    return tellers


@asynccontextmanager
async def measuring(
    house: House, endpoint: GraphQLEndpoint, streams: Streams
) -> AsyncIterator[None]:
    """Tell this process's levels until the block ends, where somebody may ask for them."""
    if house.settings.metrics_port is None:
        yield
        return
    from offerpath.metrics import levels_told

    async with levels_told(_levels(house, endpoint, streams)):
        yield


def _levels(house: House, endpoint: GraphQLEndpoint, streams: Streams) -> Iterable["Level"]:
    from offerpath.metrics import Level

    database, queues = house.database, house.catalogs.queues
    return (
        Level("offerpath_database_connections", "Open ones.", lambda: database.connections[0]),
        Level(
            "offerpath_database_connections_free",
            "Those of them that nobody uses.",
            lambda: database.connections[1],
        ),
        Level(
            "offerpath_database_connections_most",
            "As many as there may be.",
            lambda: house.settings.pool_max,
        ),
        Level(
            "offerpath_planner_waiting",
            "Pieces of planning that wait for their turn.",
            lambda: queues.planning.waiting,
        ),
        Level(
            "offerpath_runs_waiting",
            "Walks over a portfolio that wait for their turn.",
            lambda: queues.runs.waiting,
        ),
        Level(
            "offerpath_kept_answers_bytes",
            "Bytes of whole answers that are kept.",
            lambda: endpoint.kept_bytes,
        ),
        Level("offerpath_open_streams", "Open WebSockets and event streams.", lambda: len(streams)),
        Level("offerpath_resident_bytes", "Memory of all processes.", _resident_bytes),
    )


def _resident_bytes() -> float:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES
    except OSError:
        return 0
