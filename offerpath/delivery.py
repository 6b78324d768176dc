"""How answers that are not GraphQL reach a client: compressed, tagged, and other sites' pages."""

import hashlib
from collections.abc import Mapping, Sequence

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from formats.writing.formats import MEDIA_TYPES, STREAMED, ReportFormat
from schema.http.headers import fields, has_tag


class _Compression(GZipMiddleware):
    """Names each field once in Vary; the one that it derives from adds to what is there already."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def once(message: Message) -> None:
            if message["type"] == "http.response.start":
                _name_once(MutableHeaders(raw=message["headers"]))
            await send(message)

        await super().__call__(scope, receive, once)


def _name_once(headers: MutableHeaders) -> None:
    told = ",".join(headers.getlist("vary"))
    if told:
        headers["vary"] = ", ".join(dict.fromkeys(name.strip() for name in told.split(",")))


COMPRESSION = Middleware(
    _Compression,
    minimum_size=1_000,
    compresslevel=6,
    exclude_content_types=(
        *DEFAULT_EXCLUDED_CONTENT_TYPES,
        *(MEDIA_TYPES[form] for form in ReportFormat if form not in STREAMED),
    ),
)
"""For single routes: GraphQL compresses by itself, and event streams must not wait for more.
Workbooks and Parquet are compressed inside."""
_ASKED = (
    "Authorization",
    "Content-Type",
    "GraphQL-Require-Preflight",
    "If-None-Match",
    "X-Requested-With",
)
_TOLD = ("Content-Disposition", "ETag", "Retry-After", "WWW-Authenticate")
_PREFLIGHT_SECONDS = 600


def other_origins(origins: Sequence[str]) -> list[Middleware]:
    """Return what lets the pages of these origins read answers; nothing where there is none.

    No credentials: a page gives its token itself, in the Authorization header.
    """
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=("GET", "POST"),
            allow_headers=_ASKED,
            expose_headers=_TOLD,
            max_age=_PREFLIGHT_SECONDS,
        )
    ]


def tag(*parts: str) -> str:
    """Return a weak entity tag of what an answer depends on."""
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
    return f'W/"{digest}"'


def revalidated(etag: str, *, scope: str) -> Mapping[str, str]:
    """Return the headers of an answer that is asked for again by its tag; `scope` says by whom."""
    return {
        "ETag": etag,
        "Cache-Control": f"{scope}, no-cache",
        "Vary": "Accept-Encoding, Authorization" if scope == "private" else "Accept-Encoding",
    }


def not_modified(request: Request, headers: Mapping[str, str]) -> Response | None:
    """Return 304 where the client has the answer with these headers already."""
    if not has_tag(fields(request.scope), headers["ETag"]):
        return None
    return Response(status_code=304, headers=headers)
