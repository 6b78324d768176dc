"""What a request's header fields say: what it may be answered with, and what it brings."""

from collections.abc import Iterator, Mapping
from email.message import Message
from enum import StrEnum
from functools import lru_cache

from starlette.types import Scope

from schema.http import refusal


class MediaType(StrEnum):
    """What an answer is sent as."""

    GRAPHQL = "application/graphql-response+json"
    """A GraphQL response whatever the status code, which tells how it went."""
    JSON = "application/json"
    """For clients older than the other: 200 for every request that is well-formed."""


_KEPT_CHARACTERS = 512
"""Longer Accept headers are read anew each time, so that nobody fills the memory with them."""
_JSON = MediaType.JSON.value.encode()
_DIGITS = 19
_PREFLIGHTED = (b"graphql-require-preflight", b"apollo-require-preflight", b"x-requested-with")
_OTHER_SITES = (b"cross-site", b"same-site")

Fields = Mapping[bytes, bytes]


def fields(scope: Scope) -> Fields:
    """Return the header fields by lower-case name, lines of the same name joined as HTTP says."""
    given = dict(scope["headers"])
    if len(given) == len(scope["headers"]):
        return given
    joined: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        joined[name] = joined[name] + b", " + value if name in joined else value
    return joined


def text(given: Fields, name: bytes) -> str | None:
    """Return a header field; None where it is absent."""
    value = given.get(name)
    return None if value is None else value.decode("latin-1")


def negotiated(given: Fields) -> MediaType:
    """Return the media type of the answer. Raises: Refused NOT_ACCEPTABLE (406)."""
    accept = text(given, b"accept")
    if accept is None:
        return MediaType.JSON
    chosen = _chosen(accept) if len(accept) <= _KEPT_CHARACTERS else _chosen.__wrapped__(accept)
    if chosen is None:
        raise refusal.not_acceptable()
    return chosen


@lru_cache(maxsize=128)
def _chosen(accept: str) -> MediaType | None:
    """Return the type with the highest quality; one that is named goes before a wildcard's.

    Of two that are named alike the newer is taken, of two behind a wildcard the older: who says
    `*/*` is most often a client that has not heard of the newer.
    """
    ranges = dict(_ranges(accept))
    ranked = [
        (quality, is_named, (media is MediaType.GRAPHQL) == is_named, media)
        for media in MediaType
        for quality, is_named in [_quality(media, ranges)]
        if quality > 0
    ]
    return max(ranked)[-1] if ranked else None


def _quality(media: MediaType, ranges: dict[str, float]) -> tuple[float, bool]:
    for known in (media.value, "application/*", "*/*"):
        if known in ranges:
            return ranges[known], known == media
    return 0.0, False


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        name, *parameters = part.split(";")
        yield name.strip().lower(), _q(parameters)


def _q(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def is_named(given: Fields, media_type: str) -> bool:
    """Return whether the Accept header names a media type, wildcards aside."""
    accept = text(given, b"accept")
    return accept is not None and media_type in accept and dict(_ranges(accept))[media_type] > 0


def takes_gzip(given: Fields) -> bool:
    """Return whether the answer may be compressed."""
    accepted = given.get(b"accept-encoding")
    if accepted is None or b"gzip" not in accepted:
        return False
    return dict(_ranges(accepted.decode("latin-1"))).get("gzip", 0.0) > 0


def has_tag(given: Fields, etag: str) -> bool:
    """Return whether If-None-Match names a tag, weakly compared as RFC 9110 asks."""
    known = text(given, b"if-none-match")
    if known is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


def check_content(given: Fields) -> None:
    """Do nothing where the body says that it is JSON in UTF-8, and not compressed.

    The types that a browser sends without asking first (text/plain, forms) are refused with all
    others. Raises: Refused UNSUPPORTED_MEDIA_TYPE (415).
    """
    content_type, coding = given.get(b"content-type"), given.get(b"content-encoding")
    if content_type != _JSON and not _is_json(content_type):
        told = (content_type or b"none").decode("latin-1")[:80]
        raise refusal.unsupported_media_type(f"The request's Content-Type is {told!r}")
    if coding is not None and coding.strip().lower() not in (b"", b"identity"):
        raise refusal.unsupported_media_type(
            f"The request's body is coded as {coding.decode('latin-1')[:40]!r}",
            headers={"Accept-Encoding": "identity"},
        )


def _is_json(content_type: bytes | None) -> bool:
    if content_type is None:
        return False
    read = Message()
    read["content-type"] = content_type.decode("latin-1")
    if read.get_content_type() != MediaType.JSON or b"," in content_type:
        return False
    return str(read.get_param("charset", "utf-8")).lower() in ("utf-8", "utf8")


def check_site(given: Fields, allowed_origins: frozenset[str]) -> None:
    """Do nothing where a GET is the reader's own, and not that of a page of another site.

    Browsers send a plain GET without asking, and say themselves where it comes from. No cookie is
    ever taken, so it could act as nobody; but with sign-in off to reach the machine is enough.
    Raises: Refused CROSS_SITE_REQUEST (403).
    """
    if given.get(b"sec-fetch-site") not in _OTHER_SITES:
        return
    if text(given, b"origin") not in allowed_origins and given.keys().isdisjoint(_PREFLIGHTED):
        raise refusal.cross_site()


def said_length(given: Fields) -> int:
    """Return the length that the body says it has; 0 where it says none."""
    length = given.get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < _DIGITS else 0
