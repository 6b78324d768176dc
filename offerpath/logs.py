"""How the log is written: one event a line, for people or as JSON, and no word of a customer.

Whatever is logged with an exception is logged with where it happened, and without what it says:
a message may hold anything that was being worked on.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter

from offerpath.settings import Settings
from offerpath.telemetry import Teller, Told

log: Any = structlog.stdlib.get_logger("offerpath.requests")

_MOST_FRAMES = 20
_CHATTY = ("websockets", "httpcore2", "httpx2", "asyncio", "uvicorn.asgi", "uvicorn.error")
"""Loggers that tell what passes through at lower levels: messages, addresses, headers."""

Event = MutableMapping[str, Any]


def set_up_logs(settings: Settings) -> None:
    """Log to stderr, from the level and in the form that settings say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(settings))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))
    # It warns of every migration that it applies; we say so ourselves.
    logging.getLogger("pogo_core").setLevel(max(root.level, logging.ERROR))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def tellers_of(settings: Settings) -> list[Teller]:
    """Return who is told of every request: the log, where its level is `info` or `debug`."""
    return [log_request] if settings.log_level in ("debug", "info") else []


def log_request(told: Told) -> None:
    """Write the line of one request."""
    observed = told.observed
    log.info(
        told.kind,
        trace_id=told.trace_id,
        method=told.method,
        route=told.route,
        operation=observed.operation,
        partner_id=observed.partner_id,
        status=told.status,
        code=observed.code,
        kept=observed.is_kept,
        bytes=told.size,
        milliseconds=round(told.seconds * 1000, 1),
    )


def _formatter(settings: Settings) -> ProcessorFormatter:
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _where_it_happened,
    ]
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=True)
        if settings.log_format == "json"
        else structlog.processors.KeyValueRenderer(
            key_order=["timestamp", "level", "logger", "event"], drop_missing=True
        )
    )
    return ProcessorFormatter(
        processors=[*shared, ProcessorFormatter.remove_processors_meta, _without_nothing, last],
        foreign_pre_chain=[],
        keep_exc_info=False,
    )


def _where_it_happened(_logger: object, _method: str, event: Event) -> Event:
    """Put the kinds of exceptions and the lines of code in place of a traceback."""
    record = event.get("_record")
    given = event.pop("exc_info", None) or getattr(record, "exc_info", None)
    event.pop("exception", None)
    error = given if isinstance(given, BaseException) else given[1] if given else None
    if isinstance(error, BaseException):
        event["exception"] = list(_kinds(error))
        event["at"] = _frames(_deepest(error).__traceback__)
    return event


def _kinds(error: BaseException) -> list[str]:
    """Return the names of an exception's class and of those that caused it, the last one first."""
    names: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(names) < _MOST_FRAMES:
        names.append(type(cause).__qualname__)
        cause = _cause(cause)
    return names


def _deepest(error: BaseException) -> BaseException:
    for _ in range(_MOST_FRAMES):
        cause = _cause(error)
        if cause is None:
            break
        error = cause
    return error


def _cause(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _frames(trace: TracebackType | None) -> list[str]:
    """Return the last calls before it happened, as `file:line function`."""
    found = traceback.extract_tb(trace)[-_MOST_FRAMES:]
    return [f"{'/'.join(one.filename.split('/')[-2:])}:{one.lineno} {one.name}" for one in found]


def _without_nothing(_logger: object, _method: str, event: Event) -> Event:
    return {name: value for name, value in event.items() if value is not None}
