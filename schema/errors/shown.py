"""Errors as GraphQL shows them: bad input with its code, faults masked with a trace id."""

import logging
import re
from typing import Any

from graphql import FieldNode, GraphQLError

from planner.goals import UnknownProduct, UnknownServicePlan
from resolvers.codes.code import Code, code_of
from resolvers.codes.words import remedy_of
from resolvers.problems import BadInput
from schema.observed import observe_code
from schema.trace import trace_id

log = logging.getLogger("offerpath.graphql")


def show_errors(errors: list[GraphQLError]) -> list[dict[str, Any]]:
    """Return errors as a response carries them.

    Bad input keeps its message and its stable code. Errors of the document itself (syntax,
    validation) get GRAPHQL_VALIDATION_FAILED, those of its variables BAD_USER_INPUT. Everything
    else is a fault: logged whole with a trace id, and masked.
    """
    shown = [_shown(error) for error in errors]
    for one in shown[:1]:
        observe_code(one["extensions"]["code"])
    return shown


def _shown(error: GraphQLError) -> dict[str, Any]:
    shown: dict[str, Any] = dict(error.formatted)
    cause = _cause(error)
    if isinstance(cause, BadInput):
        shown["message"] = cause.message
        shown["extensions"] = extensions_of(cause)
    elif isinstance(cause, UnknownProduct | UnknownServicePlan):
        shown["extensions"] = _with_remedy(Code(cause.code))
    elif cause is None and _is_of_request(error):
        shown["extensions"] = _with_remedy(_document_code(error)) | (error.extensions or {})
    else:
        shown |= masked(cause or error, at=error.path)
    shown["message"] = shortened(shown["message"])
    return shown


def shortened(message: str) -> str:
    """Return a message without the middle of a value that it repeats at length."""
    if len(message) <= _LONGEST_MESSAGE:
        return message
    half = _LONGEST_MESSAGE // 2
    return f"{message[:half]} ... {message[-half:]}"


_LONGEST_MESSAGE = 1_000


def extensions_of(bad: BadInput) -> dict[str, Any]:
    """Return the code and the remedy of bad input, and its parameters where it has some."""
    observe_code(bad.code)
    shown: dict[str, Any] = {"code": bad.code, "remedy": bad.remedy}
    return shown | {"parameters": dict(bad.parameters)} if bad.parameters else shown


def _with_remedy(code: Code) -> dict[str, Any]:
    return {"code": code, "remedy": remedy_of(code)}


def _cause(error: GraphQLError) -> BaseException | None:
    """Return what lies at the bottom of an error; None where GraphQL itself says what is wrong."""
    return _innermost(error).original_error


def _innermost(error: GraphQLError) -> GraphQLError:
    while isinstance(error.original_error, GraphQLError):
        error = error.original_error
    return error


def _is_of_request(error: GraphQLError) -> bool:
    """Return whether GraphQL blames what was asked, not a value that we would answer with.

    Both may come from the execution of a field, and have its path then: a value of ours that
    cannot be written is found at the field, one that was given (a variable that is null where an
    argument must not be) at its own place in the document.
    """
    nodes = _innermost(error).nodes or ()
    return error.path is None or any(not isinstance(node, FieldNode) for node in nodes)


def _document_code(error: GraphQLError) -> Code:
    if error.path is not None or _OF_VALUES.match(error.message):
        return Code.BAD_USER_INPUT
    is_syntax = error.message.startswith("Syntax Error")
    return Code.GRAPHQL_PARSE_FAILED if is_syntax else Code.GRAPHQL_VALIDATION_FAILED


_OF_VALUES = re.compile(
    r"Variable '\$\w+' has invalid value|Argument '[^']*' has invalid value"
    r"|Too many errors processing variables"
)
"""What GraphQL says of values that were given; all else is of the document, as that it declares a
variable and never uses it."""


def masked(fault: BaseException, *, at: object = None) -> dict[str, Any]:
    """Log a fault whole under the trace id, and return what is told of it."""
    traced, code = trace_id(), code_of(fault)
    if code in _TOLD:
        # It is known what this is; a traceback per request would bury the log.
        log.warning("%s: %s (%s at %s)", code, fault, traced, at)
    else:
        code = Code.INTERNAL_ERROR
        log.error("fault %s at %s", traced, at, exc_info=fault)
    observe_code(code)
    message = _TOLD.get(code, "Something went wrong on our side; quote the trace id")
    return {"message": message, "extensions": _with_remedy(code) | {"traceId": traced}}


_TOLD = {
    Code.DATABASE_UNAVAILABLE: "The database cannot be reached; try again in a moment",
    Code.NO_CATALOG: "No catalog is loaded; run `offerpath init`",
}
"""Faults whose kind may be told; every other one is an INTERNAL_ERROR."""
