"""How an answer is sent: its status by what happened, its caching, its compression."""

import asyncio
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send
from strawberry.types import ExecutionResult

from resolvers.codes.code import Code
from resolvers.problems import TryLater
from schema.errors.shown import extensions_of, show_errors
from schema.http.headers import Fields, MediaType, has_tag, takes_gzip
from schema.http.refusal import Refused
from schema.http.response_cache import Kept

OK = 200
PARTIAL = 294
"""Data and errors: the newest draft's own code, for its own media type alone."""
_NOT_MODIFIED = 304
_BAD_REQUEST = 400
_STATUSES: Mapping[Code, int] = {
    Code.NOT_PERMITTED: 403,
    Code.INTERNAL_ERROR: 500,
    Code.RATE_LIMITED: 429,
    Code.QUEUE_FULL: 429,
    Code.BUSY: 503,
    Code.DATABASE_UNAVAILABLE: 503,
    # HTTP's 504 is for those who wait for another server, and 408 for a client that is slow.
    Code.DEADLINE_EXCEEDED: 503,
    Code.NO_CATALOG: 503,
}
"""Of errors that leave nothing to answer with; every other code is the request's fault."""
_SHORTEST_COMPRESSED = 1_000
_LONGEST_AT_ONCE = 64 * 1024
"""Longer bodies are compressed in a thread: it would take over a millisecond of the loop."""
_LEVEL = 6

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, ready to be sent."""

    status: int
    headers: Headers
    body: bytes = b""

    def with_headers(self, more: Mapping[str, str]) -> "Answer":
        """Return the same answer with more header fields."""
        if not more:
            return self
        told = ((name.lower().encode(), value.encode()) for name, value in more.items())
        return replace(self, headers=[*self.headers, *told])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        length = (b"content-length", str(len(self.body)).encode())
        # A list of this answer's own: what is wrapped around adds headers to it.
        headers = [*self.headers] if self.status == _NOT_MODIFIED else [*self.headers, length]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def outcome(result: ExecutionResult, media: MediaType) -> tuple[int, dict[str, Any]]:
    """Return the status and the response of what was executed, or refused as a document."""
    errors = show_errors(result.errors) if result.errors else []
    shown: dict[str, Any] = {}
    if errors:
        shown["errors"] = errors
    is_executed = result.data is not None or any(error.path for error in result.errors or ())
    if is_executed or not errors:
        shown["data"] = result.data
    if result.extensions:
        shown["extensions"] = result.extensions
    return _status(errors, media, is_executed=is_executed), shown


def _status(errors: Sequence[Mapping[str, Any]], media: MediaType, *, is_executed: bool) -> int:
    if not errors:
        return OK
    if is_executed:
        return PARTIAL if media is MediaType.GRAPHQL else OK
    worst = max(_STATUSES.get(error["extensions"]["code"], _BAD_REQUEST) for error in errors)
    return worst if media is MediaType.GRAPHQL or worst > _BAD_REQUEST else OK


def retry_after(shown: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the field that says when it may be tried again; none where nothing said so."""
    parameters = (error["extensions"].get("parameters", {}) for error in shown.get("errors", ()))
    seconds = max((one["retrySeconds"] for one in parameters if "retrySeconds" in one), default=0)
    return {"Retry-After": str(seconds)} if seconds else {}


async def passing(status: int, body: bytes, media: MediaType, given: Fields) -> Answer:
    """Return an answer that nobody may keep, to a request with these header fields."""
    if len(body) < _SHORTEST_COMPRESSED or not takes_gzip(given):
        return Answer(status, _ONCE[media], body)
    return Answer(status, [*_ONCE[media], _GZIPPED], await compressed(body))


async def with_gzip(kept: Kept, given: Fields) -> Kept:
    """Return what is kept, compressed too where that is worth it and the client takes it."""
    if kept.zipped is not None or len(kept.body) < _SHORTEST_COMPRESSED or not takes_gzip(given):
        return kept
    return Kept(kept.body, kept.etag, await compressed(kept.body))


def lasting(kept: Kept, media: MediaType, given: Fields, *, method: str) -> Answer:
    """Return an answer about the catalog: a GET's may be kept, and asked for again by its tag."""
    headers = _ONCE[media]
    if method == "GET":
        tag = (b"etag", kept.etag)
        if has_tag(given, kept.etag.decode()):
            return Answer(_NOT_MODIFIED, [*_REVALIDATED, tag])
        headers = [*_KEPT[media], tag]
    if kept.zipped is not None and takes_gzip(given):
        return Answer(OK, [*headers, _GZIPPED], kept.zipped)
    return Answer(OK, headers, kept.body)


def later(told: TryLater, media: MediaType) -> Answer:
    """Return why there is no room now, in the shape of a GraphQL response without data."""
    refused = {"message": told.message, "extensions": extensions_of(told)}
    body = orjson.dumps({"errors": [refused]})
    return Answer(status_of(told.code), _ONCE[media], body).with_headers(told.headers)


def status_of(code: Code) -> int:
    """Return the status of a request with nothing but an error of this code."""
    return _STATUSES.get(code, _BAD_REQUEST)


def refused(refusal: Refused, media: MediaType) -> Answer:
    """Return a refusal in the shape of a GraphQL response without data."""
    told = {"message": refusal.message, "extensions": extensions_of(refusal)}
    body = orjson.dumps({"errors": [told]})
    more = [(name.lower().encode(), value.encode()) for name, value in refusal.headers.items()]
    return Answer(refusal.status, [*_ONCE[media], *more], body)


async def compressed(body: bytes) -> bytes:
    """Return a body in gzip, the same bytes for the same body."""
    if len(body) < _LONGEST_AT_ONCE:
        return gzip.compress(body, _LEVEL, mtime=0)
    return await asyncio.to_thread(gzip.compress, body, _LEVEL, mtime=0)


_CONTENT_TYPES = {
    media: (b"content-type", f"{media.value}; charset=utf-8".encode()) for media in MediaType
}
_NO_SNIFFING = (b"x-content-type-options", b"nosniff")
_GZIPPED = (b"content-encoding", b"gzip")
_VARYING = (b"vary", b"Accept, Accept-Encoding, Authorization")
_REVALIDATED: Headers = [(b"cache-control", b"private, no-cache"), _VARYING]
_ONCE: Mapping[MediaType, Headers] = {
    media: [kind, _NO_SNIFFING, (b"cache-control", b"no-store"), _VARYING]
    for media, kind in _CONTENT_TYPES.items()
}
_KEPT: Mapping[MediaType, Headers] = {
    media: [kind, _NO_SNIFFING, *_REVALIDATED] for media, kind in _CONTENT_TYPES.items()
}
