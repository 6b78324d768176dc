"""What is raised while a request is answered, as HTTP tells it: one shape, a code, a remedy."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ExceptionHandler

from offerpath.sign_in.refusals import SignInRefused
from offerpath.sign_in.responses import sign_in_refused
from resolvers.asked import NoCatalog
from resolvers.codes.code import Code
from resolvers.ports import StorageUnavailable
from resolvers.problems import BadInput, TryLater
from schema.errors.shown import extensions_of, masked
from schema.http.answer import status_of
from schema.observed import observe_code


def refusal(
    code: Code,
    message: str,
    remedy: str | None,
    *,
    status: int,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a refusal in the shape of a GraphQL answer without data."""
    observe_code(code)
    extensions = {"code": code} | ({"remedy": remedy} if remedy else {})
    body = {"errors": [{"message": message, "extensions": extensions}]}
    return JSONResponse(body, status_code=status, headers=headers)


async def _bad_input(request: Request, error: Exception) -> Response:
    del request
    if not isinstance(error, BadInput):
        raise error
    headers = error.headers if isinstance(error, TryLater) else None
    told = {"message": error.message, "extensions": extensions_of(error)}
    return JSONResponse({"errors": [told]}, status_code=status_of(error.code), headers=headers)


async def _unavailable(request: Request, error: Exception) -> Response:
    return JSONResponse({"errors": [masked(error, at=request.url.path)]}, status_code=503)


EXCEPTION_HANDLERS: Mapping[type[Exception], ExceptionHandler] = {
    BadInput: _bad_input,
    StorageUnavailable: _unavailable,
    NoCatalog: _unavailable,
    SignInRefused: sign_in_refused,
}
"""For Starlette: which answer each exception becomes."""
