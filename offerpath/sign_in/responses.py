"""What HTTP answers to whoever is not let in (RFC 6750, section 3)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from offerpath.sign_in.refusals import RETRY_SECONDS, SignInProblem, SignInRefused, not_signed_in
from schema.observed import observe_code


def authorization_of(request: Request) -> str | None:
    """Return the request's one Authorization header. Raises: SignInRefused for several."""
    given = request.headers.getlist("authorization")
    if len(given) > 1:
        raise not_signed_in("There are several Authorization headers")
    return given[0] if given else None


async def sign_in_refused(request: Request, error: Exception) -> Response:
    """Answer with the code and its remedy."""
    del request
    if not isinstance(error, SignInRefused):
        raise error
    problem = error.problem
    observe_code(problem.code)
    extensions = {"code": problem.code, "remedy": problem.remedy}
    body = {"errors": [{"message": problem.message, "extensions": extensions}]}
    return JSONResponse(body, status_code=problem.status, headers=headers_of(problem))


def headers_of(problem: SignInProblem) -> dict[str, str]:
    """Return what the answer has to say beside its body: its challenge, or when to come again."""
    headers = {"Cache-Control": "no-store"}
    if problem.status == 503:
        return headers | {"Retry-After": str(RETRY_SECONDS)}
    challenge = 'Bearer realm="offerpath"'
    if problem.error is not None:
        challenge += f', error="{problem.error}", error_description="{problem.message}"'
    return headers | {"WWW-Authenticate": challenge}
