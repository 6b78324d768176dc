"""The trace id of what is being answered: the same in the answer, its header and the log."""

from contextvars import ContextVar
from uuid import uuid4

HEADER = "x-trace-id"
_current: ContextVar[str | None] = ContextVar("trace_id", default=None)


def begin_trace() -> str:
    """Give what begins now an id of its own, for this task and those that it starts."""
    trace_id = uuid4().hex
    _current.set(trace_id)
    return trace_id


def trace_id() -> str:
    """Return the id of what is being answered, a new one where nothing has begun."""
    return _current.get() or uuid4().hex
