"""What a request over HTTP asks: document, variables and operation, from a body or from a URL."""

import asyncio
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.types import Scope

from resolvers.codes.code import Code
from schema.http import headers, refusal
from schema.http.documents import TrustedDocuments
from schema.http.headers import Fields
from schema.http.json_text import read_json
from schema.http.refusal import Refused
from schema.limits.size import MAX_DOCUMENT_CHARACTERS

MAX_QUESTION_BYTES = 1024 * 1024
"""Longest body of anything but a change: only files that are imported are longer."""
MAX_URL_BYTES = 16 * 1024
_MAX_URL_PARAMETERS = 16
_LONGEST_KEY = 16 * 1024
_PATIENCE_SECONDS = 120.0
_PARAMETERS = ("query", "documentId", "variables", "operationName", "extensions")
_SHAPES = "Send an object with `query`, and if needed `variables`, `operationName`, `extensions`"


class GraphQLRequest(NamedTuple):
    """A request that is well-formed; whether its document is valid is not known yet."""

    document: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None
    size: int = 0
    """Bytes of the body, or of the URL's query."""

    @property
    def key(self) -> bytes | None:
        """The same for requests that ask the same; None for one not worth remembering."""
        if self.size > _LONGEST_KEY:
            return None
        parts = (self.document, self.variables or None, self.operation_name, self.extensions)
        try:
            return orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:
            return None  # It can be read four times as deep as it can be written.


def from_url(scope: Scope, documents: TrustedDocuments) -> GraphQLRequest:
    """Return what a GET asks. Raises: Refused."""
    query: bytes = scope["query_string"]
    if len(query) > MAX_URL_BYTES:
        raise Refused(
            414,
            Code.URL_TOO_LONG,
            f"The URL's query is longer than {MAX_URL_BYTES} bytes",
            remedy="Send a POST",
        )
    return checked_request(_url_parameters(query), documents, size=len(query))


def _url_parameters(query: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in _pairs(query):
        if name in found:
            raise refusal.malformed(
                f"The URL has `{name}` more than once", remedy="Give each parameter once"
            )
        if name in _PARAMETERS and (value or name == "query"):
            found[name] = value
    for name in ("variables", "extensions"):
        if name in found:
            found[name] = read_json(found[name].encode(), f"The URL's `{name}`")
    return found


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_URL_PARAMETERS,
        )
    except ValueError:
        raise refusal.malformed(
            "The URL's query is not UTF-8 in percent encoding, or has too many parameters",
            remedy=f"Encode it as a form does, with at most {_MAX_URL_PARAMETERS} parameters",
        ) from None


async def from_body(
    request: Request, given: Fields, documents: TrustedDocuments, *, maximum_bytes: int
) -> GraphQLRequest:
    """Return what a POST with these header fields asks. Raises: Refused; ClientDisconnect."""
    body = await _read(request, given, maximum_bytes)
    asked = read_json(body, "The request's body")
    if isinstance(asked, list):
        raise Refused(
            400,
            Code.BATCHING_NOT_SUPPORTED,
            "The body is a list, and requests are answered one at a time",
            remedy="Send each request by itself, or put the questions into one document",
        )
    if not isinstance(asked, dict):
        raise refusal.malformed("The body is not a JSON object", remedy=_SHAPES)
    return checked_request(asked, documents, size=len(body))


async def _read(request: Request, given: Fields, maximum_bytes: int) -> bytes:
    """Return the body; the time of one that does not come in one piece is limited."""
    if headers.said_length(given) > maximum_bytes:
        raise refusal.body_too_large(maximum_bytes)
    body, is_all = await _piece(request)
    if is_all and len(body) <= maximum_bytes:
        return body
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await _whole(request, body, maximum_bytes, is_all=is_all)
    except TimeoutError:
        raise Refused(
            408,
            Code.BODY_TOO_SLOW,
            f"The request's body did not come within {_PATIENCE_SECONDS:.0f} seconds",
            remedy="Send it again over a faster line, or split the file",
            headers={"Connection": "close"},
        ) from None


async def _whole(request: Request, body: bytes, maximum_bytes: int, *, is_all: bool) -> bytes:
    pieces, size = [body], len(body)
    while size <= maximum_bytes and not is_all:
        piece, is_all = await _piece(request)
        pieces.append(piece)
        size += len(piece)
    if size > maximum_bytes:
        raise refusal.body_too_large(maximum_bytes)
    return b"".join(pieces)


async def _piece(request: Request) -> tuple[bytes, bool]:
    """Return the body's next piece, and whether it is the last."""
    message = await request.receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return message.get("body", b""), not message.get("more_body", False)


def checked_request(
    given: dict[str, Any], documents: TrustedDocuments, *, size: int
) -> GraphQLRequest:
    """Return a request of its JSON object. Raises: Refused."""
    document, name = documents.text_of(given), given.get("operationName")
    if not isinstance(document, str) or not document:
        raise refusal.malformed("`query` is not a text, or there is none", remedy=_SHAPES)
    if len(document) > MAX_DOCUMENT_CHARACTERS:
        raise Refused(
            413,
            Code.DOCUMENT_TOO_LONG,
            f"The document is longer than {MAX_DOCUMENT_CHARACTERS} characters",
            remedy="Send values as variables, and ask for fewer fields",
        )
    if name is not None and not isinstance(name, str):
        raise refusal.malformed("`operationName` is not a text", remedy=_SHAPES)
    variables, extensions = _mapping(given, "variables"), _mapping(given, "extensions")
    return GraphQLRequest(document, variables, name or None, extensions, size)


def _mapping(given: dict[str, Any], name: str) -> dict[str, Any] | None:
    value = given.get(name)
    if value is None or isinstance(value, dict):
        return value
    raise refusal.malformed(f"`{name}` is not an object", remedy=_SHAPES)
