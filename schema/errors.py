"""Errors as GraphQL shows them: bad input with its code, faults masked with a trace id."""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from graphql import GraphQLError

from planner.goals import UnknownProduct, UnknownServicePlan
from resolvers.problems import BadInput

log = logging.getLogger("offerpath.graphql")

_BAD_INPUT = "BAD_USER_INPUT"


def show_errors(errors: list[GraphQLError]) -> list[dict[str, Any]]:
    """Return errors as a response carries them.

    Bad input keeps its message and its stable code. Errors of the document itself (syntax,
    validation) get GRAPHQL_VALIDATION_FAILED or BAD_USER_INPUT. Everything else is a fault: logged
    whole with a trace id, and masked.
    """
    return [_shown(error) for error in errors]


def _shown(error: GraphQLError) -> dict[str, Any]:
    shown: dict[str, Any] = dict(error.formatted)
    cause = _cause(error)
    if isinstance(cause, BadInput):
        shown["message"] = cause.message
        shown["extensions"] = _extensions(cause.code, cause.remedy)
    elif isinstance(cause, UnknownProduct | UnknownServicePlan):
        shown["extensions"] = _extensions(cause.code, None)
    elif cause is None:
        shown["extensions"] = {"code": _document_code(error), **(error.extensions or {})}
    else:
        shown |= _masked(error, cause)
    return shown


def _extensions(code: str, remedy: str | None) -> dict[str, Any]:
    return {"code": code} if remedy is None else {"code": code, "remedy": remedy}


def _cause(error: GraphQLError) -> BaseException | None:
    """Return what lies at the bottom of an error; None for an error of the document."""
    found: BaseException | None = None
    for cause in _chain(error):
        found = cause
    return found


def _chain(error: GraphQLError) -> Iterator[BaseException]:
    cause: BaseException | None = error.original_error
    while cause is not None:
        if not isinstance(cause, GraphQLError):
            yield cause
            return
        cause = cause.original_error


def _document_code(error: GraphQLError) -> str:
    if error.path is None and not error.message.startswith("Variable "):
        is_syntax = error.message.startswith("Syntax Error")
        return "GRAPHQL_PARSE_FAILED" if is_syntax else "GRAPHQL_VALIDATION_FAILED"
    return _BAD_INPUT


def _masked(error: GraphQLError, cause: BaseException) -> dict[str, Any]:
    trace_id = uuid4().hex
    code = getattr(cause, "code", None)
    if code in _TOLD:
        # It is known what this is; a traceback per request would bury the log.
        log.warning("%s: %s (%s at %s)", code, cause, trace_id, error.path)
    else:
        code = "INTERNAL_ERROR"
        log.error("fault %s at %s", trace_id, error.path, exc_info=cause)
    return {"message": _TOLD[code], "extensions": {"code": code, "traceId": trace_id}}


_TOLD = {
    "DATABASE_UNAVAILABLE": "The database cannot be reached; try again in a moment",
    "NO_CATALOG": "No catalog is loaded; run `offerpath init`",
    "INTERNAL_ERROR": "Something went wrong on our side; quote the trace id",
}
